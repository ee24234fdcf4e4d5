"""The one line of a forward cell that keeps something wrong for the backward cell, in a cache of the learner's own form.

Such a cache may hold what no other one does: the parts of the derivatives that can be computed at once, or objects with fields. Then what
the backward cell does is right, and there is nothing to mend in its lines. So the two cells are run one behind the other, with small edits
of what the forward cell computes for its cache alone.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from whygrad.from_code.observe import observed
from whygrad.from_code.observe.edited import edited
from whygrad.from_code.reference.parts import partner
from whygrad.from_code.search.kept_by_the_loop import kept_by_the_loop
from whygrad.from_code.search.one_edit import holds, kinds_of, lines_of, may_be_wrong, told_of
from whygrad.from_code.search.only_kept import OnlyKept
from whygrad.from_code.search.searches import mending_of
from whygrad.from_code.search.what_else import what_else
from whygrad.from_code.text.kept_edits import kept_edits, stands_alone
from whygrad.from_code.text.memory_edits import memory_edits
from whygrad.from_code.text.small_edits import Edit, nodes_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.edited import Mending
    from whygrad.from_code.verdict.isolate import Examination
    from whygrad.sandbox.requests import Piece

_MOST = 300
"""Edited programs that are run for one function."""
_OF_MEMORY = frozenset(("updated-in-place", "changed-in-place", "view-of-output"))
"""What spoils the cache alone, though the outputs come of the same line."""


def kept_for_the_backward(examination: Examination, mending: Mending, found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The finding at that line in the place of these; these where no edit of it mends all, or one of a line told does."""
    function, forward = mending.function, partner(mending.function)
    through = examination.trials.through_own_forward(function) if found else None
    if through is None or any(one.within != function for one in found):
        return found  # what a helper or a method does is not looked into by the edits of names
    what, chain = through
    joined = mending._replace(case=what, own=chain)
    alone = mending_of(examination, forward, examination.trials.alone(forward).case)
    if alone is None or forward not in examination.trials.own or _most_where_told(joined, found) == len(observed.results(joined.right)):
        return found
    if "cell" not in function:
        return kept_by_the_loop(joined, alone) or found
    mends: dict[int, Finding] = {}
    partly: list[tuple[int, Finding, tuple[Piece, ...]]] = []
    before = joined.number_right(joined.answer(joined.pieces))[0]
    for piece, around, line, edit in _edits(alone, joined):
        program = edited(joined.pieces, piece, edit.node, edit.text).pieces
        right, of = joined.number_right(joined.answer(program))
        if id(line) in mends or right <= before or not alone.all_right(alone.answer(program)):
            continue
        told = told_of(function, around, piece, edit)
        told = replace(told, says=f"{told.says}; what {forward} returns is right, but {function} reads what is kept of this")
        if right == of:
            mends[id(line)] = told
        else:
            partly.append((right, told, program))
        if mends and edit.id in _OF_MEMORY:  # what the next lines read is spoilt, and they could be bent to it
            return (told,)
        if len(mends) > 1:
            return found
    return tuple(mends.values()) or _beside_another(joined, found, partly) or found


def _beside_another(
    joined: Mending, found: tuple[Finding, ...], partly: list[tuple[int, Finding, tuple[Piece, ...]]]
) -> tuple[Finding, ...]:
    """The line of the forward cell with those of the findings that are left when it is edited, if nothing else is, and all are sure."""
    most = max((right for right, *_ in partly), default=0)
    best = [one for one in partly if one[0] == most] if len(found) > 1 else []
    if len({told.at for _, told, _ in best}) != 1:
        return ()
    _, told, program = best[0]
    left = what_else(joined, program)
    lost = [one for one in found if one.at not in {other.at for other in left}]
    known = left and lost and all(one.sure and any(one.at == other.at for other in found) for one in left)
    return tuple(sorted((*left, told), key=lambda one: one.line)) if known and _most_where_told(joined, lost) < most else ()


def _most_where_told(joined: Mending, found: Sequence[Finding]) -> int:
    """How many results are right with the best edit of a line told."""
    told = [one for one in lines_of(joined.pieces, joined.function) if any(holds(one[0], one[2], other) for other in found)]
    kinds = (*kinds_of(joined), kept_edits, partial(_other_fields, joined))
    made = ((piece, edit) for kind in kinds for piece, around, line in told if not hasattr(line, "body") for edit in kind(line, around))
    right = (joined.number_right(joined.ran(piece, edit.node, edit.text))[0] for piece, edit in islice(made, _MOST))
    return max(right, default=0)


def _other_fields(joined: Mending, line: ast.stmt, _: ast.FunctionDef) -> Iterator[Edit]:
    """What else the objects of the program hold, for each that a line reads."""
    lines = (one[2] for one in lines_of(joined.pieces, joined.function))
    held = dict.fromkeys(node.attr for one in lines for node in nodes_of(one) if isinstance(node, ast.Attribute))
    for node in nodes_of(line):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load) and isinstance(node.value, ast.Name):
            yield from (Edit(node, f"{node.value.id}.{name}", "name-replaced", "") for name in held if name != node.attr)


def _edits(alone: Mending, joined: Mending) -> Iterator[tuple[Piece, ast.FunctionDef, ast.stmt, Edit]]:
    """The edits of what the forward cell computes for its cache alone, or spoils for it; these first."""
    both = {id(around) for _, around, _ in lines_of(joined.pieces, joined.function)}  # what both cells call keeps nothing
    lines = [one for one in lines_of(alone.pieces, alone.function) if id(one[1]) not in both]
    only = OnlyKept(alone, joined)
    made = ((*one, edit) for kind in (memory_edits, kept_edits, *kinds_of(joined)[1:]) for one in lines for edit in kind(one[2], one[1]))
    may_be = (one for one in made if may_be_wrong(alone.pieces, one[1], one[2], one[3]))
    # a plain quantity is what the lines that read it may have for another
    computed = (one for one in may_be if one[3].id in _OF_MEMORY or not stands_alone(one[2], one[3].node))
    return islice((one for one in computed if one[3].id in _OF_MEMORY or only.may_mend(one[0], one[2], one[3])), _MOST)
