"""A factor stands twice in a product.

The same factor is multiplied in once more, often the derivative of the activation or a gate that is already there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator, Rewrite
from whygrad.mistakes.words import called

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.expression import Expression
    from whygrad.mistakes.operator import Site


def rewrites(expression: Expression, site: Site) -> Iterator[Rewrite]:
    """Write one factor twice."""
    for root, factors in expression.products():
        for place, node in enumerate(factors):
            yield Rewrite(
                expression.put(root, expression.product([*factors[: place + 1], node, *factors[place + 1 :]])),
                called(expression.of(node), site),
            )


OPERATOR = Operator(
    id="factor-repeated",
    title="A factor stands twice",
    about=__doc__ or "",
    says="{quantity} has a factor too many: {detail} is multiplied in twice.",
    hint="Each function on the path gives one factor, once. In {quantity}, {detail} comes in twice.",
    examples=(
        Example(
            "lstm_cell_backward", "dot = da_next * np.tanh(c_next) * ot * (1 - ot)", "dot = da_next * np.tanh(c_next) * ot * ot * (1 - ot)"
        ),
    ),
    rewrites=rewrites,
)
