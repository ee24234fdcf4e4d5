"""Sequences of different lengths in one batch: what comes after the end of a sequence is no part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

Array = NDArray[Any]


class Lengths:
    """The lengths of a batch's sequences, or that all have T steps.

    Attributes:
        idle: For each step the examples whose sequence has ended, (B,); None where all go on.
    """

    def __init__(self, steps: int, lengths: Array | None) -> None:
        self.idle: Sequence[Array | None] = [None] * steps
        self._order: Array | None = None
        if lengths is None or int(lengths.min()) == steps:
            return
        lengths = lengths.astype(np.intp)
        self.idle = [mask if mask.any() else None for mask in (lengths <= t for t in range(steps))]
        t = np.arange(steps)[:, None]
        self._order = np.where(t < lengths, lengths - 1 - t, t)[:, None, :]

    @property
    def differ(self) -> bool:
        """Whether any sequence ends before T."""
        return self._order is not None

    def reversed(self, sequence: Array) -> Array:
        """Each sequence of (T, n, B) from its own last step to its first: a view, or a copy where lengths differ."""
        return sequence[::-1] if self._order is None else np.take_along_axis(sequence, self._order, axis=0)

    def cleared(self, sequence: Array) -> Array:
        """The sequence with zeros after the end: a copy if lengths differ."""
        if self._order is not None:
            sequence = sequence.copy()
            self.clear(sequence)
        return sequence

    def clear(self, sequence: Array) -> None:
        """Sets to zero what comes after the end, in place."""
        if self._order is None:
            return
        for step, idle in zip(sequence, self.idle, strict=True):
            if idle is not None:
                np.copyto(step, 0, where=idle)
