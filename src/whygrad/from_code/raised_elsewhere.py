"""A line that raises because of one before it: the call that hands text to a helper, the line that gives an output array's name away."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from whygrad.from_code.experiment import buffer, chained, last_name
from whygrad.from_code.stopped import operands
from whygrad.from_code.subject import array_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_code.stopped import Stopped
    from whygrad.from_code.subject import Record
    from whygrad.sandbox.places import Place

_NAMED = frozenset(("assign", "target"))


class Cause(NamedTuple):
    """The place to blame, and what happens there: a clause whose subject is the function."""

    place: Place
    says: str


def cause(stopped: Stopped, complaint: str) -> Cause | None:
    """The line to blame in place of the one that raises, if it is known; ``complaint`` says what did not fit there."""
    return _text_handed_on(stopped) or _given_away(stopped, complaint)


def _text_handed_on(stopped: Stopped) -> Cause | None:
    """A helper computes with what it is called with, and that is text."""
    function, raised = stopped.subject.function, stopped.raised
    here = stopped.function is not None and stopped.function.name == function
    if here and stopped.records and last_name(stopped.records[-1].place.function) == function:  # it raises by itself, and in no lambda
        return None
    texts = [value for node in operands(stopped.node) or () if isinstance(value := stopped.worth(node), str)]
    if not texts and "str" in raised.text:  # a lambda outside of all functions is not watched
        texts = [record.value for record in stopped.records[-1:] if isinstance(record.value, str)]
    for record in reversed(stopped.records) if texts else ():
        place = record.place
        outside = not (place.source == raised.source and place.line <= (raised.line or 0) <= place.end_line)
        handed = record.value if outside and place.kind == "argument" and last_name(place.function) == function else None
        if isinstance(handed, str) and handed in texts:
            helper, given = place.target.rpartition("(")[0], " ".join(place.text.split())
            text = "" if given.strip("'\"") == handed else f", which is the text {handed!r} here,"
            return Cause(place, f"hands {given}{text} to {helper}, which computes with numbers: it raises {stopped.error}")
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
    says = f"gives the name {name} to an array of shape {now.shape} here, and so line {stopped.raised.line} raises {stopped.error}"
    return Cause(gave[-1].place, f"{says}: {complaint}" if complaint else says)


def _gave(stopped: Stopped, name: str) -> Iterator[Record]:
    """What a name of the function was given, in the order of the run."""
    for record in stopped.records:
        place = record.place
        named = place.kind in _NAMED and last_name(place.function) == stopped.subject.function
        if named and name in (chained(place) or [place.target]):
            yield record
