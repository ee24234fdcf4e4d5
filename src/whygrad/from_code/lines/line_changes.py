"""The small changes of a line: each undoes one slip of the pen, and what the line would be worth with it."""

from __future__ import annotations

import ast
import re
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.from_code.lines.activated_twice import without_activation, without_one, written_out
from whygrad.from_code.lines.brackets import bracketed
from whygrad.from_code.lines.change import Change
from whygrad.from_code.lines.cuts import other_cuts, other_stacks
from whygrad.from_code.lines.lying import lying
from whygrad.from_code.lines.other_calls import of_entries, other_calls
from whygrad.from_code.lines.other_kind import other_kinds, spelled_alike
from whygrad.from_code.observe.arrays import array_of
from whygrad.from_code.observe.expression import Expression, broadcast, expression_of
from whygrad.from_code.observe.harmless import ACTIVATIONS, OPERATORS
from whygrad.from_code.observe.subject import name_of
from whygrad.sandbox.trees import is_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.observe.arrays import Array


_MOST_PLACES = 4
"""At which one name stands for another in a line."""
_EXCHANGED: dict[type[ast.operator], tuple[str, str]] = {
    ast.Sub: ("difference", "sign-flipped"), ast.Div: ("quotient", "names-exchanged"), ast.Pow: ("power", "names-exchanged"),
}  # fmt: skip
"""What an operator gives, and the mistake where its two sides have changed places; of the others only a matrix product is another then."""
_MEANT = tuple(kind for kind in OPERATORS if kind is not ast.FloorDiv)
"""Operators of formulas: whole numbers alone belong nowhere."""
_ONE_LESS = re.compile(r"\* 1(\.0*)? - ")
"""A factor that has most likely lost its brackets."""
_SIGNS: dict[type[ast.operator], str] = {
    ast.Mult: "*", ast.Add: "+", ast.Sub: "-", ast.Div: "/", ast.MatMult: "@", ast.Pow: "**",
    ast.FloorDiv: "//",
}  # fmt: skip


def changes(line: Expression, missing: Sequence[Any]) -> Iterator[Change]:
    """The changes of a line, those that say most first."""
    nodes = list(line.nodes())
    if line.tree is not None and _ONE_LESS.search(ast.unparse(line.tree)):
        yield from _in_brackets(line.tree, line)
    for node in nodes:
        yield from _other(node, line)
    yield from _exchanged(line)
    yield from _repeated(line)
    if line.tree is not None:
        yield from (Change(line.tree, value, "activation-wrong", says, "activated twice") for value, says in without_activation(line))
        yield from (Change(line.tree, value, "activation-wrong", says) for value, says in without_one(line))
        yield from (Change(line.tree, value, "kind-replaced", says) for value, says in (*other_kinds(line), *spelled_alike(line)))
    for node in nodes:
        yield from _other_slope(node, line)
    if line.tree is not None:
        yield from _in_brackets(line.tree, line)
    yield from _signs(line)
    for node in nodes:
        yield from (Change(node, value, "slice-wrong", says) for value, says in other_cuts(node, line))
        yield from (Change(node, value, "stack-wrong", says) for value, says in other_stacks(node, line))
        yield from _turned_part(node, line)
    if line.tree is not None:
        yield from _around(line.tree, line)
    for node in nodes:
        yield from _lacking(node, line, missing)


def _in_brackets(tree: ast.expr, line: Expression) -> Iterator[Change]:
    return (Change(tree, value, "bracket-moved", "its brackets in another place") for value in bracketed(line))


def _turned_part(node: ast.expr, line: Expression) -> Iterator[Change]:
    """What a call or a cut within the line gives, transposed, if it is a matrix."""
    array = array_of(line.value(node)) if isinstance(node, (ast.Call, ast.Subscript)) and node is not line.tree else None
    if array is not None and array.ndim == 2 and array.dtype.kind == "f":  # noqa: PLR2004 - a matrix
        yield Change(node, array.T, "transpose-wrong", lying(node, line))


