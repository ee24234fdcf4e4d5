"""What forward passes hand to the backward loop, stacked: the upstream gradient and the arrays of the caches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_numbers.numbers import is_array

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_numbers.edited import Record
    from whygrad.from_numbers.looptree import Ints
    from whygrad.from_numbers.numbers import Floats


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

    def taken(self, passes: Sequence[int]) -> Contexts:
        """Those of these passes."""
        return Contexts(self.da.take(passes, axis=2), {name: array.take(passes, axis=1) for name, array in self.arrays.items()})

    def upstream(self, passes: Ints, step: int) -> Floats:
        """The upstream gradient of these passes at a step, shaped (rows, passes, columns)."""
        return self.da[step].take(passes, axis=1)

    def cached(self, name: str, passes: Ints, steps: Ints | int) -> Floats:
        """An array in the caches of these passes, each at its own step, shaped (rows, passes, columns)."""
        array = self.arrays[name]
        rows, count, known, width = array.shape
        at = passes if known == 1 else passes * known + steps
        return array.reshape(rows, count * known, width).take(at, axis=1)


def contexts_of(records: Sequence[Record], fields: Sequence[str], columns: Sequence[int], caches: int) -> Contexts:
    """The contexts of these runs, in the given columns of the batch; ``fields`` are the names of what a cache holds, in order.

    Of each run there are so many ``caches``: those beyond no loop asks for, and NaN stands for those that it lacks.
    """
    first = records[0].arguments[1][0][0]
    examples = records[0].arguments[0].shape[1]
    places = [place for place in range(len(fields)) if is_array(first[place])]
    ends = np.cumsum([len(first[place]) for place in places]).tolist()
    stacked = np.full((len(records), caches, ends[-1], len(columns)), np.nan)
    for number, record in enumerate(records):
        own = [cache[place] for cache in record.arguments[1][0][:caches] for place in places]
        if any(value.shape[1] != examples for value in own):  # one column for all examples
            own = [np.broadcast_to(value, (len(value), examples)) for value in own]
        whole = np.concatenate(own).reshape(-1, ends[-1], examples)
        stacked[number, : len(whole)] = whole[..., columns]
    parts = zip(places, [0, *ends], ends, strict=False)
    arrays = {fields[place]: np.ascontiguousarray(stacked[:, :, start:end].transpose(2, 0, 1, 3)) for place, start, end in parts}
    da = np.stack([record.arguments[0][:, columns, :] for record in records])
    return Contexts(np.ascontiguousarray(da.transpose(3, 1, 0, 2)), arrays)


def joined(parts: Sequence[Contexts]) -> Contexts:
    """Several as one, which are used up."""
    arrays = {name: np.concatenate([part.arrays.pop(name) for part in parts], axis=1) for name in list(parts[0].arrays)}
    return Contexts(np.concatenate([part.da for part in parts], axis=2), arrays)
