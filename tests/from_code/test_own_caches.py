"""Caches of the learner's own layout: where the backward functions that read them are wrong, the line is found too."""

from __future__ import annotations

import ast

import pytest
from styles import TEXTS

from whygrad.from_code.examine import examine
from whygrad.from_code.reference.parts import PARTS
from whygrad.read.pieces import Cell, collect
from whygrad.read.source import Origin
from whygrad.sandbox.harness import Harness

ENTRIES = "a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters"
PLAIN = TEXTS["course_template"]
AS_DICTIONARIES = (
    PLAIN.replace(f"cache = ({ENTRIES})", f"cache = dict({', '.join(f'{name}={name}' for name in ENTRIES.split(', '))})")
    .replace(f"({ENTRIES}) = cache", "\n    ".join(f"{name} = cache['{name}']" for name in ENTRIES.split(", ")))
    .replace("(a1, c1, a0, c0, f1, i1, cc1, o1, x1, parameters) = caches[0]", "x1 = caches[0]['xt']")
)
WITH_MORE = (
    PLAIN.replace(f"cache = ({ENTRIES})", f"cache = ({ENTRIES}, concat)")
    .replace(f"({ENTRIES}) = cache", f"({ENTRIES}, concat) = cache")
    .replace("o1, x1, parameters) = caches[0]", "o1, x1, parameters, _) = caches[0]")
)


def told(program: str) -> list[tuple[str, str]]:
    """Kind and line of each mistake."""
    source = collect("rnn.py", [Cell(program, Origin("rnn.py", None, tuple(program.split("\n"))))])
    mistakes = examine(source, Harness(source.pieces, PARTS), "a tier").mistakes
    return [(one.id, one.location.text if one.location else "") for one in mistakes]


@pytest.mark.parametrize("program", [AS_DICTIONARIES, WITH_MORE], ids=["dictionaries", "one entry more"])
@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("dot = da_next * np.tanh(c_next) * ot * (1 - ot)", "dot = da_next * np.tanh(c_next) * (1 - ot)", "factor-dropped"),
        ("dbf = np.sum(dft, axis=1, keepdims=True)", "dbf = np.sum(dft, axis=0, keepdims=True)", "sum-wrong"),
        ("dWf = dWf + gradients['dWf']", "dWf = gradients['dWf']", "overwritten-not-summed"),
        ("da0 = gradients['da_prev']", "da0 = da[:, :, 0]", "initial-gradient-wrong"),
        (
            "gradients = lstm_cell_backward(da[:,:,t] + da_prevt, dc_prevt, caches[t])",
            "gradients = lstm_cell_backward(da[:,:,t] + da_prevt, dc_prevt, caches[0])",
            "cache-of-wrong-step",
        ),
        (
            "gradients = lstm_cell_backward(da[:,:,t] + da_prevt, dc_prevt, caches[t])",
            "gradients = lstm_cell_backward(da[:,:,t], dc_prevt, caches[t])",
            "carry-missing",
        ),
    ],
)
def test_the_line_is_found(program: str, old: str, new: str, kind: str) -> None:
    """With the learner's own caches in place of the course's."""
    assert old in program
    assert told(program) == []
    assert told(program.replace(old, new)) == [(kind, new)]


def verdicts(program: str) -> dict[str, str]:
    """By function, the verdicts that are not right."""
    source = collect("rnn.py", [Cell(program, Origin("rnn.py", None, tuple(program.split("\n"))))])
    found = examine(source, Harness(source.pieces, PARTS), "a tier").functions
    return {one.function: one.verdict for one in found if one.verdict != "right"}


def test_a_cache_that_changes_is_the_forward_function_s_fault() -> None:
    """The first state as a view of the output: the forward function loses it, the backward functions that read it are right."""
    program = AS_DICTIONARIES.replace("c_next = np.zeros((n_a, m))", "c_next = c[:, :, 0]")
    assert program != AS_DICTIONARIES
    assert told(program) == [("view-of-output", "c_next = c[:, :, 0]")]
    assert verdicts(program) == {"lstm_forward": "wrong"}


def test_a_wrong_cache_is_no_layout_of_its_own_where_a_wrong_backward_cell_does_not_read_it() -> None:
    """The entries lie as in the course: that the learner's gradients do not change with what one of them holds excuses nothing."""
    program = PLAIN.replace("c_next = np.zeros((n_a, m))", "c_next = c[:, :, 0]")
    program = program.replace("dft = (", "dft = 0 * (")
    assert ("view-of-output", "c_next = c[:, :, 0]") in told(program)


