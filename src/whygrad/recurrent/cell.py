"""What every cell offers to the layer that runs it over time.

A cell owns the buffers of its inner values, one slot a step, and folds the parameters into the form that is fastest. The layer computes
the input product W x + b of many steps at once (``projected``) and hands the steps, oldest first, to ``forward``. In the backward pass
it hands them to ``backward``, last first, and gets the gradient at the pre-activations of each step; from these it computes, again for
many steps at once, the gradients of all parameters.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from whygrad.recurrent.aligned import aligned
from whygrad.recurrent.products import product

if TYPE_CHECKING:
    from collections.abc import Mapping

    from whygrad.recurrent.columns import Columns
    from whygrad.recurrent.configuration import Configuration
    from whygrad.recurrent.parameters import Parameters
    from whygrad.recurrent.spare import Sums

Array = NDArray[Any]


@dataclass(slots=True)
class Carry:
    """What goes back from step to step: the gradient at the hidden state and, for an LSTM, at the cell state; (P, B) and (H, B)."""

    hidden: Array
    cell: Array


@dataclass(frozen=True, slots=True)
class Steps:
    """Steps that follow each other, and the hidden states between them.

    Args:
        first: The slot of the first of them.
        extended: [h; 1] that each step starts from, (P + 1, B): the row of ones brings the bias into the product with U.
        before: h alone, (P, B).
        after: The hidden states that the steps end with, (P, B).
    """

    first: int
    extended: Sequence[Array]
    before: Sequence[Array]
    after: Sequence[Array]

    def __len__(self) -> int:
        return len(self.after)


Idle = Sequence[Array | None]
"""For each step the examples whose sequence has ended, (B,) of bool; None where all go on."""

LONG = 1000  # steps for which views are kept; those of more would take as much memory as small values themselves
_SMALL = 256  # up to so many units OpenBLAS takes a matrix times a vector more quickly by columns, all else by rows
_CACHE = 2**17  # bytes of gradients in a chunk of steps: with what they are made of, they stay in the second-level cache


class Cell(ABC):
    """A cell of one layer in one direction, with its buffers for a batch.

    Args:
        configuration: The network's.
        direction: 0 or 1, which says the activations.
        slots: Steps whose inner values are kept at once.
        batch: B, the examples.
        further_rows: Rows of ``gradients`` besides the G H of the pre-activations.

    Attributes:
        weights: [U, b].
        chunk: Steps that are handed over at once, so many as stay in the cache.
        gradients: (chunk, rows, B): ``backward`` puts the gradients at the pre-activations of each step there.
        columns_rows: How many of these rows ``put`` puts into the columns of a block.
        folded: (G H, n), what ``load`` makes of the input weights, for the product with x; None where these are taken as they are.
        times: Puts [U, b] [h; 1] of a step into its second argument.
        transposed: Uᵀ, from ``prepare_backward`` on.
        times_transposed: Puts Uᵀ dz of a step, dz the gradient at its pre-activations, into its second argument.
    """

    has_cell_state = False

    def __init__(self, configuration: Configuration, direction: int, slots: int, batch: int, *, further_rows: int = 0) -> None:
        self.configuration = configuration
        self.activations = configuration.activations_of(direction)
        self.hidden, self.features = configuration.hidden, configuration.features
        self.slots, self.batch = slots, batch
        self.rows = len(configuration.gates) * self.hidden
        order: Literal["F", "C"] = "F" if batch == 1 and self.hidden <= _SMALL else "C"
        self.weights: Array = aligned((self.rows, self.features + 1), configuration.dtype, order)
        self.recurrent_weights = self.weights[:, : self.features + 1]
        self.times = product(self.recurrent_weights, batch)
        self.folded: Array | None = None
        self.transposed = self.recurrent_weights[:, :-1].T
        self.times_transposed = self.transposed.dot
        self._transposed: Array | None = None
        self.columns_rows = rows = self.rows + further_rows
        self.chunk = max(1, min(slots, _CACHE // (rows * batch * self.weights.itemsize)))
        self.gradients = self.empty(self.chunk, rows, batch)

    def empty(self, *shape: int) -> Array:
        """A buffer of the network's dtype."""
        return aligned(shape, self.configuration.dtype)

    def load(self, parameters: Parameters) -> None:
        """Takes new parameters."""
        self.recurrent_weights[:, :-1] = parameters.recurrent_weights
        bias = self.recurrent_weights[:, -1]
        if parameters.bias is None:
            bias.fill(0)
        elif parameters.recurrent_bias is None:
            bias[...] = parameters.bias
        else:
            np.add(parameters.bias, parameters.recurrent_bias, bias)

    def prepare_backward(self, parameters: Parameters) -> None:
        """Sets the gradients of the cell's further parameters to zero, and has the transposed weights ready.

        A view, or a copy of weights that are not contiguous, which each product would make anew.
        """
        weights = parameters.recurrent_weights
        if weights.flags.c_contiguous:
            self.transposed = weights.T
        else:
            if self._transposed is None:
                self._transposed = np.empty(weights.shape[::-1], weights.dtype)
            self._transposed[...] = weights.T
            self.transposed = self._transposed
        self.times_transposed = product(self.transposed, self.batch)

    def meet(self, x: Array, initial: Array | None) -> None:  # noqa: B027 - most cells keep the same whatever comes
        """Sees what a pass will run on, before its first step.

        Args:
            x: All inputs, (T, n, B).
            initial: The hidden state that the first step starts from, (P, B); None is zero.
        """

    def start(self, slot: int, state: Array) -> None:
        """Puts the cell state, (H, B), there with which the step in this slot starts. Only an LSTM has one."""
        raise NotImplementedError

    def cell_state(self, slot: int) -> Array:
        """The cell state with which the step in this slot starts."""
        raise NotImplementedError

    def named_values(self) -> Mapping[str, Array]:
        """The inner values of all slots, (slots, H, B) each."""
        return {}

    def computed_values(self, parameters: Parameters, x: Array, before: Array) -> Mapping[str, Array]:  # noqa: ARG002 - most keep all
        """The inner values that are not kept, of the steps that were run last.

        Args:
            parameters: As in ``load``.
            x: The inputs of these steps, (steps, n, B).
            before: The hidden states that they start from, (steps, P, B).
        """
        return {}

    @abstractmethod
    def forward(self, steps: Steps, inputs: Sequence[Array], idle: Idle) -> None:
        """Computes the hidden states after each step, in place.

        Args:
            steps: Not more than ``chunk``.
            inputs: W x of each step, (G H, B).
            idle: See ``Idle``.
        """

    def recall(self, steps: Steps, before: Columns, gradients: Columns) -> None:  # noqa: B027 - most cells keep all
        """Computes anew what ``forward`` did not keep, for a block of steps, before ``backward`` gets them chunk by chunk.

        Args:
            steps: As in ``backward``.
            before: [h; 1], h the hidden states that the steps start from, P + 1 rows.
            gradients: Where ``put`` puts the gradients of these steps afterwards.
        """

    @abstractmethod
    def backward(self, steps: Steps, upstream: Array | None, carry: Carry, idle: Idle) -> None:
        """Computes the gradients at the pre-activations, last step first.

        Args:
            steps: As in ``forward``.
            upstream: The gradient at the outputs of these steps, (steps, P, B); None is zero.
            carry: What comes from the step after the last; changed to what goes to the step before the first.
            idle: As in ``forward``.
        """

    def put(self, gradients: Array, columns: Array) -> None:
        """Puts what ``backward`` computed for some steps into the columns of a block: both are ``Columns.items``, by steps and rows."""
        columns[...] = gradients

    def accumulate(self, steps: Steps, gradients: Columns, before: Columns, total: Array, sums: Sums) -> None:
        """Adds what a block of steps gives to the gradients of [U, b], and of the cell's further parameters.

        Args:
            steps: As in ``backward``.
            gradients: What ``put`` put there, for all these steps; not used afterwards.
            before: As in ``recall``.
            total: (G H, P + 1), to which is added.
            sums: Adds to it.
        """
        sums.add(total, gradients.matrix(len(steps)), before.matrix(len(steps)).T)

    def finish(self, total: Array, gradients: Parameters) -> None:
        """Fills in the gradients of the parameters; that of the recurrent weights is a part of ``total`` already."""
        for bias in (gradients.bias, gradients.recurrent_bias):
            if bias is not None:
                bias[...] = total[:, self.features]


def hold(idle: Array | None, before: Array, after: Array) -> None:
    """The state of an example whose sequence has ended stays as it is."""
    if idle is not None:
        np.copyto(after, before, where=idle)
