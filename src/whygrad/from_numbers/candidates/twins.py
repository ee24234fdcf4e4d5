"""Beside an explanation: the same with one of its mistakes made in another function, where that prints the same numbers.

No function is right because its slip is the rarer one. What is stored at the wrong place can be taken out there, and what a cell hands out
wrongly its loop can have spoilt.
"""

from __future__ import annotations

from collections import Counter
from itertools import combinations, takewhile
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_numbers.candidates.found import ELSEWHERE, functions_of
from whygrad.from_numbers.candidates.grouped import grouped
from whygrad.from_numbers.numbers.arrays import entry
from whygrad.from_numbers.numbers.printed import ROUNDING
from whygrad.from_numbers.programs.linewise import names_in
from whygrad.from_numbers.programs.wanted import places_of
from whygrad.mistakes.operator import BETWEEN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from whygrad.from_numbers.numbers.arrays import Bools, Floats, Ints
    from whygrad.from_numbers.tables.tables import CheckTables
    from whygrad.mistakes import Edit, Edits

MOST_ELSEWHERE = 3
"""In so many other functions, the likeliest, each mistake is tried."""
MOST_NEAR, MOST_BESIDE = 1_000, 200
"""Of so many of the likeliest so many are run beside the other mistakes."""
IN_THE_SAME_EQUATION, MOST_HIDDEN = 2.5, 3
"""By how much (in powers of ten) a slip of another kind may be less likely, where a zero hides which it is; so many kinds are told."""
STACK = "stack-wrong"
"""What a cell makes of what it takes in: who has another order there has it in both cells."""


def twins(tables: CheckTables, edits: Edits) -> Iterator[Edits]:
    """The programs with these edits and one mistake exchanged for a single one in another function.

    Whether they print the same numbers is to be seen; of most it is known that the mistakes do so by themselves.
    """
    for group in grouped(edits):
        rest = tuple(edit for edit in edits if edit not in group)
        taken = places_of(rest)
        stored = _stored_otherwise(tables, group[0], rest)
        others = (*_alike(tables, tuple(group), rest), *_across_the_call(tables, tuple(group)), *stored)
        for other in others:
            if taken.isdisjoint(places_of(other)):
                yield (*rest, *other)
        whole, apart = _taken_apart(tables, tuple(group), rest)
        if apart != rest:
            yield from ((*apart, *other) for other in _alike(tables, whole, ()) if places_of(apart).isdisjoint(places_of(other)))


def _taken_apart(tables: CheckTables, group: Edits, rest: Edits) -> tuple[Edits, Edits]:
    """A slip with its siblings of the ``rest`` that stand in one equation with another, each alone there; and the rest with the other."""
    apart: list[Edit] = []
    for edit in rest:
        parts = {part.alike for part in edit.parts} if edit.function == group[0].function else set[str]()
        if len(parts) > 1 and group[0].alike in parts:
            alone = {one.alike: one for one in tables.variants.of_line(*edit.lines[0][:2]) if one.alike in parts}
            group += tuple(one for alike, one in alone.items() if alike == group[0].alike)
            apart += [one for alike, one in alone.items() if alike != group[0].alike]
        else:
            apart.append(edit)
    return group, tuple(apart)


def _alike(tables: CheckTables, edits: Edits, rest: Edits) -> Iterator[Edits]:
    """The likeliest single mistakes that print what these edits do, one in each set of other functions.

    First those that do so in all numbers, then those that do it where the ``rest`` of the program leaves it to these, and those that do it
    beside the rest alone.
    """
    own, right = (_numbers(tables, one) for one in (tables.run(edits), tables.right.gradients))
    wrong = np.flatnonzero(_differ(own, right))
    if not len(wrong):  # it shows only beside others: nothing tells what is like it
        return
    yield from _printing(tables, edits, own, wrong, np.arange(len(own)))
    if not rest:
        return
    without, whole = (_numbers(tables, tables.run(some)) for some in (rest, (*rest, *edits)))
    left = wrong[_differ(without, whole)[wrong]]
    if len(left):
        yield from _printing(tables, edits, own, left, left)
    most = tables.variants.set_cost(edits) + ELSEWHERE
    near = sorted(_near(tables, own, right, wrong, without, whole, most), key=tables.variants.set_cost)
    yield from _beside(tables, edits, rest, whole, near)


