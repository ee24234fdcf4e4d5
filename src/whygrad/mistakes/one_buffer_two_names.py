"""One array under two names.

``c = a`` gives the same array a second name. What is stored in one appears in the other.
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
    says="two output arrays are one and the same: {detail}.",
    hint=(
        "Which of the arrays in {function} are really separate? {detail}: what is stored in one appears in the other, and in every slice "
        "that was taken from it."
    ),
    examples=(Example("lstm_forward", "c = np.zeros((n_a, m, T_x), dtype)", "c = a"),),
    edits=edits,
)
