"""Run many programs side by side up to the equations of the backward cell, which differ in mistakes before these.

What an edited line computes is found once for all programs in which nothing that it reads is edited too. Of the others those with the
same line run together: so programs are put in the order of their last edited line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_numbers.numbers.arrays import is_array
from whygrad.from_numbers.programs.edited import Program
from whygrad.from_numbers.programs.linewise import NAME, Environment, expression_code
from whygrad.from_numbers.side_by_side.stack import Stack, evaluated, some_of, stack_of, stacked_space

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from whygrad.from_numbers.cell.before import Before, Programs, Slip
    from whygrad.from_numbers.numbers.arrays import Bools, Floats, Ints

AT_ONCE = 1000
"""So many programs are run at once: their arrays should fit into the processor's cache."""
IN_ORDER = 200_000
"""So many are put in order, likeliest first: a search that is cut short has seen the likeliest."""
_QUOTED = re.compile(r"'[^']*'")


@dataclass(frozen=True)
class Chunk:
    """Programs side by side: ``at`` are their numbers, ``values`` what the backward cell is given, ``space`` global names."""

    at: Ints
    values: Environment
    space: Environment


def chunks(before: Before, programs: Programs, columns: list[int] | None = None) -> Iterator[Chunk]:
    """Run these programs up to the equations; for these examples of the batch only, if ``columns`` are given."""
    lines = _Lines(before, programs.slips)
    for which in _alike(programs, lines.early):
        own = programs.of(which[0])
        edits = tuple(edit for slip in own if slip.origin for edit in slip.edits)
        record = Program(before.tables.assignment, edits).record(before.tables.check)
        if record is None:
            continue
        first = record.calls[0]
        if columns is not None:
            names = [name for name in (*before.cached, *before.arguments) if is_array(first.get(name))]
            first = {**first, **{name: first[name][:, columns] for name in names}}
        space = stacked_space(record.space)
        if any(slip.anew for slip in own):
            yield Chunk(which, first, space)
            continue
        cell = _ForwardCell(lines, first, space)
        for start in range(0, len(which), IN_ORDER):
            some = which[start : start + IN_ORDER]
            ordered = some[np.lexsort(lines.last_first(programs.rows[some]))]
            for at in range(0, len(ordered), AT_ONCE):
                few = ordered[at : at + AT_ONCE]
                yield Chunk(few, {**first, **cell.handed_on(programs.rows[few])}, space)


def run(before: Before, programs: Programs) -> Iterable[Chunk]:
    """These programs, run up to the equations; what is run of those that every search asks for stays with the tables."""
    if not programs.kept_as:
        return chunks(before, programs)
    return before.tables.beside(f"before the equations: {programs.kept_as}", lambda: list(chunks(before, programs)))


def _alike(programs: Programs, early: Bools) -> list[Ints]:
    """The numbers of the programs that draw the same, those apart in which something is moved in the cache or read too early."""
    number = np.array([1 + at if slip.anew or slip.origin else 0 for at, slip in enumerate(programs.slips)] + [0])
    apart = np.array([2 * bool(slip.moved or slip.taken) for slip in programs.slips] + [0]) + early
    keys = np.bitwise_or.reduce(apart[programs.rows], axis=1)
    for column in np.sort(number[programs.rows], axis=1).T:
        keys = keys * len(number) + column
    _, first, group = np.unique(keys, return_index=True, return_inverse=True)
    order = np.argsort(group, kind="stable")
    parts = np.split(order, np.flatnonzero(np.diff(group[order])) + 1)
    return [parts[at] for at in np.argsort(first)]


