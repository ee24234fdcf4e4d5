"""The state that goes into a step is read from the output array, at a slot that does not hold it.

The output array holds all states, so it seems a good place to look for the previous one. But the slot of this very step is still empty
when the step begins, and counting back one from step 0 leads to the last slot. States, outputs and nearly all gradients are wrong from
there on, though the backward functions may be right. A slice is also a window on the array's memory: when the loop stores the step's
result there, the state in the cache changes with it.

To check, print for two steps the state that goes into the cell, beside the one that came out of the step before, and once more the cached
one after the loop.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site

_SLOTS = {
    "{z}[:, :, t]": "the step's own, which is filled only when the step ends",
    "{z}[:, :, t].copy()": "a copy of the step's own, which is still zero",
    "{z}_next if t == 0 else {z}[:, :, t]": "from the second step on the step's own, which is filled only when the step ends",
    "{z}_next if t == 0 else {z}[:, :, t].copy()": "from the second step on a copy of the step's own, which is still zero",
    "{z}[:, :, t - 1]": "the one at t − 1, which at step 0 is the last",
    "{z}[:, :, t - 1].copy()": "a copy of the one at t − 1, which at step 0 is the last and still zero",
    "{z}[:, :, 0]": "the first, at every step",
    "{z}[:, :, 0].copy()": "a copy of the first, at every step",
    "{z}_next if t == 0 else {z}[:, :, 0]": "from the second step on the first",
    "{z}[:, :, -1]": "the last, at every step",
    "{z}[:, :, t - 2]": "the one two steps back",
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
    slots = {"a_next": "a[:, :, t]"} | ({"c_next": "c[:, :, t]"} if "c_next" in arguments else {})
    for names in (["a_next"], [*slots])[: len(slots)]:
        own = arguments
        for name in names:
            own = own.replace(name, slots[name])
        yield site.edit(
            f"a[:, :, t] += a_next if t == 0 else 0\n{head}({own}",
            "output-slot-as-state",
            detail="the step's own, which holds a0 at step 0 and later zeros, and is filled when the step ends",
            quantity=" and ".join("a_prev" if name == "a_next" else "c_prev" for name in names),
            slip=f"own slot with a0 {len(names)}",
        )


OPERATOR = Operator(
    id="output-slot-as-state",
    title="A slot of the output array is used as the previous state",
    about=__doc__ or "",
    where="Look at what {function} hands to the cell as {quantity}.",
    says="a wrong slot of the output array is read for {quantity}: {detail}.",
    hint=(
        "A slot of the output array is a window on its memory, and holds zeros until the loop has stored something there. So a step "
        "may start from nothing, and what its cache remembers may change afterwards. Print the state that goes into the cell, beside "
        "the one that came out of the step before."
    ),
    examples=(
        Example(
            "lstm_forward",
            ("a_next, c_next, yt, cache = lstm_cell_forward(x[:, :, t], a_next, c_next, parameters)"),
            ("a_next, c_next, yt, cache = lstm_cell_forward(x[:, :, t], a_next, c[:, :, t], parameters)"),
        ),
    ),
    edits=edits,
)
