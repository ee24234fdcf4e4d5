"""What a line that raises is mended with so that the function goes on, and at which line, and in which cell, its error is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import edited, line_of, slipped
from styles import TEXTS

from whygrad.from_code.examine import examine
from whygrad.from_code.reference.parts import PARTS
from whygrad.read.pieces import Cell, collect
from whygrad.read.source import Origin
from whygrad.sandbox.harness import Harness

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

    Tell = Callable[[str], list[Told]]

MADE = "        dW = np.zeros(W.shape)\n"
BEHIND = {
    "an array that no line makes": (
        "branches_and_asserts",
        (MADE, ""),
        ("gradients['db' + gate] = np.sum(dgate, 1, keepdims=True)".replace("'", '"'), 'gradients["db" + gate] = np.sum(dgate, 1)'),
        "sum-wrong",
    ),
    "a start with the step as its first axis": (
        "terse",
        ("dx = np.zeros((T, len(x), m))", "dx = dx[:, :, 0]"),
        ("lstm_cell_backward(da[..., t] + dh, dc", "lstm_cell_backward(dh, dc"),
        "upstream-missing",
    ),
    "one start of two names": (
        "closures",
        ("da_t = dc_t = np.zeros((n, m))", "da_t = dc_t = dc_t[:, :, 0]"),
        ("        dx[:, :, t] = step", "        dx[:, :, t - 1] = step"),
        "input-gradient-stored-wrong",
    ),
    "a start that no line fills": (
        "spanish_lambdas",
        ("ocultos = np.zeros((a0.shape[0], a0.shape[1], pasos))", "ocultos = ocultos[:, :, 0]"),
        ("        ocultos[:, :, paso] = oculto\n", ""),
        "left-at-zero",
    ),
    "a matrix the other way": (
        "closures",
        ('(s.p[f"W{letter}"].T @ d for', '(s.p[f"W{letter}"] @ d for'),
        ("return dc * s.i * (1 - s.g**2)", "return dc * s.i * (1 - s.g)"),
        "wrong-activation-derivative",
    ),
}


@pytest.mark.parametrize("case", BEHIND.values(), ids=BEHIND)
def test_a_silent_slip_behind_the_error(case: tuple[str, tuple[str, str], tuple[str, str], str], told: Tell) -> None:
    """The error is told first, and the other slip is proved, or stated."""
    first, *others = told(slipped(*case[:3]))
    assert first.id == "raises"
    assert [(one.id, one.proof) for one in others] == [(case[3], "proved")]


def test_a_value_that_no_line_makes_is_told_at_the_loop(told: Tell) -> None:
    """Two lines read it. What one line alone reads has the name wrong, and so has what is like another name."""
    text = slipped("gate_dictionaries", ('        z = np.dot(parameters["W" + g], concat) + parameters["b" + g]\n', ""))
    (one,) = told(text)
    assert text.split("\n")[one.line - 1].strip() == "for g in GATES:"
    assert f"makes no z in this loop, nor before it, and so line {line_of(text, 'gate[g] = sigmoid(z)')}, which reads it," in one.says
    text = slipped("gate_dictionaries", ("gate[g] = sigmoid(z)", "gate[g] = sigmoid(zz)"))
    (one,) = told(text)
    assert one.line == line_of(text, "sigmoid(zz)")
    text = slipped("gate_dictionaries", ("gate[g] = np.tanh(z)", "gate[g] = squash(z)"), ("gate[g] = sigmoid(z)", "gate[g] = squash(z)"))
    (one,) = told(text)
    assert "makes no squash" not in one.says


def test_a_start_under_a_computed_key(told: Tell) -> None:
    """Told where it is stored, not where something is added to it."""
    text = slipped("float32", ('sums["d" + k] = np.zeros((n_a, n_a + n_x), dtype=dtype)', 'sums["d" + k] = dx[:, :, 0]'))
    (one,) = told(text)
    assert one.line == line_of(text, 'sums["d" + k] = dx')


def test_keys_that_were_lost_are_told_once(told: Tell) -> None:
    """The results that are missing for that reason are no mistake of their own."""
    (_,) = told(TEXTS["float32"].replace('sums["d" + k] = np.zeros', 'sums["d"] = np.zeros'))


def test_an_array_for_a_dictionary_is_told_at_the_call(told: Tell) -> None:
    """The helper asks it for keys, and for nothing else."""
    text = slipped("helper_functions", ("        add_step(total, step, names)\n    total", "        add_step(da, step, names)\n    total"))
    assert [one.line for one in told(text)] == [line_of(text, "add_step(da, step, names)")]


def test_a_line_in_another_cell_is_named_with_it() -> None:
    """Each cell counts its own lines."""
    text = slipped("spanish_lambdas", ("da_next * dth(nuevo)", "da_next * dth(cache)"))
    head, _, rest = text.partition("def rnn_cell_forward")
    rest = "def rnn_cell_forward" + rest
    cells = [Cell(one, Origin("book.ipynb", number, tuple(one.splitlines()))) for number, one in enumerate((head, rest), 1)]
    source = collect("book.ipynb", cells)
    (mistake,) = examine(source, Harness(source.pieces, PARTS), "in place").mistakes
    assert mistake.location is not None
    assert (mistake.location.cell, mistake.location.line) == (2, line_of(rest, "dth(cache)"))
    assert f"which computes with it: cell 1, line {line_of(head, 'dth =')} raises TypeError" in mistake.says


RAISES = {
    "misspelt": ("dft = dc * c_prv * ft * (1 - ft)", "dft = dc * c_prv * ft * (1 + ft)"),
    "called": ("dft = dc * c_prev * ft(1 - ft)", "dft = dc * c_next * ft(1 - ft)"),
    "no power": ("dcct = dc * it * (1 - cct^2)", "dcct = dc * ft * (1 - cct^2)"),
    "power of brackets": ("dcct = dc * it * (1 - (cct^2))", "dcct = ((1 - cct)^2) * (dc * it)"),
    "brackets called": ("dcct = (1 - cct**2)(dc * it)", "dcct = (1 - cct**2)(dc * ft)"),
    "behind a dot": ("Wf = parameters.Wf", "Wf = parameters.Wi.T"),
    "no argument": ("dbo = np.sum(dot, axis=1, keepdim=True)", "dbo = np.sum(dcct, axis=1, keepdim=True)"),
    "turned": ("dWf = np.dot(dft, np.concatenate((a_prev, xt), axis=0))", "dWf = np.dot(dit, np.concatenate((a_prev, xt), axis=0))"),
}


@pytest.mark.parametrize(("one", "two"), RAISES.values(), ids=RAISES)
def test_a_line_that_raises_may_be_wrong_in_more(one: str, two: str) -> None:
    """It is no more than what raises where an edit of that makes all right; else nothing but the error is said, and that more may be."""
    for line, all_of_it in ((one, True), (two, False)):
        own = next(own for own in PARTS["lstm_cell_backward"].splitlines() if own.strip().startswith(line.partition(" ")[0] + " "))
        text = edited(("lstm_cell_backward", own.strip(), line))
        source = collect("book.ipynb", [Cell(text, Origin("book.ipynb", 1, tuple(text.splitlines())))])
        result = examine(source, Harness(source.pieces, PARTS), "in place")
        (mistake,) = result.mistakes
        assert mistake.location is not None
        assert mistake.location.line == line_of(text, line)
        assert result.search.complete == all_of_it
        assert all_of_it or mistake.id == "raises"
