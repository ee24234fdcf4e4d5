"""How much two responses are alike: what moves when a value of the learner's is moved, and what moves with a right one.

A response is held against many others, so each is laid out once as one row of numbers: a stretch for each observation, zeros where nothing
moves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_code.observe import observed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_code.observe.arrays import Array, Observations

_LEAST = 1e-6
"""Two responses to one small change differ by more than two ways to compute the same."""
_TINY = 1e-30


class Layout:
    """Where each of a right program's observations stands in a row: ``start`` has the first number of each, in the order of ``number``."""

    def __init__(self, right: Observations) -> None:
        """Observations without entries cannot be moved, and have no place."""
        kept = {name: array for name, array in right.items() if array.size}
        self.lengths = [array.size for array in kept.values()]
        ends = np.cumsum(self.lengths, dtype=int).tolist()
        self.size = ends[-1] if ends else 0
        self.start = [0, *ends[:-1]] if ends else []
        self.number = {name: number for number, name in enumerate(kept)}
        self.shapes = [array.shape for array in kept.values()]


class Response:
    """What moves, laid out. What has no place in the layout is counted; what is of another shape there is like nothing.

    ``moves`` marks what moves, ``first`` what is reached first. Thousands are kept, so of a row only what moves is there, with half of the
    digits: these are enough to tell responses apart.
    """

    __slots__ = ("first", "first_others", "has_first", "moved", "moves", "others", "sizes")

    def __init__(self, changes: Observations, layout: Layout) -> None:
        complex_ = any(change.dtype.kind == "c" for change in changes.values())
        row: Array = np.zeros(layout.size, np.complex64 if complex_ else np.float32)
        self.moves, self.first = np.zeros((2, len(layout.start)), bool)
        self.others = self.first_others = 0
        first = _next_call(changes) or _next_step(changes)
        self.has_first = bool(first)
        with np.errstate(all="ignore"):
            for name, change in changes.items():
                number = layout.number.get(name)
                if number is None:
                    self.others += 1
                    self.first_others += name in first
                    continue
                start = layout.start[number]
                if change.shape == layout.shapes[number]:
                    row[start : start + change.size] = change.ravel()
                else:
                    row[start] = np.nan
                self.moves[number] = True
                self.first[number] = name in first
            self.sizes = np.maximum.reduceat(np.abs(row), layout.start) if layout.start else np.zeros(0)
        self.moved: Array = row[np.repeat(self.moves, layout.lengths)]

    def moves_what(self, other: Response) -> bool:
        """Whether both move the same, by whatever amounts."""
        return not self.others and not other.others and self.moves.tobytes() == other.moves.tobytes()


def alike(moved: Response, right: Sequence[Response], layout: Layout, tolerance: float) -> list[float]:
    """How much each of the ``right`` responses is like one, from 0 to 1: the share of what either moves that both move by the same amounts.

    What reaches the next call of the cell counts half: behind it a second mistake may bend the response. Where no cell is called, that is
    what reaches the first step of an output that it reaches: of a gradient, which goes from the last step to the first, the last of them;
    and of one step's outputs the cell state, if that is among them.
    """
    if not right or not layout.start:
        return [0.0] * len(right)
    sizes = np.array([one.sizes for one in right])
    moves, first = np.array([one.moves for one in right]), np.array([one.first for one in right])
    with np.errstate(all="ignore"):
        apart = np.maximum.reduceat(np.abs(_rows(right, layout) - _rows([moved], layout)), layout.start, axis=1)
    agree = (apart <= max(_LEAST, 10 * tolerance) * np.maximum(sizes, _TINY)) & moves & moved.moves
    either = np.count_nonzero(moves | moved.moves, axis=1) + [one.others + moved.others for one in right]
    shares: Array = np.count_nonzero(agree, axis=1) / np.maximum(either, 1)
    both_first = np.count_nonzero(agree & first & moved.first, axis=1)
    either_first = np.count_nonzero(first | moved.first, axis=1) + [one.first_others + moved.first_others for one in right]
    for number, one in enumerate(right):
        if one.has_first and moved.has_first:
            shares[number] = (shares[number] + both_first[number] / either_first[number]) / 2
    return shares.tolist()


def _rows(responses: Sequence[Response], layout: Layout) -> Array:
    """The rows of responses, zeros where nothing moves."""
    moved = np.concatenate([one.moved for one in responses])
    rows: Array = np.zeros((len(responses), layout.size), moved.dtype)
    rows[np.repeat([one.moves for one in responses], layout.lengths, axis=1)] = moved
    return rows


def _next_call(moved: Observations) -> set[str]:
    """Of a response, what reaches the first call that it reaches."""
    calls = {name: at[0] for name in moved if (at := observed.argument(name)) is not None}
    first = min(calls.values(), default=-1)
    return {name for name, call in calls.items() if call == first}


def _next_step(moved: Observations) -> set[str]:
    """Of a response, what reaches the first step of an output that it reaches; what a cell state makes comes after it."""
    if "c_next" in moved:
        return {"c_next"}
    steps = {name: step for name in moved if not observed.is_cached(name) and (step := observed.step_of(name)) is not None}
    backward = any(name.startswith("d") for name in steps)
    first = (max if backward else min)(steps.values(), default=-1)
    return {name for name, step in steps.items() if step == first}
