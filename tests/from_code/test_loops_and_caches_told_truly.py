"""What is told of a loop's states and caches holds: a name that gets a value has one, and a cache that is the cell's is right as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import edited, line_of, slip_told

from whygrad.from_code.reference.parts import PARTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Bench, Told

    from whygrad.records import Result

HISTORY = edited(
    (
        "lstm_forward",
        "",
        """def lstm_forward(x, a0, parameters):
    hist = [(a0, np.zeros_like(a0), None, None)]
    for t in range(x.shape[2]):
        a_prev, c_prev = hist[-1][0], hist[-1][1]
        hist.append(lstm_cell_forward(x[:, :, t], a_prev, c_prev, parameters))
    a, c, y = (np.stack([one[j] for one in hist[1:]], axis=2) for j in (0, 1, 2))
    return a, y, c, ([one[3] for one in hist[1:]], x)""",
    )
)


def test_a_name_that_gets_the_start_again(told: Callable[[str], list[Told]]) -> None:
    """The loop gives it a value at every turn, which is the start's: no new value would be false."""
    text, said = slip_told(told, HISTORY, "hist[-1][1]", "hist[0][1]")
    assert said.id == "state-not-carried"
    start = line_of(text, "hist = [(a0")
    assert said.says == f"this call is given at each step what line {start} made: c_prev gets just that in the loop, too"


def test_an_earlier_steps_result_is_no_slot_of_an_array(examined: Callable[[str], Result]) -> None:
    """A list of what the cell handed back holds no zeros, and nothing that changes: which step's it is, and where, is told."""
    (said,) = examined(HISTORY.replace("hist[-1][0], hist[-1][1]", "hist[min(t, 1)][:2]")).mistakes
    assert (said.id, said.says) == ("state-not-carried", "the call at step 2 is given what step 0 handed back")
    assert "Print what goes into the cell at step 2, beside what came out of it at step 1." in said.hints[1]


def test_a_number_that_fills_the_start_is_told_by_its_value(told: Callable[[str], list[Told]]) -> None:
    """It has no shape to be told of: each entry of the slot gets it."""
    changes = {
        "(n_a, m, T_x)": "(n_a, m, T_x + 1)",
        "a_next = a0": "a[:, :, 0] = a0",
        "x[:, :, t], a_next": "x[:, :, t], a[:, :, t]",
        "a[:, :, t] = a_next": "a[:, :, t + 1] = a_next",
        "(a, y": "(a[:, :, 1:], y",
    }
    right = edited(*(("rnn_forward", old, new) for old, new in changes.items()))
    for number in ("0", "1"):
        text, said = slip_told(told, right, "a[:, :, 0] = a0", f"a[:, :, 0] = {number}")
        assert (said.id, said.line) == ("initial-state-wrong", line_of(text, "a[:, :, 0] ="))


def test_a_carry_that_starts_as_a_number_is_told_by_its_name(told: Callable[[str], list[Told]]) -> None:
    """What the call adds it to is new at each step."""
    changes = {
        "da_prevt = np.zeros((n_a, m), dtype)": "da_prevt = 0",
        "da[:, :, t]": "da[..., t]",
        "da0 = gradients['da_prev']": "da0 = da_prevt",
    }
    right = edited(*(("rnn_backward", old, new) for old, new in changes.items()))
    carried = "        da_prevt = gradients['da_prev']\n        dx["
    text, said = slip_told(told, right, carried, "        dx[")
    start = line_of(text, "da_prevt = 0")
    assert said.says == f"this call is given at each step what line {start} made: the loop gives da_prevt no new value"


def test_a_carry_is_told_by_its_name_where_a_line_above_the_call_adds_it(told: Callable[[str], list[Told]]) -> None:
    """Something is stored in the slot that the call is given: it is the carry that stays."""
    above, carried = "da[:, :, t] += da_prevt\n        gradients = ", "        da_prevt = gradients['da_prev']\n        dx["
    changes = {
        "    for t": "    da = da.copy()\n    for t",
        "gradients = rnn": f"{above}rnn",
        "(da[:, :, t] + da_prevt,": "(da[:, :, t],",
        "da0 = gradients['da_prev']": "da0 = da_prevt",
    }
    text, said = slip_told(told, edited(*(("rnn_backward", old, new) for old, new in changes.items())), carried, "        dx[")
    start = line_of(text, "da_prevt = np.zeros")
    assert said.says == f"this call is given at each step what line {start} made: the loop gives da_prevt no new value"


