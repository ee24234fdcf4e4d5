"""The picture of the errors: a row for each gradient, a column for each time step, and the value and a mark in each cell."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from whygrad.mistakes.words import listed
from whygrad.report.phrases import first_few
from whygrad.report.printable import printable

if TYPE_CHECKING:
    from whygrad.records import Errors, GradientError, Result

NAME, WIDTH, HEIGHT, HEAD = 88, 55, 26, 30
"""Pixels of the drawing: the names' column, a cell, and the headings' row."""
_NAMES_SHOWN = 5
SHADES = ("#eef1f4", "#fdebd0", "#fbcf94", "#f2a65a", "#b9520f", "#7f2f08")
"""One hue, from right to far off; dark enough apart to be told without seeing colours."""
_DARK_FROM = 4
_BASIS = {
    "code": "Your wrong functions were run together, on inputs of the course's size.",
    "mistakes": "These are the gradients of a right program into which the mistakes above were put: it prints your numbers.",
    "numbers": "Only the numbers that were printed are known.",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: the text with its mark, where it is, and its colours; ``shade`` is 0 for right."""

    text: str
    words: str
    x: int
    y: int
    shade: int
    fill: str
    ink: str


@dataclass(frozen=True, slots=True)
class Line:
    """One gradient; None stands where there is no value."""

    name: str
    y: int
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Heat:
    """The picture of one function, and the sentence that says what it shows."""

    function: str
    says: str
    basis: str
    about: str
    heads: tuple[tuple[str, int], ...]
    lines: tuple[Line, ...]
    width: int
    height: int


def heats(result: Result) -> tuple[Heat, ...]:
    """The pictures, one for each function of whose gradients one is not right."""
    return tuple(_heat(errors) for errors in result.errors if any(_bad(one) for row in errors.rows for one in (*row.steps, row.whole)))


def _heat(errors: Errors) -> Heat:
    heads = [f"step {step}" for step in range(errors.steps)] + ["returned"]
    about = "Each cell: the largest difference from the right gradient, in percent of that gradient's largest entry."
    if errors.steps:
        about += " At a step: what the cell returns there. Time goes from left to right, the backward pass from right to left."
    lines = tuple(
        Line(printable(row.gradient), y, tuple(_cell(one, NAME + WIDTH * at, y) for at, one in enumerate((*row.steps, row.whole))))
        for y, row in zip(range(HEAD, HEAD + HEIGHT * len(errors.rows), HEIGHT), errors.rows, strict=True)
    )
    return Heat(
        errors.function,
        _says(errors),
        _BASIS[errors.basis],
        about,
        tuple((head, NAME + WIDTH * at) for at, head in enumerate(heads)),
        lines,
        NAME + WIDTH * len(heads),
        HEAD + HEIGHT * len(lines),
    )


def _cell(one: GradientError | None, x: int, y: int) -> Cell | None:
    if one is None:
        return None
    if one.error is None:
        text, words, shade = ("✗ nan", "wrong, not a number", 5) if one.problem == "nan" else ("✗ shape", "wrong shape", 5)
    elif one.error == 0:
        text, words, shade = "✓ 0", "right", 0
    else:
        percent = _percent(one.error)
        text, words, shade = f"✗ {percent}", f"wrong by {percent}", _shade(one.error)
    return Cell(text, words, x, y, shade, SHADES[shade], ink_on(shade))


def ink_on(shade: int) -> str:
    """The colour of the text on a shade."""
    return "#ffffff" if shade >= _DARK_FROM else "#1c2024"


def _percent(error: float) -> str:
    """``43%``, and bounds where a number would be long."""
    percent = 100 * error
    if percent >= 1000:  # noqa: PLR2004 - four digits say no more than three
        return ">999%"
    if percent < 0.1:  # noqa: PLR2004 - the same for the small ones
        return "<0.1%"
    return f"{percent:.1f}%" if percent < 1 else f"{percent:.0f}%"


def _shade(error: float) -> int:
    """A step darker for each ten times, from a thousandth to once the gradient."""
    return min(max(int(math.log10(error) + 5), 1), 5) if math.isfinite(error) else 5


def _says(errors: Errors) -> str:
    """What the picture shows, in a sentence or two."""
    last = max((step for step in range(errors.steps) if any(_bad(row.steps[step]) for row in errors.rows)), default=None)
    if last is None:
        names = [f"`{printable(row.gradient)}`" for row in errors.rows if _bad(row.whole)]
        where = first_few(names, _NAMES_SHOWN)
        if not errors.steps or errors.basis == "numbers":
            return f"Wrong in {where}."
        return f"Each step is right, and what is returned is wrong in {where}."
    names = [f"`{printable(row.gradient)}`" for row in errors.rows if _bad(row.steps[last])]
    began = f"On the way back, the first error is at step {last}, in {first_few(names, _NAMES_SHOWN)}."
    good = [str(step) for step in range(last + 1, errors.steps)]
    if not good:
        return began
    return f"{began} Step {good[0]} is right." if len(good) == 1 else f"{began} Steps {listed(good)} are right."


def _bad(one: GradientError | None) -> bool:
    return one is not None and one.error != 0
