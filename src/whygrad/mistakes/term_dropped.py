"""A quantity that is used in several places gets a gradient from each of them, and one of these terms is left out.

The way through the hidden state, one gate of four, a bias in the forward pass: a forgotten arrow of the diagram. The numbers have a
believable size. What is computed from this sum is wrong; what the missing path does not touch is right, and so are places where it
happens to be zero.

To check, draw the cell, mark every arrow that arrives at this quantity, and count them.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator, Rewrite
from whygrad.mistakes.words import called, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.expression import Expression
    from whygrad.mistakes.operator import Site

OF_GATES = 4
"""So many terms has a sum with one for each gate: whoever forgets more than one of them, may forget two."""


def rewrites(expression: Expression, site: Site) -> Iterator[Rewrite]:
    """Leave out one term, or two of four, or keep only one."""
    for root, terms in expression.sums():
        for place in range(len(terms)):
            gone = called(expression.of(terms[place][1]), site)
            rest = expression.sum(terms[:place] + terms[place + 1 :])
            if not rest.isdecimal():  # a factor that is only a number is a factor that is missing
                yield Rewrite(expression.put(root, rest), gone)
            if len(terms) > 2:  # noqa: PLR2004 - with two terms, keeping one is leaving out the other
                kept = called(expression.of(terms[place][1]), site)
                yield Rewrite(expression.put(root, expression.sum([terms[place]])), f"all but {kept}")
        for two in combinations(terms, 2) if len(terms) == OF_GATES else ():
            rest = [term for term in terms if term not in two]
            gone = listed(called(expression.of(node), site) for _, node in two)
            yield Rewrite(expression.put(root, expression.sum(rest)), gone)


OPERATOR = Operator(
    id="term-dropped",
    title="A term of a sum is missing",
    about=__doc__ or "",
    says="a part of the sum is missing from {quantity}: {detail}.",
    hint=(
        "Every path that arrives at {quantity} gives one term of the sum, and here not all of them are there. This spoils {quantity} "
        "and whatever is computed from there; no other number is touched. Draw the cell, mark every arrow that arrives at this place, "
        "and count: as many terms must stand in the sum."
    ),
    examples=(
        Example(
            "lstm_cell_backward",
            "dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)",
            "dc = da_next * ot * (1 - np.tanh(c_next) ** 2)",
        ),
        Example("lstm_cell_forward", "ft = sigmoid(np.dot(Wf, concat) + bf)", "ft = sigmoid(np.dot(Wf, concat))"),
    ),
    rewrites=rewrites,
)
