"""What a cell is said to do to a gradient that it hands back, its loop can do to it behind the call, where no line of the cell is needed.

That is so where the gradient is transposed, is a multiple of what it should be, has one array of the cache as a factor too many, or is
another gradient of the same call. A mistake of the loop that the search knows itself is another explanation (`twins`); of the others a
note speaks. So it does of a gradient that the loop multiplies, and the cell can have handed out so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_numbers.answer.cleared import handed_out, scaled
from whygrad.from_numbers.candidates.found import ELSEWHERE
from whygrad.from_numbers.candidates.grouped import grouped
from whygrad.from_numbers.numbers.arrays import is_array
from whygrad.from_numbers.numbers.printed import ROUNDING
from whygrad.from_numbers.programs.edited import Program
from whygrad.mistakes.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from whygrad.assignments.assignment import Assignment
    from whygrad.from_numbers.candidates.families import Family
    from whygrad.from_numbers.numbers.arrays import Floats
    from whygrad.mistakes import Edit, Edits


def said_of_the_loop(assignment: Assignment, family: Family) -> Iterator[str]:
    """A sentence about the gradients that the first explanation has the cell spoil, where no other explanation has its loop do so."""
    edits, _, cost = family.best
    others = [other for other, _, its in family.also_full if its <= cost + ELSEWHERE]
    blamed = {edit.function for other in others for edit in other}
    roles = assignment.vocabulary.roles
    checks = [target.block.check for target in family.targets]
    for loop in (check for check in checks if roles[check] == "backward"):
        slips = [slip for slip in grouped(edits) if all(one.function == loop and scaled(assignment, edits, one) for one in slip)]
        scaled_ones = {edit.quantity for slip in slips for edit in slip}
        multiplied = [name for name, _ in assignment.printed[loop] if name in scaled_ones]
        cell = next((name for name in assignment.chain(loop) if roles[name] == "cell backward" and name not in checks), None)
        if multiplied and cell and cell not in blamed:
            yield (
                f"{cell} can as well hand out {listed(multiplied)} multiplied by a number; the {cell} check, which runs no loop, tells "
                "which of the two it is."
            )
        told = [other for other in others if any(edit.function == loop and edit not in edits for edit in other)]
        left = [edit for edit in edits if handed_out(assignment, checks, edit) and all(edit in other for other in told)]
        spoilt = [edit for edit in left if _done_from_outside(assignment, loop, edits, edit)]
        if spoilt:
            cell = spoilt[0].function
            yield (
                f"behind the call {loop} can do to {listed([edit.quantity for edit in spoilt])} just what is said of {cell}; the {cell} "
                "check, which runs no loop, tells which of the two it is."
            )


def _done_from_outside(assignment: Assignment, check: str, edits: Edits, edit: Edit) -> bool:
    """Whether what this edit makes of a gradient can be made of the right one without the cell's own variables."""
    rest = tuple(other for other in edits if other != edit)
    spoilt, right = (Program(assignment, some).record(check) for some in (edits, rest))
    if spoilt is None or right is None:
        return False
    one, other = (record.calls[0]["gradients"].get(edit.quantity) for record in (spoilt, right))
    if not is_array(one) or not is_array(other) or one.shape != other.shape:
        return False
    factor = one.flat[0] / other.flat[0]
    others = right.calls[0]["gradients"].values()
    made = (factor * other, *(value for value in others if np.shape(value) == one.shape), *_made_of(other, right.calls[0]["cache"]))
    return any(np.allclose(one, value, ROUNDING, ROUNDING) for value in made)


def _made_of(gradient: Floats, cache: Iterable[Any]) -> Iterator[Floats]:
    """The gradient transposed, and multiplied by each array of the cache, as far as its shape stays."""
    if gradient.T.shape == gradient.shape:
        yield gradient.T
    yield from (gradient * value for value in cache if is_array(value) and value.shape == gradient.shape)
