"""What is overwritten, never used, left out of a table or done behind a loop: told there, and not at right lines that show it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest
from slipping import edited, line_of, pieces_of
from styles import TEXTS

from whygrad.from_code.naming.restacked import one_restacked, restacked
from whygrad.from_code.observe.edited import Mending
from whygrad.from_code.observe.experiment import Found, Search
from whygrad.from_code.observe.quantities import quantities
from whygrad.from_code.observe.subject import Subject
from whygrad.from_code.reference.inputs import case
from whygrad.from_code.reference.parts import PARTS
from whygrad.from_code.search.find import find
from whygrad.from_code.search.one_edit import by_one_edit
from whygrad.from_code.search.where_made import where_made
from whygrad.from_code.text.memory_edits import memory_edits
from whygrad.sandbox.harness import Harness

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

STACKED = """
import numpy as np

def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, prm = cache
    H = len(a_next)
    W = np.vstack([prm["Wf"], prm["Wi"], prm["Wc"], prm["Wo"]])
    dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)
    comes = np.vstack([dc * c_prev, dc * cct, dc * it, da_next * np.tanh(c_next)])
    slopes = np.vstack([ft * (1 - ft), it * (1 - it), 1 - cct ** 2, ot * (1 - ot)])
    dz = comes * slopes
    dW, db = np.dot(dz, np.vstack([a_prev, xt]).T), dz.sum(1, keepdims=True)
    dv = np.dot(W.T, dz)
    out = dict(da_prev=dv[:H], dxt=dv[H:], dc_prev=dc * ft)
    for n, k in enumerate("fico"):
        out["dW" + k], out["db" + k] = dW[n * H:(n + 1) * H], db[n * H:(n + 1) * H]
    return out
"""
TABLES = """
import numpy as np

KINDS = ("f", "i", "c", "o")

def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, prm = cache
    dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)
    uf, ui, uc, uo = dc * c_prev, dc * cct, dc * it, da_next * np.tanh(c_next)
    up = {"f": uf, "i": ui, "c": uc, "o": uo}
    slope = {"f": ft * (1 - ft), "i": it * (1 - it), "c": 1 - cct ** 2, "o": ot * (1 - ot)}
    both = np.concatenate((a_prev, xt))
    out, dv = {"dc_prev": dc * ft}, 0
    for k in KINDS:
        dz = up[k] * slope[k]
        out["dW" + k], out["db" + k] = np.dot(dz, both.T), dz.sum(axis=1, keepdims=True)
        dv = dv + np.dot(prm["W" + k].T, dz)
    out["da_prev"], out["dxt"] = dv[:len(a_next)], dv[len(a_next):]
    return out
"""
EXAMPLES = """
import numpy as np

def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, prm = cache
    H, count = a_next.shape
    out = {"da_prev": np.zeros(a_prev.shape), "dxt": np.zeros(xt.shape), "dc_prev": np.zeros(c_prev.shape)}
    for k in "fico":
        out["dW" + k] = np.zeros(prm["W" + k].shape)
        out["db" + k] = np.zeros((H, 1))
    for e in range(count):
        th, both = np.tanh(c_next[:, e]), np.hstack((a_prev[:, e], xt[:, e]))
        dc = dc_next[:, e] + da_next[:, e] * ot[:, e] * (1 - th ** 2)
        dz = {"f": dc * c_prev[:, e] * ft[:, e] * (1 - ft[:, e]), "i": dc * cct[:, e] * it[:, e] * (1 - it[:, e])}
        dz |= {"c": dc * it[:, e] * (1 - cct[:, e] ** 2), "o": da_next[:, e] * th * ot[:, e] * (1 - ot[:, e])}
        for k in dz:
            out["dW" + k] += np.outer(dz[k], both)
            out["db" + k] += dz[k].reshape(H, 1)
            back = prm["W" + k].T.dot(dz[k])
            out["da_prev"][:, e] += back[:H]
            out["dxt"][:, e] += back[H:]
        out["dc_prev"][:, e] = dc * ft[:, e]
    return out
"""
SLICES = """
import numpy as np

