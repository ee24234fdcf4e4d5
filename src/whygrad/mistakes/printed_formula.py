"""The formula is copied as the course once printed it.

The old text lacked the bracket around the sum of the two gradients that reach the cell state, and its formula for the candidate had a
factor too many and took the tanh of a value that is already a tanh.
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
            yield Rewrite(text, slip="misprint" if place == 0 else f"misprint {place}")


OPERATOR = Operator(
    id="printed-formula",
    title="The course's misprinted formula",
    about=__doc__ or "",
    says="{quantity} follows the formula that the old course text printed, which was wrong.",
    hint=(
        "The old text of the course misprinted this formula. Derive {quantity} yourself: which gradients reach the cell state, and what "
        "multiplies their sum?"
    ),
    examples=(
        Example(
            "lstm_cell_backward",
            "dft = dc * c_prev * ft * (1 - ft)",
            ("dft = dc_next * c_prev + ot * (1 - np.tanh(c_next) ** 2) * c_prev * da_next * ft * (1 - ft)"),
        ),
    ),
    rewrites=rewrites,
)
