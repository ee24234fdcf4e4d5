"""A function that goes through a helper's line which another function has shown to be wrong: what is wrong in it with that line mended.

A right value put at the line may differ from call to call, and make up for what the function itself does wrong. An edit of the line's text
with which the other function is right cannot.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from itertools import chain, islice
from typing import TYPE_CHECKING

from whygrad.from_code.observe.edited import edited
from whygrad.from_code.observe.experiment import last_name
from whygrad.from_code.search.one_edit import holds, kinds_of, lines_of, mends_all, told_of
from whygrad.from_code.search.searches import as_searched
from whygrad.from_code.search.what_else import what_else
from whygrad.from_code.text.called_by import functions
from whygrad.from_code.text.kept_edits import without_its_square
from whygrad.from_code.text.small_edits import SIGMOID, TANH, Edit, head
from whygrad.sandbox.trees import names_in, parameters, stored_in, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.edited import Mending
    from whygrad.from_code.search.one_edit import Line
    from whygrad.from_code.verdict.isolate import Examination
    from whygrad.sandbox.requests import Piece

_MOST = 200
"""Edits of one line."""
_MOST_BESIDE = 800
"""Edits of a line that is told beside it: among them each name of the program in the place of each other one."""
_SLOPES = ("{0} * (1 - {0})", "1 - {0} ** 2")
_MOST_SEARCHED = 6
"""Of these edits those with which the search goes on."""


def behind_a_helper(examination: Examination, mending: Mending) -> tuple[Finding, ...]:
    """The finding at the first line proved through others of which such an edit is known, and what is left beside it."""
    for one in examination.helpers.proved(mending.function):
        if one.raises:  # which line raises is another one in each function
            continue
        other = as_searched(examination, one.function)
        program = None if other is None else mended_by_text(one, other)
        if other is None or program is None:
            continue
        here = replace(one, function=mending.function, proof="proved", whole=True)
        alike = islice(_mended_programs(one, other, _MOST, one.id), _MOST_SEARCHED)
        if any(mending.all_right(mending.answer(again)) for again in chain([program], alike)):
            return (here,)
        left = what_else(mending, program)
        if left and all(more.id is not None and more.at != one.at for more in left):
            return (here, *left)
    return ()


def beside_a_helper(mending: Mending, found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Where more is wrong than a helper's line, and not all known: the line, and what is found with an edit of it.

    There is none where one edit of the line makes all right. What was found with a change that fits most visits of the line is told only
    where an edit of the text of either line makes all right; else nothing is known beside the helper's.
    """
    elsewhere = (one for one in found if one.within != mending.function and not one.raises)
    helpers = [one for one in elsewhere if not _hands_on_its_own(mending, last_name(one.within))]
    if not helpers:
        return found
    first, known = helpers[0], all(one.sure and one.whole for one in found)
    if len(found) > 1:
        alone = next((one for one in helpers if one.id is not None and mended_by_text(one, mending) is not None), None)
        if alone is not None:
            return (replace(alone, proof="proved", whole=True),)
        return found if known else _beside_one(mending, helpers) or _without_the_doubtful(mending, found)
    if not known:
        return _beside_one(mending, helpers) or found
    if first.id == "updated-in-place" or mended_by_text(first, mending) is not None:  # a copy of what is handed in makes up for nothing
        return found
    doubted = replace(first, proof="located", whole=False)
    return _beside_one(mending, [doubted]) or ((doubted,) if _calls_what_it_is_handed(mending, first) else found)


def _hands_on_its_own(mending: Mending, helper: str) -> bool:
    """Whether a helper is called at one place, and given each thing under its own name for it: its lines are as good as the caller's."""
    known = functions(mending.pieces, mending.function)
    made = (node for _, around in known for node in walk(around) if isinstance(node, ast.Call))
    calls = [call for call in made if last_name(ast.unparse(call.func)) == helper]
    if len(calls) != 1 or calls[0].keywords:
        return False
    handed, method = [ast.unparse(one) for one in calls[0].args], isinstance(calls[0].func, ast.Attribute)
    takes = [parameters(around.args)[method:] for _, around in known if around.name == helper]
    return any(own[: len(handed)] == handed for own in takes)


