"""Who is to blame where a helper of the learner's own gives what is wrong: the helper, or the line that calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import edited, line_of, slip_told, slipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

    from whygrad.records import Result

FROM_PRE_ACTIVATIONS = """
import numpy as np

def sigmoid(x):
    return 1 / (1 + np.exp(-x))

def slope_sigmoid(x):
    return sigmoid(x) * (1 - sigmoid(x))

def slope_tanh(x):
    return 1 - np.tanh(x) ** 2

def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a = a_prev.shape[0]
    stack = np.vstack((a_prev, xt))
    before = {gate: parameters["W" + gate] @ stack + parameters["b" + gate] for gate in "fico"}
    dc = dc_next + da_next * ot * slope_tanh(c_next)
    d = {}
    d["f"] = dc * c_prev * slope_sigmoid(before["f"])
    d["i"] = dc * cct * slope_sigmoid(before["i"])
    d["c"] = dc * it * slope_tanh(before["c"])
    d["o"] = da_next * np.tanh(c_next) * slope_sigmoid(before["o"])
    back = sum(parameters["W" + gate].T @ d[gate] for gate in d)
    gradients = {"da_prev": back[:n_a], "dxt": back[n_a:], "dc_prev": dc * ft}
    for gate in d:
        gradients["dW" + gate] = d[gate] @ stack.T
        gradients["db" + gate] = d[gate].sum(axis=1, keepdims=True)
    return gradients
"""

FROM_OUTPUTS = """
import numpy as np

def through_sigmoid(upstream, out):
    return upstream * out * (1 - out)

def through_tanh(upstream, out):
    return upstream * (1 - out ** 2)

def rows(stack, n):
    return stack[:n], stack[n:]

def columns(W, n):
    return W[:, :n], W[:, n:]

def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a, n_x = a_prev.shape[0], xt.shape[0]
    stack = np.vstack((a_prev, xt))
    tanh_c = np.tanh(c_next)
    dc = dc_next + through_tanh(da_next * ot, tanh_c)
    d = {"f": through_sigmoid(dc * c_prev, ft), "i": through_sigmoid(dc * cct, it),
         "c": through_tanh(dc * it, cct), "o": through_sigmoid(da_next * tanh_c, ot)}
    gradients = {"dc_prev": dc * ft}
    back = 0
    for gate in d:
        left, right = columns(parameters["W" + gate], n_a)
        back = back + np.vstack((left.T @ d[gate], right.T @ d[gate]))
        gradients["dW" + gate] = d[gate] @ stack.T
        gradients["db" + gate] = d[gate].sum(axis=1, keepdims=True)
    gradients["da_prev"], gradients["dxt"] = rows(back, n_a)
    return gradients
"""

CASES = [
    (FROM_PRE_ACTIVATIONS, "sigmoid(x) * (1 - sigmoid(x))", "sigmoid(x) * 1 - sigmoid(x)", "bracket-moved"),
    (FROM_OUTPUTS, "through_tanh(da_next * ot, tanh_c)", "through_tanh(da_next * ot, c_next)", "wrong-activation-derivative"),
    (FROM_OUTPUTS, "rows(back, n_a)", "rows(back, n_x)", "slice-wrong"),
    (FROM_OUTPUTS, "rows(back, n_a)", "rows(back, xt.shape[0])", "slice-wrong"),
    (FROM_OUTPUTS, "return W[:, :n], W[:, n:]", "return W[:n], W[n:]", "slice-wrong"),
    (FROM_OUTPUTS, "return upstream * (1 - out ** 2)", "return upstream * (1 - out)", "wrong-activation-derivative"),
]


@pytest.mark.parametrize("text", [FROM_PRE_ACTIVATIONS, FROM_OUTPUTS], ids=["from pre-activations", "from outputs"])
def test_right_ones_are_right(text: str, told: Callable[[str], list[Told]]) -> None:
    """Nothing is told of them."""
    assert not told(text)


@pytest.mark.parametrize(("text", "before", "after", "id_"), CASES, ids=[after for _, _, after, _ in CASES])
def test_the_line_that_was_changed_is_told(text: str, before: str, after: str, id_: str, told: Callable[[str], list[Told]]) -> None:
    """Alone, with its name, and proved."""
    changed = text.replace(before, after)
    (said,) = told(changed)
    assert (said.id, said.proof) == (id_, "proved")
    assert after in changed.split("\n")[said.line - 1]


FORWARD = """
def halves(W, n):
    return W[:n], W[n:]

