r"""The LSTM without further options, as fast as NumPy allows; ``lstm.py`` is the same in general, and its oracle in the tests.

For each step, * elementwise, from the hidden state h and the cell state c of the step before::

    o, i, f = σ(W x + U h + b)        the three gates, (H, B) each
    g       = tanh(W x + U h + b)     the candidate
    c'      = f * c + i * g
    h'      = o * tanh(c')

Source: F. Gers, J. Schmidhuber, F. Cummins, Learning to forget: continual prediction with LSTM, 2000.

What makes it fast:

* σ(z) = (1 + tanh(z/2)) / 2, the half folded into the weights: one tanh for all four gates.
* A slot holds tanh(c'), o, i, f, g, c, in this order, so that i * g and f * c are one product, and so are their derivatives.
* The gradients are linear in what is carried back: with dh and dc at h' and c',

      dc += dh * o (1 - tanh²c'),    dz_o = dh * tanh(c') o (1 - o),
      dz_i = dc * g i (1 - i),       dz_f = dc * c f (1 - f),          dz_g = dc * i (1 - g²)

  The factors behind dh and dc are computed for a chunk of steps at once, as many as stay in the cache. What is left for each step is
  four products, two sums and one matrix product.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whygrad.recurrent.cell import Array, Carry, Cell, Steps, hold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from whygrad.recurrent.configuration import Configuration
    from whygrad.recurrent.parameters import Parameters

_CACHE = 2**19
_TANH_C, _O, _I, _F, _G, _C = range(6)


class PlainLstm(Cell):
    """An LSTM of sigmoid and tanh, without peepholes, coupling, clipping or projection."""

    has_cell_state = True

    def __init__(self, configuration: Configuration, direction: int, slots: int, batch: int) -> None:
        super().__init__(configuration, direction, slots, batch)
        hidden = self.hidden
        self.values = self.empty(slots + 1, 6, hidden, batch)
        self.products = self.empty(2, hidden, batch)
        self.chunk = max(1, min(slots, _CACHE // (5 * hidden * batch * self.values.itemsize)))
        self.factors = self.empty(self.chunk, 5, hidden, batch)
        self.spare = self.empty(hidden, batch)
        self.kept = self.empty(hidden, batch), self.empty(hidden, batch)
        gates = self.values.reshape(slots + 1, 6 * hidden, batch)[:, hidden : 5 * hidden]
        self._views = [
            (z, slot[_O:_G], slot[_I:_G], slot[_G:], slot[_C], after[_C], slot[_TANH_C], slot[_O])
            for z, slot, after in zip(gates, self.values, self.values[1:], strict=False)
        ]

    def load(self, parameters: Parameters, input_weights: Array) -> None:
        """The half of σ(z) = (1 + tanh(z/2)) / 2 goes into the rows of the gates o, i, f."""
        super().load(parameters, input_weights)
        input_weights[: 3 * self.hidden] *= 0.5
        self.recurrent_weights[: 3 * self.hidden] *= 0.5

    def start(self, slot: int, state: Array) -> None:
        """Puts the cell state into the slot."""
        np.copyto(self.values[slot, _C], state)

    def cell_state(self, slot: int) -> Array:
        """The slot's cell state."""
        return self.values[slot, _C]

    def named_values(self) -> Mapping[str, Array]:
        """Each slot's values."""
        inner = self.values[:-1]
        rows = {"o": _O, "i": _I, "f": _F, "g": _G, "c_before": _C, "tanh_c": _TANH_C}
        return {"c": self.values[1:, _C], **{name: inner[:, row] for name, row in rows.items()}}

    def forward(self, steps: Steps, projected: Sequence[Array]) -> None:
        """As the module says."""
        weights, products, (written, kept) = self.recurrent_weights, self.products, self.products
        matmul, add, multiply, tanh = np.matmul, np.add, np.multiply, np.tanh
        views, half = self._views[steps.first :], 0.5
        for inputs, before, after, idle, view in zip(projected, steps.hidden, steps.hidden[1:], steps.idle, views, strict=False):
            z, o_i_f, i_f, g_c, c, c_after, tanh_c, o = view
            matmul(weights, before, z)
            add(z, inputs, z)
            tanh(z, z)
            multiply(o_i_f, half, o_i_f)
            add(o_i_f, half, o_i_f)
            multiply(i_f, g_c, products)
            add(written, kept, c_after)
            tanh(c_after, tanh_c)
            multiply(o, tanh_c, after)
            if idle is not None:
                hold(idle, before, after)
                hold(idle, c, c_after)

    def backward(self, steps: Steps, upstream: Sequence[Array | None], carry: Carry, gradients: Sequence[Array]) -> None:
        """As the module says, a chunk of steps at a time."""
        for end in range(len(steps), 0, -self.chunk):
            begin = max(0, end - self.chunk)
            self._prepare_factors(steps.first + begin, end - begin)
            self._backward(begin, end, steps, upstream, carry, gradients)

    def _prepare_factors(self, first: int, count: int) -> None:
        """For each step what stands behind dh (at c', and at z_o) and behind dc (at z_i, z_f, z_g) in the module's equations."""
        values, factors = self.values[first : first + count], self.factors[:count]
        tanh_c, o, i, g = (values[:, row] for row in (_TANH_C, _O, _I, _G))
        at_c, at_gates, at_g = factors[:, 0], factors[:, 1:4], factors[:, 4]
        np.multiply(tanh_c, tanh_c, at_c)
        np.subtract(1, at_c, at_c)
        np.multiply(at_c, o, at_c)
        np.subtract(1, values[:, _O:_G], at_gates)
        np.multiply(at_gates, values[:, _O:_G], at_gates)
        np.multiply(factors[:, 1], tanh_c, factors[:, 1])
        np.multiply(factors[:, 2:4], values[:, _G:], factors[:, 2:4])
        np.multiply(g, g, at_g)
        np.subtract(1, at_g, at_g)
        np.multiply(at_g, i, at_g)

    def _backward(
        self, begin: int, end: int, steps: Steps, upstream: Sequence[Array | None], carry: Carry, gradients: Sequence[Array]
    ) -> None:
        hidden, batch, spare = self.hidden, self.batch, self.spare
        dh, dc, transposed = carry.hidden, carry.cell, self.transposed
        matmul, add, multiply = np.matmul, np.add, np.multiply
        for k in range(end - 1, begin - 1, -1):
            if (given := upstream[k]) is not None:
                add(dh, given, dh)
            idle, dz, factor = steps.idle[k], gradients[k], self.factors[k - begin]
            if idle is not None:
                self._keep(carry)
            multiply(dh, factor[0], spare)
            add(dc, spare, dc)
            multiply(dh, factor[1], dz[:hidden])
            multiply(dc, factor[2:], dz[hidden:].reshape(3, hidden, batch))
            multiply(dc, self.values[steps.first + k, _F], dc)
            if idle is not None:
                np.copyto(dz, 0, where=idle)
            matmul(transposed, dz, dh)
            if idle is not None:
                self._pass_on(idle, carry)

    def _keep(self, carry: Carry) -> None:
        np.copyto(self.kept[0], carry.hidden)
        np.copyto(self.kept[1], carry.cell)

    def _pass_on(self, idle: Array, carry: Carry) -> None:
        """Where the sequence has ended, the gradient goes through the step unchanged."""
        np.copyto(carry.hidden, self.kept[0], where=idle)
        np.copyto(carry.cell, self.kept[1], where=idle)