def _beside_one(mending: Mending, helpers: Sequence[Finding]) -> tuple[Finding, ...]:
    """One of these lines of helpers, and what is found with an edit of it, where that is sure."""
    before = mending.number_right(mending.answer(mending.pieces))[0]
    for one in helpers:
        for piece, around, edit in _better(one, mending, before):
            program = edited(mending.pieces, piece, edit.node, edit.text).pieces
            left = what_else(mending, program)
            told = one if one.id is not None or not edit.says else told_of(mending.function, around, piece, edit)
            if told.id is None or not left or any(not more.sure or more.at == one.at for more in left):
                continue
            several = bool(left[1:]) and all(more.whole for more in left)
            if several or mended_by_text(left[0], mending._replace(pieces=program), _MOST_BESIDE) is not None:
                return tuple(sorted((replace(one, proof="proved", whole=True) for one in (told, *left)), key=lambda one: one.at))
    return ()


def _without_the_doubtful(mending: Mending, found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings, without those in the function itself that may be none: then it is not known how many there are."""
    kept = tuple(one for one in found if one.whole is not None or one.within != mending.function)
    return found if len(kept) == len(found) else tuple(replace(one, proof="located", whole=None) for one in kept)


def _calls_what_it_is_handed(mending: Mending, one: Finding) -> bool:
    """Whether a helper's line calls a function that the helper is handed: of that it was not seen whether it is right."""
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in parameters(around.args)
        for _, around, line in _lines(one, mending)
        for node in walk(line)
    )


def _better(one: Finding, mending: Mending, before: int) -> list[tuple[Piece, ast.FunctionDef, Edit]]:
    """The edits of a helper's line by which most is right, and more than was, or which undo what is told of it."""
    tried = [
        (mending.number_right(mending.ran(piece, edit.node, edit.text))[0], piece, around, edit)
        for piece, around, line in _lines(one, mending)
        for edit in edits_of(mending, line, around)
    ]
    most = max((right for right, *_ in tried), default=0)
    best = [(piece, around, edit) for right, piece, around, edit in tried if right == most >= before]
    return [way for way in best if most > before or way[2].id == one.id][:_MOST_SEARCHED]


def at_work_elsewhere(others: Sequence[Mending], mending: Mending, found: tuple[Finding, ...]) -> frozenset[str]:
    """The helper at which the function's only mistake is told, if with such an edit less is right in another function than was.

    One of the ``others`` may be wrong too, but not in all that it asks the helper for: there the helper does its work.
    """
    if not others or len(found) != 1 or found[0].within == mending.function or found[0].raises:
        return frozenset()
    helper = last_name(found[0].within)
    callers = [one for one in others if any(node.name == helper for _, node in functions(one.pieces, one.function))]
    right_before = ((one, one.number_right(one.answer(one.pieces))[0]) for one in callers)
    before = [(one, right) for one, right in right_before if right and _runs(one, mending, found[0])]
    program = mended_by_text(found[0], mending) if before else None
    if program is not None and any(one.number_right(one.answer(program))[0] < right for one, right in before):
        return frozenset({helper})
    return frozenset()


def _runs(caller: Mending, other: Mending, one: Finding) -> bool:
    """Whether a function comes to a helper's line that is told of another one: it does not end as before where that raises."""
    return any(caller.ran(piece, line, "[][0]").status != "returned" for piece, _, line in _lines(one, other))


def _lines(one: Finding, other: Mending) -> list[Line]:
    """The helper's line that is told of a function, and what it stands below."""
    lines = lines_of(other.pieces, other.function)
    return [(piece, around, line) for piece, around, line in lines if around.name == last_name(one.within) and holds(piece, line, one)]


def mended_by_text(one: Finding, other: Mending, most: int = _MOST) -> tuple[Piece, ...] | None:
    """The program with the first edit of a line that makes the function right of which the line is told."""
    return next(_mended_programs(one, other, most), None)


