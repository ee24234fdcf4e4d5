"""Two edited equations of the cell of which one reads the other: that of dx and one that it is made of, a gate's and what gates share.

Their effects do not add up. So each pair is computed, in the call that the right loop makes first: all edits of what is read side by side,
and on top of them every edit of what reads it.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_numbers.programs.linewise import NAME
from whygrad.from_numbers.sequence.cell_pairs import both

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_numbers.numbers.arrays import Arrays, Floats
    from whygrad.from_numbers.side_by_side.columns import Cell
    from whygrad.from_numbers.walks.hypotheses import Cells
    from whygrad.from_numbers.walks.trajectories import Trajectories
    from whygrad.mistakes import Edits

MOST_GROUPS = 600
"""So many slips made in several equations at once, the likeliest, meet the mistakes in what these share."""
MOST_PAIRS = 3000
"""So many pairs that give the first number are followed, likeliest first."""
WHAT = "a mistake in one equation and one in what it reads"


def pairs_within(trajectories: Trajectories) -> list[Edits]:
    """The programs with two such mistakes in the right program, with a loop that begins right, that print the same dx."""
    return trajectories.with_cells(trajectories.own_context, _giving_the_first(trajectories), trajectories.hypotheses.from_right, WHAT)


def pairs_within_after(trajectories: Trajectories, most: int) -> list[Edits]:
    """The same after so many of the likeliest wrong forward passes, where these spoil earlier steps only."""
    cells = _giving_the_first(trajectories)
    return trajectories.with_forward(cells, trajectories.hypotheses.from_right, f"{WHAT}, and one before", most=most) if cells else []


def _giving_the_first(trajectories: Trajectories) -> Cells:
    """The cells with two such mistakes that give the printed entry of the call that the right loop makes first, likeliest first."""
    hypotheses, trail, cell, cells = trajectories.hypotheses, trajectories.trail, trajectories.cell, trajectories.cells
    if cell is None or not hypotheses.right or trail.spent:
        return []
    low, high = map(np.float32, trajectories.limits(hypotheses.first_step))
    tables = trajectories.tables
    groups = tables.beside("cells that read each other", lambda: list(_reading_each_other(cell, cells, hypotheses.cells.written_out)))
    found: Cells = []
    for number, values in _first_numbers(trajectories, groups).items():
        trail.tried += values.size
        readers, read = groups[int(number)]
        reader, other = np.nonzero((values >= low) & (values <= high))
        if len(reader) > MOST_PAIRS:  # as where the first number is not printed
            trail.cut(f"{WHAT}: only the likeliest {MOST_PAIRS} were tried")
            costs = _costs(trajectories, readers)[reader] + _costs(trajectories, read)[other]
            likeliest = np.argsort(costs, kind="stable")[:MOST_PAIRS]
            reader, other = reader[likeliest], other[likeliest]
        found += both([*read, *readers], list(zip((len(read) + reader).tolist(), other.tolist(), strict=True)))
    found.sort(key=lambda one: tables.variants.set_cost(one[1]))
    return list(trail.likeliest(found, MOST_PAIRS, WHAT))


def _costs(trajectories: Trajectories, cells: Cells) -> Floats:
    return np.array([trajectories.tables.variants.set_cost(edits) for _, edits in cells])


def _first_numbers(trajectories: Trajectories, groups: Sequence[tuple[Cells, Cells]]) -> Arrays:
    """What the pairs of each group give for the printed entry of dx in the call that the right loop makes first: (readers, read).

    Single precision keeps the order, so none that agrees is lost, and what agrees is computed again.
    """
    return trajectories.kept_numbers("within", lambda: _computed(trajectories, groups))


def _computed(trajectories: Trajectories, groups: Sequence[tuple[Cells, Cells]]) -> Arrays:
    walk = trajectories.through(trajectories.hypotheses.right_cell, trajectories.own_context)
    found: Arrays = {}
    for number, (readers, read) in enumerate(groups):
        if readers and read:
            blocks = walk.openings_after([texts for texts, _ in read], [texts for texts, _ in readers], trajectories.hypotheses.right_only)
            found[str(number)] = np.concatenate([block[:, 0].astype(np.float32) for block in blocks])
    return found


def _reading_each_other(cell: Cell, cells: Cells, written_out: Cells) -> Iterator[tuple[Cells, Cells]]:
    """The edited cells of an equation, and those of what it reads: of dx all others, of what it is made of the equations with no others.

    What is changed in all that is handed back counts as an edit of dx.
    An equation that has what it should read written out is also one that reads it: there its mistake is missing. The same slip in several
    equations reads what they share as each of them does.
    """
    last = next(number for number, target, _ in cell.lines if target == "dxt")
    lines: dict[int, Cells] = {}
    for one in cells:
        if len({number for number, _ in one[0]}) == 1:
            lines.setdefault(one[0][0][0], []).append(one)
    whole = [one for one in cells if last in dict(one[0]) and all(cell.targets[number] in cell.outputs for number, _ in one[0])]
    yield whole, [one for one in cells if all(number != last for number, _ in one[0])]
    for number, target, text in cell.lines:
        for other, name in cell.shared.items():
            if number != last and name in NAME.findall(text) and target not in cell.outputs:
                reading = [one for one in lines.get(number, []) if name in NAME.findall(one[0][0][1])]
                yield [*reading, *(one for one in written_out if one[0][0][0] == number)], lines.get(other, [])
    for other, name in cell.shared.items():
        readers = {number for number, target, text in cell.lines if name in NAME.findall(text) and target not in cell.outputs}
        several = (
            one
            for one in cells
            if len(one[0]) > 1
            and last not in dict(one[0])
            and other not in dict(one[0])
            and all(name in NAME.findall(text) for number, text in one[0] if number in readers)
            and not readers.isdisjoint(dict(one[0]))
        )
        yield list(islice(several, MOST_GROUPS)), lines.get(other, [])