def test_backward_functions_wait_for_a_wrong_forward_cell() -> None:
    """What reads the caches of a cell that computes something else cannot be judged yet, and is not to blame."""
    program = AS_DICTIONARIES.replace("c_next = ft * c_prev + it * cct", "c_next = it * c_prev + ft * cct")
    assert program != AS_DICTIONARIES
    assert told(program) == [("names-exchanged", "c_next = it * c_prev + ft * cct")]
    assert verdicts(program) == {"lstm_cell_forward": "wrong", "lstm_cell_backward": "not reached", "lstm_backward": "not reached"}


def test_a_loop_waits_for_a_cell_that_returns_its_gradients_in_another_form() -> None:
    """A cell that returns a tuple, and is wrong: the loop that takes it apart does not raise with it."""
    start, end = PLAIN.index("def rnn_cell_backward("), PLAIN.index("def lstm_cell_backward(")
    program = f"""{PLAIN[:start]}
def rnn_cell_backward(da_next, cache):
    (a_next, a_prev, xt, parameters) = cache
    dz = (1 - a_next) * da_next
    return parameters["Wax"].T @ dz, parameters["Waa"].T @ dz, dz @ xt.T, dz @ a_prev.T, dz.sum(1, keepdims=True)


def rnn_backward(da, caches):
    (caches, x) = caches
    dx, da_prev, sums = np.zeros((len(x), *da.shape[1:])), 0, [0, 0, 0]
    for t in reversed(range(da.shape[2])):
        dx[:, :, t], da_prev, *step = rnn_cell_backward(da[:, :, t] + da_prev, caches[t])
        sums = [one + other for one, other in zip(sums, step)]
    return dict(dx=dx, da0=da_prev, dWax=sums[0], dWaa=sums[1], dba=sums[2])


{PLAIN[end:]}"""
    assert verdicts(program) == {"rnn_cell_backward": "wrong", "rnn_backward": "not reached"}


def test_a_list_of_caches_without_the_inputs_is_a_form_too() -> None:
    """A forward and a backward function that hand on the list alone: only the one with a mistake is wrong."""
    start = PLAIN.index("def lstm_forward(")
    program = PLAIN[:start] + PLAIN[start:].replace("    caches = (caches, x)\n", "", 1)
    start = program.index("def lstm_backward(")
    program = program[:start] + program[start:].replace("    (caches, x) = caches\n", "", 1)
    assert verdicts(program) == {}
    assert verdicts(program.replace("dWf = dWf + gradients['dWf']", "dWf = gradients['dWf']")) == {"lstm_backward": "wrong"}


def test_a_class_that_unpacks_like_the_courses_tuple() -> None:
    """Caches that no plain data can hold: the backward cell reads the course's as well, so the line is found with those."""
    names = ENTRIES.split(", ")
    fields = "\n".join(f"    {name}: object" for name in names)
    handed_out = ", ".join(f"self.{name}" for name in names)
    made = f"@dataclass\nclass Kept:\n{fields}\n    def __iter__(self):\n        return iter(({handed_out}))\n"
    program = PLAIN.replace(f"cache = ({ENTRIES})", f"cache = Kept({ENTRIES})")
    program = program.replace("import numpy as np\n", f"import numpy as np\nfrom dataclasses import dataclass\n\n{made}\n", 1)
    program = program.replace("(a1, c1, a0, c0, f1, i1, cc1, o1, x1, parameters) = caches[0]", "_, _, _, _, _, _, _, _, x1, _ = caches[0]")
    old, new = "dot = da_next * np.tanh(c_next) * ot * (1 - ot)", "dot = da_next * np.tanh(c_next) * (1 - ot)"
    assert told(program) == []
    assert told(program.replace(old, new)) == [("factor-dropped", new)]


def without(program: str, *functions: str) -> str:
    """The program without these functions."""
    tree = ast.parse(program)
    tree.body = [node for node in tree.body if not (isinstance(node, ast.FunctionDef) and node.name in functions)]
    return ast.unparse(tree)


BY_STEP = PLAIN.replace("    caches = []\n", "    caches = {}\n").replace("caches.append(cache)", "caches[t] = cache")


