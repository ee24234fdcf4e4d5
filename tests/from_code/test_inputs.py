"""Our own inputs: what a course's check would hide must show in them."""

from __future__ import annotations

import numpy as np
import pytest

from whygrad.assignments.sequence_models import program
from whygrad.from_code.reference.inputs import COURSE_SIZES, SIZES, case, modest
from whygrad.from_code.reference.parts import ARGUMENTS, FUNCTIONS, chain_of


@pytest.mark.parametrize("sizes", SIZES)
def test_sizes_are_all_different(sizes: tuple[int, ...]) -> None:
    """No two sizes are equal, the stack's included, and T is at least 3: an axis taken for another one shows."""
    n_x, n_a, m, n_y, T_x, T = sizes
    assert len({n_x, n_a, m, n_y, T_x, n_a + n_x}) == 6
    assert T_x >= T >= 3


def test_sizes_differ_between_the_cases() -> None:
    """One case has T shorter than T_x, the other as long; neither has the notebook's own n_x, n_a or m."""
    assert SIZES[0][5] < SIZES[0][4]
    assert SIZES[1][5] == SIZES[1][4]
    for sizes in SIZES:
        assert all(size != course for size, course in zip(sizes[:3], COURSE_SIZES[:3], strict=True))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_expected_is_what_the_reference_returns(function: str) -> None:
    """The expected answer is the reference program's, and the arguments are as many as the signature says."""
    what = case(function, SIZES[0], 3)
    assert len(what.arguments) == len(ARGUMENTS[function])
    again = getattr(program, function)(*what.arguments)
    pairs = zip(again.values(), what.expected.values(), strict=True) if isinstance(again, dict) else [(again[0], what.expected[0])]
    assert all(np.array_equal(one, other) for one, other in pairs)


def test_caches_of_an_lstm_begin_from_a_random_cell_state() -> None:
    """A gradient at the forget gate's weight at step 0 would be zero otherwise, and a mistake in it would not show."""
    _, (kept, _) = case("lstm_backward", SIZES[0]).arguments
    assert np.all(kept[0][3] != 0)


def test_every_step_has_an_upstream_gradient() -> None:
    """``da`` is random at each step."""
    da, _ = case("rnn_backward", SIZES[0]).arguments
    assert np.all(da != 0)


def test_seeds_are_explicit() -> None:
    """The same seed gives the same case, another seed another one."""
    one, other = case("rnn_forward", SIZES[1], 5), case("rnn_forward", SIZES[1], 6)
    assert not np.array_equal(one.arguments[0], other.arguments[0])
    assert np.array_equal(case.__wrapped__("rnn_forward", SIZES[1], 5).arguments[0], one.arguments[0])


@pytest.mark.parametrize("function", FUNCTIONS)
def test_chain_gives_what_forward_and_backward_give(function: str) -> None:
    """A chain has the answer of its backward function on the caches of its forward function."""
    what = case(chain_of(function), SIZES[1])
    assert set(what.expected) == set(case(function.replace("forward", "backward"), SIZES[1]).expected)


def test_only_an_lstm_has_fewer_steps_backward_than_forward() -> None:
    """The assignment says so: who takes T_x from ``x`` is right in the RNN's function."""
    for number, steps in enumerate(((7, 5), (5, 5))):
        da, (kept, x) = case("lstm_backward", SIZES[number]).arguments
        assert (x.shape[2], len(kept), da.shape[2]) == (steps[0], *steps)
        da, (kept, x) = case("rnn_backward", SIZES[number]).arguments
        assert x.shape[2] == len(kept) == da.shape[2] == 5


def test_the_reference_is_given_nothing_huge() -> None:
    """What comes out of somebody's code may be of any size; its product with itself would have no room."""
    small = np.ones((5, 8))
    assert modest(({"Wf": small}, [(small, small[0])], 1, "a", None))
    assert not modest([{"Wf": np.ones(5_000)}])
    assert not modest((small[:, :, None],))
    assert modest(small[:, :, None], axes=3)
