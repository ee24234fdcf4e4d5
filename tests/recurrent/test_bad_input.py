"""Every wrong argument raises a named exception that says which one it is and what was expected."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from whygrad.errors import ArgumentError, ContentError, ShapeError, StructureError
from whygrad.recurrent import Activation, Configuration, Parameters, State, backward, forward

Make = Callable[..., Any]
RIGHT: dict[str, Any] = {"cell": "lstm", "inputs": 2, "hidden": 3}


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"cell": "lstn"}, "cell is 'lstn', expected one of rnn, lstm, gru"),
        ({"direction": "backward"}, "direction is 'backward', expected one of forward, reverse, bidirectional"),
        ({"layout": "TBN"}, "layout is 'TBN', expected one of time-first, batch-first, features-first"),
        ({"dtype": "float16"}, "dtype is 'float16', expected one of float32, float64, complex128"),
        ({"dtype": np.float32}, "dtype is <class 'numpy.float32'>, expected one of"),
        ({"inputs": 0}, "inputs is 0, expected a whole number above 0"),
        ({"hidden": 2.0}, r"hidden is 2\.0, expected a whole number above 0"),
        ({"hidden": 10**30}, "expected a whole number above 0, 16777216 at most"),
        ({"clip": 10**400}, "expected None or a finite number above 0"),
        ({"clip": 1e300, "dtype": "float32"}, r"clip is 1e\+300, expected None or a finite number above 0 \(float32\)"),
        (
            {"cell": "rnn", "activations": (Activation("Affine", 1.0, 1e300),), "dtype": "float32"},
            r"activations\[0\]\.beta is 1e\+300, expected a finite number \(float32\)",
        ),
        ({"layers": True}, "layers is True, expected a whole number above 0"),
        ({"biases": 3}, "biases is 3, expected 0, 1 or 2"),
        ({"clip": 0.0}, r"clip is 0\.0, expected None or a finite number above 0"),
        ({"clip": float("nan")}, "clip is nan, expected None or a finite number above 0"),
        ({"dropout": 1.0}, r"dropout is 1\.0, expected a number from 0 to below 1"),
        ({"dropout": 0.5}, r"dropout is 0\.5, expected 0\.0, because only a layer below the last is dropped from and layers is 1"),
        ({"projection": 0}, "projection is 0, expected None or a whole number above 0"),
        ({"peepholes": 1}, "peepholes is 1, expected True or False"),
        ({"cell": "gru", "peepholes": True}, "expected False, because only an LSTM has it and cell is 'gru'"),
        ({"cell": "rnn", "projection": 2}, "expected None, because only an LSTM has it and cell is 'rnn'"),
        ({"linear_before_reset": True}, "only a GRU has it and cell is 'lstm'"),
        ({"activations": (Activation("Tanh"),)}, "a tuple of 0 or 3 Activation records for a forward LSTM"),
        ({"activations": ("Tanh", "Tanh", "Tanh")}, "a tuple of 0 or 3 Activation records"),
        ({"cell": []}, r"cell is \[\], expected one of"),
    ],
)
def test_a_wrong_configuration_says_what_is_wrong(fields: dict[str, Any], says: str) -> None:
    """Each field is checked, alone and against the cell."""
    with pytest.raises(ContentError, match=says):
        Configuration(**RIGHT | fields)


def test_numbers_of_numpy_are_numbers() -> None:
    """A size that was computed with NumPy is that size; the configuration holds Python's numbers."""
    fields: dict[str, Any] = {"inputs": np.int64(2), "hidden": np.int32(3), "layers": 2, "dropout": np.float32(0.5), "checkpoint": np.True_}
    one = Configuration(cell="lstm", **fields)
    assert one == Configuration(cell="lstm", inputs=2, hidden=3, layers=2, dropout=0.5, checkpoint=True)
    assert type(one.hidden) is int
    half: Any = np.float32(0.5)
    assert Activation("Elu", half) == Activation("Elu", 0.5)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("Swish",), "activation is 'Swish', expected one of Relu, Tanh"),
        ((3,), "activation is 3, expected one of"),
        (("Tanh", 1.0), r"alpha is 1\.0, but the activation Tanh has none: expected None"),
        (("Elu", float("inf")), "alpha of the activation Elu is inf, expected a finite number"),
        (("Affine", 1.0, "x"), "beta of the activation Affine is 'x', expected a finite number"),
    ],
)
def test_a_wrong_activation_says_what_is_wrong(arguments: tuple[Any, ...], says: str) -> None:
    """An unknown name, and numbers that do not belong to it, are refused."""
    with pytest.raises(ContentError, match=says):
        Activation(*arguments)


