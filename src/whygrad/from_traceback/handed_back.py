"""A traceback that ends at a call of one of the course's functions, or where what it returned is read: what is asked of it is not there.

The function itself is not quoted. What it lacks is what the error says of the line that calls it, or that reads what it returned.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from whygrad.from_code.naming.broken import hints_of_contract
from whygrad.from_code.reference.inputs import OUTPUTS
from whygrad.from_code.reference.parts import FUNCTIONS
from whygrad.from_traceback.fragment import fragments
from whygrad.from_traceback.holds import run_the_cell
from whygrad.from_traceback.kinds import COUNTED, GIVEN, given_otherwise
from whygrad.from_traceback.told import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_code.naming.broken import Broken
    from whygrad.read.post.frames import Frame, Stopped
    from whygrad.records import Mistake

_CALLED = re.compile(r"^\s*(?P<names>[\w, ()]+?)\s*=\s*(?P<function>\w+)\(", re.MULTILINE)
_UNPACKED = re.compile(r"cannot unpack non-iterable NoneType")
_OF_NONE = re.compile(r"'NoneType' object (?:is not subscriptable|has no attribute)")
_OF_A_SEQUENCE = re.compile(r"(tuple|list) indices must be integers")
_OF_NO_ARRAY = re.compile(r"invalid index to scalar|out of bounds|too many indices|object is not subscriptable|object has no attribute")


@dataclass(frozen=True, slots=True)
class Lacking:
    """What a function does not do: ``id`` is the kind of mistake, ``says`` a clause whose subject is the function."""

    function: str
    id: Broken
    says: str


def lacking_at(name: str, frame: Frame, stopped: Stopped, within: tuple[str, frozenset[str]] | None) -> tuple[Text, Mistake] | None:
    """What a function does not hand back that the line which stopped in ``frame`` asks of it; None where that is not known.

    ``name`` is what the text is called; ``within`` the check of which the same cell had printed some entries, and those that come next.
    """
    last = next(fragments(frame), None)
    if last is None:
        return None
    line, made = last.stopped, _made_by(frame)
    if within is not None and not made:
        made = {entry: (within[0], "") for entry, key in _entries(line) if key in within[1]}
    lacking = {*_of_a_call(line, stopped), *_of_an_entry(line, stopped, made)}
    if len(lacking) != 1:  # of several nobody knows which
        return None
    (one,) = lacking
    text = Text(name, replace(frame, function=one.function), stopped)
    mistake = text.mistake(f"{one.function} {one.says}", hint=run_the_cell(one.function))
    if one.id != "raises":
        mistake = replace(mistake, id=one.id, hints=hints_of_contract(one.id, one.function))
    return text, replace(mistake, location=None)  # the line is none of the function's


def _made_by(frame: Frame) -> dict[str, tuple[str, str]]:
    """The names that the quoted lines above give what a function of the course's returns: that function, and the course's own name."""
    above = "\n".join(text for line, text in sorted(frame.lines.items()) if line < frame.line)
    made: dict[str, tuple[str, str]] = {}
    for found in _CALLED.finditer(above):
        names, function = re.findall(r"\w+", found["names"]), found["function"]
        outputs = OUTPUTS.get(function, ("",))
        if function in FUNCTIONS and len(names) == len(outputs):
            made |= {name: (function, output) for name, output in zip(names, outputs, strict=True)}
    return made


def _entries(line: ast.stmt) -> Iterator[tuple[str, str]]:
    """The entries that a line reads: of what, and under which key."""
    for node in ast.walk(line):
        match node:
            case ast.Subscript(ast.Name(name), ast.Constant(str(key))):
                yield name, key
            case _:
                pass


def _of_a_call(line: ast.stmt, stopped: Stopped) -> Iterator[Lacking]:
    """What is wrong with a function that the line calls, or with how it calls it."""
    calls = [node.func.id for node in ast.walk(line) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    for called in dict.fromkeys(name for name in calls if name in FUNCTIONS):
        if stopped.type == "NameError" and f"'{called}'" in stopped.text:
            yield Lacking(called, "raises", "is not there when it is called: no cell that was run has defined a function of this name")
        elif (given := GIVEN.match(stopped.text)) and given[1] == called and not given_otherwise(called, line):
            yield Lacking(called, "called-otherwise", f"does not take what it is given: {stopped.text}")
    match line:
        case ast.Assign([ast.Tuple()], ast.Call(ast.Name(called))) if called in OUTPUTS:
            expected = f"values: ({', '.join(OUTPUTS[called])})"
            if counted := COUNTED.match(stopped.text):
                number = counted[2] or f"more than {counted[1]}"
                yield Lacking(called, "returned-otherwise", f"returns {number} values, expected {counted[1]} {expected}")
            elif _UNPACKED.match(stopped.text):
                yield Lacking(called, "returned-otherwise", "returns nothing")
        case _:
            pass


def _of_an_entry(line: ast.stmt, stopped: Stopped, made: dict[str, tuple[str, str]]) -> Iterator[Lacking]:
    """What is wrong with what a function has returned, of which the line reads an entry or a part."""
    for node in ast.walk(line):
        match node:
            case ast.Subscript(ast.Name(name), ast.Constant(str(key))) if name in made and not made[name][1]:
                says = _says(stopped, key, _parts_of(line, node))
            case ast.Name(name) if name in made and made[name][1] and _parts_of(line, node):
                says = f"returns None as {made[name][1]}" if _OF_NONE.match(stopped.text) else None
            case _:
                continue
        if says is not None:
            yield Lacking(made[name][0], "returned-otherwise", says)


def _parts_of(line: ast.stmt, node: ast.expr) -> int | None:
    """How often a part is taken of a value; None where the line takes a part of something else too, of which the error may speak."""
    taken = [one for one in ast.walk(line) if isinstance(one, ast.Subscript | ast.Attribute)]
    chain = [node]
    while above := [one for one in taken if one.value is chain[-1]]:
        chain.append(above[0])
    others = [one for one in taken if all(one is not part for part in chain) and not _of_a_module(one)]
    return None if others else len(chain) - 1


def _of_a_module(node: ast.Subscript | ast.Attribute) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "np"


def _says(stopped: Stopped, key: str, parts: int | None) -> str | None:
    """What the error says of a dictionary of which an entry is read, and of that entry so many ``parts``."""
    if stopped.type == "KeyError":
        return f'returns a dictionary without the key "{key}"' if stopped.text.strip("'\"") == key else None
    if parts is None:
        return None
    if _OF_NONE.match(stopped.text):
        kinds = ["nothing"] * ("subscriptable" in stopped.text) + [f'None under the key "{key}"'] * bool(parts)
        return f"returns {', or '.join(kinds)}" if kinds else None
    if kind := _OF_A_SEQUENCE.match(stopped.text):
        return f"returns a {kind[1]}, expected a dictionary"
    if parts and _OF_NO_ARRAY.search(stopped.text):
        return f'returns something under the key "{key}" that has not the shape that is asked for'
    return None
