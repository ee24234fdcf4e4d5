"""The edits of the reference program that a learner's numbers are held against."""

from __future__ import annotations

import numpy as np
import pytest

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.from_code.lines import variants
from whygrad.from_code.reference.inputs import SIZES, case
from whygrad.mistakes import OPERATORS, Operator, Site

FUNCTION = "lstm_cell_backward"


@pytest.mark.parametrize(("largest", "told"), [(2, None), (1, "gradient-clipped")])
def test_a_bound_is_told_where_something_lies_beyond_it(largest: int, told: str | None) -> None:
    """The right value is cut off at many bounds as well."""
    right = np.array([[1.5, 0.5]])
    values = {"dc": 4 * right, "ft": np.full((1, 2), 0.25), "dc_prev": right}
    found = variants.giving_value(FUNCTION, "dc_prev", values, np.minimum(right, largest), 1e-7)
    assert (found and found.operator) == told


@pytest.mark.parametrize("quantity", ["dWf", "dc", "da_prev"])
def test_edits_of_a_quantity_are_those_of_its_equation_and_what_else_concerns_it(quantity: str) -> None:
    """Nothing is lost by not asking how the equations of other quantities can be rewritten."""
    sites = [Site(SEQUENCE_MODELS, FUNCTION, number, line) for number, line in enumerate(SEQUENCE_MODELS.functions[FUNCTION])]
    every = [(site, edit) for operator in OPERATORS.values() for site in sites for edit in operator.at(site)]
    wanted = {edit for site, edit in every if quantity in {edit.quantity, site.target}}
    found = list(variants._edits(FUNCTION, quantity))  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - what the search asks
    assert set(found) <= wanted
    assert len(found) >= min(len(wanted), 600)


def test_equations_of_other_quantities_are_not_rewritten(monkeypatch: pytest.MonkeyPatch) -> None:
    """To rewrite all of them took more time than all else that names a mistake."""
    asked: list[str] = []
    at = Operator.at
    monkeypatch.setattr(Operator, "at", lambda self, site: asked.append(site.target) or at(self, site))
    variants._edits.cache_clear()  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - another test may have asked for these
    assert list(variants._edits(FUNCTION, "dbo"))  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - as above
    assert set(asked) == {"dbo"}


def test_an_edit_is_run_once_for_all_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of many findings in one program asks what the same edits give."""
    run: list[object] = []
    results = variants._results  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - as above
    monkeypatch.setattr(variants, "_results", lambda *given: run.append(given[1]) or results(*given))
    what, wrong = case(FUNCTION, SIZES[0], 41), {"dbf": np.array([[1.0]])}
    for _ in range(2):
        assert variants.giving_results(FUNCTION, ("dbf",), what.arguments, wrong, 1e-7) is None
    assert len(run) == len(set(run)) > 1
