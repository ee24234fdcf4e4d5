"""The right activation is taken of the wrong piece: of a whole product where one factor is meant, or of each term and not of the sum.

The brackets are a matter of taste to NumPy, and the numbers stay in a believable range. In a forward function the outputs are wrong
already, and all gradients with them, although every backward formula may be right.

To check, name what goes into the activation in one word. If it takes two words that the formula does not add up before it, the bracket
is at the wrong place.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator, Rewrite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.expression import Expression
    from whygrad.mistakes.operator import Site


def rewrites(expression: Expression, site: Site) -> Iterator[Rewrite]:
    """Each activation taken of the product in which it stands, of each term of what it is taken of, of each but the bias, or of some."""
    for call in expression.calls("np.tanh", "sigmoid"):
        name = expression.of(call).split("(")[0]
        own = name.removeprefix("np.")
        for root, factors in expression.products():
            if call in factors:
                whole = expression.product([call.args[0] if factor is call else factor for factor in factors])
                yield Rewrite(expression.put(root, f"{name}({whole})"), f"the {own} is taken of the whole product")
                for gate in [node for node in factors if site.assignment.vocabulary.kind(expression.of(node)) == "gate"]:
                    text = f"{name}({expression.of(gate)} * {expression.of(call.args[0])})"
                    yield Rewrite(
                        expression.put(call, text),
                        f"the {own} is taken of a product with {expression.of(gate)}, which stands beside it as well",
                    )
        for root, terms in expression.sums():
            if root is call.args[0]:
                each = [f"{name}({expression.of(node)})" for _, node in terms]
                yield Rewrite(expression.put(call, f"({' + '.join(each)})"), f"the {own} is taken of each term and not of the sum")
                if len(each) > 2:  # noqa: PLR2004 - two products and the bias
                    last = f"{name}({' + '.join(expression.of(node) for _, node in terms[1:])})"
                    yield Rewrite(expression.put(call, f"({each[0]} + {last})"), f"the {own} is taken of two parts and not of the sum")
                for outside in _outside(len(terms)):
                    inside = " + ".join(expression.of(node) for place, (_, node) in enumerate(terms) if place not in outside)
                    rest = " + ".join(expression.of(terms[place][1]) for place in outside)
                    text = f"{name}({inside}) + {rest}"
                    whole = text if call is expression.tree else f"({text})"
                    yield Rewrite(expression.put(call, whole), f"the {own} is taken before all terms are added")
                each[-1] = expression.of(terms[-1][1])
                yield Rewrite(expression.put(call, f"({' + '.join(each)})"), f"the {own} is taken of each product and not of the sum")


def _outside(count: int) -> Iterator[tuple[int, ...]]:
    """Which of three or more terms can be added after the activation; the last ones are there where a bracket closes early."""
    for apart in range(1, count if count > 2 else 0):  # noqa: PLR2004 - as the text says
        for places in combinations(range(count), apart):
            if places != tuple(range(count - apart, count)):
                yield places


OPERATOR = Operator(
    id="activation-misplaced",
    title="An activation of the wrong piece",
    about=__doc__ or "",
    says="the activation is taken of the wrong piece in {quantity}: {detail}.",
    hint=(
        "What is computed from {quantity} inherits this, even where every other line is right. Read what goes into the "
        "activation, and compare with your notes: is it one factor, one term, or the whole sum?"
    ),
    examples=(
        Example("lstm_cell_forward", "a_next = ot * np.tanh(c_next)", "a_next = np.tanh(ot * c_next)"),
        Example(
            "rnn_cell_forward",
            "a_next = np.tanh(np.dot(Wax, xt) + np.dot(Waa, a_prev) + ba)",
            "a_next = (np.tanh(np.dot(Wax, xt)) + np.tanh(np.dot(Waa, a_prev)) + ba)",
        ),
    ),
    rewrites=rewrites,
)
