"""Numbers at places that a right program does not print: which mistake makes these, and what is wrong beside it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_numbers.candidates.found import Found, Trail, best, settled
from whygrad.from_numbers.programs.edited import Program, edited_lines
from whygrad.from_numbers.sequence.search import SequenceSearch

if TYPE_CHECKING:
    from whygrad.from_numbers.numbers.printed import Target
    from whygrad.from_numbers.tables.tables import Tables
    from whygrad.mistakes import Edit


def otherwise_placed(tables: Tables, target: Target, trail: Trail) -> tuple[list[Found], bool]:
    """What is found where a program prints numbers at places which a right one does not have, and whether such are.

    The check was changed so that it has them, or the sequence function makes too large an array.
    """
    check = target.block.check
    there = np.isfinite(target.values(tables.of(check).right.gradients))
    if not tables.of(check).sequence or there.all():
        return [], False
    is_one = cache(lambda: settled(SequenceSearch(tables.of(check), target, deep=False).of_one()))
    placed: list[Edit] = []
    trail.tried += len(tables.of(check).with_more_places)
    for edit in tables.of(check).with_more_places:
        gradients = Program(tables.assignment, (edit,)).run(check)
        if gradients is None or not np.isfinite(values := target.values(gradients)).all():
            continue
        hits = target.hit(values)
        too_long = [place for place in target.of("dx") if not there[place]]  # they stay as they were made
        if edit.function != check or hits[~there].all() or (hits[too_long].all() and not is_one()):
            placed.append(edit)
    found: list[Found] = []
    searched = False
    for whole in (False, True):  # one mistake beside each of them first: to look for more beside one takes seconds
        for edit in placed:
            if not settled(found):
                own = _with_the_place(tables, target, edit, trail, whole=whole)
                searched |= own is not None
                found += own or []
    return best(found), searched


def _with_the_place(tables: Tables, target: Target, edit: Edit, trail: Trail, *, whole: bool) -> list[Found] | None:
    """What explains the numbers together with this edit, which has their places; None where it is not looked for.

    That is one mistake of the trajectory at most where the search is not the ``whole`` one.
    """
    check = target.block.check
    name = f"{check}_check"
    if edit.function == check:
        search = SequenceSearch(tables.of(check), target, (edit,))
        found = search.run() if whole else search.of_one()
    else:
        lines = edited_lines(tables.assignment, (edit,))
        if lines is None or set(lines) != {name}:
            return None
        changed = tables.changed(check, lines[name], edit.slip)
        search = SequenceSearch(changed.of(check), target, deep=False)
        found = [
            Found((edit, *one.edits), one.hits, tables.variants.set_cost((edit, *one.edits)))
            for one in (search.run() if whole else search.of_one())
            if all(other.function != name for other in one.edits)
        ]
    trail.take(search.trail)
    return found
