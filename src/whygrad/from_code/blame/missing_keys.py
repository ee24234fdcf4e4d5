"""A dictionary that is asked for a key which it has not: the line to blame is where it should have got it."""

from __future__ import annotations

import ast
import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from whygrad.from_code.line_to_blame import Cause, at
from whygrad.from_code.observe.experiment import last_name
from whygrad.from_code.reference.inputs import COURSE_SIZES, OUTPUTS, case

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_code.observe.stopped import Stopped
    from whygrad.sandbox.places import Place


_HINT = "Print the keys of the dictionary just behind this line, and just before the one that raises. Where should the missing one come in?"
_WHOLE = re.compile(r"\w+\[[^\[\]]*\]")
_CONSTANT = re.compile(r"\w+\[['\"](\w+)['\"]\]")


def key_missed(stopped: Stopped) -> Cause | None:
    """The line to blame for a key that is not there, if it is another one than that which asks for the key."""
    node = stopped.node
    if stopped.raised.type != "KeyError" or not isinstance(node, ast.Subscript) or stopped.function is None:
        return None
    return _key_twice(stopped, node) or _never_asked(stopped, node) or _never_given(stopped, node) or _given_to_another(stopped, node)


def _key_twice(stopped: Stopped, node: ast.Subscript) -> Cause | None:
    """A dictionary in whose braces another key stands twice, once for what belongs under the one that is missing."""
    twice = (key_twice(stopped, node) or [None])[-1]
    if twice is None:
        return None
    so = f"line {stopped.raised.line} raises KeyError because there is none {stopped.raised.text}"
    says = f"gives {ast.unparse(node.value)} the key {twice.value!r} twice, and so {so}"
    return Cause(stopped.at(twice), says)


def key_twice(stopped: Stopped, node: ast.Subscript) -> list[ast.Constant]:
    """The places of a key that stands in braces twice, where one may be the missing one's. A key of one letter may be any other."""
    base, missing = ast.unparse(node.value), stopped.raised.text.strip("'\"")
    made = [line for line in ast.walk(stopped.function) if isinstance(line, ast.Assign) and base in map(ast.unparse, line.targets)]
    for braces in (node.value, *(line.value for line in made)):
        if isinstance(braces, ast.Dict):
            keys = [key for key in braces.keys if isinstance(key, ast.Constant)]
            twice = next((key for key in reversed(keys) if sum(other.value == key.value for other in keys) > 1), None)
            pairs = zip(braces.keys, braces.values, strict=True)
            given = [ast.unparse(value) for key, value in pairs if twice and isinstance(key, ast.Constant) and key.value == twice.value]
            letters = twice is not None and len(str(twice.value)) == len(missing) == 1
            if twice is not None and (letters or _is_like(str(twice.value), missing) or any(_is_like(missing, value) for value in given)):
                return [key for key in keys if key.value == twice.value]
    return []


def _never_asked(stopped: Stopped, node: ast.Subscript) -> Cause | None:
    """A dictionary in whose braces stands a key like the missing one that no line asks for, where several ask for the missing one.

    A key of one letter may be any other.
    """
    base, key = ast.unparse(node.value), stopped.raised.text.strip("'\"")
    nodes = list(ast.walk(stopped.function))
    texts = [one.value for one in nodes if isinstance(one, ast.Constant)]
    for line in nodes:
        if isinstance(line, ast.Assign) and isinstance(line.value, ast.Dict) and base in map(ast.unparse, line.targets):
            keys = [one for one in line.value.keys if isinstance(one, ast.Constant)]
            idle = [one for one in keys if texts.count(one.value) == 1 and one.value not in _keys_of_results(stopped)]
            idle = [one for one in idle if len(str(one.value)) == len(key) == 1 or _is_like(str(one.value), key)]
            if len(keys) > 1 and len(idle) == 1 and key not in {one.value for one in keys} and texts.count(key) > 1:
                so = f"line {stopped.raised.line} raises KeyError because there is none {key!r}"
                where = stopped.at(idle[0])
                return Cause(where, f"gives {base} the key {idle[0].value!r} here, for which no line asks, and so {so}", _HINT)
    return None


