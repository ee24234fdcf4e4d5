"""Gates that are computed in two lines each: of the two that could be mended, the one that differs from the other gates' is told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from slipping import edited, line_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

GATES = {"f": "fgate", "i": "it", "o": "ot"}
FORWARD = """def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    Wf, bf, Wi, bi = [parameters[name] for name in ("Wf", "bf", "Wi", "bi")]
    Wc, bc, Wo, bo = [parameters[name] for name in ("Wc", "bc", "Wo", "bo")]
    concat = np.concatenate((a_prev, xt))
    gamma_f = np.dot(Wf, concat) + bf
    fgate = sigmoid(gamma_f)
    gamma_i = np.dot(Wi, concat) + bi
    it = sigmoid(gamma_i)
    gamma_c = np.dot(Wc, concat) + bc
    cand = np.tanh(gamma_c)
    gamma_o = np.dot(Wo, concat) + bo
    ot = sigmoid(gamma_o)
    c_next = fgate * c_prev + it * cand
    a_next = ot * np.tanh(c_next)
    yt_pred = softmax(np.dot(parameters["Wy"], a_next) + parameters["by"])
    return a_next, c_next, yt_pred, (a_next, c_next, a_prev, c_prev, fgate, it, cand, ot, xt, parameters)
"""
BACKWARD = """def lstm_cell_backward(da_next, dc_next, cache):
    (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters) = cache
    n_a = a_next.shape[0]
    th = np.tanh(c_next)
    total = dc_next + da_next * ot * (1 - th * th)
    d_o = da_next * th
    d_f = total * c_prev
    d_i = total * cct
    d_c = total * it
    z_o = d_o * ot * (1 - ot)
    z_f = d_f * ft * (1 - ft)
    z_i = d_i * it * (1 - it)
    z_c = d_c * (1 - cct * cct)
    stack = np.vstack([a_prev, xt])
    grads = {"dc_prev": total * ft}
    both = 0
    for key, z in (("f", z_f), ("i", z_i), ("c", z_c), ("o", z_o)):
        grads["dW" + key] = z.dot(stack.T)
        grads["db" + key] = z.sum(axis=1, keepdims=True)
        both = both + parameters["W" + key].T.dot(z)
    return {**grads, "da_prev": both[:n_a], "dxt": both[n_a:]}
"""
FACTOR = "a factor does not belong in"
SLIPS = {
    "a sigmoid forgotten": ("fgate = sigmoid(gamma_f)", "fgate = gamma_f", "the activation is wrong in fgate: the sigmoid is missing."),
    "the tanh forgotten": ("cand = np.tanh(gamma_c)", "cand = gamma_c", "the activation is wrong in cand: the tanh is missing."),
    "the candidate's derivative": (
        "z_c = d_c * (1 - cct * cct)", "z_c = d_c",
        "a factor is missing from z_c: the derivative of the tanh that made the candidate.",
    ),
    "times one": ("z_c = d_c * (1 - cct * cct)", "z_c = d_c * 1",
        "a factor is missing from z_c: the derivative of the tanh that made the candidate.",
    ),
    "a derivative twice": (
        "d_f = total * c_prev", "d_f = total * c_prev * ft * (1 - ft)", f"{FACTOR} d_f: ft (the forget gate) times one minus it.",
    ),
    "half of it twice": ("d_o = da_next * th", "d_o = da_next * ot * th", "d_o has a factor too many: ot"),
    "a derivative dropped": (
        "z_i = d_i * it * (1 - it)", "z_i = d_i * it", "a factor is missing from z_i: a part of the derivative of the update gate.",
    ),
}  # fmt: skip


def program(before: str, after: str) -> str:
    """Both cells with one line written otherwise."""
    assert before in FORWARD + BACKWARD
    forward, backward = (text.replace(before, after) for text in (FORWARD, BACKWARD))
    return edited(("lstm_cell_forward", "", forward), ("lstm_cell_backward", "", backward))


@pytest.mark.parametrize("slip", SLIPS)
def test_the_line_that_differs_is_told(told: Callable[[str], list[Told]], slip: str) -> None:
    """Whether it stands before or behind the one that looks just as the other gates', and what is said is true of it."""
    before, after, says = SLIPS[slip]
    text = program(before, after)
    (one,) = told(text)
    assert (one.line, one.proof, one.says) == (line_of(text, f"{after}\n"), "proved", says)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("z_c = d_c * (1 - cct * cct)", "z_c = d_c * cct * (1 - cct)"),
        ("gamma_i = np.dot(Wi, concat) + bi", "gamma_i = np.dot(Wo, concat) + bi"),
        ("d_i = total * cct", "d_i = total * it"),
    ],
)
def test_a_line_that_is_like_its_siblings_can_be_wrong(told: Callable[[str], list[Told]], before: str, after: str) -> None:
    """Where no right value of the line beside it mends all."""
    text = program(before, after)
    (one,) = told(text)
    assert (one.line, one.proof) == (line_of(text, after), "proved")


