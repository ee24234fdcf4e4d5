"""A line of a forward cell that changes in place what is kept of it, so that a cache of the learner's own layout holds no quantity there.

The two cells are run one behind the other. Where the line gets an array of its own, all gradients come right.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whygrad.from_code.reference.parts import partner
from whygrad.from_code.search.changed_in_place import otherwise
from whygrad.from_code.search.one_edit import lines_of, told_of
from whygrad.from_code.search.searches import mending_of
from whygrad.from_code.text.small_edits import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.edited import Mending
    from whygrad.from_code.verdict.isolate import Examination
    from whygrad.sandbox.requests import Piece

_MOST = 40
"""Edited programs that are run."""


def spoilt_before_kept(examination: Examination, function: str) -> tuple[Finding, ...]:
    """The finding at the line that gives an array a second name, or else at the one that changes it; none where no edit mends all."""
    backward = partner(function)
    through = examination.trials.through_own_forward(backward)
    mending = None if through is None else mending_of(examination, backward, through[0])
    if through is None or mending is None:
        return ()
    joined = mending._replace(own=through[1])
    around = {id(line): function_of for _, function_of, line in lines_of(joined.pieces, function)}
    for piece, edit in list(_edits(joined, function))[:_MOST]:
        if joined.all_right(joined.ran(piece, edit.node, edit.text)):
            return (told_of(function, around[id(edit.node)], piece, edit),)
    return ()


def _edits(joined: Mending, function: str) -> Iterator[tuple[Piece, Edit]]:
    for piece, _, line in lines_of(joined.pieces, function):
        match line:
            case ast.Assign([ast.Name(name)], ast.Name(other)):
                says = f"{name} and {other} are one memory: what is written to one later changes the other"
                yield piece, Edit(line, f"{name} = {other}.copy()", "view-of-output", says)
            case _:
                pass
    for piece, line, text in otherwise(joined.pieces, function):
        if text != "pass":
            says = f"{text.partition(' = ')[0]} is changed in place here, and what the cache keeps of it changes with it"
            yield piece, Edit(line, text, "updated-in-place", says)
