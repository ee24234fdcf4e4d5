"""One layer in one direction, run over time: blocks of steps for the large matrix products, segments for checkpointing.

What comes in is already in the layer's own time: for the reverse direction the last step is the first. Arrays are (T, features, B),
which may be views of any strides, because they are only read and written a block or a step at a time.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from whygrad.recurrent.cell import Carry, Cell, Steps, add_product
from whygrad.recurrent.columns import Columns, InputColumns, steps_in_a_block
from whygrad.recurrent.gru import Gru
from whygrad.recurrent.lstm import Lstm
from whygrad.recurrent.parameters import Parameters, shapes
from whygrad.recurrent.plain_lstm import PlainLstm
from whygrad.recurrent.rnn import Rnn

if TYPE_CHECKING:
    from collections.abc import Sequence

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
        self._input_weights: Array = np.empty((self.cell.rows, inputs), dtype)
        self._bias: Array = np.empty((self.cell.rows, 1), dtype)
        self._inputs = InputColumns(inputs, self.block, batch, dtype)
        self._before = Columns(configuration.features + 1, self.block, batch, dtype)
        self._before.block(self.block)[:, -1] = 1
        self._columns = Columns(self.cell.stacked.shape[1], self.block, batch, dtype)
        self._total: Array = np.empty((self.cell.rows, configuration.features + 1), dtype)
        self.carry = Carry(np.empty((configuration.features, batch), dtype), np.empty((configuration.hidden, batch), dtype))
        own = {name: np.empty(shape, dtype) for name, shape in shapes(configuration, layer).items() if name != "recurrent_weights"}
        self.gradients = Parameters(recurrent_weights=self._total[:, :-1], **own)

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
        self.cell.load(parameters, self._input_weights, self._bias)
        self.hidden[0] = 0 if h0 is None else h0
        self._starts[0] = 0 if c0 is None else c0
        for at, segment in enumerate(self._segments):
            self._run(at, segment, x, idle)

    def _run(self, at: int, segment: range, x: Array, idle: Sequence[Array | None]) -> None:
        """Runs a segment from the state before it; the cell state after it becomes that before the next."""
        if self.cell.has_cell_state:
            self.cell.start(0, self._starts[at])
        rows, stacked = self.cell.rows, self.cell.stacked
        for block in _parts(segment, self.block):
            self._columns.product(self._input_weights, self._inputs.load(x[block.start : block.stop]), len(block))
            projected = self._columns.block(len(block))[:, :rows]
            for chunk in _parts(block, self.cell.chunk):
                np.add(projected[chunk.start - block.start : chunk.stop - block.start], self._bias, stacked[: len(chunk), :rows])
                self.cell.forward(self._steps(segment, chunk, idle))
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
        *,
        adds: bool,
    ) -> None:
        """Runs all steps back, and leaves the results in ``gradients`` and ``carry``.

        Args:
            parameters: As in ``forward``.
            x: As in ``forward``.
            idle: As in ``forward``.
            upstream: The gradient at the outputs, (T, P, B); None is zero.
            dh: The gradient at the final hidden state, (P, B); None is zero.
            dc: The gradient at the final cell state, (H, B); None is zero.
            dx: (T, n, B), to be filled with the gradient at the inputs.
            adds: Whether that is added to what stands there.
        """
        self.cell.prepare_backward(parameters)
        self.carry.hidden[...] = 0 if dh is None else dh
        self.carry.cell[...] = 0 if dc is None else dc
        for at in range(len(self._segments) - 1, -1, -1):
            segment = self._segments[at]
            if len(self._segments) > 1:
                self._run(at, segment, x, idle)
            for block in _parts(segment, self.block)[::-1]:
                self._backward(segment, block, idle, None if upstream is None else upstream[block.start : block.stop])
                part = x[block.start : block.stop]
                self._before.block(len(block))[:, :-1] = self.hidden[block.start : block.stop]
                fresh = block.stop == self.steps
                self.cell.accumulate(self._steps(segment, block, idle), self._columns, self._before, self._total, fresh=fresh)
                gradients = self._columns.matrix(len(block), slice(0, self.cell.rows))
                add_product(self.gradients.input_weights, gradients, self._inputs.load(part).T, fresh=fresh)
                self._inputs.put_product(parameters.input_weights.T, gradients, dx[block.start : block.stop], adds=adds)
        self.cell.finish(self._total, self.gradients)

    def _backward(self, segment: range, block: range, idle: Sequence[Array | None], upstream: Array | None) -> None:
        """The gradients at the pre-activations of a block, as columns."""
        columns = self._columns.block(len(block))
        for chunk in _parts(block, self.cell.chunk)[::-1]:
            inside = slice(chunk.start - block.start, chunk.stop - block.start)
            given = [None] * len(chunk) if upstream is None else list(upstream[inside])
            self.cell.backward(self._steps(segment, chunk, idle), given, self.carry)
            np.copyto(columns[inside], self.cell.stacked[: len(chunk)])

    def _steps(self, segment: range, part: range, idle: Sequence[Array | None]) -> Steps:
        return Steps(part.start - segment.start, self._hidden_steps[part.start : part.stop + 1], idle[part.start : part.stop])


def _parts(whole: range, length: int) -> list[range]:
    return [range(start, min(start + length, whole.stop)) for start in range(whole.start, whole.stop, length)]
