"""Conditions: where both branches make the same thing and both are wrong, or a step is left out, the condition that chooses is to blame."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.from_code.observe.subject import array_of, same
from whygrad.sandbox.trees import parsed, walk

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.experiment import Found, Search
    from whygrad.from_code.observe.subject import Record
    from whygrad.sandbox.places import Place
    from whygrad.sandbox.requests import Piece


_CHOOSES = ast.If | ast.Match | ast.For | ast.While
"""Statements that choose whether, or how often, those within are run."""


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


def at_conditions(search: Search, found: Sequence[Found], findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """What is told, that of steps that are left out at the condition which does it."""
    if len(found) != len(findings):
        return findings
    return tuple(_at_its_condition(search, one, finding) for one, finding in zip(found, findings, strict=True))


def _at_its_condition(search: Search, found: Found, finding: Finding) -> Finding:
    """What is told of a name behind the loop, at the condition around its only line, if just what that leaves out is missing."""
    name, place = found.record.place.computes.strip(), found.record.place
    if found.how != "value" or place.loops or not name.isidentifier() or not search.subject.calling:
        return finding
    gives = [r for r in search.last if r.place.loops and r.place.kind in {"assign", "after"} and r.place.target.partition("[")[0] == name]
    if len({one.place.id for one in gives}) != 1 or not _lacks_just(search, found, {one.phase for one in gives}):
        return finding
    condition = _only_condition(gives[0].place, search.subject.pieces)
    if condition is None:
        return finding
    piece, node = condition
    return replace(finding, line=piece.line + node.lineno - 1, column=node.col_offset + 1, text=piece.lines[node.lineno - 1].strip())


def _only_condition(place: Place, pieces: Sequence[Piece]) -> tuple[Piece, ast.If] | None:
    """The condition under which a line of a loop stands, if nothing else within the loop chooses whether it is run."""
    for piece in pieces:
        nodes = walk(parsed(piece.text)) if place.source == piece.source else ()
        around = sorted((one for one in nodes if isinstance(one, _CHOOSES) and _within(place, piece, [one])), key=lambda one: one.lineno)
        loops = [number for number, one in enumerate(around) if not isinstance(one, ast.If | ast.Match)]
        match around[loops[0] + 1 :] if loops else ():
            case [ast.If() as condition]:
                return piece, condition
            case _:
                pass
    return None


def _lacks_just(search: Search, found: Found, visited: Collection[int]) -> bool:
    """Whether what is missing in a sum, or in an array of all steps, is what the steps give after which its line was not visited."""
    value, right = array_of(found.record.value), array_of(found.right)
    calls = search.quantities.tables[0].reply.calls
    left_out = [number for number in range(len(calls)) if number + 1 not in visited]
    if value is None or right is None or value.shape != right.shape or not left_out:
        return False
    if value.ndim == 3:  # noqa: PLR2004 - all steps
        steps = [len(calls) - 1 - number for number in left_out]
        return same(np.delete(value, steps, -1), np.delete(right, steps, -1), search.tolerance) and not value[..., steps].any()
    name, gave = found.quantity.name if found.quantity else "", (calls[number].value for number in left_out)
    given = (cast("Mapping[str, Any]", one).get(name) for one in gave if isinstance(one, dict))
    parts = [part for one in given if (part := array_of(one)) is not None and part.shape == value.shape]
    return len(parts) == len(left_out) and same(right - value, sum(parts), 1e-6)


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