def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    n_a, z = a_prev.shape[0], {}
    for gate in "fico":
        left, right = halves(parameters["W" + gate], n_a)
        z[gate] = left @ a_prev + right @ xt + parameters["b" + gate]
    ft, it, ot = (1 / (1 + np.exp(-z[gate])) for gate in "fio")
    cct = np.tanh(z["c"])
    c_next = ft * c_prev + it * cct
    a_next = ot * np.tanh(c_next)
    y = np.exp(parameters["Wy"] @ a_next + parameters["by"])
    return a_next, c_next, y / y.sum(axis=0), (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)
"""


def test_of_each_function_it_is_told_where_that_raises(told: Callable[[str], list[Told]]) -> None:
    """One helper makes two functions raise, each at a line of its own."""
    text = FROM_OUTPUTS.replace("= columns(", "= halves(") + FORWARD
    first, second = told(text)
    lines = text.split("\n")
    assert first.line == second.line
    assert lines[first.line - 1].strip() == "return W[:n], W[n:]"
    for said, raises in ((first, "z[gate] = left"), (second, "back = back +")):
        assert raises in lines[int(said.says.partition("so line ")[2].partition(" ")[0]) - 1]


RECURSIVE = """
import numpy as np

def one_step(xt, state, parameters):
    new = np.tanh(parameters["Wax"] @ xt + parameters["Waa"] @ state + parameters["ba"])
    out = np.exp(parameters["Wya"] @ new + parameters["by"])
    return new, out / out.sum(axis=0)

def rnn_cell_forward(xt, a_prev, parameters):
    a_next, yt = one_step(xt, a_prev, parameters)
    return a_next, yt, (a_next, a_prev, xt, parameters)

def from_here_on(x, state, parameters):
    if x.shape[2] == 0:
        return []
    new, out = one_step(x[:, :, 0], state, parameters)
    return [(new, out, (new, state, x[:, :, 0], parameters))] + from_here_on(x[:, :, 1:], new, parameters)

def rnn_forward(x, a0, parameters):
    steps = from_here_on(x, a0, parameters)
    return np.dstack([s[0] for s in steps]), np.dstack([s[1] for s in steps]), ([s[2] for s in steps], x)
"""


def test_a_helper_that_hands_the_same_state_to_itself_is_told_at_that_call(told: Callable[[str], list[Told]]) -> None:
    """The step that it calls is right, and nothing is told of it."""
    assert not told(RECURSIVE)
    text = RECURSIVE.replace("from_here_on(x[:, :, 1:], new,", "from_here_on(x[:, :, 1:], state,")
    (said,) = told(text)
    assert (said.id, said.proof) == ("state-not-carried", "proved")
    assert "from_here_on(x[:, :, 1:], state," in text.split("\n")[said.line - 1]


TWO_HELPERS = """
import numpy as np

def sigmoid(x):
    return 1 / (1 + np.exp(-x))

def softmax(x):
    e = np.exp(x - x.max(axis=0))
    return e / e.sum(axis=0)

def stacked(a, x):
    return np.concatenate((a, x), axis=0)

def total(dc, da, o, c):
    return dc + da * o * (1 - np.tanh(c) ** 2)

def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    z = stacked(a_prev, xt)
    f, i, o = (sigmoid(parameters["W" + k] @ z + parameters["b" + k]) for k in "fio")
    g = np.tanh(parameters["Wc"] @ z + parameters["bc"])
    c_next = f * c_prev + i * g
    a_next = o * np.tanh(c_next)
    y = softmax(parameters["Wy"] @ a_next + parameters["by"])
    return a_next, c_next, y, (a_next, c_next, a_prev, c_prev, f, i, g, o, xt, parameters)

def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, f, i, g, o, xt, parameters = cache
    n_a, z = len(a_prev), np.concatenate((a_prev, xt), axis=0)
    whole = total(dc_next, da_next, o, c_next)
    d = {"f": whole * c_prev * f * (1 - f), "i": whole * g * i * (1 - i), "c": whole * i * (1 - g ** 2),
         "o": da_next * np.tanh(c_next) * o * (1 - o)}
    back = sum(parameters["W" + k].T @ d[k] for k in d)
    out = {"da_prev": back[:n_a], "dxt": back[n_a:], "dc_prev": whole * f}
    for k in d:
        out["dW" + k], out["db" + k] = d[k] @ z.T, d[k].sum(axis=1, keepdims=True)
    return out
