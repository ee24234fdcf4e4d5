"""What lies between two layers: the outputs of both directions side by side, and dropout."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.recurrent.configuration import Configuration
    from whygrad.recurrent.lengths import Lengths

    Sides = Sequence[tuple[NDArray[Any], bool]]
    """The hidden states after each step of each direction, (T, P, B), and whether they go from the last step to the first."""

Array = NDArray[Any]


class Joint:
    """The outputs of a layer on their way to the next one, and the gradient on its way back.

    Attributes:
        outputs: What the last ``forward`` gave.
        gradient: (T, P x directions, B), to which the layer above adds the gradient at its inputs.
    """

    def __init__(self, configuration: Configuration, steps: int, batch: int) -> None:
        shape = (steps, configuration.outputs, batch)
        self._dropout = configuration.dropout
        self._copies = configuration.directions > 1 or configuration.dropout > 0
        self._joined: Array | None = None
        self._dropped: Array = np.empty(shape if configuration.dropout else 0, np.bool_)
        self._draws: Array = np.empty(shape[1:])
        self._drops = False
        self.gradient: Array = np.empty(shape, configuration.dtype)
        self.outputs = self.gradient

    def forward(self, sides: Sides, limits: Lengths, generator: np.random.Generator | None) -> Array:
        """The inputs of the next layer, (T, P x directions, B); what is dropped is drawn anew if there is a generator."""
        self._drops = generator is not None and self._dropout > 0
        hidden, backwards = sides[0]
        if not self._copies and not (backwards and limits.differ):
            self.outputs = hidden[::-1] if backwards else hidden
            return self.outputs
        if self._joined is None:
            self._joined = np.empty_like(self.gradient)
        self.outputs = self._joined
        side_by_side(sides, limits, self._joined)
        if generator is not None and self._drops:
            for dropped in self._dropped:
                generator.random(out=self._draws)
                np.less(self._draws, self._dropout, out=dropped)
            self._drop(self._joined)
        return self._joined

    def backward(self) -> Array:
        """The gradient at the outputs of the layer below, from that at the inputs of the layer above."""
        if self._drops:
            self._drop(self.gradient)
        return self.gradient

    def _drop(self, sequence: Array) -> None:
        sequence *= 1 / (1 - self._dropout)
        np.copyto(sequence, 0, where=self._dropped)


def side_by_side(sides: Sides, limits: Lengths, target: Array) -> None:
    """Puts the directions' outputs, (T, P, B) each, in the order of time below each other into (T, P x directions, B)."""
    size = sides[0][0].shape[1]
    for at, (hidden, backwards) in enumerate(sides):
        part = target[:, at * size : (at + 1) * size]
        if backwards:
            limits.put_reversed(hidden, part, adds=False)
        else:
            part[...] = hidden
