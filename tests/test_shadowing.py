"""A file with the name of a library in the folder where Python is started: what goes wrong then is said."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import whygrad
from whygrad.shadowing import has_a_librarys_name, taken_for_libraries

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", ["numpy.py", "random.py"])
def test_the_file_is_named(tmp_path: Path, name: str) -> None:
    """Not what Python says of it, which names something that nobody has heard of."""
    (tmp_path / name).write_text("x = 1\n", encoding="utf-8")
    home = os.path.dirname(os.path.dirname(whygrad.__file__))  # noqa: PTH120
    run = subprocess.run(
        [sys.executable, "-c", "import whygrad; whygrad.diagnose"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": home},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stderr.rstrip().splitlines()[-1] == (
        f"ImportError: {name} in this folder has the name of a library, and Python takes it for that: rename it, and start Python anew."
    )


def test_several_files(tmp_path: Path) -> None:
    """Ordinary ones are not named, and where there are none nothing is said."""
    (tmp_path / "utils.py").touch()
    assert taken_for_libraries(str(tmp_path)) is None
    assert taken_for_libraries(str(tmp_path / "nowhere")) is None
    for name in ("numpy.py", "copy.py"):
        (tmp_path / name).touch()
    assert taken_for_libraries(str(tmp_path)) == (
        "copy.py, numpy.py in this folder have names of libraries, and Python takes them for that: rename them, and start Python anew."
    )
    assert [name for name in ("a/numpy.py", "numpy.txt", "rnn.py", "json.py") if has_a_librarys_name(name)] == ["a/numpy.py", "json.py"]