"""


@pytest.mark.parametrize(
    ("before", "after", "id_"),
    [
        ("np.concatenate((a, x), axis=0)", "np.concatenate((x, a), axis=0)", "stack-wrong"),
        ("z = stacked(a_prev, xt)", "z = stacked(xt, a_prev)", "stack-wrong"),
        ("total(dc_next, da_next, o, c_next)", "total(da_next, dc_next, o, c_next)", "call-argument-wrong"),
    ],
)
def test_names_tell_whether_a_call_or_its_helper_is_to_blame(told: Callable[[str], list[Told]], before: str, after: str, id_: str) -> None:
    """Where each argument is named like its parameter the helper is, and where two are named like each other's the call."""
    assert not told(TWO_HELPERS)
    text = TWO_HELPERS.replace(before, after)
    (one,) = told(text)
    assert (one.line, one.id, one.proof) == (text[: text.index(after)].count("\n") + 1, id_, "proved")


@pytest.mark.parametrize(
    ("helper", "caller"),
    [
        (("return s * (1 - s)", "return 1 - s ** 2"), ("it * tanh_grad(cct)", "it * sigmoid_grad(cct)")),
        (("return 1 - y ** 2", "return 1 - np.tanh(y) ** 2"), ("return s * (1 - s)", "return s")),
        (("    return 1 / (1 + np.exp(-z))", "    out = 1 / (1 + np.exp(-z))\n    return z"), ("cct = np.tanh(", "cct = sigmoid(")),
        (
            ("    return 1 / (1 + np.exp(-z))", "    return 1 / 1 + np.exp(-z)"),
            (
                'ft = sigmoid(affine(parameters["Wf"], v, parameters["bf"]))',
                'bf = parameters["bf"]\n    ft = sigmoid(np.dot(parameters["Wf"], v))',
            ),
        ),
    ],
    ids=["in its caller", "in another helper", "in a gate", "in a gate's sum"],
)
def test_a_helper_that_is_mended_hides_no_other_mistake(
    told: Callable[[str], list[Told]], helper: tuple[str, str], caller: tuple[str, str]
) -> None:
    """A value that differs from call to call would make up for a caller too; a change of the helper's line does not."""
    text = slipped("helper_functions", helper, caller)
    found = {(one.line, one.proof) for one in told(text)}
    wrong = line_of(text, helper[1]) + helper[1].count("\n")
    assert found == {(wrong, "proved"), (line_of(text, caller[1]) + caller[1].count("\n"), "proved")}


