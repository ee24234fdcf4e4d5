"""Trajectories with a mistake that no walk through time takes: a loop without linear form, or a cell that mixes examples.

Such a loop clips what it hands back, or takes a mean over the examples; such a cell hands back what only shows a step later. Whatever is
wrong beside them gives the first number by itself. That is looked up, and the programs are run. Of the loops some show in other gradients
only.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_numbers.candidates.found import ran
from whygrad.from_numbers.local.completed import RUN, completed
from whygrad.from_numbers.numbers.arrays import entry
from whygrad.from_numbers.programs.wanted import places_of
from whygrad.from_numbers.tables.singles import DECIMALS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_numbers.numbers.arrays import Floats, Ints
    from whygrad.from_numbers.tables.tables import CheckTables
    from whygrad.from_numbers.walks.hypotheses import Hypotheses
    from whygrad.from_numbers.walks.trajectories import Trajectories
    from whygrad.mistakes import Edits

MOST_RUN = 800
"""So many programs are run, likeliest first."""
MOST_UNSEEN = 8
"""So many loops that dx does not show are tried with mistakes of single gradients, likeliest first."""
WHAT = "a mistake that gives the first number, and a loop without linear form or a cell that mixes examples"


def with_one_unwalked(walks: Trajectories) -> list[Edits]:
    """The programs with such a mistake, and with what is wrong in the base or one that gives the first number, that print the same dx."""
    tables, trail = walks.tables, walks.trail
    dx = walks.target.of("dx")
    found: list[Edits] = []
    programs = list(islice(_programs(walks), MOST_RUN + 1))
    for edits in trail.likeliest(programs, MOST_RUN, WHAT):
        if walks.spent(WHAT):
            break
        trail.left -= RUN
        trail.tried += 1
        one = ran(tables, walks.target, edits)
        if one is not None and one.hits[dx].all():
            found.append(edits)
    return found


def unseen_loops(walks: Trajectories) -> list[Edits]:
    """Where dx is right: a loop without linear form that leaves it so, with mistakes of single gradients that together give all numbers."""
    own = walks.tables.run(walks.base)
    if own is None or not walks.target.hit(walks.target.values(own))[walks.target.of("dx")].all():
        return []
    what = "loops without linear form that leave dx right, with mistakes of single gradients"
    found: list[Edits] = []
    for loop in walks.trail.likeliest(without_form(walks.tables, ()), MOST_UNSEEN, what):
        if not walks.spent(what):
            programs = completed(walks.tables, (*walks.base, *loop), walks.target, walks.trail)
            found += [edits for edits, hits in programs if hits.all()]
    return found


def without_form(tables: CheckTables, loop: Edits) -> list[Edits]:
    """The mistakes of the loop that have no linear form and by themselves print the same dx as this loop does, likeliest first."""
    singles, own = tables.singles, tables.run(loop)
    if own is None:
        return []
    columns = [at for at, (name, _) in enumerate(singles.entries) if name == "dx"]
    values = np.array([entry(own, *singles.entries[at]) for at in columns])
    near = (abs(singles.numbers[:, columns] - values) <= 10.0**-DECIMALS).all(axis=1)
    rows = np.flatnonzero(near & singles.rows.within([tables.check]))
    ordered = rows[np.argsort(singles.costs[rows], kind="stable")]
    return [edits for row in ordered if tables.forms.of(edits := singles.rows[row]) is None]


def _programs(walks: Trajectories) -> Iterator[Edits]:
    """Each such mistake with what is wrong beside it, likeliest first."""
    cost = walks.tables.variants.set_cost
    ones, others = _unwalked(walks.tables), [walks.base] if walks.base else _beginning(walks.hypotheses)
    sums = np.add.outer(np.array([cost(edits) for edits in ones]), np.array([cost(edits) for edits in others]))
    order: list[int] = np.argsort(sums, axis=None, kind="stable").tolist()
    for place in order:
        one, other = ones[place // len(others)], others[place % len(others)]
        if places_of(one).isdisjoint(places_of(other)):
            yield (*other, *one)


def _unwalked(tables: CheckTables) -> list[Edits]:
    """The loops and cells that no walk takes, print another dx than the right program, and the same for the first call."""
    singles, right = tables.singles, tables.forms.of(())
    if not right:
        return []
    columns = [at for at, (name, _) in enumerate(singles.entries) if name == "dx"]
    first = [at for at in columns if singles.entries[at][1][2] == right[0].stored[0][0]]
    values = np.array([entry(tables.right.gradients, *own) for own in singles.entries])
    near = abs(singles.numbers - values) <= 10.0**-DECIMALS
    mixing = singles.rows.within([tables.cell]) & ~singles.columnwise
    rows = np.flatnonzero((mixing | singles.rows.within([tables.check])) & near[:, first].all(axis=1) & ~near[:, columns].all(axis=1))
    different = _different(singles.numbers, rows, singles.costs)
    return [singles.rows[row] for row in different if mixing[row] or tables.forms.of(singles.rows[row]) is None]


def _beginning(hypotheses: Hypotheses) -> list[Edits]:
    """The mistakes that give the printed number of the call which the right loop makes first, and another dx than the right program."""
    singles, target = hypotheses.tables.singles, hypotheses.target
    first = (place for place in target.of("dx") if target.block.numbers[place].index[2] == hypotheses.first_step)
    known, near = singles.near(target, first)
    rows = np.flatnonzero(near.all(axis=1)) if known else np.zeros(0, int)
    return [singles.rows[row] for row in _different(singles.numbers, rows, singles.costs)]


def _different(numbers: Floats, rows: Ints, costs: Floats) -> Ints:
    """Of these rows those that print different numbers, the likeliest of each, likeliest first."""
    ordered = rows[np.argsort(costs[rows], kind="stable")]
    with np.errstate(over="ignore"):
        _, first = np.unique(np.nan_to_num(numbers[ordered]).round(DECIMALS), axis=0, return_index=True)
    return ordered[np.sort(first)]
