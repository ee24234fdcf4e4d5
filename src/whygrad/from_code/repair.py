"""Which small change of the learner's own line gives the right value? The change undone is the mistake, whatever the style.

The line is evaluated with the values that it read in the run; each change is one of those that slips of the pen undo: another name,
another operator, a bracket, a transposition, an activation, something left out.
"""

from __future__ import annotations

import ast
import copy
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.from_code.subject import array_of, same

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from whygrad.from_code.subject import Record

_MOST = 1_500
"""Changes that are tried."""
_OPERATORS = (ast.Mult, ast.Add, ast.Sub, ast.Div, ast.MatMult, ast.Pow)
_SIGNS = {ast.Mult: "*", ast.Add: "+", ast.Sub: "-", ast.Div: "/", ast.MatMult: "@", ast.Pow: "**"}
_ACTIVATIONS = ("np.tanh", "sigmoid")


@dataclass(frozen=True, slots=True)
class Repair:
    """A change that gives the right value: the ``id`` of the mistake that it undoes, and what the line has instead, in words."""

    id: str
    says: str


def repair(text: str, reads: Iterable[Record], scope: Mapping[str, Any], right: Any, tolerance: float) -> Repair | None:  # noqa: ANN401
    """The first change of an expression that gives ``right``.

    ``reads`` are what it read, ``scope`` the values of other names that could stand there, by their texts.
    """
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except SyntaxError:
        return None
    values = {record.place.text: record.value for record in reads if array_of(record.value) is not None}
    line = _Line({**scope, **values})
    tree = line.plain(tree)
    for number, (change, mistake, says) in enumerate(_changes(tree, line)):
        if number >= _MOST:
            break
        value = line.value(change)
        if value is not None and same(value, right, max(1e-8, tolerance)):
            return Repair(mistake, says)
    return None


class _Line:
    """An expression in which each chain that was read is one name."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.texts = {f"v{number}": text for number, text in enumerate(values)}
        self._names = {text: name for name, text in self.texts.items()}
        self._space: dict[str, Any] = {"np": np, "math": math, "sigmoid": lambda z: 1 / (1 + np.exp(-z))}
        self._space |= {self._names[text]: value for text, value in values.items()}
        self._space |= {text: value for text, value in values.items() if text.isidentifier()}

    def plain(self, tree: ast.expr) -> ast.expr:
        names = self._names

        class Plain(ast.NodeTransformer):
            def generic_visit(self, node: ast.AST) -> ast.AST:
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "astype":
                    return self.visit(node.func.value)
                own = (
                    isinstance(node, ast.Call)
                    and not ast.unparse(node.func).startswith("np.")
                    and ast.unparse(node.func) not in _ACTIVATIONS
                )
                if (own or isinstance(node, (ast.Name, ast.Attribute, ast.Subscript))) and ast.unparse(node) in spelled:
                    return ast.Name(spelled[ast.unparse(node)], ast.Load())
                return super().generic_visit(node)

        spelled = {ast.unparse(ast.parse(text, mode="eval").body): name for text, name in names.items() if _parses(text)}
        return Plain().visit(tree)

    def value(self, tree: ast.expr) -> Any:  # noqa: ANN401 - whatever comes out
        try:
            code = compile(ast.fix_missing_locations(ast.Expression(tree)), "<change>", "eval")
            with np.errstate(all="ignore"):
                return array_of(eval(code, dict(self._space)))  # noqa: S307 - arithmetic of the learner's line alone: calls are NumPy's
        except Exception:  # noqa: BLE001 - a change may make anything of it
            return None


def _parses(text: str) -> bool:
    try:
        ast.parse(text, mode="eval")
    except SyntaxError:
        return False
    return True


def _changes(tree: ast.expr, line: _Line) -> Iterator[tuple[ast.expr, str, str]]:
    if not _safe(tree):
        return
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.expr)]
    for number, node in enumerate(nodes):
        for new, mistake, says in _other(node, line):
            yield _with(tree, number, new), mistake, says
    yield from _brackets(tree, line)


def _safe(tree: ast.expr) -> bool:
    """Whether all that it calls is NumPy's or the sigmoid: nothing of the learner's runs here."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            root = node.func
            while isinstance(root, ast.Attribute):
                root = root.value
            if not isinstance(root, ast.Name) or (root.id not in {"np", "sigmoid"} and not isinstance(node.func, ast.Attribute)):
                return False
            if isinstance(node.func, ast.Attribute) and node.func.attr not in _CALLS:
                return False
        elif isinstance(node, (ast.Lambda, ast.ListComp, ast.GeneratorExp, ast.DictComp, ast.SetComp, ast.Await, ast.Yield, ast.NamedExpr)):
            return False
    return True


_CALLS = frozenset(
    ("dot", "matmul", "multiply", "add", "subtract", "divide", "square", "power", "sum", "mean", "tanh", "exp", "concatenate", "vstack")
    + (
        "hstack",
        "transpose",
        "reshape",
        "zeros",
        "zeros_like",
        "copy",
        "einsum",
        "ones",
        "ones_like",
        "negative",
        "array",
        "stack",
        "dstack",
    )
)


