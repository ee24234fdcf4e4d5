"""The line that is told is the one to mend, and none before or behind it that only shows what is wrong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from code_answer import examined
from styles import TEXTS

from whygrad.from_code.examine import examine
from whygrad.from_code.reference.parts import PARTS
from whygrad.read.pieces import Cell, collect
from whygrad.read.source import Origin
from whygrad.sandbox.harness import Harness

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

STORED = "        a[:,:,t] = a_next\n"
CALLED = "        a_next, yt_pred, cache = rnn_cell_forward(x[:, :, t], a_next, parameters)\n"
DX = "        dx[:,:,t] = gradients['dxt']\n"
STATE = "    c_next = ft * c_prev + it * cct\n"
FILLED = "    concat[: n_a, :] = a_prev\n    concat[n_a :, :] = xt\n"
TURNED = "    concat[: n_x, :] = xt\n    concat[n_x :, :] = a_prev\n"
OVER = "    concat[: n_a, :] = a_prev\n    concat[: n_x, :] = xt\n"
RECURRENT = "(da[:, :, t] + da_prev, dc_prev, steps[t])"
LAYERS = """    dz = np.stack([dft, dit, dcct, dot])
    db = np.einsum("gam,km->gak", dz, concat).sum(axis=2, keepdims=True)
    gradients.update(dbf=db[0], dbi=db[1], dbc=db[2], dbo=db[3])
    return gradients
"""
IN_KEYS = 'for g in GATES:\n            grads["dW" + g] +='
CASES = [
    ("course_template", CALLED + STORED, STORED + CALLED, STORED, "state-stored-wrong"),
    ("course_template", STATE, "    c_prev *= ft\n    c_next = c_prev\n    c_next += it * cct\n", "c_prev *= ft", "updated-in-place"),
    ("course_template", STATE, "    c_prev = ft * c_prev + it * cct\n    c_next = c_prev\n", "c_prev = ft * c_prev +", "updated-in-place"),
    ("course_template", FILLED, TURNED, "concat[: n_x, :] = xt", "stack-wrong"),
    ("course_template", FILLED, OVER, "concat[: n_x, :] = xt", "stack-wrong"),
    ("gate_dictionaries", IN_KEYS, IN_KEYS.replace("GATES", '"fic"'), 'for g in "fic":', "left-at-zero"),
    ("course_template", "(1 - np.square(cct))\n", "(1 - np.square(cct)),\n", "dcct = (dc_next", "unnamed"),
    ("course_template", "da_prevt = gradients['da", "da_prevt = da_prevt + gradients['da", "da_prevt = da_prevt +", "carry-added-up"),
    ("keywords_and_early_returns", "        t += 1\n", "        t += 2\n", "t += 2", "loop-wrong"),
    ("helper_functions", RECURRENT, "(da[:, :, t] + dc_prev, da_prev, steps[t])", "step = lstm_cell_backward(", "call-argument-wrong"),
]  # fmt: skip


@pytest.mark.parametrize(("style", "before", "after", "line", "id_"), CASES, ids=[case[2].strip()[:30] for case in CASES])
def test_the_line_to_mend(style: str, before: str, after: str, line: str, id_: str) -> None:
    """Stored before it is made, an argument that the cache should keep, a piece at other rows, what comes back for each other's state.

    And a loop that leaves a gate, or steps, out.
    """
    start = TEXTS[style].rindex(before) if style == "helper_functions" else TEXTS[style].index(before)
    text = TEXTS[style][:start] + after + TEXTS[style][start + len(before) :]
    (said,) = examined(text).findings
    assert text.split("\n")[(said.line or 1) - 1].strip().startswith(line.strip())
    assert (said.id, said.proof) == (id_, "proved")


def test_pieces_at_the_wrong_columns_are_told_where_they_are_written() -> None:
    """A weight's gradient that is filled piece by piece, at one gate and at all of them."""
    text = TEXTS["course_template"]
    for gate, through in (("f", "dft"), ("i", "dit"), ("c", "dcct"), ("o", "dot")):
        pieces = f"dW{gate} = np.zeros((n_a, n_a + n_x))\n    dW{gate}[:, :n_a] = np.dot({through}, a_prev.T)"
        text = text.replace(f"dW{gate} = np.dot({through}, concat.T)", f"{pieces}\n    dW{gate}[:, n_a:] = np.dot({through}, xt.T)")
    assert examined(text).findings == ()
    for before, number in (("dWi[:, n_a:] = ", 1), ("[:, n_a:] = np.dot(", 4)):
        wrong = text.replace(before, before.replace("n_a:", ":n_x"))
        told = examined(wrong).findings
        assert [said.id for said in told] == ["stack-wrong"] * number
        assert all("[:, :n_x] = np.dot(" in wrong.split("\n")[(said.line or 1) - 1] for said in told)