def _around(tree: ast.expr, line: Expression) -> Iterator[Change]:
    """The whole transposed, if it is a product, or an activation of it."""
    array = array_of(line.value(tree))
    if array is not None and array.size and array.ndim == 2 and array.dtype.kind == "f":  # noqa: PLR2004 - a matrix
        if _is_product(tree):
            yield Change(
                tree, array.T, "transpose-wrong", "the factors of a matrix product in each other's place, so that it lies the other way"
            )
        for name, activation in (("tanh", np.tanh), *ACTIVATIONS.items()):
            yield Change(tree, activation(array), "activation-wrong", f"no {name} around it")


def _is_product(tree: ast.expr) -> bool:
    called = tree.func.attr if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Attribute) else ""
    return called in {"dot", "matmul"} or (isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.MatMult))


def _other(node: ast.expr, line: Expression) -> Iterator[Change]:
    """What may stand instead of one part."""
    match node:
        case ast.BinOp():
            yield from (Change(node, value, "activation-wrong", says) for value, says in written_out(node, line))
            yield from other_operation(node, line)
        case ast.Name(name) if name in line.texts:
            yield from _other_name(node, line)
        case ast.Attribute(value, "T"):
            yield Change(node, line.value(value), "transpose-wrong", f"{line.named(value)} transposed")
            yield from _one_turned(node, value, line)
        case ast.UnaryOp(_, operand):
            yield Change(node, line.value(operand), "sign-flipped", f"{line.named(operand)} with the wrong sign")
        case ast.Call(ast.Attribute(value, "transpose"), [], []) | ast.Call(ast.Attribute(_, "transpose"), [value], []):
            yield from _one_turned(node, value, line)
            yield from other_calls(node, line, _MEANT)
        case ast.Call():
            yield from other_calls(node, line, _MEANT)
        case ast.Constant(int() | float() as value) if not isinstance(value, bool):
            for other in (0, 1, 2, 0.5, -1):
                if other != value:
                    yield Change(node, other, "operator-replaced", f"the number {value} where another one belongs")
        case _:
            pass


def _one_turned(node: ast.expr, product: ast.expr, line: Expression) -> Iterator[Change]:
    """One factor of a matrix product transposed, where the product is."""
    says = f"{line.named(product)} transposed as a whole, and not one of its factors"
    yield from (Change(node, line.worth(meant), "transpose-wrong", says) for meant in _with_one_turned(product))


def _with_one_turned(product: ast.expr) -> Iterator[ast.expr]:
    """A matrix product of two with one of them transposed, and then the other."""

    def turned(factor: ast.expr) -> ast.expr:
        return ast.Attribute(factor, "T", ast.Load())

    match product:
        case ast.Call(ast.Attribute(_, "dot" | "matmul") as function, [left, right], []):
            yield ast.Call(function, [turned(left), right], [])
            yield ast.Call(function, [left, turned(right)], [])
        case ast.Call(ast.Attribute(left, "dot"), [right], []):
            yield ast.Call(ast.Attribute(turned(left), "dot", ast.Load()), [right], [])
            yield ast.Call(ast.Attribute(left, "dot", ast.Load()), [turned(right)], [])
        case ast.BinOp(left, ast.MatMult(), right):
            yield ast.BinOp(turned(left), ast.MatMult(), right)
            yield ast.BinOp(left, ast.MatMult(), turned(right))
        case _:
            pass


def _named(part: ast.expr) -> bool:
    """Whether a part reads a name: a number alone can be inside of no other term."""
    return any(isinstance(node, ast.Name) for node in ast.walk(part))


