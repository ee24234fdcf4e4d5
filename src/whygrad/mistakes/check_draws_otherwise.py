"""The notebook's check draws other numbers than the expected ones were made from.

Some copies of the notebook draw Wy and by in the check of the LSTM sequence, where the original has zeros; the upstream gradient is drawn
afterwards, so every printed number changes. The learner's functions are not to blame.
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
        both = site.edit("Wy = np.random.randn(2, 5)", "check-draws-otherwise", detail="Wy and by, which should be zeros", quantity="Wy")
        yield site.also(both, (by, "by = np.random.randn(2, 1)"))
        yield both
    if site.text == "da = np.random.randn(5, 10, 4)" and "lstm" in site.function:
        yield site.edit(
            "da = np.random.randn(5, 10, 7)[:, :, :4]",
            "check-draws-otherwise",
            detail="an upstream gradient of another length",
            quantity="da",
        )
        yield site.edit(
            "da = np.random.randn(5, 10, 7)", "check-draws-otherwise", detail="an upstream gradient of another length", quantity="da"
        )
    if site.text == "ba = np.random.randn(5, 1)" and site.function == "rnn_cell_backward_check":
        yield site.edit(
            "np.random.randn(5, 1)\nba = stale('rnn_forward')['ba']",
            "check-draws-otherwise",
            detail=("a bias but uses the one that the cell of rnn_forward left behind"),
            quantity="ba",
        )
        yield site.edit(
            "ba = stale('rnn_forward')['ba']",
            "check-draws-otherwise",
            detail=("no bias and uses the one that the cell of rnn_forward left behind"),
            quantity="ba",
            slip="not drawn",
        )


OPERATOR = Operator(
    id="check-draws-otherwise",
    title="The notebook's check draws other numbers",
    about=__doc__ or "",
    says="the notebook's own check draws {detail}, so its numbers cannot agree with the expected ones.",
    hint="Compare the check's cell with the original: it draws {detail}. The functions are not to blame for that.",
    examples=(Example("lstm_backward_check", "Wy = np.zeros((2, 5))", "Wy = np.random.randn(2, 5)"),),
    edits=edits,
)
