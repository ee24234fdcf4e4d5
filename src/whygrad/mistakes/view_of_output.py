"""A state is a view of the output array, and is overwritten behind the cache's back.

A slice of an array is not a copy: it is a window on the array's memory. If the first cell state is a slice of the output ``c``, the cache
of the first step holds that window, and as soon as the loop stores its result there, the cached previous state becomes this step's state.
Nothing looks wrong: all outputs of the forward pass are right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site


def edits(site: Site) -> Iterator[Edit]:
    """The start state is a slice of the output array: of the first or the last step, as it is or filled with a0."""
    if site.role != "forward" or site.target not in {"a_next", "c_next"} or site.indent != " " * 4:
        return
    array = site.target[0]
    state = "hidden state" if array == "a" else "cell state"
    prev = f"{array}_prev"
    call = site.number_of("a_next, ")
    inside = site.lines[call].strip()
    for slot, step in (("0", 0), ("-1", None)):
        zero = f"{site.target} = {array}[:, :, {slot}]"
        if array == "c":
            yield site.edit(zero, "view-of-output", detail=state, quantity=prev, step=step if slot == "0" else None)
        else:
            yield site.edit(f"a[:, :, {slot}] = a0\n{zero}", "view-of-output", detail=state, quantity=prev, step=step)
        for text in (
            f"{array}[:, :, {slot}]",
            f"{array}[:, :, t]",
            f"{array}[:, :, t - 1]",
            f"{array}[:, :, t - 1] if t > 0 else {site.target}",
        ):
            right = site.right if array == "c" else "a0"
            before = f"{array}[:, :, {slot}] = {right}\n" if text != f"{array}[:, :, t]" else ""
            yield site.also(
                site.edit(f"{before}{site.text}", "view-of-output", detail=state, quantity=prev, slip=f"{text} after {before}"),
                (call, f"{site.target} = {text}\n{inside}"),
            )


OPERATOR = Operator(
    id="view-of-output",
    title="A cached state is a view of the output array",
    about=__doc__ or "",
    says=(
        "the previous {detail} in the first cache is a window (a view) on the output array, and is overwritten when the loop stores its "
        "result there."
    ),
    hint=(
        "The outputs of {function} are right, but what its cache remembers is not: {quantity} was a slice of the output array, no copy, "
        "so the memory it shows changed after the step. Everything that does not use this state of the first step is right. Test it: "
        "print the state in the first cache after the forward pass."
    ),
    examples=(Example("lstm_forward", "c_next = np.zeros((n_a, m), dtype)", "c_next = c[:, :, 0]"),),
    edits=edits,
)
