"""Other right ways to write an equation, and the course's own misprints.

People write the gradient at the cell state once (``dc``) or spell the sum out in every gate; a mistake in one spelling is not an edit of
the other, so both are kept. A test holds every spelling equal to the reference.
"""

from __future__ import annotations

_THROUGH_H = "ot * (1 - np.tanh(c_next) ** 2)"

SPELLINGS: dict[tuple[str, str], tuple[str, ...]] = {
    ("lstm_cell_backward", "dc"): (f"dc_next + {_THROUGH_H} * da_next",),
    ("lstm_cell_backward", "dcct"): (f"(dc_next * it + {_THROUGH_H} * it * da_next) * (1 - cct ** 2)",),
    ("lstm_cell_backward", "dit"): (f"(dc_next * cct + {_THROUGH_H} * cct * da_next) * it * (1 - it)",),
    ("lstm_cell_backward", "dft"): (f"(dc_next * c_prev + {_THROUGH_H} * c_prev * da_next) * ft * (1 - ft)",),
    ("lstm_cell_backward", "dc_prev"): (f"dc_next * ft + {_THROUGH_H} * ft * da_next",),
    ("rnn_cell_forward", "a_next"): ("np.tanh(np.dot(Waa, a_prev) + np.dot(Wax, xt) + ba)",),
    ("rnn_cell_backward", "dWaa"): ("np.dot(da_next * (1 - a_next ** 2), a_prev.T)",),
    ("rnn_cell_backward", "dWax"): ("np.dot(da_next * (1 - a_next ** 2), xt.T)",),
    ("rnn_cell_backward", "dba"): ("np.sum(da_next * (1 - a_next ** 2), axis=1, keepdims=True)",),
    ("rnn_cell_backward", "dxt"): ("np.dot(Wax.T, da_next * (1 - a_next ** 2))",),
    ("rnn_cell_backward", "da_prev"): ("np.dot(Waa.T, da_next * (1 - a_next ** 2))",),
}

_NO_BRACKET, _TWICE = "the bracket around the sum is missing", "a factor and a second tanh are too many"
MISPRINTS: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {
    ("lstm_cell_backward", "dcct"): (
        (f"dc_next * it + {_THROUGH_H} * it * da_next * cct * (1 - np.tanh(cct) ** 2)", f"{_NO_BRACKET}, and {_TWICE},"),
        (f"(dc_next * it + {_THROUGH_H} * it * da_next) * cct * (1 - np.tanh(cct) ** 2)", _TWICE),
        (f"(dc_next * it + {_THROUGH_H} * it * da_next * cct) * (1 - np.tanh(cct) ** 2)", _TWICE),
    ),
    ("lstm_cell_backward", "dit"): ((f"dc_next * cct + {_THROUGH_H} * cct * da_next * it * (1 - it)", _NO_BRACKET),),
    ("lstm_cell_backward", "dft"): ((f"dc_next * c_prev + {_THROUGH_H} * c_prev * da_next * ft * (1 - ft)", _NO_BRACKET),),
}
"""By (function, quantity), each with what is wrong in it."""

_LSTM_WEIGHTS = " Wf:5,8 bf:5,1 Wi:5,8 bi:5,1 Wo:5,8 bo:5,1 Wc:5,8 bc:5,1"
STALE: dict[str, str] = {
    "rnn_forward": "x:3,10,4 a0:5,10 Waa:5,5 Wax:5,3 Wya:2,5 ba:5,1",
    "rnn_forward, unseeded": "earlier:137 x:3,10,4 a0:5,10 Waa:5,5 Wax:5,3 Wya:2,5 ba:5,1",
    "rnn_cell_backward": "xt:3,10 a_prev:5,10 Wax:5,3 Waa:5,5 Wya:2,5 ba:5,1 others:2,1 da_next:5,10",
    "rnn_backward": "x:3,10,4 a0:5,10 Wax:5,3 Waa:5,5 Wya:2,5 ba:5,1",
    "lstm_cell_backward": "xt:3,10 a_prev:5,10 c_prev:5,10" + _LSTM_WEIGHTS + " others:2,6 da_next:5,10 dc_next:5,10",
    "lstm_backward": "x:3,10,7 a0:5,10" + _LSTM_WEIGHTS,
}
"""What the cells of the notebook leave behind: the variables, in the order in which each cell draws them from seed 1.

``others`` stands for what the predictions are made with, which no gradient needs. A cell of rnn_forward that has lost its seed line goes on
in the stream of the cell before it, which has drawn 137 numbers.
"""
