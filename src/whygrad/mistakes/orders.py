"""Four things that stand in an order of which no exchange of two makes the right one."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FOUR = 4
"""With fewer every other order is an exchange of two, or seldom seen."""
_LEFT_BY_AN_EXCHANGE = 2


def other_orders(names: Sequence[str]) -> Iterator[dict[str, str]]:
    """What stands for each of four names, for every order in which more than two of them are out of place; none for another number."""
    for order in permutations(names) if len(names) == FOUR else ():
        placed = sum(map(str.__eq__, names, order))
        if placed < _LEFT_BY_AN_EXCHANGE:
            yield dict(zip(names, order, strict=True))
