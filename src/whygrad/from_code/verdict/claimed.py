"""Do somebody's functions print the numbers that stand beside them in a text? The assignment's checks are run on them.

What is not theirs is a right one in its place. The checks draw their inputs, so the same functions print the same numbers again; in a copy
of the notebook with another check they print others.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.assignments import ASSIGNMENTS, SEQUENCE_MODELS
from whygrad.from_code.verdict.own_calls import OwnCells
from whygrad.from_code.verdict.saved import agrees
from whygrad.mistakes import Site
from whygrad.mistakes.check_draws_otherwise import edits
from whygrad.records import Block, Piece

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.read.source import Beside
    from whygrad.records import Number
    from whygrad.sandbox.requests import Runner


def printed_so(runner: Runner, own: frozenset[str], beside: Beside) -> tuple[int, int]:
    """How many numbers the last run of each check printed, and how many of them the functions that are their ``own`` print now.

    What they print now, where a check runs to its end, is noted ``beside`` them; and in which other check they print all numbers of one,
    where they print none in the assignment's. Of several readings it is the one that they print, if any.
    """
    last = [{block.check: block.numbers for block in blocks} for blocks in beside.readings]
    asked = {check: numbers for one in reversed(last) for check, numbers in one.items() if f"{check}_check" in _CHECKS}
    cells = [cell for check, numbers in asked.items() for cell in _cells(check, numbers, _CHECKS[f"{check}_check"])]
    texts = OwnCells(runner, cells, own).printed() if cells else {}
    now = {check: _numbers(texts.get(check, "")) for check in asked}
    whole = [check for check, numbers in asked.items() if len(now[check]) == len(numbers)]
    beside.now = tuple(Block(check, tuple(map(_printed_now, asked[check], now[check]))) for check in whole)
    for check in whole:
        if not _agreeing(asked[check], now[check]):
            for detail, text in _drawn_otherwise(check):
                drawn = _numbers(OwnCells(runner, _cells(check, asked[check], text), own).printed().get(check, ""))
                if _agreeing(asked[check], drawn) == len(asked[check]):
                    now[check], beside.drawn[check] = drawn, detail
                    break
    counts = [(sum(map(len, one.values())), sum(_agreeing(numbers, now.get(check, [])) for check, numbers in one.items())) for one in last]
    return next((count for count in counts if 0 < count[0] == count[1]), counts[0])


def _drawn_otherwise(check: str) -> Iterator[tuple[str, str]]:
    """The check as copies of the notebook have it, each with what it does otherwise in words."""
    function = f"{check}_check"
    lines = SEQUENCE_MODELS.functions.get(function, ())
    for number, line in enumerate(lines):
        for edit in edits(Site(SEQUENCE_MODELS, function, number, line)):
            new = {at: text for _, at, text in edit.lines}
            text = "\n".join(new.get(at, old) for at, old in enumerate(lines))
            yield edit.detail, _LEFT_BEHIND.sub(lambda found: f"np.array({SEQUENCE_MODELS.left_behind(found[1])[found[2]].tolist()})", text)


def _agreeing(numbers: Sequence[Number], now: Sequence[float]) -> int:
    """How many of the numbers are what is printed now."""
    return sum(agrees(*pair) for pair in zip(numbers, now, strict=False))


_CHECKS = {name: "\n".join(lines) for own in ASSIGNMENTS.values() for name, lines in own.functions.items() if name.endswith("_check")}


_LEFT_BEHIND = re.compile(r"stale\('([^']*)'\)\['(\w+)'\]")


def _cells(check: str, numbers: Sequence[Number], text: str) -> list[tuple[Piece]]:
    """The check of this ``text``, and a line for each number of what it gives: in a cell of its own, as somebody's functions may print too.

    An array may have lost its last axis, or have one more.
    """
    entries = [(number.quantity, number.index) for number in numbers]
    run = f"import numpy as np\n{text}\ngiven_{check} = {check}_check()"
    array = f"    array = np.asarray(given_{check}[name])\n    array = array.reshape(*array.shape, *[1] * (len(index) - array.ndim))"
    shown = f"for name, index in {entries!r}:\n{array}\n    print(float(array[index].item()))"
    return [(Piece(f"{check}_check", 1, run),), (Piece(check, 1, shown),)]


def _numbers(text: str) -> list[float]:
    """The numbers that were printed, a line each, up to what is none."""
    found: list[float] = []
    for line in text.splitlines():
        try:
            found.append(float(line))
        except ValueError:
            break
    return found


def _printed_now(number: Number, value: float) -> Number:
    """Another value in the place of a number."""
    return replace(number, text=repr(value), low=value, high=value)
