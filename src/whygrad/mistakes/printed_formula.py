"""The formula was copied faithfully, but an old text of the course had printed it wrongly.

It lacked the bracket around the sum of the two gradients that reach the cell state, so the factors behind it took one of them only; and
its formula for the candidate had a factor too many and took the tanh of a value that is already a tanh. The gate's weight and bias, the
previous state and the input get wrong numbers; the other gates are right. Where no gradient comes in at the cell state, as at the last
step of a sequence, the missing bracket does not show.

To check, derive the line yourself: which gradients reach the cell state, and what multiplies their sum?
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator, Rewrite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.expression import Expression
    from whygrad.mistakes.operator import Site


def rewrites(expression: Expression, site: Site) -> Iterator[Rewrite]:
    """The misprints of this equation that the assignment knows."""
    if expression is site.expressions[0] or expression.text == site.expressions[0].text:
        for place, text in enumerate(site.assignment.misprints.get((site.function, site.target), ())):
            yield Rewrite(text, "the formula that an old text of the course misprinted", "misprint" if place == 0 else f"misprint {place}")


OPERATOR = Operator(
    id="printed-formula",
    title="The course's misprinted formula",
    about=__doc__ or "",
    says="{detail} was copied for {quantity}.",
    hint=(
        "The copy is faithful; the old text itself lacks a bracket or has a factor too many. This spoils {quantity} and whatever is "
        "computed from there; no other number is touched. Derive {quantity} once by yourself: which gradients reach the cell state, "
        "and what multiplies their sum?"
    ),
    examples=(
        Example(
            "lstm_cell_backward",
            "dcct = (dc_next * it + ot * (1 - np.tanh(c_next) ** 2) * it * da_next) * (1 - cct ** 2)",
            "dcct = (dc_next * it + ot * (1 - np.tanh(c_next) ** 2) * it * da_next) * cct * (1 - np.tanh(cct) ** 2)",
        ),
    ),
    rewrites=rewrites,
)
