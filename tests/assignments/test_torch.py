"""torch in float64 as a judge: its own RNN and LSTM with our weights in them give our states and our gradients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from whygrad import lstm_backward, lstm_forward, rnn_backward, rnn_forward

torch = pytest.importorskip("torch", reason='torch is not installed: pip install "whygrad[judges]"')

Arrays = dict[str, NDArray[Any]]
Draw = Callable[..., Arrays]


def _filled(layer: torch.nn.Module, hidden: NDArray[Any], inputs: NDArray[Any], bias: NDArray[Any]) -> torch.nn.Module:
    """The layer with our weights; torch has two biases, the second stays zero."""
    layer = layer.double()
    with torch.no_grad():
        layer.weight_hh_l0.copy_(torch.from_numpy(hidden))
        layer.weight_ih_l0.copy_(torch.from_numpy(inputs))
        layer.bias_ih_l0.copy_(torch.from_numpy(bias[:, 0]))
        layer.bias_hh_l0.zero_()
    return layer


def _run(layer: torch.nn.Module, arrays: Arrays, da: NDArray[Any], *, with_cell_state: bool) -> tuple[NDArray[Any], Arrays]:
    """Torch's hidden states in our layout, and its gradients: dx, da0, and those of the stacked hidden weight, input weight and bias."""
    x = torch.from_numpy(arrays["x"].transpose(2, 1, 0).copy()).requires_grad_()
    a0 = torch.from_numpy(arrays["a0"].T[None].copy()).requires_grad_()
    states, _ = layer(x, (a0, torch.zeros_like(a0)) if with_cell_state else a0)
    (states[: da.shape[2]] * torch.from_numpy(da.transpose(2, 1, 0).copy())).sum().backward()
    gradients = {
        "dx": x.grad.numpy().transpose(2, 1, 0)[:, :, : da.shape[2]],
        "da0": a0.grad.numpy()[0].T,
        "hidden": layer.weight_hh_l0.grad.numpy(),
        "input": layer.weight_ih_l0.grad.numpy(),
        "bias": layer.bias_ih_l0.grad.numpy()[:, None],
    }
    return states.detach().numpy().transpose(2, 1, 0), gradients


def _assert_equal(got: Arrays, expected: Arrays) -> None:
    for name, gradient in expected.items():
        assert got[name].shape == gradient.shape, name
        assert np.max(np.abs(got[name] - gradient)) <= 1e-12 * np.max(np.abs(gradient)), name


@pytest.mark.parametrize("seen", [6, 4])
def test_rnn_agrees_with_torch(rnn_problem: Draw, seen: int) -> None:
    """nn.RNN has the same states and gradients to 1e-12, with upstream gradients on all steps and on the first four."""
    arrays = rnn_problem(seed=3)
    a, _, caches = rnn_forward(arrays["x"], arrays["a0"], arrays)
    da = np.random.default_rng(4).normal(size=a[:, :, :seen].shape)
    states, judged = _run(_filled(torch.nn.RNN(3, 5), arrays["Waa"], arrays["Wax"], arrays["ba"]), arrays, da, with_cell_state=False)
    expected = {"dx": judged["dx"], "da0": judged["da0"], "dWaa": judged["hidden"], "dWax": judged["input"], "dba": judged["bias"]}
    assert np.max(np.abs(a - states)) < 1e-14
    _assert_equal(rnn_backward(da, caches), expected)


@pytest.mark.parametrize("seen", [6, 4])
def test_lstm_agrees_with_torch(lstm_problem: Draw, seen: int) -> None:
    """nn.LSTM, whose gates are stacked i, f, c, o, has the same states and gradients to 1e-12."""
    arrays = lstm_problem(seed=3)
    a, _, _, caches = lstm_forward(arrays["x"], arrays["a0"], arrays)
    da = np.random.default_rng(4).normal(size=a[:, :, :seen].shape)
    weights, bias = (np.vstack([arrays[f"{kind}{gate}"] for gate in "ifco"]) for kind in "Wb")
    states, judged = _run(_filled(torch.nn.LSTM(3, 5), weights[:, :5], weights[:, 5:], bias), arrays, da, with_cell_state=True)
    gradients = lstm_backward(da, caches)
    got = {
        **gradients,
        "weight": np.vstack([gradients[f"dW{gate}"] for gate in "ifco"]),
        "bias": np.vstack([gradients[f"db{gate}"] for gate in "ifco"]),
    }
    expected = {name: judged[name] for name in ("dx", "da0", "bias")} | {"weight": np.hstack([judged["hidden"], judged["input"]])}
    assert np.max(np.abs(a - states)) < 1e-14
    _assert_equal(got, expected)
