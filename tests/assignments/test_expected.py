"""The text of ``whygrad expected``: what the course's checks print for right functions."""

from __future__ import annotations

import pytest

from whygrad import UsageError
from whygrad.assignments import SEQUENCE_MODELS
from whygrad.assignments.expected import expected_text

LINES = {
    "rnn_cell_backward": [
        ('gradients["dxt"][1][2]', "-1.38721305060", (3, 10)),
        ('gradients["da_prev"][2][3]', "-0.152399493773", (5, 10)),
        ('gradients["dWax"][3][1]', "0.41077282493", (5, 3)),
        ('gradients["dWaa"][1][2]', "1.15034506684", (5, 5)),
        ('gradients["dba"][4]', "[0.20023491]", (5, 1)),
    ],
    "rnn_backward": [
        ('gradients["dx"][1][2]', "[-2.07101689 -0.59255627  0.02466855  0.01483317]", (3, 10, 4)),
        ('gradients["da0"][2][3]', "-0.31494237512", (5, 10)),
        ('gradients["dWax"][3][1]', "11.264104496", (5, 3)),
        ('gradients["dWaa"][1][2]', "2.3033331265", (5, 5)),
        ('gradients["dba"][4]', "[-0.74747722]", (5, 1)),
    ],
    "lstm_cell_backward": [
        ('gradients["dxt"][1][2]', "3.2305591151", (3, 10)),
        ('gradients["da_prev"][2][3]', "-0.06396214197", (5, 10)),
        ('gradients["dc_prev"][2][3]', "0.7975220387970", (5, 10)),
        ('gradients["dWf"][3][1]', "-0.1479548381644", (5, 8)),
        ('gradients["dWi"][1][2]', "1.057498055225", (5, 8)),
        ('gradients["dWc"][3][1]', "2.304562163687", (5, 8)),
        ('gradients["dWo"][1][2]', "0.331311595289", (5, 8)),
        ('gradients["dbf"][4]', "[0.18864637]", (5, 1)),
        ('gradients["dbi"][4]', "[-0.40142491]", (5, 1)),
        ('gradients["dbc"][4]', "[0.25587763]", (5, 1)),
        ('gradients["dbo"][4]', "[0.13893342]", (5, 1)),
    ],
    "lstm_backward": [
        ('gradients["dx"][1][2]', "[ 0.00218254  0.28205375 -0.48292508 -0.43281115]", (3, 10, 4)),
        ('gradients["da0"][2][3]', "0.312770310257", (5, 10)),
        ('gradients["dWf"][3][1]', "-0.080980231093", (5, 8)),
        ('gradients["dWi"][1][2]', "0.40512433092", (5, 8)),
        ('gradients["dWc"][3][1]', "-0.07937467355121", (5, 8)),
        ('gradients["dWo"][1][2]', "0.0389487757629", (5, 8)),
        ('gradients["dbf"][4]', "[-0.15745657]", (5, 1)),
        ('gradients["dbi"][4]', "[-0.50848333]", (5, 1)),
        ('gradients["dbc"][4]', "[-0.42510818]", (5, 1)),
        ('gradients["dbo"][4]', "[-0.17958196]", (5, 1)),
    ],
}


@pytest.mark.parametrize("check", LINES)
def test_one_check_prints_value_and_shape_lines(check: str) -> None:
    """After its name a check prints each value, a single number with all its digits, and under it the shape, in the course's order."""
    text = expected_text(SEQUENCE_MODELS, check)
    assert text.endswith("\n")
    heading, *lines = text.splitlines()
    assert heading == f"# {check}"
    assert lines[1::2] == [f"{label.split('][')[0].rstrip(']')}].shape = {shape}" for label, _, shape in LINES[check]]
    for line, (label, digits, _) in zip(lines[::2], LINES[check], strict=True):
        assert line.startswith(f"{label} = {digits}")
        assert "[" in digits or len(line) >= len(label) + len(" = 0.0") + 14


def test_all_checks_in_one_text() -> None:
    """Without a name all checks follow each other, with an empty line between."""
    assert expected_text(SEQUENCE_MODELS) == "\n".join(expected_text(SEQUENCE_MODELS, check) for check in LINES)


def test_an_unknown_check_is_named() -> None:
    """A name that is no check gives the nearest that is, or else all."""
    with pytest.raises(UsageError, match=r"^there is no check 'lstm_bakward'; the nearest: lstm_backward$"):
        expected_text(SEQUENCE_MODELS, "lstm_bakward")
    with pytest.raises(UsageError) as caught:
        expected_text(SEQUENCE_MODELS, "lstm")
    assert str(caught.value) == (
        "there is no check 'lstm'; the checks are rnn_cell_backward, rnn_backward, lstm_cell_backward, lstm_backward, "
        "rnn_cell_forward, rnn_forward, lstm_cell_forward, lstm_forward"
    )
