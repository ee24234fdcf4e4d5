"""autograd as a judge: the equations written out gate by gate in plain NumPy, batch first, and differentiated by somebody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad

if TYPE_CHECKING:
    from collections.abc import Callable

Arrays = dict[str, Any]
BOUND = 1e-10


def sigmoid(z: Any) -> Any:
    """The logistic function."""
    return 1 / (1 + anp.exp(-z))


def products(configuration: Any, block: Arrays) -> Callable[[str, Any, Any], Any]:
    """W x, U h and b of each gate by name, and for a GRU the recurrent bias apart."""
    hidden = configuration.hidden

    def of(gate: str, x: Any, h: Any) -> Any:
        rows = slice(configuration.gates.index(gate) * hidden, (configuration.gates.index(gate) + 1) * hidden)
        inputs = x @ block["input_weights"][rows].T + block["bias"][rows]
        return inputs, h @ block["recurrent_weights"][rows].T + block["recurrent_bias"][rows]

    return of


def lstm_step(configuration: Any, block: Arrays, x: Any, h: Any, c: Any) -> tuple[Any, Any]:
    """One step of an LSTM with peepholes, coupling, clipping and projection."""
    product = products(configuration, block)
    bound = configuration.clip or np.inf
    seen = {gate: block["peepholes"][row] for row, gate in enumerate(configuration.peephole_gates)}

    def before(gate: str, cell: Any) -> Any:
        return anp.clip(sum(product(gate, x, h)) + (seen[gate] * cell if gate in seen else 0), -bound, bound)

    i, g = sigmoid(before("i", c)), anp.tanh(before("g", c))
    f = 1 - i if configuration.input_forget else sigmoid(before("f", c))
    c = f * c + i * g
    h = sigmoid(before("o", c)) * anp.tanh(c)
    return (h @ block["projection"].T if configuration.projection else h), c


def gru_step(configuration: Any, block: Arrays, x: Any, h: Any, c: Any) -> tuple[Any, Any]:
    """One step of a GRU, in either variant."""
    product = products(configuration, block)
    z, r = sigmoid(sum(product("z", x, h))), sigmoid(sum(product("r", x, h)))
    inputs, recurrent = product("n", x, h if configuration.linear_before_reset else r * h)
    n = anp.tanh(inputs + (r * recurrent if configuration.linear_before_reset else recurrent))
    return (1 - z) * n + z * h, c


def rnn_step(configuration: Any, block: Arrays, x: Any, h: Any, c: Any) -> tuple[Any, Any]:
    """One step of a simple network."""
    return anp.tanh(sum(products(configuration, block)("h", x, h))), c


STEPS = {"lstm": lstm_step, "gru": gru_step, "rnn": rnn_step}
CASES = [
    {"cell": "rnn"},
    {"cell": "gru"},
    {"cell": "gru", "linear_before_reset": True},
    {"cell": "lstm"},
    {"cell": "lstm", "peepholes": True},
    {"cell": "lstm", "input_forget": True},
    {"cell": "lstm", "clip": 0.4},
    {"cell": "lstm", "peepholes": True, "input_forget": True, "clip": 0.4, "projection": 2},
]


@pytest.mark.parametrize("fields", CASES, ids=lambda fields: "-".join(map(str, fields.values())))
def test_values_and_gradients_are_autograds(fields: dict[str, Any], make_problem: Callable[..., Any]) -> None:
    """Outputs and all gradients agree with the naive equations and autograd's derivative of them."""
    one = make_problem(11, inputs=3, hidden=4, steps=4, batch=2, biases=2, **fields)

    def run(arrays: Arrays) -> tuple[Any, Any, Any]:
        block = {name.removeprefix("0."): array for name, array in arrays.items()}
        h, c = block["h0"][0], block["c0"][0] if "c0" in block else None
        outputs = []
        for x in block["x"]:
            h, c = STEPS[one.configuration.cell](one.configuration, block, x, h, c)
            outputs.append(h)
        return anp.stack(outputs), h, c

    def loss(arrays: Arrays) -> Any:
        outputs, h, c = run(arrays)
        total = anp.sum(outputs * one.d_outputs) + anp.sum(h * one.d_final.hidden[0])
        return total if c is None else total + anp.sum(c * one.d_final.cell[0])

    np.testing.assert_allclose(one.run()[0], run(one.arrays())[0], rtol=BOUND, atol=BOUND)
    gradients = one.gradients()
    ours = {"x": gradients.inputs, "h0": gradients.initial.hidden, "c0": gradients.initial.cell}
    ours |= {f"0.{name}": array for name, array in gradients.parameters[0].arrays()}
    for name, gradient in grad(loss)(one.arrays()).items():
        np.testing.assert_allclose(ours[name], gradient, rtol=BOUND, atol=BOUND, err_msg=name)
