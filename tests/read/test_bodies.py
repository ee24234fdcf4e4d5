"""A function of which only comments are written is not filled in yet; nothing else is changed."""

from __future__ import annotations

import pytest

from whygrad.read.bodies import with_bodies
from whygrad.read.parse import parse


@pytest.mark.parametrize(
    "text",
    [
        "def f(x):\n    # your code\n    # more\n",
        "def f(x):\n    # your code\n\ndef g(y):\n    return y\n",
        "def f(x): # GRADED\n\n    ### START CODE HERE ###\n    ### END CODE HERE ###\nz = 1",
        "class A:\n    def f(self):\n        # later\n    def g(self):\n        return 1\n",
    ],
)
def test_only_comments_are_a_body_that_is_not_filled_in(text: str) -> None:
    """Python takes the cell, every line keeps its number, and the comments stay."""
    lines = text.split("\n")
    kept = with_bodies(lines)
    assert len(kept) == len(lines)
    assert all(before.strip() in after for before, after in zip(lines, kept, strict=True))
    assert parse(text).troubles == []


@pytest.mark.parametrize(
    "text", ["def f(x):\n    # why\n    return x\n", "def f(x):\n    return x\n# at the margin\n", "# def f(x):\n# nothing\n", "def f(x):"]
)
def test_any_other_function_stays_as_it_is(text: str) -> None:
    """One with a line of code, one in a comment, and one below which nothing stands."""
    assert with_bodies(text.split("\n")) == text.split("\n")


def test_a_cell_that_is_read_again_is_as_it_was() -> None:
    """Trees of short cells are kept: what one reading does with its statements changes no other's."""
    first = parse("def f(x):\n    return x\n")
    first.body.clear()
    assert [getattr(node, "name", "") for node in parse("def f(x):\n    return x\n").body] == ["f"]
