"""What is zero, and should not be, or the other way round: a start, a carry, a result, or some columns of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_code.naming.at_which_step import step_of
from whygrad.from_code.naming.by_reference import ByReference
from whygrad.from_code.naming.wording import VOCABULARY, short
from whygrad.from_code.observe.experiment import GIVES, buffer
from whygrad.from_code.observe.subject import array_of, same
from whygrad.from_code.words import which_step
from whygrad.mistakes.words import counted

if TYPE_CHECKING:
    from whygrad.from_code.naming.wording import Name
    from whygrad.from_code.observe.subject import Array

_SLOT = re.compile(r"(\w+)\[([^\]]*[:.][^\]]*)\]")
"""A part of an array that is taken by its axes."""
_GIVEN_EMPTY = "Print {name} just before this line. Which of its parts are zero, and which line should have stored something there?"
_IN_PART = (
    "What no line writes stays zero, and what is computed from it lacks a part. Print {name} behind the last line that fills it: which of "
    "its entries are zero still, and which line should have written them?"
)
_SEVERAL_NAMES = re.compile(r"^(?:[\w.]+ = )+")
"""The other names of ``a = b = value``."""


class Zeros(ByReference):
    """Names for zeros, and for what should be zero."""

    def _starts_from_something(self, value: Array, right: Array) -> Name | None:
        """A carry of a backward pass, or a sum over its steps, given its value before the loop, is not zero as it has to be."""
        place, sequence = self.found.record.place, "cell" not in self.function and self.function.endswith("backward")
        once = sum(record.place.id == place.id for record in self.search.last) == 1
        if (
            self.quantity == "da0"
            or not (sequence and once and place.kind in GIVES and "[" not in place.target)
            or not value.any()
            or right.any()
        ):
            return None
        name, what = short(self.found), _SEVERAL_NAMES.sub("", " ".join(place.computes.split()))
        if self.quantity.startswith(("dW", "db")):
            says = f"the sum over the steps for {name} starts from {what}, not from zero"
            return self._plain("accumulator-starts-wrong", says, exact=True)
        return self._plain("carry-starts-wrong", f"{name} starts from {what}, and nothing comes back to the last step", exact=True)

    def _zero(self) -> Name:
        """What is said of a value that is zero."""
        name = short(self.found)
        if self.quantity == "da0":
            return self._plain("initial-gradient-wrong", f"{name} is zero", exact=False)
        if self.found.record.place.text in self._given_beside() and (twice := self._given_twice()) is not None:
            return twice
        first = not self.found.record.phase and not any(put.visit for put in self.found.substitutes)
        if self.function in {"rnn_forward", "lstm_forward"} and first:
            return self._plain("initial-state-wrong", f"the sequence starts from zero in {name}", exact=False)
        if (says := self._from_an_empty_slot(name)) is not None:
            return self._plain("output-slot-as-state", says, exact=False)
        by_zero = re.search(r"\*\s*0\b|\b0\s*\*", self.found.record.place.text) is not None
        if not by_zero and any((given := array_of(read.value)) is not None and given.any() for read in self.found.reads):
            repaired = self._by_repair()
            if repaired is not None:
                return repaired
        return self._stays_zero(name)

    def _from_an_empty_slot(self, name: str) -> str | None:
        """That a loop forward takes a part of an array into which it stores, and nothing is stored in that part by then."""
        here = self.found.record.place
        slot = _SLOT.fullmatch(" ".join(here.computes.split()))
        if slot is None or not here.loops or self.found.how != "value" or self.function.endswith("backward"):
            return None
        places = (place for place in self.search.subject.places if place.function == here.function and place.loops)
        stores = (_SLOT.fullmatch(place.target) for place in places if place.kind in GIVES | {"after"})
        stored = {_step(store[2]) for store in stores if store is not None and store[1] == slot[1]}
        if not stored:
            return None
        another = "" if _step(slot[2]) in stored else "the slot of another step, "
        step = step_of(self.search, self.found)
        steps = len(self.search.quantities.calls)
        when = "nothing is stored there yet" if step is None else f"at {which_step(step, steps)} nothing is stored there by then"
        return f"{name} is taken from {another}{slot[0]}: {when}"

    def _stays_zero(self, name: str) -> Name:
        """What is zero where something belongs: a carry, or else a result; a carry that is zero at its first turns alone is late."""
        carried, back = self.quantity in VOCABULARY.carries.values() or "prev" in self.quantity, self.function.endswith("backward")
        carried = carried and "cell" not in self.function  # nothing is carried within one step
        known = ("carry-missing" if back else "state-not-carried") if carried else "left-at-zero"
        place = self.found.record.place
        if self.found.how == "value" and known == "carry-missing" and place.loops and self.found.record.phase and place.kind in GIVES:
            if any(np.any(record.value) for record in self.search.last if record.place.id == place.id):
                late = f"{name} is still zero when something has come back, and gets it only at a later turn"
                return self._by_results() or self._plain("carry-wrong", late, exact=False)
            says = f"{name} is set to zero here: what comes back from the step after is lost"
            return self._without_carry(self._plain(known, says, exact=True), name, "anew")
        if self.found.how == "value" and known == "left-at-zero" and buffer(self.found.record):
            says = f"{name} is made of zeros here, and a part of what belongs into it does not get there"
            plain = self._plain(known, says, exact=False)
            filled = any(record.place.target.startswith(f"{place.target}[") for record in self.search.last)
            return plain.asking(_IN_PART.format(name=name)) if filled else plain
        if self.found.how != "argument":
            return self._plain(known, f"{name} is zero here, and what belongs here is not", exact=False)
        step, last = self.found.record.phase, len(self.search.quantities.calls) - 1
        way = "something comes back from the step after" if back else "something comes from the step before"
        way = way if back or step else "a start other than zero belongs"
        number = re.fullmatch(r"[\d.]+", name) is not None
        stands = "stands" if number else f"is {'still ' * name.isidentifier()}zero"
        says = f"{name} {stands} in the call at {which_step(last - step if back else step, last + 1)}, to which {way}"
        plain = self._plain(known, says, exact=False)
        if known != "carry-missing":
            return plain
        made_here = number or "(" in name
        return self._without_carry(plain, *(("what the later step hands back", "number") if made_here else (name, "zero")))

    def _partly_empty(self, value: Array, right: Array) -> Name | None:
        """Some columns, or some rows, are zero, and the rest is right."""
        for one, other, what in ((value, right, "row"), (value.T, right.T, "column")) if value.ndim == 2 else ():  # noqa: PLR2004
            empty: Array = ~np.any(one, axis=1) & np.any(other, axis=1)
            if np.any(empty) and not np.all(empty) and same(one[~empty], other[~empty], self.search.tolerance):
                many = int(np.sum(empty))
                zero = f"{counted(many, what)} of {short(self.found)} {(does := 'is' if many == 1 else 'are')} zero"
                if (given := self._empty_too(many)) is None:
                    return self._plain("left-at-zero", f"{zero}: nothing is stored there", exact=True)
                plain = self._plain("left-at-zero", f"{zero}, and so {does} {given[0]} of {given[1]}", exact=True)
                return plain.asking(_GIVEN_EMPTY.format(name=given[1]))
        return None

    def _empty_too(self, many: int) -> tuple[str, str] | None:
        """The rows, or columns, of zeros in what the line reads, if there are as many, and what it is."""
        for read in self.found.reads:
            array = array_of(read.value)
            for axis, what in ((1, "row"), (0, "column")) if array is not None and array.ndim == 2 else ():  # noqa: PLR2004 - a matrix
                if int(np.sum(~np.any(array, axis=axis))) == many:
                    return counted(many, what), read.place.text
        return None


def _step(index: str) -> str:
    """What stands in an index beside the axes that are taken whole."""
    return ",".join(part for part in index.replace(" ", "").split(",") if part not in {":", "..."})
