"""The simple recurrent network: h' = f(W x + U h + b), f = tanh or any other activation.

Backward, with dh at h': dz = dh * f'(z), and the step before gets Uᵀ dz.

Source: J. Elman, Finding structure in time, 1990.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whygrad.recurrent.activations import clip, inside
from whygrad.recurrent.cell import Array, Carry, Cell, Steps, hold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.recurrent.configuration import Configuration


class Rnn(Cell):
    """A simple recurrent cell; it keeps the pre-activations where the derivative of f cannot be had from the hidden state."""

    def __init__(self, configuration: Configuration, direction: int, slots: int, batch: int) -> None:
        super().__init__(configuration, direction, slots, batch)
        (self.activation,) = self.activations
        keeps_z = configuration.clip is not None or self.activation.needs_preactivation
        self.preactivations = list(self.empty(slots, self.hidden, batch)) if keeps_z else [None] * slots
        self.kept = self.empty(self.hidden, batch)

    def forward(self, steps: Steps) -> None:
        """As the module says."""
        for k, (before, after) in enumerate(zip(steps.hidden, steps.hidden[1:], strict=False)):
            np.dot(self.recurrent_weights, before, after)
            np.add(after, self.stacked[k], after)
            if self.configuration.clip is not None:
                clip(after, self.configuration.clip)
            if (z := self.preactivations[steps.first + k]) is not None:
                np.copyto(z, after)
            self.activation.apply(after)
            hold(steps.idle[k], before, after)

    def backward(self, steps: Steps, upstream: Sequence[Array | None], carry: Carry) -> None:
        """As the module says."""
        dh = carry.hidden
        for k in range(len(steps) - 1, -1, -1):
            if (given := upstream[k]) is not None:
                np.add(dh, given, dh)
            idle, dz, z = steps.idle[k], self.stacked[k], self.preactivations[steps.first + k]
            np.multiply(dh, self.activation.slope(z, steps.hidden[k + 1]), dz)
            if z is not None and self.configuration.clip is not None:
                np.multiply(dz, inside(z, self.configuration.clip), dz)
            if idle is None:
                np.dot(self.transposed, dz, dh)
                continue
            np.copyto(dz, 0, where=idle)
            np.copyto(self.kept, dh)
            np.dot(self.transposed, dz, dh)
            np.copyto(dh, self.kept, where=idle)
