"""torch in float64 as a judge: outputs and every gradient, with its own parameters through the exchange."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from whygrad.recurrent import Activation, State, backward, forward
from whygrad.recurrent.exchange import from_torch, to_torch

if TYPE_CHECKING:
    from collections.abc import Callable

torch = pytest.importorskip("torch", reason='torch is not installed: pip install "whygrad[judges]"')

BOUND = 1e-10
MODULES = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}
CASES = [
    {"cell": cell, "layers": layers, "direction": direction, "biases": biases, "lengths": lengths, "layout": layout}
    for cell, (layers, direction, biases), (lengths, layout) in itertools.product(
        MODULES,
        [(1, "forward", 2), (3, "bidirectional", 2), (2, "forward", 0)],
        [(False, "time-first"), (True, "batch-first")],
    )
]
PROJECTED = [{"cell": "lstm", "projection": 2, "layers": layers, "direction": "bidirectional", "biases": 2} for layers in (1, 2)]
RELU = [{"cell": "rnn", "activations": (Activation("Relu"),), "layers": 2, "biases": 2}]


def module_of(one: Any) -> Any:
    """The module of torch of the same configuration, with the problem's parameters."""
    configuration = one.configuration
    more = {"proj_size": configuration.projection or 0} if configuration.cell == "lstm" else {}
    if configuration.activations:
        more = {"nonlinearity": configuration.activations[0].name.lower()}
    module = MODULES[configuration.cell](
        configuration.inputs,
        configuration.hidden,
        configuration.layers,
        bias=configuration.biases > 0,
        batch_first=configuration.layout == "batch-first",
        bidirectional=configuration.directions > 1,
        **more,
    ).double()
    given = {name: torch.from_numpy(array) for name, array in to_torch(configuration, one.parameters).items()}
    module.load_state_dict(given)
    return module


def judged(one: Any, module: Any) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """What torch says of values and gradients, and what we say, by name; parameters by torch's names."""
    tensors = {name: torch.tensor(array, requires_grad=True) for name, array in one.arrays().items() if name in {"x", "h0", "c0"}}
    states = (tensors["h0"], tensors["c0"]) if one.c0 is not None else tensors["h0"]
    first = one.configuration.layout == "batch-first"
    sequence = tensors["x"]
    if one.lengths is not None:
        lengths = torch.from_numpy(one.lengths)
        sequence = torch.nn.utils.rnn.pack_padded_sequence(sequence, lengths, batch_first=first, enforce_sorted=False)
    outputs, final = module(sequence, states)
    if one.lengths is not None:
        total = one.x.shape[1 if first else 0]
        outputs, _ = torch.nn.utils.rnn.pad_packed_sequence(outputs, batch_first=first, total_length=total)
    finals = dict(zip(("hidden", "cell"), final if one.c0 is not None else (final,), strict=False))
    loss = (outputs * torch.from_numpy(one.d_outputs)).sum()
    for name, state in finals.items():
        loss = loss + (state * torch.from_numpy(getattr(one.d_final, name))).sum()
    loss.backward()
    theirs = {"outputs": outputs, **finals} | {f"at {name}": tensor.grad for name, tensor in tensors.items()}
    theirs |= {f"at {name}": parameter.grad for name, parameter in module.named_parameters()}
    mine, state, tape = one.run()
    gradients = backward(one.d_outputs, one.d_final, tape)
    ours = {"outputs": mine, "hidden": state.hidden, "cell": state.cell, "at x": gradients.inputs}
    ours |= {"at h0": gradients.initial.hidden, "at c0": gradients.initial.cell}
    ours |= {f"at {name}": array for name, array in to_torch(one.configuration, gradients.parameters).items()}
    return {name: tensor.detach().numpy() for name, tensor in theirs.items()}, ours


@pytest.mark.parametrize("fields", CASES + PROJECTED + RELU, ids=lambda fields: "-".join(map(str, fields.values())))
@pytest.mark.parametrize("batch", [3, 9])
def test_values_and_gradients_are_torchs(batch: int, fields: dict[str, Any], make_problem: Callable[..., Any]) -> None:
    """Outputs, final states and all gradients agree with torch: layers, directions, biases, packed lengths, projection, ReLU."""
    fields = fields | ({"linear_before_reset": True} if fields["cell"] == "gru" else {})
    one = make_problem(7, inputs=3, hidden=4, steps=5, batch=batch, **fields)
    if one.lengths is not None:
        np.maximum(one.lengths, 1, out=one.lengths)  # torch packs no empty sequence
    theirs, ours = judged(one, module_of(one))
    assert len(theirs) >= 5
    for name, array in theirs.items():
        np.testing.assert_allclose(ours[name], array, rtol=BOUND, atol=BOUND, err_msg=name)


@pytest.mark.parametrize("cell", MODULES)
def test_parameters_come_back_from_torch(cell: str, make_problem: Callable[..., Any]) -> None:
    """A module's ``state_dict`` gives the network it was made of, and so the same outputs."""
    gru = {"linear_before_reset": True} if cell == "gru" else {}
    one = make_problem(8, cell=cell, inputs=3, hidden=4, layers=2, direction="bidirectional", biases=2, **gru)
    state = {name: tensor.numpy() for name, tensor in module_of(one).state_dict().items()}
    network = from_torch(one.configuration, state)
    for block, expected in zip(network, one.parameters, strict=True):
        for (name, array), (_, right) in zip(block.arrays(), expected.arrays(), strict=True):
            np.testing.assert_array_equal(array, right, err_msg=name)


def test_torchs_two_biases_add_up_to_one(make_problem: Callable[..., Any]) -> None:
    """A network with one bias takes torch's two as their sum."""
    one = make_problem(9, cell="lstm", inputs=3, hidden=4, biases=2)
    single = one.configuration.replace(biases=1)
    network = from_torch(single, to_torch(one.configuration, one.parameters))
    outputs, _, _ = forward(single, network, one.x, one.h0, one.c0)
    np.testing.assert_allclose(outputs, one.run()[0], rtol=1e-13)
    assert isinstance(one.d_final, State)
