"""A matrix product has its sides the wrong way round, or entries are multiplied one by one where a matrix product belongs.

With square matrices, or sizes that are equal by chance, NumPy accepts either; or it stretches one side. The numbers have a believable
size. What is computed from this line is wrong, everything else is right.

To check, write the shape under every factor, with a letter for each size, and say over which letter is summed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator, Rewrite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.expression import Expression
    from whygrad.mistakes.operator import Site


def rewrites(expression: Expression, site: Site) -> Iterator[Rewrite]:
    """Each matrix product turned round, transposed, or made a product of entries; a product made a matrix product."""
    del site
    calls = list(expression.calls("np.dot"))
    for call in calls:
        left, right = (expression.of(node) for node in call.args)
        yield Rewrite(expression.put(call, f"np.dot({right}, {left})"), "the sides of a matrix product are exchanged")
        yield Rewrite(expression.put(call, f"np.dot({left}, {right}).T"), "the result of a matrix product is transposed")
        turned = [text.removesuffix(".T") if text.endswith(".T") else f"{text}.T" for text in (right, left)]
        yield Rewrite(expression.put(call, f"np.dot({turned[0]}, {turned[1]})"), "the sides of a matrix product are exchanged")
        if right.endswith(".T"):
            outer = f"np.outer({left}, {right.removesuffix('.T')})"
            yield Rewrite(expression.put(call, outer), "an outer product of all entries stands where a matrix product belongs")
        yield Rewrite(expression.put(call, f"({left} * {right})"), "entries are multiplied one by one where a matrix product belongs")
    for root, factors in expression.products():
        if len(factors) == 2:  # noqa: PLR2004 - a matrix product has two sides
            left, right = (expression.factor(node) for node in factors)
            yield Rewrite(
                expression.put(root, f"np.dot({left}, {right}.T)"), "a matrix product stands where entries are multiplied one by one"
            )
            yield Rewrite(
                expression.put(root, f"np.dot({left}.T, {right})"), "a matrix product stands where entries are multiplied one by one"
            )


OPERATOR = Operator(
    id="product-for-matrix-product",
    title="A wrong kind of product",
    about=__doc__ or "",
    says="a product in {quantity} is of the wrong kind: {detail}.",
    hint=(
        "Where sizes are equal by chance NumPy accepts either kind of product. This spoils {quantity} and whatever is computed from "
        "there; no other number is touched. Write the shape under every factor, with a letter for each size: which letter is summed "
        "over, and is it the one that {quantity} should not depend on?"
    ),
    examples=(
        Example("rnn_cell_backward", "dWaa = np.dot(dtanh, a_prev.T)", "dWaa = np.dot(a_prev, dtanh.T)"),
        Example("lstm_cell_backward", "dc_prev = dc * ft", "dc_prev = np.dot(dc, ft.T)"),
    ),
    rewrites=rewrites,
)
