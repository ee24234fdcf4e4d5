"""The line that makes an object, or gives it what it holds, where lines of its methods are told that are right for other objects.

A right value put into a method makes up for what its object was made with. An edit of the line that makes it is tried where nothing sure is
known, or where the line told serves several objects, or calls one that another holds, and no edit of its own mends all. Where an
activation is told of a line that names none, or that is what its class is called, the object was made as another.
"""

from __future__ import annotations

import ast
from itertools import islice
from typing import TYPE_CHECKING

from whygrad.from_code.observe.experiment import last_name
from whygrad.from_code.search.behind_a_helper import mended_by_text
from whygrad.from_code.search.left_at_its_default import called_by, defaults_left, other_than, said_of, with_more
from whygrad.from_code.search.one_edit import holds, keys_of, lines_of, may_be_wrong, mends_all, told_of
from whygrad.from_code.search.spoils_another import spoils
from whygrad.from_code.text.called_by import functions
from whygrad.from_code.text.name_edits import names_of_the_line
from whygrad.from_code.text.rarer_edits import rarer_edits
from whygrad.from_code.text.small_edits import ACTIVATIONS, Edit, edits, nodes_of
from whygrad.from_code.text.table_edits import table_edits
from whygrad.sandbox.trees import is_name, names_in, parameters, parsed, walk, walked

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.edited import Mending
    from whygrad.from_code.search.one_edit import Line

_MOST = 250
"""Edited programs that are run for one function."""
_OF_ARRAYS = frozenset(("T", "shape", "dot", "sum", "copy"))
"""What is asked of an array, and of no object of a class of one's own."""
_ACTIVATIONS = ACTIVATIONS[0][:3], ACTIVATIONS[1]
"""What the names of activations have in them."""


def made_as_another(tried: Sequence[Mending], found: tuple[Finding, ...], kept: Sequence[Mending] = ()) -> tuple[Finding, ...]:
    """The finding at the one such line of which an edit mends all; those given where there is none, or more than one.

    The edited function has to be right in all cases in which it is ``tried``, and those to be ``kept`` right, in theirs.
    """
    mending = tried[0]
    if not found or not all(not one.sure or one.shared or _may_be_right(mending, one) for one in found):
        return found
    mends: dict[int, Finding] = {}
    repeated = any(one.id == "term-repeated" for one in found)
    for (piece, around, line), edit in islice(_edits(mending, list(_makers(mending)), repeated=repeated), _MOST):
        if id(line) not in mends and all(mends_all(one, piece, edit) for one in tried) and not spoils(kept, piece, edit):
            mends[id(line)] = told_of(mending.function, around, piece, edit)
    if len(mends) != 1 or any(one.sure and not _is_its_objects(one) and mended_by_text(one, mending) is not None for one in found):
        return found
    return tuple(mends.values())


def _is_its_objects(one: Finding) -> bool:
    """Whether the activation is told of a line in whose text there is none, or of one that has what its class is called."""
    *_, owner, _ = ("", *one.within.lower().split("."))
    text, called = one.text.lower(), [name in owner for name in _ACTIVATIONS]
    as_called = any(called) and called[-1] == (_ACTIVATIONS[-1] in text)
    return one.id == "activation-wrong" and (as_called or not any(name in text for name in _ACTIVATIONS))


def _may_be_right(mending: Mending, one: Finding) -> bool:
    """Whether a line may be right for other objects than the one that it was run for."""
    return _is_its_objects(one) or _serves_several(mending, one) or _asks_each(mending, one)


def _serves_several(mending: Mending, one: Finding) -> bool:
    """Whether a line stands in a method of which several lines, or calls, make objects, of its class or of one that is made of that."""
    *_, owner, method = ("", "", *one.within.split("."))
    known = {node.name: node for piece in mending.pieces for node in parsed(piece.text).body if isinstance(node, ast.ClassDef)}
    heirs = {name for name, node in known.items() if owner == name or any(owner == ast.unparse(base) for base in node.bases)}
    inside = (node for piece in mending.pieces for node in walked(piece.text) if owner and method and isinstance(node, ast.Call))
    return sum(isinstance(node.func, ast.Name) and node.func.id in heirs for node in inside) > 1


def _asks_each(mending: Mending, one: Finding) -> bool:
    """Whether a line calls what a loop there goes over, or an object holds, or takes something of it: each may be made as another."""
    held = _held_objects(mending)
    return any(
        _is_asked(node, _turns(around)) or (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in held)
        for piece, around, line in lines_of(mending.pieces, mending.function)
        if around.name == last_name(one.within) and holds(piece, line, one)
        for node in nodes_of(line)
    )