def test_more_may_be_wrong_where_a_helper_s_line_is_all_that_is_told(
    examined: Callable[[str], Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a function that goes through it and is wrong otherwise too, in lines of which nothing is known when the search is ended."""
    monkeypatch.setattr("whygrad.from_code.places.locate._MOST_RUNS", 20)
    monkeypatch.setattr("whygrad.from_code.search.one_edit._MOST", 1)
    slips = [("return 1 - y ** 2", "return (1 - y ** 2) / 1.7 * y ** 0"), ("return s * (1 - s)", "return np.cos(s)")]
    result = examined(slipped("helper_functions", *slips, ("dzc = dc * it *", "dzc = dc * np.cos(it) *")))
    assert [one.function for one in result.mistakes] == ["rnn_cell_backward"]
    assert not result.search.complete
    assert result.notes[-1].startswith("lstm_cell_backward goes through a helper's line that is told of another function")


def test_a_helper_that_another_function_rightly_uses_is_not_to_blame(told: Callable[[str], list[Told]]) -> None:
    """Two wrong calls of it are told, though right values at its one line would make up for both."""
    helper = "def outer(d, v):\n    return np.einsum('ik,jk->ij', d, v)\n\n"
    rnn = [
        ("rnn_cell_backward", f"np.dot(dtanh, {v}.T)", f"outer({given})")
        for v, given in (("xt", "xt, dtanh"), ("a_prev", "da_next, a_prev"))
    ]
    lstm = [("lstm_cell_backward", f"np.dot(d{g}t, np", f"outer(d{g}t, np") for g in "fio"]
    lstm += [
        ("lstm_cell_backward", "np.dot(dcct, np", "outer(dcct, np"),
        ("lstm_cell_backward", "(a_prev, xt), axis=0).T", "(a_prev, xt), axis=0)"),
    ]
    text = edited(*rnn, *lstm).replace("def rnn_cell_backward", f"{helper}def rnn_cell_backward")
    assert [(said.line, said.id) for said in told(text)] == [
        (line_of(text, "outer(xt"), "transpose-wrong"),
        (line_of(text, "outer(da_next"), "factor-dropped"),
    ]


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ("slope_tanh(x):\n    return 1 - np.tanh(x) ** 2", ", x", "slope_tanh hands back 2 values"),
        ("sigmoid(x):\n    return 1 / (1 + np.exp(-x))", ",", "sigmoid hands back a tuple, which the comma makes, of one value"),
    ],
)
def test_a_helper_that_hands_back_more_than_one_array_is_told_once(
    before: str, after: str, what: str, told: Callable[[str], list[Told]]
) -> None:
    """At its own line, not at those that compute with the pair; what is wrong beside it is told too."""
    right = FROM_PRE_ACTIVATIONS + FORWARD.replace("W[:n], W[n:]", "W[:, :n], W[:, n:]")
    assert told(right) == []
    text = right.replace(before, before + after)
    (said,) = told(text)
    assert (said.id, said.proof, said.line) == ("returned-otherwise", "proved", line_of(text, before) + 1)
    assert said.says == f"{what} here, and what calls it takes that for one array"
    first, second = told(text.replace("da_next * ot *", "da_next *"))
    assert (first.line, second.id) == (said.line, "factor-dropped")


def test_a_pair_that_another_helper_takes_apart_is_no_slip(told: Callable[[str], list[Told]]) -> None:
    """What is wrong in that helper is told alone."""
    helpers = "\ndef both(x):\n    s = 1 / (1 + np.exp(-x))\n    return s, s * (1 - s)\n\ndef first(pair):\n    return pair[0]\n"
    forward = FORWARD.replace("W[:n], W[n:]", "W[:, :n], W[:, n:]").replace("1 / (1 + np.exp(-z[gate]))", "first(both(z[gate]))")
    right = FROM_PRE_ACTIVATIONS + helpers + forward
    assert told(right) == []
    (said,) = told(right.replace("return pair[0]", "return pair[1]"))
    assert "hands back" not in said.says


def test_what_one_call_hands_over_is_no_slip_of_the_helper(told: Callable[[str], list[Told]]) -> None:
    """With the helper mended for that call its other calls would be wrong: they are not."""
    changes = {
        "def lstm_cell": "def back(d, u, v):\n    return d * v, d * u\n\ndef lstm_cell",
        "dc = dc_next + da_next * ot": "d_ot, d_tanh = back(da_next, ot, np.tanh(c_next))\n    dc = dc_next + d_tanh",
        "dot = da_next * np.tanh(c_next)": "d_ft, dc_prev = back(dc, ft, c_prev)\n    d_it, d_cct = back(dc, it, cct)\n    dot = d_ot",
        "dc * it * (1 - cct": "d_cct * (1 - cct",
        "dc * cct": "d_it",
        "dc * c_prev": "d_ft",
        "    dc_prev = dc * ft\n": "",
    }
    right = edited(*(("lstm_cell_backward", old, new) for old, new in changes.items()))
    text, said = slip_told(told, right, "ot, np.tanh(c_next))", "ot, c_next)")
    assert (said.line, said.says) == (line_of(text, "d_ot, d_tanh = back"), "c_next stands where another value belongs")


@pytest.mark.parametrize(("named", "tried"), [("dc, da, o, c", True), ("dc_next, da_next, o, c_next", False)], ids=["others", "its own"])
def test_edits_of_a_helper_are_tried_where_what_it_is_handed_has_other_names(
    told: Callable[[str], list[Told]], monkeypatch: pytest.MonkeyPatch, named: str, *, tried: bool
) -> None:
    """A helper that everything is handed on to under its own name cannot make up for what it is handed."""
    edits: list[object] = []
    monkeypatch.setattr("whygrad.from_code.search.behind_a_helper.edits_of", lambda *given: edits.append(given) or [])
    dc, da, o, c = named.split(", ")
    right = TWO_HELPERS.replace("total(dc, da, o, c)", f"total({named})")
    text = right.replace("dc + da * o * (1 - np.tanh(c) ** 2)", f"{dc} + {da} * {o} * (1 - np.tanh({c}))")
    (said,) = told(text)
    assert (said.id, said.line) == ("wrong-activation-derivative", line_of(text, "return dc"))
    assert bool(edits) is tried
