"""Modules that cells of a notebook write: they are read where they are imported, and are never lost."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from whygrad.read.code_file import read_source

if TYPE_CHECKING:
    from pathlib import Path

    from whygrad.read.source import Source

BACKWARD = "def lstm_backward(da, caches):\n    return {}\n"
FORWARD = "def lstm_forward(x, a0, parameters):\n    return x\n"
MINE = f"%%writefile my.py\n{BACKWARD}"
MANY = [f"%%writefile m{n}.py\nx{n} = 1\n" for n in range(30)]


def notebook(folder: Path, *cells: str) -> Source:
    """What is read of a notebook with these cells."""
    made = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": one} for one in cells]
    path = folder / "week1.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 2, "metadata": {}, "cells": made}), encoding="utf-8")
    return read_source(path)


def cells_of(source: Source) -> dict[str, str]:
    """The cell in which each of the two functions stands."""
    return {name: piece.source.rpartition(" ")[2] for piece in source.pieces for name in piece.names if name.startswith("lstm")}


LAYOUTS: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "no cell imports it": ((MINE,), {"lstm_backward": "1"}),
    "it imports itself": ((f"%%writefile my.py\nfrom my import lstm_backward\n{BACKWARD}",), {"lstm_backward": "1"}),
    "two import each other and no cell does": (
        (f"%%writefile one.py\nfrom two import lstm_forward\n{BACKWARD}", f"%%writefile two.py\nfrom one import lstm_backward\n{FORWARD}"),
        {"lstm_backward": "1", "lstm_forward": "2"},
    ),
    "two import each other": (
        (
            f"%%writefile one.py\nfrom two import lstm_forward\n{BACKWARD}",
            f"%%writefile two.py\nfrom one import lstm_backward\n{FORWARD}",
            "from one import *",
        ),
        {"lstm_backward": "1", "lstm_forward": "2"},
    ),
    "words that look like an import": (
        (MINE, '"""\nimport all functions of my own\n"""\nx = 1'), {"lstm_backward": "1"},
    ),
    "imported above": (("from my import *", MINE), {"lstm_backward": "2"}),
    "added to": ((MINE, f"%%writefile -a my.py\n{FORWARD}", "import my"), {"lstm_backward": "1", "lstm_forward": "2"}),
    "added to, with the option behind": (
        (MINE, f"%%writefile my.py --append\n{FORWARD}", "import my"),
        {"lstm_backward": "1", "lstm_forward": "2"},
    ),
    "written twice": ((MINE, "import my", MINE, "import my"), {"lstm_backward": "3"}),
    "more than are read at an import": (
        (*MANY, MINE, *(f"import m{n}" for n in range(30)), "import my"),
        {"lstm_backward": "31"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LAYOUTS)
def test_its_functions_are_there(tmp_path: Path, name: str) -> None:
    """Each function is taken from the cell that writes it."""
    cells, wanted = LAYOUTS[name]
    assert cells_of(notebook(tmp_path, *cells)) == wanted


def test_a_library_is_no_module_of_the_notebook(tmp_path: Path) -> None:
    """``import numpy`` stays the library's, whatever file of that name a cell writes."""
    source = notebook(tmp_path, "%%writefile numpy.py\nx = 1\n", f"import numpy as np\n{BACKWARD}")
    assert "numpy" in source.imports


def test_a_long_chain_of_modules_is_no_endless_recursion(tmp_path: Path) -> None:
    """Each imports the next one."""
    chain = [f"%%writefile m{n}.py\nimport m{n + 1}\n" for n in range(400)]
    assert cells_of(notebook(tmp_path, *chain, f"%%writefile m400.py\n{BACKWARD}", "import m0")) == {"lstm_backward": "401"}
