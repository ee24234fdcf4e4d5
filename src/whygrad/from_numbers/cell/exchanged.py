"""The gates' gradients stand under each other's names, and one thing more is wrong: the names are put back, and that is looked for.

With the exchange made, the right program shows which array of it is printed under which name. Numbers that are read so are those of a cell
without the exchange.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from whygrad.from_numbers.cell.before import before_of
from whygrad.from_numbers.cell.chunks import run
from whygrad.from_numbers.cell.shared_edits import with_right_equations
from whygrad.from_numbers.numbers.arrays import is_array
from whygrad.from_numbers.numbers.printed import SIDE_BY_SIDE, Target
from whygrad.from_numbers.side_by_side.stack import Stack, entry_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from whygrad.from_numbers.tables.tables import CheckTables
    from whygrad.mistakes import Edit, Edits

LEAST_TOLD = 4
"""So many numbers have to be there, or it is an accident that they agree."""
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
    for edit, names in _all_exchanges(tables):
        numbers = tuple(replace(number, quantity=names[number.quantity]) for number in target.block.numbers if number.quantity in names)
        own = Target(replace(target.block, numbers=numbers))
        before = target.hit(target.values(tables.right.gradients))[[name in names for name in target.names]]
        hits = own.hit(own.values(tables.right.gradients))
        if hits.sum() >= before.sum() + LEAST_MORE:
            found.append(PutBack(edit, own, int(hits.sum())))
    return sorted(found, key=lambda one: (-one.right, tables.variants.cost(one.edit)))


def put_back_after(tables: CheckTables, target: Target) -> list[Edits]:
    """The exchanges with one mistake more, likeliest first, under which each number is one of another name's array.

    The other is one before the backward cell's equations, or in what these share.
    """
    numbers = list(zip(target.low - SIDE_BY_SIDE, target.high + SIDE_BY_SIDE, target.block.numbers, strict=True))
    exchanges = [(edit, names, [one for one in numbers if one[2].quantity in names]) for edit, names in _all_exchanges(tables)]
    exchanges = [one for one in exchanges if len(one[2]) >= LEAST_TOLD]
    found: list[Edits] = []
    for others, values in _mistaken(tables):
        for edit, names, told in exchanges:
            agree = np.ones(len(others), bool)
            for low, high, number in told:
                value = entry_of(values.get(names[number.quantity]), number.index)
                agree &= (value >= low) & (value <= high)
            found += [(*others[place], edit) for place in np.flatnonzero(agree).tolist()]
    return sorted(found, key=tables.variants.set_cost)


def _mistaken(tables: CheckTables) -> Iterator[tuple[Sequence[Edits], Mapping[str, Any]]]:
    """The mistakes before the equations, and those in what these share, with what the equations give under each: side by side."""
    words, before = tables.assignment.vocabulary, before_of(tables)
    alone = before.alone
    for chunk in run(before, alone):
        programs: list[int] = chunk.at.tolist()
        yield [alone.edits(program) for program in programs], with_right_equations(chunk, tables.again.texts)
    right = tables.right.gradients
    for number, name, *_ in tables.again.equations:
        if words.kind(name) != "gate gradient" and name not in right:
            edits = [edit for edit in tables.variants.of_line(tables.cell, number) if len(edit.lines) == 1]
            given = ((edit, tables.again.call(0, {number: edit.formula})) for edit in edits)
            made = [(edit, env) for edit, env in given if env and all(np.shape(env[own]) == value.shape for own, value in right.items())]
            if made:
                yield [(edit,) for edit, _ in made], {own: np.stack([values[own] for _, values in made]).view(Stack) for own in right}


def _all_exchanges(tables: CheckTables) -> list[tuple[Edit, dict[str, str]]]:
    """The exchanges, each with whose array the right program then returns under each name."""
    return tables.beside("exchanges", lambda: [(edit, _names(tables, edit)) for edit in _exchanges(tables)])


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
