"""Which small change of the learner's own line gives the right value? The change undone is the mistake, whatever the style.

The line is evaluated with the values that it read in the run; each change is one of those that slips of the pen undo: another name,
another operator, a bracket, a transposition, an activation, something left out.
"""

from __future__ import annotations

import ast
import copy
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.from_code.subject import Array, array_of, same
from whygrad.sandbox.standins import HELPERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from whygrad.from_code.subject import Record

_MOST = 1_500
"""Changes that are tried."""
_SIGNS: dict[type[ast.operator], str] = {
    ast.Mult: "*", ast.Add: "+", ast.Sub: "-", ast.Div: "/", ast.MatMult: "@", ast.Pow: "**",
}  # fmt: skip
_ACTIVATIONS = ("np.tanh", "sigmoid")
_NAME = re.compile(r"\bv\d+\b")
"""The names by which a line's chains go while it is changed."""


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
    values = {**scope, **{record.place.text: record.value for record in reads}}
    line = _Line({name: value for name, value in values.items() if (array := array_of(value)) is not None and _small(array)})
    tree = _in_floats(line.plain(tree))
    for number, (change, mistake, says) in enumerate(_changes(tree, line)):
        if number >= _MOST:
            break
        value = line.value(change) if _safe(change) else None
        if value is not None and same(value, right, max(1e-8, tolerance)):
            return Repair(mistake, says)
    return None


def _small(array: Array) -> bool:
    return array.size <= _SIZE and array.ndim <= 2  # noqa: PLR2004 - a matrix


