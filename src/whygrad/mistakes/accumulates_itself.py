"""The running sum of a parameter's gradient is added to itself, or nothing is added to it at all.

A line such as `dWf += dWf` looks complete, and the loop runs. But the step's gradient never arrives, so the sum stays at the zero that it
began with; where it does arrive as well, the old sum is doubled at each step and the last steps count many times. Inputs, states and
carries are right. A printed 0.0 beside numbers of a normal size is the sign of it.

To check, print the sum after each turn of the loop: it must change by what the cell has just returned.
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
            detail="adds itself and not the step's gradient, so it stays at zero",
            slip="itself alone",
        )
        yield site.edit(
            f"{site.target} = {site.target} + {site.target} + {own}",
            "accumulates-itself",
            detail="adds itself as well as the step's gradient, so it is doubled at each step",
            slip="itself and the step's",
        )
        yield site.edit("", "accumulates-itself", detail="gets nothing added, so it stays at zero", slip="nothing is added")


OPERATOR = Operator(
    id="accumulates-itself",
    title="An accumulator adds itself",
    about=__doc__ or "",
    says="the sum over the steps for {quantity} {detail}.",
    hint=(
        "Inputs and states do not pass through this sum, so their gradients are not touched. Print {quantity} after each turn of the "
        "loop, beside what the cell has just returned for it: the change from one turn to the next should be just that."
    ),
    examples=(
        Example("lstm_backward", "dWf = dWf + gradients['dWf']", "dWf = dWf + dWf"),
        Example("lstm_backward", "dbo = dbo + gradients['dbo']", "dbo = dbo + dbo + gradients['dbo']"),
    ),
    edits=edits,
)
