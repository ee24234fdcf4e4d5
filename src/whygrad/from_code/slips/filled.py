"""An array that is filled piece by piece, with a piece at a wrong place: all who read it are wrong, the line to mend is the piece's."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_code.observe.arrays import array_of, same, shape_of
from whygrad.from_code.observe.dataflow import reads_of
from whygrad.from_code.observe.experiment import READS, Found, Search, read_by_all, seen_at
from whygrad.from_code.observe.moved import nudge
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.observe.arrays import Array
    from whygrad.from_code.observe.subject import Record

_FEW = 3
"""Quantities that are tried as what the array should hold."""


def filled_wrongly(search: Search, together: Sequence[Found], others: Sequence[Found]) -> Found | None:
    """One finding for several lines that read the same array, if all is right with the right array at each of them."""
    shared = read_by_all(together)
    for name in sorted(shared):
        reads = [r for r in search.now.records if r.place.kind in READS and r.place.text == name and shape_of(r.value)]
        cured = frozenset[str]().union(*(found.cured for found in together))
        known = tuple(sub for found in others for sub in found.substitutes)
        for right in _of_its_shape(search, reads[0]) if reads else ():
            mended = tuple(Substitute(read.place.id, read.visit, right) for read in reads)
            found = misplaced(search, reads[0], right)
            if found is not None and search.results_right(search.subject.run((*known, *mended))):
                return replace(found, substitutes=mended, cured=cured)
            other = _other_piece(search, name, reads[0], right)
            if other is not None and search.results_right(search.subject.run((*known, *other.substitutes))):
                return replace(other, cured=cured)
    return None


def pieces_misplaced(search: Search) -> Iterator[Found | None]:
    """A cell's array that is filled piece by piece, with the right one in its place wherever it is read, or before it is filled.

    It is asked for early: as long as one of the lines that read it has a slip of its own, nothing else shows what they have in common.
    """
    own = [one for one in search.now.records if one.place.function == search.subject.function == search.subject.cell]
    filled = Counter(base for one in own if one.place.kind == "assign" and (base := one.place.target.partition("[")[0]) != one.place.target)
    for name in (name for name, pieces in filled.items() if pieces > 1):
        reads = [one for one in own if one.place.kind in READS and one.place.text in {name, f"{name}.T"} and shape_of(one.value)]
        for right in _of_its_shape(search, reads[0]) if len(reads) > 1 else ():
            found = misplaced(search, reads[0], right)
            if found is None:
                yield _filled_in_part(search, name, reads[0], right)
                continue
            put = ((one, right if one.place.text == reads[0].place.text else right.T) for one in reads)
            mended = [Substitute(one.place.id, one.visit, value) for one, value in put]
            cures = search.attempt(found.record, "filled", mended, None)
            yield cures and replace(cures, inputs=True, names=(name,), also=found.also)


def _filled_in_part(search: Search, name: str, read: Record, right: Array) -> Found | None:
    """The line that makes an array, if all is right where it holds at first what belongs there: no line writes some of its rows."""
    before = (one for one in reversed(search.now.records[: read.time]) if one.place.function == read.place.function)
    made = next((one for one in before if one.place.target == name and one.place.kind == "assign"), None)
    whole = right if read.place.text == name else right.T
    return made and search.attempt(made, "value", [Substitute(made.place.id, made.visit, whole)], whole)


def _other_piece(search: Search, name: str, read: Record, right: Array) -> Found | None:
    """The line that writes into rows of this array something else than belongs there."""
    whole = array_of(read.value)
    if whole is None or whole.shape != right.shape or whole.ndim != 2:  # noqa: PLR2004 - a matrix
        return None
    now, meant = (whole.T, right.T) if name.endswith(".T") else (whole, right)
    for record in _pieces(search, name.removesuffix(".T"), read):
        piece = array_of(record.value)
        if piece is None or piece.ndim != 2:  # noqa: PLR2004
            continue
        for first in _rows(piece, now) or ():
            belongs = meant[first : first + len(piece)]
            if shape_of(belongs) == shape_of(piece) and not same(piece, belongs, search.tolerance):
                quantity = next(search.quantities.equal(belongs, search.tolerance), None)
                put, reads = (Substitute(record.place.id, record.visit, belongs),), tuple(reads_of(search, record))
                seen = ((record.value, belongs),)
                return Found(record, "value", belongs, quantity, put, frozenset(), inputs=True, reads=reads, visits=seen)
    return None


def _pieces(search: Search, name: str, read: Record) -> list[Record]:
    """What was written into parts of this array before it was read."""
    before = (record for record in search.now.records[: read.time] if record.place.function == read.place.function)
    return [record for record in before if record.place.kind == "assign" and record.place.target.startswith(f"{name}[")]


def by_its_pieces(search: Search, found: Found) -> Found:
    """From a line that hands an array on to the one that writes a piece of it where it does not belong."""
    name, right = found.record.place.text.removeprefix("return").strip(), array_of(found.right)
    if found.how != "value" or right is None or not name.isidentifier():
        return found
    filled = misplaced(search, found.record, right)
    return found if filled is None else replace(filled, substitutes=found.substitutes, cured=found.cured)


def _of_its_shape(search: Search, read: Record) -> list[Array]:
    """The right quantities that an array can be meant to hold."""
    found: list[Array] = []
    for quantity in search.quantities.like(shape_of(read.value) or (), None):
        if quantity.made and not any(same(quantity.value, other) for other in found):
            found.append(quantity.value)
    return found[:_FEW]


def misplaced(search: Search, read: Record, right: Array) -> Found | None:
    """The lines that write rows, or columns, of what is read where others belong, though theirs stand elsewhere in the right one.

    Where each piece has come to stand is seen by marks in its place. Of a piece that other lines have written over wholly nothing is
    seen: the first such one counts if there are no others. An array of whole numbers holds nothing as it was written: then it is the
    line that makes it.
    """
    name, now = read.place.text.removeprefix("return").strip(), array_of(read.value)
    if now is None or now.shape != right.shape:
        return None
    name, right = (name.removesuffix(".T"), right.T) if name.endswith(".T") else (name, right)
    wrong: list[Record] = []
    lost: list[Record] = []
    if now.dtype.kind in "iu":
        wrong = [r for r in search.now.records[: read.time] if r.place.target == name and r.place.kind == "assign"][:1]
    pieces = [(one, piece) for one in _pieces(search, name, read) if (piece := array_of(one.value)) is not None and piece.ndim]
    parts = [_rows(piece, right) is not None or _rows(np.atleast_2d(piece).T, right.T) is not None for _, piece in pieces]
    stands = _where(search, pieces, read) if any(parts) and not wrong else ()
    for (record, piece), at, part in zip(pieces, stands, parts, strict=False):
        here, entries = tuple(np.transpose([place for place, _ in at])), [entry for _, entry in at]
        if part and not at:
            lost.append(record)
        elif part and not same(piece.ravel()[entries], right[here], search.tolerance):
            wrong.append(record)
    told = wrong or lost[:1]
    return Found(told[0], "filled", None, None, (), frozenset(), inputs=True, names=(name,), also=tuple(told[1:])) if told else None


def _where(search: Search, pieces: Sequence[tuple[Record, Array]], read: Record) -> list[list[tuple[tuple[int, ...], int]]]:
    """For each piece which of its entries stands where when the array is read."""
    sizes = [piece.size for _, piece in pieces]
    marks = np.split(nudge((sum(sizes),)), np.cumsum(sizes)[:-1])
    put = [Substitute(one.place.id, one.visit, mark.reshape(piece.shape)) for (one, piece), mark in zip(pieces, marks, strict=True)]
    seen = seen_at(search.subject.traced(tuple(put))[1], read.place.id, read.visit)
    whole = None if seen is None else array_of(seen.value)
    if whole is None:
        return []
    whole = whole.T if read.place.text.endswith(".T") else whole
    at = {float(entry): place for place, entry in np.ndenumerate(whole)}
    return [[(at[float(entry)], n) for n, entry in enumerate(mark) if float(entry) in at] for mark in marks]


def _rows(piece: Array, whole: Array) -> list[int] | None:
    """The rows at which an array holds this piece; None where it does not."""
    rows: Any = np.atleast_2d(piece)
    if rows.ndim != 2 or rows.shape[1:] != whole.shape[1:] or not rows.any():  # noqa: PLR2004 - a matrix
        return None
    found = [first for first in range(len(whole) - len(rows) + 1) if same(whole[first : first + len(rows)], rows)]
    return found or None
