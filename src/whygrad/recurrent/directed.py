"""One layer in one direction, run over time: blocks of steps for the large matrix products, segments for checkpointing.

What comes in is already in the layer's own time: for the reverse direction the last step is the first. Arrays are (T, features, B),
which may be views of any strides, because they are only read and written a block or a step at a time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from whygrad.recurrent.aligned import aligned
from whygrad.recurrent.cell import Carry, Cell, Idle, Steps
from whygrad.recurrent.columns import Columns, InputColumns, parts, steps_in_a_block
from whygrad.recurrent.gru import Gru
from whygrad.recurrent.lstm import Lstm
from whygrad.recurrent.narrow_lstm import NarrowLstm, is_narrow
from whygrad.recurrent.parameters import Parameters, shapes
from whygrad.recurrent.plain_lstm import PlainLstm
from whygrad.recurrent.rnn import Rnn
from whygrad.recurrent.spare import Spare, Sums

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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


def make_layer(
    configuration: Configuration, layer: int, direction: int, steps: int, batch: int, *, spare: Spare
) -> DirectedLayer | NarrowLstm:
    """The layer for these options and sizes, see the classes."""
    plain = cell_class(configuration, direction) is PlainLstm
    if plain and is_narrow(configuration.layer_inputs(layer), configuration.hidden, batch):
        return NarrowLstm(configuration, layer, steps, batch, spare=spare)
    return DirectedLayer(configuration, layer, direction, steps, batch, spare=spare)


@dataclass(frozen=True, slots=True)
class _Block:
    """Steps whose large products are made at once; they are handed to the cell in chunks.

    Args:
        part: Which steps.
        chunks: Each with its place in the block.
    """

    part: slice
    steps: Steps
    chunks: Sequence[tuple[slice, Steps]]


class DirectedLayer:
    """The buffers of one layer in one direction, for T steps of B examples.

    Attributes:
        hidden: (T + 1, P, B), the hidden states; ``hidden[0]`` is the initial one.
        cell: The cell, with the inner values of the steps (of the last segment that was run).
        gradients: The gradients at the parameters, after ``backward``.
        carry: After ``backward``, the gradient at the initial state.
    """

    def __init__(self, configuration: Configuration, layer: int, direction: int, steps: int, batch: int, *, spare: Spare) -> None:
        dtype, inputs, features = configuration.dtype, configuration.layer_inputs(layer), configuration.features
        self.steps, self._spare = steps, spare
        segment = math.isqrt(steps - 1) + 1 if configuration.checkpoint else steps
        block = steps_in_a_block(configuration, segment, batch)
        kind = cell_class(configuration, direction)
        sizes = configuration, direction, segment, batch
        self.cell = PlainLstm(*sizes, inputs=inputs) if issubclass(kind, PlainLstm) else kind(*sizes)
        self._extended: Array = aligned((steps + 1, features + 1, batch), dtype)
        self._extended.fill(0)
        self._extended[:, features] = 1
        self.hidden = self._extended[:, :features]
        self._segments = [self._blocks(part, block) for part in parts(range(steps), segment)]
        self._last = self._segments[-1]
        self._starts: Array = np.zeros((len(self._segments) + 1, configuration.hidden, batch), dtype)
        if configuration.checkpoint:
            at_inputs, self._total = np.empty((self.cell.rows, inputs), dtype), np.empty((self.cell.rows, features + 1), dtype)
        else:  # the weights are not needed when their gradients come
            folded, weights = self.cell.folded, self.cell.weights
            at_inputs = np.empty((self.cell.rows, inputs), dtype) if folded is None else folded
            self._total = weights.ravel("K").reshape(weights.shape)
        self._inputs = InputColumns(inputs, block, batch, dtype)
        self._before = Columns(features + 1, block, batch, dtype)
        self._chunk = self.cell.gradients[:, : self.cell.rows]  # its memory holds W x of a chunk's steps on the way forward
        self._chunk_steps = list(self._chunk)
        self._columns = Columns(self.cell.columns_rows, block, batch, dtype)
        self._begun = self._before.items(self._extended)
        self._projected, self._computed = self._columns.items(self._chunk), self._columns.items(self.cell.gradients)
        self.carry = Carry(aligned((features, batch), dtype), aligned((configuration.hidden, batch), dtype))
        others = {name: np.empty(shape, dtype) for name, shape in shapes(configuration, layer).items() if "weights" not in name}
        self.gradients = Parameters(at_inputs, self._total[:, :features], **others)

    @property
    def final_cell_state(self) -> Array:
        """(H, B): the cell state after the last step."""
        return self._starts[-1]

    def values(self, parameters: Parameters, x: Array) -> Mapping[str, Array]:
        """Every inner value by name, see ``Tape.values``; the arguments as in ``forward``."""
        part = slice(self._last[0].part.start, self._last[-1].part.stop)
        computed = self.cell.computed_values(parameters, x[part], self.hidden[part])
        kept = {name: values[: part.stop - part.start] for name, values in self.cell.named_values().items()}
        return {"h": self.hidden[1:], "h_before": self.hidden[:-1], **kept, **computed}

    def forward(self, parameters: Parameters, x: Array, h0: Array | None, c0: Array | None, idle: Idle) -> None:
        """Runs all steps.

        Args:
            parameters: The layer's.
            x: Inputs, (T, n, B).
            h0: Initial hidden state, (P, B); None is zero.
            c0: Initial cell state of an LSTM, (H, B); None is zero.
            idle: See ``Idle``.
        """
        self.cell.load(parameters)
        _put(h0, self.hidden[0])
        _put(c0, self._starts[0])
        self.cell.meet(x, h0)
        for at in range(len(self._segments)):
            self._run(at, parameters, x, idle)

    def _run(self, at: int, parameters: Parameters, x: Array, idle: Idle) -> None:
        """Runs a segment from the state before it; the cell state after it becomes that before the next."""
        if self.cell.has_cell_state:
            self.cell.start(0, self._starts[at])
        weights = parameters.input_weights if self.cell.folded is None else self.cell.folded
        self._last = self._segments[at]
        for block in self._last:
            ended = idle[block.part]
            self._columns.product(weights, self._inputs.load(x[block.part]), len(block.steps))
            projected = self._columns.block_items(len(block.steps))[:, : self.cell.rows]
            for inside, chunk in block.chunks:
                self._projected[: len(chunk)] = projected[inside]
                self.cell.forward(chunk, self._chunk_steps, ended[inside])
        if self.cell.has_cell_state:
            self._starts[at + 1] = self.cell.cell_state(self._last[-1].part.stop - self._last[0].part.start)

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
        """Runs all steps back, and leaves the results in ``gradients`` and ``carry``.

        Args:
            parameters: As in ``forward``.
            x: As in ``forward``.
            idle: As in ``forward``.
            upstream: The gradient at the outputs, (T, P, B); None is zero.
            final: The gradients at the final hidden and cell state, (P, B) and (H, B); None is zero.
            dx: (T, n, B), to be filled with the gradient at the inputs.
            adds: Whether that is added to what stands there.
        """
        self.cell.prepare_backward(parameters)
        _put(final[0], self.carry.hidden)
        _put(final[1], self.carry.cell)
        sums = Sums(self._spare)
        for at in range(len(self._segments) - 1, -1, -1):
            if len(self._segments) > 1:
                self._run(at, parameters, x, idle)
            for block in reversed(self._segments[at]):
                part, count = block.part, len(block.steps)
                self._before.block_items(count)[...] = self._begun[part]
                self.cell.recall(block.steps, self._before, self._columns)
                self._back(block, None if upstream is None else upstream[part], idle[part])
                at_inputs = self._columns.matrix(count, slice(0, self.cell.rows))
                sums.add(self.gradients.input_weights, at_inputs, self._inputs.load(x[part]).T)
                self._inputs.put_product(parameters.input_weights.T, at_inputs, dx[part], adds=adds)
                self.cell.accumulate(block.steps, self._columns, self._before, self._total, sums)
                sums.fresh = False
        self.cell.finish(self._total, self.gradients)

    def _back(self, block: _Block, upstream: Array | None, idle: Idle) -> None:
        """The gradients at the pre-activations of a block, as columns."""
        columns = self._columns.block_items(len(block.steps))
        for inside, chunk in reversed(block.chunks):
            self.cell.backward(chunk, None if upstream is None else upstream[inside], self.carry, idle[inside])
            self.cell.put(self._computed[: len(chunk)], columns[inside])

    def _blocks(self, segment: range, length: int) -> list[_Block]:
        """The segment's blocks; its first step has slot 0."""
        both = slice(segment.start, segment.stop + 1)
        extended, hidden = list(self._extended[both]), list(self.hidden[both])

        def steps(part: range) -> Steps:
            first, stop = part.start - segment.start, part.stop - segment.start
            return Steps(first, extended[first:stop], hidden[first:stop], hidden[first + 1 : stop + 1])

        return [
            _Block(
                slice(block.start, block.stop),
                steps(block),
                [(slice(chunk.start - block.start, chunk.stop - block.start), steps(chunk)) for chunk in parts(block, self.cell.chunk)],
            )
            for block in parts(segment, length)
        ]


def _put(given: Array | None, target: Array) -> None:
    if given is None:
        target.fill(0)
    else:
        target[...] = given
