"""A helper that several lines call, several times in one of them: its own line is told where that is wrong, and each call where that is."""

from __future__ import annotations

import ast
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from slipping import edited, line_of, pieces_of
from styles import TEXTS

from whygrad.from_code.observe.edited import Mending, finding_at
from whygrad.from_code.reference.inputs import SIZES, case
from whygrad.from_code.reference.parts import PARTS
from whygrad.from_code.search.behind_a_helper import at_work_elsewhere
from whygrad.from_code.search.one_edit import lines_of
from whygrad.sandbox.harness import Harness

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from conftest import Told

    from whygrad.sandbox.requests import Piece

    Tell = Callable[[str], list[Told]]

TEMPLATE = TEXTS["course_template"]
DERIVATIVES = "def d_tanh(v):\n    return 1 - v ** 2\n\n\ndef d_sigmoid(v):\n    return v * (1 - v)\n\n\n"
WITH_DERIVATIVES = (
    TEMPLATE.replace("(1 - np.square(np.tanh(c_next)))", "d_tanh(np.tanh(c_next))")
    .replace("(1 - np.square(cct))", "d_tanh(cct)")
    .replace("da_next) * it * (1 - it)", "da_next) * d_sigmoid(it)")
    .replace("def lstm_cell_backward", f"{DERIVATIVES}def lstm_cell_backward")
)
WITH_SIGMOID = TEMPLATE.replace("def lstm_cell_forward", "def sigmoid(v):\n    return 1 / (1 + np.exp(-v))\n\n\ndef lstm_cell_forward")
F, I = ("np.dot(Wf, concat) + bf", "np.dot(Wi, concat) + bi")  # noqa: E741 - the gates
HELPERS = [
    ("return 1 - v ** 2", "return 1 - v", "wrong-activation-derivative"),
    ("return 1 - v ** 2", "return 1 - np.tanh(v) ** 2", "wrong-activation-derivative"),
    ("return 1 - v ** 2", "return 1 + v ** 2", "sign-flipped"),
    ("return 1 - v ** 2", "return np.tanh(v)", "activation-derivative-missing"),
]


@pytest.mark.parametrize(("before", "after", "id_"), HELPERS, ids=[after for _, after, _ in HELPERS])
def test_the_helpers_own_line_is_told(before: str, after: str, id_: str, told: Tell) -> None:
    """Once, and none of the lines that call it; so it is where it is a lambda."""
    assert told(WITH_DERIVATIVES) == []
    lambda_ = f"d_tanh = lambda v: {after.removeprefix('return ')}\n"
    for text in (WITH_DERIVATIVES.replace(before, after), WITH_DERIVATIVES.replace(f"def d_tanh(v):\n    {before}\n", lambda_)):
        (said,) = told(text)
        assert (said.id, said.proof) == (id_, "proved")
        assert after.removeprefix("return ") in text.split("\n")[said.line - 1]


def test_two_lines_that_take_an_activation_for_what_goes_into_it(told: Tell) -> None:
    """Neither of them is said to come out wrong: the first is right of what the helper should be given."""
    slope = "w = np.exp(-v)\n    return w / (1 + w) ** 2"
    (said,) = told(WITH_DERIVATIVES.replace("return v * (1 - v)", slope).replace("da_next) * ft * (1 - ft)", "da_next) * d_sigmoid(ft)"))
    assert "comes out wrong" not in said.says


LOGIT = r"np.log(\1 / (1 - \1))"
OF_WHAT_GOES_IN = re.sub(
    r"da_next\) \* (ft|it) \* \(1 - \1\)",
    rf"da_next) * d_sigmoid({LOGIT})",
    WITH_DERIVATIVES.replace("da_next) * d_sigmoid(it)", "da_next) * it * (1 - it)")
    .replace("d_tanh(np.tanh(c_next))", "d_tanh(c_next)")
    .replace("d_tanh(cct)", "d_tanh(np.arctanh(cct))"),
)
TANH, SIGMOID = "1 - np.tanh(v) ** 2", "1 / (1 + np.exp(-v)) * (1 - 1 / (1 + np.exp(-v)))"
RIGHT = OF_WHAT_GOES_IN.replace("1 - v ** 2", TANH).replace("v * (1 - v)", SIGMOID)
SLOPES = [
    (TANH, "1 - v ** 2", "1 - v ** 2 has v without its tanh"),
    (TANH, "np.tanh(v)", "np.tanh(v) has np.tanh(v) itself in place of its derivative"),
    (SIGMOID, "v * (1 - v)", "v * (1 - v) has v without its sigmoid at 2 places"),
]


