"""One layer in one direction, run over time: blocks of steps for the large matrix products, segments for checkpointing.

What comes in is already in the layer's own time: for the reverse direction the last step is the first. Arrays are (T, features, B),
which may be views of any strides, because they are only read and written a block or a step at a time.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from whygrad.recurrent.cell import Carry, Cell, Steps
from whygrad.recurrent.columns import Columns, steps_in_a_block
from whygrad.recurrent.gru import Gru
from whygrad.recurrent.lstm import Lstm
from whygrad.recurrent.parameters import Parameters, shapes
from whygrad.recurrent.plain_lstm import PlainLstm
from whygrad.recurrent.rnn import Rnn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.recurrent.configuration import Configuration

Array = NDArray[Any]


def cell_class(configuration: Configuration, direction: int) -> type[Cell]:
    """The cell for these options: the fast LSTM wherever it will do."""
    if configuration.cell == "rnn":
        return Rnn
    if configuration.cell == "gru":
        return Gru
    names = [activation.name for activation in configuration.activations_of(direction)]
    further = configuration.clip or configuration.peepholes or configuration.input_forget or configuration.projection
    return PlainLstm if names == ["Sigmoid", "Tanh", "Tanh"] and not further else Lstm


class DirectedLayer:
    """The buffers of one layer in one direction, for T steps of B examples.

    Attributes:
        hidden: (T + 1, P, B), the hidden states; ``hidden[0]`` is the initial one.
        cell: The cell, with the inner values of the steps (of the last segment that was run).
        gradients: The gradients at the parameters, after ``backward``.
        carry: After ``backward``, the gradient at the initial state.
    """

    def __init__(self, configuration: Configuration, layer: int, direction: int, steps: int, batch: int) -> None:
        dtype = configuration.dtype
        self.steps, self.batch = steps, batch
        self.segment = math.isqrt(max(0, steps - 1)) + 1 if configuration.checkpoint else steps
        self.block = steps_in_a_block(self.segment, batch)
        self.cell = cell_class(configuration, direction)(configuration, direction, self.segment, batch)
        inputs = configuration.layer_inputs(layer)
        self.hidden: Array = np.zeros((steps + 1, configuration.features, batch), dtype)
        self._hidden_steps = list(self.hidden)
        self._segments = [range(start, min(start + self.segment, steps)) for start in range(0, steps, self.segment)]
        self._starts: Array = np.zeros((len(self._segments) + 1, configuration.hidden, batch), dtype)
        self._input_weights: Array = np.empty((self.cell.rows, inputs + 1), dtype)
        self._input_columns = Columns(inputs + 1, self.block, batch, dtype)
        self._input_columns.block(self.block)[:, inputs] = 1
        self._hidden_columns = Columns(configuration.features, self.block, batch, dtype)
        self._work = Columns(self.cell.gradient_rows, self.block, batch, dtype)
        self._projected = [step[: self.cell.rows] for step in self._work.steps]
        self._dx_columns = Columns(inputs, self.block, batch, dtype)
        self.carry = Carry(np.empty((configuration.features, batch), dtype), np.empty((configuration.hidden, batch), dtype))
        self.gradients = Parameters(**{name: np.empty(shape, dtype) for name, shape in shapes(configuration, layer).items()})

    @property
    def final_cell_state(self) -> Array:
        """(H, B): the cell state after the last step."""
        return self._starts[-1]

    def forward(self, parameters: Parameters, x: Array, h0: Array | None, c0: Array | None, idle: Sequence[Array | None]) -> None:
        """Runs all steps.

        Args:
            parameters: The layer's.
            x: Inputs, (T, n, B).
            h0: Initial hidden state, (P, B); None is zero.
            c0: Initial cell state of an LSTM, (H, B); None is zero.
            idle: For each step the examples whose sequence has ended, None where all go on.
        """
        self.cell.load(parameters, self._input_weights)
        self.hidden[0] = 0 if h0 is None else h0
        self._starts[0] = 0 if c0 is None else c0
        for at, segment in enumerate(self._segments):
            self._run(at, segment, x, idle)

    def _run(self, at: int, segment: range, x: Array, idle: Sequence[Array | None]) -> None:
        """Runs a segment from the state before it; the cell state after it becomes that before the next."""
        if self.cell.has_cell_state:
            self.cell.start(0, self._starts[at])
        for block in _blocks(segment, self.block):
            count = len(block)
            self._input_columns.block(count)[:, :-1] = x[block.start : block.stop]
            self._work.product(self._input_weights, self._input_columns, count)
            self.cell.forward(self._steps(segment, block, idle), self._projected)
        if self.cell.has_cell_state:
            np.copyto(self._starts[at + 1], self.cell.cell_state(len(segment)))

    def backward(
        self,
        parameters: Parameters,
        x: Array,
        idle: Sequence[Array | None],
        upstream: Array | None,
        dh: Array | None,
        dc: Array | None,
        dx: Array,
    ) -> None:
        """Runs all steps back, and leaves the results in ``gradients`` and ``carry``.

        Args:
            parameters: As in ``forward``.
            x: As in ``forward``.
            idle: As in ``forward``.
            upstream: The gradient at the outputs, (T, P, B); None is zero.
            dh: The gradient at the final hidden state, (P, B); None is zero.
            dc: The gradient at the final cell state, (H, B); None is zero.
            dx: (T, n, B), to which the gradient at the inputs is added.
        """
        self.cell.prepare_backward(parameters)
        for _, array in self.gradients.arrays():
            array.fill(0)
        self.carry.hidden[...] = 0 if dh is None else dh
        self.carry.cell[...] = 0 if dc is None else dc
        for at in range(len(self._segments) - 1, -1, -1):
            segment = self._segments[at]
            if len(self._segments) > 1:
                self._run(at, segment, x, idle)
            for block in reversed(list(_blocks(segment, self.block))):
                self._backward(parameters, x, self._steps(segment, block, idle), block, upstream, dx)

    def _backward(self, parameters: Parameters, x: Array, steps: Steps, block: range, upstream: Array | None, dx: Array) -> None:
        count = len(block)
        given = [None] * count if upstream is None else list(upstream[block.start : block.stop])
        self.cell.backward(steps, given, self.carry, self._work.steps)
        self._input_columns.block(count)[:, :-1] = x[block.start : block.stop]
        self._hidden_columns.block(count)[...] = self.hidden[block.start : block.stop]
        gradients = self._work.matrix(count, slice(0, self.cell.rows))
        self.cell.accumulate_inputs(self.gradients, gradients @ self._input_columns.matrix(count).T)
        self.cell.accumulate(steps, self._work, self._hidden_columns, self.gradients)
        self._dx_columns.product(parameters.input_weights.T, self._work, count, slice(0, self.cell.rows))
        dx[block.start : block.stop] += self._dx_columns.block(count)

    def _steps(self, segment: range, block: range, idle: Sequence[Array | None]) -> Steps:
        return Steps(block.start - segment.start, self._hidden_steps[block.start : block.stop + 1], idle[block.start : block.stop])


def _blocks(segment: range, length: int) -> Iterator[range]:
    for start in range(segment.start, segment.stop, length):
        yield range(start, min(start + length, segment.stop))
