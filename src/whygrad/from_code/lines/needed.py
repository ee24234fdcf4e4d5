"""What each part of a line would have to be for the line to give the right value: arithmetic undone, from the outside in."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_code.observe.arrays import array_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from whygrad.from_code.observe.expression import Expression


def needed(line: Expression, right: Any) -> Iterator[tuple[ast.expr, Any, Any]]:  # noqa: ANN401 - an array
    """Each part whose value the right one determines, its value, a number or an array of its shape, and what it would have to be."""
    waiting = [(line.tree, right)] if line.tree is not None else []
    while waiting:
        node, belongs = waiting.pop(0)
        value, wanted = array_of(line.value(node)), array_of(belongs)
        if value is None or wanted is None or value.shape not in {(), wanted.shape} or not np.isfinite(wanted).all():
            continue
        yield node, value, wanted
        waiting += _inside(node, line, wanted)


def _inside(node: ast.expr, line: Expression, wanted: Any) -> list[tuple[ast.expr, Any]]:  # noqa: ANN401
    """The parts of a part, and what each would have to be alone."""
    match node:
        case ast.BinOp(left, operation, right) if type(operation) in _UNDONE:
            one, other = array_of(line.value(left)), array_of(line.value(right))
            if one is None or other is None:
                return []
            return list(zip((left, right), _UNDONE[type(operation)](wanted, one, other), strict=True))
        case ast.UnaryOp(ast.USub(), operand):
            return [(operand, -wanted)]
        case ast.Attribute(value, "T"):
            return [(value, wanted.T)]
        case ast.Call(function, [argument], []) if ast.unparse(function) in _INVERSE:
            return [(argument, _INVERSE[ast.unparse(function)](wanted))]
        case _:
            return []


_UNDONE: dict[type[ast.operator], Callable[[Any, Any, Any], tuple[Any, Any]]] = {
    ast.Add: lambda wanted, left, right: (wanted - right, wanted - left),
    ast.Sub: lambda wanted, left, right: (wanted + right, left - wanted),
    ast.Mult: lambda wanted, left, right: (wanted / right, wanted / left),
    ast.Div: lambda wanted, left, right: (wanted * right, left / wanted),
}
"""What each side would have to be, from what belongs there and what both sides are."""
_INVERSE: dict[str, Callable[[Any], Any]] = {
    "np.tanh": np.arctanh,
    "np.exp": np.log,
    "np.reciprocal": np.reciprocal,
    "sigmoid": lambda wanted: np.log(wanted / (1 - wanted)),
}
