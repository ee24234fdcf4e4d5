"""Lines that were found, and of which something was said that is not so: what is told of them now holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import Slip, edited, line_of, slip_told

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

    Tell = Callable[[str], list[Told]]


GATES = "fico"
SUMMED = "\n        ".join(f"d{kind}{gate} = d{kind}{gate} + gradients['d{kind}{gate}']" for kind in "Wb" for gate in GATES)
STARTS = "\n    ".join(
    f"d{kind}{gate} = np.zeros((n_a, {columns}), dtype)" for kind, columns in (("W", "n_a + n_x"), ("b", "1")) for gate in GATES
)
BIASES = "dbf, dbi, dbc, dbo = sums['dbf'], sums['dbi'], sums['dbc'], sums['dbo']"
SUMS = (
    ("lstm_backward", STARTS, "sums = {}"),
    ("lstm_backward", SUMMED, "for key in gradients:\n            sums[key] = sums.get(key, 0) + gradients[key]"),
    ("lstm_backward", "da0 = gradients", f"dWf, dWi, dWc, dWo = [sums['dW' + gate] for gate in 'fico']\n    {BIASES}\n    da0 = gradients"),
)
"""The sums in a dictionary, taken out of it behind the loop."""
MERGED = "{**one, **{key: one.get(key, 0) + other[key] for key in other}}"
BY_A_HELPER = (
    SUMS[0],
    ("lstm_backward", SUMMED, "sums = merged(sums, gradients)"),
    SUMS[2],
    ("lstm_backward", "def lstm", f"def merged(one, other):\n    return {MERGED}\n\n\ndef lstm"),
)
"""The same, each turn's added to it by a helper."""
WEIGHTS, OF_BIASES = (f"np.array([{', '.join(f'gradients[{kind + gate!r}]' for gate in GATES)}])" for kind in ("dW", "db"))
IN_ONE = (
    ("lstm_backward", STARTS, "W = np.zeros((4, n_a, n_a + n_x))\n    b = np.zeros((4, n_a, 1))"),
    ("lstm_backward", SUMMED, f"W += {WEIGHTS}\n        b += {OF_BIASES}"),
    ("lstm_backward", "da0 = gradients", "dWf, dWi, dWc, dWo = W[0], W[1], W[2], W[3]\n    dbf, dbi, dbc, dbo = b\n    da0 = gradients"),
)
"""The sums of all gates in one array."""
BOTH = ("lstm_backward", "da_prevt = gradients['da_prev']\n        dc_prevt = g", "da_prevt, dc_prevt = gradients['da_prev'], g")
TWO_OF_FOUR = "\n        a_next, c_next = step[0], step[1]\n        yt, cache = step[2:]"
STEP = (
    "lstm_forward",
    "a_next, c_next, yt, cache = lstm_cell_forward(x[:, :, t], a_next, c_next, parameters)",
    f"step = lstm_cell_forward(x[:, :, t], a_next, c_next, parameters){TWO_OF_FOUR}",
)
"""What the cell gives, taken apart below the call."""
ALL_KEPT = (
    ("lstm_forward", "a[:, :, t] = a_next\n        c[:, :, t] = c_next\n        y[:, :, t] = yt", "kept.append(step)"),
    ("lstm_forward", "for t in", "kept = []\n    for t in"),
    (
        "lstm_forward",
        "caches = (caches, x)",
        "a, c, y = (np.stack([one[j] for one in kept], axis=2) for j in (0, 1, 2))\n    caches = (caches, x)",
    ),
)
"""Outputs stacked behind the loop."""
ALL_STEPS = (
    ("lstm_backward", "dc_prevt = np.zeros((n_a, m), dtype)", "dcs = np.zeros((n_a, m, T_x + 1), dtype)"),
    ("lstm_backward", "da_prevt, dc_prevt, caches", "da_prevt, dcs[:, :, t + 1], caches"),
    ("lstm_backward", "dc_prevt = gradients['dc_prev']", "dcs[:, :, t] = gradients['dc_prev']"),
)
"""What the cell state's gradient is at each step, in an array of its own."""
WRITTEN_OUT = (
    "rnn_cell_forward",
    "yt_pred = softmax(np.dot(Wya, a_next) + by)",
    "scores = np.dot(Wya, a_next) + by\n    e = np.exp(scores - np.max(scores, axis=0))\n    yt_pred = e / np.sum(e, axis=0)",
)
STACKED = (
    "lstm_cell_forward",
    "ft = sigmoid(np.dot(Wf, concat) + bf)\n    it = sigmoid(np.dot(Wi, concat) + bi)",
    (
        "n_a = len(a_prev)\n    Z = np.dot(np.concatenate((Wf, Wi)), concat) + np.concatenate((bf, bi))\n    "
        "ft = sigmoid(Z[:n_a])\n    it = sigmoid(Z[n_a:])"
    ),
)
OF_A_GATE = [f"np.dot(W{gate}[:, :n_a].T, d{name})" for gate, name in (("f", "ft"), ("i", "it"), ("c", "cct"), ("o", "ot"))]
IN_TURN = (
    "lstm_cell_backward",
    f"da_prev = {' + '.join(OF_A_GATE)}",
    (
        "da_prev = np.zeros_like(a_prev)\n    for W, dz in ((Wf, dft), (Wi, dit), (Wc, dcct), (Wo, dot)):\n        "
        "da_prev += np.dot(W[:, :n_a].T, dz)"
    ),
)
"""The shares of the gates, one at each turn."""
LISTED = ("lstm_cell_backward", f"da_prev = {' + '.join(OF_A_GATE)}", f"da_prev = np.array([{', '.join(OF_A_GATE)}]).sum(axis=0)")
OF_EACH = (
    "lstm_cell_backward",
    LISTED[1],
    "dz = dict(f=dft, i=dit, c=dcct, o=dot)\n    da_prev = np.sum([parameters['W' + k][:, :n_a].T @ dz[k] for k in 'fico'], axis=0)",
)
KEPT = (
    ("rnn_backward", "for t in", "kept = [None] * T_x\n    for t in"),
    ("rnn_backward", "dx[:, :, t] = gradients['dxt']\n        dWax = dWax + gradients['dWax']", "kept[t] = gradients"),
    (
        "rnn_backward",
        "da0 = gradients['da_prev']",
        (
            "for t in range(T_x):\n        dx[:, :, t] = kept[t]['dxt']\n    "
            "dWax = np.sum([each['dWax'] for each in kept], axis=0)\n    da0 = gradients['da_prev']"
        ),
    ),
)
"""What the cell gives at each step, in a list that other loops go over."""
BRANCHES = (
    (
        "lstm_cell_backward",
        "    dc = ",
        (
            "    slopes = []\n    for k, gate in enumerate((ft, it, cct, ot)):\n        if k == 2:\n            "
            "slopes.append(1 - gate ** 2)\n        else:\n            slopes.append(gate * (1 - gate))\n    dc = "
        ),
    ),
    *(
        ("lstm_cell_backward", f"{made} * {slope}", f"{made} * slopes[{number}]")
        for number, (made, slope) in enumerate(
            (
                ("dc * c_prev", "ft * (1 - ft)"),
                ("dc * cct", "it * (1 - it)"),
                ("dc * it", "(1 - cct ** 2)"),
                ("np.tanh(c_next)", "ot * (1 - ot)"),
            )
        )
    ),
)
BEFORE = (
    "rnn_forward",
    "a_next, yt_pred, cache = rnn_cell_forward(x[:, :, t], a_next, ",
    "before = a[:, :, t - 1] if t > 0 else a0\n        a_next, yt_pred, cache = rnn_cell_forward(x[:, :, t], before, ",
)
CALLED = (
    "lstm_cell_backward",
    "dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)",
    "through = np.multiply(da_next * ot, np.subtract(1, np.square(np.tanh(c_next))))\n    dc = dc_next + through",
)
PARTED = (
    ("lstm_cell_backward", "dc = dc_next + da_next", "through = da_next"),
    ("lstm_cell_backward", "(c_next) ** 2)", "(c_next) ** 2)\n    dc = dc_next + through"),
    ("lstm_cell_backward", "dc * c_prev * ft * (1 - ft)", "dc_next * c_prev * (ft - ft ** 2) + through * c_prev * (ft - ft ** 2)"),
)
TOTAL = (
    ("lstm_cell_backward", "def lstm", "def total(d):\n    return np.sum(d, axis=1, keepdims=True)\n\n\ndef lstm"),
    ("lstm_cell_backward", "    dbo = np.sum(dot, axis=1, keepdims=True)\n", ""),
    ("lstm_cell_backward", "cct, ot, xt", "cct, opens, xt"),
    ("lstm_cell_backward", "da_next * ot *", "da_next * opens *"),
    ("lstm_cell_backward", "* ot * (1 - ot)", "* opens * (1 - opens)"),
    ("lstm_cell_backward", "'dbo': dbo}", "'dbo': total(dot)}"),
)
"""A helper's sum among what is handed out."""
ALONG = (
    (
        "lstm_cell_backward",
        "def lstm",
        (
            "def biases(f, i, c, o):\n    way = dict(axis=1, keepdims=True)\n"
            "    return {'f': np.sum(f, **way), 'i': np.sum(i, **way), 'c': np.sum(c, **way), 'o': np.sum(o, **way)}\n\n\ndef lstm"
        ),
    ),
    ("lstm_cell_backward", "    dbf = np.sum(dft, axis=1, keepdims=True)", "    sums = biases(dft, dit, dcct, dot)"),
    *(("lstm_cell_backward", f"'db{gate}': db{gate}", f"'db{gate}': sums['{gate}']") for gate in GATES),
    *(
        ("lstm_cell_backward", f"    d{b} = np.sum({d}, axis=1, keepdims=True)\n", "")
        for b, d in (("bi", "dit"), ("bc", "dcct"), ("bo", "dot"))
    ),
)
BY_LETTERS = (
    ("lstm_cell_backward", "'dWo': dWo, 'dbo': dbo}", "}\n    own = {'f': dft, 'i': dit, 'c': dcct, 'o': dot}"),
    (
        "lstm_cell_backward",
        "    return gradients",
        (
            "    for k in 'fico':\n        d = own[k]\n        gradients['dW' + k] = np.dot(d, np.concatenate((a_prev, xt)).T)\n"
            "        gradients['db' + k] = np.sum(d, axis=1, keepdims=True)\n    return gradients"
        ),
    ),
)
NO_SOFTMAX = "what turns scores into probabilities is wrong in yt_pred: the exponentials are "
SLIPS = [
    Slip(
        SUMS, BIASES, BIASES.replace("dbo']", "dbc']"), "dbf, dbi, ", "gate-swapped",
        "dbo gets the sum over the steps that belongs to dbc",
    ),
    Slip(
        SUMS, "gate in 'fico'", "gate in 'ffco'", "dWf, dWi, ", "gate-swapped",
        "dWi gets the sum over the steps that belongs to dWf",
    ),
    Slip(
        BY_A_HELPER, MERGED, "{**one, **other}", "return {**one", "overwritten-not-summed",
        "what stands in both one and other is taken from one of them, and not added up",
    ),
    Slip(
        BY_A_HELPER, MERGED, "other | one", "return other | ", "overwritten-not-summed",
        "what stands in both other and one is taken from one of them, and not added up",
    ),
    Slip(
        BY_A_HELPER, "one.get(key, 0) + other[key] for key in other", "one.get(key, value) for key, value in other.items()",
        "return {**one", "overwritten-not-summed", "of the steps' gradients, one.get(key, value) holds that of the last step alone",
    ),
    Slip(
        BY_A_HELPER, "merged(sums,", "merged({},", "sums = merged", "overwritten-not-summed",
        "this call is given nothing to add to, where sums belongs: what the turn before gave it is lost",
    ),
    Slip(
        IN_ONE, "W += ", "W = ", "W = np.array", "overwritten-not-summed",
        "W is set anew here: what the turn before gave it is lost",
    ),
    Slip(
        (BOTH,), "gradients['dc_prev']", "dc_prevt", "da_prevt, dc_prevt = gradients", "carry-missing",
        "dc_prevt stays as it is here: it gets no part of what the cell hands back",
    ),
    Slip(
        (STEP,), "step[0], step[1]", "a_next, step[1]", "a_next, c_next = a_next", "state-not-carried",
        "a_next stays as it is here: it gets no part of what the cell hands back",
    ),
    Slip(
        ALL_STEPS, "dcs[:, :, t] = ", "dcs[:, :, t - 1] = ", "dcs[:, :, t - 1] = ", "carry-wrong",
        "dcs[:, :, t - 1] is written at another step than the one that was computed",
    ),
    Slip((WRITTEN_OUT,), "e / np.sum(e, axis=0)", "e", "yt_pred = ", "prediction-wrong", f"{NO_SOFTMAX}not divided by their sum."),
    Slip(
        (WRITTEN_OUT,), "np.sum(e, axis=0)", "np.median(e, axis=0)", "yt_pred = ", "prediction-wrong",
        f"{NO_SOFTMAX}divided by something else than their sum.",
    ),
    Slip(
        (WRITTEN_OUT,), "np.sum(e, axis=0)", "np.sum(e, axis=None)", "yt_pred = ", "prediction-wrong",
        f"{NO_SOFTMAX}divided by their sum over classes and examples.",
    ),
    Slip(
        (STACKED,), "Z[n_a:]", "Z[n_a - 1:-1]", "it = ", "slice-wrong", "Z[n_a - 1:-1] is cut in another place than it should be",
    ),
    Slip(
        (), "Wc[:, n_a:]", "Wc[:, n_a + 1:]", "dxt = np.dot(Wf", "slice-wrong",
        "dxt has Wc[:, n_a + 1:].T cut in another place than it should be",
    ),
    Slip(
        (), "[:, n_a:]", "[:, n_a + 1:]", "dxt = np.dot(Wf", "slice-wrong", "the weights are cut wrongly in dxt: the cut is too late.",
    ),
    Slip(
        (IN_TURN,), "da_prev += ", "da_prev -= ", "da_prev -= ", "sign-flipped",
        "da_prev loses here what should be added to it",
    ),
    Slip(
        (IN_TURN,), "da_prev += ", "da_prev = ", "da_prev = np.dot(W[", "overwritten-not-summed",
        "da_prev is set anew here: what the turn before gave it is lost",
    ),
    Slip((LISTED,), "sum(axis=0)", "mean(axis=0)", "da_prev = np.array", "mean-for-sum", "a mean stands in da_prev where the sum belongs"),
    Slip(
        (OF_EACH,), "np.sum([", "np.mean([", "da_prev = np.mean([", "mean-for-sum",
        "da_prev is the mean of 4 parts, and their sum belongs there",
    ),
    Slip(
        (), "dba = np.sum(dtanh, axis=1, keepdims=True)", "dba = np.max(dtanh, axis=1, keepdims=True)", "dba = np.max", "sum-wrong",
        "dba has a maximum where the sum belongs",
    ),
    Slip(
        KEPT, "np.sum([each['dWax']", "np.max([each['dWax']", "dWax = np.max", "accumulated-wrongly",
        "dWax holds the largest of the steps' gradients, not their sum",
    ),
    Slip(
        KEPT, "np.sum([each['dWax']", "np.prod([each['dWax']", "dWax = np.prod", "accumulated-wrongly",
        "dWax holds the product of the steps' gradients, not their sum",
    ),
    Slip(
        KEPT, "kept[t]['dxt']", "kept[-t]['dxt']", "dx[:, :, t] = kept", "input-gradient-stored-wrong",
        "dx[:, :, t] gets what the cell returned at other steps than those that belong there",
    ),
    Slip(
        (("rnn_backward", "dba = np.zeros((n_a, 1), dtype)", "dba = 0"),),
        "dba = dba + gradients['dba']", "dba = dba + gradients['dba'].mean()", "dba = dba + ", "sum-wrong",
        "dba has a mean where gradients['dba'] itself belongs",
    ),
    Slip(
        BRANCHES, "k == 2", "k == 1", "if k == 1", "gate-swapped",
        "the condition k == 1 sends a gate the wrong way: what slopes.append is given is wrong in both branches",
    ),
    Slip(
        (("rnn_backward", "da[:, :, t] + da_prevt", "np.add(da[:, :, t], da_prevt)"),), "], da_prevt", "], da[:, :, t]",
        "gradients = rnn_cell", "name-replaced", "np.add(da[:, :, t], da[:, :, t]) has da[:, :, t] where another value belongs",
    ),
    Slip((BEFORE,), "t > 0", "t > 1", "before = ", "loop-wrong", "t > 1 holds at other times than it should"),
    Slip(
        (STEP, *ALL_KEPT), "step[0], step[1]", "step[0], step[0]", "a_next, c_next = step", "name-replaced",
        "c_next gets the hidden state of a step",
    ),
    Slip((), "ot * (1 - ot)", "ot * ot", "dot = ", "wrong-activation-derivative", "dot has ot where a part of its derivative belongs"),
    Slip(
        (CALLED,), "np.square(np.tanh(c_next))", "np.tanh(c_next)", "through = ", "wrong-activation-derivative",
        "through has np.tanh(c_next) without its square",
    ),
    Slip(
        PARTED, "dc_next * c_prev * (ft - ft ** 2)", "dc_next * c_prev * (ft - ft)", "dft = ", "wrong-activation-derivative",
        "dft has ft without its square",
    ),
    Slip(
        (("rnn_cell_backward", "(1 - a_next ** 2) * da_next", "da_next - da_next * a_next ** 2"), ("rnn_cell_backward", "dtanh", "dz")),
        "* a_next ** 2", "* a_next",
        "dz = ", "wrong-activation-derivative", "dz has a_next without its square",
    ),
    Slip(
        TOTAL, "total(dot)", "total(opens)", "gradients = {'dxt': dxt, 'da_prev': da_prev, 'dc_prev'", "name-replaced",
        "opens holds ot (the output gate), and another value belongs here",
    ),
    Slip(ALONG, "dict(axis=1", "dict(axis=0", "way = ", "sum-wrong", "axis=0 is not the axis that belongs here"),
    Slip(
        BY_LETTERS, "d = own[k]", "d = {**own, 'c': dot, 'o': dcct}[k]", "d = {", "gate-swapped",
        "what belongs to another gate stands in d.",
    ),
]  # fmt: skip


def test_a_name_of_what_another_finding_mends(told: Tell) -> None:
    """The line that reads another name than this one is named too."""
    text = edited(("rnn_cell_forward", " + ba)", ")"), ("rnn_cell_forward", "np.dot(Wya, a_next)", "np.dot(Wya, a_prev)"))
    first, second = told(text)
    assert (first.line, first.id) == (line_of(text, "a_next = "), "term-dropped")
    assert (second.line, second.says) == (line_of(text, "yt_pred = "), "np.dot(Wya, a_prev) + by has a_prev where another value belongs")


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.after)
def test_it_is_so(told: Tell, slip: Slip) -> None:
    """The form without the slip is right."""
    text, said = slip_told(told, edited(*slip.right), slip.before, slip.after)
    assert (said.line, said.id, said.says) == (line_of(text, slip.line), slip.id, slip.says)


def test_an_array_of_objects_is_called_one(told: Tell) -> None:
    """No inner name of what holds no numbers is shown."""
    first = told(
        edited(("rnn_cell_forward", "a_next = np", "z = np.empty((2, 2), dtype=object); z[:] = np\n    return z, z, z\n    a_next = np"))
    )[0]
    assert "Odd" not in first.says
    assert "array of dtype object here, and should be an array of shape" in first.says
