"""A step's state or prediction has a place of its own in the array that a forward function returns, and does not arrive there as it is.

An index off by one, a fixed index, another state, an array of whole numbers: the shapes agree, and single numbers may be right at a wrong
place. The caches hold the states as they were computed, so the gradients are not touched, and neither are the other outputs.

To check, print at each turn t, the first entry of what the call has given, and that of slice t behind the line that stores it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site

_STORED = re.compile(r"(\w+)\[:, :, t\] = (\w+)")
_MADE = re.compile(r"(\w+) = np\.zeros\((\(.+, T_x\)), dtype\)")
_WAYS = {
    "{0}[:, :, 0] = {1}": "every step writes into the slice of step 0",
    "{0}[:, :, -1] = {1}": "every step writes into the last slice",
    "{0}[:, :, t - 1] = {1}": "each step's value stands one step too early",
    "{0}[:, :, (t + 1) % T_x] = {1}": "each step's value stands one step too late",
    "{0}[:, :, min(t + 1, T_x - 1)] = {1}": "each step's value but the last one's stands one step too late",
    "{0}[:, :, T_x - 1 - t] = {1}": "the steps' values stand in reversed order",
    "{0}[:, :, t] = {0}[:, :, t - 1] + {1}": "each step's value is added to what stands in the slice before",
    "{0}[:, :, :] = {1}[:, :, None]": "each step writes into all slices, and the last one's value is left",
    "{0}[:, :, t] = {0}[:, :, 0] if t else {1}": "all slices hold the first step's value",
    "{0} = {0}": "nothing is stored",
    "{0}[:, :, t] = {1} * (t > 0)": "nothing is stored at step 0",
    "{0}[:, :, t] = {1} * (t < T_x - 1)": "nothing is stored at the last step",
}
_BEFORE = re.compile(r"(a|c)_next")


def edits(site: Site) -> Iterator[Edit]:
    """Other slices, other values, and an array of whole numbers; only where the function's own check shows its outputs."""
    if site.role != "forward" or site.function not in site.assignment.printed:
        return
    if made := _MADE.fullmatch(site.text):
        detail = "the array is one of whole numbers, so all that stands behind the point is lost"
        yield site.edit(f"{made[1]} = np.zeros({made[2]}, int)", "output-stored-wrong", detail=detail)
    if stored := _STORED.fullmatch(site.text):
        array, value = stored.groups()
        for text, detail in _WAYS.items():
            yield site.edit(text.format(array, value), "output-stored-wrong", detail=detail, quantity=array)
        if state := _BEFORE.fullmatch(value):
            place = _in_cache(site, f"{state[1]}_prev")
            detail = "at each step the state is stored that the step starts from"
            yield site.edit(f"{array}[:, :, t] = cache[{place}]", "output-stored-wrong", detail=detail, quantity=array)
        for other in ("a_next", "c_next"):
            if other != value and site.number_of(f"{other} = ") >= 0 and _BEFORE.fullmatch(value):
                detail = f"{site.assignment.vocabulary.word(other)} is stored there"
                yield site.edit(f"{array}[:, :, t] = {other}", "output-stored-wrong", detail=detail, quantity=array)


def _in_cache(site: Site, name: str) -> int:
    """Where in the cache of the cell that the loop calls a name stands."""
    cell = next(
        function for function, role in site.assignment.vocabulary.roles.items() if role == "cell forward" and _calls(site, function)
    )
    line = next(line for line in site.assignment.functions[cell] if line.strip().startswith("cache = ("))
    return line.strip().removeprefix("cache = (").removesuffix(")").split(", ").index(name)


def _calls(site: Site, function: str) -> bool:
    return any(f" {function}(" in line for line in site.lines)


OPERATOR = Operator(
    id="output-stored-wrong",
    title="A step's output is stored wrongly",
    about=__doc__ or "",
    where="Look at how {function} fills {quantity}.",
    says="a step's output is stored wrongly in {quantity}: {detail}.",
    hint=(
        "Nothing reads {quantity} again, so the other outputs and the caches are not touched. Print at each turn t, what that turn's "
        "call of the cell has given, and slice t of {quantity} once it is stored: are these two the same, and are they still when the loop "
        "is over?"
    ),
    asks="What the mathematics asks for: slice t of the array holds what step t has computed.",
    examples=(
        Example("rnn_forward", "a[:, :, t] = a_next", "a[:, :, t - 1] = a_next"),
        Example("lstm_forward", "y[:, :, t] = yt", "y[:, :, 0] = yt"),
    ),
    edits=edits,
)
