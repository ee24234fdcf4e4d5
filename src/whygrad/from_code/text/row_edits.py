"""Edits of what stands in a row: an entry that is written twice in a tuple, list or call, one that is left out, a gate's letter, names."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from typing import TYPE_CHECKING

from whygrad.from_code.text.one_turn_more import one_turn_more
from whygrad.from_code.text.small_edits import ACTIVATIONS, GATES, NUMPY, Edit, nodes_of
from whygrad.from_code.text.stands_twice import entry_twice, letter_twice
from whygrad.from_code.words import likest
from whygrad.mistakes.words import listed
from whygrad.sandbox.trees import parameters, stored_in, walk

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from typing import TypeAlias

    _Leaf: TypeAlias = ast.Name | ast.Constant

_OF_A_GATE = re.compile(r"([A-Za-z]*_?)([fico])(t?)")
"""A text that names a gate, alone or with what it is the weight, the bias or the gradient of."""
_CARRIED = "da_prev", "dc_prev"
"""The keys of what a cell hands back to the step before."""
_MOST = 5
"""Names that are tried in the place of one."""


def row_edits(line: ast.stmt, around: ast.FunctionDef, keys: Sequence[str]) -> Iterator[Edit]:
    """The edits of what a statement does itself; ``keys`` are those under which the function hands back its results."""
    names = _names_of(around)
    for node in nodes_of(line):
        match node:
            case ast.Tuple(parts) | ast.List(parts):
                yield from _written_twice(parts, names, keys, _given_by(line))
                yield from _pair_twice(parts, names)
                yield from _of_pairs(node, never_read(around))
                yield from entry_twice(node, keys) if isinstance(node.ctx, ast.Load) else ()
            case ast.Call(function, parts):
                yield from _written_twice(parts, names, keys, _given_by(line))
                says = f"{ast.unparse(function)} is given another text here than it should"
                yield from (edit for one in parts if isinstance(one, ast.Constant) for edit in _other_texts(one, says))
            case ast.Constant(str(letters)):
                yield from letter_twice(node, letters)
            case ast.Subscript(ast.Name(), ast.Constant(str()) as key):
                yield from _other_texts(key, f"{ast.unparse(node)} takes another part than the one that belongs here", _CARRIED)
            case _:
                pass
    if isinstance(line, ast.For):
        given = {name for inner in (line.target, *line.body) for name in stored_in(inner)}
        yield from one_turn_more(line.iter, [name for name in names if name not in given])


def yielded_twice(line: ast.stmt, around: ast.FunctionDef, keys: Sequence[str]) -> Iterator[Edit]:
    """The edits of what a generator yields at a line: of what stands twice in its row, or in its column of the rows of all lines."""
    rows = [node.value for node in walk(around) if isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple)]
    names, here = _names_of(around), list(walk(line))
    for edit in _written_twice(rows, names, keys, ()):
        if edit.node in here:
            yield edit._replace(says=f"{ast.unparse(edit.node)} is yielded at another line too")
    for row in rows:
        yield from (edit for edit in _written_twice(row.elts, names, keys, ()) if edit.node in here)


def whole_lists(line: ast.stmt, lists: Collection[str]) -> Iterator[Edit]:
    """Of what a statement takes a part of, if it is one of these lists, the whole."""
    for node in nodes_of(line):
        match node:
            case ast.Subscript(ast.Name(name), ast.Slice()) if name in lists:
                yield Edit(node, name, "slice-wrong", f"{ast.unparse(node)} leaves out a part of {name}")
            case _:
                pass


def _written_twice(parts: Sequence[ast.expr], names: Sequence[str], keys: Sequence[str], given: Sequence[str]) -> Iterator[Edit]:
    """Of names, or of texts, side by side, of which one stands there twice, another one in the place of each of these.

    ``given`` is what the statement gives a value: it may be added to.
    """
    columns: dict[tuple[int, type[ast.AST]], list[_Leaf]] = defaultdict(list)
    for part in parts:
        for number, inner in enumerate(part.elts if isinstance(part, ast.Tuple) else [part]):
            leaf = next((one for one in walk(inner) if isinstance(one, ast.Constant) and isinstance(one.value, str)), inner)
            if isinstance(leaf, ast.Name | ast.Constant):
                columns[number, type(leaf)].append(leaf)
    for leaves in columns.values():
        written = [_text(leaf) for leaf in leaves]
        for leaf, text in zip(leaves, written, strict=True):
            if written.count(text) < 2:  # noqa: PLR2004 - twice
                continue
            says = f"{text} stands here twice"
            if isinstance(leaf, ast.Constant):
                yield from (edit for edit in _other_texts(leaf, says, keys) if edit.text.strip("'") not in written)
            else:
                others = dict.fromkeys((*given, *likest(text, (name for name in names if name not in written))[:_MOST]))
                yield from (Edit(leaf, name, "name-replaced", says) for name in others if name not in written)


def _text(leaf: _Leaf) -> str:
    return leaf.id if isinstance(leaf, ast.Name) else str(leaf.value)


def _other_texts(written: ast.Constant, says: str, keys: Sequence[str] = ()) -> Iterator[Edit]:
    """Another gate's text, or activation's, in the place of one, and those of these keys that differ from it in one letter."""
    text = str(written.value)
    word = _OF_A_GATE.fullmatch(text) if isinstance(written.value, str) else None
    others = [f"{word[1]}{letter}{word[3]}" for letter in GATES] if word is not None else []
    others += ACTIVATIONS if text in ACTIVATIONS else ()
    alike = [key for key in keys if len(key) == len(text) and sum(map(str.__ne__, key, text)) == 1]
    yield from (Edit(written, repr(other), "name-replaced", says) for other in dict.fromkeys((*others, *alike)) if other != text)


def _pair_twice(parts: Sequence[ast.expr], names: Sequence[str]) -> Iterator[Edit]:
    """Of pairs of a gate's letter and a name, of which one stands there twice, that of another gate in the place of each of these."""
    written = [ast.unparse(part) for part in parts]
    letters = {part.elts[0].value for part in parts if isinstance(part, ast.Tuple) and part.elts and isinstance(part.elts[0], ast.Constant)}
    for part, text in zip(parts, written, strict=True):
        match part:
            case ast.Tuple([ast.Constant(str(letter)), ast.Name(name)]) if letter in GATES and written.count(text) > 1:
                others = likest(name, (other for other in names if other not in _named_in(parts)))[:_MOST]
                for missing in sorted(set(GATES) - letters):
                    yield from (Edit(part, f"({missing!r}, {other})", "name-replaced", f"{text} stands here twice") for other in others)
            case _:
                pass


