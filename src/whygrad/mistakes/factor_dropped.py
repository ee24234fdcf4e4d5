"""A factor of a product is missing.

A gradient is a product of everything that lies on the path. One factor left out gives numbers of a
believable size, so nothing looks wrong until they are compared.
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
    """Leave out one factor, or two that stand together."""
    for root, factors in expression.products():
        for size in (1, 2):
            for start in range(len(factors) - size + 1):
                rest = factors[:start] + factors[start + size :]
                if rest:
                    gone = " and ".join(called(expression.of(node), site) for node in factors[start : start + size])
                    yield Rewrite(expression.put(root, expression.product(rest)), gone)


OPERATOR = Operator(
    id="factor-dropped",
    title="A factor of a product is missing",
    about=__doc__ or "",
    says="{quantity} lacks a factor: {detail} is missing.",
    hint=(
        "Count what lies on the path to {quantity}: each function that the value went through gives one factor. In {function}, {detail} "
        "is not there. Everything computed from {quantity} is wrong too; the rest is right."
    ),
    examples=(
        Example("lstm_cell_backward", "dit = dc * cct * it * (1 - it)", "dit = dc * it * (1 - it)"),
        Example("rnn_cell_backward", "dtanh = (1 - a_next ** 2) * da_next", "dtanh = 1 - a_next ** 2"),
    ),
    rewrites=rewrites,
)
