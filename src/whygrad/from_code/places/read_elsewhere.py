"""A call of the cell that takes the wrong slot of an array, told once: the lines that make the array, and store into it, are right."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.from_code.observe.subject import same
from whygrad.from_code.places.sources import Sources
from whygrad.from_code.slips.carries import Carries

if TYPE_CHECKING:
    from whygrad.from_code.observe.experiment import Found

_SLOT_OF = re.compile(r"(\w+)\[")
_STORES = frozenset(("assign", "target"))


class ReadElsewhere(Sources, Carries):
    """Experiments with what a call should have taken."""

    def _join_read_elsewhere(self) -> None:
        """Leave out findings at an array if a call takes a slot of it where another one holds, at each turn, what the call should get."""
        for call in [one for one in self.found if self._of_the_cell(one.record.place)]:
            taken, place = set(_SLOT_OF.findall(call.record.place.text)), call.record.place.id
            kept = [one for one in self.found if one is call or taken.isdisjoint(self._fills(one))]
            rest = [one for one in kept if one is not call]
            if len(kept) == len(self.found):
                continue
            seen, puts = self._with_only(rest), self._arguments(place)
            tried = self._try(seen[place, puts[0].visit or 0], "argument", puts, puts[0].value) if puts else None
            records = self.subject.traced((*self.substitutes, *puts))[1]
            stored = [one.value for one in records if one.place.kind in _STORES and one.place.target.partition("[")[0] in taken]
            turns = [self._carried_into(call, turn) for turn in range(1, len(self.quantities.calls))]
            there = all(any(same(one, right, self.tolerance) for one in stored) for right in turns)
            if tried is not None and there and not self._now.wrong - tried.cured:
                reads = tuple(self._reads(tried.record))
                self.found = [replace(tried, reads=reads) if one is call else one for one in kept]
                return

    def _fills(self, found: Found) -> set[str]:
        """The arrays that the statement of a finding makes, or stores into."""
        beside = (one for one in self.subject.places if one.statement == found.record.place.statement and one.kind in _STORES)
        return {one.target.partition("[")[0] for one in beside}
