"""A cell of code, a statement that is cut out of one, and the modules that cells write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from whygrad.read.magics import module_written
from whygrad.read.parse import Definition
from whygrad.records import Piece

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable

    from whygrad.read.source import Origin


@dataclass(frozen=True, slots=True)
class Cell:
    """A text of code; ``first`` is the number of its first line in ``origin``."""

    text: str
    origin: Origin
    first: int = 1


def cut_out(node: ast.stmt, lines: list[str], origin: Origin, first: int, names: tuple[str, ...]) -> Piece:
    """The statement as a piece, decorators included, moved to the left margin."""
    decorators = node.decorator_list if isinstance(node, Definition) else []
    start = min([node.lineno, *(decorator.lineno for decorator in decorators)])
    taken = lines[start - 1 : node.end_lineno]
    taken[-1] = taken[-1].encode()[: node.end_col_offset].decode()
    indent = len(lines[node.lineno - 1].encode()[: node.col_offset].decode())
    if start == node.lineno:
        taken[0] = taken[0][indent:]
    taken = [line[min(indent, len(line) - len(line.lstrip())) :] if at or start < node.lineno else line for at, line in enumerate(taken)]
    return Piece(origin.source, first + start - 1, "\n".join(taken), names, indent)


def modules_of(cells: Iterable[Cell]) -> dict[str, list[Cell]]:
    """The cells that write to each module, in order; of a file that is written twice both are kept, and the later definition counts."""
    written: dict[str, list[Cell]] = {}
    for cell in cells:
        name = module_written(cell.text)
        if name is not None:
            written.setdefault(name, []).append(cell)
    return written
