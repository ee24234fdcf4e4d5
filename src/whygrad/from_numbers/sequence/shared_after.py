"""After a wrong forward pass two mistakes in the cell of which one reads the other: one in what equations share, one in these.

In the call that the loop makes first such an equation is linear in what it shares, and so is the printed entry of dx in the equation. So
every edit of the one meets every edit of the other in a product of two matrices, pass by pass.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from whygrad.from_numbers.numbers.arrays import is_array
from whygrad.from_numbers.programs.linewise import expression_code
from whygrad.from_numbers.sequence.cell_pairs import both
from whygrad.from_numbers.walks.effects import SUM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_numbers.numbers.arrays import Floats
    from whygrad.from_numbers.programs.linewise import Environment
    from whygrad.from_numbers.side_by_side.columns import Cell, LineTexts
    from whygrad.from_numbers.walks.effects import Addend, Effects
    from whygrad.from_numbers.walks.hypotheses import Cells
    from whygrad.from_numbers.walks.trajectories import Trajectories
    from whygrad.mistakes import Edits

MOST_PASSES = 250
"""So many wrong forward passes, the likeliest."""
AT_ONCE = 50
"""So many are computed side by side: what thousands of edits give for them takes a tenth of the memory of a search."""
MOST_GROUPS = 600
"""So many slips made in several equations at once, the likeliest."""
MOST_FOLLOWED = 20_000
"""So many that give the first number are followed."""
ROUNDING = 4e-7
"""What is computed in single precision may be off by so much; what agrees is computed again."""
WHAT = "a mistake in the forward pass, one in what the cell's equations share and one in these"


class Meeting(NamedTuple):
    """The edits of a ``shared`` line, and those of lines that read it and of which each is linear in it."""

    shared: int
    edits: Cells
    readers: Cells


def shared_after(trajectories: Trajectories) -> list[Edits]:
    """The programs with three such mistakes, with a loop that begins right, that print the same dx."""
    cell, hypotheses, trail = trajectories.cell, trajectories.hypotheses, trajectories.trail
    low, high = trajectories.limits(hypotheses.first_step)
    if cell is None or not np.isfinite([low, high]).all() or trail.spent:
        return []
    passes = trajectories.tables.passes
    last = min(MOST_PASSES, len(passes.rows) - 1)
    walk = trajectories.through(cell, passes.contexts)
    numbers: list[int] = []
    cells: Cells = []
    meetings: list[Meeting] | None = None
    for start in range(1, last + 1, AT_ONCE):
        if trail.clock.up or len(cells) > MOST_FOLLOWED:
            trail.cut(f"{WHAT}: only the likeliest were tried")
            break
        some = np.arange(start, min(start + AT_ONCE, last + 1))
        effects = walk.effects(some, np.ones(len(some), int), hypotheses.right_only)
        meetings = _meetings(trajectories, effects) if meetings is None else meetings
        for meeting in meetings:
            trail.tried += len(some) * len(meeting.edits) * len(meeting.readers)
            for at, reader, edit in _agreeing(effects, meeting, (low + high) / 2, (high - low) / 2):
                pair = both([meeting.readers[reader], meeting.edits[edit]], [(0, 1)])
                cells += pair
                numbers += [int(some[at])] * len(pair)
    return trajectories.followed(passes, numbers, cells, WHAT)


def _meetings(trajectories: Trajectories, effects: Effects) -> list[Meeting]:
    """For each line that others share and in which the row is linear."""
    found: list[Meeting] = []
    for number, addend in effects.addends.items():
        if addend.readers:
            edits = [one for one in trajectories.cells if {line for line, _ in one[0]} == {number}]
            readers = [
                one
                for one in [*trajectories.cells, *trajectories.free(trajectories.hypotheses.cells.written_out)]
                if number not in dict(one[0])
                and not addend.readers.isdisjoint(dict(one[0]))
                and all(_is_linear(effects, addend.target, line, text) for line, text in one[0])
            ]
            alone = [one for one in readers if len(one[0]) == 1]
            several = [one for one in readers if len(one[0]) > 1]
            if edits and readers:
                found.append(Meeting(number, edits, [*alone, *several[:MOST_GROUPS]]))
    return found


def _is_linear(effects: Effects, name: str, number: int, text: str) -> bool:
    """Whether an edited line is a summand of the row, reads no other edited one, and is linear, entry by entry, in what has this name."""
    addend = effects.addends.get(number)
    if addend is None or addend.readers:
        return False
    env = effects.envs[0]
    probe = np.linspace(-2.0, 3.0, env[name].size).reshape(env[name].shape)
    start, one, other = (_given(effects.cells[0], env, text, {name: value}) for value in (np.zeros_like(probe), np.ones_like(probe), probe))
    if any(value.shape != probe.shape for value in (start, one, other)):
        return False
    off = np.abs(start + (one - start) * probe - other) > SUM * np.maximum(1.0, np.abs(other))
    return not off.any()


def _given(cell: Cell, env: Environment, text: str, more: Environment) -> Floats:
    """What an expression gives with other arrays than those that are there; an empty array where it raises or gives none."""
    try:
        value: Any = eval(expression_code(text), cell.record.space, {**env, **more})  # noqa: S307 - an edit of our own program
    except Exception:  # noqa: BLE001 - an edited expression may raise anything
        return np.zeros(0)
    return value if is_array(value) else np.zeros(0)


def _agreeing(effects: Effects, meeting: Meeting, middle: float, half: float) -> list[tuple[int, int, int]]:
    """Which reader with which edit gives the number that is wanted, or nearly: (state, reader, edit)."""
    env, addends = effects.envs[0], effects.addends
    shared = addends[meeting.shared]
    right = env[shared.target]
    if shared.weights is None:
        return []
    edited = np.stack([_shaped(_given(effects.cells[0], env, texts[0][1], {}), right) for texts, _ in meeting.edits])
    own = effects.right[0] - middle + np.einsum("rj,erj->ej", shared.weights[0], edited - right)
    columns = np.concatenate([edited, np.ones_like(own)[:, None], own[:, None]], axis=1)
    rows = _slopes(effects, shared, [texts for texts, _ in meeting.readers])
    found: list[tuple[int, int, int]] = []
    for at in range(right.shape[1]):
        values = rows[:, :, at].astype(np.float32) @ columns[:, :, at].T.astype(np.float32)
        np.abs(values, out=values)
        reader, edit = np.divmod(np.flatnonzero(values <= np.float32(half + ROUNDING)), len(edited))
        exact = np.abs(np.einsum("ij,ij->i", rows[reader, :, at], columns[edit, :, at])) <= half
        found += [(at, *one) for one in zip(reader[exact].tolist(), edit[exact].tolist(), strict=True)]
    return found


def _slopes(effects: Effects, shared: Addend, readers: Sequence[LineTexts]) -> Floats:
    """By what each reader multiplies what it shares, in the row and beyond the right equations; what it adds; and one.

    Shaped (readers, rows + 2, states).
    """
    env, cell = effects.envs[0], effects.cells[0]
    zeros = np.zeros_like(env[shared.target])
    ones = zeros + 1.0
    known: dict[tuple[int, str], Floats] = {}

    def changed(number: int, text: str) -> Floats:
        """What a line gives for zeros and, for each of its own rows, what it multiplies by: in the row."""
        weights = effects.addends[number].weights
        if weights is None:
            return np.zeros((len(zeros) + 1, zeros.shape[1]))
        start = _shaped(_given(cell, env, text, {shared.target: zeros}), zeros)
        factor = _shaped(_given(cell, env, text, {shared.target: ones}), zeros) - start
        return np.concatenate([weights[0][:, None] * factor, (weights[0] @ start)[None]])

    read = {number for texts in readers for number, _ in texts}
    right = {number: changed(number, text) for number, _, text in cell.lines if number in read}
    found = np.zeros((len(readers), len(zeros) + 2, zeros.shape[1]))
    found[:, -1] = 1.0
    for row, reader in zip(found, readers, strict=True):
        for line in reader:
            if line not in known:
                known[line] = changed(*line) - right[line[0]]
            row[: len(zeros) + 1] += known[line]
    return found


def _shaped(value: Floats, right: Floats) -> Floats:
    """The array, or NaN where it has another shape."""
    return value if value.shape == right.shape else np.full_like(right, np.nan)
