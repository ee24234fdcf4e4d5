"""What somebody's expression may be made of, and how large it may get, for it to be worked out in the process that judges."""

from __future__ import annotations

import ast
import math
import re
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.sandbox.standins import HELPERS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from whygrad.from_code.observe.arrays import Array

OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Mult: np.multiply, ast.Add: np.add, ast.Sub: np.subtract, ast.Div: np.true_divide, ast.MatMult: np.matmul, ast.Pow: np.power,
    ast.FloorDiv: np.floor_divide,
}  # fmt: skip
CALLS = frozenset(
    (
        "dot", "matmul", "multiply", "add", "subtract", "divide", "square", "sum", "mean", "max", "tanh", "exp", "concatenate", "vstack",
        "hstack", "transpose", "zeros_like", "ones_like", "copy", "negative", "split", "einsum", "power", "reciprocal",
        "reshape", "expand_dims", "ones", "zeros", "cosh", "sinh", "sqrt", "abs", "absolute",
        "tan", "sin", "cos", "arctan", "arctanh", "arcsinh", "min", "prod",
    )
)  # fmt: skip
"""NumPy's functions, and methods of arrays, that are known here."""
ACTIVATIONS = {name: HELPERS[name] for name in ("sigmoid", "softmax")}
_NUMBER = 1000
"""The largest number that may be written out."""
_SIZE = 200
"""Entries of an array that may stand in a line evaluated here."""
_MOST_GIVEN = 2
"""Arrays that one call is given, an einsum apart; of more together there may be no room for the product."""
_LARGEST_PRODUCT = 200_000
"""Entries that two arrays can make together, whatever is done with them."""
_FILLED = frozenset(("ones", "zeros"))
"""What makes an array of a shape."""
_NO_DTYPE = re.compile(r"[a-zA-Z,\->. ]*")
"""What the subscripts of an einsum are made of; with a digit it could be the name of a type of any size."""


def asks_for_more(function: ast.expr, given: Sequence[Any]) -> bool:
    """Whether a call could make something large, or name the shape or the type of what it makes."""
    name = function.attr if isinstance(function, ast.Attribute) else ""
    likeness = name.endswith("_like") and len(given) > 1
    if name in _FILLED and not _is_small_shape(given):
        return True
    many = name != "einsum" and sum(isinstance(value, np.ndarray) for value in given) > _MOST_GIVEN
    return likeness or many or too_large(given)


def _is_small_shape(given: Sequence[Any]) -> bool:
    """Whether a function that makes an array is given the numbers of few entries, and nothing else."""
    asked = cast("Sequence[Any]", given[0] if len(given) == 1 and isinstance(given[0], tuple) else given)
    sizes = [np.asarray(size) for size in asked]
    whole = all(not size.ndim and size.dtype.kind in "iu" for size in sizes)
    return len(given) == 1 and whole and all(0 <= size <= _SIZE for size in sizes) and math.prod(map(int, sizes)) <= _SIZE


def too_large(given: Sequence[Any]) -> bool:
    """Whether what these arrays could make together has no room."""
    return math.prod(cast("Array", value).size for value in given if isinstance(value, np.ndarray)) > _LARGEST_PRODUCT


def known_function(function: ast.expr, names: Mapping[str, str]) -> bool:
    """Whether a function is known here: NumPy's, an activation, or a method of an array."""
    if isinstance(function, ast.Attribute) and function.attr in CALLS and ast.unparse(function.value) in names:
        return True
    return ast.unparse(function).startswith("np.") or ast.unparse(function) in ACTIVATIONS


def small(array: Array) -> bool:
    """Whether an array may take part."""
    return array.size <= _SIZE and array.ndim <= 3  # noqa: PLR2004 - all steps of a state


def harmless(node: ast.AST) -> bool:  # noqa: PLR0911 - one for each kind of part
    """Whether a part is plain arithmetic, and names nothing else."""
    match node:
        case ast.Name(name):
            return re.fullmatch(r"v\d+|np|True|False", name) is not None or name in ACTIVATIONS
        case ast.Constant(value):
            return bool(_NO_DTYPE.fullmatch(value)) if isinstance(value, str) else isinstance(value, (int, float)) and abs(value) <= _NUMBER
        case ast.Attribute(_, attribute):
            return attribute == "T" or attribute in CALLS
        case ast.BinOp(_, operation, _):
            return type(operation) in OPERATORS
        case ast.keyword(name):
            return name in {"axis", "keepdims"}
        case ast.Call(ast.Name() | ast.Attribute()):
            return True
        case _:
            return isinstance(node, (ast.UnaryOp, ast.USub, ast.Tuple, ast.List, ast.Load, ast.operator))
