"""A term of a sum is missing.

A quantity that is used in two places receives a gradient from both, and they add up. Each missing term is
a forgotten path: of a gate in the sum over the gates, or of the way through the hidden state.
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
    """Leave out one term, or keep only one."""
    for root, terms in expression.sums():
        for place in range(len(terms)):
            gone = called(expression.of(terms[place][1]), site)
            yield Rewrite(expression.put(root, expression.sum(terms[:place] + terms[place + 1 :])), gone)
            if len(terms) > 2:  # noqa: PLR2004 - with two terms, keeping one is leaving out the other
                kept = called(expression.of(terms[place][1]), site)
                yield Rewrite(expression.put(root, expression.sum([terms[place]])), f"all but {kept}")


OPERATOR = Operator(
    id="term-dropped",
    title="A term of a sum is missing",
    about=__doc__ or "",
    says="{quantity} lacks a term: {detail} is missing from the sum.",
    hint=(
        "A value that is used twice gets a gradient from each use, and they add up. In {quantity}, {detail} is not in the sum. What does "
        "not depend on that term is right."
    ),
    examples=(
        Example(
            "lstm_cell_backward",
            "dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)",
            "dc = da_next * ot * (1 - np.tanh(c_next) ** 2)",
        ),
        Example("lstm_cell_forward", "ft = sigmoid(np.dot(Wf, concat) + bf)", "ft = sigmoid(np.dot(Wf, concat))"),
    ),
    rewrites=rewrites,
)
