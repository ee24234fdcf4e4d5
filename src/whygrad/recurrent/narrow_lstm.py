r"""A narrow LSTM without further options, batch first: the equations are those of ``plain_lstm.py``, and so are the tricks.

Where [h; x] is short, a matrix product of one step takes microseconds, and what it costs is decided by how its matrices lie. OpenBLAS is
a fifth faster with

    z = [h, x, 1] [U, W, b]ᵀ        (B, H + n + 1) times (H + n + 1, 4 H)

than with the transposed product, and needs no sum with W x. The gradient at z of many steps is then one matrix (steps B, 4 H), which is
what the products for dx and for the gradients of the parameters are quickest with as well. Everything else wants each gate in one piece,
(B, H) for o, i, f, g, c. So z goes from one order to the other once a step in each pass; as items of H numbers, that takes as long as
NumPy needs to be called.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import repeat
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from whygrad.recurrent.aligned import aligned
from whygrad.recurrent.cell import LONG, Carry, Idle
from whygrad.recurrent.columns import parts
from whygrad.recurrent.narrow_factors import Factors
from whygrad.recurrent.parameters import Parameters
from whygrad.recurrent.products import product
from whygrad.recurrent.spare import SHORT, Spare, Sums

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from whygrad.recurrent.configuration import Configuration

Array = NDArray[Any]

_NARROW = 160  # features of [h, x] up to which this is faster
_SEVERAL = 8  # examples from which on it is
_ITEM = 16  # numbers of an item that is copied as quickly as NumPy can
_COLUMNS, _SHARE = 256, 8  # examples and steps of a block; of a short sequence its eighth, or half of that, for the sake of memory
_CACHE = 2**17  # bytes of gradients in a chunk of steps, whose factors are computed at once; half a block at most
_O, _I, _F, _G, _C = range(5)  # the rows of a slot


def is_narrow(inputs: int, hidden: int, batch: int) -> bool:
    """Whether a plain LSTM of these sizes is faster batch first."""
    short = hidden < _ITEM and batch > 4 * hidden  # many items of few numbers, which take longer to copy than is gained
    return inputs + hidden <= _NARROW and batch >= _SEVERAL and not short


@dataclass(frozen=True, slots=True)
class _Block:
    """Steps whose large products are made at once, and where these find what they need.

    Args:
        part: Which steps.
        slots: In which slots the values of these are.
        before: The hidden states that they start from as a matrix, (steps B, H).
        at_z: The gradient at z as a matrix, (steps B, 4 H).
        chunks: The steps, by slots, whose factors are computed at once, the last first.
    """

    part: slice
    slots: range
    before: Array
    at_z: Array
    chunks: Sequence[range]


class NarrowLstm:
    """One such layer in one direction, with its buffers for T steps of B examples; used as a ``DirectedLayer`` is.

    Attributes:
        hidden: (T + 1, H, B), the hidden states; ``hidden[0]`` is the initial one.
        gradients: The gradients at the parameters, after ``backward``.
        carry: After ``backward``, the gradient at the initial state.
    """

    def __init__(self, configuration: Configuration, layer: int, steps: int, batch: int, *, spare: Spare) -> None:
        dtype, inputs, hidden = configuration.dtype, configuration.layer_inputs(layer), configuration.hidden
        self._spare, self._shape, self._size, self._keeps_views = spare, (batch, hidden), hidden * batch, steps <= LONG
        segment = math.isqrt(steps - 1) + 1 if configuration.checkpoint else steps
        columns = min(_COLUMNS, max(_COLUMNS // 2, segment * batch // _SHARE))
        block = _equal(segment, max(1, columns // batch))
        together = _equal(block, max(1, min(block // 2, _CACHE // (4 * self._size * np.dtype(dtype).itemsize))))
        self._states: Array = aligned((steps + 1, batch, hidden), dtype)
        self.hidden = self._states.swapaxes(1, 2)
        self._values: Array = aligned((segment + 1, 5, batch, hidden), dtype)
        self._extended: Array = aligned((batch, hidden + inputs + 1), dtype)
        self._extended.fill(1)
        self._weights: Array = aligned((hidden + inputs + 1, 4 * hidden), dtype)
        self._scale, self._half = np.repeat(np.array([0.5, 0.5, 0.5, 1], dtype), hidden), np.array(0.5, dtype)
        self._at_z: Array = aligned((block, batch, 4 * hidden), dtype)
        self._gates: Array = aligned((4, batch, hidden), dtype)
        self._carried: Array = aligned((2, batch, hidden), dtype)
        self._kept: Array = np.empty_like(self._carried)
        self.carry = Carry(self._carried[0].T, self._carried[1].T)
        total = np.empty_like(self._weights) if configuration.checkpoint else self._weights  # not needed when the gradients come
        at_recurrent, at_inputs = total[:hidden].reshape(-1, hidden), total[hidden:-1].reshape(-1, inputs)
        self._at_bias, self._ones = total[-1], np.ones(block * batch, dtype)
        self.gradients = Parameters(at_inputs, at_recurrent, *(np.empty(4 * hidden, dtype) for _ in range(configuration.biases)))
        item = np.dtype((np.void, hidden * self._half.itemsize))
        self._state_items = self._states.view(item)[..., 0]
        self._input_place = self._extended[:, hidden:-1]
        self._state_place = self._extended[:, :hidden].view(item)[..., 0]
        self._z_items = self._at_z.view(item).swapaxes(1, 2)
        self._gate_items = self._gates.view(item)[..., 0]
        self._value_items = self._values[:, :_C].view(item)[..., 0]
        segments = parts(range(steps), segment)
        self._starts: Array = np.zeros((len(segments) + 1, batch, hidden), dtype)
        self._segments = [[self._block(each, part.start, together) for each in parts(part, block)] for part in segments]
        self._last = self._segments[-1]
        self._step_views: dict[int, Sequence[tuple[Array, ...]]] = {}
        self._times = product(self._extended, 4 * hidden)
        times = [product(one, hidden) for one in self._at_z]
        gathered = spare.take(SHORT, (6, together * self._size), dtype)
        self._factors = Factors(self._values, gathered, times, self._at_z, self._z_items, keeps_views=self._keeps_views)
        products: Array = aligned((2 * self._size,), dtype)
        self._forward_spare = self._at_z[0], self._z_items[0], products, products[: self._size], products[self._size :]
        self._backward_rows = self._carried[0], *self._carried.reshape(2, -1), *self._gates.reshape(4, -1), products[: self._size]

    def _block(self, steps: range, segment: int, together: int) -> _Block:
        """These steps, in the segment that begins there."""
        part, count, width = slice(steps.start, steps.stop), len(steps), self._shape[1]
        slots = range(steps.start - segment, steps.stop - segment)
        at_z = self._at_z[:count].reshape(-1, 4 * width)
        return _Block(part, slots, self._states[part].reshape(len(at_z), -1), at_z, parts(slots, together)[::-1])

    @property
    def final_cell_state(self) -> Array:
        """(H, B): the cell state after the last step."""
        return self._starts[-1].T

    def values(self, parameters: Parameters, x: Array) -> Mapping[str, Array]:  # noqa: ARG002 - all are kept
        """Every inner value by name, see ``Tape.values``."""
        by_name = self._values[: self._last[-1].slots.stop + 1].transpose(1, 0, 3, 2)
        rows = {"o": _O, "i": _I, "f": _F, "g": _G, "c_before": _C}
        states = {"h": self.hidden[1:], "h_before": self.hidden[:-1], "c": by_name[_C, 1:]}
        return states | {name: by_name[row, :-1] for name, row in rows.items()}

    def forward(self, parameters: Parameters, x: Array, h0: Array | None, c0: Array | None, idle: Idle) -> None:
        """Runs all steps; the arguments are those of ``DirectedLayer.forward``."""
        self._load(parameters)
        self._states[0] = 0 if h0 is None else h0.T
        self._starts[0] = 0 if c0 is None else c0.T
        for at in range(len(self._segments)):
            self._run(at, x, idle)

    def _load(self, parameters: Parameters) -> None:
        """[U, W, b]ᵀ, with the half of σ(z) = (1 + tanh(z/2)) / 2 in the columns of the gates o, i, f."""
        width, weights, scale = self._shape[1], self._weights, self._scale
        np.multiply(parameters.recurrent_weights.T, scale, weights[:width])
        np.multiply(parameters.input_weights.T, scale, weights[width:-1])
        bias = weights[-1]
        if parameters.bias is None:
            bias.fill(0)
        elif parameters.recurrent_bias is None:
            np.multiply(parameters.bias, scale, bias)
        else:
            np.add(parameters.bias, parameters.recurrent_bias, bias)
            np.multiply(bias, scale, bias)

    def _run(self, at: int, x: Array, idle: Idle) -> None:
        """Runs a segment from the state before it; the cell state after it becomes that before the next."""
        self._last = segment = self._segments[at]
        self._values[0, _C] = self._starts[at]
        self._state_place[...] = self._state_items[segment[0].part.start]
        for block in segment:
            self._forward(block, x[block.part].swapaxes(1, 2), idle[block.part])
        self._starts[at + 1] = self._values[segment[-1].slots.stop, _C]

    def _forward(self, block: _Block, x: Array, idle: Idle) -> None:
        """Runs the steps of a block; x is (steps, B, n)."""
        half, weights, add, multiply, tanh = self._half, self._weights, np.add, np.multiply, np.tanh
        z, z_items, products, written, kept = self._forward_spare
        times, input_place, state_place = self._times, self._input_place, self._state_place
        for x_t, ended, (values, o_i_f, i_f, g_c, o, c_after, h_after, h_items) in zip(x, idle, self._views_of_steps(block), strict=True):
            input_place[...] = x_t
            times(weights, z)
            tanh(z, z)
            values[...] = z_items
            multiply(o_i_f, half, o_i_f)
            add(o_i_f, half, o_i_f)
            multiply(i_f, g_c, products)
            add(written, kept, c_after)
            tanh(c_after, written)
            multiply(o, written, h_after)
            if ended is not None:
                _hold(ended, self._extended[:, : self._shape[1]], h_after.reshape(self._shape))
                _hold(ended, g_c.reshape(2, *self._shape)[1], c_after.reshape(self._shape))
            state_place[...] = h_items

    def _views_of_steps(self, block: _Block) -> Sequence[tuple[Array, ...]]:
        """What ``_forward`` reads and writes at each step.

        As items o, i, f, g; as rows of numbers o, i, f, then i and f, g and c, o, the next c, the next h; as items the next h.
        """
        views = self._step_views.get(block.part.start)
        if views is None:
            size, count, slots, states = self._size, len(block.slots), block.slots, slice(block.part.start + 1, block.part.stop + 1)
            flat = self._values[slots.start : slots.stop + 1].reshape(count + 1, -1)
            columns = slice(0, _G * size), slice(_I * size, _G * size), slice(_G * size, None), slice(0, size)
            rows = *(flat[:-1, column] for column in columns), flat[1:, _C * size :], self._states[states].reshape(count, size)
            views = list(zip(self._value_items[slots.start : slots.stop], *rows, self._state_items[states], strict=True))
            if self._keeps_views:
                self._step_views[block.part.start] = views
        return views

    def backward(
        self,
        parameters: Parameters,
        x: Array,
        idle: Idle,
        upstream: Array | None,
        *,
        final: tuple[Array | None, Array | None],
        dx: Array,
        adds: bool,
    ) -> None:
        """Runs all steps back; the arguments are those of ``DirectedLayer.backward``."""
        for state, carried in zip(final, self._carried, strict=True):
            carried[...] = 0 if state is None else state.T
        weights = np.ascontiguousarray(parameters.recurrent_weights)
        sums = Sums(self._spare)
        for at in range(len(self._segments) - 1, -1, -1):
            if len(self._segments) > 1:
                self._run(at, x, idle)
            for block in reversed(self._segments[at]):
                for chunk in block.chunks:
                    self._backward(chunk, block, weights, upstream, idle)
                self._put_at_inputs(block.at_z, parameters.input_weights, dx[block.part].swapaxes(1, 2), adds=adds)
                sums.add(self.gradients.recurrent_weights, block.at_z.T, block.before)
                sums.add(self.gradients.input_weights, block.at_z.T, self._matrix(x[block.part].swapaxes(1, 2)))
                sums.add(self._at_bias, block.at_z.T, self._ones[: len(block.at_z)])
                sums.fresh = False
        for bias in (self.gradients.bias, self.gradients.recurrent_bias):
            if bias is not None:
                bias[...] = self._at_bias

    def _matrix(self, x: Array) -> Array:
        """Inputs (steps, B, n) as a matrix (steps B, n): a view if they lie so, as with "time-first", else a copy."""
        if not x.flags.c_contiguous:
            copy = self._spare.take("block of inputs", x.shape, x.dtype)
            copy[...] = x
            x = copy
        return x.reshape(-1, x.shape[2])

    def _put_at_inputs(self, at_z: Array, weights: Array, dx: Array, *, adds: bool) -> None:
        """The gradient at the inputs of a block, (steps, B, n)."""
        if dx.flags.c_contiguous and not adds:
            np.matmul(at_z, weights, out=dx.reshape(len(at_z), -1))
            return
        product = self._spare.take("block of inputs", dx.shape, dx.dtype)
        np.matmul(at_z, weights, out=product.reshape(len(at_z), -1))
        if adds:
            np.add(dx, product, dx)
        else:
            dx[...] = product

    def _backward(self, chunk: range, block: _Block, weights: Array, upstream: Array | None, idle: Idle) -> None:
        """Runs some steps of the block back."""
        shift = block.part.start - block.slots.start
        part = slice(chunk.start + shift, chunk.stop + shift)
        steps = self._factors.prepare(chunk, chunk.start - block.slots.start)
        given = repeat(None) if upstream is None else upstream[part].swapaxes(1, 2)[::-1]
        carried, gates, gate_items, add, multiply = self._carried, self._gates, self._gate_items, np.add, np.multiply
        dh, flat_dh, dc, dz_o, dz_i, dz_f, dz_g, at_output = self._backward_rows
        for ended, d_output, (at_c, at_o, at_i, at_f, at_g, f, times, dz_items) in zip(idle[part][::-1], given, steps, strict=False):
            if d_output is not None:
                add(dh, d_output, dh)
            if ended is not None:
                self._kept[...] = carried
            multiply(flat_dh, at_c, at_output)
            add(dc, at_output, dc)
            multiply(flat_dh, at_o, dz_o)
            multiply(dc, at_i, dz_i)
            multiply(dc, at_f, dz_f)
            multiply(dc, at_g, dz_g)
            multiply(dc, f, dc)
            if ended is not None:
                np.copyto(gates, 0, where=ended[:, None])
            dz_items[...] = gate_items
            times(weights, dh)
            if ended is not None:
                _hold(ended, self._kept, carried)


def _hold(ended: Array, before: Array, after: Array) -> None:
    """What belongs to examples whose sequence has ended, (..., B, H), stays as it is."""
    np.copyto(after, before, where=ended[:, None])


def _equal(whole: int, most: int) -> int:
    """The length of about equal parts, none longer than ``most``."""
    return -(-whole // -(-whole // most))
