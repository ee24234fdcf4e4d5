"""Are a learner's numbers those of a key of the course? Then a check that differs as the course's own did is no mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from whygrad.assignments.assignment import Assignment
    from whygrad.records import Block, Number

PRINTED = 1e-8
"""What the last digit of a key may hide."""


def version_printed(assignment: Assignment, block: Block) -> str | None:
    """The version of the course's key with which all the numbers of a block agree; None where there is none."""
    for version, texts in assignment.keys.get(block.check, {}).items():
        pairs = [(number, _expected(assignment, block.check, texts, number)) for number in block.numbers]
        if all(other is not None and number.low - PRINTED <= other <= number.high + PRINTED for number, other in pairs):
            return version
    return None


def _expected(assignment: Assignment, check: str, texts: Mapping[str, str], number: Number) -> float | None:
    for quantity, index in assignment.printed[check]:
        if quantity == number.quantity and number.index[: len(index)] == index:
            numbers = texts[quantity].strip("[] ").split()
            place = number.index[len(index)] if len(number.index) > len(index) else 0
            return float(numbers[place]) if place < len(numbers) else None
    return None


def as_expected(assignment: Assignment, block: Block) -> bool:
    """Whether the learner's numbers are the expected ones of the post, or those of a key of the course."""
    expected = {(number.quantity, number.index): number for number in block.expected}
    pairs = [(number, expected.get((number.quantity, number.index))) for number in block.numbers]
    in_post = bool(expected) and all(
        other is not None and number.low <= other.high + PRINTED and other.low <= number.high + PRINTED for number, other in pairs
    )
    return in_post or version_printed(assignment, block) is not None
