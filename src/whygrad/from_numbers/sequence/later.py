"""Mistakes in the forward pass that the cell's own check does not see: in the loop, and at what the backward cell does not use.

They are few. So where the cell's numbers were printed too, two of them are found at once, and one beside what explains the cell.
"""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from whygrad.from_numbers.programs.linewise import NAME
from whygrad.from_numbers.programs.wanted import places_of
from whygrad.from_numbers.walks.hypotheses import RIGHT_CELL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from whygrad.from_numbers.loops.tree import Tree
    from whygrad.from_numbers.tables.tables import CheckTables
    from whygrad.from_numbers.walks.trajectories import Trajectories
    from whygrad.mistakes import Edit, Edits

MOST_PAIRS = 1_000
"""So many pairs of them are run, the likeliest."""
_SHAPE = re.compile(r"\w+\.shape\b")


class Later(NamedTuple):
    """Such mistakes, likeliest first: each ``alone``, and two of them in different lines; ``cut`` where there are more of these."""

    alone: list[Edits]
    pairs: list[Edits]
    cut: bool


def run_alone(walks: Trajectories) -> list[Edits]:
    """The base and one of them, with the base's loop."""
    fresh = [(*walks.base, *edits) for edits in _later(walks.tables).alone]
    walks.trail.tried += len(fresh)
    dx = walks.target.of("dx")
    runs = ((edits, walks.tables.run(edits)) for edits in fresh)
    return [edits for edits, got in runs if got is not None and walks.target.hit(walks.target.values(got))[dx].all()]


def with_loops(walks: Trajectories) -> list[Edits]:
    """The base and one of them, with every loop that has one mistake."""
    what = "a mistake in the forward pass and one in the loop, beside what the cell shows"
    return _with(walks, _later(walks.tables).alone, walks.hypotheses.single, what)


def pairs_with_loops(walks: Trajectories) -> list[Edits]:
    """The base and two of them, with every loop that has one mistake; one of them, with the likeliest loops that have two."""
    later = _later(walks.tables)
    what = "two mistakes in the forward pass and one in the loop, beside what the cell shows"
    if later.cut:
        walks.trail.cut(f"{what}: only the likeliest {MOST_PAIRS} were tried")
    found = _with(walks, later.pairs, walks.hypotheses.single, what)
    what = "a mistake in the forward pass and two in the loop, beside what the cell shows"
    return found + (_with(walks, later.alone, walks.hypotheses.likely_double, what) if walks.base else [])


def _later(tables: CheckTables) -> Later:
    return tables.beside("later mistakes", lambda: _all_later(tables))


def _all_later(tables: CheckTables) -> Later:
    rows, shown = tables.passes.rows, _shown_later(tables)
    alone = [rows[row] for row in range(1, len(rows)) if all(_is_later(tables, edit, shown) for edit in rows[row])]
    pairs = [(*one, *other) for one, other in combinations(alone, 2) if _apart(one, other)]
    likely = sorted(pairs, key=tables.variants.set_cost)
    return Later(alone, likely[:MOST_PAIRS], len(likely) > MOST_PAIRS)


def _shown_later(tables: CheckTables) -> set[str]:
    """What the forward cell returns and the backward cell does not use."""
    functions = tables.assignment.functions
    used = {name for line in functions[tables.cell][2:] for name in NAME.findall(_SHAPE.sub("", line))}
    forward = next(name for name in tables.chain if tables.assignment.vocabulary.roles[name] == "cell forward")
    return set(NAME.findall(functions[forward][-1])) - used


def _is_later(tables: CheckTables, edit: Edit, shown: set[str]) -> bool:
    return tables.assignment.vocabulary.roles.get(edit.function) != "cell forward" or edit.quantity in shown


def _apart(one: Edits, other: Edits) -> bool:
    """Whether they stand in different lines."""
    return places_of(one).isdisjoint(places_of(other))


def _with(walks: Trajectories, mistakes: Iterable[Edits], tree: Tree, what: str) -> list[Edits]:
    """The base with each of these and each of the loops."""
    if walks.spent(what):
        return []
    roles = walks.tables.assignment.vocabulary.roles
    before = tuple(edit for edit in walks.base if "backward" not in roles.get(edit.function, ""))
    passes = walks.tables.run_passes((*before, *edits) for edits in mistakes if _apart(walks.base, edits))
    return [tuple(dict.fromkeys(edits)) for edits in walks.with_forward(RIGHT_CELL, tree, what, passes=passes)]
