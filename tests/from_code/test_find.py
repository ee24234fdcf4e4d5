"""From a wrong function to the line, the mistake's name and the proof."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from whygrad.from_code.naming.stretch import smallest
from whygrad.from_code.reference.inputs import case
from whygrad.from_code.reference.parts import FUNCTIONS, PARTS
from whygrad.from_code.search.find import find
from whygrad.records import SmallestCase, Stretch
from whygrad.sandbox.harness import Harness
from whygrad.sandbox.requests import Piece
from whygrad.sandbox.wire import encode_request

if TYPE_CHECKING:
    from whygrad.from_code.finding import Finding
    from whygrad.sandbox.requests import Reply, Request

SIZES = (3, 5, 4, 2, 4, 3)
PROGRAM = "import numpy as np\n\n" + "\n\n".join(PARTS[name] for name in (*FUNCTIONS, "sigmoid", "softmax"))


class Counted:
    """A runner that counts."""

    def __init__(self, harness: Harness) -> None:
        self.harness, self.runs = harness, 0
        self.as_it_is = 0
        """Traced runs of the program as it was written."""
        self.tried: list[bytes] = []
        """What was put where, of which only the results were asked for."""

    def run(self, request: Request) -> Reply:
        """One call."""
        self.runs += 1
        self.as_it_is += request.wanted is None and not request.substitutes
        self.tried += [encode_request(request)[0]] if request.wanted is not None else []
        return self.harness.run(request)


def findings(function: str, text: str) -> tuple[Finding, ...]:
    """What is found in one function of a program."""
    pieces = [Piece("cell 4", 1, text)]
    return find(Harness(pieces, PARTS), pieces, function, case(function, SIZES, 1))


def changed(function: str, before: str, after: str, text: str = PROGRAM) -> tuple[str, int]:
    """The program with one line of one function written otherwise, and the number of that line."""
    node = next(node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef) and node.name == function)
    lines = text.splitlines()
    number = next(n for n in range(node.lineno - 1, node.end_lineno or 0) if before in lines[n])
    lines[number] = lines[number].replace(before, after)
    return "\n".join(lines), number + 1


SINGLES = [
    ("lstm_cell_backward", "dft = dc * c_prev * ft * (1 - ft)", "dft = dc * c_prev * ft", "factor-dropped"),
    ("lstm_cell_backward", "dit = dc * cct * it * (1 - it)", "dit = dc * cct * ft * (1 - ft)", "gate-swapped"),
    ("lstm_cell_backward", "dc = dc_next + da_next * ot", "dc = da_next * ot", "term-dropped"),
    ("lstm_cell_backward", "dbo = np.sum(dot", "dbo = np.mean(dot", "mean-for-sum"),
    ("rnn_cell_backward", "np.dot(Wax.T, dtanh)", "np.dot(Wax.T, -dtanh)", "sign-flipped"),
    ("rnn_cell_backward", "dtanh = (1 - a_next ** 2)", "dtanh = (1 - np.tanh(a_next) ** 2)", "wrong-activation-derivative"),
    ("lstm_cell_forward", "bf = parameters['bf']", "bf = parameters['bo']", None),
    ("lstm_cell_forward", "a_next = ot * np.tanh(c_next)", "a_next = ot * c_next", "activation-wrong"),
    ("lstm_forward", "c_next = np.zeros((n_a, m), dtype)", "c_next = c[:, :, 0]", "view-of-output"),
    ("lstm_forward", "c = np.zeros((n_a, m, T_x), dtype)", "c = a", "one-buffer-two-names"),
    ("rnn_forward", "for t in range(T_x)", "for t in range(T_x - 1)", "loop-wrong"),
    ("rnn_forward", "rnn_cell_forward(x[:, :, t], a_next", "rnn_cell_forward(x[:, :, t], a0", "state-not-carried"),
    ("rnn_forward", "rnn_cell_forward(x[:, :, t]", "rnn_cell_forward(x[:, :, T_x - 1 - t]", "input-of-wrong-step"),
    ("lstm_backward", "dc_prevt, caches[t]", "dc_prevt, caches[-1]", "cache-of-wrong-step"),
    ("lstm_backward", "dWf = dWf + gradients['dWf']", "dWf = gradients['dWf']", "overwritten-not-summed"),
    ("lstm_backward", "dx[:, :, t] = gradients['dxt']", "dx[:, :, 0] = gradients['dxt']", "input-gradient-stored-wrong"),
    ("lstm_backward", "da0 = gradients['da_prev']", "da0 = da[:, :, 0]", "initial-gradient-wrong"),
    ("lstm_backward", "dc_prevt = gradients['dc_prev']", "dc_prevt = gradients['da_prev']", None),
    ("rnn_backward", "for t in reversed(range(T_x))", "for t in range(T_x)", "loop-wrong"),
]


@pytest.mark.parametrize(("function", "before", "after", "known"), SINGLES)
def test_one_mistake_is_found_at_its_line_and_proved(function: str, before: str, after: str, known: str | None) -> None:
    """The only finding stands at the changed line, has the mistake's name and is proved."""
    text, line = changed(function, before, after)
    (found,) = findings(function, text)
    assert (found.line, found.proof) == (line, "proved")
    assert known is None or found.id == known