def with_parameter(one: Any, name: str, array: Any) -> tuple[Parameters, ...]:
    """The problem's network with another array in its only record."""
    return (Parameters(**dict(one.parameters[0].arrays()) | {name: array}),)


def nan_in(array: np.ndarray, value: float = np.nan) -> np.ndarray:
    """A copy with one bad entry."""
    bad = array.copy()
    bad[(0,) * bad.ndim] = value
    return bad


FORWARD: list[tuple[Callable[[Any], dict[str, Any]], type[Exception], str]] = [
    (lambda _: {"configuration": 3}, ContentError, "configuration is of type int, expected Configuration"),
    (lambda one: {"x": one.x[0]}, ShapeError, r"x has shape \(3, 2\), expected \(T, B, 2\)"),
    (lambda one: {"x": one.x[:, :, :1]}, ShapeError, r"x has shape \(4, 3, 1\), expected \(T, B, 2\)"),
    (lambda one: {"x": one.x[:0]}, ShapeError, "at least one of each"),
    (lambda one: {"x": one.x.astype("float32")}, ContentError, "x has dtype float32, expected float64"),
    (lambda one: {"x": np.ma.masked_array(one.x)}, ContentError, "x is of type MaskedArray, expected a NumPy array"),
    (lambda one: {"x": one.x.tolist()}, ContentError, "x is of type list, expected a NumPy array"),
    (lambda one: {"x": nan_in(one.x)}, ContentError, "x holds NaN or an infinity"),
    (lambda one: {"h0": one.h0[0]}, ShapeError, r"h0 has shape \(3, 3\), expected \(1, 3, 3\)"),
    (lambda one: {"h0": nan_in(one.h0, np.inf)}, ContentError, "h0 holds NaN or an infinity"),
    (lambda one: {"c0": one.c0.astype(int)}, ContentError, "c0 has dtype int64, expected float64"),
    (lambda _: {"lengths": [4, 4, 4]}, ContentError, "lengths: expected an array of integers, not list"),
    (lambda _: {"lengths": np.ones(3)}, ContentError, "lengths: expected an array of integers, not float64"),
    (lambda _: {"lengths": np.array([1, 2])}, ShapeError, r"lengths has shape \(2,\), expected \(3,\), one for each example"),
    (lambda _: {"lengths": np.array([1, 2, 5])}, ContentError, "lengths goes from 1 to 5, expected 0 to 4, the steps of x"),
    (lambda _: {"lengths": np.array([-1, 2, 4])}, ContentError, "lengths goes from -1 to 4"),
    (lambda _: {"generator": 3}, ContentError, r"generator is of type int, expected Generator or None"),
    (lambda _: {"workspace": 3}, ContentError, "workspace is of type int, expected Workspace or None"),
    (lambda one: {"parameters": list(one.parameters)}, StructureError, "parameters: expected a tuple of 1 Parameters records"),
    (lambda _: {"parameters": ()}, StructureError, "parameters: expected a tuple of 1 Parameters records"),
    (lambda one: {"parameters": with_parameter(one, "bias", None)}, StructureError, r"parameters\[0\]\.bias is missing"),
    (
        lambda one: {"parameters": with_parameter(one, "projection", one.x[0])},
        StructureError,
        r"projection is given, but the configuration has none",
    ),
    (lambda one: {"parameters": with_parameter(one, "bias", np.zeros((12, 1)))}, ShapeError, r"bias has shape \(12, 1\), expected \(12,\)"),
    (
        lambda one: {"parameters": with_parameter(one, "bias", nan_in(one.parameters[0].bias))},
        ContentError,
        r"parameters\[0\]\.bias holds NaN",
    ),
    (
        lambda one: {"parameters": with_parameter(one, "recurrent_weights", np.full((12, 3), -np.inf))},
        ContentError,
        "recurrent_weights holds NaN or an",
    ),
]


@pytest.mark.parametrize(("wrong", "kind", "says"), FORWARD, ids=[says for _, _, says in FORWARD])
def test_forward_says_which_argument_is_wrong(
    wrong: Callable[[Any], dict[str, Any]], kind: type[Exception], says: str, make_problem: Make
) -> None:
    """Each argument of ``forward`` is checked: type, dtype, shape, content."""
    one = make_problem(1, **RIGHT)
    right = {"configuration": one.configuration, "parameters": one.parameters, "x": one.x, "h0": one.h0, "c0": one.c0}
    with pytest.raises(kind, match=says):
        forward(**right | wrong(one))


