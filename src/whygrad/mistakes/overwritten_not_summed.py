"""A parameter's gradient is overwritten at each step, not summed.

The same parameter serves every step, so its gradient is the sum over the steps. With a plain assignment only the last visited step is left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site


def edits(site: Site) -> Iterator[Edit]:
    """``=`` for ``+=``."""
    if site.role == "backward" and site.right.startswith(f"{site.target} + gradients"):
        yield site.edit(f"{site.target} = {site.right.split(' + ')[1]}", "overwritten-not-summed")


OPERATOR = Operator(
    id="overwritten-not-summed",
    title="A parameter's gradient is overwritten at each step",
    about=__doc__ or "",
    says="{quantity} is overwritten at each step: only the last visited step is left of it.",
    hint=(
        "The same parameter is used at every step: what follows for its gradient? {quantity} is assigned anew at each step. The gradients"
        " of inputs and states are right."
    ),
    examples=(Example("lstm_backward", "dWf = dWf + gradients['dWf']", "dWf = gradients['dWf']"),),
    edits=edits,
)
