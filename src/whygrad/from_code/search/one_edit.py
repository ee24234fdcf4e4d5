"""The one line of which a small edit makes all results of a function right, where the search tells of it by several findings, or by none.

It is told only if no edit of another line does the same. What was put there is never told.
"""

from __future__ import annotations

import ast
import re
from functools import partial
from itertools import chain, groupby, islice
from typing import TYPE_CHECKING

from whygrad.from_code.naming.own_line import SLIPS
from whygrad.from_code.naming.stored import STORED_NOWHERE
from whygrad.from_code.naming.wording import asked
from whygrad.from_code.observe import observed
from whygrad.from_code.observe.edited import edited, finding_at
from whygrad.from_code.observe.quantities import quantities
from whygrad.from_code.observe.subject import Subject
from whygrad.from_code.reference.inputs import ENTRIES
from whygrad.from_code.search.reaches import Reach
from whygrad.from_code.search.spoils_another import spoils
from whygrad.from_code.search.told_together import told_together
from whygrad.from_code.search.what_else import what_else
from whygrad.from_code.text.as_packed import put_together, stands_as_packed
from whygrad.from_code.text.called_by import functions
from whygrad.from_code.text.memory_edits import memory_edits
from whygrad.from_code.text.name_edits import (
    names_handed,
    names_never_read,
    names_of_the_line,
    names_of_the_program,
    names_returned,
    other_names,
    turns,
)
from whygrad.from_code.text.named_entries import changes_what_is_named
from whygrad.from_code.text.rarer_edits import rarer_edits
from whygrad.from_code.text.row_edits import row_edits
from whygrad.from_code.text.sibling_edits import sibling_edits
from whygrad.from_code.text.small_edits import NUMPY, Edit, edits
from whygrad.from_code.text.table_edits import rows_of_texts, table_edits
from whygrad.sandbox.trees import names_in, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from typing import TypeAlias

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.edited import Mending
    from whygrad.sandbox.requests import Piece

    Line: TypeAlias = tuple[Piece, ast.FunctionDef, ast.stmt]
    _Kind: TypeAlias = Callable[[ast.stmt, ast.FunctionDef], Iterable[Edit]]

_MOST, _MOST_IN_ALL = 300, 500
"""Edited programs that are run for one function until one is right, and until it is known that no edit of another line does the same."""
_FAR = 3
"""Lines from those told; what stands so far away, or farther, is looked at last, each kind of edit for all of it."""
_BESIDE = 0.5
"""How far away a line counts that makes what those told read, or does so in a helper, and the head of a loop in which they stand."""
_FEW = 3
"""Of more lines told none is likelier than others."""
_NOTHING_COMES_OF_IT = frozenset(("left-at-zero", "overwritten-not-summed", "returned-wrong"))
"""What is told at the call of a cell whose results are not stored, or not added up."""
_HANDED_ON = frozenset(("examples-left-out", "left-at-zero", "term-dropped"))
"""What is told at a line that only hands on what others fill."""
_ZEROS = "zeros", "empty"
"""How the names of NumPy's functions begin that make an array to be filled."""
_COMPLEMENTS = ({"term-dropped", "term-added"}, {"factor-dropped", "factor-added"}, {"gate-swapped", "left-at-zero"})
"""What one line lacks and another has too many of may be meant for it, and what is stored in one array for one that stays zero."""
_OF_STEPS = frozenset(("cache-of-wrong-step", "input-of-wrong-step", "upstream-wrong-step"))
"""What a call is given of a step: where several are wrong the steps are, and not each by itself."""
_OF_MEMORY = frozenset(("updated-in-place", "whole-numbers"))
"""What an edit says better than the search, which has only seen that an array changes, or lacks what it should hold."""
_OF_SIGNS = frozenset(("sign-flipped", "operator-replaced"))
_HINT = "Read this line part by part, beside what it stands for: which part says something else?"


