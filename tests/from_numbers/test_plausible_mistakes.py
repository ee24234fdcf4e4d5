"""Mistakes that learners plausibly make, written by hand in the program's text: no wrong function is blamed for certain.

Where another mistake prints the same numbers either may come first, but the planted one is then among the alternatives.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Answer, Change, Notebook

RCF, RF, RCB, RB = "rnn_cell_forward", "rnn_forward", "rnn_cell_backward", "rnn_backward"
LCF, LF, LCB, LB = "lstm_cell_forward", "lstm_forward", "lstm_cell_backward", "lstm_backward"
CALL = "lstm_cell_backward(da[:, :, t] + da_prevt, dc_prevt, caches[t])"
CUTS = [(LCB, f"{name}[:, n_a:]", name) for name in ("Wf", "Wi", "Wc", "Wo")]

DWO_TURNED = "dWo = np.dot(np.concatenate((a_prev, xt), axis=0), dot.T)"
THREE = "gradients['dWi'] + gradients['dWc'] + gradients['dWo']"
IN_PLACE = "        gradients = lstm_cell_backward(da_prevt,"

EXPLAINED: dict[str, tuple[str, list[Change]]] = {
    "one factor lost in dc, another in dot": (
        LCB,
        [(LCB, "da_next * ot * (1 - np", "da_next * (1 - np"), (LCB, "* ot * (1 - ot)", "* ot")],
    ),
    "the formulas of two gates exchanged": (
        LCB,
        [
            (LCB, "dit = dc * cct * it * (1 - it)", "dit = dc * c_prev * ft * (1 - ft)"),
            (LCB, "dft = dc * c_prev * ft * (1 - ft)", "dft = dc * cct * it * (1 - it)"),
        ],
    ),
    "a bias's sum of what was handed in": (
        LB,
        [
            (LB, "gradients = lstm_cell", "up = da[:, :, t] + da_prevt\n        gradients = lstm_cell"),
            (LB, "dbf + gradients['dbf']", "dbf + np.sum(up, axis=1, keepdims=True)"),
        ],
    ),
    "a bias's sum of what comes in": (RB, [(RB, "dba + gradients['dba']", "dba + np.sum(da[:, :, t], axis=1, keepdims=True)")]),
    "the cell state starts as ones": (LB, [(LF, "c_next = np.zeros((n_a, m), dtype)", "c_next = np.ones((n_a, m))")]),
    "a sigmoid's derivative for the tanh's": (RCB, [(RCB, "(1 - a_next ** 2)", "a_next * (1 - a_next)")]),
    "the gate's derivative kept for its candidate": (LB, [(LCB, "dcct = dc * it * (1 - cct ** 2)", "dcct = dc * it * (1 - it)")]),
    "a cell that hands no dc back at the last step, and so at none": (LB, [(LCB, "dc_prev = dc * ft", "dc_prev = dc_next * ft")]),
    "a loop that does not hand dc on": (LB, [(LB, "dc_prevt = gradients['dc_prev']", "pass")]),
    "brackets that would stand last, and do not": (RCB, [(RCB, "(1 - a_next ** 2) * da_next", "da_next * 1 - a_next ** 2")]),
    "a sigmoid in the forward pass, differentiated accordingly": (
        RB,
        [(RCF, "np.tanh(", "sigmoid("), (RCB, "(1 - a_next ** 2)", "a_next * (1 - a_next)")],
    ),
    "the weight of the path behind it, in an RNN's derivative": (
        RB,
        [(RCB, "(1 - a_next ** 2) * da_next", "(1 - a_next ** 2) * np.dot(Waa.T, da_next)")],
    ),
    "the last caches for the first": (LB, [(LB, "caches[t])", "caches[t + 3])")]),
    "caches counted from the end": (LB, [(LB, "caches[t])", "caches[-1 - t])")]),
    "dx written backwards in time": (LB, [(LB, "dx[:, :, t] =", "dx[:, :, T_x - 1 - t] =")]),
    "input above hidden state, in the backward pass": (LCB, [(LCB, "np.concatenate((a_prev, xt)", "np.concatenate((xt, a_prev)")]),
    "input above hidden state, in the forward pass": (LCB, [(LCF, "np.concatenate((a_prev, xt)", "np.concatenate((xt, a_prev)")]),
    "three gates get dc_next alone": (LCB, [(LCB, f"d{gate} = dc *", f"d{gate} = dc_next *") for gate in ("cct", "it", "ft")]),
    "a weight's gradient cut off at exactly one, beside another slip": (
        RCB,
        [(RCB, "dWaa = np.dot(dtanh, a_prev.T)", "dWaa = np.clip(np.dot(dtanh, a_prev.T), -1, 1)"), (RCB, "Waa.T", "Waa")],
    ),
    "a gate's gradient divided, and its bias's without the activation": (
        LCB,
        [
            (LCB, "dit = dc * cct * it * (1 - it)", "dit = dc * cct * it * (1 - it) / n_a"),
            (LCB, "np.sum(dit, axis=1", "np.sum(dc * cct, axis=1"),
        ],
    ),
    "nothing carried, so that many slips leave dx as it is, and a loop that runs forward, which da0 alone shows": (
        LB,
        [
            (LB, "        da_prevt = gradients['da_prev']\n        dc_prevt = gradients['dc_prev']\n", ""),
            (LB, "reversed(range(T_x))", "range(T_x)"),
        ],
    ),
    "the gradients of the weights where dx needs these, and a state that shows in all but dx": (
        LB,
        [
            *((LCB, f"np.dot({weight}[:, n_a:]", f"np.dot(d{weight}[:, n_a:]") for weight in ("Wf", "Wi", "Wc", "Wo")),
            (LCF, "a_next = ot * np.tanh(c_next)", "a_next = ot * ot"),
        ],
    ),
    "one half in one equation": (LCB, [(LCB, "dcct = dc * it", "dcct = 0.5 * dc * it")]),
    "the mean of the four gates": (LCB, [(LCB, "+ np.dot(Wo[:, :n_a].T, dot)", "+ np.dot(Wo[:, :n_a].T, dot)\n    da_prev = da_prev / 4")]),
    "the upstream gradient divided by the number of examples": (LB, [(LB, "da[:, :, t] + da_prevt", "da[:, :, t] / m + da_prevt")]),
    "the upstream gradient with the wrong sign": (RB, [(RB, "da[:, :, t] + da_prevt", "-da[:, :, t] + da_prevt")]),
    "a sum written out without its brackets": (
        LCB,
        [(LCB, "dcct = dc * it * (1 - cct ** 2)", "dcct = dc_next + ot * (1 - np.tanh(c_next) ** 2) * da_next * it * (1 - cct ** 2)")],
    ),
    "a gradient with its axes exchanged": (LCB, [(LCB, "dWo = np.dot(dot, np.concatenate((a_prev, xt), axis=0).T)", DWO_TURNED)]),
    "the carry of c is a second name of a's, to which the loop adds in place": (
        LB,
        [
            (LB, "dc_prevt = gradients['dc_prev']", "dc_prevt = da_prevt"),
            (LB, "        gradients = lstm_cell_backward(da[:, :, t] + da_prevt,", "        da_prevt += da[:, :, t]\n" + IN_PLACE),
        ],
    ),
    "the gradients of two gates under each other's key": (
        LB,
        [(LB, "'dWc': dWc, 'dbc': dbc, 'dWo': dWo, 'dbo': dbo", "'dWc': dWo, 'dbc': dbo, 'dWo': dWc, 'dbo': dbc")],
    ),
    "the parts of a stack taken in another order": (
        LB,
        [
            (LCF, "cct = np.tanh(np.dot(Wc, concat) + bc)", "cct = np.tanh(np.dot(Wo, concat) + bo)"),
            (LCF, "ot = sigmoid(np.dot(Wo, concat) + bo)", "ot = sigmoid(np.dot(Wc, concat) + bc)"),
        ],
    ),
    "three sums in one array": (
        LB,
        [(LB, f"dW{one} = dW{one} + gradients['dW{one}']", f"dW{one} = dW{one} + {THREE}") for one in "ico"],
    ),
    "every second step": (RB, [(RB, "reversed(range(T_x))", "range(T_x - 1, -1, -2)")]),
    "a0 added at every step": (RB, [(RF, "x[:, :, t], a_next, parameters", "x[:, :, t], a_next + a0, parameters")]),
    "two sums that add a third's steps": (LB, [(LB, f"gradients['d{kind}o']", f"gradients['d{kind}c']") for kind in "Wb"]),
    "a state of two steps before": (LB, [(LF, "x[:, :, t], a_next, c_next", "x[:, :, t], a0 if t < 2 else a[:, :, t - 2], c_next")]),
    "da0 with all upstream gradients": (LB, [(LB, "da0 = gradients['da_prev']", "da0 = gradients['da_prev'] + np.sum(da, axis=2)")]),
    "upstream counted twice": (LB, [(LB, "da[:, :, t] + da_prevt", "2 * da[:, :, t] + da_prevt")]),
    "biases averaged over time": (LB, [(LB, f"gradients['db{gate}']", f"gradients['db{gate}'] / T_x") for gate in "fico"]),
    "no carry of a, caches of the step before": (LB, [(LB, CALL, "lstm_cell_backward(da[:, :, t], dc_prevt, caches[t - 1])")]),
    "the step after's upstream": (LB, [(LB, "da[:, :, t] + da_prevt", "da[:, :, min(t + 1, T_x - 1)] + da_prevt")]),
    "one upstream for all steps": (RB, [(RB, "da[:, :, t] + da_prevt", "np.sum(da, axis=2) + da_prevt")]),
    "da0 summed over time": (
        RB,
        [
            (RB, "da_prevt = gradients['da_prev']", "da_prevt = gradients['da_prev']\n        da0 = da0 + da_prevt"),
            (RB, "    da0 = gradients['da_prev']", ""),
        ],
    ),
    "a wrong source, and no carry": (
        RB,
        [(RCB, "np.dot(dtanh, a_prev.T)", "np.dot(dtanh, a_next.T)"), (RB, "da[:, :, t] + da_prevt", "da[:, :, t]")],
    ),
    "two gates exchanged when the cache is unpacked": (LB, [(LCB, "ft, it, cct, ot, xt", "it, ft, cct, ot, xt")]),
    "the two carries exchanged": (LB, [(LB, CALL, "lstm_cell_backward(da[:, :, t] + dc_prevt, da_prevt, caches[t])")]),
    "the gate for its gradient": (LCB, [(LCB, "dWi = np.dot(dit,", "dWi = np.dot(it,"), (LCB, "dbi = np.sum(dit,", "dbi = np.sum(it,")]),
    "no derivative of the output gate": (LCB, [(LCB, "* ot * (1 - ot)", "")]),
    "the output gate left out of two sums": (LCB, [(LCB, " + np.dot(Wo[:, :n_a].T, dot)", ""), (LCB, " + np.dot(Wo[:, n_a:].T, dot)", "")]),
    "overwritten, doubled": (
        RB,
        [(RB, "dWax = dWax + gradients", "dWax = gradients"), (RB, "dWaa = dWaa + gradients", "dWaa = dWaa + dWaa + gradients")],
    ),
    "a carry added up, da0 from da": (
        LB,
        [
            (LB, "da_prevt = gradients['da_prev']", "da_prevt = da_prevt + gradients['da_prev']"),
            (LB, "da0 = gradients['da_prev']", "da0 = da[:, :, 0]"),
        ],
    ),
    "weights not cut": (LCB, CUTS),
    "two gates exchanged in the forward pass": (LB, [(LCF, "ft * c_prev + it * cct", "it * c_prev + ft * cct")]),
    "one minus a gate for another": (LCB, [(LCF, "+ it * cct", "+ (1 - ft) * cct")]),
    "the tanh's derivative for its value": (LB, [(LCB, "da_next * np.tanh(c_next)", "da_next * (1 - np.tanh(c_next) ** 2)")]),
    "the derivative of another gate": (LB, [(LCB, "dc * it * (1 - cct ** 2)", "dc * it * it * (1 - it)")]),
    "the hidden state for a tanh": (LB, [(LCB, "ot * (1 - np.tanh(c_next) ** 2)", "ot * (1 - a_next ** 2)")]),
    "a gradient added that does not arrive": (LB, [(LCB, "dot = da_next *", "dot = (da_next + dc_next) *")]),
    "a tanh of a product": (LB, [(LCF, "ot * np.tanh(c_next)", "np.tanh(ot * c_next)")]),
    "a tanh of each product": (
        RB,
        [(RCF, "np.tanh(np.dot(Wax, xt) + np.dot(Waa, a_prev) + ba)", "np.tanh(np.dot(Wax, xt)) + np.tanh(np.dot(Waa, a_prev)) + ba")],
    ),
    "another entry handed out for a carry": (LB, [(LCB, "'da_prev': da_prev", "'da_prev': dc_next")]),
    "a random cell state at the start": (LB, [(LF, "c_next = np.zeros((n_a, m), dtype)", "c_next = np.random.randn(n_a, m)")]),
    "a column for all inputs": (
        RB,
        [(RCB, "dxt = np.dot(Wax.T, dtanh)", "dba = np.sum(dtanh, axis=1, keepdims=True)\n    dxt = np.dot(Wax.T, dba)")],
    ),
    "the cell called with its gradients crosswise": (
        LB,
        [(LB, "da[:, :, t] + da_prevt, dc_prevt", "dc_prevt, da[:, :, t] + da_prevt")],
    ),
    "all carries added to the hidden state's gradient": (LB, [(LB, "+ da_prevt, dc", "+ da_prevt + dc_prevt, dc")]),
    "the states taken crosswise from the cell": (LB, [(LF, "a_next, c_next, yt, cache =", "c_next, a_next, yt, cache =")]),
    "one array for all weights, one for all biases": (
        LB,
        [
            (LB, f"d{kind}{gate} = np.zeros({size}, dtype)", f"d{kind}{gate} = d{kind}f")
            for kind, size in (("W", "(n_a, n_a + n_x)"), ("b", "(n_a, 1)"))
            for gate in "ico"
        ]
        + [(LB, f"d{what} = d{what} + gradients", f"d{what} += gradients") for what in ("Wf", "Wi", "Wc", "Wo", "bf", "bi", "bc", "bo")],
    ),
    "the cell state begins as a slice of the hidden states": (LB, [(LF, "c_next = np.zeros((n_a, m), dtype)", "c_next = a[:, :, 0]")]),
    "the cell state updated in place": (
        LCB,
        [(LCF, "c_next = ft * c_prev + it * cct", "c_prev *= ft\n    c_prev += it * cct\n    c_next = c_prev")],
    ),
    "a tanh of the new cell state": (LCB, [(LCF, "c_next = ft * c_prev + it * cct", "c_next = np.tanh(ft * c_prev + it * cct)")]),
    "a sigmoid of the negative": (LCB, [(LCF, "ft = sigmoid(np.dot(Wf, concat) + bf)", "ft = sigmoid(-(np.dot(Wf, concat) + bf))")]),
    "an update gate that is what is not forgotten": (LCB, [(LCF, "it = sigmoid(np.dot(Wi, concat) + bi)", "it = 1 - ft")]),
    "every slice of dx written at every step": (LB, [(LB, "dx[:, :, t] = gradients['dxt']", "dx[:, :, :] = gradients['dxt'][:, :, None]")]),
    "one gate's stack the other way round": (
        LCB,
        [(LCF, "it = sigmoid(np.dot(Wi, concat)", "it = sigmoid(np.dot(Wi, np.vstack((xt, a_prev)))")],
    ),
    "a gate that does not see the input": (
        LB,
        [
            (LCF, "ot = sigmoid(np.dot(Wo, concat)", "ot = sigmoid(np.dot(Wo[:, :5], a_prev)"),
            (LCB, "np.dot(Wc[:, :n_a].T, dcct)", "np.dot(Wo[:, :n_a].T, dcct)"),
        ],
    ),
    "weights stacked in one order, states in the other": (
        RB,
        [(RCF, "np.dot(Wax, xt) + np.dot(Waa, a_prev)", "np.dot(np.hstack((Wax, Waa)), np.vstack((a_prev, xt)))")],
    ),
    "the cell state overwritten by its tanh": (
        LB,
        [(LCF, "a_next = ot * np.tanh(c_next)", "c_next = np.tanh(c_next)\n    a_next = ot * c_next")],
    ),
    "a carry that only the last step sets": (RB, [(RB, "da_prevt = gradients", "if t == T_x - 1:\n            da_prevt = gradients")]),
    "a bracket forgotten in front of the upstream gradient": (
        LCB,
        [(LCB, "dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)", "dc = dc_next + ot * 1 - np.tanh(c_next) ** 2 * da_next")],
    ),
    "a sum that starts from the weight, of a gradient without its derivative": (
        RB,
        [
            (RB, "dWaa = np.zeros((n_a, n_a), dtype)", "dWaa = parameters['Waa'].copy()"),
            (RCB, "dWaa = np.dot(dtanh, a_prev.T)", "dWaa = np.dot(da_next, a_prev.T)"),
        ],
    ),
    "a gate before its activation in the cache": (
        LCB,
        [
            (
                LCF,
                "cache = (a_next, c_next, a_prev, c_prev, ft,",
                "ft = np.dot(Wf, concat) + bf\n    cache = (a_next, c_next, a_prev, c_prev, ft,",
            )
        ],
    ),
    "caches in reverse": (RB, [(RF, "caches.append(cache)", "caches.insert(0, cache)")]),
    "a carry summed over the batch": (
        RB,
        [(RB, "da_prevt = gradients['da_prev']", "da_prevt = gradients['da_prev'].sum(1, keepdims=True)")],
    ),
    "a carry that comes one step late": (
        LB,
        [
            (LB, "    for t in reversed", "    late = da_prevt\n    for t in reversed"),
            (LB, "da_prevt = gradients['da_prev']", "da_prevt, late = late, gradients['da_prev']"),
        ],
    ),
    "a carry cut at every second step": (RB, [(RB, "da_prevt = gradients['da_prev']", "da_prevt = gradients['da_prev'] * (t % 2)")]),
    "the list of dxt reshaped for transposed": (
        RB,
        [
            (RB, "    for t in reversed", "    steps = [0] * T_x\n    for t in reversed"),
            (RB, "dx[:, :, t] = gradients['dxt']", "steps[t] = gradients['dxt']"),
            (RB, "    da0 = gradients", "    dx = np.array(steps).reshape(n_x, m, T_x)\n    da0 = gradients"),
        ],
    ),
    "the state's part added after the tanh": (
        RCB,
        [(RCF, "np.tanh(np.dot(Wax, xt) + np.dot(Waa, a_prev) + ba)", "np.tanh(np.dot(Wax, xt) + ba) + np.dot(Waa, a_prev)")],
    ),
    "the tanh of the previous state in the cache": (RCB, [(RCF, "(a_next, a_prev,", "(a_next, np.tanh(a_prev),")]),
    "what goes into the tanh in the cache, for the previous state": (
        RCB,
        [(RCF, "(a_next, a_prev,", "(a_next, np.dot(Wax, xt) + np.dot(Waa, a_prev) + ba,")],
    ),
    "the cache's state through a tanh again": (LCB, [(LCB, "np.tanh(c_next)", "np.tanh(np.tanh(c_next))")]),
    "one bias added twice, another never": (LB, [(LB, "dbc = dbc + gradients['dbc']", "dbi = dbi + gradients['dbi']")]),
    "one bias added to another": (LB, [(LB, "dbf = dbf + gradients['dbf']", "dbi = dbi + gradients['dbf']")]),
    "a slope taken at the gradient": (
        LCB,
        [(LCB, "dc_next + da_next", "dc_next * da_next"), (LCB, "dc * c_prev * ft * (1 - ft)", "dc * c_prev * (1 - dc * c_prev)")],
    ),
    "a sigmoid's slope without its value, no cell state carried": (
        LB,
        [(LCB, f"* {gate} * (1 - {gate})", f"* (1 - {gate})") for gate in ("ot", "it", "ft")]
        + [(LF, "a_next, c_next, yt, cache = ", "a_next, new, yt, cache = "), (LF, "] = c_next", "] = new")],
    ),
    "a product too many at the input": (RCB, [(RCB, "np.dot(Wax.T, dtanh)", "np.dot(Wax.T, dtanh) * xt")]),
    "an outer product": (RCB, [(RCB, "np.dot(dtanh, xt.T)", "np.outer(dtanh, xt)")]),
    "a clipped carry": (RB, [(RB, "da_prevt = gradients['da_prev']", "da_prevt = np.clip(gradients['da_prev'], -1, 1)")]),
    "an index of the cell states that wraps": (
        LB,
        [(LF, "x[:, :, t], a_next, c_next", "x[:, :, t], a_next, c[:, :, t - 2] if t else c_next")],
    ),
    "the input of the step before, after a first step of its own": (RB, [(RF, "x[:, :, t]", "x[:, :, max(t - 1, 0)]")]),
    "dx one step late, after a last step of its own": (RB, [(RB, "dx[:, :, t] =", "dx[:, :, min(t + 1, T_x - 1)] =")]),
    "a loop that runs forward, and da0 from where it visits step 0": (
        LB,
        [
            (LB, "reversed(range(T_x))", "range(T_x)"),
            (LB, "dx[:, :, t] = gradients['dxt']", "dx[:, :, t] = gradients['dxt']\n        da0 = da0 if t else gradients['da_prev']"),
            (LB, "    da0 = gradients['da_prev']\n", ""),
        ],
    ),
    "nothing carried, and da0 summed over time": (
        LB,
        [
            (LB, "        da_prevt = gradients['da_prev']\n        dc_prevt = gradients['dc_prev']\n", ""),
            (LB, "dx[:, :, t] = gradients['dxt']", "dx[:, :, t] = gradients['dxt']\n        da0 = da0 + gradients['da_prev']"),
            (LB, "    da0 = gradients['da_prev']\n", ""),
        ],
    ),
    "the gradient at the gate for the gate": (LCB, [(LCB, "dc_prev = dc * ft", "dc_prev = dc * (dc * c_prev)")]),
}
RARER: dict[str, tuple[str, list[Change]]] = {
    "a factor lost and a term repeated in dc": (
        LCB,
        [(LCB, "dc_next + da_next * ot * (1 - np", "2 * dc_next + da_next * (1 - np")],
    ),
    "a gate, and a step too many in the loop": (
        LB,
        [(LCB, "* ft * (1 - ft)", "* ft"), (LB, "reversed(range(T_x))", "range(T_x - 1, -2, -1)")],
    ),
    "all gates put through their activations again, behind a view": (
        LB,
        [
            (LCB, "    Wf = ", "    ft, it, ot, cct = sigmoid(ft), sigmoid(it), sigmoid(ot), np.tanh(cct)\n    Wf = "),
            (LF, "c_next = np.zeros((n_a, m), dtype)", "c_next = c[:, :, 0]"),
        ],
    ),
    "a gate multiplied in place, two gates' gradients exchanged": (
        LCB,
        [
            (LCF, "c_next = ft * c_prev + it * cct", "cct *= it\n    c_next = ft * c_prev + cct"),
            (LCB, "np.dot(Wi[:, :n_a].T, dit) + np.dot(Wc[:, :n_a].T, dcct)", "np.dot(Wi[:, :n_a].T, dcct) + np.dot(Wc[:, :n_a].T, dit)"),
            (LCB, "np.dot(Wi[:, n_a:].T, dit) + np.dot(Wc[:, n_a:].T, dcct)", "np.dot(Wi[:, n_a:].T, dcct) + np.dot(Wc[:, n_a:].T, dit)"),
        ],
    ),
}

SPELLED_OUT = "ot * (1 - np.tanh(c_next) ** 2)"
BRACKET_LOST: list[Change] = [
    (LCB, "dcct = dc * it *", f"dcct = dc_next * it + {SPELLED_OUT} * it * da_next *"),
    (LCB, "dit = dc * cct *", f"dit = dc_next * cct + {SPELLED_OUT} * cct * da_next *"),
    (LCB, "dft = dc * c_prev *", f"dft = dc_next * c_prev + {SPELLED_OUT} * c_prev * da_next *"),
]
AGAIN = ("dcct = dcct * (1 - cct ** 2)", *(f"d{gate} = d{gate} * {gate} * (1 - {gate})" for gate in ("ft", "it", "ot")))
ONE: dict[str, tuple[str, list[Change]]] = {
    "the bracket before the derivative, lost in all three gates": (LCB, BRACKET_LOST),
    "the bracket of a derivative, lost in the gates and in what is carried": (
        LCB,
        [
            (LCB, f"{name} = dc * {by}", f"{name} = (dc_next * {by} + ot * 1 - np.tanh(c_next) ** 2 * {by} * da_next)")
            for name, by in (("dcct", "it"), ("dit", "cct"), ("dft", "c_prev"), ("dc_prev", "ft"))
        ],
    ),
    "two gradients that the loop carries, under each other's key": (
        LCB,
        [(LCB, "'da_prev': da_prev, 'dc_prev': dc_prev", "'da_prev': dc_prev, 'dc_prev': da_prev")],
    ),
    "the two weights' gradients of the loop under each other's key": (
        RB,
        [(RB, "'dWax': dWax, 'dWaa': dWaa", "'dWax': dWaa, 'dWaa': dWax")],
    ),
    "a bias itself under the key of its gradient": (RCB, [(RCB, "'dba': dba", "'dba': parameters['ba']")]),
    "carries that take each other's entry": (
        LB,
        [
            (LB, "da_prevt = gradients['da_prev']", "da_prevt = gradients['dc_prev']"),
            (LB, "dc_prevt = gradients['dc_prev']", "dc_prevt = gradients['da_prev']"),
            (LB, "da0 = gradients['da_prev']", "da0 = da_prevt"),
        ],
    ),
    "a carry to which the upstream gradient of its step was added already": (
        LB,
        [(LB, "da_prevt = gradients['da_prev']", "da_prevt = gradients['da_prev'] + da[:, :, t - 1]")],
    ),
    "the first hidden state as the start of the RNN's carry": (RB, [(RB, "da_prevt = np.zeros((n_a, m), dtype)", "da_prevt = a1")]),
    "the activations of a gate and the candidate in each other's line": (
        LB,
        [(LCF, "ft = sigmoid(", "ft = np.tanh("), (LCF, "cct = np.tanh(", "cct = sigmoid(")],
    ),
    "each gate's gradient multiplied by the derivative once more": (
        LCB,
        [(LCB, "    dWf = ", f"    {'; '.join(AGAIN)}\n    dWf = ")],
    ),
    "both carries reset before step 0": (
        LB,
        [(LB, "dx[:, :, t] = ", "da_prevt, dc_prevt = da_prevt * (t != 1), dc_prevt * (t != 1)\n        dx[:, :, t] = ")],
    ),
    "the two gradients that come in added at the top": (LCB, [(LCB, "    Wf = ", "    da_next = da_next + dc_next\n    Wf = ")]),
    "two pairs of gates exchanged when the cache is taken apart": (
        LB,
        [(LCB, "ft, it, cct, ot, xt, parameters = cache", "it, ft, ot, cct, xt, parameters = cache")],
    ),
    "stacked gradients split in an order in which no two gates are right": (
        LCB,
        [
            (
                LCB,
                "'dWf': dWf, 'dbf': dbf, 'dWi': dWi, 'dbi': dbi, 'dWc': dWc, 'dbc': dbc, 'dWo': dWo, 'dbo': dbo",
                "'dWf': dWi, 'dbf': dbi, 'dWi': dWf, 'dbi': dbf, 'dWc': dWo, 'dbc': dbo, 'dWo': dWc, 'dbo': dbc",
            )
        ],
    ),
    "a bias lost in the forward cell, while the backward cell computes the hidden state anew with it": (
        RB,
        [
            (
                RCF,
                "a_next = np.tanh(np.dot(Wax, xt) + np.dot(Waa, a_prev) + ba)",
                "a_next = np.tanh(np.dot(Wax, xt) + np.dot(Waa, a_prev))",
            ),
            (RCF, "cache = (a_next,", "cache = (np.tanh(np.dot(Wax, xt) + np.dot(Waa, a_prev) + ba),"),
        ],
    ),
    "the hidden state computed anew without the bias, and the square of its derivative lost": (
        RB,
        [(RCB, "(1 - a_next ** 2)", "(1 - np.tanh(np.dot(Wax, xt) + np.dot(Waa, a_prev)))")],
    ),
    "a square written out as a product of two different things": (
        LCB,
        [(LCB, "(1 - np.tanh(c_next) ** 2)", "(1 - np.tanh(c_next) * c_next)")],
    ),
    "what goes into the tanh for the gradient there": (
        RCB,
        [(RCB, "np.dot(dtanh, xt.T)", "np.dot(np.dot(Wax, xt) + np.dot(Waa, a_prev) + parameters['ba'], xt.T)")],
    ),
    "the mean over the hidden units added to a bias's sum": (
        LB,
        [(LB, "dbc = dbc + gradients['dbc']", "dbc = dbc + np.mean(gradients['dbc'])")],
    ),
    "each slice of dx on top of the one before": (LB, [(LB, "dx[:, :, t] = ", "dx[:, :, t] = dx[:, :, t - 1] + ")]),
    "a stacked gradient taken apart with the input's part in front": (
        RCB,
        [
            (RCB, "dxt = np.dot(Wax.T, dtanh)", "dxt = np.dot(np.concatenate((Waa, Wax), axis=1).T, dtanh)[:len(xt)]"),
            (RCB, "da_prev = np.dot(Waa.T, dtanh)", "da_prev = np.dot(np.concatenate((Waa, Wax), axis=1).T, dtanh)[len(xt):]"),
        ],
    ),
    "three gates before their activations in the cache": (
        LB,
        [(LCF, "ft, it, cct, ot, xt", "np.dot(Wf, concat) + bf, np.dot(Wi, concat) + bi, cct, np.dot(Wo, concat) + bo, xt")],
    ),
    "all gates before their activations in the cache": (
        LCB,
        [(LCF, "cache = ", "ft, it, cct, ot = (np.dot(W, concat) + b for W, b in ((Wf, bf), (Wi, bi), (Wc, bc), (Wo, bo)))\n    cache = ")],
    ),
    "the sigmoid once more for the derivative of each gate": (
        LB,
        [(LCB, f"* {gate} * (1 - {gate})", f"* sigmoid({gate})") for gate in ("ft", "it", "ot")],
    ),
    "all gates put through their activations again": (
        LCB,
        [(LCB, "    Wf = ", "    ft, it, ot, cct = sigmoid(ft), sigmoid(it), sigmoid(ot), np.tanh(cct)\n    Wf = ")],
    ),
    "the weights of all gates in another order": (
        LCB,
        [
            (LCB, f"np.dot({weight}[:, {cut}].T, {gate})", f"np.dot({other}[:, {cut}].T, {gate})")
            for weight, other, gate in (("Wf", "Wo", "dft"), ("Wi", "Wf", "dit"), ("Wc", "Wi", "dcct"), ("Wo", "Wc", "dot"))
            for cut in (":n_a", "n_a:")
        ],
    ),
    "each weight under the key of its gradient": (LCB, [(LCB, f"'dW{gate}': dW{gate}", f"'dW{gate}': W{gate}") for gate in "fico"]),
    "a weight under the key of its gradient": (LCB, [(LCB, "'dWo': dWo", "'dWo': Wo")]),
    "the cell state under the key of its gradient": (LCB, [(LCB, "'dc_prev': dc_prev", "'dc_prev': c_prev")]),
    "each example's share put in place of those before": (
        RCB,
        [
            (RCB, "dWax = np.dot(dtanh, xt.T)", "dWax = [np.outer(dtanh[:, i], xt[:, i]) for i in range(10)][-1]"),
            (RCB, "dWaa = np.dot(dtanh, a_prev.T)", "dWaa = [np.outer(dtanh[:, i], a_prev[:, i]) for i in range(10)][-1]"),
        ],
    ),
    "a loop over the examples that begins at one": (
        RB,
        [
            (RCB, "dWax = np.dot(dtanh, xt.T)", "dWax = sum(np.outer(dtanh[:, i], xt[:, i]) for i in range(1, 10))"),
            (RCB, "dWaa = np.dot(dtanh, a_prev.T)", "dWaa = sum(np.outer(dtanh[:, i], a_prev[:, i]) for i in range(1, 10))"),
            (RCB, "dba = np.sum(dtanh, axis=1, keepdims=True)", "dba = sum(dtanh[:, [i]] for i in range(1, 10))"),
        ],
    ),
    "a stack of gates cut in another order": (LB, [(LCB, "    dWf = np.dot(", "    dot, dcct = dcct, dot\n    dWf = np.dot(")]),
    "a stack of gates in the order of another course": (
        LCB,
        [(LCB, "    dWf = np.dot(", "    dft, dit, dcct, dot = dit, dft, dot, dcct\n    dWf = np.dot(")],
    ),
    "a helper that gets another gate's gradient": (
        LCB,
        [(LCB, "dWi = np.dot(dit,", "dWi = np.dot(dft,"), (LCB, "dbi = np.sum(dit,", "dbi = np.sum(dft,")],
    ),
    "the gradient that went into the call is carried on": (
        RB,
        [(RB, "da_prevt = gradients['da_prev']", "da_prevt = da[:, :, t] + da_prevt")],
    ),
    "the upstream gradient goes into both carries": (
        LB,
        [(LB, "dc_prevt = gradients['dc_prev']", "dc_prevt = gradients['dc_prev'] + da[:, :, t - 1]")],
    ),
    "the last step starts from the first upstream gradient": (
        LB,
        [(LB, "da[:, :, t] + da_prevt", "da[:, :, t if t < T_x - 1 else 0] + da_prevt")],
    ),
    "upstream gradients made ready for a loop from the end, and the loop runs forward": (
        LB,
        [
            (LB, "    for t in reversed(range(T_x)):", "    da_next = da[:, :, T_x - 1]\n    for t in range(T_x):"),
            (LB, "da[:, :, t] + da_prevt", "da_next"),
            (LB, "        dx[:, :, t]", "        if t > 0:\n            da_next = da_prevt + da[:, :, t - 1]\n        dx[:, :, t]"),
        ],
    ),
    "what goes into the first step added to what it hands back": (
        LB,
        [
            (LB, "        da_prevt = grad", "        last = da[:, :, t] + da_prevt\n        da_prevt = grad"),
            (LB, "da0 = grad", "da0 = last + grad"),
        ],
    ),
    "an array with a place for a0, each state written to the place it came from": (
        RB,
        [
            (RF, "    a_next = a0", "    h = np.zeros((n_a, m, T_x + 1))\n    h[:, :, 0] = a0"),
            (RF, "x[:, :, t], a_next, parameters)", "x[:, :, t], h[:, :, t], parameters)\n        h[:, :, t] = a_next"),
        ],
    ),
    "a first call before the loop, with the last of all caches": (LB, [(LB, "caches[t])", "caches[t if t < T_x - 1 else -1])")]),
    "a first call before the loop, and behind it the cache of the step before in the loop": (
        RB,
        [(RB, "caches[t])", "caches[t + 1 if t < T_x - 1 else t])")],
    ),
    "the sums behind the loop, which begin with the first call's gradients": (
        RB,
        [
            (RB, f"        {name} = {name} + gradients['{name}']", f"        {name} = {name} + gradients['{name}'] * (t % (T_x - 1) == 0)")
            for name in ("dWax", "dWaa", "dba")
        ],
    ),
    "the tanh of the new cell state for the old cell state": (LB, [(LCB, "dft = dc * c_prev", "dft = dc * np.tanh(c_next)")]),
}
RARER_ONE: dict[str, tuple[str, list[Change]]] = {
    "a lost bracket, behind a view": (LB, [*BRACKET_LOST, (LF, "c_next = np.zeros((n_a, m), dtype)", "c_next = c[:, :, 0]")]),
    "a gate's weight and bias gradient under each other's key": (LB, [(LCB, "'dWi': dWi, 'dbi': dbi", "'dWi': dbi, 'dbi': dWi")]),
}

NO_DERIVATIVES: list[Change] = [
    (LCB, "* ot * (1 - ot)", ""),
    (LCB, "* it * (1 - it)", ""),
    (LCB, "* ft * (1 - ft)", ""),
    (LCB, "* (1 - cct ** 2)", ""),
]
IN_ALL_AND_IN_WHAT_THEY_SHARE: list[Change] = [*NO_DERIVATIVES, (LCB, "np.tanh(c_next) ** 2)", "np.tanh(c_next) ** 4)")]
A_VIEW: Change = (LF, "c_next = np.zeros((n_a, m), dtype)", "c_next = c[:, :, 0]")

UNKNOWN: dict[str, tuple[str, list[Change]]] = {
    "a decayed weight": (RCB, [(RCB, "np.dot(dtanh, xt.T)", "np.dot(dtanh, xt.T) + 0.01 * Wax")]),
    "a carry clipped at an odd bound": (
        RB,
        [(RB, "da_prevt = gradients['da_prev']", "da_prevt = np.clip(gradients['da_prev'], -0.7, 0.7)")],
    ),
    "a softmax of the gate": (LCB, [(LCB, "* ot * (1 - ot)", "* softmax(ot) * (1 - softmax(ot))")]),
    "a part of a gate's gradient handed on": (LCB, [(LCB, "dc_prev = dc * ft", "dc_prev = dc * ft + dft + dit")]),
    "another seed": (RCB, [(f"{RCB}_check", "seed(1)", "seed(2)")]),
}


@pytest.mark.parametrize("name", [*EXPLAINED, *(pytest.param(name, marks=pytest.mark.slow) for name in RARER)])
def test_the_functions_with_the_mistakes_are_named(notebook: Notebook, answer: Answer, name: str) -> None:
    """All numbers are explained, in the functions that were changed, or these functions stand among the alternatives."""
    check, changes = (EXPLAINED | RARER)[name]
    result = answer(notebook.printed(check, *changes))
    assert (result.verdict, result.reproduced) == ("explained", result.printed)
    answers = [result.mistakes, *(explanation.mistakes for explanation in result.alternatives)]
    assert {function for function, _, _ in changes} in [{mistake.function for mistake in mistakes} for mistakes in answers]
    assert {function for function, _, _ in changes}.isdisjoint(result.exonerated)


@pytest.mark.parametrize("name", [*ONE, *(pytest.param(name, marks=pytest.mark.slow) for name in RARER_ONE)])
def test_one_slip_in_several_lines_is_one_mistake(notebook: Notebook, answer: Answer, name: str) -> None:
    """In each changed function one mistake is told."""
    check, changes = (ONE | RARER_ONE)[name]
    result = answer(notebook.printed(check, *changes))
    assert (result.verdict, result.reproduced) == ("explained", result.printed)
    assert sorted(mistake.function or "" for mistake in result.mistakes) == sorted({function for function, _, _ in changes})


@pytest.mark.parametrize("behind", [(), pytest.param((A_VIEW,), marks=pytest.mark.slow)], ids=["alone", "behind a view"])
def test_a_slip_in_all_gates_meets_one_in_what_they_share(notebook: Notebook, answer: Answer, behind: tuple[Change, ...]) -> None:
    """The effects do not add up, and no gate's numbers are right; in each function as many mistakes are told as were made."""
    result = answer(notebook.printed(LB, *IN_ALL_AND_IN_WHAT_THEY_SHARE, *behind))
    assert (result.verdict, result.reproduced) == ("explained", result.printed)
    functions = [mistake.function for mistake in result.mistakes]
    assert (functions.count(LCB), functions.count(LF)) == (2, len(behind))


