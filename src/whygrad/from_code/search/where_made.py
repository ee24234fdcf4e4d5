"""Where lines are told that only use what is wrong: the one that writes it out, or that they stand below, if an edit of it mends all.

A table of functions, pairs that a loop goes over, a list of keys, the head of a loop or of a condition. Of one finding only a line that
many go through takes the place: a table, or the condition it stands under. Several findings give way to any one such line.
"""

from __future__ import annotations

import ast
from itertools import combinations, islice
from typing import TYPE_CHECKING, NamedTuple

from whygrad.from_code.observe.edited import edited, edited_at
from whygrad.from_code.observe.experiment import last_name
from whygrad.from_code.search.one_edit import holds, keys_of, lacks_a_key, lines_of, may_be_wrong, mends_all, told_of
from whygrad.from_code.search.what_else import what_else
from whygrad.from_code.text.rarer_edits import rarer_edits
from whygrad.from_code.text.row_edits import row_edits, whole_lists, yielded_twice
from whygrad.from_code.text.small_edits import Edit, edits, with_exchanged
from whygrad.from_code.text.table_edits import rows_of_texts, table_edits
from whygrad.from_code.words import rather_called
from whygrad.sandbox.trees import names_in, parsed, stored_in

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.edited import Mending
    from whygrad.from_code.search.one_edit import Line
    from whygrad.sandbox.requests import Piece

_MOST, _MOST_SEARCHED = 400, 3
"""Edited programs that are run for one function, and in which the search goes on."""
_UNTOUCHED = frozenset(("left-at-zero", "returned-wrong"))
"""What is wrong where a loop does not come to something, which is told at no line of the loop."""
_OF_STEPS = _UNTOUCHED | {
    "cache-of-wrong-step", "input-gradient-stored-wrong", "input-of-wrong-step", "loop-wrong", "output-slot-as-state",
    "output-stored-wrong", "raises", "slice-wrong", "upstream-wrong-step",
}  # fmt: skip
"""What may come of a loop that goes over other steps, or over them in another order."""
_ANOTHERS = frozenset(("names-exchanged", "name-replaced"))
"""What is told of a line that has what belongs to another gate."""
_TABLES = frozenset(("dict", "zip", "list", "tuple", "enumerate", "namedtuple"))
_DEEP = 2
"""Lines that a table goes through, from where it is written out to where it is used."""


class _Maker(NamedTuple):
    """A line that others use, with the function in which it stands, or itself where it stands in none.

    Where it uses ``lists`` that others write out, only what it takes of them is in question; of a table with the gates' ``letters``, which
    the lines told may go through, that two of these stand under each other's names. A condition in a helper that lines told call
    ``asks`` for a text.
    """

    piece: Piece
    around: ast.FunctionDef
    line: ast.stmt
    lists: frozenset[str] = frozenset()
    letters: bool = False
    asks: bool = False