def other_operation(node: ast.BinOp, line: Expression) -> Iterator[Change]:
    """Another operator between two parts, one of them alone, or the two exchanged."""
    written = _SIGNS[type(node.op)]
    sides = [line.value(node.left), line.value(node.right)]
    sums = isinstance(node.op, (ast.Add, ast.Sub))
    foreign = "term-added" if sums else "factor-added"
    mistake, word = ("term-repeated", "term") if sums else ("factor-added", "power" if isinstance(node.op, ast.Pow) else "factor")
    alone = [
        Change(node, line.value(kept), mistake if _named(left_out) else foreign, f"a {word} too many: {line.named(left_out)}")
        for kept, left_out in ((node.left, node.right), (node.right, node.left))
    ]
    if isinstance(node.op, ast.Div) and _named(node.right):
        by = array_of(sides[1])
        counted = by is not None and not by.ndim and by == np.round(by)
        alone[0] = Change(node, sides[0], "mean-for-sum" if counted else mistake, f"a division too many: by {line.named(node.right)}")
    if isinstance(node.op, ast.Sub) and _named(node.left):  # without what it is subtracted from the sign would be left
        alone[1] = Change(node, sides[1], "sign-flipped", f"{line.named(node.right)} with the wrong sign")
    yield from alone if sums else ()  # a product may be right too, where both are zero
    for kind in _MEANT:
        if not isinstance(node.op, kind) and not (kind is ast.Div and isinstance(node.left, ast.Constant)):  # nobody means 1 / x by 1 - x
            meant = _SIGNS[kind]
            value = line.applied(ast.BinOp(node.left, kind(), node.right), sides)
            if {written, meant} == {"*", "@"}:
                yield Change(node, value, "product-for-matrix-product", f"the wrong kind of product ({written})")
            elif {written, meant} == {"+", "-"}:
                yield Change(node, value, "sign-flipped", f"a {written} where another sign belongs")
            else:
                yield Change(node, value, "operator-replaced", f"a {written} where another operator belongs")
    if isinstance(node.op, ast.MatMult):
        yield from of_entries(node, (node.left, node.right), line, written)
    yield from alone if not sums else ()
    what, exchanged = _EXCHANGED.get(type(node.op), ("product", "product-for-matrix-product"))
    yield Change(node, line.applied(node, sides[::-1]), exchanged, f"the two sides of a {what} in the wrong order")


def _other_slope(node: ast.expr, line: Expression) -> Iterator[Change]:
    """``1 - x`` or ``1 - x ** 2`` of another value, or ``x`` beside ``1 - x`` where the tanh's derivative belongs."""
    match node:
        case ast.BinOp(ast.Constant(1), ast.Sub(), taken):
            says = f"{line.named(node)} where the derivative of another value belongs"
            for array in map(array_of, line.values.values()):
                if array is not None:
                    slopes = [1 - array, 1 - array**2, 1 - np.tanh(array) ** 2]
                    slopes += [array * (1 - array)] if isinstance(taken, ast.BinOp) else []  # 1 - x is a part of it
                    yield from (Change(node, slope, "wrong-activation-derivative", says) for slope in slopes)
        case ast.Name() | ast.Call() if ast.unparse(node) in _one_less(line):
            array = array_of(line.value(node))
            if array is not None:  # (1 + x) (1 - x)
                yield Change(node, 1 + array, "wrong-activation-derivative", "the derivative of a sigmoid where that of the tanh belongs")
        case _:
            pass


def _one_less(line: Expression) -> set[str]:
    """What the line has one minus of."""
    found: set[str] = set()
    for node in () if line.tree is None else ast.walk(line.tree):
        match node:
            case ast.BinOp(ast.Constant(1), ast.Sub(), taken):
                found.add(ast.unparse(taken))
            case _:
                pass
    return found


