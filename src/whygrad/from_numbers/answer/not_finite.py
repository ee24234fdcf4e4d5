"""What can be said of numbers that are nan, infinite or far beyond any gradient, where no mistake is known that prints them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_numbers.numbers.printed import Target
    from whygrad.records import Number

MOST_NAMED = 6
TINY, HUGE = 1e-200, 1e100
"""No gradient of the checks is as near to zero or as far from it; memory that nothing was stored in reads so."""
_WHERE_FROM = (
    "such values come from a division by zero, a power or logarithm of a negative number, an overflow or an array that np.empty left "
    "unfilled, and all that is computed from them is nan too. Print np.isnan(...).any() of each value in the cache and then after each "
    "line; the first True shows the line"
)


def said_of_strange_numbers(targets: Sequence[Target]) -> tuple[str, ...]:
    """Whole sentences, none where all numbers are of an ordinary size."""
    return tuple(sentence for target in targets for sentence in _sentences(target))


def _sentences(target: Target) -> Iterator[str]:
    numbers = target.block.numbers
    strange = [number for number, finite in zip(numbers, target.finite, strict=True) if not finite]
    if strange:
        kind = "nan" if target.printed_nan[~target.finite].all() else "nan or infinite"
        are = "is" if len(strange) == 1 else "are"
        yield f"{_named(strange, numbers)} of {target.block.check} {are} {kind}: {_WHERE_FROM}"
        yield from _first_step(target)
    sizes = [max(abs(number.low), abs(number.high)) for number in numbers]
    left = [number for number, size in zip(numbers, sizes, strict=True) if 0 < size < TINY or HUGE < size < math.inf]
    if left:
        yield (
            f"{_named(left, numbers)} of {target.block.check} {'has' if len(left) == 1 else 'have'} the size of what an array holds that "
            "np.empty made and nothing was stored in"
        )


def _first_step(target: Target) -> Iterator[str]:
    """The loop runs from the last step to the first: where the gradient at the inputs is finite at the last steps, it begins later."""
    steps = target.of("dx")
    finite = [bool(target.finite[place]) for place in steps]
    if len(steps) > 1 and finite[-1] and not finite[0]:
        first = max(step for step, fine in enumerate(finite) if not fine)
        yield (
            f"dx is finite at step {first + 1} and no longer at step {first}, which the loop comes to next: look at what it hands on from "
            f"step {first + 1}, and at the values of step {first} in the cache"
        )


def _named(some: Sequence[Number], numbers: Sequence[Number]) -> str:
    if len(some) == len(numbers) > 1:
        return "Both numbers" if len(some) == 2 else f"All {len(some)} numbers"  # noqa: PLR2004 - English
    labels = [number.label for number in some[:MOST_NAMED]]
    more = f" and {len(some) - MOST_NAMED} more" if len(some) > MOST_NAMED else ""
    return ", ".join(labels) + more