def _held_objects(mending: Mending) -> set[str]:
    """The names under which objects hold others, of the program's own classes, from their beginning."""
    lines = (line for _, around, line in _makers(mending) if around.name == "__init__" and isinstance(line, ast.Assign))
    made = [line for line in lines if any(isinstance(node, ast.Call) for node in nodes_of(line))]
    return {node.attr for line in made for target in line.targets for node in walk(target) if isinstance(node, ast.Attribute)}


def _is_asked(node: ast.AST, turns: Collection[str]) -> bool:
    match node:
        case ast.Call(ast.Name(name) | ast.Subscript(_, ast.Name(name))):
            return name in turns
        case ast.Attribute(ast.Name(name) | ast.Subscript(_, ast.Name(name)), part):
            return name in turns and part not in _OF_ARRAYS
        case _:
            return False


def _turns(around: ast.FunctionDef) -> set[str]:
    """The names that loops of a function give what they go over."""
    targets = [node.target for node in walk(around) if isinstance(node, ast.For | ast.comprehension)]
    return set[str]().union(*map(names_in, targets))


def _makers(mending: Mending) -> Iterator[Line]:
    """The lines that make objects of the program's own classes, and those that give an object what it holds from its beginning."""
    classes = _classes(mending)
    for piece, around, line in lines_of(mending.pieces, mending.function) if classes else ():
        made = any(isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in classes for node in nodes_of(line))
        if made or (around.name == "__init__" and any(_is_held(node, parameters(around.args)[:1]) for node in nodes_of(line))):
            yield piece, around, line


def _is_held(node: ast.AST, own: Collection[str]) -> bool:
    match node:
        case ast.Attribute(ast.Name(name), _, ast.Store()):
            return name in own
        case _:
            return False


def _classes(mending: Mending) -> list[str]:
    """The names of the program's classes."""
    return [node.name for piece in mending.pieces for node in parsed(piece.text).body if isinstance(node, ast.ClassDef)]


def _edits(mending: Mending, lines: Sequence[Line], *, repeated: bool) -> Iterator[tuple[Line, Edit]]:
    """The edits of these lines: first another class, then what is handed on, or is not; last what another one got too."""
    classes, keys = _classes(mending), keys_of(mending)
    heads = {called_by(piece, head): head for piece, head in functions(mending.pieces, mending.function) if head.name == "__init__"}
    yield from ((one, edit) for one in lines for edit in _other_classes(one[2], classes))
    for one in lines:
        _, around, line = one
        yield from ((one, edit) for edit in (*_more_given(line, heads), *_never_read(line, around)))
        made = *table_edits(line, keys), *rarer_edits(line, around), *names_of_the_line(line, around), *edits(line)
        yield from ((one, edit) for edit in made if may_be_wrong(mending.pieces, around, line, edit))
    if repeated:
        yield from _given_again(lines, classes)


def _more_given(line: ast.stmt, heads: dict[str, ast.FunctionDef]) -> Iterator[Edit]:
    """What a call that makes an object leaves at its default, as something else."""
    for node in nodes_of(line):
        match node:
            case ast.Call(ast.Name(name)) if name in heads and not any(isinstance(one, ast.Starred) for one in node.args):
                for parameter, default in defaults_left(node, heads[name]):
                    if other := other_than(default, parameter, heads[name]):
                        yield Edit(node, with_more(node, parameter, other), "name-replaced", said_of(node, parameter, default))
            case _:
                pass


def _never_read(line: ast.stmt, around: ast.FunctionDef) -> Iterator[Edit]:
    """What a function is given and never reads, in the place of a text or a number."""
    given = [name for name in parameters(around.args) if not any(is_name(node, name) for node in walk(around))]
    for node in nodes_of(line) if given else ():
        if isinstance(node, ast.Constant):
            says = "{} is given and never read, and {} stands here whatever it is"
            yield from (Edit(node, name, "name-replaced", says.format(name, ast.unparse(node))) for name in given)


def _given_again(lines: Sequence[Line], classes: Collection[str]) -> Iterator[tuple[Line, Edit]]:
    """What a call that makes an object is given, as nothing, where a call before it was given the same."""
    seen = set[tuple[str, str]]()
    for one in lines:
        for node in nodes_of(one[2]):
            match node:
                case ast.Call(ast.Name(name), [*given]) if name in classes:
                    for text, part in ((ast.unparse(part), part) for part in given):
                        if (name, text) in seen:
                            says = f"{text} is given to {name} here, and was to another one: what is computed with both has it twice"
                            yield one, Edit(part, f"(0 * ({text}))", "term-repeated", says)
                        seen.add((name, text))
                case _:
                    pass


def _other_classes(line: ast.stmt, classes: Sequence[str]) -> Iterator[Edit]:
    for node in nodes_of(line):
        match node:
            case ast.Call(ast.Name(name) as called) if name in classes:
                says = f"{ast.unparse(node)} makes an object of another class than the one that belongs here"
                yield from (Edit(called, other, "name-replaced", says) for other in classes if other != name)
            case _:
                pass
