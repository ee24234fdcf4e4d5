"""A plus stands for a minus, a minus for a plus, or the whole gradient has its sign turned round.

Derivatives such as one minus a square invite it, and so does the habit of an update rule that steps against the gradient. The numbers
keep a believable size. If the whole is turned round, the printed number is the expected one with the other sign. What is computed from
this line is wrong, everything else is right.

To check, compute the terms of one entry by themselves and print each with its sign.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator, Rewrite
from whygrad.mistakes.words import called

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.expression import Expression
    from whygrad.mistakes.operator import Site


def rewrites(expression: Expression, site: Site) -> Iterator[Rewrite]:
    """The sign of one term turned round, of the whole, or of what a sigmoid is taken of."""
    for root, terms in expression.sums():
        for place in range(len(terms)):
            turned = [("-" if (sign == "+") == (place == at) else "+", node) for at, (sign, node) in enumerate(terms)]
            yield Rewrite(expression.put(root, expression.sum(turned)), f"that of {called(expression.of(terms[place][1]), site)}")
    yield Rewrite(f"-{expression.factor(expression.tree)}", "that of the whole")
    for call in expression.calls("sigmoid"):
        inside = expression.of(call.args[0])
        yield Rewrite(expression.put(call, f"sigmoid(-({inside}))"), "that of what the sigmoid is taken of")


OPERATOR = Operator(
    id="sign-flipped",
    title="A sign is wrong",
    about=__doc__ or "",
    says="a sign is turned round in {quantity}: {detail}.",
    hint=(
        "The size of a number can look right while a sign in it is wrong. This spoils {quantity} and whatever is computed from there; "
        "no other number is touched. Take one entry of {quantity}, compute its terms one by one, and print each with its sign."
    ),
    examples=(
        Example("lstm_cell_backward", "dcct = dc * it * (1 - cct ** 2)", "dcct = dc * it * (1 + cct ** 2)"),
        Example("rnn_cell_backward", "dba = np.sum(dtanh, axis=1, keepdims=True)", "dba = -np.sum(dtanh, axis=1, keepdims=True)"),
    ),
    rewrites=rewrites,
)
