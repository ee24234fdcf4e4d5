"""Edited cells whose formulas mix examples, for many programs at once: what each gives for one entry of dxt in one call.

A program needs its whole batch here, so programs stand side by side as a stack and not as columns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_numbers.numbers.arrays import fits, is_array
from whygrad.from_numbers.programs.linewise import expression_code
from whygrad.from_numbers.side_by_side.stack import MATRIX, Stack, evaluated, stacked_space

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_numbers.numbers.arrays import Floats
    from whygrad.from_numbers.programs.linewise import Environment
    from whygrad.from_numbers.side_by_side.columns import Cell, LineTexts


def mixed_entries(cell: Cell, env: Environment, cells: Sequence[LineTexts], at: tuple[int, int]) -> Iterator[Floats | None]:
    """The entry of dxt for each program with each of these edited cells; None where that cannot be said for all programs together.

    ``env`` holds what the cell is called with, each array shaped (programs, rows, examples).
    """
    space = stacked_space(cell.record.space)
    env = {**{name: value for name, value in cell.record.calls[0].items() if name not in cell.wide}, **env}
    for _, target, text in cell.lines:
        env[target] = evaluated(text, space, env)
    right = cell.record.calls[0]["dxt"]
    for texts in cells:
        value = _again(cell, space, env, dict(texts))
        if not isinstance(value, Stack) or np.asarray(value).ndim != MATRIX or not fits(np.asarray(value)[0], right):
            yield None
        else:
            row, column = (place if size > 1 else 0 for place, size in zip(at, value.shape, strict=True))
            yield np.asarray(value[row, column], float)


def _again(cell: Cell, space: Environment, env: Environment, edited: dict[int, str]) -> Any:
    """The array dxt with these lines edited: only what depends on them is computed again."""
    env = dict(env)
    dirty: set[str] = set()
    for number, target, text in cell.lines:
        if number in edited or not dirty.isdisjoint(expression_code(text).co_names):
            env[target] = evaluated(edited.get(number, text), space, env)
            if not is_array(env[target]):
                return None
            dirty.add(target)
    return env["dxt"]
