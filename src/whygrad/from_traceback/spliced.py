"""One of the course's own functions with somebody's quoted lines in it, in the place of its own lines for the same."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.from_code.reference.parts import FUNCTIONS
from whygrad.from_traceback.fragment import entries_or_names, in_order, read_in, targets
from whygrad.sandbox.trees import names_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_traceback.fragment import Fragment

_PROGRAM = {name: lines for name, lines in SEQUENCE_MODELS.functions.items() if not name.endswith("_check")}
_HELPERS = tuple(line for name, lines in _PROGRAM.items() if name not in FUNCTIONS for line in lines)
_BLOCK = "    "
_STACKED = "np.concatenate((a_prev, xt), axis=0)"
_ALSO = {
    "rnn_cell_forward": ("by", "n_x, m = xt.shape", "n_y, n_a = Wya.shape"),
    "rnn_cell_backward": ("Waa", "n_x, m = xt.shape", "n_a, m = a_next.shape", 'Wya = parameters["Wya"]', 'ba = parameters["ba"]'),
    "rnn_backward": ("gradients", 'dxt, dWaxt, dWaat, dbat = (gradients[key] for key in ("dxt", "dWax", "dWaa", "dba"))'),
    "lstm_cell_forward": ("by", "n_x, m = xt.shape", "n_y, n_a = Wy.shape"),
    "lstm_cell_backward": ("n_a", "n_x, m = xt.shape", f"concat = {_STACKED}"),
}
"""What many people make on the way, by the names that the course gives it: behind the line that gives the first name its value."""


@dataclass(frozen=True, slots=True)
class Spliced:
    """A program of that one function: its ``text``, and which of somebody's lines each of its lines is (both from 1).

    ``stops`` are those of the last statement.
    """

    text: str
    lines: dict[int, int]
    stops: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Line:
    """One of the course's lines, which is one statement or the head of a loop."""

    text: str
    indent: str
    node: ast.stmt | None

    def gives(self) -> set[str]:
        return set() if self.node is None else targets(self.node)

    def calls(self) -> set[str]:
        return set() if self.node is None else _called(self.node)


def spliced(function: str, fragment: Fragment) -> Iterator[Spliced]:
    """The programs in which the fragment stands where it may have stood.

    That is where the course's own line gives a value to the same names, or calls the same function; else, at the end of the loop, and
    where all that stands before it is known.
    """
    own, given, read = _own_lines(function), fragment.given(), frozenset(fragment.read())
    for at, indent in _places(own, fragment):
        same = own[at] if _is_same(own[at], fragment) else None
        above = [line for line in own[:at] if not _is_given(line, indent, given - read)]
        below = [line for line in own[at + (same is not None) :] if not _is_given(line, indent, given)]
        for names in dict.fromkeys((_other_names(own, at, fragment), ())):
            yield _joined(function, _Around(above, same, below, indent, names), fragment)


def asked(function: str, fragment: Fragment, before: str) -> Iterator[Spliced]:
    """The same programs with a line more in front of the fragment."""
    for program in spliced(function, fragment):
        lines = program.text.split("\n")
        first = min(program.lines) - 1
        indent = lines[first][: len(lines[first]) - len(lines[first].lstrip())]
        lines.insert(first, indent + before)
        moved = {line + 1: own for line, own in program.lines.items()}
        yield Spliced("\n".join(lines), moved, frozenset(line + 1 for line in program.stops))


def _is_given(line: _Line, indent: str, names: frozenset[str]) -> bool:
    """Whether a line does nothing but give values to names to which lines of the same block give others."""
    return line.indent == indent and bool(line.gives()) and line.gives() <= names


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands before and behind somebody's lines, and the course's line that they replace; ``names`` are theirs with the course's."""

    above: list[_Line]
    same: _Line | None
    below: list[_Line]
    indent: str
    names: tuple[tuple[str, str], ...]


@cache
def _own_lines(function: str) -> tuple[_Line, ...]:
    """The function's lines; those that many people have too stand where all that they read is there."""
    body = [_line(text) for text in _PROGRAM[function][1:]]
    behind, *texts = _ALSO.get(function, ("",))
    at = next((at for at, line in enumerate(body, 1) if behind in line.gives()), 0)
    rest = [line if "concat" in line.gives() else _line(line.indent + line.text.replace(_STACKED, "concat")) for line in body[at:]]
    return (*body[:at], *(_line(body[at - 1].indent + text) for text in texts), *rest)


