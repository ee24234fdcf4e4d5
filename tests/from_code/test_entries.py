"""A slip in an entry of a table, a list or pairs is told there, and not at the line that goes through it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest
from slipping import edited, line_of, slip_told

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

    Tell = Callable[[str], list[Told]]

GATES = """dot = da_next * np.tanh(c_next) * ot * (1 - ot)
    dcct = dc * it * (1 - cct ** 2)
    dit = dc * cct * it * (1 - it)
    dft = dc * c_prev * ft * (1 - ft)"""
PARTNERS = """gates = {'f': ft, 'i': it, 'c': cct, 'o': ot}
    partner = dict(f=c_prev, i=cct, c=it, o=np.tanh(c_next))
    d = {}
    for g, act in gates.items():
        upstream = da_next if g == 'o' else dc
        d[g] = upstream * partner[g] * (1 - act ** 2 if g == 'c' else act * (1 - act))
    dft, dit, dcct, dot = [d[g] for g in 'fico']"""
SUM = "dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)"
TERMS = "terms = [dc_next, da_next * ot * (1 - np.tanh(c_next) ** 2)]\n    dc = sum(terms)"
OF_BOTH = """da_prev = np.dot(Wf[:, :n_a].T, dft) + np.dot(Wi[:, :n_a].T, dit) + np.dot(Wc[:, :n_a].T, dcct) + np.dot(Wo[:, :n_a].T, dot)
    dc_prev = dc * ft
    dxt = np.dot(Wf[:, n_a:].T, dft) + np.dot(Wi[:, n_a:].T, dit) + np.dot(Wc[:, n_a:].T, dcct) + np.dot(Wo[:, n_a:].T, dot)"""
PAIRS = """pairs = [(Wf, dft), (Wi, dit), (Wc, dcct), (Wo, dot)]
    da_prev = sum(W[:, :n_a].T @ dz for W, dz in pairs)
    dc_prev = dc * ft
    dxt = sum(W[:, n_a:].T @ dz for W, dz in pairs)"""
APPENDED = """upward, inward = [], []
    for W, dz in ((Wf, dft), (Wi, dit), (Wc, dcct), (Wo, dot)):
        upward.append(W[:, :n_a].T @ dz)
        inward.append(W[:, n_a:].T @ dz)
    da_prev = upward[0] + upward[1] + upward[2] + upward[3]
    dc_prev = dc * ft
    dxt = np.array(inward).sum(axis=0)"""
IN_PLACE = """dot = da_next * np.tanh(c_next)
    dcct = dc * it * (1 - cct ** 2)
    dit = dc * cct
    dft = dc * c_prev
    for d, s in ((dft, ft), (dit, it), (dot, ot)):
        d *= s * (1 - s)"""
LISTED = """grads = []
    for act, up in zip([ft, it, ot], [dc * c_prev, dc * cct, da_next * np.tanh(c_next)]):
        grads.append(up * act * (1 - act))
    grads.append(dc * it * (1 - cct ** 2))
    dft, dit, dot, dcct = grads"""


class Slip(NamedTuple):
    """What is written in the place of a part of the reference, an entry of that, what is written there, and what is told of it."""

    part: str
    form: str
    entry: str
    otherwise: str
    id: str
    says: str


SLIPS = [
    Slip(GATES, PARTNERS, "c=it", "c=cct", "gate-swapped", "cct stands where another value belongs"),
    Slip(GATES, PARTNERS, "o=np.tanh(c_next)", "o=c_next", "activation-wrong", "c_next stands without its tanh"),
    Slip(
        SUM, TERMS, "[dc_next, da_next * ot", "[dc_next, da_next * it",
        "gate-swapped", "da_next * it * (1 - np.tanh(c_next) ** 2) has the name it where another value belongs",
    ),
    Slip(OF_BOTH, PAIRS, "(Wc, dcct)", "(Wo, dcct)", "gate-swapped", "Wo stands where another value belongs"),
    Slip(OF_BOTH, APPENDED, "(Wo, dot)", "(Wi, dot)", "gate-swapped", "Wi stands where another value belongs"),
    Slip(GATES, IN_PLACE, "(dot, ot)", "(dot, it)", "gate-swapped", "the name it stands where another value belongs"),
]  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.otherwise)
def test_it_is_told_at_the_entry(told: Tell, slip: Slip) -> None:
    """The form without the slip is right."""
    right = edited(("lstm_cell_backward", slip.part, slip.form))
    assert told(right) == []
    assert slip.entry in right
    text = right.replace(slip.entry, slip.otherwise)
    (said,) = told(text)
    assert (said.line, said.id, said.says) == (line_of(text, slip.otherwise), slip.id, slip.says)


CLOSING = """names = ['dx', 'da0', 'dWf', 'dWi', 'dWc', 'dWo', 'dbf', 'dbi', 'dbc', 'dbo']
    gradients = dict(zip(names, [dx, da0, dWf, dWi, dWc, dWo, dbf, dbi, dbc, dbo]))"""
DISPLAY = (
    "gradients = {'dx': dx, 'da0': da0, 'dWf': dWf, 'dbf': dbf, 'dWi': dWi, 'dbi': dbi, 'dWc': dWc, 'dbc': dbc, 'dWo': dWo, 'dbo': dbo}"
)
ADDED = "\n        ".join(f"{name} = {name} + gradients['{name}']" for name in ("dWf", "dWi", "dWc", "dWo", "dbf", "dbi", "dbc", "dbo"))
SUMMED = """for k in total:
            total[k] += gradients[k]"""
STARTED = "    for t in reversed(range(T_x)):"
TOTAL = "    total = {'dW' + g: dWf.copy() for g in 'fico'} | {'db' + g: dbf.copy() for g in 'fico'}\n"
TAKEN = """dWf, dWi, dWc, dWo = [total['dW' + g] for g in 'fico']
    dbf, dbi, dbc, dbo = [total['db' + g] for g in 'fico']
    """
BY_LETTER = """gradients = {'dx': dx, 'da0': da0}
    for g, W, b in zip('fico', (dWf, dWi, dWc, dWo), (dbf, dbi, dbc, dbo)):
        gradients['dW' + g], gradients['db' + g] = W, b"""


@pytest.mark.parametrize(
    ("edits", "before", "after", "says"),
    [
        (
            (("lstm_cell_backward", GATES, LISTED),),
            "dft, dit, dot, dcct = grads", "dit, dft, dot, dcct = grads", "dit and dft stand in each other's place",
        ),
        (
            (("lstm_backward", DISPLAY, TAKEN + CLOSING), ("lstm_backward", STARTED, TOTAL + STARTED), ("lstm_backward", ADDED, SUMMED)),
            "gradients = dict(zip(names, [dx, da0, dWf, dWi, dWc, dWo, dbf, dbi, dbc, dbo",
            "gradients = dict(zip(names, [dx, da0, dWf, dWi, dWc, dWo, dbf, dbi, dbo, dbc", "dbo and dbc stand in each other's place",
        ),
        (
            (("lstm_backward", DISPLAY, TAKEN + BY_LETTER), ("lstm_backward", STARTED, TOTAL + STARTED), ("lstm_backward", ADDED, SUMMED)),
            "for g, W, b in zip('fico'", "for g, W, b in zip('ifco'", "i and f stand in each other's place",
        ),
    ],
    ids=["unpacked", "values", "letters"],
)  # fmt: skip
def test_it_is_told_where_two_gates_are_exchanged(
    told: Tell, edits: tuple[tuple[str, str, str], ...], before: str, after: str, says: str
) -> None:
    """And not at the loop before it, which is in the order of the rest of the function."""
    text, said = slip_told(told, edited(*edits), before, after)
    assert (said.line, said.says) == (line_of(text, after), says)


FACTORS = "factors = [1 - a_next ** 2, da_next]\n    dtanh = np.prod(factors, axis=0)"
PATHS = """from_a = da_next * ot * (1 - np.tanh(c_next) ** 2)
    dc = 0
    for path in (dc_next, from_a):
        dc = dc + path"""
BY_KEY = """dWs = np.array([np.dot(dz, np.concatenate((a_prev, xt), axis=0).T) for dz in (dft, dit, dcct, dot)])
    weights = np.array([parameters[key] for key in ("Wf", "Wi", "Wc", "Wo")])
    dconcat = np.einsum("gij,gim->jm", weights, np.array([dft, dit, dcct, dot]))
    da_prev, dxt = dconcat[:n_a], dconcat[n_a:]
    dc_prev = dc * ft"""
ADDING = """    def add(total, new):
        return {key: total[key] + new[key] for key in total}

    sums = {'dWax': dWax, 'dWaa': dWaa, 'dba': dba}
