"""Three mistakes, two or three of them in the cell: where a wrong number first appears their effects add up, so they are found by sums."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_numbers.numbers.printed import SIDE_BY_SIDE
from whygrad.from_numbers.sequence.cell_pairs import EFFECT_DECIMALS, NO_EFFECT, FirstWrong, both, first_wrong, showing, sought

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_numbers.numbers.arrays import Floats
    from whygrad.from_numbers.side_by_side.columns import LineTexts
    from whygrad.from_numbers.walks.hypotheses import Cells
    from whygrad.from_numbers.walks.trajectories import Trajectories
    from whygrad.mistakes import Edits

MOST_EFFECTS = 1000
"""So many different effects, those of the likeliest mistakes, are added up."""
MOST_TRIPLES = 200
"""So many of the sums that are right are followed, likeliest first."""
MOST_BEGUN = 20
"""So many mistakes that give the first wrong number, one or two together, are tried with one that shows only later."""
MOST_LATER = 500
"""So many of the latter, the likeliest first."""
WITH_LOOPS = 4000
"""So many pairs of them where there is a mistake in the loop too."""
AT_ONCE = 8
"""Of so many times as many pairs as are wanted some edit the same line."""
WHAT = "three mistakes in the cell"


def cell_triples(trajectories: Trajectories) -> list[Edits]:
    """The programs with three mistakes in the cell, all of which bear on the first wrong number, that print the same dx."""
    wrong, trail = first_wrong(trajectories), trajectories.trail
    if wrong is None:
        return []
    useful = showing(wrong.effects)
    _, first = np.unique(wrong.effects[useful].round(EFFECT_DECIMALS), return_index=True)
    likely: list[int] = list(trail.likeliest(useful[np.sort(first)].tolist(), MOST_EFFECTS, f"{WHAT}: effects"))
    cells = [wrong.cells[at] for at in likely]
    trail.tried += len(cells) ** 3 // 6
    found = [[cells[at] for at in numbers] for numbers in sums_of_three(wrong.effects[likely], wrong.low, wrong.high)]
    apart = [own for own in found if len({number for texts, _ in own for number, _ in texts}) == sum(len(texts) for texts, _ in own)]
    merged = [(tuple(text for texts, _ in own for text in texts), tuple(edit for _, edits in own for edit in edits)) for own in apart]
    chosen = list(trail.likeliest(_likeliest_first(trajectories, merged), MOST_TRIPLES, WHAT))
    return trajectories.with_cells(trajectories.own_context, chosen, trajectories.hypotheses.right_only, WHAT)


def with_a_later(trajectories: Trajectories) -> list[Edits]:
    """The programs that print the same dx by what gives the first wrong number, and by a mistake in the cell that does not bear on it.

    The former are two mistakes of the cell, or one and a mistake in the loop.
    """
    wrong, trail = first_wrong(trajectories), trajectories.trail
    if wrong is None:
        return []
    hypotheses, context = trajectories.hypotheses, trajectories.own_context
    later = [wrong.cells[at] for at in np.flatnonzero(np.abs(wrong.effects) <= NO_EFFECT).tolist()]
    alone, pairs = giving_the_first(trajectories, wrong)
    what = f"{WHAT}, of which one shows only later"
    triples = together(pairs, trail.likeliest(later, MOST_LATER, what))
    found = trajectories.with_cells(context, triples, hypotheses.right_only, what)
    what = "two mistakes in the cell, of which one shows only later, and one in the loop"
    twice = likeliest_together(trajectories, alone, later, WITH_LOOPS, what)
    return found + trajectories.with_cells(context, twice, hypotheses.from_right, what)


def giving_the_first(trajectories: Trajectories, wrong: FirstWrong) -> tuple[Cells, Cells]:
    """The cells with one mistake that give the first wrong number, and those with two; the likeliest of each."""
    reached, _, sums = sought(trajectories, wrong.effects, wrong.low, wrong.high)
    found: list[Cells] = []
    for cells, what in (([wrong.cells[at] for at in reached], "mistakes"), (both(wrong.cells, sums), "pairs of mistakes")):
        ordered = _likeliest_first(trajectories, cells)
        found.append(list(trajectories.trail.likeliest(ordered, MOST_BEGUN, f"{what} in the cell that give the first wrong number")))
    return found[0], found[1]


def together(some: Cells, others: Sequence[tuple[LineTexts, Edits]]) -> Cells:
    """Each of some cells with each of others that edit other lines."""
    found: Cells = []
    for texts, edits in some:
        own = {number for number, _ in texts}
        found += [((*texts, *more), (*edits, *their)) for more, their in others if own.isdisjoint(number for number, _ in more)]
    return found


def likeliest_together(trajectories: Trajectories, some: Cells, others: Cells, most: int, what: str) -> Cells:
    """The likeliest of what `together` gives, so many; where there are more, ``what`` is cut."""
    cost = trajectories.tables.variants.set_cost
    sums = np.add.outer(np.array([cost(edits) for _, edits in some]), np.array([cost(edits) for _, edits in others]))
    sums = sums.ravel()
    few = np.argpartition(sums, AT_ONCE * most)[: AT_ONCE * most] if len(sums) > AT_ONCE * most else np.arange(len(sums))
    places: list[int] = few[np.argsort(sums[few], kind="stable")].tolist()
    found: Cells = []
    for place in places:
        both = together([some[place // len(others)]], [others[place % len(others)]])
        if both and len(found) == most:
            trajectories.trail.cut(f"{what}: only the likeliest {most} were tried")
            break
        found += both
    return found


def _likeliest_first(trajectories: Trajectories, cells: Cells) -> Cells:
    return sorted(cells, key=lambda cell: trajectories.tables.variants.set_cost(cell[1]))


def sums_of_three(effects: Floats, low: float, high: float) -> list[tuple[int, int, int]]:
    """Which three different effects have a sum between ``low`` and ``high``, each three once."""
    one, other = (numbers.astype(np.int32) for numbers in np.triu_indices(len(effects), 1))  # there may be half a million
    pairs = effects[one]
    pairs += effects[other]
    order = np.argsort(pairs)
    pairs = pairs[order]
    slack = 3 * SIDE_BY_SIDE
    start = np.searchsorted(pairs, low - slack - effects, "left")
    end = np.searchsorted(pairs, high + slack - effects, "right")
    return [
        (int(one[at]), int(other[at]), int(third))
        for third in np.flatnonzero(end > start)
        for at in order[start[third] : end[third]]
        if other[at] < third
    ]