def test_a_dictionary_by_step_is_read_as_a_list_is() -> None:
    """Caches under the numbers of the steps: a wrong backward cell, or one that is not there, does not make the loop wrong."""
    assert BY_STEP != PLAIN
    assert verdicts(BY_STEP) == {}
    assert verdicts(BY_STEP.replace("dot = da_next * np.tanh(c_next) * ot * (1 - ot)", "dot = da_next * ot * (1 - ot)")) == {
        "lstm_cell_backward": "wrong"
    }
    assert verdicts(without(BY_STEP, "rnn_cell_backward", "rnn_backward")) == {"rnn_cell_backward": "missing", "rnn_backward": "missing"}
    assert told(BY_STEP.replace("rnn_cell_forward(x[:, :, t]", "rnn_cell_forward(x[:, :, 0]")) == [
        ("input-of-wrong-step", "a_next, yt_pred, cache = rnn_cell_forward(x[:, :, 0], a_next, parameters)")
    ]


def as_objects(kind: str, made: str) -> str:
    """The program with an RNN's caches as objects of a class, read by the names of their parts."""
    program = PLAIN.replace("import numpy as np\n", f"import numpy as np\n{made}\n", 1)
    names = ("a_next", "a_prev", "xt", "parameters")
    program = program.replace(f"cache = ({', '.join(names)})", f"cache = {kind}({', '.join(f'{name}={name}' for name in names)})")
    program = program.replace(f"({', '.join(names)}) = cache", "\n    ".join(f"{name} = cache.{name}" for name in names))
    return program.replace("(a1, a0, x1, parameters) = caches[0]", "x1 = caches[0].xt")


TUPLES_WITH_NAMES = as_objects("Kept", 'from collections import namedtuple\nKept = namedtuple("Kept", "a_next a_prev xt parameters")')
OBJECTS = as_objects("Kept", "from types import SimpleNamespace as Kept")


@pytest.mark.parametrize(
    ("program", "waits"), [(TUPLES_WITH_NAMES, {}), (OBJECTS, {"rnn_backward": "not reached"})], ids=["tuples with names", "objects"]
)
def test_a_loop_over_objects_is_not_called_wrong(program: str, waits: dict[str, str]) -> None:
    """The backward cell is wrong and reads objects: the loop does what the reference does with it, or waits where that cannot be tried."""
    assert program != PLAIN
    assert verdicts(program) == {}
    old, new = "dWaa = np.dot(dtanh, a_prev.T)", "dWaa = np.dot(dtanh, a_next.T)"
    assert old in program
    assert verdicts(program.replace(old, new)) == {"rnn_cell_backward": "wrong", **waits}
    old, new = "dWaa += dWaat", "dWaa = dWaat"
    assert old in program
    assert verdicts(program.replace(old, new)) == {"rnn_backward": "wrong"}


def test_objects_that_no_forward_cell_makes_are_no_error() -> None:
    """A forward cell that raises, or is not there: what reads the parts of its objects cannot be judged yet."""
    program = OBJECTS.replace("np.dot(Wax, xt)", "np.dot(xt, Wax)")
    assert verdicts(program) == {"rnn_cell_forward": "raises", "rnn_cell_backward": "not reached", "rnn_backward": "not reached"}
    assert verdicts(without(OBJECTS, "rnn_cell_forward")) == {
        "rnn_cell_forward": "missing",
        "rnn_cell_backward": "not reached",
        "rnn_backward": "not reached",
    }


def test_an_array_of_the_cache_taken_apart_is_no_form_of_a_cache() -> None:
    """``n_x, m = xt`` wanted the sizes of an array, whether a forward cell is there or not."""
    program = PLAIN.replace("n_x, m = xt.shape\n    n_a, m = a_next.shape", "n_x, m = xt\n    n_a, m = a_next.shape")
    assert verdicts(program) == {"lstm_cell_backward": "raises"}
    alone = without(program, "lstm_cell_forward")
    assert verdicts(alone) == {"lstm_cell_forward": "missing", "lstm_cell_backward": "raises"}


def test_a_loop_that_hands_objects_on_is_judged_with_the_reference_s_cell() -> None:
    """There is no backward cell that could read the learner's caches, but the loop hands on any: its own mistake is found."""
    program = AS_DICTIONARIES.replace("x1 = caches[0]['xt']", "x1 = x[:, :, 0]")
    program = without(program, "lstm_cell_backward")
    assert verdicts(program) == {"lstm_cell_backward": "missing"}
    old, new = "dWf = dWf + gradients['dWf']", "dWf = gradients['dWf']"
    assert old in program
    assert told(program.replace(old, new)) == [("overwritten-not-summed", new)]


