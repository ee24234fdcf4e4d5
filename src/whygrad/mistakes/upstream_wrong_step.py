"""A step receives the upstream gradient of another step, or of all of them together.

A fixed index from a first try, an index one off, or a sum over time put where one slice belongs. Only steps that happen to receive their
own slice are right, as long as nothing wrong was handed back to them. Formulas of the cell may all be right.

To check, print t and the first entry of the slice that is passed, beside the same entry of da at t.
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
    "(da[:, :, 0] if t == T_x - 1 else da[:, :, t])": "the right upstream gradient, but the last step that of step 0,",
    "da[:, :, t - 1]": "the upstream gradient of the step before",
    "da[:, :, min(t + 1, T_x - 1)]": "the upstream gradient of the step after",
    "(da[:, :, t + 1] if t + 1 < T_x else 0)": "the upstream gradient of the step after, and the last step none,",
    "da[:, :, (t + 1) % T_x]": "the upstream gradient of the step after, and the last step that of step 0,",
    "da[:, :, T_x - 1 - t]": "the upstream gradient of the mirrored step",
    "da[:, :, -t]": "an upstream gradient counted from the wrong end",
    "np.sum(da, axis=2)": "the sum of all upstream gradients",
    "np.mean(da, axis=2)": "the mean of all upstream gradients",
    "np.sum(da[:, :, t:], axis=2)": "the sum of this and all later upstream gradients",
    "(da[:, :, t] if t == T_x - 1 else 0)": "an upstream gradient at the last step only, and zero at the others,",
    "(da[:, :, t] if t == 0 else 0)": "an upstream gradient at step 0 only, and zero at the others,",
}


def edits(site: Site) -> Iterator[Edit]:
    """Another slice of ``da``, with the carry or without it; the right one, added where the cell hands something back."""
    if site.role == "backward" and "da[:, :, t] + da_prevt" in site.text:
        for new, detail in _WAYS.items():
            yield site.edit(site.text.replace("da[:, :, t]", new), "upstream-wrong-step", detail=detail, quantity="da_next")
        detail = "the upstream gradient of the step after (it is added behind the call, and so to da0 too)"
        late = site.text.replace("da[:, :, t] + ", "")
        yield site.also(
            site.edit(late, "upstream-wrong-step", detail=detail, quantity="da_next", slip="added behind the call"),
            (site.number_of("da_prevt = gradients"), "da_prevt = gradients['da_prev'] + da[:, :, t]"),
            (site.number_of("da0 = gradients"), "da0 = da_prevt"),
        )


OPERATOR = Operator(
    id="upstream-wrong-step",
    title="The upstream gradient of a wrong step",
    about=__doc__ or "",
    where="Look at {quantity}, the first argument with which {function} calls the cell.",
    says="each step gets {detail} for its own.",
    hint=(
        "Each step has an upstream gradient of its own, for what its own output does to the loss. A step that happens to get its own "
        "slice does not suffer, as long as nothing wrong was handed back to it. Print t and the first entry of what is passed, beside "
        "the same entry of da at that step."
    ),
    examples=(
        Example(
            "lstm_backward",
            ("gradients = lstm_cell_backward(da[:, :, t] + da_prevt, dc_prevt, caches[t])"),
            ("gradients = lstm_cell_backward(da[:, :, 0] + da_prevt, dc_prevt, caches[t])"),
        ),
    ),
    edits=edits,
)
