"""Are a learner's numbers those of a key of the course? Then a check that differs as the course's own did is no mistake.

And where they are right, are the numbers that the text expects instead of them other ones?
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from whygrad.assignments.assignment import Assignment
    from whygrad.records import Block, Number

PRINTED = 1e-8
"""What the last digit of a key may hide."""
SINGLE = 1e-5
"""Right numbers that were computed in single precision agree so far with those that were not."""


def version_printed(assignment: Assignment, block: Block) -> str | None:
    """The version of the course's key with which all the numbers of a block agree; None where there is none."""
    for version, texts in assignment.keys.get(block.check, {}).items():
        pairs = [(number, _expected(assignment, block.check, texts, number)) for number in block.numbers]
        if all(other is not None and number.low - PRINTED <= other <= number.high + PRINTED for number, other in pairs):
            return version
    return None


def version_expected(assignment: Assignment, block: Block) -> str | None:
    """The version of the course's key that stands beside the learner's numbers; None where there is none, or another's."""
    return version_printed(assignment, replace(block, numbers=block.expected)) if block.expected else None


def said_of_a_wrong_key(assignment: Assignment, blocks: Sequence[Block], *, right: bool) -> list[str]:
    """Where the learner's numbers are those of a key that a right program does not print: why, and that they are."""
    printed = [(block.check, version_printed(assignment, block) or "") for block in blocks]
    notes = [assignment.wrong_keys[key] for key in printed if key in assignment.wrong_keys]
    whose = "the course's own; a right program prints them in a notebook that was run that way" if right else "exactly these expected ones"
    return [*notes, f"the printed numbers are {whose}"] if notes or right else []


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


def expected_otherwise(assignment: Assignment, blocks: Sequence[Block]) -> str:
    """A sentence about the expected numbers that differ from the right ones of these blocks, unless a key of the course has them."""
    pairs: list[tuple[Number, Number]] = []
    for block in blocks:
        if version_expected(assignment, block):
            continue
        own = {(number.quantity, number.index): number for number in block.numbers}
        pairs += [(own[place], number) for number in block.expected if (place := (number.quantity, number.index)) in own]
    differing = list(dict.fromkeys(expected.label for right, expected in pairs if not _may_be(right, expected)))
    if len(differing) == 1:
        return (
            f"the expected {differing[0]} in the text is not the number that a right program prints in this check; if it is your own, "
            "give it alone, as label = number"
        )
    if differing:
        return (
            f"the expected {', '.join(differing)} in the text are not the numbers that a right program prints in this check; if they are "
            "your own, give them alone, as label = number"
        )
    return ""


def _may_be(right: Number, expected: Number) -> bool:
    """Whether the expected number is the right one: as far as it was printed, or cut off without rounding."""
    slack = PRINTED + SINGLE * max(abs(right.low), abs(right.high))
    within = right.low - slack <= expected.high and expected.low <= right.high + slack
    return within or ("." in expected.text and right.text.startswith(expected.text))
