"""A function that ends with an error, and with another one once the first line is edited: that one is told too, if it comes in any case."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whygrad.from_code.blame.lost_call import loop_without_call
from whygrad.from_code.blame.raised_elsewhere import cause
from whygrad.from_code.blame.so_it_raises import blamed, error_told
from whygrad.from_code.observe.stopped import Stopped, without_a_value
from whygrad.sandbox.trees import names_in, stored_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.quantities import Quantities
    from whygrad.from_code.observe.subject import Subject
    from whygrad.sandbox.requests import Raised


def raised_again(first: Stopped, edited: Subject, raised: Raised, right: Quantities) -> Finding | None:
    """The next error in a program that is ``edited`` in the line that raised; None where it may have the same cause, or follow from that.

    It may if what raises reads, or calls, anything that raised before, or that the line makes or changes, by whatever lines in between.
    """
    line = first.line
    if line is None or isinstance(line, ast.For | ast.While | ast.If):
        return None
    stopped = Stopped(edited, (), right.calls)
    if stopped.node is None or stopped.function is None or stopped.function.name != first.function.name or stopped.raised != raised:
        return None
    sure = _makes_itself(stopped) or loop_without_call(stopped) is not None  # whatever raised before, that is its own mistake
    if without_a_value(stopped.raised) and not sure:  # the line that raised before may be the one that should have made it
        return None
    reads = names_in(first.node) if first.node is not None else set[str]()
    if not sure and not (_touched(first.function, line) | reads).isdisjoint(names_in(stopped.node)):
        return None
    before = blamed(stopped)
    if before is not None and (also := cause(first, "")) is not None and also.line == before.line:
        return None
    return error_told(stopped, before)


def is_elsewhere(first: Stopped, raised: Raised) -> bool:
    """Whether it raises in the same source at a line that is no part of the statement that raised before."""
    line = first.line
    if line is None or raised.line is None:
        return False
    end = first.line_of(line) + (line.end_lineno or line.lineno) - line.lineno
    return raised.source == first.raised.source and not first.line_of(line) <= raised.line <= end


def _makes_itself(stopped: Stopped) -> bool:
    """Whether the line should give the very name its value that it reads without one."""
    targets = stopped.line.targets if isinstance(stopped.line, ast.Assign) else []
    return any(without_a_value(stopped.raised) in stored_in(target) for target in targets)


def _touched(function: ast.FunctionDef, line: ast.stmt) -> set[str]:
    """The names that a statement makes or changes, and those that are made of them by other statements."""
    statements = [node for node in ast.walk(function) if isinstance(node, ast.stmt | ast.comprehension) and node is not function]
    touched = set(_changed(line))
    for _ in statements:
        more = {name for one in statements if not touched.isdisjoint(names_in(one)) for name in _changed(one)} - touched
        if not more:
            break
        touched |= more
    return touched


def _changed(statement: ast.stmt | ast.comprehension) -> Iterator[str]:
    """The names that get a value, or an entry; of a statement that only calls something all that it reads.

    An array of which a slice is filled, or to which something is added, keeps its shape and kind.
    """
    match statement:
        case ast.Assign(targets):
            parts: list[ast.expr] = targets
        case ast.AnnAssign(target) | ast.For(target) | ast.comprehension(target):
            parts = [target]
        case ast.Expr(value):
            parts = [value]
        case _:
            parts = []
    yield from (name for part in parts if not _is_slice(part) for name in names_in(part.value if isinstance(part, ast.Subscript) else part))


def _is_slice(target: ast.expr) -> bool:
    return isinstance(target, ast.Subscript) and any(isinstance(one, ast.Slice) or _is_dots(one) for one in ast.walk(target.slice))


def _is_dots(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is ...
