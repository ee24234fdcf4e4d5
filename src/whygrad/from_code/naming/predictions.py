"""Exponentials of the scores that were not divided by what makes probabilities of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_code.naming.wording import Name, Wording, filled
from whygrad.from_code.observe.arrays import same
from whygrad.from_code.reference.inputs import OUTPUTS
from whygrad.mistakes import OPERATORS

if TYPE_CHECKING:
    from whygrad.from_code.observe.arrays import Array

_PREDICTION = "yt_pred"
_DIVIDES = re.compile(r"/|divide")


def divided_otherwise(wording: Wording) -> Name | None:
    """A prediction whose columns are the right ones, each of them scaled."""
    value, right, outputs = wording.value, wording.right, OUTPUTS.get(wording.function, ())
    if value is None or right is None or value.shape != right.shape or _PREDICTION not in outputs:
        return None
    if not same(right, wording.search.quantities.results[str(outputs.index(_PREDICTION))], wording.tolerance):
        return None
    divided = _how_divided(wording, value, right)
    if divided is None:
        return None
    operator, words = OPERATORS["prediction-wrong"], wording.words(wording.quantity, f"the exponentials are {divided}")
    if not words["quantity"].isidentifier():
        words["quantity"] = "the prediction"
    return Name(operator.id, wording.quantity, operator.says.format(**words), filled(operator.hints, words), exact=True)


def _how_divided(wording: Wording, value: Array, right: Array) -> str | None:
    """What was done with the exponentials instead."""
    with np.errstate(all="ignore"):
        ratio = value / right
    if value.shape[1] < 2 or not same(ratio, ratio[:1] + 0 * ratio, wording.tolerance):  # noqa: PLR2004 - of one example all sums are one
        return None
    if same(value.sum(), 1.0, wording.tolerance):
        return "divided by their sum over classes and examples"
    divides = _DIVIDES.search(wording.found.record.place.text) is not None
    return "divided by something else than their sum" if divides else "not divided by their sum"
