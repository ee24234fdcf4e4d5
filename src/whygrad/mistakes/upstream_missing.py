"""The step's own upstream gradient is never used.

The loop passes only what the later step hands back. It starts at zero, so everything stays at zero.
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
    says="the upstream gradient da of the step is never passed to the cell.",
    hint=(
        "Where do the gradients of this sequence come from in the first place? Look at the first argument of the call of the cell, and at"
        " what it is at the last step."
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
