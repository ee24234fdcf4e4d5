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
    """The start state is a slice of the output array, as it is or filled with a0; with a0 there also the state of each step.

    What else a loop may hand to its cell out of the array is a wrong slot (``output-slot-as-state``).
    """
    if site.role != "forward" or site.target not in {"a_next", "c_next"} or site.indent != " " * 4:
        return
    array = site.target[0]
    state = f"{'hidden' if array == 'a' else 'cell'} state in the first cache"
    prev = f"{array}_prev"
    call = site.number_of("a_next, ")
    inside = site.lines[call].strip()
    for slot, step in (("0", 0), ("-1", None)):
        view = f"{site.target} = {array}[:, :, {slot}]"
        if array == "c":
            yield site.edit(f"c_next = a[:, :, {slot}]", "view-of-output", detail=state, quantity=prev, step=step)
            yield site.edit(view, "view-of-output", detail=state, quantity=prev, step=step)
            continue
        yield site.edit(view, "view-of-output", detail=state, quantity=prev, step=step)
        alike = site.assignment.vocabulary.normal(site.target, view)
        filled = f"a[:, :, {slot}] = a0\n"
        yield site.edit(filled + view, "view-of-output", detail=state, quantity=prev, step=step, slip=alike)
        every = state.replace("the first cache", "every cache")
        first = site.edit(filled + site.text, "view-of-output", detail=every, quantity=prev, slip=f"{view} at every step")
        yield site.also(first, (call, f"{view}\n{inside}"))


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
