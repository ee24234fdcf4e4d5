"""A step receives its own upstream gradient, but nothing from the step after it.

The carry is set up before the loop and forgotten inside: either the loop gives it no new value, or the call of the cell does not use it.
Both print the same numbers. This is the commonest mistake in this exercise, because each cell works by itself and its check is right. The
last slice of dx is right, since nothing is to be handed to the last step; all earlier ones are wrong, with da0 and every sum over the
steps.

To check, print the carry at the start of each turn of the loop. If it is still zero at the second turn, it never gets its value.
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
    says="nothing reaches a step from the later one through {quantity}.",
    hint=(
        "That is so where the loop gives {quantity} no new value, or makes no use of one in the call of the cell; both print the same. The "
        "last step, which the loop visits first, does not suffer, because nothing is to be handed to it; every earlier one does. Print "
        "{quantity} at the start of each turn: still zero at the second?"
    ),
    examples=(Example("lstm_backward", "da_prevt = gradients['da_prev']", "", seen="# da_prevt gets no new value in the loop"),),
    edits=edits,
)
