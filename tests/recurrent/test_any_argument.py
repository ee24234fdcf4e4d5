"""Every public function of the engine, every argument: anything else in its place is refused by a text that names it, or is right."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from whygrad.errors import ContentError, UnreadableError, WhygradError
from whygrad.recurrent import (
    Activation,
    Configuration,
    Parameters,
    State,
    Workspace,
    backward,
    exchange,
    forward,
    initial_parameters,
    zero_parameters,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CELLS = ("rnn", "lstm", "gru")
CALLED = {"weights": "W", "recurrence": "R", "biases": "B", "peepholes": "P", "name": "activation"}
ATTRIBUTES = ("layout", "activations", "activation_alpha", "activation_beta", "direction", "clip", "input_forget", "linear_before_reset")

JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 4),
    st.just(10**400),
    st.floats(),
    st.text(max_size=3),
    st.binary(max_size=2),
    st.complex_numbers(),
    st.recursive(st.integers() | st.text(max_size=2), lambda one: st.lists(one, max_size=3) | st.tuples(one), max_leaves=4),
    st.dictionaries(st.text(max_size=2) | st.integers(), st.integers() | st.builds(np.zeros, st.integers(0, 3)), max_size=2),
    st.builds(np.zeros, st.lists(st.integers(0, 3), max_size=4)),
    st.builds(np.zeros, st.just((4, 3, 2)), st.sampled_from(["float32", "int64", "complex128", "bool", "object", "U1", "datetime64[s]"])),
    st.sampled_from([Configuration, object(), Workspace(), State(None), State(3, 3), (Parameters(3, 4),), np.random.default_rng(0)]),
)


def calls(cell: Any, folder: Path) -> dict[str, tuple[Callable[..., Any], dict[str, Any]]]:
    """Each function with right arguments by name."""
    two = 2 if cell == "gru" else 1
    configuration = Configuration(cell=cell, inputs=2, hidden=3, biases=two, linear_before_reset=cell == "gru")
    generator = np.random.default_rng(0)
    network, x = initial_parameters(configuration, generator), generator.normal(size=(4, 2, 2))
    outputs, _, tape = forward(configuration, network, x)
    onnx, path = exchange.to_onnx(configuration, network), folder / f"{cell}.npz"
    exchange.save_arrays(path, {"a": np.zeros(3)})
    attributes = dict(zip(ATTRIBUTES, (0, (), (), (), "forward", None, 0, 0), strict=True))
    both = {"configuration": configuration, "network": network}
    optional = dict.fromkeys(("h0", "c0", "lengths", "generator", "workspace"))
    return {
        "initial_parameters": (initial_parameters, {"configuration": configuration, "generator": generator}),
        "zero_parameters": (zero_parameters, {"configuration": configuration}),
        "forward": (forward, {"configuration": configuration, "parameters": network, "x": x, **optional}),
        "backward": (backward, {"d_outputs": outputs.copy(), "d_final_state": None, "tape": tape}),
        "values": (tape.values, {"layer": 0, "direction": 0}),
        "Activation": (Activation, {"name": "Affine", "alpha": 1.0, "beta": 2.0}),
        "to_torch": (exchange.to_torch, both),
        "from_torch": (exchange.from_torch, {"configuration": configuration, "arrays": exchange.to_torch(configuration, network)}),
        "to_keras": (exchange.to_keras, both),
        "from_keras": (exchange.from_keras, {"configuration": configuration, "lists": exchange.to_keras(configuration, network)}),
        "to_onnx": (exchange.to_onnx, both | {"layer": 0}),
        "from_onnx": (
            exchange.from_onnx,
            {"operator": cell.upper(), "weights": onnx["W"], "recurrence": onnx["R"], "biases": onnx["B"], "peepholes": None, **attributes},
        ),
        "to_arrays": (exchange.to_arrays, {"network": network}),
        "from_arrays": (exchange.from_arrays, {"configuration": configuration, "arrays": exchange.to_arrays(network)}),
        "save_arrays": (exchange.save_arrays, {"path": path, "arrays": {"a": np.zeros(3)}}),
        "load_arrays": (exchange.load_arrays, {"path": path}),
    }


def test_every_function_is_here(tmp_path: Path) -> None:
    """What the room and its exchange offer, and right arguments are right."""
    functions = calls("lstm", tmp_path)
    assert set(exchange.__all__) <= functions.keys()
    for function, arguments in functions.values():
        function(**arguments)


@pytest.mark.parametrize("cell", CELLS)
@seed(7)
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_argument_is_refused_by_name_or_right(cell: str, data: st.DataObject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No other exception than ours comes out, and its text says which argument it is."""
    monkeypatch.chdir(tmp_path)
    functions = calls(cell, tmp_path)
    function, arguments = functions[data.draw(st.sampled_from(sorted(functions)))]
    name, junk = data.draw(st.sampled_from(sorted(arguments))), data.draw(JUNK)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # numbers of odd size, by NumPy
            function(**arguments | {name: junk})
    except WhygradError as error:
        says = str(error)
        assert name in says or CALLED.get(name, name) in says or name in {"arrays", "network"}


def test_texts() -> None:
    """The texts of some of them."""
    configuration = Configuration(cell="lstm", inputs=2, hidden=3)
    wrong: list[tuple[Callable[[], Any], str]] = [
        (lambda: initial_parameters(3, np.random.default_rng(0)), "configuration is of type int, expected Configuration"),  # type: ignore[arg-type]
        (lambda: initial_parameters(configuration, 3), "generator is of type int, expected Generator"),  # type: ignore[arg-type]
        (lambda: exchange.from_torch(configuration, 3), "arrays is of type int, expected a mapping from names to arrays"),  # type: ignore[arg-type]
        (lambda: exchange.from_keras(configuration, 3), "lists is of type int, expected a list of lists of arrays"),  # type: ignore[arg-type]
        (lambda: exchange.load_arrays(3), "path is of type int, expected str or Path"),  # type: ignore[arg-type]
        (
            lambda: exchange.from_onnx("LSTM", np.zeros((1, 12, 2)), np.zeros((1, 12, 3)), layout=[]),
            r"attribute layout is \[\], expected 0 or 1",
        ),
    ]
    for call, says in wrong:
        with pytest.raises(ContentError, match=says):
            call()


def test_a_dtype_that_numpy_lacks_is_named(tmp_path: Path) -> None:
    """A file of bfloat16 says so, and what is read."""
    header = b'{"a":{"dtype":"BF16","shape":[1],"data_offsets":[0,2]}}'
    path = tmp_path / "half.safetensors"
    path.write_bytes(len(header).to_bytes(8, "little") + header + b"\0\0")
    with pytest.raises(UnreadableError, match="a has dtype BF16, expected one of F32, F64, I64, I32"):
        exchange.load_arrays(path)