@pytest.mark.parametrize("odd", ["()", "None", "10**400", "np.ma.masked", "{1: 2, None: 3}", "([None] * 4, x)", "np.array([None, 1])"])
@pytest.mark.parametrize("kept", ["cache", "caches", "dba", "a_next"])
def test_whatever_is_kept_or_returned_is_an_answer(odd: str, kept: str) -> None:
    """Nothing that a function returns, keeps or hands on ends the judging, and no search for a line ends with a fault."""
    for family in ("rnn", "lstm"):
        for function in (f"{family}_cell_forward", f"{family}_forward", f"{family}_cell_backward"):
            start = PLAIN.index(f"def {function}(")
            end = PLAIN.index("    return ", start)
            program = f"{PLAIN[:end]}    {kept} = {odd}\n{PLAIN[end:]}"
            source = collect("rnn.py", [Cell(program, Origin("rnn.py", None, tuple(program.split("\n"))))])
            result = examine(source, Harness(source.pieces, PARTS), "a tier")
            assert not [note for note in result.notes if "fault" in note]


@pytest.mark.parametrize("program", [TUPLES_WITH_NAMES, OBJECTS], ids=["tuples with names", "objects"])
@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("dWaa = np.dot(dtanh, a_prev.T)", "dWaa = np.dot(dtanh, a_next.T)", "name-replaced"),
        ("dWaa += dWaat", "dWaa = dWaat", "overwritten-not-summed"),
        (
            "gradients = rnn_cell_backward(da[:,:,t] + da_prevt, caches[t])",
            "gradients = rnn_cell_backward(da[:,:,t], caches[t])",
            "carry-missing",
        ),
        (
            "gradients = rnn_cell_backward(da[:,:,t] + da_prevt, caches[t])",
            "gradients = rnn_cell_backward(da[:,:,t] + da_prevt, caches[-1])",
            "slice-wrong",
        ),
    ],
)
def test_the_line_is_found_where_nobody_else_can_hand_in_the_caches(program: str, old: str, new: str, kind: str) -> None:
    """Caches that only the learner's own functions can make: the search runs in the chain with them."""
    assert old in program
    assert told(program.replace(old, new)) == [(kind, new)]


def test_a_cache_that_is_a_function_of_the_forward_cell() -> None:
    """What the backward cell calls stands in the forward cell, whose lines are not looked at where the loop is wrong."""
    start, end = PLAIN.index("def rnn_cell_backward("), PLAIN.index("def rnn_backward(")
    program = f"{PLAIN[:start]}def rnn_cell_backward(da_next, cache):\n    return cache(da_next)\n\n\n{PLAIN[end:]}"
    old = "cache = (a_next, a_prev, xt, parameters)"
    back = """def cache(da):
        d = (1 - a_next ** 2) * da
        dW = {"dWax": d @ xt.T, "dWaa": d @ a_prev.T, "dba": d.sum(axis=1, keepdims=True)}
        return {"dxt": parameters["Wax"].T @ d, "da_prev": parameters["Waa"].T @ d, **dW}"""
    assert program.count(old) == 1
    program = program.replace(old, back).replace("(a1, a0, x1, parameters) = caches[0]", "x1 = x[:, :, 0]\n    n_a = len(da)")
    assert verdicts(program) == {}
    call = "gradients = rnn_cell_backward(da[:,:,t] + da_prevt, caches[t])"
    wrong = call.replace("+ da_prevt", "- da_prevt")
    assert call in program
    assert told(program.replace(call, wrong)) == [("sign-flipped", wrong)]


_CELL, _LOOP = PLAIN.index("def rnn_cell_backward("), PLAIN.index("def rnn_backward(")
FUNCTIONS_KEPT = f"""{PLAIN[:_CELL]}
def slope(a):
    return 1 - a ** 2

def rnn_cell_backward(da_next, cache):
    return cache(da_next)

{PLAIN[_LOOP:]}""".replace(
    "cache = (a_next, a_prev, xt, parameters)",
    """def cache(da):
        d = slope(a_next) * da
        dW = {"dWax": d @ xt.T, "dWaa": d @ a_prev.T, "dba": d.sum(axis=1, keepdims=True)}
        return {"dxt": parameters["Wax"].T @ d, "da_prev": parameters["Waa"].T @ d, **dW}""",
)
FUNCTIONS_KEPT = FUNCTIONS_KEPT.replace("(a1, a0, x1, parameters) = caches[0]", "x1, n_a = x[:, :, 0], len(da)")
FUNCTIONS_KEPT = FUNCTIONS_KEPT.replace("rnn_cell_backward(da[:,:,t] + da_prevt, caches[t])", "caches[t](da[:,:,t] + da_prevt)")


