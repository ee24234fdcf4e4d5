"""An array that is filled piece by piece, with a piece at a wrong place: all who read it are wrong, the line to mend is the piece's."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_code.carries import Carries
from whygrad.from_code.experiment import Found
from whygrad.from_code.subject import array_of, same, shape_of
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_code.subject import Array, Record

_READS = frozenset(("read", "argument"))
_FEW = 3
"""Quantities that are tried as what the array should hold."""


class Filled(Carries):
    """Experiments with arrays that are filled."""

    def _filled_wrongly(self, together: Sequence[Found], others: Sequence[Found]) -> Found | None:
        """One finding for several lines that read the same array, if all is right with the right array at each of them."""
        shared = set[str].intersection(*({read.place.text for read in found.reads if read.place.kind in _READS} for found in together))
        for name in sorted(shared):
            reads = [r for r in self._now.records if r.place.kind in _READS and r.place.text == name and shape_of(r.value)]
            for right in self._of_its_shape(reads[0]) if reads else ():
                mended = tuple(Substitute(read.place.id, read.visit, right) for read in reads)
                piece = self._misplaced_piece(name, reads[0], right)
                known = tuple(sub for found in others for sub in found.substitutes)
                if piece is not None and self.results_right(self.subject.run((*known, *mended))):
                    cured = frozenset[str]().union(*(found.cured for found in together))
                    return Found(piece, "filled", None, None, mended, cured, inputs=True, names=(name,))
        return None

    def _by_its_pieces(self, found: Found) -> Found:
        """From a line that hands an array on to the one that writes a piece of it where it does not belong."""
        name, right = found.record.place.text.removeprefix("return").strip(), array_of(found.right)
        if found.how != "value" or right is None or not name.isidentifier():
            return found
        piece = self._misplaced_piece(name, found.record, right)
        return found if piece is None else replace(found, record=piece, how="filled", right=None, inputs=True, names=(name,))

    def _of_its_shape(self, read: Record) -> list[Array]:
        """The right quantities that an array can be meant to hold."""
        found: list[Array] = []
        for quantity in self.quantities.like(shape_of(read.value) or (), None):
            if quantity.made and not any(same(quantity.value, other) for other in found):
                found.append(quantity.value)
        return found[:_FEW]

    def _misplaced_piece(self, name: str, read: Record, right: Array) -> Record | None:
        """The first line that writes rows, or columns, of this array which stand in it now, and not where they should."""
        now = array_of(read.value)
        for record in self._now.records[: read.time]:
            piece = array_of(record.value)
            pieces = (
                record.place.kind == "assign"
                and record.place.target.startswith(f"{name}[")
                and record.place.function == read.place.function
            )
            if pieces and piece is not None and now is not None and now.shape == right.shape:
                for one, whole, meant in ((piece, now, right), (np.atleast_2d(piece).T, now.T, right.T)):
                    stands, belongs = _rows(one, whole), _rows(one, meant)
                    if stands is not None and belongs is not None and not set(stands) & set(belongs):
                        return record
        return None


def _rows(piece: Array, whole: Array) -> list[int] | None:
    """The rows at which an array holds this piece; None where it does not."""
    rows: Any = np.atleast_2d(piece)
    if rows.ndim != 2 or rows.shape[1:] != whole.shape[1:] or not rows.any():  # noqa: PLR2004 - a matrix
        return None
    found = [first for first in range(len(whole) - len(rows) + 1) if same(whole[first : first + len(rows)], rows)]
    return found or None
