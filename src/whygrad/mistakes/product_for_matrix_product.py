"""A product of entries where a matrix product belongs, or a matrix product with its arguments the wrong way round.

Where the shapes happen to agree, nothing complains.
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
        yield Rewrite(expression.put(call, f"np.dot({right}, {left})"), "the matrix product is turned round")
        yield Rewrite(expression.put(call, f"np.dot({left}, {right}).T"), "the result of the matrix product is transposed")
        turned = [text.removesuffix(".T") if text.endswith(".T") else f"{text}.T" for text in (right, left)]
        yield Rewrite(expression.put(call, f"np.dot({turned[0]}, {turned[1]})"), "the matrix product is turned round")
        yield Rewrite(expression.put(call, f"({left} * {right})"), "entries are multiplied where a matrix product belongs")
    for root, factors in expression.products():
        if len(factors) == 2:  # noqa: PLR2004 - a matrix product has two sides
            left, right = (expression.factor(node) for node in factors)
            yield Rewrite(expression.put(root, f"np.dot({left}, {right}.T)"), "a matrix product stands where entries are multiplied")
            yield Rewrite(expression.put(root, f"np.dot({left}.T, {right})"), "a matrix product stands where entries are multiplied")


OPERATOR = Operator(
    id="product-for-matrix-product",
    title="A wrong kind of product",
    about=__doc__ or "",
    says="in {quantity}, {detail}.",
    hint="Which of the products in {quantity} are matrix products, and what stands on the left of each? Here {detail}.",
    examples=(
        Example("rnn_cell_backward", "dWaa = np.dot(dtanh, a_prev.T)", "dWaa = np.dot(a_prev, dtanh.T)"),
        Example("lstm_cell_backward", "dc_prev = dc * ft", "dc_prev = np.dot(dc, ft.T)"),
    ),
    rewrites=rewrites,
)
