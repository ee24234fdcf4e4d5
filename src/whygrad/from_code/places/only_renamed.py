"""A cell's line that gives another name to what a line before it makes, and does nothing else: it is there for an activation.

Where just that is missing, or its derivative, the line before may be as right as those of the other gates: the one that only gives a name
to what it makes is the line to mend. So it is where the line before makes the one factor of what belongs there, and the other is missing.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_code.observe.arrays import array_of, same
from whygrad.from_code.observe.dataflow import reads_of
from whygrad.from_code.observe.experiment import GIVES, seen_at
from whygrad.from_code.observe.harmless import ACTIVATIONS
from whygrad.from_code.places.likelier import has_a_name
from whygrad.from_code.reference.spelled import kind_of
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_code.observe.arrays import Array
    from whygrad.from_code.observe.experiment import Found, Search
    from whygrad.from_code.observe.subject import Record
    from whygrad.sandbox.requests import Value


def where_it_is_renamed(search: Search, found: Found) -> Found:
    """The finding at the only line that reads what was found, if that gives it another name and just that is missing there."""
    place, right = found.record.place, found.right
    cell = search.subject.cell == search.subject.function == place.function
    if found.how != "value" or not cell or place.kind not in GIVES or len(found.substitutes) != 1 or _has_its_name(found):
        return found
    rest = tuple(sub for other in search.found if other is not found for sub in other.substitutes)
    records = search.subject.traced(rest)[1]
    made = seen_at(records, place.id, found.record.visit)
    copy = None if made is None else _only_copy(records, made)
    if made is None or copy is None or not _lacks_an_activation(search, made.value, right):
        return found
    puts = (Substitute(copy.place.id, copy.visit, right),)
    if not search.results_right(search.subject.run((*rest, *puts))):
        return found
    return replace(found, record=copy, substitutes=puts, reads=tuple(reads_of(search, copy)), visits=((copy.value, right),))


def _has_its_name(found: Found) -> bool:
    """Whether the line found gives what it makes the reference's own name for what belongs there."""
    return found.quantity is not None and found.quantity.name == found.record.place.target


def _only_copy(records: Sequence[Record], made: Record) -> Record | None:
    """The line that gives another name to what a line made, if nothing else reads that."""
    place, later = made.place, [one for one in records[made.time + 1 :] if one.place.function == made.place.function]
    read = {one.place.statement for one in later if one.place.text.strip() == place.target}
    given = [one for one in later if one.place.kind in GIVES and place.target in re.findall(r"\w+", one.place.computes)]
    copies = [one for one in given if same(one.value, made.value, 0.0)]
    return copies[0] if len(copies) == 1 and read <= {copies[0].place.statement} and copies[0].place.target.isidentifier() else None


def _lacks_an_activation(search: Search, value: Value, right: Value) -> bool:
    """Whether just an activation is missing, or its derivative, or a factor of what is right by itself."""
    given, belongs = array_of(value), array_of(right)
    if given is None or belongs is None or given.shape != belongs.shape or not given.all():
        return False
    factors = list(search.quantities.equal(belongs / given, search.tolerance))
    slope = any(kind_of(one.name) == kind_of("slope_f") for one in factors)
    return slope or (bool(factors) and has_a_name(search, value)) or is_activated(given, belongs)


def is_activated(value: Array, right: Array) -> bool:
    """Whether what belongs there is an activation of what stands there."""
    with np.errstate(all="ignore"):
        return any(same(activation(value), right) for activation in (np.tanh, *ACTIVATIONS.values()))
