"""A cache without what its form asks for is told at its own line, be it alone or beside wrong outputs of the same function."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import line_of, slipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

    Tell = Callable[[str], list[Told]]

STYLE = "course_template"
SHORT = "        caches.append(cache)", "        caches.append(cache[:-1])"
NO_WEIGHTS = "cache = (a_next, a_prev, xt, parameters)", "cache = (a_next, a_prev, xt, yt_pred)"
NO_BIAS = "np.dot(Wax, xt) + ba", "np.dot(Wax, xt)"


def test_a_cache_cut_short_is_told_where_it_is_kept(told: Tell) -> None:
    """Not at the line that returns the list of caches beside x, where another name would hide it."""
    text = slipped(STYLE, SHORT, ("    caches = (caches, x)\n\n    return a, y_pred, caches", "    return a, y_pred, (caches, x)"))
    (said,) = told(text)
    assert said.line == line_of(text, SHORT[1])
    assert "its list of caches does not hold, step by step, what rnn_cell_forward hands back as cache" in said.says


@pytest.mark.parametrize(("cache", "other"), [(SHORT, ("y_pred[:,:,t] = yt_pred", "y_pred = yt_pred")), (NO_WEIGHTS, NO_BIAS)])
def test_both_are_told(cache: tuple[str, str], other: tuple[str, str], told: Tell) -> None:
    """That the outputs come right proves nothing of the cache."""
    text = slipped(STYLE, cache, other)
    assert {said.line for said in told(text)} == {line_of(text, cache[1]), line_of(text, other[1])}
