"""An activation of what is one already, or of what should be one: what a line would be worth without it, or with it."""

from __future__ import annotations

import ast
from collections import Counter
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.from_code.observe.arrays import array_of, same
from whygrad.from_code.observe.harmless import ACTIVATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_code.observe.expression import Expression


def written_out(node: ast.BinOp, line: Expression) -> Iterator[tuple[Any, str]]:
    """What a fraction is the activation of, ``1 / (1 + np.exp(-z))``, and what the line has."""
    value = array_of(line.value(node)) if isinstance(node.op, ast.Div) else None
    for name in dict.fromkeys(part.id for part in ast.walk(node) if isinstance(part, ast.Name) and part.id in line.texts):
        given = array_of(line.values[name])
        if value is None or given is None or given.shape != value.shape:
            continue
        with np.errstate(all="ignore"):
            worth = {"sigmoid": ACTIVATIONS["sigmoid"](given), "tanh": np.tanh(given)}
        yield from ((given, f"the {known} of what is a {known} already") for known in worth if same(value, worth[known]))


def without_activation(line: Expression) -> Iterator[tuple[Any, str]]:
    """The line with what an activation is given, wherever the same one stands several times, and what the line has."""
    assert line.tree is not None  # noqa: S101 - asked before
    calls = [node for node in ast.walk(line.tree) if isinstance(node, ast.Call) and len(node.args) == 1]
    texts = Counter(ast.unparse(node) for node in calls if ast.unparse(node.func).rpartition(".")[2] in {"tanh", "sigmoid"})
    for text, times in texts.items():
        if times > 1:
            bare = _Bare(text).visit(ast.parse(ast.unparse(line.tree), mode="eval").body)
            yield line.worth(bare), f"a {text.partition('(')[0]} too many at {times} places"


def without_one(line: Expression) -> Iterator[tuple[Any, str]]:
    """The line with an activation of a name, wherever that stands several times, and what the line has."""
    assert line.tree is not None  # noqa: S101 - asked before
    stands = Counter(node.id for node in ast.walk(line.tree) if isinstance(node, ast.Name) and node.id in line.texts)
    for name in (name for name, times in stands.items() if times > 1):
        given = array_of(line.values[name])
        if given is None or not given.ndim:
            continue
        for known, activation in (("tanh", np.tanh), ("sigmoid", ACTIVATIONS["sigmoid"])):
            yield line.with_values({name: activation(given)}), f"{line.texts[name]} without its {known} at {stands[name]} places"


class _Bare(ast.NodeTransformer):
    """Puts what a call is given in the place of each such call."""

    def __init__(self, text: str) -> None:
        self._text = text

    def visit_Call(self, node: ast.Call) -> ast.expr:
        return node.args[0] if ast.unparse(node) == self._text else cast("ast.expr", self.generic_visit(node))
