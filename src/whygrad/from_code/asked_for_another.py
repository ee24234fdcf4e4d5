"""A helper's line alone that is right, where it is handed another quantity than the one of which it gives what belongs there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.from_code.expression import Expression
from whygrad.from_code.helpers import Helpers
from whygrad.from_code.roles import put
from whygrad.from_code.subject import same, shape_of

if TYPE_CHECKING:
    from whygrad.from_code.experiment import Found


class AskedForAnother(Helpers):
    """The way from such a line to the call."""

    def _handed_another(self, found: Found) -> Found | None:
        """The call of the helper in which the line found stands, with the quantity that should be handed over; None where there is none."""
        record, right = found.record, found.right
        if found.how != "value" or record.place.kind != "return" or right is None or not self._simple(record.place.function):
            return None
        call, shape = self._call_of(record), shape_of(right)
        if call is None or not shape or shape_of(call.value) != shape:
            return None
        reads = {read.place.text: read.value for read in self._reads(record)}
        line = Expression(record.place.computes.removeprefix("return"), reads)
        given = [name for name, text in line.texts.items() if same(reads[text], call.value, 0.0)]
        for quantity in self.quantities.like(shape, self._phase(call)) if line.tree is not None and given else ():
            fits = same(line.with_values(dict.fromkeys(given, quantity.value)), right, self.tolerance)
            if fits and not same(quantity.value, call.value, self.tolerance):
                tried = self._try(call, "value", put([(call, quantity.value)]), quantity.value, quantity)
                return tried if tried is not None and tried.cured >= found.cured else None
        return None
