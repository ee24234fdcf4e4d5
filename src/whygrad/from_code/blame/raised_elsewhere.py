"""A line that raises because of another one, which has to be mended.

It is the call that hands another kind of thing to a helper, the line that leaves a name at None, or takes what hands back nothing, that
makes one list of several names, or that gives a name away, the loop that makes no array to store into, or the line that adds to a list
what is no array.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, cast

from whygrad.from_code.blame.handed_to_helper import handed_to_helper
from whygrad.from_code.blame.hands_back_none import hands_back_none
from whygrad.from_code.blame.made_otherwise import given_later_in_the_loop
from whygrad.from_code.blame.never_made import never_made
from whygrad.from_code.blame.one_list import one_list
from whygrad.from_code.line_to_blame import Cause, at
from whygrad.from_code.observe.arrays import array_of
from whygrad.from_code.observe.experiment import GIVES, buffer, chained, last_name
from whygrad.from_code.observe.stopped import speaks_of_a_blank
from whygrad.from_code.reference.compare import to_be_written
from whygrad.from_code.words import kind
from whygrad.sandbox.trees import holds, is_name, names_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_code.observe.stopped import Stopped
    from whygrad.from_code.observe.subject import Record

_NOT_FILLED_IN = "{} stands for what is still to be written. What should this name hold, by its formula, when a line reads it?"


def cause(stopped: Stopped, complaint: str) -> Cause | None:
    """The line to blame in place of the one that raises, if it is known; ``complaint`` says what did not fit there."""
    return (
        hands_back_none(stopped)
        or given_later_in_the_loop(stopped)
        or one_list(stopped)
        or _given_away(stopped, complaint)
        or _another_name_for(stopped, complaint)
        or never_made(stopped)
        or left_as_none(stopped)
        or handed_to_helper(stopped)
        or _added_to_a_list(stopped, complaint)
    )


def left_as_none(stopped: Stopped) -> Cause | None:
    """The only line that gives a name of those that do not fit its value, which is None or an ellipsis, as in a template.

    So the only one within a loop, once that has made a turn.
    """
    read = names_in(stopped.node) if stopped.node is not None else set[str]()
    here = stopped.raised.source, stopped.raised.line
    again = any(record.visit for record in stopped.records if (record.place.source, record.place.line) == here)
    for name in sorted(read) if speaks_of_a_blank(stopped.raised) else ():
        nodes = list(ast.walk(stopped.function))
        stores = [one for one in nodes if isinstance(one, ast.Name) and one.id == name and isinstance(one.ctx, ast.Store)]
        loops = [one for one in nodes if again and isinstance(one, ast.For | ast.While) and holds(one, stopped.line)]
        turn = [one for one in stores if any(holds(loop, one) for loop in loops)]
        given = turn or [one for one in stores if one.lineno < getattr(stopped.node, "lineno", 0) and to_be_written(stopped.held.get(name))]
        for left in nodes:
            blanks = dict(_left_blank(left)) if isinstance(left, ast.Assign | ast.AnnAssign) else {}
            if given and given == [one for one in blanks if is_name(one, name)]:
                says = f"leaves {name} at {blanks[given[0]]} here, and so {stopped.so} because no number stands there yet"
                return Cause(stopped.at(left), says, _NOT_FILLED_IN.format(blanks[given[0]]))
    return None


def _left_blank(line: ast.Assign | ast.AnnAssign) -> Iterator[tuple[ast.expr, str]]:
    """What a line gives None, or an ellipsis, alone or with others: ``a = b = None``, ``a, b = None, None``."""
    for target in line.targets if isinstance(line, ast.Assign) else [line.target]:
        match target, line.value:
            case ast.Tuple(names), ast.Tuple(values) if len(names) == len(values):
                pairs = zip(names, values, strict=True)
            case _:
                pairs = ((target, line.value),)
        yield from ((one, ast.unparse(value)) for one, value in pairs if isinstance(value, ast.Constant) and value.value in (None, ...))


def _added_to_a_list(stopped: Stopped, complaint: str) -> Cause | None:
    """The only line that adds to a list within a function, where what it adds is no array, and the list is taken for one of arrays."""
    if stopped.function is None or stopped.raised.type not in {"TypeError", "ValueError"} or stopped.node is None:
        return None
    names = names_in(stopped.node)
    adds = [
        node
        for node in ast.walk(stopped.function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "append" and len(node.args) == 1
    ]
    for add in adds:
        base = add.func.value if isinstance(add.func, ast.Attribute) else None
        name = base.id if isinstance(base, ast.Name) and base.id in names else ""
        last = _newest(stopped, name)
        alone = sum(ast.unparse(other.func) == ast.unparse(add.func) for other in adds) == 1
        tuples = [node for node in ast.walk(stopped.function) if isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Load)]
        handed_out = any(is_name(one, name) for node in tuples for one in node.elts)  # as it is, like caches
        complains = "inhomogeneous" in stopped.raised.text or complaint
        if alone and not handed_out and isinstance(last, (dict, list, tuple, str)) and complains:
            added = stopped.text(add.args[0])
            says = f"adds {added}, which is {kind(last)}, to {name}, and so {stopped.so}"
            where = stopped.at(add)
            return Cause(where, f"{says} because {complaint}" if complaint else says)
    return None


def _newest(stopped: Stopped, name: str) -> Any:  # noqa: ANN401 - whatever was added
    """What was seen last of a list's end, or of its beginning where the whole list was seen."""
    for record in reversed(stopped.records):
        text, value = "".join(record.place.text.split()), record.value
        if text == f"{name}[-1]":
            return value
        items = cast("list[Any]", value) if isinstance(value, list) else []
        if text == name and items:
            return items[0]
    return None


