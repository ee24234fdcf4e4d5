"""A loop over the gates, or a helper, serves each of them with what was made for it before: of several findings there each may be right.

So the loop is written out, one gate after another, or the helper's one line where it is called, and what is found elsewhere is told, if it
is less, or surer, and explains all.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whygrad.from_code.observe.edited import edited_at
from whygrad.from_code.observe.experiment import last_name
from whygrad.from_code.search.in_one_line import in_one_line
from whygrad.from_code.search.one_edit import holds, lines_of
from whygrad.from_code.search.told_together import told_together
from whygrad.from_code.search.what_else import what_else
from whygrad.from_code.text.called_by import functions
from whygrad.from_code.text.put_for import put_for
from whygrad.sandbox.trees import parameters, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TypeAlias

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.edited import Mending
    from whygrad.sandbox.requests import Piece

    _Part: TypeAlias = tuple[Piece, ast.expr | ast.stmt, str]


def written_out(mending: Mending, found: tuple[Finding, ...], works: frozenset[str] = frozenset()) -> tuple[Finding, ...]:
    """What is told with the loops, or the helpers, written out in which findings stand; these where that is neither less nor surer.

    Helpers that ``works`` names, for functions that are right go through them, are not to blame, nor those that treat all they give alike
    where some of it is right.
    """
    works = works | {helper.name for _, helper in functions(mending.pieces, mending.function) if _treats_all_alike(helper, found)}
    asked = "cell" in mending.function and (len(found) > 1 or bool(_blamed(found, works)))
    for parts in (list(_loops(mending, found)), list(_calls(mending, found, works))) if asked else ():
        program = edited_at(mending.pieces, parts)
        if not parts or repr(mending.answer(program).value) != repr(mending.answer(mending.pieces).value):
            continue
        told = in_one_line(mending._replace(pieces=program), what_else(mending, program))
        outside = told and not any(holds(piece, part, one) for one in told for piece, part, _ in parts)
        if outside and all(one.sure for one in told) and _mistakes(told, works) < _mistakes(found, works):
            return told
    return found


def _mistakes(found: tuple[Finding, ...], works: frozenset[str]) -> tuple[int, int, int]:
    """How many are told of helpers that do their work, how many there are, and of how many lines it is not sure."""
    return len(_blamed(found, works)), len(told_together(found)), sum(not one.sure for one in found)


def _blamed(found: Sequence[Finding], works: frozenset[str]) -> list[Finding]:
    return [one for one in found if last_name(one.within) in works]


def _treats_all_alike(helper: ast.FunctionDef, found: Sequence[Finding]) -> bool:
    """Whether a helper hands out several things that it makes in the same way, and with one of them put right all is: the others are."""
    match helper.body[-1], found:
        case ast.Return(ast.Tuple([first, *others])), [one] if others and one.whole and last_name(one.within) == helper.name:
            alone = one.text in {ast.unparse(entry) for entry in (first, *others)} and not one.shared
            return alone and all(list(map(type, walk(other))) == list(map(type, walk(first))) for other in others)
        case _:
            return False


def _loops(mending: Mending, found: Sequence[Finding]) -> Iterator[_Part]:
    for piece, _, loop in lines_of(mending.pieces, mending.function):
        if isinstance(loop, ast.For) and sum(holds(piece, loop, one) for one in found) > 1 and (text := _written_out(loop)):
            yield piece, loop, text


def _calls(mending: Mending, found: Sequence[Finding], works: frozenset[str]) -> Iterator[_Part]:
    """The calls of helpers of one line at which something was found, though they do their work, or at a call of which alone."""
    around = functions(mending.pieces, mending.function)
    for piece, helper in around:
        match helper.body[-1], len(helper.body) - (ast.get_docstring(helper) is not None):
            case ast.Return(ast.expr() as value), 1:
                names = parameters(helper.args)
            case _:
                continue
        calls = [
            (other, node)
            for other, caller in around
            for node in walk(caller)
            if isinstance(node, ast.Call) and ast.unparse(node.func) == helper.name and len(node.args) == len(names) and not node.keywords
        ]
        if helper.name not in works and any(last_name(one.within) == helper.name for one in found):
            continue
        if any(holds(where, part, one) for one in found for where, part in ((piece, helper), *calls)):
            meant = ((other, node, dict(zip(names, node.args, strict=True))) for other, node in calls)
            yield from ((other, node, f"({ast.unparse(put_for(value, given))})") for other, node, given in meant)


def _written_out(loop: ast.For) -> str:
    """The loop in one line, turn by turn; nothing where it goes over more than what stands there, or holds more than plain lines."""
    if loop.orelse or not all(isinstance(line, ast.Assign | ast.AugAssign | ast.Expr) for line in loop.body):
        return ""
    turns = [_meant(loop.target, entry) for entry in _entries(loop.iter)]
    return "; ".join(ast.unparse(put_for(line, turn)) for turn in turns for line in loop.body) if all(turns) else ""


def _entries(over: ast.expr) -> list[ast.expr]:
    """What a loop goes over, where that is written out."""
    match over:
        case ast.Constant(str(letters)):
            return [ast.Constant(letter) for letter in letters]
        case ast.Tuple(entries) | ast.List(entries):
            return entries
        case _:
            return []


def _meant(target: ast.expr, entry: ast.expr) -> dict[str, ast.expr]:
    """What each name in a loop's head is for one entry; nothing where that does not stand there."""
    match target, entry:
        case ast.Name(name), _:
            return {name: entry}
        case ast.Tuple(targets), ast.Tuple(parts) | ast.List(parts) if len(targets) == len(parts):
            each = [_meant(one, part) for one, part in zip(targets, parts, strict=True)]
            return {name: part for one in each for name, part in one.items()} if all(each) else {}
        case _:
            return {}
