"""Hints that fit what is cut, turned, exchanged or overwritten: what they say of the line holds of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import edited, slipped

from whygrad.from_code.naming.what_is_cut import Cut
from whygrad.from_code.reference.inputs import case
from whygrad.from_code.reference.parts import PARTS
from whygrad.from_code.search.find import find
from whygrad.from_code.search.told_together import told_together
from whygrad.sandbox.harness import Harness
from whygrad.sandbox.requests import Piece

if TYPE_CHECKING:
    from collections.abc import Callable

    from whygrad.from_code.finding import Finding
    from whygrad.records import Result

WRITES = "        y[:, :, t] = yt\n"
UNPACKED = "a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache"
REDUCED = """
from functools import reduce
def rnn_backward(da, caches):
    caches, x = caches
    dx = np.empty_like(x)
    def step(state, t):
        carry, sums = state
        g = rnn_cell_backward(da[..., t] + carry, caches[t])
        dx[..., t] = g["dxt"]
        return g["da_prev"], {k: sums.get(k, 0) + g[k] for k in ("dWax", "dWaa", "dba")}
    da0, sums = reduce(step, reversed(range(da.shape[-1])), (START, {}))
    return {"dx": dx, "da0": da0, **sums}
"""


def found(function: str, text: str) -> Finding:
    """The only thing that is found in one function of a program."""
    pieces = [Piece("cell 4", 1, f"import numpy as np\n{text}")]
    (finding,) = find(Harness(pieces, PARTS), pieces, function, case(function, (3, 5, 4, 2, 4, 3), 1))
    return finding


def altered(function: str, before: str, after: str) -> Finding:
    """The same of the reference's function with some text written otherwise."""
    text = PARTS[function]
    assert before in text
    return found(function, text.replace(before, after, 1))


@pytest.mark.parametrize(
    ("style", "function", "before", "after", "hint"),
    [
        ("einsum_lists", "rnn_forward", "np.stack(states[1:], axis=-1)", "np.stack(states[:-1], axis=-1)", "Steps stand one behind"),
        ("one_matrix", "lstm_cell_backward", "dW[2 * H:3 * H]", "dW[2 * H:3 * H + 1]", "Each gate has its own part of the stack"),
        ("one_matrix", "lstm_cell_backward", "db[2 * H:3 * H]", "db[2 * H:]", "beside the shape of db"),
        ("einsum_lists", "lstm_cell_backward", "ds[:n_a]", "ds[:n_a+1]", "Print the shape of ds and of ds[:n_a+1]"),
        ("stacked_input", "rnn_cell_backward", "dW[:, :n_a]", "dW[:, :n_a + 1]", "Which part belongs to the hidden state"),
        ("one_matrix", "lstm_cell_backward", "dW[2 * H:3 * H]", "dW[2 * H:3 * H, :-1]", "which of its rows and columns are kept"),
    ],
)
def test_a_hint_speaks_of_what_is_cut(style: str, function: str, before: str, after: str, hint: str) -> None:
    """Of steps, of gates, of hidden state and input; of weights only where weights are cut."""
    said = found(function, slipped(style, (before, after)))
    assert said.id == "slice-wrong"
    assert hint in said.hints[1]
    assert "column of a weight" not in said.hints[1]


def test_a_text_with_braces_is_none_to_be_filled_in() -> None:
    """A key may be made by a format of its own."""
    hint = Cut("stack", "d[f'{g}'][:2]", "d[f'{g}']").hint().format(quantity="d")
    assert hint.startswith("Print the shape of d[f'{g}'] and of d[f'{g}'][:2].")


def test_a_cut_weight_is_called_one() -> None:
    """And there the gradients of the weights need no cut."""
    said = altered("lstm_cell_backward", "np.dot(Wf[:, n_a:].T, dft)", "np.dot(Wf[:, :-n_a].T, dft)")
    assert "Each column of a weight" in said.hints[1]