def _given_away(stopped: Stopped, complaint: str) -> Cause | None:
    """A part of an array is asked for or stored, of which a line has given the name to another array, with fewer axes."""
    node = stopped.node
    name = node.value.id if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) else ""
    gave = list(_gave(stopped, name)) if name else []
    now = array_of(gave[-1].value) if gave else None
    made = next((array for one in gave[:-1] if buffer(one) and (array := array_of(one.value)) is not None), None)
    if now is None or made is None or now.ndim >= made.ndim or buffer(gave[-1]):
        return None
    says = f"gives the name {name} to an array of shape {now.shape} here, and so {stopped.so}"
    return Cause(at(gave[-1].place), f"{says} because {complaint}" if complaint else says)


def _another_name_for(stopped: Stopped, complaint: str) -> Cause | None:
    """A line that only gives a name what another one holds, an array, where all that read a part of it ask for a key."""
    node = stopped.node
    name = node.value.id if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) else ""
    parts = [one for one in ast.walk(stopped.function) if isinstance(one, ast.Subscript)] if name and stopped.function else []
    asks = [one for one in parts if isinstance(one.value, ast.Name) and one.value.id == name]
    gave = list(_gave(stopped, name)) if len(asks) > 1 else []
    array = array_of(gave[-1].value) if len(gave) == 1 else None
    keys = all(isinstance(one.slice, ast.Constant | ast.JoinedStr) and not isinstance(getattr(one.slice, "value", ""), int) for one in asks)
    other = gave[-1].place.text.partition("=")[2].strip() if gave else ""
    if array is None or not array.ndim or not keys or not other.isidentifier():
        return None
    says = f"gives the name {name} to {other}, an array of shape {array.shape}, and so {stopped.so}"
    return Cause(at(gave[-1].place), f"{says} because {complaint}" if complaint else says)


def _gave(stopped: Stopped, name: str) -> Iterator[Record]:
    """What a name of the function was given, in the order of the run."""
    for record in stopped.records:
        place = record.place
        named = place.kind in GIVES and last_name(place.function) == stopped.subject.function
        if named and name in (chained(place) or [place.target]):
            yield record
