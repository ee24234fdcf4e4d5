"""What a report says of a stretch of code for which no kind of mistake fits: what came in, what came out, the smallest case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.words import listed
from whygrad.report.part import Part
from whygrad.report.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.records import Differing, SmallestCase, Stretch


def stretch_parts(stretch: Stretch) -> Iterator[Part]:
    """Its parts, each only where something is known."""
    if stretch.came_in:
        until = "" if stretch.after is None else f", up to line {stretch.after}"
        yield Part("fact", f"{listed([printable(name) for name in stretch.came_in])}{until}.", label="What comes in right")
    if stretch.came_out:
        yield Part("table", "", label=f"What comes out of line {stretch.line}", rows=tuple(map(_row, stretch.came_out)))
    if stretch.smallest is not None:
        yield Part("fact", f"{_sizes(stretch.smallest)}.", label="The smallest case that shows it")


def _row(one: Differing) -> tuple[str, str, str]:
    worst = f"the worst at {list(one.worst)}: " if one.worst else ""
    return printable(one.name), f"{one.wrong} of {one.size} differ", f"{worst}{one.value:.6g}, right is {one.expected:.6g}"


def _sizes(smallest: SmallestCase) -> str:
    steps = f", {smallest.steps} time step{'s' * (smallest.steps > 1)}" if smallest.steps else ""
    return f"n_x = {smallest.n_x}, n_a = {smallest.n_a}, m = {smallest.m}{steps}"