def by_one_edit(tried: Sequence[Mending], found: tuple[Finding, ...], kept: Sequence[Mending] = ()) -> tuple[Finding, ...]:
    """The finding at that line, in the place of those that are not all named and proved; these where there is none.

    The edited function has to be right in all cases in which it is ``tried``, and those to be ``kept`` right, in theirs. One edit of a line
    is likelier than several slips in it.
    """
    pieces = tried[0].pieces
    if len(found) == 1 and SLIPS in found[0].says:
        here = {id(line) for piece, _, line in lines_of(pieces, tried[0].function) if holds(piece, line, found[0])}
        return _mended(tried, (), (small, sibling_edits), here, kept, unclear=True) or found
    if lacks_a_key(found):
        handed_out = _mended(tried, found, (names_returned,), (), kept, unclear=True)
        if (handed_out := _returned_beside(tried[0], found) if handed_out is found else handed_out) is not found:
            return handed_out
    filled = _that_all_read(found, pieces) if len(told_together(found)) > 1 or _filled_elsewhere(found, pieces) else set[int]()
    if filled:
        likeliest = (_rows(tried[0]), small, turns, memory_edits) if all(one.sure for one in found) else kinds_of(tried[0])
        made = _mended(tried, found, likeliest, filled, kept, unclear=True)
        if made is not found and not _turn_right(tried[0], made):
            return made
    nothing = not found and tried[0].function.endswith("backward")  # a forward function's caches may have another form, which is told
    unclear = nothing or _call_one_helper(found, pieces) or lacks_a_key(found)
    unclear = unclear or any(one.id is None or one.proof == "located" for one in found)
    only = set[int]() if unclear else _lost_on_the_way(found, pieces)
    unclear = unclear or bool(only)
    kinds = kinds_of(tried[0]) if unclear or any(one.shared for one in found) else (memory_edits,)
    made = _mended(tried, found, kinds, only, kept, unclear=unclear)
    if made is found and not unclear and _may_be_one(found):
        made = _mended(tried, found, kinds_of(tried[0]), only, kept, unclear=True)
        return found if _turn_right(tried[0], made) else made
    return made


def _turn_right(mending: Mending, made: Sequence[Finding]) -> bool:
    """Whether a sign is told at a line that gives what is right."""
    return any(one.id in _OF_SIGNS and _gives_what_is_right(mending, one) for one in made)


def _gives_what_is_right(mending: Mending, one: Finding) -> bool:
    """Whether a line gives a right quantity as it stands, with its sign: then it is the lines that read it which turn that round."""
    function, known = mending.function, quantities(mending.function, mending.case)
    with mending.host.holding(mending.pieces) as runner:
        records = Subject(runner, mending.pieces, function, mending.case.arguments, frozenset({function})).traced()[1]
    made = [record.value for record in records if record.place.kind == "assign" and (record.place.source, record.place.line) == one.at]
    return bool(made) and all(any(True for _ in known.equal(value)) for value in made)


def _may_be_one(found: Sequence[Finding]) -> bool:
    """Whether there are two of one kind that are not one idea, told of several lines, two of one line or two that undo each other.

    One slip is likelier then; so it is where a call is given several things of another step.

    What is told at a line because no line stores it is no slip of that line.
    """
    at_one_line = len({one.at for one in found}) == 1 < len(found)
    at_one_line = at_one_line and not any(STORED_NOWHERE in one.says for one in found)
    ids = {one.id for one in found}
    elsewhere = any(ids == pair for pair in _COMPLEMENTS) or len(ids & _OF_STEPS) > 1
    return at_one_line or elsewhere or (len({one.id for one in found}) < len(found) and len(told_together(found)) > 1)


def _mended(
    tried: Sequence[Mending],
    found: tuple[Finding, ...],
    kinds: Sequence[_Kind],
    only: Collection[int],
    kept: Sequence[Mending],
    *,
    unclear: bool,
) -> tuple[Finding, ...]:
    """The finding at the one line of which an edit of these kinds mends all; those given where there is none, or more than one."""
    told = {one.at: one for one in found if one.id is not None and not (unclear and len(found) > 1)}
    mends: dict[int, Finding] = {}
    edits_made = _edits(tried[0].pieces, tried[0].function, found, kinds, only)
    reach = Reach(tried[0])
    for number, (piece, around, line, edit) in enumerate(islice(edits_made, _MOST_IN_ALL)):
        if number == _MOST and not mends:
            return found
        if id(line) in mends or not reach.may_mend(piece, line, edit.node):
            continue
        if all(mends_all(other, piece, edit) for other in tried):
            if around.name != tried[0].function and spoils(_that_use(around, kept), piece, edit):
                continue
            mends[id(line)] = made = told_of(tried[0].function, around, piece, edit)
            at_this_line = told.get(made.at)
            if len(mends) > 1 or (at_this_line is not None and not _says_less(at_this_line, edit.id)):
                return found
    return tuple(mends.values()) or found


