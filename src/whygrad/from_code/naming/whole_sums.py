"""The sum over the steps of another parameter, made rightly and handed out under a wrong name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.from_code.naming.wording import VOCABULARY, Wording
from whygrad.from_code.observe.subject import same

if TYPE_CHECKING:
    from whygrad.from_code.naming.wording import Name


class WholeSums(Wording):
    """Names for whole sums in each other's place."""

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
