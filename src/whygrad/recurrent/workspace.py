"""The buffers of a network, made once for a configuration, a number of steps and a batch, and then used again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from whygrad.recurrent.directed import make_layer
from whygrad.recurrent.joint import Joint, side_by_side
from whygrad.recurrent.layouts import as_states, as_steps, from_steps, new_sequence, new_states, sequence_shape
from whygrad.recurrent.lengths import Lengths
from whygrad.recurrent.parameters import shapes
from whygrad.recurrent.results import Gradients, State
from whygrad.recurrent.spare import Spare

if TYPE_CHECKING:
    from whygrad.recurrent.configuration import Configuration

Array = NDArray[Any]


class Workspace:
    """Keeps the buffers from one pass to the next, so that a training loop makes none: pass the same one to each ``forward``.

    Outputs, states and gradients lie in it: copy what is to outlive the next pass. Another configuration, number of steps or batch makes
    new buffers. Not for several threads at once.
    """

    def __init__(self) -> None:
        self._buffers: Buffers | None = None

    def reserve(self, configuration: Configuration, steps: int, batch: int) -> Buffers:
        """The buffers for such a pass."""
        buffers = self._buffers
        same = buffers is not None and (buffers.configuration is configuration or buffers.configuration == configuration)
        if buffers is None or not same or (buffers.steps, buffers.batch) != (steps, batch):
            self._buffers = buffers = Buffers(configuration, steps, batch)
        return buffers


class Buffers:
    """Everything that a forward and a backward pass write to.

    Attributes:
        run: The number of forward passes so far: each makes the tapes of earlier ones useless.
        layers: For each layer its one or two directions.
        runs: The same, one after the other.
        shapes: For each layer and direction the shapes of its parameters.
        joints: What lies between the layers, one less than layers.
        whole: The lengths of sequences that all have T steps.
        spare: Memory for what is needed for a moment.
        final: The final states, in the user's order of axes, as are the following.
        outputs_shape: That of the outputs.
        at_inputs: The gradient at x.
        gradients: That, and the gradients at the initial states and at the parameters.
        final_parts: For each layer and direction its part of ``final``, one (n, B) for each kind of state.
        initial_parts: The same of ``gradients.initial``.
    """

    def __init__(self, configuration: Configuration, steps: int, batch: int) -> None:
        self.configuration, self.steps, self.batch = configuration, steps, batch
        self.run = 0
        self.spare = Spare()
        layers, directions = range(configuration.layers), range(configuration.directions)
        self.layers = [
            [make_layer(configuration, layer, direction, steps, batch, spare=self.spare) for direction in directions] for layer in layers
        ]
        self.runs = [run for runs in self.layers for run in runs]
        self.shapes = [shapes(configuration, layer) for layer in layers for _ in directions]
        self.joints = [Joint(configuration, steps, batch) for _ in layers[1:]]
        self._outputs: Array | None = None
        self.outputs_shape = sequence_shape(configuration, steps, configuration.outputs, batch)
        self.at_inputs: Array = new_sequence(configuration, steps, configuration.inputs, batch)
        state_sizes = [configuration.features] + [configuration.hidden] * (configuration.cell == "lstm")
        final, initial = ([new_states(configuration, size, batch) for size in state_sizes] for _ in range(2))
        self.final, at_parameters = State(*final), tuple(run.gradients for run in self.runs)
        self.gradients = Gradients(self.at_inputs, State(*initial), at_parameters)
        self.final_parts, self.initial_parts = (
            list(zip(*(as_states(states, configuration.layout) for states in both), strict=True)) for both in (final, initial)
        )
        self.whole = Lengths(steps, None)
        self._view: Array | None = None
        if configuration.directions == 1:
            hidden, backwards = self.sides(-1)[0]
            view = from_steps(hidden[::-1] if backwards else hidden, configuration.layout)
            view.flags.writeable = False
            self._view = view

    def outputs(self, limits: Lengths) -> Array:
        """The last layer's outputs in the user's order, zero after the end of a sequence.

        Where nothing has to be changed for that they are a view of the hidden states, not writeable, because ``backward`` needs these.
        """
        if self._view is not None and not limits.differ:
            return self._view
        if self._outputs is None:
            self._outputs = new_sequence(self.configuration, self.steps, self.configuration.outputs, self.batch)
        inner = as_steps(self._outputs, self.configuration.layout)
        side_by_side(self.sides(-1), limits, inner)
        limits.clear(inner)
        return self._outputs

    def sides(self, layer: int) -> list[tuple[Array, bool]]:
        """The hidden states after each step of each direction of a layer, as ``Joint`` takes them."""
        return [(run.hidden[1:], self.configuration.backwards(direction)) for direction, run in enumerate(self.layers[layer])]

    def handed_out(self) -> list[Array]:
        """The memory that sequences of an earlier pass may lie in: its outputs, and the gradient at its inputs."""
        own = [self.at_inputs, *(run.hidden for run in self.layers[-1])]
        return own if self._outputs is None else [*own, self._outputs]
