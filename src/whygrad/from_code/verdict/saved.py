"""Do the numbers that a notebook has printed come from the code that it holds now?

The cell that printed them is run again: many notebooks have changed the course's checks, so only the cell itself tells what it prints.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.errors import WhygradError
from whygrad.from_code.reference.parts import cell_of, partner
from whygrad.read import read_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from whygrad.records import Number, Reading

ROUNDING = 1e-8
"""A printed number may differ by so much of its size: another machine, another order of summation."""

Printed = dict[tuple[str, tuple[int, ...]], "Number"]


def older_outputs(outputs: Mapping[str, str], printed: Callable[[int], Mapping[str, str]], own: frozenset[str]) -> list[str]:
    """The checks whose printed numbers their cells do not print now.

    Args:
        outputs: What is saved, by the cell's name.
        printed: Runs the cells, chance beginning at a seed, and gives what they print now; asked only where a cell has printed numbers of
            a check, and a second time where they differ: what chance makes, as in ``np.empty``, tells nothing.
        own: The functions that are the learner's.
    """
    last: dict[str, tuple[str, Printed]] = {}
    for cell, text in outputs.items():
        for check, numbers in _numbers(text).items():
            if {check, partner(check), cell_of(check), cell_of(partner(check))} <= own:
                last[check] = cell, numbers
    if not last:
        return []
    now = {cell: _numbers(text) for cell, text in printed(0).items()}
    older = [check for check, (cell, numbers) in last.items() if _differ(numbers, now.get(cell, {}).get(check, {}))]
    again = {cell: _numbers(text) for cell, text in printed(1).items()} if older else {}
    return [check for check in older if _differ(last[check][1], _lasting(last[check][0], check, now, again))]


def _lasting(cell: str, check: str, one: Mapping[str, dict[str, Printed]], other: Mapping[str, dict[str, Printed]]) -> Printed:
    """The numbers of a check that two runs print alike."""
    found, again = one.get(cell, {}).get(check, {}), other.get(cell, {}).get(check, {})
    return {key: number for key, number in found.items() if key in again and number.text == again[key].text}


def _numbers(text: str) -> dict[str, Printed]:
    """The printed numbers of each check in one cell's output; none where it is a guess of which check they are."""
    try:
        reading: Reading = read_text(text, "the outputs")
    except WhygradError:
        return {}
    if reading.notes:
        return {}
    return {block.check: {(number.quantity, number.index): number for number in block.numbers} for block in reading.blocks}


def agrees(number: Number, value: float) -> bool:
    """Whether a value may have been printed as this number, here or on another machine."""
    return number.low - _slack(number) <= value <= number.high + _slack(number)


def _differ(before: Printed, now: Printed) -> bool:
    return any(
        number.low > now[key].high + _slack(number) or now[key].low > number.high + _slack(number)
        for key, number in before.items()
        if key in now
    )


def _slack(number: Number) -> float:
    return ROUNDING * max(1.0, abs(number.low))
