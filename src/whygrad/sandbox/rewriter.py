"""The rewriting itself: which expressions of a program are wrapped, and how."""

from __future__ import annotations

import ast
import copy
from typing import TYPE_CHECKING, Any, cast

from whygrad.sandbox.chains import is_chain, is_library, loaded
from whygrad.sandbox.places import Kind, Place, Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from whygrad.sandbox.requests import Piece

_SILENT = frozenset(("print", "display", "super", "isinstance", "len", "type", "getattr", "hasattr"))
"""Functions whose arguments are not worth a look."""


class Rewriter(ast.NodeTransformer):
    """Wraps the expressions of one piece, from the outside in.

    ``found`` are its places; the first has the id ``first``, and its statement is the one after ``statement``. ``parameters`` are those
    of the program's functions, by which it is known what ``*items`` and ``**named`` hand to them.
    """

    def __init__(self, piece: Piece, hook: str, first: int, statement: int, parameters: Mapping[str, Sequence[str]]) -> None:
        self.found: list[Place] = []
        self._piece, self._hook, self._lowest = piece, hook, first
        self._text = Text(piece)
        self._names: list[str] = []
        self._loops: list[int] = []
        self._statement = statement
        self._parent = -1
        self._lambda = "<lambda>"
        self._parameters = {name.rpartition(".")[2]: names for name, names in parameters.items()}

    # Definitions and statements.

    def visit(self, node: ast.AST) -> Any:  # noqa: ANN401 - what the base class returns
        """Count the statements."""
        if isinstance(node, ast.stmt):
            self._statement += 1
            self._parent = -1
        return super().visit(node)

    def _definition(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> ast.AST:
        self._names.append(node.name)
        around, self._loops = self._loops, []
        node.body = self._body(node.body)
        self._loops = around
        self._names.pop()
        return node

    def _body(self, body: Sequence[ast.stmt]) -> list[Any]:
        new: list[Any] = []
        for statement in body:
            result = self.visit(statement)
            new += cast("list[Any]", result) if isinstance(result, list) else [result]
        return new

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = _definition  # noqa: N815 - the base class's names

    def visit_Assign(self, node: ast.Assign) -> Any:  # noqa: ANN401
        """``a = b = value``, ``a, b = value``, ``a[i] = value``. Of ``a = b = value`` each further name gets its value by itself."""
        target = node.targets[-1]
        self._lambda = target.id if isinstance(target, ast.Name) and isinstance(node.value, ast.Lambda) else "<lambda>"
        if len(node.targets) == 1 and isinstance(target, (ast.Tuple, ast.List)):
            node.value = self._together(node, target)
        else:
            node.value = self._wrap(node.value, "assign", target=self._first(node), whole=node)
        first, *further = node.targets
        if further and self._names and all(isinstance(name, ast.Name) for name in node.targets):
            node.targets = [first]
            return [node, *(self._further(cast("ast.Name", first), cast("ast.Name", name), node) for name in further)]
        node.targets = [self._target(target) for target in node.targets]
        return node

    def _first(self, node: ast.Assign) -> str:
        """The name or names by which an assignment's own place goes."""
        names = self._names and all(isinstance(name, ast.Name) for name in node.targets)
        return self._text.of(node.targets[0]) if names else " = ".join(map(self._text.of, node.targets))

    def _further(self, first: ast.Name, name: ast.Name, node: ast.Assign) -> ast.AST:
        span = ast.copy_location(ast.Assign([first, name], node.value), node)
        value = self._call("at", self._place(span, "assign", name.id), ast.copy_location(ast.Name(first.id, ast.Load()), name))
        return ast.copy_location(ast.Assign([name], value), node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        """``a: type = value``."""
        if node.value is not None:
            node.value = self._wrap(node.value, "assign", target=self._text.of(node.target), whole=node)
        return node

    def visit_NamedExpr(self, node: ast.NamedExpr) -> ast.AST:
        """``(a := value)``."""
        node.value = self._wrap(node.value, "assign", target=node.target.id, whole=node)
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> Any:  # noqa: ANN401
        """``a += value``: what stood there before, what is added, what stands there afterwards."""
        target = self._text.of(node.target)
        pure = not any(isinstance(inner, (ast.Call, ast.NamedExpr, ast.Await)) for inner in ast.walk(node.target))
        if not pure or not self._names:
            node.value = self._wrap(node.value, "right", target=target, whole=node)
            return node
        before = self._call("at", self._place(node.target, "before", target), loaded(node.target))
        node.value = self._wrap(node.value, "right", target=target, whole=node)
        after = self._call("after", self._place(node, "after", target), loaded(node.target))
        store = ast.copy_location(ast.Assign([copy.deepcopy(node.target)], after), node)
        node.target = cast("ast.Name | ast.Attribute | ast.Subscript", self._target(node.target))
        return [ast.copy_location(ast.Expr(before), node), node, store]

    def visit_Return(self, node: ast.Return) -> ast.AST:
        """``return value``."""
        if node.value is not None:
            node.value = self._wrap(node.value, "return")
        return node

    def visit_For(self, node: ast.For) -> ast.AST:
        """``for t in ...``."""
        around = list(self._loops)
        node.iter = self._loop(node.iter, self._text.of(node.target))
        node.body, self._loops = self._body(node.body), around
        node.orelse = self._body(node.orelse)
        return node

    def visit_Expr(self, node: ast.Expr) -> Any:  # noqa: ANN401
        """``caches.append(cache)``, ``np.add(a, b, out=a)``; no text that stands by itself."""
        if isinstance(node.value, ast.Call):
            into = next((one.value for one in node.value.keywords if one.arg == "out" and isinstance(one.value, ast.Name)), None)
            if into is not None and self._names:
                return self._computed_into(node, node.value, into)
            node.value = self._children(node.value)
        elif not isinstance(node.value, ast.Constant):
            node.value = self.visit(node.value)
        return node

    def _computed_into(self, node: ast.Expr, call: ast.Call, name: ast.Name) -> Any:  # noqa: ANN401
        """A call that puts what it computes into the array that a name holds: an assignment to what is in it."""
        after = self._call("after", self._place(node, "assign", name.id), loaded(name))
        node.value = self._children(call)
        return [node, ast.copy_location(ast.Expr(after), node)]

    def _unseen(self, node: ast.AST) -> ast.AST:
        return node

    visit_JoinedStr = visit_Import = visit_ImportFrom = visit_Global = visit_Nonlocal = visit_Delete = visit_Assert = _unseen  # noqa: N815
    visit_Raise = visit_arguments = visit_keyword = _unseen  # noqa: N815

    def visit_If(self, node: ast.If) -> ast.AST:
        """What the condition reads is seen; it is no place itself."""
        node.test = self.visit(node.test)
        node.body, node.orelse = self._body(node.body), self._body(node.orelse)
        return node

    def visit_While(self, node: ast.While) -> ast.AST:
        """The condition as a whole."""
        if self._names:
            node.test = self._call("at", self._place(node.test, "while", ""), node.test)
        node.body, node.orelse = self._body(node.body), self._body(node.orelse)
        return node

    # Expressions.

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        """``lambda z: value`` returns a value."""
        self._names.append(self._lambda)
        around, self._loops = self._loops, []
        node.body, self._loops = self._wrap(node.body, "return"), around
        self._names.pop()
        return node

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> ast.AST:
        around = list(self._loops)
        self._generators(node.generators)
        node.elt, self._loops = self._wrap(node.elt, "element"), around
        return node

    visit_ListComp = visit_SetComp = visit_GeneratorExp = _comprehension  # noqa: N815

    def visit_DictComp(self, node: ast.DictComp) -> ast.AST:
        """``{key: value for ...}``."""
        around = list(self._loops)
        self._generators(node.generators)
        node.value, self._loops = self._wrap(node.value, "element", target=self._text.of(node.key)), around
        return node

    def visit_Dict(self, node: ast.Dict) -> ast.AST:
        """Each value by its key."""
        pairs = list(zip(node.keys, node.values, strict=True))
        node.values = [value if key is None else self._wrap(value, "value", target=self._text.of(key)) for key, value in pairs]
        return node

    def _display(self, node: ast.Tuple | ast.List) -> ast.AST:
        if isinstance(node.ctx, ast.Load):
            node.elts = [
                item if isinstance(item, ast.Starred) else self._wrap(item, "value", target=str(number))
                for number, item in enumerate(node.elts)
            ]
        return node

    visit_Tuple = visit_List = _display  # noqa: N815

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """A call within an expression."""
        return self._wrap(node, "part")

    def _read(self, node: ast.Name | ast.Attribute | ast.Subscript) -> ast.AST:
        if not isinstance(node.ctx, ast.Load):
            return node
        return self._wrap(node, "read" if is_chain(node) else "part")

    visit_Name = visit_Attribute = visit_Subscript = _read  # noqa: N815

    def _part(self, node: ast.BinOp | ast.UnaryOp | ast.IfExp) -> ast.AST:
        return self._wrap(node, "part")

    visit_BinOp = visit_UnaryOp = visit_IfExp = _part  # noqa: N815

    # How it is done.

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
                    break
                item.value = self._items(item.value, [(str(slot), f"{name}({slot})") for slot in slots], "starred")
                number = slots[-1] + 1
            else:
                node.args[place] = self._argument(item, f"{name}({number})")
                number += 1
        stores = "dict" if name.endswith(".update") else name  # ``gradients.update(da0=...)`` stores as ``dict(da0=...)`` does
        for keyword in node.keywords:
            if keyword.arg is not None and keyword.arg != "out":  # what is there before is not read
                keyword.value = self._argument(keyword.value, f"{stores}({keyword.arg})")
            elif keyword.arg is None and (rest := self._not_given(node)):
                keyword.value = self._items(keyword.value, [(repr(one), f"{name}({one})") for one in rest], "named")
        return node

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
            keys = ast.Tuple([ast.Constant(ast.literal_eval(key)) for key, _ in slots], ast.Load())
            cast("ast.Call", call).args.insert(1, ast.copy_location(keys, node))
        return call

    def _argument(self, node: ast.expr, target: str) -> ast.expr:
        return node if isinstance(node, ast.Constant) else self._wrap(node, "argument", target=target)

    def _together(self, node: ast.Assign, target: ast.Tuple | ast.List) -> ast.expr:
        """Several names assigned together: each from its own value where they are written out, else from its part of the whole."""
        value = node.value
        names = [self._text.of(name) for name in target.elts]
        if any(isinstance(name, ast.Starred) for name in target.elts) or not self._names:
            return self.visit(value)
        if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(names):
            value.elts = [
                item if isinstance(item, ast.Starred) else self._wrap(item, "target", target=name)
                for item, name in zip(value.elts, names, strict=True)
            ]
            return value
        ids = [self._place(name, "target", text) for name, text in zip(target.elts, names, strict=True)]
        inner = self._children(value)
        return self._call("parts", ids, inner)

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
        shift, function = self._piece.line - 1, ".".join(self._names)
        quoted = text or self._text.of(node)
        place = Place(
            id=self._lowest + len(self.found), function=function, kind=kind, source=self._piece.source, line=line + shift, column=column,
            end_line=end_line + shift, end=end, text=quoted, target=target, statement=self._statement, parent=self._parent,
            loops=tuple(self._loops),
        )  # fmt: skip
        self.found.append(place)
        return place.id

    def _call(self, method: str, place: int | list[int], value: ast.expr) -> ast.expr:
        number: ast.expr = ast.Constant(place) if isinstance(place, int) else ast.Tuple([ast.Constant(item) for item in place], ast.Load())
        hook = ast.Attribute(ast.Name(self._hook, ast.Load()), method, ast.Load())
        return ast.copy_location(ast.Call(hook, [number, value], []), value)
