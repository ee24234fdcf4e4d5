r"""The LSTM without further options, as fast as NumPy allows; ``lstm.py`` is the same in general, and its oracle in the tests.

For each step, * elementwise, from the hidden state h and the cell state c of the step before::

    o, i, f = σ(W x + U h + b)        the three gates, (H, B) each
    g       = tanh(W x + U h + b)     the candidate
    c'      = f * c + i * g
    h'      = o * tanh(c')

Source: F. Gers, J. Schmidhuber, F. Cummins, Learning to forget: continual prediction with LSTM, 2000.

What makes it fast:

* σ(z) = (1 + tanh(z/2)) / 2, the half folded into the weights: one tanh for all four gates.
* A slot holds o, i, f, g, c, in this order, so that i * g and f * c are one product, and so are their derivatives.
* The gradients are linear in what is carried back: with dh and dc at h' and c',

      dc += dh * o (1 - tanh²c'),    dz_o = dh * tanh(c') o (1 - o),
      dz_i = dc * g i (1 - i),       dz_f = dc * c f (1 - f),          dz_g = dc * i (1 - g²)

  The factors behind dh and dc are computed for a chunk of steps at once where the arrays are small, from a copy gate by gate: many steps
  of a gate are then one row of numbers, and NumPy is quickest with those. What is left for each step is six products, two sums and one
  matrix product. (One product of dc with three factors would be slower than three: NumPy takes longer to repeat dc than to be called.)
"""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING

import numpy as np

from whygrad.recurrent.cell import LONG, Array, Carry, Cell, Idle, Steps, hold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from whygrad.recurrent.configuration import Configuration
    from whygrad.recurrent.parameters import Parameters

_O, _I, _F, _G, _C = range(5)
_MANY = 4  # steps of a chunk from which on their factors are computed together: a copy is then less than what the calls cost


