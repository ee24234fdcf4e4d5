"""What several names share: one array under two names, a copy that is none, a value that another line sets anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.from_code.experiment import chained
from whygrad.from_code.variants import giving_results
from whygrad.from_code.wording import Name, Wording, short
from whygrad.from_code.words import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_code.subject import Record
    from whygrad.sandbox.places import Place


class Overwritten(Wording):
    """Names for a value that was right when it was made, and is not when it is used."""

    def _set_anew(self, lost: Record) -> Name:
        """A line that sets a name anew where it should have added to it."""
        says = f"{short(self.found)} is set anew here: what line {lost.place.line} gave it before is lost"
        return self._plain("overwritten-not-summed", says, exact=True)

    def _no_copy(self) -> Name:
        """A value of which a copy would have been right."""
        name, place = short(self.found), self.found.record.place
        if self.function.endswith("backward") and (names := chained(place) or _two_names(place)):
            return self._one_array(names)
        other = _right_side(place)
        alone = f"{name} is no copy, it is memory of {name.partition('[')[0]}"
        both = alone if name == other else f"{listed(chained(place) or [name, other])} are one memory"
        return self._plain(self._shared(), f"{both}: what is written to one later changes the other", exact=False)

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

    def _shared(self) -> str:
        """Which mistake it is that two names share memory."""
        edit = giving_results(self.function, (), self.arguments, self.remaining, self._tolerance)
        whole = self.value is not None and self.value.ndim == 3 and "[" not in _right_side(self.found.record.place)  # noqa: PLR2004 - all steps
        return edit.operator if edit is not None else "one-buffer-two-names" if whole else "view-of-output"


def _two_names(place: Place) -> list[str]:
    """The names of ``b = a``."""
    names = [part.strip() for part in place.text.split("=")]
    return names if place.kind == "assign" and len(names) == 2 and all(map(str.isidentifier, names)) else []  # noqa: PLR2004


def _right_side(place: Place) -> str:
    """What stands right of the equals sign, or the whole text."""
    return place.text.partition("=")[2].strip() or place.text
