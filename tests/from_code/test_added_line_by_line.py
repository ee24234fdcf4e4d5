"""Sums that are built up line by line, and products by letters: what is wrong in one of the lines has its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import line_of, slipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

DXT = (
    "    dxt = np.dot(parameters['Wf'][:, n_a:].T, dft) + np.dot(parameters['Wi'][:, n_a:].T, dit)"
    " + np.dot(parameters['Wc'][:, n_a:].T, dcct) + np.dot(parameters['Wo'][:, n_a:].T, dot)\n"
)
DA_PREV = DXT.replace("dxt", "da_prev").replace("n_a:", ":n_a")
ONE_BY_ONE = (
    "    dxt = np.dot(parameters['Wf'][:, n_a:].T, dft)\n    dxt += np.dot(parameters['Wi'][:, n_a:].T, dit)\n"
    "    dxt += np.dot(parameters['Wc'][:, n_a:].T, dcct)\n    dxt += np.dot(parameters['Wo'][:, n_a:].T, dot)\n"
)


def test_a_line_copied_from_the_one_above(told: Callable[[str], list[Told]]) -> None:
    """The update gate's part is added twice, and the candidate's never: told at the line that was not changed, with the one above."""
    copied = ONE_BY_ONE.replace("['Wc'][:, n_a:].T, dcct", "['Wi'][:, n_a:].T, dit")
    text = slipped("course_template", (DXT, copied))
    (one,) = told(text)
    above = line_of(text, "    dxt += ")
    assert (one.line, one.id, one.proof) == (above + 1, "term-repeated", "proved")
    assert one.says == f"the same is added to dxt twice, here and at line {above}, and another part of the sum is missing"
    assert not told(slipped("course_template", (DXT, ONE_BY_ONE)))


@pytest.mark.parametrize("order", ["foiic", "oiif"])
def test_a_line_that_stands_there_twice_is_told_at_one_of_the_two(told: Callable[[str], list[Told]], order: str) -> None:
    """And not at the last line of the sum, which is innocent; whether another gate's is missing or not."""
    gradients = {"f": "dft", "i": "dit", "c": "dcct", "o": "dot"}
    lines = {gate: f"    dxt += np.dot(parameters['W{gate}'][:, n_a:].T, {gradients[gate]})\n" for gate in order}
    text = slipped("course_template", (DXT, "".join(["    dxt = np.zeros_like(xt)\n", *(lines[gate] for gate in order)])))
    (one,) = told(text)
    assert (one.line, one.id) == (line_of(text, lines["i"]) + 1, "term-repeated")


def test_a_pair_that_a_loop_goes_over_twice(told: Callable[[str], list[Told]]) -> None:
    """It is told where the pairs are written out; a line is not said to add what it adds itself."""
    right = (
        "    dxt = np.zeros_like(xt)\n    for k, d in [('o', dot), ('c', dcct), ('i', dit), ('f', dft)]:\n"
        "        dxt += np.dot(parameters['W' + k][:, n_a:].T, d)\n"
    )
    text = slipped("course_template", (DXT, right.replace("('c', dcct)", "('i', dit)")))
    (one,) = told(text)
    assert (one.line, one.id) == (line_of(text, "    for k, d in"), "name-replaced")
    assert not told(slipped("course_template", (DXT, right)))


@pytest.mark.parametrize("in_turn", [False, True])
def test_one_line_of_a_sum_as_it_stands_in_the_other(told: Callable[[str], list[Told]], *, in_turn: bool) -> None:
    """A term of da_prev where one of dxt belongs is one mistake, told where dxt has its turn."""
    dxt, da_prev = ONE_BY_ONE.splitlines(), [line.replace("dxt", "da_prev").replace("n_a:", ":n_a") for line in ONE_BY_ONE.splitlines()]
    lines = [line for pair in zip(dxt, da_prev, strict=True) for line in pair] if in_turn else [*da_prev, *dxt]
    wrong = lines.index(dxt[2])
    lines[wrong] = da_prev[2]
    text = slipped("course_template", (DXT, ""), (DA_PREV, "\n".join([*lines, ""])))
    (one,) = told(text)
    assert (one.line, one.id, one.proof) == (line_of(text, "\n".join(lines)) + wrong, "accumulator-copied", "proved")
    assert one.says.endswith("and a part of the sum is missing from dxt")


def test_letters_of_the_result_in_the_other_order(told: Callable[[str], list[Told]]) -> None:
    """No two names have changed places in such a line."""
    after = '"dWaa": einsum("im,jm->ji", delta, a_prev),'
    text = slipped("einsum_lists", ('"dWaa": einsum("im,jm->ij", delta, a_prev),', after))
    (one,) = told(text)
    assert (one.line, one.id, one.says) == (line_of(text, after), "transpose-wrong", "dWaa comes out with rows and columns exchanged")


def test_the_hidden_state_in_place_of_the_tanh(told: Callable[[str], list[Told]]) -> None:
    """The output gate is then there twice, but no square is written in the line."""
    (one,) = told(slipped("course_template", ("dot = da_next * np.tanh(c_next) * ot", "dot = da_next * a_next * ot")))
    assert one.says == "dot has a factor too many: ot"


def test_a_square_around_the_bracket_is_another_derivative(told: Callable[[str], list[Told]]) -> None:
    """Where it is taken by a function, too: no derivative is missing there."""
    text = slipped("course_template", ("(1 - a_next ** 2) * da_next", "np.square(1 - a_next) * da_next"))
    assert [one.id for one in told(text)] == ["wrong-activation-derivative"]


def test_letters_in_the_other_order_before_a_reshape(told: Callable[[str], list[Told]]) -> None:
    """Nor where the shape is right again, since what came out was laid out anew."""
    after = '"dWax": einsum("im,jm->ji", delta, xt).reshape(len(a_prev), -1),'
    (one,) = told(slipped("einsum_lists", ('"dWax": einsum("im,jm->ij", delta, xt),', after)))
    assert (one.id, one.says) == ("transpose-wrong", "dWax has rows and columns exchanged, and is given its shape only then")
