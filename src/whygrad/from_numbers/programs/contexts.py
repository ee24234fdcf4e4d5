"""What forward passes hand to the backward loop, stacked: the upstream gradient and the arrays of the caches."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from whygrad.from_numbers.numbers.arrays import is_array

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_numbers.numbers.arrays import Floats, Ints
    from whygrad.from_numbers.programs.edited import Record


@dataclass(frozen=True)
class Contexts:
    """What forward passes hand to the backward loop, in some columns of the batch.

    ``da`` is shaped (steps, rows, passes, columns), each array of the caches (rows, passes, steps, columns): what a walk takes of them for
    many states stands together. One step of an array stands for all.
    """

    da: Floats
    arrays: dict[str, Floats]

    def __len__(self) -> int:
        return self.da.shape[2]

    @property
    def width(self) -> int:
        """How many columns."""
        return self.da.shape[3]

    def upstream(self, passes: Ints, step: int) -> Floats:
        """The upstream gradient of these passes at a step, shaped (rows, passes, columns)."""
        return self.da[step].take(passes, axis=1)

    def cached(self, name: str, passes: Ints, steps: Ints | int) -> Floats:
        """An array in the caches of these passes, each at its own step, shaped (rows, passes, columns)."""
        array = self.arrays[name]
        rows, count, known, width = array.shape
        at = passes if known == 1 else passes * known + steps
        return array.reshape(rows, count * known, width).take(at, axis=1)


class Handed(NamedTuple):
    """What one forward pass hands on: the upstream gradient (rows, examples, steps), the arrays of each cache below each other.

    ``caches`` is shaped (caches, rows, examples), and ``ends`` says by their place in a cache where the rows of its arrays end. An array
    of one column stands for all examples; ``narrow`` says of which that is so, if of any.
    """

    da: Floats
    caches: Floats
    ends: dict[int, int]
    narrow: tuple[bool, ...] = ()

    @property
    def digest(self) -> int:
        """It is equal where all that is handed on is."""
        return hash((self.da.tobytes(), self.caches.tobytes(), self.narrow))

    @classmethod
    def by(cls, record: Record) -> Handed:
        """What a run hands on."""
        da, (caches, *_) = record.arguments
        examples = da.shape[1]
        places = [place for place, value in enumerate(caches[0]) if is_array(value)]
        own = [cache[place] for cache in caches for place in places]
        ends = dict(zip(places, accumulate(len(caches[0][place]) for place in places), strict=True))
        with suppress(ValueError):  # some have one column, others more
            whole = np.concatenate(own)
            if whole.shape[1] == examples:
                return cls(da, whole.reshape(len(caches), -1, examples), ends)
        narrow = tuple(value.shape[1] != examples for value in own)
        wide = [np.broadcast_to(value, (len(value), examples)) for value in own]
        return cls(da, np.concatenate(wide).reshape(len(caches), -1, examples), ends, narrow)


def contexts_of(handed: Sequence[Handed], fields: Sequence[str], columns: Sequence[int], caches: int) -> Contexts:
    """The contexts of these runs, in the given columns of the batch; ``fields`` are the names of what a cache holds, in order.

    Of each run there are so many ``caches``: those beyond no loop asks for, and NaN stands for those that it lacks.
    """
    _, first, ends, _ = handed[0]
    stacked = np.full((len(handed), caches, first.shape[1], len(columns)), np.nan)
    for own, one in zip(stacked, handed, strict=True):
        own[: len(one.caches)] = one.caches[:caches, :, columns]
    starts = [0, *ends.values()]
    parts = {fields[place]: stacked[:, :, start:end] for (place, end), start in zip(ends.items(), starts, strict=False)}
    arrays = {name: np.ascontiguousarray(part.transpose(2, 0, 1, 3)) for name, part in parts.items()}
    da = np.stack([own.da[:, columns, :] for own in handed])
    return Contexts(np.ascontiguousarray(da.transpose(3, 1, 0, 2)), arrays)


def joined(parts: Sequence[Contexts]) -> Contexts:
    """Several as one, which are used up."""
    arrays = {name: np.concatenate([part.arrays.pop(name) for part in parts], axis=1) for name in list(parts[0].arrays)}
    return Contexts(np.concatenate([part.da for part in parts], axis=2), arrays)