@pytest.mark.parametrize(
    ("old", "new", "kind", "wrong"),
    [
        ("return 1 - a ** 2", "return 1 - a", "wrong-activation-derivative", "rnn_cell_backward"),
        ("d = slope(a_next) * da", "d = slope(a_prev) * da", "name-replaced", "rnn_cell_backward"),
        ("caches[t](da[:,:,t] + da_prevt)", "caches[t](da[:,:,t])", "carry-missing", "rnn_backward"),
    ],
)
def test_a_loop_that_calls_its_caches_calls_its_cell(old: str, new: str, kind: str, wrong: str) -> None:
    """What the functions that are kept do wrong is the cell's and not the loop's, and what the loop hands them is told at its call."""
    assert FUNCTIONS_KEPT.count(old) == 1
    program = FUNCTIONS_KEPT.replace(old, new)
    assert [(said, new in line) for said, line in told(program)] == [(kind, True)]
    assert verdicts(program) == {wrong: "wrong"}


def test_the_loop_and_the_functions_that_it_calls_may_both_be_wrong() -> None:
    """Each is told by itself."""
    assert verdicts(FUNCTIONS_KEPT) == {}
    both = FUNCTIONS_KEPT.replace("return 1 - a ** 2", "return 1 - a").replace("dba += dbat", "dba = dbat")
    assert [said for said, _ in told(both)] == ["wrong-activation-derivative", "overwritten-not-summed"]


def test_the_one_who_stores_something_else_under_a_name_is_to_blame() -> None:
    """A cache that holds the state of this step under the name of the one before: what reads it by that name is not wrong."""
    stored = "a_prev=a_prev, c_prev=c_prev"
    program = AS_DICTIONARIES.replace(stored, "a_prev=a_next, c_prev=c_prev")
    assert program != AS_DICTIONARIES
    line = next(text for text in program.split("\n") if "a_prev=a_next, c_prev=c_prev" in text).strip()
    assert told(program) == [("returned-otherwise", line)]
    assert verdicts(program) == {"lstm_cell_forward": "wrong", "lstm_cell_backward": "not reached", "lstm_backward": "not reached"}
    assert verdicts(AS_DICTIONARIES.replace("a_prev = cache['a_prev']", "a_prev = cache['a_next']")) == {
        "lstm_cell_backward": "wrong",
        "lstm_backward": "not reached",
    }


def test_names_that_say_otherwise_do_no_harm_where_both_sides_agree() -> None:
    """A cell that keeps c_next under the name c_prev, and reads it by that name: the backward cell's own mistake is its own."""
    swapped = (
        AS_DICTIONARIES.replace("c_prev=c_prev", "c_prev=c_next")
        .replace("c_next=c_next", "c_next=c_prev")
        .replace("c_next = cache['c_next']", "c_next = cache['c_prev']#")
        .replace("c_prev = cache['c_prev']\n", "c_prev = cache['c_next']\n")
    )
    assert verdicts(swapped) == {}
    old, new = "dot = da_next * np.tanh(c_next) * ot * (1 - ot)", "dot = da_next * np.tanh(c_next) * (1 - ot)"
    assert told(swapped.replace(old, new)) == [("factor-dropped", new)]


def test_a_loop_that_does_not_call_its_cell_need_not_wait_for_it() -> None:
    """A slip in what the backward cell and the loop both call: both are wrong, at that line."""
    program = AS_DICTIONARIES.replace("gradients = lstm_cell_backward(", "gradients = one_step(").replace(
        "def lstm_cell_backward(da_next, dc_next, cache):",
        "def lstm_cell_backward(da_next, dc_next, cache):\n    return one_step(da_next, dc_next, cache)\n\n\n"
        "def one_step(da_next, dc_next, cache):",
    )
    assert verdicts(program) == {}
    old, new = "dot = da_next * np.tanh(c_next) * ot * (1 - ot)", "dot = da_next * np.tanh(c_next) * (1 - ot)"
    assert verdicts(program.replace(old, new)) == {"lstm_cell_backward": "wrong", "lstm_backward": "wrong"}
    assert [line for _, line in told(program.replace(old, new))] == [new, new]


