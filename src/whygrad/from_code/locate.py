"""Find the lines by experiment: put the right value at a place, run on, and see which observations come right.

One mistake a round. Candidates are loop bounds, the arguments of the cell's calls, values that are no right quantity at all, then right
quantities in the wrong place; each with the few quantities that the place can stand for. From the place that cures, the search goes back
along the values that the line reads, as long as an earlier place cures as much. Copies of a value find memory that two names share.
"""

from __future__ import annotations

from dataclasses import replace

from whygrad.from_code.candidates import Candidates
from whygrad.from_code.experiment import STATED, Found

_ROUNDS = 6
"""Mistakes that are looked for in one function."""
_MOST_RUNS = 600


class Search(Candidates):
    """The search in one function."""

    def run(self) -> list[Found]:
        """All mistakes, in the order in which they stand in the code; ``complete`` tells whether all results come right with them."""
        for _ in range(_ROUNDS):
            self._round = self._look()
            if not self._round.wrong:
                break
            found = self._next()
            self._last = self._now.records
            if found is None:
                break
            self._keep(found)
            self.substitutes += found.substitutes
            if found.how in STATED:  # what is said of these results is all that can be said of them
                self._leave_out(found.cured)
        self.complete = self._round is not None and not self._look().wrong
        if self.complete:
            self._drop()
        self._place_the_missing()
        self.found.sort(key=lambda found: found.record.place.id)
        return self.found

    def _place_the_missing(self) -> None:
        """Where lines are missing, the line that computes what they need is known only when that is right."""
        if self._round is None or not (self.absent or any(found.how == "unfilled" for found in self.found)):
            return
        self._round = self._look()
        for number, found in enumerate(self.found):
            if found.how == "unfilled" and not self._calls():
                self.found[number] = replace(found, record=self._makes(found.names) or found.record)
        made = self._makes(self.absent) if self.absent else None
        if made is not None:
            self.found.append(Found(made, "missing", None, None, (), frozenset(self.absent), names=tuple(self.absent)))

    def _keep(self, found: Found) -> None:
        """Two findings at one place are one, and so are several names that are unpacked at once."""
        place = found.record.place
        for number, other in enumerate(self.found):
            together = other.record.place.kind == place.kind == "target" and other.record.place.statement == place.statement
            if other.how == found.how and (other.record.place.id == place.id or together):
                self.found[number] = replace(
                    other,
                    substitutes=(*other.substitutes, *found.substitutes),
                    cured=other.cured | found.cured,
                    visits=(*other.visits, *found.visits),
                    names=(*other.names, *found.names),
                )
                return
        self.found.append(found)

    def _next(self) -> Found | None:
        """The next mistake: the first candidate that cures something and spoils nothing, followed back to where it comes from."""
        for candidates in (
            self._keys, self._never_stored, self._loops, self._indices, self._certainly_wrong, self._aliases,
            self._misplaced_by_name, self._returned, self._misplaced,
        ):  # fmt: skip
            for found in candidates() if self._now.wrong else ():
                if found is not None:
                    return self._back(found)
                if self.subject.runs > _MOST_RUNS:
                    return None
        return None

    def _drop(self) -> None:
        """Leave out each finding without which all results are right as well."""
        for found in list(self.found):
            rest = tuple(sub for other in self.found if other is not found for sub in other.substitutes)
            if len(self.found) > 1 and found.how not in STATED and self._results_right(self.subject.run(rest)):
                self.found.remove(found)
