"""The two gradients that come in are added before either of them is used.

The cell's backward function receives one gradient for the hidden state and one for the cell state. They have one shape, and both come from
the step after, so they are put together at the top. But only the hidden state goes through the output gate and the tanh: what comes in at
the cell state then takes that way too, and reaches the output gate, which it never passed. So nearly all numbers are wrong.

To check, call the function with a da_next of zeros: the output gate's gradient has to be zero then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site

_WAYS = {
    "da_next = da_next + dc_next": "dc_next is added to da_next",
    "dc_next = dc_next + da_next": "da_next is added to dc_next",
}


def edits(site: Site) -> Iterator[Edit]:
    """One of them with the other added, once for all that reads it."""
    if site.role == "cell backward" and site.text.endswith(" = cache") and "dc_next" in site.lines[0]:
        for line, detail in _WAYS.items():
            yield site.edit(f"{site.text}\n{line}", "upstreams-added", detail=detail, quantity="da_next")


OPERATOR = Operator(
    id="upstreams-added",
    title="The two upstream gradients are added",
    about=__doc__ or "",
    where="Look at what {function} does with the two gradients that it is given.",
    says="the two gradients that come in are put together before they are used: {detail}.",
    hint=(
        "Each of the two comes in at a place of its own in the forward pass, and only what lies before that place can have acted on it. "
        "Which of the gates does a change of the cell state not pass on its way? Let one of the two be zero, and print what each gate gets."
    ),
    examples=(
        Example(
            "lstm_cell_backward",
            "a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache",
            "a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache\n    da_next = da_next + dc_next",
        ),
    ),
    edits=edits,
)
