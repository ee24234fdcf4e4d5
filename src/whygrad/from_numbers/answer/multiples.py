"""Wrong numbers that are all one multiple of the right ones: a factor that no mistake explains, such as a learning rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_numbers.candidates.grouped import grouped
from whygrad.mistakes.words import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_numbers.candidates.families import Family
    from whygrad.from_numbers.tables.tables import Tables

LEAST = 2
"""So many numbers have to share the factor."""
SHARP = 0.01
"""Each printed so sharply, as a part of itself."""


def of_one_factor(tables: Tables, family: Family) -> bool:
    """Whether mistakes of several functions explain numbers that one factor makes of the right ones: that is one, which is not known."""
    edits = family.best[0]
    if len(grouped(edits)) == 1 or len({edit.function for edit in edits}) == 1:
        return False
    wrong = [(target, ~fine) for target, fine in zip(family.targets, family.right, strict=True) if not fine.all()]
    zeros = any((target.low[some] == 0).any() for target, some in wrong)
    return bool(wrong) and not zeros and len(said_of_multiples(tables, [family])) == len(wrong)


def said_of_multiples(tables: Tables, families: Sequence[Family]) -> list[str]:
    """A sentence for each output whose wrong numbers are all the same multiple of the right ones."""
    said: list[str] = []
    for family in families:
        for target, hits in zip(family.targets, family.right, strict=True):
            right = target.values(tables.of(target.block.check).right.gradients)
            wrong = np.flatnonzero(~hits)
            low, high, belongs = target.low[wrong], target.high[wrong], right[wrong]
            if len(wrong) < LEAST or not np.all(np.isfinite(low) & np.isfinite(high) & np.isfinite(belongs) & (belongs != 0)):
                continue
            if np.any(high - low > SHARP * abs(low)):
                continue
            ends = np.sort([low / belongs, high / belongs], axis=0)
            least, most = ends[0].max(), ends[1].min()
            if least <= most:
                labels = [target.block.numbers[place].label for place in wrong.tolist()]
                said.append(f"{listed(labels)} of {target.block.check} are {(least + most) / 2:.4g} times the right numbers")
    return said
