"""Programs that are right in ways that few people write: none of their functions is called wrong, and a slip in them is still found."""

from __future__ import annotations

import json
import sys
from types import ModuleType
from typing import TYPE_CHECKING

import pytest
from slipping import edited

from whygrad.from_code.examine import examine
from whygrad.from_code.reference.parts import FUNCTIONS, PARTS
from whygrad.from_code.verdict.trials import Trials
from whygrad.read.code_file import read_source
from whygrad.sandbox.harness import Harness
from whygrad.sandbox.requests import Piece

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from whygrad.records import Result

    Examined = Callable[[str], Result]

ALIAS = """

_plain_forward = rnn_cell_forward
def rnn_cell_forward(xt, a_prev, parameters):
    assert xt.ndim == 2
    return _plain_forward(xt, a_prev, parameters)


def rnn_cell_backward(da_next, cache, inner=rnn_cell_backward):
    return inner(np.asarray(da_next), cache)
"""
"""Definitions that are kept under another name, and written anew."""
ONE_STEP = """
def rnn_cell_forward(xt, a_prev, parameters):
    a, y_pred, (caches, x) = rnn_forward(xt[:, :, None], a_prev, parameters)
    return a[:, :, 0], y_pred[:, :, 0], caches[0]


def rnn_cell_backward(da_next, cache):
    g = rnn_backward(da_next[:, :, None], ([cache], cache[2][:, :, None]))
    return {"dxt": g["dx"][:, :, 0], "da_prev": g["da0"], "dWax": g["dWax"], "dWaa": g["dWaa"], "dba": g["dba"]}


def rnn_forward(x, a0, parameters):
    a, y, caches, state = [], [], [], a0
    for t in range(x.shape[2]):
        before, state = state, np.tanh(parameters["Wax"] @ x[:, :, t] + parameters["Waa"] @ state + parameters["ba"])
        a.append(state)
        y.append(softmax(parameters["Wya"] @ state + parameters["by"]))
        caches.append((state, before, x[:, :, t], parameters))
    return np.stack(a, 2), np.stack(y, 2), (caches, x)


def rnn_backward(da, caches):
    steps, x = caches
    carry, dx = 0, np.zeros((x.shape[0], x.shape[1], da.shape[2]))
    sums = {"dWax": 0, "dWaa": 0, "dba": 0}
    for t in reversed(range(da.shape[2])):
        state, before, xt, parameters = steps[t]
        dz = (da[:, :, t] + carry) * (1 - state**2)
        dx[:, :, t], carry = parameters["Wax"].T @ dz, parameters["Waa"].T @ dz
        sums = {"dWax": sums["dWax"] + dz @ xt.T, "dWaa": sums["dWaa"] + dz @ before.T, "dba": sums["dba"] + dz.sum(1, keepdims=True)}
    return {"dx": dx, "da0": carry, **sums}
"""
"""Cells that are the sequence with one step."""
OBJECT = """

class Net:
    def __init__(self, forward, backward):
        self._forward, self._backward = forward, backward
    def forward(self, *given):
        return self._forward(*given)
    def backward(self, *given):
        return self._backward(*given)


net, cell = Net(plain_rnn_forward, plain_rnn_backward), Net(plain_lstm_forward, plain_lstm_backward)
rnn_forward = net.forward
rnn_backward = net.backward
lstm_forward, lstm_backward = cell.forward, cell.backward
"""
"""Methods of objects under the assignment's names."""


