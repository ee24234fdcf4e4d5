"""A cell under many edits of its equations, side by side.

The right equations are computed for all programs at once. An edited one is evaluated for each program by itself, with the very arrays that
the program has there when it is run alone: so it raises here where it raises there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from whygrad.from_numbers.numbers.arrays import is_array
from whygrad.from_numbers.programs.linewise import NAME, Environment, expression_code
from whygrad.from_numbers.side_by_side.stack import Stack, stack_of, stacked_space

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import CodeType

    from whygrad.assignments.assignment import Lines
    from whygrad.from_numbers.numbers.arrays import Floats

Texts = dict[int, str]
"""Edited equations, by line."""
_RAISED = object()
AT_ONCE = 500
"""So many programs are computed at once: their arrays should fit into the processor's cache."""


class _Equation(NamedTuple):
    """A line of the cell: what it computes, from what; ``later`` are the names that are computed at it or behind it."""

    target: str
    code: CodeType
    later: frozenset[str]


class StackedCell:
    """A cell of these ``lines``, of which those ``numbers`` are equations, run in a ``space`` of global names."""

    def __init__(self, lines: Lines, numbers: Iterable[int], space: Environment) -> None:
        parts = [line.strip().partition(" = ") for line in lines]
        targets = [target for target, *_ in parts]
        self._equations = {
            number: _Equation(targets[number], expression_code(parts[number][2]), frozenset(targets[number:])) for number in numbers
        }
        self._space = space
        self._stacked = stacked_space(space)

    def takes(self, number: int, text: str) -> bool:
        """Whether this text for an equation reads nothing that is computed only there or later. SyntaxError where it is no expression."""
        if number not in self._equations:
            return False
        later = self._equations[number].later
        return later.isdisjoint(expression_code(text).co_names) or later.isdisjoint(NAME.findall(text))  # the former count attributes

    def leading_to(self, wanted: Iterable[str]) -> set[int]:
        """The equations on which these quantities depend."""
        needed = set(wanted)
        found: set[int] = set()
        for number, equation in reversed(self._equations.items()):
            if equation.target in needed:
                found.add(number)
                needed.update(equation.code.co_names)
        return found

    def call(
        self, env: Environment, texts: Sequence[Texts], known: dict[str, Any], only: set[int] | None = None
    ) -> tuple[Environment, set[int], set[int]]:
        """What one call computes; which programs raise in it, and which compute what does not fit beside the others.

        ``env`` holds what there is before, stacked where it is not the same for all; ``only`` some equations are computed. ``known`` is for
        calls with the same of what is not stacked: the values of edited equations that read nothing else.
        """
        env = dict(env)
        raising: set[int] = set()
        alone: set[int] = set()
        for number, equation in self._equations.items():
            if only is not None and number not in only:
                continue
            value = eval(equation.code, self._stacked, env)  # noqa: S307 - our own program
            edited = [(at, own[number]) for at, own in enumerate(texts) if number in own and at not in alone]
            if edited:
                whole = np.ascontiguousarray(stack_of(value, len(texts)))  # else a program's sums would be taken in another order
                stacks = {name: np.asarray(array) for name, array in env.items() if isinstance(array, Stack)}
                for at, text in edited:
                    computed = self._computed(text, env, stacks, at, known)
                    if is_array(computed) and computed.shape == whole.shape[1:] and computed.dtype == whole.dtype:
                        whole[at] = computed
                    else:
                        (raising if computed is _RAISED else alone).add(at)
                value = whole.view(Stack)
            env[equation.target] = value
        return env, raising, alone

    def _computed(self, text: str, env: Environment, stacks: dict[str, Floats], at: int, known: dict[str, Any]) -> Any:
        """What an edited equation gives in the program ``at`` this place, ``_RAISED`` where it raises."""
        try:
            code = expression_code(text)
            if stacks.keys().isdisjoint(code.co_names):
                if text not in known:
                    known[text] = _RAISED
                    known[text] = eval(code, self._space, env)  # noqa: S307 - an edit of our own program
                return known[text]
            own = {name: stacks[name][at] if name in stacks else env[name] for name in code.co_names if name in env}
            return eval(code, self._space, own)  # noqa: S307 - an edit of our own program
        except Exception:  # noqa: BLE001 - an edited equation may raise anything
            return _RAISED
