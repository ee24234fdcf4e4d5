"""Parts of arrays that a line names and did not come to read: ``W[:, :n_a].T`` from ``W`` and ``n_a``. Nothing of the text is run."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from whygrad.from_code.observe.arrays import array_of
from whygrad.from_code.observe.expression import expression_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from whygrad.sandbox.requests import Value


def parts_of(text: str, arrays: Mapping[str, Value], numbers: Mapping[str, int]) -> dict[str, Value]:
    """The values of all parts of arrays, and of all transposed arrays, in an expression, by their texts."""
    tree = expression_of(text)
    found: dict[str, Value] = {}
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, (ast.Subscript, ast.Attribute)):
            value = _part(node, arrays, numbers)
            if value is not None:
                found[ast.unparse(node)] = value
    return found


def _part(node: ast.expr, arrays: Mapping[str, Value], numbers: Mapping[str, int]) -> Any:  # noqa: ANN401 - an array, or None
    """What a chain of parts and transpositions of a known array is; None where it is anything else."""
    known = array_of(arrays.get(ast.unparse(node), arrays.get(ast.unparse(node).replace("'", '"'))))
    if known is not None:
        return known
    match node:
        case ast.Attribute(value, "T"):
            whole = _part(value, arrays, numbers)
            return None if whole is None else whole.T
        case ast.Subscript(value, cut):
            whole = _part(value, arrays, numbers)
            bounds = [_bound(one, numbers) for one in (cut.elts if isinstance(cut, ast.Tuple) else [cut])]
            if whole is None or None in bounds or len(bounds) > whole.ndim:
                return None
            try:
                return whole[tuple(bounds)]
            except (IndexError, TypeError, ValueError):
                return None
        case _:
            return None


def _bound(node: ast.expr, numbers: Mapping[str, int]) -> slice | int | None:
    if isinstance(node, ast.Slice):
        ends = [None if end is None else _number(end, numbers) for end in (node.lower, node.upper, node.step)]
        return (
            slice(*ends)
            if all(end is None or number is not None for end, number in zip((node.lower, node.upper, node.step), ends, strict=True))
            else None
        )
    return _number(node, numbers)


def _number(node: ast.expr, numbers: Mapping[str, int]) -> int | None:
    match node:
        case ast.Constant(int(value)):
            return value
        case ast.UnaryOp(ast.USub(), ast.Constant(int(value))):
            return -value
        case ast.Name(name):
            return numbers.get(name)
        case _:
            return None
