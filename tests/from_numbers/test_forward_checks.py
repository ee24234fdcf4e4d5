"""The checks of the forward functions: states, predictions and a row of the cache are searched like gradients."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from whygrad.assignments import SEQUENCE_MODELS_FORWARD as FORWARD
from whygrad.assignments.assignment import compiled

if TYPE_CHECKING:
    from conftest import Answer, Change, Notebook

RCF, RF, LCF, LF = FORWARD.printed
DOT = "np.dot(Wax, xt) + np.dot(Waa, a_prev)"


def printed(check: str, *changes: Change) -> str:
    """What a notebook prints in a check of these, after changes of the program's text."""
    texts: dict[str, str] = {}
    for function, old, new in changes:
        text = texts.get(function, "\n".join(FORWARD.functions[function]))
        assert old in text, f"{function} has no {old}"
        texts[function] = text.replace(old, new)
    outputs = FORWARD.run_check(check, {name: compiled(tuple(text.splitlines())) for name, text in texts.items()})
    lines: list[str] = []
    for name, index in FORWARD.printed[check]:
        value = np.asarray(outputs[name])[index]
        shown = np.array2string(value, precision=8, max_line_width=75) if value.ndim else repr(float(value))
        lines.append(f"{name}{''.join(f'[{at}]' for at in index)} = {shown}\n")
    return "".join(lines)


SINGLE: dict[str, tuple[str, Change, tuple[str, str, str]]] = {
    "a bias outside": (RCF, (RCF, f"{DOT} + ba)", f"{DOT}) + ba"), ("bracket-moved", RCF, "a_next")),
    "a tanh at a gate": (LCF, (LCF, "it = sigmoid(", "it = np.tanh("), ("activation-wrong", LCF, "it")),
    "in the sequence too": (LF, (LCF, "ot * np.tanh(c_next)", "ot * np.tanh(a_prev)"), ("name-replaced", LCF, "a_next")),
    "from zero": (LF, (LF, "a_next = a0", "a_next = np.zeros((n_a, m))"), ("initial-state-wrong", LF, "a_next")),
    "no probabilities": (RF, (RCF, "softmax(np.dot(Wya, a_next) + by)", "np.dot(Wya, a_next) + by"), ("prediction-wrong", RCF, "yt_pred")),
    "stored too early": (RF, (RF, "a[:, :, t] = a_next", "a[:, :, t - 1] = a_next"), ("output-stored-wrong", RF, "a")),
    "whole numbers": (LF, (LF, "c = np.zeros((n_a, m, T_x), dtype)", "c = np.zeros((n_a, m, T_x), int)"), ("output-stored-wrong", LF, "c")),
}


@pytest.mark.parametrize("name", SINGLE)
def test_one_mistake_is_named(answer: Answer, name: str) -> None:
    """Every number is explained, by the mistake that was made; no function is called right."""
    check, change, wanted = SINGLE[name]
    result = answer(printed(check, change))
    assert (result.verdict, result.reproduced, result.checks) == ("explained", result.printed, (check,))
    assert {(mistake.id, mistake.function, mistake.quantity) for mistake in result.mistakes} == {wanted}
    assert result.exonerated == ()


TWO: dict[str, tuple[str, Change, Change, set[tuple[str, str]]]] = {
    "one behind the other": (LCF, (LCF, "+ bf", "- bf"), (LCF, "softmax(", "sigmoid("), {(LCF, "ft"), (LCF, "yt_pred")}),
    "two gates of one state": (LCF, (LCF, "+ bi", ""), (LCF, "cct = np.tanh(", "cct = sigmoid("), {(LCF, "it"), (LCF, "cct")}),
    "a gate and the state": (
        LCF, (LCF, "ot = sigmoid(", "ot = np.tanh("), (LCF, "* np.tanh(c_next)", "* c_next"), {(LCF, "ot"), (LCF, "a_next")},
    ),
    "in the cell and in the loop": (
        RF, (RCF, "+ ba)", ")"), (RF, "y_pred[:, :, t] = yt_pred", "y_pred[:, :, 0] = yt_pred"), {(RCF, "a_next"), (RF, "y_pred")},
    ),
    "each spoils all numbers": (
        RF, (RCF, "np.tanh(", "sigmoid("), (RF, "a_next = a0", "a_next = np.ones(a0.shape)"), {(RCF, "a_next"), (RF, "a_next")},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TWO)
def test_two_mistakes_are_named(answer: Answer, name: str) -> None:
    """Both are found, also where they spoil the same number, so that neither gives it alone."""
    check, one, other, wanted = TWO[name]
    result = answer(printed(check, one, other))
    assert (result.verdict, result.reproduced) == ("explained", result.printed)
    assert {(mistake.function, mistake.quantity) for mistake in result.mistakes} == wanted


@pytest.mark.parametrize("check", FORWARD.printed)
def test_right_numbers_are_right(answer: Answer, check: str) -> None:
    """They clear no function, since of the cache they show a row at most, and a note says so."""
    result = answer(printed(check))
    assert (result.verdict, result.mistakes, result.exonerated) == ("right", (), ())
    assert any("backward functions tell" in note for note in result.notes)


@pytest.mark.parametrize("check", FORWARD.printed)
@pytest.mark.parametrize("seed", range(3))
def test_numbers_of_the_right_size_are_unknown(answer: Answer, check: str, seed: int) -> None:
    """Noise on the right numbers has no cause."""
    draw = np.random.default_rng(seed)
    lines = printed(check).replace("\n ", " ").splitlines()
    head, _, numbers = lines[0].partition(" = ")
    noisy = " ".join(f"{float(word) + draw.normal() / 9:.8f}" for word in numbers.strip("[]").split())
    text = f"{head} = {f'[{noisy}]' if '[' in numbers else noisy}\n" + "\n".join(lines[1:])
    assert answer(text).verdict in {"unknown", "partly"}


def test_cell_and_sequence_explain_each_other(answer: Answer) -> None:
    """One mistake prints the numbers of both checks, and is told once."""
    change = (LCF, "ot * np.tanh(c_next)", "ot * c_next")
    result = answer(f"{printed(LCF, change)}\n{printed(LF, change)}")
    assert (result.verdict, result.reproduced, len(result.mistakes)) == ("explained", result.printed, 1)
    assert result.checks == (LCF, LF)


@pytest.mark.parametrize("label", ["a_next[4]", "c_next[2]"])
@pytest.mark.parametrize("more", ["0.5", "0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 0.1 0.2"])
def test_more_numbers_than_a_row_has(answer: Answer, label: str, more: str) -> None:
    """A line that was pasted twice prints what no program does; how many numbers there are is said."""
    row = next(line for line in printed(LCF).replace("\n ", " ").splitlines() if line.startswith(label)).rstrip("]")
    result = answer(f"{row} {more}]\n")
    count = 10 + len(more.split())
    assert (result.verdict, result.printed) == ("unknown", count)
    assert f"{label} has {count} numbers, and the check prints 10 there" in result.notes


def test_gradients_count_beside_states(notebook: Notebook, answer: Answer) -> None:
    """Where a text has numbers of a backward function too, these are searched, and a note says that the others are not."""
    result = answer(f"{printed(LCF)}\n{notebook.printed('lstm_cell_backward')}")
    assert result.checks == ("lstm_cell_backward",)
    assert any("not looked at" in note for note in result.notes)