@pytest.mark.parametrize(
    ("check", "changes", "ids"),
    [
        (LCB, [(LCB, "dot = da_next * np.tanh(c_next)", "dot = da_next * a_next")], ["name-replaced"]),
        (LB, [(LCB, "dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)", "dc = dc_next")], ["term-dropped"]),
        (
            LB,
            [(LB, "dc_prevt = gradients['dc_prev']", "pass"), (LB, "da0 = gradients['da_prev']", "da0 = gradients['dc_prev']")],
            ["carry-missing", "initial-gradient-wrong"],
        ),
    ],
)
def test_what_people_do_stands_before_what_prints_the_same(
    notebook: Notebook, answer: Answer, check: str, changes: list[Change], ids: list[str]
) -> None:
    """A square too many in the sigmoid's derivative, a dc that stays at zero, and a cell that leaves dc_next out, are rarer."""
    result = answer(notebook.printed(check, *changes))
    assert [mistake.id for mistake in result.mistakes] == ids


@pytest.mark.usefixtures("brief")
@pytest.mark.parametrize(("check", "changes"), UNKNOWN.values(), ids=UNKNOWN)
def test_what_no_operator_makes_is_not_explained_away(notebook: Notebook, answer: Answer, check: str, changes: list[Change]) -> None:
    """A mistake out of reach is never explained in full by another one."""
    result = answer(notebook.printed(check, *changes))
    assert result.verdict in {"partly", "unknown"}
    assert result.reproduced < result.printed


