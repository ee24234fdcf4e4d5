"""Say what is wrong at a line: which mistake it is, in the learner's own names.

In this order: what the experiment itself tells (a loop's bounds, a key, memory under two names); an edit of the reference that gives the
very same; another quantity in this place; a sum over the steps that goes wrong; a factor or a term too many or too few. Where nothing of
this fits, how far the value is off.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.from_code.repair import repair
from whygrad.from_code.subject import array_of, same
from whygrad.from_code.variants import giving_results, giving_value, right_values, site_name
from whygrad.mistakes import OPERATORS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from whygrad.from_code.experiment import Found
    from whygrad.from_code.locate import Search
    from whygrad.from_code.quantities import Quantity
    from whygrad.from_code.subject import Array, Observations
    from whygrad.mistakes import Edit
    from whygrad.sandbox.requests import Value

_VOCABULARY = SEQUENCE_MODELS.vocabulary
_CLOSE = 1e-6
"""Two numbers are taken for the same."""


@dataclass(frozen=True, slots=True)
class Name:
    """A mistake's ``id`` (None where none fits), the quantity in the assignment's name, a sentence, the hints.

    ``exact`` tells whether the value or the results follow exactly from it: a second fact beside the cure.
    """

    id: str | None
    quantity: str
    says: str
    hints: tuple[str, str, str]
    exact: bool


def named(search: Search, found: Found, arguments: tuple[Value, ...], remaining: Observations) -> Name:
    """What is wrong there; ``remaining`` are the results of the program in which every other finding is mended."""
    namer = _Namer(search, found, arguments, remaining)
    return next(namer.names())


class _Namer:
    def __init__(self, search: Search, found: Found, arguments: tuple[Value, ...], remaining: Observations) -> None:
        self.search, self.found, self.arguments, self.remaining = search, found, arguments, remaining
        self.function = search.subject.function
        self.value, self.right = array_of(found.record.value), array_of(found.right)
        name = found.quantity.name if found.quantity is not None else found.record.name
        self.quantity = site_name(self.function, _carry(self.function, found, name))

    def names(self) -> Iterator[Name]:
        """Names, the best first; the last always fits."""
        cell = "cell" in self.function
        looks = (
            (self._by_edit, self._by_repair, self._by_algebra, self._equal, self._by_results)
            if cell
            else (self._by_results, self._by_repair, self._equal, self._by_algebra)
        )
        for look in (self._by_experiment, self._at_first_sight, *looks):
            name = look()
            if name is not None:
                yield name
        yield self._anyhow()

    # -- by experiment --------------------------------------------------------------------------------------------------

    def _by_experiment(self) -> Name | None:
        found, text = self.found, self.found.record.place.text
        if found.how == "key":
            return self._plain(
                "returned-wrong", f"what belongs under the key {found.right} gets another key here, or another dictionary", exact=True
            )
        if found.how == "unfilled":
            return self._plain("left-at-zero", f"nothing is ever written to {found.right}", exact=True)
        if found.how == "copy":
            edit = giving_results(self.function, (), self.arguments, self.remaining, self._tolerance)
            whole = self.value is not None and self.value.ndim == 3 and "[" not in text.partition("=")[2]  # noqa: PLR2004 - all steps
            known = edit.operator if edit is not None else "one-buffer-two-names" if whole else "view-of-output"
            shared = text.partition("=")[2].strip() or text
            says = f"{_short(found)} and {shared} are one memory: what is written to one of them later changes the other"
            return self._plain(known, says, exact=True)
        if found.how == "index":
            known = "input-gradient-stored-wrong" if self.function.endswith("backward") else "state-stored-wrong"
            return self._plain(known, f"{found.record.place.target} is written at another step than the one that was computed", exact=True)
        return None

    # -- by an edit of the reference -----------------------------------------------------------------------------------

    def _by_edit(self) -> Name | None:
        """The equation of the reference, edited, gives this very value."""
        quantity = self.found.quantity
        if "cell" not in self.function or quantity is None or self.value is None or quantity.name != self.quantity:
            return None
        values = right_values(self.search.quantities, self.arguments, self.found.record.phase)
        edit = giving_value(self.function, self.quantity, values, self.value, self._tolerance)
        return None if edit is None else self._of_edit(edit)

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
        return Name(operator.id, edit.quantity, operator.says.format(**words), _filled(operator.hints, words), exact=True)

    # -- by a change of the learner's own line -------------------------------------------------------------------------

    def _by_repair(self) -> Name | None:
        place = self.found.record.place
        if self.right is None or place.kind == "loop":
            return None
        text = place.text
        if place.kind in {"assign", "right", "after"}:
            text = text.partition("=")[2]
        if place.kind == "target":
            return None
        right = self._added() if place.kind == "after" else self.right
        found = (
            None if right is None else repair(text, self.found.reads, self.search.scope(self.found.record), right, self.search.tolerance)
        )
        return None if found is None else self._plain(found.id, f"{_short(self.found)} has {found.says}", exact=True)

    def _added(self) -> Any:  # noqa: ANN401 - an array, or None where it is unknown
        """What the right side of += and the like should be, given what stood on the left."""
        before = next((array_of(read.value) for read in self.found.reads if read.place.kind == "before"), None)
        sign = self.found.record.place.text.partition("=")[0].rstrip()[-1:]
        if before is None or self.right is None:
            return None
        with np.errstate(all="ignore"):
            return {"+": self.right - before, "-": before - self.right, "*": self.right / before}.get(sign)

    # -- by value -------------------------------------------------------------------------------------------------------

    @property
    def _tolerance(self) -> float:
        return max(1e-7, self.search.tolerance)

    def _at_first_sight(self) -> Name | None:
        value, right = self.value, self.right
        if value is None or right is None:
            return None
        if value.shape != right.shape:
            if value.ndim and value.T.shape == right.shape and same(value.T, right, self.search.tolerance):
                return self._plain("transpose-wrong", f"{_short(self.found)} is transposed", exact=True)
            return self._shaped(value, right)
        return self._summed(value) or self._zero_or_negative(value, right)

    def _shaped(self, value: Any, right: Any) -> Name | None:  # noqa: ANN401
        text = self.found.record.place.text.partition("=")[2] if self.found.record.place.kind == "assign" else self.found.record.place.text
        if self._loops() and self.found.record.place.kind != "value":
            return self._plain("left-at-zero", f"nothing is added to {_short(self.found)} here", exact=True) if not np.any(value) else None
        if "[" in text and ":" in text and self.found.quantity is None:
            return self._plain(
                "slice-wrong", f"{text.strip()} has shape {value.shape}; what belongs here has shape {right.shape}", exact=True
            )
        if text.strip().isidentifier():
            says = f"{text.strip()} stands here, of shape {value.shape}; what belongs here has shape {right.shape}"
            return self._plain("name-replaced", says, exact=True)
        return None

    def _loops(self) -> bool:
        """Whether a sum over the steps is concerned."""
        return self.search.subject.function.endswith("backward") and "cell" not in self.function and self.quantity.startswith(("dW", "db"))

    def _by_algebra(self) -> Name | None:
        value, right = self.value, self.right
        if value is None or right is None or value.shape != right.shape:
            return None
        return self._factor(value, right) or self._term(value, right)

    def _zero_or_negative(self, value: Any, right: Any) -> Name | None:  # noqa: ANN401 - arrays
        name = _short(self.found)
        if not value.any():
            known = "carry-missing" if self.quantity in _VOCABULARY.carries.values() or "prev" in self.quantity else "left-at-zero"
            return self._plain(known, f"{name} is zero here, at a step at which it is not", exact=True)
        if same(-value, right, self.search.tolerance):
            return self._plain("sign-flipped", f"{name} has the wrong sign", exact=True)
        return None

    def _equal(self) -> Name | None:
        """Another quantity stands here."""
        if self.value is None or self.right is None or self.value.shape != self.right.shape:
            return None
        for quantity in self._quantities(self.value):
            what = quantity.name
            siblings = _VOCABULARY.kind(what) is not None and _VOCABULARY.kind(what) == _VOCABULARY.kind(self.quantity)
            known = "gate-swapped" if siblings and what != self.quantity else "name-replaced"
            return self._plain(known, f"{_short(self.found)} gets {_word(quantity)}", exact=True)
        return None

    def _summed(self, value: Any) -> Name | None:  # noqa: ANN401
        """Which multiples of the step gradients a wrong sum adds up."""
        if "cell" in self.function or not self.function.endswith("backward"):
            return None
        calls = self.search.quantities.tables[0].reply.calls
        each = [cast("Mapping[str, Any]", call.value).get(self.quantity) for call in calls[: self.found.record.phase]]
        parts = [part for gradient in each if (part := array_of(gradient)) is not None and part.shape == value.shape]
        if not parts or len(parts) != len(each):
            return None
        matrix = np.stack([part.ravel() for part in parts], axis=1).astype(float)
        times: Array = np.rint(np.linalg.lstsq(matrix, value.ravel().astype(float), rcond=None)[0])
        if not same(matrix @ times, value.ravel(), 1e-6) or np.all(times == 1):
            return None
        steps = len(self.search.quantities.calls)
        added = ", ".join(f"{int(n)} times that of step {steps - 1 - k}" for k, n in enumerate(times) if n)
        known = "overwritten-not-summed" if np.count_nonzero(times) == 1 and times.max() == 1 else "accumulated-wrongly"
        return self._plain(known, f"of the steps' gradients, {_short(self.found)} holds {added}", exact=True)

    def _factor(self, value: Any, right: Any) -> Name | None:  # noqa: ANN401
        with np.errstate(all="ignore"):
            over, under = right / value, value / right
        for ratio, known, word in ((over, "factor-dropped", "lacks a factor"), (under, "factor-added", "has a factor too many")):
            if not np.isfinite(ratio).all():
                continue
            if ratio.size > 1 and np.ptp(ratio) <= 1e-6 * abs(ratio.flat[0]):
                return self._constant(float(ratio.flat[0]), missing=known == "factor-dropped")
            for quantity in self._quantities(ratio):
                return self._plain(known, f"{_short(self.found)} {word}: {_word(quantity)}", exact=True)
        return None

    def _constant(self, times: float, *, missing: bool) -> Name:
        records = self.search.quantities.tables[0].records
        examples = {float(record.value) for record in records if record.name == "m" and isinstance(record.value, int)}
        mean = missing and any(abs(times - number) < _CLOSE for number in examples)
        known = "mean-for-sum" if mean else "factor-dropped" if missing else "factor-added"
        says = f"{_short(self.found)} is too {'small' if missing else 'large'} by the factor {times:.6g} everywhere"
        return self._plain(known, says, exact=True)

    def _term(self, value: Any, right: Any) -> Name | None:  # noqa: ANN401
        for rest, known, word in ((right - value, "term-dropped", "lacks a term"), (value - right, "term-repeated", "has a term too many")):
            for quantity in self._quantities(rest):
                return self._plain(known, f"{_short(self.found)} {word}: {_word(quantity)}", exact=True)
        return None

    def _quantities(self, value: Any) -> Iterator[Quantity]:  # noqa: ANN401
        """The quantities that a value equals, those with names first."""
        equal = list(self.search.quantities.equal(value, self._tolerance))
        yield from sorted(equal, key=lambda quantity: (not quantity.made, quantity.name not in _VOCABULARY.words))

    # -- in words -------------------------------------------------------------------------------------------------------

    def _anyhow(self) -> Name:
        value, right, name = self.value, self.right, _short(self.found)
        if self.found.how == "loop":
            return self._plain(
                "loop-wrong", f"the loop over {self.found.record.place.target} does not go over all the steps, each once", exact=True
            )
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

    def _plain(self, known: str | None, says: str, *, exact: bool) -> Name:
        words = self._words(self.quantity, says)
        hints = OPERATORS[known].hints if known else (_WHERE, _WHAT, _ASKS)
        return Name(known, self.quantity, says, _filled(hints, words), exact=exact)

    def _words(self, quantity: str, detail: str) -> dict[str, str]:
        word = _VOCABULARY.word(quantity)
        name = _short(self.found)
        asked = _VOCABULARY.mathematics.get((self.function, quantity)) or _VOCABULARY.mathematics.get((self.function, _inner(quantity)))
        return {
            "function": self.function,
            "quantity": name if quantity in {self.quantity, self.found.record.name} else quantity,
            "meaning": word if word != quantity else "what this line computes",
            "detail": detail,
            "mathematics": asked or "see the definition of the forward pass",
        }


_WHERE = "Look at {quantity} in {function}: {meaning}."
_WHAT = (
    "All that this line uses is right, what it makes of it is not. Print the value and its shape, and write the line anew from the formula."
)
_ASKS = "What the mathematics asks for: {mathematics}."


def _filled(hints: tuple[str, str, str], words: Mapping[str, str]) -> tuple[str, str, str]:
    first, second, third = (hint.format(**words) for hint in hints)
    return first, second, third


def _short(found: Found) -> str:
    """How a sentence calls the value: by the learner's own name for it."""
    place = found.record.place
    if place.kind in {"assign", "target", "after", "right", "index", "loop"} and place.target:
        return place.target
    if place.kind == "value" and not place.target.isdigit():
        return place.target.strip("'\"")
    carried = [read.place.text for read in found.reads if read.place.kind == "read" and ":" not in read.place.text]
    if found.how == "argument" and carried and place.text not in carried:
        return carried[-1]
    return " ".join(place.text.split())[:60]


def _word(quantity: Quantity) -> str:
    word = _VOCABULARY.word(quantity.name)
    return f"{quantity.name} ({word})" if word != quantity.name else f"the value of {quantity.name}"


def _carry(function: str, found: Found, name: str) -> str:
    """What belongs at an argument of the cell's call is said of the carry."""
    if found.how == "argument" and function.endswith("backward"):
        inside = found.record.place.target.rpartition("(")[2].rstrip(")")
        return {"0": "da_prevt", "da_next": "da_prevt", "1": "dc_prevt", "dc_next": "dc_prevt"}.get(inside, name)
    return name


def _inner(quantity: str) -> str:
    return {
        "da_next": "da_prevt",
        "dc_next": "dc_prevt",
        "da_prev": "da_prevt",
        "dc_prev": "dc_prevt",
        "c_prev": "c_next",
        "a_prev": "a_next",
    }.get(quantity, "")


def _results_at(remaining: Observations, expected: Observations, tolerance: float) -> Iterator[str]:
    """The names of the results that are still wrong."""
    for name, value in expected.items():
        if not name.startswith("call ") and not (name in remaining and same(remaining[name], value, tolerance)):
            yield name.partition(" ")[0]
