"""The stand-ins that a learner's function is run among: the reference's functions, and four chains that join a forward to a backward.

A chain calls the forward function and hands its caches straight to the backward function, within one run: caches may then hold anything,
share memory, and be laid out in any way, as long as the two functions fit each other. ``lstm_backward_twice`` and its like call a function
a second time with equal arguments and return the second answer: a function that keeps something between its calls shows itself.
``a_cell_held`` calls a cell a second time with other arguments, and returns the first answer as it was and as it is then: a cell that
hands out the same object at every call shows itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from whygrad.assignments import SEQUENCE_MODELS

if TYPE_CHECKING:
    from whygrad.sandbox.requests import Value

_CHAINS = {
    "rnn_cell_chain": """
def rnn_cell_chain(xt, a_prev, parameters, da_next):
    a_next, yt_pred, cache = rnn_cell_forward(xt, a_prev, parameters)
    return rnn_cell_backward(da_next, cache)
""",
    "rnn_chain": """
def rnn_chain(x, a0, parameters, da):
    a, y_pred, caches = rnn_forward(x, a0, parameters)
    return rnn_backward(da, caches)
""",
    "lstm_cell_chain": """
def lstm_cell_chain(xt, a_prev, c_prev, parameters, da_next, dc_next):
    a_next, c_next, yt_pred, cache = lstm_cell_forward(xt, a_prev, c_prev, parameters)
    return lstm_cell_backward(da_next, dc_next, cache)
""",
    "lstm_chain": """
def lstm_chain(x, a0, parameters, da):
    a, y, c, caches = lstm_forward(x, a0, parameters)
    return lstm_backward(da, caches)
""",
}

FUNCTIONS: tuple[str, ...] = tuple(SEQUENCE_MODELS.vocabulary.roles)
"""The eight functions, in the notebook's order."""
ARGUMENTS: dict[str, tuple[str, ...]] = {name: SEQUENCE_MODELS.arguments(name) for name in FUNCTIONS}
"""The course's names of each function's arguments."""


def _twice(function: str) -> str:
    given = ", ".join(ARGUMENTS[function])
    return f"""
def {function}_twice({given}):
    from copy import deepcopy
    {function}(*deepcopy(({given})))
    return {function}({given})
"""


_HELD = """
def a_cell_held(name, given, others):
    from copy import deepcopy
    def inside(value):
        if isinstance(value, (tuple, list)):
            return [inside(item) for item in value]
        if isinstance(value, dict):
            return {key: inside(item) for key, item in value.items()}
        return inside(vars(value)) if hasattr(value, "__dict__") and not hasattr(value, "shape") else value
    cells = (rnn_cell_forward, rnn_cell_backward, lstm_cell_forward, lstm_cell_backward)
    cell = dict(zip(("rnn_cell_forward", "rnn_cell_backward", "lstm_cell_forward", "lstm_cell_backward"), cells))[name]
    first = cell(*given)
    before = deepcopy(inside(first))
    cell(*others)
    return before, inside(first)
"""


PARTS: dict[str, str] = {
    **{name: "\n".join(lines) for name, lines in SEQUENCE_MODELS.functions.items() if not name.endswith("_check")},
    **{name: text.strip() for name, text in _CHAINS.items()},
    **{f"{name}_twice": _twice(name).strip() for name in FUNCTIONS},
    "a_cell_held": _HELD.strip(),
}
"""By name, the text of every stand-in: the eight functions, sigmoid and softmax, the four chains, and functions called twice."""


@dataclass(frozen=True, slots=True)
class Chain:
    """What a chain is called with, and the functions that are the learner's in it."""

    arguments: tuple[Value, ...]
    own: frozenset[str]


def partner(function: str) -> str:
    """The backward function of a forward function, and the other way round."""
    return function.replace("backward", "forward") if "backward" in function else function.replace("forward", "backward")


def cell_of(function: str) -> str:
    """The function of one step that a function of a whole sequence calls; a cell is its own."""
    return function if "cell" in function else function.replace("_", "_cell_", 1)


def chain_of(function: str) -> str:
    """The chain that a function stands in."""
    return function.replace("forward", "chain").replace("backward", "chain")
