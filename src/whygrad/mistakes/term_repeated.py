"""A term stands twice in a sum.

One path is counted two times.
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
    """Write one term twice."""
    for root, terms in expression.sums():
        for place, (sign, node) in enumerate(terms):
            yield Rewrite(
                expression.put(root, expression.sum([*terms[: place + 1], (sign if place else "+", node), *terms[place + 1 :]])),
                called(expression.of(node), site),
            )


OPERATOR = Operator(
    id="term-repeated",
    title="A term stands twice",
    about=__doc__ or "",
    says="{quantity} has a term too many: {detail} is added twice.",
    hint="Each path gives one term, once. In {quantity}, {detail} is added twice.",
    examples=(
        Example(
            "lstm_cell_backward",
            "dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)",
            ("dc = dc_next + dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)"),
        ),
    ),
    rewrites=rewrites,
)
