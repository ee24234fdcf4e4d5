"""Programs that hold the examples in rows: their quantities are the reference's, turned."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from whygrad.from_code.observe.arrays import array_of
from whygrad.from_code.observe.experiment import HOLDS
from whygrad.from_code.observe.moved import changes, nudge
from whygrad.from_code.observe.quantities import Derived, matrices
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from whygrad.from_code.observe.arrays import Observations
    from whygrad.from_code.observe.quantities import Quantities, Table
    from whygrad.from_code.observe.subject import Record, Subject

_LEAST = 2
"""Places with a turned quantity."""


class Turned(Derived):
    """The values of a table, each matrix turned; square ones, which do not tell which way they lie, are left out."""

    def __init__(self, table: Table) -> None:
        """Nothing is run."""
        wide = ((record, array) for record, array in matrices(table) if array.shape[0] != array.shape[1])
        super().__init__(table, [replace(record, value=array.T) for record, array in wide], table.visits)

    def response(self, record: Record) -> Observations:
        """How the results, and the calls of the cell, respond to a quantity that is moved as it lies here."""
        moved = (record.value + nudge(record.value.shape)).T
        return changes(self.subject.run((Substitute(record.place.id, record.visit, moved),)), self.observations)


def as_it_lies(subject: Subject, right: Quantities) -> Quantities:
    """The right values; for a program that holds the examples in rows, those that lie so too."""
    examples, places = subject.arguments[0].shape[1], set[int]()
    for record in subject.traced()[1]:
        array = array_of(record.value)
        in_rows = array is not None and array.ndim == 2 and array.shape[0] == examples != array.shape[1] > 1  # noqa: PLR2004 - a matrix
        if array is not None and in_rows and record.place.kind in HOLDS and array.any() and any(True for _ in right.equal(array.T)):
            places.add(record.place.id)
    return with_turned(right) if len(places) >= _LEAST else right


@lru_cache(maxsize=16)
def with_turned(right: Quantities) -> Quantities:
    """The right values, and each of them turned; nothing is run."""
    return right.beside([Turned(table) for table in right.tables])
