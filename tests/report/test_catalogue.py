"""The page of a mistake shows the wrong piece, not the rest of the line: that is what a learner has to find."""

from __future__ import annotations

import re

import pytest

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.mistakes import OPERATORS, Example, Operator
from whygrad.report.catalogue import page, wrong_piece

EQUATIONS = {
    line.strip()
    for function, role in SEQUENCE_MODELS.vocabulary.roles.items()
    if role.startswith("cell")
    for line in SEQUENCE_MODELS.functions[function]
    if " = " in line and not line.strip().startswith("(")
}
FEWEST, MOST = 6, 0.75
"""Of a formula of some length so much may show."""


@pytest.mark.parametrize(
    ("example", "piece"),
    [
        (Example("lstm_forward", "c_next = np.zeros((n_a, m), dtype)", "c_next = c[:, :, 0]"), "c_next = c[:, :, 0]"),
        (
            Example("lstm_cell_forward", "ft = sigmoid(np.dot(Wf, concat) + bf)", "ft = np.tanh(np.dot(Wf, concat) + bf)"),
            "ft = np.tanh(np.dot …",
        ),
        (Example("lstm_cell_forward", "h = a * b + c", "h = c * b + a"), "h = c * b + a"),
        (Example("lstm_cell_forward", "h = f(a, b)", "noise = randn(3, 4)\nh = f(a, b)"), "noise = randn(3, 4)"),
        (
            Example("lstm_cell_forward", "c_next = ft * c_prev + it * cct", "c_prev *= ft\nc_prev += it * cct\nc_next = c_prev"),
            "c_prev *= ft\n…\nc_next = c_prev",
        ),
        (Example("rnn_cell_backward", "dWaa = np.dot(dtanh, a_prev.T)", "dWaa = np.dot(dtanh, da_prev.T)"), "dWaa = … , da_prev.T)"),
        (Example("lstm_cell_backward", "dit = dc * cct * it * (1 - it)", "dit = dc * cct * ft * (1 - ft)"), "dit = … * ft * (1 - ft)"),
        (Example("lstm_backward", "for t in reversed(range(T_x)):", "for t in range(T_x):"), "for t in range(T_x):"),
        (Example("lstm_backward", "da_prevt = gradients['da_prev']", ""), ""),
        (Example("lstm_cell_backward", "dc_prev = dc * ft", "dc_prev = np.zeros_like(dc * ft)"), ""),
    ],
    ids=lambda value: value.after if isinstance(value, Example) else "",
)
def test_only_the_wrong_piece_of_a_line_is_shown(example: Example, piece: str) -> None:
    """A line is shown around its mistake, of a long piece both ends, and nothing where the right formula would show."""
    assert wrong_piece(example) == piece


def in_common(one: list[str], other: list[str]) -> int:
    """The length of the longest list that is in both, in its order but with gaps."""
    row = [0] * (len(other) + 1)
    for token in one:
        above = row
        row = [0]
        for at, its in enumerate(other):
            row.append(above[at] + 1 if token == its else max(above[at + 1], row[at]))
    return row[-1]


@pytest.mark.parametrize("name", OPERATORS)
def test_no_page_shows_a_right_line(name: str) -> None:
    """No line of a cell's equations stands on it, nor most of the line that the mistake is made in."""
    for example in OPERATORS[name].examples:
        piece = wrong_piece(example)
        shown = re.findall(r"[\w.]+|\S", piece)
        assert all(equation not in piece for equation in EQUATIONS)
        for line in example.before.splitlines():
            formula = re.findall(r"[\w.]+|\S", line.partition(" = ")[2])
            assert len(formula) < FEWEST or in_common(shown, formula) <= MOST * len(formula), piece


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