def test_gates_one_behind_the_other_are_right() -> None:
    """An array of the gates' gradients along its first axis is what it should be; the bias is summed over the weight's gradient."""
    before, after = TEXTS["stacked_input"].split('    gradients["dbf"]', 1)
    text = before + LAYERS + after.partition("    return gradients\n")[2]
    lines = {text.split("\n")[(said.line or 1) - 1] for said in examined(text).findings}
    assert lines == {LAYERS.split("\n")[1]}


UNFIT = [
    ("rnn_backward", "dx = np.zeros((n_x, m, T_x))", "dx = np.zeros((n_x, T_x, m))"),
    ("rnn_backward", "dba = np.zeros((n_a, 1))", "dba = np.zeros(n_a)"),
    ("rnn_backward", "n_x, m = x1.shape", "n_x, m = a1.shape"),
    ("rnn_forward", "n_x, m, T_x = x.shape", "n_x, T_x, m = x.shape"),
    ("rnn_forward", 'n_y, n_a = parameters["Wya"].shape', 'n_a, n_y = parameters["Wya"].shape'),
    ("rnn_cell_backward", "dtanh = (1 - a_next ** 2) * da_next", "dtanh = np.dot(1 - a_next ** 2, da_next.T)"),
]


@pytest.mark.parametrize(("function", "before", "after"), UNFIT, ids=[after for _, _, after in UNFIT])
def test_where_shapes_do_not_fit_the_line_that_makes_them_is_told(function: str, before: str, after: str) -> None:
    """Not the line that raises, if with the right size, or shape, there all results are right."""
    text = TEXTS["course_template"]
    start = text.index(before, text.index(f"def {function}("))
    (said,) = examined(text[:start] + after + text[start + len(before) :]).findings
    assert (said.function, said.line, said.proof) == (function, text[:start].count("\n") + 1, "proved")


def test_an_error_that_nothing_before_it_explains_is_told_at_its_own_line() -> None:
    """A product that no small change of the line makes right."""
    text = TEXTS["course_template"].replace("dWax = np.dot(dtanh, xt.T)", "dWax = np.dot(dtanh, np.ones((7, 7)))")
    (said,) = examined(text).findings
    assert (said.id, text.split("\n")[(said.line or 1) - 1].strip()) == ("raises", "dWax = np.dot(dtanh, np.ones((7, 7)))")


CACHES = [
    ("caches.append(cache)", "caches += cache", "caches += cache"),
    ("caches.append(cache)", "caches.append(cache); caches.append(cache)", "caches.append(cache); caches.append(cache)"),
    ("caches.append(cache)", "caches = [cache]", "caches = [cache]"),
    ("caches = (caches, x)", "caches = (x, caches)", "caches = (x, caches)"),
    ("cache = (a_next, a_prev, xt, parameters)", "cache = (a_next, a_prev)", "cache = (a_next, a_prev)"),
    ("return a, y_pred, caches", "return a, caches", "return a, caches"),
]


@pytest.mark.parametrize(("before", "after", "line"), CACHES, ids=[after for _, after, _ in CACHES])
def test_caches_of_another_form_are_told_where_they_are_made(before: str, after: str, line: str) -> None:
    """The line that adds to them, or makes the tuple; where what is returned beside them is wrong, the return."""
    text = TEXTS["course_template"].replace(before, after, 1)
    (said,) = examined(text).findings
    assert (said.id, text.split("\n")[(said.line or 1) - 1].strip()) == ("returned-otherwise", line)