def _other_name(node: ast.Name, line: Expression) -> Iterator[Change]:
    own, value = line.texts[node.id], line.value(node)
    for other, text in line.texts.items():
        if other != node.id and not _made_of(own, text) and not _turned(own, text) and not _same_matrix(value, line.values[other]):
            says = f"{own} where another value belongs"
            yield Change(node, line.values[other], replaced(own, text), says, put=text)
            yield Change(node, np.transpose(line.values[other]), replaced(own, text), says, put=f"{text}.T")
    yield from (Change(node, step, "name-replaced", f"{own} where another value belongs") for step in _other_steps(own, value, line))
    array = array_of(value)
    if array is None or not array.ndim or array.dtype.kind == "b":  # a size is no activation
        return
    if array.ndim == 3:  # noqa: PLR2004 - all steps
        yield from (Change(node, step, "slice-wrong", f"the whole of {own} where one step belongs") for step in np.moveaxis(array, 2, 0))
    yield Change(node, array.T, "transpose-wrong", lying(node, line))
    yield Change(node, -array, "sign-flipped", f"{own} with the wrong sign")
    yield Change(node, array**2, "wrong-activation-derivative", f"{own} without its square")
    yield Change(node, 1 - array, *_without_slope(node, line))
    yield Change(node, 1 - array**2, "activation-derivative-missing", f"{own} itself in place of its derivative")
    yield Change(node, array * (1 - array), "activation-derivative-missing", f"{own} itself in place of its derivative")
    yield Change(node, np.tanh(array), "activation-wrong", f"{own} without its tanh")
    yield Change(node, ACTIVATIONS["sigmoid"](array), "activation-wrong", f"{own} without its sigmoid")


def _lacking(node: ast.expr, line: Expression, missing: Sequence[Any]) -> Iterator[Change]:
    """A part that lacks a term or a factor: one that has a name here, a right quantity, or the number 1."""
    array = array_of(line.value(node))
    if array is None or array.ndim not in {2, 3} or not array.any():  # to nothing any term can be added
        return
    named = line.named(node)
    others = [*line.values.values(), *missing]
    if array.ndim == 3:  # noqa: PLR2004 - all steps, of which each gets the same
        others = [one[:, :, None] for other in others if (one := array_of(other)) is not None and one.ndim == 2]  # noqa: PLR2004
    yield Change(node, array + 1, "term-dropped", f"{named} without a term (a number)", "a number")
    if not np.all(array == 1):  # what is made of ones is no activation
        yield Change(node, 1 - array, "wrong-activation-derivative", f"{named} without the one minus")
    yield Change(node, 2 * array, "factor-dropped", f"{named} without a factor (a number)")
    for other in others:
        value = array_of(other)
        if (
            value is None
            or not value.any()
            or not value.ndim
            or not (broadcast(array.shape, value.shape) or broadcast(value.shape, array.shape))
        ):
            continue
        yield Change(node, array + value, "term-dropped", f"{named} without a term that belongs to it")
        yield Change(node, array * value, "factor-dropped", f"{named} without a factor that belongs to it")


def replaced(written: str, meant: str) -> str:
    """Two siblings of one kind are gates mixed up; two parts of one array, which are no two of its steps, are cut wrongly."""
    if "[" in written and name_of(written) == name_of(meant) and not written.startswith(f"{name_of(meant)}[:, :, "):
        return "slice-wrong"
    kinds = [SEQUENCE_MODELS.vocabulary.kind(name_of(text.removesuffix(".T"))) for text in (written, meant)]
    return "gate-swapped" if kinds[0] is not None and kinds[0] == kinds[1] else "name-replaced"


def _without_slope(node: ast.Name, line: Expression) -> tuple[str, str]:
    """The mistake where a name stands for one minus it, and what the line has: what stands there twice may be half of its derivative."""
    own, tree = line.texts[node.id], line.tree
    twice = tree is not None and sum(is_name(part, node.id) for part in ast.walk(tree)) > 1
    if twice:
        return "wrong-activation-derivative", f"{own} where a part of its derivative belongs"
    return "activation-derivative-missing", f"{own} itself in place of its derivative"


