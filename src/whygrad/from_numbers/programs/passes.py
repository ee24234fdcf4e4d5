"""Edited forward passes: those that run and hand on something new, in what the backward loop sees of them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_numbers.programs.contexts import Contexts, Handed, contexts_of, joined
from whygrad.from_numbers.programs.edited import Program, Record
from whygrad.from_numbers.programs.first_half import FirstHalf
from whygrad.from_numbers.programs.rows import Rows
from whygrad.mistakes import Edits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from whygrad.assignments.assignment import Assignment
    from whygrad.from_numbers.numbers.arrays import Arrays
    from whygrad.from_numbers.programs.variants import Variants

Run = tuple[Edits, "Record | None"]
"""Edits, and what the check calls its backward function with under them; None where the program raises before."""
AT_ONCE = 100
"""So many runs are kept whole; then only the printed column of them is. All together would be a hundred megabytes."""


@dataclass(frozen=True)
class Passes:
    """Forward passes: ``rows[i]`` are the edits of the i-th, none for number 0; ``contexts`` what they hand to the backward loop."""

    rows: Rows | Sequence[Edits]
    contexts: Contexts

    def kept(self, variants: Variants) -> Arrays:
        """The passes as arrays."""
        edits = [self.rows[row] for row in range(len(self.rows))]
        return {"rows": Rows.of(variants, edits).array, "da": self.contexts.da, **self.contexts.arrays}

    @classmethod
    def from_kept(cls, variants: Variants, kept: Arrays) -> Passes:
        """The passes that were kept."""
        rows = Rows(variants, kept.pop("rows"))
        return cls(rows, Contexts(kept.pop("da"), kept))


class Runner:
    """Runs the edited forward passes of a check, up to the call of its backward function."""

    def __init__(self, assignment: Assignment, check: str, right: Record, fields: Sequence[str]) -> None:
        self.assignment = assignment
        self.check = check
        self.right = right
        self.fields = fields
        self._first_half = FirstHalf(assignment, check)
        self._caches = len(right.arguments[1][0])
        first = right.arguments[1][0][0]
        record = self._first_half.run(()) or right
        self._parameters: dict[str, Any] = record.arguments[1][0][0][-1]
        """Those that most runs share."""
        self._shapes = shapes_of(first)

    def run(self, edits: Edits) -> Record | None:
        """One of them; None where it raises."""
        return self._first_half.run(edits)

    def runs(self, candidates: Iterable[Edits], known: dict[Edits, Record] | None = None) -> Iterator[Run]:
        """Each of these edits with its run. ``known`` are runs that were made already; they are used up."""
        for edits in candidates:
            yield edits, (known.pop(edits, None) if known else None) or self.run(edits)

    def different(self, runs: Iterable[Run], column: int) -> Passes:
        """The right pass, and of these those with the right weights and shapes that hand on something else than the ones before.

        Of each the given column of the batch is kept.
        """
        rows: list[Edits] = [()]
        waiting = [Handed.by(self.right)]
        parts: list[Contexts] = []
        seen: set[int] = set()
        for edits, record in runs:
            if record is None or not self._fits(record):
                continue
            handed = Handed.by(record)
            digest = handed.digest
            if digest in seen or not self._ends(edits, record):
                continue
            seen.add(digest)
            rows.append(edits)
            waiting.append(handed)
            if len(waiting) == AT_ONCE:
                parts.append(contexts_of(waiting, self.fields, [column], self._caches))
                waiting = []
        if waiting:
            parts.append(contexts_of(waiting, self.fields, [column], self._caches))
        return Passes(rows, joined(parts))

    def whole(self, candidates: Iterable[Edits]) -> Passes:
        """The right pass, and those that run, with the right weights and shapes, for all examples of the batch."""
        rows: list[Edits] = [()]
        handed = [Handed.by(self.right)]
        for edits in candidates:
            record = self.run(edits)
            if record is not None and self._fits(record):
                rows.append(edits)
                handed.append(Handed.by(record))
        return Passes(rows, contexts_of(handed, self.fields, list(range(self.right.arguments[0].shape[1])), self._caches))

    def _ends(self, edits: Edits, record: Record) -> bool:
        """Whether the whole check runs where there are fewer caches than steps."""
        return len(record.arguments[1][0]) >= record.arguments[0].shape[2] or Program(self.assignment, edits).run(self.check) is not None

    def _fits(self, record: Record) -> bool:
        """Whether the backward function is handed the right weights, and arrays of the right shapes or of one column for all examples."""
        first, given = self.right.arguments, record.arguments
        caches: list[Any] = given[1][0] if len(given) == len(first) and given[0].shape == first[0].shape else []
        if not caches or not same_weights(caches[0][-1], self._parameters):
            return False
        with suppress(AttributeError):  # some are plain numbers
            if [value.shape for cache in caches for value in cache[:-1]] == self._shapes * len(caches):
                return True
        return all(map(self._shaped, caches))

    def _shaped(self, cache: tuple[Any, ...]) -> bool:
        """Whether the arrays of a cache have the right shapes, or one column for all examples."""
        own = shapes_of(cache)
        return own == self._shapes or (
            len(own) == len(self._shapes) and all(shape in {right, (right[0], 1)} for shape, right in zip(own, self._shapes, strict=True))
        )


def shapes_of(cache: tuple[Any, ...]) -> list[tuple[int, ...]]:
    """The shapes of what a cache holds before its weights."""
    try:
        return [value.shape for value in cache[:-1]]
    except AttributeError:  # some are plain numbers
        return [np.shape(value) for value in cache[:-1]]


def same_weights(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether a backward function works alike with these parameters: mostly they are the same arrays."""
    return (one.keys() == other.keys() and all(one[name] is other[name] for name in one)) or _used(one) == _used(other)


def _used(parameters: dict[str, Any]) -> list[tuple[str, tuple[int, ...], bytes]]:
    """The parameters that a backward function may use, comparable."""
    return [
        (name, np.shape(value), np.asarray(value).tobytes())
        for name, value in sorted(parameters.items())
        if name not in {"Wy", "by", "Wya"}
    ]
