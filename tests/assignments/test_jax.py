"""jax in float64 as a judge: the derivative of a forward pass written for it, to every input at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from whygrad import lstm_backward, lstm_forward, rnn_backward, rnn_forward

jax = pytest.importorskip("jax", reason='jax is not installed: pip install "whygrad[judges]"')
jnp = jax.numpy

Arrays = dict[str, Any]
Draw = Callable[..., dict[str, NDArray[Any]]]


@pytest.fixture(autouse=True)
def float64() -> Iterator[None]:
    """Jax computes in float32 unless told otherwise; here alone it is told."""
    jax.config.update("jax_enable_x64", val=True)
    yield
    jax.config.update("jax_enable_x64", val=False)


def rnn_loss(arrays: Arrays, da: NDArray[Any]) -> Any:  # noqa: ANN401 - a traced scalar
    """The sum of the hidden states weighted with ``da``, over as many steps as ``da`` has."""
    a, loss = arrays["a0"], 0.0
    for t in range(da.shape[2]):
        a = jnp.tanh(arrays["Wax"] @ arrays["x"][:, :, t] + arrays["Waa"] @ a + arrays["ba"])
        loss += (a * da[:, :, t]).sum()
    return loss


def lstm_loss(arrays: Arrays, da: NDArray[Any]) -> Any:  # noqa: ANN401 - a traced scalar
    """The same for the LSTM."""
    a, c, loss = arrays["a0"], 0.0, 0.0
    for t in range(da.shape[2]):
        stack = jnp.vstack([a, arrays["x"][:, :, t]])
        forget, update, candidate, output = (arrays[f"W{gate}"] @ stack + arrays[f"b{gate}"] for gate in "fico")
        c = jax.nn.sigmoid(forget) * c + jax.nn.sigmoid(update) * jnp.tanh(candidate)
        a = jax.nn.sigmoid(output) * jnp.tanh(c)
        loss += (a * da[:, :, t]).sum()
    return loss


def assert_judged_right(gradients: Arrays, judged: Arrays, steps: int) -> None:
    """Every gradient agrees with jax's to 1e-12 of its largest entry."""
    for name, gradient in gradients.items():
        expected = np.asarray(judged[name.removeprefix("d")])
        expected = expected[:, :, :steps] if name == "dx" else expected
        assert gradient.shape == expected.shape, name
        assert np.max(np.abs(gradient - expected)) <= 1e-12 * np.max(np.abs(expected)), name


@pytest.mark.parametrize("seen", [6, 4])
def test_rnn_agrees_with_jax(rnn_problem: Draw, seen: int) -> None:
    """The RNN's gradients are jax's, with upstream gradients on all steps and on the first four."""
    arrays = rnn_problem(seed=5)
    a, _, caches = rnn_forward(arrays["x"], arrays["a0"], arrays)
    da = np.random.default_rng(6).normal(size=a[:, :, :seen].shape)
    assert_judged_right(rnn_backward(da, caches), jax.grad(rnn_loss)(arrays, da), seen)


@pytest.mark.parametrize("seen", [6, 4])
def test_lstm_agrees_with_jax(lstm_problem: Draw, seen: int) -> None:
    """The LSTM's gradients are jax's, with upstream gradients on all steps and on the first four."""
    arrays = lstm_problem(seed=5)
    a, _, _, caches = lstm_forward(arrays["x"], arrays["a0"], arrays)
    da = np.random.default_rng(6).normal(size=a[:, :, :seen].shape)
    assert_judged_right(lstm_backward(da, caches), jax.grad(lstm_loss)(arrays, da), seen)