def lstm_cell_forward(xt, a_prev, c_prev, prm):
    W, b = np.vstack([prm["W" + k] for k in "fico"]), np.vstack([prm["b" + k] for k in "fico"])
    H = len(a_prev)
    z = np.dot(W, np.vstack([a_prev, xt])) + b
    ft, it = sigmoid(z[:H]), sigmoid(z[H:2 * H])
    cct = np.tanh(z[2 * H:3 * H])
    ot = sigmoid(z[3 * H:])
    c_next = ft * c_prev + it * cct
    a_next = ot * np.tanh(c_next)
    return a_next, c_next, softmax(np.dot(prm["Wy"], a_next) + prm["by"]), (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, prm)
"""
LOOP = """
import numpy as np

def lstm_backward(da, caches):
    steps, x = caches
    H, m, T = da.shape
    names = ["dW" + k for k in "fico"] + ["db" + k for k in "fico"]
    dx, back, cell = np.zeros((len(x), m, T)), np.zeros((H, m)), np.zeros((H, m))
    first = steps[0][-1]
    dWf = np.zeros(first["Wf"].shape)
    dWi = np.zeros(first["Wi"].shape)
    sums = {name: 0 for name in names[2:]}
    for t in range(T - 1, -1, -1):
        one = lstm_cell_backward(da[:, :, t] + back, cell, steps[t])
        back, cell = one["da_prev"], one["dc_prev"]
        dx[:, :, t] = one["dxt"]
        dWf += one["dWf"]
        dWi += one["dWi"]
        for name in sums:
            sums[name] = sums[name] + one[name]
    return {"dx": dx, "da0": one["da_prev"], "dWf": dWf, "dWi": dWi, **sums}
"""
CELL = """
import numpy as np

def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, prm = cache
    dz = da_next * (1 - a_next ** 2)
    both = np.zeros((len(a_prev) + len(xt), xt.shape[1]))
    both[:len(a_prev)], both[len(a_prev):] = a_prev, xt
    dW = np.dot(dz, both.T)
    dWaa, dWax = dW[:, :len(a_prev)], dW[:, len(a_prev):]
    dba = dz.sum(axis=1, keepdims=True)
    return dict(dxt=np.dot(prm["Wax"].T, dz), da_prev=np.dot(prm["Waa"].T, dz), dWax=dWax, dWaa=dWaa, dba=dba)
"""
OVERWRITTEN = """
import numpy as np

def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, prm = cache
    dz = da_next * (1 - a_next ** 2)
    dxt = np.zeros(xt.shape)
    for e in range(xt.shape[1]):
        for u in range(len(dz)):
            dxt[:, e] = prm["Wax"][u] * dz[u, e]
    dba = dz.sum(axis=1, keepdims=True)
    return dict(dxt=dxt, da_prev=prm["Waa"].T @ dz, dWax=dz @ xt.T, dWaa=dz @ a_prev.T, dba=dba)
"""
SHORT = """
import numpy as np

def rnn_backward(da, caches):
    steps, x = caches
    dx, back, sums = np.zeros((*x.shape[:2], da.shape[2])), np.zeros(da.shape[:2]), dict.fromkeys(("dWax", "dWaa", "dba"), 0)
    for t in range(da.shape[2] - 1, -1, -1):
        one = rnn_cell_backward(da[:, :, t] + back, steps[t])
        back, dx[:, :, t] = one["da_prev"], one["dxt"]
        sums = {name: sums[name] + one[name] for name in sums}
    return {"dx": dx, "da0": back, **sums}
