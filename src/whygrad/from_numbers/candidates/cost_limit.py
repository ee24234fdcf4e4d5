"""Up to which cost so many are cheap enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_HALVINGS = 40


def limit_for(most: int, count: Callable[[float], int], highest: float) -> float:
    """The highest cost, up to ``highest``, at which no more than ``most`` are counted; found by halving."""
    if count(highest) <= most:
        return highest
    least = 0.0
    for _ in range(_HALVINGS):
        middle = (least + highest) / 2
        least, highest = (least, middle) if count(middle) > most else (middle, highest)
    return least
