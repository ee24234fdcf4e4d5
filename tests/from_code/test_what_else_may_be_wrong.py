"""There is "at least" one mistake where what is told of a function ends what could be judged of it, and one where nothing else is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import edited, slipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from whygrad.records import Result


@pytest.mark.parametrize(
    "edit",
    [
        ("lstm_forward", "return (a, y, c, caches)", "return (a, y, caches)"),
        ("lstm_forward", "caches.append(cache)", "caches = [cache]"),
        ("rnn_cell_backward", "np.dot(Wax.T, dtanh)", "np.dot(Wax.T, dtanh, dtanh)"),
        ("rnn_backward", "    return gradients", "        return gradients"),
    ],
)
def test_what_is_not_judged_may_be_wrong(edit: tuple[str, str, str], examined: Callable[[str], Result]) -> None:
    """What is lost, or computed behind an error or behind a loop's end, is not seen."""
    found = examined(edited(edit))
    assert [one.function for one in found.mistakes] == [edit[0]]
    assert found.search.cuts == (f"what else may be wrong in {edit[0]} shows when what is told of it is mended",)


def test_an_edit_of_the_line_that_raises_shows_that_nothing_else_is_wrong(examined: Callable[[str], Result]) -> None:
    """All results come right with it."""
    found = examined(slipped("gate_dictionaries", ('"o": np.tanh(c_next)}', '"f": np.tanh(c_next)}')))
    assert ([one.id for one in found.mistakes], found.search.complete) == (["raises"], True)
