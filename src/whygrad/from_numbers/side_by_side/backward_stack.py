"""What a check prints under many mistakes in the equations of its backward cell, side by side."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_numbers.programs.linewise import expression_code
from whygrad.from_numbers.side_by_side.stack import Stack, some_of
from whygrad.from_numbers.side_by_side.stacked_cell import AT_ONCE, StackedCell

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from whygrad.assignments.assignment import Lines
    from whygrad.from_numbers.numbers.arrays import Floats
    from whygrad.from_numbers.programs.again import Again
    from whygrad.from_numbers.programs.linewise import Environment
    from whygrad.from_numbers.side_by_side.stacked_cell import Texts

Entry = tuple[str, tuple[int, ...]]


class BackwardStack:
    """A backward cell of these ``lines``, whose equations are those of ``again``, and the right loop around it.

    ``entries`` are printed, by a right program as ``right``; ``carries`` pairs (argument of the cell, output handed to it). Without any the
    cell is called once, and all entries are told; of a loop those of dx and da0, to which all that is edited leads.
    """

    def __init__(self, lines: Lines, again: Again, entries: Sequence[Entry], right: Floats, carries: Sequence[tuple[str, str]]) -> None:
        self._stack = StackedCell(lines, [number for number, *_ in again.equations], again.record.space)
        self._calls = again.record.calls
        self._entries = entries
        self._right = right
        self._carries = carries
        self._known: list[dict[str, Any]] = [{} for _ in self._calls]

    def rows(self, texts: Mapping[int, Texts]) -> dict[int, Floats | None]:
        """What programs with these equations print, None where they raise; without those that have to be run alone."""
        found: dict[int, Floats | None] = {}
        kinds: dict[int, tuple[bool, list[int]]] = {}
        for place, own in texts.items():
            try:
                kinds[place] = self._reads_ahead(own), sorted(own)
            except SyntaxError:
                found[place] = None
        with np.errstate(all="ignore"):
            for (ahead, _), group in groupby(sorted(kinds, key=kinds.__getitem__), key=kinds.__getitem__):
                places = list(group)  # what else is computed is the same for these
                for start in range(0, len(places), AT_ONCE):
                    some = places[start : start + AT_ONCE]
                    left, rows, raising = self._rows([texts[place] for place in some], ahead=ahead)
                    found |= {some[at]: row for at, row in zip(left, rows, strict=True)}
                    found |= dict.fromkeys((some[at] for at in raising), None)
        return found

    def _reads_ahead(self, texts: Texts) -> bool:
        """Whether an equation reads what is computed only there or later: it gets what is right there."""
        return not all(self._stack.takes(number, text) for number, text in texts.items())

    def _rows(self, texts: Sequence[Texts], *, ahead: bool) -> tuple[list[int], Floats, set[int]]:
        """The places of those that fit beside each other, what they print, and the places of those that raise."""
        outputs = [output for _, output in self._carries]
        wanted = ["dxt", *outputs] if outputs else list(dict.fromkeys(name for name, _ in self._entries))
        read = {name for own in texts for text in own.values() for name in expression_code(text).co_names}
        only = self._stack.leading_to([*wanted, *read])
        left, raised = list(range(len(texts))), set[int]()
        calls: list[Environment] = []
        for right, known in zip(self._calls, self._known, strict=True):
            given = {**right, **self._carried(calls, right)}
            if ahead and calls:
                given, *_ = self._stack.call(given, [], {}, only)
            env, raising, alone = self._stack.call(given, [texts[at] for at in left], known, only)
            calls.append({name: env[name] for name in wanted})
            if raising or alone:
                raised |= {left[at] for at in raising}
                keep = [at for at in range(len(left)) if at not in raising and at not in alone]
                left = [left[at] for at in keep]
                calls = [{name: some_of(value, keep) for name, value in each.items()} for each in calls]
        return left, self._printed(calls, len(left)), raised

    def _carried(self, calls: Sequence[Environment], right: Environment) -> Environment:
        """What the next call's arguments are after these calls, by what they are in the right run."""
        if not calls:
            return {}
        before = self._calls[len(calls) - 1]
        return {argument: right[argument] - before[output] + calls[-1][output] for argument, output in self._carries}

    def _printed(self, calls: Sequence[Environment], count: int) -> Floats:
        if not self._carries:
            rows = np.tile(self._right, (count, 1))
            for place, (name, index) in enumerate(self._entries):
                value = calls[0][name]
                if isinstance(value, Stack):
                    rows[:, place] = np.asarray(value)[(slice(None), *index)]
            return rows
        rows = np.full((count, len(self._entries)), np.nan)
        for place, (name, index) in enumerate(self._entries):
            if name == "dx":
                rows[:, place] = _entry(calls[-1 - index[-1]]["dxt"], index[:-1])
            elif name == "da0":
                rows[:, place] = _entry(calls[-1]["da_prev"], index)
        return rows


def _entry(value: Floats, index: tuple[int, ...]) -> Floats:
    """One entry of each program's array, or of the one that all have."""
    return np.asarray(value)[(..., *index)]
