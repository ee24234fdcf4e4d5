"""Run a sequence's backward pass for thousands of edited cells at once.

The cell treats each example of the batch alone, so a hypothesis can live in columns of its own: the arrays of a call are repeated once
for each hypothesis, the right lines run on all of them in one go, and only the edited line is evaluated for each hypothesis by itself.
Formulas that mix examples (a sum over the batch, a weight's gradient for the weight) do not fit and are reported as such.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_numbers.numbers.arrays import is_array
from whygrad.from_numbers.programs.linewise import NAME, Environment, expression_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from whygrad.from_numbers.numbers.arrays import Floats
    from whygrad.from_numbers.programs.edited import Record

SOME = 2
"""So many examples of the batch show whether a formula treats each alone."""
ROUNDING = 1e-12
"""By so much of its size a value may differ where fewer columns are computed: BLAS then sums in another order."""
TINY = 1e-300
"""Rounding of zeros: smaller than any number that is computed."""
OF_EXAMPLES = ("dxt", "da_prev", "dc_prev")
"""What a backward cell returns of which each column, so each entry, sees one example of the batch."""
BATCH_SIZE = re.compile(r"(?<![\w.])\w+\.shape\[1\]")
LineTexts = tuple[tuple[int, str], ...]
"""The edited lines of one hypothesis: (line number, expression)."""
EditedLines = dict[int, list[tuple[Any, str]]]
"""The edited expressions of each line, with the columns that compute them."""


def sees_one_example(entry: tuple[str, tuple[int, ...]]) -> bool:
    """Whether an entry is one column's; numbers in a row, where one belongs, are of an array that a right program does not have."""
    name, index = entry
    return name in OF_EXAMPLES and len(index) == 2  # noqa: PLR2004 - features, examples


