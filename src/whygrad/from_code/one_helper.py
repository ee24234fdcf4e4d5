"""Several findings that come out of one helper: what it returns is wrong at most of its visits, though all that it reads is right."""

from __future__ import annotations

from dataclasses import replace

from whygrad.from_code.sources import Sources
from whygrad.from_code.spelled import kind_of
from whygrad.from_code.subject import Record, array_of


class OneHelper(Sources):
    """Experiments with what helpers return."""

    def _join_in_helper(self) -> None:
        """In a cell: put findings of values together at a helper's return, if the right values there make all results right."""
        together = [found for found in self.found if found.how == "value"]
        if len(together) < 2 or self.subject.cell != self.subject.function:  # noqa: PLR2004 - several
            return
        others = [found for found in self.found if found not in together]
        self._with_only(others)
        places = {found.record.place.id for found in together}
        for record in self._now.records:
            place = record.place
            if place.kind != "return" or record.visit or place.function == self.subject.function or place.id in places:
                continue
            visits = [other for other in self._now.records if other.place.id == place.id]
            tried = self._tested(record, strict=True) if len(visits) > 1 else None
            if tried is None or not self._is_its_own_fault(visits, len(tried.substitutes)):
                continue
            if self.results_right(self.subject.run((*self.substitutes, *tried.substitutes))) and not self._another_gates(tried.visits):
                cured = frozenset[str]().union(*(found.cured for found in together))
                reads = tuple(self._reads(tried.record))
                self.found = [*others, replace(tried, cured=cured, reads=reads, inputs=self._in_place(reads))]
                return

    def _is_its_own_fault(self, visits: list[Record], wrong: int) -> bool:
        """Whether a helper is wrong at most of its visits, with right values at each of them, and does not do what its name says."""
        right = all(self._read_right(read) for record in visits for read in self._reads(record))
        return 2 * wrong > len(visits) and right and not self._does_its_work(visits[0].place.function)

    def _another_gates(self, visits: tuple[tuple[object, object], ...]) -> bool:
        """Whether a helper gives at some visit what belongs to another gate: then it does its work, and was asked for another one."""
        for value, right in visits:
            kinds = [
                {kind_of(quantity.name) for quantity in self.quantities.equal(array, self.tolerance) if quantity.made}
                for one in (value, right)
                if (array := array_of(one)) is not None
            ]
            if len(kinds) == 2 and kinds[0] & kinds[1]:  # noqa: PLR2004 - both are arrays
                return True
        return False