def test_one_state_for_another_throughout_the_cell(notebook: Notebook, answer: Answer) -> None:
    """tanh(c_prev) for tanh(c_next) in both equations is a mistake of the backward cell, which may not be cleared by name."""
    result = answer(notebook.printed(LCB, (LCB, "np.tanh(c_next)", "np.tanh(c_prev)")))
    assert LCB not in result.exonerated


def test_a_loop_that_begins_late(notebook: Notebook, answer: Answer) -> None:
    """It prints what the input of the step after does, which is mostly written so that it raises an error."""
    result = answer(notebook.printed(LB, (LF, "for t in range(T_x)", "for t in range(1, T_x)")))
    assert [mistake.id for mistake in result.mistakes] == ["loop-wrong"]
    assert [mistake.id for other in result.alternatives for mistake in other.mistakes] == ["input-of-wrong-step"] * 2


def test_what_is_stored_twice_has_not_changed_places(notebook: Notebook, answer: Answer) -> None:
    """Where nothing reads the other place no number tells, and less is said."""
    twice: Change = (LCF, "cache = (a_next, c_next, a_prev,", "cache = (a_next, c_next, a_next,")
    says = [mistake.says for other in answer(notebook.printed(LB, twice)).alternatives for mistake in other.mistakes]
    assert any("a_prev holds a_next" in one for one in says)
    assert not any("changed places" in one for one in says)


