"""Our own inputs for the eight functions, and what the reference program answers to them.

A mistake must show: all sizes differ, every step has a random upstream gradient, caches begin from a random cell state. The course's own
check has none of that, so it hides half of the mistakes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.assignments.sequence_models.arguments import LSTM_PARAMETERS, RNN_PARAMETERS
from whygrad.from_code.reference.parts import PARTS, cell_of, chain_of, partner

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from whygrad.sandbox.requests import Value

Sizes = tuple[int, int, int, int, int, int]
SIZES: tuple[Sizes, Sizes] = ((2, 4, 3, 8, 7, 5), (4, 3, 6, 2, 5, 5))
"""n_x, n_a, m, n_y, T_x, T of the two cases that every function must get right. n_a + n_x differs too.

An LSTM's ``da`` has T steps, shorter than T_x in the first case and as long in the second; an RNN has T steps in all.
"""
SIZE_NAMES = ("n_x", "n_a", "m", "n_y", "T_x")
"""The course's names of the first five."""
COURSE_SIZES: Sizes = (3, 5, 10, 2, 7, 4)
"""The notebook's own."""
LARGE, SATURATED, SHARP = 30.0, 5.0, 12.0
"""Unlike in the first case, gradients from outside are so many times larger, and the first example's input, and what predicts.

What is cut off at a bound shows there: gradients, as the next assignment does it, or what goes into an activation or comes out of it.
"""


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One call: the function (or chain), its arguments, and what the reference program returns; equal to itself alone."""

    function: str
    arguments: tuple[Value, ...]
    expected: Value
    unasked: frozenset[str] = frozenset()
    """The outputs or gradients that the learner has still to write: the search asks for the others."""


class Draws:
    """The random arrays of one case, by their names in the assignment; float64, of the given sizes, from an explicit seed."""

    def __init__(self, family: str, sizes: Sizes, seed: int) -> None:
        n_x, n_a, m, n_y, T_x, T = sizes  # noqa: N806 - the course's names
        T_x = T_x if family == "lstm" else T  # noqa: N806 - an RNN's upstream gradient is as long as its input, by the assignment
        known = {"n_x": n_x, "n_a": n_a, "m": m, "n_y": n_y, "1": 1, "n_a + n_x": n_a + n_x}
        draw = np.random.default_rng([seed, *sizes]).standard_normal
        shapes = LSTM_PARAMETERS if family == "lstm" else RNN_PARAMETERS
        self.parameters: dict[str, NDArray[np.float64]] = {
            name: 0.6 * draw(tuple(known[size] for size in shape)) for name, shape in shapes.items()
        }
        self.x, self.xt = draw((n_x, m, T_x)), draw((n_x, m))
        self.a0, self.c0, self.a_prev, self.c_prev = (draw((n_a, m)) for _ in range(4))
        size = 1.0
        if sizes in {SIZES[1], COURSE_SIZES}:
            size, predicts = LARGE, "Wy" if family == "lstm" else "Wya"
            self.x[:, 0], self.xt[:, 0] = SATURATED * self.x[:, 0], SATURATED * self.xt[:, 0]
            self.parameters[predicts] = SHARP * self.parameters[predicts]
        self.da, self.da_next, self.dc_next = size * draw((n_a, m, T)), size * draw((n_a, m)), size * draw((n_a, m))


@cache
def reference() -> SimpleNamespace:
    """The reference program's functions and the chains, ready to be called."""
    space: dict[str, Any] = {"np": np}
    for text in PARTS.values():
        exec(text, space)  # noqa: S102 - our own program
    return SimpleNamespace(**{name: space[name] for name in PARTS})


@cache
def case(function: str, sizes: Sizes, seed: int = 0) -> Case:
    """The case of one of the eight functions or four chains at these sizes.

    Caches are the reference's; those of an LSTM's sequence begin from a random cell state.
    """
    family = function.partition("_")[0]
    draws = Draws(family, sizes, seed)
    arguments = _arguments(function, draws)
    return Case(function, arguments, answer(function, arguments))


def answer(function: str, arguments: tuple[Value, ...]) -> Value:
    """What the reference returns; it changes no argument."""
    with np.errstate(all="ignore"):
        return getattr(reference(), function)(*arguments)


_LARGEST = 2_000
"""Entries of an array that the reference is given: a hundred times those of a check."""


def modest(value: Value, axes: int = 2) -> bool:
    """Whether the reference may be given this: somebody's arrays can be so large that what is computed from them has no room."""
    if isinstance(value, np.ndarray):
        array = cast("NDArray[Any]", value)
        return array.size <= _LARGEST and array.ndim <= axes
    if isinstance(value, dict):
        return all(map(modest, cast("dict[str, Any]", value).values()))
    return all(map(modest, cast("tuple[Any, ...]", value))) if isinstance(value, tuple | list) else True


