r"""The gated recurrent unit, in both variants of its reset gate.

For each step, * elementwise, from the hidden state h of the step before::

    z = f(W x + U h + b)                     update gate          f: the gates' activation, σ
    r = f(W x + U h + b)                     reset gate
    n = g(W x + b + U (r * h))               candidate            g: its activation, tanh
    n = g(W x + b + r * (U h + b_r))         candidate with ``linear_before_reset``, b_r the recurrent bias
    h' = (1 - z) * n + z * h

Backward, with dh at h' and dX the gradient at the pre-activation of X::

    dz = dh * (h - n) * f'(z),     dn = dh * (1 - z) * g'(n)
    with da = Uₙᵀ dn:                        dr = da * h * f'(r),    dh -> dh * z + da * r + U_zᵀ dz + U_rᵀ dr
    with ``linear_before_reset``, a = U h + b_r, da = dn * r:   dr = dn * a * f'(r),    dh -> dh * z + [U_z; U_r; U_n]ᵀ [dz; dr; da]

Source: K. Cho et al., Learning phrase representations using RNN encoder-decoder for statistical machine translation, 2014, whose two
versions place the reset gate before and after the product.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whygrad.recurrent.activations import SIGMOID, TANH, clip, inside
from whygrad.recurrent.cell import Array, Carry, Cell, Idle, Steps, hold, transpose
from whygrad.recurrent.columns import Columns, steps_in_a_block

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from whygrad.recurrent.configuration import Configuration
    from whygrad.recurrent.parameters import Parameters
    from whygrad.recurrent.spare import Sums


class Gru(Cell):
    """A GRU cell. A slot holds n, z, r and then a: r * h, or with ``linear_before_reset`` U h + b_r.

    With ``linear_before_reset`` the gradient of a step has the rows n, z, r, a, so that n, z, r (for W x) and z, r, a (for U h) are one
    block each; the transposed recurrent weights have the latter order.
    """

    def __init__(self, configuration: Configuration, direction: int, slots: int, batch: int) -> None:
        super().__init__(configuration, direction, slots, batch, further_rows=configuration.hidden * configuration.linear_before_reset)
        hidden = self.hidden
        self.before_reset = configuration.linear_before_reset
        keeps_z = configuration.clip is not None or any(one.needs_preactivation for one in self.activations)
        self.values = self.empty(slots, 4, hidden, batch)
        self.preactivations = self.empty(slots, 3, hidden, batch) if keeps_z else None
        self.product = self.empty(3 * hidden, batch)
        self.factors = self.empty(3, hidden, batch)
        self.kept, self.spare = self.empty(hidden, batch), self.empty(hidden, batch)
        self.input_bias: Array = np.zeros((hidden, 1), configuration.dtype)
        self.at_bias = self.empty(hidden)
        if not self.before_reset:
            self.reset: Array = np.ones((hidden + 1, batch), configuration.dtype)
            self.reset_columns = Columns(hidden + 1, steps_in_a_block(slots, batch), batch, configuration.dtype)

    def load(self, parameters: Parameters, input_weights: Array) -> None:
        """The candidate's input bias stands outside the reset gate's reach, its recurrent bias inside."""
        super().load(parameters, input_weights)
        bias, recurrent = parameters.bias, parameters.recurrent_bias
        if self.before_reset and bias is not None:
            np.copyto(self.input_bias[:, 0], bias[: self.hidden])
            self.recurrent_weights[: self.hidden, -1] = 0 if recurrent is None else recurrent[: self.hidden]

    def prepare_backward(self, parameters: Parameters) -> None:
        """The transposed weights have the order z, r, n with ``linear_before_reset``."""
        hidden, weights = self.hidden, parameters.recurrent_weights
        self.at_bias.fill(0)
        if not self.before_reset:
            super().prepare_backward(parameters)
            return
        transpose(weights[hidden:], self.transposed[:, : 2 * hidden])
        transpose(weights[:hidden], self.transposed[:, 2 * hidden :])

    def named_values(self) -> Mapping[str, Array]:
        """Each slot's values."""
        return {name: self.values[:, row] for row, name in enumerate("nzra")}

    def forward(self, steps: Steps, inputs: Sequence[Array], idle: Idle) -> None:
        """As the module says."""
        spare, hidden, weights = self.spare, self.hidden, self.recurrent_weights
        dot, add, multiply = np.dot, np.add, np.multiply
        for k, (before, after, projected, ended) in enumerate(zip(steps.before, steps.after, inputs, idle, strict=False), steps.first):
            n, z, r, a = self.values[k]
            gates = self.values[k, 1:3].reshape(2 * hidden, self.batch)
            if self.before_reset:
                dot(weights, steps.extended[k - steps.first], self.product)
                add(self.product[hidden:], projected[hidden:], gates)
                self._activate(k, slice(1, 3))
                np.copyto(a, self.product[:hidden])
                multiply(r, a, n)
                add(n, self.input_bias, n)
            else:
                dot(weights[hidden:], steps.extended[k - steps.first], gates)
                add(gates, projected[hidden:], gates)
                self._activate(k, slice(1, 3))
                multiply(r, before, a)
                np.copyto(self.reset[:-1], a)
                dot(weights[:hidden], self.reset, n)
            add(n, projected[:hidden], n)
            self._activate(k, slice(0, 1))
            np.subtract(before, n, spare)
            multiply(spare, z, spare)
            add(n, spare, after)
            hold(ended, before, after)

    def _activate(self, slot: int, rows: slice) -> None:
        """From pre-activations to values, in place; the pre-activations, clipped, are kept where they are needed."""
        z = self.values[slot, rows]
        if self.configuration.clip is not None:
            clip(z, self.configuration.clip)
        if self.preactivations is not None:
            np.copyto(self.preactivations[slot, rows], z)
        self.activations[1 if rows.start == 0 else 0].apply(z)

    def backward(self, steps: Steps, upstream: Sequence[Array | None], carry: Carry, idle: Idle) -> None:
        """As the module says."""
        dh, hidden, spare = carry.hidden, self.hidden, self.spare
        at_n, at_z, at_r = self.factors
        for k in range(len(steps) - 1, -1, -1):
            if (given := upstream[k]) is not None:
                np.add(dh, given, dh)
            slot, ended, before = steps.first + k, idle[k], steps.before[k]
            n, z, r, a = self.values[slot]
            gradient = self.gradients[k].reshape(-1, hidden, self.batch)
            dn, dz, dr = gradient[:3]
            self._slopes(slot)
            np.subtract(1, z, spare)
            np.multiply(at_n, spare, at_n)
            np.multiply(dh, at_n, dn)
            np.subtract(before, n, spare)
            np.multiply(at_z, spare, at_z)
            np.multiply(dh, at_z, dz)
            if ended is not None:
                np.copyto(self.kept, dh)
            np.multiply(dh, z, dh)
            if self.before_reset:
                np.multiply(dn, r, gradient[3])
                np.multiply(at_r, a, at_r)
                np.multiply(dn, at_r, dr)
            else:
                np.dot(self.transposed[:, :hidden], self.gradients[k, :hidden], spare)
                np.multiply(at_r, spare, at_r)
                np.multiply(at_r, before, dr)
                np.multiply(spare, r, spare)
                np.add(dh, spare, dh)
            if ended is not None:
                np.copyto(gradient, 0, where=ended)
            self._recurrent(self.gradients[k])
            np.add(dh, spare, dh)
            if ended is not None:
                np.copyto(dh, self.kept, where=ended)

    def _recurrent(self, gradient: Array) -> None:
        """What goes to the hidden state before through the recurrent weights, but for the candidate's of the plain variant."""
        transposed = self.transposed if self.before_reset else self.transposed[:, self.hidden :]
        np.dot(transposed, gradient[self.hidden :], self.spare)

    def _slopes(self, slot: int) -> None:
        """The derivatives of the activations at the three pre-activations."""
        (f, g), values, z = self.activations, self.values[slot], self.preactivations
        at_n, at_gates = self.factors[0], self.factors[1:]
        if (f, g) == (SIGMOID, TANH):
            np.multiply(values[0], values[0], at_n)
            np.subtract(1, at_n, at_n)
            np.subtract(1, values[1:3], at_gates)
            np.multiply(at_gates, values[1:3], at_gates)
        else:
            at_n[...] = g.slope(None if z is None else z[slot, 0], values[0])
            at_gates[...] = f.slope(None if z is None else z[slot, 1:], values[1:3])
        if z is not None and self.configuration.clip is not None:
            np.multiply(self.factors, inside(z[slot], self.configuration.clip), self.factors)

    def accumulate(self, steps: Steps, gradients: Columns, before: Columns, total: Array, sums: Sums) -> None:
        """The candidate's rows have another gradient at U h, or other inputs, than the rest."""
        count, hidden = len(steps), self.hidden
        at_n, gates = gradients.matrix(count, slice(0, hidden)), gradients.matrix(count, slice(hidden, 3 * hidden))
        sums.add(total[hidden:], gates, before.matrix(count).T)
        if self.before_reset:
            sums.add(total[:hidden], gradients.matrix(count, slice(3 * hidden, None)), before.matrix(count).T)
            self.at_bias += at_n.sum(axis=1)
        else:
            reset = self.reset_columns.block(count)
            reset[:, -1] = 1
            reset[:, :-1] = self.values[steps.first : steps.first + count, 3]
            sums.add(total[:hidden], at_n, self.reset_columns.matrix(count).T)

    def finish(self, total: Array, gradients: Parameters) -> None:
        """With ``linear_before_reset`` the candidate's bias has another gradient than its recurrent bias."""
        super().finish(total, gradients)
        if self.before_reset and gradients.bias is not None:
            gradients.bias[: self.hidden] = self.at_bias