def test_a_rarer_slip_elsewhere_is_not_cleared(notebook: Notebook, answer: Answer) -> None:
    """Where the loop hands nothing on, the cell may as well return nothing to hand on: it is seldom that, but it is not cleared by name."""
    result = answer(notebook.printed(LB, (LB, "dc_prevt = gradients['dc_prev']", "pass")))
    assert [(mistake.id, mistake.function) for mistake in result.mistakes] == [("carry-missing", LB)]
    assert LCB not in result.exonerated
    assert LF in result.exonerated


def test_a_sum_that_is_overwritten_in_a_stacked_gradient_is_one_slip(notebook: Notebook, answer: Answer) -> None:
    """Where only the last gate reaches both the input and the hidden state, their gradients were one array with one slip in it."""
    parts = [f"np.dot(W{gate}[:, {cut}].T, d{name})" for cut in ("n_a:", ":n_a") for gate, name in (("f", "ft"), ("i", "it"), ("c", "cct"))]
    result = answer(notebook.printed(LB, *((LCB, f"{part} + ", "") for part in parts)))
    assert (result.verdict, len(result.mistakes)) == ("explained", 1)
    assert set(result.mistakes[0].quantity.split(" and ")) == {"dxt", "da_prev"}


@pytest.mark.parametrize("wrong", ["da_prevt = da_prevt + gradients['da_prev']", "pass"])
def test_da0_is_taken_from_a_wrong_carry(notebook: Notebook, answer: Answer, wrong: str) -> None:
    """Many end with da0 = da_prevt, which is right where the carry is: that it is wrong is no second mistake."""
    result = answer(
        notebook.printed(RB, (RB, "da_prevt = gradients['da_prev']", wrong), (RB, "da0 = gradients['da_prev']", "da0 = da_prevt"))
    )
    assert (result.verdict, result.reproduced) == ("explained", 8)
    assert [mistake.function for mistake in result.mistakes] == [RB]


