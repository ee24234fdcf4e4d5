"""The cache of a wrong step.

Each step's backward pass needs the values of its own forward step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site

_WAYS = {
    "caches[0]": "the cache of step 0",
    "caches[1]": "the cache of step 1",
    "caches[-1]": "the last cache",
    "caches[T_x - 1]": "the cache of the last step of da",
    "caches[t - 1]": "the cache of the step before",
    "caches[min(t + 1, len(caches) - 1)]": "the cache of the step after",
    "caches[T_x - 1 - t]": "the cache of the mirrored step",
    "caches[-t]": "a cache counted from the wrong end",
    "caches[-1 - t]": "a cache counted from the wrong end",
    "caches[t - T_x]": "a cache counted from the end of a longer list",
}


def edits(site: Site) -> Iterator[Edit]:
    """Another index of the list of caches; also with only the input taken from the right step."""
    if site.role == "backward" and "caches[t]" in site.text:
        for new, detail in _WAYS.items():
            yield site.edit(site.text.replace("caches[t]", new), "cache-of-wrong-step", detail=detail, quantity="cache")
        first = site.lines[2].strip().split(" = ")[0]
        names = [name.strip() for name in first.split(",")]
        mixed = ", ".join({"x1": "x[:, :, t]"}.get(name, name) for name in names)
        yield site.edit(
            site.text.replace("caches[t]", f"({mixed})"),
            "cache-of-wrong-step",
            detail="the cache of step 0 with its own input",
            quantity="cache",
        )


OPERATOR = Operator(
    id="cache-of-wrong-step",
    title="The cache of a wrong step",
    about=__doc__ or "",
    says="every step uses {detail}.",
    hint="Each step must be differentiated at its own values of the forward pass. Here every step uses {detail}.",
    examples=(
        Example(
            "lstm_backward",
            ("gradients = lstm_cell_backward(da[:, :, t] + da_prevt, dc_prevt, caches[t])"),
            ("gradients = lstm_cell_backward(da[:, :, t] + da_prevt, dc_prevt, caches[0])"),
        ),
    ),
    edits=edits,
)