@pytest.mark.parametrize(("carry", "argument"), [("da_prevt", "da[:, :, t] + da_prevt"), ("dc_prevt", "dc_prevt")])
def test_a_carry_that_is_never_assigned_is_found_at_the_call_that_uses_it(carry: str, argument: str) -> None:
    """Where the assignment is missing, the call of the cell is named, at the first step that needs the carry."""
    text, _ = changed("lstm_backward", f"{carry} = gradients['{carry.removesuffix('t')}']", "pass")
    (found,) = findings("lstm_backward", text)
    assert (found.id, found.text, found.step) == ("carry-missing", argument, 1)


def test_a_carry_that_is_the_same_at_every_call_is_proved_by_that() -> None:
    """The cure is one fact, the other that the argument holds its start value to the end."""
    text, _ = changed("lstm_backward", "dc_prevt = gradients['dc_prev']", "pass")
    (found,) = findings("lstm_backward", text)
    assert (found.id, found.proof) == ("carry-missing", "proved")


@pytest.mark.parametrize(("condition", "way"), [("t > 1", "fails too early"), ("t > 2", "fails too early"), ("t >= 0", "holds too long")])
def test_a_condition_that_ends_a_loop_at_the_wrong_turn_is_one_mistake(condition: str, way: str) -> None:
    """And no array is blamed for the step that it lacks, or has too much."""
    loop = "    for t in reversed(range(T_x)):"
    text, line = changed("rnn_backward", loop, f"    t = T_x\n    while {condition}:\n        t -= 1")
    (found,) = findings("rnn_backward", text)
    assert (found.line, found.id, found.proof) == (line + 1, "loop-wrong", "proved")
    assert found.says == f"the loop does not make one turn for each step: {condition} {way}"
    assert not findings("rnn_backward", changed("rnn_backward", loop, "    t = T_x\n    while t > 0:\n        t -= 1")[0])


def test_two_mistakes_that_mask_each_other_are_both_found() -> None:
    """Neither carry is assigned: both arguments of the call are named, or both names that get what belongs there and are never read."""
    text, _ = changed("lstm_backward", "da_prevt = gradients['da_prev']", "pass")
    text, _ = changed("lstm_backward", "dc_prevt = gradients['dc_prev']", "pass", text)
    (one,) = findings("lstm_backward", text)
    assert (one.text, one.says.rpartition(": ")[2]) == ("da[:, :, t] + da_prevt", "da_prevt is still zero there, and so is dc_prevt")
    text, _ = changed("lstm_backward", "da[:, :, t] + da_prevt", "da[:, :, t]")
    text, _ = changed("lstm_backward", "dc_prevt = gradients['dc_prev']", "pass", text)
    assert [found.says.partition(" is ")[2][:10] for found in findings("lstm_backward", text)] == ["given only", "still zero"]
    text, _ = changed("lstm_backward", "da_prevt = gradients", "one = gradients")
    text, _ = changed("lstm_backward", "dc_prevt = gradients", "two = gradients", text)
    assert [found.text for found in findings("lstm_backward", text)] == ["one = gradients['da_prev']", "two = gradients['dc_prev']"]