@pytest.mark.parametrize("write", ["x[:, :, t] = 0", "x[..., t] = 1", "x[:] = 0", "x[0] = 0", "if t: x[:, :, t - 1] = 0"])
def test_a_line_that_writes_into_the_input(write: str) -> None:
    """It is named, and not the call whose cache holds the input."""
    said = altered("lstm_forward", WRITES, f"{WRITES}        {write}\n")
    assert (said.id, said.proof, said.text) == ("updated-in-place", "proved", write.removeprefix("if t: "))
    assert said.says == "this line writes into x, and the cache of each step holds x[:,:,t], which is the same memory"


def test_a_cached_input_is_no_state() -> None:
    """Where no line is seen to write into it, the slice is told, and called what it is."""
    said = altered("lstm_forward", WRITES, f"{WRITES}        x[:, :, t][:] = 0\n")
    assert said.id == "view-of-output"
    assert "print the input in each cache" in said.hints[1]
    assert "state" not in said.hints[1]


@pytest.mark.parametrize(
    ("function", "before", "after", "shapes"),
    [
        ("rnn_backward", "'dWax': dWax", "'dWax': dWax.T", "it has shape (3, 5), and what belongs here has shape (5, 3)"),
        ("rnn_backward", "'dba': dba", "'dba': dba.T", "it has shape (1, 5), and what belongs here has shape (5, 1)"),
        ("rnn_cell_backward", "axis=1, keepdims=True)", "axis=1)[None, :]", "it has shape (1, 5), and what belongs here has shape (5, 1)"),
    ],
)
def test_what_is_not_square_shows_it(function: str, before: str, after: str, shapes: str) -> None:
    """Both shapes are told, and nothing is said of square matrices."""
    said = altered(function, before, after)
    assert said.id == "transpose-wrong"
    assert said.says.endswith(f"is transposed: {shapes}")
    assert "square" not in said.hints[1]


def test_a_square_matrix_that_is_handed_on_transposed() -> None:
    """The line that returns it has no product of which the sides could be exchanged."""
    said = altered("rnn_cell_backward", "'dWaa': dWaa", "'dWaa': dWaa.T")
    assert (said.id, said.says) == ("transpose-wrong", "dWaa is transposed")


@pytest.mark.parametrize(
    ("start", "what"),
    [
        ("da[..., -1]", "the upstream gradient of the last step"),
        ("da[..., 0]", "the upstream gradient of the first step"),
        ("np.ones(da.shape[:2])", "an array of ones"),
    ],
)
def test_a_carry_without_a_name(start: str, what: str) -> None:
    """It says where the wrong start stands, and not what an expression holds anyway."""
    said = found("rnn_backward", REDUCED.replace("START", start))
    assert said.id == "carry-starts-wrong"
    assert said.says == f"before the loop begins, {what} stands where the carried gradient starts."
    assert start not in said.hints[1]


def test_a_start_that_is_handed_over_without_a_name() -> None:
    """That a0 stands in a0 would tell nothing."""
    loop = """
from functools import reduce
def lstm_forward(x, a0, parameters):
    def step(s, t):
        a, c, out, cs, ys, caches = s
        a, c, y, k = lstm_cell_forward(x[:, :, t], a, c, parameters)
        return a, c, out + [a], cs + [c], ys + [y], caches + [k]
    a, c, out, cs, ys, caches = reduce(step, range(x.shape[2]), (a0, a0, [], [], [], []))
    return np.stack(out, 2), np.stack(ys, 2), np.stack(cs, 2), (caches, x)
"""
    assert found("lstm_forward", loop).says.rstrip(".") == "the sequence starts with a0 as its first cell state"


