"""Hints that speak of what the learner has written, and of what is asked at this place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from styles import TEXTS

from whygrad.from_code.examine import examine
from whygrad.from_code.naming.arithmetic import added
from whygrad.from_code.naming.wording import in_general, returned_by
from whygrad.from_code.reference.inputs import case
from whygrad.from_code.reference.parts import FUNCTIONS, PARTS
from whygrad.from_code.search.find import find
from whygrad.read.pieces import Cell, collect
from whygrad.read.source import Origin
from whygrad.sandbox.harness import Harness
from whygrad.sandbox.requests import Piece, Reply

if TYPE_CHECKING:
    from whygrad.records import Mistake
    from whygrad.sandbox.requests import Request

STATE = "    c_next = ft * c_prev + it * cct\n"
KEPT = "cache = (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)"


def mistake(style: str, function: str, before: str, after: str) -> Mistake:
    """The only one in a style in one of whose functions some text is written otherwise."""
    start = TEXTS[style].index(before, TEXTS[style].index(f"def {function}("))
    text = TEXTS[style][:start] + after + TEXTS[style][start + len(before) :]
    source = collect("style.py", [Cell(text, Origin("style.py", None, tuple(text.splitlines())))])
    (found,) = examine(source, Harness(source.pieces, PARTS), "in place").mistakes
    return found


def test_a_second_name_is_called_so() -> None:
    """Where there is no slice, the hint speaks of none, but of the lines that work in place."""
    in_place = "    c_next = c_prev\n    c_next *= ft\n    c_next += it * cct\n"
    hint = mistake("course_template", "lstm_cell_forward", STATE, in_place).hints[1]
    assert "slice" not in hint
    assert "c_next *= ..." in hint
    assert "second name" in hint


def test_a_second_name_of_a_whole_array_is_filled_step_by_step() -> None:
    """The line that works in place may be one that stores a step's result."""
    hint = mistake("course_template", "lstm_forward", "c = np.zeros((n_a, m, T_x))", "c = a").hints[1]
    assert "c[...] = ..." in hint


LOOP = "a_next, c_next, yt, cache = lstm_cell_forward(x[:,:,t], a_next, c_next, parameters)"


@pytest.mark.parametrize(
    ("function", "before", "after", "known"),
    [
        ("lstm_forward", LOOP, f"a_new{LOOP[6:]}\n        a_next = a_next + a_new", "carry-added-up"),
        ("lstm_forward", LOOP, LOOP.replace("a_next, c_next, p", "c_next, a_next, p"), "call-argument-wrong"),
        ("rnn_forward", "np.zeros((n_a, m, T_x))", "np.zeros((n_a, m, T_x), int)", "whole-numbers"),
        ("lstm_cell_forward", "np.zeros((n_a + n_x, m))", "np.zeros((n_y + n_x, m))", "wrong-size"),
    ],
)
def test_no_hint_on_a_forward_pass_speaks_of_the_way_back(function: str, before: str, after: str, known: str) -> None:
    """Nothing comes from the step after, no gradient is its subject, and its last step is no better off."""
    found = mistake("course_template", function, before, after)
    assert found.id == known
    assert not re.search("a gradient is|gradient of|that goes into|later steps|step after|last step|towards step 0", " ".join(found.hints))


def test_a_value_of_the_cache_that_gets_another_is_asked_for_below() -> None:
    """It is no gradient to which a factor was put."""
    line = "    ft = ft * (1 - ft)\n"
    found = mistake("course_template", "lstm_cell_backward", "    dc_prev = ", f"{line}    dc_prev = ")
    assert "ft gets another value here, and what line" in found.says


