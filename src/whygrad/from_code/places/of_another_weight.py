"""A name that takes one weight by another's key, and is read by several lines: told once, at the line that takes it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from whygrad.from_code.observe.arrays import same, shape_of
from whygrad.from_code.observe.experiment import GIVES, Found
from whygrad.from_code.observe.roles import put
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.observe.experiment import Search
    from whygrad.from_code.observe.subject import Record
    from whygrad.sandbox.requests import Value

_SEVERAL = 2
"""Lines from which on the name that all of them read is likelier to be wrong than they are."""


def of_another_weight(search: Search) -> list[Found]:
    """The findings, with one in the place of those that read such a name, if all is right once it gets another weight of its shape."""
    found = search.found
    if not found or search.subject.cell != search.subject.function:
        return found
    for taken, weights in _taken(search) if len(found) >= _SEVERAL else ():
        readers = [one for one in found if one.how == "value" and _reads(one, taken)]
        rest = [one for one in found if one not in readers]
        others = tuple(sub for one in rest for sub in one.substitutes)
        for right in weights if len(readers) >= _SEVERAL else ():
            if search.results_right(search.subject.run((*others, Substitute(taken.place.id, taken.visit, right)))):
                return [*rest, _given_another(search, taken, right, readers)]
    return _each_by_anothers_key(search, found)


def _given_another(search: Search, taken: Record, right: Value, readers: Sequence[Found]) -> Found:
    """The finding at the line that takes a weight, in the place of the lines that read it."""
    cured = frozenset[str]().union(*(one.cured for one in readers))
    quantity, seen = next(search.quantities.equal(right, search.tolerance), None), ((taken.value, right),)
    return Found(taken, "value", right, quantity, tuple(put([(taken, right)])), cured, inputs=True, visits=seen)


def _each_by_anothers_key(search: Search, found: list[Found]) -> list[Found]:
    """The same for several names that are called after weights, and of which each takes another one than its name says.

    Those that take each other's are told as one, of two exchanges each by itself, and each of the others at its own line.
    """
    held = next(iter(search.quantities.tables[0].parameters), None)
    taken_by_name = ((taken, held.get(taken.place.target)) for taken, _ in _taken(search)) if held else ()
    meant = [(taken, right) for taken, right in taken_by_name if right is not None]
    wrong = [(taken, right) for taken, right in meant if not same(taken.value, right, 0.0)]
    if len(wrong) < _SEVERAL:
        return found
    mended = put(wrong)
    readers = [one for one in found if one.how == "value" and any(_reads(one, taken) for taken, _ in wrong)]
    for dropped in (found, readers):  # a sum is told where it ends
        rest = [one for one in found if one not in dropped]
        if search.results_right(search.subject.run((*(sub for one in rest for sub in one.substitutes), *mended))):
            swapped = _each_others(wrong)
            copied = [_given_another(search, *one, [r for r in dropped if _reads(r, one[0])]) for one in wrong if one not in swapped]
            return [*rest, *(_exchanged(some, dropped) for some in _rounds(swapped)), *copied]
    return found


def _each_others(wrong: Sequence[tuple[Record, Value]]) -> list[tuple[Record, Value]]:
    """The names of which each holds what belongs to another of them, and what belongs to it is held by another."""
    held = [taken.value for taken, _ in wrong]
    kept = [
        (taken, right)
        for taken, right in wrong
        if any(same(right, value, 0.0) for value in held) and sum(same(taken.value, value, 0.0) for value in held) == 1
    ]
    return kept if len(kept) == len(wrong) else _each_others(kept)


def _rounds(pairs: Sequence[tuple[Record, Value]]) -> Iterator[list[tuple[Record, Value]]]:
    """Those of them that take each other's: from a name to the one that holds what belongs to it, until none is left that does."""
    left = list(range(len(pairs)))
    while left:
        at = [left.pop(0)]
        while (after := next((one for one in left if same(pairs[one][0].value, pairs[at[-1]][1], 0.0)), None)) is not None:
            left.remove(after)
            at.append(after)
        yield [pairs[one] for one in sorted(at)]


def _exchanged(pairs: Sequence[tuple[Record, Value]], readers: Sequence[Found]) -> Found:
    """The finding at the first line of those that take each other's weights."""
    (first, right), names = pairs[0], tuple(taken.place.target for taken, _ in pairs)
    cured, seen = frozenset[str]().union(*(one.cured for one in readers)), tuple((taken.value, right) for taken, right in pairs)
    return Found(first, "swapped", right, None, tuple(put(pairs)), cured, inputs=True, names=names, visits=seen)


def _taken(search: Search) -> Iterator[tuple[Record, list[Value]]]:
    """The lines that give a weight to a name, each with the other weights of its shape."""
    held = search.quantities.tables[0].parameters[:1]
    weights = [value for parameters in held for value in parameters.values()]
    for record in search.subject.traced()[1]:
        place = record.place
        if place.kind in GIVES and place.target.isidentifier() and any(same(record.value, weight, 0.0) for weight in weights):
            alike = (weight for weight in weights if shape_of(weight) == shape_of(record.value))
            yield record, [weight for weight in alike if not same(record.value, weight, 0.0)]


def _reads(found: Found, taken: Record) -> bool:
    """Whether the line found stands in the same function and reads the name."""
    place = found.record.place
    read = re.findall(r"(?<![\w.])[A-Za-z_]\w*", place.text.partition("=")[2] if place.kind in GIVES else place.text)
    return place.function == taken.place.function and place.statement != taken.place.statement and taken.place.target in read
