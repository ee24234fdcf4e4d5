"""One path is counted twice in a sum.

It happens when a term is already inside a name such as dc and is added again in the line that uses it, or when a line was copied and not
changed. The numbers have a believable size. What is computed from this sum is wrong, everything else is right.

To check, write out what each name of the line already holds, and count the paths.
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
            for other, (_, lost) in enumerate(terms) if len(terms) > 2 else ():  # noqa: PLR2004 - of two terms none can stand for another
                if other != place:
                    copied = [node if at == other else term for at, (_, term) in enumerate(terms)]
                    yield Rewrite(
                        expression.put(root, expression.sum([(sign, term) for (sign, _), term in zip(terms, copied, strict=True)])),
                        f"{called(expression.of(node), site)}, which stands for {called(expression.of(lost), site)}",
                    )


OPERATOR = Operator(
    id="term-repeated",
    title="A term stands twice",
    about=__doc__ or "",
    says="a term is added twice in {quantity}: {detail}.",
    hint=(
        "Every path that arrives at {quantity} gives one term, once. This spoils {quantity} and whatever is computed from there; no "
        "other number is touched. Often the term is already inside a name that the line uses: write out what each name holds, and look"
        " for it there."
    ),
    examples=(
        Example(
            "lstm_cell_backward",
            "dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)",
            "dc = dc_next + dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)",
        ),
        Example("lstm_cell_forward", "c_next = ft * c_prev + it * cct", "c_next = ft * c_prev + it * cct + it * cct"),
    ),
    rewrites=rewrites,
)
