"""The sequence does not start from the initial state.

The hidden state starts at a0 and the cell state at zero. People start at zero, or start the cell state from a0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site


def edits(site: Site) -> Iterator[Edit]:
    """Another start value."""
    if site.role != "forward" or site.target not in {"a_next", "c_next"} or site.indent != " " * 4:
        return
    values = {
        "a0": "a0",
        "np.zeros((n_a, m), dtype)": "zero",
        "np.ones((n_a, m), dtype)": "ones",
        "np.zeros_like(a0)": "zero",
        "a0 * 0 + 1": "ones",
        "-a0": "the negative of a0",
        "np.tanh(a0)": "the tanh of a0",
    }
    for text, detail in values.items():
        if text != site.right:
            yield site.edit(f"{site.target} = {text}", "initial-state-wrong", detail=detail)


OPERATOR = Operator(
    id="initial-state-wrong",
    title="The sequence starts from a wrong state",
    about=__doc__ or "",
    says="{quantity} starts as {detail}.",
    hint="What is the state before the first step? In {function}, {quantity} starts as {detail}.",
    examples=(
        Example("lstm_forward", "a_next = a0", "a_next = np.zeros((n_a, m), dtype)"),
        Example("lstm_forward", "c_next = np.zeros((n_a, m), dtype)", "c_next = a0"),
    ),
    edits=edits,
)
