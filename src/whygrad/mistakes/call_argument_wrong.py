"""The cell's backward function is called with wrong arguments.

The carry is passed instead of the upstream gradient, the carries are exchanged, the carry is subtracted, or passed without being added.
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
        ("da[:, :, t] - da_prevt", "subtracts the carry"),
        ("da[:, :, t] * da_prevt", "multiplies by the carry"),
        ("(da[:, :, t] + da_prevt) / 2", "halves the sum"),
        ("da[:, :, t] + da_prevt + da_prevt", "adds the carry twice"),
        ("da[:, :, t] + da[:, :, t] + da_prevt", "adds the upstream gradient twice"),
    ):
        yield site.edit(site.text.replace(hidden, new), "call-argument-wrong", detail=detail, quantity="da_next")
    if ", dc_prevt," in site.text:
        for new, detail in (
            ("dc_prevt + da[:, :, t]", "adds the upstream gradient to the cell state's gradient"),
            ("da_prevt", "passes the hidden state's carry for the cell state's"),
            ("da[:, :, t]", "passes the upstream gradient for the cell state's gradient"),
            ("da[:, :, t] + da_prevt", "passes the hidden state's gradient for the cell state's"),
            ("dc_prevt + da_prevt", "adds the hidden state's carry to the cell state's"),
            ("-dc_prevt", "turns the sign of the carry"),
            ("np.ones_like(dc_prevt)", "passes ones for the cell state's gradient"),
            ("caches[t][1]", "passes the cell state for its gradient"),
            ("caches[t][3]", "passes the previous cell state for a gradient"),
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


OPERATOR = Operator(
    id="call-argument-wrong",
    title="The cell is called with a wrong argument",
    about=__doc__ or "",
    says="the call of the cell in {function} {detail}.",
    hint=(
        "At each step the cell needs the whole gradient at its hidden state, the gradient at its cell state, and its own cache. Here the "
        "call {detail}."
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
