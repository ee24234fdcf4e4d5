"""Functions that were written under names of their own and are handed out under the assignment's: ``lstm_backward = bptt``.

They get the assignment's name, where they are defined and where they are called, so that each can be judged with right ones around it.
Every line keeps its number.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.assignments import SEQUENCE_MODELS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.records import Piece

_ROLES = frozenset(SEQUENCE_MODELS.vocabulary.roles)


def renamed(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces with such functions under the assignment's names, without the assignments that hand all of their functions out."""
    if not any(_ROLES.intersection(piece.names) and not piece.text.startswith(("def ", "class ", "@")) for piece in pieces):
        return list(pieces)
    trees = [ast.parse(piece.text) for piece in pieces]
    defined = {tree.body[0].name for tree in trees if isinstance(tree.body[0], ast.FunctionDef)}
    asked, gone = dict[str, str](), set[int]()
    for number, tree in enumerate(trees):
        pairs = list(_pairs(tree.body[0]))
        if pairs and all(new in _ROLES and old in defined - asked.keys() for new, old in pairs):
            asked |= {old: new for new, old in pairs if new not in defined}
            gone |= {number} if defined.isdisjoint(new for new, _ in pairs) else set()
    if len(set(asked.values())) < len(asked) or any(_hidden(node, asked) for tree in trees for node in ast.walk(tree)):
        return list(pieces)
    return [_with_names(piece, tree, asked) for number, (piece, tree) in enumerate(zip(pieces, trees, strict=True)) if number not in gone]


def _pairs(node: ast.stmt) -> Iterator[tuple[str, str]]:
    """The new and the old names of an assignment of nothing but names."""
    match node:
        case ast.Assign(targets=[ast.Name(id=new)], value=ast.Name(id=old)):
            yield new, old
        case ast.Assign(targets=[ast.Tuple(elts=news)], value=ast.Tuple(elts=olds)) if len(news) == len(olds):
            if all(isinstance(name, ast.Name) for name in (*news, *olds)):
                yield from zip(map(ast.unparse, news), map(ast.unparse, olds), strict=True)
        case _:
            return


def _hidden(node: ast.AST, names: dict[str, str]) -> bool:
    """Whether something else is called so there."""
    match node:
        case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()):
            return name in names
        case ast.Global(names=several) | ast.Nonlocal(names=several):
            return not names.keys().isdisjoint(several)
        case _:
            return False


def _with_names(piece: Piece, tree: ast.Module, names: dict[str, str]) -> Piece:
    found = [(node.lineno, node.col_offset, node.id) for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id in names]
    lines = [line.encode() for line in piece.lines]
    heads = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name in names]
    found += [(one.lineno, lines[one.lineno - 1].index(one.name.encode(), one.col_offset + len("def ")), one.name) for one in heads]
    if not found:
        return piece
    for line, start, name in sorted(found, reverse=True):
        text = lines[line - 1]
        lines[line - 1] = text[:start] + names[name].encode() + text[start + len(name.encode()) :]
    return replace(piece, text="\n".join(line.decode() for line in lines), names=tuple(names.get(name, name) for name in piece.names))