class _Lines:
    """The edited lines of the forward cell, by which slip has them.

    ``texts[i]`` are those of the i-th line that is edited, none first; ``of[slip, i]`` says which of them a slip has (0: none).
    """

    def __init__(self, before: Before, slips: list[Slip]) -> None:
        self.before = before
        self.slips = slips
        self.numbers = list(before.targets)
        rights = [before.lines[number].strip().partition(" = ")[2] for number in self.numbers]
        self.codes = list(map(expression_code, rights))
        """What the lines compute as they are."""
        self.texts: list[list[str]] = [[""] for _ in self.numbers]
        self.of = np.zeros((len(slips) + 1, len(self.numbers)), int)
        """The last row is that of no slip."""
        known: dict[tuple[int, str], int] = {}
        for row, slip in enumerate(slips):
            for number, text in slip.texts:
                line = self.numbers.index(number)
                if (line, text) not in known:
                    known[line, text] = len(self.texts[line])
                    self.texts[line].append(text)
                self.of[row, line] = known[line, text]
        targets = list(before.targets.values())
        self.changes = _changes(targets, rights)
        """By line what is computed from it, its own target included: ones and zeros, shaped (lines, targets)."""
        self.reads: list[Bools] = [np.array([[name in _names(text) for name in targets] for text in texts], bool) for texts in self.texts]
        self.too_early: list[Bools] = [np.any(reads[:, at + 1 :], axis=1) for at, reads in enumerate(self.reads)]
        """By line and text whether it reads what only a later line computes."""
        self.early: Bools = np.any([early[self.of[:, at]] for at, early in enumerate(self.too_early)], axis=0)
        """Whether a slip has such a line; the last entry is that of no slip."""

    def last_first(self, rows: Ints) -> tuple[Ints, ...]:
        """Keys that put programs in the order of the last line that is edited, a cache's behind all others, and of the one before it."""
        edited = np.column_stack((self.of.astype(bool), [bool(slip.moved or slip.taken) for slip in self.slips] + [False]))
        last = np.where(edited.any(axis=1), edited.shape[1] - np.argmax(edited[:, ::-1], axis=1), 0)
        keys = np.sort(last[rows] * (len(self.of) + 1) + rows + 1, axis=1)
        return tuple(keys.T)


