"""The sum over the examples runs over the wrong axis, over everything, or is not taken.

The number of an axis is easily mistaken, and without `keepdims` the column is lost; adding it up over the steps may then stretch it into
a square. Only the bias's gradient is wrong, since nothing else is computed from it. A wrong shape is the surest sign: print it.

To check, compare the shape with that of the bias, and its first entry with a sum over the examples taken by hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator, Rewrite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.expression import Expression
    from whygrad.mistakes.operator import Site

_WAYS = (
    ("np.sum({x}, axis=0, keepdims=True)", "it runs over the hidden units"),
    ("np.sum({x}, axis=0)", "it runs over the hidden units"),
    ("np.sum({x}, axis=0, keepdims=True).T", "it runs over the hidden units"),
    ("np.sum({x}, keepdims=True)", "it runs over everything"),
    ("np.sum({x})", "it runs over everything"),
    ("np.sum({x}) + np.zeros(({x}.shape[0], 1))", "it runs over everything"),
    ("np.sum({x}, axis=1)", "it does not keep the column"),
    ("{x}", "it is not taken"),
    ("np.sum({x}, axis=1, keepdims=True) ** 2", "its result is squared"),
)


def rewrites(expression: Expression, site: Site) -> Iterator[Rewrite]:
    """Each sum taken otherwise."""
    del site
    for call in expression.calls("np.sum"):
        for way, how in _WAYS:
            yield Rewrite(expression.put(call, way.format(x=expression.factor(call.args[0]))), how, way)


OPERATOR = Operator(
    id="sum-wrong",
    title="A sum over the wrong axis, or none",
    about=__doc__ or "",
    says="the sum over the examples is wrong in {quantity}: {detail}.",
    hint=(
        "A bias is added to every example alike, so each example sends back a share for each hidden unit. Within the cell nothing else is "
        "computed from {quantity}; the sums over the steps are, and may end with an error because of the shape. Print the shape, which "
        "must be that of the bias, and add up the first row by hand."
    ),
    examples=(
        Example("rnn_cell_backward", "dba = np.sum(dtanh, axis=1, keepdims=True)", "dba = np.sum(dtanh, axis=0, keepdims=True)"),
        Example("lstm_cell_backward", "dbf = np.sum(dft, axis=1, keepdims=True)", "dbf = np.sum(dft, keepdims=True)"),
    ),
    rewrites=rewrites,
)
