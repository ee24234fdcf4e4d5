"""The upstream gradient is divided by a size, or its sign is turned round, before it goes back.

A loss that averages has its factor in the upstream gradient already, and one that is to be made smaller its sign. Everything is linear in
that gradient, so all numbers are right but for one ratio, or for their sign. Every formula may be right.

To check, divide some expected numbers of different gradients by yours: is it the same ratio everywhere?
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site

_OWN = "da[:, :, t]"
_WHOLE = "da[:, :, t] + da_prevt"
_WAYS = {
    "{} / m": "divided by the number of examples",
    "{} / T_x": "divided by the number of steps",
    "{} / (m * T_x)": "divided by the numbers of examples and of steps",
    "{} / n_a": "divided by the number of hidden units",
    "-{}": "with the wrong sign",
}
_OF_CELL = {
    "da_next / a_next.shape[1]": "divided by the number of examples",
    "da_next / a_next.shape[0]": "divided by the number of hidden units",
    "-da_next": "with the wrong sign",
}


def edits(site: Site) -> Iterator[Edit]:
    """The step's own gradient, or it and the carry, in the loop's call; the cell's argument, once for all that reads it."""
    if site.role == "backward" and _WHOLE in site.text:
        for way, detail in _WAYS.items():
            for old, new, what in ((_OWN, _OWN, "its own upstream gradient"), (_WHOLE, f"({_WHOLE})", "the hidden state's gradient")):
                yield site.edit(site.text.replace(old, way.format(new)), "upstream-scaled", detail=f"{what} {detail}", quantity="da_next")
    if site.role == "cell backward" and site.text.endswith(" = cache"):
        for new, detail in _OF_CELL.items():
            what = f"the hidden state's gradient {detail}"
            yield site.edit(f"{site.text}\nda_next = {new}", "upstream-scaled", detail=what, quantity="da_next")


OPERATOR = Operator(
    id="upstream-scaled",
    title="The upstream gradient is scaled",
    about=__doc__ or "",
    where="Look at what {function} does with the gradient that it is given.",
    says="the step is computed with {detail}.",
    hint=(
        "The gradient that comes from above is taken as it is: whatever the loss averages is in it already. All results are linear in it, "
        "so one factor, or one sign, shows in all of them that come from it. Divide expected numbers of several gradients by yours."
    ),
    examples=(
        Example(
            "lstm_backward",
            "gradients = lstm_cell_backward(da[:, :, t] + da_prevt, dc_prevt, caches[t])",
            "gradients = lstm_cell_backward(da[:, :, t] / m + da_prevt, dc_prevt, caches[t])",
        ),
        Example(
            "rnn_cell_backward",
            "a_next, a_prev, xt, parameters = cache",
            "a_next, a_prev, xt, parameters = cache\n    da_next = -da_next",
        ),
    ),
    edits=edits,
)
