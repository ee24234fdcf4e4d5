"""A loop over entries that are written out, of which one is left out: another one behind them, like them but for the names in it."""

from __future__ import annotations

import ast
import re
from copy import deepcopy
from itertools import product
from typing import TYPE_CHECKING, TypeVar

from whygrad.from_code.text.small_edits import GATES, Edit
from whygrad.from_code.words import likest
from whygrad.mistakes.words import counted
from whygrad.sandbox.trees import walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_T = TypeVar("_T")
_OF_A_GATE = re.compile(rf"([A-Za-z]*_?)([{GATES}])(t?)")
"""A text that names a gate, alone or behind what it is of the gate."""
_MOST = 30
"""Entries that are tried behind those of one loop."""


def one_turn_more(over: ast.expr, names: Sequence[str]) -> Iterator[Edit]:
    """The edits of what a loop goes over; ``names`` are those that another entry may have."""
    match over:
        case ast.Call(ast.Name("zip"), parts):
            pass
        case ast.Constant():  # a letter more is an edit of the text
            return
        case _:
            parts = [over]
    sizes = {number: len(_entries(part)) for number, part in enumerate(parts) if len(_entries(part)) > 1}
    short = [number for number, size in sizes.items() if size == min(sizes.values())]
    says = f"an entry is missing from {' and from '.join(ast.unparse(parts[number]) for number in short)}"
    if len(short) < len(sizes):
        longest = counted(max(sizes.values()), "entry")
        says = f"{ast.unparse(parts[short[0]])} is too short here, so the last of the {longest} beside it gets no turn"
    plain = all(isinstance(entry, ast.Name) for number in short for entry in _entries(parts[number]))
    for more in _likest_first([list(_more(_entries(parts[number]), names)) for number in short]):
        made = [ast.unparse(part) for part in parts]
        for number, entry in zip(short, more, strict=True):
            made[number] = _with(parts[number], entry)
        text = ", ".join(made)
        yield Edit(over, text if parts == [over] else f"zip({text})", "term-dropped" if plain else "loop-wrong", says)


def _entries(row: ast.expr) -> list[ast.expr]:
    """What is written out; of a text its letters, if they are the gates'."""
    match row:
        case ast.Tuple(entries) | ast.List(entries):
            return entries
        case ast.Constant(str(letters)) if set(letters) <= set(GATES):
            return [ast.Constant(letter) for letter in letters]
        case _:
            return []


def _with(row: ast.expr, entry: ast.expr) -> str:
    """The text of a row with one entry more."""
    match row:
        case ast.Constant():
            return repr("".join(str(one.value) for one in (row, entry) if isinstance(one, ast.Constant)))
        case _:
            return f"[{', '.join(map(ast.unparse, (*_entries(row), entry)))}]"


def _more(entries: Sequence[ast.expr], names: Sequence[str]) -> Iterator[ast.expr]:
    """The last entry with another name, or another gate's text, wherever the entries differ in one."""
    leaves = [[node for node in walk(entry) if isinstance(node, ast.Name | ast.Constant)] for entry in entries]
    if len({tuple(map(type, walk(entry))) for entry in entries}) != 1:
        return
    columns = [[_text(leaf) for leaf in column] for column in zip(*leaves, strict=True)]
    differ = [number for number, column in enumerate(columns) if len(set(column)) > 1]
    for chosen in _likest_first([list(_others(leaves[-1][number], columns[number], names)) for number in differ]):
        entry = deepcopy(entries[-1])
        made = [node for node in walk(entry) if isinstance(node, ast.Name | ast.Constant)]
        for number, text in zip(differ, chosen, strict=True):
            leaf = made[number]
            if isinstance(leaf, ast.Name):
                leaf.id = text
            else:
                leaf.value = text
        yield entry


def _others(leaf: ast.Name | ast.Constant, column: Sequence[str], names: Sequence[str]) -> Iterator[str]:
    """What may stand in another entry where this stands."""
    if isinstance(leaf, ast.Name):
        yield from likest(leaf.id, (name for name in names if name not in column))
    elif (word := _OF_A_GATE.fullmatch(_text(leaf))) is not None:
        yield from (text for letter in GATES if (text := f"{word[1]}{letter}{word[3]}") not in column)


def _likest_first(columns: Sequence[Sequence[_T]]) -> list[tuple[_T, ...]]:
    """One of each column, first those that stand first in theirs."""
    most = int(_MOST ** (2 / len(columns))) if columns else 0
    ways = product(*(range(min(len(column), most)) for column in columns)) if columns else ()
    return [tuple(column[n] for column, n in zip(columns, way, strict=True)) for way in sorted(ways, key=sum)[:_MOST]]


def _text(leaf: ast.Name | ast.Constant) -> str:
    return leaf.id if isinstance(leaf, ast.Name) else str(leaf.value)
