"""Three mistakes that no sum of simpler searches covers: one that mixes examples, a loop that begins wrong; and what they are built on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest

from whygrad import read
from whygrad.diagnose import diagnose
from whygrad.from_numbers.candidates.found import MOST_WORK, Trail
from whygrad.from_numbers.numbers.printed import Target
from whygrad.from_numbers.programs.contexts import Contexts
from whygrad.from_numbers.sequence.search import SequenceSearch
from whygrad.from_numbers.walks.beginnings import agreeing, sent
from whygrad.from_numbers.walks.hypotheses import Hypotheses
from whygrad.from_numbers.walks.trajectories import Trajectories

if TYPE_CHECKING:
    from tests.from_numbers.conftest import Notebook
    from whygrad.from_numbers.tables.tables import Tables

WEIGHT = ("rnn_cell_backward", "dxt = np.dot(Wax.T", "dxt = np.dot(np.dot(dtanh, xt.T).T")
WEIGHTS = ("Wf", "Wi", "Wc", "Wo")
THREE = {
    "a weight's gradient for the weight, another equation, the loop": (
        "rnn_backward",
        [WEIGHT, ("rnn_cell_backward", "1 - a_next ** 2", "1 - a_next"), ("rnn_backward", "        da_prevt = gradients['da_prev']\n", "")],
    ),
    "a weight's gradient for the weight, the forward pass, the loop": (
        "rnn_backward",
        [
            WEIGHT,
            ("rnn_forward", "a_next = a0", "a_next = np.zeros_like(a0)"),
            ("rnn_backward", "da[:, :, t] + da_prevt", "da[:, :, 0] + da_prevt"),
        ],
    ),
    "two views, one of a buffer that has two names, and no carry": (
        "lstm_backward",
        [
            ("lstm_forward", "a_next = a0", "a[:, :, 0] = a0\n    a_next = a[:, :, 0]"),
            ("lstm_forward", "c = np.zeros((n_a, m, T_x), dtype)", "c = a"),
            ("lstm_forward", "c_next = np.zeros((n_a, m), dtype)", "c_next = c[:, :, 0]"),
            ("lstm_backward", "        dc_prevt = gradients['dc_prev']\n", ""),
        ],
    ),
    "a weight for another in da_prev, which nothing but da0 shows, and that with the wrong sign": (
        "rnn_backward",
        [
            ("rnn_cell_backward", "np.dot(Waa.T, dtanh)", "np.dot(Wax.T, dtanh)"),
            ("rnn_backward", "        da_prevt = gradients['da_prev']\n", ""),
            ("rnn_backward", "da0 = gradients['da_prev']", "da0 = -gradients['da_prev']"),
        ],
    ),
    "a view, the first input at every step, and a bracket in the forward cell": (
        "rnn_backward",
        [
            ("rnn_forward", "a_next = a0", "a_next = a[:, :, 0]"),
            ("rnn_forward", "x[:, :, t]", "x[:, :, 0]"),
            ("rnn_cell_forward", "np.dot(Waa, a_prev) + ba)", "np.dot(Waa, a_prev + ba))"),
        ],
    ),
    "a sum with a column for each example, of what is summed wrongly, and no carry": (
        "rnn_backward",
        [
            ("rnn_backward", "dba = np.zeros((n_a, 1), dtype)", "dba = np.zeros((n_a, m), dtype)"),
            ("rnn_cell_backward", "dba = np.sum(dtanh", "dba = np.sum(da_next"),
            ("rnn_backward", "        da_prevt = gradients['da_prev']\n", ""),
        ],
    ),
    "a stack without the hidden state, which makes zeros of the weights' gradients, and two slips in the gates": (
        "lstm_cell_backward",
        [
            ("lstm_cell_backward", "np.concatenate((a_prev, xt), axis=0).T", "np.concatenate((np.zeros_like(a_prev), xt), axis=0).T"),
            ("lstm_cell_backward", "dcct = dc * it * (1 - cct ** 2)", "dcct = dc * it * (1 - cct)"),
            ("lstm_cell_backward", "dit = dc * cct * it * (1 - it)", "dit = (dc - dc_next) * cct * it * (1 - it)"),
        ],
    ),
}
RARER = {
    "three gates": (
        "lstm_backward",
        [
            ("lstm_cell_backward", "* ot * (1 - ot)", "* ot"),
            ("lstm_cell_backward", "* ft * (1 - ft)", "* (1 - ft)"),
            ("lstm_cell_backward", "dcct = dc * it", "dcct = dc"),
        ],
    ),
    "weights' gradients for the weights, a rare mistake before them, and a loop that hands nothing back": (
        "lstm_backward",
        [
            *[
                ("lstm_cell_backward", f"{weight}[:, {part}].T", f"d{weight}[:, {part}].T")
                for weight in WEIGHTS
                for part in ("n_a:", ":n_a")
            ],
            ("lstm_cell_forward", "np.concatenate((a_prev, xt)", "np.concatenate((xt, a_prev)"),
            ("lstm_backward", "        da_prevt = gradients['da_prev']\n        dc_prevt = gradients['dc_prev']\n", ""),
        ],
    ),
    "weights' gradients for the weights, and a rare mistake before them": (
        "lstm_backward",
        [
            *[
                ("lstm_cell_backward", f"{weight}[:, {part}].T", f"d{weight}[:, {part}].T")
                for weight in WEIGHTS
                for part in ("n_a:", ":n_a")
            ],
            ("lstm_cell_forward", "np.concatenate((a_prev, xt)", "np.concatenate((xt, a_prev)"),
        ],
    ),
    "one in the forward pass, of which dx says nothing": (
        "rnn_backward",
        [
            ("rnn_cell_forward", " + ba)", " - ba)"),
            ("rnn_cell_backward", "dxt = np.dot(Wax.T, dtanh)", "dxt = np.dot(Wax.T, da_next)"),
            ("rnn_cell_backward", "da_prev = np.dot(Waa.T, dtanh)", "da_prev = np.dot(Waa.T, da_next)"),
            ("rnn_backward", "        da_prevt = gradients['da_prev']\n", ""),
        ],
    ),
    "the loop starts from a state, takes no upstream gradient and hands nothing on": (
        "rnn_backward",
        [
            ("rnn_backward", "da_prevt = np.zeros((n_a, m), dtype)", "da_prevt = caches[-1][0]"),
            ("rnn_backward", "da[:, :, t] + da_prevt", "da_prevt"),
            ("rnn_backward", "        da_prevt = gradients['da_prev']\n", ""),
        ],
    ),
    "a weight's gradient for the weight, written out, of what is divided wrongly, and no carry": (
        "rnn_backward",
        [
            ("rnn_cell_backward", "dtanh = (1 - a_next ** 2) * da_next", "dtanh = (1 - a_next ** 2) * da_next / a_next.shape[0]"),
            (
                "rnn_cell_backward",
                "dxt = np.dot(Wax.T, dtanh)",
                "dxt = np.dot(np.dot(dtanh, xt.T).T, da_next * (1 - a_next ** 2))",
            ),
            ("rnn_backward", "        da_prevt = gradients['da_prev']\n", ""),
        ],
    ),
    "one in a gate that dx has lost, and one more": (
        "lstm_backward",
        [
            ("lstm_cell_backward", " + np.dot(Wc[:, n_a:].T, dcct)", ""),
            ("lstm_cell_backward", " + np.dot(Wc[:, :n_a].T, dcct)", ""),
            ("lstm_cell_backward", "dcct = dc * it", "dcct = dc"),
            ("lstm_forward", "a_next = a0", "a_next = np.zeros_like(a0)"),
        ],
    ),
    "what many checks draw, a rare slip in the cell, the upstream gradient of the mirrored step": (
        "lstm_backward",
        [
            ("lstm_backward_check", "Wy = np.zeros((2, 5))", "Wy = np.random.randn(2, 5)"),
            ("lstm_cell_backward", "dit = dc * cct", "dit = dc * c_prev"),
            ("lstm_backward", "da[:, :, t] + da_prevt", "da[:, :, T_x - t - 1] + da_prevt"),
        ],
    ),
    "two gates at first, and what is handed back, which shows later": (
        "lstm_backward",
        [
            ("lstm_cell_backward", "dcct = dc * it", "dcct = dc"),
            ("lstm_cell_backward", "* ot * (1 - ot)", "* ot"),
            ("lstm_cell_backward", "da_prev = np.dot(Wf[:, :n_a].T, dft)", "da_prev = np.dot(Wi[:, :n_a].T, dft)"),
        ],
    ),
    "one gate at first, a weight's gradient for the weight in what is handed back, the loop": (
        "lstm_backward",
        [
            ("lstm_cell_backward", "dcct = dc * it", "dcct = dc"),
            ("lstm_cell_backward", "da_prev = np.dot(Wf[:, :n_a].T, dft)", "da_prev = np.dot(np.dot(dft, a_prev.T).T, dft)"),
            ("lstm_backward", "        dc_prevt = gradients['dc_prev']\n", ""),
        ],
    ),
    "the first input at each step, and the upstream gradient of the step after for what is carried": (
        "lstm_backward",
        [
            ("lstm_forward", "x[:, :, t], a_next", "x[:, :, 0], a_next"),
            ("lstm_backward", "da[:, :, t] + da_prevt", "da[:, :, t] + da[:, :, min(t + 1, T_x - 1)]"),
        ],
    ),
    "no carry, one state for the other, and a view that dx does not show": (
        "lstm_backward",
        [
            ("lstm_backward", "        da_prevt = gradients['da_prev']\n        dc_prevt = gradients['dc_prev']\n", ""),
            ("lstm_forward", "parameters)\n        a[", "parameters)\n        a_next = c_next\n        a["),
            ("lstm_forward", "a_next = a0", "a_next = a[:, :, 0]"),
        ],
    ),
    "a rare slip in the forward pass, one in the cell, and one in dc_prev, which shows later": (
        "lstm_backward",
        [
            ("lstm_forward", "lstm_cell_forward(x[:, :, t]", "lstm_cell_forward(x[:, :, T_x - 1 - t]"),
            ("lstm_cell_backward", "dc = dc_next + da_next", "dc = dc_next + ft"),
            ("lstm_cell_backward", "dc_prev = dc * ft", "dc_prev = -(dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)) * ft"),
        ],
    ),
    "a carry that is cut off, which dx does not show, no sums, and nothing at the initial state": (
        "rnn_backward",
        [
            ("rnn_backward", "da_prevt = gradients['da_prev']", "da_prevt = np.clip(gradients['da_prev'], -5, 5)"),
            ("rnn_backward", "dWax = dWax + gradients['dWax']", "dWax = gradients['dWax']"),
            ("rnn_backward", "dWaa = dWaa + gradients['dWaa']", "dWaa = gradients['dWaa']"),
            ("rnn_backward", "dba = dba + gradients['dba']", "dba = gradients['dba']"),
            ("rnn_backward", "    da0 = gradients['da_prev']", "    da0 = np.zeros((n_a, m), dtype)"),
        ],
    ),
    "two gates, and a loop that begins with the first step's gradient": (
        "lstm_backward",
        [
            ("lstm_backward", "da[:, :, t] + da_prevt", "da[:, :, 0] + da_prevt"),
            ("lstm_cell_backward", "* ot * (1 - ot)", "* ot"),
            ("lstm_cell_backward", "* ft * (1 - ft)", "* (1 - ft)"),
        ],
    ),
}


@pytest.mark.parametrize("name", [*THREE, *(pytest.param(name, marks=pytest.mark.slow) for name in RARER)])
def test_three_mistakes_are_found(notebook: Notebook, name: str) -> None:
    """Every printed number is explained, with mistakes in the functions that were changed."""
    check, changes = (THREE | RARER)[name]
    result = diagnose(notebook.printed(check, *changes)).result
    assert (result.verdict, result.reproduced) == ("explained", result.printed)
    functions = {None if function.endswith("_check") else function for function, _, _ in changes}
    answers = [result.mistakes, *(other.mistakes for other in result.alternatives)]
    assert any({mistake.function for mistake in mistakes} == functions for mistakes in answers)


@pytest.mark.parametrize("check", ["rnn_backward", "lstm_backward"])
def test_beginnings_are_what_the_cell_gives(tables: Tables, notebook: Notebook, check: str) -> None:
    """Sums of what the cell makes of each part agree with the cell run for each beginning, for the same forward passes."""
    of_check = tables.of(check)
    target = Target(read.read_text(notebook.printed(check), "a post").blocks[0])
    hypotheses = Hypotheses(of_check, target)
    walks = Trajectories(hypotheses, (), Trail())
    cache = hypotheses.right[0].cache
    passes = of_check.passes.contexts
    contexts = Contexts(passes.da, {name: array[:, :, [cache]] for name, array in passes.arrays.items()})
    assert walks.cell is not None
    walk = walks.through(walks.cell, contexts)
    numbers = sent(walk, hypotheses.single, hypotheses.usual_openings)
    found = list(agreeing(walk, hypotheses.single, hypotheses.usual_openings, numbers))
    assert any(0 in places for _, places in found)
    for node, places in found:
        count = len(contexts)
        opened = walk.opened(np.arange(count), np.full(count, node), [()], hypotheses.single)
        assert opened.contexts.tolist() == places.tolist()


def test_less_work_where_dx_tells_less(tables: Tables, notebook: Notebook) -> None:
    """Of four steps of dx one is a number: a quarter of the work."""
    text = re.sub(r"\[ *\S+ +\S+ +\S+ +(\S+)\]", r"[nan nan nan \1]", notebook.printed("lstm_backward"), count=1)
    block = read.read_text(text, "a post").blocks[0]
    target = Target(block)
    assert target.finite[target.of("dx")].tolist() == [False, False, False, True]
    assert SequenceSearch(tables.of("lstm_backward"), target).trail.left == MOST_WORK // 4


def test_a_program_that_mixes_examples_is_not_walked_for_some_of_them(tables: Tables, notebook: Notebook) -> None:
    """Its own equations need the whole batch; of a column alone they give other shapes, or other numbers."""
    table = tables.of("lstm_backward")
    target = Target(read.read_text(notebook.printed("lstm_backward"), "a post").blocks[0])
    mixing = next(edits for _, edits in Hypotheses(table, target).cells.mixing if "np.dot(dft[:, :n_a].T" in edits[0].lines[0][2])
    walks = Trajectories(Hypotheses(table, target), mixing, Trail())
    assert walks.record is not None
    assert walks.cell is None
    assert walks.loops_alone(walks.hypotheses.single, "loops") == []
