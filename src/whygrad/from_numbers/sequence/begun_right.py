"""Two mistakes give what the first call prints, a third shows only later: the former are told by the first number alone.

Which wrong forward passes give it with an edited cell, or with a loop that begins otherwise, is looked up. They are so few that each can be
gone on from with every other mistake in the cell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from whygrad.from_numbers.walks.hypotheses import RIGHT_CELL

if TYPE_CHECKING:
    from whygrad.from_numbers.loops.tree import Tree
    from whygrad.from_numbers.walks.trajectories import Trajectories
    from whygrad.mistakes import Edits

MOST_BEGUN = 12
"""So many pairs are gone on from, the likeliest."""
WHAT = "a mistake in the forward pass, one in the cell or the loop, and one in the cell that shows only later"


class Begun(NamedTuple):
    """A wrong forward pass with an edited cell or loop, and the call that the loop makes first: a node of a tree of loops."""

    edits: Edits
    tree: Tree
    node: int


def with_one_later(walks: Trajectories) -> list[Edits]:
    """The programs with such mistakes that print the same dx."""
    found: list[Edits] = []
    for edits, tree, node in walks.trail.likeliest(_begun(walks), MOST_BEGUN, WHAT):
        after = walks.after(edits)
        # an equation that has written out what the edited cell shares does not read the mistake there
        found += after.begun(tree, node, [*after.cells, *after.free(walks.hypotheses.cells.written_out)], WHAT)
    return found


def _begun(walks: Trajectories) -> list[Begun]:
    """What gives the first number together, and no part of it alone, likeliest first."""
    hypotheses = walks.hypotheses
    if not hypotheses.right or walks.record is None:
        return []
    low, high = walks.limits(hypotheses.first_step)
    if low <= walks.record.calls[0]["dxt"][walks.entry] <= high:  # it tells nothing
        return []
    single, early, from_right = hypotheses.single, hypotheses.early_single, hypotheses.from_right
    loops = walks.passes_beginning(RIGHT_CELL, single, "passes-and-loops", WHAT)
    alone = {edits for edits, _, node in loops if node == single.first.get(hypotheses.right[0])}
    alone |= {edits for edits, node in walks.cells_beginning(WHAT) if node == early.first.get(hypotheses.right[0])}
    telling = set(hypotheses.openings)
    found = [Begun(edits, single, node) for edits, _, node in loops if edits not in alone and node in telling]
    cells = walks.passes_beginning(walks.cells, from_right, "passes-and-cells", WHAT)
    found += [Begun((*edits, *cell), from_right, node) for edits, cell, node in cells if alone.isdisjoint([edits, cell])]
    return sorted(found, key=lambda one: walks.tables.variants.set_cost(one.edits))