def _made_of(own: str, text: str) -> bool:
    """Whether another text is no name but a part of the line that is computed of this one: then the line has all of it, and lacks more."""
    node = expression_of(text)
    return isinstance(node, (ast.BinOp, ast.Call, ast.UnaryOp)) and any(ast.unparse(part) == own for part in ast.walk(node))


def _other_steps(own: str, value: Any, line: Expression) -> Iterator[Array]:  # noqa: ANN401 - an array
    """Of an array of which one step is read the other steps."""
    base, bracket, _ = own.partition("[:, :, ")
    whole = next((array_of(line.values[name]) for name, text in line.texts.items() if bracket and text == base), None)
    if whole is not None and whole.ndim == 3 and np.ndim(value) == 2:  # noqa: PLR2004 - all steps, and one
        steps: list[Array] = list(np.moveaxis(whole, 2, 0))
        yield from (step for step in steps if not np.array_equal(step, value))


def _same_matrix(value: Any, other: Any) -> bool:  # noqa: ANN401 - arrays
    """Whether two names hold one matrix, or the one it transposed: only turning it could be meant."""
    if np.ndim(value) != 2 or np.ndim(other) != 2:  # noqa: PLR2004 - a matrix
        return False
    return np.array_equal(value, other) or np.array_equal(np.transpose(value), other)


def _turned(written: str, meant: str) -> bool:
    """Whether both are the same but for a transposition, which has a name of its own."""
    one, other = (text.replace("'", '"').removesuffix(".T") for text in (written, meant))
    return one == other


def _signs(line: Expression) -> Iterator[Change]:
    """Another operator at a place of the text: the line then falls into other parts."""
    for change, parts in other_signs(line):
        tree = expression_of("".join(parts))
        if tree is not None:
            yield change._replace(value=line.worth(tree))


def other_signs(line: Expression) -> Iterator[tuple[Change, tuple[str, str, str]]]:
    """The operators of a line, each with what it would be instead, between what stands before and behind it."""
    assert line.tree is not None  # noqa: S101 - asked before
    text = ast.unparse(line.tree)
    for node in ast.walk(ast.parse(text, mode="eval").body):
        if isinstance(node, ast.BinOp):
            left, right = text[: node.left.end_col_offset], text[node.right.col_offset :]
            between, own = text[len(left) : node.right.col_offset], _SIGNS[type(node.op)]
            change = Change(line.tree, None, "operator-replaced", f"a {own} where another operator belongs")
            for sign in "*+-/".replace(own, ""):
                yield change, (left, between.replace(own, sign), right)


def _exchanged(line: Expression) -> Iterator[Change]:
    """Two names in each other's place."""
    assert line.tree is not None  # noqa: S101 - asked before
    tree = ast.parse(ast.unparse(line.tree), mode="eval").body
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id in line.texts]
    for one, other in combinations(names, 2):
        if one.id != other.id:
            one.id, other.id = other.id, one.id
            mine, theirs = line.texts[one.id], line.texts[other.id]
            yield Change(line.tree, line.worth(tree), replaced(mine, theirs), f"{mine} and {theirs} in each other's place", "exchanged")
            one.id, other.id = other.id, one.id


def _repeated(line: Expression) -> Iterator[Change]:
    """One name for another wherever it stands, or at several of these places: an equation written out is copied with its slips."""
    assert line.tree is not None  # noqa: S101 - asked before
    tree = ast.parse(ast.unparse(line.tree), mode="eval").body
    places: dict[str, list[ast.Name]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in line.texts:
            places.setdefault(node.id, []).append(node)
    for own, nodes in places.items():
        for chosen in (chosen for many in range(min(len(nodes), _MOST_PLACES), 1, -1) for chosen in combinations(nodes, many)):
            for other, text in line.texts.items():
                if other != own and not _turned(line.texts[own], text):
                    for node in chosen:
                        node.id = other
                    says = f"{line.texts[own]} where another value belongs"
                    yield Change(line.tree, line.worth(tree), replaced(line.texts[own], text), says)
            for node in chosen:
                node.id = own
