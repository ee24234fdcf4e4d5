"""Programs that differ only in what follows their loop: the loop is run once, and each goes on from its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from whygrad.from_numbers.numbers.arrays import is_array

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_numbers.programs.linewise import Environment, Linewise


class AfterLoop:
    """A function run to the end of its last loop, on ``arguments`` and in a ``space`` of global names."""

    def __init__(self, function: Linewise, space: Environment, arguments: Sequence[Any]) -> None:
        self._steps = function.steps[: max((at for at, step in enumerate(function.steps, 1) if step.target), default=0)]
        self._space = space
        self._variables = function.begun(self._steps, space, arguments)

    def leads_to(self, other: Linewise) -> bool:
        """Whether this function is the same to the end of its loop."""
        return bool(self._steps) and other.steps[: len(self._steps)] == self._steps

    def returned(self, other: Linewise) -> Any:
        """What this function returns, which goes on from there on arrays of its own."""
        own = {name: value.copy() if is_array(value) else value for name, value in self._variables.items()}
        return other.ended(other.steps[len(self._steps) :], self._space, own)
