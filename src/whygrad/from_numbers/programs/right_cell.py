"""The right forward cell, which computes nothing twice: edited loops call it with the same arguments over and over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from whygrad.assignments.assignment import compiled
from whygrad.from_numbers.numbers.arrays import lock
from whygrad.from_numbers.programs.last import Last
from whygrad.from_numbers.programs.linewise import NAME

if TYPE_CHECKING:
    from collections.abc import Callable

    from whygrad.assignments.assignment import Lines
    from whygrad.from_numbers.numbers.arrays import Floats
    from whygrad.from_numbers.programs.linewise import Environment

MOST_CALLS = 1500
"""Of so many calls it is kept what they computed."""


class RightCell:
    """A forward cell made of ``lines``, of which the last put together what it returns; ``space`` holds what it calls.

    ``parameters`` are the weights that most runs have, not to be written into.
    Calls with equal arguments return the same arrays, locked; and their own arguments where the cell hands these on: they may be views.
    """

    def __init__(self, lines: Lines, space: Environment, parameters: Environment) -> None:
        last = next(number for number, line in enumerate(lines) if line.strip().startswith("cache = "))
        arguments = NAME.findall(lines[0].partition("(")[2])
        handed = [name for line in lines[last:] for name in NAME.findall(line)]
        made = [name for name in dict.fromkeys(handed) if any(line.strip().startswith(f"{name} = ") for line in lines[:last])]
        self.plain = _function(lines, space)
        """The cell that computes all anew, to be used where a run writes into what it returned."""
        self._compute = _function((*lines[:last], f"    return {', '.join(made)},"), space)
        self._hand_on = _function((f"def hand_on({', '.join([*arguments, *made])}):", *lines[last:]), space)
        self._computed: Last[tuple[Floats, ...]] = Last(MOST_CALLS)
        self._weights: dict[tuple[Any, ...], int] = {}
        self._numbers = {tuple(map(id, parameters.values())): self._number(parameters)}

    def of_run(self) -> Callable[..., Any]:
        """The cell for one run, whose weights are locked too."""
        numbers = dict(self._numbers)

        def cell(*arguments: Any) -> Any:
            *arrays, parameters = arguments
            try:
                weights = tuple(map(id, parameters.values()))
                if weights not in numbers:
                    numbers[weights] = self._number(parameters)
                key = hash((numbers[weights][1], *[(value.dtype.char, value.shape, value.tobytes()) for value in arrays]))
            except AttributeError:  # something that is no array
                return self.plain(*arguments)
            return self._hand_on(*arguments, *self._computed.get(key, lambda: tuple(map(lock, self._compute(*arguments)))))

        return cell

    def _number(self, parameters: dict[str, Any]) -> tuple[list[Any], int]:
        """The weights, so that their identities stay theirs, and a number that stands for what they are."""
        values = [lock(value) for value in parameters.values()]
        key = tuple([(name, value.dtype.char, value.shape, value.tobytes()) for name, value in parameters.items()])
        return values, self._weights.setdefault(key, len(self._weights))


def _function(lines: Lines, space: Environment) -> Callable[..., Any]:
    found: Environment = {}
    exec(compiled(lines), space, found)  # noqa: S102 - our own program
    return next(iter(found.values()))
