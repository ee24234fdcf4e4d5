"""The words for a mistake: the learner's own names, the assignment's quantities, the hints."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.from_code.subject import array_of
from whygrad.from_code.variants import site_name
from whygrad.from_code.words import listed
from whygrad.mistakes import OPERATORS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from whygrad.from_code.experiment import Found
    from whygrad.from_code.locate import Search
    from whygrad.from_code.quantities import Quantity
    from whygrad.from_code.subject import Observations
    from whygrad.sandbox.requests import Substitute, Value

VOCABULARY = SEQUENCE_MODELS.vocabulary


@dataclass(frozen=True, slots=True)
class Name:
    """A mistake's ``id`` (None where none fits), the quantity in the assignment's name, a sentence, the hints.

    ``exact`` tells whether the value or the results follow exactly from it: a second fact beside the cure. ``lines`` are those that the
    sentence names, beside which it does not stand.
    """

    id: str | None
    quantity: str
    says: str
    hints: tuple[str, str, str]
    exact: bool
    lines: tuple[int, ...] = ()


class Wording:
    """What is needed to speak of one finding."""

    def __init__(
        self, search: Search, found: Found, arguments: tuple[Value, ...], remaining: Observations, others: tuple[Substitute, ...]
    ) -> None:
        self.search, self.found, self.arguments, self.remaining, self.others = search, found, arguments, remaining, others
        self.function = search.subject.function
        self.value, self.right = array_of(found.record.value), array_of(found.right)
        own = found.names[0] if found.how in {"unfilled", "sums"} else found.record.name
        name = own if found.quantity is None else found.quantity.name
        self.quantity = site_name(self.function, carry(self.function, found, name))

    def _plain(self, known: str | None, says: str, *, exact: bool, lines: tuple[int, ...] = ()) -> Name:
        words = self._words(self.quantity, says)
        hints = OPERATORS[known].hints if known else (_WHERE, _WHAT if self.found.inputs else _FIRST, _ASKS)
        return Name(known, self.quantity, says, filled(hints, words), exact, lines)

    def _words(self, quantity: str, detail: str) -> dict[str, str]:
        word = VOCABULARY.word(quantity)
        name = short(self.found)
        asked = VOCABULARY.mathematics.get((self.function, quantity)) or VOCABULARY.mathematics.get((self.function, inner(quantity)))
        return {
            "function": self.function,
            "quantity": name if quantity in {self.quantity, self.found.record.name} else quantity,
            "meaning": word if word != quantity else "what this line computes",
            "detail": detail,
            "mathematics": asked or "see the definition of the forward pass",
        }

    @property
    def _tolerance(self) -> float:
        return max(1e-7, self.search.tolerance)

    def _loops(self) -> bool:
        """Whether a sum over the steps is concerned."""
        return self.search.subject.function.endswith("backward") and "cell" not in self.function and self.quantity.startswith(("dW", "db"))

    def _quantities(self, value: Any) -> Iterator[Quantity]:  # noqa: ANN401
        """The quantities that a value equals, those with names first."""
        equal = list(self.search.quantities.equal(value, self._tolerance))
        yield from sorted(equal, key=lambda quantity: (not quantity.made, quantity.name not in VOCABULARY.words))


_WHERE = "Look at {quantity} in {function}: {meaning}."
_WHAT = (
    "Each value that this line uses is right by itself, what comes out is not. Print it and its shape, and write the line anew from the "
    "formula: is a factor missing, or a line before this one?"
)
_FIRST = (
    "Here the value is not what it has to be, and what goes into it may be wrong already. Print this line's values and those of the lines "
    "before it, and find the first that is not what its formula says."
)
_ASKS = "What the mathematics asks for: {mathematics}."

UNNAMED = (
    "Look at {quantity} in {function}: what goes into it is right, what comes out is not.",
    "Print the values and shapes before and after, and write the lines between anew from the formula.",
    "Work one small case by hand, and compare it line by line.",
)
"""The hints where only the stretch of code is known."""


def filled(hints: tuple[str, str, str], words: Mapping[str, str]) -> tuple[str, str, str]:
    """The three hints with their words put in."""
    first, second, third = (hint.format(**words) for hint in hints)
    return first, second, third


def short(found: Found) -> str:
    """How a sentence calls the value: by the learner's own name for it."""
    place = found.record.place
    if found.how in {"unfilled", "swapped", "sums"} and found.record.place.kind != "argument":
        return listed(dict.fromkeys(found.names))
    if place.kind in {"assign", "target", "after", "right", "index", "loop"} and place.target:
        return place.target
    if place.kind == "value" and not place.target.isdigit():
        return place.target.strip("'\"")
    kinds = {"read", "argument"}
    carried = [read.place.text for read in found.reads if read.place.kind in kinds and re.search(r"[:(]", read.place.text) is None]
    if found.how == "argument" and len(set(carried)) == 1 and place.text not in carried:
        return carried[-1]
    return " ".join(place.text.split())[:60]


def word(quantity: Quantity) -> str:
    """A quantity by its name and what that means."""
    part = "a slice of " if "[:" in quantity.record.place.target else ""
    return f"{part}{quantity.name} ({VOCABULARY.word(quantity.name)})"


def carry(function: str, found: Found, name: str) -> str:
    """What belongs at an argument of the cell's call is said of the carry."""
    if found.how == "argument" and function.endswith("backward"):
        inside = found.record.place.target.rpartition("(")[2].rstrip(")")
        return {"0": "da_prevt", "da_next": "da_prevt", "1": "dc_prevt", "dc_next": "dc_prevt"}.get(inside, name)
    return name


def inner(quantity: str) -> str:
    """Under which name the mathematics of an argument or cached state is kept."""
    return {
        "da_next": "da_prevt",
        "dc_next": "dc_prevt",
        "da_prev": "da_prevt",
        "dc_prev": "dc_prevt",
        "c_prev": "c_next",
        "a_prev": "a_next",
    }.get(quantity, "")
