"""The course's keys against the reference: the right ones agree to the last printed digit, the wrong ones differ as is said of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.assignments.assignment import compiled
from whygrad.assignments.sequence_models.keys import KEYS, PRINTED, WRONG_KEYS

VERSIONS = [(check, version) for check, versions in KEYS.items() for version in versions]


def _as_old_numpy(value: Any) -> list[str]:  # noqa: ANN401 - a number or a row
    """The texts of the numbers as the course's NumPy printed them: a row at 8 decimals, one number with 12 significant digits."""
    if isinstance(value, np.ndarray):
        return [f"{entry:.8f}".rstrip("0") for entry in value]
    return [f"{value:.12g}"]


def _disagreeing(gradients: dict[str, Any], check: str, version: str) -> set[str]:
    """The quantities whose printed text is not the key's."""
    key = KEYS[check][version]
    assert [quantity for quantity, _ in PRINTED[check]] == list(key)
    return {
        quantity for quantity, index in PRINTED[check] if _as_old_numpy(gradients[quantity][index]) != key[quantity].strip("[]").split()
    }


@pytest.mark.parametrize(("check", "version"), [version for version in VERSIONS if version not in WRONG_KEYS])
def test_right_keys_agree_to_the_last_printed_digit(check: str, version: str) -> None:
    """What a right program prints is the key's text, digit for digit."""
    assert _disagreeing(SEQUENCE_MODELS.run_check(check), check, version) == set()


def test_every_check_has_a_right_key() -> None:
    """There are four checks, each with a key that a right program prints; a key that it does not print has a reason."""
    assert {check for check, version in VERSIONS if (check, version) not in WRONG_KEYS} == set(PRINTED)
    assert set(WRONG_KEYS) <= set(VERSIONS)
    assert len(PRINTED) == 4


@pytest.mark.parametrize(("check", "version"), list(WRONG_KEYS))
def test_wrong_keys_disagree_in_every_quantity(check: str, version: str) -> None:
    """A right program prints another number for each quantity; only the last step of dx, which no carry reaches, is alike."""
    gradients = SEQUENCE_MODELS.run_check(check)
    assert _disagreeing(gradients, check, version) == set(KEYS[check][version])
    if check == "lstm_backward":
        assert _as_old_numpy(gradients["dx"][1, 2])[3] == KEYS[check][version]["dx"].strip("[]").split()[3]


def _edited(function: str, *replacements: tuple[str, str]) -> dict[str, Any]:
    text = "\n".join(SEQUENCE_MODELS.functions[function])
    for right, wrong in replacements:
        assert text.count(right) == 1, right
        text = text.replace(right, wrong)
    return {function: compiled(tuple(text.splitlines()))}


def test_the_old_lstm_key_is_what_its_mistakes_print() -> None:
    """Nothing carried back, and three bias sums that start from dbf, print the old key of lstm_backward digit for digit."""
    edited = _edited(
        "lstm_backward",
        ("da[:, :, t] + da_prevt, dc_prevt", "da[:, :, t], np.zeros((n_a, m))"),
        ("dbi = dbi + gradients", "dbi = dbf + gradients"),
        ("dbc = dbc + gradients", "dbc = dbf + gradients"),
        ("dbo = dbo + gradients", "dbo = dbf + gradients"),
    )
    assert _disagreeing(SEQUENCE_MODELS.run_check("lstm_backward", edited), "lstm_backward", "old") == set()


def test_the_old_lstm_bias_sums_hold_the_forget_gates_gradients() -> None:
    """In the old key dbi, dbc and dbo are their own gradient of step 0 plus dbf of the later steps; without that they disagree alone."""
    edited = _edited("lstm_backward", ("da[:, :, t] + da_prevt, dc_prevt", "da[:, :, t], np.zeros((n_a, m))"))
    assert _disagreeing(SEQUENCE_MODELS.run_check("lstm_backward", edited), "lstm_backward", "old") == {"dbi", "dbc", "dbo"}


def test_the_old_rnn_cell_key_has_the_ba_of_an_earlier_cell() -> None:
    """With the ba that the cell of rnn_forward leaves behind, the check prints the old key digit for digit."""
    edited = _edited("rnn_cell_backward_check", ("'ba': ba", "'ba': stale('rnn_forward')['ba']"))
    assert _disagreeing(SEQUENCE_MODELS.run_check("rnn_cell_backward", edited), "rnn_cell_backward", "old") == set()


def test_a_check_leaves_the_users_random_stream_alone() -> None:
    """Checks seed and draw from a generator of their own, and print the same each time."""
    np.random.seed(3)  # noqa: NPY002 - the user's stream is the legacy one
    expected = np.random.RandomState(3).normal()
    first, again = (SEQUENCE_MODELS.run_check("lstm_backward") for _ in range(2))
    assert np.random.normal() == expected  # noqa: NPY002
    assert all(np.array_equal(first[name], again[name]) for name in first)