def test_three_mistakes_in_a_cell_are_found_one_after_another() -> None:
    """All three lines, and no other."""
    text, first = changed("lstm_cell_backward", "dft = dc * c_prev * ft * (1 - ft)", "dft = dc * c_prev * ft * ft")
    text, second = changed("lstm_cell_backward", "dbc = np.sum(dcct", "dbc = np.sum(dit", text)
    text, third = changed("lstm_cell_backward", "dc_prev = dc * ft", "dc_prev = dc_next * ft", text)
    found = findings("lstm_cell_backward", text)
    assert [one.line for one in found] == [first, second, third]
    assert {one.proof for one in found} == {"proved"}


def test_a_key_that_is_misspelt_is_a_matter_of_the_contract() -> None:
    """The line that stores the right value under a wrong key is named, without a cure."""
    text, line = changed("rnn_backward", "'dWax': dWax", "'dWa': dWax")
    (found,) = findings("rnn_backward", text)
    assert (found.line, found.proof, found.id) == (line, "contract", "returned-wrong")


HELPERS = """
import numpy as np

def slope(g):
    return g * (1 - g)

def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n = len(a_next)
    dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)
    z = {"f": dc * c_prev * slope(ft), "i": dc * cct * slope(it), "c": dc * it * (1 - cct ** 2), "o": da_next * np.tanh(c_next) * slope(ot)}
    grads, both = {"dc_prev": dc * ft}, 0
    for k in "fico":
        grads["dW" + k] = z[k] @ np.vstack([a_prev, xt]).T
        grads["db" + k] = z[k].sum(axis=1, keepdims=True)
        both = both + parameters["W" + k].T @ z[k]
    grads["da_prev"], grads["dxt"] = both[:n], both[n:]
    return grads
"""


@pytest.mark.parametrize(
    ("before", "after", "function"),
    [
        ("return g * (1 - g)", "return g * (1 + g)", "slope"),
        ('"i": dc * cct * slope(it)', '"i": dc * cct * slope(ft)', "lstm_cell_backward"),
        ("np.vstack([a_prev, xt]).T", "np.vstack([c_prev, xt]).T", "lstm_cell_backward"),
        ("z[k].sum(axis=1, keepdims=True)", "z[k].mean(axis=1, keepdims=True)", "lstm_cell_backward"),
    ],
)
def test_a_line_that_serves_several_gates_is_one_finding(before: str, after: str, function: str) -> None:
    """A helper, a loop over the gates with computed keys: one finding at the line, within the function in which it stands."""
    text = HELPERS.replace(before, after)
    (found,) = findings("lstm_cell_backward", text)
    lines = text.splitlines()
    assert after in lines[found.line - 1]
    assert (found.within, found.proof) == (function, "proved")


def test_a_condition_that_sends_two_gates_the_wrong_way_is_one_finding() -> None:
    """Both branches are wrong where they are taken: the condition's line is named."""
    text = HELPERS.replace(
        '        grads["db" + k] = z[k].sum(axis=1, keepdims=True)\n',
        "        if k == 'f':\n            b = z[k].mean(axis=1, keepdims=True) * a_prev.shape[1]\n"
        "        elif k == 'c':\n            b = z['o'].sum(axis=1, keepdims=True)\n"
        "        elif k == 'o':\n            b = z['c'].sum(axis=1, keepdims=True)\n"
        "        else:\n            b = z[k].sum(axis=1, keepdims=True)\n        grads['db' + k] = b\n",
    )
    (found,) = findings("lstm_cell_backward", text)
    assert (found.text, found.proof) == ("k == 'c'", "proved")


def test_a_sum_that_nothing_is_added_to_is_found_at_the_call() -> None:
    """A result that keeps its start value: the call whose gradients it lacks is named."""
    text, _ = changed("lstm_backward", "dWo = dWo + gradients['dWo']", "pass")
    (found,) = findings("lstm_backward", text)
    assert "lstm_cell_backward(" in text.splitlines()[found.line - 1]
    assert found.id == "left-at-zero"
    assert found.says.startswith("dWo stays as it is made at line")