def _mended_programs(one: Finding, other: Mending, most: int, kind: str | None = None) -> Iterator[tuple[Piece, ...]]:
    """The program with each edit that does so, if not all then those of a kind, and those of the kind that is told first."""
    for piece, around, line in _lines(one, other):
        for edit in sorted(edits_of(other, line, around, most), key=lambda edit: edit.id != one.id):
            if kind in {None, edit.id} and mends_all(other, piece, edit):
                yield edited(other.pieces, piece, edit.node, edit.text).pieces


def edits_of(mending: Mending, line: ast.stmt, around: ast.FunctionDef, most: int = _MOST) -> Iterator[Edit]:
    """The edits of a line that are tried."""
    usual = (edit for kind in kinds_of(mending) for edit in kind(line, around))
    return islice(chain(_formulas(line), _handed(line), _left_out(line, around), usual), most)


def _formulas(line: ast.stmt) -> Iterator[Edit]:
    """What a formula may have too much or too little: a call, a side, a square, a factor that makes it the slope of an activation."""
    for node in (node for part in head(line) for node in walk(part)):
        match node:
            case ast.Call(ast.Attribute(numpy, "mean") as called):
                yield Edit(called, f"{ast.unparse(numpy)}.sum", "", "")
            case ast.Call(ast.Attribute(numpy, "tanh"), [given], []):
                yield Edit(node, f"(1 / (1 + {ast.unparse(numpy)}.exp(-({ast.unparse(given)}))))", "activation-wrong", "")
                yield Edit(node, f"({ast.unparse(given)})", "", "")
            case ast.Call(ast.Attribute(_, "exp"), [given], []):
                yield Edit(given, f"-({ast.unparse(given)})", "sign-flipped", "")
            case ast.Call(_, [given], []):
                forms = "{0}", "np.tanh({0})", "1 / (1 + np.exp(-{0}))", *_SLOPES
                yield from (Edit(node, f"({form.format(f'({ast.unparse(given)})')})", "", "") for form in forms)
            case ast.BinOp(left, sign, right):
                yield from without_its_square(node)
                if isinstance(left, ast.BinOp):
                    inner = ast.BinOp(left.right, sign, right)
                    yield Edit(node, f"({ast.unparse(ast.BinOp(left.left, left.op, inner))})", "bracket-moved", "")
                yield from (Edit(node, f"({ast.unparse(side)})", "", "") for side in (left, right))
            case ast.Name(name, ast.Load()):
                yield from (Edit(node, f"({form.format(name)})", "", "") for form in ("{0} ** 2", "1 - {0}", *_SLOPES))
            case _:
                pass


def _handed(line: ast.stmt) -> Iterator[Edit]:
    """An activation in the place of each thing that a function is handed: that may be what it calls."""
    for node in (node for part in head(line) for node in walk(part)):
        match node:
            case ast.Call(ast.Name(), [_, _, *_] as handed):
                given = (one for one in handed if isinstance(one, ast.Name | ast.Attribute))
                yield from (Edit(one, text, "activation-wrong", "") for one in given for text in (TANH, SIGMOID))
            case _:
                pass


def _left_out(line: ast.stmt, around: ast.FunctionDef) -> Iterator[Edit]:
    """What a product, a call or a sum may lack of what a function is handed: a term or what to call if it never reads it, or a factor.

    So it may lack what the function gives a name that it never reads.
    """
    read, here = {node.id for node in walk(around) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}, names_in(line)
    given = [name for name in stored_in(around) if name not in read]
    for name in (name for name in (*parameters(around.args), *given) if name not in here):
        for node in (node for part in head(line) for node in walk(part) if isinstance(node, ast.Call | ast.BinOp)):
            text = ast.unparse(node)
            yield Edit(node, f"(({text}) * {name})", "factor-dropped", "")
            if name not in read:
                yield Edit(node, f"({text} + {name})", "term-dropped", "")
                yield Edit(node, f"{name}({text})", "", "")
                if isinstance(node, ast.Call):
                    yield Edit(node.func, name, "", "")
