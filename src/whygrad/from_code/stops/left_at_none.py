"""A line that leaves a name at None, as a template has it, where another one raises for that: what the name should hold, put there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.from_code.observe.roles import gets_past
from whygrad.from_code.observe.stopped import speaks_of_a_blank
from whygrad.from_code.observe.subject import Record
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_code.observe.experiment import Found, Search
    from whygrad.sandbox.requests import Raised


def left_at_none(search: Search, raised: Raised) -> Iterator[Found | None]:
    """The lines outside of any loop that give None to a name of a right quantity: that is put there for the first of all calls."""
    lines = (place for place in search.subject.places if place.kind == "assign" and place.computes.strip() in {"None", "..."})
    for place in lines if speaks_of_a_blank(raised) else ():
        quantity = next(search.quantities.named(place.target, 0), None)
        if quantity is not None and place.function == search.subject.function and not place.loops:
            stopped, put = Record(place, 0, None, len(search.last), 0, place.target), Substitute(place.id, 0, quantity.value)
            found = gets_past(search, stopped, (put,), quantity.value, quantity, sure=True)
            yield found and replace(found, inputs=True)
