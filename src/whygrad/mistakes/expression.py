"""Take an expression apart and put an edited text together: the tools that operators share."""

from __future__ import annotations

import ast
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Expression:
    """A Python expression on one line, as text and as syntax tree. Edits give new texts; nothing is changed in place."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tree = ast.parse(text, mode="eval").body

    def of(self, node: ast.expr) -> str:
        """The text of a node of the tree (without brackets that stand around it)."""
        return self.text[node.col_offset : node.end_col_offset]

    def factor(self, node: ast.expr) -> str:
        """The text of a node, in brackets where a factor needs them."""
        return (
            bracketed(self.of(node))
            if isinstance(node, (ast.BinOp, ast.UnaryOp)) and not isinstance(getattr(node, "op", None), ast.Pow)
            else self.of(node)
        )

    def put(self, node: ast.expr, new: str) -> str:
        """The whole text with ``node`` written as ``new``."""
        return self.text[: node.col_offset] + new + self.text[node.end_col_offset :]

    def put_all(self, nodes: list[ast.expr], new: str) -> str:
        """The whole text with every one of ``nodes`` written as ``new``."""
        return self.put_each([(node, new) for node in nodes])

    def put_each(self, new: Sequence[tuple[ast.expr, str]]) -> str:
        """The whole text with each of these nodes, none within another, written as the text beside it."""
        text = self.text
        for node, own in sorted(new, key=lambda pair: -pair[0].col_offset):
            text = text[: node.col_offset] + own + text[node.end_col_offset :]
        return text

    @cached_property
    def nodes(self) -> list[ast.expr]:
        """Every expression node, outermost first."""
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.expr)]

    @cached_property
    def names(self) -> list[ast.Name]:
        """The names that stand for values, in order; modules and called functions are left out."""
        called = {id(node.func) for node in self.nodes if isinstance(node, ast.Call)}
        inside = {
            id(node.value)
            for node in self.nodes
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "np"
        }
        return [node for node in self.nodes if isinstance(node, ast.Name) and id(node) not in called and id(node) not in inside]

    def chains(self, operators: tuple[type[ast.operator], ...]) -> Iterator[tuple[ast.BinOp, list[tuple[str, ast.expr]]]]:
        """Maximal chains of ``operators``: the root, and (sign, operand) for each operand; the sign is ``-`` right of a minus."""
        inner: set[int] = set()
        for node in self.nodes:
            if isinstance(node, ast.BinOp) and isinstance(node.op, operators) and id(node) not in inner:
                operands: list[tuple[str, ast.expr]] = []
                left: ast.expr = node
                while isinstance(left, ast.BinOp) and isinstance(left.op, operators):
                    inner.add(id(left))
                    operands.insert(0, ("-" if isinstance(left.op, ast.Sub) else "+", left.right))
                    left = left.left
                yield node, [("+", left), *operands]

    def products(self) -> Iterator[tuple[ast.BinOp, list[ast.expr]]]:
        """Every maximal product and its factors."""
        for root, operands in self.chains((ast.Mult,)):
            yield root, [operand for _, operand in operands]

    def sums(self) -> Iterator[tuple[ast.BinOp, list[tuple[str, ast.expr]]]]:
        """Every maximal sum and its signed terms."""
        yield from self.chains((ast.Add, ast.Sub))

    def product(self, factors: list[ast.expr]) -> str:
        """The text of a product of these factors."""
        return " * ".join(self.factor(node) for node in factors)

    def sum(self, terms: list[tuple[str, ast.expr]]) -> str:
        """The text of a sum of these signed terms."""
        first, *rest = terms
        head = ("-" if first[0] == "-" else "") + self.term(first[1])
        return head + "".join(f" {sign} {self.term(node)}" for sign, node in rest)

    def term(self, node: ast.expr) -> str:
        """The text of a node, in brackets where it is itself a sum."""
        return bracketed(self.of(node)) if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)) else self.of(node)

    def calls(self, *functions: str) -> Iterator[ast.Call]:
        """Every call of one of the functions, written as in the program (``np.dot``)."""
        for node in self.nodes:
            if isinstance(node, ast.Call) and self.of(node.func) in functions:
                yield node


def bracketed(text: str) -> str:
    """``text`` in brackets."""
    return f"({text})"
