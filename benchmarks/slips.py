"""Slips of the pen, planted into a program of any style: each changes one line of its text, as somebody's typing would.

A style's lines differ from the reference's, so the operators of ``whygrad.mistakes`` cannot be applied to them. Here a slip is a change of
the source text at a node of the syntax tree: no brackets are added, so ``a * b * c`` may become ``a + b * c``. Most of them change
nothing or raise; ``runs.run`` tells.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import TypeAlias

Source: TypeAlias = Callable[[ast.expr], str]
"""The text of a node."""
GATED = re.compile(r"^(d?[Wb]|d|dz|dv|z)?([fico])(t|ct)?$")
UNALIKE = 2
"""So many other names are tried for each name."""


@dataclass(frozen=True)
class Slip:
    """One changed line: its number from 1, the kind of slip, the line before and after, and the lines at which it may rightly be found.

    ``bound`` tells whether it stands in the bound of a slice: whatever it is, what is wrong is then the slice. ``others`` are more lines,
    (number, before, after), that belong to it; ``names`` the mistakes that it may be called, where its kind does not tell.
    """

    line: int
    kind: str
    before: str
    after: str
    found_at: frozenset[int]
    bound: bool = False
    others: tuple[tuple[int, str, str], ...] = ()
    names: frozenset[str] = frozenset()

    def made(self, text: str) -> str:
        """The program with the slip."""
        lines = text.split("\n")
        for line, before, after in ((self.line, self.before, self.after), *self.others):
            if lines[line - 1] != before:
                raise ValueError(f"line {line} is not {before!r}")
            lines[line - 1] = after
        return "\n".join(lines)


def slips(text: str) -> list[Slip]:
    """Every slip at every line of every function and named lambda, each text once, in source order. Some of them do not even parse."""
    found: dict[tuple[int, str], Slip] = {}
    lines = text.split("\n")
    program = ast.parse(text)
    scopes = [node for node in ast.walk(program) if isinstance(node, ast.FunctionDef)]
    named = [node for node in program.body if isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda)]
    bounds = {id(inner) for part in ast.walk(program) if isinstance(part, ast.Slice) for inner in ast.walk(part)}
    for scope in (*scopes, *named):
        for node, kind, new in _rewrites(scope, [line.encode() for line in lines]):
            if node.lineno == node.end_lineno:
                before = lines[node.lineno - 1]
                raw = before.encode()
                after = (raw[: node.col_offset] + new.encode() + raw[node.end_col_offset :]).decode()
                if after != before:
                    places = frozenset([*_places(program, scope, node, kind), *_handed_on(scope, node, kind, new)])
                    found.setdefault((node.lineno, after), Slip(node.lineno, kind, before, after, places, id(node) in bounds))
    return sorted(found.values(), key=lambda slip: slip.line)


def _rewrites(function: ast.FunctionDef | ast.Assign, lines: list[bytes]) -> Iterator[tuple[ast.expr | ast.stmt, str, str]]:
    """(node, kind, new source of the node) for every slip that the function offers."""

    def source(node: ast.expr) -> str:
        return (
            lines[node.lineno - 1][node.col_offset : node.end_col_offset].decode() if node.lineno == node.end_lineno else ast.unparse(node)
        )

    stored = {node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    names = sorted(stored | {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)} - {"self"})
    buffers = [
        target.id
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and _calls(node.value, "zeros", "zeros_like")
        for target in node.targets
        if isinstance(target, ast.Name)
    ]
    for node in ast.walk(function):
        yield from _statements(node, source)
        match node:
            case ast.BinOp():
                yield from _operators(node, source)
            case ast.Name(ctx=ast.Load()):
                yield from ((node, *other) for other in _other_names(node, names))
            case ast.Attribute(value=ast.Name(id="self"), ctx=ast.Load()):
                yield from ((node, "gate", f"self.{other}") for other in _siblings(node.attr))
            case ast.Attribute(attr="T"):
                yield node, "transpose", source(node.value)
            case ast.Call():
                yield from _calls_rewritten(node, source, buffers)
            case ast.Subscript():
                yield from _subscripts(node, source)
            case ast.Constant(value=str(key)):
                yield from ((node, "gate", f'"{other}"') for other in _siblings(key))
            case _:
                pass


def _statements(node: ast.AST, source: Source) -> Iterator[tuple[ast.expr | ast.stmt, str, str]]:
    """A line gone from a loop, ``=`` for ``+=``, and the value that becomes da0, wherever it is written."""
    values: list[ast.expr] = []
    match node:
        case ast.For() | ast.While():
            yield from ((line, "deleted", "pass") for line in node.body if isinstance(line, ast.Assign | ast.AugAssign))
        case ast.AugAssign(op=ast.Add()):
            yield node, "overwritten", f"{source(node.target)} = {source(node.value)}"
        case ast.Dict():
            values = [
                value for key, value in zip(node.keys, node.values, strict=True) if isinstance(key, ast.Constant) and key.value == "da0"
            ]
        case ast.keyword(arg="da0") | ast.Assign(targets=[ast.Name(id="da0") | ast.Subscript(slice=ast.Constant(value="da0"))]):
            values = [node.value]
        case _:
            pass
    for value in values:
        yield value, "da0", "da[:, :, 0]"
        yield value, "da0", "np.zeros(da.shape[:2])"


def _operators(node: ast.BinOp, source: Source) -> Iterator[tuple[ast.expr, str, str]]:
    left, right = source(node.left), source(node.right)
    match node.op:
        case ast.Mult():
            yield node, "factor", left
            yield node, "factor", right
            yield node, "operator", f"{left} + {right}"
        case ast.MatMult():
            yield node, "operator", f"{left} * {right}"
        case ast.Add():
            kind = "upstream" if re.search(r"\bda\[", left + right) else "term"
            yield node, kind, left
            yield node, kind, right
            yield node, "sign", f"{left} - {right}"
        case ast.Sub():
            if left != "1" and "max" not in right:
                yield node, "term", left
            yield node, "sign", f"{left} + {right}"
        case ast.Pow():
            yield node, "derivative", left
        case _:
            pass


def _other_names(node: ast.Name, names: list[str]) -> Iterator[tuple[str, str]]:
    others = [name for name in names if name != node.id]
    if node.id in names and others:
        siblings = [name for name in _siblings(node.id) if name in others]
        yield from (("gate", name) for name in siblings[:1])
        dice = Random(f"{node.id} {node.lineno} {node.col_offset}")  # noqa: S311 - repeatable, no secret
        yield from (("name", name) for name in dice.sample(others, min(UNALIKE, len(others))))


def _siblings(name: str) -> list[str]:
    """The same name for the other gates: dWi for dWf, it for ft; none where it is no gate's name."""
    found = GATED.match(name)
    if not found:
        return []
    head, gate, tail = found[1] or "", found[2], found[3] or ""
    others = [other for other in "fico" if other != gate]
    return [f"{head}{other}{('ct' if other == 'c' else 't') if tail else ''}" for other in others]