def upstream(forward: str, what: Case) -> tuple[Value, ...]:
    """Gradients from outside for what a forward function has returned: at its first output, and at an LSTM cell's second."""
    draw = np.random.default_rng([1, *what.arguments[0].shape]).standard_normal
    return tuple(cast("NDArray[Any]", draw(output.shape)) for output in what.expected[: 2 if forward == "lstm_cell_forward" else 1])


def _arguments(function: str, draws: Draws) -> tuple[Value, ...]:
    lstm, cell = function.startswith("lstm"), "cell" in function
    states: tuple[Value, ...] = (draws.xt, draws.a_prev, draws.c_prev) if lstm else (draws.xt, draws.a_prev)
    forward: tuple[Value, ...] = (*states, draws.parameters) if cell else (draws.x, draws.a0, draws.parameters)
    above: tuple[Value, ...] = ((draws.da_next, draws.dc_next) if lstm else (draws.da_next,)) if cell else (draws.da,)
    if function.endswith("forward"):
        return forward
    if function == chain_of(function):
        return (*forward, *above)
    if lstm and not cell:
        return (draws.da, _lstm_caches(draws))
    return (*above, answer(partner(function), forward)[-1])


def _lstm_caches(draws: Draws) -> tuple[list[Value], Value]:
    step: Callable[..., Any] = getattr(reference(), cell_of("lstm_forward"))
    a_next, c_next = draws.a0, draws.c0
    caches: list[Value] = []
    for t in range(draws.x.shape[2]):
        a_next, c_next, _, kept = step(draws.x[:, :, t].copy(), a_next, c_next, draws.parameters)
        caches.append(kept)
    return caches, draws.x


def inputs_of_cells(function: str, sizes: Sizes, seed: int = 0) -> list[tuple[Value, ...]]:
    """What the forward cell is called with to make the caches of a backward function's case, of one step or of all."""
    draws = Draws(function.partition("_")[0], sizes, seed)
    lstm, cell = function.startswith("lstm"), "cell" in function
    step: Callable[..., Any] = getattr(reference(), cell_of(partner(function)))
    states: tuple[Value, ...] = (draws.a_prev, draws.c_prev) if cell else (draws.a0, draws.c0)
    called: list[tuple[Value, ...]] = []
    for xt in (draws.xt,) if cell else (draws.x[:, :, t].copy() for t in range(draws.x.shape[2])):
        called.append((xt, *states[: 2 if lstm else 1], draws.parameters))
        states = step(*called[-1])[:2]
    return called


OUTPUTS: dict[str, tuple[str, ...]] = {
    "rnn_cell_forward": ("a_next", "yt_pred", "cache"),
    "rnn_forward": ("a", "y_pred", "caches"),
    "lstm_cell_forward": ("a_next", "c_next", "yt_pred", "cache"),
    "lstm_forward": ("a", "y", "c", "caches"),
}
"""The course's names of what each forward function returns; the last one is what the backward function reads."""
ENTRIES: dict[str, tuple[str, ...]] = {
    "rnn": ("a_next", "a_prev", "xt", "parameters"),
    "lstm": ("a_next", "c_next", "a_prev", "c_prev", "ft", "it", "cct", "ot", "xt", "parameters"),
}
"""The course's names of the entries of one step's cache."""


def notebook_values(function: str, sizes: Sizes, seed: int = 0) -> dict[str, Value]:
    """The values that the notebook's cells would hold under the course's names, if they had been drawn as those of the case are."""
    draws = Draws(function.partition("_")[0], sizes, seed)
    arrays = {name: value for name, value in vars(draws).items() if name != "parameters"}
    inputs: dict[str, Value] = {**arrays, "parameters": draws.parameters}
    temporary = {f"{name}_tmp": value for name, value in inputs.items()}  # as newer notebooks call them
    return {**inputs, **temporary, **draws.parameters, **dict(zip(SIZE_NAMES, sizes, strict=False))}


@cache
def same_at_every_step(function: str) -> frozenset[str]:
    """The names of ``notebook_values`` that a function can read there and get what its arguments hold, a cell's at every step."""
    names = frozenset(notebook_values(function, COURSE_SIZES))
    each = {"x", "xt", "a0", "c0", "a_prev", "c_prev", "da", "da_next", "dc_next"} if "cell" in function else set[str]()
    return names - each - {f"{name}_tmp" for name in each}


@cache
def names_in_notebook() -> frozenset[str]:
    """The names that the course's cells give to what the functions get as arguments."""
    return frozenset(notebook_values("rnn_forward", COURSE_SIZES)) | frozenset(notebook_values("lstm_forward", COURSE_SIZES))
