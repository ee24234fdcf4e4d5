"""The output slot of a step is used as the state that goes into it.

The slot of this step is still empty when the step begins, and is overwritten when it ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site

_SLOTS = {
    "{z}[:, :, t]": "the output array at this same step",
    "{z}[:, :, t].copy()": "the output array at this same step, which is still zero",
    "{z}[:, :, t - 1]": "the output array at t - 1, which at step 0 is the last slot",
    "{z}[:, :, t - 1].copy()": "the output array at t - 1, which at step 0 is the last slot and still zero",
    "{z}[:, :, 0]": "the output array at step 0",
    "{z}[:, :, 0].copy()": "a copy of the output array at step 0",
    "{z}[:, :, -1]": "the last slot of the output array",
    "{z}[:, :, t - 2]": "the output array at t - 2",
}


def edits(site: Site) -> Iterator[Edit]:
    """The argument of the cell is a slot of the output array, a view or a copy; for either state, or for both."""
    if site.role != "forward" or "_cell_forward(" not in site.text:
        return
    head, _, arguments = site.text.partition("(")
    for slot, detail in _SLOTS.items():
        hidden = arguments.replace("a_next", slot.format(z="a"))
        yield site.edit(f"{head}({hidden}", "output-slot-as-state", detail=detail, quantity="a_prev", slip=f"slot {slot}")
        if "c_next" in arguments:
            yield site.edit(
                f"{head}({arguments.replace('c_next', slot.format(z='c'))}",
                "output-slot-as-state",
                detail=detail,
                quantity="c_prev",
                slip=f"slot {slot}",
            )
            yield site.edit(
                f"{head}({hidden.replace('c_next', slot.format(z='c'))}",
                "output-slot-as-state",
                detail=detail,
                quantity="a_prev and c_prev",
                slip=f"both {slot}",
            )


OPERATOR = Operator(
    id="output-slot-as-state",
    title="A slot of the output array is used as the previous state",
    about=__doc__ or "",
    says="{quantity} is taken from {detail}.",
    hint="Where does a step find the state of the step before? {quantity} is taken from {detail}.",
    examples=(
        Example(
            "lstm_forward",
            ("a_next, c_next, yt, cache = lstm_cell_forward(x[:, :, t], a_next, c_next, parameters)"),
            ("a_next, c_next, yt, cache = lstm_cell_forward(x[:, :, t], a_next, c[:, :, t], parameters)"),
        ),
    ),
    edits=edits,
)
