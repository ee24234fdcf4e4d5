"""A line that raises since it is given another kind of thing: told is the loop, or the call, that gives it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from styles import TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

CASES = (
    ("float32", "    for k in sums:", "    for k in da_prev:", "goes over da_prev here, which is an array of shape (4, 3), and so line"),
    ("gate_dictionaries", "for name in inputs:\n        z", "for name in xt:\n        z", "it asks for a key with what the loop gives"),
    ("gate_dictionaries", "for key in total:", "for key in steps:", "goes over steps here, which is a list of"),
    (
        "classes",
        "Lstm(parameters).forward(x, a0)",
        "Lstm(parameters).forward(parameters, a0)",
        "hands parameters, which is a dictionary, to",
    ),
    ("gate_dictionaries", "    for k in out:", "    for k in parameters:", "goes over parameters here, which is a dictionary, and so line"),
    ("classes", "Lstm(parameters).forward(x, a0)", "Lstm(x).forward(x, a0)", "to Lstm as parameters, and so line"),
    ("batch_first", "return np.stack(states, axis=2), np", "return np.stack(caches, axis=2), np", "raises ValueError"),
)


@pytest.mark.parametrize(("style", "before", "after", "says"), CASES, ids=[after.strip() for _, _, after, _ in CASES])
def test_what_gives_another_kind_of_thing_is_told(
    style: str, before: str, after: str, says: str, told: Callable[[str], list[Told]]
) -> None:
    """The line that raises does what it should with what belongs there."""
    assert before in TEXTS[style]
    text = TEXTS[style].replace(before, after, 1)
    (one,) = told(text)
    assert one.line == text[: text.index(after)].count("\n") + 1
    assert says in one.says
