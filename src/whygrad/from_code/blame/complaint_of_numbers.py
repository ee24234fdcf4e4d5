"""What an error says of one number where several things belong, or of several where one whole number belongs."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_code.observe.stopped import NOT_KNOWN, Complaint
from whygrad.from_code.stops.no_function import since
from whygrad.from_code.words import kind
from whygrad.mistakes.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_code.observe.stopped import Stopped

_GONE_THROUGH = re.compile(r"'(int|float|numpy\.\w+)' object is not (iterable|reversible)|non-iterable (int|float|numpy\.\w+) object")
_NO_WHOLE_NUMBER = re.compile(r"cannot be interpreted as an integer|slice indices must be integers")


def no_number(stopped: Stopped) -> Complaint | str | None:
    """A number that a loop should go through, or that several names should share; or what stands where a whole number belongs."""
    if _GONE_THROUGH.search(stopped.raised.text):
        return _one_alone(stopped)
    if _NO_WHOLE_NUMBER.search(stopped.raised.text):
        return next((says for node in _sizes(stopped.node) if (says := _no_whole_number(stopped, node)) is not None), None)
    return None


def _one_alone(stopped: Stopped) -> str | None:
    node, line = stopped.node, stopped.line
    if isinstance(node, (ast.Tuple, ast.List)) and isinstance(line, ast.Assign) and node in line.targets:
        many = f"{counted(len(node.elts), 'name')} stand left of the equals sign"
        return f"{many}, and {stopped.text(line.value)} is one number"
    node = line.iter if node is None and isinstance(line, ast.For) else node
    while isinstance(node, ast.Call) and node.args:
        node = node.args[0]
    worth = stopped.worth(node) if isinstance(node, ast.expr) else NOT_KNOWN
    if not isinstance(node, ast.expr) or not isinstance(worth, (int, float, np.number)):
        return None
    return f"{stopped.text(node)} is one number here, {worth}, and holds nothing that could be gone through one by one"


def _no_whole_number(stopped: Stopped, node: ast.expr) -> Complaint | None:
    worth = stopped.worth(node)
    if not isinstance(worth, (tuple, list, float)):
        return None
    what = f"the number {worth}" if isinstance(worth, float) else kind(worth)
    return since(stopped, node, f"{stopped.text(node)} is {what}", "and one whole number belongs there")


def _sizes(node: ast.AST | None) -> Iterator[ast.expr]:
    """The parts of a call, or of what is cut, that have to be whole numbers."""
    match node:
        case ast.Call(args=[ast.Tuple(elts=sizes) | ast.List(elts=sizes), *_]):
            yield from sizes
        case ast.Call(args=args):
            yield from args
        case ast.Subscript(slice=ast.Tuple(elts=parts)):
            yield from (bound for part in parts for bound in _bounds(part))
        case ast.Subscript(slice=part):
            yield from _bounds(part)
        case _:
            pass


def _bounds(part: ast.expr) -> list[ast.expr]:
    return [bound for bound in (part.lower, part.upper, part.step) if bound is not None] if isinstance(part, ast.Slice) else [part]
