"""Names that are unpacked the other way round, so that an array stands for a list of caches or the like, and the function raises."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

from whygrad.from_code import observed
from whygrad.from_code.experiment import Found
from whygrad.from_code.roles import Roles
from whygrad.from_code.subject import array_of
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_code.subject import Record


class OtherWayRound(Roles):
    """The experiment with two names of one line, of which one holds an array and the other does not."""

    def _unpacked_the_other_way_round(self) -> Iterator[Found]:
        """Where nothing is returned: two names that are given each other's values, and the function comes to its end."""
        lines: dict[int, list[Record]] = defaultdict(list)
        for record in () if self._gives_results() else self._now.records:
            if record.place.kind == "target" and not record.visit and not record.place.loops:
                lines[record.place.statement].append(record)
        for records in lines.values():
            for one, other in combinations(records, 2):
                if (array_of(one.value) is None) == (array_of(other.value) is None):
                    continue
                puts = (Substitute(one.place.id, None, other.value), Substitute(other.place.id, None, one.value))
                given = self.subject.run((*self.substitutes, *puts))
                if any(map(observed.is_result, given)):
                    cured = self._right(given) - self._now.right
                    names = (one.place.target, other.place.target)
                    yield Found(one, "swapped", other.value, None, puts, cured, inputs=True, names=names)
