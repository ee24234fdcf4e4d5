"""The carry is taken from the wrong place.

Another entry of the gradients, or a value of the forward pass, is handed to the earlier step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site


def edits(site: Site) -> Iterator[Edit]:
    """Another entry, the upstream gradient, a half or doubled carry, an entry of the cache."""
    carries = site.assignment.vocabulary.carries
    if site.role != "backward" or site.target not in carries or site.indent != " " * 8:
        return
    right = {f"gradients['{key}']": f"the entry {key}" for key in carries.values() if key != carries[site.target]}
    right |= {
        "da[:, :, t]": "the upstream gradient of the step",
        "gradients['da_prev'] + da[:, :, t]": "da_prev plus the upstream gradient of the step",
        "a0": "a0",
        "np.ones_like(a0)": "ones",
    }
    right |= {f"{site.right} / m": "its mean over the examples", f"-{site.right}": "its negative", f"2 * {site.right}": "twice its value"}
    right |= {f"caches[t][{place}]": "an entry of the cache" for place in range(3)}
    for text, detail in right.items():
        yield site.edit(f"{site.target} = {text}", "carry-wrong", detail=detail)


OPERATOR = Operator(
    id="carry-wrong",
    title="The carry is the wrong quantity",
    about=__doc__ or "",
    says="{quantity} is set to {detail}.",
    hint="What must an earlier step receive from the later one? {quantity} is set to {detail}.",
    examples=(Example("lstm_backward", "dc_prevt = gradients['dc_prev']", "dc_prevt = gradients['da_prev']"),),
    edits=edits,
)
