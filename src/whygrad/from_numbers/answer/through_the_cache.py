"""What one cell may have done to a value of the cache before the other read it: no number tells in which of the two that was.

A forward cell that returns the right states, and has a wrong cache, can leave the same to its backward cell. A gradient that is a multiple
of the right one comes out as well where a value that it alone is made of was stored as that multiple.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.assignments.assignment import stream_of_thread
from whygrad.from_numbers.candidates.grouped import grouped
from whygrad.from_numbers.numbers.arrays import is_array
from whygrad.from_numbers.numbers.printed import ROUNDING
from whygrad.from_numbers.programs.edited import Program
from whygrad.from_numbers.programs.linewise import names_in
from whygrad.mistakes import Edit, Edits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.assignments.assignment import Assignment
    from whygrad.from_numbers.numbers.printed import Target


def of_the_cache_alone(assignment: Assignment, check: str, edit: Edit) -> bool:
    """Whether an edited forward cell returns the same states as the right one in each call of a check, so that its cache is all."""
    one, other = (_returned(assignment, check, edit.function, edits) for edits in ((edit,), ()))
    return len(one) == len(other) and all(np.array_equal(mine, right) for mine, right in zip(one, other, strict=True))


def _returned(assignment: Assignment, check: str, cell: str, edits: Edits) -> list[Any]:
    """What the forward cell returns beside its cache, as it was then."""
    program = Program(assignment, edits)
    space = program.space(stream_of_thread())
    called = space[cell]
    states: list[Any] = []

    def watched(*arguments: Any) -> Any:
        returned = called(*arguments)
        states.extend(map(np.copy, returned[:-1]))
        return returned

    space[cell] = watched
    program.checked(check, space)
    space.clear()
    return states


def storable(assignment: Assignment, targets: Sequence[Target], edits: Edits) -> bool:
    """Whether a multiple of one value in the cache prints the same as one of these mistakes in the backward functions."""
    roles = assignment.vocabulary.roles
    for group in grouped(edits):
        if roles.get(group[0].function) in {"cell backward", "backward"}:
            rest = tuple(edit for edit in edits if edit not in group)
            if any(_prints_the_same(assignment, targets, edits, (*rest, other)) for other in _stored(assignment, targets, rest, group)):
                return True
    return False


def _stored(assignment: Assignment, targets: Sequence[Target], rest: Edits, group: list[Edit]) -> Iterator[Edit]:
    """Each value of the cache that no line reads but those of the mistake, multiplied as the mistake does with its gradient."""
    function, quantity = group[0].function, group[0].quantity
    check = next((target.block.check for target in reversed(targets) if function in assignment.chain(target.block.check)), None)
    runs = [Program(assignment, edits).record(check) for edits in ((*rest, *group), rest)] if check else []
    in_loop = assignment.vocabulary.roles[function] == "backward"
    factor = _factor(*((run.gradients if in_loop else run.calls[0]).get(quantity) for run in runs if run)) if runs and all(runs) else None
    if factor is None or check is None:
        return
    cell = next(name for name in assignment.chain(check) if assignment.vocabulary.roles[name] == "cell backward")
    lines = assignment.functions[cell]
    first = next(number for number, line in enumerate(lines) if line.strip().endswith(" = cache"))
    edited = {number for edit in group for name, number, _ in edit.lines if name == cell}
    edited |= {number for number, line in enumerate(lines) if in_loop and line.strip().startswith(f"{quantity} = ")}
    for name in names_in(lines[first].partition(", parameters")[0]):
        readers = {number for number, line in enumerate(lines) if number != first and name in names_in(line)}
        if readers and readers <= edited:
            indent = lines[first][: -len(lines[first].lstrip())]
            text = f"{lines[first]}\n{indent}{name} = {factor!r} * {name}"
            yield Edit(group[0].operator, cell, name, ((cell, first, text),), "stored as a multiple")


def _factor(one: Any, other: Any) -> float | None:
    """By what the one array is the other; None where it is no multiple."""
    if not is_array(one) or not is_array(other) or one.shape != other.shape or not other.flat[0]:
        return None
    factor = float(one.flat[0] / other.flat[0])
    return factor if np.isfinite(factor) and np.allclose(one, factor * other, ROUNDING, ROUNDING) else None


def _prints_the_same(assignment: Assignment, targets: Sequence[Target], one: Edits, other: Edits) -> bool:
    for target in targets:
        runs = [Program(assignment, edits).run(target.block.check) for edits in (one, other)]
        if any(run is None for run in runs):
            return False
        mine, others = (target.values(run) for run in runs if run is not None)
        if not np.allclose(mine, others, ROUNDING, ROUNDING, equal_nan=True):
            return False
    return True
