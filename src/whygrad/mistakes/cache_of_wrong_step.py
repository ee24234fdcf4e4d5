"""The loop hands the cell the cache of another step, or the same one at every step.

Each cache holds the values of one forward step, and its number is easy to get wrong: a fixed index from a first try, a step off by one, a
list read from its other end. Or the list holds one cache many times: it is filled behind the loop, or the forward cell hands out one object
that its next call fills anew. The step that happens to get its own cache is right; at all others the derivative is taken at values of
another time, and what they hand back spoils the steps before them.

To check, print t and the input that lies in the cache that is passed, beside the slice of x at t.
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
    "caches[max(t - 1, 0)]": "the cache of the step before, step 0 its own",
    "caches[min(t + 1, len(caches) - 1)]": "the cache of the step after",
    "caches[min(t + 1, T_x - 1)]": "the cache of the step after, the last step its own",
    "(caches[t] if t < T_x - 1 else caches[-1])": "its own cache, but the last step the last one of the forward pass",
    "caches[T_x - 1 - t]": "the cache of the mirrored step",
    "caches[-t]": "the cache that lies as far from the other end of the list",
    "caches[-1 - t]": "the cache of the mirrored step of the forward pass",
    "caches[t - T_x]": "the cache counted from the end of the list, which is longer than da",
}


def edits(site: Site) -> Iterator[Edit]:
    """Another index of the list of caches; also with the right input; a list that is filled wrongly; a forward cell with one cache."""
    if site.role == "forward" and site.text == "caches.append(cache)":
        yield site.edit("caches.insert(0, cache)", "cache-of-wrong-step", detail="the cache of the mirrored step", quantity="cache")
        twice = "caches.append(cache)\ncaches.append(cache)"
        yield site.edit(twice, "cache-of-wrong-step", detail="a cache that is in the list twice", quantity="cache")
        yield site.edit("caches = [cache] * (t + 1)", "cache-of-wrong-step", detail="the last cache", quantity="cache")
    if site.role == "cell forward" and site.target == "cache":
        text = f"cache = vars({site.function}).setdefault('cache', [])\ncache[:] = {site.right}"
        detail = "one and the same cache, which each call fills anew"
        yield site.edit(text, "cache-of-wrong-step", detail=detail, quantity="cache")
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
    where="Look at the cache that {function} hands to the cell at each step.",
    says="every step uses {detail}.",
    hint=(
        "A step's derivative must be taken at the values of that same step. A step that happens to get its own cache does not suffer; "
        "the others do, and what they hand back with them. Print t and the input that lies in the cache that is passed, beside the "
        "slice of x at t."
    ),
    asks=(
        "What the mathematics asks for: step t is differentiated at its own values, at x⟨t⟩, a⟨t−1⟩ and what its forward step computed"
        " from them."
    ),
    examples=(
        Example(
            "lstm_backward",
            ("gradients = lstm_cell_backward(da[:, :, t] + da_prevt, dc_prevt, caches[t])"),
            ("gradients = lstm_cell_backward(da[:, :, t] + da_prevt, dc_prevt, caches[0])"),
        ),
    ),
    edits=edits,
)
