"""Where several lines come out wrong and one line makes them so, that one is told; and what is said of it is what is wrong there."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from whygrad.from_code.examine import examine
from whygrad.from_code.reference.parts import FUNCTIONS, PARTS
from whygrad.read.code_file import read_source
from whygrad.sandbox.harness import Harness

if TYPE_CHECKING:
    from pathlib import Path

    from whygrad.records import Mistake, Result

CALL = "a_next, c_next, yt, cache = lstm_cell_forward(x[:, :, t], a_next, c_next, parameters)"
START = "    a_next = a0\n    c_next = np.zeros((n_a, m), dtype)\n"
SPLIT = """
def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    W = np.vstack([parameters[key] for key in ("Wf", "Wi", "Wo", "Wc")])
    b = np.vstack([parameters[key] for key in ("bf", "bi", "bo", "bc")])
    ft, it, cct, ot = np.split(W @ np.vstack([a_prev, xt]) + b, 4)
    ft, it, ot = map(sigmoid, (ft, it, ot))
    cct = np.tanh(cct)
    c_next = ft * c_prev + it * cct
    a_next = ot * np.tanh(c_next)
    yt_pred = softmax(parameters["Wy"] @ a_next + parameters["by"])
    return a_next, c_next, yt_pred, (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)
"""
PAIRS = """
def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    tanh_c = np.tanh(c_next)
    do = da_next * tanh_c * ot * (1 - ot)
    dc = da_next * ot * (1 - tanh_c ** 2) + dc_next
    df, di, dg = dc * c_prev * ft * (1 - ft), dc * cct * it * (1 - it), dc * it * (1 - cct ** 2)
    z = np.vstack((a_prev, xt))
    grads, dz = {"dc_prev": dc * ft}, 0
    for name, d in {"f": df, "i": di, "c": do, "o": dg}.items():
        grads["dW" + name] = d @ z.T
        grads["db" + name] = d.sum(axis=1, keepdims=True)
        dz = dz + parameters["W" + name].T @ d
    grads["da_prev"], grads["dxt"] = dz[:len(a_next)], dz[len(a_next):]
    return grads
"""
STACKED = """
def rnn_cell_forward(xt, a_prev, parameters):
    W = np.hstack((parameters["Waa"], parameters["Wax"]))
    both = np.vstack((xt, a_prev))
    a_next = np.tanh(W.dot(both) + parameters["ba"])
    yt_pred = softmax(parameters["Wya"].dot(a_next) + parameters["by"])
    return a_next, yt_pred, (a_next, a_prev, xt, parameters)
"""
EXAMPLES = """
def rnn_cell_forward(xt, a_prev, parameters):
    a_next = np.zeros((len(parameters["ba"]), xt.shape[1]))
    yt_pred = np.zeros((len(parameters["by"]), xt.shape[1]))
    for i in range(xt.shape[1]):
        z = parameters["Wax"].dot(xt[:, i]) + parameters["Waa"].dot(a_prev[:, 0]) + parameters["ba"][:, 0]
        a_next[:, i] = np.tanh(z)
        scores = np.exp(parameters["Wya"].dot(a_next[:, i]) + parameters["by"][:, 0])
        yt_pred[:, i] = scores / scores.sum()
    return a_next, yt_pred, (a_next, a_prev, xt, parameters)
"""
BY_KEYS = """
    dW = {}
    for key, d in zip(("dWf", "dWi", "dWo", "dWc"), (dft, dit, dcct, dot)):
        dW[key] = np.dot(d, np.concatenate((a_prev, xt), axis=0).T)
    dWf, dWi, dWc, dWo = dW["dWf"], dW["dWi"], dW["dWc"], dW["dWo"]
"""
GIVEN_BY_KEYS = """
    for key, value in zip(["dWf", "dWi", "dWc", "dWo"], [dWf, dWi, dWo, dWc]):
        gradients[key] = value
    return gradients
"""
BEHIND_THE_LOOP = """
def rnn_backward(da, caches):
    caches, x = caches
    waa, wax = caches[0][-1]["Waa"], caches[0][-1]["Wax"]
    grads = {"dx": np.zeros_like(x), "dWax": np.zeros_like(wax), "dWaa": np.zeros_like(waa), "dba": np.zeros((len(waa), 1))}
    grads["dx"], da_prevt = np.zeros(x.shape[:2] + da.shape[2:]), np.zeros(da.shape[:2])
    for t in reversed(range(da.shape[2])):
        step = rnn_cell_backward(da[:, :, t] + da_prevt, caches[t])
        da_prevt, grads["dx"][:, :, t] = step.pop("da_prev"), step.pop("dxt")
    for name, value in step.items():
        grads[name] += value
    return {**grads, "da0": da_prevt}
