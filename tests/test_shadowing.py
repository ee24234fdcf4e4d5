"""A file with the name of a library in the folder where Python is started: what goes wrong then is said."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import whygrad
from whygrad.from_code.examine import examine
from whygrad.from_code.reference.parts import PARTS
from whygrad.read.code_file import read_source
from whygrad.sandbox.harness import Harness
from whygrad.shadowing import has_a_librarys_name, taken_for_libraries

if TYPE_CHECKING:
    from pathlib import Path

    from whygrad.records import FunctionVerdict


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
    assert [name for name in ("a/numpy.py", "numpy.txt", "rnn.py", "json.py", "time.py", "os.py") if has_a_librarys_name(name)] == [
        "a/numpy.py",
        "json.py",
    ]


CELL = f"{PARTS['softmax']}\n\n{PARTS['rnn_cell_forward']}\n"
SAYS = "{} in the file's folder has the name of a library, and Python takes it for that: rename it, and start Python anew"


def judged(folder: Path, name: str, program: str) -> tuple[FunctionVerdict, list[str]]:
    """The cell's verdict and all notes, where a file of this name lies beside the program, and a helper."""
    (folder / name).write_text("x = 1\n", encoding="utf-8")
    (folder / "helper.py").write_text("import numpy\n", encoding="utf-8")
    path = folder / "rnn.py"
    path.write_text(program, encoding="utf-8")
    source = read_source(path)
    result = examine(source, Harness(source.pieces, PARTS), "here")
    (cell,) = (one for one in result.functions if one.function == "rnn_cell_forward")
    return cell, [note.rstrip(".") for note in result.notes]


@pytest.mark.parametrize(
    ("name", "head", "named"),
    [
        ("numpy.py", "import numpy as np", True),
        ("numpy.py", "import helper\nfrom numpy import exp\nimport numpy as np", True),
        ("random.py", "import numpy as np, random", True),
        ("random.py", "import numpy as np", False),
        ("time.py", "import numpy as np, time\nSTART = time.time()", False),
        ("os.py", "import numpy as np, os\nHERE = os.sep", False),
    ],
)
def test_beside_somebodys_file_it_is_named(tmp_path: Path, name: str, head: str, *, named: bool) -> None:
    """The functions are judged with the real NumPy; that Python takes another one is a note, if the program imports it.

    A part of the interpreter is never another one.
    """
    cell, notes = judged(tmp_path, name, f"{head}\n\n{CELL}")
    assert cell.verdict == "right"
    assert notes == ([SAYS.format(name)] if named else [])


@pytest.mark.parametrize("path", ["rnn.py", "tqdm.py"])
def test_what_lies_beside_is_not_read_for_a_library(tmp_path: Path, path: str) -> None:
    """A file with the name of one that the functions use, be it their own file: it is a note, and no function lacks a name."""
    loops = PARTS["rnn_forward"].replace("in range(T_x):", "in tqdm(range(T_x)):")
    (tmp_path / "tqdm.py").write_text("x = 1\n", encoding="utf-8")
    (tmp_path / path).write_text(f"import numpy as np\nfrom tqdm import tqdm\n\n{CELL}\n{loops}\n", encoding="utf-8")
    source = read_source(tmp_path / path)
    result = examine(source, Harness(source.pieces, PARTS), "here")
    assert "tqdm(range(" in source.pieces[-1].text
    assert (result.verdict, result.exonerated) == ("right", ("rnn_cell_forward", "rnn_forward"))
    assert [note.rstrip(".") for note in result.notes] == [SAYS.format("tqdm.py")]


def test_what_the_other_file_lacks_is_told_as_python_does(tmp_path: Path) -> None:
    """At the line that asks for it, and not at the import."""
    program = "import numpy as np\nimport random\n\n" + CELL.replace("    a_next =", "    random.seed(1)\n    a_next =")
    cell, notes = judged(tmp_path, "random.py", program)
    assert (cell.verdict, notes) == ("raises", [SAYS.format("random.py")])
    assert cell.says.endswith("'random' object has no attribute 'seed'")
    assert cell.says.startswith("raises AttributeError at line")
    assert cell.location is not None
    assert cell.location.text == "random.seed(1)"
