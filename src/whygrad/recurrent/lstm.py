r"""The LSTM with every option.

For each step, * elementwise, from the hidden state h and the cell state c of the step before::

    i = f(W x + U h + p_i * c + b)        input gate             f: the gates' activation, σ
    f = f(W x + U h + p_f * c + b)        forget gate; with ``input_forget`` 1 - i instead
    g = g(W x + U h + b)                  candidate              g: its activation, tanh
    c' = f * c + i * g
    o = f(W x + U h + p_o * c' + b)       output gate
    h' = o * h(c')                        or, projected, R (o * h(c'))         h: the cell state's activation, tanh

W, U, b are those of each gate, p the peepholes; ``clip`` cuts what stands in the brackets of i, f, g, o.

Backward, with dh and dc at h' and c' and dX the gradient at the pre-activation of gate X, f'(X) the derivative of its activation::

    dm = Rᵀ dh                            or dh without projection
    do = dm * h(c') * f'(o)
    dc += dm * o * h'(c') + p_o * do
    di = dc * g * f'(i)                   with ``input_forget`` dc * (g - c) * f'(i)
    df = dc * c * f'(f)
    dg = dc * i * g'(g)
    dc -> dc * f + p_i * di + p_f * df    to the step before, and dh -> Uᵀ [do; di; df; dg]

Source: F. Gers, J. Schmidhuber, F. Cummins, Learning to forget, 2000; peepholes: F. Gers, J. Schmidhuber, N. Schraudolph, Learning precise
timing with LSTM recurrent networks, 2002; coupling: K. Greff et al., LSTM: a search space odyssey, 2017; projection: H. Sak, A. Senior,
F. Beaufays, Long short-term memory recurrent neural network architectures for large scale acoustic modeling, 2014.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whygrad.recurrent.activations import clip, inside
from whygrad.recurrent.cell import Array, Carry, Cell, Idle, Steps, hold
from whygrad.recurrent.columns import Columns, steps_in_a_block

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from whygrad.recurrent.configuration import Configuration
    from whygrad.recurrent.parameters import Parameters
    from whygrad.recurrent.spare import Sums


class Lstm(Cell):
    """An LSTM cell with any of the options."""

    has_cell_state = True

    def __init__(self, configuration: Configuration, direction: int, slots: int, batch: int) -> None:
        super().__init__(configuration, direction, slots, batch, further_rows=configuration.projection or 0)
        hidden, gates = self.hidden, configuration.gates
        self.row = {gate: slice(at * hidden, (at + 1) * hidden) for at, gate in enumerate(gates)}
        self.peephole_row = {gate: at for at, gate in enumerate(configuration.peephole_gates)}
        self.gates = self.empty(slots, self.rows, batch)
        self.preactivations = self.empty(slots, self.rows, batch)
        self.cells = self.empty(slots + 1, hidden, batch)
        self.shown = self.empty(slots, hidden, batch)
        self.outputs = self.empty(slots, hidden, batch)
        self.peepholes: Mapping[str, Array] = {}
        self.at_peepholes = self.empty(len(self.peephole_row), hidden)
        self.at_projection = self.empty(self.features, hidden)
        self.projection: Array | None = self.empty(self.features, hidden) if configuration.projection else None
        if configuration.projection:
            self.output_columns = Columns(hidden, steps_in_a_block(configuration, slots, batch), batch, configuration.dtype)

    def load(self, parameters: Parameters) -> None:
        """The peepholes as columns, and the projection, besides the weights."""
        super().load(parameters)
        if parameters.peepholes is not None:
            self.peepholes = {gate: parameters.peepholes[row][:, None].copy() for gate, row in self.peephole_row.items()}
        if self.projection is not None and parameters.projection is not None:
            self.projection[...] = parameters.projection

    def prepare_backward(self, parameters: Parameters) -> None:
        """The gradients of the peepholes begin with zero."""
        super().prepare_backward(parameters)
        self.at_peepholes.fill(0)

    def start(self, slot: int, state: Array) -> None:
        """Puts the cell state into the slot."""
        self.cells[slot] = state

    def cell_state(self, slot: int) -> Array:
        """The slot's cell state."""
        return self.cells[slot]

    def named_values(self) -> Mapping[str, Array]:
        """Each slot's values."""
        gates = {gate: self.gates[:, row] for gate, row in self.row.items()}
        return {"c": self.cells[1:], "c_before": self.cells[:-1], **gates}

    def forward(self, steps: Steps, inputs: Sequence[Array], idle: Idle) -> None:
        """As the module says."""
        h = self.activations[2]
        for k, after in enumerate(steps.after):
            slot = steps.first + k
            z, value, c, c_after, shown = self.preactivations[slot], self.gates[slot], *self.cells[slot : slot + 2], self.shown[slot]
            np.add(self.recurrent_weights @ steps.extended[k], inputs[k], z)
            for gate in ("i", "f"):
                if gate in self.peepholes:
                    z[self.row[gate]] += self.peepholes[gate] * c
                if gate in self.row:
                    self._activate(gate, z, value)
            self._activate("g", z, value)
            np.multiply(value[self.row["i"]], value[self.row["g"]], c_after)
            c_after += self._forget(value) * c
            if self.peepholes:
                z[self.row["o"]] += self.peepholes["o"] * c_after
            self._activate("o", z, value)
            shown[...] = c_after
            h.apply(shown)
            if self.projection is None:
                np.multiply(value[self.row["o"]], shown, after)
            else:
                np.multiply(value[self.row["o"]], shown, self.outputs[slot])
                np.matmul(self.projection, self.outputs[slot], after)
            hold(idle[k], steps.before[k], after)
            hold(idle[k], c, c_after)

    def backward(self, steps: Steps, upstream: Array | None, carry: Carry, idle: Idle) -> None:
        """As the module says."""
        h = self.activations[2]
        for k in range(len(steps) - 1, -1, -1):
            slot, dz = steps.first + k, self.gradients[k, : self.rows]
            z, value, c, c_after, shown = self.preactivations[slot], self.gates[slot], *self.cells[slot : slot + 2], self.shown[slot]
            dh = carry.hidden if upstream is None else carry.hidden + upstream[k]
            dc = carry.cell
            dm = dh if self.projection is None else self.projection.T @ dh
            i, o, g = (value[self.row[gate]] for gate in ("i", "o", "g"))
            dz[self.row["o"]] = dm * shown
            self._through("o", z, value, dz)
            dc = dc + dm * o * h.slope(c_after, shown)
            if self.peepholes:
                dc += self.peepholes["o"] * dz[self.row["o"]]
            dz[self.row["i"]] = dc * g if "f" in self.row else dc * (g - c)
            dz[self.row["g"]] = dc * i
            if "f" in self.row:
                dz[self.row["f"]] = dc * c
            dc_before = dc * self._forget(value)
            for gate in ("i", "f", "g"):
                if gate in self.row:
                    self._through(gate, z, value, dz)
                if gate in self.peepholes:
                    dc_before += self.peepholes[gate] * dz[self.row[gate]]
            if self.projection is not None:
                self.gradients[k, self.rows :] = dh
            dh_before = self._without_idle(idle[k], self.gradients[k])
            hold(idle[k], dh, dh_before)
            hold(idle[k], carry.cell, dc_before)
            carry.hidden[...], carry.cell[...] = dh_before, dc_before

    def accumulate(self, steps: Steps, gradients: Columns, before: Columns, total: Array, sums: Sums) -> None:
        """The weights, the peepholes and the projection."""
        count, first = len(steps), steps.first
        sums.add(total, gradients.matrix(count, slice(0, self.rows)), before.matrix(count).T)
        for gate, row in self.peephole_row.items():
            seen = self.cells[first + 1 :] if gate == "o" else self.cells[first:]
            self.at_peepholes[row] += np.einsum("thb,thb->h", gradients.block(count)[:, self.row[gate]], seen[:count])
        if self.projection is not None:
            self.output_columns.block(count)[...] = self.outputs[first : first + count]
            outputs = self.output_columns.matrix(count)
            sums.add(self.at_projection, gradients.matrix(count, slice(self.rows, None)), outputs.T)

    def finish(self, total: Array, gradients: Parameters) -> None:
        """The peepholes and the projection, besides the biases."""
        super().finish(total, gradients)
        for given, own in ((gradients.peepholes, self.at_peepholes), (gradients.projection, self.at_projection)):
            if given is not None:
                given[...] = own

    def _activate(self, gate: str, z: Array, value: Array) -> None:
        """The gate's value from its pre-activation, which is clipped in place."""
        z, value = z[self.row[gate]], value[self.row[gate]]
        if self.configuration.clip is not None:
            clip(z, self.configuration.clip)
        value[...] = z
        self.activations[1 if gate == "g" else 0].apply(value)

    def _through(self, gate: str, z: Array, value: Array, dz: Array) -> None:
        """From the gradient at the gate's value to that at its pre-activation, in place."""
        z, value, dz = z[self.row[gate]], value[self.row[gate]], dz[self.row[gate]]
        dz *= self.activations[1 if gate == "g" else 0].slope(z, value)
        if self.configuration.clip is not None:
            dz *= inside(z, self.configuration.clip)

    def _forget(self, value: Array) -> Array:
        return value[self.row["f"]] if "f" in self.row else 1 - value[self.row["i"]]

    def _without_idle(self, ended: Array | None, gradients: Array) -> Array:
        """What goes to the hidden state before, where an example whose sequence has ended gives nothing."""
        if ended is not None:
            np.copyto(gradients, 0, where=ended)
        return self.transposed @ gradients[: self.rows]