class Cell:
    """The right lines of a backward cell that the walk through time needs: all but the parameters' gradients.

    ``fields`` are the names of what a cache holds, in order; ``wide`` names the arrays that have a column for each example of the batch;
    ``summed`` the quantities left out, which sum over examples.
    """

    def __init__(self, lines: Sequence[str], words: frozenset[str], outputs: tuple[str, ...], record: Record) -> None:
        self.record = record
        self.outputs = outputs
        parts = [(number, *line.strip().partition(" = ")[::2]) for number, line in enumerate(lines)]
        known = [(number, target, text) for number, target, text in parts if target in words and not text.startswith("parameters[")]
        needed = set(outputs)
        self.lines: list[tuple[int, str, str]] = []
        for number, target, text in reversed(known):
            if target in needed:
                needed |= set(NAME.findall(text))
                self.lines.insert(0, (number, target, text))
        self.targets = {number: target for number, target, _ in self.lines}
        self.summed = {target for _, target, _ in known} - set(self.targets.values())
        first = first_argument(lines)
        self.fields = NAME.findall(lines[1].partition(" = ")[0])
        self.wide = _wide(record.calls[0], first) | set(self.fields) - {"parameters"}
        self._batch = record.calls[0][first].shape[1]
        self._alone: dict[tuple[int, str], bool] = {}
        self._reads: dict[str, list[str]] = {}
        self._leading: dict[str, list[tuple[int, str, str]]] = {}

    @property
    def carries(self) -> list[tuple[str, str]]:
        """What a sequence hands from call to call: (argument of the cell, output handed to it)."""
        return [("da_next", "da_prev"), ("dc_next", "dc_prev")][: len(self.outputs) - 1]

    def sized(self, hypothesis: LineTexts) -> LineTexts:
        """The edited lines with the size of the batch written as a number, because there are other columns here than in the batch."""
        return tuple([(number, BATCH_SIZE.sub(str(self._batch), text) if ".shape[1]" in text else text) for number, text in hypothesis])

    def columnwise(self, hypothesis: LineTexts) -> bool:
        """Whether the edited formulas treat each example alone (and give the right shape): the same on few columns as on all."""
        for line in self.sized(hypothesis):
            if line not in self._alone:
                self._alone[line] = self._treats_each_alone(*line)
            if not self._alone[line]:
                return False
        return True

    def entry_by_entry(self, number: int, text: str) -> bool:
        """Whether a formula at a line has nothing in it but what is computed entry by entry."""
        return number in self.targets and not _may_mix(text) and self.summed.isdisjoint(NAME.findall(text))

    @cached_property
    def shared(self) -> dict[int, str]:
        """The lines that read nothing which the cell computes, but for what it returns: line number -> what it computes."""
        made = set(self.targets.values())
        return {number: target for number, target, text in self.lines if made.isdisjoint(NAME.findall(text)) and target not in self.outputs}

    def writes_out(self, number: int, text: str) -> bool:
        """Whether a formula for a line does not read what is shared, as the line does, but computes it anew."""
        names = set(NAME.findall(text))
        read = set(NAME.findall(next(right for line, _, right in self.lines if line == number)))
        own = names - read
        return any(
            name in read - names and len(own & set(NAME.findall(right))) > 1 for line, name, right in self.lines if line in self.shared
        )

    def _treats_each_alone(self, number: int, text: str) -> bool:
        names = set(NAME.findall(text))
        if number not in self.targets or names & self.summed:
            return False
        whole = self.record.evaluate(text, 0)
        right = self.record.calls[0][self.targets[number]]
        if not is_array(whole) or whole.shape != right.shape:
            return False
        if not _may_mix(text):
            return True
        env = self.record.calls[0]
        part = self.record.evaluate(text, 0, **{name: env[name][:, :SOME] for name in names & self.wide})
        some = whole[:, :SOME]
        if not is_array(part) or part.shape != some.shape:
            return False
        return bool((part == some).all()) or np.allclose(part, some, rtol=ROUNDING, atol=TINY, equal_nan=True)

    def edited(self, hypotheses: Iterable[tuple[slice, LineTexts]], *, mixing: bool = False) -> EditedLines:
        """Which columns compute which edited lines, to be `run`.

        Where several hypotheses have the same line it is computed once for all their columns, unless the formulas are ``mixing`` these.
        """
        alike: dict[tuple[int, str], list[slice]] = {}
        edited: EditedLines = {}
        for at, hypothesis in hypotheses:
            for number, text in hypothesis:
                if mixing:
                    edited.setdefault(number, []).append((at, text))
                else:
                    alike.setdefault((number, text), []).append(at)
        for (number, text), places in alike.items():
            edited.setdefault(number, []).append((_columns(places), text))
        return edited

    def run(self, env: Environment, edited: EditedLines) -> Environment:
        """All lines of one call, some of them edited in some columns; ``env`` holds the arrays that come in.

        Every array is shaped (rows, columns), the columns of the hypotheses side by side. Where an edited line raises its columns are NaN.
        """
        return self._lines({**self.single, **env}, edited)

    @cached_property
    def single(self) -> Environment:
        """What every example shares."""
        return {name: value for name, value in self.record.calls[0].items() if name not in self.wide}

    @property
    def reads_ahead(self) -> bool:
        """Whether a line reads what is computed only at it or after it: such a cell cannot be run line by line."""
        return any(self._late[number] & set(expression_code(text).co_names) for number, _, text in self.lines)

    @cached_property
    def _late(self) -> dict[int, frozenset[str]]:
        """For each line the names that are computed at it or after it; an edit may use them nevertheless."""
        targets = [target for _, target, _ in self.lines]
        return {number: frozenset(targets[place:]) for place, (number, *_) in enumerate(self.lines)}

    def _lines(self, env: Environment, edited: EditedLines) -> Environment:
        space = self.record.space
        late = any(self._late[number] & set(expression_code(text).co_names) for number, own in edited.items() for _, text in own)
        first = self._lines(dict(env), {}) if late else env
        shared = {**space, **{name: value for name, value in env.items() if name not in self.wide}}
        with np.errstate(all="ignore"):
            for number, target, text in self.lines:
                value = eval(expression_code(text), space, env)  # noqa: S307 - our own program
                if number in edited:
                    value = np.array(value)
                late = self._late[number]
                for at, new in edited.get(number, ()):
                    few = {name: (first if name in late else env)[name][:, at] for name in self._wide_in(new) if name in first}
                    try:
                        value[:, at] = eval(expression_code(new), shared, few)  # noqa: S307 - an edit of our own program
                    except Exception:  # noqa: BLE001 - an edited expression may raise anything
                        value[:, at] = np.nan
                env[target] = value
        return env

    def _wide_in(self, text: str) -> list[str]:
        """The names in a formula of what has a column for each example."""
        if text not in self._reads:
            self._reads[text] = [name for name in expression_code(text).co_names if name in self.wide]
        return self._reads[text]

    def again(self, env: Environment, hypothesis: LineTexts, wanted: str) -> Any:
        """What ``wanted`` becomes where all columns compute one hypothesis; ``env`` holds what the right lines gave. NaN if it raises."""
        edited = dict(hypothesis)
        env = dict(env)
        dirty: set[str] = set()
        space = self.record.space
        with np.errstate(all="ignore"):
            for number, target, text in self.leading_to(wanted):
                code = expression_code(edited.get(number, text))
                if number in edited or not dirty.isdisjoint(code.co_names):
                    try:
                        env[target] = eval(code, space, env)  # noqa: S307 - an edit of our own program
                    except Exception:  # noqa: BLE001 - an edited expression may raise anything
                        return np.nan
                    dirty.add(target)
        return env[wanted]

    def leading_to(self, wanted: str) -> list[tuple[int, str, str]]:
        """The lines that a quantity may depend on: those up to its own, but for other results."""
        if wanted not in self._leading:
            needed = {wanted}
            found: list[tuple[int, str, str]] = []
            for number, target, text in reversed(self.lines):
                if target in needed:
                    needed |= set(NAME.findall(text))
                if target in needed or target not in self.outputs:
                    found.insert(0, (number, target, text))
            self._leading[wanted] = found
        return self._leading[wanted]