def _near(  # noqa: PLR0917 - what is compared
    tables: CheckTables, own: Floats, right: Floats, wrong: Ints, without: Floats, whole: Floats, most: float
) -> Iterator[Edits]:
    """The single mistakes that give one of the wrong numbers, make wrong just these, or the only gradients left beside the rest.

    What the rest leaves as it is, and these edits make the same beside it as by themselves, another has to print by itself.
    """
    singles, variants = tables.singles, tables.variants
    free = ~(_differ(without, right) | _differ(own, whole))
    rows = np.flatnonzero(singles.costs <= most)
    rows = rows[(np.isnan(singles.numbers[rows][:, free]) | ~_differ(singles.numbers[rows][:, free], own[free])).all(axis=1)]
    numbers = singles.numbers[rows]
    unknown = np.isnan(numbers)
    as_one = (~_differ(numbers[:, wrong], own[wrong])).any(axis=1)
    as_all = ((_differ(numbers, right) == _differ(own, right)) | unknown).all(axis=1) & ~unknown.all(axis=1)
    rows = rows[as_one | as_all]
    yield from (singles.rows[row] for row in rows[np.argsort(singles.costs[rows], kind="stable")][:MOST_NEAR])
    names = {singles.entries[at][0] for at in np.flatnonzero(_differ(without, whole))}
    if len(names) > 1 and not all(map(tables.assignment.vocabulary.at_parameter, names)):
        return  # what is left is carried: one line of one gradient does not do that
    for function in tables.chain:
        alone = ((edit,) for edit in variants.of_function(function))
        of_these = (some for some in (*alone, *variants.groups(function)) if {edit.quantity for edit in some} == names)
        yield from (some for some in of_these if variants.set_cost(some) <= most)


def _beside(tables: CheckTables, edits: Edits, rest: Edits, whole: Floats, others: Sequence[Edits]) -> Iterator[Edits]:
    """Those of some mistakes, likeliest first, that print the ``whole`` beside the rest, one in each set of other functions."""
    blamed = {functions_of(edits)}
    tried = 0
    for other in takewhile(lambda _: not tables.tables.clock.up, others):
        functions = functions_of(other)
        if functions not in blamed and functions <= set(tables.chain):
            tried += 1
            if not _differ(_numbers(tables, tables.run((*rest, *other))), whole).any():
                blamed.add(functions)
                yield other
            if tried >= MOST_BESIDE or len(blamed) > MOST_ELSEWHERE:
                return


def _numbers(tables: CheckTables, gradients: Mapping[str, Any] | None) -> Floats:
    """What a program with these gradients prints; nothing but NaN where it raises."""
    return np.array([np.nan if gradients is None else entry(gradients, *place) for place in tables.singles.entries])


def _differ(one: Floats, other: Floats) -> Bools:
    return ~np.isclose(one, other, ROUNDING, ROUNDING, equal_nan=True)


def _printing(tables: CheckTables, edits: Edits, own: Floats, wrong: Ints, at: Ints) -> Iterator[Edits]:
    """The likeliest single mistakes with these numbers ``at`` these places, some of which are ``wrong``; also where not all are known."""
    blamed = {functions_of(edits)}
    for one, known in _agreeing(tables, own, wrong, at):
        functions = functions_of(one)
        if functions not in blamed:
            if not known and _differ(_numbers(tables, tables.run(one)), own)[at].any():
                continue
            blamed.add(functions)
            yield one
            if len(blamed) > MOST_ELSEWHERE:
                return


def _agreeing(tables: CheckTables, own: Floats, wrong: Ints, at: Ints) -> Iterator[tuple[Edits, bool]]:
    """The single mistakes that print these numbers ``at`` these places as far as is known, likeliest first; whether all are known."""
    singles = tables.singles
    rows = np.flatnonzero(~_differ(singles.numbers[:, wrong[0]], own[wrong[0]]))  # nearly all are left
    numbers = singles.numbers[np.ix_(rows, at)]
    agree = (~_differ(numbers, own[at]) | np.isnan(numbers)).all(axis=1)
    rows = rows[agree]
    known: list[int] = np.flatnonzero(np.isfinite(numbers[agree]).all(axis=1)).tolist()
    places: list[int] = np.argsort(singles.costs[rows], kind="stable").tolist()
    for place in places:
        yield singles.rows[rows[place]], place in known


def hidden_by_zeros(tables: CheckTables, edits: Edits) -> tuple[Edits, ...]:
    """The programs with these edits and one slip in an equation exchanged for another that only the cell's own check tells from it.

    Whether they print the same numbers is to be seen of several; it is known that the slips do so by themselves.
    """
    alone = [group[0] for group in grouped(edits) if len(group) == 1]
    return tuple(tuple(other if one is edit else one for one in edits) for edit in alone for other in _hidden(tables, edit))


