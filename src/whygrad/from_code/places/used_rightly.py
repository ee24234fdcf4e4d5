"""Whether all that a line reads is right, told by the rest of the program: once everything else is mended, and by the other uses of a name.

A name may hold a right value that does not belong where it stands: nothing in the line itself tells that it is right. But where all results
are right with the line mended, and change when what the name holds is moved, the name holds what it should.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.from_code.observe.experiment import seen_at
from whygrad.from_code.observe.subject import array_of, same, shape_of
from whygrad.from_code.places.backwards import Backwards
from whygrad.sandbox.signatures import parameter

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from whygrad.from_code.observe.experiment import Found
    from whygrad.from_code.observe.subject import Observations, Record
    from whygrad.sandbox.requests import Substitute

_NAME = re.compile(r"[A-Za-z_]\w*")


class UsedRightly(Backwards):
    """The last look at a finding, when all findings are known."""

    def _looked_at_again(self, found: Found) -> Found:
        """Whether all that the line reads is right, which may show only when everything else is mended."""
        followed = found.how == "value" and found.right is None and found.substitutes[0].place != found.record.place.id
        if (found.inputs and not followed) or found.how not in {"value", "argument", "loop", "index"}:
            return found
        self.substitutes = tuple(sub for other in self.found if other is not found for sub in other.substitutes)
        self._round = self._look()
        found = (followed and self._not_followed(found)) or found
        record = seen_at(self._now.records, found.record.place.id, found.record.visit)
        if record is None or found.how in {"loop", "index"}:
            return replace(found, inputs=self._only_moved(found))
        reads = self._reads(record) or [record]  # a name alone is all that it reads
        inputs = all(self._read_right(read) for read in reads) and self._in_place(reads)
        return replace(found, inputs=inputs or self._used_rightly(found, reads))

    def _not_followed(self, found: Found) -> Found | None:
        """The place at which all comes right, where the line before it that was blamed makes a right quantity once the rest is mended."""
        sub = found.substitutes[0]
        before, there = (seen_at(self._now.records, *at) for at in ((found.record.place.id, found.record.visit), (sub.place, sub.visit)))
        if before is None or there is None or not self.quantities.recognised(before.value, self.tolerance, stacks=False):
            return None
        quantity = next(self.quantities.equal(sub.value, self.tolerance), None)
        return replace(found, record=there, right=sub.value, quantity=quantity, visits=((there.value, sub.value),), inputs=False)

    def made_at(self, read: Record) -> Record | None:
        """The line that gave a name what is read of it."""
        return self._written(read)

    def seen_now(self, found: Found, records: list[Record]) -> Found:
        """The finding with what its line made and read when everything else was mended; ``records`` are the values of that run."""
        if found.how not in {"value", "argument"}:
            return found
        record = seen_at(records, found.record.place.id, found.record.visit)
        if record is None or shape_of(record.value) != shape_of(found.record.value):
            return found
        self._round, self.last = replace(self._now, records=records), records
        rights = {sub.visit: sub.value for sub in found.substitutes if sub.place == record.place.id and not sub.copy}
        if record.visit in rights and same(record.value, rights[record.visit], self.tolerance):  # it was wrong because of the others
            still = (
                r
                for r in records
                if r.place.id == record.place.id and r.visit in rights and not same(r.value, rights[r.visit], self.tolerance)
            )
            record = next(still, record)
            found = replace(found, right=rights[record.visit])
        return replace(found, record=record, reads=tuple(self._reads(record)))

    @contextmanager
    def once_mended(self, found: Found, others: tuple[Substitute, ...], visit: int) -> Generator[Found | None]:
        """The finding at a visit of its line when the visits before are mended, and what ``others`` mend; None where nothing is there."""
        before, last, place = self._now, self.last, found.record.place.id
        rights = {sub.visit: sub for sub in found.substitutes if sub.place == place and sub.visit is not None and not sub.copy}
        puts = tuple(sub for at, sub in rights.items() if at < visit)
        records = self.subject.traced((*others, *puts))[1] if puts and visit in rights else []
        record = seen_at(records, place, visit)
        if record is None or shape_of(record.value) != shape_of(found.record.value):
            yield None
            return
        self._round, self.last = replace(before, records=records), records
        try:
            yield replace(found, record=record, right=rights[visit].value, reads=tuple(self._reads(record)))
        finally:
            self._round, self.last = before, last

    def _used_rightly(self, found: Found, reads: Sequence[Record]) -> bool:
        """Whether each thing that the line reads is right here, or is used elsewhere and is right there."""
        everything = (*self.substitutes, *found.substitutes)
        mended = self.subject.run(everything)
        return self.results_right(mended) and all(
            read.place.id in self._composed or (self._read_right(read) and self._right_here(read)) or self._used(read, everything, mended)
            for read in reads
        )

    def _used(self, read: Record, everything: Sequence[Substitute], mended: Observations) -> bool:
        """Whether what a name holds is handed in from outside, or is used elsewhere: the results, which are right, change with it."""
        text = read.place.computes.strip()
        whole, source = text.partition("[")[0], self._written(read)
        part = source is not None and ":" in source.place.target and ":" not in text  # one part that was stored tells nothing of the others
        if (part or whole != text) and self._returned_right(whole, read.place.function, everything):
            return True
        if source is not None:
            if part or (":" in text and not self._read_right(read)):  # nor do other parts than the one that is read
                return False
            return not any(sub.place == source.place.id for sub in everything) and (
                self._rightly_named(source) or self._moves(source, everything, mended)
            )
        base, function = _NAME.search(text), read.place.function
        names = self.subject.text.signatures.get(function, [])
        if base is None or base[0] not in names:
            return False
        if function == self.subject.function:
            return True
        given = [one for one in self._given(read) if parameter(names, one.place.target) == base[0] and array_of(one.value) is not None]
        return any(self._moves(one, everything, mended) or self._used(one, everything, mended) for one in given)

    def _returned_right(self, name: str, function: str, everything: Sequence[Substitute]) -> bool:
        """Whether an array of all steps is returned and right, once everything is mended: then each part of it is."""
        read = (r for r in self.subject.traced(everything)[1] if r.place.text == name and r.place.function == function)
        right = [value for value in self.quantities.results.values() if len(shape_of(value) or ()) == 3]  # noqa: PLR2004 - all steps
        return any(same(record.value, value, self.tolerance) for record in read for value in right)

    def _moves(self, source: Record, everything: Sequence[Substitute], mended: Observations) -> bool:
        """Whether what is asked of the function changes with what a line made, at this visit or, where that is right, at its first."""
        if self.subject.response(source, everything, mended).keys() & self.expected.keys():
            return True
        first = next(record for record in self._now.records if record.place.id == source.place.id)
        known = self.quantities.recognised(source.value, self.tolerance)
        return first is not source and known and bool(self.subject.response(first, everything, mended).keys() & self.expected.keys())
