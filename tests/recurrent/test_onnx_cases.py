"""ONNX's own cases for LSTM, GRU and RNN: what its backends are tested with."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np
import pytest
from onnx import ModelProto, helper
from onnx.backend.test.case import node as cases

from whygrad.recurrent import forward
from whygrad.recurrent.exchange import from_onnx

OPERATORS = ("LSTM", "GRU", "RNN")


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
    given = dict(zip(names, inputs, strict=True))
    options = attributes(model)
    configuration, network = from_onnx(node.op_type, given["W"], given["R"], given.get("B"), given.get("P"), **options)
    batchwise = configuration.layout == "batch-first"
    states = [given.get(name) for name in ("initial_h", "initial_c")]
    states = [state.swapaxes(0, 1) if batchwise and state is not None else state for state in states]
    outputs, final, _ = forward(configuration, network, given["X"], *states, given.get("sequence_lens"))
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
