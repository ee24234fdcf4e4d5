"""What is zero, and should not be, or the other way round: a start, a carry, a result, or some columns of it."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_code.naming.by_reference import by_results, given_beside, given_twice
from whygrad.from_code.naming.own_line import by_repair
from whygrad.from_code.naming.wording import VOCABULARY, Wording, short, shortened
from whygrad.from_code.observe.arrays import array_of, same
from whygrad.from_code.observe.experiment import GIVES, buffer
from whygrad.from_code.observe.expression import expression_of
from whygrad.from_code.words import which_step
from whygrad.mistakes.words import counted

if TYPE_CHECKING:
    from whygrad.from_code.naming.wording import Name
    from whygrad.from_code.observe.arrays import Array
    from whygrad.sandbox.places import Place

_GIVEN_EMPTY = "Print {name} just before this line. Which of its parts are zero, and which line should have stored something there?"
_IN_PART = (
    "What no line writes stays zero, and what is computed from it lacks a part. Print {name} behind the last line that fills it: which of "
    "its entries are zero still, and which line should have written them?"
)
_SEVERAL_NAMES = re.compile(r"^(?:[\w.]+ = )+")
"""The other names of ``a = b = value``."""
_SLOT = re.compile(r"\[[^\[\]'\"]*\]$")
"""What a line stores into: a part of an array, and no entry under a key."""


def fills(place: Place) -> bool:
    """Whether a line stores one number, the same at each visit, into a part of an array, which has it everywhere then."""
    stores = place.kind in GIVES and _SLOT.search(place.target) is not None
    return stores and (not place.loops or isinstance(expression_of(place.computes), ast.Constant))


def starts_from_something(wording: Wording, value: Array, right: Array) -> Name | None:
    """A carry of a backward pass, or a sum over its steps, given its value before the loop, is not zero as it has to be."""
    place, sequence = wording.found.record.place, "cell" not in wording.function and wording.function.endswith("backward")
    once = sum(record.place.id == place.id for record in wording.search.last) == 1
    if (
        wording.quantity == "da0"
        or not (sequence and once and place.kind in GIVES and "[" not in place.target)
        or not value.any()
        or right.any()
    ):
        return None
    name, what = short(wording.found), _SEVERAL_NAMES.sub("", " ".join(place.computes.split()))
    if wording.quantity.startswith(("dW", "db")):
        says = f"the sum over the steps for {name} starts from {what}, not from zero"
        return wording.plain("accumulator-starts-wrong", says, exact=True)
    return wording.plain("carry-starts-wrong", f"{name} starts from {what}, and nothing comes back to the last step", exact=True)


def is_zero(wording: Wording) -> Name:
    """What is said of a value that is zero."""
    name = short(wording.found)
    if wording.quantity == "da0":
        return wording.plain("initial-gradient-wrong", f"{name} is zero", exact=False)
    if wording.found.record.place.text in given_beside(wording) and (twice := given_twice(wording)) is not None:
        return twice
    first = not wording.found.record.phase and not any(put.visit for put in wording.found.substitutes)
    if wording.function in {"rnn_forward", "lstm_forward"} and first:
        return wording.plain("initial-state-wrong", f"the sequence starts from zero in {name}", exact=False)
    by_zero = re.search(r"\*\s*0\b|\b0\s*\*", wording.found.record.place.text) is not None
    if not by_zero and any((given := array_of(read.value)) is not None and given.any() for read in wording.found.reads):
        repaired = by_repair(wording)
        if repaired is not None:
            return repaired
    return _stays_zero(wording, name)


def _stays_zero(wording: Wording, name: str) -> Name:
    """What is zero where something belongs: a carry, or else a result; a carry that is zero at its first turns alone is late."""
    carried, back = wording.quantity in VOCABULARY.carries.values() or "prev" in wording.quantity, wording.function.endswith("backward")
    carried = carried and "cell" not in wording.function  # nothing is carried within one step
    known = ("carry-missing" if back else "state-not-carried") if carried else "left-at-zero"
    place = wording.found.record.place
    if wording.found.how == "value" and known == "carry-missing" and place.loops and wording.found.record.phase and place.kind in GIVES:
        if any(np.any(record.value) for record in wording.search.last if record.place.id == place.id):
            late = f"{name} is still zero when something has come back, and gets it only at a later turn"
            return by_results(wording) or wording.plain("carry-wrong", late, exact=False)
        says = f"{name} is set to zero here: what comes back from the step after is lost"
        return wording.without_carry(wording.plain(known, says, exact=True), name, "anew")
    if wording.found.how == "value" and known == "left-at-zero" and buffer(wording.found.record):
        says = f"{name} is made of zeros here, and a part of what belongs into it does not get there"
        plain = wording.plain(known, says, exact=False)
        filled = any(record.place.target.startswith(f"{place.target}[") for record in wording.search.last)
        return plain.asking(_IN_PART.format(name=name)) if filled else plain
    if wording.found.how != "argument":
        return wording.plain(known, f"{name} is zero here, and what belongs here is not", exact=False)
    step, last = wording.found.record.phase, len(wording.search.quantities.calls) - 1
    way = "something comes back from the step after" if back else "something comes from the step before"
    way = way if back or step else "a start other than zero belongs"
    number = re.fullmatch(r"[\d.]+", name) is not None
    stands = "stands" if number else f"is {'still ' * name.isidentifier()}zero"
    says = f"{name} {stands} in the call at {which_step(last - step if back else step, last + 1)}, to which {way}"
    if known == "carry-missing" and not step:  # nothing comes back there
        known = "upstream-missing"
        says = f"the call at the last step is given zero: its own step's gradient is lost in {shortened(place.text)}"
    plain = wording.plain(known, says, exact=False)
    if known != "carry-missing":
        return plain
    made_here = number or "(" in name
    return wording.without_carry(plain, *(("what the later step hands back", "number") if made_here else (name, "zero")))


def partly_empty(wording: Wording, value: Array, right: Array) -> Name | None:
    """Some columns, or some rows, are zero, and the rest is right."""
    for one, other, what in ((value, right, "row"), (value.T, right.T, "column")) if value.ndim == 2 else ():  # noqa: PLR2004
        empty: Array = ~np.any(one, axis=1) & np.any(other, axis=1)
        if np.any(empty) and not np.all(empty) and same(one[~empty], other[~empty], wording.search.tolerance):
            many = int(np.sum(empty))
            zero = f"{counted(many, what)} of {short(wording.found)} {(does := 'is' if many == 1 else 'are')} zero"
            if (given := _empty_too(wording, many)) is None or given[1] == short(wording.found):
                return wording.plain("left-at-zero", f"{zero}: nothing is stored there", exact=True)
            plain = wording.plain("left-at-zero", f"{zero}, and so {does} {given[0]} of {given[1]}", exact=True)
            return plain.asking(_GIVEN_EMPTY.format(name=given[1]))
    return None


def _empty_too(wording: Wording, many: int) -> tuple[str, str] | None:
    """The rows, or columns, of zeros in what the line reads, if there are as many, and what it is."""
    for read in wording.found.reads:
        array = array_of(read.value)
        for axis, what in ((1, "row"), (0, "column")) if array is not None and array.ndim == 2 else ():  # noqa: PLR2004 - a matrix
            if int(np.sum(~np.any(array, axis=axis))) == many:
                return counted(many, what), read.place.text
    return None
