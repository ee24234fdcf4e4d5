"""A line with ``-=`` that a loop goes through several times, where each turn's share should be added."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.from_code.naming.wording import Wording, short
from whygrad.from_code.observe.subject import array_of
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_code.naming.wording import Name
    from whygrad.from_code.observe.subject import Array, Record


class Subtracted(Wording):
    """Names for shares of a sum with the wrong sign."""

    def _subtracts_each(self) -> Name | None:
        """With each turn's share added all results come right."""
        place = self.found.record.place
        if self.found.how != "value" or place.kind != "after" or not place.text.partition("=")[0].rstrip().endswith("-"):
            return None
        visits = [record for record in self.search.last if record.place.id == place.id]
        puts, lost = list[Substitute](), None
        for record, share in self._shares(visits):
            lost = share if lost is None else lost + share
            puts.append(Substitute(place.id, record.visit, record.value + 2 * lost))
        if len(puts) < len(visits) or not self.search.results_right(self.search.subject.run((*self.others, *puts))):
            return None
        says = f"each turn's share is subtracted from {short(self.found)}, not added" if len(visits) > 1 else ""
        return self._plain("sign-flipped", says or f"{short(self.found)} has a - where another sign belongs", exact=True)

    def _shares(self, visits: list[Record]) -> Iterator[tuple[Record, Array]]:
        """What each visit took away from what the name held before it."""
        statement = self.found.record.place.statement
        held = {
            record.visit: record.value
            for record in self.search.last
            if record.place.kind == "before" and record.place.statement == statement
        }
        for record in visits:
            before, after = array_of(held.get(record.visit)), array_of(record.value)
            if before is not None and after is not None and before.shape == after.shape:
                yield record, before - after
