"""The one line of a forward cell that keeps something wrong for the backward cell, in a cache of the learner's own form.

Such a cache may hold what no other one does: the parts of the derivatives that can be computed at once, or objects with fields. Then what
the backward cell does is right, and there is nothing to mend in its lines. So the two cells are run one behind the other, with small edits
of what the forward cell computes for its cache alone.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_code.observe import observed
from whygrad.from_code.observe.observed import results
from whygrad.from_code.observe.arrays import array_of
from whygrad.from_code.observe.edited import edited
from whygrad.from_code.reference.parts import cell_of, partner
from whygrad.from_code.search.one_edit import holds, kinds_of, lines_of, may_be_wrong, told_of
from whygrad.from_code.search.reaches import Reach, parts_around
from whygrad.from_code.search.searches import mending_of
from whygrad.from_code.search.what_else import what_else
from whygrad.from_code.text.kept_edits import kept_edits
from whygrad.from_code.text.memory_edits import memory_edits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.edited import Mending
    from whygrad.from_code.text.small_edits import Edit
    from whygrad.from_code.verdict.isolate import Examination
    from whygrad.sandbox.requests import Piece, Reply

_MOST = 300
"""Edited programs that are run for one function."""
_OF_MEMORY = frozenset(("updated-in-place", "changed-in-place", "view-of-output"))
"""What spoils the cache alone, though the outputs come of the same line."""


def kept_for_the_backward(examination: Examination, mending: Mending, found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The finding at that line in the place of these; these where no edit of it mends all, or one of a line told does."""
    function, forward = mending.function, cell_of(partner(mending.function))
    through = examination.trials.through_own_forward(function) if "cell" in function and found else None
    if through is None or forward not in examination.trials.own:
        return found
    what, chain = through
    joined = mending._replace(case=what, own=chain)
    alone = mending_of(examination, forward, examination.trials.alone(forward).case)
    if alone is None or _most_where_told(joined, found) == len(results(joined.right)):
        return found
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
    kinds = (*kinds_of(joined), kept_edits)
    made = ((piece, edit) for kind in kinds for piece, around, line in told if not hasattr(line, "body") for edit in kind(line, around))
    right = (joined.number_right(joined.ran(piece, edit.node, edit.text))[0] for piece, edit in islice(made, _MOST))
    return max(right, default=0)


def _edits(alone: Mending, joined: Mending) -> Iterator[tuple[Piece, ast.FunctionDef, ast.stmt, Edit]]:
    """The edits of what the forward cell computes for its cache alone, or spoils for it."""
    lines, only, reach = lines_of(alone.pieces, alone.function), _OnlyKept(alone), Reach(joined)
    made = ((*one, edit) for kind in (memory_edits, kept_edits, *kinds_of(joined)[1:]) for one in lines for edit in kind(one[2], one[1]))
    may_be = (one for one in made if may_be_wrong(alone.pieces, one[1], one[2], one[3]))
    spoil = (one for one in may_be if one[3].id in _OF_MEMORY or only.of(one[0], one[2], one[3]))
    return islice((one for one in spoil if reach.may_mend(one[0], one[2], one[3].node)), _MOST)


class _OnlyKept:
    """Which parts of a forward cell's lines none of its outputs come from; each is tried once."""

    def __init__(self, alone: Mending) -> None:
        self._alone = alone
        self._outputs = self._arrays(alone.answer(alone.pieces))
        self._shown: dict[int, bool | None] = {}

    def of(self, piece: Piece, line: ast.stmt, edit: Edit) -> bool:
        """Whether the outputs stay as they are with another value there, or no number can stand there, and so no factor is missing."""
        value: ast.expr | None = getattr(line, "value", None)
        for part in parts_around(value, edit.node) if value is not None else ():
            if id(part) not in self._shown:
                self._shown[id(part)] = self._stay(piece, part)
            shown = self._shown[id(part)]
            if shown is not None:
                return shown
        return value is not None and edit.id != "factor-dropped"

    def _stay(self, piece: Piece, part: ast.expr) -> bool | None:
        reply = self._alone.ran(piece, part, f"(({ast.unparse(part)}) * 1.5 + 0.5)")
        if reply.status != "returned":
            return None
        after = self._arrays(reply)
        return all(name in after and np.array_equal(array, after[name]) for name, array in self._outputs.items())

    def _arrays(self, reply: Reply) -> dict[str, NDArray[np.generic]]:
        results = observed.in_result(self._alone.function, reply.value).items() if reply.status == "returned" else ()
        return {name: array for name, value in results if not observed.is_cached(name) and (array := array_of(value)) is not None}
