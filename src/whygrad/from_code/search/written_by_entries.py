"""Arrays that loops fill number by number: what is wrong is told at a line that writes the array which is wrong.

The search sees an array when it is whole, far behind the line that puts a wrong number into it, and where other lines write into others.
"""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from whygrad.from_code.observe import observed
from whygrad.from_code.observe.arrays import EXACT, array_of, same
from whygrad.from_code.observe.edited import edited_at
from whygrad.from_code.search.one_edit import holds, lines_of, mends_all, small, told_of
from whygrad.from_code.search.reaches import arrays_of, with_another_value
from whygrad.from_code.text.name_edits import names_of_the_line, other_names
from whygrad.from_code.text.sibling_edits import sibling_edits
from whygrad.from_code.text.small_edits import Edit
from whygrad.sandbox.trees import names_in, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.edited import Mending
    from whygrad.from_code.search.one_edit import Line
    from whygrad.sandbox.requests import Piece

_MOST = 250
"""Edited programs that are run for one array, or for what all of them are made of."""
_FEW = 3
"""Wrong arrays that are each looked at by itself."""


class _Made(NamedTuple):
    """An edit of a line, and what is told of it."""

    piece: Piece
    edit: Edit
    finding: Finding


def written_by_entries(tried: Sequence[Mending], found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings; where one of them is not sure, the lines that write what is wrong, if an edit of each of them makes all right."""
    mending = tried[0]
    told_at = _told(mending, found)
    if elsewhere := _stored_elsewhere(tried, [line for line, _ in told_at], _made_for_nothing(told_at)):
        return elsewhere
    if all(one.sure and not _turns_nothing(one) for one in found) or any(one.within != one.function for one in found):
        return found
    lines = [one for one in lines_of(mending.pieces, mending.function) if one[1].name == mending.function]
    wrong = _wrong(mending, lines)
    if 1 < len(wrong) <= _FEW:
        into_them = [one for name in wrong for one in _writers(lines, name)]
        if elsewhere := _stored_elsewhere(tried, into_them, wrong):
            return elsewhere
    writers = {name: _writers(lines, name) for name in wrong or _added_up(lines, found)}
    if not writers or not all(writers.values()):
        return found
    several = len(wrong) > 1
    looked_at = _makers(lines, list(writers.values())) if several else [one for some in writers.values() for one in some]
    told = _all_right(tried, looked_at)
    if not told and several and len(wrong) <= _FEW:
        told = _each(tried, writers, found)
    if not told and several and all(one.id is None for one in found):
        told = _on_which_just_these_depend(mending, looked_at)
    named = {one.at for one in found if one.sure}
    return told if told and (several or named.isdisjoint(one.at for one in told)) else found


def _told(mending: Mending, found: Sequence[Finding]) -> list[tuple[Line, Finding]]:
    """The lines told, each with what is told of it."""
    lines = lines_of(mending.pieces, mending.function)
    return [(line, one) for line in lines for one in found if holds(line[0], line[2], one)]


def _made_for_nothing(told: Sequence[tuple[Line, Finding]]) -> list[str]:
    """The names of the arrays that are told to get nothing."""
    made = (line.targets[0] for (*_, line), one in told if one.id == "left-at-zero" and isinstance(line, ast.Assign))
    return [target.id for target in made if isinstance(target, ast.Name)]


def _stored_elsewhere(tried: Sequence[Mending], lines: Sequence[Line], names: Sequence[str]) -> tuple[Finding, ...]:
    """The one of these lines that writes into another array than into one of these names, if with that name all is right."""
    for piece, around, line in lines if names else ():
        match line:
            case ast.Assign([ast.Subscript(ast.Name() as target)]) | ast.AugAssign(ast.Subscript(ast.Name() as target)):
                for name in (one for one in names if one != target.id):
                    edit = Edit(target, name, "name-replaced", f"what belongs into {name} is stored in {target.id} here")
                    if all(mends_all(other, piece, edit) for other in tried):
                        return (told_of(tried[0].function, around, piece, edit),)
            case _:
                pass
    return ()


def _turns_nothing(one: Finding) -> bool:
    """Whether rows and columns are said to be exchanged in a line that exchanges none: an index may do it, where the matrix is read."""
    return one.id == "transpose-wrong" and not re.search(r"\.T\b|transpose|swapaxes|einsum|@|dot", one.text)


def _wrong(mending: Mending, lines: Sequence[Line]) -> list[str]:
    """The names of the arrays that are handed back wrong in a dictionary that the function writes out."""
    reply = mending.answer(mending.pieces)
    results = _right(mending, mending.pieces) if reply.status == "returned" else {}
    for *_, line in lines:
        match line:
            case ast.Return(ast.Dict(keys, values)):
                named = [(key.value, value) for key, value in zip(keys, values, strict=True) if isinstance(key, ast.Constant)]
                return [value.id for key, value in named if isinstance(value, ast.Name) and results.get(str(key)) is False]
            case _:
                pass
    return []


def _right(mending: Mending, program: Sequence[Piece]) -> dict[str, bool]:
    """By result whether it is right."""
    reply, right = mending.answer(program), mending.right
    found = observed.in_result(mending.function, reply.value) if reply.status == "returned" else {}
    return {name: name in found and array_of(found[name]) is not None and same(found[name], right[name], EXACT) for name in right}


def _added_up(lines: Sequence[Line], found: Sequence[Finding]) -> set[str]:
    """The names that a line told reads and that other lines in a loop add to."""
    at = [line for piece, _, line in lines for one in found if holds(piece, line, one) and isinstance(line, ast.Assign)]
    read = {name for line in at for name in names_in(line.value)}
    return {line.target.id for *_, line in lines if isinstance(line, ast.AugAssign) and isinstance(line.target, ast.Name)} & read


def _writers(lines: Sequence[Line], name: str) -> list[Line]:
    """The lines that add to a name, or put a number at a place of an array that is computed."""
    found: list[Line] = []
    for one in lines:
        match one[2]:
            case ast.AugAssign(ast.Subscript(ast.Name(target), index)) | ast.Assign([ast.Subscript(ast.Name(target), index)]) if (
                target == name and names_in(index)
            ):
                found.append(one)
            case ast.AugAssign(ast.Name(target)) if target == name:
                found.append(one)
            case _:
                pass
    return found


def _makers(lines: Sequence[Line], groups: Sequence[Sequence[Line]]) -> list[Line]:
    """The lines that give a value to a name which the writers of all these arrays read."""
    shared = set[str].intersection(*({name for *_, line in some for name in names_in(line)} for some in groups))
    return [one for one in lines if isinstance(one[2], ast.Assign) and not shared.isdisjoint(_stored(one[2]))]


def _stored(line: ast.Assign) -> set[str]:
    return {target.id for target in line.targets if isinstance(target, ast.Name)}


def _edits(mending: Mending, lines: Sequence[Line]) -> Iterator[_Made]:
    """The edits of these lines: as in lines like them, a small one, another name."""
    kinds = sibling_edits, _counted, small, _slopes, names_of_the_line, _named
    made = ((*one, edit) for kind in kinds for one in lines for edit in kind(one[2], one[1]))
    yield from (_Made(piece, edit, told_of(mending.function, around, piece, edit)) for piece, around, _, edit in islice(made, _MOST))


def _named(line: ast.stmt, function: ast.FunctionDef) -> Iterator[Edit]:
    return other_names((), line, function)


def _counted(line: ast.stmt, function: ast.FunctionDef) -> Iterator[Edit]:
    """An index that is made anew at every turn of a loop and reads nothing that counts the turns: with that added."""
    loops = (node for node in walk(function) if isinstance(node, ast.For) and any(inner is line for inner in node.body))
    match line:
        case ast.Assign([target], ast.Name() | ast.Constant() as value):
            says, text = f"{ast.unparse(target)} is the same at every turn of the loop", ast.unparse(value)
            counters = (loop.target.id for loop in loops if isinstance(loop.target, ast.Name))
            yield from (Edit(value, f"{text} + {name}", "slice-wrong", says) for name in counters if name != text)
        case _:
            pass


def _slopes(line: ast.stmt, _: ast.FunctionDef) -> Iterator[Edit]:
    """A product with one factor more, out of another one of its own: as an activation's slope has it."""
    match line:
        case ast.Assign(_, ast.BinOp() as value):
            text = ast.unparse(value)
            says = f"{text} stands here without a factor that belongs to it"
            forms = (form.format(ast.unparse(own)) for own in _factors(value) for form in ("1 - {0}", "1 - {0} * {0}", "{0}"))
            yield from (Edit(value, f"{text} * ({form})", "factor-dropped", says) for form in forms)
        case _:
            pass


def _factors(node: ast.expr) -> list[ast.expr]:
    match node:
        case ast.BinOp(left, ast.Mult(), right):
            return [*_factors(left), *_factors(right)]
        case ast.Name() | ast.Subscript():
            return [node]
        case _:
            return []


def _on_which_just_these_depend(mending: Mending, lines: Sequence[Line]) -> tuple[Finding, ...]:
    """What is told of the last of these lines of which all that is wrong comes, and nothing else."""
    wrong = {name for name, right in _right(mending, mending.pieces).items() if not right}
    before = arrays_of(mending, mending.answer(mending.pieces))
    for piece, around, line in reversed(lines):
        if not isinstance(line, ast.Assign):
            continue
        after = with_another_value(mending, piece, line.value)
        if after is not None and {name for name in before if not np.array_equal(before[name], after.get(name, ()))} == wrong:
            says = f"{ast.unparse(line.targets[0])} comes out wrong here"
            at = told_of(mending.function, around, piece, Edit(line, "", "", says))
            return (replace(at, id=None, proof="located", whole=None),)
    return ()


def _all_right(tried: Sequence[Mending], lines: Sequence[Line]) -> tuple[Finding, ...]:
    """The one of these lines of which an edit mends all."""
    mends: dict[tuple[str, int], Finding] = {}
    for made in _edits(tried[0], lines):
        if made.finding.at not in mends and all(mends_all(other, made.piece, made.edit) for other in tried):
            mends[made.finding.at] = made.finding
            if len(mends) > 1:
                return ()
    return tuple(mends.values())


def _each(tried: Sequence[Mending], writers: dict[str, list[Line]], found: Sequence[Finding]) -> tuple[Finding, ...]:
    """One line for each array: told already, and sure, or of which an edit makes more right; if that is all with these edits together."""
    mending = tried[0]
    before = mending.number_right(mending.answer(mending.pieces))[0]
    chosen: list[_Made] = []
    known: list[Finding] = []
    for lines in writers.values():
        told = [one for one in found if one.sure and any(holds(piece, line, one) for piece, _, line in lines)]
        known += told
        by_line = {} if told else {one.finding.at: one for one in _edits(mending, lines) if _more_right(mending, one, before)}
        if len(by_line) + len(told) != 1:
            return ()
        chosen += by_line.values()
    program = edited_at(mending.pieces, [(one.piece, one.edit.node, one.edit.text) for one in chosen])
    right = [other.number_right(other.answer(program)) for other in tried]
    whole = all(number == of - len(known) for number, of in right)
    return tuple(sorted((*known, *(one.finding for one in chosen)), key=lambda one: one.line)) if whole else ()


def _more_right(mending: Mending, one: _Made, before: int) -> bool:
    return mending.number_right(mending.ran(one.piece, one.edit.node, one.edit.text))[0] > before
