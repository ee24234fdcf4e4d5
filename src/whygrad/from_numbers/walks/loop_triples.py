"""Loops with three mistakes, the likeliest, each once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_numbers.programs.edited import edited_lines

if TYPE_CHECKING:
    from whygrad.from_numbers.loops.forms import Form
    from whygrad.from_numbers.numbers.arrays import Floats
    from whygrad.from_numbers.tables.tables import CheckTables
    from whygrad.mistakes import Edits

MOST = 2_000
"""So many three mistakes are looked at, likeliest first."""


def loop_triples(tables: CheckTables) -> list[tuple[Form, Edits]]:
    """The further forms that the likeliest three loop mistakes give together, with the likeliest edits."""
    singles = [edits for _, edits in tables.loops]
    known = {form for form, _ in (*tables.loops, *tables.loop_pairs)} | {tables.forms.of(())}
    found: dict[Form, Edits] = {}
    for places in _likeliest(np.array([tables.variants.set_cost(edits) for edits in singles])):
        edits = tuple(edit for place in places for edit in singles[place])
        form = tables.forms.of(edits) if edited_lines(tables.assignment, edits) is not None else None
        if form is not None and form not in known:
            found.setdefault(form, edits)
    return list(found.items())


def _likeliest(costs: Floats) -> list[list[int]]:
    """Which three, likeliest first."""
    count = len(costs)
    first, second = np.triu_indices(count, 1)
    pairs = np.argsort(costs[first] + costs[second], kind="stable")[:MOST]
    first, second = first[pairs], second[pairs]
    pair, third = np.nonzero(second[:, None] < np.arange(count))
    sums = (costs[first] + costs[second])[pair] + costs[third]
    best = np.argsort(sums, kind="stable")[:MOST]
    found: list[list[int]] = np.stack([first[pair[best]], second[pair[best]], third[best]], axis=1).tolist()
    return found
