"""Edits of the names that a line reads: another one of the line, of the function or of the program, or what a loop counts with."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from whygrad.from_code.text.small_edits import NUMPY, Edit, nodes_of
from whygrad.from_code.words import likest
from whygrad.sandbox.trees import holds, is_name, names_in, parameters, parsed, stored_in, walk, walked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.sandbox.requests import Piece

_MOST = 5
"""Names that are tried in the place of one."""


def names_of_the_line(line: ast.stmt, _: ast.FunctionDef) -> Iterator[Edit]:
    """A name that a line reads in the place of another one."""
    read, called = _names_read(line), [node.func for node in nodes_of(line) if isinstance(node, ast.Call)]
    names = dict.fromkeys(node.id for node in read if node not in called and node.id not in NUMPY)
    yield from (_another(node, name) for node in read if node.id in names for name in names if name != node.id)


def other_names(stated: Sequence[str], line: ast.stmt, function: ast.FunctionDef) -> Iterator[Edit]:
    """Another name of the function, or what its object holds, for each that is read: what it was made of first, then the likest.

    For a name of the program another one of it.
    """
    yield from (_another(node, name) for node, others in _others(stated, line, function) for name in others[:_MOST])


def names_handed(stated: Sequence[str], line: ast.stmt, function: ast.FunctionDef) -> Iterator[Edit]:
    """What the function is given in the place of each name that a line reads, where it is too unlike to be among these others."""
    given = parameters(function.args)
    yield from (_another(node, name) for node, others in _others(stated, line, function) for name in others[_MOST:] if name in given)


def _others(stated: Sequence[str], line: ast.stmt, function: ast.FunctionDef) -> Iterator[tuple[ast.Name, list[str]]]:
    """Each name that a line reads, with all that may stand in its place, the likeliest first."""
    stores, given = stored_in(function), parameters(function.args)
    held = [name for name in stated if name.partition(".")[0] in given[:1]]
    stated = [name for name in stated if name.isidentifier()]
    names = list(dict.fromkeys((*given, *stores, *held)))
    read = _names_read(line)
    tried = {node.id for node in read}
    for node in read:
        if node.id in {*names, *stated}:
            made_of = _made_of(node, function)
            others = likest(node.id, (name for name in (names if node.id in names else stated) if name not in tried))
            yield node, sorted(others, key=lambda name, made_of=made_of: name not in made_of)


def names_returned(line: ast.stmt, function: ast.FunctionDef) -> Iterator[Edit]:
    """Each other name that the function gives a value in the place of one that a line returns."""
    for node in _names_read(line) if isinstance(line, ast.Return) else ():
        yield from (_another(node, name) for name in stored_in(function) if name != node.id)


def names_never_read(line: ast.stmt, function: ast.FunctionDef) -> Iterator[Edit]:
    """A name that the function reads in the place of one that the line gives a value and that no line reads."""
    read = list(dict.fromkeys(node.id for node in walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)))
    given = {node.id: node for node in nodes_of(line) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    for name, node in given.items():
        says = f"what is made here is called {name}, and no line reads that"
        others = (other for other in read if name not in read and other not in given and other not in NUMPY)
        yield from (Edit(node, other, "name-replaced", says) for other in others)


def _made_of(name: ast.Name, function: ast.FunctionDef) -> set[str]:
    """The names in the last assignment of a name above the line that reads it; of a size, those of the other sizes of the same array."""
    for line in walk(function):
        match line:
            case ast.Assign([ast.Tuple() as sizes], ast.Attribute(_, "shape")) if name.id in stored_in(sizes):
                return set(stored_in(sizes))
            case _:
                pass
    lines = (line for line in walk(function) if isinstance(line, ast.Assign) and line.lineno < name.lineno)
    gives = [line for line in lines if any(is_name(target, name.id) for target in line.targets)]
    return {node.id for node in _names_read(max(gives, key=lambda line: line.lineno))} if gives else set()


def turns(line: ast.stmt, function: ast.FunctionDef) -> Iterator[Edit]:
    """What a loop counts with in the place of a number, or of what is computed of it, as an index."""
    loops = [node for node in walk(function) if isinstance(node, ast.For) and holds(node, line)]
    counters = [target.id for loop in loops for target in walk(loop.target) if isinstance(target, ast.Name)]
    for node in nodes_of(line):
        match node:
            case ast.Subscript(_, ast.Constant() | ast.UnaryOp() | ast.Tuple()):
                says = f"{ast.unparse(node)} is the same at every turn of the loop"
                parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
                fixed = (part for part in parts if re.fullmatch(r"-?\d+", ast.unparse(part)))
                yield from (Edit(index, name, "slice-wrong", says) for index in fixed for name in counters)
            case ast.Subscript(_, ast.BinOp() as index):
                says = f"{ast.unparse(node)} takes another part than the one that belongs here"
                read = names_in(index)
                yield from (Edit(index, name, "slice-wrong", says) for name in counters if name in read)
            case _:
                pass


def names_of_the_program(pieces: Sequence[Piece]) -> list[str]:
    """The names that the program gives a value outside of its functions, and what its objects hold."""
    stated = (node for piece in pieces for node in parsed(piece.text).body if isinstance(node, ast.Assign))
    names = [target.id for node in stated for target in node.targets if isinstance(target, ast.Name)]
    chains = (node for piece in pieces for node in walked(piece.text) if isinstance(node, ast.Attribute))
    held = (ast.unparse(node) for node in chains if isinstance(node.ctx, ast.Store) and isinstance(node.value, ast.Name))
    return list(dict.fromkeys((*names, *held)))


def _names_read(line: ast.stmt) -> list[ast.Name]:
    return [node for node in nodes_of(line) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)]


def _another(node: ast.Name, name: str) -> Edit:
    return Edit(node, name, "name-replaced", f"{node.id} stands here, where another name belongs")
