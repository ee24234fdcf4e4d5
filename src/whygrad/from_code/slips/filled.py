"""An array that is filled piece by piece, with a piece at a wrong place: all who read it are wrong, the line to mend is the piece's."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_code.observe.dataflow import Dataflow
from whygrad.from_code.observe.experiment import READS, Found, read_by_all
from whygrad.from_code.observe.subject import array_of, same, shape_of
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.observe.subject import Array, Record

_FEW = 3
"""Quantities that are tried as what the array should hold."""


class Filled(Dataflow):
    """Experiments with arrays that are filled."""

    def _filled_wrongly(self, together: Sequence[Found], others: Sequence[Found]) -> Found | None:
        """One finding for several lines that read the same array, if all is right with the right array at each of them."""
        shared = read_by_all(together)
        for name in sorted(shared):
            reads = [r for r in self._now.records if r.place.kind in READS and r.place.text == name and shape_of(r.value)]
            cured = frozenset[str]().union(*(found.cured for found in together))
            known = tuple(sub for found in others for sub in found.substitutes)
            for right in self._of_its_shape(reads[0]) if reads else ():
                mended = tuple(Substitute(read.place.id, read.visit, right) for read in reads)
                piece = self.misplaced_piece(name, reads[0], right)
                if piece is not None and self.results_right(self.subject.run((*known, *mended))):
                    return Found(piece, "filled", None, None, mended, cured, inputs=True, names=(name,))
                other = self._other_piece(name, reads[0], right)
                if other is not None and self.results_right(self.subject.run((*known, *other.substitutes))):
                    return replace(other, cured=cured)
        return None

    def _pieces_misplaced(self) -> Iterator[Found | None]:
        """A cell's array that is filled piece by piece, with the right one in its place wherever it is read.

        It is asked for early: as long as one of the lines that read it has a slip of its own, nothing else shows what they have in common.
        """
        own = [one for one in self._now.records if one.place.function == self.subject.function == self.subject.cell]
        filled = Counter(
            base for one in own if one.place.kind == "assign" and (base := one.place.target.partition("[")[0]) != one.place.target
        )
        for name in (name for name, pieces in filled.items() if pieces > 1):
            reads = [one for one in own if one.place.kind in READS and one.place.text in {name, f"{name}.T"} and shape_of(one.value)]
            whole = [one for one in reads if one.place.text == name]
            for right in self._of_its_shape(whole[0]) if len(reads) > 1 and whole else ():
                piece = self.misplaced_piece(name, whole[0], right)
                put = ((one, right if one.place.text == name else right.T) for one in reads)
                mended = [Substitute(one.place.id, one.visit, value) for one, value in put]
                found = None if piece is None else self._try(piece, "filled", mended, None)
                yield None if found is None else replace(found, inputs=True, names=(name,))

    def _other_piece(self, name: str, read: Record, right: Array) -> Found | None:
        """The line that writes into rows of this array something else than belongs there."""
        whole = array_of(read.value)
        if whole is None or whole.shape != right.shape or whole.ndim != 2:  # noqa: PLR2004 - a matrix
            return None
        now, meant = (whole.T, right.T) if name.endswith(".T") else (whole, right)
        for record in self._pieces(name.removesuffix(".T"), read):
            piece = array_of(record.value)
            if piece is None or piece.ndim != 2:  # noqa: PLR2004
                continue
            for first in _rows(piece, now) or ():
                belongs = meant[first : first + len(piece)]
                if shape_of(belongs) == shape_of(piece) and not same(piece, belongs, self.tolerance):
                    quantity = next(self.quantities.equal(belongs, self.tolerance), None)
                    put, reads = (Substitute(record.place.id, record.visit, belongs),), tuple(self._reads(record))
                    seen = ((record.value, belongs),)
                    return Found(record, "value", belongs, quantity, put, frozenset(), inputs=True, reads=reads, visits=seen)
        return None

    def _pieces(self, name: str, read: Record) -> list[Record]:
        """What was written into parts of this array before it was read."""
        before = (record for record in self._now.records[: read.time] if record.place.function == read.place.function)
        return [record for record in before if record.place.kind == "assign" and record.place.target.startswith(f"{name}[")]

    def _by_its_pieces(self, found: Found) -> Found:
        """From a line that hands an array on to the one that writes a piece of it where it does not belong."""
        name, right = found.record.place.text.removeprefix("return").strip(), array_of(found.right)
        if found.how != "value" or right is None or not name.isidentifier():
            return found
        piece = self.misplaced_piece(name, found.record, right)
        return found if piece is None else replace(found, record=piece, how="filled", right=None, inputs=True, names=(name,))

    def _of_its_shape(self, read: Record) -> list[Array]:
        """The right quantities that an array can be meant to hold."""
        found: list[Array] = []
        for quantity in self.quantities.like(shape_of(read.value) or (), None):
            if quantity.made and not any(same(quantity.value, other) for other in found):
                found.append(quantity.value)
        return found[:_FEW]

    def misplaced_piece(self, name: str, read: Record, right: Array) -> Record | None:
        """The first line that writes rows, or columns, of this array which stand in it now, and not where they should.

        If there is none, the first whose rows stand nowhere in it: another line has written over a part of them. An array of whole numbers
        holds nothing as it was written: then it is the line that makes it.
        """
        now, lost = array_of(read.value), None
        if now is None or now.shape != right.shape:
            return None
        if now.dtype.kind in "iu":
            return next((r for r in self._now.records[: read.time] if r.place.target == name and r.place.kind == "assign"), None)
        for record in self._pieces(name, read):
            piece = array_of(record.value)
            if piece is None:
                continue
            for one, whole, meant in ((piece, now, right), (np.atleast_2d(piece).T, now.T, right.T)):
                stands, belongs = _rows(one, whole), _rows(one, meant)
                if stands is not None and belongs is not None and not set(stands) & set(belongs):
                    return record
                lost = record if lost is None and stands is None and belongs is not None else lost
        return lost


def _rows(piece: Array, whole: Array) -> list[int] | None:
    """The rows at which an array holds this piece; None where it does not."""
    rows: Any = np.atleast_2d(piece)
    if rows.ndim != 2 or rows.shape[1:] != whole.shape[1:] or not rows.any():  # noqa: PLR2004 - a matrix
        return None
    found = [first for first in range(len(whole) - len(rows) + 1) if same(whole[first : first + len(rows)], rows)]
    return found or None