def test_a_gate_whose_activation_comes_out_of_a_table() -> None:
    """A cache of another layout; the table is told, not the line that looks it up."""
    old = PLAIN[PLAIN.index("    ft = sigmoid(") : PLAIN.index("    c_next = ft * c_prev")]
    new = """    gates = {k: TABLE[k](parameters["W" + k] @ concat + parameters["b" + k]) for k in "fico"}
    ft, it, cct, ot = gates.values()
"""
    table = 'TABLE = {"f": sigmoid, "i": sigmoid, "c": np.tanh, "o": sigmoid}'
    program = f"{AS_DICTIONARIES.replace(old, new)}\n\n{table}\n"
    assert verdicts(program) == {}
    assert told(program.replace('"c": np.tanh', '"c": sigmoid')) == [("activation-wrong", table.replace("np.tanh", "sigmoid"))]


def test_a_loop_that_reads_the_objects_it_keeps() -> None:
    """It cannot run with the reference's cell; with the learner's own it does what the reference does, whatever the backward cell does."""
    old = "a[:,:,t] = a_next\n        y_pred"
    assert OBJECTS.count(old) == 1
    program = OBJECTS.replace(old, f"a_next = cache.a_next\n        {old}")
    assert verdicts(program) == {}
    wrong = program.replace("dWaa = np.dot(dtanh, a_prev.T)", "dWaa = np.dot(dtanh, a_next.T)")
    assert verdicts(wrong) == {"rnn_cell_backward": "wrong", "rnn_backward": "not reached"}
    wrong = program.replace("n_a, m, T_x = da.shape\n    n_x, m = x1.shape", "n_a, T_x, m = da.shape\n    n_x, _ = x1.shape", 1)
    assert verdicts(wrong) == {"rnn_backward": "raises"}


@pytest.mark.parametrize(
    ("program", "read", "slip", "seen"),
    [
        (AS_DICTIONARIES, "cache['a_next']\n        y[", ("dot = da_next", "dot = oto * da_next"), True),
        (AS_DICTIONARIES, "cache['a_next']\n        y[", ("dbf = np.sum(dft, axis=1, keepdims=True)", "dbf = np.sum(dft, axis=1)"), True),
        (WITH_MORE, "cache[10][:n_a] * 0 + cache[0]\n        y[", ("dot = da_next", "dot = oto * da_next"), True),
        (TUPLES_WITH_NAMES, "cache.a_next\n        y_pred[", ("np.dot(dtanh, xt.T)", "np.dot(dtan, xt.T)"), True),
        (
            OBJECTS.replace("x1 = caches[0].xt", "x1 = x[:, :, 0]"),
            "cache.a_next\n        y_pred[",
            ("np.dot(dtanh, xt.T)", "np.dot(dtan, xt.T)"),
            False,
        ),
    ],
)
def test_a_loop_that_reads_what_it_keeps_beside_a_backward_cell_that_stops(
    program: str, read: str, slip: tuple[str, str], *, seen: bool
) -> None:
    """It keeps, step by step, what its own cell gives, and is right; it waits where that cannot be seen."""
    old = f"a[:,:,t] = a_next\n        {read.rpartition(' ')[2]}"
    assert old in program
    program = program.replace(old, f"a[:,:,t] = {read}")
    assert verdicts(program) == {}
    assert slip[0] in program
    family = "rnn" if "y_pred" in read else "lstm"
    wrong = verdicts(program.replace(*slip))
    assert wrong.pop(f"{family}_cell_backward") in {"raises", "wrong"}
    assert wrong.pop(f"{family}_backward", "not reached") == "not reached"
    assert wrong == ({} if seen else {f"{family}_forward": "not reached"})


def test_a_loop_that_reads_a_cache_of_its_own_form_and_keeps_another_step_s() -> None:
    """It is wrong, and nobody says that it raises; beside a backward cell that stops it may be so."""
    program = AS_DICTIONARIES.replace("a[:,:,t] = a_next\n        y[", "a[:,:,t] = cache['a_next']\n        y[")
    program = program.replace("x1 = caches[0]['xt']", "x1 = x[:, :, 0]")
    program = without(program, "rnn_cell_forward", "rnn_forward", "rnn_cell_backward", "rnn_backward")
    kept = "caches.append(caches[-1] if caches else cache)"
    lost = program.replace("caches.append(cache)", kept)
    assert told(lost) == [("returned-otherwise", kept)]
    beside = verdicts(lost.replace("dot = da_next", "dot = oto * da_next"))
    assert (beside["lstm_forward"], beside["lstm_cell_backward"]) == ("not reached", "raises")


