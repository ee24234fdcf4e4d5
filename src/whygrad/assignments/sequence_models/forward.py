"""The forward functions by themselves: the same program, with the checks that print what it computes on the way to the gradients.

``PRINTED`` and ``KEYS`` as in `keys`; the course's own numbers, which a right program prints. It is an assignment of its own to whoever
reads a text or searches: of gradients and of states the notebook prints in different cells, and people post one or the other.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.assignments.sequence_models.habits import HABITS
from whygrad.assignments.sequence_models.names import VOCABULARY

if TYPE_CHECKING:
    from whygrad.assignments.assignment import Assignment

PRINTED: dict[str, tuple[tuple[str, tuple[int, ...]], ...]] = {
    "rnn_cell_forward": (("a_next", (4,)), ("yt_pred", (1,))),
    "rnn_forward": (("a", (4, 1)), ("y_pred", (1, 3)), ("caches", (1, 1, 3))),
    "lstm_cell_forward": (("a_next", (4,)), ("c_next", (2,)), ("yt", (1,)), ("cache", (1, 3))),
    "lstm_forward": (("a", (4, 3, 6)), ("y", (1, 4, 3)), ("caches", (1, 1, 1)), ("c", (1, 2, 1))),
}

KEYS: dict[str, dict[str, dict[str, str]]] = {
    "rnn_cell_forward": {
        "new": {
            "a_next": (
                "[ 0.59584544  0.18141802  0.61311866  0.99808218  0.85016201  0.99980978 -0.18887155  0.99815551  0.6531151   0.82872037]"
            ),
            "yt_pred": (
                "[ 0.9888161   0.01682021  0.21140899  0.36817467  0.98988387  0.88945212  0.36920224  0.9966312   0.9982559   0.17746526]"
            ),
        },
    },
    "rnn_forward": {
        "new": {
            "a": "[-0.99999375  0.77911235 -0.99861469 -0.99833267]",
            "y_pred": "[ 0.79560373  0.86224861  0.11118257  0.81515947]",
            "caches": "[-1.1425182  -0.34934272 -0.20889423  0.58662319]",
        },
    },
    "lstm_cell_forward": {
        "new": {
            "a_next": (
                "[-0.66408471  0.0036921   0.02088357  0.22834167 -0.85575339  0.00138482  0.76566531  0.34631421 -0.00215674  0.43827275]"
            ),
            "c_next": (
                "[ 0.63267805  1.00570849  0.35504474  0.20690913 -1.64566718  0.11832942  0.76449811 -0.0981561  -0.74348425 -0.26810932]"
            ),
            "yt": (
                "[ 0.79913913  0.15986619  0.22412122  0.15606108  0.97057211  0.31146381  0.00943007  0.12666353  0.39380172  0.07828381]"
            ),
            "cache": (
                "[-0.16263996  1.03729328  0.72938082 -0.54101719  0.02752074 -0.30821874  0.07651101 -1.03752894  1.41219977 -0.37647422]"
            ),
        },
    },
    "lstm_forward": {
        "new": {
            "a": "0.172117767533",
            "y": "0.95087346185",
            "caches": "[ 0.82797464  0.23009474  0.76201118 -0.22232814 -0.20075807  0.18656139  0.41005165]",
            "c": "-0.855544916718",
        },
    },
}

_WORDS = {
    "yt_pred": "the prediction of this step",
    "y_pred": "the array of all predictions",
    "y": "the array of all predictions",
    "Wya": "the prediction's weight",
    "Wy": "the prediction's weight",
    "by": "the prediction's bias",
}
_PREDICTION = "the prediction is the softmax of {weight} a⟨t⟩ + by, one distribution over the classes for each example"
_MATHEMATICS = {
    ("rnn_cell_forward", "yt_pred"): _PREDICTION.format(weight="Wya"),
    ("lstm_cell_forward", "yt_pred"): _PREDICTION.format(weight="Wy"),
}

_HABITS = {
    # A view shows here only where it is zero at its step: what begins or goes on from zero is likelier, and was counted with the views.
    ("view-of-output: <state> = <states>[:, :, 0]", "c_prev"): 0.5,
    ("view-of-output", "a_prev"): 0.5,
    ("view-of-output", ""): 0.5,
    ("initial-state-wrong: <state> = np.zeros((n_a, m), dtype)", "a_next"): 4,
}


def forward_of(whole: Assignment, checks: str) -> Assignment:
    """The assignment with the forward functions' checks in place of its own."""
    vocabulary = replace(VOCABULARY, words={**VOCABULARY.words, **_WORDS}, mathematics={**VOCABULARY.mathematics, **_MATHEMATICS})
    return replace(
        whole,
        id=f"{whole.id}-forward",
        checks=checks,
        printed=PRINTED,
        keys=KEYS,
        wrong_keys={},
        vocabulary=vocabulary,
        habits={**HABITS, **_HABITS},
    )
