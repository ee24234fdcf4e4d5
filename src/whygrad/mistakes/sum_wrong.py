"""A sum runs over the wrong axis, is a mean, or is not taken.

A bias is added to every example, so its gradient is the sum over the examples: one number for each hidden unit, kept as a column.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator, Rewrite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.expression import Expression
    from whygrad.mistakes.operator import Site

_WAYS = (
    ("np.sum({x}, axis=0, keepdims=True)", "sums over the hidden units, not over the examples"),
    ("np.sum({x}, axis=0)", "sums over the hidden units, not over the examples"),
    ("np.sum({x}, axis=0, keepdims=True).T", "sums over the hidden units, not over the examples"),
    ("np.sum({x}, keepdims=True)", "sums over everything, not only over the examples"),
    ("np.sum({x})", "sums over everything, not only over the examples"),
    ("np.sum({x}) + np.zeros(({x}.shape[0], 1))", "sums over everything, not only over the examples"),
    ("np.sum({x}, axis=1)", "is summed without keeping the column"),
    ("{x}", "is not summed over the examples"),
    ("np.sum({x}, axis=1, keepdims=True) ** 2", "is squared"),
    ("{x}[:, :1]", "is taken from the first example only"),
    ("{x}[:, -1:]", "is taken from the last example only"),
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
    says="{quantity} {detail}.",
    hint="A bias serves every example of the batch; what follows for its gradient? Here {quantity} {detail}.",
    examples=(
        Example("rnn_cell_backward", "dba = np.sum(dtanh, axis=1, keepdims=True)", "dba = np.sum(dtanh, axis=0, keepdims=True)"),
        Example("lstm_cell_backward", "dbf = np.sum(dft, axis=1, keepdims=True)", "dbf = np.sum(dft, keepdims=True)"),
    ),
    rewrites=rewrites,
)
