"""Sums that are built up line by line, and products by letters: what is wrong in one of the lines has its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slipping import line_of, slipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

DXT = (
    "    dxt = np.dot(parameters['Wf'][:, n_a:].T, dft) + np.dot(parameters['Wi'][:, n_a:].T, dit)"
    " + np.dot(parameters['Wc'][:, n_a:].T, dcct) + np.dot(parameters['Wo'][:, n_a:].T, dot)\n"
)
ONE_BY_ONE = (
    "    dxt = np.dot(parameters['Wf'][:, n_a:].T, dft)\n    dxt += np.dot(parameters['Wi'][:, n_a:].T, dit)\n"
    "    dxt += np.dot(parameters['Wc'][:, n_a:].T, dcct)\n    dxt += np.dot(parameters['Wo'][:, n_a:].T, dot)\n"
)


def test_a_line_copied_from_the_one_above(told: Callable[[str], list[Told]]) -> None:
    """The update gate's part is added twice, and the candidate's never: told at the line that was not changed, as that of another gate."""
    copied = ONE_BY_ONE.replace("['Wc'][:, n_a:].T, dcct", "['Wi'][:, n_a:].T, dit")
    text = slipped("course_template", (DXT, copied))
    (one,) = told(text)
    assert (one.line, one.id, one.proof) == (line_of(text, "    dxt += ") + 1, "gate-swapped", "proved")
    assert not told(slipped("course_template", (DXT, ONE_BY_ONE)))


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
