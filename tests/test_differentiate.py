"""The judge itself: derivatives known in closed form, and functions that would make it lie."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from whygrad.differentiate import Gradients, central_differences, complex_step, differentiate
from whygrad.errors import ContentError, ImaginaryPartLostError, ShapeError

Array = NDArray[Any]
Function = Callable[..., Any]


_DISAGREE = (
    "complex step and central differences disagree in x: an imaginary part is lost on the way, there is a kink, "
    "or something is computed in less than float64"
)


def _point(seed: int = 0) -> dict[str, Array]:
    rng = np.random.default_rng(seed)
    return {"x": rng.normal(size=(3, 4)), "b": rng.normal(size=(3, 1))}


def _smooth(x: Array, b: Array) -> np.inexact:
    return np.sum(np.tanh(x + b) * np.exp(0.3 * x))


def _smooth_gradient(x: Array, b: Array) -> dict[str, Array]:
    tanh, growth = np.tanh(x + b), np.exp(0.3 * x)
    through_tanh = (1 - tanh**2) * growth
    return {"x": through_tanh + 0.3 * tanh * growth, "b": np.sum(through_tanh, axis=1, keepdims=True)}


def _worst(got: Gradients, expected: dict[str, Array]) -> float:
    return max(np.max(np.abs(got[name] - expected[name])) / np.max(np.abs(expected[name])) for name in expected)


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=20, deadline=None, derandomize=True)
def test_both_methods_give_the_derivative_in_closed_form(seed: int) -> None:
    """Complex step is right to 1e-14, central differences to 1e-9, at any point."""
    arrays = _point(seed)
    expected = _smooth_gradient(**arrays)
    assert _worst(complex_step(_smooth, arrays), expected) < 1e-14
    assert _worst(central_differences(_smooth, arrays), expected) < 1e-9


def test_a_smooth_function_is_judged_by_complex_step() -> None:
    """Where nothing is lost the exact method is taken, without a reason against it; results are float64 of the arrays' shapes."""
    derivative = differentiate(_smooth, _point())
    assert (derivative.method, derivative.reason) == ("complex step", "")
    assert {name: (g.shape, g.dtype) for name, g in derivative.gradients.items()} == {"x": ((3, 4), np.float64), "b": ((3, 1), np.float64)}


def _through_real_buffer(x: Array, b: Array) -> np.inexact:
    buffer = np.zeros(x.shape)
    buffer[:, :] = np.tanh(x + b) * np.exp(0.3 * x)
    return np.sum(buffer)


def _through_silent_buffer(x: Array, b: Array) -> np.inexact:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _through_real_buffer(x, b)


def _with_one_entry_lost(x: Array, b: Array) -> np.inexact:
    terms = np.tanh(x + b) * np.exp(0.3 * x)
    return np.sum(terms) - terms[2, 3] + terms[2, 3].real


def _conjugated(x: Array, b: Array) -> np.inexact:
    return _smooth(np.conj(x), b)


def _fussy(x: Array, b: Array) -> np.inexact:
    assert x.dtype == np.float64, "real numbers only"
    return _smooth(x, b)


def _as_python_float(x: Array, b: Array) -> float:
    return float(_smooth(x, b).item())


def test_a_real_buffer_is_refused_by_complex_step() -> None:
    """A buffer from np.zeros drops the imaginary part; complex step says so instead of returning zeros."""
    with pytest.raises(ImaginaryPartLostError) as caught:
        complex_step(_through_real_buffer, _point())
    assert str(caught.value) == (
        "the function puts complex values into a real array, such as one from np.zeros, so a complex step loses its way in it"
    )


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (
            _through_real_buffer,
            "the function puts complex values into a real array, such as one from np.zeros, so a complex step loses its way in it",
        ),
        (_through_silent_buffer, _DISAGREE),
        (_with_one_entry_lost, _DISAGREE),
        (_conjugated, _DISAGREE),
        (_fussy, "the function raises AssertionError when it is given complex numbers"),
        (_as_python_float, "the function raises TypeError when it is given complex numbers"),
    ],
)
def test_a_lost_imaginary_part_is_noticed_and_the_answer_still_right(function: Function, reason: str) -> None:
    """However the imaginary part is lost, even in one entry or without a warning, central differences take over and are right."""
    derivative = differentiate(function, _point())
    assert (derivative.method, derivative.reason) == ("central differences", reason)
    assert _worst(derivative.gradients, _smooth_gradient(**_point())) < 1e-9


