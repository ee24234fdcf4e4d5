"""A sum that several lines make, one after the other or each a term under a name of its own: a right value at one makes up for the others.

So the sum is written in one line, and what is found there is told of all of its lines.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_code.lines.other_calls import multiplies
from whygrad.from_code.lines.term_by_term import OTHER_VALUES
from whygrad.from_code.observe.arrays import array_of
from whygrad.from_code.observe.edited import edited_at, place_of
from whygrad.from_code.observe.experiment import HOLDS
from whygrad.from_code.observe.quantities import quantities
from whygrad.from_code.search.find import subject_of
from whygrad.from_code.search.one_edit import holds
from whygrad.from_code.search.what_else import what_else
from whygrad.from_code.text.called_by import functions
from whygrad.from_code.text.put_for import put_for
from whygrad.from_code.text.terms_of import terms_of
from whygrad.mistakes.words import listed
from whygrad.sandbox.requests import Substitute
from whygrad.sandbox.trees import is_name, names_in, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.arrays import Array
    from whygrad.from_code.observe.edited import Mending
    from whygrad.sandbox.requests import Piece


def in_one_line(mending: Mending, found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings, with what is told of whole sums in the place of those at a line of one that are not sure.

    All sums at a line of which something is found are written so: one idea of theirs is told once then.
    """
    unclear = [one for one in found if one.id is None or one.whole is None]
    sums = [(piece, lines) for piece, lines in _sums(mending) if _stand_in(piece, lines, found) and _known(lines)]
    if not any(_stand_in(piece, lines, unclear) for piece, lines in sums):
        return _of_all_lines(mending, sums, found)
    program = edited_at(mending.pieces, [part for piece, lines in sums for part in _written_in_one(piece, lines)])
    if repr(mending.answer(program).value) != repr(mending.answer(mending.pieces).value):
        return found
    told = what_else(mending, program)
    known = {one.at for one in found}
    elsewhere = [one for one in told if one.at not in known and not any(_stand_in(piece, lines[-1:], [one]) for piece, lines in sums)]
    if not told or elsewhere or not all(one.sure for one in told):
        return found
    for piece, lines in sums:
        here, (line, several) = _stand_in(piece, lines[-1:], told), _first_wrong(mending, piece, lines, told)
        if here and line is None:
            return found
        told = tuple(_told(piece, lines, one, line, several=several) if one in here and line is not None else one for one in told)
    return told