def test_a_bias_that_is_added_twice_holds_each_step_twice() -> None:
    """Its few entries are made of the steps in many ways, of which this is one."""
    found = mistake("course_template", "rnn_backward", "        dba += dbat\n", "        dba += dbat\n        dba += dbat\n")
    assert found.says == "dba holds each step's gradient 2 times"


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("assert m < 0", "Print its parts"),
        ("return lstm_cell_forward(xt, a_prev, c_prev, parameters)", "which function was meant?"),
        ("raise SystemExit", "ends Python"),
        ("exit()", "ends Python"),
        ("m / (n_x - n_x)", "what is divided by"),
        ("raise MemoryError", "each number takes eight bytes"),
        ("{xt: m}", "is not taken by lru_cache"),
    ],
)
def test_an_error_that_no_shape_makes(line: str, what: str) -> None:
    """Types and shapes are not what to look at."""
    assert what in mistake("course_template", "lstm_cell_forward", STATE, f"    m, n_x = xt.shape\n    {line}\n{STATE}").hints[1]


@pytest.mark.parametrize(
    ("function", "what"), [("rnn_cell_backward", "Print a word before each line"), ("rnn_backward", "the loop counts")]
)
def test_what_never_ends_need_be_no_loop(function: str, what: str) -> None:
    """Of one that has a loop that is looked at first."""
    source = collect("style.py", [Cell(f"import numpy as np\n{PARTS[function]}", Origin("style.py", None, ()))])

    class Hanging(Harness):
        def run(self, request: Request) -> Reply:
            return Reply("timeout") if function in request.own else super().run(request)

    (found,) = examine(source, Hanging(source.pieces, PARTS), "in place").mistakes
    assert what in found.hints[1]


@pytest.mark.parametrize(("from_", "one"), [("dWf", True), ("da_prev", False)])
def test_the_keys_of_one_gate_are_spoken_of_as_such(from_: str, one: bool) -> None:  # noqa: FBT001 - a case
    """Where no gate has its own there is none to be compared with."""
    text = re.sub(f"'{from_}': .*{'dbf' if one else 'dbo'}': [^,}}]*(, )?", "", PARTS["lstm_cell_backward"])
    pieces = [Piece("cell 1", 1, f"import numpy as np\n{text}")]
    (found,) = find(Harness(pieces, PARTS), pieces, "lstm_cell_backward", case("lstm_cell_backward", (3, 5, 4, 2, 4, 3), 1))
    assert ("Both entries of one gate" in found.hints[1]) is one


def test_a_key_that_is_lost_behind_its_own_braces() -> None:
    """What stood under the right key went away later: it is not said to get this key in place of another."""
    said = mistake(
        "course_template", "lstm_cell_backward", "return gradients", "del gradients['dWf'], gradients['dbf']\n    return gradients"
    )
    assert said.says == "nothing is returned under the keys dWf and dbf"


def test_names_in_each_other_s_place_are_no_copy_of_a_neighbour() -> None:
    """Nothing was left as it was: both names stand in the line."""
    said = mistake("course_template", "lstm_cell_backward", "np.concatenate((a_prev, xt)", "np.concatenate((xt, a_prev)")
    assert said.id == "gate-swapped"
    assert "neighbour" not in said.hints[1]
    assert "which name belongs here?" in said.hints[1]


@pytest.mark.parametrize(
    "after", [KEPT.replace("ot, ", ""), KEPT.replace("a_prev, c_prev", "c_prev, a_prev")], ids=["one is missing", "two exchanged"]
)
def test_a_cache_that_is_not_the_course_s(after: str) -> None:
    """The third hint says what it holds."""
    asked = "the cache holds a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt and parameters, in this order"
    assert asked in mistake("course_template", "lstm_cell_forward", KEPT, after).hints[2]


