"""The same factor is multiplied in twice, where the path goes through it once.

It happens when a derivative is put into a name such as dc and then written out again in the line that uses it, or when a gate is both in
the partner's place and in its derivative. The numbers are too small by that factor, which differs from entry to entry, so no simple ratio
shows. What is computed from this line is wrong, everything else is right.

To check, write out what each name of the line already holds.
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
    says="a factor stands twice in {quantity}: {detail}.",
    hint=(
        "Each function on the path gives its factor once. This spoils {quantity} and whatever is computed from there; no other number "
        "is touched. Often the factor is already inside a name that the line uses: write out what each name holds, and look for it "
        "there."
    ),
    examples=(
        Example(
            "lstm_cell_backward", "dot = da_next * np.tanh(c_next) * ot * (1 - ot)", "dot = da_next * np.tanh(c_next) * ot * ot * (1 - ot)"
        ),
    ),
    rewrites=rewrites,
)