@pytest.mark.parametrize(
    ("style", "old", "new"),
    [
        ("closures", "da_t = dc_t = ", "da_t = dc_t = ({0: None}, np.zeros(3)) or "),
        ("course_template", "ft = sigmoid(", "ft = True or sigmoid("),
        ("course_template", "dc_prevt = np", "dc_prevt = True or np"),
    ],
)
def test_whatever_a_name_holds_is_an_answer(style: str, old: str, new: str) -> None:
    """A pair where an array belongs, or a truth value: no search for a line ends with a fault."""
    program = TEXTS[style].replace(old, new)
    assert program != TEXTS[style]
    source = collect("rnn.py", [Cell(program, Origin("rnn.py", None, tuple(program.split("\n"))))])
    assert not [note for note in examine(source, Harness(source.pieces, PARTS), "a tier").notes if "fault" in note]


FIELDS = {
    "a named tuple": f"from collections import namedtuple\nStep = namedtuple('Step', '{ENTRIES.replace(',', '')}')\n",
    "a list of fields": f"from collections import namedtuple\nStep = namedtuple('Step', {ENTRIES.split(', ')})\n",
    "a data class": "from dataclasses import dataclass\n\n\n@dataclass\nclass Step:\n"
    + "".join(f"    {name}: object\n" for name in ENTRIES.split(", ")),
}


@pytest.mark.parametrize("kept", FIELDS.values(), ids=FIELDS)
def test_a_quantity_kept_under_the_name_of_another(kept: str) -> None:
    """The forward cell is told, at the line that makes the cache, and no line that reads it by its names."""
    program = (
        PLAIN.replace(f"cache = ({ENTRIES})", f"cache = Step({ENTRIES})")
        .replace(f"({ENTRIES}) = cache", "\n    ".join(f"{name} = cache.{name}" for name in ENTRIES.split(", ")))
        .replace("(a1, c1, a0, c0, f1, i1, cc1, o1, x1, parameters) = caches[0]", "x1 = caches[0].xt")
        .replace("import numpy as np\n", f"import numpy as np\n{kept}", 1)
    )
    assert told(program) == []
    for old, new in (("ft, it, cct", "it, ft, cct"), ("a_prev, c_prev", "a_prev, c_next")):
        entries = ENTRIES.replace(old, new)
        assert told(program.replace(f"Step({ENTRIES})", f"Step({entries})")) == [("returned-otherwise", f"cache = Step({entries})")]


def test_it_is_called_by_what_it_stands_for() -> None:
    """Keys of one's own too; the verdict of the backward cell waits."""
    program = AS_DICTIONARIES.replace("ft=ft, it=it", "f=ft, i=it").replace("ft = cache['ft']", "ft = cache['f']")
    program = program.replace("it = cache['it']", "it = cache['i']")
    assert told(program) == []
    program = program.replace("f=ft, i=it", "f=it, i=ft")
    source = collect("rnn.py", [Cell(program, Origin("rnn.py", None, tuple(program.split("\n"))))])
    result = examine(source, Harness(source.pieces, PARTS), "a tier")
    (said,) = result.mistakes
    assert said.says.endswith('its cache holds it (the update gate) under "f" and ft (the forget gate) under "i"')
    assert {one.function: one.verdict for one in result.functions}["lstm_cell_backward"] == "not reached"


def test_an_entry_under_a_name_that_says_nothing() -> None:
    """Exchanged with one whose name says what it is, it is told with that one."""
    program = AS_DICTIONARIES.replace("it=it, cct=cct", "i=it, part=cct").replace("it = cache['it']", "it = cache['i']")
    program = program.replace("cct = cache['cct']", "cct = cache['part']")
    assert told(program) == []
    program = program.replace("i=it, part=cct", "i=cct, part=it")
    source = collect("rnn.py", [Cell(program, Origin("rnn.py", None, tuple(program.split("\n"))))])
    (said,) = examine(source, Harness(source.pieces, PARTS), "a tier").mistakes
    assert said.function == "lstm_cell_forward"
    assert said.says.endswith('its cache holds cct (the candidate) under "i" and it (the update gate) under "part"')


def test_two_entries_exchanged_are_no_layout_of_its_own() -> None:
    """If the backward cell takes the cache apart into the course's names, it is the forward cell that puts them in another order."""
    exchanged = PLAIN.replace("cache = (a_next, a_prev, xt, parameters)", "cache = (a_prev, a_next, xt, parameters)")
    old, new = "dtanh = (1 - a_next ** 2) * da_next", "dtanh = (1 - a_next) * da_next"
    assert exchanged != PLAIN
    assert old in PLAIN
    assert told(exchanged.replace(old, new)) == [
        ("name-replaced", "cache = (a_prev, a_next, xt, parameters)"),
        ("wrong-activation-derivative", new),
    ]