@pytest.mark.parametrize(("right", "wrong", "says"), SLOPES, ids=[wrong for _, wrong, _ in SLOPES])
def test_a_derivative_that_is_wrong_at_all_its_calls_is_told_once(right: str, wrong: str, says: str, told: Tell) -> None:
    """All of them hand over what goes into the activation, made anew: the helper's line is told, and none of theirs."""
    assert told(RIGHT) == []
    text = RIGHT.replace(f"return {right}", f"return {wrong}")
    (said,) = told(text)
    assert (said.proof, said.says, said.line) == ("proved", says, line_of(text, f"return {wrong}"))


def test_a_slip_of_a_line_that_calls_it_is_told_too(told: Tell) -> None:
    """The helper makes up for the other lines, and not for this one."""
    text = WITH_DERIVATIVES.replace("return 1 - v ** 2", "return 1 - np.tanh(v) ** 2").replace("da_next) * ft * (1 - ft)", "da_next) * ft")
    said = told(text)
    lines = [text.split("\n")[one.line - 1].strip() for one in said]
    assert [line.partition(" ")[0] for line in lines] == ["return", "dft"]
    assert [one.proof for one in said] == ["proved", "proved"]


def test_a_sigmoid_that_works_is_not_to_blame_for_its_calls(told: Tell) -> None:
    """Two gates with each other's weights, or exchanged as a whole, are told at their own lines."""
    swapped = WITH_SIGMOID.replace(f"ft = sigmoid({F})", f"ft = sigmoid({I})").replace(f"it = sigmoid({I})", f"it = sigmoid({F})")
    (said,) = told(swapped)
    assert (said.id, said.proof) == ("name-replaced", "proved")
    assert "are given each other's values" in said.says
    weights = WITH_SIGMOID.replace(F, "np.dot(Wi, concat) + bf").replace(I, "np.dot(Wf, concat) + bi")
    product = weights.replace("c_next = ft * c_prev + it * cct", "c_next = ft * c_prev * it * cct")
    assert [(one.id, one.proof) for one in told(product)][:2] == [("gate-swapped", "proved")] * 2


METHODS = """
import numpy as np

class Tanh:
    def of(self, v):
        return np.sinh(v)

class Slope:
    def of(self, a):
        return 1 - a ** 2

def rnn_cell_forward(xt, a_prev, parameters):
    a_next = Tanh().of(parameters["Wax"] @ xt + parameters["Waa"] @ a_prev + parameters["ba"])
    return a_next, softmax(parameters["Wya"] @ a_next + parameters["by"]), (a_next, a_prev, xt, parameters)

def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    dz = Slope().of(a_next) * da_next
    dWax, dWaa = dz @ xt.T, dz @ a_prev.T
    return {"dxt": parameters["Wax"].T @ dz, "da_prev": parameters["Waa"].T @ dz, "dWax": dWax, "dWaa": dWaa, "dba": np.sum(dz)}
"""


class _Counted(Harness):
    programs = 0

    @contextmanager
    def holding(self, pieces: Sequence[Piece]) -> Generator[Harness]:
        """What runs another program, which is counted."""
        self.programs += 1
        with super().holding(pieces) as other:
            yield other


def test_a_method_of_another_class_is_not_edited_for_a_function_that_only_calls_one_of_its_name() -> None:
    """That function is asked for what it gives, and whether it comes to the line; no edit of the line is tried."""
    pieces = pieces_of(METHODS)
    host = _Counted(pieces, PARTS)
    piece, _, line = next(one for one in lines_of(pieces, "rnn_cell_forward") if "sinh" in ast.unparse(one[2]))
    here, other = (Mending(host, pieces, name, case(name, SIZES[0], 0), traced=False) for name in ("rnn_cell_forward", "rnn_cell_backward"))
    found = finding_at(piece, line, here.function, "activation-wrong", "", hints=("", "", ""), within="Tanh.of")
    assert at_work_elsewhere([other], here, (found,)) == frozenset()
    assert host.programs == 2