def _named_in(parts: Sequence[ast.expr]) -> set[str]:
    return {node.id for part in parts for node in walk(part) if isinstance(node, ast.Name)}


def _of_pairs(row: ast.Tuple | ast.List, unread: Sequence[str]) -> Iterator[Edit]:
    """Of pairs of a gate's letter and a name: one more, or for all names those like them that are made and that no line reads."""
    letters, names = list[str](), list[str]()
    for one in row.elts if unread else ():
        match one:
            case ast.Tuple([ast.Constant(str(letter)), ast.Name(name)]) if letter in GATES:
                letters.append(letter)
                names.append(name)
            case _:
                return
    written = ", ".join(map(ast.unparse, row.elts))
    for letter in sorted(set(GATES) - set(letters)) if letters else ():
        says = f"{letter!r} is not among {', '.join(map(repr, letters))}"
        yield from (Edit(row, f"({written}, ({letter!r}, {name}))", "loop-wrong", says) for name in unread)
    meant = [likest(name, unread)[0] for name in names]
    if len(set(meant)) == len(names) > 1:
        says = f"{listed(names)} stand here, and no line reads {listed(meant)}"
        pairs = (f"({letter!r}, {name})" for letter, name in zip(letters, meant, strict=True))
        yield Edit(row, f"({', '.join(pairs)})", "name-replaced", says)


def never_read(around: ast.FunctionDef) -> list[str]:
    """The names that a function gives a value, and that no line of it reads."""
    names = [node for node in walk(around) if isinstance(node, ast.Name)]
    read = {node.id for node in names if isinstance(node.ctx, ast.Load)}
    return list(dict.fromkeys(node.id for node in names if node.id not in read))


def _given_by(line: ast.stmt) -> list[str]:
    """The name that a statement gives a value."""
    match line:
        case ast.Assign([ast.Name(name)]):
            return [name]
        case _:
            return []


def _names_of(around: ast.FunctionDef) -> list[str]:
    """The names that a function has: its arguments, and those that it gives a value."""
    return [name for name in dict.fromkeys((*parameters(around.args), *stored_in(around))) if name not in NUMPY]
