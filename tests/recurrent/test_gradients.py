"""Every gradient of the engine against the complex step through its own forward pass, exact to rounding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, reject, seed, settings
from hypothesis import strategies as st

from whygrad.differentiate import complex_step
from whygrad.recurrent import Activation, Configuration, Parameters, backward, forward
from whygrad.recurrent.activations import KINDS

BOUND = 1e-10
CELLS = ("rnn", "lstm", "gru")
Make = Callable[..., Any]


@pytest.mark.parametrize("cell", CELLS)
def test_each_entry_of_a_plain_cell_is_right(cell: Any, make_problem: Make) -> None:
    """One by one, each entry of each gradient of a plain cell agrees with its complex step."""
    one = make_problem(0, cell=cell, inputs=3, hidden=4, steps=5, batch=2)
    wide = one.configuration.replace(dtype="complex128")

    def loss(x: np.ndarray, h0: np.ndarray, **weights: np.ndarray) -> complex:
        c0 = weights.pop("c0", None)
        outputs, final, _ = forward(wide, (Parameters(**weights),), x, h0, c0)
        total = np.sum(outputs * one.d_outputs) + np.sum(final.hidden * one.d_final.hidden)
        return total if final.cell is None else total + np.sum(final.cell * one.d_final.cell)

    exact = complex_step(loss, {name.removeprefix("0."): array for name, array in one.arrays().items()})
    gradients = one.gradients()
    by_hand = {"x": gradients.inputs, "h0": gradients.initial.hidden, "c0": gradients.initial.cell} | dict(gradients.parameters[0].arrays())
    for name, gradient in exact.items():
        np.testing.assert_allclose(by_hand[name], gradient, rtol=BOUND, atol=BOUND, err_msg=name)


@pytest.mark.parametrize("cell", CELLS)
@seed(1)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_a_plain_cell_is_right_in_all_sizes(cell: str, data: st.DataObject, make_problem: Make) -> None:
    """Whatever the sizes, the gradients of a plain cell are right along a random direction."""
    small = st.integers(1, 12)
    sizes = {name: data.draw(small, name) for name in ("inputs", "hidden", "steps", "batch")}
    assert make_problem(data.draw(st.integers(0, 999)), cell=cell, **sizes).worst_error() <= BOUND


@seed(2)
@settings(max_examples=250, deadline=None)
@given(data=st.data())
def test_any_combination_of_options_is_right(data: st.DataObject, make_problem: Make, any_options: Any) -> None:
    """Whatever options are combined, all gradients are right along a random direction; of gates without bounds numbers can be too large."""
    one = make_problem(data.draw(st.integers(0, 999)), **data.draw(any_options))
    try:
        with np.errstate(over="raise"):
            worst = one.worst_error()
    except FloatingPointError:
        reject()
    assert worst <= BOUND


@seed(3)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_narrow_lstm_is_right(data: st.DataObject, make_problem: Make, any_options: Any) -> None:
    """The gradients of the LSTM that runs batch first are right with every option that it has."""
    kept = ("direction", "layout", "layers", "biases", "checkpoint", "lengths", "steps", "dropout")
    fields = {name: value for name, value in data.draw(any_options).items() if name in kept}
    sizes = {"inputs": data.draw(st.integers(1, 5)), "hidden": data.draw(st.integers(3, 9)), "batch": data.draw(st.integers(8, 12))}
    one = make_problem(data.draw(st.integers(0, 999)), cell="lstm", **sizes, **fields)
    assert one.worst_error() <= BOUND


@pytest.mark.parametrize("name", sorted(KINDS))
@pytest.mark.parametrize(("alpha", "beta"), [(None, None), (0.7, 0.3)])
@pytest.mark.parametrize("cell", CELLS)
def test_each_activation_is_right_in_each_cell(cell: str, name: str, alpha: float | None, beta: float | None, make_problem: Make) -> None:
    """Each activation, with its own defaults and with other numbers, has its right derivative at each place of each cell."""
    kind = KINDS[name]
    activation = Activation(name, None if kind.alpha is None else alpha, None if kind.beta is None else beta)
    count = {"rnn": 1, "lstm": 3, "gru": 2}[cell]
    assert make_problem(3, cell=cell, inputs=2, hidden=3, activations=(activation,) * count).worst_error() <= BOUND


@pytest.mark.parametrize("batch", [1, 3, 30])
@pytest.mark.parametrize("cell", CELLS)
def test_many_steps_are_right(cell: str, batch: int, make_problem: Make) -> None:
    """More steps than fit into a block of columns, or a chunk of the cache, give right gradients too."""
    steps = 2500 // batch
    one = make_problem(4, cell=cell, inputs=2, hidden=9, steps=steps, batch=batch, lengths=True, linear_before_reset=cell == "gru")
    assert one.worst_error() <= BOUND


def test_the_judge_can_fail(make_problem: Make) -> None:
    """A gradient that is off in one entry is seen by the comparison."""
    one = make_problem(5, cell="lstm", inputs=2, hidden=3)
    right = one.gradients()
    right.parameters[0].bias[2] += 1e-6
    object.__setattr__(one, "gradients", lambda: right)
    assert one.worst_error() > BOUND


@pytest.mark.parametrize("missing", ["outputs", "final", "both"])
def test_what_the_loss_does_not_see_has_no_part(missing: str, make_problem: Make) -> None:
    """None for an upstream gradient means zero."""
    one = make_problem(6, cell="lstm", inputs=2, hidden=3)
    outputs, final = (None if missing in (name, "both") else given for name, given in (("outputs", one.d_outputs), ("final", one.d_final)))
    zero = np.zeros_like(one.d_outputs)
    got = backward(outputs, final, one.run()[2])
    expected = backward(zero if outputs is None else outputs, final, one.run()[2])
    np.testing.assert_array_equal(got.inputs, expected.inputs)
    if missing == "both":
        assert not got.inputs.any()


def test_the_configuration_is_frozen() -> None:
    """A configuration can't be changed, only replaced."""
    configuration = Configuration(cell="rnn", inputs=1, hidden=1)
    with pytest.raises(AttributeError):
        configuration.hidden = 2  # type: ignore[misc]
