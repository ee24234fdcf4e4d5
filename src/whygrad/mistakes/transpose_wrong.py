"""A matrix is used as it is where it should be transposed, or the other way round.

For a square matrix the shapes agree either way and NumPy says nothing, and the numbers have a believable size. What is computed from this
line is wrong, everything else is right.

To check, run the function once with sizes that all differ: then the shapes agree only one way.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator, Rewrite
from whygrad.mistakes.words import called, named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.expression import Expression
    from whygrad.mistakes.operator import Site


def rewrites(expression: Expression, site: Site) -> Iterator[Rewrite]:
    """Each transpose dropped, all dropped, one reshaped instead, one added; the whole transposed where the cell returns it."""
    transposed = [node for node in expression.nodes if isinstance(node, ast.Attribute) and node.attr == "T"]
    for node in transposed:
        yield Rewrite(
            expression.put(node, expression.of(node.value)),
            f"that of {_called(expression.of(node.value), site)} is missing",
            "" if len(transposed) == 1 else f"missing at {expression.of(node.value)}",
        )
    if len(transposed) > 1:
        text = expression.text.replace(".T", "")
        yield Rewrite(text, "all are missing", "all missing")
    for node in transposed:
        value = expression.of(node.value)
        detail = f"{_called(value, site)} is reshaped, which puts its entries in another order than a transpose"
        slip = "" if len(transposed) == 1 else f"reshaped at {value}"
        yield Rewrite(expression.put(node, f"np.reshape({value}, {value}.shape[::-1])"), detail, slip)
    if site.role == "cell backward" and expression.text == site.right and f"'{site.target}': " in site.lines[-2]:
        yield Rewrite(f"({expression.text}).T", "the whole stands on its side", "the whole")
    inside = {id(node.value) for node in transposed}
    for node in expression.names:
        if id(node) not in inside and node.id in site.scope:
            yield Rewrite(expression.put(node, f"{node.id}.T"), f"{named(node.id, site)} is transposed and should not be")


def _called(text: str, site: Site) -> str:
    """What the text is, of which the whole is meant and not one of its parts."""
    return "the stack of hidden state and input" if "concatenate(" in text else called(text, site)


OPERATOR = Operator(
    id="transpose-wrong",
    title="A transpose is missing or too many",
    about=__doc__ or "",
    says="a transpose is wrong in {quantity}: {detail}.",
    hint=(
        "A square matrix fits with and without it, and what is only handed on may have any shape: nothing has to complain. This spoils "
        "{quantity} and whatever is computed from there; no other number is touched. Run the function once with sizes that all differ, "
        "or write the shape under every factor with a letter for each size."
    ),
    examples=(Example("rnn_cell_backward", "da_prev = np.dot(Waa.T, dtanh)", "da_prev = np.dot(Waa, dtanh)"),),
    rewrites=rewrites,
)