def test_without_the_cross_check_a_silent_buffer_gives_zeros() -> None:
    """What the cross-check is for: complex step alone believes a silenced buffer and returns a gradient of zeros."""
    assert not np.any(complex_step(_through_silent_buffer, _point())["x"])


def test_a_complex_overflow_falls_back() -> None:
    """A function whose real value is finite but whose complex value is not is still differentiated."""

    def saturated(x: Array) -> np.inexact:
        with np.errstate(all="ignore"):
            return np.sum(1 / (1 + np.exp(-x)))

    derivative = differentiate(saturated, {"x": np.array([-800.0, 0.5])})
    gate = 1 / (1 + np.exp(-0.5))
    assert np.allclose(derivative.gradients["x"], [0, gate * (1 - gate)], rtol=1e-9, atol=1e-12)


def test_at_a_kink_the_mean_slope() -> None:
    """At a kink no derivative exists; central differences give the mean of the two slopes, and the reason names the kink."""
    derivative = differentiate(lambda x: np.sum(np.abs(x)), {"x": np.array([0.0, 2.0])})
    assert np.allclose(derivative.gradients["x"], [0, 1], atol=1e-9)
    assert derivative.reason.endswith("there is a kink, or something is computed in less than float64")


def test_the_function_may_change_its_arrays() -> None:
    """Each call gets fresh copies, so a function that works in place disturbs neither the point nor the answer."""

    def in_place(x: Array, b: Array) -> np.inexact:
        x += b
        return np.sum(np.sin(x))

    arrays = _point()
    before = {name: array.copy() for name, array in arrays.items()}
    gradients = differentiate(in_place, arrays).gradients
    assert all(np.array_equal(arrays[name], before[name]) for name in arrays)
    assert _worst(gradients, {"x": np.cos(arrays["x"] + arrays["b"])}) < 1e-14


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda x: 3e6 * x[0] ** 2 + 4 * np.abs(x[1]), [6e6, 4]),
        (lambda x: np.sum(2e4 * np.cos(x)) + 2e-2 * np.abs(x[1]), [-2e4 * np.sin(1), 2e-2 - 2e4 * np.sin(2)]),
    ],
    ids=["in a small entry", "in a small term"],
)
def test_a_small_loss_is_noticed(function: Function, expected: list[float]) -> None:
    """A penalty on the absolute values, far below the rest of the derivative."""
    derivative = differentiate(function, {"x": np.array([1.0, 2.0])})
    assert derivative.method == "central differences"
    assert np.allclose(derivative.gradients["x"], expected, rtol=1e-10, atol=1e-5)


@pytest.mark.parametrize("x", [3e-4, 8e-4, 1e-7, 1e-12])
def test_close_to_the_edge_of_where_the_function_has_values(x: float) -> None:
    """The step is made shorter until both sides have a value and the slope is no longer another one with each step, without a warning."""
    arrays = {"x": np.array([0.9, x])}
    derivative = differentiate(lambda x: -np.sum(np.log(x)), arrays)
    assert (derivative.method, derivative.gradients["x"].tolist()) == ("complex step", pytest.approx([-1 / 0.9, -1 / x], rel=1e-14))
    assert np.allclose(central_differences(lambda x: -np.sum(np.log(x)), arrays)["x"], [-1 / 0.9, -1 / x], rtol=1e-9, atol=0)
    assert central_differences(lambda x: math.log(float(x)), {"x": np.array(x)})["x"] == pytest.approx(
        1 / x, rel=1e-9
    )  # raises beyond the edge


@pytest.mark.parametrize("steepness", [1e5, 1e7])
def test_a_rise_that_the_first_step_goes_across(steepness: float) -> None:
    """A gate that is switched by small numbers: level on both sides of the point, so the step is halved until it is on the slope."""
    point = {"x": np.array([0.3 / steepness])}
    found = differentiate(lambda x: np.sum(np.tanh(steepness * x)), point)
    right = steepness / np.cosh(0.3) ** 2
    assert found.method == "complex step"
    np.testing.assert_allclose(found.gradients["x"], right, rtol=1e-12)
    np.testing.assert_allclose(central_differences(lambda x: np.sum(np.tanh(steepness * x)), point)["x"], right, rtol=1e-8)


