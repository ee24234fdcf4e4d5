"""How long each run of somebody's code may take, and all of them together."""

from __future__ import annotations

SESSION = 3
"""All requests together can take so many times as long as one."""
_SOONER = 4
"""After each request that did not end, the next ones can take this part of the time, so that many of them do not make the user wait."""
_LEAST = 20
"""But never less than this part of the time of the first. A request that has no more to begin with says nothing of the next ones."""

_SLOWER = 2
"""A part of the time is never less than so many times what the longest request took that ended: a slow function is slow when edited."""


class Allowance:
    """The time that is left of what one program has: ``seconds`` for one request."""

    def __init__(self, seconds: float) -> None:
        """Nothing is spent yet."""
        self.seconds = seconds
        self.left: float = SESSION * seconds
        self._for_one: float = seconds
        self._longest = 0.0

    def of(self, part: int) -> float:
        """What a request has that gets one part of so many."""
        return min(self._for_one, self.left, max(self.seconds / part, _SLOWER * self._longest))

    def spend(self, took: float) -> None:
        """A request has ended."""
        self.left = max(self.left - took, 0.0)
        self._longest = max(self._longest, took)

    def exceed(self, part: int) -> None:
        """A request had to be stopped."""
        allowed = self.of(part)
        self.left = max(self.left - allowed, 0.0)
        self._for_one = self._for_one if part >= _LEAST else max(allowed / _SOONER, self.seconds / _LEAST)
