"""Wrong arguments are named before anything is computed; these are the sentences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from whygrad import (
    ArgumentError,
    ContentError,
    ShapeError,
    StructureError,
    lstm_backward,
    lstm_cell_backward,
    lstm_cell_forward,
    lstm_forward,
    rnn_backward,
    rnn_cell_backward,
    rnn_cell_forward,
    rnn_forward,
)

Array = NDArray[Any]
Arrays = dict[str, Array]
Draw = Callable[..., Arrays]


def _sentence(error: type[ArgumentError], call: Callable[[], object]) -> str:
    """The text of the error that the call raises, which must be of exactly this kind."""
    with pytest.raises(error) as caught:
        call()
    assert type(caught.value) is error
    assert isinstance(caught.value, ArgumentError | ValueError)
    return str(caught.value)


@pytest.fixture
def rnn(rnn_problem: Draw) -> Arrays:
    """A problem with n_x = 3, n_a = 5, n_y = 2, m = 4 and six steps."""
    return rnn_problem()


@pytest.fixture
def lstm(lstm_problem: Draw) -> Arrays:
    """A problem with n_x = 3, n_a = 5, n_y = 2, m = 4 and six steps."""
    return lstm_problem()


@pytest.fixture
def caches(lstm: Arrays) -> Any:  # noqa: ANN401 - the tests spoil it on purpose
    """What lstm_forward caches for that problem."""
    return lstm_forward(lstm["x"], lstm["a0"], lstm)[-1]


@pytest.mark.parametrize(
    ("name", "shape", "text"),
    [
        ("x", (3, 4), "lstm_forward: x has shape (3, 4), expected (n_x, m, T_x)"),
        ("x", (3, 4, 0), "lstm_forward: x has shape (3, 4, 0), expected (n_x, m, T_x) with T_x at least 1"),
        ("x", (3, 0, 6), "lstm_forward: x has shape (3, 0, 6), expected (n_x, m, T_x) with m at least 1"),
        ("a0", (5, 9), "lstm_forward: a0 has shape (5, 9), expected (n_a, m) = (n_a, 4): m is 4 in x"),
        ("a0", (5, 4, 6), "lstm_forward: a0 has shape (5, 4, 6), expected (n_a, m) = (n_a, 4): m is 4 in x"),
        (
            "Wf",
            (5, 3),
            'lstm_forward: parameters["Wf"] has shape (5, 3), expected (n_a, n_a + n_x) = (5, 8): n_a is 5 in a0, n_x is 3 in x',
        ),
        ("bo", (5,), 'lstm_forward: parameters["bo"] has shape (5,), expected (n_a, 1) = (5, 1): n_a is 5 in a0'),
        ("Wy", (2, 4), 'lstm_forward: parameters["Wy"] has shape (2, 4), expected (n_y, n_a) = (n_y, 5): n_a is 5 in a0'),
        ("by", (3, 1), 'lstm_forward: parameters["by"] has shape (3, 1), expected (n_y, 1) = (2, 1): n_y is 2 in parameters["Wy"]'),
    ],
)
def test_a_wrong_shape_is_named_with_the_expected_one(lstm: Arrays, name: str, shape: tuple[int, ...], text: str) -> None:
    """The sentence says which array, the shape that came, the expected one in the course's names, and where each size is from."""
    lstm[name] = np.zeros(shape)
    assert _sentence(ShapeError, lambda: lstm_forward(lstm["x"], lstm["a0"], lstm)) == text


