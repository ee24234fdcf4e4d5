"""The cell begins with an array of ones in place of a gradient that it is given.

Backpropagation begins with a one: the derivative of the loss by itself. Whoever has that in mind, or tried the formulas out before there
was an upstream gradient, makes an array of ones where the argument should be read. Every formula may be right; what comes from this
argument is wrong in all the results, whatever the function is given.

To check, call the function twice, with this gradient and with two times it: what comes from it must change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator
from whygrad.mistakes.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site


def edits(site: Site) -> Iterator[Edit]:
    """Each gradient that comes in, and all of them."""
    if site.role != "cell backward" or not site.text.endswith(" = cache"):
        return
    given = [name for name in ("da_next", "dc_next") if name in site.lines[0]]
    for names in [[name] for name in given] + [given] * (len(given) > 1):
        ones = "\n".join(f"{name} = np.ones_like({name})" for name in names)
        yield site.edit(f"{site.text}\n{ones}", "ones-for-upstream", detail=listed(names), quantity=" and ".join(names))


OPERATOR = Operator(
    id="ones-for-upstream",
    title="Ones stand for the upstream gradient",
    about=__doc__ or "",
    where="Look at what {function} does with the gradient that it is given.",
    says="{function} computes with ones in place of {detail}.",
    hint=(
        "What {function} is given as {quantity} changes nothing of what it gives back. The formulas may all be right. Call it "
        "twice, the second time with two times this gradient, and print a result that comes from it: is it the same number?"
    ),
    asks="What the mathematics asks for: each way back through this state is multiplied by the gradient that comes in there.",
    examples=(
        Example(
            "rnn_cell_backward",
            "a_next, a_prev, xt, parameters = cache",
            "a_next, a_prev, xt, parameters = cache\n    da_next = np.ones_like(da_next)",
        ),
    ),
    edits=edits,
)
