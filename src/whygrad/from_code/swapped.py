"""Values in each other's places: names unpacked in another order than what is handed back, arguments or lines that are exchanged."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

from whygrad.from_code.helpers import Helpers
from whygrad.from_code.roles import put
from whygrad.from_code.subject import array_of, same
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from whygrad.from_code.experiment import Found
    from whygrad.from_code.subject import Record
    from whygrad.sandbox.requests import Value


class Swapped(Helpers):
    """Findings that are one, because two things are exchanged."""

    def _unpacked_in_another_order(self, found: Found) -> Found | None:
        """Names that are unpacked together, each with what belongs to another of them."""
        record = found.record
        if found.how != "value" or record.place.kind != "target":
            return None
        beside = [
            other
            for other in self._now.records
            if other.place.statement == record.place.statement and other.place.kind == "target" and other.visit == record.visit
        ]
        mine = [other for other in beside if other is not record and self._holds(other, found.right)]
        if not mine:
            return None
        belongs: list[tuple[Record, Value]] = []
        for other in beside:
            known = [*self.quantities.named(other.name, other.phase), *self._options(other)]
            options = [option for option in known if any(self._holds(one, option.value) for one in beside)]
            if options and not self._right_there(other, known):
                belongs += self._belongs(other, options[0])
        tried = (
            self._try(record, "swapped", put(belongs), found.right, found.quantity) if len({r.place.id for r, _ in belongs}) > 1 else None
        )
        if tried is None or not tried.cured >= found.cured:
            return None
        names = dict.fromkeys(other.place.target for other, _ in belongs)
        return replace(tried, reads=tuple(self._reads(record)), names=tuple(names), visits=tuple((r.value, right) for r, right in belongs))

    def _unpacked_later(self, found: Found) -> Found:
        """From a helper's line to the caller's that unpacks what it hands back in another order."""
        place, value = found.record.place, array_of(found.record.value)
        if found.how != "value" or found.right is None or value is None or place.function == self.subject.function:
            return found
        later = (r for r in self._now.records[found.record.time :] if r.place.kind == "target" and r.place.function != place.function)
        taken = next((r for r in later if self._holds(r, value)), None)
        if taken is None:
            return found
        mended = [Substitute(taken.place.id, taken.visit, found.right)]
        tried = self._try(taken, "value", mended, found.right, found.quantity)
        return (tried and self._unpacked_in_another_order(tried)) or found

    def _holds(self, record: Record, value: Value) -> bool:
        array = array_of(record.value)
        return array is not None and bool(array.any()) and same(array, value, self.tolerance)

    def _join_swapped(self) -> None:
        """Two findings, each with just what belongs at the other: two arguments of one call, or what two lines in a row assign."""
        for one, other in combinations(list(self.found), 2):
            if one in self.found and other in self.found and _beside(one, other) and _crossed(one, other):
                first, second = sorted((one, other), key=lambda found: found.record.place.id)
                names = tuple(found.record.place.target for found in (first, second))
                self.found[self.found.index(one)] = replace(
                    first,
                    how="swapped",
                    substitutes=(*first.substitutes, *second.substitutes),
                    cured=one.cured | other.cured,
                    names=names,
                    visits=(*first.visits, *second.visits),
                )
                self.found.remove(other)


def _beside(one: Found, other: Found) -> bool:
    mine, theirs = one.record.place, other.record.place
    if one.how == other.how == "argument":
        return mine.statement == theirs.statement and mine.parent == theirs.parent and mine.id != theirs.id
    assigned = one.how == other.how == "value" and mine.kind == theirs.kind == "assign"
    return assigned and mine.function == theirs.function and abs(mine.statement - theirs.statement) == 1


def _crossed(one: Found, other: Found) -> bool:
    """Whether each of two places holds what belongs at the other; two that hold the same are not exchanged."""
    mine, theirs = one.record.value, other.record.value
    return same(mine, other.right, 1e-7) and same(theirs, one.right, 1e-7) and not same(mine, theirs, 1e-7)
