"""The carry holds something before the loop begins, though nothing has been handed back yet.

A state or the upstream gradient has the right shape, so it is used to make the array that the loop needs. The last step then receives
what does not belong to it, and hands a share of that on to every earlier one: all numbers of the sequence are wrong, and the error fades
towards step 0.

To check, print the carry just before the loop.
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
    "np.ones((n_a, m), dtype)": "an array of ones",
    "caches[-1][0]": "the last hidden state",
    "caches[0][0]": "the first hidden state",
    "caches[T_x - 1][1]": "a value of the forward pass, from a late cache,",
    "caches[0][1]": "a value of the forward pass, from the first cache,",
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
    says="before the loop begins, {detail} stands in {quantity}.",
    hint=(
        "No step comes after the last one: what can have been handed back to it? A wrong start is passed on from step to step, so no "
        "number of the sequence stays right, and the last step shows it most. Print {quantity} just before the loop."
    ),
    examples=(Example("lstm_backward", "da_prevt = np.zeros((n_a, m), dtype)", "da_prevt = da[:, :, -1]"),),
    edits=edits,
)