def test_a_forward_loop_that_runs_backwards(notebook: Notebook, answer: Answer) -> None:
    """reversed(range(T_x)) in the forward pass is told as that."""
    result = answer(notebook.printed(RB, (RF, "in range(T_x)", "in reversed(range(T_x))")))
    assert "twice" not in result.mistakes[0].says


def test_a0_ignored_and_a_view(notebook: Notebook, answer: Answer) -> None:
    """a_next = a[:, :, 0] before the loop: a0 is ignored, and the cached state overwritten."""
    result = answer(notebook.printed(RB, (RF, "a_next = a0", "a_next = a[:, :, 0]")))
    assert (result.verdict, {mistake.function for mistake in result.mistakes}) == ("explained", {RF})


def test_wrong_outputs_are_not_called_right(notebook: Notebook, answer: Answer) -> None:
    """With the step's own slot as its previous state every hidden state is wrong, so no hint may say that the outputs are right."""
    result = answer(notebook.printed(RB, (RF, "a_next, parameters)", "a[:, :, t], parameters)")))
    assert result.verdict == "explained"
    assert not any("are right" in hint for mistake in result.mistakes for hint in mistake.hints)


def test_two_slips_in_the_call_of_the_cell(notebook: Notebook, answer: Answer) -> None:
    """``da`` and ``caches`` both one step early."""
    changes = (RB, "rnn_cell_backward(da[:, :, t] + da_prevt, caches[t])", "rnn_cell_backward(da[:, :, t - 1] + da_prevt, caches[t - 1])")
    result = answer(notebook.printed(RB, changes))
    assert (result.verdict, {mistake.function for mistake in result.mistakes}) == ("explained", {RB})


