"""What the eight functions promise besides being right: the course's shapes and tuples, dtypes, and that nothing is changed in place."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import whygrad

Array = NDArray[Any]
Arrays = dict[str, Array]
Draw = Callable[..., Arrays]

RNN = ("Wax", "Waa", "Wya", "ba", "by")
LSTM = ("Wf", "bf", "Wi", "bi", "Wc", "bc", "Wo", "bo", "Wy", "by")
HIDDEN, INPUT, OUTPUT = (5, 4), (3, 4), (2, 4)  # of the default sizes n_x = 3, n_a = 5, n_y = 2, m = 4 and six steps


class Run:
    """All eight functions on one problem: their arguments, and what they return, by function."""

    def __init__(self, rnn: Arrays, lstm: Arrays, dtype: type = np.float64) -> None:
        """The arrays of both problems are cast to ``dtype`` first."""
        rng = np.random.default_rng(1)
        da_next, dc_next = rng.normal(size=(2, *HIDDEN)).astype(dtype)
        da = rng.normal(size=(*HIDDEN, 4)).astype(dtype)
        rnn, lstm = ({name: array.astype(dtype) for name, array in arrays.items()} for arrays in (rnn, lstm))
        rnn_parameters = {name: rnn[name] for name in RNN}
        lstm_parameters = {name: lstm[name] for name in LSTM}
        self.arguments: dict[str, tuple[Any, ...]] = {}
        self.returned: dict[str, Any] = {}
        *_, cache = self._call("rnn_cell_forward", rnn["x"][:, :, 0], rnn["a0"], rnn_parameters)
        self._call("rnn_cell_backward", da_next, cache)
        *_, caches = self._call("rnn_forward", rnn["x"], rnn["a0"], rnn_parameters)
        self._call("rnn_backward", da, caches)
        *_, cache = self._call("lstm_cell_forward", lstm["x"][:, :, 0], lstm["a0"], dc_next, lstm_parameters)
        self._call("lstm_cell_backward", da_next, dc_next, cache)
        *_, caches = self._call("lstm_forward", lstm["x"], lstm["a0"], lstm_parameters)
        self._call("lstm_backward", da, caches)

    def _call(self, name: str, *arguments: object) -> Any:  # noqa: ANN401 - each function returns something else
        self.arguments[name] = arguments
        self.returned[name] = getattr(whygrad, name)(*arguments)
        return self.returned[name]


FUNCTIONS = tuple(name for name in whygrad.__all__ if name.startswith(("rnn", "lstm")))


@pytest.fixture
def run(rnn_problem: Draw, lstm_problem: Draw) -> Run:
    """Every function called once in float64."""
    return Run(rnn_problem(), lstm_problem())


def _arrays(value: object) -> list[Array]:
    """Every array in nested tuples, lists and dictionaries."""
    if isinstance(value, np.ndarray):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, tuple | list) else ()
    return [array for part in parts for array in _arrays(part)]


def test_there_are_eight_functions() -> None:
    """The public names hold exactly the assignment's eight functions, each with a docstring that states its shapes and errors."""
    assert len(FUNCTIONS) == 8
    for name in FUNCTIONS:
        text = getattr(whygrad, name).__doc__
        assert all(part in text for part in ("Args:", "Returns:", "Raises:", "Source:", "(n_a, m")), name


