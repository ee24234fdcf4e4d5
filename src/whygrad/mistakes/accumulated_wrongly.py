"""A parameter's gradient is accumulated with a wrong weight or sign, or reset in the loop.

Divided by the number of steps or examples, subtracted, or set back to zero at each step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site


def edits(site: Site) -> Iterator[Edit]:
    """Other weights, and products of the sum."""
    if site.role == "backward" and site.right.startswith(f"{site.target} + gradients"):
        own = f"gradients['{site.target}']"
        for right, detail in (
            (f"{site.target} - {own}", "is subtracted at each step"),
            (f"{site.target} + {own} / m", "is divided by the number of examples"),
            (f"{site.target} + {own} / T_x", "is divided by the number of steps"),
            (f"({site.target} + {own}) / m", "is divided by the number of examples at each step"),
            (f"({site.target} + {own}) / 2", "is halved at each step"),
            (f"{site.target} * {own}", "is multiplied, not added"),
            (f"{site.target} + {own} + {own}", "is added twice at each step"),
            (f"{site.target} + {own} * (t > 0)", "leaves out step 0"),
            (f"{site.target} + {own} * (t < T_x - 1)", "leaves out the last step"),
            (f"{site.target} * (t < T_x - 1) + {own} if t == T_x - 1 else {site.target}", "keeps only the last step"),
        ):
            yield site.edit(f"{site.target} = {right}", "accumulated-wrongly", detail=detail, slip=detail)


OPERATOR = Operator(
    id="accumulated-wrongly",
    title="A parameter's gradient is accumulated wrongly",
    about=__doc__ or "",
    says="{quantity} {detail}.",
    hint="What is done to the step's gradient before it is added to {quantity}? It {detail}.",
    examples=(Example("lstm_backward", "dWf = dWf + gradients['dWf']", "dWf = dWf - gradients['dWf']"),),
    edits=edits,
)
