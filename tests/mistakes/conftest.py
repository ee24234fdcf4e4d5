"""Every edit that every operator makes, and what is said of it: made once for all tests of this folder."""

from __future__ import annotations

from collections import defaultdict

import pytest

from whygrad.assignments import SEQUENCE_MODELS, SEQUENCE_MODELS_FORWARD
from whygrad.from_numbers.answer.telling import mistakes_of
from whygrad.mistakes import OPERATORS, Edit, Site
from whygrad.records import Mistake

Told = list[tuple[Site, Edit, Mistake]]


@pytest.fixture(scope="session")
def sites() -> list[Site]:
    """Every line of the program and of its checks, those of the forward functions with the names that their own checks print."""
    of_both = [(SEQUENCE_MODELS, name) for name in SEQUENCE_MODELS.functions]
    of_both += [
        (SEQUENCE_MODELS_FORWARD, name) for name in SEQUENCE_MODELS_FORWARD.functions if name.endswith(("forward", "forward_check"))
    ]
    return [
        Site(assignment, function, number, line)
        for assignment, function in of_both
        for number, line in enumerate(assignment.functions[function])
    ]


@pytest.fixture(scope="session")
def told(sites: list[Site]) -> dict[str, Told]:
    """By operator: the line, the edit, and the mistake in words."""
    found: dict[str, Told] = defaultdict(list)
    for site in sites:
        for operator in OPERATORS.values():
            for edit in operator.at(site):
                (mistake,) = mistakes_of(site.assignment, (edit,), None)
                found[operator.id].append((site, edit, mistake))
    return found


@pytest.fixture(scope="session")
def grouped(told: dict[str, Told]) -> dict[str, list[Mistake]]:
    """By operator: the same slip made in all lines of a function where it can be made, told as one mistake."""
    found: dict[str, list[Mistake]] = defaultdict(list)
    for name, all_told in told.items():
        slips: dict[tuple[str, str], list[Edit]] = defaultdict(list)
        for _, edit, _ in all_told:
            slips[edit.function, edit.slip].append(edit)
        for edits in slips.values():
            if len({edit.quantity for edit in edits}) > 1:
                found[name] += mistakes_of(SEQUENCE_MODELS, tuple(edits), None)
    return found
