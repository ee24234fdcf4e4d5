"""The carry is added up over the steps.

What a step hands back already holds everything that came from later steps; adding it to the old carry counts the later steps again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site


def edits(site: Site) -> Iterator[Edit]:
    """``+`` for a plain assignment of the carry."""
    if site.role == "backward" and site.target in site.assignment.vocabulary.carries and site.indent == " " * 8:
        yield site.edit(f"{site.target} = {site.target} + {site.right}", "carry-added-up")
        yield site.edit(f"{site.target} = {site.right} - {site.target}", "carry-added-up")


OPERATOR = Operator(
    id="carry-added-up",
    title="The carry is added up",
    about=__doc__ or "",
    says="{quantity} is added up from step to step where it should be replaced.",
    hint=(
        "What one step returns already contains what came from the later ones. {quantity} keeps the old value as well, so later steps are"
        " counted again. The last two steps are right."
    ),
    examples=(Example("lstm_backward", "dc_prevt = gradients['dc_prev']", "dc_prevt = dc_prevt + gradients['dc_prev']"),),
    edits=edits,
)
