"""Notebooks made from a program's text, in the forms in which learners hand them in: format 4, format 3, Colab's, percent script.

A program becomes one cell for what stands before its first definition, then one cell for each definition with the comments above it.
"""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


@dataclass(frozen=True)
class Cell:
    """A cell of code and what it printed, or of Markdown."""

    text: str
    printed: str = ""
    markdown: bool = False


def cells_of(text: str) -> list[Cell]:
    """The program in cells; joined again they define the same names in the same order."""
    lines = text.rstrip("\n").split("\n")
    starts = [0]
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            start = node.lineno - 1
            while start and lines[start - 1].startswith("#"):
                start -= 1
            starts.append(start)
    ends = [*starts[1:], len(lines)]
    pieces = ["\n".join(lines[start:end]).strip("\n") for start, end in zip(starts, ends, strict=True)]
    return [Cell(piece) for piece in pieces if piece]


def version_4(cells: Sequence[Cell]) -> str:
    """Format 4.5, as Jupyter writes it."""
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return _json(
        {
            "cells": [_cell_4(number, cell, {"id": f"cell-{number}"}) for number, cell in enumerate(cells, 1)],
            "metadata": {"kernelspec": kernel, "language_info": {"name": "python", "version": "3.11.0"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    )


def colab(cells: Sequence[Cell]) -> str:
    """Format 4.0 with Colab's metadata, a shell line and a magic in front."""
    cells = [Cell("!pip install numpy\n%matplotlib inline"), *cells]
    made = [
        _cell_4(number, cell, {"metadata": {"id": f"aB{number}", "colab_type": "text" if cell.markdown else "code", "colab": {}}})
        for number, cell in enumerate(cells, 1)
    ]
    metadata = {"colab": {"name": "RNN.ipynb", "provenance": [], "version": "0.3.2"}, "kernelspec": {"name": "python3"}}
    return _json({"nbformat": 4, "nbformat_minor": 0, "metadata": metadata, "cells": made})


def version_3(cells: Sequence[Cell]) -> str:
    """Format 3: worksheets, ``input`` for ``source``."""
    made: list[dict[str, Any]] = []
    for number, cell in enumerate(cells, 1):
        if cell.markdown:
            made.append({"cell_type": "markdown", "metadata": {}, "source": _lines(cell.text)})
        else:
            outputs = [{"output_type": "stream", "stream": "stdout", "text": _lines(cell.printed)}] if cell.printed else []
            code = {"input": _lines(cell.text), "language": "python", "outputs": outputs, "prompt_number": number}
            made.append({"cell_type": "code", "collapsed": False, "metadata": {}, **code})
    return _json({"metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": made, "metadata": {}}]})


def percent(cells: Sequence[Cell]) -> str:
    """A jupytext script: ``# %%`` before each cell, Markdown as comments; what was printed is not kept."""
    return "\n\n".join(
        "# %% [markdown]\n" + "\n".join(f"# {line}".rstrip() for line in cell.text.split("\n")) if cell.markdown else f"# %%\n{cell.text}"
        for cell in cells
    ) + ("\n")


FORMS: Mapping[str, tuple[str, Callable[[Sequence[Cell]], str]]] = {
    "version 4": (".ipynb", version_4),
    "version 3": (".ipynb", version_3),
    "colab": (".ipynb", colab),
    "percent": (".py", percent),
}
"""Each form's file suffix and writer."""


def _cell_4(number: int, cell: Cell, more: dict[str, Any]) -> dict[str, Any]:
    if cell.markdown:
        return {"cell_type": "markdown", "metadata": {}, "source": _lines(cell.text), **more}
    outputs = [{"name": "stdout", "output_type": "stream", "text": _lines(cell.printed)}] if cell.printed else []
    return {"cell_type": "code", "execution_count": number, "metadata": {}, "outputs": outputs, "source": _lines(cell.text), **more}


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _json(notebook: dict[str, Any]) -> str:
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
