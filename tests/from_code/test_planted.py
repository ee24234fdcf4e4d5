"""Every way to get a function wrong that the mistakes' room knows: just the edited function is judged wrong."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np
import pytest

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.assignments.assignment import compiled
from whygrad.from_code.reference.parts import FUNCTIONS, PARTS
from whygrad.mistakes import OPERATORS, Edit, Site

if TYPE_CHECKING:
    from conftest import Bench

SAMPLE = 5
"""Edits of each function that are planted here; more of them were once, and a benchmark does so."""


def changes_what_is_printed(function: str, text: str) -> bool:
    """Whether the course's check gets other gradients, or none."""
    check = function.replace("forward", "backward")
    right = SEQUENCE_MODELS.run_check(check)
    try:
        got = SEQUENCE_MODELS.run_check(check, {function: compiled(tuple(text.splitlines()))})
    except Exception:  # noqa: BLE001 - an edit may raise anything
        return True
    return any(np.shape(got[key]) != right[key].shape or not np.allclose(got[key], right[key], rtol=1e-9, atol=0) for key in right)


def planted(function: str) -> list[tuple[Edit, str]]:
    """A few edits of a function by different operators, with its text."""
    rng = random.Random(function)
    lines = SEQUENCE_MODELS.functions[function]
    sites = [Site(SEQUENCE_MODELS, function, number, line) for number, line in enumerate(lines)]
    made: list[tuple[Edit, str]] = []
    for operator in rng.sample(list(OPERATORS.values()), len(OPERATORS)):
        edits = [edit for site in rng.sample(sites, len(sites)) for edit in operator.at(site)]
        edits = [edit for edit in edits if all(name == function for name, _, _ in edit.lines) and "stale(" not in str(edit.lines)]
        if edits and len(made) < SAMPLE:
            edit = rng.choice(edits)
            new = dict(enumerate(lines)) | {number: text for _, number, text in edit.lines}
            text = "\n".join(text for text in new.values() if text)
            if changes_what_is_printed(function, text):
                made.append((edit, text))
    return made


@pytest.mark.parametrize("function", FUNCTIONS)
def test_just_the_edited_function_is_wrong(bench: Bench, function: str) -> None:
    """Of all eight, the edited one alone is not right."""
    for edit, text in planted(function):
        judged = bench.edited((function, PARTS[function], text))
        assert [one.function for one in judged.values() if one.verdict != "right"] == [function], edit