def test_a_result_under_another_key() -> None:
    """The third hint says which keys there are."""
    hint = mistake("course_template", "lstm_backward", '"dWf": dWf', '"dWF": dWf').hints[2]
    assert "a dictionary with the keys dx, da0, dWf, dbf, dWi, dbi, dWc, dbc, dWo and dbo" in hint


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ("H, m, T = da.shape", "H, T, m = da.shape", "stand in another order than the sizes"),
        ("H, m, T = da.shape", "H, m, T = x.shape", "or of another array"),
        ("n_x = x.shape[0]", "n_x = da.shape[0]", "or of another array"),
        ("dx = np.empty((n_x, m, T))", "dx = np.empty((n_x, T, m))", "Print both shapes"),
    ],
)
def test_sizes_are_spoken_of_as_sizes(before: str, after: str, what: str) -> None:
    """No formula has to be written anew for them."""
    said = mistake("one_matrix", "lstm_backward", before, after)
    assert what in said.hints[1]
    assert "units (or inputs) first" in said.hints[2]


def test_another_shape_is_not_called_the_same() -> None:
    """A gradient of another shape was no array of one shape that was exchanged."""
    said = mistake("course_template", "lstm_backward", "    da0 = gradients['da_prev']", "    da0 = gradients['dxt']")
    assert "of shape (2, 3)" in said.says
    assert "one shape" not in said.hints[1]
    assert "shape" in said.hints[1]


def test_steps_are_listed_with_and() -> None:
    """However many there are."""
    assert (
        added([1, 1, 1, 0, 0, 0], "dba")[1]
        == "of the steps' gradients, dba holds that of the last step, that of the last step but one and that of step 3"
    )


def test_of_most_steps_those_are_told_that_a_sum_lacks() -> None:
    """The shorter list."""
    assert added([1, 0, 1, 1, 0], "dba")[1] == "of the steps' gradients, dba lacks that of the last step but one and that of step 0"
    assert added([1, 1, 0], "dba and dWaa", many=True)[1] == "of the steps' gradients, dba and dWaa lack that of step 0"


def test_a_sum_over_the_gates_is_none_over_the_steps() -> None:
    """In a cell that sets it anew for each gate no hint speaks of steps; the name is not taken for what the assignment calls so."""
    said = mistake("gate_dictionaries", "lstm_cell_backward", "dconcat = dconcat + np", "dconcat = np")
    assert said.id == "overwritten-not-summed"
    assert "step" not in said.hints[1]
    assert "an = keeps only what comes last" in said.hints[1]


def test_a_line_of_a_helper_is_said_to_stand_there() -> None:
    """The function that comes out wrong by it is named behind the helper."""
    said = mistake("helper_functions", "sigmoid_grad", "1 - s", "1 + s")
    assert said.hints[0].startswith("Look at s * (1 + s) in sigmoid_grad, for lstm_cell_backward: ")


def test_a_line_that_serves_every_gate_is_of_none_alone() -> None:
    """What it is called, and what is asked of it, holds for all of them."""
    said = mistake("gate_dictionaries", "lstm_cell_forward", ' + parameters["b" + g]', "")
    assert said.hints[0].endswith("what this line computes for each gate in turn.")
    assert "each gate is the sigmoid of its own sum" in said.hints[2]


def test_a_line_that_keeps_a_sum_under_each_key() -> None:
    """A computed key is no parameter's name."""
    said = mistake("gate_dictionaries", "rnn_backward", "total[key] = total[key] + g[key]", "total[key] = g[key]")
    assert said.hints[0] == "Look at total[key] in rnn_backward: what this line stores, one after the other."


def test_names_in_each_others_place_are_called_by_no_one_s_meaning() -> None:
    """The meaning of one of them would be wrong for the other."""
    said = mistake(
        "course_template", "lstm_cell_backward", "ft, it, cct, ot, xt, parameters) = cache", "it, ft, cct, ot, xt, parameters) = cache"
    )
    assert said.hints[0] == "Look at it and ft in lstm_cell_backward: what each of them holds."