@pytest.mark.parametrize(("before", "after"), [("ft, it", "it, ft"), ("cct, ot", "ot, cct")])
def test_gates_unpacked_in_another_order_are_no_copied_line(before: str, after: str) -> None:
    """Both names stand in the line: none was left as it was."""
    said = altered("lstm_cell_backward", UNPACKED, UNPACKED.replace(before, after))
    assert "another order" in said.says
    assert "neighbour" not in said.hints[1]
    assert "Read the line name by name" in said.hints[1]


def test_one_slip_made_twice_is_told_once() -> None:
    """The same words twice would tell nothing."""
    made = "    dft = back(dc * c_prev, np.dot(Wf, np.concatenate((a_prev, xt), axis=0)) + parameters['bf'])\n"
    text = PARTS["lstm_cell_backward"].replace("    dft = dc * c_prev * ft * (1 - ft)\n", made)
    said = found("lstm_cell_backward", f"def back(g, z):\n    return g * z * (1 - z)\n\n{text}")
    assert said.says == "g * z * (1 - z) has z without its sigmoid at 2 places"


def test_one_step_too_many() -> None:
    """The state before the first step is returned with the others: no name stands in another's place."""
    said = found("rnn_forward", slipped("einsum_lists", ("np.stack(states[1:], axis=-1)", "np.stack(states, axis=-1)")))
    assert said.says == "a holds 4 steps, of 3 that x has: one stands in front of them"
    assert "Steps stand one behind the other" in said.hints[1]


@pytest.mark.parametrize(
    ("function", "before", "after"),
    [
        ("lstm_cell_forward", "it * cct", "it"),
        ("lstm_cell_forward", "it * cct", "it * cct * it"),
        ("softmax", "np.sum(e_x, axis=0)", "np.mean(e_x, axis=0)"),
    ],
)
def test_a_forward_pass_is_not_told_of_gradients(examined: Callable[[str], Result], function: str, before: str, after: str) -> None:
    """What the hints of a backward pass speak of is not there yet."""
    mistakes = examined(edited((function, before, after))).mistakes
    assert {mistake.id for mistake in mistakes} <= {"factor-dropped", "factor-added", "mean-for-sum"}
    assert not any(word in mistake.hints[1] for mistake in mistakes for word in ("gradient", "loss"))


def test_gradients_are_no_values_of_the_forward_pass() -> None:
    """Of gradients that are exchanged in a backward loop it is not asked which value of the forward pass they are."""
    given = "da_prevt, dc_prevt = gradients['dc_prev'], gradients['da_prev']"
    text = PARTS["lstm_backward"].replace("        dc_prevt = gradients['dc_prev']\n", "")
    finding = found("lstm_backward", text.replace("da_prevt = gradients['da_prev']", given, 1))
    assert finding.id == "name-replaced"
    assert finding.text in given
    assert finding.hints[1].endswith("Read the line name by name and ask of each: what does it hold, and of which step?")


def test_what_is_no_state_is_not_called_one() -> None:
    """A name of the learner's within an equation is not glossed by what the equation makes."""
    written = "a_next = np.tanh(np.dot(Wax, xt) + np.dot(Waa, a_prev) + ba)"
    finding = altered("rnn_cell_forward", written, "z = np.dot(Wax, xt) + np.dot(Waa.T, a_prev) + ba\n    a_next = np.tanh(z)")
    assert finding.hints[0] == "Look at z in rnn_cell_forward: what this line computes."


def test_the_whole_argument_is_looked_at() -> None:
    """Of a slice and a carry that a call is given together the slice is wrong."""
    finding = altered("rnn_backward", "da[:, :, t] + da_prevt", "da[:, :, -1] + da_prevt")
    assert finding.hints[0] == "Look at da[:, :, -1] + da_prevt, the first argument with which rnn_backward calls the cell."


