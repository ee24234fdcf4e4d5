"""A stack of the gates' weights, biases or gradients whose parts do not stand as what they meet: in another order, or one of them twice."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_code.observe.arrays import array_of, same, shape_of
from whygrad.from_code.observe.experiment import READS, Found
from whygrad.from_code.slips.filled import misplaced
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.observe.arrays import Array
    from whygrad.from_code.observe.experiment import Search
    from whygrad.from_code.observe.subject import Record

_MOST = 4
"""Parts of a stack: as many as there are gates."""


def restacked(search: Search, found: Found, others: tuple[Substitute, ...] = ()) -> Found | None:
    """The line, with the stack that makes all results right in the place of the one that it makes; None where there is none.

    ``others`` mend the other findings.
    """
    record = found.record
    whole = array_of(record.value)
    if record.place.kind != "assign" or whole is None or whole.ndim != 2:  # noqa: PLR2004 - rows
        return None
    for right in _others(search, whole):
        mended = (Substitute(record.place.id, record.visit, right),)
        if search.results_right(search.subject.run((*others, *mended))):
            return replace(found, how="stack", right=right, substitutes=mended, visits=((record.value, right),))
    return None


def one_restacked(search: Search) -> Found | None:
    """The first line that makes a stack of which the same holds, where nothing else is found."""
    observations, records, _ = search.subject.traced()
    cured = frozenset(search.expected) - search.right_results(observations)
    for number, record in enumerate(records):
        if record.place.kind == "assign" and _is_stack(search, record) and not _of_a_stack(search, records[:number], record):
            found = restacked(search, Found(record, "stack", None, None, (), cured))
            if found is not None:
                return found
    return None


def one_refilled(search: Search) -> Found | None:
    """The same of a stack that is filled piece by piece: the first line that writes what stands at other rows in the right one."""
    observations, records, _ = search.subject.traced()
    cured = frozenset(search.expected) - search.right_results(observations)
    filled = Counter(
        record.place.target.partition("[")[0] for record in records if record.place.kind == "assign" and "[" in record.place.target
    )
    for name in (name for name, pieces in filled.items() if 1 < pieces <= _MOST):
        reads = [record for record in records if record.place.kind in READS and record.place.text in {name, f"{name}.T"}]
        whole = array_of(reads[0].value) if reads else None
        if whole is None or whole.ndim != 2:  # noqa: PLR2004 - rows
            continue
        whole = whole.T if reads[0].place.text != name else whole
        for right in _others(search, whole):
            put = ((read, right if read.place.text == name else right.T) for read in reads)
            mended = tuple(Substitute(read.place.id, read.visit, value) for read, value in put)
            if search.results_right(search.subject.run(mended)):
                found = misplaced(search, reads[0], right if reads[0].place.text == name else right.T)
                return found and replace(found, substitutes=mended, cured=cured)
    return None


def _is_stack(search: Search, record: Record) -> bool:
    """Whether a value is right quantities on top of each other."""
    return search.quantities.recognised(record.value) and not search.quantities.recognised(record.value, stacks=False)


def _of_a_stack(search: Search, before: Sequence[Record], record: Record) -> bool:
    """Whether a line reads a stack with as many rows: it has its parts in the order of that."""
    reads = (other for other in before if other.place.statement == record.place.statement and other.place.kind in READS)
    rows = (shape_of(record.value) or ())[:1]
    return any((shape_of(read.value) or ())[:1] == rows and _is_stack(search, read) for read in reads)


def _others(search: Search, whole: Array) -> Iterator[Array]:
    """The same parts, right quantities all, in another order, or with another parameter in the place of one that stands there twice."""
    for cut in range(1, len(whole)):
        if _are_right(search, both := (whole[cut:], whole[:cut])):
            yield np.concatenate(both)
    for number in range(2, _MOST + 1):
        parts = np.split(whole, number) if not len(whole) % number else []
        if not parts or not _are_right(search, parts):
            continue
        yield from (np.concatenate(order) for order in list(permutations(parts))[1:])
        known = [value for table in search.quantities.tables[0].parameters for value in table.values()]
        for place, part in enumerate(parts):
            if any(other is not part and same(other, part, 0.0) for other in parts):
                for value in known:
                    if np.shape(value) == part.shape:
                        yield np.concatenate([*parts[:place], value, *parts[place + 1 :]])


def _are_right(search: Search, parts: Sequence[Array]) -> bool:
    """Whether all parts are right quantities, each as a whole."""
    return all(search.quantities.recognised(part, search.tolerance, stacks=False) for part in parts)