def test_a_bias_left_behind_by_a_cell_without_its_seed(notebook: Notebook, answer: Answer) -> None:
    """rnn_forward's cell ran on in the stream that rnn_cell_forward's cell began: its ba are numbers 357 to 361, no function is wrong."""
    stale = "np.random.randn(5, 1)\n    ba = type(np.random)(1).randn(362)[357:].reshape(5, 1)"
    result = answer(notebook.printed(RCB, (f"{RCB}_check", "ba = np.random.randn(5, 1)", stale)))
    assert result.verdict in {"right", "explained"}
    assert {mistake.function for mistake in result.mistakes} <= {None}


@pytest.mark.slow
@pytest.mark.parametrize(
    "more",
    [("rnn_backward", "da[:, :, t] + da_prevt", "da[:, :, t]"), ("rnn_cell_backward", "1 - a_next ** 2", "1 - a_next")],
)
@pytest.mark.parametrize("stored", ["", "        dx[:, :, t] = x[:, :, t]\n"])
def test_a_dx_that_says_nothing_hides_no_other_mistake(notebook: Notebook, answer: Answer, more: Change, stored: str) -> None:
    """Nothing is stored in dx, or something else, so that it says nothing of the trajectory: the other gradients do."""
    changes = (("rnn_backward", "        dx[:, :, t] = gradients['dxt']\n", stored), more)
    result = answer(notebook.printed("rnn_backward", *changes))
    assert (result.verdict, result.reproduced) == ("explained", result.printed)
    answers = [result.mistakes, *(other.mistakes for other in result.alternatives)]
    assert any({mistake.function for mistake in mistakes} == {"rnn_backward", more[0]} for mistakes in answers)