@pytest.mark.parametrize(
    ("function", "before", "after", "asks", "instead_of"),
    [
        ("lstm_backward", " dc_prevt, c", " np.zeros((n_a, m)), c", "makes no use of what the later step hands back", "np.zeros"),
        (
            "lstm_backward",
            "        gradients =",
            "        dc_prevt = np.zeros((n_a, m))\n        gradients =",
            "right after it",
            "at the start",
        ),
        ("lstm_backward", "t] + da_prevt", "t] - da_prevt", "one entry of da[:, :, t] - da_prevt", "of da_prevt"),
        ("lstm_backward", "dx[:, :, t] = ", "dx[:, :, T_x - 1 - t] = ", "the first entry of each slice", "The loop must fill"),
        ("lstm_cell_backward", "np.tanh(c_next) * ot", "c_next * ot", "of what should be an activation here", "forward"),
        ("rnn_cell_forward", "softmax", "sigmoid", "the sum over the classes", "no bounds at all"),
    ],
)
def test_what_is_asked_for_can_be_seen_there(function: str, before: str, after: str, asks: str, instead_of: str) -> None:
    """Of zeros that the call makes itself, of a name that is set anew, of all that is given, of a prediction."""
    hint = altered(function, before, after).hints[1]
    assert asks in hint
    assert instead_of not in hint


DC = "    dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)\n"
LAST_ONLY = """    gr = {}
    gr['dc_prev'] = np.zeros((n_a, m))
    for j in range(m):
        one = dc[:, j] * ft[:, j]
    gr['dc_prev'][:, j] = one
"""
EACH_STEP = "da[:, :, t] + da_prevt if t == T_x - 1 else da_prevt"
LOCAL = "    slopes = np.vstack([ft * (1 - ft), cct * (1 - cct)])\n    dcct = dc * it * slopes[n_a:]\n"


@pytest.mark.parametrize(
    ("function", "before", "after", "says", "hint"),
    [
        ("lstm_cell_backward", "dc_prev = dc * ft", "dc_prev = 0 * dc", "is zero here", "Search the function"),
        ("lstm_cell_backward", "dc_prev = dc * ft", "dc_prev = dc * ft / 4", "a division by 4", "the ratio is what was divided by"),
        (
            "lstm_backward",
            "da[:, :, t] + da_prevt",
            EACH_STEP,
            "without its own",
            "The last step, which the loop visits first, does not suffer",
        ),
        ("lstm_cell_backward", "    dcct = dc * it * (1 - cct ** 2)\n", LOCAL, "derivative of a sigmoid", "what came out of it?"),
        ("rnn_forward", "T_x):\n", "T_x):\n        a_next = np.zeros((n_a, m))\n", "a_next is set anew here", "A step has to go on"),
        ("rnn_forward", "y_pred[:, :, t] = yt_pred", "y_pred = yt_pred", "y_pred is set anew here", "at the start of each turn"),
    ],
)
def test_nothing_is_said_that_holds_of_another_function(function: str, before: str, after: str, says: str, hint: str) -> None:
    """Of a loop over time in a cell, of sizes that are none, of zeros at every step, of terms in a derivative, of a second mistake."""
    finding = altered(function, before, after)
    assert says in finding.says
    assert hint in finding.hints[1]


@pytest.mark.parametrize(
    ("function", "before", "after", "asks"),
    [
        ("lstm_forward", "a[:, :, t] = a_next", "a[:, :, t] = c_next", "what it gives is slice t of each output"),
        ("rnn_cell_forward", "xt, parameters)\n", "xt, yt_pred)\n", "the cache holds a_next, a_prev, xt and parameters"),
    ],
)
def test_the_mathematics_is_that_of_the_line(examined: Callable[[str], Result], function: str, before: str, after: str, asks: str) -> None:
    """A line that stores an output, or makes the cache, is no equation of a state."""
    (mistake,) = examined(edited((function, before, after))).mistakes
    assert asks in mistake.hints[2]


