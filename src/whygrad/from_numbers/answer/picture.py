"""The error of each gradient at each time step, as far as printed numbers tell it.

Where mistakes print all the numbers, a right program with these mistakes shows the whole; else there are the printed numbers themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whygrad.assignments.apart import Run, apart
from whygrad.from_numbers.numbers.arrays import entry
from whygrad.records import Errors, GradientError, GradientErrors

if TYPE_CHECKING:
    from collections.abc import Iterable

    from whygrad.from_numbers.candidates.families import Family
    from whygrad.from_numbers.numbers.arrays import Bools
    from whygrad.from_numbers.numbers.printed import Target
    from whygrad.from_numbers.programs.edited import Record
    from whygrad.from_numbers.tables.tables import CheckTables, Tables
    from whygrad.mistakes import Edit

SAME = 1e-9
"""The same program run with its lines in another order."""


def pictures(tables: Tables, families: Iterable[Family]) -> tuple[Errors, ...]:
    """One for each family in which a gradient is wrong: of its sequence where that was printed."""
    return tuple(found for family in families if (found := _picture(tables, family)) is not None)


def _picture(tables: Tables, family: Family) -> Errors | None:
    wrong = [at for at, right in enumerate(family.right) if not right.all()]
    if not wrong:
        return None
    edits, hits, _ = family.best
    target = family.targets[wrong[-1]]
    check = tables.of(target.block.check)
    if check.computes_forward:
        return None
    found = _planted(check, edits) if all(hit.all() for hit in hits) else None
    return found or _printed(check, target, family.right[wrong[-1]])


def _planted(check: CheckTables, edits: tuple[Edit, ...]) -> Errors | None:
    """The errors of a right program with these edits; None where it raises."""
    mine = check.record(edits, copied=True)
    if mine is None:
        return None
    carries = tuple(check.assignment.vocabulary.carries.values())
    with np.errstate(all="ignore"):
        return apart(check.check, "mistakes", _run(mine), _run(check.right), carries, SAME)


def _run(record: Record) -> Run:
    return Run(record.gradients, [call["gradients"] for call in record.calls])


def _printed(check: CheckTables, target: Target, right: Bools) -> Errors:
    """The errors of the printed numbers; ``right`` marks those that a right program prints too."""
    gradients = {name: np.asarray(array) for name, array in check.right.gradients.items()}
    steps = next((array.shape[-1] for array in gradients.values() if array.ndim == 3), 0)  # noqa: PLR2004 - features, examples, steps
    rows: dict[str, tuple[list[GradientError | None], GradientError | None]] = {}
    for place, number in enumerate(target.block.numbers):
        array = gradients.get(number.quantity)
        if array is None:
            continue
        expected = entry(gradients, number.quantity, number.index)
        if not np.isfinite(expected):  # more numbers were printed than a right program has there
            rows[number.quantity] = ([None] * steps, GradientError(None, "shape"))
            continue
        error = _error(number.low, number.high, expected, float(np.max(np.abs(array))), fine=bool(right[place]))
        by_step = array.ndim == 3 and len(number.index) == 3  # noqa: PLR2004 - as above
        index = number.index[:-1] if by_step else number.index
        label = number.quantity + "".join(f"[{at}]" for at in index)
        row = rows.setdefault(label, ([None] * steps, None))
        if by_step:
            row[0][number.index[-1]] = error
        else:
            rows[label] = (row[0], error)
    return Errors(target.block.check, "numbers", steps, tuple(GradientErrors(name, tuple(by), whole) for name, (by, whole) in rows.items()))


def _error(low: float, high: float, expected: float, size: float, *, fine: bool) -> GradientError:
    if fine:
        return GradientError(0.0)
    middle = (low + high) / 2
    return GradientError(abs(middle - expected) / (size or 1.0)) if np.isfinite(middle) else GradientError(None, "nan")
