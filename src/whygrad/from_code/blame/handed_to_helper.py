"""A helper that raises since it is handed what it cannot use at all: a number where it asks for parts, or a tuple to compute with."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, cast

from whygrad.from_code.line_to_blame import Cause, at
from whygrad.from_code.observe.arrays import array_of
from whygrad.from_code.observe.experiment import callee, last_name
from whygrad.from_code.words import kind
from whygrad.sandbox.signatures import parameter
from whygrad.sandbox.trees import holds, is_name, parameters, walked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_code.observe.stopped import Stopped

_HINT = "Hold this call beside the first line of what it calls. What does the helper do with this argument, and can it do that with this?"
_NO_KEY = "only integers"
"""What an array says that is asked for a key."""
_OF_THE_KIND = frozenset(("TypeError", "ValueError", "IndexError", "AttributeError", "UFuncTypeError"))


def handed_to_helper(stopped: Stopped) -> Cause | None:
    """The function's call that hands a helper, or a named lambda, something of a kind with which none of its lines can do anything."""
    subject = stopped.subject
    helper = _helper(stopped) if stopped.raised.type in _OF_THE_KIND else None
    if helper is None:
        return None
    name, arguments, body = helper
    names = parameters(arguments)
    for record in reversed(stopped.records):
        place = record.place
        if place.kind != "argument" or callee(place.target) != name or last_name(place.function) != subject.function:
            continue
        given = parameter(names[names[:1] == ["self"] :], place.target)
        uses = list(_uses(body, given)) if given in names else []
        holds_parts = isinstance(record.value, (dict, tuple, list, str))
        has_no_keys = isinstance(record.value, (int, float)) or (array_of(record.value) is not None and _NO_KEY in stopped.raised.text)
        here = [use for use in uses if stopped.node is not None and holds(use, stopped.node)]
        computed = all(_is_of_numbers(use, given) for use in uses)
        asked = all(isinstance(use, ast.Subscript) and is_name(use.value, given) for use in uses)
        if uses and here and ((holds_parts and computed) or (has_no_keys and asked)):
            what = "computes with it" if holds_parts else "asks it for its parts"
            text = " ".join(place.text.split())
            says = f"hands {text}, which is {kind(record.value)}, to {name}, which {what}: {stopped.so}"
            return Cause(at(place), says, _HINT)
    return None


def _helper(stopped: Stopped) -> tuple[str, ast.arguments, ast.AST] | None:
    """The name, the parameters and the body of what raised, if it is not the function itself."""
    if stopped.function is not None:
        here = stopped.function.name == stopped.subject.function
        return None if here else (stopped.function.name, stopped.function.args, stopped.function)
    for piece in stopped.subject.pieces:
        for node in walked(piece.text) if piece.source == stopped.raised.source else ():
            named = isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda) and isinstance(node.targets[0], ast.Name)
            if named and holds(node, stopped.node):
                assign = cast("ast.Assign", node)
                lambda_ = cast("ast.Lambda", assign.value)
                return cast("ast.Name", assign.targets[0]).id, lambda_.args, lambda_.body
    return None


def _uses(body: ast.AST, name: str) -> Iterator[ast.AST]:
    """What each mention of a parameter stands in."""
    if is_name(body, name):
        yield body
    for node in ast.walk(body):
        yield from (node for child in ast.iter_child_nodes(node) if is_name(child, name))


def _is_of_numbers(use: ast.AST, name: str) -> bool:
    """Whether nothing but numbers and arrays can be computed with so: a tuple or a list can be added to, or be repeated."""
    if isinstance(use, ast.BinOp) and isinstance(use.op, ast.Mult):
        return is_name(use.left, name) and is_name(use.right, name)
    return isinstance(use, ast.UnaryOp) or (isinstance(use, ast.BinOp) and not isinstance(use.op, ast.Add))
