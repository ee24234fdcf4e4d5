"""Say what is wrong at a line: which mistake it is, in the learner's own names.

In this order: what the experiment itself tells (a loop's bounds, a key, memory under two names); an edit of the reference that gives the
very same; another quantity in this place; a sum over the steps that goes wrong; a factor or a term too many or too few. Where nothing of
this fits, how far the value is off.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.from_code.arithmetic import Arithmetic
from whygrad.from_code.experiment import chained, undone
from whygrad.from_code.parts import ARGUMENTS
from whygrad.from_code.repair import Repair, repair
from whygrad.from_code.subject import array_of, same
from whygrad.from_code.variants import giving_results, giving_value, right_values
from whygrad.from_code.wording import VOCABULARY, Name, filled, short
from whygrad.from_code.words import listed
from whygrad.mistakes import OPERATORS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.experiment import Found
    from whygrad.from_code.locate import Search
    from whygrad.from_code.subject import Array, Observations
    from whygrad.mistakes import Edit
    from whygrad.sandbox.places import Place
    from whygrad.sandbox.requests import Value


_CLOSE = 1e-6
"""Two numbers are taken for the same."""
_TOO_BROAD = frozenset(("factor-dropped", "wrong-activation-derivative"))
"""Edits of the reference that many lines amount to: what the learner's own line has comes first, if it is one of ``_WRITTEN``."""
_WRITTEN = frozenset(("operator-replaced", "sign-flipped", "bracket-moved", "mean-for-sum"))


def named(search: Search, found: Found, arguments: tuple[Value, ...], remaining: Observations) -> Name:
    """What is wrong there; ``remaining`` are the results of the program in which every other finding is mended."""
    namer = _Namer(search, found, arguments, remaining)
    return next(namer.names())