def test_no_sentence_shows_the_right_formula() -> None:
    """What is said and the first two hints hold no code of the right line."""
    text, _ = changed("lstm_cell_backward", "dft = dc * c_prev * ft * (1 - ft)", "dft = dc * c_prev * ft")
    (found,) = findings("lstm_cell_backward", text)
    assert not any("(1 - ft)" in sentence or "1 − Γf" in sentence for sentence in (found.says, *found.hints[:2]))


def test_a_finding_takes_few_runs() -> None:
    """One mistake in a cell or in a loop takes at most sixty runs of the learner's code."""
    for function, before, after, _ in SINGLES[:3] + SINGLES[12:14]:
        text, _ = changed(function, before, after)
        pieces = [Piece("cell 4", 1, text)]
        runner = Counted(Harness(pieces, PARTS))
        find(runner, pieces, function, case(function, SIZES, 1))
        assert runner.runs <= 60
        assert runner.as_it_is == 1, "what was seen before is not run again"
        assert len(set(runner.tried)) == len(runner.tried), "nor is what was tried before"


def test_a_helper_of_which_one_result_is_wrong_is_named_itself() -> None:
    """The helper serves two calls, of which one does not use the wrong result: its line is named, and no factor of 1 is spoken of."""
    text = """
import numpy as np

def grads_of(dz, W, v):
    db = np.mean(dz, axis=1, keepdims=True)
    return np.dot(dz, v.T), db, np.dot(W.T, dz)

def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    dz = (1 - a_next ** 2) * da_next
    dWax, dba, dxt = grads_of(dz, parameters["Wax"], xt)
    dWaa, _, da_prev = grads_of(dz, parameters["Waa"], a_prev)
    return {"dxt": dxt, "da_prev": da_prev, "dWax": dWax, "dWaa": dWaa, "dba": dba}
"""
    (found,) = findings("rnn_cell_backward", text)
    assert (found.within, found.text, found.id) == ("grads_of", "db = np.mean(dz, axis=1, keepdims=True)", "mean-for-sum")
    assert "factor 1 " not in found.says


def test_a_helper_that_is_given_a_tuple_among_its_arguments_is_no_trouble() -> None:
    """An argument that holds arrays of several shapes cannot be compared as one array; the line is found all the same."""
    text = """
import numpy as np

def grads_of(pair, v):
    dz, W = pair
    return np.dot(dz, v.T), np.mean(dz, axis=1, keepdims=True), np.dot(W.T, dz)

def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    dz = (1 - a_next ** 2) * da_next
    dWax, dba, dxt = grads_of((dz, parameters["Wax"]), xt)
    dWaa, _, da_prev = grads_of((dz, parameters["Waa"]), a_prev)
    return {"dxt": dxt, "da_prev": da_prev, "dWax": dWax, "dWaa": dWaa, "dba": dba}
"""
    assert findings("rnn_cell_backward", text)


def test_where_nothing_mends_it_is_said_between_which_lines_it_goes_wrong() -> None:
    """One finding without a name, only located: where the last right value was made, where the first other one.

    Figures stand in the table alone.
    """
    text = """
import numpy as np

def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    dz = (1 - a_next ** 2) * da_next
    noise = np.random.rand(3, 3)
    return {"what": noise}
"""
    (found,) = findings("rnn_cell_backward", text)
    assert (found.id, found.proof) == (None, "located")
    assert found.says == "between line 6 and line 7: what comes in is right (dz), what comes out (noise) is not"
    assert found.stretch == Stretch(6, 7, ("dz",), (), SmallestCase(1, 1, 1, 0))


def test_a_wrong_value_without_a_name_comes_with_a_table_and_the_smallest_case() -> None:
    """What came in, how many entries of what came out differ, and the sizes below which nothing is wrong."""
    text, line = changed(
        "rnn_cell_backward", "np.dot(Wax.T, dtanh)", "np.dot(Wax.T, dtanh) + 0.1 * np.sinc(9 * dtanh[::-1][:2].cumsum(0)).sum()"
    )
    (found,) = findings("rnn_cell_backward", text)
    assert (found.id, found.line) == (None, line)
    assert found.stretch is not None
    (row,) = found.stretch.came_out
    assert (row.name, row.wrong, row.size) == ("dxt", 12, 12)
    assert found.stretch.smallest == SmallestCase(1, 1, 1, 0)


