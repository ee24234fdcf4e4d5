"""The gates' gradients stand under each other's names, and one thing more is wrong: the names are put back, and that is looked for.

With the exchange made, the right program shows which array of it is printed under which name. Numbers that are read so are those of a cell
without the exchange.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from whygrad.from_numbers.numbers import Target, is_array

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_numbers.tables import CheckTables
    from whygrad.mistakes import Edit

LEAST_MORE = 2
"""So many numbers more come right with the names put back, or it is no exchange."""


class PutBack(NamedTuple):
    """An exchange, the numbers that a cell without it would have printed, and how many of them are the right ones."""

    edit: Edit
    target: Target
    right: int


def put_back(tables: CheckTables, target: Target) -> list[PutBack]:
    """The exchanges of the backward cell that bring numbers right, those that bring most first."""
    found: list[PutBack] = []
    if tables.exchanges is None:
        tables.exchanges = [(edit, _names(tables, edit)) for edit in _exchanges(tables)]
    for edit, names in tables.exchanges:
        numbers = tuple(replace(number, quantity=names[number.quantity]) for number in target.block.numbers if number.quantity in names)
        own = Target(replace(target.block, numbers=numbers))
        before = target.hit(target.values(tables.right.gradients))[[name in names for name in target.names]]
        hits = own.hit(own.values(tables.right.gradients))
        if hits.sum() >= before.sum() + LEAST_MORE:
            found.append(PutBack(edit, own, int(hits.sum())))
    return sorted(found, key=lambda one: (-one.right, tables.variants.cost(one.edit)))


def _exchanges(tables: CheckTables) -> Iterator[Edit]:
    """The edits of the backward cell that spoil several gradients at once, in one line."""
    for number in range(len(tables.assignment.functions[tables.cell])):
        yield from (edit for edit in tables.variants.of_line(tables.cell, number) if " and " in edit.quantity and len(edit.lines) == 1)


def _names(tables: CheckTables, edit: Edit) -> dict[str, str]:
    """For each gradient that the right program with this edit returns, whose array it is; those that are nobody's are left out."""
    right, made = tables.right.gradients, tables.run((edit,)) or {}
    found: dict[str, str] = {}
    for name, value in made.items():
        same = [other for other, own in right.items() if is_array(value) and np.array_equal(value, own)]
        if same:
            found[name] = name if name in same else same[0]
    return found
