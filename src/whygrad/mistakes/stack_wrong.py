"""The stack that the weights multiply has its parts in the wrong order, or a wrong part.

With the input above the hidden state the stack has the same shape, so nothing complains, but every column of the weights meets another
entry than it was drawn for. In the forward function everything is wrong from there on. In the backward function the gradients of the
weights are wrong, while biases, states and inputs are right.

To check, print the first rows of the stack beside the first rows of the hidden state and of the input.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator, Rewrite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.expression import Expression
    from whygrad.mistakes.operator import Site

_WAYS = (
    ("(xt, a_prev)", "the input stands above the hidden state", "turned round"),
    ("(a_next, xt)", "the hidden state is that of this step", "a_next"),
    ("(c_prev, xt)", "the cell state stands where the hidden state belongs", "c_prev"),
    ("(c_next, xt)", "the cell state stands where the hidden state belongs", "c_next"),
    ("(np.zeros_like(a_prev), xt)", "the hidden state is missing", "no hidden state"),
    ("(a_prev, np.zeros_like(xt))", "the input is missing", "no input"),
)


def rewrites(expression: Expression, site: Site) -> Iterator[Rewrite]:
    """The stack with its parts turned round, or with a wrong part."""
    del site
    for new, how, slip in _WAYS:
        if "(a_prev, xt)" in expression.text:
            yield Rewrite(expression.text.replace("(a_prev, xt)", new), how, slip)


OPERATOR = Operator(
    id="stack-wrong",
    title="The stack is put together wrongly",
    about=__doc__ or "",
    says="the stack of hidden state and input is wrong in {quantity}: {detail}.",
    hint=(
        "The columns of a weight have a fixed meaning, so forward and backward pass must stack the same two parts in one order; the "
        "shape is the same in any order. This spoils {quantity} and whatever is computed from there; no other number is touched. Print"
        " the first rows of the stack, beside those of the hidden state and of the input of that step."
    ),
    examples=(
        Example("lstm_cell_forward", "concat = np.concatenate((a_prev, xt), axis=0)", "concat = np.concatenate((xt, a_prev), axis=0)"),
        Example(
            "lstm_cell_backward",
            "dWf = np.dot(dft, np.concatenate((a_prev, xt), axis=0).T)",
            "dWf = np.dot(dft, np.concatenate((xt, a_prev), axis=0).T)",
        ),
    ),
    rewrites=rewrites,
)
