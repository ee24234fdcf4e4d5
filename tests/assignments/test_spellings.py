"""Other right spellings of an equation are right: each, put into the reference, gives the same gradients."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.assignments.assignment import compiled

Draw = Callable[..., dict[str, NDArray[Any]]]


def _gradients(draws: dict[str, Draw], edit: tuple[str, str, str] | None = None) -> dict[str, NDArray[Any]]:
    """What the program's two cells return on problems of different sizes, one equation (function, quantity) spelled otherwise."""
    edited = {}
    if edit:
        function, quantity, spelling = edit
        text = "\n".join(SEQUENCE_MODELS.functions[function])
        text, count = re.subn(rf"^    {quantity} = .*$", f"    {quantity} = {spelling}", text, flags=re.MULTILINE)
        assert count == 1, quantity
        edited[function] = compiled(tuple(text.splitlines()))
    space = SEQUENCE_MODELS.namespace(edited)
    results = {}
    for kind, draw in draws.items():
        drawn = draw(seed=11, steps=1)
        xt, a_prev = drawn["x"][:, :, 0], drawn["a0"]
        upstream = list(np.random.default_rng(12).normal(size=(3, *a_prev.shape)))
        states = [a_prev, upstream.pop()] if kind == "lstm" else [a_prev]
        *_, cache = space[f"{kind}_cell_forward"](xt, *states, drawn)
        gradients = space[f"{kind}_cell_backward"](*upstream[: len(states)], cache)
        results.update({f"{kind} {name}": gradient for name, gradient in gradients.items()})
    return results


def _far(got: dict[str, NDArray[Any]], expected: dict[str, NDArray[Any]]) -> set[str]:
    return {name for name in expected if np.max(np.abs(got[name] - expected[name])) > 1e-12 * np.max(np.abs(expected[name]))}


def _listed(table: Any) -> list[tuple[str, str, str]]:  # noqa: ANN401 - a mapping from (function, quantity) to texts
    return [(function, quantity, text) for (function, quantity), texts in table.items() for text in texts]


@pytest.mark.parametrize("edit", _listed(SEQUENCE_MODELS.spellings))
def test_every_spelling_is_right(rnn_problem: Draw, lstm_problem: Draw, edit: tuple[str, str, str]) -> None:
    """A spelling gives every gradient to 1e-12."""
    draws = {"rnn": rnn_problem, "lstm": lstm_problem}
    assert _far(_gradients(draws, edit), _gradients(draws)) == set()


MISPRINTS = {site: tuple(text for text, _ in misprints) for site, misprints in SEQUENCE_MODELS.misprints.items()}


@pytest.mark.parametrize("edit", _listed(MISPRINTS))
def test_every_misprint_is_wrong(rnn_problem: Draw, lstm_problem: Draw, edit: tuple[str, str, str]) -> None:
    """A misprint of the course changes the gradients of its own gate's parameters, so it can be told from a spelling."""
    draws = {"rnn": rnn_problem, "lstm": lstm_problem}
    letter = {"dft": "f", "dit": "i", "dcct": "c", "dot": "o"}[edit[1]]
    assert _far(_gradients(draws, edit), _gradients(draws)) == {f"lstm {name}" for name in ("dxt", "da_prev", f"dW{letter}", f"db{letter}")}
