"""Conditions: where both branches make the same thing and both are wrong, or a step is left out, the condition that chooses is to blame."""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.from_code.observe.arrays import array_of, same
from whygrad.from_code.observe.edited import finding_at, place_of
from whygrad.sandbox.requests import Substitute
from whygrad.sandbox.trees import names_in, parsed, walk, walked

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
    """What is told, that of steps which a condition leaves out at the one that, if it always held, would mend as much.

    Where any of several would, none is told.
    """
    if len(search.found) != len(findings) or not search.complete:
        return findings
    told = dict(zip(search.found, findings, strict=True))
    mends = [(where, put, gone) for where, put in _leaving_out(search) if (gone := _needless(search, put))]
    mends = [(where, put, gone) for where, put, gone in mends if not all(told[one].id and _puts_over(*where, one) for one in gone)]
    often = Counter(one for _, _, gone in mends for one in gone)
    mends = [mend for mend in mends if all(often[one] == 1 for one in mend[2])]
    rest = [one for one in search.found if not any(one in gone for _, _, gone in mends)]
    if not mends or not _right_with(search, rest, [sub for _, put, _ in mends for sub in put]):
        return findings
    at = {one: (one, finding) for one, finding in told.items()}
    for where, put, gone in mends:
        cured = frozenset[str]().union(*(one.cured for one in gone))
        at[gone[0]] = replace(gone[0], substitutes=put, cured=cured), _left_out(where, [told[one] for one in gone])
        for one in gone[1:]:
            del at[one]
    search.found = [one for one, _ in at.values()]
    return tuple(finding for _, finding in at.values())


def _left_out(where: tuple[Piece, ast.If], findings: Sequence[Finding]) -> Finding:
    """What is told of a condition instead of these."""
    line, column, text = place_of(*where)
    first = findings[0]
    if len(findings) > 1 or first.id not in _SAYS_WHICH:
        return finding_at(*where, first.function, "loop-wrong", _SAYS, hints=(_WHERE.format(line), _WHAT, first.hints[2]))
    return replace(first, line=line, column=column, text=text)


def _leaving_out(search: Search) -> Iterator[tuple[tuple[Piece, ast.If], tuple[Substitute, ...]]]:
    """The conditions within loops that choose whether something is done, and what makes each choose that always."""
    places = {(one.source, one.line, one.column): one for one in search.subject.places if one.kind == "condition" and one.loops}
    for piece in search.subject.pieces if places else ():
        for node in walked(piece.text):
            if not isinstance(node, ast.If):
                continue
            line, column, _ = place_of(piece, node.test)
            place = places.get((piece.source, line, column))
            idle = _idle(node.body)
            done = node.orelse if idle else node.body
            if place is None or idle == _idle(node.orelse) or isinstance(done[-1], ast.Return | ast.Break | ast.Continue | ast.Raise):
                continue
            if {bool(record.value) for record in search.last if record.place.id == place.id} != {not idle}:
                yield (piece, node), (Substitute(place.id, None, not idle),)


def _puts_over(piece: Piece, condition: ast.If, found: Found) -> bool:
    """Whether a condition only replaces what a line before it computes, which has to be right at the other turns."""
    place, array = found.record.place, array_of(found.record.value)
    name = place.target.partition("[")[0]
    puts = (node for node in walk(condition) if isinstance(node, ast.Assign) and name not in names_in(node.value))
    anew = place.target in {ast.unparse(target) for node in puts for target in node.targets}
    before = place.source == piece.source and place.line < condition.lineno + piece.line - 1
    return anew and before and array is not None and bool(array.any())


def _idle(body: Sequence[ast.stmt]) -> bool:
    """Whether nothing is done here but that something is printed."""
    return all(_prints(line) for line in body)


def _prints(line: ast.stmt) -> bool:
    match line:
        case ast.Pass() | ast.Expr(ast.Constant() | ast.Call(func=ast.Name("print"))):
            return True
        case ast.If(body=body, orelse=other):
            return _idle([*body, *other])
        case _:
            return False


def _right_with(search: Search, found: Iterable[Found], put: Sequence[Substitute]) -> bool:
    """Whether all results are right where these findings are mended and this is put."""
    return search.results_right(search.subject.run((*(sub for one in found for sub in one.substitutes), *put)))


def _needless(search: Search, put: tuple[Substitute, ...]) -> list[Found]:
    """The findings that need not be mended where this is put."""
    mended = [one for one in search.found if one.substitutes]  # what is told of the others is not seen in the results
    if _right_with(search, (), put):
        return mended
    gone = [one for one in mended if _right_with(search, (other for other in mended if other is not one), put)]
    return gone if _right_with(search, (one for one in mended if one not in gone), put) else []


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