def test_forward_functions_return_the_courses_tuples(run: Run) -> None:
    """Order, number and shape of what the forward functions return, and of their caches, are the course's."""
    a_next, yt_pred, cache = run.returned["rnn_cell_forward"]
    assert (a_next.shape, yt_pred.shape) == (HIDDEN, OUTPUT)
    assert isinstance(cache, tuple)
    assert cache[0] is a_next
    assert [part.shape for part in cache[:3]] == [HIDDEN, HIDDEN, INPUT]
    assert tuple(cache[3]) == RNN

    a_next, c_next, yt_pred, cache = run.returned["lstm_cell_forward"]
    assert (a_next.shape, c_next.shape, yt_pred.shape) == (HIDDEN, HIDDEN, OUTPUT)
    assert isinstance(cache, tuple)
    assert cache[0] is a_next
    assert cache[1] is c_next
    assert [part.shape for part in cache[:9]] == [HIDDEN] * 8 + [INPUT]
    assert tuple(cache[9]) == LSTM

    for name, states, entries in (("rnn_forward", 1, 4), ("lstm_forward", 2, 10)):
        *_, caches = run.returned[name]
        assert isinstance(caches, tuple)
        assert isinstance(caches[0], list)
        assert [len(step) for step in caches[0]] == [entries] * 6
        assert caches[1] is run.arguments[name][0]
        assert sum(array.shape == (*HIDDEN, 6) for array in run.returned[name][:-1]) == states
        assert run.returned[name][1].shape == (*OUTPUT, 6)


def test_the_cell_states_are_chained(run: Run) -> None:
    """Each step's cache starts from the states that the step before returned; the first from a0 and zeros; predictions sum to one."""
    a, y, c, (steps, _) = run.returned["lstm_forward"]
    for t, (a_next, c_next, a_prev, c_prev, *_) in enumerate(steps):
        assert np.array_equal(a_next, a[:, :, t])
        assert np.array_equal(c_next, c[:, :, t])
        assert np.array_equal(a_prev, a[:, :, t - 1] if t else run.arguments["lstm_forward"][1])
        assert np.array_equal(c_prev, c[:, :, t - 1] if t else np.zeros(HIDDEN))
    assert np.allclose(np.sum(y, axis=0), 1)


def test_gradients_have_the_courses_keys_and_shapes(run: Run) -> None:
    """Keys in the course's order, every gradient of its quantity's shape, dx with as many steps as da."""
    rnn = {"dWax": (5, 3), "dWaa": (5, 5), "dba": (5, 1)}
    lstm = {name: shape for gate in "fico" for name, shape in ((f"dW{gate}", (5, 8)), (f"db{gate}", (5, 1)))}
    expected = {
        "rnn_cell_backward": {"dxt": INPUT, "da_prev": HIDDEN, **rnn},
        "rnn_backward": {"dx": (*INPUT, 4), "da0": HIDDEN, **rnn},
        "lstm_cell_backward": {"dxt": INPUT, "da_prev": HIDDEN, "dc_prev": HIDDEN, **lstm},
        "lstm_backward": {"dx": (*INPUT, 4), "da0": HIDDEN, **lstm},
    }
    for name, shapes in expected.items():
        got = run.returned[name]
        assert list({key: got[key].shape for key in got}.items()) == list(shapes.items()), name


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex64, np.complex128, np.longdouble])
def test_the_dtype_is_kept(rnn_problem: Draw, lstm_problem: Draw, dtype: type) -> None:
    """Arrays of one dtype throughout give results and caches of that dtype."""
    for name, result in Run(rnn_problem(), lstm_problem(), dtype).returned.items():
        assert {array.dtype for array in _arrays(result)} == {np.dtype(dtype)}, name


def test_float32_is_close_to_float64(run: Run, rnn_problem: Draw, lstm_problem: Draw) -> None:
    """float32 throughout agrees with float64 to 1e-5."""
    single = Run(rnn_problem(), lstm_problem(), np.float32)
    for name in FUNCTIONS:
        for got, expected in zip(_arrays(single.returned[name]), _arrays(run.returned[name]), strict=True):
            assert np.allclose(got, expected, rtol=1e-5, atol=1e-5), name


