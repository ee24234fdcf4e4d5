"""Forward and backward over all layers and directions: the two functions that the room is for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from whygrad.recurrent import checks
from whygrad.recurrent.configuration import Configuration
from whygrad.recurrent.kinds import kind
from whygrad.recurrent.layouts import as_states, as_steps
from whygrad.recurrent.lengths import Lengths
from whygrad.recurrent.results import Gradients, State
from whygrad.recurrent.spare import Spare
from whygrad.recurrent.workspace import Buffers, Workspace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from whygrad.recurrent.parameters import Network

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Tape:
    """What ``backward`` needs of a forward pass, as often as you like until the next pass with its workspace.

    It refers to the inputs, the parameters and the workspace, and copies none of them.
    """

    configuration: Configuration
    parameters: Network
    buffers: Buffers
    run: int
    x: Array
    lengths: Lengths

    def values(self, layer: int = 0, direction: int = 0) -> Mapping[str, Array]:
        """Every inner value of a layer, by name, as (T, H, B) views in the order in which the steps were run.

        "h" is the hidden state after each step, "h_before" before it, "c" and "c_before" the cell state; the gates have the names of
        ``Configuration.gates``. A GRU with ``linear_before_reset`` has a = U h + b of its candidate too, and an RNN has "h" alone. With
        ``checkpoint`` there are those of the √T steps that were run last, but for "h" and "h_before". To be read, not written:
        ``backward`` needs them; but the n and a of a GRU are computed anew at each call, because it does not.

        Args:
            layer: Counted from 0, from below.
            direction: 0, or 1 for the reverse direction of a bidirectional network.

        Raises:
            ContentError: There is no such layer or direction.
            StructureError: The workspace has been used for a later forward pass.
        """
        self.check()
        checks.place("layer", layer, self.configuration.layers)
        checks.place("direction", direction, self.configuration.directions)
        below = self.buffers.joints[layer - 1].outputs if layer else self.x
        own = self.lengths.reversed(below, Spare(), "below") if self.configuration.backwards(direction) else below
        return self.buffers.layers[layer][direction].values(self.parameters[layer * self.configuration.directions + direction], own)

    def check(self) -> None:
        """Raises ``StructureError`` if the buffers have been used again for a later forward pass."""
        checks.current(self.run, self.buffers.run)


def forward(  # noqa: PLR0917 - states and lengths follow the inputs, as they do in other libraries
    configuration: Configuration,
    parameters: Network,
    x: Array,
    h0: Array | None = None,
    c0: Array | None = None,
    lengths: Array | None = None,
    *,
    generator: np.random.Generator | None = None,
    workspace: Workspace | None = None,
) -> tuple[Array, State, Tape]:
    """Runs a recurrent network over a batch of sequences: T steps, B examples. No argument is changed, but for the workspace.

    Args:
        configuration: The network. All arrays but ``lengths`` have its dtype.
        parameters: One record for each layer and direction, see ``Network``.
        x: Inputs, axes in the order of ``configuration.layout``: (T, B, n_x), (B, T, n_x) or (n_x, B, T). Not copied: it must stay as it
            is until ``backward`` is done, so it must not be the outputs that lie in the same workspace.
        h0: Initial hidden states, see ``State``; None is zero.
        c0: Initial cell states of an LSTM, see ``State``; None is zero.
        lengths: The number of steps of each sequence, (B,) of integers from 0 to T; None is T for all. Later inputs are not looked at, and
            the final states of a sequence of length 0 are its initial ones.
        generator: Draws what dropout sets to zero; None: nothing is dropped.
        workspace: Its buffers are used, and hold the results: the next pass with this workspace overwrites them. None: new ones.

    Returns:
        The outputs, in the order of axes of x with P x directions features, zero after the end of a sequence (of one direction, where no
        sequence ends early, a view of the tape that cannot be written to); the final states, each that after its sequence's own last step;
        and the tape for ``backward``.

    Raises:
        ArgumentError: An argument has the wrong shape, dtype or content; the text says which and what was expected.
    """
    kind("configuration", configuration, Configuration, optional=False)
    kind("generator", generator, np.random.Generator)
    kind("workspace", workspace, Workspace)
    steps, batch = checks.inputs(configuration, x)
    buffers = (workspace or Workspace()).reserve(configuration, steps, batch)
    checks.parameters(buffers.shapes, configuration.dtype, parameters)
    checks.states(configuration, batch, h0, c0, ("h0", "c0"))
    checks.lengths(lengths, steps, batch)
    layout, directions = configuration.layout, configuration.directions
    limits = buffers.whole if lengths is None else Lengths(steps, lengths)
    checks.sequence("x", x, layout, limits)
    for array in () if limits.differ else buffers.handed_out():
        checks.apart("x", x, array)
    buffers.run += 1
    sequence = limits.cleared(as_steps(x, layout), buffers.spare, "x")
    hidden, cell = None if h0 is None else as_states(h0, layout), None if c0 is None else as_states(c0, layout)
    below = sequence
    for layer, runs in enumerate(buffers.layers):
        if layer:
            below = buffers.joints[layer - 1].forward(buffers.sides(layer - 1), limits, generator)
        for direction, run in enumerate(runs):
            k = layer * directions + direction
            own = limits.reversed(below, buffers.spare, "below") if configuration.backwards(direction) else below
            run.forward(parameters[k], own, None if hidden is None else hidden[k], None if cell is None else cell[k], limits.idle)
    for run, parts in zip(buffers.runs, buffers.final_parts, strict=True):
        for part, state in zip(parts, (run.hidden[-1], run.final_cell_state), strict=False):
            part[...] = state
    return buffers.outputs(limits), buffers.final, Tape(configuration, parameters, buffers, buffers.run, sequence, limits)


def backward(d_outputs: Array | None, d_final_state: State | None, tape: Tape) -> Gradients:
    """Backpropagation through time: the gradient of a scalar loss at inputs, initial states and parameters.

    Args:
        d_outputs: The gradient at the outputs, of their shape; None is zero. What stands after the end of a sequence is not looked at.
        d_final_state: The gradient at the final states; None, or None in it, is zero.
        tape: What ``forward`` returned. The parameters and x must be as they were there.

    Returns:
        The gradients, in the buffers of the tape's workspace: the next pass with it, forward or backward, overwrites them.

    Raises:
        ArgumentError: An argument has the wrong shape, dtype or content, or the tape's workspace has been used for a later forward pass.

    Source: P. Werbos, Backpropagation through time: what it does and how to do it, 1990.
    """
    kind("tape", tape, Tape, optional=False)
    kind("d_final_state", d_final_state, State)
    tape.check()
    configuration, buffers, limits, layout = tape.configuration, tape.buffers, tape.lengths, tape.configuration.layout
    checks.upstream(d_outputs, buffers.outputs_shape, configuration.dtype)
    final = d_final_state or State(None, None)
    checks.states(configuration, buffers.batch, final.hidden, final.cell, ("d_final_state.hidden", "d_final_state.cell"))
    d_hidden, d_cell = (None if state is None else as_states(state, layout) for state in (final.hidden, final.cell))
    upstream, spare = None, buffers.spare
    if d_outputs is not None:
        checks.sequence("d_outputs", d_outputs, layout, limits)
        checks.apart("d_outputs", d_outputs, buffers.at_inputs)
        upstream = limits.cleared(as_steps(d_outputs, layout), spare, "upstream")
    for layer in range(configuration.layers - 1, -1, -1):
        dx = buffers.joints[layer - 1].gradient if layer else as_steps(buffers.at_inputs, layout)
        below = buffers.joints[layer - 1].outputs if layer else tape.x
        for direction, run in enumerate(buffers.layers[layer]):
            k, first = layer * configuration.directions + direction, direction * configuration.features
            share = None if upstream is None else upstream[:, first : first + configuration.features]
            ends = None if d_hidden is None else d_hidden[k], None if d_cell is None else d_cell[k]
            if not configuration.backwards(direction):
                run.backward(tape.parameters[k], below, limits.idle, share, final=ends, dx=dx, adds=False)
            else:
                share = None if share is None else limits.reversed(share, spare, "share")
                turned = limits.reversed(below, spare, "below")
                own, adds = (spare.take("dx", dx.shape, dx.dtype), False) if limits.differ else (dx[::-1], direction > 0)
                run.backward(tape.parameters[k], turned, limits.idle, share, final=ends, dx=own, adds=adds)
                if limits.differ:
                    limits.put_reversed(own, dx, adds=direction > 0)
            for part, gradient in zip(buffers.initial_parts[k], (run.carry.hidden, run.carry.cell), strict=False):
                part[...] = gradient
        upstream = buffers.joints[layer - 1].backward() if layer else None
    return buffers.gradients