STACKED = """        together = np.hstack([dWaxt, dWaat, dbat])
    dWax, dWaa, dba = np.split(together, [n_x, n_x + n_a], axis=1)
"""


def test_what_a_loop_loses_is_told_in_the_loop_and_not_where_it_is_cut_apart() -> None:
    """Three gradients in one array that each turn makes anew."""
    style = TEXTS["course_template"]
    summed = style[style.index("        dWax += ") : style.index("        dba += dbat\n")] + "        dba += dbat\n"
    text = style.replace(summed, STACKED).replace(
        "    dx = np.zeros(", "    together = np.zeros((n_a, n_x + n_a + 1))\n    dx = np.zeros(", 1
    )
    (said,) = examined(text).findings
    assert (said.id, text.split("\n")[(said.line or 1) - 1]) == ("overwritten-not-summed", STACKED.split("\n", maxsplit=1)[0])


def test_a_list_of_the_notebook_that_grows_with_every_call_is_told_where_it_is_read() -> None:
    """The caches of all calls in one list."""
    text = "steps = []\n" + TEXTS["course_template"].replace("caches.append(cache)", "steps.append(cache)", 1)
    text = text.replace("caches = (caches, x)", "caches = (steps, x)", 1)
    (said,) = examined(text).findings
    assert (said.id, text.split("\n")[(said.line or 1) - 1].strip()) == ("state-kept", "steps.append(cache)")


@pytest.mark.parametrize(("names", "says"), [("n_a, S, N", "S and N are 3 and 5"), ("N, n_a, S", "N and n_a are 4 and 3")])
def test_sizes_in_another_order_are_told_at_the_line_that_takes_them(names: str, says: str) -> None:
    """Under names that the assignment does not know, too: no line that only makes something of them is told."""
    start = TEXTS["stacked_input"].index("def lstm_backward(")
    function = TEXTS["stacked_input"][start:]
    for name, other in (("T_x", "S"), ("m", "N")):
        function = re.sub(rf"\b{name}\b", other, function)
    before = "n_a, N, S = da.shape"
    assert before in function
    text = TEXTS["stacked_input"][:start] + function.replace(before, f"{names} = da.shape")
    source = collect("style.py", [Cell(text, Origin("style.py", None, tuple(text.splitlines())))])
    (mistake,) = examine(source, Harness(source.pieces, PARTS), "in place").mistakes
    assert mistake.location is not None
    assert mistake.location.text == f"{names} = da.shape"
    assert mistake.proved
    assert mistake.says.startswith(says)
    assert "in another order than the sizes" in mistake.hints[1]


def test_sums_that_slid_out_of_the_loop_in_dictionaries_are_told_there() -> None:
    """Where each gate's is added in a loop of its own, and handed on with the others by its computed key."""
    line = '    for k in total:\n            total[k] += step["d" + k]'
    text = (
        "import numpy as np\n\n\ndef lstm_backward(da, caches):\n    steps, x = caches\n    n_a, m, T_x = da.shape\n"
        "    names = [kind + gate for kind in 'Wb' for gate in 'fico']\n"
        "    total = {k: np.zeros((n_a, n_a + len(x) if k[0] == 'W' else 1)) for k in names}\n"
        "    dx, da_prev, dc_prev, gradients = np.zeros((len(x), m, T_x)), np.zeros((n_a, m)), np.zeros((n_a, m)), {}\n"
        "    for t in reversed(range(T_x)):\n        step = lstm_cell_backward(da[:, :, t] + da_prev, dc_prev, steps[t])\n"
        "        da_prev, dc_prev, dx[:, :, t] = step['da_prev'], step['dc_prev'], step['dxt']\n"
        f"    {line}\n"
        "    for gate in 'fico':\n        gradients['dW' + gate], gradients['db' + gate] = total['W' + gate], total['b' + gate]\n"
        "    return dict(gradients, dx=dx, da0=da_prev)\n"
    )
    assert examined(text).findings == ()
    (said,) = examined(text.replace(line, line.replace("\n            ", "\n        ").replace("    for", "for", 1))).findings
    assert (said.line, said.id, said.proof) == (14, "loop-wrong", "proved")


