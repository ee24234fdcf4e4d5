"""Parameters go to the layouts of Keras and ONNX and to files, and come back; bad files are refused by name."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file

from whygrad.errors import ContentError, ShapeError, StructureError, UnreadableError, UsageError
from whygrad.recurrent import Activation, Configuration, forward, initial_parameters
from whygrad.recurrent.exchange import (
    from_arrays,
    from_keras,
    from_onnx,
    from_torch,
    load_arrays,
    save_arrays,
    to_arrays,
    to_keras,
    to_onnx,
    to_torch,
)

if TYPE_CHECKING:
    from pathlib import Path

CELLS = ("rnn", "lstm", "gru")
Make = Callable[..., Any]


def same(network: Any, expected: Any) -> None:
    """Both networks have the same arrays."""
    assert len(network) == len(expected)
    for block, right in zip(network, expected, strict=True):
        assert [name for name, _ in block.arrays()] == [name for name, _ in right.arrays()]
        for (name, array), (_, other) in zip(block.arrays(), right.arrays(), strict=True):
            np.testing.assert_array_equal(array, other, err_msg=name)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("biases", [0, 1])
def test_keras_lists_come_back(cell: Any, biases: int, make_problem: Make) -> None:
    """What goes to Keras comes back as it was, and has Keras' shapes."""
    one = make_problem(1, cell=cell, inputs=3, hidden=4, layers=2, direction="bidirectional", biases=biases)
    lists = to_keras(one.configuration, one.parameters)
    gates = {"rnn": 1, "lstm": 4, "gru": 3}[cell]
    assert [array.shape for array in lists[0]] == [(3, 4 * gates), (4, 4 * gates), (4 * gates,)][: 2 + biases]
    same(from_keras(one.configuration, lists), one.parameters)


def sigmoid(z: np.ndarray) -> np.ndarray:
    """The logistic function."""
    return 1 / (1 + np.exp(-z))