"""
UNPACKED = """
        (dx[:, :, t], da_prevt, dc_prevt, dWi_t, dWf_t, dbi_t, dbf_t) = [
            gradients[key] for key in ("dxt", "da_prev", "dc_prev", "dWf", "dWi", "dbf", "dbi")]
        dWf += dWf_t
        dWi += dWi_t
        dbf += dbf_t
        dbi += dbi_t
"""
TAKEN = "".join(
    f"        {line}\n"
    for line in (
        'da_prevt = gradients["da_prev"]', 'dc_prevt = gradients["dc_prev"]', 'dx[:, :, t] = gradients["dxt"]',
        'dWf = dWf + gradients["dWf"]', 'dWi = dWi + gradients["dWi"]',
    )
)  # fmt: skip
BIASES = "".join(f'        db{gate} = db{gate} + gradients["db{gate}"]\n' for gate in "fi")


class Slip(NamedTuple):
    """The reference's functions written otherwise, and what is told: how the line begins, the mistake, and a part of the sentence."""

    edits: tuple[tuple[str, str, str], ...]
    told: tuple[tuple[str, str, str], ...]


def whole(function: str, text: str) -> tuple[tuple[str, str, str], ...]:
    """One function written by another text."""
    return ((function, PARTS[function], text.strip()),)


