"""The loop runs the wrong way, or over the wrong steps.

The backward pass visits the steps from the last to the first; a loop that runs forward, stops one step short, or starts one late gives each
step the wrong carry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site

_WAYS = {
    "range(T_x)": "runs from the first step to the last",
    "reversed(range(1, T_x))": "leaves out step 0",
    "reversed(range(T_x - 1))": "leaves out the last step",
    "range(T_x - 1)": "runs forward and leaves out the last step",
    "range(1, T_x)": "runs forward and leaves out step 0",
    "reversed(range(1, T_x - 1))": "leaves out the first and the last step",
    "range(T_x - 1, 0, -1)": "leaves out step 0",
    "[T_x - 1]": "visits the last step only",
    "[0]": "visits step 0 only",
    "list(reversed(range(T_x))) * 2": "visits every step twice",
    "[*reversed(range(T_x)), -1]": "goes on past step 0 to index -1",
    "[-1, *reversed(range(T_x))]": "visits the last step twice",
}


def edits(site: Site) -> Iterator[Edit]:
    """Other ranges; in a forward loop those that leave steps out."""
    if site.role in {"backward", "forward"} and site.text.startswith("for t in "):
        for new, detail in _WAYS.items():
            if f"for t in {new}:" != site.text:
                yield site.edit(f"for t in {new}:", "loop-wrong", detail=detail, quantity="t")


OPERATOR = Operator(
    id="loop-wrong",
    title="The loop visits the wrong steps",
    about=__doc__ or "",
    says="the loop {detail}.",
    hint="Which step must be visited first, and which last? Write down the values that t takes: the loop {detail}.",
    examples=(
        Example("lstm_backward", "for t in reversed(range(T_x)):", "for t in range(T_x):"),
        Example("lstm_backward", "for t in reversed(range(T_x)):", "for t in reversed(range(1, T_x)):"),
    ),
    edits=edits,
)
