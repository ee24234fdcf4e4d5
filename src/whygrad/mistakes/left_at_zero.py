"""A quantity is never computed and stays at zero.

The array is made, and returned as it was made.
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
    says="{quantity} is zero: it is never computed.",
    hint="{quantity} is made, returned, and not filled in between.",
    examples=(Example("lstm_cell_backward", "dc_prev = dc * ft", "dc_prev = np.zeros_like(dc * ft)"),),
    rewrites=rewrites,
)
