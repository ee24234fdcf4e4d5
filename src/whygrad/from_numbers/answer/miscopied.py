"""Numbers that differ from what the same program prints by a slip of the pen: a sign, two digits exchanged, one digit too many.

Numbers are pasted, but sometimes typed. Where all others are explained, or right, this is likelier than a further mistake that changes one
number so little. A sign alone a mistake may have turned as well.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_numbers.candidates.certainty import hits_of
from whygrad.from_numbers.candidates.grouped import grouped
from whygrad.from_numbers.candidates.mistyped import LEAST_BESIDE, MOST_SLIPS, rounded
from whygrad.from_numbers.numbers.slip_of_the_pen import SIGN, slip_of_the_pen
from whygrad.mistakes.words import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_numbers.candidates.families import Family
    from whygrad.from_numbers.numbers.arrays import Bools
    from whygrad.from_numbers.tables.tables import Tables
    from whygrad.mistakes import Edits

MOST_MINUSES = 2
"""More numbers than these whose sign is another have a cause."""
MOST_MISTAKES = 5


def said_of_a_miscopied_number(tables: Tables, families: Sequence[Family]) -> list[str]:
    """A sentence for each program, the right one first, that prints all numbers but a few, if these may have been typed wrongly."""
    whats = (
        _missed_by_a_slip(tables, family, (), family.right) or _missed_by_a_slip(tables, family, *family.best[:2]) for family in families
    )
    return [f"{what}, as it happens in typing" for what in whats if what]


def said_of_a_mistake_of_copying(tables: Tables, families: Sequence[Family]) -> list[str]:
    """The same of numbers that are all explained, for mistakes without which all of many are printed but these: as without a minus.

    As many mistakes as can be left out so, for a sign that is turned in the cell takes another one in the loop to explain a single number.
    One mistake by which two numbers are off in a digit is no chance.
    """
    said: list[str] = []
    for family in families:
        edits, _, _ = family.best
        groups = grouped(edits) if sum(map(len, family.targets)) > LEAST_BESIDE else []
        left_out: list[set[int]] = []
        for some in _most_first(len(groups)):
            if any(some <= more for more in left_out):
                continue
            out = [edit for at in some for edit in groups[at]]
            rest = tuple(edit for edit in edits if edit not in out)
            hits = hits_of(tables.assignment, rest, family.targets)
            if what := _missed_by_a_slip(tables, family, rest, hits, most=len(some)):
                left_out.append(some)
                names = listed(sorted({edit.quantity for edit in out}))
                said.append(f"{what}, as it happens in copying: then nothing is wrong in {names}")
    return said


def _most_first(count: int) -> list[set[int]]:
    """The sets of some of so many mistakes, large ones first; of many mistakes those of one alone."""
    sizes = range(count if count <= MOST_MISTAKES else 1, 0, -1)
    return [set(some) for size in sizes for some in combinations(range(count), size)]


def _missed_by_a_slip(tables: Tables, family: Family, edits: Edits, hits: Sequence[Bools], most: int = MOST_SLIPS) -> str:
    """Which numbers a program does not print but for a slip of the pen each, where it prints all others; else empty.

    Of several each lacks a minus, and they are no more than two, or is off in a digit, and they are no more than ``most``. That is no
    rounding.
    """
    missed = [(target, place) for target, own in zip(family.targets, hits, strict=True) for place in np.flatnonzero(~own).tolist()]
    several = len(missed) > 1
    if not 0 < len(missed) <= MOST_SLIPS or sum(map(len, family.targets)) <= several * LEAST_BESIDE + len(missed):
        return ""
    slips: list[str] = []
    for target, place in missed:
        text = target.block.numbers[place].text
        gradients = tables.of(target.block.check).run(edits)
        value = np.nan if gradients is None else float(target.values(gradients)[place])
        slip = slip_of_the_pen(text, value)
        if not slip or (several and (text.startswith("-") if slip == SIGN else rounded(text, value))):
            return ""
        slips.append(slip)
    if slips.count(SIGN) > MOST_MINUSES or len(slips) - slips.count(SIGN) > most:
        return ""
    program = "the same program" if edits else "a right program"
    labels = listed([f"{target.block.numbers[place].label} of {target.block.check}" for target, place in missed])
    if several:
        return f"{labels} are what {program} prints but for {_each(slips)} each"
    return f"{labels} is what {program} prints but for {slips[0]}"


def _each(slips: list[str]) -> str:
    """What several numbers differ by."""
    if SIGN not in slips:
        return slips[0] if len(set(slips)) == 1 else "a digit or two"
    return "a minus" if set(slips) == {SIGN} else "a minus or a digit"
