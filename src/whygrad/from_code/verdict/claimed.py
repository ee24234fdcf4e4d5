"""Do somebody's functions print the numbers that stand beside them in a text? The assignment's checks are run on them.

What is not theirs is a right one in its place. The checks draw their inputs, so the same functions print the same numbers again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.assignments import ASSIGNMENTS
from whygrad.from_code.verdict.own_calls import OwnCells
from whygrad.from_code.verdict.saved import agrees
from whygrad.records import Piece

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.records import Block, Number
    from whygrad.sandbox.requests import Runner


def printed_so(runner: Runner, own: frozenset[str], blocks: Sequence[Block]) -> tuple[int, int]:
    """How many numbers the last run of each check printed, and how many of them the functions that are their ``own`` print now."""
    last = {block.check: block.numbers for block in blocks}
    asked = {check: numbers for check, numbers in last.items() if f"{check}_check" in _CHECKS}
    cells = [(_cell(check, numbers),) for check, numbers in asked.items()]
    now = OwnCells(runner, cells, own).printed() if cells else {}
    reproduced = sum(_agreeing(numbers, now.get(check, "")) for check, numbers in asked.items())
    return sum(map(len, last.values())), reproduced


_CHECKS = {name: "\n".join(lines) for own in ASSIGNMENTS.values() for name, lines in own.functions.items() if name.endswith("_check")}


def _cell(check: str, numbers: Sequence[Number]) -> Piece:
    """The check, and a line for each number of what it gives."""
    entries = [(number.quantity, number.index) for number in numbers]
    shown = f"given = {check}_check()\nfor name, index in {entries!r}:\n    print(float(given[name][index]))"
    return Piece(check, 1, f"import numpy as np\n{_CHECKS[check + '_check']}\n{shown}")


def _agreeing(numbers: Sequence[Number], text: str) -> int:
    """How many numbers are those that were printed, a line each."""
    count = 0
    for number, line in zip(numbers, text.split("\n"), strict=False):
        try:
            count += agrees(number, float(line))
        except ValueError:
            break
    return count