def where_made(tried: Sequence[Mending], found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The finding at such a line in the place of these; these where there is none, or more than one.

    The edited function has to be right in all cases in which it is ``tried``.
    """
    mending, *others = tried
    function, told = mending.function, {one.at for one in found}
    makers = list(_makers(mending.pieces, function, found))
    mends: list[Finding] = []
    partly: list[tuple[int, _Maker, Edit]] = []
    before = mending.number_right(mending.answer(mending.pieces))[0] if makers and len(found) > 1 else 0
    for maker, edit in islice(_edits(mending.pieces, makers, keys_of(mending)), _MOST):
        answer = mending.ran(maker.piece, edit.node, edit.text)
        if mending.all_right(answer):
            if all(mends_all(other, maker.piece, edit) for other in others) and not _passes_by(mending, maker, edit, found):
                mends.append(told_of(function, maker.around, maker.piece, edit))
        elif len(found) > 1 and mending.own is None and (now := mending.number_right(answer)[0]) > before:
            partly.append((now, maker, edit))
    lines = {one.at: one for one in reversed(mends)}
    here = [lines[at] for at in lines if at in told]
    if mends:
        return tuple(here) if len(here) == 1 else tuple(lines.values()) if len(lines) == 1 else found
    return _beside(mending, found, sorted(partly, key=lambda one: -one[0])[:_MOST_SEARCHED]) or found


def _passes_by(mending: Mending, maker: _Maker, edit: Edit, found: Sequence[Finding]) -> bool:
    """Whether with an edit of a condition the one line told, which is known to be wrong, is never run: any that never holds would do.

    A line that leaves the function or the loop is itself no more than what the condition says, and one that only adds no carry is right at
    the turn at which there is none.
    """
    known = len(found) == 1 and found[0].sure and found[0].id != "carry-missing"
    branches = (*maker.line.body, *maker.line.orelse) if isinstance(maker.line, ast.If) and known else ()
    at = [line for line in branches if holds(maker.piece, line, found[0])]
    if not at or isinstance(at[0], ast.Return | ast.Break | ast.Continue):
        return False
    broken = edited_at(mending.pieces, ((maker.piece, edit.node, edit.text), (maker.piece, at[0], "[][0]")))
    return mending.all_right(mending.answer(broken))


def _beside(mending: Mending, found: Sequence[Finding], partly: Sequence[tuple[int, _Maker, Edit]]) -> tuple[Finding, ...]:
    """The line of which an edit leaves several of the findings without an object, or one that goes through it, with those that are left."""
    told, function = {one.at for one in found}, mending.function
    for _, maker, edit in partly:
        left = what_else(mending, edited(mending.pieces, maker.piece, edit.node, edit.text).pieces)
        known = all(one.at in told and one.sure for one in left)
        lost = [one for one in found if one.at not in {other.at for other in left}]
        if left and known and (len(lost) > 1 or any(other.line is maker.line for other in _makers(mending.pieces, function, lost))):
            return tuple(sorted((*left, told_of(function, maker.around, maker.piece, edit)), key=lambda one: one.line))
    return ()


def _edits(pieces: Sequence[Piece], makers: Sequence[_Maker], keys: Sequence[str]) -> Iterator[tuple[_Maker, Edit]]:
    """The edits of each line."""
    rows = rows_of_texts(pieces) if makers else []
    for maker in makers:
        line = maker.line
        asked = (
            {id(part) for node in _texts_asked_for(line) for part in (node.left, *node.comparators)}
            if isinstance(line, ast.If)
            else set[int]()
        )
        yield from (
            (maker, edit)
            for edit in _edits_of(maker, keys, rows)
            if may_be_wrong(pieces, maker.around, line, edit) or (maker.asks and id(edit.node) in asked)
        )


def _edits_of(maker: _Maker, keys: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[Edit]:
    line, around = maker.line, maker.around
    if maker.letters:
        yield from _under_their_names(line)
    elif maker.lists:
        yield from whole_lists(line, maker.lists)
    elif isinstance(line, ast.Expr):
        yield from yielded_twice(line, around, keys)
    else:
        yield from (*edits(line), *table_edits(line, keys, rows), *rarer_edits(line, around), *row_edits(line, around, keys))


def _under_their_names(line: ast.stmt) -> Iterator[Edit]:
    """Two texts of a table in each other's place, if they are then more like the names under which they stand."""
    match line:
        case ast.Assign(_, ast.Dict(keys, values) as table):
            named = [(key.value, one) for key, one in zip(keys, values, strict=True) if isinstance(key, ast.Constant)]
        case _:
            return
    texts = [(name, one, one.value) for name, one in named if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    for (name, one, text), (another, other, its) in combinations(texts, 2):
        if rather_called((str(name), str(another)), (its, text), (text, its)):
            says = f"what stands under {name!r} and {another!r} is exchanged"
            yield Edit(table, with_exchanged(table, one, other, "value"), "names-exchanged", says)


def _makers(pieces: Sequence[Piece], function: str, found: Sequence[Finding]) -> Iterator[_Maker]:
    told = {one.at for one in found}
    lines = lines_of(pieces, function)
    at = [one for one in lines if (one[0].source, one[2].lineno + one[0].line - 1) in told and not isinstance(one[2], ast.For | ast.If)]
    if not at or (any(one.id is None for one in found) and not lacks_a_key(found)):
        return
    several, untouched = len(found) > 1, any(one.id in _UNTOUCHED for one in found)
    steps = several and any(one.id in _OF_STEPS for one in found)
    carried = {id(one[1]) for one in at} if any(one.id == "carry-missing" for one in found) else set[int]()
    names = {name for _, _, line in at for name in (_read(line) if several else _gone_through(line))}
    loops = [line for _, _, line in lines if isinstance(line, ast.For) and isinstance(_table_of(line.iter), ast.Name)]
    for loop in loops if untouched else [loop for loop in loops if any(inner is one[2] for one in at for inner in ast.walk(loop))]:
        names |= names_in(loop.iter)
    for piece, around, line in lines:
        after = [one[2] for one in at if one[1] is around and one[2].lineno > line.lineno]
        below = [one for one in after if any(inner is one for inner in ast.walk(line))]
        match line:
            case ast.If() if (asks := several and around.name in names and bool(_texts_asked_for(line))) or below or id(around) in carried:
                yield _Maker(piece, around, line, asks=asks)
            case ast.Match(_, cases) if several and any(map(names.intersection, map(_taken, cases))):
                yield _Maker(piece, around, line)
            case ast.For(_, over) | ast.While(over) if (below and (steps or _is_table(over))) or (untouched and _is_table(over)):
                yield _Maker(piece, around, line)
            case ast.Assign(targets, value) if after and _gives(targets, names) and _is_table(value):
                yield _Maker(piece, around, line)
            case ast.Assign(targets, ast.IfExp()) if after and _gives(targets, {name for one in after for name in _read(one)}):
                yield _Maker(piece, around, line)
            case _:
                pass
    stated = [(piece, line) for piece in pieces for line in parsed(piece.text).body if isinstance(line, ast.Assign)]
    names = _with_parts(names, [line for line in (*(one[2] for one in lines), *(one[1] for one in stated)) if isinstance(line, ast.Assign)])
    returned = (one for one in lines if isinstance(one[2], ast.Return) and one[1].name in names and _is_table(one[2].value))
    yield from (_Maker(*one) for one in returned)
    tables = ((piece, line) for piece, line in stated if _gives(line.targets, names) and _is_table(line.value))
    yield from (_Maker(piece, _alone(function, line), line) for piece, line in tables)
    if all(one.id in _ANOTHERS for one in found):
        read = {name for _, _, line in lines for name in _read(line)} - names
        others = ((piece, line) for piece, line in stated if _gives(line.targets, read) and isinstance(line.value, ast.Dict))
        yield from (_Maker(piece, _alone(function, line), line, letters=True) for piece, line in others)
    yield from _yielded(lines, at) if several or untouched else ()
    helpers = {last_name(one.within) for one in found if one.within != function}
    yield from _users(lines, at, helpers, several=several)


def _users(lines: Sequence[Line], at: Sequence[Line], helpers: Collection[str], *, several: bool) -> Iterator[_Maker]:
    """The lines that take a part of a list told, or give a helper told one name twice; of several told also those that choose."""
    lists = frozenset(name for _, _, line in at for name in _listed(line))
    for piece, around, line in lines:
        match line:
            case ast.Assign(_, ast.Call(ast.Name(called), [*given])) if called in helpers and _twice(given):
                yield _Maker(piece, around, line)
            case ast.Assign() if several and any(line is one for _, _, one in at) and _chooses(line):
                yield _Maker(piece, around, line)
            case _ if lists and any(whole_lists(line, lists)):
                yield _Maker(piece, around, line, lists)
            case _:
                pass


def _yielded(lines: Sequence[Line], at: Sequence[Line]) -> Iterator[_Maker]:
    """The lines at which a generator yields what the lines told go through, or are given."""
    told = [line for _, _, line in at]
    loops = [line for _, _, line in lines if isinstance(line, ast.For) and any(inner is one for one in told for inner in ast.walk(line))]
    read = {name for line in told for name in _read(line)}
    given = [line for _, _, line in lines if isinstance(line, ast.Assign) and read.intersection(stored_in(line))]
    called = read.union(*(names_in(loop.iter) for loop in loops), *map(_read, given))
    for piece, around, line in lines:
        if around.name in called and isinstance(line, ast.Expr) and isinstance(line.value, ast.Yield):
            yield _Maker(piece, around, line)


def _texts_asked_for(line: ast.If) -> list[ast.Compare]:
    """Where a condition compares something with a text: in a helper that several lines told call, it says what each of them gets."""
    compared = [node for node in ast.walk(line.test) if isinstance(node, ast.Compare)]
    return [node for node in compared if any(isinstance(one, ast.Constant) and isinstance(one.value, str) for one in node.comparators)]


def _listed(line: ast.stmt) -> list[str]:
    """The name that a statement gives a list which it writes out."""
    match line:
        case ast.Assign([ast.Name(name)], ast.List() | ast.Tuple()):
            return [name]
        case _:
            return []


def _twice(given: Sequence[ast.expr]) -> bool:
    """Whether a call is given one name twice."""
    names = [node.id for node in given if isinstance(node, ast.Name)]
    return len(set(names)) < len(names)


def _chooses(line: ast.stmt) -> bool:
    """Whether a statement gives several names, or entries, what it computes of each gate in its own way."""
    return any(isinstance(node, ast.IfExp | ast.GeneratorExp | ast.ListComp | ast.DictComp) for node in ast.walk(line))


def _read(line: ast.stmt) -> set[str]:
    return {node.id for node in ast.walk(line) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def _gone_through(line: ast.stmt) -> set[str]:
    """The names of what a statement looks something up in that it has a name for, or goes over."""
    found: list[ast.expr] = []
    for node in ast.walk(line):
        match node:
            case ast.Subscript(base, index) if not isinstance(index, ast.Constant):
                found += [base, *(part.value for part in ast.walk(index) if isinstance(part, ast.Subscript))]
            case ast.comprehension(_, over):
                found += [_table_of(over), *(over.args if isinstance(over, ast.Call) else ())]
            case _:
                pass
    return {node.id for node in found if isinstance(node, ast.Name)}


def _table_of(over: ast.expr) -> ast.expr:
    """What a loop goes over, or the table whose keys or values it goes over."""
    match over:
        case ast.Call(ast.Attribute(table, "items" | "keys" | "values"), []):
            return table
        case _:
            return over


def _taken(one: ast.match_case) -> set[str]:
    """The names that a pattern gives a value."""
    return {node.name for node in ast.walk(one.pattern) if isinstance(node, ast.MatchAs) and node.name is not None}


def _with_parts(names: set[str], lines: Sequence[ast.Assign]) -> set[str]:
    """The names, and those that tables or records are put together of that have one of them: of ``k = dict(zip(FIELDS, cache))`` FIELDS."""
    calls = [line for line in lines if isinstance(line.value, ast.Call | ast.DictComp | ast.ListComp)]
    for _ in range(_DEEP):
        names = names.union(*(_read(line) for line in calls if _gives(line.targets, names)))
    return names


def _alone(function: str, line: ast.stmt) -> ast.FunctionDef:
    """A line of the program that stands in no function, as one of a function."""
    none = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
    return ast.FunctionDef(name=function, args=none, body=[line], decorator_list=[])


def _gives(targets: Sequence[ast.expr], names: set[str]) -> bool:
    return any(isinstance(target, ast.Name) and target.id in names for target in targets)


def _is_table(value: ast.expr | None) -> bool:
    """Whether several things are written out, or put together from such."""
    match value:
        case ast.Call(ast.Name(name) | ast.Attribute(_, name), given) if name in _TABLES:
            return any(map(_is_table, given))
        case ast.Call(ast.Attribute(text, "split")):
            return _is_table(text)
        case ast.Dict() | ast.List() | ast.Tuple() | ast.Set():
            return True
        case _:
            return isinstance(value, ast.Constant) and isinstance(value.value, str)
