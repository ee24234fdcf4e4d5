"""Matrices cut in another place, and stacks put together along another axis: what a line has where shapes do not fit."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

from whygrad.from_code.observe.arrays import array_of, shape_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_code.observe.arrays import Array
    from whygrad.from_code.observe.expression import Expression

PART = re.compile(r"(.+)\[[^\[\]]*:[^\[\]]*\](?:\.T)?")
"""A part that is cut out of something."""
_STACKS = frozenset(("concatenate", "vstack", "hstack"))


def other_cuts(node: ast.expr, line: Expression) -> Iterator[tuple[Any, str]]:
    """Another part of the matrix that a name is cut from, or a part of one that stands there whole, and what the line has instead."""
    text = line.texts.get(node.id) if isinstance(node, ast.Name) else None
    part = None if text is None else PART.fullmatch(text)
    base = text if part is None else part[1]
    if text is None or base is None:
        return
    whole = array_of(next((value for name, value in line.values.items() if _alike(line.texts[name], base)), None))
    if whole is None or whole.ndim != 2:  # noqa: PLR2004 - a matrix
        return
    whole = whole.T if part is None and text.endswith(".T") else whole
    says = f"{text} whole where a part of it belongs" if part is None else f"{text} cut in another place than it should be"
    parts = [cut for at in range(1, whole.shape[1]) for cut in (whole[:, :at], whole[:, at:])]
    parts += [cut for at in range(1, whole.shape[0]) for cut in (whole[:at], whole[at:])]
    for cut in parts if part is None else [whole, *parts, *_as_many(line.value(node), whole)]:
        yield from ((cut.T, says), (cut, says))


def _as_many(cut: Any, whole: Array) -> Iterator[Array]:  # noqa: ANN401 - an array
    """Of a matrix as many rows, or columns, side by side as were cut from it."""
    shape = shape_of(cut)
    for matrix in (whole, whole.T):
        taken = next((size for size in (shape or ())[:2] if shape in {(size, matrix.shape[1]), (matrix.shape[1], size)}), None)
        yield from (matrix[at : at + taken] for at in range(len(matrix) - taken + 1)) if taken else ()


def other_stacks(node: ast.expr, line: Expression) -> Iterator[tuple[Any, str]]:
    """The parts of a stack along each axis, given together or one by one, and what the line has."""
    last = ast.unparse(node.func).rpartition(".")[2] if isinstance(node, ast.Call) else ""
    if isinstance(node, ast.Call) and last in _STACKS and node.args:
        single = len(node.args) > 1 and not any(isinstance(one, (ast.Constant, ast.Starred, ast.Tuple, ast.List)) for one in node.args)
        parts = ast.Tuple(node.args, ast.Load()) if single else node.args[0]
        otherwise = f"its parts put together by {last} along another axis than they should be"
        says = f"its parts given to {last} one by one" if single else otherwise
        for other in ("np.vstack", "np.hstack"):
            yield line.worth(ast.Call(ast.parse(other, mode="eval").body, [parts], [])), says


def _alike(one: str, other: str) -> bool:
    """Whether two texts differ in their quotation marks at most."""
    return one.replace("'", '"') == other.replace("'", '"')
