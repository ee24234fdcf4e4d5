"""A factor or a term too many or too few: what is left of a wrong value, divided by the right one or less it, is a quantity with a name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_code.naming.wording import VOCABULARY, Name, Wording, short, word
from whygrad.from_code.observe.arrays import array_of, same
from whygrad.from_code.observe.expression import broadcast
from whygrad.from_code.observe.harmless import ACTIVATIONS

if TYPE_CHECKING:
    from whygrad.from_code.observe.quantities import Quantity


_CLOSE = 1e-6
"""Two numbers are taken for the same."""
_SAME = 1e-5
"""A factor so near to 1 is none; six digits of it would say 1."""
_AVERAGES = re.compile(r"\b(mean|average)\(")


def by_algebra(wording: Wording) -> Name | None:
    """What the quotient of the two values, or their difference, tells."""
    value, right = wording.value, wording.right
    if (another := another_activation(wording)) is not None:
        return another
    if value is None or right is None or not broadcast(right.shape, value.shape):
        return None
    one_number = value.size > 1 and np.ptp(value) == 0  # ones are a derivative, and 0.5 is a sigmoid, of nothing
    otherwise = None if one_number else _squashed_otherwise(wording, value, right) or differentiated_otherwise(wording, value, right)
    return otherwise or (_factor(wording, value, right) if value.shape == right.shape else None) or lacks_a_term(wording, value, right)


def another_activation(wording: Wording) -> Name | None:
    """A helper's line that gives something else than an activation of what it is given: a series, or that itself."""
    if wording.right is None or wording.found.record.place.function == wording.search.subject.function:
        return None
    for read in wording.found.reads:
        given = array_of(read.value)
        for name, activation in (("tanh", np.tanh), ("sigmoid", ACTIVATIONS["sigmoid"])):
            with np.errstate(all="ignore"):
                fits = given is not None and given.any() and same(activation(given), wording.right, wording.tolerance)
            if fits:
                says = f"{short(wording.found)} is not the {name} of {read.place.text}, which belongs here"
                return wording.plain("activation-wrong", says, exact=True)
    return None


def _squashed_otherwise(wording: Wording, value: Any, right: Any) -> Name | None:  # noqa: ANN401 - arrays
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
            return wording.plain("activation-wrong", f"{short(wording.found)} gets the {has} of what belongs into {belongs}", exact=True)
    return None


def differentiated_otherwise(wording: Wording, value: Any, right: Any) -> Name | None:  # noqa: ANN401 - arrays
    """The tanh's derivative where that of a sigmoid of the same value belongs, or the other way round."""
    for record in wording.search.quantities.tables[0].records:
        out = array_of(record.value)
        if out is None or out.shape != right.shape or out.dtype.kind != "f":
            continue
        with np.errstate(all="ignore"):
            both = {"a sigmoid": out * (1 - out), "the tanh": 1 - out * out}
        has, belongs = (next((name for name, of in both.items() if same(one, of, 1e-6)), None) for one in (value, right))
        if has is not None and belongs is not None and has != belongs:
            says = f"{short(wording.found)} is the derivative of {has}, where that of {belongs} belongs"
            return wording.plain("wrong-activation-derivative", says, exact=True)
    return None


def _factor(wording: Wording, value: Any, right: Any) -> Name | None:  # noqa: ANN401
    with np.errstate(all="ignore"):
        over, under = right / value, value / right
    for ratio, known, lack in ((over, "factor-dropped", "lacks a factor"), (under, "factor-added", "has a factor too many")):
        if not np.isfinite(ratio).all() or not ratio.any():
            continue
        if abs(ratio - 1).max() <= _SAME:
            return None
        if ratio.size > 1 and np.ptp(ratio) <= 1e-6 * abs(ratio.flat[0]):
            return _constant(wording, float(over.flat[0]))
        for quantity in wording.quantities(ratio):
            return wording.plain(known, f"{short(wording.found)} {lack}{_which(quantity)}", exact=False)
    return None


def _constant(wording: Wording, times: float) -> Name:
    if times > 1 and abs(times - round(times)) < _CLOSE and _AVERAGES.search(wording.found.record.place.text):
        return wording.plain("mean-for-sum", f"{short(wording.found)} has a mean where the sum belongs", exact=True)
    records = wording.search.quantities.tables[0].records
    examples = {float(record.value) for record in records if record.name == "m" and isinstance(record.value, int)}
    mean = any(abs(times - number) < _CLOSE for number in examples)
    known = "mean-for-sum" if mean else "factor-dropped" if abs(times) > 1 else "factor-added"
    small, factor = abs(times) > 1, times if abs(times) > 1 else 1 / times
    says = f"{short(wording.found)} is too {'small' if small else 'large'} by the factor {factor:.6g} everywhere"
    return wording.plain(known, says, exact=False)


def lacks_a_term(wording: Wording, value: Any, right: Any) -> Name | None:  # noqa: ANN401
    """A quantity that was left out of a sum, or was added too often."""
    for rest, known, lack in ((right - value, "term-dropped", "lacks a term"), (value - right, "term-repeated", "has a term too many")):
        for quantity in wording.quantities(rest):
            return wording.plain(known, f"{short(wording.found)} {lack}{_which(quantity)}", exact=False)
    return None


def _which(quantity: Quantity) -> str:
    """What is lacking, where the learner can know it by a name."""
    return f": {word(quantity)}" if quantity.name in VOCABULARY.words else ""
