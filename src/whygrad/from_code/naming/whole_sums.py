"""Sums over the steps: that of another parameter under a wrong name, and what is no sum and is added up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.from_code.naming.wording import VOCABULARY, Wording
from whygrad.from_code.observe.subject import same

if TYPE_CHECKING:
    from whygrad.from_code.naming.wording import Name

_ALL_STEPS = (
    "What one step hands back belongs to the step before it alone. Print {name} at step 0 at each turn of the loop: does it change before "
    "its turn comes?"
)


class WholeSums(Wording):
    """Names for whole sums in each other's place, or where none belongs."""

    def _sum_of_another(self) -> Name | None:
        """A line that has the whole sum of another parameter: nothing is wrong in what it was added up of."""
        own, results = self.quantity, self.search.quantities.results
        if not self._loops() or own not in results or self.value is None:
            return None
        other = next((name for name, whole in results.items() if name != own and same(self.value, whole, self._tolerance)), None)
        if other is None:
            return None
        known = "gate-swapped" if VOCABULARY.kind(other) == VOCABULARY.kind(own) is not None else "name-replaced"
        return self._plain(known, f"{own} gets the sum over the steps that belongs to {other}", exact=True)

    def _added_to_all_steps(self) -> Name | None:
        """A call that is given a step of what a line of the loop changes as a whole, at each turn."""
        place, subject = self.found.record.place, self.search.subject
        base = place.text.partition("[")[0]
        changes = (one for one in subject.places if (one.kind, one.target, one.function) == ("after", base, place.function) and one.loops)
        line = next(changes, None) if self.found.how == "argument" and base != place.text else None
        if line is None:
            return None
        says = f"line {line.line} adds what comes back from a step to all steps of {base} at once, and this call is given one of them"
        return self._plain("carry-added-up", says, exact=True, lines=((line.source, line.line),)).asking(_ALL_STEPS.format(name=base))
