"""A notebook that prints: the assignment's program with lines changed by hand, and its numbers as a learner pastes them.

The changes are made here, in the program's text, and run by the assignment alone; nothing of the search takes part in it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from platformdirs import user_cache_path

from whygrad.assignments import SEQUENCE_MODELS, Assignment
from whygrad.assignments.assignment import compiled
from whygrad.diagnose import diagnose
from whygrad.from_numbers.explain import tables_of
from whygrad.from_numbers.tables import clock

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from whygrad.from_numbers.tables.tables import Tables
    from whygrad.records import Result

CHECKS = tuple(SEQUENCE_MODELS.printed)
Change = tuple[str, str, str]
"""Function, text that stands there, text that is to stand there."""


@dataclass(frozen=True)
class Notebook:
    """Runs the checks of an assignment and writes down what they print."""

    assignment: Assignment = SEQUENCE_MODELS

    def gradients(self, check: str, *changes: Change) -> dict[str, Any]:
        """What a check computes after these changes; each must find its text."""
        texts: dict[str, str] = {}
        for function, old, new in changes:
            text = texts.get(function, "\n".join(self.assignment.functions[function]))
            assert old in text, f"{function} has no {old}"
            texts[function] = text.replace(old, new)
        return self.assignment.run_check(check, {name: compiled(tuple(text.splitlines())) for name, text in texts.items()})

    def printed(self, check: str, *changes: Change) -> str:
        """The check's lines, scalars in full, arrays at 8 decimals."""
        return self.lines(check, self.gradients(check, *changes))

    def lines(self, check: str, gradients: Mapping[str, Any]) -> str:
        """These gradients as the check prints them."""
        return "".join(
            f'gradients["{name}"]{"".join(f"[{at}]" for at in index)} = {_shown(np.asarray(gradients[name])[index])}\n'
            for name, index in self.assignment.printed[check]
        )

    def key(self, check: str, version: str) -> str:
        """The course's own table."""
        texts = self.assignment.keys[check][version]
        return "\nExpected Output:\n\n" + "".join(
            f'gradients["{name}"]{"".join(f"[{at}]" for at in index)} = {texts[name]}\n' for name, index in self.assignment.printed[check]
        )


def _shown(value: NDArray[Any]) -> str:
    return np.array2string(value, precision=8, max_line_width=200) if value.ndim else repr(float(value))


@pytest.fixture(scope="module", autouse=True)
def _unhurried() -> Iterator[None]:
    """What is found here depends on no machine's speed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "MOST_SECONDS", inf)
        yield


@pytest.fixture
def brief(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing is to be found, the search need not be done to its end."""
    monkeypatch.setattr(clock, "MOST_SECONDS", 1.0)


@pytest.fixture(scope="module", autouse=True)
def _quiet() -> Iterator[None]:
    """Wrong programs overflow and divide by zero; the search silences that for itself, these tests look at its parts."""
    with np.errstate(all="ignore"):
        yield


@pytest.fixture(scope="session")
def tables(_own_cache: None) -> Tables:
    """The tables that ``diagnose`` uses too, so that each is made once."""
    return tables_of(SEQUENCE_MODELS.id, user_cache_path("whygrad"))


@pytest.fixture(scope="session")
def notebook() -> Notebook:
    """The course's notebook."""
    return Notebook()


@pytest.fixture(scope="session")
def other_notebook() -> Notebook:
    """A course that draws other numbers of other sizes: 4 inputs, 6 examples, another seed. No number of it stands anywhere."""
    checks = SEQUENCE_MODELS.checks
    for old, new in {
        "seed(1)": "seed(20)",
        "randn(3, 10": "randn(4, 6",
        "randn(5, 10": "randn(5, 6",
        "randn(5, 8)": "randn(5, 9)",
        "randn(5, 3)": "randn(5, 4)",
    }.items():
        assert old in checks
        checks = checks.replace(old, new)
    return Notebook(replace(SEQUENCE_MODELS, id="other-course", checks=checks, keys={}, wrong_keys={}))


@pytest.fixture(scope="session")
def answer(tables: Tables) -> Answer:
    """Diagnose a text."""
    return Answer(tables)


@dataclass(frozen=True)
class Answer:
    """``answer(text)`` is the record of the public diagnosis."""

    tables: Tables

    def __call__(self, text: str) -> Result:
        """From the text to the result."""
        return diagnose(text).result