def test_sums_that_are_set_anew_in_the_loop_are_not_said_to_be_added_to_after_it(told: Callable[[str], list[Told]]) -> None:
    """The name of the sums in a line makes it no addition, nor does its last turn put it behind the loop."""
    changes = {
        "    for t": "    sums = dict.fromkeys(('dWax', 'dWaa', 'dba'), 0)\n    for t",
        "        dWax = dWax + gradients['dWax']\n        dWaa = dWaa + gradients['dWaa']\n": "",
        "dba = dba + gradients['dba']": "sums = {k: sums[k] + gradients[k] for k in sums}",
        "'dWax': dWax, 'dWaa': dWaa, 'dba': dba}": "**sums}",
    }
    right = edited(*(("rnn_backward", old, new) for old, new in changes.items()))
    _, said = slip_told(told, right, "sums[k] + gradients", "gradients")
    names = "dWax, dWaa and dba"
    assert (said.id, said.says) == ("overwritten-not-summed", f"of the steps' gradients, {names} hold that of step 0 alone")


def test_sums_that_are_added_to_at_the_last_turn_alone_are_not_said_to_be_so_after_the_loop(told: Callable[[str], list[Told]]) -> None:
    """Each of the conditions is told."""
    lines = ("dWaa = dWaa + gradients['dWaa']", "dba = dba + gradients['dba']")
    text = edited(*(("rnn_backward", line, f"if not t:\n            {line}") for line in lines))
    conditions = [line_of(text, f"if not t:\n            {line}") for line in lines]
    assert [(said.line, said.id, "after" in said.says) for said in told(text)] == [(line, "loop-wrong", False) for line in conditions]


STEP = PARTS["lstm_cell_forward"].replace("def lstm_cell_forward(", "def step(")
SHARED = edited(
    (
        "lstm_cell_forward",
        "",
        f"{STEP}\n\ndef lstm_cell_forward(xt, a_prev, c_prev, parameters):\n    return step(xt, a_prev, c_prev, parameters)",
    ),
    ("lstm_forward", "lstm_cell_forward(x", "step(x"),
)
"""The cell, and a loop that calls what the cell calls."""
CACHE = "(a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)"


@pytest.mark.parametrize("slip", ["c_next, ft", "c_prev, ft, it, cct, ot, concat"], ids=["another state", "of another shape"])
def test_caches_as_the_cell_hands_them_back(told: Callable[[str], list[Told]], slip: str) -> None:
    """Of a loop that keeps the very cache that the cell gives nothing is told beside what is wrong in that."""
    assert CACHE in SHARED
    before = "c_prev, ft" if slip.endswith("ft") else "c_prev, ft, it, cct, ot, xt"
    text, said = slip_told(told, SHARED, CACHE, CACHE.replace(before, slip))
    assert said.id == "name-replaced"
    assert said.line == line_of(text, CACHE.replace(before, slip))
    assert " gets " not in said.says


def test_a_start_with_one_column(bench: Bench) -> None:
    """The entry of the first cache has the right numbers and another shape: it is read, and what is computed from it is right."""
    assert "c_next = np.zeros((n_a, m))" in PARTS["lstm_forward"] or "np.zeros" in PARTS["lstm_forward"]
    start = next(line.strip() for line in PARTS["lstm_forward"].split("\n") if line.strip().startswith("c_next = np.zeros"))
    (note,) = bench.edited(("lstm_forward", start, "c_next = np.zeros((a0.shape[0], 1))"))["lstm_forward"].notes
    assert note.startswith("lstm_forward: c_prev in the cache of step 0 holds the right numbers in shape (")
    assert note.endswith("; what is computed from it is right all the same")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("da[:, :, t] + a1, dc_prevt", "da[:, :, t] + a1 has a1 where another value belongs"),
        ("da[:, :, t] + dc_prevt, dc_prevt", "da[:, :, t] + dc_prevt has dc_prevt where another value belongs"),
        ("dc_prevt + da_prevt, da[:, :, t]", "dc_prevt and da[:, :, t] stand in each other's place in this call of lstm_cell_backward"),
        (
            "da_prevt, dc_prevt + da[:, :, t]",
            "da[:, :, t] is added to one argument of this call of lstm_cell_backward, and belongs to another",
        ),
    ],
    ids=["another state", "the other carry", "exchanged", "added to the other"],
)
def test_what_is_told_of_a_call_holds_at_every_step(told: Callable[[str], list[Told]], given: str, says: str) -> None:
    """At the last step, where nothing has come back yet, another change of the line would do: it has to fit at the others too."""
    (said,) = told(edited(("lstm_backward", "da[:, :, t] + da_prevt, dc_prevt", given)))
    assert (said.proof, said.says) == ("proved", says)


