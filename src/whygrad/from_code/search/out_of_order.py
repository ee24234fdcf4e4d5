"""A line that names the gates in another order than the course, where others are told that do not: names of it, put in order, mend all.

What comes out of a loop in the right order may be unpacked, or handed out under keys, in another one. The loop is right then.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from copy import deepcopy
from itertools import combinations
from typing import TYPE_CHECKING

from whygrad.from_code.search.one_edit import lines_of, mends_all, told_of
from whygrad.from_code.text.small_edits import Edit, head, in_each_others_place, with_exchanged
from whygrad.mistakes.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TypeAlias

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.edited import Mending

    _Leaf: TypeAlias = ast.Name | ast.Attribute | ast.Constant

_GATES, _ROW, _TWO = "fico", 3, 2
"""The gates in the course's order, of how many there is one, and how many are exchanged at once."""
_WORD = re.compile(r"(d?[Wbz]?_?)([fico])(c?t?)")
"""What stands for a gate's: its letter alone, or with what it is the gradient, the weight or the like of."""
_OF_AN_ORDER = frozenset(("gate-swapped", "gates-out-of-order", "kind-replaced", "name-replaced", "names-exchanged", "unnamed"))
"""Mistakes of a line that may come of another one's order."""


def out_of_order(tried: Sequence[Mending], found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The finding at such a line in the place of these; these where there is none, or more than one.

    The edited function has to be right in all cases in which it is ``tried``.
    """
    if not found or not all((one.id or "unnamed") in _OF_AN_ORDER for one in found):
        return found
    function, told = tried[0].function, {one.at for one in found}
    mends: list[Finding] = []
    for piece, around, line in lines_of(tried[0].pieces, function):
        exchanges = list(_exchanges(line))
        within = (node for part in head(line) for node in ast.walk(part) if isinstance(node, ast.expr | ast.stmt))
        if exchanges and len(found) == 1 and any((piece.source, node.lineno + piece.line - 1) in told for node in within):
            return found
        edit = next((one for one in exchanges if all(mends_all(mending, piece, one) for mending in tried)), None)
        mends += [] if edit is None else [told_of(function, around, piece, edit)]
    return tuple(mends) if len(mends) == 1 else found


def _exchanges(line: ast.stmt) -> Iterator[Edit]:
    """The edits of what a statement does itself that exchange gates which stand in another order than the course's: two, or all of them."""
    for part in head(line) if not _each_gets_its_own(line) else ():
        for node in ast.walk(part):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield from _exchanged_within(node, node.value)
            for row in _rows(node):
                inverted = _inverted([_letter(leaf) for leaf in row])
                yield from (_exchanged(part, row[one], row[other]) for one, other in inverted)
                moved = [leaf for number, leaf in enumerate(row) if any(number in pair for pair in inverted)]
                if len(moved) > _TWO:
                    yield _put_in_order(part, moved)


def _each_gets_its_own(line: ast.stmt) -> bool:
    """Whether a statement gives several gates what it makes of their own each, whatever the order."""
    match line:
        case ast.Assign([ast.Tuple(names)], ast.Tuple(values)) if len(names) == len(values):
            letters = zip(map(_letter, names), values, strict=True)
            return all(letter and letter in {_letter(node) for node in ast.walk(value)} for letter, value in letters)
        case _:
            return False


def _rows(node: ast.AST) -> Iterator[list[_Leaf]]:
    """What stands for the gates side by side in a tuple, list, call or dictionary: names, or texts, of one kind."""
    match node:
        case ast.Tuple(parts) | ast.List(parts) | ast.Call(_, parts):
            sides = [parts]
        case ast.Dict(keys, values):
            sides = [[key for key in keys if key is not None], values]
        case _:
            sides = []
    for side in sides:
        rows: dict[tuple[str, ...], list[_Leaf]] = defaultdict(list)
        for part in side:
            for kind, leaves in _leaves(part).items():
                rows[kind] += leaves if len(leaves) == 1 else []
        yield from rows.values()


def _leaves(part: ast.expr) -> dict[tuple[str, ...], list[_Leaf]]:
    found: dict[tuple[str, ...], list[_Leaf]] = defaultdict(list)
    for node in ast.walk(part):
        text = _text(node)
        word = _WORD.fullmatch(text) if text else None
        if word is not None and isinstance(node, ast.Name | ast.Attribute | ast.Constant):
            of = ast.unparse(node.value) if isinstance(node, ast.Attribute) else ""
            found[type(node).__name__, of, word[1], word[3][-1:]].append(node)
    return found


def _text(node: ast.AST) -> str:
    match node:
        case ast.Name(text) | ast.Attribute(_, text) | ast.Constant(str(text)):
            return text
        case _:
            return ""


def _letter(node: ast.AST) -> str:
    word = _WORD.fullmatch(_text(node))
    return word[2] if word is not None else ""


def _inverted(letters: Sequence[str]) -> list[tuple[int, int]]:
    """Of a row of different gates the pairs that stand the other way round than in the course."""
    places = [_GATES.index(letter) for letter in letters]
    row = len(places) >= _ROW and len(set(places)) == len(places)
    return [(one, other) for one, other in combinations(range(len(places)), 2) if places[one] > places[other]] if row else []


def _exchanged(part: ast.AST, one: _Leaf, other: _Leaf) -> Edit:
    """A part of a line with two of its names, or of its texts, in each other's place."""
    return Edit(_whole(part, one), with_exchanged(part, one, other, _field(one)), "gate-swapped", in_each_others_place(one, other))


def _put_in_order(part: ast.AST, leaves: Sequence[_Leaf]) -> Edit:
    """A part of a line with all of these names, or texts, in the course's order."""
    field = _field(leaves[0])
    changed, now = deepcopy((part, list(leaves)))
    for leaf, belongs in zip(now, sorted(leaves, key=lambda leaf: _GATES.index(_letter(leaf))), strict=True):
        setattr(leaf, field, getattr(belongs, field))
    says = f"{listed(map(ast.unparse, leaves))} stand here in another order than what they are used for"
    return Edit(_whole(part, leaves[0]), ast.unparse(changed), "gates-out-of-order", says)


def _field(leaf: _Leaf) -> str:
    return "id" if isinstance(leaf, ast.Name) else "attr" if isinstance(leaf, ast.Attribute) else "value"


def _whole(part: ast.AST, leaf: _Leaf) -> ast.expr | ast.stmt:
    return part if isinstance(part, ast.expr | ast.stmt) else leaf


def _exchanged_within(node: ast.Constant, text: str) -> Iterator[Edit]:
    """A text with two of the gates in it, which its letters or its words are, in each other's place."""
    parts = re.split(r"(\W+)", text) if re.search(r"\w\W+\w", text) else list(text)
    words = [number for number, part in enumerate(parts) if part.isidentifier()]
    found = [_WORD.fullmatch(parts[number]) for number in words]
    known = [word[2] for word in found if word is not None]
    for one, other in _inverted(known) if len(known) == len(words) else []:
        mine, theirs = words[one], words[other]
        changed = list(parts)
        changed[mine], changed[theirs] = parts[theirs], parts[mine]
        yield Edit(node, repr("".join(changed)), "gate-swapped", f"{parts[mine]} and {parts[theirs]} stand in each other's place")
