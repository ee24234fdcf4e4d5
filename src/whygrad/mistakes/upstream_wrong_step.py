"""The upstream gradient of a wrong step.

A fixed index, an index one off, the sum over all steps, or only the last step's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site

_WAYS = {
    "da[:, :, 0]": "the upstream gradient of step 0",
    "da[:, :, 1]": "the upstream gradient of step 1",
    "da[:, :, 2]": "the upstream gradient of step 2",
    "da[:, :, -1]": "the upstream gradient of the last step",
    "da[:, :, t - 1]": "the upstream gradient of the step before",
    "da[:, :, min(t + 1, T_x - 1)]": "the upstream gradient of the step after",
    "da[:, :, T_x - 1 - t]": "the upstream gradient of the mirrored step",
    "da[:, :, -t]": "the upstream gradient counted from the wrong end",
    "np.sum(da, axis=2)": "the sum of all upstream gradients",
    "np.mean(da, axis=2)": "the mean of all upstream gradients",
    "np.sum(da[:, :, t:], axis=2)": "the sum of this and all later upstream gradients",
    "(da[:, :, t] if t == T_x - 1 else 0)": "the upstream gradient at the last step only",
    "(da[:, :, t] if t == 0 else 0)": "the upstream gradient at step 0 only",
}


def edits(site: Site) -> Iterator[Edit]:
    """Another slice of ``da``, with the carry or without it."""
    if site.role == "backward" and "da[:, :, t] + da_prevt" in site.text:
        for new, detail in _WAYS.items():
            yield site.edit(site.text.replace("da[:, :, t]", new), "upstream-wrong-step", detail=detail, quantity="da_next")


OPERATOR = Operator(
    id="upstream-wrong-step",
    title="The upstream gradient of a wrong step",
    about=__doc__ or "",
    says="each step uses {detail}.",
    hint="Each step has an upstream gradient of its own. Here each step uses {detail}.",
    examples=(
        Example(
            "lstm_backward",
            ("gradients = lstm_cell_backward(da[:, :, t] + da_prevt, dc_prevt, caches[t])"),
            ("gradients = lstm_cell_backward(da[:, :, 0] + da_prevt, dc_prevt, caches[t])"),
        ),
    ),
    edits=edits,
)
