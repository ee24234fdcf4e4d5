"""Compute one call of the backward cell again with some equations edited: only what depends on them is evaluated anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_numbers.numbers.arrays import fits
from whygrad.from_numbers.programs.linewise import NAME, Environment, expression_code

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType

    from whygrad.from_numbers.programs.edited import Record


Equation = tuple[int, str, "CodeType", frozenset[str]]
"""The number of its line, what it computes, its code, and the names in it."""
_NONE: frozenset[str] = frozenset()


class Again:
    """The equations of a cell, and a record of its right run to start from."""

    def __init__(self, lines: Sequence[str], words: frozenset[str], record: Record) -> None:
        self.record = record
        self.equations: list[Equation] = []
        self.texts: dict[str, str] = {}
        """The right sides of the equations, by what they compute."""
        for number, line in enumerate(lines):
            target, _, text = line.strip().partition(" = ")
            if target in words and not text.startswith(("parameters[", "stale(")):
                self.equations.append((number, target, expression_code(text), frozenset(NAME.findall(text))))
                self.texts[target] = text
        self._targets = frozenset(target for _, target, *_ in self.equations)
        self._known: dict[tuple[frozenset[int], frozenset[str], frozenset[str]], list[Equation]] = {}

    def call(self, number: int, edited: dict[int, str]) -> Environment | None:
        """The local variables of call ``number`` with some lines' equations edited; None where one raises."""
        return self._anew(dict(self.record.calls[number]), self._touched(frozenset(edited)), edited)

    def _anew(self, env: Environment, equations: Sequence[Equation], edited: dict[int, str]) -> Environment | None:
        """``env``, changed in place: these equations, some of them edited. None where one raises."""
        space = self.record.space
        try:
            for line, target, code, _ in equations:
                env[target] = eval(expression_code(edited[line]) if line in edited else code, space, env)  # noqa: S307 - our own program or an edit
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
        given = frozenset(argument for argument, _ in carries)
        read = {line: self._targets.intersection(NAME.findall(text)) for line, text in edited.items()}
        leading = frozenset({"dxt", *(output for _, output in carries)}).union(*read.values())
        passes: list[tuple[list[Equation], dict[int, str]]] = [(self._touched(frozenset(edited), given, leading), edited)]
        if any(target in read[at] for at in edited for line, target, *_ in self.equations if line >= at):  # which is right there
            passes = [(self._touched(frozenset(), given, leading), {}), (self._touched(frozenset(edited), leading=leading), edited)]
        with np.errstate(all="ignore"):
            for before, right in zip(self.record.calls, self.record.calls[1:], strict=False):
                env: Environment | None = dict(right)
                for argument, output in carries:
                    carried = calls[-1][output]
                    if not fits(carried, before[output]):
                        return None
                    env[argument] = right[argument] - before[output] + carried
                for equations, own in passes:
                    env = env and self._anew(env, equations, own)
                if env is None:
                    return None
                calls.append(env)
        return calls

    def _touched(self, lines: frozenset[int], given: frozenset[str] = _NONE, leading: frozenset[str] = _NONE) -> list[Equation]:
        """The equations at these lines, and those that read these, or what is ``given``; only those that lead to some, if any are named."""
        key = lines, given, leading
        if key not in self._known:
            needed = set(leading or self._targets)
            for _, target, _, names in reversed(self.equations):
                needed |= names if target in needed else _NONE
            touched = set(given)
            self._known[key] = []
            for equation in self.equations:
                line, target, _, names = equation
                if target in needed and (line in lines or not names.isdisjoint(touched)):
                    self._known[key].append(equation)
                    touched.add(target)
        return self._known[key]