def _may_mix(text: str) -> bool:
    """Whether there is something in a formula that does not go entry by entry."""
    return any(mark in text for mark in ("dot(", ".T", "sum(", "mean(", "softmax(", "zeros", "shape"))


def _columns(places: Sequence[slice]) -> Any:
    """All columns of some slices."""
    if len(places) == 1:
        return places[0]
    return np.concatenate([np.arange(int(place.start), int(place.stop)) for place in places])


def _wide(variables: Environment, first: str) -> frozenset[str]:
    """The names of the matrices that have a column for each example, as the first argument has."""
    batch = variables[first].shape[1]
    return frozenset(name for name, value in variables.items() if is_array(value) and value.shape[1:] == (batch,))


def _some(value: Floats, columns: Sequence[int]) -> Floats:
    """Some columns of an array, or its only one as often."""
    return value[:, columns] if value.shape[1] > 1 else np.repeat(value, len(columns), axis=1)


def first_argument(lines: Sequence[str]) -> str:
    """The name of the first argument of a function."""
    return NAME.findall(lines[0].split("(", 1)[1])[0]


def walk(cell: Cell, hypotheses: Sequence[LineTexts], columns: Sequence[int]) -> Iterator[dict[str, Floats]]:
    """The right loop for every hypothesis: call by call the outputs, shaped (hypotheses, rows, columns).

    ``columns`` says which examples of the batch. What the right run's argument holds beyond its carry is the upstream gradient.
    """
    width, count = len(columns), len(hypotheses)
    edited = cell.edited((slice(place * width, (place + 1) * width), texts) for place, texts in enumerate(hypotheses))
    carried: Environment = {}
    for call, right in enumerate(cell.record.calls):
        env = {name: np.tile(_some(value, columns), (1, count)) for name, value in right.items() if name in cell.wide}
        for argument, output in cell.carries:
            if call:
                before = np.tile(cell.record.calls[call - 1][output][:, columns], (1, count))
                env[argument] = env[argument] - before + carried[output]
        out = cell.run(env, edited)
        carried = {output: out[output] for _, output in cell.carries}
        yield {name: out[name].reshape(-1, count, width).transpose(1, 0, 2) for name in cell.outputs}