@pytest.mark.parametrize("speed", [1e4, 1e5, 1e6])
def test_a_wave_that_the_first_steps_go_across(speed: float) -> None:
    """Two steps may show almost the same slope by accident, and it is not taken."""
    x = np.random.default_rng(0).uniform(0.1, 1, 40)
    found = central_differences(lambda x: np.sum(np.sin(speed * x)) / 40 + 1, {"x": x})["x"]
    assert np.allclose(found, speed * np.cos(speed * x) / 40, rtol=0, atol=1e-5 * speed)


@pytest.mark.parametrize("function", [lambda x: np.sin(1e14 * x[0]), lambda x: np.sum(x >= 1)], ids=["too fast", "a jump"])
def test_where_no_steps_agree_nothing_is_handed_out(function: Function) -> None:
    """The differences say nothing there."""
    with pytest.raises(ContentError, match="the function jumps at the point or changes too fast in x: no two steps show the same slope"):
        central_differences(function, {"x": np.ones(1)})


def test_a_function_in_less_than_float64_has_a_slope_all_the_same() -> None:
    """Its rounding is no jump; few digits are right."""
    found = central_differences(lambda x: np.sum(x.astype(np.float32) ** 2), {"x": np.array([0.3, 1.7, 0])})["x"]
    assert np.allclose(found, [0.6, 3.4, 0], rtol=0, atol=2e-3)
    assert abs(central_differences(lambda x: np.sum((x + 1e3) - 1e3 - x), {"x": np.array([0.3])})["x"]) < 1e-8  # where numbers cancel


@pytest.mark.parametrize("seed", range(6))
def test_a_rounded_loss_has_the_slope_of_the_first_steps(seed: int) -> None:
    """Shorter ones show more of the rounding, and the last ones none of the slope: that they agree on 0 says nothing."""
    point = {"x": np.random.default_rng(seed).uniform(-1, 1, 4)}
    found = central_differences(lambda x: round(float(np.sum(np.exp(x))), 5), point)["x"]
    assert np.allclose(found, np.exp(point["x"]), rtol=0, atol=0.05)
    with pytest.raises(ContentError, match="no two steps show the same slope"):
        central_differences(lambda x: np.sum(np.exp(x)) + 1e-3 * np.sin(1e15 * x[0] ** 2), point)


@pytest.mark.parametrize("digits", [np.float16, lambda loss: np.round(loss, 2)], ids=["float16", "rounded"])
@pytest.mark.parametrize("seed", range(4))
def test_a_stair_is_not_level(seed: int, digits: Function) -> None:
    """Where the steps show no difference because the value is rounded, zeros are not handed out; where a rectifier is off, they are.

    So they are beside a threshold, where the value jumps once.
    """
    point = {"x": np.random.default_rng(seed).uniform(1, 2, 4)}
    with pytest.raises(ContentError, match=r"level at the point in x and jumps .* away|no two steps show the same slope"):
        differentiate(lambda x: digits(3 + np.sum(np.exp(x))), point)
    assert not differentiate(lambda x: float(3 + np.sum(np.maximum(x - 2.1, 0))), point).gradients["x"].any()
    assert not differentiate(lambda x: float(np.sum(x > 1.6)), {"x": np.array([1.5])}).gradients["x"].any()


def test_a_kink_beside_the_point_hides_no_slope() -> None:
    """A network of rectifiers, with kinks between the first steps and the point."""
    generator = np.random.default_rng(0)
    weights, x = generator.normal(size=(50, 20)), generator.normal(size=20) / 1e3
    found = central_differences(lambda x: np.sum(np.maximum(weights @ x, 0)), {"x": x})["x"]
    assert np.allclose(found, weights.T @ (weights @ x > 0), rtol=1e-6)


def test_at_the_edge_there_is_no_derivative() -> None:
    """The complex step alone would give a number there."""
    with pytest.raises(ContentError, match="the function has a value at the point, but not on both sides of it in x, not even 8e-16 away"):
        differentiate(lambda x: np.sum(np.sqrt(x)), {"x": np.array([0.0, 1.0])})


def test_small_shapes_and_other_dtypes() -> None:
    """An array without dimensions, an empty one, integers and float32 are taken; a value of shape (1, 1) counts as one number."""
    arrays = {"a": np.array(2.0), "e": np.zeros((0, 3)), "i": np.array([3, 4]), "f": np.array([0.5], np.float32)}
    gradients = differentiate(lambda a, e, i, f: (a**2 * np.sum(i) * f + np.sum(e)).reshape(1, 1), arrays).gradients
    assert gradients["a"] == pytest.approx(14)
    assert gradients["e"].shape == (0, 3)
    assert np.allclose(gradients["i"], [2, 2])
    assert np.allclose(gradients["f"], [28])