LACKS = "the derivative of the sigmoid that made the output gate"


@pytest.mark.parametrize(
    ("changes", "at", "says"),
    [
        ({"z_o = d_o * ot * (1 - ot)": "z_o = d_o"}, "z_o = d_o\n", f"a factor is missing from z_o: {LACKS}."),
        (
            {"z_o = d_o * ot * (1 - ot)": "z_f, z_o = d_f * ft * (1 - ft), d_o", "    z_f = d_f * ft * (1 - ft)\n    z_i": "    z_i"},
            "z_f, z_o = ",
            f"a factor is missing from z_o: {LACKS}.",
        ),
        ({"d_o": "dot", "z_o = dot * ot * (1 - ot)": "z_o = dot"}, "dot = da", f"a factor is missing from dot: {LACKS}."),
    ],
)
def test_a_line_that_only_gives_another_name(told: Callable[[str], list[Told]], changes: dict[str, str], at: str, says: str) -> None:
    """It is there for the activation, unless the line before gives what it makes the course's own name for what has passed through that."""
    backward = BACKWARD
    for before, after in changes.items():
        assert before in backward
        backward = backward.replace(before, after)
    text = edited(("lstm_cell_forward", "", FORWARD), ("lstm_cell_backward", "", backward))
    (one,) = told(text)
    assert (one.line, one.proof, one.says) == (line_of(text, at), "proved", says)


def test_names_that_are_given_at_once_are_told_once(told: Callable[[str], list[Told]]) -> None:
    """In one line that gives new names to several, each by the name that it gives."""
    sums = ", ".join(f'"dW{gate}": z_{gate}.dot(stack.T), "db{gate}": z_{gate}.sum(axis=1, keepdims=True)' for gate in "fico")
    both = " + ".join(f'parameters["W{gate}"].T.dot(z_{gate})' for gate in "fico")
    gates = BACKWARD.partition("    z_o = ")[0] + "    z_o, z_f, z_i, z_c = d_o, d_f, d_i, d_c\n    stack = np.vstack([a_prev, xt])\n"
    handed_out = f'    both = {both}\n    return {{"dc_prev": total * ft, "da_prev": both[:n_a], "dxt": both[n_a:], {sums}}}\n'
    text = edited(("lstm_cell_forward", "", FORWARD), ("lstm_cell_backward", "", gates + handed_out))
    (one,) = told(text)
    says = f"a factor is missing from z_o: {LACKS}; z_f, z_i and z_c lack the derivative of an activation too"
    assert (one.line, one.proof, one.says) == (line_of(text, "z_o, z_f"), "proved", says)


def test_a_term_that_is_added_one_line_too_early_is_one_mistake(told: Callable[[str], list[Told]]) -> None:
    """It is too many in one line, and the next one lacks it."""
    within, behind = "inner = da_next * ot + dc_next", "total = inner * (1 - th * th)"
    text = program("total = dc_next + da_next * ot * (1 - th * th)", f"{within}\n    {behind}")
    (one,) = told(text)
    assert (one.line, one.id, one.proof) == (line_of(text, within), "bracket-moved", "proved")
    assert one.says == f"inner has a term too many: dc_next; line {line_of(text, behind)} lacks it"


def test_a_name_under_its_own_key_is_not_to_blame(told: Callable[[str], list[Told]]) -> None:
    """Where its line looks as the other gates' do: the one that only hands it out has neither factors nor a sum."""
    text = program('grads = {"dc_prev": total * ft}', 'dc_prev = dc_next * ft\n    grads = {}\n    grads["dc_prev"] = dc_prev')
    (one,) = told(text)
    assert (one.line, one.id, one.proof) == (line_of(text, "dc_prev = dc_next * ft"), "term-dropped", "proved")