def _says_less(told: Finding, edit: str) -> bool:
    """Whether an edit of memory says more than what is told at its line."""
    return edit in _OF_MEMORY and (told.proof == "located" or told.id == "left-at-zero")


def _returned_beside(mending: Mending, found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The return with the one name in whose place another has most right, and what else is wrong then; these if that is not all proved."""
    lines = ((piece, around, line) for piece, around, line in lines_of(mending.pieces, mending.function) if around.name == mending.function)
    made = [(piece, around, edit) for piece, around, line in lines for edit in names_returned(line, around)]
    right = [mending.number_right(mending.ran(piece, edit.node, edit.text))[0] for piece, _, edit in made]
    most = max(right, default=0)
    if right.count(most) != 1 or most <= mending.number_right(mending.answer(mending.pieces))[0]:
        return found
    piece, around, edit = made[right.index(most)]
    left = what_else(mending, edited(mending.pieces, piece, edit.node, edit.text).pieces)
    told = told_of(mending.function, around, piece, edit)
    return tuple(sorted((*left, told), key=lambda one: one.line)) if left and all(one.sure for one in left) else found


def _that_use(helper: ast.FunctionDef, kept: Iterable[Mending]) -> Iterator[Mending]:
    """The functions that call a helper, directly or not."""
    return (one for one in kept if any(node is helper for _, node in functions(one.pieces, one.function)))


def _call_one_helper(found: Sequence[Finding], pieces: Sequence[Piece]) -> bool:
    """Whether the same is told of several lines, all of which call one helper."""
    if len(found) == 1 or len({one.says for one in found}) != 1:
        return False
    helpers = {around.name for _, around in functions(pieces, found[0].function)} - {found[0].function}
    return not helpers.isdisjoint(set[str].intersection(*(set(re.findall(r"\w+", one.text)) for one in found)))


def lacks_a_key(found: Sequence[Finding]) -> bool:
    """Whether results are under no key, and another finding is told: what is one gate's may be called by another's."""
    return len(found) > 1 and any(one.id == "returned-wrong" and one.proof == "contract" for one in found)


def _filled_elsewhere(found: Sequence[Finding], pieces: Sequence[Piece]) -> bool:
    """Whether the one line told only makes an array that others fill, or hands that on."""
    if len(found) != 1 or found[0].id not in _HANDED_ON:
        return False
    values = [line.value for *_, line in _at(found[0], pieces) if isinstance(line, ast.Assign | ast.Return) and line.value]
    calls = [node for value in values for node in walk(value) if isinstance(node, ast.BinOp | ast.Call)]
    zeros = (isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2].startswith(_ZEROS) for node in calls)
    return not calls or (found[0].id == "left-at-zero" and any(zeros))


def _at(one: Finding, pieces: Sequence[Piece]) -> list[Line]:
    """The statements of a finding's line that hold no others."""
    return [line for line in lines_of(pieces, one.function) if holds(line[0], line[2], one) and not hasattr(line[2], "body")]


def _that_all_read(found: Sequence[Finding], pieces: Sequence[Piece]) -> set[int]:
    """The statements that give something which all the lines told read, or put something into it; loops on which all of them depend."""
    told = [_at(one, pieces) for one in found]
    names = [{name for _, _, line in at for name in names_in(line)} - NUMPY for at in told]
    here = {id(around) for at in told for _, around, _ in at}
    return {id(line) for _, around, line in lines_of(pieces, found[0].function) if id(around) in here and _gives_to_all(line, names)}


def _gives_to_all(line: ast.stmt, names: Sequence[set[str]]) -> bool:
    """Whether a statement gives something to one name in all of these groups, or a loop to some name in each."""
    if isinstance(line, ast.For | ast.While):
        given = set[str]().union(*(_filled(inner) for inner in walk(line) if isinstance(inner, ast.stmt)))
        return not any(given.isdisjoint(some) for some in names)
    return not _filled(line).isdisjoint(set[str].intersection(*names))


def _filled(line: ast.stmt) -> set[str]:
    """The names that a statement gives a value, or puts something into."""
    match line:
        case ast.Assign(parts):
            pass
        case ast.AugAssign(part) | ast.AnnAssign(part) | ast.Expr(ast.Call(ast.Attribute(part))):
            parts = [part]
        case _:
            parts = []
    indices = [node.slice for part in parts for node in walk(part) if isinstance(node, ast.Subscript)]
    return set[str]().union(*map(names_in, parts)).difference(*map(names_in, indices))


def _lost_on_the_way(found: Sequence[Finding], pieces: Sequence[Piece]) -> set[int]:
    """The statements through which what a cell hands back goes, if it is told of nothing else than that nothing comes of it."""
    ways = [_way_of(one, pieces) for one in found]
    return {id(node) for way in ways for part in way for node in walk(part) if isinstance(node, ast.stmt)} if all(ways) else set()


def _way_of(one: Finding, pieces: Sequence[Piece]) -> list[ast.stmt]:
    """The helpers that are given what a cell hands back, and the statements that do so or take its parts by a name."""
    handed_back = re.match(r"(\w+) = \w+_cell_(for|back)ward\(", one.text) if one.id in _NOTHING_COMES_OF_IT else None
    if handed_back is None:
        return []
    helpers = {around.name: around for _, around in functions(pieces, one.within) if around.name != one.within}
    way: list[ast.stmt] = []
    for line in (line for piece, _, line in lines_of(pieces, one.within) if not holds(piece, line, one)):
        for node in walk(line):
            match node:
                case ast.Call(ast.Name(called)) if called in helpers and handed_back[1] in names_in(node):
                    way += [helpers[called], line]
                case ast.Subscript(ast.Name(name), ast.Name()) if name == handed_back[1]:
                    way.append(line)
                case _:
                    pass
    return way


def holds(piece: Piece, line: ast.expr | ast.stmt, one: Finding) -> bool:
    """Whether the line of a finding is one of a statement's."""
    return piece.source == one.source and line.lineno <= one.line - piece.line + 1 <= (line.end_lineno or line.lineno)


def mends_all(mending: Mending, piece: Piece, edit: Edit) -> bool:
    """Whether all results come right with an edit, and more than were: of a cache of one's own form it is not known that it is right."""
    reply = mending.ran(piece, edit.node, edit.text)
    if not mending.all_right(reply):
        return False
    before, of = mending.number_right(mending.answer(mending.pieces))
    return before == of or mending.number_right(reply)[0] > before


def _edits(
    pieces: Sequence[Piece], function: str, found: Sequence[Finding], kinds: Sequence[_Kind], only: Collection[int]
) -> Iterator[tuple[Piece, ast.FunctionDef, ast.stmt, Edit]]:
    """The edits of the function's lines, and of those of the helpers that it calls; those of the lines found first, other names last.

    The first of ``kinds``, of which there are few, is made of all lines before. Where ``only`` says which statements, of these alone.
    """
    told = {one.at for one in found}
    lines = [one for one in lines_of(pieces, function) if not only or id(one[2]) in only]
    shared = any(one.shared for one in found)
    at = [line for piece, _, line in lines if not _distance(piece, line, told)]
    called = set[str].intersection(*map(names_in, at)) if at else set[str]()
    makers = [line for _, _, line in lines if not called.isdisjoint(_given(line))]
    through = {ast.unparse(node.func).rpartition(".")[2] for line in makers for node in walk(line) if isinstance(node, ast.Call)}
    inside = {id(line): set(map(id, walk(line))) for _, _, line in lines if isinstance(line, ast.For)}

    def far(one: Line) -> float:
        made = not called.isdisjoint(_given(one[2])) or one[1].name in through
        beside = made or (isinstance(one[2], ast.For) and not inside[id(one[2])].isdisjoint(map(id, at)))
        near = 0 if one[1].name in called else _BESIDE if beside else float("inf")
        distance = min(near, _distance(one[0], one[2], told))
        return distance + (_FAR if one[1].name == function else 2 * _FAR) if shared and distance else distance

    lines.sort(key=far)
    groups = [list(some) for _, some in groupby(lines, lambda one: min(far(one), _FAR) if len(told) <= _FEW else 0)]
    for some, near in ((kinds[:1], lines), *((kinds[1:], group) for group in groups)):
        made = ((*one, edit) for kind in some for one in near for edit in kind(one[2], one[1]))
        yield from (one for one in made if may_be_wrong(pieces, one[1], one[2], one[3]))


def kinds_of(mending: Mending) -> tuple[_Kind, ...]:
    """Every kind of edit of a line, given the function around it."""
    tables = partial(_of_tables, keys_of(mending), rows_of_texts(mending.pieces))
    stated = names_of_the_program(mending.pieces)
    names = partial(other_names, stated), partial(names_handed, stated)
    return memory_edits, _rows(mending), small, turns, tables, names_of_the_line, names_never_read, rarer_edits, *names


def _rows(mending: Mending) -> _Kind:
    """The edits of what stands in a row."""
    return partial(_of_rows, keys_of(mending))


def may_be_wrong(pieces: Sequence[Piece], around: ast.FunctionDef, line: ast.stmt, edit: Edit) -> bool:
    """Whether a line can be wrong in what an edit changes; where something is left under a condition only the comparison can."""
    packed = chain(ENTRIES.values(), put_together(pieces))
    compared = not leaves(line, around) or isinstance(edit.node, ast.Compare)
    return compared and not stands_as_packed(edit, line, around, packed) and not changes_what_is_named(line, edit)


def leaves(line: ast.stmt, around: ast.FunctionDef) -> bool:
    """Whether a condition stands before something is left; only another comparison is tried there: any that never holds would do.

    Where a ``while`` ends so it has to hold some time.
    """
    if not (isinstance(line, ast.If) and isinstance(line.body[-1], ast.Return | ast.Break | ast.Continue)):
        return False
    loops = [node for node in walk(around) if isinstance(node, ast.For | ast.While) and any(inner is line for inner in walk(node))]
    return not (isinstance(line.body[-1], ast.Break) and bool(loops) and isinstance(loops[-1], ast.While))


def small(line: ast.stmt, _: ast.FunctionDef) -> Iterator[Edit]:
    """The small edits of a line, whatever stands around it."""
    return edits(line)


def _of_tables(keys: Sequence[str], rows: Sequence[Sequence[str]], line: ast.stmt, _: ast.FunctionDef) -> Iterator[Edit]:
    return table_edits(line, keys, rows)


def _of_rows(keys: Sequence[str], line: ast.stmt, around: ast.FunctionDef) -> Iterator[Edit]:
    return row_edits(line, around, keys)


def keys_of(mending: Mending) -> list[str]:
    """The names of what the function hands back."""
    return list(dict.fromkeys(map(observed.result_of, observed.results(mending.right))))


def _given(line: ast.stmt) -> list[str]:
    """The names that a statement gives values which it computes, or a list of them; a table has too many edits."""
    match line:
        case ast.Assign([ast.Name(name)], ast.BinOp() | ast.Call()) | ast.AugAssign(ast.Name(name)):
            return [name]
        case ast.Expr(ast.Call(ast.Attribute(ast.Name(name), "append"))):
            return [name]
        case ast.Assign([ast.Tuple(names)], ast.Call()):
            return [name.id for name in names if isinstance(name, ast.Name)]
        case _:
            return []


def _distance(piece: Piece, line: ast.stmt, told: Collection[tuple[str | None, int]]) -> float:
    """How many lines a statement stands away from those told."""
    return min((abs(line.lineno + piece.line - 1 - number) for source, number in told if source == piece.source), default=float("inf"))


def lines_of(pieces: Sequence[Piece], function: str) -> list[Line]:
    """All statements of the function and of those that it calls, each with what it stands in, as they stand there."""
    return [
        (piece, around, node)
        for piece, around in functions(pieces, function)
        for node in sorted((node for node in walk(around) if isinstance(node, ast.stmt)), key=lambda node: node.lineno)
        if node is not around
    ]


def told_of(function: str, around: ast.FunctionDef, piece: Piece, edit: Edit) -> Finding:
    """What is told of a line of which one edit mends all."""
    where = f"Look at line {edit.node.lineno + piece.line - 1}, for {function}."
    hints = where, _HINT, asked(function)
    return finding_at(piece, edit.node, function, edit.id, edit.says, hints=hints, within=around.name)
