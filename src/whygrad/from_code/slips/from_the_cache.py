"""Names that get another entry of the cache than the code below takes them for: two of them exchanged, or one that gets the wrong entry.

Names of the learner's own do not tell what they should hold, and each line below reads nothing but right quantities. So it is tried what
comes right if two names get each other's entries.
"""

from __future__ import annotations

import re
from itertools import combinations, islice
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.from_code.observe.arrays import array_of, same
from whygrad.from_code.observe.experiment import GIVES, Found
from whygrad.from_code.words import of_any_step
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.observe.experiment import Search
    from whygrad.from_code.observe.subject import Record
    from whygrad.sandbox.requests import Value

_MOST = 16
"""Names that are looked at."""
_READ = frozenset(("read", "argument", "value"))


def taken_wrongly(search: Search) -> Found | None:
    """Two names with each other's entries, or one with another's, if all results are right once they get their own."""
    if search.subject.cell != search.subject.function or not search.subject.function.endswith("backward"):
        return None
    taken = list(islice(_taken(search), _MOST))
    pairs = (found for found in _exchanged(search, taken) if search.results_right(search.subject.run(found.substitutes)))
    return next(pairs, None) or next(_with_another_entry(search, taken), None)


def in_each_others_place(search: Search) -> list[Found]:
    """Two names with each other's entries, if results are mended and none is spoilt when they get their own; the most first."""
    if search.subject.cell != search.subject.function or not search.subject.function.endswith("backward"):
        return []
    return sorted(_exchanged(search, list(islice(_taken(search), _MOST))), key=lambda found: -len(found.cured))


def _exchanged(search: Search, taken: list[Record]) -> Iterator[Found]:
    right = search.right_results(search.subject.traced()[0])
    weights = _weights(search.subject.arguments[-1])
    for one, other in combinations(taken, 2):
        apart = any(_is(one.value, entry) for entry in weights) != any(_is(other.value, entry) for entry in weights)
        if apart or same(one.value, other.value, 0.0) or says_so(search, one) or says_so(search, other):
            continue
        put = (Substitute(one.place.id, one.visit, other.value), Substitute(other.place.id, other.visit, one.value))
        after = search.right_results(search.subject.run(put))
        if after > right and not read_once(search, put):
            held = ((one.value, other.value), (other.value, one.value))
            yield Found(one, "swapped", other.value, None, put, after - right, names=(one.place.target, other.place.target), visits=held)


def read_once(search: Search, put: Sequence[Substitute]) -> bool:
    """Whether of two names with each other's entries one alone matters, and one line alone reads it: that line reads the wrong name."""
    both, places = search.right_results(search.subject.run((*search.substitutes, *put))), search.subject.places
    alone = [places[sub.place] for sub in put if search.right_results(search.subject.run((*search.substitutes, sub))) == both]
    if len(alone) != 1:
        return False
    name = re.compile(rf"(?<![\w.]){alone[0].target}\b(?!\.(shape|size|ndim)\b)")
    reads = (place for place in places if place.kind in _READ and place.function == alone[0].function and name.search(place.text))
    return len({place.statement for place in reads}) == 1


def _with_another_entry(search: Search, taken: list[Record]) -> Iterator[Found]:
    """A name with an entry that another name has too, where an entry belongs that no name has."""
    right = search.right_results(search.subject.traced()[0])
    unread = [entry for entry in _entries(search.subject.arguments[-1]) if not any(_is(record.value, entry) for record in taken)]
    for one in taken:
        twice = any(same(one.value, other.value, 0.0) for other in taken if other is not one)
        for entry in unread if twice and not says_so(search, one) else ():
            put = (Substitute(one.place.id, one.visit, entry),)
            after = search.subject.run(put)
            if search.results_right(after):
                cured = search.right_results(after) - right
                known = next(search.quantities.equal(entry, search.tolerance), None)
                yield Found(one, "value", entry, known, put, cured, inputs=True, reads=(one,), visits=((one.value, entry),))


def _taken(search: Search) -> Iterator[Record]:
    """What the lines that take the cache apart give to names, each at its only visit."""
    records = search.subject.traced()[1]
    entries = [*_entries(search.subject.arguments[-1]), *_weights(search.subject.arguments[-1])]
    for record in records:
        place = record.place
        named = place.kind in GIVES and place.target.isidentifier() and place.function == search.subject.function
        once = named and not record.visit and not any(other.visit for other in records if other.place.id == place.id)
        if once and any(_is(record.value, entry) for entry in entries):
            yield record


def _entries(held: Value) -> list[Value]:
    """The arrays within a cache, and each dictionary of it as a whole."""
    if isinstance(held, (tuple, list)):
        return [entry for one in cast("list[Any]", held) for entry in (_entries(one) if isinstance(one, (tuple, list)) else [one])]
    return list(cast("dict[str, Any]", held).values()) if isinstance(held, dict) else []


def _weights(held: Value) -> list[Value]:
    """The arrays within the dictionaries of a cache."""
    return [array for one in _entries(held) if isinstance(one, dict) for array in cast("dict[str, Any]", one).values()]


def _is(value: Value, entry: Value) -> bool:
    """Whether a value is an entry of the cache, as it is or transposed."""
    array = array_of(value)
    if array is None or array_of(entry) is None:
        return isinstance(value, dict) and isinstance(entry, dict) and same(value, entry, 0.0)
    return bool(array.ndim) and (np.array_equal(array, entry) or np.array_equal(array.T, entry))


def says_so(search: Search, record: Record) -> bool:
    """Whether a name is that of what it holds, or, of what a dictionary holds, ends as its key does."""
    place = record.place
    if place.kind == "value" and not place.target.isdigit():
        return of_any_step(place.text).endswith(of_any_step(place.target.strip("'\"")))
    names = {of_any_step(quantity.name) for quantity in search.quantities.equal(record.value, search.tolerance) if quantity.made}
    return of_any_step(record.name) in names or of_any_step(place.text) in names