def test_the_smallest_case_is_as_large_as_it_has_to_be() -> None:
    """A carry that is only wrong from the third step back needs three steps, and no more of anything else than one."""
    text, _ = changed("rnn_backward", "da_prevt = gradients['da_prev']", "da_prevt = gradients['da_prev'] if t > 1 else da_prevt")
    pieces = [Piece("cell 4", 1, text)]
    assert smallest(Harness(pieces, PARTS), pieces, "rnn_backward") == SmallestCase(1, 1, 1, 2)


def deleted(function: str, text_of_line: str, text: str = PROGRAM) -> tuple[str, int]:
    """The program without what one line of a function does, and the number of the line that calls the cell."""
    text, _ = changed(function, text_of_line, "pass", text)
    cell = function.replace("_", "_cell_", 1)
    node = next(node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef) and node.name == function)
    calls = [inner.lineno for inner in ast.walk(node) if isinstance(inner, ast.Call) and ast.unparse(inner.func) == cell]
    return text, calls[0]


@pytest.mark.parametrize(
    ("function", "line", "made"),
    [
        ("lstm_backward", "dx[:, :, t] = gradients['dxt']", "dx"),
        ("lstm_backward", "dWf = dWf + gradients['dWf']", "dWf"),
        ("rnn_backward", "dba = dba + gradients['dba']", "dba"),
        ("lstm_forward", "c[:, :, t] = c_next", "c"),
        ("lstm_forward", "y[:, :, t] = yt", "y"),
    ],
)
def test_a_store_that_is_missing_is_told_at_the_call_and_names_the_array(function: str, line: str, made: str) -> None:
    """The call whose result should be stored is named, with the array that stays as it was made and the line where it is made; proved."""
    text, call = deleted(function, line)
    (found,) = findings(function, text)
    assert (found.line, found.id, found.proof) == (call, "left-at-zero", "proved")
    ((_, at),) = found.lines
    assert made in found.says
    assert f"{made} = " in text.splitlines()[at - 1]


def test_several_stores_that_are_missing_are_one_finding() -> None:
    """One call, one finding, and all arrays in it."""
    text, _ = deleted("lstm_backward", "dx[:, :, t] = gradients['dxt']")
    text, _ = deleted("lstm_backward", "dWf = dWf + gradients['dWf']", text)
    text, call = deleted("lstm_backward", "dbo = dbo + gradients['dbo']", text)
    (found,) = findings("lstm_backward", text)
    assert (found.line, found.proof) == (call, "proved")
    assert all(name in found.says for name in ("dx", "dWf", "dbo"))


def test_a_carry_that_keeps_its_start_value_is_one_finding_with_the_result_it_becomes() -> None:
    """Where the carry is handed out as da0 too, the zero in da0 is no second mistake."""
    text = PROGRAM.replace("    da0 = gradients['da_prev']\n", "    da0 = da_prevt\n")
    text, call = deleted("lstm_backward", "da_prevt = gradients['da_prev']", text)
    (found,) = findings("lstm_backward", text)
    assert (found.line, found.id, found.proof) == (call, "carry-missing", "proved")


def test_a_call_without_its_own_steps_gradient_is_no_missing_store() -> None:
    """All results are zero because the cell is given zeros: the argument is named, and no array that is rightly filled."""
    text, line = changed("rnn_backward", "rnn_cell_backward(da[:, :, t] + da_prevt", "rnn_cell_backward(da_prevt")
    (found,) = findings("rnn_backward", text)
    assert (found.line, found.id, found.proof) == (line, "upstream-missing", "proved")


def test_a_store_that_goes_elsewhere_is_told_at_its_own_line() -> None:
    """What belongs into dWi is added to dWf: one finding at that line, and none at the call."""
    text, line = changed("lstm_backward", "dWi = dWi + gradients['dWi']", "dWf += gradients['dWi']")
    found = findings("lstm_backward", text)
    assert {one.line for one in found} == {line}
    assert found[0].id == "accumulator-copied"


