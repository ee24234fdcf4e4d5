"""The carry does not start at zero.

The last step has no later step: nothing comes in but its own upstream gradient.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site

_STARTS = {
    "da[:, :, -1]": "the upstream gradient of the last step",
    "da[:, :, 0]": "the upstream gradient of the first step",
    "np.sum(da, axis=2)": "the sum of all upstream gradients",
    "a0": "a0",
    "np.ones((n_a, m), dtype)": "ones",
    "caches[-1][0]": "the last hidden state",
    "caches[T_x - 1][1]": "an entry of the last cache",
    "caches[0][1]": "an entry of the first cache",
}


def edits(site: Site) -> Iterator[Edit]:
    """Another start value."""
    if site.role == "backward" and site.target in site.assignment.vocabulary.carries and site.indent == " " * 4:
        for text, detail in _STARTS.items():
            yield site.edit(f"{site.target} = {text}", "carry-starts-wrong", detail=detail)


OPERATOR = Operator(
    id="carry-starts-wrong",
    title="The carry does not start at zero",
    about=__doc__ or "",
    says="{quantity} starts as {detail}, not at zero.",
    hint="What reaches the last step from later ones? {quantity} starts as {detail}.",
    examples=(Example("lstm_backward", "da_prevt = np.zeros((n_a, m), dtype)", "da_prevt = da[:, :, -1]"),),
    edits=edits,
)
