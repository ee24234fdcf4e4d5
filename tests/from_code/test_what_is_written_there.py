"""A line whose value is that of an edit of the reference which nobody wrote there: what is told is in the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import Slip, edited, line_of, slip_told

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told


IN_STEPS = (
    (
        "lstm_cell_backward",
        "",
        """def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    held = np.concatenate((a_prev, xt))
    tanh_c = np.tanh(c_next)
    do = da_next * tanh_c
    through = da_next * ot
    dc = dc_next
    dc = dc + through * (1 - tanh_c * tanh_c)
    gates = {"f": dc * c_prev * ft * (1 - ft), "i": dc * cct * it * (1 - it), "c": dc * it * (1 - cct ** 2), "o": do * ot * (1 - ot)}
    both = sum(parameters["W" + gate].T @ gates[gate] for gate in gates)
    out = {"da_prev": both[:len(a_prev)], "dxt": both[len(a_prev):], "dc_prev": dc * ft}
    for gate in gates:
        out["dW" + gate], out["db" + gate] = gates[gate] @ held.T, gates[gate].sum(axis=1, keepdims=True)
    return out""",
    ),
)
IN_ROWS = (
    (
        "lstm_cell_backward",
        "",
        """def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, p = cache
    n_a = a_prev.shape[0]
    held = np.hstack([a_prev.T, xt.T])
    weights = np.vstack([p[name] for name in ("Wf", "Wi", "Wc", "Wo")])
    dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)
    rows = np.hstack([(dc * c_prev * ft * (1 - ft)).T, (dc * cct * it * (1 - it)).T, (dc * it * (1 - cct ** 2)).T,
                      (da_next * np.tanh(c_next) * ot * (1 - ot)).T])
    total = rows.sum(axis=0, keepdims=True)
    back = (rows @ weights).T
    dWf, dWi, dWc, dWo = [part.T for part in np.split(held.T @ rows, 4, axis=1)]
    dbf, dbi, dbc, dbo = [part.T for part in np.split(total, 4, axis=1)]
    return {"dxt": back[n_a:], "da_prev": back[:n_a], "dc_prev": dc * ft, "dWf": dWf, "dWi": dWi, "dWc": dWc, "dWo": dWo,
            "dbf": dbf, "dbi": dbi, "dbc": dbc, "dbo": dbo}""",
    ),
)
WHERE = (("rnn_cell_backward", "dtanh = (1 - a_next ** 2) * da_next", "dtanh = np.where(True, da_next - da_next * a_next * a_next, 0)"),)
LISTED = (
    (
        "rnn_forward",
        "",
        """def rnn_forward(x, a0, parameters):
    states, scores, caches = [a0], [], []
    for t in range(x.shape[2]):
        state, score, cache = rnn_cell_forward(x[:, :, t], states[-1], parameters)
        states.append(state)
        scores.append(score)
        caches.append(cache)
    a, y = (np.array(part).transpose(1, 2, 0) for part in (states[1:], scores))
    return a, y, (caches, x)""",
    ),
)
KEPT_BY_A_CLASS = (
    ("lstm_cell_forward", "parameters)\n    return", "parameters)\n    cache = Step(*cache)\n    return"),
    (
        "lstm_cell_forward",
        "def lstm",
        """class Step:
    def __init__(self, *entries):
        self.entries = entries
        self.c_next, self.c_prev = entries[1], entries[3]

    def slope(self):
        return 1 - np.tanh(self.c_next) ** 2

def lstm""",
    ),
    ("lstm_cell_backward", "parameters = cache", "parameters = cache.entries"),
    ("lstm_cell_backward", "(1 - np.tanh(c_next) ** 2)", "cache.slope()"),
)
BY_A_HELPER = (
    (
        "lstm_cell_backward",
        "",
        """def of_gate(d, held, letter):
    return {"dW" + letter: d @ held.T, "db" + letter: d.sum(axis=1, keepdims=True)}

