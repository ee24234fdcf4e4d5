"""A function that goes wrong since a name, or a key, stands where another belongs: with that one there, all its results come right.

The line that raises is looked at first, then those that made what it reads, the nearest first. A line is told only if no other of the
same distance mends as much. What is put there is never told.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np

from whygrad.from_code.blame.complaint import complaint
from whygrad.from_code.blame.edits_of_error import turned
from whygrad.from_code.blame.made_before import distances
from whygrad.from_code.blame.slip_before import slip_before
from whygrad.from_code.blame.so_it_raises import blamed, error_told
from whygrad.from_code.naming.broken import hints_of_contract, hints_of_error
from whygrad.from_code.observe.edited import finding_at
from whygrad.from_code.observe.stopped import NOT_KNOWN, without_a_value
from whygrad.from_code.words import kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from whygrad.from_code.blame.made_before import Line
    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.arrays import Array
    from whygrad.from_code.observe.edited import Mending
    from whygrad.from_code.observe.stopped import Stopped
    from whygrad.sandbox.requests import Value

_MOST, _MOST_HANDED_BACK = 150, 100
"""Edited programs that are run for one function that raises, and for one that hands back something else."""
_HINT = (
    "It shows only where this is used. Print the type and the shape of each name in this line just behind it: which of them is not what "
    "the line is for?"
)


class _Mended(NamedTuple):
    """The line, the part of it that something else has to stand for, and what that is worth."""

    line: Line
    node: ast.expr
    held: Value
    turned: bool = False
    """Whether it lies the other way, and is nothing that another name or key stands for."""


def by_another_name(mending: Mending, stopped: Stopped, returned: str = "") -> tuple[Finding, ...]:
    """The one line of which a name makes the function raise; nothing where none, or more than one, can be mended so.

    Where nothing raises ``returned`` says what is wrong with what is handed back.
    """
    if not returned and (stopped.node is None or stopped.line is None or blamed(stopped) is not None):
        return ()
    lines = list(distances(stopped))  # before other texts are read
    found = _by_a_name(mending, stopped, lines, handed_back=bool(returned))
    if found:
        return () if len(found) > 1 else (_told(stopped, found[0], returned, here=found[0].line.node is stopped.line),)
    return () if returned or without_a_value(stopped.raised) else slip_before(mending, stopped, lines)


def _by_a_name(mending: Mending, stopped: Stopped, distant: list[list[Line]], *, handed_back: bool) -> list[_Mended]:
    """The lines, all of the same distance, that another name mends."""
    tried: set[tuple[int, str]] = set()
    unknown = bool(without_a_value(stopped.raised))  # no other line has to do with what this one reads
    for lines in distant[: 1 if unknown else None]:
        found: list[_Mended] = []
        for line in lines:
            for one, text in _edits(stopped, line):
                if (id(one.node), text) in tried:
                    continue
                if len(tried) == (_MOST_HANDED_BACK if handed_back else _MOST):
                    return []
                tried.add((id(one.node), text))
                number, of = mending.number_right(mending.ran(line.piece, one.node, text))
                if number == of:
                    found.append(one)
                    break
        if found:
            return found
    return []


def _edits(stopped: Stopped, line: Line) -> Iterator[tuple[_Mended, str]]:
    """Each name that the line reads, with each other that may stand for it: its value could make a difference to what goes wrong.

    So with the keys of a mapping, where an error tells the line. Where shapes do not fit, also what it puts together there, or makes for
    several others, lying the other way.
    """
    held, filled, reads = stopped.held_in(line.scope.name), line.filled, line.reads()
    names, unknown = line.within_reach(), without_a_value(stopped.raised)
    for part in line.parts:
        around = {id(child): node for node in ast.walk(part) for child in ast.iter_child_nodes(node)}
        for node in ast.walk(part):
            yield from _other_keys(line, node, held) if stopped.node is not None else ()
            if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load) or node.id not in {*names, unknown}:
                continue
            value = held.get(node.id, NOT_KNOWN)
            for other in names:
                new = held.get(other, NOT_KNOWN)
                in_itself = filled is not None and (other in reads if node is filled else isinstance(new, list | dict))
                fits = _makes_a_difference(value, new) and _can_stand(node, around.get(id(node)), new)
                if other != node.id and fits and not in_itself:
                    yield _Mended(line, node, value), other
    if line.node is stopped.line:
        yield from ((_Mended(line, cast("ast.expr", part), NOT_KNOWN, turned=True), text) for part, text in turned(stopped))
    elif stopped.raised.type == "ValueError" and isinstance(line.node, ast.Assign) and line.is_read_by_several():
        made = line.node.value
        for part in made.elts if isinstance(made, ast.Tuple) else [made]:
            bare = part.value if isinstance(part, ast.Attribute) and part.attr == "T" else None
            yield _Mended(line, part, NOT_KNOWN, turned=True), f"({ast.unparse(part)}).T" if bare is None else ast.unparse(bare)


def _other_keys(line: Line, node: ast.AST, held: Mapping[str, Any]) -> Iterator[tuple[_Mended, str]]:
    """What a mapping holds under each other key than the one that it is asked for by its text, if that is known to be there."""
    match node:
        case ast.Subscript(ast.Name(name), ast.Constant(str(key)), ast.Load()) if (
            isinstance(parts := held.get(name), dict) and key in parts
        ):
            known = cast("dict[object, Any]", parts)
            others = (other for other, value in known.items() if isinstance(other, str) and _makes_a_difference(known[key], value))
            yield from ((_Mended(line, node, known[key]), f"{name}[{other!r}]") for other in others if other != key)
        case _:
            pass


def _makes_a_difference(one: Any, other: Any) -> bool:  # noqa: ANN401 - whatever was seen
    """Whether a line may raise with one of two values and not with the other: arrays of one shape are alike to it."""
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        mine, theirs = cast("Array", one), cast("Array", other)
        return mine.shape != theirs.shape or mine.dtype != theirs.dtype
    return one is NOT_KNOWN or other is NOT_KNOWN or one is not other


def _can_stand(name: ast.Name, around: ast.AST | None, value: Any) -> bool:  # noqa: ANN401, PLR0911 - as above, one for each use
    """Whether the line can do with what a name holds what it does there: ask for a part or what is behind a dot, count, compute."""
    if value is NOT_KNOWN:
        return True
    match around:
        case ast.Attribute(base, attribute) if base is name:
            return hasattr(value, attribute)
        case ast.Subscript(base, index) if base is name:
            return isinstance(value, np.ndarray) or (isinstance(value, dict | list | tuple) and not isinstance(index, ast.Tuple))
        case ast.Subscript():
            return isinstance(value, int | str)
        case ast.Slice() | ast.Call(ast.Name("range")):
            return isinstance(value, int)
        case ast.BinOp() | ast.UnaryOp():
            return isinstance(value, np.ndarray | int | float | str | list)
        case ast.Call(called) if called is name:
            return False
        case _:
            return True


def _told(stopped: Stopped, found: _Mended, returned: str, *, here: bool) -> Finding:
    """The finding at what has to be another name, or to lie the other way; at what raises itself, what it says."""
    if here and not returned:
        return replace(error_told(stopped, None), proof="proved", whole=True)
    told, line, function, raised = complaint(stopped), found.line, stopped.subject.function, stopped.raised
    text = " ".join(ast.unparse(found.node).split())
    what = f"{text} stands here{'' if found.held is NOT_KNOWN else f', which is {kind(found.held)}'}"
    if found.turned:
        what = f"{text} lies the other way here than where it is used"
    so = f"{function} {returned}" if returned else f"line {raised.line} raises {stopped.says(told)}"
    where, what_to_do, asks = hints_of_contract("returned-otherwise", function) if returned else hints_of_error(function, raised, so)
    known, hints = "transpose-wrong" if found.turned else "name-replaced", (where, what_to_do if here else _HINT, asks)
    made = finding_at(
        line.piece, found.node, function, known, f"{what}, and so {so}", hints=hints, within=line.scope.name, quantity=text,
    )  # fmt: skip
    lines = () if returned else ((raised.source or "", raised.line or 0), *(told.lines if told else ()))
    return replace(made, lines=lines, raises="elsewhere")
