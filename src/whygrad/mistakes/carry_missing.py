"""The gradient is not handed to the earlier step.

Each step of a sequence receives its own upstream gradient and what the later step hands back. The carry is set up but never assigned
in the loop, or assigned and never passed on; both print the same numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site


def edits(site: Site) -> Iterator[Edit]:
    """The line that assigns a carry is not there."""
    carries = site.assignment.vocabulary.carries
    if site.role == "backward" and site.target in carries and site.indent == " " * 8:
        yield site.edit("", "carry-missing", slip="not carried")


OPERATOR = Operator(
    id="carry-missing",
    title="Nothing is carried to the earlier step",
    about=__doc__ or "",
    says="{quantity} never carries anything: each step works as if no later step existed.",
    hint=(
        "At each step but the last, something arrives from the later step. Follow {quantity} through one turn of the loop: where does it "
        "get its new value, and where is it used? The last step (the first that the loop visits) is right, every earlier one is not."
    ),
    examples=(Example("lstm_backward", "da_prevt = gradients['da_prev']", ""),),
    edits=edits,
)
