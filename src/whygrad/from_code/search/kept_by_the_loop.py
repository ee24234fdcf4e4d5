"""The one line of a forward loop that keeps something wrong for the backward loop, in caches of the loop's own layout.

No output shows what such a loop keeps, and the lines of the backward loop that read it are right. So the two loops are run one behind the
other, with small edits of the forward loop's lines: those that leave its outputs as they are, and make all gradients right.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from itertools import combinations, islice
from typing import TYPE_CHECKING

from whygrad.from_code.observe import observed
from whygrad.from_code.observe.edited import edited
from whygrad.from_code.search.one_edit import kinds_of, lines_of, may_be_wrong, told_of
from whygrad.from_code.search.only_kept import OnlyKept
from whygrad.from_code.text.kept_edits import kept_edits, parts_exchanged
from whygrad.from_code.text.small_edits import Edit, in_each_others_place, nodes_of
from whygrad.mistakes.words import listed
from whygrad.sandbox.trees import is_name, stored_in, walk

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.edited import Mending
    from whygrad.sandbox.requests import Piece

_MOST = 400
"""Edited programs that are run for one function."""


def kept_by_the_loop(joined: Mending, alone: Mending) -> tuple[Finding, ...]:
    """The finding at that line; of several the last one, which is the nearest to what is kept; none where no edit mends all.

    ``joined`` runs both loops one behind the other, ``alone`` the forward loop.
    """
    outputs = {name: one for name, one in alone.right.items() if not observed.is_cached(name)}
    if taken := _taken_apart(joined, alone):
        return (taken,)
    for piece, around, edit in islice(_edits(alone, joined), _MOST):
        program = edited(joined.pieces, piece, edit.node, edit.text).pieces
        if not joined.all_right(joined.answer(program)):
            continue
        right, of = alone.number_right(alone.answer(program), outputs)
        if right == of:
            exchanged = parts_exchanged(edit.node, edit.text)
            first = exchanged[0] if exchanged else edit.node
            told = told_of(joined.function, around, piece, edit._replace(node=first))
            reads = f"what {alone.function} returns beside its caches is right, but {joined.function} reads what is kept of this"
            return (replace(told, says=f"{told.says}; {reads}"),)
    return ()


def _taken_apart(joined: Mending, alone: Mending) -> Finding | None:
    """The line of the backward loop that takes two of what is kept in the wrong order, where both loops call them the same."""
    written = {name for _, around, _ in lines_of(alone.pieces, alone.function)[:1] for name in stored_in(around)}
    for piece, around, line in lines_of(joined.pieces, joined.function):
        for edit in _taken_otherwise(line, written) if around.name == joined.function else ():
            if joined.all_right(joined.ran(piece, edit.node, edit.text)):
                return told_of(joined.function, around, piece, edit)
    return None


def _edits(alone: Mending, joined: Mending) -> Iterator[tuple[Piece, ast.FunctionDef, Edit]]:
    """The edits of a forward loop's own lines, from the last one up."""
    lines = [one for one in lines_of(alone.pieces, alone.function) if one[1].name == alone.function and not hasattr(one[2], "body")]
    only = OnlyKept(alone, joined)
    for piece, around, line in reversed(lines):
        if isinstance(line, ast.Return):
            continue
        seen = set[tuple[int, str]]()
        for kind in (_other_quantities, kept_edits, *kinds_of(joined)[1:]):
            for edit in kind(line, around):
                key = id(edit.node), edit.text
                may_be = key not in seen and may_be_wrong(alone.pieces, around, line, edit)
                if may_be and only.may_mend(piece, line, edit):
                    yield piece, around, edit
                seen.add(key)
        yield from ((piece, around, edit) for edit in _taken_otherwise(line, stored_in(around)))


def _taken_otherwise(line: ast.stmt, known: Collection[str]) -> Iterator[Edit]:
    """Two of the known names exchanged that take something apart, or all of them moved."""
    for node in walk(line) if isinstance(line, ast.Assign) else ():
        if not (isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Store)):
            continue
        names = node.elts
        yield from _taken_beside(node)
        for one, other in combinations(names, 2):
            if isinstance(one, ast.Name) and isinstance(other, ast.Name) and {one.id, other.id} <= {*known}:
                swapped = {id(one): other, id(other): one}
                text = ", ".join(ast.unparse(swapped.get(id(name), name)) for name in names)
                yield Edit(node, f"({text})", "names-exchanged", in_each_others_place(one, other))


def _taken_beside(node: ast.Tuple) -> Iterator[Edit]:
    """All names one place on, or back, where the one at an end stands for nothing."""
    names, taken = node.elts, [ast.unparse(name) for name in node.elts if not is_name(name, "_")]
    for end, turned in zip((names[:1], names[-1:]), (names[1:] + names[:1], names[-1:] + names[:-1]), strict=True):
        if len(taken) > 1 and is_name(end[0], "_"):
            says = f"{listed(taken)} stand one place beside their own"
            yield Edit(node, f"({', '.join(map(ast.unparse, turned))})", "names-exchanged", says)


def _other_quantities(line: ast.stmt, around: ast.FunctionDef) -> Iterator[Edit]:
    """Another name of each step in the place of one that a line in a loop reads, and its tanh."""
    loops = [node for node in walk(around) if isinstance(node, ast.For | ast.While) and any(one is line for one in walk(node))]
    known = dict.fromkeys(name for loop in loops for name in stored_in(loop))
    for node in nodes_of(line) if loops else ():
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in known:
            says = f"{node.id} stands here where another value belongs"
            yield Edit(node, f"np.tanh({node.id})", "activation-wrong", f"{node.id} stands here without its tanh")
            yield from (Edit(node, name, "name-replaced", says) for name in known if name != node.id)
