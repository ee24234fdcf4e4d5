"""How an expression is wrapped: it becomes a place with a number, and a call that gives its value on to the recorder."""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING, Any, cast

from whygrad.sandbox.chains import is_chain, is_library
from whygrad.sandbox.places import Kind, Place, Text
from whygrad.sandbox.standins import HELPERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from whygrad.sandbox.requests import Piece

_LOAD = ast.Load()
_SILENT = frozenset(("print", "display", "super", "isinstance", "len", "type", "getattr", "hasattr"))
"""Functions whose arguments are not worth a look."""
_GO_OVER = ("zip(", "map(", "reversed(")
"""Functions that go over what they are given: of a text, letter by letter."""

_COMPUTES = frozenset((*dir(builtins), *HELPERS))
"""Functions that do something with what they are given by its name."""


class Wrapper(ast.NodeTransformer):
    """Wraps the expressions of one piece, a call within another one.

    The lines of its tree are numbered as in its source. ``found`` are its places; the first has the id ``first``, and its statement is the
    one after ``statement``. ``parameters`` are those of the program's functions, by which it is known what ``*items`` and ``**named`` hand
    to them, and what is kept that a call gives by name.
    """

    def __init__(self, piece: Piece, hook: str, first: int, statement: int, parameters: Mapping[str, Sequence[str]]) -> None:
        self.found: list[Place] = []
        self._piece, self._hook, self._lowest = piece, hook, first
        self._text = Text(piece, piece.line)
        self._names: list[str] = []
        self._loops: list[int] = []
        self._statement = statement
        self._parent = -1
        self._lambda = "<lambda>"
        self._parameters = {name.rpartition(".")[2]: names for name, names in parameters.items()}
        self._makes = {name.rpartition(".")[0] for name in parameters if name.endswith(".__init__")}

    def _wrap(self, node: ast.expr, kind: Kind, *, target: str = "", whole: ast.AST | None = None) -> ast.expr:
        """The expression within a call that gives its value on, and its inner expressions likewise."""
        if not self._names and isinstance(node, ast.Lambda):
            return self.visit(node)
        if not self._names and isinstance(node, (ast.Dict, ast.List, ast.Tuple)):
            return self._table(node)
        if not self._names or (isinstance(node, ast.Constant) and kind in {"part", "read"}) or is_library(node):
            return node
        place = self._place(whole or node, kind, target)
        outer, self._parent = self._parent, place
        inner = self._children(node)
        self._parent = outer
        return self._call("at", place, inner)

    def _table(self, node: ast.Dict | ast.List | ast.Tuple) -> ast.expr:
        """A table outside of all functions, with the lambdas in it rewritten: each is a statement of its own."""
        for entry in node.values if isinstance(node, ast.Dict) else node.elts:
            if isinstance(entry, ast.Lambda):
                self._statement += 1
                self.visit(entry)
        return node

    def _children(self, node: ast.expr) -> Any:  # noqa: ANN401
        """The expression with what is inside it rewritten, but not wrapped itself."""
        match node:
            case ast.Call():
                return self._arguments(node)
            case ast.Name() | ast.Constant():
                return node
            case ast.Attribute() | ast.Subscript():
                if not is_chain(node):
                    node.value = self.visit(node.value)
                return node
            case ast.IfExp():
                node.body, node.orelse = self.visit(node.body), self.visit(node.orelse)
                return node
            case ast.BinOp() | ast.UnaryOp():
                return self.generic_visit(node)
            case _:
                return self.visit(node)

    def _arguments(self, node: ast.Call) -> ast.Call:
        name = self._text.of(node.func)
        if name in _SILENT:
            return node
        if isinstance(node.func, ast.Attribute):
            node.func.value = self.visit(node.func.value)
        number = 0
        for place, item in enumerate(node.args):
            if isinstance(item, ast.Starred) and isinstance(item.value, (ast.Tuple, ast.List)):
                inner = item.value.elts
                inner[:] = [self._argument(part, f"{name}({number + shift})") for shift, part in enumerate(inner)]
                number += len(inner)
            elif isinstance(item, ast.Starred):
                slots = self._slots(node, number)
                if not slots:
                    item.value = self.visit(item.value)
                    break
                item.value = self._items(item.value, [(str(slot - number), f"{name}({slot})") for slot in slots], "starred")
                number = slots[-1] + 1
            else:
                node.args[place] = self._argument(item, f"{name}({number})")
                number += 1
        for keyword in node.keywords:
            kept = keyword.arg is not None and self._keeps(node.func, keyword.arg)
            if kept or keyword.arg not in {None, "out"}:  # what NumPy writes into is not read
                keyword.value = self._argument(keyword.value, f"{'dict' if kept else name}({keyword.arg})")
            elif keyword.arg is None and (rest := self._not_given(node)):
                keyword.value = self._items(keyword.value, [(repr(one), f"{name}({one})") for one in rest], "named")
        return node

    def _keeps(self, called: ast.expr, name: str) -> bool:
        """Whether a call stores what it is given by this name as ``dict(da0=...)`` does: an update, a record, a function's ``**named``."""
        match called:
            case ast.Attribute(_, "update" | "SimpleNamespace"):
                return True
            case ast.Name(maker) if maker not in _COMPUTES and "_cell_" not in maker:
                return maker not in self._makes and name not in self._parameters.get(maker, ())
            case _:
                return False

    def _slots(self, call: ast.Call, first: int) -> range:
        """The numbers of the arguments that ``*items`` stands for; none where the function or their number is not known."""
        known = self._parameters.get(self._text.of(call.func).rpartition(".")[2], ())
        after = call.args[next((place for place, item in enumerate(call.args) if isinstance(item, ast.Starred)), 0) + 1 :]
        if any(isinstance(item, ast.Starred) for item in after) or any(keyword.arg is None for keyword in call.keywords):
            return range(0)
        return range(first, len(known) - len(after) - sum(keyword.arg in known for keyword in call.keywords))

    def _not_given(self, call: ast.Call) -> list[str]:
        """The parameters that ``**named`` may stand for: those that are given in no other way."""
        known = self._parameters.get(self._text.of(call.func).rpartition(".")[2], ())
        twice = any(isinstance(item, ast.Starred) for item in call.args) or sum(keyword.arg is None for keyword in call.keywords) > 1
        named = {keyword.arg for keyword in call.keywords}
        return [] if twice else [name for name in known[len(call.args) :] if name not in named]

    def _items(self, node: ast.expr, slots: list[tuple[str, str]], method: str) -> ast.expr:
        """What several arguments are taken out of: each of them is a place, ``slots`` are the keys there and the targets."""
        text = self._text.of(node) if is_chain(node) else ""
        ids = [self._place(node, "argument", target, text and f"{text}[{key}]") for key, target in slots]
        call = self._call(method, ids, self.visit(node))
        if method == "named":
            keys: list[ast.expr] = [ast.copy_location(ast.Constant(ast.literal_eval(key)), node) for key, _ in slots]
            cast("ast.Call", call).args.insert(1, ast.copy_location(ast.Tuple(keys, _LOAD), node))
        return call

    def _argument(self, node: ast.expr, target: str) -> ast.expr:
        constant = isinstance(node, ast.Constant)
        goes_over = constant and isinstance(node.value, str) and target.startswith(_GO_OVER)
        given = constant and isinstance(node.value, int | float) and "_cell_" in target  # zero for what is carried back
        return node if constant and not goes_over and not given else self._wrap(node, "argument", target=target)

    def _together(self, value: ast.expr, target: ast.Tuple | ast.List) -> ast.expr:
        """Several names assigned together: each from its own value where they are written out, else from its part of the whole."""
        if not self._names:
            return self.visit(value)
        spread = any(isinstance(name, ast.Starred) for name in target.elts)
        if not spread and isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts):
            value.elts = [self._own_value(*pair) for pair in zip(value.elts, target.elts, strict=True)]
            return value
        at = _where(value)
        return self._hooked("parts", self._parts(target, at), self._children(value), at)

    def _own_value(self, value: ast.expr, target: ast.expr) -> ast.expr:
        if isinstance(target, (ast.Tuple, ast.List)) and not isinstance(value, ast.Starred):
            return self._together(value, target)
        return self._one_of(value, "target", self._text.of(target))

    def _one_of(self, item: ast.expr, kind: Kind, target: str) -> ast.expr:
        """One of several values that are written out; what stands for any number of them is no place itself."""
        if not isinstance(item, ast.Starred):
            return self._wrap(item, kind, target=target)
        item.value = self.visit(item.value)
        return item

    def _parts(self, target: ast.Tuple | ast.List, at: dict[str, Any]) -> ast.Tuple:
        """The places of several names, in the form in which these are written: ``[7]`` stands for ``*rest``."""
        parts: list[ast.expr] = []
        for name in target.elts:
            if isinstance(name, (ast.Tuple, ast.List)):
                parts.append(self._parts(name, at))
                continue
            inner = name.value if isinstance(name, ast.Starred) else name
            number = ast.Constant(self._place(inner, "target", self._text.of(inner)), **at)
            parts.append(ast.List([number], _LOAD, **at) if isinstance(name, ast.Starred) else number)
        return ast.Tuple(parts, _LOAD, **at)

    def _target(self, target: ast.expr) -> ast.expr:
        """Where a slice is written to: its indices, and keys that are computed."""
        if isinstance(target, (ast.Tuple, ast.List)):
            target.elts = [self._target(item) for item in target.elts]
        if not isinstance(target, ast.Subscript) or not self._names:
            return target
        if isinstance(target.slice, ast.Tuple):
            target.slice.elts = [self._index(item, target) for item in target.slice.elts]
        else:
            target.slice = self._index(target.slice, target)
        return target

    def _index(self, node: ast.expr, target: ast.Subscript) -> ast.expr:
        if isinstance(node, (ast.Slice, ast.Starred)) or (isinstance(node, ast.Constant) and type(node.value) is not int):
            return node
        return self._call("at", self._place(node, "index", self._text.of(target)), node)

    def _generators(self, generators: list[ast.comprehension]) -> None:
        for generator in generators:
            generator.iter = self._loop(generator.iter, self._text.of(generator.target))

    def _loop(self, node: ast.expr, target: str) -> ast.expr:
        if not self._names:
            return node
        place = self._place(node, "loop", target)
        call = self._call("loop", place, node if is_chain(node) else self._children(node))
        self._loops.append(place)
        return call

    def _place(self, node: ast.AST, kind: Kind, target: str, text: str = "") -> int:
        line, column, end_line, end = self._text.span(node)
        place = Place(
            id=self._lowest + len(self.found), function=".".join(self._names), kind=kind, source=self._piece.source, line=line,
            column=column, end_line=end_line, end=end, text=text or self._text.of(node), target=target, statement=self._statement,
            parent=self._parent, loops=tuple(self._loops),
        )  # fmt: skip
        self.found.append(place)
        return place.id

    def _call(self, method: str, place: int | list[int], value: ast.expr) -> ast.expr:
        at = _where(value)
        number = ast.Constant(place, **at) if isinstance(place, int) else ast.Tuple([ast.Constant(one, **at) for one in place], _LOAD, **at)
        return self._hooked(method, number, value, at)

    def _hooked(self, method: str, places: ast.expr, value: ast.expr, at: dict[str, Any]) -> ast.expr:
        """The call stands ``at`` where the value stands, and so does all that is new in it."""
        hook = ast.Attribute(ast.Name(self._hook, _LOAD, **at), method, _LOAD, **at)
        return ast.Call(hook, [places, value], [], **at)


def _where(node: ast.expr) -> dict[str, Any]:
    return {name: getattr(node, name) for name in node._attributes}  # noqa: SLF001 - documented, whatever it is called
