"""Files that are written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path


@contextlib.contextmanager
def in_one_step(path: Path) -> Generator[Path]:
    """A path beside ``path`` to write to, which takes its place at the end; an error or a full disk leaves what is there as it was."""
    beside = path.with_name(f".{path.name[-40:]}.{os.getpid()}")
    try:
        yield beside
        if path.exists():
            shutil.copymode(path, beside)
        beside.replace(path)
    finally:
        with contextlib.suppress(OSError):
            beside.unlink()
