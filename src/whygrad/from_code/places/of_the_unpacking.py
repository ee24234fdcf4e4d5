"""Results that are handed out in each other's places, as their names say they should: told where the names were given, or what they get."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.from_code.reference.inputs import OUTPUTS
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_code.observe.experiment import Found, Search
    from whygrad.from_code.observe.subject import Record

_TWO = 2


def of_the_unpacking(search: Search, found: Found) -> Found:
    """From a return whose parts stand where their names belong to the line that unpacks the names, or to the one that yields for them."""
    order, places = OUTPUTS.get(search.subject.function, ()), [search.subject.places[sub.place] for sub in found.substitutes]
    of_return = found.how == "swapped" and found.record.place.kind == "value" and "cell" not in search.subject.function
    if not of_return or len(places) != _TWO or not all(place.target.isdigit() for place in places):
        return found
    targets = [record for record in search.last if record.place.kind == "target" and record.place.function == found.record.place.function]
    given = [[one for one in targets if re.search(rf"(?<![\w.]){one.place.target}\b", place.text)] for place in places]
    if not all(len(one) == 1 and _called(order, [(int(place.target), one[0])]) for one, place in zip(given, places, strict=True)):
        return found
    one, other = given[0][0], given[1][0]
    beside = [place.id for place in search.subject.places if place.kind == "target" and place.statement == one.place.statement]
    if other.place.id not in beside:
        return found
    at = beside.index(one.place.id), beside.index(other.place.id)
    if not _called(order, list(zip(at, (one, other), strict=True))):
        return _exchanged(search, found, [one], [other]) or found
    mine, theirs = ([record for record in search.last if _yields(search, record, slot)] for slot in at)
    if not mine or len(mine) != len(theirs) or _called(order, list(zip(at, (mine[0], theirs[0]), strict=True))):
        return found
    return _exchanged(search, found, mine, theirs) or found


def _called(order: Sequence[str], slots: Sequence[tuple[int, Record]]) -> bool:
    """Whether what stands in each of these places is called like the result that belongs there."""
    return all(slot < len(order) and record.place.text[:1] == order[slot][:1] for slot, record in slots)


def _yields(search: Search, record: Record, slot: int) -> bool:
    """Whether a helper hands out a name in this place of a tuple."""
    place = record.place
    helper = place.function != search.subject.function and place.text.isidentifier()
    return helper and place.kind == "value" and place.target == str(slot) and place.parent < 0


def _exchanged(search: Search, found: Found, mine: Sequence[Record], theirs: Sequence[Record]) -> Found | None:
    """The finding at the first of these lines, if all is right with what each holds in the other's place."""
    both = (*zip(mine, theirs, strict=True), *zip(theirs, mine, strict=True))
    puts = tuple(Substitute(here.place.id, here.visit, there.value) for here, there in both)
    others = tuple(sub for other in search.found if other is not found for sub in other.substitutes)
    if not search.results_right(search.subject.run((*others, *puts))):
        return None
    names, visits = (mine[0].place.text, theirs[0].place.text), tuple((here.value, there.value) for here, there in both)
    return replace(found, record=mine[0], right=theirs[0].value, substitutes=puts, names=names, visits=visits, reads=(), inputs=True)
