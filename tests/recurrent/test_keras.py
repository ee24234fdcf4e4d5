"""Keras as a judge: its own layers, with our parameters through the exchange, give our outputs, states and gradients at x."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from whygrad.recurrent import backward
from whygrad.recurrent.exchange import from_keras, to_keras

if TYPE_CHECKING:
    from collections.abc import Callable

WHY = 'keras with torch is not installed: pip install "whygrad[judges]"'
torch = pytest.importorskip("torch", reason=WHY)
os.environ.setdefault("KERAS_BACKEND", "torch")
keras = pytest.importorskip("keras", reason=WHY)

BOUNDS = {"float32": 1e-5, "float64": 1e-10}
LAYERS = {"rnn": keras.layers.SimpleRNN, "lstm": keras.layers.LSTM, "gru": keras.layers.GRU}
BY_TORCH: list[dict[str, Any]] = [
    {"cell": "lstm", "biases": 1},
    {"cell": "lstm", "biases": 1, "direction": "bidirectional"},
    {"cell": "lstm", "biases": 0},
    {"cell": "gru", "biases": 2, "linear_before_reset": True},
    {"cell": "gru", "biases": 2, "linear_before_reset": True, "direction": "bidirectional"},
    {"cell": "gru", "biases": 0, "linear_before_reset": True},
]
BY_KERAS: list[dict[str, Any]] = [
    {"cell": "rnn", "biases": 1},
    {"cell": "rnn", "biases": 0, "direction": "reverse"},
    {"cell": "gru", "biases": 1},
    {"cell": "gru", "biases": 1, "direction": "bidirectional"},
    {"cell": "gru", "biases": 0, "direction": "reverse"},
]
"""What Keras computes with products of its own, which are float32 whatever the layer's dtype is."""

CASES = [{**fields, "dtype": dtype} for dtype in BOUNDS for fields in BY_TORCH] + [{**fields, "dtype": "float32"} for fields in BY_KERAS]


def layers_of(one: Any) -> list[Any]:
    """For each direction Keras' layer with the problem's parameters."""
    configuration = one.configuration
    more = {"reset_after": configuration.linear_before_reset} if configuration.cell == "gru" else {}
    layers = []
    for direction, arrays in enumerate(to_keras(configuration, one.parameters)):
        layer = LAYERS[configuration.cell](
            configuration.hidden,
            use_bias=configuration.biases > 0,
            return_sequences=True,
            return_state=True,
            go_backwards=configuration.backwards(direction),
            dtype=configuration.dtype,
            **more,
        )
        layer.build(one.x.shape)
        layer.set_weights(arrays)
        layers.append(layer)
    return layers


@pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning")  # Keras' own, with torch
@pytest.mark.parametrize("fields", CASES, ids=lambda fields: "-".join(map(str, fields.values())))
def test_keras_agrees(fields: dict[str, Any], make_problem: Callable[..., Any]) -> None:
    """Both ways: our parameters in its layer give our numbers, and its weights come back as ours."""
    one = make_problem(6, inputs=3, hidden=5, steps=6, batch=4, layout="batch-first", **fields)
    outputs, state, tape = one.run()
    gradients = backward(one.d_outputs, None, tape)
    layers, x, hidden = layers_of(one), torch.tensor(one.x, requires_grad=True), one.configuration.hidden
    at_inputs = torch.zeros_like(x)
    for direction, layer in enumerate(layers):
        initial = [torch.from_numpy(states[direction]) for states in (one.h0, one.c0) if states is not None]
        theirs, *final = layer(x, initial_state=initial)
        if one.configuration.backwards(direction):
            theirs = torch.flip(theirs, [1])
        part = slice(direction * hidden, (direction + 1) * hidden)
        expected = [outputs[:, :, part], *(states[direction] for states in (state.hidden, state.cell) if states is not None)]
        for mine, other in zip(expected, [theirs, *final], strict=True):
            np.testing.assert_allclose(mine, other.detach().numpy(), rtol=0, atol=BOUNDS[fields["dtype"]])
        at_inputs += torch.autograd.grad((theirs * torch.from_numpy(one.d_outputs[:, :, part].copy())).sum(), x)[0]
    np.testing.assert_allclose(gradients.inputs, at_inputs.numpy(), rtol=0, atol=BOUNDS[fields["dtype"]])
    back = from_keras(one.configuration, [layer.get_weights() for layer in layers])
    for block, right in zip(back, one.parameters, strict=True):
        for (name, array), (_, other) in zip(block.arrays(), right.arrays(), strict=True):
            np.testing.assert_array_equal(array, other, err_msg=name)