def test_a_term_of_dx_lost_and_the_gate_in_it_wrong(notebook: Notebook, answer: Answer) -> None:
    """The first step does not show the gate's mistake, because dx lost its term: the effects of the two do not add up."""
    changes = ((LCB, " + np.dot(Wo[:, n_a:].T, dot)\n", "\n"), (LCB, "np.tanh(c_next) * ot * (1 - ot)", "np.tanh(c_next)"))
    result = answer(notebook.printed(LB, *changes))
    assert (result.verdict, result.reproduced) == ("explained", result.printed)
    assert {mistake.quantity for mistake in result.mistakes} == {"dxt", "dot"}


def test_what_the_loop_could_have_spoilt_is_not_cleared(notebook: Notebook, answer: Answer) -> None:
    """A mean for a sum in dba, and only the sequence's numbers: the loop that adds it up may be at fault too."""
    mean: Change = (RCB, "dba = np.sum(", "dba = np.mean(")
    assert RB not in answer(notebook.printed(RB, mean)).exonerated
    both = notebook.printed(RCB, mean) + notebook.printed(RB, mean)
    assert RB in answer(both).exonerated


def test_a_carry_that_nobody_can_see_clears_no_loop(notebook: Notebook, answer: Answer) -> None:
    """A cell that does not use its upstream gradient prints the same whatever the loop hands back."""
    unused: Change = (RCB, "dtanh = (1 - a_next ** 2) * da_next", "dtanh = 1 - a_next ** 2")
    for more in ((), ((RB, "da_prevt = gradients['da_prev']", "pass"),)):
        result = answer(notebook.printed(RB, unused, *more))
        assert [mistake.function for mistake in result.mistakes] == [RCB]
        assert RB not in result.exonerated


@pytest.mark.parametrize(
    ("change", "hidden"),
    [
        ((LF, "x[:, :, t], a_next,", "x[:, :, t], c_next,"), (LCF, "a_next = ot * np.tanh(c_next)", "a_next = ot * c_next")),
        ((LF, "c_next, parameters", "0 * c_next, parameters"), (LCB, "dc * c_prev * ft * (1 - ft)", "dc * c_prev * ft")),
        ((LF, "c_next, parameters", "c[:, :, t], parameters"), (LCB, "dft = dc * c_prev", "dft = dc * c_next")),
        ((LF, "c_next, parameters", "0 * c_next, parameters"), (LB, "dWf = dWf + ", "dWf = ")),
    ],
)
def test_what_a_mistake_hides_clears_nobody(notebook: Notebook, answer: Answer, change: Change, hidden: Change) -> None:
    """A line that nothing reads, or of which only zeros come, may be wrong as well: the same numbers are printed."""
    text = notebook.printed(LB, change)
    assert notebook.printed(LB, change, hidden) == text
    result = answer(text)
    assert [mistake.function for mistake in result.mistakes] == [LF]
    assert hidden[0] not in result.exonerated


def test_no_mistake_is_told_that_explains_nothing_beside_the_others(notebook: Notebook, answer: Answer) -> None:
    """Where dx stands in the wrong order and nothing is handed back, dx sees little of the forward pass: it is not blamed without need."""
    result = answer(
        notebook.printed(
            RB,
            ("rnn_cell_forward", "+ ba)", "+ ba + ba)"),
            (RB, "da_prevt = gradients['da_prev']", "pass"),
            (RB, "dx[:, :, t]", "dx[:, :, T_x - t - 1]"),
            (RB, "dWax = dWax + gradients['dWax']", "dWax = gradients['dWax']"),
        )
    )
    assert (result.verdict, result.reproduced, len(result.mistakes)) == ("explained", 8, 4)
    assert all(len(other.mistakes) <= 4 for other in result.alternatives)
    assert {mistake.function for mistake in result.mistakes} == {"rnn_cell_forward", RB}