def _calls_rewritten(node: ast.Call, source: Source, buffers: list[str]) -> Iterator[tuple[ast.expr, str, str]]:
    name, arguments_ = source(node.func), [source(argument) for argument in node.args]
    last = name.rpartition(".")[2]
    if last in {"tanh", "sigmoid", "square", "sigmoid_grad", "tanh_grad", "slope", "dth", "dσ"} and arguments_:
        yield node, "derivative" if "g" not in last else "activation", arguments_[0]
    if last in {"tanh", "sigmoid"}:
        yield node.func, "activation", "np.tanh" if last == "sigmoid" else "sigmoid"
    if last == "sum" and "." in name:
        yield node.func, "mean", name.removesuffix("sum") + "mean"
        yield from ((keyword, "sum", "axis=0") for keyword in node.keywords if keyword.arg == "axis")  # type: ignore[misc]
        yield from ((keyword, "sum", "keepdims=False") for keyword in node.keywords if keyword.arg == "keepdims")  # type: ignore[misc]
    if last == "reversed":
        yield node, "loop", arguments_[0]
    if last == "copy":
        yield node, "copy", source(node.func.value) if isinstance(node.func, ast.Attribute) else ""
    if last in {"dot", "matmul", "multiply"} and name.startswith("np."):
        yield node, "operator", f"{arguments_[0]} * {arguments_[1]}" if last != "multiply" else f"np.add({', '.join(arguments_)})"
        yield from ((node, "factor", argument) for argument in arguments_ if last == "multiply")
    if last in {"zeros", "zeros_like"}:
        yield from ((node, "view", f"{buffer}[:, :, 0]") for buffer in buffers)