CALLED = """

class Called:
    def __init__(self, does):
        self._does = does
    def __call__(self, *given):
        return self._does(*given)

def made():
    return Called(plain_lstm_forward), plain_lstm_backward

rnn_forward, rnn_backward = Called(plain_rnn_forward), plain_rnn_backward
lstm_forward, lstm_backward = made()
"""
"""Objects that are called, and what one call makes two of."""
REGISTERED = """
from functools import singledispatch

class Squashed(np.ndarray):
    pass

@singledispatch
def slope(state):
    raise TypeError

@slope.register
def _(state: Squashed):
    return 1 - np.asarray(state) ** 2

@slope.register
def _(state: list):
    return 0
"""
"""Definitions of one name that are all registered elsewhere."""
PACKED = """

def rnn_cell_forward(xt, a_prev, parameters):
    a_next = np.tanh(parameters["Wax"] @ xt + parameters["Waa"] @ a_prev + parameters["ba"])
    cache = tuple((v.tobytes(), v.shape) for v in (a_next, a_prev, xt, parameters["Wax"], parameters["Waa"]))
    return a_next, softmax(parameters["Wya"] @ a_next + parameters["by"]), cache


def rnn_forward(x, a0, parameters):
    states, outputs, caches, a_next = [], [], [], a0
    for t in range(x.shape[2]):
        a_next, output, cache = rnn_cell_forward(x[:, :, t], a_next, parameters)
        states, outputs, caches = [*states, a_next], [*outputs, output], [*caches, cache]
    return np.stack(states, 2), np.stack(outputs, 2), (caches, (x.tobytes(), x.shape))


def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, Wax, Waa = (np.frombuffer(raw).reshape(shape) for raw, shape in cache)
    dz = (1 - a_next ** 2) * da_next
    return {"dxt": Wax.T @ dz, "da_prev": Waa.T @ dz, "dWax": dz @ xt.T, "dWaa": dz @ a_prev.T, "dba": dz.sum(1, keepdims=True)}


def rnn_backward(da, caches):
    steps, (_, shape) = caches
    dx, carry, sums = np.empty((*shape[:2], da.shape[2])), 0, {}
    for t in range(da.shape[2])[::-1]:
        g = rnn_cell_backward(da[:, :, t] + carry, steps[t])
        dx[:, :, t], carry = g.pop("dxt"), g.pop("da_prev")
        sums = {key: sums.get(key, 0) + value for key, value in g.items()}
    return {"dx": dx, "da0": carry, **sums}
"""
"""Caches of bytes with their shapes, which are no array put together."""


def program() -> str:
    """The reference program."""
    return edited()


def plain() -> str:
    """The same, its sequences under other names."""
    text = program()
    for name in ("rnn_forward", "rnn_backward", "lstm_forward", "lstm_backward"):
        text = text.replace(f"def {name}(", f"def plain_{name}(")
    return text


