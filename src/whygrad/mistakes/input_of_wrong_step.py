"""The loop reads the input of another step: a fixed one, the neighbour's, or one counted from the wrong end.

A first try with step 0 is left standing, or an index is one off. Steps that happen to read their own input are right if the states before
them are; all others are wrong. The outputs of the forward function show it already, so the backward functions may be right.

To check, print t and the first column of what goes into the cell, beside the same column of x.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site

_OFF = {
    "t - 1": "the input of the step before (at step 0 that of the last one)",
    "max(t - 1, 0)": "the input of the step before, from step 1 on,",
    "min(t + 1, T_x - 1)": "the input of the step after",
    "(t + 1) % T_x": "the input of the step after (at the last step that of step 0)",
    "T_x - 1 - t": "the input of the mirrored step",
    "-t": "an input counted from the wrong end",
    "-1": "the last input",
}


def edits(site: Site) -> Iterator[Edit]:
    """Another index of ``x``."""
    if site.role != "forward" or "x[:, :, t]" not in site.text:
        return
    steps = {str(step): f"the input of step {step}" for step in range(7)}
    for index, detail in (_OFF | steps).items():
        text = site.text.replace("x[:, :, t]", f"x[:, :, {index}]")
        slip = "the step after" if "t + 1" in index else ""
        yield site.edit(text, "input-of-wrong-step", detail=detail, quantity="xt", slip=slip)
    reshaped = site.text.replace("x[:, :, t]", "x.reshape(T_x, n_x, m)[t]")
    detail = "made of the numbers of several steps, because x is reshaped before it is cut,"
    yield site.edit(reshaped, "input-of-wrong-step", detail=detail, quantity="xt")


OPERATOR = Operator(
    id="input-of-wrong-step",
    title="The input of a wrong step",
    about=__doc__ or "",
    where="Look at the input that {function} hands to the cell at each step.",
    says="{quantity} is {detail} at every step of {function}.",
    hint=(
        "The outputs of {function} are wrong already, so the backward functions may all be right. Only a step that happens to read its"
        " own input can be right. Print t and the first column of what goes into the cell, beside the same column of x at that step."
    ),
    asks="What the mathematics asks for: step t reads x⟨t⟩ and the states of the step before.",
    examples=(
        Example(
            "lstm_forward",
            ("a_next, c_next, yt, cache = lstm_cell_forward(x[:, :, t], a_next, c_next, parameters)"),
            ("a_next, c_next, yt, cache = lstm_cell_forward(x[:, :, 0], a_next, c_next, parameters)"),
        ),
    ),
    edits=edits,
)