def _of_all_lines(mending: Mending, sums: Sequence[tuple[Piece, list[ast.stmt]]], found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings, those told of all lines of a sum of products at the last of these that are wrong before it."""
    for piece, lines in sums:
        here = [one for one in _stand_in(piece, lines[-1:], found) if one.sure and one.whole and _of_products(lines)]
        line, several = _first_wrong(mending, piece, lines, found) if len(here) == 1 else (None, False)
        if line is not None and line is not lines[-1]:
            found = tuple(_told(piece, lines, one, line, several=several) if one in here else one for one in found)
    return found


def _known(lines: Sequence[ast.stmt]) -> bool:
    """Whether it can be told of each line of a sum whether it is right."""
    return len({_given(line)[0] for line in lines}) == 1 or _of_products(lines)


def _of_products(lines: Sequence[ast.stmt]) -> bool:
    """Whether all that is added has a matrix product, and is a gate's term: what else there is people take apart as they like."""
    made = {_given(line)[0] for line in lines}
    terms = (term for line in lines for term in terms_of(_given(line)[1]))
    return all((isinstance(term, ast.Name) and term.id in made) or multiplies(term) for term in terms)


def _stand_in(piece: Piece, lines: Sequence[ast.stmt], found: Sequence[Finding]) -> list[Finding]:
    return [one for one in found if any(holds(piece, line, one) for line in lines)]


def _first_wrong(mending: Mending, piece: Piece, lines: Sequence[ast.stmt], told: Sequence[Finding]) -> tuple[ast.stmt | None, bool]:
    """The first line at which a sum is wrong with what is told of lines before it put right, and whether another adds what is wrong too.

    None where that cannot be done.
    """
    known = quantities(mending.function, mending.case)
    numbers = [line.lineno + piece.line - 1 for line in lines]
    before = [one for one in told if one.source != piece.source or one.line < numbers[0]]
    with mending.host.holding(mending.pieces) as runner:
        subject = subject_of(runner, mending.pieces, mending.function, mending.case, mending.own)
        made = [record for record in subject.traced()[1] if record.place.kind in HOLDS]
        right = [
            Substitute(record.place.id, record.visit, value.value)
            for one in before
            for record in made
            if (record.place.source, record.place.line, record.place.column) == (*one.at, one.column)
            for value in islice(known.named(one.quantity, 0), 1)
        ]
        made = subject.traced(tuple(right))[1] if len(right) == len(before) else []
    there = [one for one in made if one.place.kind in HOLDS and (one.place.source, one.place.line) in {(piece.source, n) for n in numbers}]
    turn, first = min(((one.visit, one.place.line) for one in there if not known.begins_a_sum(one.value)), default=(0, None))
    if first is None:
        return None, False
    arrays = {one.place.line: array for one in there if one.visit == turn and (array := array_of(one.value)) is not None}
    alone = [value for value in _added(dict(zip(numbers, lines, strict=True)), arrays) if not known.begins_a_sum(value)]
    return lines[numbers.index(first)], len(alone) > 1  # a later turn of a loop goes on with what this one made


def _added(lines: Mapping[int, ast.stmt], arrays: Mapping[int, Array]) -> Iterator[Array]:
    """What each line of a sum adds to what the lines before it made; nothing where it only adds up what these made."""
    made: dict[str, Array] = {}
    for number, array in arrays.items():
        name, given = _given(lines[number])
        terms = list(terms_of(given))
        before = [made[term.id] for term in terms if isinstance(term, ast.Name) and term.id in made]
        if len(before) < len(terms) and all(one.shape == array.shape for one in before):
            yield array - np.sum(before, axis=0) if before else array
        made[name] = array


def _told(piece: Piece, lines: Sequence[ast.stmt], one: Finding, wrong: ast.stmt, *, several: bool) -> Finding:
    """A finding at the line of a whole sum is told of the first line at which that is wrong, with all lines of the sum.

    What ``several`` of them have in the place of other values may be one idea, or a slip in each.
    """
    numbers = [line.lineno + piece.line - 1 for line in lines]
    line, column, text = place_of(piece, wrong)
    says = f"{one.says.rstrip('.')}; the sum is made in lines {listed(map(str, numbers))}"
    also = tuple((piece.source, number) for number in numbers if number != line)
    first, second, third = (hint.replace("in this line", "in these lines") for hint in one.hints)
    whole = None if several and one.id == "gate-swapped" and OTHER_VALUES in says else one.whole
    return replace(one, line=line, column=column, text=text, says=says, hints=(first, second, third), lines=also, whole=whole)


def _written_in_one(piece: Piece, lines: Sequence[ast.stmt]) -> Iterator[tuple[Piece, ast.stmt, str]]:
    """The edits that write the sum in its last line."""
    meant: dict[str, ast.expr] = {}
    for line in lines:
        name, value = _given(line)
        meant[name] = put_for(value, meant)
    yield from ((piece, line, "pass") for line in lines[:-1])
    name = _given(lines[-1])[0]
    yield piece, lines[-1], f"{name} = {ast.unparse(meant[name])}"


def _sums(mending: Mending) -> Iterator[tuple[Piece, list[ast.stmt]]]:
    """The lines of a function, or of a helper of its, that make a sum together: terms under names of their own, what goes on with it."""
    for piece, around in functions(mending.pieces, mending.function):
        for node in walk(around):
            body: list[ast.stmt] = getattr(node, "body", []) if isinstance(node, ast.stmt) else []
            made: dict[str, list[ast.stmt]] = {}
            for line in body:
                name, value = _given(line)
                lines = [*made.pop(name), line] if name in made and _reads(value, name) else [line]
                for other in [other for other in made if other in names_in(line)]:
                    if any(is_name(term, other) for term in terms_of(value)) and _read_once(around, other, made[other]):
                        lines = [*made.pop(other), *lines]
                    elif len(made[other]) > 1:
                        yield piece, made.pop(other)
                    else:
                        del made[other]
                if name:
                    made[name] = sorted(lines, key=lambda one: one.lineno)
            yield from ((piece, lines) for lines in made.values() if len(lines) > 1)


def _read_once(around: ast.FunctionDef, name: str, lines: Sequence[ast.stmt]) -> bool:
    """Whether what these lines make is read in one place behind them, and made nowhere else."""
    within = [node for line in lines for node in walk(line)]
    others = [node for node in walk(around) if is_name(node, name) and not any(node is one for one in within)]
    return len(others) == 1


def _given(line: ast.stmt) -> tuple[str, ast.expr]:
    """The name that a line gives a value, and what it computes of it."""
    match line:
        case ast.Assign([ast.Name(name)], value):
            return name, value
        case ast.AugAssign(ast.Name(name), ast.Add() | ast.Sub() as sign, value):
            return name, ast.BinOp(ast.Name(name, ast.Load()), sign, value)
        case _:
            return "", ast.Constant(None)


def _reads(value: ast.expr, name: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == name for node in walk(value))
