"""Sequences of different lengths in one batch: what comes after the end of a sequence is no part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.recurrent.spare import Spare

Array = NDArray[Any]


class Lengths:
    """The lengths of a batch's sequences, or that all have T steps.

    Attributes:
        idle: For each step the examples whose sequence has ended, (B,); None where all go on.
    """

    def __init__(self, steps: int, lengths: Array | None) -> None:
        self.idle: Sequence[Array | None] = [None] * steps
        self._ends: list[int] = []
        if lengths is None or int(lengths.min()) == steps:
            return
        lengths = lengths.astype(np.intp)
        self.idle = [mask if mask.any() else None for mask in (lengths <= t for t in range(steps))]
        self._ends = lengths.tolist()

    @property
    def differ(self) -> bool:
        """Whether any sequence ends before T."""
        return bool(self._ends)

    def reversed(self, sequence: Array, spare: Spare, name: str) -> Array:
        """Each sequence of (T, n, B) from its own last step to its first: a view, or a copy in the spare memory where lengths differ."""
        if not self._ends:
            return sequence[::-1]
        target = spare.take(name, sequence.shape, sequence.dtype)
        self.put_reversed(sequence, target, adds=False)
        return target

    def put_reversed(self, sequence: Array, target: Array, *, adds: bool) -> None:
        """Puts the reversed sequences into the target, or adds them to it; what comes after the end stays in its place."""
        if not self._ends:
            _put(sequence[::-1], target, adds=adds)
            return
        for b, end in enumerate(self._ends):
            _put(sequence[:end, :, b][::-1], target[:end, :, b], adds=adds)
            _put(sequence[end:, :, b], target[end:, :, b], adds=adds)

    def cleared(self, sequence: Array, spare: Spare, name: str) -> Array:
        """The sequence with zeros after the end: a copy in the spare memory if lengths differ."""
        if not self._ends:
            return sequence
        target = spare.take(name, sequence.shape, sequence.dtype)
        target[...] = sequence
        self.clear(target)
        return target

    def clear(self, sequence: Array) -> None:
        """Sets to zero what comes after the end, in place."""
        if not self._ends:
            return
        for step, idle in zip(sequence, self.idle, strict=True):
            if idle is not None:
                np.copyto(step, 0, where=idle)

    def parts(self, sequence: Array) -> Iterator[Array]:
        """What is looked at of each example, (its length, n): views."""
        return (sequence[:end, :, b] for b, end in enumerate(self._ends))


def _put(source: Array, target: Array, *, adds: bool) -> None:
    if adds:
        np.add(target, source, target)
    else:
        target[...] = source
