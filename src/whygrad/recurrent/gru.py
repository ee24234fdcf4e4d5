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

What the backward pass can have cheaply is not kept. a is U h for many steps at once. With f = σ and g = tanh, n is not needed, because
m = h' - z * h = (1 - z) * n and

    (h - n) * f'(z) = z * (h - h'),     (1 - z) * g'(n) = (1 - z) - m² / (1 - z)

But m is no more exact than a rounding of h, and where n is saturated that rounding is left instead of 0, for x and h to be multiplied
with. So n is kept where one of them is large.

Source: K. Cho et al., Learning phrase representations using RNN encoder-decoder for statistical machine translation, 2014, whose two
versions place the reset gate before and after the product.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whygrad.recurrent.activations import SIGMOID, TANH, clip, inside
from whygrad.recurrent.cell import Array, Carry, Cell, Idle, Steps, hold
from whygrad.recurrent.columns import Columns, steps_in_a_block
from whygrad.recurrent.products import product

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from whygrad.recurrent.configuration import Configuration
    from whygrad.recurrent.parameters import Parameters
    from whygrad.recurrent.spare import Sums

_LARGE = 8
"""What an input, or an initial state, can be at most if n is not kept: no more than three of the binary digits are lost by that."""


class Gru(Cell):
    """A GRU cell. A slot holds z, r, and n unless f = σ and g = tanh, where n has an array of its own as soon as it must be kept.

    With ``linear_before_reset`` the gradient of a step has the rows n, a, z, r, so that a, z, r (for U h) are one block. A block's
    columns are those for W x, n, z, r, until ``accumulate`` makes a of n.
    """

    def __init__(self, configuration: Configuration, direction: int, slots: int, batch: int) -> None:
        super().__init__(configuration, direction, slots, batch, further_rows=configuration.hidden * configuration.linear_before_reset)
        hidden = self.hidden
        self.columns_rows = self.rows
        self.before_reset = configuration.linear_before_reset
        self.usual = self.activations == (SIGMOID, TANH)
        keeps_z = configuration.clip is not None or any(one.needs_preactivation for one in self.activations)
        self.values = self.empty(slots, 2 if self.usual else 3, hidden, batch)
        self.preactivations = self.empty(slots, 3, hidden, batch) if keeps_z else None
        self.factors = self.empty(3, hidden, batch)
        self.kept, self.spare = self.empty(hidden, batch), self.empty(hidden, batch)
        self._one = np.array(1, configuration.dtype)
        self._above_one = np.array(1 + np.finfo(configuration.dtype).eps, configuration.dtype)
        if self.before_reset:
            self.input_bias: Array = np.zeros((hidden, 1), configuration.dtype)
            self.at_bias = self.empty(hidden)
            self.product = self.factors.reshape(3 * hidden, batch)  # only on the way forward
            inner = self.product[:hidden]
        else:
            self.reset: Array = np.ones((hidden + 1, batch), configuration.dtype)
            self.reset_columns = Columns(hidden + 1, steps_in_a_block(configuration, slots, batch), batch, configuration.dtype)
            inner = self.reset[:-1]
        self._times_parts = [product(part, batch) for part in (self.recurrent_weights[:hidden], self.recurrent_weights[hidden:])]
        self._slots_without_n = [
            (self.kept if self.usual else slot[2], *slot[:2], inner, slot[:2].reshape(-1, batch)) for slot in self.values
        ]
        self._slots_with_n: list[tuple[Array, ...]] = [] if self.usual else self._slots_without_n
        self._slots, self._keeps_n = self._slots_without_n, False
        by_gate = self.gradients.reshape(self.chunk, -1, hidden, batch)
        self._gradients = [(rows[0], rows[1], rows[-2], rows[-1], one[hidden:]) for rows, one in zip(by_gate, self.gradients, strict=True)]
        self._recalled: tuple[int, Array] = (0, by_gate[:, 1])

    def load(self, parameters: Parameters) -> None:
        """The candidate's input bias stands outside the reset gate's reach, its recurrent bias inside."""
        super().load(parameters)
        bias, recurrent = parameters.bias, parameters.recurrent_bias
        if self.before_reset and bias is not None:
            self.input_bias[:, 0] = bias[: self.hidden]
            self.recurrent_weights[: self.hidden, -1] = 0 if recurrent is None else recurrent[: self.hidden]

    def meet(self, x: Array, initial: Array | None) -> None:
        """Whether n must be kept."""
        self._keeps_n = self.usual and not (_is_small(x) and (initial is None or _is_small(initial)))
        if self._keeps_n and not self._slots_with_n:
            candidates = self.empty(self.slots, self.hidden, self.batch)
            self._slots_with_n = [(n, *slot[1:]) for n, slot in zip(candidates, self._slots_without_n, strict=True)]
        self._slots = self._slots_with_n if self._keeps_n else self._slots_without_n

    def prepare_backward(self, parameters: Parameters) -> None:
        """The gradient of the candidate's input bias is a sum of its own."""
        super().prepare_backward(parameters)
        parts = self.transposed[:, : self.hidden], self.transposed[:, self.hidden :]
        self._times_transposed_parts = [product(part, self.batch) for part in parts]
        if self.before_reset:
            self.at_bias.fill(0)
            bias = parameters.recurrent_bias
            self._recurrent_bias = None if bias is None else bias[: self.hidden, None]

    def named_values(self) -> Mapping[str, Array]:
        """What each slot always holds."""
        return {"z": self.values[:, 0], "r": self.values[:, 1]}

    def computed_values(self, parameters: Parameters, x: Array, before: Array) -> Mapping[str, Array]:
        """n, and a, by the module's equations."""
        r, rows = self.values[: len(x), 1], slice(0, self.hidden)
        bias, recurrent = (0 if one is None else one[rows, None] for one in (parameters.bias, parameters.recurrent_bias))
        n, weights = parameters.input_weights[rows] @ x + bias, parameters.recurrent_weights[rows]
        a = weights @ (before if self.before_reset else r * before) + recurrent
        n += r * a if self.before_reset else a
        if self.configuration.clip is not None:
            clip(n, self.configuration.clip)
        self.activations[1].apply(n)
        return {"n": n, "a": a} if self.before_reset else {"n": n}

    def forward(self, steps: Steps, inputs: Sequence[Array], idle: Idle) -> None:
        """As the module says."""
        spare, hidden, times, (times_candidate, times_gates) = self.spare, self.hidden, self.times, self._times_parts
        add, multiply = np.add, np.multiply
        rows = zip(steps.extended, steps.before, steps.after, inputs, idle, self._slots[steps.first :], strict=False)
        for slot, (extended, before, after, projected, ended, (n, z, r, a, gates)) in enumerate(rows, steps.first):
            if self.before_reset:
                times(extended, self.product)
                add(self.product[hidden:], projected[hidden:], gates)
                self._activate(slot, slice(1, 3), gates)
                multiply(r, a, n)
                add(n, self.input_bias, n)
            else:
                times_gates(extended, gates)
                add(gates, projected[hidden:], gates)
                self._activate(slot, slice(1, 3), gates)
                multiply(r, before, a)
                times_candidate(self.reset, n)
            add(n, projected[:hidden], n)
            self._activate(slot, slice(0, 1), n)
            np.subtract(before, n, spare)
            multiply(spare, z, spare)
            add(n, spare, after)
            hold(ended, before, after)

    def _activate(self, slot: int, rows: slice, z: Array) -> None:
        """From pre-activations to values, in place; the pre-activations, clipped, are kept where they are needed."""
        if self.configuration.clip is not None:
            clip(z, self.configuration.clip)
        if self.preactivations is not None:
            self.preactivations[slot, rows] = z.reshape(-1, self.hidden, self.batch)
        self.activations[1 if rows.start == 0 else 0].apply(z)

    def recall(self, steps: Steps, before: Columns, gradients: Columns) -> None:
        """The candidate's a = U h + b, for a block of steps: in the rows where its gradient is put later."""
        if not self.before_reset:
            return
        count, rows = len(steps), slice(0, self.hidden)
        gradients.product(self.transposed[:, rows].T, before.matrix(count, slice(0, self.features)), count)
        if self._recurrent_bias is not None:
            matrix = gradients.matrix(count, rows)
            np.add(matrix, self._recurrent_bias, matrix)
        self._recalled = steps.first, gradients.block(count)[:, rows]

    def backward(self, steps: Steps, upstream: Array | None, carry: Carry, idle: Idle) -> None:
        """As the module says."""
        dh, spare, times, (times_candidate, times_gates) = carry.hidden, self.spare, self.times_transposed, self._times_transposed_parts
        add, multiply, prepare_factors = np.add, np.multiply, self._factors
        if self.usual:
            prepare_factors = self._usual_factors_with_n if self._keeps_n else self._usual_factors
        at_n, at_z, at_r = self.factors
        self._set_out(steps, upstream)
        for k in range(len(steps) - 1, -1, -1):
            slot, ended, before, gradient = steps.first + k, idle[k], steps.before[k], self.gradients[k]
            _, z, r, _, _ = self._slots[slot]
            dn, da, dz, dr, recurrent = self._gradients[k]
            if upstream is not None:
                add(dh, dn, dh)
            prepare_factors(slot, before, steps.after[k])
            multiply(dh, at_n, dn)
            multiply(dh, at_z, dz)
            if ended is not None:
                self.kept[...] = dh
            multiply(dh, z, dh)
            if self.before_reset:
                multiply(at_r, da, at_r)
                multiply(dn, r, da)
                multiply(dn, at_r, dr)
            else:
                times_candidate(dn, spare)
                multiply(at_r, spare, at_r)
                multiply(at_r, before, dr)
                multiply(spare, r, spare)
                add(dh, spare, dh)
            if ended is not None:
                np.copyto(gradient, 0, where=ended)
            if self.before_reset:
                times(recurrent, spare)
            else:
                times_gates(recurrent, spare)
            add(dh, spare, dh)
            if ended is not None:
                np.copyto(dh, self.kept, where=ended)

    def _set_out(self, steps: Steps, upstream: Array | None) -> None:
        """Puts the gradients at the outputs where dn will stand, and a where da will."""
        count, hidden, (first, recalled) = len(steps), self.hidden, self._recalled
        if upstream is not None:
            self.gradients[:count, :hidden] = upstream
        if self.before_reset:
            self.gradients[:count, hidden : 2 * hidden] = recalled[steps.first - first :][:count]

    def _usual_factors(self, slot: int, before: Array, after: Array) -> None:
        """What stands behind dh at n and z, and f'(r); a number just above 1 instead of 1, so that nothing is divided by 0."""
        multiply, subtract, spare = np.multiply, np.subtract, self.spare
        at_n, at_z, at_r = self.factors
        z, r = self.values[slot]
        subtract(self._above_one, self.values[slot], self.factors[1:])
        multiply(at_r, r, at_r)
        multiply(z, before, spare)
        subtract(after, spare, spare)
        multiply(spare, spare, spare)
        np.divide(spare, at_z, spare)
        subtract(at_z, spare, at_n)
        subtract(before, after, at_z)
        multiply(at_z, z, at_z)
        self._cut(slot)

    def _usual_factors_with_n(self, slot: int, before: Array, _after: Array) -> None:
        """The same where n was kept."""
        multiply, subtract, spare = np.multiply, np.subtract, self.spare
        (at_n, at_z, _), at_gates, n = self.factors, self.factors[1:], self._slots[slot][0]
        subtract(self._one, self.values[slot], at_gates)
        multiply(n, n, spare)
        subtract(self._one, spare, spare)
        multiply(spare, at_z, at_n)
        multiply(at_gates, self.values[slot], at_gates)
        subtract(before, n, spare)
        multiply(at_z, spare, at_z)
        self._cut(slot)

    def _factors(self, slot: int, before: Array, _after: Array) -> None:
        """The same for any activations."""
        (f, g), gates, n, z = self.activations, self.values[slot, :2], self.values[slot, 2], self.preactivations
        at_n, at_gates = self.factors[0], self.factors[1:]
        at_n[...] = g.slope(None if z is None else z[slot, 0], n)
        at_gates[...] = f.slope(None if z is None else z[slot, 1:], gates)
        at_n *= 1 - gates[0]
        at_gates[0] *= before - n
        self._cut(slot)

    def _cut(self, slot: int) -> None:
        """Nothing goes back through what ``clip`` cut."""
        if self.preactivations is not None and self.configuration.clip is not None:
            np.multiply(self.factors, inside(self.preactivations[slot], self.configuration.clip), self.factors)

    def put(self, gradients: Array, columns: Array) -> None:
        """The rows n, z, r."""
        columns[:, : self.hidden] = gradients[:, : self.hidden]
        columns[:, self.hidden :] = gradients[:, -2 * self.hidden :]

    def accumulate(self, steps: Steps, gradients: Columns, before: Columns, total: Array, sums: Sums) -> None:
        """The candidate's rows have another gradient at U h, or other inputs, than the rest."""
        count, hidden = len(steps), self.hidden
        r = self.values[steps.first : steps.first + count, 1]
        if self.before_reset:
            self.at_bias += gradients.matrix(count, slice(0, hidden)).sum(axis=1)
            for k, at_n in enumerate(gradients.block(count)[:, :hidden]):  # at once, NumPy fears an overlap and copies
                np.multiply(at_n, r[k], at_n)
            super().accumulate(steps, gradients, before, total, sums)
            return
        reset = self.reset_columns.block(count)
        reset[:, -1] = 1
        np.multiply(r, before.block(count)[:, :-1], reset[:, :-1])
        sums.add(total[:hidden], gradients.matrix(count, slice(0, hidden)), self.reset_columns.matrix(count).T)
        sums.add(total[hidden:], gradients.matrix(count, slice(hidden, None)), before.matrix(count).T)

    def finish(self, total: Array, gradients: Parameters) -> None:
        """With ``linear_before_reset`` the candidate's bias has another gradient than its recurrent bias."""
        super().finish(total, gradients)
        if self.before_reset and gradients.bias is not None:
            gradients.bias[: self.hidden] = self.at_bias


def _is_small(met: Array) -> bool:
    """Whether all numbers are."""
    return all(abs(end.reduce(met, axis=None)) <= _LARGE for end in (np.maximum, np.minimum))
