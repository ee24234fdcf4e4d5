"""A step does not start from the state that the step before has reached.

The call inside the loop still names the initial state, or makes zeros, so no step knows of an earlier one; or the two states change
places, which their shapes allow. The outputs of the forward function are wrong from the second step on at the latest, and the gradients
with them, though the backward functions may be right.

To check, print what goes into the cell at step 1, beside what came out at step 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site


def edits(site: Site) -> Iterator[Edit]:
    """The argument of the cell is the initial state, zeros, the state of two steps before, or the other state."""
    if site.role != "forward" or "_cell_forward(" not in site.text:
        return
    head, _, arguments = site.text.partition("(")
    zeros = "np.zeros_like(a0)"
    a_late, c_late = "(a[:, :, t - 2] if t > 1 else a0)", f"(c[:, :, t - 2] if t > 1 else {zeros})"
    wrapped = "of two steps before (at step 1 this is the last slice, still empty and stored into later)"
    ways = [
        (arguments.replace("a_next", "a0"), "the initial hidden state a0", "a_prev"),
        (arguments.replace("a_next", zeros), "a hidden state of zero", "a_prev"),
        (arguments.replace("a_next", a_late), "the hidden state of two steps before", "a_prev"),
        (arguments.replace("a_next", "(a[:, :, t - 2] if t else a0)"), f"the hidden state {wrapped}", "a_prev"),
        (arguments.replace("a_next", "a_next + a0"), "the state of the step before with a0 added", "a_prev"),
    ]
    if "c_next" in arguments:
        ways += [
            (arguments.replace("c_next", zeros), "a cell state of zero", "c_prev"),
            (arguments.replace("c_next", "a0"), "a0 in place of its cell state", "c_prev"),
            (arguments.replace("c_next", "a_next"), "the hidden state in place of its cell state", "c_prev"),
            (arguments.replace("a_next", "c_next"), "the cell state in place of its hidden state", "a_prev"),
            (arguments.replace("a_next, c_next", "c_next, a_next"), "the two states exchanged", "a_prev and c_prev"),
            (arguments.replace("c_next", c_late), "the cell state of two steps before", "c_prev"),
            (arguments.replace("a_next, c_next", f"{a_late}, {c_late}"), "the states of two steps before", "a_prev and c_prev"),
            (arguments.replace("c_next", f"(c[:, :, t - 2] if t else {zeros})"), f"the cell state {wrapped}", "c_prev"),
            (arguments.replace("a_next, c_next", f"a0, {zeros}"), "the initial states", "a_prev and c_prev"),
            (arguments.replace("a_next, c_next", f"{zeros}, {zeros}"), "states of zero", "a_prev and c_prev"),
        ]
    for text, detail, quantity in ways:
        yield site.edit(f"{head}({text}", "state-not-carried", detail=detail, quantity=quantity)
    if head.startswith("a_next, c_next, "):
        text = site.text.replace("a_next, c_next, ", "c_next, a_next, ", 1)
        detail = "the two states exchanged, as they were taken from what the cell returned"
        yield site.edit(text, "state-not-carried", detail=detail, quantity="a_prev and c_prev")
        for name, other, detail in (
            ("c", "a_next", "the hidden state in place of its cell state"),
            ("c", "np.tanh(c_next)", "the tanh of its cell state"),
            ("a", "c_next", "the cell state in place of its hidden state"),
        ):
            yield site.edit(
                f"{site.text}\n{name}_next = {other}",
                "state-not-carried",
                detail=f"{detail}, as it is stored and handed on",
                quantity=f"{name}_prev",
            )


OPERATOR = Operator(
    id="state-not-carried",
    title="The state is not handed on",
    about=__doc__ or "",
    where="Look at what {function} hands to the cell as {quantity} at each step.",
    says="every step starts from {detail}.",
    hint=(
        "A step has to go on where the step before it stopped. From step 1 on at the latest the outputs of {function} differ, and the "
        "gradients with them, even if the backward functions are right. Print what goes into the cell at step 1, beside what came out "
        "of it at step 0."
    ),
    examples=(
        Example(
            "rnn_forward",
            "a_next, yt_pred, cache = rnn_cell_forward(x[:, :, t], a_next, parameters)",
            "a_next, yt_pred, cache = rnn_cell_forward(x[:, :, t], a0, parameters)",
        ),
    ),
    edits=edits,
)
