"""Results in each other's places are told where their names were given, or what they get, if the return has them where the names belong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import edited, line_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

FORWARD = """def lstm_forward(x, a0, parameters):
    a, y, c, caches = zip(*all_steps(x, a0, parameters))
    return np.stack(a, 2), np.stack(y, 2), np.stack(c, 2), (list(caches), x)


def all_steps(x, a, parameters):
    c = np.zeros_like(a)
    for t in range(x.shape[2]):
        a, c, yt, cache = lstm_cell_forward(x[:, :, t], a, c, parameters)
        yield a, yt, c, cache
"""
THERE = "stand in each other's place here"
UNPACKED, YIELDED, RETURNED = "a, y, c, caches = ", "yield a, yt, c, cache", "return np.stack(a, 2), np.stack(y, 2), np.stack(c, 2)"


def program(*slips: tuple[str, str]) -> str:
    """The reference's program with a generator of all steps, of which some is written otherwise."""
    text = FORWARD
    for before, after in slips:
        assert before in text
        text = text.replace(before, after)
    return edited(("lstm_forward", "", text))


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        (UNPACKED, "a, c, y, caches = ", "y and c are unpacked here in another order than they stand in"),
        (UNPACKED, "c, y, a, caches = ", "c and a are unpacked here in another order than they stand in"),
        (YIELDED, "yield c, yt, a, cache", f"c and a {THERE}"),
        (RETURNED, "return np.stack(c, 2), np.stack(y, 2), np.stack(a, 2)", f"np.stack(c, 2) and np.stack(a, 2) {THERE}"),
    ],
    ids=["unpacked", "unpacked from both ends", "yielded", "returned"],
)  # fmt: skip
def test_the_line_whose_names_stand_otherwise_is_told(told: Callable[[str], list[Told]], before: str, after: str, says: str) -> None:
    """The two others have them in the order of the assignment."""
    text = program((before, after))
    (one,) = told(text)
    assert (one.line, one.id, one.proof) == (line_of(text, f"    {after}"), "name-replaced", "proved")
    assert sorted(one.says.split()) == sorted(says.split())


@pytest.mark.parametrize(("returned", "says"), [("a, c, y", f"c and y {THERE}"), ("c, y, a", f"c and a {THERE}")])
def test_names_that_hold_their_outputs_are_right(told: Callable[[str], list[Told]], returned: str, says: str) -> None:
    """Where they are unpacked from a stack of each: the return has them in another order."""
    named = "a, c, y = (np.stack(one, 2) for one in (a, c, y))\n    return a, y, c"
    assert told(program((RETURNED, named))) == []
    text = program((RETURNED, named.replace("return a, y, c", f"return {returned}")))
    (one,) = told(text)
    assert (one.line, one.proof, one.says) == (line_of(text, f"return {returned}"), "proved", says)


def test_an_order_of_its_own_is_right(told: Callable[[str], list[Told]]) -> None:
    """What is yielded in one order, and unpacked in the same."""
    assert told(program()) == []
    assert told(program((YIELDED, "yield cache, c, a, yt"), (UNPACKED, "caches, c, a, y = "))) == []
