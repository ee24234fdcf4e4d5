"""A transpose is missing or too many.

With square matrices the shapes agree either way, and NumPy says nothing.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator, Rewrite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.expression import Expression
    from whygrad.mistakes.operator import Site


def rewrites(expression: Expression, site: Site) -> Iterator[Rewrite]:
    """Each transpose dropped, all dropped, one added."""
    transposed = [node for node in expression.nodes if isinstance(node, ast.Attribute) and node.attr == "T"]
    for node in transposed:
        yield Rewrite(
            expression.put(node, expression.of(node.value)),
            "a transpose is missing",
            "" if len(transposed) == 1 else f"missing at {expression.of(node.value)}",
        )
    if len(transposed) > 1:
        text = expression.text.replace(".T", "")
        yield Rewrite(text, "the transposes are missing", "all missing")
    inside = {id(node.value) for node in transposed}
    for node in expression.names:
        if id(node) not in inside and node.id in site.scope:
            yield Rewrite(expression.put(node, f"{node.id}.T"), f"{node.id} is transposed")


OPERATOR = Operator(
    id="transpose-wrong",
    title="A transpose is missing or too many",
    about=__doc__ or "",
    says="in {quantity}, {detail}.",
    hint="Check the shapes of the matrix product in {quantity} with sizes that all differ: {detail}. Square matrices hide it.",
    examples=(Example("rnn_cell_backward", "da_prev = np.dot(Waa.T, dtanh)", "da_prev = np.dot(Waa, dtanh)"),),
    rewrites=rewrites,
)
