"""The loop passes on what the later step handed back, and never uses the upstream gradient of the step itself.

The carry is the new idea of the backward loop, and it takes the place of the gradient that was there before. Since it begins with zero,
zero goes in and zero comes out at every step: all printed gradients are 0, though every formula may be right.

To check, print the first argument of the cell's call at the last step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site


def edits(site: Site) -> Iterator[Edit]:
    """Only the carry is passed."""
    if site.role == "backward" and "da[:, :, t] + da_prevt" in site.text:
        yield site.edit(site.text.replace("da[:, :, t] + da_prevt", "da_prevt"), "upstream-missing", quantity="da_next")


OPERATOR = Operator(
    id="upstream-missing",
    title="The upstream gradient is not used",
    about=__doc__ or "",
    where="Look at {quantity}, the first argument with which {function} calls the cell.",
    says="the step's own upstream gradient, da, is never passed to the cell.",
    hint=(
        "The loop passes on only what a later step handed back, and the last step has no later one: if nothing else is wrong zero goes "
        "in and zero comes out, at every step and in every sum. Print the first argument of the cell at the last step. Where do the "
        "gradients of this sequence come from in the first place?"
    ),
    examples=(
        Example(
            "rnn_backward",
            ("gradients = rnn_cell_backward(da[:, :, t] + da_prevt, caches[t])"),
            "gradients = rnn_cell_backward(da_prevt, caches[t])",
        ),
    ),
    edits=edits,
)