def _line(text: str) -> _Line:
    stripped = text.lstrip()
    node = None if stripped.endswith(":") else ast.parse(stripped).body[0]
    return _Line(stripped, text[: len(text) - len(stripped)], node)


def _called(node: ast.AST) -> set[str]:
    return names_in(node) & set(FUNCTIONS)


def _is_same(line: _Line, fragment: Fragment) -> bool:
    """Whether a line of the course's does what the last of the fragment does."""
    stopped = fragment.stopped
    if line.node is None or isinstance(stopped, ast.Return) or isinstance(line.node, ast.Return):
        return isinstance(stopped, ast.Return) and isinstance(line.node, ast.Return)
    called = _called(stopped)
    return bool(called & line.calls() if called else targets(stopped) & line.gives())


def _root(target: str) -> str:
    """The array of which a part is written."""
    return target.partition("[")[0]


def _places(own: tuple[_Line, ...], fragment: Fragment) -> Iterator[tuple[int, str]]:
    """Before which of the course's lines it goes, and how far to the right."""
    same = [at for at, line in enumerate(own) if _is_same(line, fragment)]
    roots = {_root(name) for name in fragment.given()}
    near = [at for at, line in enumerate(own) if roots & {_root(name) for name in line.gives()}]
    loop = next((at for at, line in enumerate(own) if line.node is None), None)
    packed = max(at for at, line in enumerate(own) if line.gives() & {"gradients", "cache", "caches"} and line.indent == _BLOCK)
    yield from dict.fromkeys((at, own[at].indent) for at in reversed(same or near))
    if same:
        return
    if loop is not None:
        yield next(at for at, line in enumerate(own) if at > loop and line.indent == _BLOCK), 2 * _BLOCK
    yield packed if loop is None else loop, _BLOCK


def _other_names(own: tuple[_Line, ...], at: int, fragment: Fragment) -> tuple[tuple[str, str], ...]:
    """What somebody calls otherwise: a dictionary that has the cell's keys, or the one name that is left for the one that is missing."""
    have = {name for line in own[:at] for name in line.gives()}
    every = {name for line in own if line.node is not None for name in (*line.gives(), *read_in(line.node))} | {*_PROGRAM, "t"}
    unknown = [name for name in fragment.read() if name not in every]
    found = {name: "gradients" for name in unknown if "gradients" in have and _has_keys(fragment, name)}
    found |= {name: "t" for name in unknown if own[at].indent != _BLOCK and _is_index(fragment, name)}
    left = [name for name in unknown if name not in found]
    course = own[at].node
    if len(left) == 1 and course is not None and _is_same(own[at], fragment):
        mine = entries_or_names(fragment.stopped)
        others = [read for read in entries_or_names(course) if read not in mine and _root(read) in have]
        found |= {left[0]: others[0]} if len(others) == 1 else {}
    return tuple(found.items())


def _has_keys(fragment: Fragment, name: str) -> bool:
    return any(read.startswith(f"{name}[") for node in fragment.nodes for read in entries_or_names(node))


def _is_index(fragment: Fragment, name: str) -> bool:
    """Whether a name says which entry or step of an array or a list is meant."""
    slices = (part.slice for node in fragment.nodes for part in ast.walk(node) if isinstance(part, ast.Subscript))
    return any(name in names_in(index) for index in slices)


def _joined(function: str, around: _Around, fragment: Fragment) -> Spliced:
    texts = ["import numpy as np", *_HELPERS, _PROGRAM[function][0], *(line.indent + line.text for line in around.above)]
    texts += [f"{around.indent}{own} = {course}" for own, course in around.names]
    first = len(texts) + 1
    texts += [around.indent + line for line in fragment.lines]
    texts += [f"{around.indent}{course} = {own}" for own, course in _handed_on(around.same, fragment)]
    texts += [line.indent + line.text for line in around.below]
    own_lines = {first + at: fragment.line + at for at in range(len(fragment.lines))}
    return Spliced("\n".join(texts) + "\n", own_lines, frozenset(range(first + fragment.own_line, first + len(fragment.lines))))


def _handed_on(same: _Line | None, fragment: Fragment) -> Iterator[tuple[str, str]]:
    """Somebody's names of what a call gives, with the course's, which its own lines go on with."""
    stopped = fragment.stopped
    if same is None or not isinstance(same.node, ast.Assign) or not isinstance(stopped, ast.Assign) or not _called(stopped):
        return
    mine, course = in_order(stopped), in_order(same.node)
    if len(mine) == len(course):
        yield from ((one, other) for one, other in zip(mine, course, strict=True) if other not in mine)
