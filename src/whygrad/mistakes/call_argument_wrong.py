"""The loop calls the cell with a wrong gradient: a carry counted twice, subtracted, exchanged, or put in another's place.

The call holds everything at once, upstream gradient, carries and cache, and all gradients of states have one shape, so nothing complains.
Where the carry is still zero, at the last step, many of these slips cannot be seen: the last slice of dx is right, and the numbers get
worse towards step 0.

To check, print the arguments of the call at the last step and at the one before, and say for each where it comes from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site


def edits(site: Site) -> Iterator[Edit]:
    """The arguments of the call in the loop, one at a time."""
    if site.role != "backward" or "da[:, :, t] + da_prevt" not in site.text:
        return
    hidden = "da[:, :, t] + da_prevt"
    for new, detail in (
        ("da[:, :, t] - da_prevt", "subtracts the hidden state's carry"),
        ("da[:, :, t] * da_prevt", "multiplies the upstream gradient by the carry"),
        ("(da[:, :, t] + da_prevt) / 2", "halves the hidden state's gradient"),
        ("da[:, :, t] + da_prevt + da_prevt", "adds the hidden state's carry twice"),
        ("da[:, :, t] + da[:, :, t] + da_prevt", "adds the upstream gradient twice"),
    ):
        yield site.edit(site.text.replace(hidden, new), "call-argument-wrong", detail=detail, quantity="da_next")
    if ", dc_prevt," in site.text:
        for new, detail in (
            ("dc_prevt + da[:, :, t]", "adds the upstream gradient to the cell state's carry"),
            ("da_prevt", "passes the hidden state's carry in place of the cell state's"),
            ("da[:, :, t]", "passes the upstream gradient in place of the cell state's carry"),
            ("da[:, :, t] + da_prevt", "passes the hidden state's whole gradient in place of the cell state's carry"),
            ("dc_prevt + da_prevt", "adds the hidden state's carry to the cell state's"),
            ("-dc_prevt", "turns round the sign of the cell state's carry"),
            ("np.ones_like(dc_prevt)", "passes ones in place of the cell state's carry"),
            ("caches[t][1]", "passes the cell state in place of its gradient"),
            ("caches[t][3]", "passes the previous cell state in place of a gradient"),
        ):
            yield site.edit(site.text.replace(", dc_prevt,", f", {new},"), "call-argument-wrong", detail=detail, quantity="dc_next")
        yield site.edit(
            site.text.replace(hidden, "da[:, :, t] + dc_prevt").replace(", dc_prevt,", ", da_prevt,"),
            "call-argument-wrong",
            detail="exchanges the two carries",
            quantity="da_next",
        )
        yield site.edit(
            site.text.replace(hidden, "da[:, :, t] + dc_prevt"),
            "call-argument-wrong",
            detail=("adds the cell state's carry to the hidden state's gradient"),
            quantity="da_next",
        )
        for first, second, detail in (
            ("dc_prevt", hidden, "exchanges its two gradients"),
            (f"{hidden} + dc_prevt", "dc_prevt", "adds both carries to the hidden state's gradient"),
            ("da[:, :, t]", "dc_prevt + da_prevt", "adds the hidden state's carry to the cell state's, not to the upstream gradient"),
            (
                "da[:, :, t]",
                "da_prevt",
                "passes the hidden state's carry for the cell state's, and not with the upstream gradient",
            ),
        ):
            text = site.text.replace(f"{hidden}, dc_prevt", f"{first}, {second}")
            yield site.edit(text, "call-argument-wrong", detail=detail, quantity="da_next")


OPERATOR = Operator(
    id="call-argument-wrong",
    title="The cell is called with a wrong argument",
    about=__doc__ or "",
    says="the call of the cell {detail}.",
    hint=(
        "Each gradient that goes into the cell is the sum of what reaches that state: from this step's own output, and from the step "
        "after it. Print the arguments at the last step, where nothing has been handed back yet, and at the one before. At which of "
        "the two do they first look wrong?"
    ),
    examples=(
        Example(
            "rnn_backward",
            ("gradients = rnn_cell_backward(da[:, :, t] + da_prevt, caches[t])"),
            ("gradients = rnn_cell_backward(da[:, :, t] - da_prevt, caches[t])"),
        ),
    ),
    edits=edits,
)
