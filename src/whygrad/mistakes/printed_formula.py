"""The formula is like one that an old text of the course had printed wrongly, and may be a faithful copy of it.

That text lacked the bracket around the sum of the two gradients that reach the cell state, so the factors behind it took one of them
only; and its formula for the candidate had a factor too many and took the tanh of a value that is already a tanh. The gate's weight and
bias, the previous state and the input get wrong numbers; the other gates are right. Where no gradient comes in at the cell state, as at
the last step of a sequence, the missing bracket does not show.

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
        for place, (text, detail) in enumerate(site.assignment.misprints.get((site.function, site.target), ())):
            yield Rewrite(text, detail, "misprint" if place == 0 else f"misprint {place}")


OPERATOR = Operator(
    id="printed-formula",
    title="A formula like the course's misprint",
    about=__doc__ or "",
    says="{detail} in {quantity}, as in a formula that an old text of the course printed wrongly.",
    hint=(
        "A factor behind a sum multiplies all of it only if a bracket says so, and each factor stands there once. This spoils {quantity} "
        "and whatever is computed from there; no other number is touched. Derive {quantity} once by yourself: which gradients reach the "
        "cell state, and what multiplies their sum?"
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
