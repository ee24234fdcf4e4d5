"""The small class, graded once."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from small_class import FILES, Graded, grade, read, write


@pytest.fixture(scope="session")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """The class, graded with everything that can be written."""
    folder = write(tmp_path_factory.mktemp("class"), FILES)
    out = tmp_path_factory.mktemp("out")
    code = grade(folder, "-o", out, "--write", "gradescope,prairielearn,coursera,junit,check50")
    lines = {path.removeprefix(f"{folder}/"): line for path, line in read(out / "results.jsonl").items()}
    return Graded(folder, out, lines, code)