"""
CASES = {
    "a carry is overwritten above its use": (
        SHORT,
        "        one = ",
        "        back = da[:, :, t]\n        one = ",
        "        back = da[:, :, t]\n",
        "updated-in-place",
        "back gets another value here, and line {next} asks for what it held before",
    ),
    "a carry comes a step late": (
        LOOP,
        '        back, cell = one["da_prev"], one["dc_prev"]\n',
        '        back = 0 * da[:, :, 0] if t == T - 1 else kept\n        kept, cell = one["da_prev"], one["dc_prev"]\n',
        "        back = 0",
        "carry-wrong",
        "the earlier step receives something else through back: what the cell returned one step before.",
    ),
    "slopes are never used": (
        STACKED,
        "dz = comes * slopes",
        "dz = comes",
        "    dz = comes\n",
        "factor-dropped",
        "a factor is missing from dz: slopes, which line {before} makes and no line reads",
    ),
    "a table of slopes is never used": (
        TABLES,
        "dz = up[k] * slope[k]",
        "dz = up[k]",
        "        dz = up[k]\n",
        "factor-dropped",
        "a factor is missing from dz: slope, which line {slope} makes and no line reads",
    ),
    "only the first of the stacked gates": (
        STACKED,
        "np.dot(W.T, dz)\n",
        "np.dot(W[:H].T, dz[:H])\n",
        "    dv = ",
        "slice-wrong",
        "dv is made of W[:H] and dz[:H] alone, and the rest of both is left out",
    ),
    "divided behind the loop over the examples": (
        EXAMPLES,
        "    return out",
        '    for k in "fico":\n        out["dW" + k] /= count\n    return out',
        '        out["dW" + k] /= ',
        "mean-for-sum",
        'a division by the number of examples does not belong in out["dW" + k].',
    ),
    "divided behind the loop over the steps": (
        LOOP,
        "    return {",
        "    dWf = dWf / T\n    return {",
        "    dWf = dWf / ",
        "mean-for-sum",
        "a division by the number of steps does not belong in dWf",
    ),
    "added to all steps": (
        LOOP,
        "        one = lstm_cell_backward(da[:, :, t] + back, ",
        "        da += back[:, :, None]\n        one = lstm_cell_backward(da[:, :, t], ",
        "        one = lstm_cell_backward(",
        "carry-added-up",
        "line {before} adds what comes back from a step to all steps of da at once, and this call is given one of them",
    ),
    "one array where a condition does not hold": (
        LOOP,
        'np.zeros(first["Wi"].shape)',
        "dWf.copy() if T < 1 else dWf",
        "    dWi = ",
        "view-of-output",
        "dWi and dWf.copy() if T < 1 else dWf are one memory: what is written to one later changes the other",
    ),
    "a loop overwrites a name": (
        CELL,
        "    dba = ",
        "    for d in (a_prev, da_next):\n        dz = d\n    dba = ",
        "        dz = d\n",
        "updated-in-place",
        "dz gets what d holds here, and a line below needs what dz held before",
    ),
    "rows of the stack stay zero": (
        TABLES,
        "np.concatenate((a_prev, xt))",
        "np.zeros((len(a_prev) + len(xt), xt.shape[1]))\n    both[:len(a_prev)] = a_prev",
        '        out["dW" + k], ',
        "left-at-zero",
        '2 columns of out["dW" + k] are zero, and so are 2 columns of both.T',
    ),
}


@pytest.mark.parametrize("slip", CASES.values(), ids=CASES)
def test_told_where_it_is_made(told: Callable[[str], list[Told]], slip: tuple[str, ...]) -> None:
    """One mistake, at that line, in words that hold."""
    right, before, after, line, known, says = slip
    assert before in right
    text = right.replace(before, after, 1)
    (said,) = told(text)
    at, made = line_of(text, line), text[: text.find("    slope = ")].count("\n") + 1
    assert (said.line, said.id, said.proof) == (at, known, "proved")
    assert said.says == says.format(next=at + 1, before=at - 1, slope=made)


def test_what_is_made_zero_again_for_each_example_is_tried() -> None:
    """An edit of the line makes the function right, and it is told what the line has."""
    function = EXAMPLES.replace("        for k in dz:\n", '        for k in dz:\n            out["db" + k] = np.zeros((H, 1))\n')
    line = '            out["db" + k] = np.zeros'
    edit = "pass", "out['db' + k] is made zero again at each turn of the loop: what the turns before gave is lost"
    around = ast.parse(function).body[-1]
    assert isinstance(around, ast.FunctionDef)
    statement = next(one for one in ast.walk(around) if isinstance(one, ast.stmt) and one.lineno == line_of(function, line))
    assert edit in [(one.text, one.says) for one in memory_edits(statement, around)]


def test_where_nothing_is_found_every_edit_is_tried() -> None:
    """Of what each unit overwrites at each example no experiment tells."""
    text = OVERWRITTEN
    pieces, function = pieces_of(text), "rnn_cell_backward"
    (mistake,) = by_one_edit([Mending(Harness(pieces, PARTS), pieces, function, case(function, (3, 5, 4, 2, 4, 3), 1), traced=False)], ())
    assert (mistake.line, mistake.says) == (line_of(text, "            dxt[:, e] = "), "dxt[:, e] loses here what it held before")


def test_a_gate_stands_twice_in_a_table_outside() -> None:
    """A gate's keys are missing, and a line of the loop over the table has no name: the table is told."""
    text, function = TABLES.replace('("f", "i", "c", "o")', '("f", "f", "c", "o")'), "lstm_cell_backward"
    pieces, harness, what = pieces_of(text), Harness(pieces_of(text), PARTS), case(function, (3, 5, 4, 2, 4, 3), 1)
    found = find(harness, pieces, function, what)
    assert [one.id for one in found] == [None, "returned-wrong"]
    (mistake,) = where_made([Mending(harness, pieces, function, what, traced=False)], found)
    assert (mistake.line, mistake.says) == (line_of(text, "KINDS = "), "f stands here twice")


