"""Conditions: where both branches make the same thing and both are wrong, or a step is left out, the condition that chooses is to blame."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.from_code.observe.arrays import same
from whygrad.from_code.observe.edited import finding_at, place_of
from whygrad.sandbox.requests import Substitute
from whygrad.sandbox.trees import parsed, walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.experiment import Found, Search
    from whygrad.from_code.observe.subject import Record
    from whygrad.sandbox.places import Place
    from whygrad.sandbox.requests import Piece


_SAYS = "this condition leaves out turns of the loop at which what depends on it is to be done"
_SAYS_WHICH = frozenset(("accumulated-wrongly", "input-gradient-stored-wrong"))
"""What says by itself which steps are left out."""
_WHERE = "Look at the condition in line {}."
_WHAT = "Print what the loop counts with, and whether the condition holds, at each turn: at which of them is what depends on it not done?"


def joined(found: Sequence[Found], pieces: Sequence[Piece], records: Sequence[Record]) -> list[Found]:
    """The findings, two in the two branches of one condition put together at the condition's line.

    They belong together where each branch makes what belongs in the other, and where one is right at some of its visits: then it is the
    others that are sent the wrong way.
    """
    left = list(found)
    for piece, node in _conditions(pieces) if len(left) > 1 else ():
        one = next((one for one in left if _within(one.record.place, piece, node.body)), None)
        other = next((other for other in left if _within(other.record.place, piece, node.orelse)), None)
        if one is None or other is None or one.record.place.target != other.record.place.target or "copy" in {one.how, other.how}:
            continue
        if not swapped(one, other) and not (_right_sometimes(one, records) or _right_sometimes(other, records)):
            continue
        line = piece.line + node.lineno - 1
        text = ast.get_source_segment(piece.text, node.test) or ""
        column = node.test.col_offset + 1
        place = one.record.place._replace(line=line, end_line=line, column=column, end=column + len(text), text=text)
        both = (*one.substitutes, *other.substitutes)
        whole = replace(
            one,
            record=replace(one.record, place=place),
            how="branch",
            substitutes=both,
            cured=one.cured | other.cured,
            inputs=one.inputs and other.inputs,
            visits=((one.record.value, one.right), (other.record.value, other.right)),
        )
        left[left.index(one)] = whole
        left.remove(other)
    return left


def at_conditions(search: Search, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """What is told, that of steps which a condition leaves out at the one that, if it always held, would mend as much."""
    found = search.found
    if len(found) != len(findings) or not search.complete:
        return findings
    mends = [(where, put, gone) for where, put in _leaving_out(search) if (gone := _needless(search, put))]
    if len(mends) != 1:
        return findings
    (piece, node), put, gone = mends[0]
    first = findings[found.index(gone[0])]
    line, column, text = place_of(piece, node)
    told = replace(first, line=line, column=column, text=text)
    if len(gone) > 1 or first.id not in _SAYS_WHICH:
        told = finding_at(piece, node, first.function, "loop-wrong", _SAYS, hints=(_WHERE.format(line), _WHAT, first.hints[2]))
    at = replace(gone[0], substitutes=put, cured=frozenset[str]().union(*(one.cured for one in gone)))
    left = [pair for pair in zip(found, findings, strict=True) if pair[0] not in gone[1:]]
    search.found = [at if one is gone[0] else one for one, _ in left]
    return tuple(told if one is gone[0] else finding for one, finding in left)


def _leaving_out(search: Search) -> Iterator[tuple[tuple[Piece, ast.If], tuple[Substitute, ...]]]:
    """The conditions within loops that choose whether something is done, and what makes each choose that always."""
    places = {(one.source, one.line, one.column): one for one in search.subject.places if one.kind == "condition" and one.loops}
    for piece in search.subject.pieces if places else ():
        for node in walk(parsed(piece.text)):
            if not isinstance(node, ast.If):
                continue
            line, column, _ = place_of(piece, node.test)
            place = places.get((piece.source, line, column))
            nothing = isinstance(node.body[0], ast.Pass)
            leaves = isinstance((node.orelse or node.body)[-1], ast.Return | ast.Break | ast.Continue | ast.Raise)
            if place is not None and nothing == bool(node.orelse) and not leaves:
                yield (piece, node), (Substitute(place.id, None, not nothing),)


def _needless(search: Search, put: tuple[Substitute, ...]) -> list[Found]:
    """The findings that need not be mended where this is put."""

    def right(left: Iterable[Found]) -> bool:
        return search.results_right(search.subject.run((*(sub for one in left for sub in one.substitutes), *put)))

    mended = [one for one in search.found if one.substitutes]  # what is told of the others is not seen in the results
    gone = mended if right(()) else [one for one in mended if right(other for other in mended if other is not one)]
    return gone if right(one for one in mended if one not in gone) else []


def swapped(one: Found, other: Found) -> bool:
    """Whether each of two places makes just what belongs at the other."""
    return same(one.record.value, other.right, 1e-7) and same(other.record.value, one.right, 1e-7)


def _right_sometimes(found: Found, records: Sequence[Record]) -> bool:
    """Whether a place needs no other value at some of its visits."""
    visits = {record.visit for record in records if record.place.id == found.record.place.id}
    return bool(visits - {sub.visit for sub in found.substitutes if sub.place == found.record.place.id})


def _conditions(pieces: Sequence[Piece]) -> Iterator[tuple[Piece, ast.If]]:
    for piece in pieces:
        try:
            tree = parsed(piece.text)
        except (SyntaxError, ValueError, RecursionError):
            continue
        yield from ((piece, node) for node in walk(tree) if isinstance(node, ast.If) and node.orelse)


def _within(place: Place, piece: Piece, body: Sequence[ast.stmt]) -> bool:
    if not body or place.source != piece.source:
        return False
    first, last = body[0].lineno + piece.line - 1, (body[-1].end_lineno or body[-1].lineno) + piece.line - 1
    return first <= place.line <= last
