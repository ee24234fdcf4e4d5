"""Does a computed number print as the learner's did? Intervals, and the little that floating-point summation may differ.

The printed text gives an interval (the reader's work). A formula summed in another order or written in another way, or another BLAS,
differs by a few units in the last place of its largest summand: up to six were seen, and under a mistake summands are several times
larger than in a right run. A changed digit of a printed number is at least 1e-12 of it, so the
allowance stays below that.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_numbers.numbers.arrays import entry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from whygrad.from_numbers.numbers.arrays import Bools, Floats
    from whygrad.records import Block, Number

SUMMATION = 1e-14
"""Nine units in the last place of a summand of size five; summands are up to about that large even where their sum is small."""
BELOW_A_DIGIT = 0.45e-12
"""Never so much of a number that one of its digits could have been changed."""
SIDE_BY_SIDE = 1e-11
"""By so much a number may differ where thousands of programs are computed at once; what is found so is run by itself before it counts."""
ROUNDING = 1e-12
"""Numbers that differ by so much of their size tell nothing apart: only the order of summation differs."""
LEAST = 1e-16
"""What a printed zero may be off."""


class Target:
    """The numbers of one block as arrays: what must be hit.

    ``names[i]`` is the gradient's name, ``places[i]`` the position within its printed entry; ``low`` and ``high`` include the allowance.
    ``finite`` marks numbers that carry information; a printed NaN or infinity must be met at the end but guides nothing.
    """

    def __init__(self, block: Block) -> None:
        self.block = block
        numbers = block.numbers
        self.names = [number.quantity for number in numbers]
        self.places = _places(numbers)
        self._of: dict[str, list[int]] = {}
        for place, name in enumerate(self.names):
            self._of.setdefault(name, []).append(place)
        low = np.array([number.low for number in numbers], float)
        high = np.array([number.high for number in numbers], float)
        self.finite = np.isfinite(low) & np.isfinite(high)
        size = np.where(self.finite, np.maximum(abs(low), abs(high)), 0.0)
        slack = allowance(size)
        self.low = low - slack
        self.high = high + slack
        self.printed_nan = np.isnan(low)
        self.printed_inf = np.where(np.isinf(low), low, 0.0)
        low, high = self.low.tolist(), self.high.tolist()
        self._whole = {name for name, places in self._of.items() if _of_whole_numbers([numbers[at] for at in places])}
        self._entries = {name: [(numbers[at].index, low[at], high[at]) for at in places] for name, places in self._of.items()}

    def __len__(self) -> int:
        return len(self.names)

    def hit(self, values: Floats) -> Bools:
        """Which numbers agree; ``values`` has the numbers along its last axis."""
        with np.errstate(invalid="ignore"):
            inside = (values >= self.low) & (values <= self.high)
        special = np.where(self.printed_nan, np.isnan(values), (self.printed_inf != 0) & (values == self.printed_inf))
        return np.where(self.finite, inside, special)

    def values(self, gradients: Mapping[str, Any]) -> Floats:
        """The block's numbers as a program prints them, infinite where the entry does not exist or is no number."""
        out = np.full(len(self), np.inf)
        for place, number in enumerate(self.block.numbers):
            if self._prints_so(gradients, number.quantity):
                out[place] = entry(gradients, number.quantity, number.index)
        return out

    def _prints_so(self, gradients: Mapping[str, Any], name: str) -> bool:
        """Whether an array is one of whole numbers where it is printed as such."""
        return name not in self._whole or np.asarray(gradients.get(name)).dtype.kind in "iub"

    def gives(self, gradients: Mapping[str, Any], name: str) -> bool:
        """Whether all numbers of one gradient agree; one number at a time, because nearly all programs miss the first."""
        if not self._prints_so(gradients, name):
            return False
        for index, low, high in self._entries.get(name, ()):
            got = entry(gradients, name, index)
            if not (low <= got <= high or (math.isnan(low) and math.isnan(got))):
                return False
        return True

    def of(self, name: str) -> list[int]:
        """The positions of a gradient's numbers."""
        return self._of.get(name, [])


def around(target: Target, place: int) -> tuple[float, float]:
    """Between which values a number may lie that is computed side by side with thousands of others."""
    low, high = float(target.low[place]), float(target.high[place])
    slack = SIDE_BY_SIDE * max(1.0, abs(low))
    return low - slack, high + slack


def allowance(size: Floats) -> Floats:
    """How far a right number may lie outside its printed interval, by its size."""
    return np.maximum(LEAST, np.minimum(SUMMATION * np.maximum(1.0, size), BELOW_A_DIGIT * size))


def _of_whole_numbers(numbers: list[Number]) -> bool:
    """Whether these are an array of several entries as NumPy prints one of whole numbers: none has a point, and each is exactly that."""
    exactly = all(math.isfinite(number.low) and number.low == number.high and "." not in number.text for number in numbers)
    return exactly and len(numbers) > 1 and len({number.index[:-1] for number in numbers}) == 1


def _places(numbers: tuple[Number, ...]) -> list[int]:
    seen: dict[str, int] = {}
    places: list[int] = []
    for number in numbers:
        places.append(seen.get(number.quantity, 0))
        seen[number.quantity] = places[-1] + 1
    return places