def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, p = cache
    held = np.concatenate((a_prev, xt))
    dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)
    df, di, dcc = dc * c_prev * ft * (1 - ft), dc * cct * it * (1 - it), dc * it * (1 - cct ** 2)
    do = da_next * np.tanh(c_next) * ot * (1 - ot)
    back = p["Wf"].T @ df + p["Wi"].T @ di + p["Wc"].T @ dcc + p["Wo"].T @ do
    out = {"dc_prev": dc * ft, "da_prev": back[:len(a_prev)], "dxt": back[len(a_prev):]}
    out.update(of_gate(df, held, "f"))
    out.update(of_gate(di, held, "i"))
    out.update(of_gate(dcc, held, "c"))
    out.update(of_gate(do, held, "o"))
    return out""",
    ),
)
OVER_ALL = (
    (
        "rnn_cell_backward",
        "",
        """def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    n_a, m = a_next.shape
    dz = np.zeros((n_a, m))
    for j in range(n_a):
        for i in range(m):
            dz[j, i] = da_next[j, i] * (1 - a_next[j, i] ** 2)
    dxt, da_prev = np.zeros(xt.shape), np.zeros(a_prev.shape)
    dWax, dWaa, dba = np.zeros((n_a, len(xt))), np.zeros((n_a, n_a)), np.zeros((n_a, 1))
    for j in range(n_a):
        for i in range(0, m):
            dba[j, 0] += dz[j, i]
            for k in range(len(xt)):
                dxt[k, i] += parameters["Wax"][j, k] * dz[j, i]
                dWax[j, k] += dz[j, i] * xt[k, i]
            for k in range(n_a):
                da_prev[k, i] += parameters["Waa"][j, k] * dz[j, i]
                dWaa[j, k] += dz[j, i] * a_prev[k, i]
    return {"dxt": dxt, "da_prev": da_prev, "dWax": dWax, "dWaa": dWaa, "dba": dba}""",
    ),
)
UNIT_BY_UNIT = (
    (
        "rnn_cell_forward",
        "",
        """def rnn_cell_forward(xt, a_prev, parameters):
    n_a, m = a_prev.shape
    a_next = np.zeros((n_a, m))
    for j in range(n_a):
        for i in range(m):
            z = parameters["ba"][j, 0] + parameters["Wax"][j] @ xt[:, i]
            for k in range(n_a):
                z += parameters["Waa"][j, k] * a_prev[k, i]
            a_next[j, i] = np.tanh(z)
    yt_pred = softmax(parameters["Wya"] @ a_next + parameters["by"])
    return a_next, yt_pred, (a_next, a_prev, xt, parameters)""",
    ),
)
OTHER_NAME = (("rnn_cell_backward", "a_next", "state"),)
RECURSIVE = (
    (
        "rnn_backward",
        "",
        """def rnn_backward(da, caches):
    caches, x = caches

    def back(t, carry):
        g = rnn_cell_backward(da[..., t] + carry, caches[t])
        if not t:
            return [g["dxt"]], g["da_prev"], g["dWax"], g["dWaa"], g["dba"]
        dxs, da0, dWax, dWaa, dba = back(t - 1, g["da_prev"])
        return dxs + [g["dxt"]], da0, dWax + g["dWax"], dWaa + g["dWaa"], dba + g["dba"]

    dxs, da0, dWax, dWaa, dba = back(da.shape[-1] - 1, 0)
    return {"dx": np.stack(dxs, axis=-1), "da0": da0, "dWax": dWax, "dWaa": dWaa, "dba": dba}""",
    ),
)
ALL_STEPS = (
    (
        "rnn_backward",
        "",
        """def rnn_backward(da, caches):
    caches, x = caches
    W, dz, carry = caches[0][3], [None] * len(caches), 0
    for t in reversed(range(len(caches))):
        dz[t] = (da[:, :, t] + carry) * (1 - caches[t][0] ** 2)
        carry = W["Waa"].T @ dz[t]
    dZ, before = np.stack(dz, axis=2), np.stack([cache[1] for cache in caches], axis=2)
    dWaa = np.einsum("amt,bmt->ab", dZ, before)
    dx, dWax = np.einsum("ai,amt->imt", W["Wax"], dZ), np.einsum("amt,imt->ai", dZ, x)
    return {"dx": dx, "da0": carry, "dWax": dWax, "dWaa": dWaa, "dba": dZ.sum(axis=(1, 2))[:, None]}""",
    ),
)
SET_AGAIN = (
    ("lstm_cell_forward", "    a_next = ot * np.tanh(c_next)", "    squashed = np.tanh(c_next)\n    a_next = ot * np.tanh(c_next)"),
)

SLIPS = [
    Slip(IN_STEPS, "through = da_next * ot", "through = do * ot", "through = do", "name-replaced",
         "do stands here, where another name belongs"),
    Slip(IN_ROWS, "rows.sum(axis=0", "rows.mean(axis=0", "total =", "mean-for-sum", "a mean of rows stands here, where the sum belongs"),
    Slip(WHERE, "da_next - da_next * a_next", "da_next - a_next", "dtanh = np.where", "factor-dropped",
         "da_next - a_next * a_next has a_next * a_next without a factor that belongs to it"),
    Slip(LISTED, "(states[1:]", "(states[:-1]", "a, y = (np", "slice-wrong", "[:-1] leaves something out at the other end than it should"),
    Slip(BY_A_HELPER, 'of_gate(di, held, "i")', 'of_gate(di, held, "f")', "out.update(of_gate(di", "name-replaced",
         "of_gate is given another text here than it should"),
    Slip(OVER_ALL, "range(0, m)", "range(1, m)", "for i in range(1, m)", "loop-wrong",
         "range(1, m) leaves out the first of those that it should go over"),
    Slip(UNIT_BY_UNIT, "for k in range(n_a)", "for k in range(n_a - 1)", "for k in", "loop-wrong",
         "range(n_a - 1) leaves out the last of those that it should go over"),
    Slip(OTHER_NAME, "a_prev.T", "state.T", "dWaa = np", "name-replaced",
         "a wrong name stands in dWaa: state (the hidden state of this step) in place of the hidden state of the step before."),
    Slip(RECURSIVE, 't - 1, g["da_prev"]', "t - 1, carry", "g = rnn_cell_backward(da[..., t] + c", "carry-missing",
         "the call at the last step but one is given only its own step's gradient: carry is still zero there"),
    Slip((), "cache = (a_next, a_prev, xt", "cache = (a_next, a_next, xt", "cache = (a_next, a_next, xt", "name-replaced",
         "at place 2 of what is written out here, a_next stands where another value belongs"),
    Slip((("lstm_cell_backward", "'dxt': dxt, 'da_prev': da_prev", "'dxt': both[len(a_prev):][:], 'da_prev': both[: len(a_prev)]"),
          ("lstm_cell_backward", "    gradients = {", "    both = np.concatenate((da_prev, dxt))\n    gradients = {")),
         "both[len(a_prev):][:]", "both[:xt.shape[0]]", "'dxt': both[:xt", "slice-wrong",
         "both[:xt.shape[0]] is not the part of both that belongs here"),
    Slip(ALL_STEPS, "amt,bmt->ab", "amt,bmt->ba", "dWaa = np.einsum", "transpose-wrong",
         "dWaa comes out with rows and columns exchanged"),
    Slip((), "softmax(np.dot(Wya, a_next) + by)", "1 / (1 + np.exp(-(np.dot(Wya, a_next) + by)))", "yt_pred = 1", "activation-wrong",
         "yt_pred gets the sigmoid of what belongs into a softmax"),
    Slip(SET_AGAIN, "squashed = np.tanh", "cct = np.tanh", "cct = np.tanh(c_next)", "updated-in-place", ""),
]  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.after)
def test_what_is_told_stands_in_the_program(told: Callable[[str], list[Told]], slip: Slip) -> None:
    """Nothing is told that only gives the same value: no name that is not read, no division that is not there."""
    text, said = slip_told(told, edited(*slip.right), slip.before, slip.after)
    given = line_of(text, "cct = np.tanh(np.dot(Wc")
    says = slip.says or f"cct gets another value here, and what line {given} gave it is asked for below"
    assert (said.line, said.id, said.says) == (line_of(text, slip.line), slip.id, says)


def test_a_gradient_that_is_taken_in_below_the_call(told: Callable[[str], list[Told]]) -> None:
    """The next call is given it, so what goes in is not always zero."""
    above = "carry = carry + da[:, :, t]\n        gradients = rnn_cell_backward(carry, caches[t])\n        carry = gradients['da_prev']\n"
    below = "gradients = rnn_cell_backward(carry, caches[t])\n        carry = gradients['da_prev']\n        carry = carry + da[:, :, t]\n"
    right = edited(
        ("rnn_backward", "gradients = rnn_cell_backward(da[:, :, t] + da_prevt, caches[t])\n", above),
        ("rnn_backward", "        da_prevt = gradients['da_prev']\n", ""),
        ("rnn_backward", "da_prevt", "carry"),
    )
    assert told(right) == []
    first, *_ = told(right.replace(above, below))
    assert (first.id, first.says) == (
        "upstream-wrong-step",
        "the call at the last step but one is given the upstream gradient of the last step",
    )


def test_a_part_of_what_is_kept_is_not_said_to_get_itself(told: Callable[[str], list[Told]]) -> None:
    """``self.c_prev`` holds just what its name says, and another part belongs there."""
    text, said = slip_told(told, edited(*KEPT_BY_A_CLASS, without=("lstm_backward",)), "tanh(self.c_next)", "tanh(self.c_prev)")
    assert (said.line, said.says) == (line_of(text, "return 1 - np"), "self.c_prev stands where another value belongs")