def test_keras_lstm_is_ours(make_problem: Make) -> None:
    """Keras' equations with its kernels and its order of gates, i, f, c, o, give our outputs."""
    one = make_problem(2, cell="lstm", inputs=3, hidden=4, steps=3, batch=2)
    ((kernel, recurrent, bias),) = to_keras(one.configuration, one.parameters)
    h, c = one.h0[0], one.c0[0]
    for x, expected in zip(one.x, one.run()[0], strict=True):
        i, f, g, o = np.split(x @ kernel + h @ recurrent + bias, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        np.testing.assert_allclose(h, expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("after", [False, True])
def test_keras_gru_is_ours(make_problem: Make, *, after: bool) -> None:
    """So do those of its GRU, z, r, h, with ``reset_after`` and without."""
    one = make_problem(3, cell="gru", inputs=3, hidden=4, steps=3, batch=2, linear_before_reset=after, biases=2 if after else 1)
    ((kernel, recurrent, bias),) = to_keras(one.configuration, one.parameters)
    bias = bias if after else np.stack([bias, np.zeros_like(bias)])
    h = one.h0[0]
    for x, expected in zip(one.x, one.run()[0], strict=True):
        inputs = np.split(x @ kernel + bias[0], 3, axis=1)
        inner = np.split(h @ recurrent + bias[1], 3, axis=1)
        z, r = sigmoid(inputs[0] + inner[0]), sigmoid(inputs[1] + inner[1])
        candidate = np.tanh(inputs[2] + (r * inner[2] if after else (r * h) @ recurrent[:, 8:]))
        h = z * h + (1 - z) * candidate
        np.testing.assert_allclose(h, expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(
    "fields",
    [
        {"cell": "rnn"},
        {"cell": "lstm"},
        {"cell": "gru"},
        {"cell": "lstm", "peepholes": True},
        {"cell": "lstm", "peepholes": True, "input_forget": True},
    ],
)
def test_onnx_inputs_come_back(fields: dict[str, Any], make_problem: Make) -> None:
    """What goes to ONNX comes back as it was, a second bias of zeros apart."""
    one = make_problem(4, inputs=3, hidden=4, direction="bidirectional", biases=2, **fields)
    arrays = to_onnx(one.configuration, one.parameters)
    options = {"direction": "bidirectional", "input_forget": int(one.configuration.input_forget)}
    configuration, network = from_onnx(one.configuration.cell.upper(), arrays["W"], arrays["R"], arrays["B"], arrays.get("P"), **options)
    assert configuration == one.configuration
    same(network, one.parameters)


def test_onnx_alphas_are_used_up_in_order() -> None:
    """A list of alphas is for those activations that have one, in any case of letters."""
    arrays = np.zeros((1, 12, 2)), np.zeros((1, 12, 3))
    options = {"activations": ["hardsigmoid", "TANH", "LeakyRelu"], "activation_alpha": [0.3, 0.4], "activation_beta": [0.6]}
    configuration, _ = from_onnx("LSTM", *arrays, **options)
    assert configuration.activations == (Activation("HardSigmoid", 0.3, 0.6), Activation("Tanh"), Activation("LeakyRelu", 0.4))


@pytest.mark.parametrize("ending", [".npz", ".safetensors"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_file_gives_the_network_back(ending: str, dtype: str, tmp_path: Path, make_problem: Make) -> None:
    """A network saved and loaded is the same, to the last bit."""
    one = make_problem(5, cell="lstm", inputs=3, hidden=4, layers=2, projection=2, peepholes=True, biases=2, dtype=dtype)
    save_arrays(tmp_path / f"network{ending}", to_arrays(one.parameters))
    same(from_arrays(one.configuration, load_arrays(tmp_path / f"network{ending}")), one.parameters)
    assert [path.name for path in tmp_path.iterdir()] == [f"network{ending}"]


def test_gradients_can_be_saved(tmp_path: Path, make_problem: Make) -> None:
    """Arrays that are parts of larger ones are written with their own content."""
    gradients = to_arrays(make_problem(6, cell="gru", inputs=3, hidden=4).gradients().parameters)
    save_arrays(tmp_path / "g.safetensors", gradients)
    for name, array in load_arrays(tmp_path / "g.safetensors").items():
        np.testing.assert_array_equal(array, gradients[name])


def test_the_safetensors_package_reads_what_we_write_and_we_what_it_writes(tmp_path: Path) -> None:
    """Ours is the format of the package ``safetensors``, empty arrays, scalars and other names included."""
    generator = np.random.default_rng(7)
    arrays = {
        "a": generator.normal(size=(3, 4)),
        "é": generator.normal(size=5).astype("float32"),
        "none": np.zeros((0, 2)),
        "n": np.array(3),
    }
    save_arrays(tmp_path / "ours.safetensors", arrays)
    save_file(arrays, tmp_path / "theirs.safetensors", metadata={"format": "np"})
    for loaded in (load_file(tmp_path / "ours.safetensors"), load_arrays(tmp_path / "theirs.safetensors")):
        assert loaded.keys() == arrays.keys()
        for name, array in arrays.items():
            np.testing.assert_array_equal(loaded[name], array)


def test_a_file_of_objects_is_refused(tmp_path: Path) -> None:
    """An ``.npz`` with a pickle in it is not read."""
    np.savez(tmp_path / "objects.npz", allow_pickle=True, a=np.array([{"any": "object"}], object))
    with pytest.raises(UnreadableError, match=r"objects\.npz holds no arrays that can be read"):
        load_arrays(tmp_path / "objects.npz")


def test_a_file_of_texts_is_refused(tmp_path: Path) -> None:
    """They are arrays, but not of numbers."""
    np.savez(tmp_path / "texts.npz", a=np.ones(2), b=np.array(["x", "y"]))
    with pytest.raises(UnreadableError, match=r"b has dtype <U1, and is no array of numbers$"):
        load_arrays(tmp_path / "texts.npz")


@pytest.mark.parametrize("content", [b"", b"a text\n", b"\x93NUMPY\x01\x00"])
def test_what_is_no_npz_file_is_called_so(content: bytes, tmp_path: Path) -> None:
    """No advice of NumPy's to load it as a pickle is passed on."""
    (tmp_path / "any.npz").write_bytes(content)
    with pytest.raises(UnreadableError, match=r"any\.npz holds no arrays that can be read: it is no npz file$"):
        load_arrays(tmp_path / "any.npz")


@pytest.mark.parametrize("ending", [".npz", ".safetensors"])
@seed(8)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_file_is_refused_or_read(ending: str, data: st.DataObject, tmp_path: Path) -> None:
    """Cut off or with changed bytes a file is refused by name, or read as arrays; nothing else happens."""
    path = tmp_path / f"damaged{ending}"
    save_arrays(path, {"a": np.arange(6.0), "b": np.ones((2, 3), "float32")})
    content = bytearray(path.read_bytes())
    if data.draw(st.booleans()):
        content = content[: data.draw(st.integers(0, len(content)))]
    for _ in range(data.draw(st.integers(0, 4)) if content else 0):
        content[data.draw(st.integers(0, min(len(content), 200) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    try:
        loaded = load_arrays(path)
    except UnreadableError as error:
        assert "damaged" in str(error)  # noqa: PT017 - either outcome is right
    else:
        assert all(isinstance(array, np.ndarray) and array.dtype != object for array in loaded.values())


@pytest.mark.parametrize(
    "header",
    [
        {"a": {"dtype": "F64", "shape": [2], "data_offsets": [0, 800]}},
        {"a": {"dtype": "F64", "shape": [3], "data_offsets": [0, 16]}},
        {"a": {"dtype": "F64", "shape": [-1], "data_offsets": [-16, 0]}},
        {"a": {"dtype": "F64", "shape": [-1], "data_offsets": [0, 16]}},
        {"a": {"dtype": "F64", "shape": [1], "data_offsets": [0, 8]}, "b": {"dtype": "F32", "shape": [1], "data_offsets": [4, 8]}},
        {"a": {"dtype": "BF16", "shape": [1], "data_offsets": [0, 2]}},
        {"a": {"shape": [1]}},
        {"a": 3},
        [1, 2],
    ],
)
def test_a_header_that_lies_is_refused(header: Any, tmp_path: Path) -> None:
    """A header with places outside the file, wrong sizes or anything else gives ``UnreadableError``."""
    text = json.dumps(header).encode()
    (tmp_path / "lies.safetensors").write_bytes(len(text).to_bytes(8, "little") + text + bytes(16))
    with pytest.raises(UnreadableError):
        load_arrays(tmp_path / "lies.safetensors")


def test_wrong_files_and_endings_are_named(tmp_path: Path) -> None:
    """A missing file, another ending and an array of another kind are usage errors that say so."""
    with pytest.raises(UsageError, match=r"absent\.npz cannot be read"):
        load_arrays(tmp_path / "absent.npz")
    with pytest.raises(UsageError, match=r"expected \.npz or \.safetensors"):
        load_arrays(tmp_path / "network.pickle")
    for call in (load_arrays, lambda path: save_arrays(path, {})):
        with pytest.raises(UsageError, match=r"^path: 'a\\x00\.npz' is not a name that a file can have$"):
            call("a\0.npz")
    with pytest.raises(UsageError, match="a has dtype complex128"):
        save_arrays(tmp_path / "a.npz", {"a": np.zeros(1, complex)})


LSTM = Configuration(cell="lstm", inputs=3, hidden=4, biases=2)
GRU = Configuration(cell="gru", inputs=3, hidden=4)


@pytest.mark.parametrize(
    ("call", "kind", "says"),
    [
        (lambda: from_torch(LSTM, {}), StructureError, "weight_ih_l0 is missing"),
        (lambda: to_torch(GRU, ()), ContentError, "linear_before_reset is False, which torch's GRU does not have"),
        (lambda: to_torch(LSTM.replace(projection=LSTM.hidden), ()), ContentError, "torch's LSTM has those below hidden"),
        (lambda: to_torch(LSTM.replace(peepholes=True), ()), ContentError, "peepholes is True"),
        (lambda: to_torch(LSTM.replace(direction="reverse"), ()), ContentError, "direction is 'reverse'"),
        (lambda: to_keras(LSTM, ()), ContentError, "biases is 2, which Keras' LSTM does not have"),
        (lambda: from_keras(GRU, []), StructureError, "0 given, expected 1"),
        (lambda: from_keras(GRU, [[np.zeros(1)]]), StructureError, "1 arrays, expected 3"),
        (lambda: from_keras(GRU, [[np.zeros(1)] * 3]), ShapeError, r"lists\[0\]\[0\] has shape \(1,\), expected \(3, 12\)"),
        (lambda: from_arrays(GRU, {}), StructureError, r"0\.input_weights is missing"),
        (lambda: from_arrays(GRU, {"0.input_weights": np.zeros((12, 3), int)}), ContentError, "expected floating-point numbers"),
        (lambda: from_onnx("Conv", np.zeros(1), np.zeros(1)), ContentError, "expected RNN, LSTM or GRU"),
        (lambda: from_onnx("RNN", np.zeros(1), np.zeros(1)), ShapeError, "W and R have shapes"),
        (lambda: from_onnx("RNN", np.zeros((1, 4, 2)), np.zeros((1, 4, 4)), mode=1), ContentError, "attribute mode is unknown"),
        (
            lambda: from_onnx("RNN", np.zeros((1, 4, 2)), np.zeros((1, 4, 4)), activations=["Sin"]),
            ContentError,
            "activations names 'Sin', expected Relu",
        ),
        (lambda: from_onnx("RNN", np.zeros((1, 5, 2)), np.zeros((1, 4, 4))), ShapeError, r"W has shape \(1, 5, 2\), expected \(1, 4, 2\)"),
        (
            lambda: from_onnx("RNN", np.zeros((1, 4, 2)), np.zeros((1, 4, 4)), hidden_size=5),
            ContentError,
            "attribute hidden_size is 5, expected 4, as R has it",
        ),
        (lambda: from_onnx("RNN", np.zeros((1, 4, 2)), np.zeros((1, 4, 3))), ShapeError, r"R has shape \(1, 4, 3\), expected \(1, 3, 3\)"),
        (
            lambda: from_onnx("RNN", np.zeros((1, 4, 2), "float16"), np.zeros((1, 4, 4))),
            ContentError,
            "W has dtype float16, expected one",
        ),
        (lambda: from_onnx("RNN", np.zeros((1, 4, 0)), np.zeros((1, 4, 4))), ShapeError, "W and R have shapes"),
        (lambda: from_onnx("RNN", np.full((1, 4, 2), np.nan), np.zeros((1, 4, 4))), ContentError, "W holds NaN or an infinity"),
        (
            lambda: from_arrays(GRU.replace(dtype="float32"), {"0.input_weights": np.full((12, 3), 1e300)}),
            ContentError,
            r"0\.input_weights holds NaN or an infinity",
        ),
        (lambda: to_onnx(LSTM.replace(projection=2), ()), ContentError, "projection is 2"),
    ],
)
def test_what_does_not_fit_is_named(call: Callable[[], Any], kind: type[Exception], says: str) -> None:
    """Wrong arrays, and networks that a library does not have, raise an error that says what was expected."""
    with pytest.raises(kind, match=says):
        call()


def test_an_imported_network_runs() -> None:
    """A network from ONNX's arrays runs as it is."""
    configuration, network = from_onnx("GRU", np.ones((1, 9, 2), "float32"), np.ones((1, 9, 3), "float32"), linear_before_reset=1)
    outputs, _, _ = forward(configuration, network, np.ones((4, 2, 2), "float32"))
    assert outputs.shape == (4, 2, 3)
    assert len(initial_parameters(configuration, np.random.default_rng(0))) == 1


@pytest.mark.parametrize("export", [to_torch, to_keras, to_onnx])
def test_another_network_is_not_exported(export: Callable[..., Any]) -> None:
    """A network that is not the configuration's is refused, and not written in part."""
    configuration = LSTM.replace(layers=2, biases=2 if export is to_torch else 1)
    network = initial_parameters(configuration, np.random.default_rng(0))
    export(configuration, network)
    with pytest.raises(StructureError, match="expected a tuple of 2 Parameters"):
        export(configuration, network[:1])
    with pytest.raises(ShapeError, match=r"network\[0\].input_weights has shape"):
        export(configuration, network[::-1])


def test_what_onnx_has_no_place_for_is_named() -> None:
    """A layer that the network has not, an operator that is no text, lists of unequal lengths."""
    network = initial_parameters(LSTM, np.random.default_rng(0))
    for layer in (1, -1):
        with pytest.raises(ContentError, match=f"layer is {layer}, expected"):
            to_onnx(LSTM, network, layer)
    with pytest.raises(ContentError, match="operator is 3, expected RNN, LSTM or GRU"):
        from_onnx(3, np.zeros((1, 4, 1)), np.zeros((1, 4, 1)))  # type: ignore[arg-type]
    with pytest.raises(ShapeError, match="W and R have shapes"):
        from_onnx("LSTM", [[1.0]], [[1.0]])  # type: ignore[arg-type]
    with pytest.raises(ContentError, match=r"0\.input_weights is of type list, expected an array"):
        from_arrays(LSTM, {"0.input_weights": [[1.0], [1.0, 2.0]]})  # type: ignore[dict-item]


@pytest.mark.parametrize("name", ["file", "allow_pickle", "", "a/b", "é"])
@pytest.mark.parametrize("ending", [".npz", ".safetensors"])
def test_any_name_may_be_an_arrays(name: str, ending: str, tmp_path: Path) -> None:
    """Also one that is an argument's name in NumPy."""
    save_arrays(tmp_path / f"a{ending}", {name: np.arange(3.0)})
    np.testing.assert_array_equal(load_arrays(tmp_path / f"a{ending}")[name], np.arange(3.0))


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """So is the one name that safetensors keeps for itself; nothing is left behind."""
    with pytest.raises(UsageError, match="cannot be written: No such file"):
        save_arrays(tmp_path / "nowhere" / "a.npz", {"a": np.zeros(1)})
    (tmp_path / "a.npz").mkdir()
    with pytest.raises(UsageError, match="cannot be written"):
        save_arrays(tmp_path / "a.npz", {"a": np.zeros(1)})
    with pytest.raises(UsageError, match="__metadata__ is no name"):
        save_arrays(tmp_path / "a.safetensors", {"__metadata__": np.zeros(1)})
    assert [path.name for path in tmp_path.iterdir()] == ["a.npz"]