def test_no_change_of_a_call_that_fits_at_one_step_alone(told: Callable[[str], list[Told]]) -> None:
    """A carry that starts as the last step's gradient makes up there for the wrong step's, which is then no term too many."""
    start = "da_prevt = np.zeros((n_a, m), dtype)", "da_prevt = da[:, :, -1]"
    (said,) = told(edited(("rnn_backward", *start), ("rnn_backward", "da[:, :, t]", "da[:, :, t - 1]")))
    given = "da[:, :, t - 1] + da_prevt"
    assert (said.proof, said.says) == ("located", f"{given} is not what this call of rnn_cell_backward should be given")


def test_a_name_that_takes_what_it_is_called_after_is_not_to_blame(told: Callable[[str], list[Told]]) -> None:
    """Two lines read it, one of them for another's sum; what the other one loses hides that it is right there."""
    changes = {
        "da_prevt = gradients['da_prev']": "da_prevt, dWaat = gradients['da_prev'], gradients['dWaa']",
        "dWaa = dWaa + gradients['dWaa']": "dWaa = dWaat",
        "dba = dba + gradients['dba']": "dba = dba + dWaat.sum(axis=1, keepdims=True)",
    }
    text = edited(*(("rnn_backward", old, new) for old, new in changes.items()))
    assert [said.line for said in told(text)] == [line_of(text, "dWaa = dWaat"), line_of(text, "dba = dba + dWaat")]


@pytest.mark.parametrize(
    ("head", "right", "step", "as_right"),
    [
        ("range(T_x)", "range(1, T_x + 1)", "T_x - t", "T_x - t"),
        ("reversed(range(T_x))", "reversed(range(T_x))", "t - 1", "t"),
    ],
)
def test_a_loop_that_counts_from_another_number_than_its_lines(
    head: str, right: str, step: str, as_right: str, told: Callable[[str], list[Told]]
) -> None:
    """One mistake, and not one for each line that reads what is counted with."""

    def program(over: str, at: str) -> str:
        text = PARTS["rnn_backward"].replace("reversed(range(T_x))", over)
        return edited(("rnn_backward", "", text.replace("[:, :, t]", f"[:, :, {at}]").replace("caches[t]", f"caches[{at}]")))

    assert told(program(right, as_right)) == []
    text = program(head, step)
    (said,) = told(text)
    assert (said.line, said.id) == (line_of(text, f"for t in {head}:\n        gradients = "), "loop-wrong")
    assert said.says.startswith("the loop over t is one off, at each turn, from the steps that its lines mean")
    added = "dba = dba + gradients['dba']"
    assert added in text
    both = text.replace(added, "dba = gradients['dba']")
    assert [(one.line, one.id) for one in told(both)] == [
        (said.line, "loop-wrong"), (line_of(both, "dba = gradients['dba']"), "overwritten-not-summed"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("made", "given"),
    [("lstm_cell_forward", ", parameters"), ("functools.partial(lstm_cell_forward, parameters=parameters)", "")],
)
def test_a_cell_that_is_called_by_another_name(made: str, given: str, told: Callable[[str], list[Told]]) -> None:
    """It is a call of the cell all the same, and told with what it is given."""
    old, call = "lstm_cell_forward(x[:, :, t], a_next, c_next, parameters)", f"step(x[:, :, t], a_next, c_next{given})"
    loop = PARTS["lstm_forward"].replace(old, call).replace("    caches = []\n", f"    caches = []\n    step = {made}\n")
    text, before = "import functools\n" + edited(("lstm_forward", "", loop)), f"a_next, c_next{given})"
    _, said = slip_told(told, text, before, f"a_next, c[:, :, t]{given})")
    assert said.says == "the call at step 1 is given zeros: nothing is stored in c[:, :, t] yet when it is read here"
    _, said = slip_told(told, text, before, f"c_next, a_next{given})")
    assert said.says == "c_next and a_next stand in each other's place in this call of step"


def test_a_step_that_is_computed_in_the_loop(told: Callable[[str], list[Told]]) -> None:
    """The loop goes over the right steps: it is said of the name."""
    right = PARTS["rnn_backward"].replace("        gradients = ", "        k = t\n        gradients = ")
    right = edited(("rnn_backward", "", right.replace("[:, :, t]", "[:, :, k]").replace("caches[t]", "caches[k]")))
    text, said = slip_told(told, right, "k = t\n", "k = t - 1\n")
    assert (said.line, said.id) == (line_of(text, "k = t - 1"), "loop-wrong")
    assert said.says == "k starts at the last step but one and ends at the index -1, which is the last step"
