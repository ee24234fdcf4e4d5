"""Whether all that a line reads is right, told by the rest of the program: once everything else is mended, and by the other uses of a name.

A name may hold a right value that does not belong where it stands: nothing in the line itself tells that it is right. But where all results
are right with the line mended, and change when what the name holds is moved, the name holds what it should.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.from_code.observe.arrays import array_of, same, shape_of
from whygrad.from_code.observe.dataflow import composed, given_to_helper, in_place, last_written, read_right, reads_of, right_here
from whygrad.from_code.observe.experiment import Search, seen_at
from whygrad.from_code.places.backwards import only_moved
from whygrad.from_code.places.blamable import rightly_named
from whygrad.sandbox.signatures import parameter

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    from whygrad.from_code.observe.arrays import Observations
    from whygrad.from_code.observe.experiment import Found
    from whygrad.from_code.observe.subject import Record
    from whygrad.sandbox.requests import Substitute

_NAME = re.compile(r"[A-Za-z_]\w*")


def looked_at_again(search: Search, found: Found) -> Found:
    """Whether all that the line reads is right, which may show only when everything else is mended."""
    followed = found.how == "value" and found.right is None and found.substitutes[0].place != found.record.place.id
    if (found.inputs and not followed) or found.how not in {"value", "argument", "loop", "index"}:
        return found
    search.substitutes = tuple(sub for other in search.found if other is not found for sub in other.substitutes)
    search.round = search.look()
    found = (followed and _not_followed(search, found)) or found
    record = seen_at(search.now.records, found.record.place.id, found.record.visit)
    if record is None or found.how in {"loop", "index"}:
        return replace(found, inputs=only_moved(search, found))
    reads = reads_of(search, record) or [record]  # a name alone is all that it reads
    inputs = all(read_right(search, read) for read in reads) and in_place(search, reads)
    return replace(found, inputs=inputs or _used_rightly(search, found, reads))


def _not_followed(search: Search, found: Found) -> Found | None:
    """The place at which all comes right, where the line before it that was blamed makes a right quantity once the rest is mended."""
    sub = found.substitutes[0]
    before, there = (seen_at(search.now.records, *at) for at in ((found.record.place.id, found.record.visit), (sub.place, sub.visit)))
    if before is None or there is None or not search.quantities.recognised(before.value, search.tolerance, stacks=False):
        return None
    quantity = next(search.quantities.equal(sub.value, search.tolerance), None)
    return replace(found, record=there, right=sub.value, quantity=quantity, visits=((there.value, sub.value),), inputs=False)


def made_at(search: Search, read: Record) -> Record | None:
    """The line that gave a name what is read of it."""
    return last_written(search, read)


def seen_now(search: Search, found: Found, records: list[Record]) -> Found:
    """The finding with what its line made and read when everything else was mended; ``records`` are the values of that run."""
    if found.how not in {"value", "argument"}:
        return found
    record = seen_at(records, found.record.place.id, found.record.visit)
    if record is None or shape_of(record.value) != shape_of(found.record.value):
        return found
    search.round, search.last = replace(search.now, records=records), records
    rights = {sub.visit: sub.value for sub in found.substitutes if sub.place == record.place.id and not sub.copy}
    if record.visit in rights and same(record.value, rights[record.visit], search.tolerance):  # it was wrong because of the others
        still = (
            r
            for r in records
            if r.place.id == record.place.id and r.visit in rights and not same(r.value, rights[r.visit], search.tolerance)
        )
        record = next(still, record)
        found = replace(found, right=rights[record.visit])
    return replace(found, record=record, reads=tuple(reads_of(search, record)))


@contextmanager
def once_mended(search: Search, found: Found, others: tuple[Substitute, ...], visit: int) -> Generator[Found | None]:
    """The finding at a visit of its line when the visits before are mended, and what ``others`` mend; None where nothing is there."""
    before, last, place = search.now, search.last, found.record.place.id
    rights = {sub.visit: sub for sub in found.substitutes if sub.place == place and sub.visit is not None and not sub.copy}
    puts = tuple(sub for at, sub in rights.items() if at < visit)
    records = search.subject.traced((*others, *puts))[1] if puts and visit in rights else []
    record = seen_at(records, place, visit)
    if record is None or shape_of(record.value) != shape_of(found.record.value):
        yield None
        return
    search.round, search.last = replace(before, records=records), records
    try:
        yield replace(found, record=record, right=rights[visit].value, reads=tuple(reads_of(search, record)))
    finally:
        search.round, search.last = before, last


def at_other_visits(search: Search, found: Found, others: tuple[Substitute, ...]) -> Iterator[Found]:
    """The finding at each other visit at which its line is to be mended in a loop over the steps, when the visits before are.

    What is right there then, only followed from them: nothing is wrong with the line itself.
    """
    visits = {sub.visit for sub in found.substitutes if sub.place == found.record.place.id and sub.visit is not None}
    for visit in sorted(visits - {found.record.visit}) if search.subject.cell != search.subject.function else ():
        with once_mended(search, found, others, visit) as mended:
            if mended is not None:
                yield mended


def _used_rightly(search: Search, found: Found, reads: Sequence[Record]) -> bool:
    """Whether each thing that the line reads is right here, or is used elsewhere and is right there."""
    everything = (*search.substitutes, *found.substitutes)
    mended = search.subject.run(everything)
    return search.results_right(mended) and all(
        read.place.id in search.once(composed)
        or (read_right(search, read) and right_here(search, read))
        or _used(search, read, everything, mended)
        for read in reads
    )


def _used(search: Search, read: Record, everything: Sequence[Substitute], mended: Observations) -> bool:
    """Whether what a name holds is handed in from outside, or is used elsewhere: the results, which are right, change with it."""
    text = read.place.computes.strip()
    whole, source = text.partition("[")[0], last_written(search, read)
    part = source is not None and ":" in source.place.target and ":" not in text  # one part that was stored tells nothing of the others
    if (part or whole != text) and _returned_right(search, whole, read.place.function, everything):
        return True
    if source is not None:
        if part or (":" in text and not read_right(search, read)):  # nor do other parts than the one that is read
            return False
        return not any(sub.place == source.place.id for sub in everything) and (
            rightly_named(search, source) or _moves(search, source, everything, mended)
        )
    base, function = _NAME.search(text), read.place.function
    names = search.subject.text.signatures.get(function, [])
    if base is None or base[0] not in names:
        return False
    if function == search.subject.function:
        return True
    given = [
        one for one in given_to_helper(search, read) if parameter(names, one.place.target) == base[0] and array_of(one.value) is not None
    ]
    return any(_moves(search, one, everything, mended) or _used(search, one, everything, mended) for one in given)


def _returned_right(search: Search, name: str, function: str, everything: Sequence[Substitute]) -> bool:
    """Whether an array of all steps is returned and right, once everything is mended: then each part of it is."""
    read = (r for r in search.subject.traced(everything)[1] if r.place.text == name and r.place.function == function)
    right = [value for value in search.quantities.results.values() if len(shape_of(value) or ()) == 3]  # noqa: PLR2004 - all steps
    return any(same(record.value, value, search.tolerance) for record in read for value in right)


def _moves(search: Search, source: Record, everything: Sequence[Substitute], mended: Observations) -> bool:
    """Whether what is asked of the function changes with what a line made, at this visit or, where that is right, at its first."""
    if search.subject.response(source, everything, mended).keys() & search.expected.keys():
        return True
    first = next(record for record in search.now.records if record.place.id == source.place.id)
    known = search.quantities.recognised(source.value, search.tolerance)
    return first is not source and known and bool(search.subject.response(first, everything, mended).keys() & search.expected.keys())
