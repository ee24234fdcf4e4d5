"""The page of a mistake shows the wrong piece, not the rest of the line: that is what a learner has to find."""

from __future__ import annotations

import pytest

from whygrad.mistakes import Example, Operator
from whygrad.report.catalogue import page, wrong_piece


@pytest.mark.parametrize(
    ("example", "piece"),
    [
        (Example("lstm_forward", "c_next = np.zeros((n_a, m), dtype)", "c_next = c[:, :, 0]"), "c_next = c[:, :, 0]"),
        (Example("rnn_cell_backward", "dWaa = np.dot(dtanh, a_prev.T)", "dWaa = np.dot(dtanh, da_prev.T)"), "dWaa = … , da_prev.T)"),
        (Example("lstm_cell_backward", "dit = dc * cct * it * (1 - it)", "dit = dc * cct * ft * (1 - ft)"), "dit = … * ft * (1 - ft)"),
        (Example("lstm_backward", "for t in reversed(range(T_x)):", "for t in range(T_x):"), "for t in range(T_x):"),
        (Example("lstm_backward", "da_prevt = gradients['da_prev']", ""), ""),
        (Example("lstm_cell_backward", "dc_prev = dc * ft", "dc_prev = np.zeros_like(dc * ft)"), ""),
    ],
    ids=lambda value: value.after if isinstance(value, Example) else "",
)
def test_only_the_wrong_piece_of_a_backward_line_is_shown(example: Example, piece: str) -> None:
    """A forward line is shown whole, a backward line around its mistake, nothing where the right formula would show."""
    assert wrong_piece(example) == piece


def test_a_page_reads_like_this() -> None:
    """Title, explanation, two hints, the wrong piece; blanks in angle brackets, text in lines of 80 columns."""
    operator = Operator(
        id="sign-flipped",
        title="A sign is wrong",
        about="Plus and minus look\nalike in ``dx``.",
        says="in {quantity}, a sign is wrong.",
        hint="Look at the signs in {quantity}.",
        examples=(Example("rnn_cell_backward", "dtanh = (1 - a_next ** 2) * da_next", "dtanh = (1 + a_next ** 2) * da_next"),) * 2,
    )
    assert page(operator) == (
        "sign-flipped: A sign is wrong\n"
        "\n"
        "Plus and minus look alike in `dx`.\n"
        "\n"
        "Hint 1: Look at <quantity> in <function>: <meaning>.\n"
        "\n"
        "Hint 2: Look at the signs in <quantity>.\n"
        "\n"
        "It looks like this:\n"
        "\n"
        "  in rnn_cell_backward\n"
        "    dtanh = … 1 + a_next …\n"
    )