def test_an_entry_of_a_row_of_one_s_own() -> None:
    """By its index: what the backward cell takes there is kept nowhere."""
    row = "parameters, c_prev, ft, it, cct, ot, a_prev, xt, c_next"
    program = PLAIN.replace(f"cache = ({ENTRIES})", f"cache = ({row})").replace(f"({ENTRIES}) = cache", f"({row}) = cache")
    program = program.replace("(a1, c1, a0, c0, f1, i1, cc1, o1, x1, parameters) = caches[0]", "x1 = caches[0][7]")
    program = program.replace("n_a, m = a_next.shape", "n_a, m = da_next.shape")
    assert told(program) == []
    kept = row.replace("c_prev", "a_next")
    program = program.replace(f"cache = ({row})", f"cache = ({kept})")
    assert told(program) == [("returned-otherwise", f"cache = ({kept})")]


TURNED = """
import numpy as np
def rnn_cell_forward(xt, a_prev, P):
    a = np.tanh(P["Wax"] @ xt + P["Waa"] @ a_prev + P["ba"])
    z = np.exp(P["Wya"] @ a + P["by"])
    return a, z / z.sum(0), (a.T, a_prev.T, xt.T, P)
def rnn_forward(x, a0, P):
    steps, hidden, shown = [], [a0], []
    for t in range(x.shape[2]):
        a = np.tanh(P["Wax"] @ x[:, :, t] + P["Waa"] @ hidden[-1] + P["ba"])
        z = np.exp(P["Wya"] @ a + P["by"])
        steps.append((a.T, hidden[-1].T, x[:, :, t].T, P))
        hidden.append(a)
        shown.append(z / z.sum(0))
    return np.stack(hidden[1:], 2), np.stack(shown, 2), (steps, x)
def step_back(da_next, cache):
    a, a_prev, xt, P = cache
    dz = da_next * (1 - a.T ** 2)
    return dict(dxt=P["Wax"].T @ dz, da_prev=P["Waa"].T @ dz, dWax=dz @ xt, dWaa=dz @ a_prev, dba=dz.sum(1, keepdims=True))
def rnn_cell_backward(da_next, cache):
    return step_back(da_next, cache)
def rnn_backward(da, caches):
    steps, x = caches
    sums, carry, dx = dict(dWax=0, dWaa=0, dba=0), 0, np.zeros(x.shape[:2] + da.shape[2:])
    for t in range(da.shape[2])[::-1]:
        step = step_back(da[:, :, t] + carry, steps[t])
        dx[:, :, t], carry = step["dxt"], step["da_prev"]
        sums = {key: sums[key] + step[key] for key in sums}
    return dict(dx=dx, da0=carry, **sums)
"""


@pytest.mark.parametrize("kept", ["(a, hidden[-1].T, ", "(a.T, a.T, "], ids=["it raises", "numbers"])
def test_a_loop_that_keeps_something_else_than_its_cell(kept: str) -> None:
    """Both are right for themselves; the loop that writes out the cell's layout once more, and does it otherwise, is told."""
    line = next(line.strip() for line in TURNED.split("\n") if "steps.append" in line)
    wrong = line.replace("(a.T, hidden[-1].T, ", kept)
    assert told(TURNED) == []
    assert told(TURNED.replace(line, wrong)) == [("returned-otherwise", wrong)]


IN_ITS_OWN_ORDER = PLAIN.replace("ft, it, cct, ot, xt, parameters)", "ot, ft, cct, it, xt, parameters)")


@pytest.mark.parametrize("program", [AS_DICTIONARIES, IN_ITS_OWN_ORDER], ids=["dictionaries", "another order"])
@pytest.mark.parametrize(
    ("right", "name", "other"), [("a_next = ot * np.tanh(c_next)", "a_next", "ot"), ("c_next = ft * c_prev + it * cct", "c_next", "ft")]
)
def test_what_is_kept_is_changed_before(program: str, right: str, name: str, other: str) -> None:
    """The layout is the learner's own still, and the line that gives the array a second name is told, not the one that keeps it."""
    assert right in program
    wrong = right.replace(f"{other} * ", f"{other}\n    {name} *= ").replace(" + ", f"\n    {name} += ")
    assert told(program.replace(right, wrong)) == [("view-of-output", f"{name} = {other}")]
