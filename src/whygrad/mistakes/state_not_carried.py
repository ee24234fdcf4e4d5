"""The state is not handed on from step to step.

The cell is called with the initial state at every step, or with zeros, so no step knows of an earlier one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site


def edits(site: Site) -> Iterator[Edit]:
    """The argument of the cell is the initial state, zeros, or the other state."""
    if site.role != "forward" or "_cell_forward(" not in site.text:
        return
    head, _, arguments = site.text.partition("(")
    zeros = "np.zeros_like(a0)"
    ways = [
        (arguments.replace("a_next", "a0"), "the initial hidden state a0", "a_prev"),
        (arguments.replace("a_next", zeros), "a hidden state of zero", "a_prev"),
    ]
    if "c_next" in arguments:
        ways += [
            (arguments.replace("c_next", zeros), "a cell state of zero", "c_prev"),
            (arguments.replace("c_next", "a0"), "a0 as its cell state", "c_prev"),
            (arguments.replace("c_next", "a_next"), "the hidden state as its cell state", "c_prev"),
            (arguments.replace("a_next", "c_next"), "the cell state as its hidden state", "a_prev"),
            (arguments.replace("a_next, c_next", "c_next, a_next"), "the two states exchanged", "a_prev and c_prev"),
            (arguments.replace("a_next, c_next", f"a0, {zeros}"), "the initial states", "a_prev and c_prev"),
            (arguments.replace("a_next, c_next", f"{zeros}, {zeros}"), "states of zero", "a_prev and c_prev"),
        ]
    for text, detail, quantity in ways:
        yield site.edit(f"{head}({text}", "state-not-carried", detail=detail, quantity=quantity)


OPERATOR = Operator(
    id="state-not-carried",
    title="The state is not handed on",
    about=__doc__ or "",
    says="every step starts from {detail}.",
    hint="Follow the states through one turn of the loop in {function}: what does the next step receive? Every step starts from {detail}.",
    examples=(
        Example(
            "lstm_forward",
            ("a_next, c_next, yt, cache = lstm_cell_forward(x[:, :, t], a_next, c_next, parameters)"),
            ("a_next, c_next, yt, cache = lstm_cell_forward(x[:, :, t], a0, c_next, parameters)"),
        ),
    ),
    edits=edits,
)