def test_a_cell_that_computes_in_another_order_and_a_loop(notebook: Notebook, answer: Answer) -> None:
    """What two gates read becomes dc_prev too early. What is read before it is computed cannot be walked through time; all is explained."""
    early: list[Change] = [(LCB, "    dit = ", "    dc = dc * ft\n    dit = "), (LCB, "dc_prev = dc * ft", "dc_prev = dc")]
    loop: Change = (LB, "da_prevt = gradients['da_prev']", "pass")
    result = answer(notebook.printed(LCB, *early) + notebook.printed(LB, *early, loop))
    assert (result.verdict, result.reproduced) == ("explained", 24)
    assert {mistake.function for mistake in result.mistakes} == {LCB, LB}


def test_what_is_stored_wrongly_could_be_taken_out_wrongly(notebook: Notebook, answer: Answer) -> None:
    """Two places of the cache exchanged: no number tells by which of the two cells."""
    result = answer(notebook.printed(LCB, (LCF, "ft, it, cct, ot, xt", "it, ft, cct, ot, xt")))
    assert result.mistakes[0].id == "state-stored-wrong"
    assert not {LCF, LCB} & set(result.exonerated)


def test_the_gradient_of_every_gate_read_without_its_derivative_is_one_slip(notebook: Notebook, answer: Answer) -> None:
    """What goes back through the weights is the gradient behind the activations, in both equations that do so."""
    gradients = {"dft": "(dc * c_prev)", "dit": "(dc * cct)", "dcct": "(dc * it)", "dot": "(da_next * np.tanh(c_next))"}
    wrong = [(LCB, f"].T, {gate})", f"].T, {behind})") for gate, behind in gradients.items()]
    result = answer(notebook.printed(LB, *wrong))
    assert [(mistake.function, mistake.id) for mistake in result.mistakes] == [(LCB, "activation-derivative-skipped")]


def test_a_name_is_likelier_wrong_than_memory_written_over(notebook: Notebook, answer: Answer) -> None:
    """c_next for c_prev in the forget gate: a forward cell that writes its new state over the old one prints the same, and is rarer."""
    result = answer(notebook.printed(LCB, (LCB, "dft = dc * c_prev", "dft = dc * c_next")))
    assert [(mistake.id, mistake.function) for mistake in result.mistakes] == [("name-replaced", LCB)]


def test_two_frequent_mistakes_are_told_before_one_with_a_rare_one(notebook: Notebook, answer: Answer) -> None:
    """A view and an ignored a0: two views and weights' sums without step 0 print the same, and nobody makes that."""
    result = answer(
        notebook.printed(
            LB, (LF, "c_next = np.zeros((n_a, m), dtype)", "c_next = c[:, :, 0]"), (LF, "a_next = a0", "a_next = np.zeros((n_a, m), dtype)")
        )
    )
    assert {(mistake.id, mistake.function) for mistake in result.mistakes} == {("view-of-output", LF), ("initial-state-wrong", LF)}


@pytest.mark.parametrize(
    ("state", "detail"),
    [
        ("a_next", "the hidden state is that of this step"),
        ("c_prev", "the cell state of the step before stands where the hidden state belongs"),
        ("c_next", "the cell state of this step stands where the hidden state belongs"),
    ],
)
@pytest.mark.parametrize("check", [LCB, LB])
def test_another_state_in_the_stack_of_all_gates_is_one_mistake_of_the_stack(
    notebook: Notebook, answer: Answer, check: str, state: str, detail: str
) -> None:
    """A program has one stack, so the wrong part stands in it once; a cache with a wrong place is the rarer mistake."""
    result = answer(notebook.printed(check, (LCB, "np.concatenate((a_prev, xt)", f"np.concatenate(({state}, xt)")))
    (mistake,) = result.mistakes
    assert (result.verdict, mistake.id, mistake.function) == ("explained", "stack-wrong", LCB)
    assert mistake.says == f"the stack of hidden state and input is wrong in dWf, dWi, dWc and dWo: {detail}."
    assert LCF not in result.exonerated


def test_both_carries_added_up_are_one_mistake(notebook: Notebook, answer: Answer) -> None:
    """The same is said of both at once, and not twice."""
    changes = [(LB, f"{name} = gradients[", f"{name} = {name} + gradients[") for name in ("da_prevt", "dc_prevt")]
    (mistake,) = answer(notebook.printed(LB, *changes)).mistakes
    assert (mistake.id, mistake.quantity) == ("carry-added-up", "da_prevt and dc_prevt")


def test_what_is_computed_anew_without_the_bias(notebook: Notebook, answer: Answer) -> None:
    """The forward cell's own check would have told of a bias that is lost there; the numbers are the same."""
    anew = "1 - np.tanh(np.dot(Waa, a_prev) + np.dot(Wax, xt)) ** 2"
    result = answer(notebook.printed(RCB, (RCB, "1 - a_next ** 2", anew)))
    functions = [[mistake.function for mistake in mistakes] for mistakes in (result.mistakes, result.alternatives[0].mistakes)]
    assert (functions, result.exonerated) == ([[RCB], [RCF]], ())
    assert "where a part of the sum is missing from a_next: the bias" in result.mistakes[0].says


@pytest.mark.parametrize(("lost", "derivative"), [(" + ba", "(1 - a_next) ** 2"), ("np.dot(Waa, a_prev) + ", "a_next * (1 - a_next)")])
def test_a_wrong_state_and_a_wrong_derivative_are_two_mistakes(notebook: Notebook, answer: Answer, lost: str, derivative: str) -> None:
    """One line of the backward cell that computes the state anew, wrongly, and differentiates it wrongly is rarer."""
    forward = "np.dot(Waa, a_prev) + np.dot(Wax, xt) + ba"
    written = (RCF, "np.dot(Wax, xt) + np.dot(Waa, a_prev) + ba", forward.replace(lost, ""))
    result = answer(notebook.printed(RCB, written, (RCB, "1 - a_next ** 2", derivative)))
    assert [mistake.function for mistake in result.mistakes] == [RCF, RCB]


def test_what_the_text_says_is_right_orders_and_drops_nothing(notebook: Notebook, answer: Answer) -> None:
    """The first step may be left out in the loop, or in one sum; the likelier of the two is told, unless words speak against it."""
    printed = notebook.printed("rnn_backward", ("rnn_backward", "reversed(range(T_x))", "reversed(range(1, T_x))")).splitlines()
    (number,) = (line for line in printed if "dba" in line)
    orders: dict[str, list[str]] = {}
    for words in ("dx and da0 match.", "I can't get dx and da0 to match."):
        result = answer(f"rnn_backward: {words}\n\n{number}")
        heard = any("The text was read as saying of dx and da0" in note for note in result.notes)
        told = (result.mistakes, *(other.mistakes for other in result.alternatives))
        orders[words] = [mistake.id for (mistake,) in told]
        assert heard == (words == "dx and da0 match.")
    first, other = orders.values()
    assert first == other[::-1] == ["accumulated-wrongly", "loop-wrong"]
