"""Compute one call of the backward cell again with some equations edited: only what depends on them is evaluated anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_numbers.linewise import NAME, Environment, expression_code
from whygrad.from_numbers.numbers import fits

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType

    from whygrad.from_numbers.edited import Record


Equation = tuple[int, str, "CodeType", frozenset[str]]
"""The number of its line, what it computes, its code, and the names in it."""


class Again:
    """The equations of a cell, and a record of its right run to start from."""

    def __init__(self, lines: Sequence[str], words: frozenset[str], record: Record) -> None:
        self.record = record
        self.equations: list[Equation] = []
        for number, line in enumerate(lines):
            target, _, text = line.strip().partition(" = ")
            if target in words and not text.startswith(("parameters[", "stale(")):
                self.equations.append((number, target, expression_code(text), frozenset(NAME.findall(text))))

    def call(self, number: int, edited: dict[int, str]) -> Environment | None:
        """The local variables of call ``number`` with some lines' equations edited; None where one raises."""
        return self._anew(dict(self.record.calls[number]), self.equations, edited, set())

    def _anew(self, env: Environment, equations: Sequence[Equation], edited: dict[int, str], dirty: set[str]) -> Environment | None:
        """``env``, changed in place: the edited equations, and those that read these or what is ``dirty``. None where one raises."""
        space = self.record.space
        try:
            for line, target, code, names in equations:
                if line in edited:
                    env[target] = eval(expression_code(edited[line]), space, env)  # noqa: S307 - an edit of our own program
                    dirty.add(target)
                elif names & dirty:
                    env[target] = eval(code, space, env)  # noqa: S307 - our own program
                    dirty.add(target)
        except Exception:  # noqa: BLE001 - an edited equation may raise anything, and then has no value
            return None
        return env

    def sequence(self, edited: dict[int, str], carries: Sequence[tuple[str, str]]) -> list[Environment] | None:
        """All calls of the right loop, each handed what the one before returned: the local variables of each.

        ``carries`` are pairs (argument of the cell, output handed to it). None where a call raises or gives a carry that does not fit.
        After the first call the parameters' gradients stay as they are in the right run.
        """
        first = self.call(0, edited)
        if first is None:
            return None
        calls = [first]
        equations = self._leading({"dxt", *(output for _, output in carries)}, edited)
        given = {argument for argument, _ in carries}
        with np.errstate(all="ignore"):
            for before, right in zip(self.record.calls, self.record.calls[1:], strict=False):
                env = dict(right)
                for argument, output in carries:
                    carried = calls[-1][output]
                    if not fits(carried, before[output]):
                        return None
                    env[argument] = right[argument] - before[output] + carried
                right_cell = self._anew(env, equations, {}, set(given))
                call = None if right_cell is None else self._anew(right_cell, equations, edited, set())
                if call is None:
                    return None
                calls.append(call)
        return calls

    def _leading(self, outputs: set[str], edited: dict[int, str]) -> list[Equation]:
        """The equations that the outputs and the edited ones need."""
        needed: set[str] = set()
        more = outputs.union(*(NAME.findall(text) for text in edited.values()))
        while more:  # an edited one may read what is computed after it
            needed |= more
            more = set[str]().union(*(names for _, target, _, names in self.equations if target in more)) - needed
        return [equation for equation in self.equations if equation[1] in needed]
