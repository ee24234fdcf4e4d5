"""An array is made and handed out as it was made; the line that fills it is missing, or fills another name.

Templates of the exercise begin with arrays of zeros, and one of them is easily left as it is. A printed zero, or a number that lacks
everything which comes from later steps, is the sign of it. What is computed from this quantity is wrong, the rest is right.

To check, search for every line with this name on its left, letter by letter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator, Rewrite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.expression import Expression
    from whygrad.mistakes.operator import Site


def rewrites(expression: Expression, site: Site) -> Iterator[Rewrite]:
    """Zeros of the right shape, or ones."""
    if site.role == "cell backward":
        yield Rewrite(f"np.zeros_like({expression.text})", slip="zero")


OPERATOR = Operator(
    id="left-at-zero",
    title="A quantity stays at zero",
    about=__doc__ or "",
    says="nothing is computed for {quantity}: what is handed out is zero.",
    hint=(
        "An array that is handed out as it was made passes only zeros on: what is computed from it lacks a part, the rest is not touched. "
        "Search the function for a line that fills it, with its name on the left, letter by letter; print it just before the return."
    ),
    examples=(Example("lstm_cell_backward", "dc_prev = dc * ft", "dc_prev = np.zeros_like(dc * ft)"),),
    rewrites=rewrites,
)