def _hidden(tables: CheckTables, edit: Edit) -> list[Edit]:
    """The likeliest slips of other kinds in an equation of a cell that print the same here, and not in the cell's own check.

    What begins as zero and stays so, or is carried nowhere, makes another program of a sum and of a product print alike.
    """
    own, right = (_numbers(tables, one) for one in (tables.run((edit,)), tables.right.gradients))
    wrong = np.flatnonzero(_differ(own, right))
    if not (tables.sequence and len(wrong)):
        return []
    cell, place = tables.tables.of(tables.cell), [line[:2] for line in edit.lines]
    shown, most = cell.run((edit,)), tables.variants.cost(edit) + IN_THE_SAME_EQUATION
    found: dict[str, Edit] = {}
    for (other, *more), known in _agreeing(tables, own, wrong, np.arange(len(own))):
        if tables.variants.cost(other) > most or len(found) == MOST_HIDDEN:
            break
        if not more and [line[:2] for line in other.lines] == place and other.operator not in {*found, edit.operator}:
            same = known or not _differ(_numbers(tables, tables.run((other,))), own).any()
            if same and not _alike_in(shown, cell.run((other,))):
                found[other.operator] = other
    return list(found.values())


def _alike_in(one: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> bool:
    return one is None or other is None or all(np.allclose(one[name], other[name], ROUNDING, ROUNDING, equal_nan=True) for name in one)


def _stored_otherwise(tables: CheckTables, edit: Edit, rest: Edits) -> Iterator[Edits]:
    """For two slips in one equation of which one reads another value: that value stored by the forward cell, and a slip beside it.

    The equation reads that value in one of its spellings, and what it does not reach has to be as it is by the stored value alone. A slip
    that the ``rest`` has in its siblings costs nothing more: with it the forward cell would seem the likelier.
    """
    if BETWEEN not in edit.slip or edit.function != tables.cell:
        return
    ((_, number, text),) = edit.lines
    line = tables.assignment.functions[tables.cell][number]
    old, new = (Counter(names_in(one)) for one in (line, text))
    spellings = tables.assignment.spellings.get((tables.cell, text.strip().partition(" = ")[0]), ())
    read = {name for one in (line, *spellings) for name in names_in(one)} - new.keys()
    most = tables.variants.cost(edit) + ELSEWHERE
    without, whole = (_numbers(tables, tables.run(some)) for some in (rest, (*rest, edit)))
    unreached = ~_differ(without, whole)
    before = (name for name in tables.chain if tables.assignment.vocabulary.roles[name] == "cell forward")
    for stored in (edit for name in before for edit in tables.variants.of_function(name) if edit.operator == "state-stored-wrong"):
        function, line, cache = stored.lines[0]
        instead = Counter(names_in(cache)) - Counter(names_in(tables.assignment.functions[function][line]))
        if stored.quantity not in read or not instead.keys() & (new - old).keys():
            continue
        if not _differ(_numbers(tables, tables.run((*rest, stored))), whole)[unreached].any():
            beside = (one for one in tables.variants.of_function(tables.cell) if [own[1] for own in one.lines] == [number])
            pairs = ((stored, one) for one in beside if all(one.alike != other.alike for other in rest))
            likely = (pair for pair in pairs if tables.variants.set_cost(pair) <= most)
            yield from takewhile(lambda _: not tables.tables.clock.up, likely)


def _across_the_call(tables: CheckTables, edits: Edits) -> Iterator[Edits]:
    """What the cells can do inside to what is said to be done outside: to what goes into the call, or to what comes out of it.

    That is done by a loop, or by the notebook's check: what that hands over otherwise both cells can take in otherwise, too.
    """
    roles = tables.assignment.vocabulary.roles
    by = roles.get(edits[0].function)
    cells = [name for name in tables.chain if roles[name] == f"cell {by}" or (by is None and roles[name].startswith("cell"))]
    inside = {name: tables.variants.twins(name) for name in cells}
    yield from ((edit,) for twins in inside.values() for edit in twins)
    if by is not None:
        return
    stacks = {name: [edit for edit in tables.variants.of_function(name) if edit.operator == STACK] for name in cells}
    for one, other in combinations(cells, 2):
        for edit in (*inside[one], *stacks[one]):
            alike = {its.lines[0][1]: its for its in (*inside[other], *stacks[other]) if its.alike == edit.alike}
            if alike:
                yield edit, *alike.values()
