"""The forward cell has a slip, and the backward cell computes the hidden state anew, without it.

Some write the backward cell so that it takes the input and the state before from the cache and computes what the tanh is taken of once
more. Where they do so rightly and the forward cell is wrong, the two do not go together: one step by itself comes out right, and from
step 1 on the states are wrong, so nearly all numbers of a sequence are.

To check, print what is computed anew beside the hidden state from the cache: they are the same to the last digit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes import OPERATORS
from whygrad.mistakes.operator import Example, Operator
from whygrad.mistakes.recomputed_wrongly import WAYS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site

_WAYS = sorted((*WAYS, "bracket-moved"))


def edits(site: Site) -> Iterator[Edit]:
    """Each likely slip in the hidden state, whose right value stands in the cache, as the backward cell would compute it."""
    if site.role != "cell forward" or site.target != "a_next" or not site.right.startswith("np.tanh(np.dot("):
        return
    number = site.number_of("cache = (a_next, ")
    cache = site.lines[number].strip().replace("a_next", site.right)
    seen: set[str] = set()
    for way in _WAYS:
        for slip in OPERATORS[way].at(site):
            text = slip.lines[0][2].strip()
            if len(slip.lines) == 1 and text not in seen:
                seen.add(text)
                says = OPERATORS[way].says.format(quantity=site.target, detail=slip.detail, meaning="", function=site.function)
                first = site.edit(text, "slip-not-shared", detail=says.removesuffix("."), slip=slip.slip)
                yield site.also(first, (number, cache))


OPERATOR = Operator(
    id="slip-not-shared",
    title="A slip that only the forward cell has",
    about=__doc__ or "",
    says="{detail}; the backward cell computes {quantity} anew, and otherwise.",
    hint=(
        "What the backward cell computes anew is not what the forward cell has handed on. One step by itself may come out right, but the "
        "next one starts from what was handed on. Print both beside each other."
    ),
    examples=(
        Example(
            "rnn_cell_forward",
            "a_next = np.tanh(np.dot(Wax, xt) + np.dot(Waa, a_prev) + ba)",
            "a_next = np.tanh(np.dot(Wax, xt) + np.dot(Waa, a_prev))",
        ),
    ),
    edits=edits,
)