def _never_given(stopped: Stopped, node: ast.Subscript) -> Cause | None:
    """A sum under a key of the results, of which no line has made the start: a line gives the start another key, or no line does."""
    name, key = ast.unparse(node.value), stopped.raised.text.strip("'\"")
    results = _keys_of_results(stopped)
    so = f"line {stopped.raised.line}, which adds to what is there, raises KeyError"
    if key not in results or not isinstance(node.value, ast.Name) or not _adds_to(stopped.line, ast.unparse(node)):
        return None
    stores = [(place, stored) for place, stored in _stores(stopped) if place.target.startswith(f"{name}[")]
    other = next(((place, stored) for place, stored in reversed(stores) if stored not in results and _is_like(stored, key)), None)
    if other is not None:
        return Cause(at(other[0]), f"gives {name} the key {other[1]!r} here, and so {so}: there is no key {key!r}", _HINT)
    first = next((one for one in reversed(stopped.records) if one.place.kind == "assign" and one.place.target == name), None)
    if first is None or last_name(first.place.function) != stopped.function.name:
        return None
    if not stores and not first.value:  # it is made empty, so the line that adds to it may as well be the one to mend
        return None
    loops = _loops(stopped, stores[-1][0], around=False) if stores else []
    return Cause(at((loops or [first.place])[-1]), f"gives {name} no key {key!r} here, nor in any line before, and so {so}", _HINT)


def _given_to_another(stopped: Stopped, node: ast.Subscript) -> Cause | None:
    """A key that a loop goes over, and that a line has given to another dictionary, though none of the results is called so."""
    key = stopped.raised.text.strip("'\"")
    if stopped.subject.function in OUTPUTS or key in _keys_of_results(stopped):
        return None
    stores = [place for place, stored in _stores(stopped) if stored == key]
    if not stores or not isinstance(node.slice, ast.Name):
        return None
    so = f"line {stopped.raised.line} raises KeyError because {ast.unparse(node.value)} has no key {key!r}"
    return Cause(at(stores[0]), f"gives {stores[0].target.partition('[')[0]} the key {key!r} here, and so {so}", _HINT)


def _keys_of_results(stopped: Stopped) -> frozenset[str]:
    """The keys of what a backward function hands back."""
    function = stopped.subject.function
    return frozenset() if function in OUTPUTS else frozenset(case(function, COURSE_SIZES, 0).expected)


def _adds_to(line: ast.stmt | None, text: str) -> bool:
    """Whether a statement adds to what stands under a key already."""
    match line:
        case ast.AugAssign(target):
            return ast.unparse(target) == text
        case ast.Assign([target]):
            return ast.unparse(target) == text
        case _:
            return False


def _stores(stopped: Stopped) -> Iterator[tuple[Place, str]]:
    """The places that store something whole in a dictionary before the loop that raises, if it is a loop, and under which key."""
    for record in stopped.records:
        place = record.place
        if place.kind not in {"index", "assign"} or _loops(stopped, place, around=True):
            continue
        if place.kind == "index" and isinstance(record.value, str) and _WHOLE.fullmatch(place.target):
            yield place, record.value
        elif key := _CONSTANT.fullmatch(place.target):
            yield place, key[1]


def _is_like(one: str, key: str) -> bool:
    return bool(one and one in key) or bool(get_close_matches(one, [key], 1))


def _loops(stopped: Stopped, place: Place, *, around: bool) -> list[Place]:
    """The loops around a place in which the line that raises stands too, or those in which it does not."""
    line = (stopped.raised.line or 0) - stopped.shift
    nodes = {node.lineno + stopped.shift: node for node in ast.walk(stopped.function) if isinstance(node, ast.For | ast.While)}
    loops = [stopped.subject.places[number] for number in place.loops]
    return [
        loop for loop in loops if loop.line in nodes and (nodes[loop.line].lineno <= line <= (nodes[loop.line].end_lineno or 0)) == around
    ]
