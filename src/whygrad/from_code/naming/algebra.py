"""A factor or a term too many or too few: what is left of a wrong value, divided by the right one or less it, is a quantity with a name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_code.naming.wording import VOCABULARY, Name, Wording, short, word
from whygrad.from_code.observe.expression import broadcast
from whygrad.from_code.observe.harmless import ACTIVATIONS
from whygrad.from_code.observe.subject import array_of, same

if TYPE_CHECKING:
    from whygrad.from_code.observe.quantities import Quantity


_CLOSE = 1e-6
"""Two numbers are taken for the same."""
_SAME = 1e-5
"""A factor so near to 1 is none; six digits of it would say 1."""
_AVERAGES = re.compile(r"\b(mean|average)\(")


class Algebra(Wording):
    """Names that follow from the quotient and from the difference of two values."""

    def _by_algebra(self) -> Name | None:
        value, right = self.value, self.right
        if (another := self._another_activation()) is not None:
            return another
        if value is None or right is None or not broadcast(right.shape, value.shape):
            return None
        one_number = value.size > 1 and np.ptp(value) == 0  # ones are a derivative, and 0.5 is a sigmoid, of nothing
        otherwise = None if one_number else self._squashed_otherwise(value, right) or self._differentiated_otherwise(value, right)
        return otherwise or (self._factor(value, right) if value.shape == right.shape else None) or self._term(value, right)

    def _another_activation(self) -> Name | None:
        """A helper's line that gives something else than an activation of what it is given: a series, or that itself."""
        if self.right is None or self.found.record.place.function == self.search.subject.function:
            return None
        for read in self.found.reads:
            given = array_of(read.value)
            for name, activation in (("tanh", np.tanh), ("sigmoid", ACTIVATIONS["sigmoid"])):
                with np.errstate(all="ignore"):
                    fits = given is not None and given.any() and same(activation(given), self.right, self._tolerance)
                if fits:
                    says = f"{short(self.found)} is not the {name} of {read.place.text}, which belongs here"
                    return self._plain("activation-wrong", says, exact=True)
        return None

    def _squashed_otherwise(self, value: Any, right: Any) -> Name | None:  # noqa: ANN401 - arrays
        """The tanh of what belongs into a sigmoid, or the other way round, whichever function made it."""
        if value.shape != right.shape or value.dtype.kind != "f" or not (np.abs(value) < 1).all():
            return None
        sigmoid, softmax = ACTIVATIONS["sigmoid"], ACTIVATIONS["softmax"]
        with np.errstate(all="ignore"):
            of_tanh, of_sigmoid = np.arctanh(value), np.log(value / (1 - value))
            ways = (
                ("tanh", "a sigmoid", sigmoid(of_tanh)),
                ("sigmoid", "a tanh", np.tanh(of_sigmoid)),
                ("tanh", "a softmax", softmax(of_tanh)),
                ("sigmoid", "a softmax", softmax(of_sigmoid)),
            )
        for has, belongs, other in ways:
            if np.isfinite(other).all() and same(other, right, 1e-6):
                return self._plain("activation-wrong", f"{short(self.found)} gets the {has} of what belongs into {belongs}", exact=True)
        return None

    def _differentiated_otherwise(self, value: Any, right: Any) -> Name | None:  # noqa: ANN401 - arrays
        """The tanh's derivative where that of a sigmoid of the same value belongs, or the other way round."""
        for record in self.search.quantities.tables[0].records:
            out = array_of(record.value)
            if out is None or out.shape != right.shape or out.dtype.kind != "f":
                continue
            with np.errstate(all="ignore"):
                both = {"a sigmoid": out * (1 - out), "the tanh": 1 - out * out}
            has, belongs = (next((name for name, of in both.items() if same(one, of, 1e-6)), None) for one in (value, right))
            if has is not None and belongs is not None and has != belongs:
                says = f"{short(self.found)} is the derivative of {has}, where that of {belongs} belongs"
                return self._plain("wrong-activation-derivative", says, exact=True)
        return None

    def _factor(self, value: Any, right: Any) -> Name | None:  # noqa: ANN401
        with np.errstate(all="ignore"):
            over, under = right / value, value / right
        for ratio, known, lack in ((over, "factor-dropped", "lacks a factor"), (under, "factor-added", "has a factor too many")):
            if not np.isfinite(ratio).all() or not ratio.any():
                continue
            if abs(ratio - 1).max() <= _SAME:
                return None
            if ratio.size > 1 and np.ptp(ratio) <= 1e-6 * abs(ratio.flat[0]):
                return self._constant(float(over.flat[0]))
            for quantity in self._quantities(ratio):
                return self._plain(known, f"{short(self.found)} {lack}{_which(quantity)}", exact=False)
        return None

    def _constant(self, times: float) -> Name:
        if times > 1 and abs(times - round(times)) < _CLOSE and _AVERAGES.search(self.found.record.place.text):
            return self._plain("mean-for-sum", f"{short(self.found)} has a mean where the sum belongs", exact=True)
        records = self.search.quantities.tables[0].records
        examples = {float(record.value) for record in records if record.name == "m" and isinstance(record.value, int)}
        mean = any(abs(times - number) < _CLOSE for number in examples)
        known = "mean-for-sum" if mean else "factor-dropped" if abs(times) > 1 else "factor-added"
        small, factor = abs(times) > 1, times if abs(times) > 1 else 1 / times
        says = f"{short(self.found)} is too {'small' if small else 'large'} by the factor {factor:.6g} everywhere"
        return self._plain(known, says, exact=False)

    def _term(self, value: Any, right: Any) -> Name | None:  # noqa: ANN401
        for rest, known, lack in ((right - value, "term-dropped", "lacks a term"), (value - right, "term-repeated", "has a term too many")):
            for quantity in self._quantities(rest):
                return self._plain(known, f"{short(self.found)} {lack}{_which(quantity)}", exact=False)
        return None


def _which(quantity: Quantity) -> str:
    """What is lacking, where the learner can know it by a name."""
    return f": {word(quantity)}" if quantity.name in VOCABULARY.words else ""
