"""The errors of code: they show what is wrong, at the steps where it is, and nothing of what is merely written otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from whygrad.from_code.reference.parts import PARTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Edit

    from whygrad.records import Errors

    Drawn = Callable[..., tuple[Errors, ...]]

VIEW: Edit = ("lstm_forward", "c_next = np.zeros((n_a, m), dtype)", "c_next = c[:, :, 0]")
WRONG_GATE: Edit = ("lstm_cell_backward", "dft = dc * c_prev * ft * (1 - ft)", "dft = dc * c_prev * ft")
NOT_CARRIED: Edit = ("lstm_backward", "dc_prevt = gradients['dc_prev']", "pass")


def wrong(errors: Errors) -> dict[str, tuple[tuple[bool, ...], bool]]:
    """By gradient, at which steps it is wrong, and whether the whole is."""

    def bad(one: object) -> bool:
        return one is not None and getattr(one, "error", None) != 0

    rows = {row.gradient: (tuple(map(bad, row.steps)), bad(row.whole)) for row in errors.rows}
    return {name: row for name, row in rows.items() if any(row[0]) or row[1]}


def test_right_code_has_no_picture(drawn: Drawn) -> None:
    """Nothing is wrong, nothing is drawn."""
    assert drawn() == ()


def test_a_view_spoils_the_first_step_only(drawn: Drawn) -> None:
    """What passes the forget gate at step 0, and what comes of it."""
    (errors,) = drawn(VIEW)
    first = (True, False, False, False)
    assert (errors.function, errors.basis, errors.steps) == ("lstm_backward", "code", 4)
    assert wrong(errors) == {
        "dx": (first, True),
        "da_prev": (first, False),
        "da0": ((False,) * 4, True),
        "dWf": (first, True),
        "dbf": (first, True),
    }


def test_a_wrong_cell_is_wrong_from_the_last_step_on(drawn: Drawn) -> None:
    """The forget gate's own gradients are wrong at the last step, the other gates' only before it."""
    (errors,) = drawn(WRONG_GATE)
    found = wrong(errors)
    assert found["dWf"][0][3]
    assert found["dx"][0][3]
    assert found["dWo"][0] == (True, True, True, False)


def test_what_is_not_carried_spares_the_last_step(drawn: Drawn) -> None:
    """The last step receives nothing anyway."""
    (errors,) = drawn(NOT_CARRIED)
    assert not any(steps[3] for steps, _ in wrong(errors).values())
    assert all(steps[2] for name, (steps, _) in wrong(errors).items() if name.startswith("dWi"))


def test_a_sum_that_is_overwritten_has_right_steps(drawn: Drawn) -> None:
    """Only what is returned is wrong."""
    (errors,) = drawn(("lstm_backward", "dWo = dWo + gradients['dWo']", "dWo = gradients['dWo']"))
    assert wrong(errors) == {"dWo": ((False,) * 4, True)}


def test_both_families(drawn: Drawn) -> None:
    """One picture each, the RNN first."""
    found = drawn(VIEW, ("rnn_cell_backward", "dtanh = (1 - a_next ** 2) * da_next", "dtanh = (1 - a_next) * da_next"))
    assert [errors.function for errors in found] == ["rnn_backward", "lstm_backward"]


def test_a_cell_alone(drawn: Drawn) -> None:
    """Where the sequence is not there, the reference's takes its place around the learner's cell."""
    (errors,) = drawn(WRONG_GATE, without=("lstm_backward", "lstm_forward", "lstm_cell_forward"))
    assert errors.function == "lstm_backward"
    assert wrong(errors)["dWf"][0][3]


def test_own_caches(drawn: Drawn, own_caches: list[Edit]) -> None:
    """A backward pass that reads only the learner's own caches runs with the learner's own forward pass."""
    (errors,) = drawn(*own_caches, WRONG_GATE)
    assert wrong(errors)["dWo"][0] == (True, True, True, False)


def test_a_function_that_raises_has_none(drawn: Drawn) -> None:
    """There is nothing to compare."""
    assert drawn(("lstm_cell_backward", "", "def lstm_cell_backward(da_next, dc_next, cache):\n    raise ValueError")) == ()


@pytest.mark.parametrize("value", ["None", "(dx, da0)", "{'dx': dx.tolist(), 'dWf': 'text'}"])
def test_whatever_is_returned(drawn: Drawn, value: str) -> None:
    """Something that is no gradient is no error of ours."""
    text = PARTS["lstm_backward"].rpartition("    return")[0] + f"    return {value}"
    assert len(drawn(("lstm_backward", "", text))) <= 1