def test_in_a_cell_a_missing_store_is_told_at_the_return_that_misses_it() -> None:
    """No cell is called there, and no line computes what should be stored."""
    text = HELPERS.replace('        grads["db" + k] = z[k].sum(axis=1, keepdims=True)\n', "")
    (found,) = findings("lstm_cell_backward", text)
    assert (found.line, found.id, found.proof) == (line_of(text, "return grads"), "returned-wrong", "contract")


def line_of(text: str, part: str) -> int:
    """The number of the first line that holds this."""
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


def test_a_gate_that_is_named_twice_is_proved_by_its_right_name() -> None:
    """In a loop over the gates one letter stands twice: with the other letter in its place all results come right."""
    text = HELPERS.replace('for k in "fico"', 'for k in ("f", "i", "c", "c")')
    (found,) = findings("lstm_cell_backward", text)
    assert (found.line, found.id, found.proof) == (line_of(text, 'for k in ("f"'), "gate-swapped", "proved")


def test_a_line_that_sets_anew_what_it_should_add_to_is_named() -> None:
    """The line that loses the sum so far, not the one that uses what is left."""
    text = """
import numpy as np

def rnn_cell_forward(xt, a_prev, parameters):
    s = np.dot(parameters["Wax"], xt)
    s = np.dot(parameters["Waa"], a_prev)
    s = s + parameters["ba"]
    a_next = np.tanh(s)
    z = np.exp(np.dot(parameters["Wya"], a_next) + parameters["by"])
    return a_next, z / z.sum(axis=0), (a_next, a_prev, xt, parameters)
"""
    (found,) = findings("rnn_cell_forward", text)
    assert (found.line, found.proof) == (6, "proved")


def test_a_helper_that_does_its_work_is_not_blamed_for_what_it_is_given() -> None:
    """The call hands over another state: its line is named, and not the helper's."""
    text = """
import numpy as np

def total(m):
    return m.sum(axis=1, keepdims=True)

def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    dz = (1 - a_next ** 2) * da_next
    dWax, dWaa = dz @ xt.T, dz @ a_prev.T
    dba = total(a_prev)
    return {"dxt": parameters["Wax"].T @ dz, "da_prev": parameters["Waa"].T @ dz, "dWax": dWax, "dWaa": dWaa, "dba": dba}
"""
    (found,) = findings("rnn_cell_backward", text)
    assert (found.line, found.proof) == (line_of(text, "dba = total"), "proved")


def test_a_helper_that_is_wrong_for_all_gates_is_one_finding() -> None:
    """The learner's own sigmoid: one line, and not the three lines that use it."""
    text = """
import numpy as np

def squash(v):
    return 1 / (np.exp(-v))

def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    both = np.vstack([a_prev, xt])
    f, i, o = (squash(parameters["W" + k] @ both + parameters["b" + k]) for k in "fio")
    g = np.tanh(parameters["Wc"] @ both + parameters["bc"])
    c = f * c_prev + i * g
    a = o * np.tanh(c)
    y = np.exp(parameters["Wy"] @ a + parameters["by"])
    return a, c, y / y.sum(axis=0), (a, c, a_prev, c_prev, f, i, g, o, xt, parameters)
"""
    (found,) = findings("lstm_cell_forward", text)
    assert (found.line, found.id, found.proof) == (5, "term-dropped", "proved")


def test_copies_are_tried_one_by_one_only_where_they_matter() -> None:
    """Whether any two names share memory is one run a round; only if it shows is each place tried."""
    wrong = [
        ("lstm_backward", "da_prevt = gradients", "da_prevt = -gradients"),
        ("lstm_cell_backward", "dft = dc * c_prev * ft * (1 - ft)", "dft = dc * c_prev * ft"),
    ]
    for function, before, after in wrong:
        text, line = changed(function, before, after)
        harness = Copies(Harness([Piece("cell 4", 1, text)], PARTS))
        found = find(harness, [Piece("cell 4", 1, text)], function, case(function, SIZES, 1))
        assert [finding.line for finding in found] == [line]
        assert harness.alone <= 1


class Copies:
    """A runner that counts the runs with a copy at one place alone."""

    def __init__(self, harness: Harness) -> None:
        self.harness, self.alone = harness, 0

    def run(self, request: Request) -> Reply:
        """One call."""
        self.alone += sum(one.copy for one in request.substitutes) == 1
        return self.harness.run(request)