SLIPS = {
    "keys exchanged, of two shapes": Slip(
        (("rnn_cell_backward", '"dWax": dWax, "dWaa": dWaa', '"dWax": dWaa, "dWaa": dWax'),),
        (("gradients = {", "gate-swapped", "each other's place"),),
    ),
    "arguments exchanged where both states are given": Slip(
        (("lstm_forward", CALL, CALL.replace("a_next, c_next, p", "c_next, a_next, p")),),
        (("a_next, c_next, yt, cache", "call-argument-wrong", "a_prev and c_prev stand in each other's place"),),
    ),
    "start values exchanged": Slip(
        (("lstm_forward", START, "    c_next = a0\n    a_next = np.zeros((n_a, m), dtype)\n"),),
        (("c_next = a0", "initial-state-wrong", "starts with a0"), ("a_next = np.zeros(", "initial-state-wrong", "starts from zero")),
    ),
    "a result taken under another name": Slip(
        (("lstm_forward", CALL, CALL.replace("c_next, yt", "c_prev, yt")),),
        (("a_next, c_prev, yt, cache", "state-not-carried", "no line reads that: the call of the cell reads c_next"),),
    ),
    "a carry that adds to itself": Slip(
        (("lstm_backward", 'dc_prevt = gradients["dc_prev"]', 'dc_prevt += gradients["dc_prev"]'),),
        (("dc_prevt += ", "carry-added-up", "keeps the old value"),),
    ),
    "parts taken in another order, and changed before they are used": Slip(
        whole("lstm_cell_forward", SPLIT), (("ft, it, cct, ot = ", "name-replaced", "cct and ot are unpacked here in another order"),)
    ),
    "gates paired with each other's letters": Slip(
        whole("lstm_cell_backward", PAIRS), (("for name, d in", "name-replaced", "do and dg stand in each other's place"),)
    ),
    "two pairs unpacked in another order": Slip(
        (("lstm_backward", TAKEN, UNPACKED.lstrip("\n")), ("lstm_backward", BIASES, "")),
        (("(dx[:, :, t], da_prevt", "name-replaced", "unpacked here in another order"),),
    ),
    "keys beside other gradients than theirs": Slip(
        tuple(
            ("lstm_cell_backward", f"    dW{gate} = np.dot({d}, np.concatenate((a_prev, xt), axis=0).T)", text)
            for gate, d, text in (("f", "dft", BY_KEYS.strip("\n")), ("i", "dit", ""), ("c", "dcct", ""), ("o", "dot", ""))
        ),
        (("for key, d in zip(", "name-replaced", "'dWo' and 'dWc' stand in each other's place here"),),
    ),
    "sums beside other keys than theirs": Slip(
        (("lstm_backward", "    return gradients", GIVEN_BY_KEYS.strip("\n")),),
        (("for key, value in zip(", "name-replaced", "'dWc' and 'dWo' stand in each other's place here"),),
    ),
    "sums that get each other's gradients": Slip(
        (
            ("lstm_backward", 'dWf = dWf + gradients["dWf"]', 'dWi = dWi + gradients["dWf"]'),
            ("lstm_backward", '        dWi = dWi + gradients["dWi"]', '        dWf = dWf + gradients["dWi"]'),
        ),
        (("dWi = dWi + ", "name-replaced", "given each other's values"),),
    ),
    "two stacks in two orders": Slip(
        whole("rnn_cell_forward", STACKED), (("both = ", "stack-wrong", "W and both have their parts in two orders"),)
    ),
    "a stack of gates in another order": Slip(
        whole("lstm_cell_forward", SPLIT.replace("ft, it, cct, ot =", "ft, it, ot, cct =").replace('"bo", "bc"', '"bc", "bo"')),
        (("b = np.vstack", "gate-swapped", "'bc' and 'bo' stand in each other's place here"),),
    ),
    "a loop that is never entered": Slip(
        (
            ("rnn_backward", "for t in reversed(range(T_x)):", "for t in range(T_x - 1, -1):"),
            ("rnn_backward", 'da0 = gradients["da_prev"]', "da0 = da_prevt"),
        ),
        (("for t in range(T_x - 1, -1):", "loop-wrong", "never entered"),),
    ),
    "what is added to after the loop, as it should, does not start from zero": Slip(
        (
            ("lstm_backward", "da0 = np.zeros((n_a, m), dtype)", "da0 = np.array(da[:, :, 0])"),
            ("lstm_backward", 'da0 = gradients["da_prev"]', 'da0 += gradients["da_prev"]'),
        ),
        (("da0 = np.array(", "initial-gradient-wrong", "added again"),),
    ),
    "something else under a key, of another shape": Slip(
        (("rnn_cell_backward", '"dxt": dxt', '"dxt": Waa'),), (("gradients = {", "name-replaced", "Waa stands here"),)
    ),
    "an exchange beside another mistake": Slip(
        whole("lstm_cell_backward", PAIRS.replace("    z = ", "    df *= ft\n    z = ")),
        (("df *= ", "wrong-activation-derivative", "a square too many"), ("for name, d in", "name-replaced", "each other's place")),
    ),
    "one example at a time": Slip(
        whole("rnn_cell_forward", EXAMPLES), (("z = ", "slice-wrong", "a_prev[:, 0] where another value belongs"),)
    ),
    "a sum of what is wrong itself": Slip(
        (
            ("lstm_cell_backward", "dbc = np.sum(dcct, axis=1, keepdims=True)", "dbc = np.sum(dcct, keepdims=True)"),
            ("lstm_cell_backward", "dbo = np.sum(dot, axis=1, keepdims=True)", "dbo = np.sum(dbc, axis=1, keepdims=True)"),
        ),
        (("dbc = ", "sum-wrong", "runs over everything"), ("dbo = ", "gate-swapped", "what belongs to the candidate stands in dbo")),
    ),
    "an array of whatever lies in memory": Slip(
        (("lstm_backward", "dWf = np.zeros(", "dWf = np.empty("),), (("dWf = np.empty(", "accumulated-wrongly", "not of zeros"),)
    ),
    "something added to what is right": Slip(
        (("lstm_cell_backward", "    dot = da_next", "    ot += 1 - ot ** 2\n    dot = da_next"),),
        (("ot += ", "term-added", "ot is right before this line"),),
    ),
    "something multiplied with what is right": Slip(
        (("lstm_cell_backward", "    dot = da_next", "    ft = ft * 1.0\n    ft *= 1 - ft\n    dot = da_next"),),
        (("ft *= ", "factor-added", "ft is right before this line"),),
    ),
    "a weight's gradient, filled part by part, for the weight": Slip(
        (
            ("lstm_cell_backward", "dWi = np.dot(dit, np.concatenate((a_prev, xt), axis=0).T)",
             "dWi = np.zeros(Wi.shape)\n    dWi[:, :n_a] = np.dot(dit, a_prev.T)\n    dWi[:, n_a:] = np.dot(dit, xt.T)"),
            ("lstm_cell_backward", "np.dot(Wi[:, :n_a].T", "np.dot(dWi[:, :n_a].T"),
        ),
        (("da_prev = ", "kind-replaced", "dWi[:, :n_a].T where another value belongs"),),
    ),
    "a term that a name holds already, beside another mistake": Slip(
        (
            ("lstm_cell_backward", "    dc = ", "    dc_next = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)\n    dc = "),
            ("lstm_cell_backward", "dot = da_next * np.tanh(c_next)", "dot = da_next * c_next"),
        ),
        (("dc = ", "term-repeated", "a term too many"), ("dot = ", "activation-wrong", "the tanh is missing")),
    ),
    "a loop over the sums after the loop over the steps": Slip(
        whole("rnn_backward", BEHIND_THE_LOOP),
        (("grads[name] += value", "loop-wrong", "dWax, dWaa and dba are added to once, after the loop"),),
    ),
    "one gate's weight for all": Slip(
        (("lstm_cell_backward", next(line for line in PARTS["lstm_cell_backward"].splitlines() if "da_prev = " in line),
          "    da_prev = np.dot(Wf[:, :n_a].T, dft + dit + dcct + dot)"),),
        (("da_prev = ", "gate-swapped", "what belongs to the forget gate stands in da_prev"),),
    ),
    "a wrong start and another step's input": Slip(
        (
            ("lstm_forward", "    a_next = a0\n", "    a_next = np.zeros((n_a, m), dtype)\n"),
            ("lstm_forward", "x[:, :, t], a_next", "x[:, :, 0], a_next"),
            ("lstm_forward", "a[:, :, t] = a_next", "a[:, :, t] = c_next"),
        ),
        (
            ("a_next = np.zeros(", "initial-state-wrong", "starts from zero in a_next"),
            ("a_next, c_next, yt, cache", "input-of-wrong-step", "the call at step 1 is given the input of step 0"),
            ("a[:, :, t] = c_next", "gate-swapped", "a[:, :, t] has c_next where another value belongs"),
        ),
    ),
    "a start of ones, and another state in an output": Slip(
        (
            ("lstm_forward", "c_next = np.zeros((n_a, m), dtype)", "c_next = np.ones((n_a, m))"),
            ("lstm_forward", "c[:, :, t] = c_next", "c[:, :, t] = a_next"),
        ),
        (
            ("c_next = np.ones(", "initial-state-wrong", "starts from 1 everywhere in c_next"),
            ("c[:, :, t] = a_next", "gate-swapped", "c[:, :, t] has a_next where another value belongs"),
        ),
    ),
    "a line that adds to a list after the loop": Slip(
        (("lstm_forward", "        caches.append(cache)", "    caches.append(cache)"),),
        (("caches.append(cache)", "returned-otherwise", "stands after the loop"),),
    ),
    "the same beside a start given at every step": Slip(
        (("rnn_forward", "        caches.append(cache)", "    caches.append(cache)"), ("rnn_forward", "t], a_next, par", "t], a0, par")),
        (
            ("a_next, yt_pred, cache", "state-not-carried", "the start value once more"),
            ("caches.append(cache)", "returned-otherwise", "stands after the loop"),
        ),
    ),
    "a carry that begins with something, and another step's gradient": Slip(
        (
            ("lstm_backward", "da_prevt = np.zeros((n_a, m), dtype)", "da_prevt = da[:, :, -1]"),
            ("lstm_backward", "da[:, :, t] + da_prevt", "da[:, :, -1] + da_prevt"),
        ),
        (("da_prevt = da[", "carry-starts-wrong", "starts from da[:, :, -1]"), ("gradients = ", "upstream-wrong-step", "of the last step")),
    ),
    "a carry that is added up, and another step's gradient": Slip(
        (
            ("lstm_backward", "da_prevt = gradients['da_prev']", "da_prevt += gradients['da_prev']"),
            ("lstm_backward", "da0 = gradients['da_prev']", "da0 = da_prevt"),
            ("lstm_backward", "da[:, :, t] + da_prevt", "da[:, :, -1] + da_prevt"),
        ),
        (("da_prevt += ", "carry-added-up", "keeps the old value"), ("gradients = ", "upstream-wrong-step", "of the last step")),
    ),
    "the gradient of the step before added to what is carried, at step 0 too": Slip(
        (
            ("rnn_backward", "da_prevt = np.zeros((n_a, m), dtype)", "da_prevt = da[:, :, -1].copy()"),
            ("rnn_backward", "da[:, :, t] + da_prevt", "da_prevt"),
            ("rnn_backward", "_prevt = gradients['da_prev']\n", "_prevt = gradients['da_prev']\n        da_prevt += da[:, :, t - 1]\n"),
            ("rnn_backward", "da0 = gradients['da_prev']", "da0 = da_prevt"),
        ),
        (("da_prevt += da[", "initial-gradient-wrong", "as t - 1 wraps round"),),
    ),
    "a carry that gets nothing, in the place of the sum of both": Slip(
        (
            ("lstm_backward", "        da_prevt = gradients['da_prev']\n", ""),
            ("lstm_backward", "da[:, :, t] + da_prevt", "da_prevt"),
        ),
        (("gradients = lstm_cell", "upstream-missing", "given da_prevt, which stays zero: neither its own step's gradient nor"),),
    ),
    "one array for two states, filled with one of them": Slip(
        (
            ("lstm_forward", "c = np.zeros((n_a, m, T_x), dtype)", "c = a"),
            ("lstm_forward", "a[:, :, t] = a_next", "a[:, :, t] = c_next"),
        ),
        (("return", "unnamed", "a comes out wrong here"),),
    ),
    "a list that is added to itself": Slip(
        (("lstm_forward", "caches.append(cache)", "caches.append(caches)"),),
        (("caches.append(caches)", "returned-otherwise", "added to itself"),),
    ),
    "a quotient turned round": Slip(
        (("rnn_cell_forward", "a_next = np.tanh(np.dot(Wax, xt) + np.dot(Waa, a_prev) + ba)",
          "z = np.dot(Wax, xt) + np.dot(Waa, a_prev) + ba\n    a_next = (np.exp(z) + np.exp(-z)) / (np.exp(z) - np.exp(-z))"),),
        (("a_next = (", "names-exchanged", "two sides of a quotient"),),
    ),
}  # fmt: skip


