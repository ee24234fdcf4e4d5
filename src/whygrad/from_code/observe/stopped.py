"""Where a run stopped: the part of the line that raised, in the syntax tree, and what the names in it held by then."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from whygrad.from_code.observe.arrays import array_of
from whygrad.from_code.observe.experiment import HOLDS, callee, chained, last_name
from whygrad.from_code.observe.expression import UNKNOWN, Expression
from whygrad.from_code.observe.pieces import parts_of
from whygrad.sandbox.places import Text
from whygrad.sandbox.requests import Raised
from whygrad.sandbox.trees import holds, walk, walked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.observe.arrays import Array
    from whygrad.from_code.observe.subject import Record, Subject
    from whygrad.sandbox.places import Place
    from whygrad.sandbox.requests import Piece, Substitute, Value

NOT_KNOWN: Any = object()
"""The value of what was not seen."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """A clause about what did not fit; ``lines`` are those that it names, each with its source."""

    says: str
    lines: tuple[tuple[str, int], ...] = ()


class Stopped:
    """The last moment of a run that raised: ``node`` is what raised (None where it is not known), ``line`` the statement around it."""

    def __init__(self, subject: Subject, substitutes: Sequence[Substitute] = (), calls: Sequence[tuple[Value, ...]] = ()) -> None:
        """With these substitutes the run raises; ``calls`` are the right arguments of each call of the cell."""
        _, self.records, reply = subject.traced(substitutes)
        raised = reply.raised or Raised("", "")
        self.subject, self.raised, self.substitutes = subject, raised, tuple(substitutes)
        self.right_arguments = calls[len(reply.calls)] if len(reply.calls) < len(calls) else None
        self.shift = 0
        self.node: ast.AST | None = None
        self.line: ast.stmt | None = None
        self.function: Any = None
        self._text: Text | None = None
        piece = next((piece for piece in subject.pieces if raised.span and _holds(piece, raised)), None)
        if piece is not None and raised.span is not None:
            line, column, end_line, end = raised.span
            self.shift, self._text = piece.line - 1, Text(piece)
            self._find((line - self.shift, column, end_line - self.shift, end), piece)

    @property
    def error(self) -> str:
        """The type of what was raised; where a name has no value yet, it is another one in a traced run."""
        return "UnboundLocalError" if has_no_value_yet(self.raised) else self.raised.type

    def says(self, told: Complaint | None) -> str:
        """The error's type, and what did not fit, or else the first line of the error's own text, where it has any."""
        if told is not None:
            return f"{self.error} because {told.says}"
        own = self.raised.text.strip().partition("\n")[0]
        return f"{self.error}: {own}" if own else self.error

    @property
    def so(self) -> str:
        """What comes of a line that is to blame: where it raises, and what."""
        return f"line {self.raised.line} raises {self.error}"

    def at(self, node: ast.AST) -> tuple[str, int, int]:
        """Where a node begins: its source, its line and its column, from 1."""
        return self.raised.source or "", self.line_of(node), self.column_of(node)

    def _find(self, span: tuple[int, int, int, int], piece: Piece) -> None:
        for node in walked(piece.text):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and _within(span, node):
                self.function = node
            elif isinstance(node, ast.stmt) and _within(span, node):
                self.line = node
            if isinstance(node, (ast.expr, ast.AugAssign)) and _span(node) == span:
                self.node = node

    def text(self, node: ast.AST) -> str:
        """What is written there, in one line and not too long."""
        text = self.written(node)
        return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 4]} ..."

    def written(self, node: ast.AST) -> str:
        """The whole of what is written there, in one line."""
        return "" if self._text is None else " ".join(self._text.of(node).split())

    def line_of(self, node: ast.AST) -> int:
        """The line of a node, as it is counted in its source."""
        return getattr(node, "lineno", 0) + self.shift

    def given_at(self, node: ast.expr) -> tuple[str, int] | None:
        """The source and the line that gave a name its value last; None of anything else, and of a parameter."""
        name = node.id if isinstance(node, ast.Name) else ""
        gave = [record.place for record in self.records if record.place.kind in HOLDS and record.place.target == name]
        return (gave[-1].source, gave[-1].line) if gave and last_name(gave[-1].function) == self._name else None

    def gave(self, name: str) -> list[Record]:
        """What the lines of the function that raised gave a name, in the order of the run."""
        return [
            record
            for record in self.records
            if record.place.kind in HOLDS and name in (chained(record.place) or [record.place.target])
            if last_name(record.place.function) == self._name
        ]

    def statement_at(self, place: Place) -> ast.stmt | None:
        """The statement of the function that raised at whose first line a place stands."""
        nodes = ast.walk(self.function) if self.function is not None else ()
        own = place.source == self.raised.source
        return next((one for one in nodes if own and isinstance(one, ast.stmt) and self.line_of(one) == place.line), None)

    def column_of(self, node: ast.AST) -> int:
        """The column in which a node begins, from 1."""
        return self._characters(node)[1]

    def text_of(self, line: int, source: str | None = None) -> str:
        """A whole line of a source, or of the one in which it raised."""
        pieces = (one for one in self.subject.pieces if one.source == (source or self.raised.source))
        return next((one.lines[line - one.line].strip() for one in pieces if 0 <= line - one.line < len(one.lines)), "")

    def read(self, node: ast.expr) -> Record | None:
        """What was seen last where a part of the line is written; what is added to a name stands for all of its line."""
        whole = self.line if isinstance(self.line, ast.AugAssign) and node is self.line.value else node
        return self._seen.get(self._characters(whole))

    def array(self, node: ast.expr) -> Array | None:
        """What a part of the line was worth, as an array; None where it was not seen, or is none."""
        value = self.worth(node)
        return None if value is NOT_KNOWN else array_of(value)

    def worth(self, node: ast.expr) -> Value:
        """What a part of the line was worth when it raised; ``NOT_KNOWN`` where that was not seen."""
        seen = self.read(node)
        if seen is not None:
            return seen.value
        match node:
            case ast.Name(name):
                return self.held.get(name, NOT_KNOWN)
            case ast.Constant(value):
                return value
            case ast.Attribute(inner, "shape"):
                array = self.worth(inner)
                return array.shape if hasattr(array, "shape") else NOT_KNOWN
            case ast.Subscript(inner, ast.Constant(key)):
                return self._entry(self.worth(inner), key)
            case _:
                return self._computed(node)

    def _entry(self, base: Any, key: Any) -> Value:  # noqa: ANN401 - whatever was seen
        try:
            return cast("Any", base[key]) if isinstance(base, (dict, tuple, list)) or array_of(base) is not None else NOT_KNOWN
        except (KeyError, IndexError, TypeError):
            return NOT_KNOWN

    def _computed(self, node: ast.expr) -> Value:
        text = ast.unparse(node)
        numbers = {name: value for name, value in self.held.items() if type(value) is int}
        known = {name: value for name, value in self._texts.items() if array_of(value) is not None}
        known |= parts_of(text, known, numbers)
        line = Expression(text, known)
        value = UNKNOWN if line.tree is None else line.value(line.tree)
        return NOT_KNOWN if value is UNKNOWN else value

    def loops(self) -> Iterator[tuple[ast.expr, ast.expr]]:
        """The loops and comprehensions around what raised: what each gives, and what it goes over."""
        for one in walk(self.function):
            if holds(one, self.node):
                loops = [one] if isinstance(one, ast.For) else getattr(one, "generators", [])
                yield from ((loop.target, loop.iter) for loop in loops)

    @cached_property
    def held(self) -> dict[str, Value]:
        """What the names of the function that raised held, as far as it was seen."""
        return self.held_in(self._name)

    def held_in(self, function: str) -> dict[str, Value]:
        """The same of any function that was run; of one that was called several times what they held last."""
        return {text: value for text, value in self._texts_of(function).items() if text.isidentifier()}

    @cached_property
    def _texts(self) -> dict[str, Value]:
        """The same, with the chains that were read."""
        return self._texts_of(self._name)

    def _texts_of(self, function: str) -> dict[str, Value]:
        found = dict(self._given(function))
        for record in self.records:
            place = record.place
            if last_name(place.function) != function:
                continue
            if place.kind in HOLDS:
                found |= dict.fromkeys(chained(place) or [place.target], record.value)
            elif place.kind in {"read", "argument"} and (place.text not in found or not place.text.isidentifier()):
                found[place.text] = record.value
        return found

    @property
    def _name(self) -> str:
        return self.subject.function if self.function is None else self.function.name

    def _given(self, function: str) -> Iterator[tuple[str, Value]]:
        """What a function was called with."""
        if function == self.subject.function:
            yield from zip(self.subject.text.signatures.get(function, ()), self.subject.arguments, strict=False)
        for record in self.records:
            if record.place.kind == "argument" and callee(record.place.target) == function:
                yield record.name, record.value

    @cached_property
    def _seen(self) -> dict[tuple[int, int, int, int], Record]:
        """The last record of each place, by where the place is."""
        return {(one.place.line, one.place.column, one.place.end_line, one.place.end): one for one in self.records if _is_part(one)}

    def _characters(self, node: ast.AST) -> tuple[int, int, int, int]:
        if self._text is None:
            return 0, 0, 0, 0
        line, column, end_line, end = self._text.span(node)
        return line + self.shift, column, end_line + self.shift, end


def has_no_value_yet(raised: Raised | None) -> bool:
    """Whether a name was read before a line gave it a value."""
    return raised is not None and raised.type in {"NameError", "UnboundLocalError"} and "not associated with a value" in raised.text


def speaks_of_a_blank(raised: Raised) -> bool:
    """Whether an error says that None, or an ellipsis, is no number."""
    return "NoneType" in raised.text or "ellipsis" in raised.text


def without_a_value(raised: Raised) -> str:
    """The name that had no value; empty where something else was raised."""
    quoted = re.search(r"'(\w+)'", raised.text) if raised.type in {"NameError", "UnboundLocalError"} else None
    return "" if quoted is None else quoted[1]


def operands(node: ast.AST | None) -> tuple[ast.expr, ast.expr] | None:
    """The two parts that an operation or a product puts together; None where it is none."""
    match node:
        case ast.BinOp(left, _, right):
            return left, right
        case ast.AugAssign(target, _, value):
            return target, value
        case ast.Call(ast.Attribute(ast.Name("np" | "numpy"), _), [left, right, *_]):
            return left, right
        case ast.Call(ast.Attribute(ast.Name("np" | "numpy"), _), [], [ast.keyword("a", left), ast.keyword("b", right)]):
            return left, right
        case ast.Call(ast.Attribute(left, "dot"), [right]) | ast.Call(ast.Name("dot" | "matmul"), [left, right]):
            return left, right
        case _:
            return None


_LONGEST = 60


def _is_part(record: Record) -> bool:
    """Whether a place is where its value is written, and no whole statement."""
    return record.place.kind in {"argument", "read", "part", "value", "element", "before", "right"}


def _holds(piece: Piece, raised: Raised) -> bool:
    return piece.source == raised.source and 0 <= (raised.line or 0) - piece.line < len(piece.lines)


def _span(node: ast.AST) -> tuple[int, int, int, int]:
    return node.lineno, node.col_offset, node.end_lineno, node.end_col_offset  # type: ignore[attr-defined]


def _within(span: tuple[int, int, int, int], node: ast.AST) -> bool:
    line, column, end_line, end = _span(node)
    return (line, column) <= span[:2] and span[2:] <= (end_line, end)