class _Line:
    """An expression in which each chain that was read is one name."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.texts = {f"v{number}": text for number, text in enumerate(values)}
        self._names = {text: name for name, text in self.texts.items()}
        self._space: dict[str, Any] = {"np": np, "sigmoid": HELPERS["sigmoid"]}
        for text, value in values.items():
            self._space[self._names[text]] = mine = np.array(value)
            mine.flags.writeable = False

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
                return array_of(eval(code, dict(self._space)))  # noqa: S307 - arithmetic alone, see _safe
        except Exception:  # noqa: BLE001 - a change may make anything of it
            return None


def _parses(text: str) -> bool:
    try:
        ast.parse(text, mode="eval")
    except SyntaxError:
        return False
    return True


def _changes(tree: ast.expr, line: _Line) -> Iterator[Change]:
    if not _safe(tree):
        return
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.expr)]
    for number, node in enumerate(nodes):
        for new, mistake, says in _other(node, line):
            yield _with(tree, number, new), mistake, says
    yield from _brackets(tree)


def _safe(tree: ast.expr) -> bool:
    """Whether a text that somebody else wrote is plain arithmetic of the small arrays that it read: nothing else is evaluated here."""
    nodes = list(ast.walk(tree))
    return len(nodes) <= _NODES and all(map(_harmless, nodes))


def _in_floats(tree: ast.expr) -> ast.expr:
    """The same arithmetic with fractions for whole numbers: a power of these may have more digits than there is room for."""
    for node in ast.walk(tree):
        for operand in map(_unsigned, (node.left, node.right) if isinstance(node, ast.BinOp) else ()):
            if isinstance(operand, ast.Constant) and isinstance(operand.value, int):
                operand.value = float(operand.value)
    return tree


def _unsigned(node: ast.expr) -> ast.expr:
    return _unsigned(node.operand) if isinstance(node, ast.UnaryOp) else node


def _harmless(node: ast.AST) -> bool:
    match node:
        case ast.Name(name):
            return re.fullmatch(r"v\d+|np|sigmoid|True|False", name) is not None
        case ast.Constant(value):
            return isinstance(value, (int, float)) and abs(value) <= _NUMBER
        case ast.Attribute(_, attribute):
            return attribute == "T" or attribute in _CALLS
        case ast.BinOp(left, operation, right):
            sides = _unsigned(left), _unsigned(right)
            whole = any(isinstance(side, ast.Constant) and isinstance(side.value, int) for side in sides)
            return type(operation) in _SIGNS and not whole and not any(isinstance(side, (ast.Tuple, ast.List)) for side in sides)
        case ast.keyword(arg=name):
            return name in {"axis", "keepdims"}
        case _:
            return isinstance(node, (ast.Call, ast.UnaryOp, ast.USub, ast.UAdd, ast.Tuple, ast.List, ast.Load, ast.operator))


_NODES, _NUMBER = 200, 1000
_SIZE = 200
"""Entries of an array that may stand in a line evaluated here."""
_CALLS = frozenset(
    (
        "dot", "matmul", "multiply", "add", "subtract", "divide", "square", "sum", "mean", "tanh", "exp", "concatenate", "vstack", "hstack",
        "transpose", "zeros_like", "ones_like", "copy", "negative",
    )
)  # fmt: skip


Change = tuple[ast.expr, str, str]
"""What stands instead, the mistake that this undoes, and what the line has, in words."""


def _other(node: ast.expr, line: _Line) -> Iterator[Change]:
    """What may stand instead of one node."""
    if isinstance(node, ast.BinOp):
        yield from _other_operation(node, line)
    elif isinstance(node, ast.Name) and node.id in line.texts:
        yield from _other_name(node, line)
    elif isinstance(node, ast.Attribute) and node.attr == "T":
        yield node.value, "transpose-wrong", f"{_text(node.value, line)} transposed"
    elif isinstance(node, ast.UnaryOp):
        yield node.operand, "sign-flipped", f"{_text(node.operand, line)} with the wrong sign"
    elif isinstance(node, ast.Call):
        yield from _other_call(node)
    elif isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
        for other in (0, 1, 2, 0.5, -1) if isinstance(node.value, float) else (0, 1, 2, -1):
            if other != node.value:
                yield ast.Constant(type(node.value)(other)), "operator-replaced", f"the number {node.value:g} where another one belongs"


def _other_operation(node: ast.BinOp, line: _Line) -> Iterator[Change]:
    written = _SIGNS.get(type(node.op), "?")
    for kind, meant in _SIGNS.items():
        if not isinstance(node.op, kind):
            new = ast.BinOp(node.left, kind(), node.right)
            if {written, meant} == {"*", "@"}:
                yield new, "product-for-matrix-product", f"the wrong kind of product ({written})"
            elif {written, meant} == {"+", "-"}:
                yield new, "sign-flipped", f"a {written} where another sign belongs"
            else:
                yield new, "operator-replaced", f"a {written} where another operator belongs"
    for kept, left_out in ((node.left, node.right), (node.right, node.left)):
        mistake, word = ("term-repeated", "term") if isinstance(node.op, (ast.Add, ast.Sub)) else ("factor-added", "factor")
        yield kept, mistake, f"a {word} too many: {_text(left_out, line)}"
    yield ast.BinOp(node.right, node.op, node.left), "product-for-matrix-product", "the two sides of a product in the wrong order"


def _other_name(node: ast.Name, line: _Line) -> Iterator[Change]:
    own = line.texts[node.id]
    for other, text in line.texts.items():
        if other != node.id:
            yield ast.Name(other, ast.Load()), _replaced(own, text), f"{own} where another value belongs"
    yield ast.Attribute(node, "T", ast.Load()), "transpose-wrong", f"{own} not transposed"
    yield ast.UnaryOp(ast.USub(), node), "sign-flipped", f"{own} with the wrong sign"
    yield ast.BinOp(node, ast.Pow(), ast.Constant(2.0)), "wrong-activation-derivative", f"{own} without its square"
    yield ast.BinOp(ast.Constant(1.0), ast.Sub(), node), "activation-derivative-missing", f"{own} itself in place of its derivative"
    yield _call("np.tanh", node), "activation-wrong", f"{own} without its tanh"


def _other_call(node: ast.Call) -> Iterator[Change]:
    name = ast.unparse(node.func)
    if name in _ACTIVATIONS and node.args:
        for activation in _ACTIVATIONS:
            if name != activation:
                yield _call(activation, node.args[0]), "activation-wrong", f"{name} where another activation belongs"
        yield node.args[0], "activation-wrong", f"a {name} too many"
    if isinstance(node.func, ast.Attribute) and node.func.attr == "mean":
        total = copy.deepcopy(node)
        total.func = ast.Attribute(node.func.value, "sum", ast.Load())
        yield total, "mean-for-sum", "a mean where the sum belongs"


def _replaced(written: str, meant: str) -> str:
    """Two siblings of one kind are gates mixed up."""
    kind = SEQUENCE_MODELS.vocabulary.kind
    return "gate-swapped" if kind(written) is not None and kind(written) == kind(meant) else "name-replaced"


def _brackets(tree: ast.expr) -> Iterator[Change]:
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
    whole = ast.Expression(copy.deepcopy(tree))
    nodes = [node for node in ast.walk(whole.body) if isinstance(node, ast.expr)]
    target = nodes[number]
    if target is whole.body:
        return copy.deepcopy(new)

    class Put(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> ast.AST:
            return copy.deepcopy(new) if node is target else super().generic_visit(node)

    return cast("ast.expr", Put().visit(whole.body))


def _text(node: ast.expr, line: _Line) -> str:
    return _NAME.sub(lambda found: line.texts.get(found[0], found[0]), ast.unparse(node))
