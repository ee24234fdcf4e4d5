"""Inputs and initial states far from 1: gradients are as exact as single precision admits, and memory is spent on that only there."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from whygrad.recurrent import Configuration, Network, Workspace, backward, forward, initial_parameters

if TYPE_CHECKING:
    from collections.abc import Callable

CELLS: list[dict[str, Any]] = [
    {"cell": "rnn"},
    {"cell": "lstm"},
    {"cell": "gru"},
    {"cell": "gru", "linear_before_reset": True},
    {"cell": "gru", "clip": 50.0},
    {"cell": "gru", "linear_before_reset": True, "checkpoint": True, "direction": "bidirectional"},
]


def arrays_of(configuration: Configuration, network: Network, x: np.ndarray, h0: np.ndarray) -> dict[str, np.ndarray]:
    """All gradients of a loss that is linear in the outputs."""
    outputs, _, tape = forward(configuration, network, x.astype(configuration.dtype), h0.astype(configuration.dtype))
    gradients = backward(np.random.default_rng(1).normal(size=outputs.shape).astype(configuration.dtype), None, tape)
    blocks = {f"{k}.{name}": array for k, block in enumerate(gradients.parameters) for name, array in block.arrays()}
    return {"x": gradients.inputs, "h0": gradients.initial.hidden, **blocks}


def in_both_precisions(fields: dict[str, Any], x_scale: float, h_scale: float) -> float:
    """The largest difference between float32's gradients and float64's, as a part of the largest entry of each."""
    generator = np.random.default_rng(0)
    single = Configuration(inputs=3, hidden=5, biases=2, dtype="float32", **fields)
    drawn = initial_parameters(single, generator)
    network = tuple(
        replace(
            block,
            recurrent_weights=(block.recurrent_weights / h_scale).astype("f4"),
            input_weights=(block.input_weights / x_scale).astype("f4"),
        )
        for block in drawn
    )  # no gate is saturated
    wide = tuple(replace(block, **{name: array.astype("f8") for name, array in block.arrays()}) for block in network)
    x, h0 = (x_scale * generator.normal(size=(4, 6, 3))).astype("f4"), (h_scale * generator.normal(size=(len(network), 6, 5))).astype("f4")
    ours, exact = arrays_of(single, network, x, h0), arrays_of(single.replace(dtype="float64"), wide, x, h0)
    return max(float(np.max(np.abs(ours[name] - exact[name])) / np.max(np.abs(exact[name]))) for name in exact)


@pytest.mark.parametrize("fields", CELLS, ids=str)
@pytest.mark.parametrize(("x_scale", "h_scale"), [(1, 1), (1, 30), (1, 1e4), (1, 1e8), (1e4, 1), (1e8, 1), (1e5, 1e5)])
def test_single_precision_is_as_exact_with_large_values(fields: dict[str, Any], x_scale: float, h_scale: float) -> None:
    """What is large costs no digits: nothing is found again from a difference of large numbers."""
    assert in_both_precisions(fields, x_scale, h_scale) < 3e-6


@pytest.mark.parametrize("fields", CELLS, ids=str)
def test_large_values_have_right_gradients(fields: dict[str, Any], make_problem: Callable[..., Any]) -> None:
    """The gradients are those of the complex step."""
    one = make_problem(3, inputs=2, hidden=3, biases=2, lengths=True, **fields)
    assert replace(one, h0=1e5 * one.h0).worst_error() < 1e-10
    assert replace(one, x=1e2 * one.x).worst_error() < 1e-10


@pytest.mark.parametrize("before_reset", [False, True])
def test_a_saturated_gru_sends_nothing_back_to_the_weights_of_large_inputs(*, before_reset: bool) -> None:
    """Where the candidate is 1 to the last digit its slope is 0, and not a rounding that the inputs make visible."""
    configuration = Configuration(cell="gru", inputs=3, hidden=5, dtype="float32", linear_before_reset=before_reset)
    network = initial_parameters(configuration, np.random.default_rng(0))
    x = 1e6 * np.random.default_rng(2).choice([-1.0, 1.0], (4, 2, 3))
    gradients = arrays_of(configuration, network, x, np.zeros((1, 2, 5)))
    assert not np.any(gradients["0.input_weights"])


def test_candidates_are_kept_only_where_something_is_large() -> None:
    """A workspace grows by one row for each step once an input is large, and goes on as ever when none is."""
    configuration = Configuration(cell="gru", inputs=3, hidden=16, linear_before_reset=True)
    network, x, workspace = initial_parameters(configuration, np.random.default_rng(0)), np.ones((200, 8, 3)), Workspace()
    one_row = 200 * 8 * 16 * 8

    def grows(by: float) -> int:
        before = tracemalloc.get_traced_memory()[0]
        forward(configuration, network, by * x, workspace=workspace)
        return tracemalloc.get_traced_memory()[0] - before

    tracemalloc.start()
    try:
        grows(1)
        assert grows(8) < one_row / 4
        assert one_row <= grows(9) < 1.25 * one_row
        assert grows(1) < one_row / 4
        assert grows(9) < one_row / 4
    finally:
        tracemalloc.stop()
    plain, _, _ = forward(configuration, network, x)
    again, _, _ = forward(configuration, network, x, workspace=workspace)
    np.testing.assert_array_equal(plain, again)