WRONG_CALLS = [
    (
        WITH_SIGMOID,
        "return 1 / (1 + np.exp(-v))",
        "return 1 / (1 + np.exp(v))",
        f"it = sigmoid({I})",
        "it = sigmoid(np.dot(Wi, concat) + bf)",
    ),
    (
        WITH_DERIVATIVES.replace("da_next) * ft * (1 - ft)", "da_next) * d_sigmoid(ft)"),
        "return v * (1 - v)",
        "return v * (1 + v)",
        "da_next) * d_sigmoid(it)",
        "da_next) * d_sigmoid(cct)",
    ),
]


@pytest.mark.parametrize("slips", WRONG_CALLS, ids=["sigmoid", "derivative"])
def test_what_one_call_hands_a_wrong_helper_is_told_beside_it(slips: tuple[str, ...], told: Tell) -> None:
    """The right value at the helper's line would make up for that call; with the helper alone mended the function is still wrong."""
    text, right, wrong, call, handed = slips
    both = text.replace(right, wrong).replace(call, handed)
    said = told(both)
    lines = [both.split("\n")[one.line - 1] for one in said]
    assert wrong in lines[0]
    assert handed in lines[1]
    assert [one.proof for one in said] == ["proved", "proved"]
    (alone,) = told(text.replace(right, wrong))
    assert (alone.line, alone.proof) == (said[0].line, "proved")


def test_what_a_helper_is_handed_to_call_is_no_part_of_the_proof(told: Tell) -> None:
    """Its line lacks the bias at each gate, and one gate hands in the wrong activation."""
    gate = "def gate(w, b, v, act):\n    return act(np.dot(w, v))\n\n\ndef lstm_cell_forward"
    one = WITH_SIGMOID.replace("def lstm_cell_forward", gate).replace("np.tanh(np.dot(Wc, concat) + bc)", "gate(Wc, bc, concat, np.tanh)")
    for letter in "fio":
        one = one.replace(f"sigmoid(np.dot(W{letter}, concat) + b{letter})", f"gate(W{letter}, b{letter}, concat, sigmoid)")
    (said,) = told(one)
    both = one.replace("gate(Wc, bc, concat, np.tanh)", "gate(Wc, bc, concat, sigmoid)")
    first, second = told(both)
    assert (first.line, first.id, first.proof) == (said.line, "term-dropped", "proved")
    assert "cct = gate" in both.split("\n")[second.line - 1]


@pytest.mark.parametrize("given", ["0", "ba"])
def test_what_a_helper_does_not_use_is_told_once(given: str, told: Tell) -> None:
    """Also where one call has nothing to give it: two calls then go through it with an array, and a state in between."""
    terms = f"affine(Wax, xt, {given}) + " + ("np.dot(Waa, a_prev)" if given == "ba" else "affine(Waa, a_prev, ba)")
    text = edited(
        ("rnn_cell_forward", "np.dot(Wax, xt) + np.dot(Waa, a_prev) + ba", terms),
        ("rnn_cell_forward", "np.dot(Wya, a_next) + by", "affine(Wya, a_next, by)"),
        ("rnn_cell_forward", "def rnn_cell_forward", "def affine(W, v, b):\n    return np.dot(W, v)\n\n\ndef rnn_cell_forward"),
    )
    (said,) = told(text)
    assert (said.id, said.proof, said.line) == ("term-dropped", "proved", line_of(text, "return np.dot(W, v)"))
    assert said.says == "affine does not use b: a term is missing from what it returns"


GATE = "def gate(w, b, v, act):\n    return act(np.dot(w, v) + b)\n\n\ndef lstm_cell_forward"
WITH_GATE = re.sub(
    r"(sigmoid|np\.tanh)\(np\.dot\((W[fico]), concat\) \+ (b[fico])\)",
    r"gate(\2, \3, concat, \1)",
    WITH_SIGMOID.replace("def lstm_cell_forward", GATE),
)
ALONE = [
    (WITH_GATE, "return act(np.dot(w, v) + b)", "return np.dot(w, v) + b"),
    (WITH_GATE, "return act(np.dot(w, v) + b)", "return np.tanh(np.dot(w, v) + b)"),
]


@pytest.mark.parametrize(("text", "right", "wrong"), ALONE, ids=["not called", "another called"])
def test_a_helper_that_does_without_what_it_is_handed_is_told_alone(text: str, right: str, wrong: str, told: Tell) -> None:
    """What most calls lack is not what each lacks: no call is told for the one that is handed something else."""
    slipped = text.replace(right, wrong)
    (said,) = told(slipped)
    assert wrong in slipped.split("\n")[said.line - 1]
    assert said.proof == "proved"
