"""What the tests of the recurrent engine share: random networks, and the gradient by complex step along a direction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import strategies as st

from whygrad.recurrent import (
    Activation,
    Configuration,
    Gradients,
    Network,
    Parameters,
    State,
    Workspace,
    backward,
    forward,
    initial_parameters,
)
from whygrad.recurrent.activations import KINDS
from whygrad.recurrent.layouts import new_sequence, new_states

if TYPE_CHECKING:
    from collections.abc import Callable

STEP = 1e-20


@dataclass(frozen=True)
class Problem:
    """A network with inputs, states, upstream gradients and lengths, all drawn from one seed; the loss is linear in what comes out."""

    configuration: Configuration
    parameters: Network
    x: np.ndarray
    h0: np.ndarray
    c0: np.ndarray | None
    lengths: np.ndarray | None
    d_outputs: np.ndarray
    d_final: State
    seed: int

    def dropout(self) -> np.random.Generator | None:
        """The generator for dropout, the same each time."""
        return np.random.default_rng(self.seed) if self.configuration.dropout else None

    def gradients(self) -> Gradients:
        """The hand-derived gradients."""
        return backward(self.d_outputs, self.d_final, self.run()[2])

    def run(self) -> Any:
        """Outputs, final state, tape."""
        return forward(self.configuration, self.parameters, self.x, self.h0, self.c0, self.lengths, generator=self.dropout())

    def arrays(self) -> dict[str, np.ndarray]:
        """All that the loss depends on, by name."""
        states = {"h0": self.h0} if self.c0 is None else {"h0": self.h0, "c0": self.c0}
        blocks = {f"{k}.{name}": array for k, block in enumerate(self.parameters) for name, array in block.arrays()}
        return {"x": self.x, **states, **blocks}

    def loss(self, arrays: dict[str, np.ndarray], workspace: Workspace) -> complex:
        """The loss, computed in complex numbers."""
        complexes = {name: array.astype(np.complex128) for name, array in arrays.items()}
        network = tuple(
            Parameters(**{name: complexes[f"{k}.{name}"] for name, _ in block.arrays()}) for k, block in enumerate(self.parameters)
        )
        outputs, final, _ = forward(
            self.configuration.replace(dtype="complex128"),
            network,
            complexes["x"],
            complexes["h0"],
            complexes.get("c0"),
            self.lengths,
            generator=self.dropout(),
            workspace=workspace,
        )
        total = np.sum(outputs * self.d_outputs) + np.sum(final.hidden * self.d_final.hidden)
        return total if final.cell is None else total + np.sum(final.cell * self.d_final.cell)

    def worst_error(self) -> float:
        """The largest relative difference between the gradient along a random dense direction and its complex step, over all arrays."""
        gradients = self.gradients()
        by_hand = {"x": gradients.inputs, "h0": gradients.initial.hidden, "c0": gradients.initial.cell}
        by_hand |= {f"{k}.{name}": array for k, block in enumerate(gradients.parameters) for name, array in block.arrays()}
        arrays, workspace, generator = self.arrays(), Workspace(), np.random.default_rng(self.seed + 1)
        errors = [0.0]
        for name, array in arrays.items():
            direction = generator.uniform(0.5, 1.5, array.shape) * generator.choice([-1.0, 1.0], array.shape)
            moved = {**arrays, name: array + 1j * STEP * direction}
            exact, claimed = self.loss(moved, workspace).imag / STEP, np.sum(by_hand[name] * direction)
            errors.append(abs(exact - claimed) / max(1.0, float(np.sum(np.abs(by_hand[name])))))
        return max(errors)


def problem(seed: int, *, steps: int = 4, batch: int = 3, lengths: bool = False, **fields: Any) -> Problem:
    """A problem for this configuration."""
    generator = np.random.default_rng(seed)
    configuration = Configuration(**fields)

    def drawn(shape: tuple[int, ...]) -> np.ndarray:
        return generator.normal(size=shape).astype(configuration.dtype)

    lstm = configuration.cell == "lstm"
    states = [new_states(configuration, size, batch).shape for size in (configuration.features, configuration.hidden)]
    ends = generator.integers(0, steps, batch, endpoint=True) if lengths else None
    return Problem(
        configuration,
        initial_parameters(configuration, generator),
        drawn(new_sequence(configuration, steps, configuration.inputs, batch).shape),
        drawn(states[0]),
        drawn(states[1]) if lstm else None,
        ends,
        drawn(new_sequence(configuration, steps, configuration.outputs, batch).shape),
        State(drawn(states[0]), drawn(states[1]) if lstm else None),
        seed,
    )


ACTIVATIONS = st.builds(Activation, st.sampled_from(sorted(KINDS)))
COUNTS = {"rnn": 1, "lstm": 3, "gru": 2}


@st.composite
def options(draw: st.DrawFn) -> dict[str, Any]:
    """Any combination of options that a configuration allows, in small sizes."""
    cell = draw(st.sampled_from(sorted(COUNTS)))
    fields: dict[str, Any] = {
        "cell": cell,
        "inputs": draw(st.integers(1, 3)),
        "hidden": draw(st.integers(1, 4)),
        "layers": draw(st.integers(1, 3)),
        "direction": draw(st.sampled_from(["forward", "reverse", "bidirectional"])),
        "layout": draw(st.sampled_from(["time-first", "batch-first", "features-first"])),
        "biases": draw(st.integers(0, 2)),
        "clip": draw(st.sampled_from([None, None, 0.3, 2.0])),
        "checkpoint": draw(st.booleans()),
        "steps": draw(st.integers(1, 7)),
        "batch": draw(st.sampled_from([1, 2, 3, 9])),
        "lengths": draw(st.booleans()),
    }
    fields["dropout"] = draw(st.sampled_from([0.0, 0.0, 0.4])) if fields["layers"] > 1 else 0.0
    directions = 2 if fields["direction"] == "bidirectional" else 1
    count = draw(st.sampled_from([0, 0, COUNTS[cell], COUNTS[cell] * directions]))
    fields["activations"] = tuple(draw(ACTIVATIONS) for _ in range(count))
    if cell == "lstm":
        fields["peepholes"], fields["input_forget"] = draw(st.booleans()), draw(st.booleans())
        fields["projection"] = draw(st.sampled_from([None, 1, 3]))
    if cell == "gru":
        fields["linear_before_reset"] = draw(st.booleans())
    return fields


@pytest.fixture(scope="session")
def make_problem() -> Callable[..., Problem]:
    """Makes a problem from a seed and a configuration's fields."""
    return problem


@pytest.fixture(scope="session")
def any_options() -> st.SearchStrategy[dict[str, Any]]:
    """A strategy of options for ``make_problem``."""
    return options()
