"""The carry keeps its old value and takes the new one on top, where the new one should replace it.

Parameters' gradients are summed over the steps in the same loop, so `+=` is typed for the carry as well. But what a step hands back
already holds everything that came from later steps; keeping the old value counts them again. The last two steps of dx are right, because
the carry is zero before them; from there the error grows towards step 0, and sums over the steps are wrong.

To check, print the carry after each turn of the loop, beside what the cell has just returned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site


def edits(site: Site) -> Iterator[Edit]:
    """``+`` for a plain assignment of the carry; also with the upstream gradient, which was added to it for the call."""
    if site.role == "backward" and site.target in site.assignment.vocabulary.carries and site.indent == " " * 8:
        for text, detail in (
            (f"{site.target} + {site.right}", "the old value stays, and what the cell hands back is added to it"),
            (f"{site.right} - {site.target}", "the old value is subtracted from what the cell hands back"),
        ):
            yield site.edit(f"{site.target} = {text}", "carry-added-up", detail=detail, slip=detail)  # of both carries it is one
        if site.target == "da_prevt":  # one name for the carry and for what the cell is called with
            detail = "what the cell was called with stays, and what it hands back is added to it"
            yield site.edit(f"{site.target} = da[:, :, t] + {site.target} + {site.right}", "carry-added-up", detail=detail)


OPERATOR = Operator(
    id="carry-added-up",
    title="The carry is added up",
    about=__doc__ or "",
    says="each step adds to {quantity} where its new value should replace the old one: {detail}.",
    hint=(
        "What one step hands back already holds all that came from the later steps, so they are counted again. The last step does not "
        "suffer, because nothing was handed to it; towards step 0 the error grows. Print {quantity} after each turn of the "
        "loop, beside what the cell has just returned."
    ),
    examples=(Example("lstm_backward", "dc_prevt = gradients['dc_prev']", "dc_prevt = dc_prevt + gradients['dc_prev']"),),
    edits=edits,
)