class _Namer(Arithmetic):
    def names(self) -> Iterator[Name]:
        """Names, the best first; the last always fits."""
        cell = "cell" in self.function
        looks = (
            (self._by_edit, self._by_stack, self._by_repair, self._by_algebra, self._equal, self._by_results)
            if cell
            else (self._by_results, self._by_repair, self._equal, self._by_algebra)
        )
        for look in (self._by_experiment, self._at_first_sight, *looks):
            name = look()
            if name is not None:
                yield name
        yield self._anyhow()

    # -- by experiment --------------------------------------------------------------------------------------------------

    def _by_experiment(self) -> Name | None:  # noqa: C901, PLR0912 - one for each way of being found
        """What the way in which it was found already tells."""
        found, place = self.found, self.found.record.place
        name, backward = short(found), self.function.endswith("backward")
        match found.how:
            case "key":
                known, says = "returned-wrong", f"what belongs under the key {found.right} gets another key here, or another dictionary"
            case "twice":
                known, says = "gate-swapped", f"{found.right} stands here twice, so another gate is left out"
            case "missing":
                known, says = "returned-wrong", self._not_returned()
            case "branch":
                known, says = (
                    "gate-swapped",
                    f"the condition {place.text} sends a gate the wrong way: {place.target} is wrong in both branches",
                )
            case "swapped":
                return self._exchanged()
            case "unfilled":
                known, says = self._never_stored()
            case "index":
                known = "input-gradient-stored-wrong" if backward else "state-stored-wrong"
                says = f"{place.target} is written at another step than the one that was computed"
            case "copy":
                if self.function.endswith("backward") and (names := chained(place) or _two_names(place)):
                    return self._one_array(names)
                other = _right_side(place)
                alone = f"{name} is no copy, it is memory of {name.partition('[')[0]}"
                both = alone if name == other else f"{name} and {other} are one memory"
                known, says = self._shared(), f"{both}: what is written to one later changes the other"
            case "value" if found.lost is not None:
                known, says = "overwritten-not-summed", f"{name} is set anew here: what line {found.lost.place.line} gave it before is lost"
                return self._plain(known, says, exact=True)
            case "argument" if found.made is not None:
                known = "carry-missing" if backward else "state-not-carried"
                line, new = found.made.place.line, f"the loop gives {name} no new value"
                kept = f"{name} still holds what line {line} made of it at the step before: {new}"
                says = kept if found.made.place.kind == "after" else f"this call is given at each step what line {line} made: {new}"
            case "value" if re.search(r"\brandom\b|\brandn?\(", place.text):
                known, says = "draws-random", f"{name} is drawn at random here"
            case "argument" | "value":
                return self._given_otherwise()
            case _:
                return None
        return self._plain(known, says, exact=found.how == "twice")

    def _exchanged(self) -> Name:
        """Names that are given each other's values, or arguments in each other's place."""
        names, place = self.found.names, self.found.record.place
        if place.kind == "argument":
            slots = [name.rpartition("(")[2].rstrip(")") for name in names]
            cell = self.search.subject.cell
            given = [ARGUMENTS[cell][int(slot)] if slot.isdigit() else slot for slot in slots]
            return self._plain("call-argument-wrong", f"{listed(given)} stand in each other's place in this call of {cell}", exact=False)
        if place.kind == "target":
            says = f"{listed(names)} are unpacked here in another order than what they are made of"
        else:
            says = f"{listed(names)} are given each other's values, here and in the line after"
        kinds = {VOCABULARY.kind(self.quantity), *(VOCABULARY.kind(quantity.name) for quantity in self._quantities(self.value))}
        return self._plain("gate-swapped" if len(kinds) == 1 and None not in kinds else "name-replaced", says, exact=False)

    def _not_returned(self) -> str:
        """Results that are not among what is returned."""
        names = f"the key{'s' * (len(self.found.names) > 1)} {listed(self.found.names)}"
        return_ = self.found.record.place.kind == "return"
        return f"nothing is returned under {names}" if return_ else f"what belongs under {names} is not stored anywhere after this line"

    def _never_stored(self) -> tuple[str, str]:
        """What is made, and where, and the line at which what belongs into it is at hand, or goes elsewhere."""
        found, made = self.found, self.found.made
        names, where = listed(dict.fromkeys(found.names)), f"made at line {made.place.line}" if made else "made"
        many = len(dict.fromkeys(found.names)) > 1
        stay = f"{names} {'stay as they are' if many else 'stays as it is'} {where}"
        place, calling = found.record.place, self.search.subject.calling
        if place.kind == "return" and place.statement not in calling:
            return "left-at-zero", f"{names} {'are' if many else 'is'} returned here just as {where}: nothing is stored in between"
        if place.statement in calling or not calling:
            return "left-at-zero", f"{stay}: nothing of what this line computes is stored there"
        if found.record.name in found.names:
            return "left-at-zero", f"{stay}: this line changes nothing"
        known = "accumulator-copied" if self.function.endswith("backward") else "state-stored-wrong"
        says = f"what belongs into {names} is stored in {place.target} here: {stay}"
        return "input-gradient-stored-wrong" if "dx" in found.names else known, says

    def _given_otherwise(self) -> Name | None:  # noqa: PLR0911 - one for each of the ways
        """What a call of the cell is given instead: the cache of another step, or only one of the two parts of its gradient."""
        if "cell" in self.function:
            return None
        calls, record = self.search.quantities.calls, self.found.record
        if not self.function.endswith("backward"):
            return self._started_anew()
        steps, step = len(calls), len(calls) - 1 - record.phase
        value: Any = record.value
        if isinstance(value, (tuple, list)):
            given = cast("Value", value)
            other = next((n for n, call in enumerate(calls) if n != record.phase and same(given, call[-1], self._tolerance)), None)
            says = f"the call at step {step} gets the cache of step {steps - 1 - (other or 0)}"
            return None if other is None else self._plain("cache-of-wrong-step", says, exact=True)
        upstream: Any = self.arguments[0]
        if (
            self.value is None
            or self.right is None
            or record.phase >= steps
            or not same(self.right, calls[record.phase][0], self._tolerance)
        ):
            return None
        part = upstream[:, :, step]
        if self.value.shape == part.shape == self.right.shape:
            if same(self.value, part, self._tolerance):
                return self._not_carried(step, part)
            if same(self.value, part - (self.right - part), self._tolerance):
                says = f"the call at step {step} is given its own step's gradient less what comes back from the step after"
                return self._plain("sign-flipped", says, exact=True)
            other = next((n for n in range(upstream.shape[2]) if n != step and self._comes_in(upstream[:, :, n], self.right - part)), None)
            if other is not None:
                says = f"the call at step {step} is given the upstream gradient of step {other}"
                return self._plain("upstream-wrong-step", says, exact=True)
            used = not self.value.any() and any(same(read.value, part, self._tolerance) for read in self.found.reads)
            if not used and same(self.value, self.right - part, self._tolerance):
                says = f"the call at step {step} is given only what comes back from the step after, without its own step's gradient"
                return self._plain("upstream-missing", says, exact=True)
        return None

    def _comes_in(self, upstream: Array, carried: Array) -> bool:
        """Whether the value found is this upstream gradient with what is carried."""
        return self.value is not None and same(self.value, upstream + carried, self._tolerance)

    def _not_carried(self, step: int, part: Array) -> Name:
        """A call that is given only its own step's gradient: the carry that the line reads is zero, or it reads none."""
        zero = [read for read in self.found.reads if read.place.kind == "read" and _is_zero(read.value, part)]
        says = f"the call at step {step} is given only its own step's gradient: "
        says += f"{zero[-1].place.text} is still zero there" if zero else "what comes back from the step after is not added"
        plain = self._plain("carry-missing", says, exact=True)
        name = zero[-1].place.text if zero else "what the later step hands back"
        words = {**self._words(self.quantity, says), "quantity": name}
        return replace(plain, hints=filled(OPERATORS["carry-missing"].hints, words))

    def _one_array(self, names: Sequence[str]) -> Name:
        """Several sums are made as one array."""
        says = f"{listed(names)} are one array: what is added to one is added to all"
        equal = f"Print {names[0]} and {names[1]} after the loop: are they equal, though different gradients were added?"
        hints = (
            f"Look at the line that makes {listed(names)} in {self.function}.",
            f"An assignment makes no array, it gives one a name, and += changes the array itself. {equal}",
            "What the mathematics asks for: each parameter has a sum over the steps of its own.",
        )
        return Name("one-buffer-two-names", self.quantity, says, hints, exact=False)

    def _started_anew(self) -> Name | None:
        """A forward pass whose cell is given its start value again at a later call."""
        starts = [right for right in self.search.quantities.calls[0][1:-1] if array_of(right) is not None]
        if self.value is None or self.found.how != "argument" or not self.found.record.phase:
            return None
        if not any(same(self.value, start, self._tolerance) for start in starts):
            return None
        step, name = self.found.record.phase, short(self.found)
        says = f"the call at step {step} is given the start value once more: the loop gives {name} no new value"
        return self._plain("state-not-carried", says, exact=True)

    def _shared(self) -> str:
        """Which mistake it is that two names share memory."""
        edit = giving_results(self.function, (), self.arguments, self.remaining, self._tolerance)
        whole = self.value is not None and self.value.ndim == 3 and "[" not in _right_side(self.found.record.place)  # noqa: PLR2004 - all steps
        return edit.operator if edit is not None else "one-buffer-two-names" if whole else "view-of-output"

    # -- by an edit of the reference -----------------------------------------------------------------------------------

    def _by_edit(self) -> Name | None:
        """The equation of the reference, edited, gives this very value."""
        quantity = self.found.quantity
        if "cell" not in self.function or quantity is None or self.value is None or quantity.name != self.quantity:
            return None
        values = right_values(self.search.quantities, self.arguments, self.found.record.phase)
        edit = giving_value(self.function, self.quantity, values, self.value, self._tolerance)
        if edit is None:
            return None
        change = self._by_repair() if edit.operator in _TOO_BROAD else None
        return change if change is not None and change.id in _WRITTEN else self._of_edit(edit)

    def _by_results(self) -> Name | None:
        """The whole function of the reference, edited, gives these very results."""
        if not self.search.complete:
            return None
        around = tuple(dict.fromkeys((self.quantity, *_results_at(self.remaining, self.search.expected, self.search.tolerance))))
        edit = giving_results(self.function, around[:4], self.arguments, self.remaining, self._tolerance)
        return None if edit is None else self._of_edit(edit)

    def _of_edit(self, edit: Edit) -> Name:
        operator = OPERATORS[edit.operator.split(" + ")[0]]
        words = self._words(edit.quantity, edit.detail)
        return Name(operator.id, edit.quantity, operator.says.format(**words), filled(operator.hints, words), exact=True)

    def _by_stack(self) -> Name | None:
        """The line reads the stack of hidden state and input with its rows in another order."""
        rights = [array for quantity in self.search.quantities.named("concat", 0) if (array := array_of(quantity.value)) is not None]
        for read in self.found.reads if rights else ():
            array = array_of(read.value)
            if array is None or array.shape != rights[0].shape or same(array, rights[0], self._tolerance):
                continue
            if same(array[np.lexsort(array.T)], rights[0][np.lexsort(rights[0].T)], self._tolerance):
                says = f"the rows of {read.place.text} stand in another order than the columns of the weights that meet them"
                return self._plain("stack-wrong", says, exact=False)
        return None

    # -- by a change of the learner's own line -------------------------------------------------------------------------

    def _by_repair(self) -> Name | None:
        """A change of the line that makes the right value of what it read, here or at its first visit."""
        found, place = self.found, self.found.record.place
        if self.right is None or place.kind == "loop":
            return None
        change = self._repaired(found)
        if change is None and (first := self.search.first_visit(found)) is not None:
            change = self._repaired(first)
        return None if change is None else self._plain(change.id, _has(short(found), change.says), exact=change.exact)

    def _repaired(self, found: Found) -> Repair | None:
        place, text = found.record.place, found.record.place.text
        right: Any = array_of(found.right)
        value: Any = array_of(found.record.value)
        if place.kind in {"assign", "right", "after"}:
            text = text.partition("=")[2]
            right, value = (self._added(found, right), self._added(found, value)) if place.kind == "after" else (right, value)
        elif place.kind == "target" and text == place.target:
            text, right, value = self.search.subject.right_side(place), self.search.together(found), None
        elif place.kind == "return":
            text = text.removeprefix("return")
        missing = self.search.quantities.around(found.record.phase if "cell" not in self.function else None)
        scope = self.search.scope(found.record)
        return None if right is None else repair(text, found.reads, scope, right, self.search.tolerance, wrong=value, missing=missing)

    def _added(self, found: Found, whole: Any) -> Any:  # noqa: ANN401 - arrays, or None where it is unknown
        """What the right side of += and the like is, if this is what comes out, given what stood on the left."""
        before = next((read.value for read in found.reads if read.place.kind == "before"), None)
        return undone(found.record.place, whole, before)

    def _anyhow(self) -> Name:
        value, right, name = self.value, self.right, short(self.found)
        if self.found.how == "loop":
            return self._plain(
                "loop-wrong", f"the loop over {self.found.record.place.target} does not go over all the steps, each once", exact=False
            )
        if self.found.how == "argument" and self.function.endswith("forward") and not self.found.record.phase:
            return self._plain("initial-state-wrong", f"{name} is not the state that the sequence starts from", exact=False)
        if self.found.how == "argument":
            return self._plain(
                "call-argument-wrong", f"{name} is not what this call of {self.search.subject.cell} should be given", exact=False
            )
        if value is None or right is None or value.shape != right.shape:
            known = "returned-wrong" if self.search.result(self.found.record) is not None else None
            return self._plain(known, f"{name} comes out wrong here, though all that goes in is right", exact=False)
        wrong = np.abs(value - right) > _CLOSE * np.max(np.abs(right))
        worst = tuple(int(place) for place in np.unravel_index(int(np.argmax(np.abs(value - right))), value.shape)) if value.ndim else ()
        says = f"{int(wrong.sum())} of {value.size} entries of {name} differ, worst at {list(worst)}"
        return self._plain(None, says, exact=False)


def _results_at(remaining: Observations, expected: Observations, tolerance: float) -> Iterator[str]:
    """The names of the results that are still wrong."""
    for name, value in expected.items():
        if not name.startswith("call ") and not (name in remaining and same(remaining[name], value, tolerance)):
            yield name.partition(" ")[0]


def _two_names(place: Place) -> list[str]:
    """The names of ``b = a``."""
    names = [part.strip() for part in place.text.split("=")]
    return names if place.kind == "assign" and len(names) == 2 and all(map(str.isidentifier, names)) else []  # noqa: PLR2004


def _has(name: str, says: str) -> str:
    """The sentence on what a name has; of a part that is itself what is said, that it stands there."""
    return f"{name} stands{says.removeprefix(name)}" if says.startswith((f"{name} where", f"{name} without")) else f"{name} has {says}"


def _is_zero(value: Value, like: Array) -> bool:
    """Whether a value is an array of zeros of this shape."""
    array = array_of(value)
    return array is not None and array.shape == like.shape and not array.any()


def _right_side(place: Place) -> str:
    """What stands right of the equals sign, or the whole text."""
    return place.text.partition("=")[2].strip() or place.text
