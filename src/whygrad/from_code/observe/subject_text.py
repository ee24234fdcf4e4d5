"""What the text of a function under observation tells: names that are never read, values that are lost, what is never reached."""

from __future__ import annotations

import ast
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_code.observe.harmless import CALLS
from whygrad.from_code.text.lost import lost
from whygrad.sandbox.signatures import signatures
from whygrad.sandbox.trees import is_name, parsed, walk, walked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.sandbox.places import Place
    from whygrad.sandbox.requests import Piece


class SubjectText:
    """The text of one function, and of the program around it."""

    def __init__(self, pieces: Sequence[Piece], function: str) -> None:
        self._pieces, self._name = pieces, function

    @cached_property
    def _written(self) -> tuple[ast.FunctionDef, int] | None:
        """The function's syntax tree, and how many lines stand before its text."""
        for piece in self._pieces:
            for node in walked(piece.text) if self._name in piece.text else ():
                if isinstance(node, ast.FunctionDef) and node.name == self._name:
                    return node, piece.line - 1
        return None

    @cached_property
    def unread(self) -> frozenset[str]:
        """The names of the function that get a value and are read nowhere in it."""
        names = [node for node in walk(self._written[0]) if isinstance(node, ast.Name)] if self._written is not None else []
        return frozenset(node.id for node in names) - {node.id for node in names if isinstance(node.ctx, ast.Load)}

    @cached_property
    def of_numpy(self) -> dict[str, object]:
        """NumPy's functions that the program knows by names of its own, ``mm = np.matmul``, by these."""
        found: dict[str, object] = {}
        for node in (node for piece in self._pieces for node in parsed(piece.text).body):
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Attribute(value=ast.Name(id="np" | "numpy"), attr=called)):
                    found |= {name: getattr(np, called)} if called in CALLS else {}
                case ast.ImportFrom(module="numpy", names=names):
                    found |= {alias.asname: getattr(np, alias.name) for alias in names if alias.asname and alias.name in CALLS}
                case _:
                    pass
        return found

    def also_called(self, called: str) -> frozenset[str]:
        """Other names by which the function knows one that it calls, of which it may have given some arguments by their names already."""
        lines = (node for piece in self._pieces for node in parsed(piece.text).body)
        found: set[str] = set()
        for node in (*lines, *(walk(self._written[0]) if self._written is not None else ())):
            match node:
                case ast.Assign(
                    targets=[ast.Name(id=name)],
                    value=ast.Name(id=of) | ast.Call(func=ast.Name(id="partial") | ast.Attribute(attr="partial"), args=[ast.Name(id=of)]),
                ) if of == called:
                    found.add(name)
                case _:
                    pass
        return frozenset(found)

    def loses(self, place: Place) -> bool:
        """Whether a name gets a value at a place of the function that no line reads."""
        return place.function == self._name and (place.target, place.line) in self._lost

    @cached_property
    def _lost(self) -> frozenset[tuple[str, int]]:
        if self._written is None:
            return frozenset()
        return frozenset((name, line + self._written[1]) for name, line in lost(self._written[0]))

    def reads_later(self, place: Place) -> bool:
        """Whether the function reads the name that gets a value at a place below that, before another line gives it one."""
        if self._written is None or place.function != self._name:
            return False
        line = place.end_line - self._written[1]
        later = [one for one in walk(self._written[0]) if isinstance(one, ast.Name) and one.id == place.target and one.lineno > line]
        first = min(later, key=lambda one: (one.lineno, isinstance(one.ctx, ast.Store)), default=None)
        return first is not None and isinstance(first.ctx, ast.Load)

    def counted_with(self, place: Place) -> int:
        """How often the body of the function's loop at a place reads what the loop counts with."""
        if self._written is None or place.function != self._name:
            return 0
        function, before = self._written
        loops = (node for node in walk(function) if isinstance(node, ast.For) and node.lineno + before == place.line)
        return sum(is_name(node, place.target) for loop in loops for line in loop.body for node in walk(line))

    def below(self, place: Place) -> str:
        """What stands below a return of the function that is reached at each call, and so is never run."""
        if self._written is None:
            return ""
        function, before = self._written
        lines = [line.lineno + before for line in function.body]
        never = function.body[lines.index(place.line) + 1 :] if place.line in lines else []
        return "\n".join(map(ast.unparse, never))

    def right_side(self, place: Place) -> str:
        """The text right of the equals sign of the assignment in which a place stands; empty where there is none."""
        piece = self._around(place)
        if piece is None:
            return ""
        for node in walked(piece.text):
            if isinstance(node, ast.Assign) and node.lineno <= place.line - piece.line + 1 <= (node.end_lineno or 0):
                return ast.get_source_segment(piece.text, node.value) or ""
        return ""

    def _around(self, place: Place) -> Piece | None:
        """The piece in which a place stands: of a method's function and its class, where its columns are others, the function."""
        around = (one for one in self._pieces if one.source == place.source and one.line <= place.line < one.line + len(one.lines))
        return min(around, key=lambda one: len(one.lines), default=None)

    def gives_itself(self, place: Place) -> bool:
        """Whether a line is ``x = x``, or does that for one of several names, as in ``x, y = x, 2 * y``."""
        if place.kind == "assign":
            return place.computes.strip() == place.target
        return place.kind == "target" and place.text == place.target and not self._is_left(place)

    def _is_left(self, place: Place) -> bool:
        """Whether a place is a name left of an equals sign, and not a value right of it."""
        piece = self._around(place)
        if piece is None:
            return False
        line = place.line - piece.line + 1
        column = len(piece.lines[line - 1][: place.column - 1].encode())
        return any(
            isinstance(getattr(node, "ctx", None), ast.Store)
            and (getattr(node, "lineno", 0), getattr(node, "col_offset", -1)) == (line, column)
            for node in walked(piece.text)
        )

    @cached_property
    def signatures(self) -> dict[str, list[str]]:
        """The names of the parameters of each of the learner's functions."""
        return signatures(self._pieces)
