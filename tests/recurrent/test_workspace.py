"""A training loop allocates nothing that grows with the sequences, whatever the options; with checkpointing a pass keeps the root of it."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest

from whygrad.errors import ContentError
from whygrad.recurrent import Activation, Configuration, Workspace, backward, forward, initial_parameters

STEPS, BATCH, HIDDEN = 100, 32, 64
SMALL = 400_000  # bytes: NumPy's own buffers, three of 64 KB, and some gates of one step; a sequence of the batch has 1.6 MB

CELLS: dict[str, dict[str, Any]] = {
    "lstm": {"cell": "lstm"},
    "peepholes": {"cell": "lstm", "peepholes": True, "clip": 1.0},
    "coupled": {"cell": "lstm", "input_forget": True, "biases": 0},
    "projection": {"cell": "lstm", "projection": 48, "peepholes": True},
    "activations": {"cell": "lstm", "activations": (Activation("HardSigmoid"), Activation("Softsign"), Activation("Elu"))},
    "gru": {"cell": "gru", "clip": 1.0},
    "reset after": {"cell": "gru", "linear_before_reset": True, "biases": 2},
    "rnn": {"cell": "rnn"},
    "relu": {"cell": "rnn", "activations": (Activation("Relu"),), "clip": 1.0},
}
WAYS: dict[str, dict[str, Any]] = {
    "forward": {},
    "both": {"direction": "bidirectional", "layers": 2, "layout": "features-first"},
    "reverse": {"direction": "reverse", "layers": 2, "layout": "batch-first"},
    "checkpoint": {"checkpoint": True, "dropout": 0.3, "layers": 2},
}


def peak(configuration: Configuration, lengths: np.ndarray | None) -> int:
    """The bytes that a third forward and backward pass takes beyond what is there."""
    generator = np.random.default_rng(0)
    parameters, workspace = initial_parameters(configuration, generator), Workspace()
    sizes = {"time-first": (STEPS, BATCH, HIDDEN), "batch-first": (BATCH, STEPS, HIDDEN), "features-first": (HIDDEN, BATCH, STEPS)}
    x = generator.normal(size=sizes[configuration.layout])

    def once() -> np.ndarray:
        outputs, _, tape = forward(configuration, parameters, x, lengths=lengths, generator=generator, workspace=workspace)
        backward(upstream, None, tape)
        return outputs

    upstream = None
    upstream = once().copy()
    once()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    once()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most - before


@pytest.mark.parametrize("differ", [False, True])
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("cell", CELLS)
def test_a_later_pass_makes_no_large_array(cell: str, way: str, *, differ: bool) -> None:
    """With every option, and with lengths that differ, what is allocated is far less than one sequence of the batch."""
    lengths = np.random.default_rng(1).integers(0, STEPS, BATCH) if differ else None
    assert peak(Configuration(inputs=HIDDEN, hidden=HIDDEN, **CELLS[cell], **WAYS[way]), lengths) < SMALL


def test_the_measure_sees_a_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    """One copy of a sequence is more than that."""
    own = Configuration.backwards
    kept: list[np.ndarray] = []

    def backwards(configuration: Configuration, direction: int) -> bool:
        kept.append(np.zeros((STEPS, BATCH, HIDDEN)))
        return own(configuration, direction)

    monkeypatch.setattr(Configuration, "backwards", backwards)
    assert peak(Configuration(cell="rnn", inputs=HIDDEN, hidden=HIDDEN), None) > SMALL


def beyond_sequences(configuration: Configuration, steps: int) -> int:
    """The bytes that a first pass takes at most beyond the hidden states and the gradient at the inputs."""
    generator = np.random.default_rng(0)
    parameters = initial_parameters(configuration, generator)
    x, upstream = generator.normal(size=(steps, BATCH, configuration.inputs)), generator.normal(size=(steps, BATCH, configuration.hidden))
    tracemalloc.start()
    _, _, tape = forward(configuration, parameters, x)
    backward(upstream, None, tape)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most - upstream.nbytes * (configuration.hidden + 1) // configuration.hidden - x.nbytes


@pytest.mark.parametrize("cell", ["lstm", "reset after"])
def test_checkpointing_keeps_the_root(cell: str) -> None:
    """Sixteen times as many steps take four times the memory, and a little for views; without checkpointing it is sixteen times."""
    configuration = Configuration(inputs=2, hidden=32, **CELLS[cell])
    whole, segments = ([beyond_sequences(configuration.replace(checkpoint=kept), steps) for steps in (200, 3200)] for kept in (False, True))
    assert whole[1] > 8 * whole[0]
    assert segments[1] < 5 * segments[0]
    assert segments[1] < whole[1] / 5


def test_what_is_refused_leaves_copies_as_they_were() -> None:
    """Lengths that differ take a copy of x, which a refused pass with the same workspace must not overwrite."""
    configuration, generator = Configuration(cell="lstm", inputs=2, hidden=3), np.random.default_rng(2)
    parameters, x, lengths, workspace = (
        initial_parameters(configuration, generator),
        generator.normal(size=(4, 2, 2)),
        np.array([2, 4]),
        Workspace(),
    )
    outputs, _, tape = forward(configuration, parameters, x, lengths=lengths, workspace=workspace)
    upstream = np.ones(outputs.shape)
    expected = backward(upstream, None, tape).parameters[0].input_weights.copy()
    bad = x + 1
    bad[0, 0, 0] = np.nan
    with pytest.raises(ContentError, match="x holds NaN or an infinity"):
        forward(configuration, parameters, bad, lengths=lengths, workspace=workspace)
    np.testing.assert_array_equal(backward(upstream, None, tape).parameters[0].input_weights, expected)


def test_behind_the_end_there_may_be_anything() -> None:
    """NaN and infinity after the end of a sequence are not looked at, in inputs and in upstream gradients."""
    configuration, generator = Configuration(cell="gru", inputs=2, hidden=3, direction="bidirectional"), np.random.default_rng(3)
    parameters, x, lengths = initial_parameters(configuration, generator), generator.normal(size=(4, 2, 2)), np.array([2, 4])
    outputs, _, tape = forward(configuration, parameters, x, lengths=lengths)
    upstream = np.ones(outputs.shape)
    expected = [outputs.copy(), backward(upstream, None, tape).inputs.copy()]
    x[2:, 0], upstream[2:, 0] = np.nan, np.inf
    outputs, _, tape = forward(configuration, parameters, x, lengths=lengths)
    np.testing.assert_array_equal(outputs, expected[0])
    np.testing.assert_array_equal(backward(upstream, None, tape).inputs, expected[1])
    upstream[1, 0] = np.inf
    with pytest.raises(ContentError, match="d_outputs holds NaN or an infinity"):
        backward(upstream, None, tape)
