"""A slice of an array is not a copy but a window on its memory, and the cached state is such a window on the output array.

If the first state is a slice of the output, the first step's cache holds that window. As soon as the loop stores its result there, the
cached previous state has become this step's state. Nothing looks wrong: the outputs of the forward function are right, the backward
functions too. Wrong is only what uses that one state of that one step: for the cell state, the forget gate's weight and bias, the first
slice of dx, and da0.

To check, print the state in the first cache after the forward pass, beside the state that the sequence started from. `np.shares_memory`
tells whether two arrays are one memory.
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
    state = f"{'hidden' if array == 'a' else 'cell'} state in the first cache"
    prev = f"{array}_prev"
    call = site.number_of("a_next, ")
    inside = site.lines[call].strip()
    for slot, step in (("0", 0), ("-1", None)):
        zero = f"{site.target} = {array}[:, :, {slot}]"
        if array == "c":
            yield site.edit(f"c_next = a[:, :, {slot}]", "view-of-output", detail=state, quantity=prev, step=step)
            yield site.edit(zero, "view-of-output", detail=state, quantity=prev, step=step if slot == "0" else None)
        else:
            yield site.edit(zero, "view-of-output", detail=state, quantity=prev, step=step)
            alike = site.assignment.vocabulary.normal(site.target, zero)
            yield site.edit(f"a[:, :, {slot}] = a0\n{zero}", "view-of-output", detail=state, quantity=prev, step=step, slip=alike)
        for text in (
            f"{array}[:, :, {slot}]",
            f"{array}[:, :, t]",
            f"{array}[:, :, t - 1]",
            f"{array}[:, :, t - 1] if t > 0 else {site.target}",
        ):
            where = state.replace("the first cache", "every cache") if text == f"{array}[:, :, t]" or text.endswith(f"{slot}]") else state
            right = site.right if array == "c" else "a0"
            before = f"{array}[:, :, {slot}] = {right}\n" if text != f"{array}[:, :, t]" else ""
            yield site.also(
                site.edit(f"{before}{site.text}", "view-of-output", detail=where, quantity=prev, slip=f"{text} after {before}"),
                (call, f"{site.target} = {text}\n{inside}"),
            )


OPERATOR = Operator(
    id="view-of-output",
    title="A cached state is a view of the output array",
    about=__doc__ or "",
    says="the previous {detail} is a view of the output array, and changes when the loop stores a result there.",
    hint=(
        "A slice is no copy but a window on the array's memory, so {quantity} in the cache changed after its step was done. What does "
        "not use this state stays right, often all outputs too. After the forward pass, print the state in the cache: is it the one "
        "that the step started from?"
    ),
    examples=(Example("lstm_forward", "c_next = np.zeros((n_a, m), dtype)", "c_next = c[:, :, 0]"),),
    edits=edits,
)
