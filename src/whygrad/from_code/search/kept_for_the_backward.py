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
from whygrad.from_code.observe.arrays import array_of
from whygrad.from_code.reference.parts import cell_of, partner
from whygrad.from_code.search.one_edit import holds, kinds_of, lines_of, may_be_wrong, mends_all, told_of
from whygrad.from_code.search.reaches import Reach, parts_around
from whygrad.from_code.search.searches import mending_of
from whygrad.from_code.text.kept_edits import kept_edits

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
    if alone is None or _mended_where_told(joined, found):
        return found
    mends: dict[int, Finding] = {}
    for piece, around, line, edit in _edits(alone, joined):
        if id(line) not in mends and mends_all(joined, piece, edit) and alone.all_right(alone.ran(piece, edit.node, edit.text)):
            told = told_of(function, around, piece, edit)
            mends[id(line)] = replace(told, says=f"{told.says}; what {forward} returns is right, but {function} reads what is kept of this")
            if len(mends) > 1:
                return found
    return tuple(mends.values()) or found


def _mended_where_told(joined: Mending, found: Sequence[Finding]) -> bool:
    """Whether an edit of a line told makes all right."""
    told = [one for one in lines_of(joined.pieces, joined.function) if any(holds(one[0], one[2], other) for other in found)]
    made = ((piece, edit) for kind in kinds_of(joined) for piece, around, line in told for edit in kind(line, around))
    return any(mends_all(joined, piece, edit) for piece, edit in islice(made, _MOST))


def _edits(alone: Mending, joined: Mending) -> Iterator[tuple[Piece, ast.FunctionDef, ast.stmt, Edit]]:
    """The edits of what the forward cell computes for its cache alone, or spoils for it."""
    lines, only, reach = lines_of(alone.pieces, alone.function), _OnlyKept(alone), Reach(joined)
    made = ((*one, edit) for kind in (*kinds_of(joined), kept_edits) for one in lines for edit in kind(one[2], one[1]))
    may_be = (one for one in made if may_be_wrong(alone.pieces, one[1], one[2], one[3]))
    spoil = (one for one in may_be if one[3].id in _OF_MEMORY or only.of(one[0], one[2], one[3].node))
    return islice((one for one in spoil if reach.may_mend(one[0], one[2], one[3].node)), _MOST)


class _OnlyKept:
    """Which parts of a forward cell's lines none of its outputs come from; each is tried once."""

    def __init__(self, alone: Mending) -> None:
        self._alone = alone
        self._outputs = self._arrays(alone.answer(alone.pieces))
        self._shown: dict[int, bool | None] = {}

    def of(self, piece: Piece, line: ast.stmt, node: ast.AST) -> bool:
        """Whether the outputs stay as they are with another value there, or nothing else can stand there."""
        value: ast.expr | None = getattr(line, "value", None)
        for part in parts_around(value, node) if value is not None else ():
            if id(part) not in self._shown:
                self._shown[id(part)] = self._stay(piece, part)
            shown = self._shown[id(part)]
            if shown is not None:
                return shown
        return value is not None

    def _stay(self, piece: Piece, part: ast.expr) -> bool | None:
        reply = self._alone.ran(piece, part, f"(({ast.unparse(part)}) * 1.5 + 0.5)")
        if reply.status != "returned":
            return None
        after = self._arrays(reply)
        return all(name in after and np.array_equal(array, after[name]) for name, array in self._outputs.items())

    def _arrays(self, reply: Reply) -> dict[str, NDArray[np.generic]]:
        results = observed.in_result(self._alone.function, reply.value).items() if reply.status == "returned" else ()
        return {name: array for name, value in results if not observed.is_cached(name) and (array := array_of(value)) is not None}