class _ForwardCell:
    """The forward cell of programs that draw the same: ``given`` is what it and the backward cell are given."""

    def __init__(self, lines: _Lines, given: Environment, space: Environment) -> None:
        self.lines = lines
        self.space = space
        before = lines.before
        self.given = {name: value for name, value in given.items() if name in {*before.cached, *before.arguments, "parameters"}}
        inputs = {name: self.given[name] for name in NAME.findall(before.lines[0]) if name in self.given}
        self.inputs: Environment = {"parameters": self.given["parameters"], **inputs}
        self.right = self._computed(self.inputs, np.zeros((1, len(lines.numbers)), int))
        self._beside_lines = {at for at, slip in enumerate(lines.slips) if slip.moved or slip.taken}
        self._alone: list[dict[int, Floats]] = [{} for _ in lines.numbers]
        """By line and edited text what it computes where nothing that it reads is edited."""

    def handed_on(self, rows: Ints) -> Environment:
        """What the cache of each program's forward cell hands to the backward cell. What can't be computed is NaN."""
        lines, slips = self.lines, self.lines.slips
        texts = lines.of[rows].max(axis=1)
        present = [(slips[slip], np.flatnonzero((rows == slip).any(axis=1))) for slip in self._beside_lines & set(rows.ravel().tolist())]
        values = self._computed(self._known(texts), texts)
        handed = {name: values[name] for name in lines.before.cached}
        for slip, which in present:
            for name, text in slip.moved:
                handed[name] = self._with(handed[name], text, values, which, len(rows))
        for slip, which in present:
            for name, text in slip.taken:
                given = {**self.given, **handed}
                handed[name] = self._with(given[name], text, given, which, len(rows))
        return handed

    def _with(self, value: Any, text: str, values: Environment, which: Ints, count: int) -> Stack:
        whole = stack_of(value, count)
        self._put(whole, text, values, which)
        return whole.view(Stack)

    def _known(self, texts: Ints) -> Environment:
        """What the lines may read: what the cell is given and, where one reads what a later one computes, that from the time before."""
        early: Bools = np.any([too[texts[:, at]] for at, too in enumerate(self.lines.too_early)], axis=0)
        before = self._computed(self.inputs, texts * early[:, None], first=True) if early.any() else {}
        return {**before, **self.inputs}

    def _computed(self, known: Environment, texts: Ints, *, first: bool = False) -> Environment:
        """What the lines of so many programs compute from what is known, line by line, edited as ``texts`` says.

        The ``first`` time those that read what only a later line computes have nothing to read.
        """
        lines = self.lines
        values = dict(known)
        edited = texts.astype(bool)
        for at, number in enumerate(lines.numbers):
            value = eval(lines.codes[at], self.space, values)  # noqa: S307 - our own program
            own = np.flatnonzero(edited[:, at])
            if len(own):
                whole = stack_of(value, len(texts))
                which: Ints = texts[own, at]
                others = edited[own].astype(float)
                others[:, at] = 0
                reads = lines.reads[at][which]
                touched = ((others @ lines.changes > 0) & reads).any(axis=1) | reads[:, at] | (first & lines.too_early[at][which])
                self._put_right(whole, at, own[~touched], which[~touched])
                for text in np.unique(which[touched]):
                    self._put(whole, lines.texts[at][int(text)], values, own[touched & (which == text)])
                value = whole.view(Stack)
            values[lines.before.targets[number]] = value
        return values

    def _put_right(self, whole: Floats, at: int, programs: Ints, which: Ints) -> None:
        """Write into a value of so many programs what these texts of a line compute in some, in which what they read is right."""
        known = self._alone[at]
        for text in np.unique(which):
            if text not in known:
                known[text] = np.broadcast_to(_fitting(self._by_itself(at, text), whole.shape[1:]), whole.shape[1:])
        if len(programs):
            whole[programs] = [known[text] for text in which.tolist()]

    def _by_itself(self, at: int, text: int) -> Any:
        """What a text of a line computes where nothing that it reads is edited."""
        known = self.right
        if self.lines.too_early[at][text]:
            one = np.zeros((1, len(self.lines.numbers)), int)
            one[0, at] = text
            targets = list(self.lines.before.targets.values())
            known = {**self._computed(self.inputs, one, first=True), **{name: self.right[name] for name in targets[:at]}, **self.inputs}
        value = evaluated(self.lines.texts[at][text], self.space, known)
        return np.asarray(value)[0] if isinstance(value, Stack) else value

    def _put(self, whole: Floats, text: str, values: Environment, which: Ints) -> None:
        """Write into a value of so many programs what an expression gives in some of them; NaN where that does not fit."""
        few = {name: some_of(values[name], which) for name in _names(text) if name in values}
        whole[which] = _fitting(evaluated(text, self.space, few), whole.shape[1:])


def _changes(targets: list[str], texts: list[str]) -> Floats:
    found = np.eye(len(targets), dtype=bool)
    for later, text in enumerate(texts):
        reads = np.array([name in _names(text) for name in targets[:later]], bool)
        found[:later, later] = (found[:later, :later] & reads).any(axis=1)
    return found.astype(float)


@lru_cache(maxsize=16384)
def _names(text: str) -> frozenset[str]:
    return frozenset(NAME.findall(_QUOTED.sub("", text)))


def _fitting(value: Any, shape: tuple[int, ...]) -> Any:
    """The value where it has, or NumPy stretches it to, the shape that it should have for each program; else NaN."""
    plain = np.asarray(np.nan if value is None else value)
    inner = plain.shape[1:] if isinstance(value, Stack) else plain.shape
    fits = len(inner) == len(shape) and all(size in {1, wanted} for size, wanted in zip(inner, shape, strict=True))
    return plain if fits else np.nan