RIGHT = {
    "kept under another name and written anew": lambda: program() + ALIAS,
    "cells that are a sequence of one step": lambda: edited(without=tuple(name for name in FUNCTIONS if name.startswith("rnn"))) + ONE_STEP,
    "methods of objects": lambda: plain() + OBJECT,
    "objects that are called": lambda: plain() + CALLED,
    "registered definitions": lambda: REGISTERED.replace("\nfrom", "import numpy as np\nfrom", 1) + program().replace(
        "(1 - a_next ** 2)", "slope(a_next.view(Squashed))"
    ),
    "a mapping that is no dictionary": lambda: "from collections import UserDict\n" + program().replace(
        "gradients = {'dxt': dxt, 'da_prev': da_prev, 'dWax'", "gradients = UserDict() | {'dxt': dxt, 'da_prev': da_prev, 'dWax'"
    ),
    "caches of bytes": lambda: edited(without=tuple(name for name in FUNCTIONS if name.startswith("rnn"))) + PACKED,
    "names that a dictionary gives": lambda: program().replace(
        "import numpy as np\n", "import numpy as np\nsettings = {'one': 1}\nglobals().update(settings)\n"
    ).replace("(1 - a_next ** 2)", "(one - a_next ** 2)"),
    "bytes written past the text": lambda: "import sys\n" + program().replace(
        "def rnn_backward(da, caches):\n", "def rnn_backward(da, caches):\n    sys.stdout.buffer.write(b'going back')\n"
    ),
    "called by way of the module": lambda: "import sys\n" + program().replace(
        "= rnn_cell_forward(", "= sys.modules[__name__].rnn_cell_forward("
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_it_is_right_in_all_its_functions(examined: Examined, name: str) -> None:
    """Each of the eight is there, and none is called wrong."""
    assert {verdict.function: verdict.verdict for verdict in examined(RIGHT[name]()).functions} == dict.fromkeys(FUNCTIONS, "right")


def test_a_cell_may_need_what_its_own_sequence_takes_beside_the_assignments(examined: Examined) -> None:
    """The reference's sequence knows no start value for the cell state."""
    text = edited(("lstm_forward", "def lstm_forward(x, a0, parameters):", "def lstm_forward(x, a0, parameters, c0=None):"))
    text = text.replace("c_next = np.zeros((n_a, m), dtype)", "c_next = np.zeros((n_a, m), dtype) if c0 is None else c0")
    assert "c0 is None" in text
    before = PARTS["lstm_cell_forward"]
    text = text.replace(before, before.replace("def lstm_cell_forward", "def one_step"))
    text = text.replace("lstm_cell_forward(x[:, :, t]", "one_step(x[:, :, t]") + (
        "\n\ndef lstm_cell_forward(xt, a_prev, c_prev, parameters):\n"
        "    a, y, c, (caches, x) = lstm_forward(xt[:, :, None], a_prev, parameters, c0=c_prev)\n"
        "    return a[:, :, 0], c[:, :, 0], y[:, :, 0], caches[0]\n"
    )
    result = examined(text)
    assert {verdict.verdict for verdict in result.functions} == {"right"}
    assert any("calls your own lstm_forward, and is right together with it" in note for note in result.notes)


def test_a_slip_in_what_is_kept_under_another_name_is_found(examined: Examined) -> None:
    """The first definition is the one that computes."""
    text = (program() + ALIAS).replace("1 - a_next ** 2", "1 - a_next", 1)
    assert "1 - a_next)" in text or "1 - a_next\n" in text
    (mistake,) = examined(text).mistakes
    assert (mistake.function, mistake.id) == ("rnn_cell_backward", "wrong-activation-derivative")


@pytest.mark.parametrize("magic", ["%%writefile old.py", "%%file old.py", "%%timeit", "%%skip"])
def test_what_a_cell_does_not_define_in_the_notebook_does_not_count(tmp_path: Path, magic: str) -> None:
    """An old version stands behind the right one, in a cell that is not run there."""
    old = magic + "\n" + PARTS["rnn_cell_backward"].replace("** 2", "")
    result = examined_notebook(tmp_path, program(), old)
    assert {verdict.verdict for verdict in result.functions} == {"right"}
    assert not any(" is defined 2 times" in note for note in result.notes)


@pytest.mark.parametrize(
    "imported", ["from mine import *", "from mine import rnn_cell_backward", "import mine\nrnn_cell_backward = mine.rnn_cell_backward"]
)
@pytest.mark.parametrize("begins", ["%%writefile mine.py", "%%file mine.py"])
def test_a_module_that_a_cell_writes_counts_where_it_is_imported(tmp_path: Path, begins: str, imported: str) -> None:
    """An old version stands before it; imported above that version it would not count."""
    old, written = PARTS["rnn_cell_backward"].replace("** 2", ""), begins + "\nimport numpy as np\n" + PARTS["rnn_cell_backward"]
    result = examined_notebook(tmp_path, program(), old, written, imported)
    assert {verdict.verdict for verdict in result.functions} == {"right"}
    if "mine." not in imported:
        (mistake,) = examined_notebook(tmp_path, program(), written, imported, old).mistakes
        assert mistake.function == "rnn_cell_backward"


def test_a_file_has_names_of_itself_and_a_notebook_has_not(tmp_path: Path) -> None:
    """In a function, and in what is computed for one."""
    text = "import os\nHERE = os.path.dirname(__file__)\n" + program().replace(
        "1 - a_next ** 2", "1 - a_next ** 2 + 0 * len([HERE, __file__, __cached__, *__annotations__])"
    )
    path = tmp_path / "week.py"
    path.write_text(text, encoding="utf-8")
    source = read_source(path)
    result = examine(source, Harness(source.pieces, PARTS), "a tier")
    assert {one.verdict for one in result.functions} == {"right"}
    verdicts = {one.verdict for one in examined_notebook(tmp_path, text).functions}
    assert not verdicts.isdisjoint({"raises", "not reached"})


def test_helpers_out_of_a_module_that_a_cell_writes_are_there(tmp_path: Path) -> None:
    """A slip in one is told at its line of that cell."""
    written = "%%writefile slopes.py\ndef slope(a):\n    return 1 - a * a\n"
    text = program().replace("1 - a_next ** 2", "slope(a_next)")
    assert {one.verdict for one in examined_notebook(tmp_path, written, "from slopes import slope", text).functions} == {"right"}
    wrong = examined_notebook(tmp_path, written.replace("a * a", "a"), "from slopes import slope", text)
    assert [(one.location and (one.location.cell, one.location.line)) for one in wrong.mistakes] == [(1, 3)]


def examined_notebook(folder: Path, *cells: str) -> Result:
    """What comes of a notebook with these cells."""
    made = [{"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": one} for one in cells]
    path = folder / "week.ipynb"
    path.write_text(json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 2}), encoding="utf-8")
    source = read_source(path)
    return examine(source, Harness(source.pieces, PARTS), "a tier")


def test_a_module_of_the_users_own_with_the_programs_name_is_there_again() -> None:
    """The functions of a module may be judged in the very process that has imported it."""
    module = sys.modules["submission"] = ModuleType("submission")
    try:
        pieces = [Piece("own", 1, program())]
        trial = Trials(Harness(pieces, PARTS), pieces).alone("rnn_backward")
        assert trial.problem is None
        assert sys.modules["submission"] is module
    finally:
        del sys.modules["submission"]
