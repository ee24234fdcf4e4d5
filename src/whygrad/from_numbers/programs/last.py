"""What was made last, so that a process that lives long does not keep all that it ever made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

Value = TypeVar("Value")


class Last(Generic[Value]):
    """Up to ``most`` values, each made when first asked for; those that were not asked for longest are dropped.

    With ``size`` it is the sum of the values' sizes that is limited; the last value stays, however large it is.
    """

    def __init__(self, most: int, size: Callable[[Value], int] = lambda _: 1) -> None:
        self._most = most
        self._size = size
        self._total = 0
        self._values: dict[Hashable, Value] = {}

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value of ``key``, made by ``make`` where it is not there."""
        if key in self._values:
            value = self._values.pop(key)
        else:
            value = make()
            if key in self._values:  # another thread was faster
                self._total -= self._size(self._values.pop(key))
            self._total += self._size(value)
        self._values[key] = value
        while self._total > self._most and len(self._values) > 1:
            self._total -= self._size(self._values.pop(next(iter(self._values))))
        return value