def test_zeros_that_are_filled_in_part_are_told_to_lack_a_part() -> None:
    """The line that makes them is right, and no step comes after this one."""
    text = PARTS["lstm_cell_backward"].replace("    dc_prev = dc * ft\n", LAST_ONLY).replace("'dc_prev': dc_prev", "**gr")
    finding = found("lstm_cell_backward", text)
    assert finding.says == "gr['dc_prev'] is made of zeros here, and a part of what belongs into it does not get there"
    assert "step" not in finding.hints[1]


def test_a_stack_that_lines_fill_in_part_is_told_to_lack_rows() -> None:
    """There are lines that fill it, so none is to be looked for."""
    made = "np.zeros((len(a_prev) + len(xt), xt.shape[1]))"
    filled = f"{made}\n    concat[:len(a_prev)] = a_prev\n    concat[len(a_prev) + 1:] = xt[1:]"
    finding = altered("lstm_cell_forward", "np.concatenate((a_prev, xt), axis=0)", filled)
    assert (finding.id, finding.text) == ("left-at-zero", f"concat = {made}")
    assert "Print concat behind the last line that fills it" in finding.hints[1]


def test_lines_that_read_a_name_rightly_are_not_told_to_read_another_value() -> None:
    """Only those that lack something are right with another value of the name."""
    text = PARTS["lstm_cell_backward"].replace(DC, "")
    finding = found("lstm_cell_backward", text.replace("dc_prev = dc *", f"dc_prev = ({DC.strip()[5:]}) *").replace("dc *", "dc_next *"))
    assert finding.hints[1].startswith("Lines 10, 11 and 12 are right with another value of dc_next")


def test_sums_that_begin_again_at_each_turn_are_told_once() -> None:
    """However many names the lines of the loop set anew."""
    text = PARTS["rnn_backward"]
    lines = [line for line in text.splitlines(keepends=True) if "np.zeros" in line and line.strip().startswith(("dW", "db"))]
    loop = next(line for line in text.splitlines(keepends=True) if line.strip().startswith("for "))
    for line in lines:
        text = text.replace(line, "")
    pieces = [Piece("cell 4", 1, "import numpy as np\n" + text.replace(loop, loop + "".join(f"    {line}" for line in lines)))]
    (finding,) = told_together(find(Harness(pieces, PARTS), pieces, "rnn_backward", case("rnn_backward", (3, 5, 4, 2, 4, 3), 1)))
    assert "the same holds for" in finding.says


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("memory = np.zeros((n_a, m), dtype)", "memory = a0", "the sequence starts with a0 as its first cell state"),
        (
            "lstm_cell_forward(x[:, :, t]", "lstm_cell_forward(x[:, :, t - 1]",
            "xt is the input of the step before (at step 0 that of the last one) at every step of lstm_forward",
        ),
        (
            "hidden, memory, parameters)", "hidden, c[..., t], parameters)",
            "the call at step 1 is given zeros: nothing is stored in c[..., t] yet when it is read here",
        ),
    ],
)  # fmt: skip
def test_names_and_steps_are_the_learners_own(before: str, after: str, says: str) -> None:
    """A name of the reference's, a step before the first one, or a value that the loop does not give is not spoken of."""
    text = PARTS["lstm_forward"].replace("a_next", "hidden").replace("c_next", "memory")
    assert before in text
    assert found("lstm_forward", text.replace(before, after)).says.rstrip(".") == says


@pytest.mark.parametrize(
    ("before", "after", "known"),
    [
        ("dot, np.concatenate((a_prev,", "dot, np.concatenate((a_next,", "name-replaced"),
        ("np.dot(dot, np.concatenate((a_prev, xt), axis=0)", "np.dot(dot, np.concatenate((a_prev, xt), axis=1)", "stack-wrong"),
    ],
)
def test_what_is_wrong_among_parts_or_arguments_is_called_by_the_lines_name(before: str, after: str, known: str) -> None:
    """Not by its place among them."""
    said = altered("lstm_cell_backward", before, after)
    assert (said.id, said.quantity) == (known, "dWo")
