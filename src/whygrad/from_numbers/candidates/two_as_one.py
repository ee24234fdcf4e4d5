"""Several mistakes of an explanation may be one: a single mistake that prints by itself what these do together.

The search finds a loop by what it does to dx, and then what is wrong with other gradients; a mistake that does both is found where it is
the only one. Beside others it comes apart. And of two slips in one equation one may be all that is needed.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_numbers.candidates.grouped import grouped
from whygrad.from_numbers.numbers.arrays import entry
from whygrad.from_numbers.numbers.printed import ROUNDING
from whygrad.from_numbers.programs.compound import with_slip
from whygrad.from_numbers.programs.wanted import places_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_numbers.tables.tables import CheckTables
    from whygrad.mistakes import Edits

MOST_TOGETHER = 3
"""So many mistakes are put together at most."""
MOST_TRIED = 4
"""So many single ones, the likeliest, are tried in their place."""


def two_as_one(tables: CheckTables, edits: Edits) -> Iterator[Edits]:
    """The programs with these edits and a likelier single mistake in the place of two or three of them, where there are more.

    Whether they print the same numbers is to be seen; of the mistakes by themselves it is known, as far as the table holds numbers.
    """
    groups = grouped(edits)
    for size in range(2, min(MOST_TOGETHER + 1, len(groups))):
        for some in combinations(groups, size):
            together = tuple(edit for group in some for edit in group)
            rest = tuple(edit for edit in edits if edit not in together)
            for one in _singles_like(tables, together):
                for others in (rest, *_written_out(tables, one, rest)):
                    if places_of(others).isdisjoint(places_of(one)):
                        yield (*others, *one)


def _written_out(tables: CheckTables, one: Edits, rest: Edits) -> Iterator[Edits]:
    """The rest with the slip of ``one`` in one of its edited equations as well, as where that writes out what it shares with others."""
    for place, edit in enumerate(rest if len(one) == 1 else ()):
        yield from ((*rest[:place], both, *rest[place + 1 :]) for both in with_slip(tables.assignment, edit, one[0]))


def one_of_two(tables: CheckTables, edits: Edits) -> Iterator[Edits]:
    """The programs in which an equation that was edited twice has one of its two slips alone.

    Whether they print the same numbers is to be seen.
    """
    for place, edit in enumerate(edits):
        parts = {(part.operator, part.detail) for part in edit.parts}
        for one in tables.variants.of_line(*edit.lines[0][:2]) if len(parts) > 1 else ():
            if (one.operator, one.detail) in parts:
                yield (*edits[:place], one, *edits[place + 1 :])


def _singles_like(tables: CheckTables, edits: Edits) -> list[Edits]:
    """The likeliest single mistakes that print what these edits do, as far as is known of them, and cost less."""
    gradients, singles = tables.run(edits), tables.singles
    if gradients is None:
        return []
    own, right = (np.array([entry(some, *place) for place in singles.entries]) for some in (gradients, tables.right.gradients))
    if np.allclose(own, right, ROUNDING, ROUNDING, equal_nan=True):
        return []
    unknown = np.isnan(singles.numbers)
    telling = ~np.isclose(own, right, ROUNDING, ROUNDING, equal_nan=True) & ~unknown
    like = (np.isclose(singles.numbers, own, ROUNDING, ROUNDING, equal_nan=True) | unknown).all(axis=1) & telling.any(axis=1)
    rows = np.flatnonzero(like & (singles.costs < tables.variants.set_cost(edits)))
    return [singles.rows[row] for row in rows[np.argsort(singles.costs[rows], kind="stable")][:MOST_TRIED]]
