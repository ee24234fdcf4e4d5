"""One number that differs from what the same program prints by a slip of the pen: a sign, two digits exchanged, one digit too many.

Numbers are pasted, but sometimes typed. Where all others are explained, or right, this is likelier than a further mistake that changes one
number so little.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_numbers.numbers.slip_of_the_pen import slip_of_the_pen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_numbers.candidates.families import Family
    from whygrad.from_numbers.tables.tables import Tables


def said_of_a_miscopied_number(tables: Tables, families: Sequence[Family]) -> list[str]:
    """A sentence for each program that prints all numbers but one, if that one may have been typed wrongly."""
    said: list[str] = []
    for family in families:
        edits, hits, _ = family.best
        missed = [(target, place) for target, own in zip(family.targets, hits, strict=True) for place in np.flatnonzero(~own).tolist()]
        if len(missed) != 1 or sum(map(len, family.targets)) == 1:
            continue
        target, place = missed[0]
        number = target.block.numbers[place]
        gradients = tables.of(target.block.check).run(edits)
        slip = "" if gradients is None else slip_of_the_pen(number.text, float(target.values(gradients)[place]))
        if slip:
            program = "the same program" if edits else "a right program"
            said.append(f"{number.label} of {target.block.check} is what {program} prints but for {slip}, as it happens in typing")
    return said
