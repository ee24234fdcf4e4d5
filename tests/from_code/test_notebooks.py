"""The notebooks that tests and examples use hold the programs that they were made from."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from notebooks import FORMS, Cell, cells_of
from styles import FUNCTIONS, TEXTS, loaded

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "examples"
NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")


def code_of(notebook: dict[str, Any]) -> list[str]:
    """The code of each code cell, of format 3 or 4."""
    cells = notebook["cells"] if notebook["nbformat"] == 4 else notebook["worksheets"][0]["cells"]
    return ["".join(cell.get("source") or cell["input"]) for cell in cells if cell["cell_type"] == "code"]


def printed_by(notebook: dict[str, Any]) -> str:
    """Everything that stands in the output cells."""
    return "".join(line for cell in notebook["cells"] for output in cell.get("outputs", []) for line in output["text"])


@pytest.mark.parametrize("style", TEXTS)
def test_cells_keep_the_program(style: str) -> None:
    """Joined again, the cells hold every line of code; each of the assignment's functions begins a definition of its own cell."""
    cells = [cell.text for cell in cells_of(TEXTS[style])]
    kept, lines = ([line for line in text.split("\n") if line.strip()] for text in ("\n".join(cells), TEXTS[style]))
    assert kept == lines
    names = loaded(TEXTS[style])
    assert sum(f"def {name}(" in cell for name in FUNCTIONS for cell in cells) == sum(name in names for name in FUNCTIONS)


@pytest.mark.parametrize("form", ["version 4", "version 3", "colab"])
def test_a_notebook_holds_its_cells(form: str) -> None:
    """The code comes out of the JSON as it went in, beside Markdown and printed lines."""
    cells = [Cell("# A heading\n\nand words", markdown=True), Cell("x = 1\nprint(x)", "1\n"), *cells_of(TEXTS["terse"])]
    suffix, write = FORMS[form]
    assert suffix == ".ipynb"
    code = code_of(json.loads(write(cells)))
    assert [text for text in code if "%matplotlib" not in text] == [cell.text for cell in cells if not cell.markdown]


def test_a_percent_script_runs() -> None:
    """The percent form is Python: it defines what the style defines, and Markdown is comments there."""
    suffix, write = FORMS["percent"]
    text = write([Cell("Words\n\nmore words", markdown=True), *cells_of(TEXTS["classes"])])
    assert suffix == ".py"
    assert text.startswith("# %% [markdown]\n# Words\n#\n# more words\n\n# %%\n")
    assert set(loaded(TEXTS["classes"])) == set(loaded(text))


def test_the_example_is_what_its_script_makes() -> None:
    """The committed notebook has the cells and, but for rounding, the numbers that ``examples/make_notebooks.py`` writes."""
    spec = importlib.util.spec_from_file_location("make_notebooks", EXAMPLES / "make_notebooks.py")
    assert spec
    assert spec.loader
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    made, kept = json.loads(maker.view_of_output()), json.loads(maker.VIEW.read_text(encoding="utf-8"))
    assert code_of(made) == code_of(kept)
    mine, theirs = ([float(number) for number in NUMBER.findall(printed_by(notebook))] for notebook in (made, kept))
    assert len(mine) == 37
    assert np.allclose(mine, theirs, rtol=1e-7, atol=0)


def test_the_example_prints_the_wrong_numbers_of_the_view() -> None:
    """The sequence's dbf is the post's wrong number; the cell's check, which has no part in it, prints the course's."""
    notebook = json.loads((EXAMPLES / "lstm-view-of-output.ipynb").read_text(encoding="utf-8"))
    printed = printed_by(notebook)
    assert 'gradients["dbf"][4] = [-0.17049796]\n' in printed
    assert 'gradients["dbo"][4] = [-0.17958196]\n' in printed
    assert sum(line.strip() == "c_next = c[:, :, 0]" for text in code_of(notebook) for line in text.split("\n")) == 1
