"""A parameter's gradient is made of some examples of the batch only: of one, or of all but one.

Whoever goes through the examples one by one must add their shares up. With `=` for `+=` each share overwrites the one before, so that the
last remains; a loop that starts at 1, or a slice that is one short, leaves one out. Every shape is right, and nothing is computed from such
a gradient, so the rest is not touched; the printed number has no simple ratio to the right one.

To check, run the function with a batch of one example, and then with two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator, Rewrite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.expression import Expression
    from whygrad.mistakes.operator import Site

_SOME = {
    "[:, -1:]": "only the last example is taken",
    "[:, :1]": "only the first example is taken",
    "[:, 1:]": "the first example is left out",
    "[:, :-1]": "the last example is left out",
}


def rewrites(expression: Expression, site: Site) -> Iterator[Rewrite]:
    """The sum over the examples, or the product that is one, of some columns."""
    if site.role != "cell backward":
        return
    for columns, how in _SOME.items():
        for call in expression.calls("np.sum"):
            array = call.args[0]
            yield Rewrite(expression.put(array, f"{expression.factor(array)}{columns}"), how, how)
        for call in expression.calls("np.dot") if site.assignment.vocabulary.kind(site.target) == "weight gradient" else ():
            left, right = call.args
            if expression.of(right).endswith(".T"):
                cut = (left, f"{expression.factor(left)}{columns}"), (right, f"{expression.of(right).removesuffix('.T')}{columns}.T")
                yield Rewrite(expression.put_each(cut), how, how)


OPERATOR = Operator(
    id="examples-left-out",
    title="Some examples' shares are left out",
    about=__doc__ or "",
    says="not all examples have a share in {quantity}: {detail}.",
    hint=(
        "Each example of the batch sends a share back to every parameter; nothing else is computed from {quantity}, so no other number "
        "suffers. If the function goes through the examples one by one: where does the range begin, and what does each turn do with what "
        "the turns before have found? Print {quantity} for a batch of one example, and then for two."
    ),
    examples=(
        Example("rnn_cell_backward", "dba = np.sum(dtanh, axis=1, keepdims=True)", "dba = np.sum(dtanh[:, -1:], axis=1, keepdims=True)"),
        Example("rnn_cell_backward", "dWax = np.dot(dtanh, xt.T)", "dWax = np.dot(dtanh[:, 1:], xt[:, 1:].T)"),
    ),
    rewrites=rewrites,
)