def test_only_an_lstm_has_a_cell_state(make_problem: Make) -> None:
    """A cell state given to a GRU is refused, forward and backward."""
    one = make_problem(2, cell="gru", inputs=2, hidden=3)
    with pytest.raises(StructureError, match="c0 is given, but only an LSTM has a cell state: expected None"):
        forward(one.configuration, one.parameters, one.x, one.h0, one.h0)
    with pytest.raises(StructureError, match=r"d_final_state\.cell is given"):
        backward(one.d_outputs, State(one.h0, one.h0), one.run()[2])


BACKWARD: list[tuple[Callable[[Any], tuple[Any, Any]], type[Exception], str]] = [
    (lambda one: (one.d_outputs[:2], None), ShapeError, r"d_outputs has shape \(2, 3, 3\), expected \(4, 3, 3\)"),
    (lambda one: (nan_in(one.d_outputs), None), ContentError, "d_outputs holds NaN or an infinity"),
    (lambda one: (one.d_outputs.astype("float32"), None), ContentError, "d_outputs has dtype float32"),
    (lambda one: (None, State(one.h0[0])), ShapeError, r"d_final_state\.hidden has shape \(3, 3\), expected \(1, 3, 3\)"),
    (lambda one: (None, State(one.h0, nan_in(one.c0))), ContentError, r"d_final_state\.cell holds NaN"),
    (lambda one: (None, (one.h0, one.c0)), ContentError, "d_final_state is of type tuple, expected State or None"),
]


@pytest.mark.parametrize(("wrong", "kind", "says"), BACKWARD, ids=[says for _, _, says in BACKWARD])
def test_backward_says_which_argument_is_wrong(
    wrong: Callable[[Any], tuple[Any, Any]], kind: type[Exception], says: str, make_problem: Make
) -> None:
    """Each argument of ``backward`` is checked."""
    one = make_problem(3, **RIGHT)
    with pytest.raises(kind, match=says):
        backward(*wrong(one), one.run()[2])


def test_a_tape_is_a_tape() -> None:
    """Anything else in its place is refused."""
    with pytest.raises(ContentError, match="tape is of type dict, expected Tape"):
        backward(None, None, {})  # type: ignore[arg-type]


def test_large_numbers_are_finite_numbers(make_problem: Make) -> None:
    """Numbers whose squares overflow are not taken for infinite."""
    one = make_problem(4, cell="rnn", inputs=2, hidden=3, dtype="float32")
    x = np.full_like(one.x, 1e30)
    with np.errstate(over="ignore"):
        outputs, _, _ = forward(one.configuration, one.parameters, x)
    assert np.isfinite(outputs).all()


JUNK = st.one_of(
    st.none(),
    st.integers(-2, 3),
    st.floats(),
    st.text(max_size=3),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=1), st.integers(), max_size=1),
    st.builds(np.zeros, st.lists(st.integers(0, 3), max_size=4)),
    st.builds(np.full, st.just((4, 3, 2)), st.sampled_from([np.nan, np.inf, 1.0])),
    st.builds(np.zeros, st.just((4, 3, 2)), st.sampled_from(["float32", "int64", "complex128", "bool", "object", "U1", "datetime64[s]"])),
)


@seed(5)
@settings(max_examples=200, deadline=None)
@given(name=st.sampled_from(["configuration", "parameters", "x", "h0", "c0", "lengths", "generator", "workspace"]), junk=JUNK)
def test_any_junk_is_refused_or_right(name: str, junk: Any, make_problem: Make) -> None:
    """Whatever stands in place of an argument, it is accepted or refused with a text that names the argument."""
    one = make_problem(5, **RIGHT)
    right = {"configuration": one.configuration, "parameters": one.parameters, "x": one.x, "h0": one.h0, "c0": one.c0}
    try:
        forward(**right | {name: junk})
    except ArgumentError as error:
        assert name in str(error)  # noqa: PT017 - either outcome is right


@seed(6)
@settings(max_examples=200, deadline=None)
@given(name=st.sampled_from(sorted(Configuration.__slots__)), junk=JUNK)
def test_any_junk_in_a_configuration_is_refused_or_right(name: str, junk: Any) -> None:
    """The same for each field of a configuration."""
    try:
        Configuration(**RIGHT | {name: junk})
    except ContentError as error:
        assert name in str(error)  # noqa: PT017 - either outcome is right
