"""ONNX's own cases for LSTM, GRU and RNN, which its backends are tested with; and its evaluator, as a judge of what torch has not."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import ModelProto, TensorProto, helper
from onnx.backend.test.case import node as cases
from onnx.reference import ReferenceEvaluator

from whygrad.recurrent import forward
from whygrad.recurrent.exchange import from_onnx

GATES = {"LSTM": 4, "GRU": 3, "RNN": 1}
OPERATORS = tuple(GATES)


def collected() -> list[Any]:
    """The cases of the three operators; importing their modules makes them, the other 150 modules are left alone."""
    for operator in OPERATORS:
        importlib.import_module(f"{cases.__name__}.{operator.lower()}")
    return [case for case in cases._NodeTestCases if case.model.graph.node[0].op_type in OPERATORS]  # noqa: SLF001 - else all are imported


CASES = collected()


def attributes(model: ModelProto) -> dict[str, Any]:
    """The node's attributes, text as ``str``."""
    values = {attribute.name: helper.get_attribute_value(attribute) for attribute in model.graph.node[0].attribute}
    return {name: value.decode() if isinstance(value, bytes) else value for name, value in values.items()}


def run(model: ModelProto, inputs: tuple[np.ndarray, ...]) -> dict[str, np.ndarray]:
    """The node's outputs Y, Y_h, Y_c."""
    node = model.graph.node[0]
    names = [name for name in node.input if name]
    known = dict(zip(names, inputs, strict=True))
    options = attributes(model)
    configuration, network = from_onnx(node.op_type, known["W"], known["R"], known.get("B"), known.get("P"), **options)
    batchwise = configuration.layout == "batch-first"
    states = [known.get(name) for name in ("initial_h", "initial_c")]
    states = [state.swapaxes(0, 1) if batchwise and state is not None else state for state in states]
    outputs, final, _ = forward(configuration, network, known["X"], *states, known.get("sequence_lens"))
    split = outputs.reshape(*outputs.shape[:2], configuration.directions, configuration.hidden)
    finals = {"Y_h": final.hidden, "Y_c": final.cell}
    finals = {name: state.swapaxes(0, 1) if batchwise else state for name, state in finals.items() if state is not None}
    return {"Y": split if batchwise else split.transpose(0, 2, 1, 3), **finals}


def test_all_cases_are_here() -> None:
    """The package has at least 18 cases, six for each operator."""
    assert len(CASES) >= 18
    assert {case.model.graph.node[0].op_type for case in CASES} == set(OPERATORS)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_case_gives_what_onnx_expects(case: Any) -> None:
    """Every output that the case names is within its own tolerance."""
    names = [name for name in case.model.graph.node[0].output if name]
    for inputs, outputs in case.data_sets:
        results = run(case.model, inputs)
        for name, expected in zip(names, outputs, strict=True):
            assert results[name].shape == expected.shape
            assert results[name].dtype == expected.dtype
            np.testing.assert_allclose(results[name], expected, rtol=case.rtol, atol=case.atol)


def model_of(operator: str, inputs: dict[str, np.ndarray], **attributes: str | int) -> ModelProto:
    """A model of one node with these inputs; those of the operator that are not among them are left out."""
    order = ["X", "W", "R", "B", "sequence_lens", "initial_h", "initial_c", "P"]
    names = [name if name in inputs else "" for name in order[: 8 if operator == "LSTM" else 6]]
    outputs = ["Y", "Y_h", "Y_c"] if operator == "LSTM" else ["Y", "Y_h"]
    node = helper.make_node(operator, names, outputs, **attributes)
    given_ = [helper.make_tensor_value_info(name, TensorProto.DOUBLE, list(inputs[name].shape)) for name in names if name]
    found = [helper.make_tensor_value_info(name, TensorProto.DOUBLE, None) for name in outputs]
    return helper.make_model(helper.make_graph([node], operator, given_, found))


@pytest.mark.parametrize("operator", GATES)
@given(
    direction=st.sampled_from(["forward", "reverse", "bidirectional"]),
    sizes=st.tuples(*[st.integers(1, 4)] * 4),
    layout=st.sampled_from([0, 1]),
    further=st.booleans(),
    seed=st.integers(0, 2**32 - 1),
)
def test_outputs_and_final_states_are_those_of_the_evaluator(
    operator: str, direction: str, sizes: tuple[int, int, int, int], layout: int, seed: int, *, further: bool
) -> None:
    """In every direction and both layouts; an LSTM with and without peepholes, a GRU that resets before or after its product."""
    steps, batch, width, hidden = sizes
    directions, rows = 1 + (direction == "bidirectional"), GATES[operator] * hidden
    draw = np.random.default_rng(seed).standard_normal
    states = draw((batch, directions, hidden)) if layout else draw((directions, batch, hidden))
    inputs = {
        "X": draw((batch, steps, width) if layout else (steps, batch, width)),
        "W": draw((directions, rows, width)),
        "R": draw((directions, rows, hidden)),
        "B": draw((directions, 2 * rows)),
        "initial_h": states,
    }
    attributes: dict[str, str | int] = {"hidden_size": hidden, "direction": direction, "layout": layout}
    if operator == "LSTM":
        inputs["initial_c"] = draw(states.shape)
        if further:
            inputs["P"] = draw((directions, 3 * hidden))
    if operator == "GRU":
        attributes["linear_before_reset"] = int(further)
    model = model_of(operator, inputs, **attributes)
    names = [name for name in model.graph.node[0].input if name]
    found = run(model, tuple(inputs[name] for name in names))
    for name, expected in zip(model.graph.node[0].output, ReferenceEvaluator(model).run(None, inputs), strict=True):
        np.testing.assert_allclose(found[name], expected, rtol=1e-10, atol=1e-10)