@pytest.mark.parametrize("dtype", [np.int64, np.uint8, np.bool_])
def test_integers_and_booleans_count_as_float64(lstm_problem: Draw, dtype: type) -> None:
    """Integer and boolean arrays, such as one-hot inputs, give what the same numbers in float64 give; no result is cut to integers."""
    arrays = {name: np.abs(2 * array).astype(dtype) for name, array in lstm_problem().items()}
    floats = {name: array.astype(np.float64) for name, array in arrays.items()}
    results = []
    for drawn in (arrays, floats):
        a, y, c, caches = whygrad.lstm_forward(drawn["x"], drawn["a0"], drawn)
        results.append((a, y, c, whygrad.lstm_backward(np.ones((5, 4, 6), dtype), caches)))
    for got, expected in zip(*map(_arrays, results), strict=True):
        assert got.dtype == np.float64
        assert np.array_equal(got, expected)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_nothing_is_changed_in_place(run: Run, name: str) -> None:
    """Read-only arguments are accepted, and hold the same numbers after the call."""
    arrays = _arrays(run.arguments[name])
    before = [array.copy() for array in arrays]
    for array in arrays:
        array.setflags(write=False)
    getattr(whygrad, name)(*run.arguments[name])
    assert all(np.array_equal(array, copy) for array, copy in zip(arrays, before, strict=True))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_results_are_fresh_and_the_same_again(run: Run, name: str) -> None:
    """A second call gives bit for bit the same; no result shares memory with an argument, an earlier result or another result."""
    first, again = run.returned[name], getattr(whygrad, name)(*run.arguments[name])
    assert all(np.array_equal(x, y) for x, y in zip(_arrays(first), _arrays(again), strict=True))
    results = _arrays(again if isinstance(again, dict) else again[:-1])
    others = _arrays(run.arguments[name]) + _arrays(first)
    assert not any(np.shares_memory(result, other) for result in results for other in others)
    assert not any(np.shares_memory(x, y) for i, x in enumerate(results) for y in results[:i])


@pytest.mark.parametrize("seen", [1, 3])
def test_a_shorter_da_is_a_loss_on_the_first_steps(run: Run, seen: int) -> None:
    """Da with T steps gives what da with zeros in the later steps gives: nothing comes in from beyond T."""
    for name in ("rnn", "lstm"):
        caches = run.arguments[f"{name}_backward"][1]
        da = np.random.default_rng(2).normal(size=(*HIDDEN, 6))
        da[:, :, seen:] = 0
        backward = getattr(whygrad, f"{name}_backward")
        short, whole = backward(da[:, :, :seen], caches), backward(da, caches)
        assert short["dx"].shape == (*INPUT, seen)
        for key in short:
            assert np.allclose(short[key], whole[key][:, :, :seen] if key == "dx" else whole[key], rtol=1e-14, atol=1e-15), key


def test_extra_parameters_are_left_out(lstm_problem: Draw) -> None:
    """Entries of other names, whatever they are, neither disturb the run nor appear in the cache."""
    arrays = lstm_problem()
    a, *_ = whygrad.lstm_forward(arrays["x"], arrays["a0"], arrays)
    with_more, _, _, caches = whygrad.lstm_forward(arrays["x"], arrays["a0"], {**arrays, "note": "text", "v": 1j * np.ones(3)})
    assert np.array_equal(a, with_more)
    assert a.dtype == with_more.dtype
    assert tuple(caches[0][0][-1]) == LSTM


def test_lists_are_caches_too(run: Run) -> None:
    """A cache that was stored as a list instead of a tuple is taken."""
    da, (steps, x) = run.arguments["lstm_backward"]
    as_lists = whygrad.lstm_backward(da, [tuple(list(step) for step in steps), x])
    assert all(np.array_equal(as_lists[key], gradient) for key, gradient in run.returned["lstm_backward"].items())


def test_closed_gates_give_no_warning(lstm_problem: Draw) -> None:
    """A pre-activation of -1000 overflows in exp; the gate is 0, which is right, and nothing is said about it."""
    arrays = lstm_problem()
    arrays["bf"] = np.full((5, 1), -1000.0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        *_, caches = whygrad.lstm_forward(arrays["x"], arrays["a0"], arrays)
    assert not np.any(caches[0][0][4])