def test_a_product_with_stacked_weights_has_its_rows_in_their_order() -> None:
    """Where the slices of two gates are exchanged behind it, another order of its rows makes all right too."""
    text, function = SLICES.replace("z[3 * H:]", "z[2 * H:3*H]").replace("z[2 * H:3 * H]", "z[3 * H:]"), "lstm_cell_forward"
    pieces, what = pieces_of(text), case("lstm_cell_forward", (3, 5, 4, 2, 4, 3), 1)
    subject = Subject(Harness(pieces, PARTS), pieces, function, what.arguments, frozenset({function}))
    search = Search(subject, quantities(function, what))
    made = next(one for one in subject.traced()[1] if one.place.target == "z")
    assert restacked(search, Found(made, "stack", None, None, (), frozenset())) is not None
    assert one_restacked(search) is None


@pytest.mark.parametrize(("read", "line"), [("dc_p", "dc_p = "), ("da_p", "dc_prevt = ")])
def test_a_line_that_hands_on_as_its_sibling_does_is_right(read: str, line: str, told: Callable[[str], list[Told]]) -> None:
    """The one before it gave the name something else; not if the sibling is handed the same."""
    key = "da_prev" if read == "dc_p" else "dc_prev"
    before = "        da_prevt = gradients['da_prev']\n        dc_prevt = gradients['dc_prev']\n"
    after = f"        da_p = gradients['da_prev']\n        dc_p = gradients['{key}']\n        da_prevt = da_p\n        dc_prevt = {read}\n"
    text = TEXTS["course_template"]
    assert before in text
    text = text.replace(before, after)
    (said,) = told(text)
    assert (said.proof, text.splitlines()[said.line - 1].strip().startswith(line)) == ("proved", True)


def with_sum(line: str, last: str) -> str:
    """The course's template with one of its sums made otherwise, and something done with it at the end."""
    text, before, end = TEXTS["course_template"], "dWo = dWo + gradients['dWo']", "    da0 = gradients['da_prev']\n"
    assert before in text
    assert end in text
    return text.replace(before, line).replace(end, f"{end}    {last}\n")


@pytest.mark.parametrize(
    ("line", "last", "at"),
    [
        ("dWo = dWo + gradients['dWf'] / T_x", "dWo *= T_x", "dWo = dWo +"),
        ("dWo = dWo - gradients['dWi']", "dWo = -dWo", "dWo = dWo -"),
        ("dWo = dWo + gradients['dWo']", "dWo *= T_x", "dWo *="),
        ("dWo = dWo + gradients['dWo']", "dWo = -dWo", "dWo = -"),
        ("dWo = dWo + gradients['dWo'] / T_x", "dWo *= T_x", ""),
    ],
)
def test_a_line_that_only_multiplies_is_blamed_for_its_number_alone(
    line: str, last: str, at: str, told: Callable[[str], list[Told]]
) -> None:
    """What else is wrong behind it was wrong before."""
    text = with_sum(line, last)
    said = told(text)
    assert [text.splitlines()[one.line - 1].strip()[: len(at)] for one in said] == [at] * bool(at)
    assert all(one.proof == "proved" for one in said)


