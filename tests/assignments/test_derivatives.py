"""The backward functions are the derivatives of the forward functions: judged by complex step and by autograd."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from whygrad import (
    lstm_backward,
    lstm_cell_backward,
    lstm_cell_forward,
    lstm_forward,
    rnn_backward,
    rnn_cell_backward,
    rnn_cell_forward,
    rnn_forward,
)
from whygrad.differentiate import complex_step

Array = NDArray[Any]
Arrays = dict[str, Array]
Draw = Callable[..., Arrays]

SEEDS = st.integers(0, 2**32 - 1)
SIZES = st.fixed_dictionaries({"n_x": st.integers(1, 3), "n_a": st.integers(1, 4), "n_y": st.integers(1, 2), "m": st.integers(1, 3)})
STEPS = st.integers(1, 6)
few = settings(max_examples=60, deadline=None, derandomize=True)


def _assert_equal(got: Arrays, expected: Arrays, relative: float = 1e-12) -> None:
    """``got`` holds every gradient of ``expected``, equal to ``relative`` of the largest entry."""
    for name, gradient in expected.items():
        assert got[name].shape == gradient.shape, name
        assert np.max(np.abs(got[name] - gradient)) <= relative * np.max(np.abs(gradient)), name


def _renamed(gradients: Arrays) -> Arrays:
    """Gradients by array, ``{"x": ...}``, under the course's names, ``{"dx": ...}``; those of the unused output weights are zero."""
    assert not any(np.any(gradients.get(name, 0)) for name in ("Wya", "Wy", "by"))
    return {f"d{name}": gradient for name, gradient in gradients.items() if name not in ("Wya", "Wy", "by")}


def _upstream(seed: int, shape: tuple[int, ...]) -> Array:
    return np.random.default_rng([seed, 1]).normal(size=shape)


def _cut(gradients: Arrays, steps: int) -> Arrays:
    """Of dx the first steps; the later ones must be zero, since the loss does not see them."""
    assert not np.any(gradients["dx"][:, :, steps:])
    return {**gradients, "dx": gradients["dx"][:, :, :steps]}


@given(seed=SEEDS, sizes=SIZES)
@few
def test_rnn_cell_backward_is_the_derivative(rnn_problem: Draw, seed: int, sizes: dict[str, int]) -> None:
    """At random sizes every gradient of one RNN step agrees with complex step to 1e-12."""
    arrays = rnn_problem(seed, **sizes, steps=1)
    arrays = {"xt": arrays.pop("x")[:, :, 0], "a_prev": arrays.pop("a0"), **arrays}
    da_next = _upstream(seed, arrays["a_prev"].shape)

    def loss(xt: Array, a_prev: Array, **parameters: Array) -> np.inexact:
        return np.sum(da_next * rnn_cell_forward(xt, a_prev, parameters)[0])

    _, _, cache = rnn_cell_forward(arrays["xt"], arrays["a_prev"], arrays)
    _assert_equal(rnn_cell_backward(da_next, cache), _renamed(complex_step(loss, arrays)))


@given(seed=SEEDS, sizes=SIZES, steps=STEPS, seen=STEPS)
@few
def test_rnn_backward_is_the_derivative(rnn_problem: Draw, seed: int, sizes: dict[str, int], steps: int, seen: int) -> None:
    """At random sizes and with upstream gradients on all or on the first steps, every gradient agrees with complex step to 1e-12."""
    arrays, seen = rnn_problem(seed, **sizes, steps=steps), min(seen, steps)
    da = _upstream(seed, (sizes["n_a"], sizes["m"], seen))

    def loss(x: Array, a0: Array, **parameters: Array) -> np.inexact:
        return np.sum(da * rnn_forward(x, a0, parameters)[0][:, :, :seen])

    _, _, caches = rnn_forward(arrays["x"], arrays["a0"], arrays)
    _assert_equal(rnn_backward(da, caches), _cut(_renamed(complex_step(loss, arrays)), seen))


@given(seed=SEEDS, sizes=SIZES)
@few
def test_lstm_cell_backward_is_the_derivative(lstm_problem: Draw, seed: int, sizes: dict[str, int]) -> None:
    """At random sizes, with upstream gradients at both states, every gradient of one LSTM step agrees with complex step to 1e-12."""
    arrays = lstm_problem(seed, **sizes, steps=1)
    arrays = {"xt": arrays.pop("x")[:, :, 0], "a_prev": arrays.pop("a0"), **arrays}
    arrays["c_prev"], da_next, dc_next = _upstream(seed, (3, *arrays["a_prev"].shape))

    def loss(xt: Array, a_prev: Array, c_prev: Array, **parameters: Array) -> np.inexact:
        a_next, c_next, _, _ = lstm_cell_forward(xt, a_prev, c_prev, parameters)
        return np.sum(da_next * a_next + dc_next * c_next)

    _, _, _, cache = lstm_cell_forward(arrays["xt"], arrays["a_prev"], arrays["c_prev"], arrays)
    _assert_equal(lstm_cell_backward(da_next, dc_next, cache), _renamed(complex_step(loss, arrays)))