def test_every_function_checks_its_own_arguments(rnn: Arrays, lstm: Arrays) -> None:
    """Each of the eight names itself and its own argument."""
    xt, a_prev, wrong = rnn["x"][:, :, 0], rnn["a0"], np.zeros((5, 5))
    *_, rnn_cache = rnn_cell_forward(xt, a_prev, rnn)
    *_, rnn_caches = rnn_forward(rnn["x"], rnn["a0"], rnn)
    *_, lstm_cache = lstm_cell_forward(xt, a_prev, a_prev, lstm)
    *_, lstm_caches = lstm_forward(lstm["x"], lstm["a0"], lstm)
    calls: dict[str, Callable[[], object]] = {
        "rnn_cell_forward: a_prev has shape (5, 5), expected (n_a, m) = (n_a, 4): m is 4 in xt": lambda: rnn_cell_forward(xt, wrong, rnn),
        "rnn_forward: a0 has shape (5, 5), expected (n_a, m) = (n_a, 4): m is 4 in x": lambda: rnn_forward(rnn["x"], wrong, rnn),
        "rnn_cell_backward: da_next has shape (5, 5), expected (n_a, m) = (5, 4): n_a is 5 and m is 4 in a_next in cache": (
            lambda: rnn_cell_backward(wrong, rnn_cache)
        ),
        "rnn_backward: da has shape (5, 5), expected (n_a, m, T) = (5, 4, T): n_a is 5 and m is 4 in a_next in caches[0][0]": lambda: (
            rnn_backward(wrong, rnn_caches)
        ),
        "lstm_cell_forward: c_prev has shape (5, 5), expected (n_a, m) = (5, 4): n_a is 5 in a_prev, m is 4 in xt": (
            lambda: lstm_cell_forward(xt, a_prev, wrong, lstm)
        ),
        "lstm_forward: a0 has shape (5, 5), expected (n_a, m) = (n_a, 4): m is 4 in x": lambda: lstm_forward(lstm["x"], wrong, lstm),
        "lstm_cell_backward: dc_next has shape (5, 5), expected (n_a, m) = (5, 4): n_a is 5 and m is 4 in a_next in cache": (
            lambda: lstm_cell_backward(a_prev, wrong, lstm_cache)
        ),
        "lstm_backward: da has shape (5, 5), expected (n_a, m, T) = (5, 4, T): n_a is 5 and m is 4 in a_next in caches[0][0]": lambda: (
            lstm_backward(wrong, lstm_caches)
        ),
    }
    for text, call in calls.items():
        assert _sentence(ShapeError, call) == text


def test_da_with_more_steps_than_the_caches(caches: Any) -> None:  # noqa: ANN401 - see the fixture
    """Seven steps of da have no seventh cache; no step of da is no loss."""
    text = "lstm_backward: da has shape (5, 4, 7), but caches holds 6 steps: T is at most 6"
    assert _sentence(ShapeError, lambda: lstm_backward(np.zeros((5, 4, 7)), caches)) == text
    text = "lstm_backward: da has shape (5, 4, 0), expected (n_a, m, T) with T at least 1"
    assert _sentence(ShapeError, lambda: lstm_backward(np.zeros((5, 4, 0)), caches)) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ([[1.0, 2.0]], "rnn_cell_forward: xt is of type list, expected a NumPy array of shape (n_x, m)"),
        (None, "rnn_cell_forward: xt is None, expected a NumPy array of shape (n_x, m)"),
        (3.5, "rnn_cell_forward: xt is of type float, expected a NumPy array of shape (n_x, m)"),
        (np.array([["1", "2"]]), "rnn_cell_forward: xt has dtype <U1, expected numbers such as float64"),
        (np.array([[1.0, None]]), "rnn_cell_forward: xt has dtype object, expected numbers such as float64"),
        (np.array([["2026-01-01"]], "datetime64[D]"), "rnn_cell_forward: xt has dtype datetime64[D], expected numbers such as float64"),
        (
            np.ma.masked_array([[1.0, 2.0]], [[True, False]]),
            "rnn_cell_forward: xt has a mask, which would be lost; expected an array all of whose numbers count",
        ),
        (np.array([[1.0, np.nan]]), "rnn_cell_forward: the entry [0][1] of xt is nan; expected finite numbers only"),
        (
            np.array([[1.0, np.inf], [np.nan, -np.inf]]),
            "rnn_cell_forward: the entry [0][1] of xt is inf, and 2 more of its entries are not finite; expected finite numbers only",
        ),
    ],
)
def test_what_is_no_array_of_finite_numbers(rnn: Arrays, value: Any, text: str) -> None:  # noqa: ANN401 - anything can come
    """Lists, None, texts, objects, NaN and infinities are named; the first entry that is not finite is pointed at."""
    assert _sentence(ContentError, lambda: rnn_cell_forward(value, rnn["a0"], rnn)) == text