def test_an_argument_that_gets_another_value_is_told_there(told: Callable[[str], list[Told]]) -> None:
    """And not the line that asks for what it held, in which the factor that is too many does not stand."""
    text = program("total = dc_next + da_next * ot", "da_next *= ot\n    total = dc_next + da_next").replace("d_o", "do")
    (one,) = told(text)
    assert (one.line, one.id, one.proof) == (line_of(text, "da_next *= ot"), "updated-in-place", "proved")
    assert one.says.endswith(f"line {line_of(text, 'do = da_next * th')} asks for what it held before")


def test_of_gates_that_are_cut_like_the_others_two_the_same_went_wrong_before(told: Callable[[str], list[Told]]) -> None:
    """The line that only gives one of them another name is right."""
    start, rest = BACKWARD.split("    stack = ")
    head, lines = start.split("    n_a = a_next.shape[0]\n")
    helper = f"def gates(da_next, dc_next, cache):\n{head.partition(chr(10))[2]}{lines}    return z_f, z_i, z_c, z_o\n\n\n"
    cut = "    p, q, r, s = gates(da_next, dc_next, cache)\n    n_a = len(a_next)\n"
    cut += "".join(f"{line}\n" for line in lines.split("\n") if "total = " in line or "th = " in line)
    cut += "".join(f"    {gate * 2} = {name}\n" for gate, name in zip("fico", "pqrs", strict=True)) + "    stack = "
    right = edited(("lstm_cell_backward", "", helper + head + cut + re.sub(r"\bz_(.)", r"\1\1", rest)))
    assert not told(right)
    (one,) = told(right.replace("return z_f, z_i,", "return z_f, z_f,"))
    assert one.line == line_of(right, "    return z_f, z_i,")


@pytest.mark.parametrize("name", ["cand", "c_tilde"])
def test_a_gate_that_is_cut_like_the_others_is_right(told: Callable[[str], list[Told]], name: str) -> None:
    """Where its activation is forgotten behind that, whatever the name that it is given there."""
    cut = "    f, i, c, o = np.split(np.vstack([gamma_f, gamma_i, gamma_c, gamma_o]), 4)\n"
    cut += "    fgate, it, ot = sigmoid(f), sigmoid(i), sigmoid(o)\n"
    forward = FORWARD.replace("    c_next = ", f"{cut}    cand = np.tanh(c)\n    c_next = ").replace("cand", name)
    assert not told(edited(("lstm_cell_forward", "", forward)))
    text = edited(("lstm_cell_forward", "", forward.replace(f"{name} = np.tanh(c)", f"{name} = c")))
    (one,) = told(text)
    assert (one.line, one.proof) == (line_of(text, f"{name} = c\n"), "proved")


def test_activations_in_either_line_are_right(told: Callable[[str], list[Told]]) -> None:
    """A gate whose activation is taken one line earlier than the others'."""
    assert told(program("", "")) == []
    text = program(
        "gamma_i = np.dot(Wi, concat) + bi\n    it = sigmoid(gamma_i)", "gamma_i = sigmoid(np.dot(Wi, concat) + bi)\n    it = gamma_i"
    )
    assert told(text) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("z_f = d_f * ft * (1 - ft)", "z_f = d_f * (1 - ft)"),
        ("z_f = d_f * ft * (1 - ft)", "z_f = ft * d_f"),
        ("z_c = d_c * (1 - cct * cct)", "z_c = d_c"),
    ],
)
def test_a_factor_is_missing_where_the_other_gates_have_it(told: Callable[[str], list[Told]], before: str, after: str) -> None:
    """And not in the line before, which makes what the lines before the others' make."""
    text = program(before, after)
    (one,) = told(text)
    assert (one.line, one.proof) == (line_of(text, after + "\n"), "proved")


def test_a_factor_is_missing_before_the_line_that_multiplies(told: Callable[[str], list[Told]]) -> None:
    """What is multiplied with what all of the others have as well has a part of it."""
    slopes = "".join(f"    s_{gate} = {name} * (1 - {name})\n" for gate, name in (("f", "ft"), ("i", "it"), ("o", "ot")))
    backward = BACKWARD.replace("    z_o =", f"{slopes}    z_o =")
    for gate, name in (("f", "ft"), ("i", "it"), ("o", "ot")):
        backward = backward.replace(f"d_{gate} * {name} * (1 - {name})", f"d_{gate} * s_{gate}")
    assert not told(edited(("lstm_cell_backward", "", backward)))
    text = edited(("lstm_cell_backward", "", backward.replace("s_o = ot * (1 - ot)", "s_o = 1 - ot")))
    (one,) = told(text)
    assert (one.line, one.id) == (line_of(text, "s_o = 1"), "factor-dropped")
