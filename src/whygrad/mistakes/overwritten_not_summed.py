"""The parameter serves every step, but only the gradient of the step that the loop visits last is kept.

A plain `=` stands where the gradient of each step must be collected, as it rightly does for the carry and for dx. The gradients of inputs
and states are right, since they belong to one step each; only the parameters' are wrong. What is left comes from step 0. The cell state
before that step is zero, so where the forget gate's weight and bias are concerned the printed numbers are exactly 0.

To check, print the gradient after each turn of the loop: does it grow from turn to turn, or start anew?
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
        yield site.edit(f"{site.target} = {site.right.split(' + ')[1]}", "overwritten-not-summed", slip="overwritten")


OPERATOR = Operator(
    id="overwritten-not-summed",
    title="A parameter's gradient is overwritten at each step",
    about=__doc__ or "",
    says="each step overwrites {quantity}, so only what the last visited step returned is left.",
    hint=(
        "Each step uses the parameter and sends back a gradient of its own. The gradients of inputs and states belong to one step each"
        " and are not touched. If the state before the last visited step is zero, what is multiplied with it is even exactly 0. Print "
        "{quantity} after each turn of the loop: a growing sum, or a new start?"
    ),
    examples=(Example("lstm_backward", "dWf = dWf + gradients['dWf']", "dWf = gradients['dWf']"),),
    edits=edits,
)
