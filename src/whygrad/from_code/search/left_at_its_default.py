"""Calls that leave a helper's parameter at its default, where another value may belong: ``gate("c")`` where ``kind`` is sigmoid then.

The helper is right for the other calls, and so is what it goes through.
"""

from __future__ import annotations

import ast
import re
from copy import deepcopy
from typing import TYPE_CHECKING

from whygrad.from_code.naming.wording import asked
from whygrad.from_code.observe.edited import edited, finding_at
from whygrad.from_code.search.slips_tried import Option
from whygrad.from_code.text.called_by import functions
from whygrad.sandbox.trees import parsed, stored_in, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.edited import Mending
    from whygrad.sandbox.requests import Piece

_TANH = "tanh"


def left_at_a_default(mending: Mending, found: Sequence[Finding]) -> Iterator[Option]:
    """Such calls, each with the one other value that may belong, where something is told of a helper's line, or of what they make."""
    pieces, function = mending.pieces, mending.function
    within = any(one.within != function for one in found)
    read = {word for one in found if one.id in {None, "name-replaced"} for word in re.findall(r"\w+", one.text)}
    if not within and not read:
        return
    around = functions(pieces, function)
    defined = (node for _, caller in around for node in walk(caller) if isinstance(node, ast.FunctionDef))
    helpers = {node.name: node for node in defined if node.name != function}
    for piece, caller in around:
        told = (line for line in walk(caller) if isinstance(line, ast.Assign) and (within or not read.isdisjoint(stored_in(line))))
        for node in (node for line in told for node in walk(line.value)) if caller.name == function else ():
            match node:
                case ast.Call(ast.Name(name)) if name in helpers and not any(isinstance(one, ast.Starred) for one in node.args):
                    for parameter, default in defaults_left(node, helpers[name]):
                        if other := other_than(default, parameter, helpers[name]):
                            program = edited(pieces, piece, node, with_more(node, parameter, other)).pieces
                            yield Option(_told(function, piece, node, parameter, default), program)
                case _:
                    pass


def defaults_left(call: ast.Call, helper: ast.FunctionDef) -> Iterator[tuple[str, ast.expr]]:
    """The parameters that a call does not give, with what they are then."""
    given, named = len(call.args) + (helper.name == "__init__"), {one.arg for one in call.keywords}
    plain = [one.arg for one in (*helper.args.posonlyargs, *helper.args.args)]
    by_place = zip(plain[len(plain) - len(helper.args.defaults) :], helper.args.defaults, strict=True)
    yield from ((name, default) for name, default in by_place if plain.index(name) >= given and name not in named)
    only_named = zip(helper.args.kwonlyargs, helper.args.kw_defaults, strict=True)
    yield from ((one.arg, default) for one, default in only_named if default is not None and one.arg not in named)


def called_by(piece: Piece, helper: ast.FunctionDef) -> str:
    """The name by which a helper is called: of what makes the objects of a class that of the class."""
    owners = (node for node in parsed(piece.text).body if isinstance(node, ast.ClassDef) and any(one is helper for one in node.body))
    return next((owner.name for owner in owners if helper.name == "__init__"), helper.name)


def other_than(default: ast.expr, parameter: str, helper: ast.FunctionDef) -> str:
    """What else a parameter may be: the text that the helper asks for, the other truth, or tanh for another function."""
    match default:
        case ast.Constant(bool(value)):
            return str(not value)
        case ast.Constant(str(value)):
            return repr(next((text for text in asked_for(parameter, helper) if text != value), _TANH))
        case ast.Name(name) | ast.Attribute(attr=name) if name != _TANH:
            return f"np.{_TANH}"
        case _:
            return ""


def asked_for(parameter: str, helper: ast.FunctionDef) -> Iterator[str]:
    """The texts that a helper compares a parameter with."""
    for node in walk(helper):
        match node:
            case ast.Compare(ast.Name(name), [_], [ast.Constant(str(text))]) if name == parameter:
                yield text
            case _:
                pass


def with_more(call: ast.Call, parameter: str, value: str) -> str:
    """A call that gives a parameter too."""
    changed = deepcopy(call)
    changed.keywords.append(ast.keyword(parameter, ast.Name(value)))
    return ast.unparse(changed)


def said_of(call: ast.Call, parameter: str, default: ast.expr) -> str:
    """What is said of a call that leaves a parameter at its default."""
    given, is_then = ast.unparse(call.func), ast.unparse(default)
    return f"{given} is given no {parameter} in this call, which is {is_then} then, where something else belongs"


def _told(function: str, piece: Piece, call: ast.Call, parameter: str, default: ast.expr) -> Finding:
    name, says = ast.unparse(call.func), said_of(call, parameter, default)
    hints = (
        f"Look at the calls of {name} in {function}.",
        f"What a call does not give is what the head of {name} says. Ask of each call: does that belong to it?",
        asked(function),
    )
    return finding_at(piece, call, function, "name-replaced", says, hints=hints, quantity=name)
