"""One number that differs from what the same program prints by a slip of the pen: a sign, two digits exchanged, one digit too many.

Numbers are pasted, but sometimes typed. Where all others are explained, or right, this is likelier than a further mistake that changes one
number so little. A sign alone a mistake may have turned as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_numbers.candidates.certainty import hits_of
from whygrad.from_numbers.candidates.grouped import grouped
from whygrad.from_numbers.candidates.mistyped import LEAST_BESIDE
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


def said_of_a_miscopied_number(tables: Tables, families: Sequence[Family]) -> list[str]:
    """A sentence for each program, the right one first, that prints all numbers but one, or two, if these may have been typed wrongly."""
    whats = (
        _missed_by_a_slip(tables, family, (), family.right) or _missed_by_a_slip(tables, family, *family.best[:2]) for family in families
    )
    return [f"{what}, as it happens in typing" for what in whats if what]


def said_of_a_mistake_of_copying(tables: Tables, families: Sequence[Family]) -> list[str]:
    """The same of numbers that are all explained, for each mistake without which all of many are printed but these: as without a minus."""
    said: list[str] = []
    for family in families:
        edits, _, _ = family.best
        for group in grouped(edits) if sum(map(len, family.targets)) > LEAST_BESIDE else ():
            rest = tuple(edit for edit in edits if edit not in group)
            what = _missed_by_a_slip(tables, family, rest, hits_of(tables.assignment, rest, family.targets))
            names = listed(sorted({edit.quantity for edit in group}))
            said += [f"{what}, as it happens in copying: then nothing is wrong in {names}"] if what else []
    return said


def _missed_by_a_slip(tables: Tables, family: Family, edits: Edits, hits: Sequence[Bools]) -> str:
    """Which number a program does not print but for a slip of the pen, or which two that lack a minus, where it prints all others.

    Else empty.
    """
    missed = [(target, place) for target, own in zip(family.targets, hits, strict=True) for place in np.flatnonzero(~own).tolist()]
    several = len(missed) > 1
    if not 0 < len(missed) <= MOST_MINUSES or sum(map(len, family.targets)) <= several * LEAST_BESIDE + len(missed):
        return ""
    labels: list[str] = []
    slip = ""
    for target, place in missed:
        number = target.block.numbers[place]
        gradients = tables.of(target.block.check).run(edits)
        slip = "" if gradients is None else slip_of_the_pen(number.text, float(target.values(gradients)[place]))
        if not slip or (several and (slip != SIGN or number.text.startswith("-"))):
            return ""
        labels.append(f"{number.label} of {target.block.check}")
    program = "the same program" if edits else "a right program"
    return (
        f"{listed(labels)} {f'are what {program} prints but for a minus each' if several else f'is what {program} prints but for {slip}'}"
    )
