"""Which branch of an ``if`` around definitions a notebook takes, where that can be told without running anything."""

from __future__ import annotations

import ast
import operator
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
    ast.Is: operator.is_, ast.IsNot: operator.is_not,
}  # fmt: skip
_KNOWN: dict[str, object] = {
    "__name__": "__main__",
    "TYPE_CHECKING": False,
    "sys.version_info": tuple(sys.version_info),
    "sys.version_info.major": sys.version_info.major,
    "sys.version_info[0]": sys.version_info.major,
}


class _UnknownError(Exception):
    pass


def truth(test: ast.expr, constants: Mapping[str, object]) -> bool | None:
    """Whether the condition holds; None where it depends on something else than ``constants`` and what every program knows."""
    try:
        return bool(_value(test, constants))
    except (_UnknownError, TypeError, RecursionError):
        return None


def _value(node: ast.expr, constants: Mapping[str, object]) -> Any:  # noqa: ANN401, PLR0911 - a constant; one answer for each kind
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Tuple(elts=parts):
            return tuple(_value(part, constants) for part in parts)
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return not _value(inner, constants)
        case ast.BoolOp(op=ast.And(), values=parts):
            return all(_value(part, constants) for part in parts)
        case ast.BoolOp(values=parts):
            return any(_value(part, constants) for part in parts)
        case ast.Compare(left=left, ops=[sign], comparators=[right]) if type(sign) in _COMPARE:
            return _COMPARE[type(sign)](_value(left, constants), _value(right, constants))
        case ast.Name() | ast.Attribute() | ast.Subscript():
            text = ast.unparse(node)
            known = {**_KNOWN, **constants}
            if text in known:
                return known[text]
            raise _UnknownError
        case _:
            raise _UnknownError
