"""What every cell offers to the layer that runs it over time.

A cell owns the buffers of its inner values, one slot a step, and folds the parameters into the form that is fastest. The layer computes
the input product W x + b of many steps at once (``projected``) and hands the steps, oldest first, to ``forward``. In the backward pass
it hands them to ``backward``, last first, and gets the gradient at the pre-activations of each step; from these it computes, again for
many steps at once, the gradients of all parameters.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from whygrad.recurrent.columns import Columns
    from whygrad.recurrent.configuration import Configuration
    from whygrad.recurrent.parameters import Parameters

Array = NDArray[Any]


@dataclass(slots=True)
class Carry:
    """What goes back from step to step: the gradient at the hidden state and, for an LSTM, at the cell state; (P, B) and (H, B)."""

    hidden: Array
    cell: Array


@dataclass(frozen=True, slots=True)
class Steps:
    """A block of steps that follow each other.

    Args:
        first: The slot of the first of them.
        hidden: Hidden states, one more than steps: ``hidden[k]`` is what step k starts from, (P, B).
        idle: For each step the examples whose sequence has ended, (B,) of bool; None where all go on.
    """

    first: int
    hidden: Sequence[Array]
    idle: Sequence[Array | None]

    def __len__(self) -> int:
        return len(self.idle)


class Cell(ABC):
    """A cell of one layer in one direction, with its buffers for a batch.

    Args:
        configuration: The network's.
        direction: 0 or 1, which says the activations.
        slots: Steps whose inner values are kept at once.
        batch: B, the examples.

    Attributes:
        gradient_rows: Rows of the gradient that ``backward`` writes for each step; the first G H of them belong to W x + b.
    """

    has_cell_state = False

    def __init__(self, configuration: Configuration, direction: int, slots: int, batch: int) -> None:
        self.configuration = configuration
        self.activations = configuration.activations_of(direction)
        self.hidden, self.features = configuration.hidden, configuration.features
        self.slots, self.batch = slots, batch
        self.rows = self.gradient_rows = len(configuration.gates) * self.hidden
        self.recurrent_weights = self.empty(self.rows, self.features)
        self.transposed = self.empty(self.features, self.rows)

    def empty(self, *shape: int) -> Array:
        """A buffer of the network's dtype."""
        return np.empty(shape, self.configuration.dtype)

    def load(self, parameters: Parameters, input_weights: Array) -> None:
        """Takes new parameters.

        Args:
            parameters: The layer's.
            input_weights: (G H, n + 1), filled with [W, b]: what the layer multiplies with [x; 1].
        """
        input_weights[:, :-1] = parameters.input_weights
        input_weights[:, -1] = 0 if parameters.bias is None else parameters.bias
        if parameters.recurrent_bias is not None:
            input_weights[:, -1] += parameters.recurrent_bias
        np.copyto(self.recurrent_weights, parameters.recurrent_weights)

    def prepare_backward(self, parameters: Parameters) -> None:
        """The transposed weights, contiguous, because a product with them is made at each step."""
        np.copyto(self.transposed, parameters.recurrent_weights.T)

    def start(self, slot: int, state: Array) -> None:
        """The cell state, (H, B), with which the step in this slot starts. Only an LSTM has one."""

    def cell_state(self, slot: int) -> Array:
        """The cell state with which the step in this slot starts."""
        raise NotImplementedError

    def named_values(self) -> Mapping[str, Array]:
        """The inner values of all slots, (slots, H, B) each."""
        return {}

    @abstractmethod
    def forward(self, steps: Steps, projected: Sequence[Array]) -> None:
        """Computes the hidden states after each step, in place, from ``projected``, W x + b of each step."""

    @abstractmethod
    def backward(self, steps: Steps, upstream: Sequence[Array | None], carry: Carry, gradients: Sequence[Array]) -> None:
        """Computes the gradients at the pre-activations, in place, last step first.

        Args:
            steps: As in ``forward``.
            upstream: The gradient at the output of each step, (P, B); None where there is none.
            carry: What comes from the step after the last; changed to what goes to the step before the first.
            gradients: To be filled, one (gradient_rows, B) a step.
        """

    def accumulate_inputs(self, total: Parameters, product: Array) -> None:
        """Adds (gradient at W x + b) [x; 1]ᵀ to the gradients of the input weights and the biases."""
        total.input_weights[...] += product[:, :-1]
        for bias in (total.bias, total.recurrent_bias):
            if bias is not None:
                bias += product[:, -1]

    def accumulate(self, steps: Steps, gradients: Columns, hidden: Columns, total: Parameters) -> None:
        """Adds what these steps give to the gradients of the recurrent weights and of the cell's further parameters.

        Args:
            steps: As in ``backward``.
            gradients: What ``backward`` filled.
            hidden: The hidden states that the steps start from.
            total: The gradients of the layer's parameters so far.
        """
        count = len(steps)
        total.recurrent_weights[...] += np.matmul(gradients.matrix(count), hidden.matrix(count).T)


def hold(idle: Array | None, before: Array, after: Array) -> None:
    """The state of an example whose sequence has ended stays as it is."""
    if idle is not None:
        np.copyto(after, before, where=idle)