def test_parameters_that_are_missing_or_no_dictionary(rnn: Arrays, lstm: Arrays) -> None:
    """All missing names are listed; a value that is no dictionary is named by its type."""
    text = "rnn_forward: parameters has no Wya, by; expected Wax, Waa, Wya, ba, by"
    few = {name: rnn[name] for name in ("Wax", "Waa", "ba")}
    assert _sentence(StructureError, lambda: rnn_forward(rnn["x"], rnn["a0"], few)) == text
    text = "lstm_forward: parameters is of type list, expected a dictionary with " + LSTM_NAMES
    assert _sentence(StructureError, lambda: lstm_forward(lstm["x"], lstm["a0"], list(lstm))) == text  # pyright: ignore[reportArgumentType]
    text = 'lstm_forward: parameters["Wi"] is None, expected a NumPy array of shape (n_a, n_a + n_x)'
    assert _sentence(ContentError, lambda: lstm_forward(lstm["x"], lstm["a0"], {**lstm, "Wi": None})) == text  # pyright: ignore[reportArgumentType]


LSTM_NAMES = "Wf, bf, Wi, bi, Wc, bc, Wo, bo, Wy, by"
STEP = "(a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)"
PAIR = "(the list of one cache a step, x)"


@pytest.mark.parametrize(
    ("spoil", "text"),
    [
        (lambda steps, _: steps, f"lstm_backward: caches has 6 entries, expected 2: {PAIR}"),
        (lambda steps, x: {"steps": steps, "x": x}, f"lstm_backward: caches is of type dict, expected the tuple {PAIR}"),
        (lambda _, x: (None, x), "lstm_backward: caches[0] is None, expected the list of one cache a step"),
        (lambda _, x: ([], x), "lstm_backward: caches[0] is empty, expected one cache for each step"),
        (lambda steps, x: (steps[:4], x), "lstm_backward: caches[0] holds 4 steps, but x in caches has T_x = 6"),
        (lambda steps, x: ([steps[0][:9], *steps[1:]], x), f"lstm_backward: caches[0][0] has 9 entries, expected 10: {STEP}"),
        (lambda steps, x: ([(steps, x)], x), f"lstm_backward: caches[0][0] has 2 entries, expected 10: {STEP}"),
        (
            lambda steps, x: ([*steps[:2], (*steps[2][:9], {}), *steps[3:]], x),
            f"lstm_backward: parameters in caches[0][2] has no {LSTM_NAMES}; expected {LSTM_NAMES}",
        ),
        (
            lambda steps, x: ([*steps[:5], (*steps[5][:9], None)], x),
            "lstm_backward: parameters in caches[0][5] is None, expected a dictionary with " + LSTM_NAMES,
        ),
    ],
)
def test_caches_of_another_length_or_nesting(caches: Any, spoil: Callable[..., object], text: str) -> None:  # noqa: ANN401 - see the fixture
    """The place in the nesting is named, with what came and what rnn_forward or lstm_forward puts there."""
    assert _sentence(StructureError, lambda: lstm_backward(np.zeros((5, 4, 4)), spoil(*caches))) == text  # pyright: ignore[reportArgumentType]


def test_an_array_in_a_cache_is_named_with_its_step(caches: Any) -> None:  # noqa: ANN401 - see the fixture
    """Shapes and contents inside the caches are checked as well, and the message says in which step."""
    steps, x = caches
    steps[3] = (*steps[3][:4], steps[3][4].T, *steps[3][5:])
    text = "lstm_backward: ft in caches[0][3] has shape (4, 5), expected (n_a, m) = (5, 4): n_a is 5 and m is 4 in a_next in caches[0][0]"
    assert _sentence(ShapeError, lambda: lstm_backward(np.zeros((5, 4, 4)), (steps, x))) == text


def test_the_cache_of_the_other_network(rnn: Arrays, lstm: Arrays) -> None:
    """An RNN's cache handed to the LSTM's backward function, and the other way round, is told by its length."""
    xt, a_prev = rnn["x"][:, :, 0], rnn["a0"]
    *_, rnn_cache = rnn_cell_forward(xt, a_prev, rnn)
    *_, lstm_cache = lstm_cell_forward(xt, a_prev, a_prev, lstm)
    text = f"lstm_cell_backward: cache has 4 entries, expected 10: {STEP}"
    assert _sentence(StructureError, lambda: lstm_cell_backward(a_prev, a_prev, rnn_cache)) == text  # pyright: ignore[reportArgumentType]
    text = "rnn_cell_backward: cache has 10 entries, expected 4: (a_next, a_prev, xt, parameters)"
    assert _sentence(StructureError, lambda: rnn_cell_backward(a_prev, lstm_cache)) == text  # pyright: ignore[reportArgumentType]
