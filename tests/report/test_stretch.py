"""What is said where no kind of mistake fits: a small table, and the smallest case that shows it."""

from __future__ import annotations

from dataclasses import replace
from math import isnan, nan

from whygrad.records import Differing, Result, SmallestCase, Stretch
from whygrad.report.json import from_json, to_json
from whygrad.report.stretch import stretch_parts
from whygrad.report.text import to_text

STRETCH = Stretch(6, 8, ("dz", "Wax"), (Differing("dxt", 2, 6, (0, 2), -0.5, 0.25),), SmallestCase(1, 2, 1, 3))


def test_its_parts_are_what_came_in_what_came_out_and_the_smallest_case() -> None:
    """One paragraph each; the table's row says how many entries differ, and what stands at the worst of them."""
    came_in, came_out, smallest = stretch_parts(STRETCH)
    assert (came_in.label, came_in.text) == ("What comes in right", "dz and Wax, up to line 6.")
    assert came_out.label == "What comes out of line 8"
    assert came_out.rows == (("dxt", "2 of 6 differ", "the worst at [0, 2]: -0.5, right is 0.25"),)
    assert (smallest.label, smallest.text) == ("The smallest case that shows it", "n_x = 1, n_a = 2, m = 1, 3 time steps.")


def test_what_is_not_known_is_not_said() -> None:
    """No empty table, and no sizes where no small case fails."""
    assert list(stretch_parts(Stretch(None, 8, (), ()))) == []


def test_it_stands_in_the_report_from_the_second_hint_on_and_in_the_document(coded: Result) -> None:
    """Where is told first; a number that is not finite is null in the document, and NaN again when that is read."""
    row = replace(STRETCH.came_out[0], value=nan)
    first, *rest = coded.mistakes
    result = replace(coded, mistakes=(replace(first, stretch=replace(STRETCH, came_out=(row,))), *rest))
    assert "What comes out of line 8" in to_text(result, 2)
    assert "What comes out of line 8" not in to_text(result, 1)
    again = from_json(to_json(result)).mistakes[0].stretch
    assert again is not None
    assert isnan(again.came_out[0].value)
    assert again.smallest == SmallestCase(1, 2, 1, 3)