def test_a_name_that_holds_what_it_says_is_not_to_blame_for_the_lines_that_read_it() -> None:
    """The same other name at each gate's line: told at the first of these, and not at the line that unpacks the cache."""
    text = re.sub(r"(dW[fico] = np\.dot\(\w+, )concat\.T", r"\1np.vstack((a_next, xt)).T", TEXTS["course_template"])
    lines = [number for number, line in enumerate(text.split("\n"), 1) if "np.vstack((a_next" in line]
    (one,) = examined(text).findings
    assert (one.line, one.id, one.proof) == (lines[0], "name-replaced", "proved")


def test_gates_under_each_others_keys() -> None:
    """Told once, at the entries, and not at each of the lines to which a loop hands them."""
    entries = '        "i": dc * cct * it * (1 - it),\n        "f": dc * c_prev * ft * (1 - ft),\n'
    text = (
        "import numpy as np\n\n\ndef lstm_cell_backward(da_next, dc_next, cache):\n"
        "    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache\n"
        "    dc, stack = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2), np.vstack([a_prev, xt])\n"
        f"    gates = {{\n{entries}"
        '        "c": dc * it * (1 - cct ** 2),\n        "o": da_next * np.tanh(c_next) * ot * (1 - ot),\n    }\n'
        "    back, gradients = 0, {'dc_prev': dc * ft}\n    for gate, delta in gates.items():\n"
        "        gradients['dW' + gate], gradients['db' + gate] = delta @ stack.T, delta.sum(axis=1, keepdims=True)\n"
        "        back = back + parameters['W' + gate].T @ delta\n"
        "    return dict(gradients, da_prev=back[:len(a_prev)], dxt=back[len(a_prev):])\n"
    )
    assert examined(text).findings == ()
    crossed = entries.replace('"i"', '"?"').replace('"f"', '"i"').replace('"?"', '"f"')
    (said,) = examined(text.replace(entries, crossed)).findings
    assert (said.line, said.id, said.proof) == (8, "name-replaced", "proved")


def test_a_gate_left_out_by_the_loop_that_adds_up_what_was_made_at_once() -> None:
    """The sums are made in one line: told at the loop that adds to them, and not at another one that stores elsewhere."""
    text = TEXTS["gate_dictionaries"]
    made = 'for g in GATES:\n        grads["dW" + g] = np.zeros((n_a, n_a + n_x))\n        grads["db" + g] = np.zeros((n_a, 1))\n'
    at_once = "grads |= {f'd{k}{g}': np.zeros((n_a, n_a + n_x if k == 'W' else 1)) for k in 'Wb' for g in GATES}\n"
    assert made in text
    text = text.replace(made, at_once)
    assert examined(text).findings == ()
    (said,) = examined(text.replace(IN_KEYS, IN_KEYS.replace("GATES", '"fic"'))).findings
    assert text.split("\n")[(said.line or 1) - 1].strip() == "for g in GATES:"
    assert (said.id, said.proof) == ("left-at-zero", "proved")


def test_a_line_that_computes_zero_is_told_and_not_the_arrays_behind_it(told: Callable[[str], list[Told]]) -> None:
    """Results that are zero were not left as they were made, if they are computed from what is zero."""
    text = TEXTS["course_template"].replace("dtanh = (1 - a_next ** 2) * da_next", "dtanh = np.multiply(1 - np.power(a_next, 0), da_next)")
    text = text.replace("    dxt = np.dot(Wax.T, dtanh)\n", "")
    text = text.replace("    da_prev = np.dot(Waa.T, dtanh)\n", "    dxt, da_prev = np.dot(Wax.T, dtanh), np.dot(Waa.T, dtanh)\n")
    (said,) = told(text)
    assert (said.id, said.says) == ("operator-replaced", "dtanh has the number 0 where another one belongs")
    assert "np.power(a_next, 0)" in text.split("\n")[said.line - 1]
