"""How a piece of an equation is called in a sentence."""

from __future__ import annotations

import pytest

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.mistakes import Site
from whygrad.mistakes.words import called, named

SITE = Site(SEQUENCE_MODELS, "lstm_cell_backward", 1, "    dc = dc_next")


@pytest.mark.parametrize(
    ("piece", "words"),
    [
        ("ft", "the forget gate"),
        (" ft ", "the forget gate"),
        ("1", "the 1"),
        ("1 - it", "a part of the derivative of the update gate"),
        ("1 - cct ** 2", "the derivative of the tanh that made the candidate"),
        ("1 - np.tanh(c_next) ** 2", "the derivative of the tanh of the cell state of this step"),
        ("np.tanh(c_next)", "the tanh of the cell state of this step"),
        ("a_next ** 2", "the square of the hidden state of this step"),
        ("dc_next * it", "the product with the gradient that comes in at the cell state"),
        ("ot * (1 - np.tanh(c_next) ** 2) * it * da_next", "the path through the hidden state"),
        ("np.dot(Wf[:, :n_a].T, dft)", "the product with the forget gate's weight"),
        ("np.dot(Wo, concat)", "the product with the output gate's weight"),
        ("np.concatenate((xt, a_prev), axis=0)", "the part with the input of this step"),
        ("sigmoid(2)", "the part with a number"),
    ],
)
def test_a_piece_is_called_by_what_it_means(piece: str, words: str) -> None:
    """No code is left of it, and ``dot`` in ``np.dot`` is not taken for the output gate's gradient."""
    assert called(piece, SITE) == words


def test_a_name_comes_with_its_meaning() -> None:
    """What a learner wrote is given by name, with what it stands for where that is known."""
    assert named("c_prev", SITE) == "c_prev (the cell state of the step before)"
    assert named("Wya", SITE) == "Wya"
