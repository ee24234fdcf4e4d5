"""A sign is wrong.

A minus for a plus, or a gradient with its sign turned round.
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
    """The sign of one term turned round, or of the whole."""
    for root, terms in expression.sums():
        for place in range(len(terms)):
            turned = [("-" if (sign == "+") == (place == at) else "+", node) for at, (sign, node) in enumerate(terms)]
            yield Rewrite(expression.put(root, expression.sum(turned)), f", at {called(expression.of(terms[place][1]), site)}")
    yield Rewrite(f"-{expression.factor(expression.tree)}")


OPERATOR = Operator(
    id="sign-flipped",
    title="A sign is wrong",
    about=__doc__ or "",
    says="in {quantity}, a sign is wrong{detail}.",
    hint="Look at the signs in {quantity}{detail}.",
    examples=(
        Example("lstm_cell_backward", "dcct = dc * it * (1 - cct ** 2)", "dcct = dc * it * (1 + cct ** 2)"),
        Example("rnn_cell_backward", "dba = np.sum(dtanh, axis=1, keepdims=True)", "dba = -np.sum(dtanh, axis=1, keepdims=True)"),
    ),
    rewrites=rewrites,
)