LAYER = """import numpy as np


class Layer:
    def __init__(self, da, caches):
        self.caches, self.x = caches
        self.da = da
        self.da_prev = self.dc_prev = np.zeros(da.shape[:2])
        self.dx, self.sums = np.zeros((len(self.x), *da.shape[1:])), {}

    def step(self, t):
        out = lstm_cell_backward(self.da[:, :, t] + self.da_prev, self.dc_prev, self.caches[t])
        self.dx[:, :, t] = out.pop("dxt")
        self.da_prev, self.dc_prev = out.pop("da_prev"), out.pop("dc_prev")
        for name, given in out.items():
            self.sums[name] = self.sums.get(name, 0) + given

    def run(self):
        for t in reversed(range(self.da.shape[2])):
            self.step(t)
        return {"dx": self.dx, "da0": self.da_prev, **self.sums}


def lstm_backward(da, caches):
    return Layer(da, caches).run()
"""


@pytest.mark.parametrize(
    ("before", "after", "known"),
    [
        ("self.da[:, :, t] + self.da_prev", "self.da[:, :, t]", "carry-missing"),
        ("reversed(range(self.da.shape[2]))", "range(self.da.shape[2])", "loop-wrong"),
    ],
)
def test_an_object_that_holds_an_argument_holds_it_rightly(before: str, after: str, known: str, told: Callable[[str], list[Told]]) -> None:
    """Nor is what its methods do at each turn wrong, if the loop that calls them is."""
    assert told(LAYER) == []
    text = LAYER.replace(before, after)
    (said,) = told(text)
    assert (said.id, said.proof, said.line) == (known, "proved", line_of(text, after))


@pytest.mark.parametrize(
    ("made", "read", "lines"), [("fi", "if", ("dit = dc", "dft = dc")), ("if", "fi", ("sf = it",))], ids=["read crossed", "made crossed"]
)
def test_of_two_names_those_are_wrong_that_do_not_hold_what_they_say(
    made: str, read: str, lines: tuple[str, ...], told: Callable[[str], list[Told]]
) -> None:
    """Each is read by one line: where both are what their letters say the two lines took the one for the other."""
    slopes = "".join(f"    s{name} = {of}t * (1 - {of}t)\n" for name, of in zip("fi", made, strict=True))
    text = edited(
        ("lstm_cell_backward", "    dit = dc", f"{slopes}    dit = dc"),
        ("lstm_cell_backward", "cct * it * (1 - it)", f"cct * s{read[1]}"),
        ("lstm_cell_backward", "c_prev * ft * (1 - ft)", f"c_prev * s{read[0]}"),
    )
    assert [one.line for one in told(text)] == [line_of(text, line) for line in lines]


@pytest.mark.parametrize(
    ("made", "reads"),
    [
        (("ghi = dc * cct", "ghf = dc * c_prev"), (("dc * cct * it", "ghf * it"), ("dc * c_prev * ft", "ghi * ft"))),
        (
            ("tanh_c = np.tanh(c_next)", "act = 1 - cct ** 2", "dtanh_c = 1 - tanh_c ** 2"),
            (("it * (1 - cct ** 2)", "it * dtanh_c"), ("ot * (1 - np.tanh(c_next) ** 2)", "ot * act")),
        ),
    ],
    ids=["of the reader's gate", "of what it is made"],
)
def test_names_that_say_what_they_hold_are_right_where_they_are_read_crossed(
    made: tuple[str, ...], reads: tuple[tuple[str, str], ...], told: Callable[[str], list[Told]]
) -> None:
    """Neither pair has the same letters left and right."""
    text = edited(("lstm_cell_backward", *reads[0]), ("lstm_cell_backward", *reads[1]))
    before = "    dit = " if "ghi" in made[0] else "    dc = "
    text = text.replace(before, "".join(f"    {line}\n" for line in made) + before, 1)
    assert sorted(one.line for one in told(text)) == sorted(line_of(text, after) for _, after in reads)


def test_a_long_loop_for_nothing_takes_no_time(told: Callable[[str], list[Told]]) -> None:
    """What it makes is tried for what is missing once, and not what each turn makes."""
    idle = "    for turn in range(9000):\n        twice = turn * 2\n    dc = "
    text = edited(("lstm_cell_backward", "    dc = ", idle), ("lstm_cell_backward", "dc * cct * it *", "dc * cct *"))
    (said,) = told(text)
    assert (said.line, said.id) == (line_of(text, "dc * cct * (1"), "factor-dropped")
