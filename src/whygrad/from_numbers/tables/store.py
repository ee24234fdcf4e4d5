"""Keep tables between runs: arrays in a folder, keyed by the sources that they were made from.

Only numbers and the places of edits are kept, never program text: what is run is always made anew by the operators. A folder that
cannot be written and a file that cannot be read are no error; the table is then made again.
"""

from __future__ import annotations

import contextlib
import ctypes
import mmap
import os
import re
import shutil
import tempfile
import time
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from whygrad.from_numbers.programs.linewise import forget_compiled

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from whygrad.from_numbers.numbers.arrays import Arrays

LONG_AGO = 7 * 24 * 3600.0
"""Seconds after which the tables of other sources are removed."""
_KEY = re.compile("[0-9a-f]{20}")


class Store:
    """A folder of tables; None keeps nothing."""

    def __init__(self, folder: Path | None) -> None:
        self._root = folder

    @cached_property
    def folder(self) -> Path | None:
        """Where the tables that these sources make are kept."""
        if self._root is None:
            return None
        package = Path(__file__).parents[2]
        sources = sha256(np.__version__.encode())
        for room in ("assignments", "mistakes", "from_numbers"):
            for file in sorted((package / room).rglob("*.py")):
                sources.update(file.read_bytes())
        return self._root / sources.hexdigest()[:20]

    def load(self, name: str) -> Arrays | None:
        """The arrays kept under ``name``; None where there are none."""
        if self.folder is None:
            return None
        try:
            with np.load(self.folder / f"{name}.npz", allow_pickle=False) as kept:
                return {key: kept[key] for key in kept.files}
        except Exception:  # noqa: BLE001 - a damaged file can fail anywhere in what reads zip files, headers and arrays
            return None

    def save(self, name: str, arrays: Callable[[], Arrays]) -> None:
        """Keep the arrays, written whole or not at all; they are made only if there is a folder."""
        if self.folder is not None:
            made = arrays()
            self._write(f"{name}.npz", lambda file: np.savez(file, **made))  # pyright: ignore[reportArgumentType] - none is called allow_pickle

    def mapped(self, name: str, shape: tuple[int, ...], made: Callable[[], NDArray[np.uint32]]) -> NDArray[np.uint32] | None:
        """An array too large for memory, of which little is read: made if it is not there, then mapped. None where it cannot be kept.

        Its contents are not looked through: whoever reads them has to bear it that a part was overwritten.
        """
        if self.folder is None:
            return None
        path = self.folder / f"{name}.npy"
        found = _mapped(path)
        if found is None or found.dtype != np.uint32 or found.shape != shape:
            self._write(path.name, lambda file: np.save(file, made()))
            forget_compiled()
            found = _mapped(path)
        return found

    def _write(self, name: str, write: Callable[[BinaryIO], None]) -> None:
        """One file, whole or not at all; what was freed since is given back."""
        if self.folder is None:
            return
        with contextlib.suppress(OSError):
            if not self.folder.exists():
                self.folder.mkdir(parents=True, exist_ok=True)
                self._forget(self.folder.parent)
            handle, path = tempfile.mkstemp(dir=self.folder, suffix=".part")
            try:
                with os.fdopen(handle, "wb") as file:
                    write(file)
                Path(path).replace(self.folder / name)
            except OSError:
                Path(path).unlink(missing_ok=True)
        _give_back()

    @staticmethod
    def _forget(root: Path) -> None:
        """Remove the tables that other sources made long ago: they are a hundred megabytes, and are made again where they are asked for."""
        for folder in root.iterdir():
            if _KEY.fullmatch(folder.name) and folder.stat().st_mtime < time.time() - LONG_AGO:
                shutil.rmtree(folder, ignore_errors=True)


def _give_back() -> None:
    """Freed memory to the system: the GNU C library keeps it else."""
    with contextlib.suppress(AttributeError, OSError, TypeError):  # other systems have no such function
        ctypes.CDLL(None).malloc_trim(0)


def forget_pages(array: NDArray[Any]) -> None:
    """Let go of the pages of a mapped array that were read: they are read again where they are asked for."""
    file: Any = array.base
    with contextlib.suppress(AttributeError, OSError, ValueError):  # an array that is not mapped; a system that has no such call
        file.madvise(mmap.MADV_DONTNEED)


def _mapped(path: Path) -> NDArray[Any] | None:
    """The array in a file; None where there is none."""
    try:
        return np.load(path, mmap_mode="r", allow_pickle=False)
    except Exception:  # noqa: BLE001 - a damaged header can fail anywhere in what reads it
        return None