@pytest.mark.parametrize(("part", "says"), [("a_next", "a_next stands where another value belongs"), ("ft * a_prev", "ft * a_prev has")])
def test_another_part_in_a_stack_spoils_what_the_line_makes(part: str, says: str) -> None:
    """Not the part itself, which holds what it says."""
    after = f"dWf = np.dot(dft, np.vstack(({part}, xt)).T)"
    said = mistake("course_template", "lstm_cell_backward", "dWf = np.dot(dft, concat.T)", after)
    assert said.says.startswith(says)
    assert "Look at dWf in" in said.hints[0]
    assert "spoils dWf" in said.hints[1]


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ("dWaa += dWaat", "dWaa += dWaat_", "letter by letter with the names that get a value"),
        ("+ da_prevt, caches[t])", ")", "one value for each name, in the same order"),
        ("dWaa += dWaat", "dWaa += dWaat)", "Count the brackets"),
        ("dWaa += dWaat", "  dWaa += dWaat", "The blanks at the start of a line"),
        ("        dba += dbat\n", "        sums = {}\n        sums['dba'] += dbat\n", "the keys of the dictionary"),
        ("    (caches, x) = caches\n", "    (caches, x) = caches.steps\n", "the type of what stands before the dot"),
    ],
)
def test_what_to_look_at_is_told_by_the_kind_of_error(before: str, after: str, what: str) -> None:
    """Types and shapes tell nothing of a name that is not there, or of a bracket."""
    assert what in mistake("course_template", "rnn_backward", before, after).hints[1]


def test_outputs_in_another_order() -> None:
    """A forward function returns no dictionary to be read pair by pair."""
    said = mistake("course_template", "lstm_cell_forward", "c_next, yt_pred, cache\n", "c_next, cache, yt_pred\n")
    assert said.says == "cache is returned here, where yt_pred belongs"
    assert "pair by pair" not in said.hints[1]
    assert "in this order" in said.hints[2]


def test_a_key_that_is_not_there_is_not_called_exchanged() -> None:
    """The hint speaks of keys."""
    hint = mistake("course_template", "lstm_backward", "    da0 = gradients['da_prev']", "    da0 = gradients['da0']").hints[1]
    assert hint.startswith("Print the keys of the dictionary")


def test_sizes_in_each_others_place_are_no_arrays() -> None:
    """The hint speaks of the axes."""
    hint = mistake("course_template", "lstm_cell_backward", "n_a, m = a_next", "m, n_a = a_next").hints[1]
    assert "another order than the sizes" in hint


def test_an_array_as_long_as_x() -> None:
    """No step has to be run for itself to see that an array is too long."""
    hint = mistake("course_template", "lstm_backward", "dx = np.zeros((n_x, m, T_x))", "dx = np.zeros(x.shape)").hints[1]
    assert "Print this shape" in hint


def test_a_slice_that_is_read_before_it_is_filled() -> None:
    """The loop does give it a value, later."""
    says = mistake("course_template", "lstm_forward", "(x[:,:,t], a_next, c_next", "(x[:,:,t], a_next, c[:,:,t].copy()").says
    assert says.endswith("nothing is stored in c[:,:,t].copy() yet when it is read here")
    text = TEXTS["course_template"].replace("(x[:,:,t], a_next, c_next", "(x[:,:,t], a_next, c[:,:,t]")
    source = collect("style.py", [Cell(text, Origin("style.py", None, tuple(text.splitlines())))])
    said = [one.says for one in examine(source, Harness(source.pieces, PARTS), "in place").mistakes]
    assert "the call at step 1 is given zeros: nothing is stored in c[:,:,t] yet when it is read here" in said


def test_what_is_asked_of_each_function() -> None:
    """Something is, at hint level 3, and it is no code."""
    for function in FUNCTIONS:
        for text in (in_general(function), returned_by(function)):
            assert len(text) > 40
            assert "=" not in text


def test_a_bound_that_some_values_reach_is_asked_for() -> None:
    """Not for a missing factor: what comes out is right but for these."""
    bounded = f"{STATE}    c_next = np.clip(c_next, -0.5, 0.5)\n"
    assert "which of them have become the bound itself?" in mistake("course_template", "lstm_cell_forward", STATE, bounded).hints[1]