def test_entries_of_very_different_size() -> None:
    """The step follows the size of each entry, so large entries have as many right digits as small ones."""
    x = np.array([1.0, 1e3, 1e6])
    assert np.allclose(central_differences(lambda x: np.sum(np.log(x)), {"x": x})["x"], 1 / x, rtol=1e-9, atol=0)


@pytest.mark.parametrize("method", [differentiate, complex_step, central_differences])
@pytest.mark.parametrize(
    ("function", "x", "error", "text"),
    [
        (lambda x: x, np.ones(3), ShapeError, "the function returned an array of shape (3,), expected one number"),
        (
            lambda x: [[x[0]], [x[0], 1]],
            np.ones(3),
            ContentError,
            "what the function returned is no array: its rows are of different lengths",
        ),
        (
            np.sum,
            np.ma.masked_array([1.0, 2.0], [True, False]),
            ContentError,
            "x has a mask, which would be lost; expected an array all of",
        ),
        (
            lambda x: (np.sum(x), x),
            np.ones(3),
            ShapeError,
            "the function returned a tuple, expected one number: let it return the loss",
        ),
        (lambda x: np.sum(x) * np.nan, np.ones(3), ContentError, "expected a real, finite number"),
        (lambda x: "text", np.ones(3), ContentError, "the function returned 'text', expected a real, finite number"),  # noqa: ARG005
        (np.sum, np.array([1, np.inf]), ContentError, "x holds inf, expected an array of real, finite numbers"),
        (np.sum, np.array(["1"]), ContentError, "x has dtype <U1, expected an array of real, finite numbers"),
        (np.sum, np.array([1j]), ContentError, "x has dtype complex128, expected an array of real, finite numbers"),
    ],
)
def test_what_cannot_be_differentiated_is_said(method: Function, function: Function, x: Array, error: type[Exception], text: str) -> None:
    """A function of the wrong kind and a point of the wrong kind are named in one sentence."""
    with pytest.raises(error) as caught:
        method(lambda x: function(x), {"x": x})  # noqa: PLW0108 - np.sum calls its argument otherwise
    assert text in str(caught.value)


@pytest.mark.parametrize("method", [differentiate, complex_step, central_differences])
@pytest.mark.parametrize(
    ("function", "arrays", "text"),
    [
        (np.sum, [1.0], 'the arrays are given as list, expected a dictionary by name: {"x": x}'),
        (np.sum, np.ones(3), 'the arrays are given as ndarray, expected a dictionary by name: {"x": x}'),
        (np.sum, {1: np.ones(3)}, '1 is no name of an argument, expected a dictionary by name: {"x": x}'),
        (
            np.sum,
            {"p": {"W": np.ones(3)}},
            "p is a dictionary of arrays; give each of them under a name of its own, as an argument of the function",
        ),
        (
            lambda y: np.sum(y),  # noqa: PLW0108 - np.sum calls its argument otherwise
            {"x": np.ones(3)},
            "the function cannot be called with the names of the arrays, x: missing a required argument: 'y'",
        ),
        (np.sum, {"x": [[1.0], [1.0, 2.0]]}, "x is no array: its rows are of different lengths"),
        (3, {"x": np.ones(3)}, "the function is of type int, expected one that can be called as function(**arrays)"),
    ],
)
def test_arguments_of_another_kind_are_named(method: Any, function: Any, arrays: Any, text: str) -> None:  # noqa: ANN401 - wrong ones
    """In one sentence, with what was expected."""
    with pytest.raises(ContentError) as caught:
        method(function, arrays)
    assert str(caught.value) == text


def test_a_complex_value_at_a_real_point_is_refused() -> None:
    """A function that is complex for real arrays has no real derivative."""
    with pytest.raises(ContentError, match=r"the function returned \(1\+1j\), expected a real, finite number"):
        central_differences(lambda x: 0 * np.sum(x) + 1 + 1j, {"x": np.ones(1)})


def test_a_function_that_changes_its_mind_is_refused() -> None:
    """Two values for the same arrays mean that no difference of values can be trusted."""
    rng = np.random.default_rng(0)
    with pytest.raises(ContentError) as caught:
        differentiate(lambda x: np.sum(x) + rng.normal(), {"x": np.ones(2)})
    assert str(caught.value) == "the function gave two different values for the same arrays; does it draw random numbers or keep a state?"
