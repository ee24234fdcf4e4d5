"""An equation multiplied out: the parts that it adds up, each with the factors that are multiplied in it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_code.observe.arrays import array_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from whygrad.from_code.observe.arrays import Array

_MOST = 8
"""Parts of an equation that is taken apart."""
_CALLED: dict[str, type[ast.operator]] = {"multiply": ast.Mult, "add": ast.Add, "subtract": ast.Sub}


@dataclass(frozen=True, slots=True, eq=False)
class Factor:
    """A factor: what it is called, its value, and those of the two sides of a matrix product, if it is one."""

    text: str
    value: Array
    node: ast.expr
    sides: tuple[Factor, Factor] | None = None

    @property
    def slope(self) -> bool:
        """Whether it stands like the derivative of an activation: one minus something, or a power of that."""
        inner = self.node.left if isinstance(self.node, ast.BinOp) and isinstance(self.node.op, ast.Pow) else self.node
        return isinstance(inner, ast.BinOp) and _from_one(inner)


@dataclass(frozen=True, slots=True)
class Part:
    """What is added up, with its sign or number."""

    number: float
    factors: tuple[Factor, ...]

    @property
    def text(self) -> str:
        """The part as it could be written."""
        return " * ".join(f"({factor.text})" if factor.slope else factor.text for factor in self.factors)


def parts_of(tree: ast.expr, value: Callable[[ast.expr], Any], text: Callable[[ast.expr], str]) -> list[Part] | None:
    """The parts of an equation by the values and texts of its nodes; None where these are no arrays of one shape, or the parts too many."""
    found: list[Part] = []
    for number, nodes in _multiplied(tree) or ():
        factors: list[Factor] = []
        for node in nodes:
            if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
                number *= node.value  # noqa: PLW2901 - one factor after the other
                continue
            factor = _factor(node, value, text)
            if factor is None:
                return None
            factors.append(factor)
        found.append(Part(number, tuple(factors)))
    shapes = {factor.value.shape for part in found for factor in part.factors}
    return found if len(shapes) == 1 and all(part.factors for part in found) else None


def total(parts: list[Part]) -> Any:  # noqa: ANN401 - an array
    """What the parts come to together."""
    with np.errstate(all="ignore"):
        return sum(part.number * np.prod(np.stack([factor.value for factor in part.factors]), axis=0) for part in parts)


def _factor(node: ast.expr, value: Callable[[ast.expr], Any], text: Callable[[ast.expr], str]) -> Factor | None:
    array = array_of(value(node))
    if array is None or array.ndim != 2:  # noqa: PLR2004 - a matrix
        return None
    sides = _sides(node)
    both = [_factor(side, value, text) for side in sides] if sides else []
    return Factor(text(node), array, node, (both[0], both[1]) if sides and both[0] and both[1] else None)


def _sides(node: ast.expr) -> tuple[ast.expr, ast.expr] | None:
    match node:
        case ast.BinOp(left, ast.MatMult(), right) | ast.Call(ast.Attribute(ast.Name("np"), "dot" | "matmul"), [left, right]):
            return left, right
        case ast.Call(ast.Attribute(left, "dot"), [right]):
            return left, right
        case _:
            return None


def _multiplied(node: ast.expr) -> list[tuple[float, list[ast.expr]]] | None:
    """The products, each a number and its factors; None where they are too many."""
    match node:
        case ast.UnaryOp(ast.USub(), operand):
            return [(-number, factors) for number, factors in _multiplied(operand) or ()] or None
        case ast.Call(ast.Attribute(ast.Name("np"), name), [left, right]) if name in _CALLED:
            return _multiplied(ast.BinOp(left, _CALLED[name](), right))
        case ast.BinOp(left, ast.Add() | ast.Sub() | ast.Mult() as operation, right) if not _from_one(node):
            one, other = _multiplied(left), _multiplied(right)
        case _:
            return [(1.0, [node])]
    if one is None or other is None:
        return None
    if isinstance(operation, ast.Mult):
        found = [(a * b, [*these, *those]) for (a, these), (b, those) in product(one, other)]
    else:
        found = one + [(-number if isinstance(operation, ast.Sub) else number, factors) for number, factors in other]
    return found if len(found) <= _MOST else None


def _from_one(node: ast.BinOp) -> bool:
    """Whether something is subtracted from 1: what a derivative is made of stays together."""
    return isinstance(node.op, ast.Sub) and isinstance(node.left, ast.Constant) and node.left.value == 1