class PlainLstm(Cell):
    """An LSTM of sigmoid and tanh, without peepholes, coupling, clipping or projection."""

    has_cell_state = True

    def __init__(self, configuration: Configuration, direction: int, slots: int, batch: int, *, inputs: int) -> None:
        super().__init__(configuration, direction, slots, batch)
        hidden, size = self.hidden, self.hidden * batch
        self.folded = self._input_weights = self.empty(self.rows, inputs)
        self._halved = [array[: 3 * hidden] for array in (self.weights, self._input_weights)]
        self.values = self.empty(slots + 1, 5, hidden, batch)
        self.together = self.chunk if self.chunk >= _MANY else 1
        self.gathered = self.empty(5, self.together * size if self.together > 1 else 0)
        self.factors, self.spares = self.empty(5, self.together * size), self.empty(3, self.together * size)
        self.products = self.spares.reshape(-1)[: 2 * size].reshape(2, hidden, batch)  # only on the way forward
        self.spare, self.kept = self.empty(size), (self.empty(hidden, batch), self.empty(hidden, batch))
        self._half = np.array(0.5, self.values.dtype)
        self._step_views = self._views_of_steps(0, slots) if slots <= LONG else None
        self._factor_views: dict[tuple[int, int], tuple[Array, ...]] = {}
        self._given = self.gradients[:, :hidden]
        factors = self.factors.reshape(5, self.together, size).swapaxes(0, 1)
        by_gate = self.gradients.reshape(self.chunk, 4, size)
        self._backward_views = [(*f, dz, *gates) for f, dz, gates in zip(cycle(factors), self.gradients, by_gate, strict=False)]

    def load(self, parameters: Parameters) -> None:
        """The half of σ(z) = (1 + tanh(z/2)) / 2 goes into the rows of the gates o, i, f."""
        super().load(parameters)
        self._input_weights[...] = parameters.input_weights
        for rows in self._halved:
            np.multiply(rows, self._half, rows)

    def start(self, slot: int, state: Array) -> None:
        """Puts the cell state into the slot."""
        self.values[slot, _C] = state

    def cell_state(self, slot: int) -> Array:
        """The slot's cell state."""
        return self.values[slot, _C]

    def named_values(self) -> Mapping[str, Array]:
        """Each slot's values."""
        inner = self.values[:-1]
        rows = {"o": _O, "i": _I, "f": _F, "g": _G, "c_before": _C}
        return {"c": self.values[1:, _C], **{name: inner[:, row] for name, row in rows.items()}}

    def forward(self, steps: Steps, inputs: Sequence[Array], idle: Idle) -> None:
        """As the module says."""
        half, shape = self._half, (self.hidden, self.batch)
        products, tanh_c, tanh_c_flat = self.products.reshape(-1), self.products[0], self.products[0].reshape(-1)
        written, kept = self.products.reshape(2, -1)
        times, add, multiply, tanh = self.times, np.add, np.multiply, np.tanh
        first, stop = steps.first, steps.first + len(steps)
        views = self._views_of_steps(first, stop) if self._step_views is None else self._step_views[first:stop]
        rows = zip(steps.extended, steps.after, inputs, idle, views, strict=False)
        for before, after, projected, ended, (z, o_i_f, i_f, g_c, c_after, o) in rows:
            times(before, z)
            add(z, projected, z)
            tanh(z, z)
            multiply(o_i_f, half, o_i_f)
            add(o_i_f, half, o_i_f)
            multiply(i_f, g_c, products)
            add(written, kept, c_after)
            tanh(c_after, tanh_c_flat)
            multiply(o, tanh_c, after)
            if ended is not None:
                hold(ended, before[: self.features], after)
                hold(ended, g_c.reshape(2, *shape)[1], c_after.reshape(shape))

    def _views_of_steps(self, first: int, stop: int) -> list[tuple[Array, ...]]:
        """What ``forward`` writes to at each step.

        o, i, f, g as (4 H, B); o, i, f and i, f and g, c and the next c as rows of numbers; o as (H, B).
        """
        size, values = self.hidden * self.batch, self.values[first : stop + 1]
        flat, gates = values.reshape(len(values), -1), values.reshape(len(values), -1, self.batch)[:, : 4 * self.hidden]
        rows = flat[:-1, : _G * size], flat[:-1, _I * size : _G * size], flat[:-1, _G * size :], flat[1:, _C * size :]
        return list(zip(gates[:-1], *rows, values[:-1, _O], strict=True))

    def backward(self, steps: Steps, upstream: Array | None, carry: Carry, idle: Idle) -> None:
        """As the module says; the gradient at a step's output waits where dz_o will stand."""
        first, count = steps.first, len(steps)
        alone = self.together == 1
        if not alone:
            self._prepare_factors(first, count)
        if upstream is not None:
            self._given[:count] = upstream
        hidden, cell, spare = carry.hidden, carry.cell, self.spare
        times, add, multiply = self.times_transposed, np.add, np.multiply
        dh, dc = hidden.reshape(-1), cell.reshape(-1)
        slots = range(first + count - 1, first - 1, -1)
        forget = self.values[first : first + count, _F].reshape(count, -1)[::-1]
        rows = zip(slots, idle[::-1], forget, self._backward_views[count - 1 :: -1], strict=True)
        for slot, ended, f, (at_c, at_o, at_i, at_f, at_g, dz, dz_o, dz_i, dz_f, dz_g) in rows:
            if alone:
                self._prepare_factors(slot, 1)
            if upstream is not None:
                add(dh, dz_o, dh)
            if ended is not None:
                self._keep(carry)
            multiply(dh, at_c, spare)
            add(dc, spare, dc)
            multiply(dh, at_o, dz_o)
            multiply(dc, at_i, dz_i)
            multiply(dc, at_f, dz_f)
            multiply(dc, at_g, dz_g)
            multiply(dc, f, dc)
            if ended is not None:
                np.copyto(dz, 0, where=ended)
            times(dz, hidden)
            if ended is not None:
                self._pass_on(ended, carry)

    def _prepare_factors(self, first: int, count: int) -> None:
        """For each step what stands behind dh (at c', and at z_o) and behind dc (at z_i, z_f, z_g) in the module's equations.

        With fewer products than are written there: with m, p, q = o tanh(c'), i g, f c the factors at z_o, z_i, z_f are m - m o, p - p i,
        q - q f, those at c' and z_g are o (1 - tanh²c') = o - m tanh(c') and i (1 - g²) = i - p g.
        """
        views = self._factor_views.get((first, count)) or self._views_of_factors(first, count)
        gathered, by_gate, c_after, tanh_c, o, i, o_i_f, i_f, g, g_c, at_c, at_o, at_i, at_o_i_f, at_i_f, at_g, spare = views
        multiply, subtract = np.multiply, np.subtract
        if self.together > 1:
            gathered[...] = by_gate
        np.tanh(c_after, tanh_c)
        multiply(o, at_c, at_o)
        multiply(at_o, at_c, at_c)
        subtract(o, at_c, at_c)
        multiply(i_f, g_c, at_i_f)
        multiply(at_i, g, at_g)
        subtract(i, at_g, at_g)
        multiply(at_o_i_f, o_i_f, spare)
        subtract(at_o_i_f, spare, at_o_i_f)

    def _views_of_factors(self, first: int, count: int) -> tuple[Array, ...]:
        """The arrays of ``_prepare_factors``; kept, because to make them takes as long as a step."""
        size = self.hidden * self.batch
        slots = self.values[first : first + count + 1].reshape(count + 1, 5, size)
        by_gate, c_after = slots[:-1].swapaxes(0, 1), slots[1:, _C]
        gathered = self.gathered.reshape(5, self.together, size)[:, :count] if self.together > 1 else by_gate
        values = self.gathered[:, : count * size] if self.together > 1 else slots[0]
        factors, spare = self.factors[:, : count * size], self.spares[:, : count * size]
        rows: tuple[int | slice, ...] = (_O, _I, slice(_O, _G), slice(_I, _G), _G, slice(_G, None))
        columns: tuple[int | slice, ...] = (0, 1, 2, slice(1, 4), slice(2, 4), 4)
        shown = *(values[row] for row in rows), *(factors[column] for column in columns)
        views = (gathered, by_gate, c_after, factors[0].reshape(count, size), *shown, spare)
        if self.slots <= LONG:
            self._factor_views[first, count] = views
        return views

    def _keep(self, carry: Carry) -> None:
        self.kept[0][...] = carry.hidden
        self.kept[1][...] = carry.cell

    def _pass_on(self, idle: Array, carry: Carry) -> None:
        """Where the sequence has ended, the gradient goes through the step unchanged."""
        np.copyto(carry.hidden, self.kept[0], where=idle)
        np.copyto(carry.cell, self.kept[1], where=idle)
