"""The cell that prints the numbers differs from the one that the expected numbers were made with.

Copies of the notebook are about in which the check draws Wy and by, where the original has zeros, or draws an upstream gradient of
another length, or uses a bias that an earlier cell left behind. All draws come from one stream, so whatever is drawn later changes too,
and every printed number is another one. The learner's functions are not to blame.

To check, compare the cell with the original line by line, restart the kernel and run all cells from the top.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site


def edits(site: Site) -> Iterator[Edit]:
    """Output weights drawn where zeros belong; an upstream gradient as long as the sequence; the stale bias of the old cell check."""
    if site.role != "check":
        return
    if site.text == "Wy = np.zeros((2, 5))":
        by = site.number_of("by = ")
        both = site.edit(
            "Wy = np.random.randn(2, 5)", "check-draws-otherwise", detail="draws Wy or by, which are zeros in the original", quantity="Wy"
        )
        yield site.also(both, (by, "by = np.random.randn(2, 1)"))
        yield both
    if site.text == "da = np.random.randn(5, 10, 4)" and "lstm" in site.function:
        yield site.edit(
            "da = np.random.randn(5, 10, 7)[:, :, :4]",
            "check-draws-otherwise",
            detail="draws an upstream gradient of another length",
            quantity="da",
        )
        yield site.edit(
            "da = np.random.randn(5, 10, 7)", "check-draws-otherwise", detail="draws an upstream gradient of another length", quantity="da"
        )
    if site.text == "x = np.random.randn(3, 10, 7)" and "lstm" in site.function:
        yield site.edit("x = np.random.randn(3, 10, 4)", "check-draws-otherwise", detail="draws an input of four steps", quantity="x")
    if site.text.startswith(("da = np.random.randn", "da_next = np.random.randn")):
        yield site.edit(
            f"np.random.seed(1)\n{site.text}",
            "check-draws-otherwise",
            detail="sets the seed anew before the gradients are drawn",
            quantity=site.target,
            slip="seed anew",
        )
    if site.text == "ba = np.random.randn(5, 1)" and site.function == "rnn_cell_backward_check":
        yield site.edit(
            "np.random.randn(5, 1)\nba = stale('rnn_forward')['ba']",
            "check-draws-otherwise",
            detail="draws ba, but uses the one that the check of rnn_forward left behind",
            quantity="ba",
        )
        yield site.edit(
            "ba = stale('rnn_forward')['ba']",
            "check-draws-otherwise",
            detail="draws no ba and uses the one that the check of rnn_forward left behind",
            quantity="ba",
            slip="not drawn",
        )
        yield site.edit(
            "np.random.randn(5, 1)\nba = stale('rnn_forward, unseeded')['ba']",
            "check-draws-otherwise",
            detail="draws ba, but uses the one that the check of rnn_forward left behind when it ran without its seed line",
            quantity="ba",
            slip="left behind without a seed",
        )


OPERATOR = Operator(
    id="check-draws-otherwise",
    title="The notebook's check draws other numbers",
    about=__doc__ or "",
    where="Look at what {function} draws for {quantity}.",
    says="the notebook's own check {detail}, so that even right functions print other numbers there.",
    hint=(
        "No function of yours is to blame for this. All random numbers of a check come from one stream, so one line that draws otherwise "
        "changes everything behind it. Compare this cell with the original line by line, restart the kernel, and run all cells from "
        "the top."
    ),
    asks="What the expected numbers were made with: seed 1, and every draw of the original check in its order, with its shape.",
    examples=(Example("lstm_backward_check", "Wy = np.zeros((2, 5))", "Wy = np.random.randn(2, 5)"),),
    edits=edits,
)
