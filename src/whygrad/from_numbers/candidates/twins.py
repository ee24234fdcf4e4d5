"""Beside an explanation: the same with one of its mistakes made in another function, where that prints the same numbers.

No function is right because its slip is the rarer one. What is stored at the wrong place can be taken out there, and what a cell hands out
wrongly its loop can have spoilt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_numbers.candidates.found import functions_of
from whygrad.from_numbers.candidates.grouped import grouped
from whygrad.from_numbers.numbers.arrays import entry
from whygrad.from_numbers.numbers.printed import ROUNDING
from whygrad.from_numbers.programs.wanted import places_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_numbers.tables.tables import CheckTables
    from whygrad.mistakes import Edit

Edits = tuple["Edit", ...]
MOST_ELSEWHERE = 3
"""In so many other functions, the likeliest, each mistake is tried."""


def twins(tables: CheckTables, edits: Edits) -> Iterator[Edits]:
    """The programs with these edits and one mistake exchanged for a single one in another function.

    Whether they print the same numbers is to be seen; of most it is known that the mistakes do so by themselves.
    """
    for group in grouped(edits):
        rest = tuple(edit for edit in edits if edit not in group)
        taken = places_of(rest)
        for other in (*_alike(tables, tuple(group)), *_across_the_call(tables, tuple(group))):
            if taken.isdisjoint(places_of(other)):
                yield (*rest, *other)


def _alike(tables: CheckTables, edits: Edits) -> Iterator[Edits]:
    """The likeliest single mistakes that print what these edits do, one in each set of other functions."""
    gradients, singles = tables.run(edits), tables.singles
    if gradients is None:
        return
    own, right = (np.array([entry(some, *place) for place in singles.entries]) for some in (gradients, tables.right.gradients))
    if np.allclose(own, right, ROUNDING, ROUNDING):  # it shows only beside others: nothing tells what is like it
        return
    telling = int(np.argmax(~np.isclose(own, right, ROUNDING, ROUNDING, equal_nan=True)))
    rows = np.flatnonzero(np.isclose(singles.numbers[:, telling], own[telling], ROUNDING, ROUNDING, equal_nan=True))  # nearly all are left
    rows = rows[np.isclose(singles.numbers[rows], own, ROUNDING, ROUNDING, equal_nan=True).all(axis=1)]
    blamed = {functions_of(edits)}
    for row in rows[np.argsort(singles.costs[rows], kind="stable")]:
        functions = functions_of(singles.rows[row])
        if functions not in blamed:
            blamed.add(functions)
            yield singles.rows[row]
            if len(blamed) > MOST_ELSEWHERE:
                return


def _across_the_call(tables: CheckTables, edits: Edits) -> Iterator[Edits]:
    """What the cell can do inside to what a loop is said to do outside: to what goes into the call, or to what comes out of it."""
    roles = tables.assignment.vocabulary.roles
    cells = [name for name in tables.chain if roles[name] == f"cell {roles.get(edits[0].function)}"]
    return ((edit,) for name in cells for edit in tables.variants.twins(name))
