"""Where the loop hands no gradient of a hidden state back, dxt and da_prev spoil nothing but dx and da0.

So the parameters' gradients tell the forward pass by themselves, however many mistakes it has and whatever is wrong with dx. Such loops
are the most frequent mistake of all. What the right cell gives in them, after each forward pass, depends on no printed number and is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_numbers.candidates.certainty import digits_of
from whygrad.from_numbers.loops.tree import Tree
from whygrad.from_numbers.sequence.mixing_sets import with_another
from whygrad.from_numbers.side_by_side.right_loop import RightLoop

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_numbers.loops.forms import Form
    from whygrad.from_numbers.numbers.arrays import Floats
    from whygrad.from_numbers.programs.edited import Record
    from whygrad.from_numbers.tables.tables import CheckTables
    from whygrad.from_numbers.walks.trajectories import Trajectories
    from whygrad.mistakes import Edits

Carries = tuple[tuple[str, str], ...]
MOST_PASSES, MOST_WITH_TWO = 700, 1500
"""So many forward passes with one mistake and with two, the likeliest."""
AT_ONCE = 100
LEAST_DIGITS = 10
"""So many digits of the parameters' gradients no forward pass gives by accident."""
MOST_BEGUN = 4
"""So many forward passes are gone on from, those that give most digits."""
WHAT = "a loop that hands nothing back, mistakes in the forward pass, and some in the cell that only dx shows"


def without_a_carry(walks: Trajectories) -> list[Edits]:
    """The programs that print the same dx, among those with such a loop and with a forward pass that parameters' gradients tell."""
    found: list[Edits] = []
    for edits, form in _told(walks):
        after = walks.after(edits)
        tree = Tree([(form, ())])
        found += after.with_cells(after.own_context, after.cells, tree, WHAT)
        mixing = after.free(walks.hypotheses.cells.mixing)
        found += after.with_cells(after.whole_context, [*mixing, *(with_another(after, mixing) if mixing else [])], tree, WHAT)
    return found


def _told(walks: Trajectories) -> list[tuple[Edits, Form]]:
    """The forward passes with their loops under which parameters' gradients come right that a right program does not print."""
    tables, target = walks.tables, walks.target
    entries = tables.singles.entries
    places = [
        (place, entries.index(own))
        for place, name in enumerate(target.names)
        if name not in {"dx", "da0"} and (own := (name, target.block.numbers[place].index)) in entries
    ]
    if not places:
        return []
    at, columns = (list(some) for some in zip(*places, strict=True))
    digits = np.where(target.hit(target.values(tables.right.gradients)), 0.0, digits_of(target))[at]
    told: list[tuple[float, float, Edits, Form]] = []
    for carries, (form, loop) in _loops(walks).items():
        passes = list(_passes(tables))
        kept = tables.kept_numbers(
            f"uncarried-{len(carries)}", lambda passes=passes, carries=carries: {"numbers": _numbers(tables, passes, carries)}
        )
        printed = np.full((len(passes), len(target)), np.nan)
        printed[:, at] = kept["numbers"][:, columns]
        given = target.hit(printed)[:, at] @ digits
        walks.trail.tried += len(passes)
        rows = np.flatnonzero(given >= LEAST_DIGITS).tolist()
        told += [(-float(given[row]), tables.variants.set_cost(edits), edits, form) for row in rows for edits in [(*passes[row], *loop)]]
    told.sort(key=lambda one: one[:2])
    return [(edits, form) for _, _, edits, form in walks.trail.likeliest(told, MOST_BEGUN, WHAT)]


def _passes(tables: CheckTables) -> Iterator[Edits]:
    """The right forward pass, and the likeliest with one mistake and with two."""
    yield ()
    for rows, most in ((tables.passes.rows, MOST_PASSES), (tables.double_passes.rows, MOST_WITH_TWO)):
        yield from (rows[row] for row in range(1, min(most, len(rows))))


def _loops(walks: Trajectories) -> dict[Carries, tuple[Form, Edits]]:
    """The loops that are right but for the hidden state's carry, or for both, by the carries that they leave."""
    tables, right = walks.tables, walks.hypotheses.right
    others = tuple(pair for pair in walks.hypotheses.right_cell.carries if pair[1] != "da_prev")
    known = dict(tables.loops)
    found: dict[Carries, tuple[Form, Edits]] = {}
    for carries in dict.fromkeys(((), others)):
        names = {output for _, output in carries}
        form = tuple(
            call._replace(
                arguments=tuple(tuple((atom, weight) for atom, weight in parts if atom[0] in {"da", *names}) for parts in call.arguments)
            )
            for call in right
        )
        if form in known:
            found[carries] = form, known[form]
    return found


def _numbers(tables: CheckTables, passes: Sequence[Edits], carries: Carries) -> Floats:
    """What is printed after each of these forward passes; NaN where one cannot be computed with the others."""
    loop = RightLoop(tables.again, tables.forms.fields, carries)
    entries = tables.singles.entries
    found = np.full((len(passes), len(entries)), np.nan)
    rows: list[int] = []
    records: list[Record] = []
    for row, edits in enumerate(passes):
        record = tables.forward(edits)
        if record is not None and loop.takes(record):
            rows.append(row)
            records.append(record)
        if len(records) == AT_ONCE or (records and row == len(passes) - 1):
            found[rows] = loop.entries(records, entries)
            rows, records = [], []
    return found
