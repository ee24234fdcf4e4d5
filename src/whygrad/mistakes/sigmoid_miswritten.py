"""The function that three gates share is wrong itself, so all three are, and each in the same way.

Who has no helper file at hand writes the sigmoid down from memory: a bracket is lost, a sign turns, it is made of a tanh, or the rough
one of a library is taken, which is made of straight lines. The hidden and the cell state are wrong already and all gradients with
them, although every line of the cell may be right. The candidate has a tanh of its own; only what the gates let through changes.

To check, print the sigmoid at 0 and at 1: it must give 0.5 and 0.731.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site

_LINE = re.compile(r"(\w+) = sigmoid\((.+)\)")
_WAYS = {
    "0.5 * (1 + np.tanh({z}))": "it is made of a tanh that is too steep",
    "np.clip(0.2 * ({z}) + 0.5, 0, 1)": "straight lines stand for the curve",
    "1 / 1 + np.exp(-({z}))": "the bracket below the fraction line is missing",
    "1 / (1 - np.exp(-({z})))": "a sign is turned round below the fraction line",
}


def edits(site: Site) -> Iterator[Edit]:
    """Every line of a forward cell that takes a sigmoid, with another function in its place."""
    if site.role != "cell forward" or not _LINE.fullmatch(site.text):
        return
    lines = {number: found for number, line in enumerate(site.lines) if (found := _LINE.fullmatch(line.strip()))}
    if site.number != min(lines):
        return
    quantity = " and ".join(found[1] for found in lines.values())
    for way, detail in _WAYS.items():
        (_, own), *others = ((number, f"{found[1]} = {way.format(z=found[2])}") for number, found in lines.items())
        yield site.also(site.edit(own, "sigmoid-miswritten", detail=detail, slip=way, quantity=quantity), *others)


OPERATOR = Operator(
    id="sigmoid-miswritten",
    title="The sigmoid itself is wrong",
    about=__doc__ or "",
    where="Look at the sigmoid that {quantity} are made with in {function}.",
    says="the sigmoid itself is wrong, and with it {quantity}: {detail}.",
    hint=(
        "One function serves three gates, so the cell's own lines may all be right, those of the candidate and the backward functions too. "
        "Print the sigmoid at 0 and at 1: the curve in your notes goes through 0.5 and 0.731."
    ),
    asks="What the mathematics asks for: σ(z) is one divided by the sum of one and e to the power of minus z.",
    examples=(
        Example(
            "lstm_cell_forward",
            "ft = sigmoid(np.dot(Wf, concat) + bf)",
            "ft = 0.5 * (1 + np.tanh(np.dot(Wf, concat) + bf))",
        ),
    ),
    edits=edits,
)
