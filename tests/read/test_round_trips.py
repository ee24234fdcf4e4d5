"""Random numbers, printed by NumPy's and Python's printers in random layouts, come back in their places and intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.read import read_text

if TYPE_CHECKING:
    from collections.abc import Callable

CHECKS = sorted(SEQUENCE_MODELS.printed)
QUOTES = ['"{}"', "'{}'", "\u201c{}\u201d", "\u2018{}\u2019", '\\"{}\\"', "&quot;{}&quot;", "{}"]
SIGNS = [" = ", "=", ": ", " -> ", " =\n", "\n", "\t", " | ", " =\t"]
INDEXES = ["[{}][{}]", "[{}, {}]", "[{},{}]", " [{}] [{}]"]
LEGACY: list[Literal["1.13"] | bool] = [False, "1.13"]
SCALARS: list[Callable[[float], str]] = [
    repr,
    lambda value: f"{value:.12g}",
    lambda value: f"np.float64({value!r})",
    lambda value: f"{value:.17g}",
]
HEADS = [
    "Expected Output:",
    "**Expected Output**:",
    "Expected values",
    "expected:",
    "but I should get:",
    "# Expected output",
    "<b>Expected Output</b><br>",
]
NUMBERS = st.floats(-50, -1e-3, exclude_max=True) | st.floats(1e-3, 50, exclude_min=True)


@st.composite
def layouts(draw: st.DrawFn) -> Callable[[dict[tuple[str, tuple[int, ...]], list[float]]], str]:
    """A way to print all entries of a check, one a line."""
    quote, sign, scalar = draw(st.sampled_from(QUOTES)), draw(st.sampled_from(SIGNS)), draw(st.sampled_from(SCALARS))
    index, legacy = draw(st.sampled_from(INDEXES)), draw(st.sampled_from(LEGACY))
    book = draw(st.sampled_from(["gradients", "grads", "g"]))
    width, minus = draw(st.sampled_from([20, 75])), draw(st.sampled_from(["-", "\u2212"]))
    start, end = draw(st.sampled_from([("", ""), ("> ", ""), ("* ", ""), ("    ", ""), ("| ", " |"), ("**", "**")]))
    wrap = draw(st.sampled_from(["{}", "array({})", "np.array({})"]))

    def show(entries: dict[tuple[str, tuple[int, ...]], list[float]]) -> str:
        lines: list[str] = []
        for (quantity, places), values in entries.items():
            label = f"{book}[{quote.format(quantity)}]" + (index.format(*places) if len(places) == 2 else f"[{places[0]}]")
            if quantity.startswith("db") or len(values) > 1:
                value = wrap.format(np.array2string(np.array(values), max_line_width=width, legacy=legacy))
            else:
                value = scalar(values[0])
            lines.append(f"{start}{label}{sign}{value.replace('-', minus)}{end}")
        return "\n".join(lines)

    return show


def entries_of(check: str, draw: st.DrawFn) -> dict[tuple[str, tuple[int, ...]], list[float]]:
    """Random values for each label of ``check``."""
    return {
        label: draw(st.lists(NUMBERS, min_size=size, max_size=size))
        for label in SEQUENCE_MODELS.printed[check]
        for size in [4 if label[0] == "dx" else 1]
    }


@st.composite
def posts(draw: st.DrawFn) -> tuple[str, str, list[float], list[float]]:
    """A check, a post of it, and the true values printed and expected in it."""
    check = draw(st.sampled_from(CHECKS))
    mine, expected = entries_of(check, draw), entries_of(check, draw)
    text = f"{draw(layouts())(mine)}\n\n{draw(st.sampled_from(HEADS))}\n\n{draw(layouts())(expected)}"
    flat: list[list[float]] = [[value for values in side.values() for value in values] for side in (mine, expected)]
    return check, text, flat[0], flat[1]


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(posts())
def test_what_is_printed_comes_back(post: tuple[str, str, list[float], list[float]]) -> None:
    """Every value lies in the interval that was read in its place; nothing is left over; random expected numbers are no key."""
    check, text, mine, expected = post
    reading = read_text(text, "post.txt")
    (block,) = reading.blocks
    assert block.check == check
    for numbers, values in ((block.numbers, mine), (block.expected, expected)):
        assert len(numbers) == len(values)
        for number, value in zip(numbers, values, strict=True):
            assert number.low <= value <= number.high
    assert reading.unread == ()
    assert reading.version is None


@pytest.mark.parametrize("check", CHECKS)
def test_the_labels_keep_the_order_of_the_text(check: str) -> None:
    """Numbers come in the order in which they stand, each with its full index."""
    rng = np.random.default_rng(7)
    labels = list(SEQUENCE_MODELS.printed[check])
    rng.shuffle(labels)
    text = "\n".join(f"{name}{''.join(f'[{place}]' for place in index)} = {[0.5] * (4 if name == 'dx' else 1)}" for name, index in labels)
    numbers = read_text(text, "post.txt").blocks[0].numbers
    assert list(dict.fromkeys(number.quantity for number in numbers)) == [name for name, _ in labels]
