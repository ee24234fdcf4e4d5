"""From the text of a notebook (format 3 or 4) to its cells of code and what they printed.

Plain ``json`` is enough: the formats differ in three keys, and the ``nbformat`` library would take longer to import than NumPy.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, cast

from whygrad.errors import UnreadableError
from whygrad.read.cells import Cell
from whygrad.read.source import Origin
from whygrad.records import split_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_CHARACTERS = 20_000
"""That are kept of what one cell printed; a check prints below two thousand."""
MOST_OUTPUTS = 200

OLDEST, NEWEST = 3, 4

_PYTHON = re.compile(r"\s*(?:import|from|def|#|\"\"\")")
"""How a Python file begins."""


def read_notebook(text: str, path: str) -> tuple[list[Cell], dict[str, str]]:
    """The cells of code and the printed texts, by the cell's name.

    Raises:
        UnreadableError: it is no notebook, of another format, or has no cells.
    """
    cells = [cell for cell in _cells(_document(text, path), path) if cell[1].get("cell_type") == "code"]
    if not cells:
        raise UnreadableError(f"{path} is a notebook without a cell of code; check that it was saved.")
    code: list[Cell] = []
    for number, cell in cells:
        written = _joined(cell.get("source", cell.get("input")))
        origin = Origin(path, number, tuple(split_lines(written)))
        code.append(Cell(written, origin))
    printed = ((read.origin.source, _printed(cell)) for read, (_, cell) in zip(code, cells, strict=True))
    return code, dict([(name, text) for name, text in printed if text.strip()][:MOST_OUTPUTS])


def _document(text: str, path: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except RecursionError:
        raise UnreadableError(f"{path} is nested too deeply for a notebook; open it in Jupyter and save it again.") from None
    except ValueError:
        if _PYTHON.match(text):
            raise UnreadableError(f"{path} is no notebook but Python; give it a name that ends in .py.") from None
        raise UnreadableError(f"{path} is not a notebook (it is not valid JSON); open it in Jupyter and save it again.") from None
    if not isinstance(document, dict) or "nbformat" not in document:
        raise UnreadableError(f"{path} is JSON but not a notebook; give me the file that Jupyter saved.")
    return cast("dict[str, Any]", document)


def _cells(document: dict[str, Any], path: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each cell with its number, from 1, text cells counted too."""
    version = document["nbformat"]
    if not isinstance(version, int) or version not in {OLDEST, NEWEST}:
        shown = str(version)[:20]
        raise UnreadableError(f"{path} is a notebook of format {shown}, I read 3 and 4; open it in Jupyter and save it again.")
    sheets = [document] if version == NEWEST else _dicts(document.get("worksheets"))
    number = 0
    for sheet in sheets:
        for cell in cast("list[Any]", sheet.get("cells")) if isinstance(sheet.get("cells"), list) else []:
            number += 1
            if isinstance(cell, dict):
                yield number, cast("dict[str, Any]", cell)


def _dicts(value: object) -> list[dict[str, Any]]:
    return [part for part in cast("list[Any]", value) if isinstance(part, dict)] if isinstance(value, list) else []


def _joined(value: object) -> str:
    """A text that is saved whole or as a list of lines; half characters, which no text may hold, become question marks."""
    parts = cast("list[object]", value) if isinstance(value, list) else [value]
    return "".join(part for part in parts if isinstance(part, str)).encode("utf-8", "replace").decode()


def _printed(cell: dict[str, Any]) -> str:
    """What the cell printed and the value that it showed; warnings and errors are not asked for."""
    shown = ""
    for output in _dicts(cell.get("outputs")):
        match output:
            case {"output_type": "stream"} if "stderr" not in (output.get("name"), output.get("stream")):
                shown += _joined(output.get("text"))
            case {"output_type": "execute_result" | "display_data", "data": {"text/plain": plain}}:
                shown += _joined(plain)
            case {"output_type": "pyout" | "display_data", "text": plain}:
                shown += _joined(plain)
            case _:
                continue
        if not shown.endswith("\n"):
            shown += "\n"
        if len(shown) > MOST_CHARACTERS:
            break
    return shown[:MOST_CHARACTERS]
