"""ONNX's reference evaluator as a judge of what torch lacks: peepholes, the GRU with the reset gate before the product, "reverse"."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

from whygrad.recurrent import forward
from whygrad.recurrent.exchange import from_onnx

GATES = {"RNN": 1, "LSTM": 4, "GRU": 3}
TOLERANCE = {"float32": 2e-5, "float64": 1e-11}


@st.composite
def operators(draw: st.DrawFn) -> tuple[str, dict[str, Any], dict[str, np.ndarray]]:
    """An operator, its attributes and its inputs, as far as the evaluator knows them: it has no clipping, coupling or lengths."""
    operator, dtype = draw(st.sampled_from(sorted(GATES))), draw(st.sampled_from(sorted(TOLERANCE)))
    direction = draw(st.sampled_from(["forward", "reverse", "bidirectional"]))
    directions, gates = 1 + (direction == "bidirectional"), GATES[operator]
    n, hidden, steps, batch = (draw(st.integers(1, most)) for most in (4, 5, 6, 9))
    attributes: dict[str, Any] = {"hidden_size": hidden, "direction": direction}
    if operator == "RNN":
        attributes["activations"] = ["Tanh"] * directions
    if operator == "GRU":
        attributes["linear_before_reset"] = draw(st.integers(0, 1))
    shapes = {"X": (steps, batch, n), "W": (directions, gates * hidden, n), "R": (directions, gates * hidden, hidden)}
    shapes["B"] = (directions, 2 * gates * hidden)
    shapes["initial_h"] = (directions, batch, hidden)
    if operator == "LSTM":
        shapes["initial_c"] = (directions, batch, hidden)
        if draw(st.booleans()):
            shapes["P"] = (directions, 3 * hidden)
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return operator, attributes, {name: generator.normal(size=shape).astype(dtype) for name, shape in shapes.items()}


def evaluated(operator: str, attributes: dict[str, Any], arrays: dict[str, np.ndarray]) -> list[np.ndarray]:
    """Y, Y_h and, of an LSTM, Y_c, as the evaluator has them."""
    order = ["X", "W", "R", "B", "sequence_lens", "initial_h", "initial_c", "P"]
    last = max(order.index(name) for name in arrays)
    names = [name if name in arrays else "" for name in order[: last + 1]]
    results = ["Y", "Y_h", "Y_c"][: 3 if operator == "LSTM" else 2]
    kind = TensorProto.DOUBLE if arrays["X"].dtype == np.float64 else TensorProto.FLOAT
    graph = helper.make_graph(
        [helper.make_node(operator, names, results, **attributes)],
        "one",
        [helper.make_tensor_value_info(name, kind, array.shape) for name, array in arrays.items()],
        [helper.make_tensor_value_info(name, kind, None) for name in results],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 22)])
    return ReferenceEvaluator(model).run(None, arrays)


def engines(operator: str, attributes: dict[str, Any], arrays: dict[str, np.ndarray]) -> list[np.ndarray]:
    """The same of the engine."""
    configuration, network = from_onnx(operator, arrays["W"], arrays["R"], arrays["B"], arrays.get("P"), **attributes)
    outputs, final, _ = forward(configuration, network, arrays["X"], arrays["initial_h"], arrays.get("initial_c"))
    split = outputs.reshape(*outputs.shape[:2], configuration.directions, configuration.hidden).transpose(0, 2, 1, 3)
    return [split, *(state for state in (final.hidden, final.cell) if state is not None)]


@seed(9)
@settings(max_examples=150, deadline=None)
@given(drawn=operators())
def test_outputs_are_the_evaluators(drawn: tuple[str, dict[str, Any], dict[str, np.ndarray]]) -> None:
    """Outputs and final states agree, to the rounding of the dtype."""
    tolerance = TOLERANCE[str(drawn[2]["X"].dtype)]
    for ours, theirs in zip(engines(*drawn), evaluated(*drawn), strict=True):
        assert ours.shape == theirs.shape
        np.testing.assert_allclose(ours, theirs, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("name", ["W", "R", "B", "P", "initial_h", "initial_c"])
def test_the_evaluator_sees_every_input(name: str) -> None:
    """The judge can fail: another value of any input gives other outputs."""
    generator, size = np.random.default_rng(4), 3
    shapes = {"X": (2, 2, 2), "W": (1, 4 * size, 2), "R": (1, 4 * size, size), "B": (1, 8 * size)}
    shapes |= {"P": (1, 3 * size), "initial_h": (1, 2, size), "initial_c": (1, 2, size)}
    arrays = {key: generator.normal(size=shape) for key, shape in shapes.items()}
    theirs = evaluated("LSTM", {"hidden_size": size}, arrays)
    ours = engines("LSTM", {"hidden_size": size}, arrays | {name: arrays[name] + 0.1})
    assert np.abs(ours[0] - theirs[0]).max() > 1e-4
