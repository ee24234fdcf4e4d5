"""Trajectories of a sequence function that takes an upstream gradient for the cell states too, with one mistake more.

What the check draws for it is one more thing that a loop can hand to its cell. It stands in the contexts beside what the caches hold.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_numbers.loops.forms import FURTHER
from whygrad.from_numbers.programs.contexts import Contexts
from whygrad.from_numbers.programs.first_half import FirstHalf
from whygrad.from_numbers.programs.passes import Passes
from whygrad.from_numbers.walks.hypotheses import RIGHT_CELL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from whygrad.from_numbers.loops.tree import Tree
    from whygrad.from_numbers.numbers.arrays import Floats
    from whygrad.from_numbers.tables.tables import CheckTables
    from whygrad.from_numbers.walks.hypotheses import Loops
    from whygrad.from_numbers.walks.trajectories import Trajectories
    from whygrad.mistakes import Edit, Edits

WHAT = "an extra upstream gradient and one mistake more"
WHAT_TWO = "an extra upstream gradient and two mistakes more"
MOST_CELLS, MOST_PASSES = 1500, 500
"""So many edited cells are tried with two mistakes in the loop, and so many wrong forward passes with an edited cell, the likeliest."""


def with_further_upstream(trajectories: Trajectories) -> list[Edits]:
    """The programs with such an argument and another mistake in the loop, in the forward pass or in the cell that print the same dx."""
    found: list[Edits] = []
    for number, (with_drawn, alone, both) in enumerate(_settings(trajectories)):
        passes = with_drawn(trajectories.tables.passes)
        found += trajectories.with_cells(passes.contexts, RIGHT_CELL, both, WHAT)
        found += trajectories.with_forward(RIGHT_CELL, alone, WHAT, passes=passes)
        found += trajectories.with_cells(passes.contexts, trajectories.cells, alone, WHAT, kept=f"cells-and-further-upstream-{number}")
    return found


def with_further_upstream_and_two(trajectories: Trajectories) -> list[Edits]:
    """The same with two others, of which no two are of one kind."""
    found: list[Edits] = []
    for with_drawn, alone, both in _settings(trajectories):
        passes = with_drawn(trajectories.tables.passes)
        likely = trajectories.trail.likeliest(trajectories.cells, MOST_CELLS, WHAT_TWO)
        found += trajectories.with_cells(passes.contexts, list(likely), both, WHAT_TWO)
        found += trajectories.with_forward(RIGHT_CELL, both, WHAT_TWO, passes=passes)
        found += trajectories.with_forward(trajectories.cells, alone, WHAT_TWO, passes=passes, most=MOST_PASSES)
    return found


def _settings(trajectories: Trajectories) -> Iterator[tuple[Callable[[Passes], Passes], Tree, Tree]]:
    """For all that the check can draw: how forward passes get it, the loops that use it, and these with another mistake in them."""
    tables, tree = trajectories.tables, trajectories.hypotheses.tree
    for number, (da, further, edits) in enumerate(_drawn(tables)):
        alone = tree(f"further {number}", partial(_forms, tables, [(edit,) for edit in edits]))
        both = tree(f"further {number} and one", partial(_forms, tables, [(edit, *loop) for edit in edits for _, loop in tables.loops]))
        yield partial(_passes, tables, da, further), alone, both


def _drawn(tables: CheckTables) -> list[tuple[Floats, Floats, list[Edit]]]:
    """What the check can draw for a sequence function with one more argument, for da and for the other, with the edits that use it."""
    found: dict[bytes, tuple[Floats, Floats, list[Edit]]] = {}
    head = tables.assignment.functions[tables.check][0]
    first_half = FirstHalf(tables.assignment, tables.check)
    for edit in tables.variants.of_line(tables.check, 0):
        record = first_half.run((edit,))
        if edit.lines[0][2] == head or record is None or len(record.arguments) != len(tables.right.arguments) + 1:
            continue
        da, further, _ = record.arguments
        if da.shape == further.shape == tables.right.arguments[0].shape:
            found.setdefault(da.tobytes() + further.tobytes(), (da, further, []))[2].append(edit)
    return list(found.values())


def _passes(tables: CheckTables, da: Floats, further: Floats, known: Passes) -> Passes:
    """Of these forward passes those that leave alone what is drawn for da, the right one first, with these upstream gradients."""
    contexts = known.contexts
    kept = np.flatnonzero((contexts.da == contexts.da[:, :, :1]).all(axis=(0, 1, 3)))
    arrays = {name: array[:, kept] for name, array in contexts.arrays.items()}
    caches = max(array.shape[2] for array in arrays.values())
    own, other = da[:, [tables.column]], further[:, [tables.column]]
    padded = np.full((len(other), len(kept), caches, 1), np.nan)
    padded[:, :, : other.shape[2], 0] = other
    upstream = np.repeat(own.transpose(2, 0, 1)[..., None], len(kept), axis=2)
    return Passes([known.rows[row] for row in kept.tolist()], Contexts(upstream, {**arrays, FURTHER: padded}))


def _forms(tables: CheckTables, candidates: list[Edits]) -> Loops:
    """Those of these edited loops that have a form."""
    return [(form, edits) for edits in candidates if (form := tables.forms.with_further(edits)) is not None]
