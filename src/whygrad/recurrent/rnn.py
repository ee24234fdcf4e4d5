"""The simple recurrent network: h' = f(W x + U h + b), f = tanh or any other activation.

Backward, with dh at h': dz = dh * f'(z), and the step before gets Uᵀ dz.

Source: J. Elman, Finding structure in time, 1990.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whygrad.recurrent.activations import clip, inside
from whygrad.recurrent.cell import Array, Carry, Cell, Idle, Steps, hold

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

    def forward(self, steps: Steps, inputs: Sequence[Array], idle: Idle) -> None:
        """As the module says."""
        for k, after in enumerate(steps.after):
            self.times(steps.extended[k], after)
            np.add(after, inputs[k], after)
            if self.configuration.clip is not None:
                clip(after, self.configuration.clip)
            if (z := self.preactivations[steps.first + k]) is not None:
                z[...] = after
            self.activation.apply(after)
            hold(idle[k], steps.before[k], after)

    def backward(self, steps: Steps, upstream: Array | None, carry: Carry, idle: Idle) -> None:
        """As the module says."""
        dh = carry.hidden
        for k in range(len(steps) - 1, -1, -1):
            if upstream is not None:
                np.add(dh, upstream[k], dh)
            ended, dz, z = idle[k], self.gradients[k], self.preactivations[steps.first + k]
            np.multiply(dh, self.activation.slope(z, steps.after[k]), dz)
            if z is not None and self.configuration.clip is not None:
                np.multiply(dz, inside(z, self.configuration.clip), dz)
            if ended is None:
                self.times_transposed(dz, dh)
                continue
            np.copyto(dz, 0, where=ended)
            self.kept[...] = dh
            self.times_transposed(dz, dh)
            np.copyto(dh, self.kept, where=ended)
