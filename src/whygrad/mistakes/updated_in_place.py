"""A value is overwritten that is still asked for: the new state in the memory of the old one, a tanh under the name of what it is of.

A `*=` for the first term and a `+=` for the second save an array and give the right new state. But the name for the previous state
stands for the same memory, here, in the caller and in the cache of the step before. All of them now hold the new state. The forward
outputs are right; wrong is what the backward pass computes from the previous state, at every step. Where the name of the new state is
given to its tanh, the cache and the next step get that, and the outputs are wrong, too.

To check, print the states before and after each line that assigns to one of their names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site


def edits(site: Site) -> Iterator[Edit]:
    """The cell state in the memory of the previous one or of a gate, or overwritten by its tanh; states copied into earlier ones."""
    if site.role == "cell forward" and site.text == "c_next = ft * c_prev + it * cct":
        detail = "the new cell state is computed in the memory of the previous one, so the cache holds it as"
        yield site.edit("c_prev *= ft\nc_prev += it * cct\nc_next = c_prev", "updated-in-place", detail=detail, quantity="c_prev")
        detail = "the forget gate is multiplied into the memory of the previous cell state, so the cache holds the product as"
        yield site.edit("c_prev *= ft\nc_next = c_prev + it * cct", "updated-in-place", detail=detail, quantity="c_prev")
        for gate, other in (("cct", "it"), ("it", "cct"), ("ft", "c_prev")):
            text = site.text.replace("it * cct" if gate != "ft" else "ft * c_prev", gate)
            detail = "what a gate lets through is computed in the gate's own memory, so the cache holds the product as"
            yield site.edit(f"{gate} *= {other}\n{text}", "updated-in-place", detail=detail, quantity=gate)
    if site.role == "cell forward" and site.text.startswith("cache = ("):
        detail = "the new state is copied into the memory of the previous one, so the cache holds it as"
        for state in ("a", "c"):
            if f"{state}_prev" in site.text:
                copied = f"{state}_prev[:] = {state}_next\n{site.text}"
                yield site.edit(copied, "updated-in-place", detail=detail, quantity=f"{state}_prev", slip="copied into the previous")
    if site.role == "cell forward" and site.text == "a_next = ot * np.tanh(c_next)":
        detail = "the tanh is written over what it is taken of, so the cache and the next step get it as"
        yield site.edit("c_next = np.tanh(c_next)\na_next = ot * c_next", "updated-in-place", detail=detail, quantity="c_next")
    if site.role == "forward" and "_cell_forward(" in site.text:
        head, _, call = site.text.partition(" = ")
        states = [name for name in ("a", "c") if f"{name}_next" in call]
        for some in (states, *([state] for state in states if len(states) > 1)):
            fresh = head
            for state in some:
                fresh = fresh.replace(f"{state}_next", f"new_{state}")
            copies = "".join(f"\n{state}_next[:] = new_{state}" for state in some)
            yield site.edit(
                f"{fresh} = {call}{copies}",
                "updated-in-place",
                detail="each step copies its new state into one array, so every cache holds the last state as",
                quantity=" and ".join(f"{state}_prev" for state in some),
            )


OPERATOR = Operator(
    id="updated-in-place",
    title="A value is overwritten that is still needed",
    about=__doc__ or "",
    says="{detail} {quantity}.",
    hint=(
        "An assignment with `*=`, `+=` or `[:] =` changes the array itself, under all of its names, and one with `=` what a name stands "
        "for from there on: here {quantity}, which the cache keeps for the backward pass. Print {quantity} before and after this line."
    ),
    examples=(
        Example("lstm_cell_forward", "c_next = ft * c_prev + it * cct", "c_prev *= ft\n    c_prev += it * cct\n    c_next = c_prev"),
    ),
    edits=edits,
)