def _subscripts(node: ast.Subscript, source: Source) -> Iterator[tuple[ast.expr, str, str]]:
    for part in ast.walk(node.slice):
        if isinstance(part, ast.Name) and part.id in {"t", "paso"}:
            yield part, "step", "0"
            yield part, "step", f"{part.id} - 1"
    text, inner = source(node.value), source(node.slice)
    if inner == "::-1":
        yield node, "loop", text
    if inner == "-1" and isinstance(node.ctx, ast.Load):
        yield node.slice, "step", "0"
    cut = inner.replace(" ", "")
    if isinstance(node.ctx, ast.Load) and (found := re.fullmatch(r"(:,)?(:(\w+)|(\w+):)(,:)?", cut)):
        bound = found[3] or found[4]
        swapped = f"{bound}:" if found[3] else f":{bound}"
        yield node.slice, "slice", f"{found[1] or ''}{swapped}{found[5] or ''}"
        if found[1]:
            yield node.slice, "slice", found[2]


def _places(program: ast.Module, function: ast.FunctionDef | ast.Assign, node: ast.AST, kind: str) -> Iterator[int]:
    """The node's line; for a line that is gone also where it is missed, since what is gone has no line of its own.

    It is missed at the cell calls of the loops around it: whether it stood in the loop over the steps itself, in a loop over the gates
    within it, or in a helper that is called there, it is the result of that call that is not used. Where no cell is called (in a cell
    itself, or where the line is the call itself) it is missed by its loop, by the function's return, and where what it stored into is made,
    filled before, or read next.
    """
    line = getattr(node, "lineno", 0)
    yield line
    if kind == "deleted":
        helper = function.name if isinstance(function, ast.FunctionDef) and "cell" not in function.name else ""
        missed = [
            call.lineno
            for loop in ast.walk(program)
            if isinstance(loop, ast.For | ast.While) and any(inner is node or _calls(inner, helper) for inner in ast.walk(loop))
            for call in ast.walk(loop)
            if isinstance(call, ast.Call) and "_cell_" in ast.unparse(call.func)
        ]
        yield from missed if missed and missed != [line] else [*missed, *_missed_in(function, node)]


def _handed_on(function: ast.FunctionDef | ast.Assign, node: ast.AST, kind: str, new: str) -> Iterator[int]:
    """Where a line only hands on a name because something is left out, the line that made the name: it may as well be missing there."""
    if kind not in {"term", "factor", "activation", "derivative", "upstream"} or not new.isidentifier():
        return
    for other in ast.walk(function):
        values = other.elts if isinstance(other, ast.Tuple) else [getattr(other, "value", None)]
        if isinstance(other, ast.Tuple | ast.Return | ast.Assign) and any(value is node for value in values):
            yield from _makers(function, new, getattr(node, "lineno", 0))[-1:]


def _makers(function: ast.FunctionDef | ast.Assign, name: str, before: int) -> list[int]:
    """The lines before one that assign a name, in order."""
    return sorted(
        line.lineno
        for line in ast.walk(function)
        if isinstance(line, ast.Assign) and line.lineno < before
        for target in line.targets
        if any(isinstance(part, ast.Name) and part.id == name for part in ast.walk(target))
    )


def _missed_in(function: ast.FunctionDef | ast.Assign, node: ast.AST) -> Iterator[int]:
    """The loops around a line, the returns after it, and the line that made the name which it only stores.

    Where it adds to a name, or fills a part of it, also the line that gave the name its value before, and the next that reads it.
    """
    line, stored = getattr(node, "lineno", 0), _base(getattr(node, "value", None))
    filled = _base(getattr(node, "targets", [getattr(node, "target", None)])[0])
    for other in ast.walk(function):
        match other:
            case ast.For() | ast.While() if any(inner is node for inner in ast.walk(other)):
                yield other.lineno
            case ast.Return() if other.lineno > line:
                yield other.lineno
            case _:
                pass
    for name in {stored, filled} - {None}:
        yield from _makers(function, str(name), line)[-1:]
    stores = {id(part.value) for part in ast.walk(function) if isinstance(part, ast.Subscript) and isinstance(part.ctx, ast.Store)}
    names = [name for name in ast.walk(function) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Load)]
    yield from sorted(name.lineno for name in names if name.id == filled and name.lineno > line and id(name) not in stores)[:1]


def _base(node: ast.AST | None) -> str | None:
    """The name of which an expression is a part; None of anything computed."""
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _calls(node: ast.AST, *names: str) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in names
