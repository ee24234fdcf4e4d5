"""Two slips one behind the other: the later line hides that the one before it is wrong too.

Right values at the later line cure all, whatever the line before makes. So it is asked whether a small change of the line before gives a
right quantity from which a small change of the later one gives what belongs there.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from whygrad.from_code.lines.line_changes import changes
from whygrad.from_code.lines.repair import repair
from whygrad.from_code.observe.arrays import array_of, same, shape_of
from whygrad.from_code.observe.dataflow import last_written, reads_of
from whygrad.from_code.observe.experiment import Found, Search
from whygrad.from_code.observe.expression import Expression
from whygrad.from_code.observe.scope import scope
from whygrad.from_code.places.used_rightly import seen_now
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.observe.arrays import Array
    from whygrad.from_code.observe.quantities import Quantity
    from whygrad.from_code.observe.subject import Record

_MOST = 600
"""Changes of the line before."""


def in_two_lines(search: Search, one: Found, others: tuple[Substitute, ...]) -> tuple[Found, ...] | None:
    """The line found, or the one that it was followed back from, and one before it; ``others`` mend the other findings.

    Where a small change of the line that it was followed back from is enough, whatever the line before makes, it is no pair but that one.
    """
    if one.how != "value" or len(one.substitutes) != 1 or search.subject.cell != search.subject.function:
        return None
    (put,) = one.substitutes
    records = search.subject.traced(others)[1]
    later = next((record for record in records if (record.place.id, record.visit) == (put.place, put.visit)), None)
    right = array_of(put.value)
    if later is None or right is None or later.place.kind != "assign":
        return None
    found = seen_now(search, Found(later, "value", right, None, one.substitutes, one.cured), records)
    last = Found(later, "value", right, _called(search, later, right), (put,), one.cured, inputs=True, reads=found.reads)
    own = [r for r in records[: later.time] if r.place.target == later.place.target and r.place.function == later.place.function]
    for before in (*(last_written(search, read) for read in found.reads), *own[-1:]):  # what its name held, if it reads another one
        if before is not None and before.place.kind == "assign" and _of_that_line_alone(search, before, later):
            for value in _could_be_meant(search, before):
                mended = Substitute(before.place.id, before.visit, value)
                if _mends(search, found, before, value, right) and search.results_right(search.subject.run((*others, mended, put))):
                    if one.record.place.id != later.place.id and _is_mended(search, found, right):
                        return (last,)
                    reads = tuple(reads_of(search, before))
                    first = Found(before, "value", value, _called(search, before, value), (mended,), one.cured, inputs=True, reads=reads)
                    return first, last
    return None


def _of_that_line_alone(search: Search, before: Record, later: Record) -> bool:
    """Whether what a line makes is like no right quantity, or no other line reads it."""
    read = {place.statement for place in search.subject.places if place.kind in {"read", "argument"} and place.text == before.place.target}
    return read == {later.place.statement} or not search.quantities.recognised(before.value, search.tolerance)


def _called(search: Search, record: Record, right: Array) -> Quantity | None:
    """The quantity that a right value is, by the record's own name if it has that."""
    known = list(search.quantities.equal(right, search.tolerance))
    return next((one for one in known if one.name == record.name), next(iter(known), None))


def _could_be_meant(search: Search, record: Record) -> Iterator[Array]:
    """The right quantities that a small change of a line gives."""
    known = {**scope(search, record), **{read.place.text: read.value for read in reads_of(search, record)}}
    line, tried = Expression(record.place.text.partition("=")[2], known), list["Array"]()
    for change in islice(changes(line, ()), _MOST) if line.tree is not None else ():
        value = array_of(line.changed(change.part, change.value))
        if value is None or value.shape != shape_of(record.value) or any(same(value, other) for other in tried):
            continue
        tried.append(value)
        if value.any() and search.quantities.recognised(value, search.tolerance):
            yield value


def _is_mended(search: Search, found: Found, right: Array) -> bool:
    """Whether a small change of the line found gives what belongs there, from what it reads as it stands."""
    text, known = found.record.place.text.partition("=")[2], scope(search, found.record)
    mended = repair(text, found.reads, known, right, search.tolerance, wrong=found.record.value)
    return mended is not None and mended.exact


def _mends(search: Search, found: Found, before: Record, value: Array, right: Array) -> bool:
    """Whether a small change of the line found gives what belongs there, once the line before gives this."""
    reads: Sequence[Record] = [read for read in found.reads if read.place.kind == "read" and read.place.text != before.place.target]
    known = {**scope(search, found.record), before.place.target: value}
    return repair(found.record.place.text.partition("=")[2], reads, known, right, search.tolerance) is not None
