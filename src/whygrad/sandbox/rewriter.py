"""The rewriting itself: which statements and expressions of a program are wrapped."""

from __future__ import annotations

import ast
import copy
from typing import TYPE_CHECKING, Any, cast

from whygrad.sandbox.chains import is_chain, loaded
from whygrad.sandbox.wrapper import Wrapper

if TYPE_CHECKING:
    from collections.abc import Sequence


class Rewriter(Wrapper, ast.NodeTransformer):
    """Goes through one piece, from the outside in, and says of each statement and expression what is wrapped."""

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
            node.value = self._together(node.value, target)
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

    def visit_match_case(self, node: ast.match_case) -> ast.AST:
        """``case pattern if guard:``; a pattern computes nothing."""
        if node.guard is not None:
            node.guard = self.visit(node.guard)
        node.body = self._body(node.body)
        return node

    def visit_Expr(self, node: ast.Expr) -> Any:  # noqa: ANN401
        """``caches.append(cache)``, ``np.add(a, b, out=a)``, ``np.copyto(a[..., t], b)``; no text that stands by itself."""
        if isinstance(node.value, ast.Call):
            if self._names and "setdefault" not in self._parameters and (entry := _stored_unless_there(node.value)) is not None:
                return self._stored(node, node.value, entry)
            into = next((one.value for one in node.value.keywords if one.arg == "out" and is_chain(one.value)), None)
            if into is not None and self._names:
                return self._computed_into(node, node.value, into)
            node.value = self._copied(node.value) if self._names else self._children(node.value)
        elif not isinstance(node.value, ast.Constant):
            node.value = self.visit(node.value)
        return node

    def _stored(self, node: ast.Expr, call: ast.Call, entry: ast.Subscript) -> ast.AST:
        """A call that stores under a key unless something is there: an assignment of what then is there."""
        value = self._wrap(call, "assign", target=f"{self._text.of(entry.value)}[{self._text.of(entry.slice)}]", whole=node)
        return ast.copy_location(ast.Assign([entry], value), node)

    def _copied(self, call: ast.Call) -> ast.Call:
        """A call that copies its second argument into its first is an assignment to what is in that; any other is what it is."""
        if self._text.of(call.func) not in {"np.copyto", "numpy.copyto"} or len(call.args) != 2 or call.keywords:  # noqa: PLR2004
            return self._children(call)
        into, value = call.args
        call.args = [self._target(into), self._wrap(value, "target", target=self._text.of(into))]
        return call

    def _computed_into(self, node: ast.Expr, call: ast.Call, array: ast.expr) -> Any:  # noqa: ANN401
        """A call that puts what it computes into an array that is there: an assignment to what is in it."""
        after = self._call("after", self._place(node, "assign", self._text.of(array)), loaded(array))
        node.value = self._children(call)
        return [node, ast.copy_location(ast.Expr(after), node)]

    def _unseen(self, node: ast.AST) -> ast.AST:
        return node

    visit_JoinedStr = visit_Import = visit_ImportFrom = visit_Global = visit_Nonlocal = visit_Delete = visit_Assert = _unseen  # noqa: N815
    visit_Raise = visit_arguments = visit_keyword = _unseen  # noqa: N815

    def visit_If(self, node: ast.If) -> ast.AST:
        """The condition as a whole, whether it holds, and what it reads."""
        place = self._place(node.test, "condition", "") if self._names else None
        node.test = self.visit(node.test)
        if place is not None:
            holds = ast.UnaryOp(ast.Not(), ast.copy_location(ast.UnaryOp(ast.Not(), node.test), node.test))
            node.test = self._call("at", place, ast.copy_location(holds, node.test))
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
        """``{key: value for ...}``: also a key that is put together."""
        around = list(self._loops)
        self._generators(node.generators)
        target = self._text.of(node.key)
        if self._names and not isinstance(node.key, (ast.Constant, ast.Name)):
            node.key = self._call("at", self._place(node.key, "index", target), node.key)
        node.value, self._loops = self._wrap(node.value, "element", target=target), around
        return node

    def visit_Dict(self, node: ast.Dict) -> ast.AST:
        """Each value by its key; of ``**{...}`` what stands in that."""
        for number, (key, value) in enumerate(zip(node.keys, node.values, strict=True)):
            if key is not None:
                node.values[number] = self._wrap(value, "value", target=self._text.of(key))
            elif isinstance(value, (ast.Dict, ast.DictComp, ast.Call)):
                node.values[number] = self._children(value)
        return node

    def _display(self, node: ast.Tuple | ast.List) -> ast.AST:
        if isinstance(node.ctx, ast.Load):
            node.elts = [self._one_of(item, "value", str(number)) for number, item in enumerate(node.elts)]
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


def _stored_unless_there(call: ast.Call) -> ast.Subscript | None:
    """The entry that ``grads.setdefault("dx", value)`` gives a value, if it can be looked up twice."""
    match call:
        case ast.Call(ast.Attribute(table, "setdefault"), [key, _], []) if is_chain(table):
            entry = ast.copy_location(ast.Subscript(table, key, ast.Store()), call)
            pure = not any(isinstance(inner, (ast.Call, ast.NamedExpr, ast.Await, ast.Starred)) for inner in ast.walk(entry))
            return copy.deepcopy(entry) if pure else None
        case _:
            return None
