"""The places in somebody's code at which a run can be watched: what is computed there, and where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    import ast

    from whygrad.records import Piece

Kind = Literal[
    "assign",  # the right side of an assignment (also := and slices)
    "target",  # one name of several that are assigned together
    "right",  # the right side of += and the like
    "before",  # what stood left of += before it
    "after",  # what stands there afterwards
    "index",  # where a slice is written to
    "value",  # an element of a displayed tuple, list or dictionary
    "argument",  # an argument of a call
    "return",  # what is returned
    "loop",  # what a loop runs over
    "while",  # the condition under which a loop goes on
    "condition",  # whether an if holds
    "element",  # what a comprehension collects
    "read",  # a name, or a chain such as self.df, cache["ft"] or W.T, that is read within an expression
    "part",  # any other part of an expression
]


class Place(NamedTuple):
    """A place in the code.

    ``function`` is the qualified name of the function around it, ``source``, ``line`` and ``column`` say where it begins (from 1) and
    ``end_line``, ``end`` where it ends (the column after its last character). ``text`` quotes it: for an assignment the whole statement,
    for an argument that ``*items`` hands on "items[0]".
    ``target`` is the text that is assigned to; for an element of a dictionary its key's, for an argument "function(0)" or "function(name)".
    ``statement`` numbers the statement, ``parent`` is the place within which it stands (-1 for none), ``loops`` are the loops around
    it within its function, those of comprehensions too, from the outside in.

    A tuple, because there are so many that making them took long.
    """

    id: int
    function: str
    kind: Kind
    source: str
    line: int
    column: int
    end_line: int
    end: int
    text: str
    target: str
    statement: int
    parent: int
    loops: tuple[int, ...] = ()

    @property
    def computes(self) -> str:
        """What is computed there, as text: of an assignment what stands right of its first equals sign, if it is written with one."""
        return (self.text.partition("=")[2] if self.kind == "assign" else "") or self.text


class Text:
    """A piece's text, from which stretches are quoted; its first line has the number ``first`` in the tree."""

    def __init__(self, piece: Piece, first: int = 1) -> None:
        self._lines, self._first = piece.lines, first
        self._plain = piece.text.isascii()

    def span(self, node: ast.AST) -> tuple[int, int, int, int]:
        """First line, as in the tree, column, last line and column after the end of a node, columns from 1."""
        line, column = getattr(node, "lineno", self._first), getattr(node, "col_offset", 0)
        end_line, end = getattr(node, "end_lineno", line), getattr(node, "end_col_offset", column)
        return line, self._characters(line, column) + 1, end_line, self._characters(end_line, end) + 1

    def of(self, node: ast.AST) -> str:
        """The text of a node as it was written."""
        line, column, end_line, end = self.span(node)
        if line == end_line:
            return self._lines[line - self._first][column - 1 : end - 1]
        first, last = line - self._first, end_line - self._first
        return "\n".join((self._lines[first][column - 1 :], *self._lines[first + 1 : last], self._lines[last][: end - 1]))

    def _characters(self, line: int, column: int) -> int:
        """The characters within the first ``column`` bytes of a line."""
        return column if self._plain else len(self._lines[line - self._first].encode()[:column].decode(errors="replace"))