def result(path: Path, *edits: tuple[str, str, str]) -> Result:
    """What is found in the reference program with these edits."""
    texts = {name: PARTS[name] for name in ("sigmoid", "softmax", *FUNCTIONS)}
    for function, before, after in edits:
        old, new = (text if text == PARTS[function] else text.replace('"', "'") for text in (before, after))
        assert old in texts[function]
        texts[function] = texts[function].replace(old, new)
    path.write_text("import numpy as np\n\n" + "\n\n".join(texts.values()) + "\n", encoding="utf-8")
    source = read_source(path)
    return examine(source, Harness(source.pieces, PARTS), "a tier")


def fits(mistake: Mistake, told: tuple[str, str, str]) -> bool:
    """Whether a mistake is at the line, has the id, and says so."""
    line, id_, says = told
    return mistake.location is not None and mistake.location.text.startswith(line) and mistake.id == id_ and says in mistake.says


@pytest.mark.parametrize("name", SLIPS)
def test_each_slip_is_told_once_where_it_was_made(tmp_path: Path, name: str) -> None:
    """No line is told that only follows, and the sentence is true of the line."""
    slip = SLIPS[name]
    mistakes = result(tmp_path / "rnn.py", *slip.edits).mistakes
    assert [(m.location and m.location.text, m.id, m.says) for m in mistakes if not any(fits(m, told) for told in slip.told)] == []
    assert len(mistakes) == len(slip.told)


def test_names_that_say_what_they_hold_are_not_exchanged(tmp_path: Path) -> None:
    """Where the weights are unpacked rightly and two lines use each other's, the two lines are told."""
    line = next(line for line in PARTS["lstm_cell_backward"].splitlines() if "da_prev = " in line)
    other = next(line for line in PARTS["lstm_cell_backward"].splitlines() if "dxt = " in line)

    def crossed(text: str) -> str:
        return text.replace("Wf[", "W_[").replace("Wi[", "Wf[").replace("W_[", "Wi[")

    found = result(tmp_path / "rnn.py", ("lstm_cell_backward", line, crossed(line)), ("lstm_cell_backward", other, crossed(other)))
    assert [mistake.location.text.split(" =")[0] for mistake in found.mistakes if mistake.location] == ["da_prev", "dxt"]
