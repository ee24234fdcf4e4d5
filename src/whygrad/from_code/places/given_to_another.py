"""A line that gives what it makes to a name that held something else: both names are wrong behind it, which is one mistake."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from whygrad.from_code.observe.arrays import shape_of
from whygrad.from_code.observe.experiment import GIVES, Found
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.observe.experiment import Search
    from whygrad.from_code.observe.subject import Record


def given_to_another(search: Search, found: Sequence[Found]) -> Found | None:
    """The one line in the place of several findings, if all is right once another name gets its value and its own keeps what it held."""
    if len(found) < 2 or search.subject.cell != search.subject.function:  # noqa: PLR2004 - several
        return None
    records = search.subject.traced(())[1]
    visits = Counter(record.place.id for record in records)
    given = [one for one in records if visits[one.place.id] == 1 and shape_of(one.value) and _gives(search, one)]
    told = {one.record.place.line for one in found}
    for made in (one for one in given if one.place.kind == "assign" and one.place.line <= max(told)):
        earlier = [one for one in given if one.time < made.time]
        held = next((one for one in reversed(earlier) if one.place.target == made.place.target), None)
        if held is None and not search.subject.text.loses(made.place):
            continue
        others = (one.place.target for one in earlier if one.place.kind == "assign" and one.place.target != made.place.target)
        for name in dict.fromkeys(others):
            puts = tuple(_puts(search, made, name, held))
            if len(puts) > (held is not None) and search.results_right(search.subject.run(puts)):
                cured = frozenset[str]().union(*(one.cured for one in found))
                return Found(made, "misspelt", made.value, None, puts, cured, inputs=True, names=(made.place.target, name))
    return None


def _gives(search: Search, record: Record) -> bool:
    """Whether a line of the function gives a name what it makes, or takes out of something."""
    place = record.place
    return place.kind in GIVES and place.function == search.subject.function and place.target.isidentifier()


def _puts(search: Search, made: Record, name: str, held: Record | None) -> Iterator[Substitute]:
    """What the line makes, where the other name is read behind it, and what its own name held."""
    for place in search.subject.places:
        if place.function == made.place.function and place.line > made.place.line and place.text == name != place.target:
            yield Substitute(place.id, None, made.value)
    if held is not None:
        yield Substitute(made.place.id, made.visit, held.value)
