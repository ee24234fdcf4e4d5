"""What a call of a line would be worth with another function, with another axis, or without it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whygrad.from_code.lines.change import Change
from whygrad.from_code.observe.arrays import array_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.observe.expression import Expression

_OF_ENTRIES = frozenset(("abs", "cosh", "exp", "sinh", "sqrt", "square", "tanh"))
"""Functions of one number that are called on arrays."""
_ACTIVATIONS = frozenset(("tanh", "sigmoid", "softmax"))
_TAKEN_FOR_ONE = frozenset(("tan", "sin", "cos", "sinh", "cosh", "arctan", "arctanh", "arcsinh"))
"""Functions of NumPy that are typed where an activation is meant; so is exp, but activations are made of it too."""
_OF_MANY = {"mean": "mean", "max": "maximum", "min": "minimum", "prod": "product"}
"""What makes one number of many, as a sum does."""
_PRODUCTS = frozenset(("dot", "matmul", "einsum"))
_OF_TWO = frozenset(("multiply", "add", "subtract", "dot", "matmul", "divide", "power", "maximum", "minimum"))


def other_calls(node: ast.Call, line: Expression, operations: Sequence[type[ast.operator]]) -> Iterator[Change]:
    """The changes of one call; a call of two arrays may stand for any of the ``operations``."""
    name = ast.unparse(node.func)
    last = name.rpartition(".")[2]
    if last in _ACTIVATIONS and node.args:
        yield from _other_activations(node, line, name)
    if len(node.args) == 1 and (last in _TAKEN_FOR_ONE or (last == "exp" and multiplies(node.args[0]))):
        yield from _activations(node, line, name)
    if last in _OF_ENTRIES and len(node.args) == 1 and isinstance(node.func, ast.Attribute):
        yield from _other_functions(node, node.func, line, name)
    yield from (change for change, _ in sums_for(node, line))
    if last in {"sum", *_OF_MANY} and isinstance(node.func, ast.Attribute) and not node.keywords:
        whole = node.args[0] if len(node.args) == 1 and name.startswith("np.") else node.func.value if not node.args else None
        if whole is not None:
            says = f"a {_OF_MANY.get(last, last)} where {line.named(whole)} itself belongs"
            yield Change(node, line.value(whole), "sum-wrong", says, "itself")
    if last == "sum":
        yield from _other_sums(node, line, name)
    if last in _OF_TWO and len(node.args) == 2 and not isinstance(node.args[1], ast.Constant):  # noqa: PLR2004 - both sides
        given = [line.value(argument) for argument in node.args]
        for kind in operations:
            value = line.applied(ast.BinOp(node.args[0], kind(), node.args[1]), given)
            yield Change(node, value, "operator-replaced", f"{name} where another operation belongs")
        if last in _PRODUCTS:
            yield from of_entries(node, node.args, line, name)
        sums = last in {"add", "subtract"}
        mistake, word = ("term-repeated", "term") if sums else ("factor-added", "factor")
        twice = f"{line.named(node.args[0])} twice" if sums and ast.dump(node.args[0]) == ast.dump(node.args[1]) else ""
        yield from (Change(node, kept, mistake, twice or f"a {word} too many in {name}") for kept in given)


def of_entries(node: ast.expr, sides: Sequence[ast.expr], line: Expression, written: str) -> Iterator[Change]:
    """Entries multiplied one by one where a matrix product stands, one side of it transposed so that the shapes let it."""
    turned = [isinstance(side, ast.Name | ast.Attribute) and line.named(side).endswith(".T") for side in sides]
    one, other = (array_of(line.value(side)) for side in sides)
    if turned[0] == turned[1] or one is None or other is None:
        return
    one, other = (one.T, other) if turned[0] else (one, other.T)
    if one.shape == other.shape:
        says = f"a matrix product ({written}) where entries are multiplied one by one"
        yield Change(node, one * other, "product-for-matrix-product", says)


def sums_for(node: ast.Call, line: Expression) -> Iterator[tuple[Change, ast.Call]]:
    """The sum in the place of a mean or the like, and its call."""
    last = ast.unparse(node.func).rpartition(".")[2]
    if last in _OF_MANY and isinstance(node.func, ast.Attribute):
        total = ast.Call(ast.Attribute(node.func.value, "sum", ast.Load()), node.args, node.keywords)
        known = "mean-for-sum" if last == "mean" else "sum-wrong"
        yield Change(node, line.worth(total), known, f"a {_OF_MANY[last]} where the sum belongs", "sum"), total


def multiplies(node: ast.expr) -> bool:
    """Whether matrices are multiplied there, as for the gates and the states."""
    parts = list(ast.walk(node))
    calls = (ast.unparse(part.func).rpartition(".")[2] for part in parts if isinstance(part, ast.Call))
    return any(isinstance(part, ast.MatMult) for part in parts) or not _PRODUCTS.isdisjoint(calls)


def _other_activations(node: ast.Call, line: Expression, name: str) -> Iterator[Change]:
    yield from _activations(node, line, name)
    yield Change(node, line.value(node.args[0]), "activation-wrong", f"a {name} too many", "activated twice")
    last, array = name.rpartition(".")[2], array_of(line.value(node))
    if last == "softmax" or array is None:
        return
    for known, own in ((array, line.named(node)), (array_of(line.value(node.args[0])), name)):  # of what goes in, or of what came out
        if known is not None:
            slope = 1 - known**2 if last == "tanh" else known * (1 - known)
            yield Change(node, slope, "activation-derivative-missing", f"{own} itself in place of its derivative")
    if last == "tanh":
        yield Change(node, array**2, "wrong-activation-derivative", f"{line.named(node)} without its square")


def _activations(node: ast.Call, line: Expression, name: str) -> Iterator[Change]:
    """The activations in the place of what is called."""
    another, form = ("another activation", "") if name.rpartition(".")[2] in _ACTIVATIONS else ("an activation", "an activation")
    for other in ("np.tanh", "sigmoid", "softmax"):
        if other.rpartition(".")[2] != name.rpartition(".")[2]:
            value = line.worth(ast.Call(ast.parse(other, mode="eval").body, node.args, []))
            yield Change(node, value, "activation-wrong", f"{name} where {another} belongs", form)


def _other_functions(node: ast.Call, function: ast.Attribute, line: Expression, name: str) -> Iterator[Change]:
    """Another function of each entry; of a power the power of what the function gives."""
    for other in sorted(_OF_ENTRIES - {function.attr, "tanh"}):
        called = ast.Call(ast.Attribute(function.value, other, ast.Load()), node.args, [])
        yield Change(node, line.worth(called), "operator-replaced", f"{name} where another function belongs")
    match node.args[0]:
        case ast.BinOp(base, ast.Pow(), power):
            value = line.worth(ast.BinOp(ast.Call(function, [base], []), ast.Pow(), power))
            yield Change(node, value, "bracket-moved", f"{name} with its brackets in another place than they should be")
        case _:
            pass


def _other_sums(node: ast.Call, line: Expression, name: str) -> Iterator[Change]:
    for axis in (0, 1):
        for kept in (True, False):
            keywords = [ast.keyword("axis", ast.Constant(axis)), ast.keyword("keepdims", ast.Constant(kept))]
            summed = ast.Call(node.func, node.args[:1] if name.startswith("np.") else [], keywords)
            yield Change(node, line.worth(summed), "sum-wrong", "a sum over another axis, or of another shape, than it should have")