def _other(node: ast.expr, line: _Line) -> Iterator[tuple[ast.expr, str, str]]:
    """What may stand instead of one node, the mistake that this undoes, and what the node is called."""
    if isinstance(node, ast.BinOp):
        for kind in _OPERATORS:
            if not isinstance(node.op, kind):
                written, meant = _SIGNS.get(type(node.op), "?"), _SIGNS[kind]
                if {written, meant} == {"*", "@"}:
                    yield ast.BinOp(node.left, kind(), node.right), "product-for-matrix-product", f"the wrong kind of product ({written})"
                elif {written, meant} == {"+", "-"}:
                    yield ast.BinOp(node.left, kind(), node.right), "sign-flipped", f"a {written} where another sign belongs"
                else:
                    yield ast.BinOp(node.left, kind(), node.right), "operator-replaced", f"a {written} where another operator belongs"
        for kept, left_out in ((node.left, node.right), (node.right, node.left)):
            mistake, word = ("term-repeated", "term") if isinstance(node.op, (ast.Add, ast.Sub)) else ("factor-added", "factor")
            yield kept, mistake, f"a {word} too many: {_text(left_out, line)}"
        yield ast.BinOp(node.right, node.op, node.left), "product-for-matrix-product", "the two sides of a product in the wrong order"
    if isinstance(node, ast.Name) and node.id in line.texts:
        for other, text in line.texts.items():
            if other != node.id:
                yield (
                    ast.Name(other, ast.Load()),
                    _replaced(line.texts[node.id], text),
                    f"{line.texts[node.id]} where another value belongs",
                )
        yield ast.Attribute(node, "T", ast.Load()), "transpose-wrong", f"{line.texts[node.id]} not transposed"
        yield ast.UnaryOp(ast.USub(), node), "sign-flipped", f"{line.texts[node.id]} with the wrong sign"
        yield ast.BinOp(node, ast.Pow(), ast.Constant(2)), "wrong-activation-derivative", f"{line.texts[node.id]} without its square"
        one = ast.Constant(1)
        yield ast.BinOp(one, ast.Sub(), node), "activation-derivative-missing", f"{line.texts[node.id]} itself in place of its derivative"
        yield _call("np.tanh", node), "activation-wrong", f"{line.texts[node.id]} without its tanh"
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield node.value, "transpose-wrong", f"{_text(node.value, line)} transposed"
    if isinstance(node, ast.UnaryOp):
        yield node.operand, "sign-flipped", f"{_text(node.operand, line)} with the wrong sign"
    if isinstance(node, ast.Call):
        name = ast.unparse(node.func)
        for activation in _ACTIVATIONS:
            if name in _ACTIVATIONS and name != activation:
                yield (
                    ast.Call(ast.parse(activation, mode="eval").body, node.args, []),
                    "activation-wrong",
                    f"{name} where another activation belongs",
                )
        if name in _ACTIVATIONS and node.args:
            yield node.args[0], "activation-wrong", f"a {name} too many"
        if name == "np.mean" or name.endswith(".mean"):
            total = copy.deepcopy(node)
            assert isinstance(total.func, ast.Attribute)  # noqa: S101 - its name has a dot
            total.func.attr = "sum"
            yield total, "mean-for-sum", "a mean where the sum belongs"
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
        for other in (0, 1, 2, 0.5, -1):
            if other != node.value:
                yield ast.Constant(other), "operator-replaced", f"the number {node.value} where another one belongs"


def _replaced(written: str, meant: str) -> str:
    """Two siblings of one kind are gates mixed up."""
    kind = SEQUENCE_MODELS.vocabulary.kind
    return "gate-swapped" if kind(written) is not None and kind(written) == kind(meant) else "name-replaced"


def _brackets(tree: ast.expr, line: _Line) -> Iterator[tuple[ast.expr, str, str]]:
    """Brackets put, moved or taken away: every way to bracket the line's sums and products at two places of its text."""
    text = ast.unparse(tree)
    bare = _without_brackets(text)
    starts = [place for place, sign in enumerate(bare) if sign.isalnum() and (place == 0 or bare[place - 1] in " (")]
    ends = [
        place + 1
        for place, sign in enumerate(bare)
        if (sign.isalnum() or sign == ")") and (place + 1 == len(bare) or bare[place + 1] in " )")
    ]
    for start in starts:
        for end in ends:
            if end > start:
                try:
                    new = ast.parse(f"{bare[:start]}({bare[start:end]}){bare[end:]}", mode="eval").body
                except SyntaxError:
                    continue
                yield new, "bracket-moved", "its brackets in another place"
    del line


def _without_brackets(text: str) -> str:
    """The text without those brackets that only group."""
    out: list[str] = []
    grouping: list[bool] = []
    for place, sign in enumerate(text):
        if sign == "(":
            grouping.append(place == 0 or not (text[place - 1].isalnum() or text[place - 1] in "_])"))
            out.append("" if grouping[-1] else sign)
        elif sign == ")":
            out.append("" if grouping.pop() else sign)
        else:
            out.append(sign)
    return "".join(out)


def _call(name: str, argument: ast.expr) -> ast.expr:
    return ast.Call(ast.parse(name, mode="eval").body, [argument], [])


def _with(tree: ast.expr, number: int, new: ast.expr) -> ast.expr:
    """A copy of the tree with its ``number``-th expression, as ``ast.walk`` counts, replaced."""
    whole = copy.deepcopy(ast.Expression(tree))
    nodes = [node for node in ast.walk(whole.body) if isinstance(node, ast.expr)]
    target = nodes[number]
    if target is whole.body:
        return copy.deepcopy(new)

    class Put(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> ast.AST:
            return copy.deepcopy(new) if node is target else super().generic_visit(node)

    return Put().visit(whole).body


def _text(node: ast.expr, line: _Line) -> str:
    text = ast.unparse(node)
    for name in sorted(line.texts, key=len, reverse=True):
        text = text.replace(name, line.texts[name])
    return text
