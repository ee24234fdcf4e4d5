"""A loop reads a state, an input or a gradient that the cell's own check has left in the notebook.

The names with which the cell is defined, and with which its check calls it, are those of the cell's arguments. Where a loop hands over one
of these names and none of its own, nothing fails, because the notebook still holds an array of that name and of the right shape. No
step changes it.

To check, restart the kernel and run only the cells that define the functions and this check: Python then names what it does not know.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site

_UPSTREAM = "da[:, :, t] + da_prevt"
_CALL = re.compile(r"(\w+)_cell_\w+\(")
_STATES = {"a_next = a0": "a_prev", "c_next = np.zeros((n_a, m), dtype)": "c_prev"}


def edits(site: Site) -> Iterator[Edit]:
    """The gradients of a backward call; the states with which a forward loop begins, and the arguments of its call."""
    call = _CALL.search(site.text)
    if call and site.role == "backward" and _UPSTREAM in site.text:
        yield from _gradients(site, f"{call[1]}_cell_backward")
    elif call and site.role == "forward" and "x[:, :, t]" in site.text:
        yield from _arguments(site, f"{call[1]}_cell_backward")
    elif site.role == "forward" and site.text in _STATES:
        name = _STATES[site.text]
        left = _left(site.function.replace("_forward", "_cell_backward"), name)
        yield site.edit(
            f"{site.target} = {left}", "left-in-the-notebook", detail=f"{name}, in place of the first state", slip="the first state"
        )


def _left(check: str, name: str) -> str:
    return f"stale('{check}')['{name}']"


def _gradients(site: Site, check: str) -> Iterator[Edit]:
    hidden, cell = _left(check, "da_next"), _left(check, "dc_next")
    ways = {
        hidden: "the whole gradient that goes into the call",
        f"{hidden} + da_prevt": "the step's own upstream gradient",
        f"da[:, :, t] + {hidden}": "what the later step has handed back",
    }
    for new, place in ways.items():
        text = site.text.replace(_UPSTREAM, new)
        yield site.edit(text, "left-in-the-notebook", detail=f"da_next, in place of {place}", quantity="da_next")
        if ", dc_prevt," in text:
            both = text.replace(", dc_prevt,", f", {cell},")
            detail = f"da_next, in place of {place}, and dc_next"
            yield site.edit(both, "left-in-the-notebook", detail=detail, quantity="da_next and dc_next")
    if ", dc_prevt," in site.text:
        detail = "dc_next, in place of what the later step has handed back"
        text = site.text.replace(", dc_prevt,", f", {cell},")
        yield site.edit(text, "left-in-the-notebook", detail=detail, quantity="dc_next")


def _arguments(site: Site, check: str) -> Iterator[Edit]:
    names = {"x[:, :, t]": "xt", ", a_next,": "a_prev", ", c_next,": "c_prev"}
    there = {old: name for old, name in names.items() if old in site.text}
    states = [old for old in there if old != "x[:, :, t]"]
    for some in (*((old,) for old in there), tuple(states), tuple(there)):
        text = site.text
        for old in some:
            text = text.replace(old, old.replace(old.strip(", "), _left(check, there[old])))
        several = [there[old] for old in some]
        detail = f"{' and '.join(several)}, at every step"
        if len(several) < 3:  # noqa: PLR2004 - of an LSTM nothing of the loop is left then, and three names are no list for a sentence
            yield site.edit(text, "left-in-the-notebook", detail=detail, quantity=" and ".join(several), slip=detail)


OPERATOR = Operator(
    id="left-in-the-notebook",
    title="An array is read that another check left behind",
    about=__doc__ or "",
    where="Look at where {function} gets {quantity} from.",
    says="{function} reads from the notebook what the cell's own check left there: {detail}.",
    hint=(
        "The cell may be right, and so may all formulas be. A name that a function does not set itself is looked for in the notebook, and "
        "another check left one there, which no step changes. Restart the kernel and run only the cells that {function} and this check "
        "need: Python then names what it does not know."
    ),
    asks="What the mathematics asks for: each step uses its own input, states and gradients, which come in with the arguments or the loop.",
    examples=(
        Example(
            "lstm_backward",
            "gradients = lstm_cell_backward(da[:, :, t] + da_prevt, dc_prevt, caches[t])",
            "gradients = lstm_cell_backward(stale('lstm_cell_backward')['da_next'], dc_prevt, caches[t])",
            seen="gradients = lstm_cell_backward(da_next, dc_prevt, caches[t])",
        ),
        Example(
            "rnn_forward",
            "a_next, yt_pred, cache = rnn_cell_forward(x[:, :, t], a_next, parameters)",
            "a_next, yt_pred, cache = rnn_cell_forward(x[:, :, t], stale('rnn_cell_backward')['a_prev'], parameters)",
            seen="a_next, yt_pred, cache = rnn_cell_forward(x[:, :, t], a_prev, parameters)",
        ),
    ),
    edits=edits,
)
