"""An accumulator adds itself.

The step's own gradient never arrives, so the sum stays at zero; or both arrive and the old sum is doubled at every step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site


def edits(site: Site) -> Iterator[Edit]:
    """The accumulator on the right of its own ``+=``."""
    if site.role == "backward" and site.right.startswith(f"{site.target} + gradients"):
        own = site.right.split(" + ")[1]
        yield site.edit(
            f"{site.target} = {site.target} + {site.target}",
            "accumulates-itself",
            detail=" and not the step's gradient, so it stays at zero",
        )
        yield site.edit(
            f"{site.target} = {site.target} + {site.target} + {own}",
            "accumulates-itself",
            detail=(" as well as the step's gradient, so it doubles at each step"),
        )
        yield site.edit("", "accumulates-itself", detail=" or nothing, so it stays at zero", slip="nothing is added")


OPERATOR = Operator(
    id="accumulates-itself",
    title="An accumulator adds itself",
    about=__doc__ or "",
    says="{quantity} adds itself{detail}.",
    hint="What is added to {quantity} at each step? It adds itself{detail}. The gradients of inputs and states are right.",
    examples=(
        Example("lstm_backward", "dWf = dWf + gradients['dWf']", "dWf = dWf + dWf"),
        Example("lstm_backward", "dbo = dbo + gradients['dbo']", "dbo = dbo + dbo + gradients['dbo']"),
    ),
    edits=edits,
)