@given(seed=SEEDS, sizes=SIZES, steps=STEPS, seen=STEPS)
@few
def test_lstm_backward_is_the_derivative(lstm_problem: Draw, seed: int, sizes: dict[str, int], steps: int, seen: int) -> None:
    """At random sizes and with upstream gradients on all or on the first steps, every gradient agrees with complex step to 1e-12."""
    arrays, seen = lstm_problem(seed, **sizes, steps=steps), min(seen, steps)
    da = _upstream(seed, (sizes["n_a"], sizes["m"], seen))

    def loss(x: Array, a0: Array, **parameters: Array) -> np.inexact:
        return np.sum(da * lstm_forward(x, a0, parameters)[0][:, :, :seen])

    _, _, _, caches = lstm_forward(arrays["x"], arrays["a0"], arrays)
    _assert_equal(lstm_backward(da, caches), _cut(_renamed(complex_step(loss, arrays)), seen))


def test_closed_gates_cost_relative_digits_only(lstm_problem: Draw) -> None:
    """With some gates closed to 1e-20 the absolute error stays at the rounding of the upstream gradient."""
    arrays = {name: 8 * array for name, array in lstm_problem(seed=5).items()}
    a, _, _, caches = lstm_forward(arrays["x"], arrays["a0"], arrays)
    da = _upstream(5, a.shape)

    def loss(x: Array, a0: Array, **parameters: Array) -> np.inexact:
        return np.sum(da * lstm_forward(x, a0, parameters)[0])

    gradients = lstm_backward(da, caches)
    for name, gradient in _renamed(complex_step(loss, arrays)).items():
        assert np.max(np.abs(gradients[name] - gradient)) <= 1e-12, name


def _rnn_states(arrays: Arrays) -> list[Array]:
    """Hidden states by step, written for autograd with no look at the reference."""
    h, states = arrays["a0"], []
    weights = anp.hstack([arrays["Waa"], arrays["Wax"], arrays["ba"]])
    for t in range(arrays["x"].shape[2]):
        h = anp.tanh(weights @ anp.vstack([h, arrays["x"][:, :, t], anp.ones((1, h.shape[1]))]))
        states.append(h)
    return states


def _lstm_states(arrays: Arrays) -> list[Array]:
    """Hidden states by step, all gates stacked and σ written by tanh, with no look at the reference."""
    h, states = arrays["a0"], []
    c = 0.0 * h
    weights = anp.vstack([anp.hstack([arrays[f"W{gate}"], arrays[f"b{gate}"]]) for gate in "fioc"])
    units = h.shape[0]
    for t in range(arrays["x"].shape[2]):
        z = weights @ anp.vstack([h, arrays["x"][:, :, t], anp.ones((1, h.shape[1]))])
        gates = 0.5 + 0.5 * anp.tanh(0.5 * z[: 3 * units])
        c = gates[:units] * c + gates[units : 2 * units] * anp.tanh(z[3 * units :])
        h = gates[2 * units :] * anp.tanh(c)
        states.append(h)
    return states


@pytest.mark.parametrize("seen", [6, 4, 1])
@pytest.mark.parametrize("kind", ["rnn", "lstm"])
def test_autograd_agrees(rnn_problem: Draw, lstm_problem: Draw, kind: str, seen: int) -> None:
    """An independent forward pass under an independent differentiator gives the same states and the same gradients to 1e-12."""
    draw, states_of, forward, backward = {
        "rnn": (rnn_problem, _rnn_states, rnn_forward, rnn_backward),
        "lstm": (lstm_problem, _lstm_states, lstm_forward, lstm_backward),
    }[kind]
    arrays = draw(seed=7)
    a, *_, caches = forward(arrays["x"], arrays["a0"], arrays)
    da = _upstream(7, a[:, :, :seen].shape)

    def loss(arrays: Arrays) -> float:
        return sum(anp.sum(da[:, :, t] * state) for t, state in enumerate(states_of(arrays)[:seen]))

    assert np.max(np.abs(a - np.dstack(states_of(arrays)))) < 1e-14
    _assert_equal(backward(da, caches), _cut(_renamed(autograd.grad(loss)(arrays)), seen))
