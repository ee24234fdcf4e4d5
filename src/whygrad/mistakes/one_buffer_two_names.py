"""`c = a` makes no second array, it gives the first one a second name: what is stored in one appears in the other.

It saves typing `np.zeros` once more, and looks like a copy. But the loop then stores the hidden and the cell states in the same memory,
so the later of the two overwrites the other, in the outputs and in every slice that a cache still holds. The states that the loop hands
on in its own variables are right, so often only the outputs and the first cached state are wrong.

To check, change one entry of c after the forward pass and print the same entry of a.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site


def edits(site: Site) -> Iterator[Edit]:
    """``c = a``, alone or with states that are slices of it."""
    if site.role != "forward" or site.target != "c" or "zeros" not in site.text:
        return
    detail = "c is a"
    first = site.edit("c = a", "one-buffer-two-names", detail=detail)
    yield first
    start = site.number_of("c_next = ")
    call = site.number_of("a_next, ")
    inside = site.lines[call].strip()
    for slot in ("0", "-1"):
        yield site.also(
            site.edit("c = a", "one-buffer-two-names", detail=detail, slip=f"start {slot}"), (start, f"c_next = c[:, :, {slot}]")
        )
    for slot in ("t", "t - 1", "0"):
        text = inside.replace("c_next, parameters", f"c[:, :, {slot}], parameters")
        yield site.also(site.edit("c = a", "one-buffer-two-names", detail=detail, slip=f"slot {slot}"), (call, text))
        both = text.replace("a_next, c[", f"a[:, :, {slot}], c[")
        yield site.also(site.edit("c = a", "one-buffer-two-names", detail=detail, slip=f"both {slot}"), (call, both))


OPERATOR = Operator(
    id="one-buffer-two-names",
    title="One array under two names",
    about=__doc__ or "",
    says="c and a are two names for one array.",
    hint=(
        "A plain assignment copies nothing, so what is stored in one appears in the other. In {function} the second of the two states "
        "that a step stores overwrites the first one, and every slice of it that a cache still holds. Change one entry of c after the "
        "forward pass, and print the same entry of a."
    ),
    asks="What the mathematics asks for: a⟨t⟩ = Γo ∘ tanh(c⟨t⟩), so hidden and cell states differ, and each needs an array of its own.",
    examples=(Example("lstm_forward", "c = np.zeros((n_a, m, T_x), dtype)", "c = a"),),
    edits=edits,
)
