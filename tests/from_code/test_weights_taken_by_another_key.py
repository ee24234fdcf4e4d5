"""A name of the learner's own that takes a weight by another one's key: told at that line, however many lines read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import line_of, slipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

FIRST = "    da_prev = np.dot(parameters['Wf']"
STATE = "np.dot(parameters['{}'][:, :n_a].T"
INPUT = "np.dot(parameters['{}'][:, n_a:].T"


def with_name(weight: str, key: str, *slips: tuple[str, str]) -> str:
    """A style whose backward cell takes a weight under this key, as W_own, and reads that in the weight's place."""
    taken = slipped(
        "course_template",
        (FIRST, f"    W_own = parameters['{key}']\n{FIRST}"),
        (STATE.format(weight), "np.dot(W_own[:, :n_a].T"),
        (INPUT.format(weight), "np.dot(W_own.T[n_a:, :]"),
    )
    for before, after in slips:
        assert before in taken
        taken = taken.replace(before, after, 1)
    return taken


@pytest.mark.parametrize(("weight", "key"), [("Wo", "Wc"), ("Wf", "Wi"), ("Wc", "Wf")])
@pytest.mark.parametrize("beside", [(), (("dbo = np.sum(dot", "dbo = np.sum(dit"),)], ids=["alone", "beside another slip"])
def test_a_weight_of_another_key_is_told_where_it_is_taken(
    told: Callable[[str], list[Told]], weight: str, key: str, beside: tuple[tuple[str, str], ...]
) -> None:
    """Once, for both gradients that are computed with it."""
    text = with_name(weight, key, *beside)
    taken, *others = sorted(told(text), key=lambda one: one.line != line_of(text, "W_own = "))
    assert (taken.line, taken.id, taken.proof) == (line_of(text, "W_own = "), "gate-swapped", "proved")
    assert taken.says == f'W_own has parameters["{key}"] where another value belongs'
    assert [one.line for one in others] == [line_of(text, after) for _, after in beside]


def test_a_weight_of_its_own_key_is_right(told: Callable[[str], list[Told]]) -> None:
    """And where one of the lines reads another name, only that line is told."""
    assert told(with_name("Wo", "Wo")) == []
    text = with_name("Wo", "Wo", ("np.dot(W_own.T[n_a:, :]", "np.dot(parameters['Wc'].T[n_a:, :]"))
    (one,) = told(text)
    assert one.line == line_of(text, "    dxt = np.dot(parameters['Wf']")