"""
HANDED_OUT = "gradients = {'dx': dx, 'da0': da0, **sums}"
OF_RNN = "\n        ".join(f"{name} = {name} + gradients['{name}']" for name in ("dWax", "dWaa", "dba"))
GATED = """def gate(g, squash):
        return squash(np.dot(parameters['W' + g], concat) + parameters['b' + g])

    ft = gate('f', sigmoid)
    it = gate('i', sigmoid)
    cct = gate('c', np.tanh)
    c_next = ft * c_prev + it * cct
    ot = gate('o', sigmoid)"""
IN_LINES = """ft = sigmoid(np.dot(Wf, concat) + bf)
    it = sigmoid(np.dot(Wi, concat) + bi)
    cct = np.tanh(np.dot(Wc, concat) + bc)
    c_next = ft * c_prev + it * cct
    ot = sigmoid(np.dot(Wo, concat) + bo)"""
CHOSEN = """gates = {}
    for g in 'fico':
        z = np.dot(parameters['W' + g], concat) + parameters['b' + g]
        gates[g] = np.tanh(z) if g == 'c' else sigmoid(z)
    ft, it, cct, ot = gates['f'], gates['i'], gates['c'], gates['o']
    c_next = ft * c_prev + it * cct"""
STACKED = """full = {g: np.hstack((parameters['W' + g], parameters['b' + g])) for g in 'fico'}
    inputs = np.concatenate((a_prev, xt, np.ones((1, xt.shape[1]))), axis=0)
    ft, it, ot = [sigmoid(full[g].dot(inputs)) for g in 'fio']
    cct = np.tanh(full['c'].dot(inputs))
    c_next = ft * c_prev + it * cct"""
AT_ONCE = """def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)
    gates = [da_next * np.tanh(c_next) * ot * (1 - ot), dc * cct * it * (1 - it), dc * c_prev * ft * (1 - ft)]
    gates.append(dc * it * (1 - cct ** 2))
    dZ = np.concatenate(gates)
    W = np.concatenate([parameters['W' + g] for g in 'oifc'])
    stack = np.concatenate([a_prev, xt])
    dW, db = np.split(dZ @ stack.T, 4), np.split(dZ.sum(axis=1, keepdims=True), 4)
    dstack = W.T @ dZ
    da_prev, dxt = np.split(dstack, [len(a_prev)])
    gradients = {'dxt': dxt, 'da_prev': da_prev, 'dc_prev': dc * ft}
    for n, g in enumerate('oifc'):
        gradients['dW' + g] = dW[n]
        gradients['db' + g] = db[n]
    return gradients"""
HEADED = """for total, key in (
            (dWf, 'dWf'), (dWi, 'dWi'), (dWc, 'dWc'), (dWo, 'dWo'), (dbf, 'dbf'), (dbi, 'dbi'), (dbc, 'dbc'), (dbo, 'dbo'),
        ):
            total += gradients[key]"""


@pytest.mark.parametrize(
    ("edits", "before", "after", "says"),
    [
        (
            (("rnn_cell_backward", "dtanh = (1 - a_next ** 2) * da_next", FACTORS),),
            "np.prod(factors, ", "np.prod(factors[1:], ", "factors[1:] leaves out a part of factors",
        ),
        ((("lstm_cell_backward", SUM, TERMS),), "dc = sum(terms)", "dc = sum(terms[:1])", "terms[:1] leaves out a part of terms"),
        (
            (("lstm_cell_backward", SUM, PATHS),), "in (dc_next, from_a):", "in (from_a, from_a):",
            "at place 1 of what is written out here, from_a stands where another value belongs",
        ),
        (
            (("lstm_cell_backward", SUM, PATHS),), "in (dc_next, from_a):", "in (from_a,):",
            "from_a stands without a term that belongs to it",
        ),
        ((("lstm_cell_backward", OF_BOTH, BY_KEY),), '("Wf", "Wi", "Wc", "Wo")', '("Wf", "Wi", "Wc", "Wc")', "Wc stands here twice"),
        ((("lstm_backward", ADDED, HEADED),), "(dWi, 'dWi')", "(dWi, 'dWf')", "dWf stands here twice"),
        (
            (
                ("rnn_backward", STARTED, ADDING + STARTED),
                ("rnn_backward", OF_RNN, "sums = add(sums, gradients)"),
                ("rnn_backward", "gradients = {'dx': dx, 'da0': da0, 'dWax': dWax, 'dWaa': dWaa, 'dba': dba}", HANDED_OUT),
            ),
            "sums = add(sums, gradients)", "sums = add(gradients, gradients)", "gradients stands here twice",
        ),
        (
            (("lstm_cell_forward", IN_LINES, GATED),), "gate('o', sigmoid)", "gate('o', np.tanh)",
            "the activation is wrong in ot: a tanh stands where the sigmoid belongs.",
        ),
        (
            (("lstm_cell_forward", IN_LINES, CHOSEN),), "gates[g] = np.tanh(z) if g == 'c'", "gates[g] = np.tanh(z) if g == 'o'",
            "g == 'o' holds at other times than it should",
        ),
        (
            (("lstm_cell_forward", IN_LINES, STACKED),), "full['c'].dot", "full['o'].dot",
            "full['o'] takes another part than the one that belongs here",
        ),
    ],
    ids=["rest", "first", "twice", "one", "weights", "key", "helper", "activation", "condition", "table"],
)  # fmt: skip
def test_it_is_told_where_a_row_or_a_helper_is_used(
    told: Tell, edits: tuple[tuple[str, str, str], ...], before: str, after: str, says: str
) -> None:
    """And not at what that is made of."""
    text, said = slip_told(told, edited(*edits), before, after)
    assert (said.line, said.says) == (line_of(text, after), says)


@pytest.mark.parametrize(
    ("form", "before", "after", "id"),
    [
        (PARTNERS, "= upstream * partner[g] *", "= partner[g] *", "factor-dropped"),
        (PARTNERS, "= upstream * partner[g] *", "= upstream * partner['f'] *", "name-replaced"),
    ],
)
def test_what_is_wrong_for_all_is_told_where_it_is_gone_through(told: Tell, form: str, before: str, after: str, id: str) -> None:  # noqa: A002
    """Then no entry makes up for it."""
    text = edited(("lstm_cell_backward", GATES, form)).replace(before, after)
    (said,) = told(text)
    assert (said.line, said.id) == (line_of(text, f"        d[g] {after}"), id)


def test_what_an_entry_spoils_is_not_told_beside_it(told: Tell) -> None:
    """Beside another slip the lines that read the table are found one by one: with the entry right, none of them has a mistake."""
    right = edited(("lstm_cell_backward", "", AT_ONCE))
    text = right.replace("it * (1 - cct ** 2))", "it * (1 - np.tanh(cct) ** 2))").replace("([a_prev, xt])", "([xt, a_prev])")
    assert told(right) == []
    assert [said.line for said in told(text)] == [line_of(text, "    gates.append"), line_of(text, "    stack =")]
