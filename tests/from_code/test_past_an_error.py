"""A function of which no more is known than the line that raises: what is wrong behind that line is found all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import edited, line_of, slip_told, slipped
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

TAKEN = "key: total.get(key, 0) + step[key]"
BEHIND = {
    "another index": (
        "gate_dictionaries",
        ('+= step["dW" + g]', "+= step[g]"),
        ('        grads["dx"][:, :, t] = step["dxt"]\n', ""),
        "step = lstm_cell_backward(",
        "left-at-zero",
    ),
    "a name without a value": (
        "gate_dictionaries",
        ('"c": np.zeros((n_a, m))}\n    for t', '"c": np.zeros((n_a, t))}\n    for t'),
        ('grads["db" + g] +=', 'grads["db" + g] ='),
        'grads["db" + g] = step',
        "overwritten-not-summed",
    ),
    "a key of another kind": (
        "closures",
        (TAKEN, TAKEN.replace("get(key", "get(step")),
        ("dx[:, :, t] = step", "dx[:, :, t - 1] = step"),
        "dx[:, :, t - 1]",
        "input-gradient-stored-wrong",
    ),
    "an array for a dictionary": (
        "one_matrix",
        ('np.concatenate([g["dbf"]', 'np.concatenate([dW["dbf"]'),
        ('        dc_t = g["dc_prev"]\n', ""),
        "g = lstm_cell_backward(",
        "carry-missing",
    ),
    "a dictionary for a size": (
        "spanish_lambdas",
        ("celdas = np.zeros((n, m, pasos))", "celdas = np.zeros((parameters, m, pasos))"),
        ("        celdas[:, :, paso] = celda\n", ""),
        "oculto, celda, y, memoria = lstm",
        "left-at-zero",
    ),
}


@pytest.mark.parametrize("case", BEHIND.values(), ids=BEHIND)
def test_a_silent_slip_behind_the_error(case: tuple[str, tuple[str, str], tuple[str, str], str, str], told: Tell) -> None:
    """Both are told, the error first, and nothing else."""
    style, raises, silent, part, id_ = case
    text = slipped(style, raises, silent)
    first, *others = told(text)
    assert first.id == "raises"
    assert {(one.id, one.line) for one in others} == {(id_, line_of(text, part))}


@pytest.mark.parametrize(
    ("style", "slips"),
    [
        ("classes", [('            dconcat = dconcat + np.dot(self.p["W" + name].T, dz)\n', "")]),
        ("branches_and_asserts", [("        dW = np.zeros(W.shape)\n", "")]),
        (
            "einsum_lists",
            [
                ("        g = lstm_cell_backward(da[:, :, t] + da_prev, dc_prev, steps[t])\n", ""),
                ('        da_prev, dc_prev = g["da_prev"], g["dc_prev"]\n', ""),
            ],
        ),
    ],
)
def test_one_cause_is_told_once(style: str, slips: list[tuple[str, str]], told: Tell) -> None:
    """Later lines raise for the same reason."""
    assert len(told(slipped(style, *slips))) == 1


def test_an_array_that_no_line_makes_is_told_at_the_loop(told: Tell) -> None:
    """The lines that store into it are right; in one that has the name wrong that is told."""
    text = slipped("branches_and_asserts", ("        dW = np.zeros(W.shape)\n", ""))
    (one,) = told(text)
    assert one.line == line_of(text, 'for gate, dgate in (("f"')
    assert f"makes no dW in this loop, nor before it, and so line {line_of(text, 'dW[:, :n_a] =')}, which stores into it," in one.says
    text = slipped("branches_and_asserts", ("dW[:, n_a:] =", "dWW[:, n_a:] ="))
    (one,) = told(text)
    assert one.line == line_of(text, "dWW[:, n_a:]")


def test_a_line_that_reads_the_name_that_it_makes_is_its_own_mistake(told: Tell) -> None:
    """Another line reads the name before it."""
    text = slipped(
        "in_place",
        ("dWaa = np.zeros((n_a, n_a))", "dWaa = da_prev[:, :, 0]"),
        ("da_prev = np.zeros((n_a, m))", "da_prev = da_prev[:, :, 0]"),
    )
    assert [one.line for one in told(text)] == [line_of(text, "dWaa = da_prev"), line_of(text, "da_prev = da_prev")]


def test_a_start_in_a_dictionary_is_told_there(told: Tell) -> None:
    """The line that adds to it is right."""
    text = slipped(
        "spanish_lambdas",
        ('total = {"dWf": np.zeros((n, ancho)), "dWi": np.zeros((n, ancho))', 'total = {"dWf": np.zeros((n, ancho)), "dWi": dx[:, :, 0]'),
    )
    (one,) = told(text)
    assert (one.line, one.proof) == (line_of(text, "total = {"), "proved")


def test_what_is_right_by_its_name_is_not_told(told: Tell) -> None:
    """Were the weight kept transposed, one line would raise no more; the others read it as it is."""
    text = slipped("classes", ("np.dot(self.Wax.T, self.dz)", "np.dot(self.Wax, self.dz)"))
    (one,) = told(text)
    assert (one.id, one.line) == ("transpose-wrong", line_of(text, "np.dot(self.Wax, self.dz)"))


def test_gradients_of_all_gates_that_nothing_stores_are_told_at_the_call(told: Tell) -> None:
    """A loop over gates that stores others leaves none of them out."""
    text = slipped("gate_dictionaries", ('            grads["db" + g] += step["db" + g]\n', ""))
    (one,) = told(text)
    assert (one.id, one.line) == ("left-at-zero", line_of(text, "step = lstm_cell_backward("))


def test_a_name_without_a_value_has_nothing_to_do_with_text(told: Tell) -> None:
    """A helper that compares its argument with text is handed text rightly."""
    text = slipped("closures", ('if letter == "g":', 'if upstream == "g":'))
    (one,) = told(text)
    assert one.line == line_of(text, 'if upstream == "g":')


@pytest.mark.parametrize(
    ("style", "before", "after", "line"),
    [
        ("float32", "a_prev = a0", "a_prev = a", "a_prev = a\n"),
        ("float32", "c_prev = np.zeros((n_a, m), dtype=dtype)\n    for", "c_prev = a\n    for", "c_prev = a\n"),
        ("terse", "p = parameters", "p = a_prev", "p = a_prev"),
        ("spanish_lambdas", "da_next * dth(nuevo)", "da_next * dth(cache)", "da_next * dth(cache)"),
        ("stacked_input", "caches += [cache]", "caches += [caches]", "caches += [caches]"),
        (
            "einsum_lists",
            "T = da.shape[-1]\n    found = []\n    da_prev, dc",
            "T = da.shape[0]\n    found = []\n    da_prev, dc",
            "T = da.shape[0]",
        ),
        ("einsum_lists", "[np.zeros(a0.shape)]", "[np.zeros(c_next.shape)]", "[np.zeros(c_next.shape)]"),
        ("closures", "for letter, d in dz.items()))", "for letter, d in value.items()))", "in value.items()))"),
        ("in_place", "c_next += it * cct", "c_prev += it * cct", "c_prev += it * cct"),
    ],
)
def test_the_line_to_mend(style: str, before: str, after: str, line: str, told: Tell) -> None:
    """It is not the one that raises, or comes out wrong, because of it; and nothing is told beside it."""
    text = slipped(style, (before, after))
    assert [one.line for one in told(text)] == [line_of(text, line)]


def test_what_another_turn_of_the_loop_gave_is_not_told(told: Tell) -> None:
    """What a name holds now was not seen."""
    (one,) = told(slipped("branches_and_asserts", ('("c", dcct), ("o", dot)', '("c", m), ("o", dot)')))
    assert "'int' object has no attribute 'shape'" in one.says


def test_a_loop_that_goes_on_while_a_list_has_entries_is_looked_into() -> None:
    """Its test is a list, and no truth value."""
    text = TEXTS["in_place"].replace("        t = len(steps)\n", "")
    source = collect("style.py", [Cell(text, Origin("style.py", None, tuple(text.splitlines())))])
    assert not any("fault" in cut for cut in examine(source, Harness(source.pieces, PARTS), "in place").search.cuts)


@pytest.mark.parametrize(
    "left", ["da_prevt = dc_prevt = None", "da_prevt, dc_prevt = None, None", "da_prevt, dc_prevt = None, gradients['dc_prev']"]
)
def test_a_name_that_is_left_at_none_with_others(left: str, told: Tell) -> None:
    """It is told at the line that leaves it there, and not at the call that computes with it."""
    text, said = slip_told(told, edited(), "da_prevt = gradients['da_prev']\n        dc_prevt = gradients['dc_prev']", left)
    call = line_of(text, "gradients = lstm_cell_backward(")
    assert said.line == line_of(text, left)
    assert (
        said.says == f"lstm_backward leaves da_prevt at None here, and so line {call} raises TypeError because no number stands there yet"
    )


@pytest.mark.parametrize("blank", ["None", "..."])
def test_a_sum_that_is_left_blank_beside_another_slip(blank: str, told: Tell) -> None:
    """Both are told: what the sum starts with is put there, so that the loop goes on."""
    start, left = "dbf = np.zeros((n_a, 1), dtype)", f"dbf = {blank}"
    added = ("lstm_backward", "dbf = dbf + gradients", "dbf += gradients")
    text = edited(added, ("lstm_backward", start, left), ("lstm_backward", "dc_prevt, caches", "dc_prevt * 0, caches"))
    found = {one.line: one.id for one in told(text)}
    assert found == {line_of(text, left): "raises", line_of(text, "dc_prevt * 0"): "carry-missing"}
