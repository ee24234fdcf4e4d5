"""What the error itself says of something that the quoted line reads or calls: how many values it holds or takes, of which kind it is."""

from __future__ import annotations

import ast
import re
from inspect import Parameter, Signature
from typing import TYPE_CHECKING

from whygrad.from_code.reference.parts import ARGUMENTS
from whygrad.from_traceback.holds import where_given
from whygrad.mistakes.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_traceback.fragment import Fragment
    from whygrad.from_traceback.told import Text
    from whygrad.records import Mistake

COUNTED = re.compile(r"(?:not enough|too many) values to unpack \(expected (\d+)(?:, got (\d+))?\)")
GIVEN = re.compile(r"(?:\w+\.)*(\w+)\(\) (?:takes|missing|got) ")
"""What is said of a function that is given other arguments than it takes."""
_NO_ATTRIBUTE = re.compile(r"'(\w+)' object has no attribute '(\w+)'")
_NO_INDEX = re.compile(r"(list|tuple) indices must be integers or slices, not tuple")
_NO_ROOM = re.compile(r"non-broadcastable output operand with shape (\([\d, ]+\)) doesn't match the broadcast shape (\([\d, ]+\))")
_TOO_SHORT = re.compile(r"(?:list|tuple) index out of range")
_IN_PLACE = frozenset(("append", "extend", "insert", "reverse", "sort"))


def gives_otherwise(text: Text, fragment: Fragment) -> Mistake | None:
    """The mistake that the line gives a function of the course's other values than the assignment does; None where it does not."""
    given = GIVEN.match(text.stopped.text)
    says = given_otherwise(given[1], fragment.stopped) if given else None
    return text.mistake(f"{text.function} raises {text.stopped.type} because {says}") if says else None


def given_otherwise(function: str, line: ast.stmt) -> str | None:
    """What a call of a function of the course's in a line does not give as the assignment does; None where each gives just that."""
    takes = ARGUMENTS.get(function, ())
    signature = Signature([Parameter(name, Parameter.POSITIONAL_OR_KEYWORD) for name in takes])
    calls = [call for call in ast.walk(line) if isinstance(call, ast.Call) and ast.unparse(call.func) == function] if takes else []
    for call in calls:
        names = [keyword.arg or "" for keyword in call.keywords]
        if "" in names or any(isinstance(one, ast.Starred) for one in call.args):
            continue
        try:
            signature.bind(*call.args, **dict.fromkeys(names))
        except TypeError:
            many = len(call.args) + len(names)
            here = f"{many} {'is' if many == 1 else 'are'} given here" if many != len(takes) else "others are given here"
            return f"{function} takes {counted(len(takes), 'value')} ({', '.join(takes)}), and {here}"
    return None


def keeps_nothing(text: Text, fragment: Fragment) -> Mistake | None:
    """The mistake that the line keeps what a list's own method returns, so that at the next turn it has no list; None where it does not."""
    match fragment.stopped:
        case ast.Assign([ast.Name(name)], ast.Call(ast.Attribute(ast.Name(other), method))) if name == other and method in _IN_PLACE:
            of_none = _NO_ATTRIBUTE.match(text.stopped.text)
            if of_none is None or of_none[1] != "NoneType":
                return None
            says = f"{name} is None from the second turn on: {method} changes the list and returns nothing, and this line keeps that"
            return text.mistake(says, name=name, hint=f"Print {name} at the end of the first turn, and of the second.")
        case _:
            return None


def is_of_another_kind(text: Text, fragment: Fragment) -> Mistake | None:
    """The mistake that what the line reads is not of the kind that it needs; None where the error does not say of what it speaks."""
    said = {read: (says, where) for read, says, where in _said(fragment.stopped, text.stopped.text)}
    if len(said) != 1:
        return None
    ((read, (says, where)),) = said.items()
    name, _, key = read.partition("[")
    hint = f"Print {name} just before this line, and its length. Which line gave it what it holds?"
    where = where or where_given(text.function, name, key)
    return text.mistake(f"{read} {says} when {text.function} comes to this line: {where}", name=name, hint=hint)


def has_no_room(text: Text, fragment: Fragment) -> Mistake | None:
    """The mistake that what the line adds to an array does not fit into it; None where the error says something else."""
    room, line = _NO_ROOM.match(text.stopped.text), fragment.stopped
    if room is None or not isinstance(line, ast.AugAssign):
        return None
    target, value = ast.unparse(line.target), ast.unparse(line.value)
    says = (
        f"{target} has the shape {room[1]}, and with {value} it would be {room[2]}, when {text.function} comes to this line: "
        "one of the two has not the shape of what it is the gradient of"
    )
    hint = f"Print the shapes of {target} and {value} just before this line. Which line gave each of them its shape?"
    return text.mistake(says, name=target, hint=hint)


def _said(line: ast.stmt, error: str) -> Iterator[tuple[str, str, str]]:
    """What is read, what the error says of it, and what that comes of, where more is known than which line gave it its value."""
    if (counted := COUNTED.match(error)) and isinstance(line, ast.Assign) and isinstance(line.value, ast.Name | ast.Subscript):
        yield ast.unparse(line.value), f"holds {f'{counted[2]} values and not' if counted[2] else 'more values than'} {counted[1]}", ""
    for node in ast.walk(line):
        match node:
            case ast.Attribute(ast.Name(name), attribute) if (kind := _NO_ATTRIBUTE.match(error)) and attribute == kind[2]:
                yield name, f"is {'None' if kind[1] == 'NoneType' else f'of the type {kind[1]}'}, which has no {attribute},", ""
            case ast.Subscript(ast.Name(name), ast.Tuple()) if kind := _NO_INDEX.match(error):
                yield name, f"is a {kind[1]} and no array", ""
            case ast.Subscript(ast.Name(name), ast.Name() | ast.Constant(int()) | ast.BinOp() | ast.UnaryOp()) if _TOO_SHORT.match(error):
                yield name, f"has no entry {ast.unparse(node.slice)}", "it is shorter than it should be, or this number is too large"
            case _:
                pass
