"""Names of a wrong kind throughout: the weights' gradients for the weights, gates for weights, gates for their gradients.

The shapes agree, so nothing complains: dW has the shape of W.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator, Rewrite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.expression import Expression
    from whygrad.mistakes.operator import Site

_CUT = re.compile(r"(\w+)\[([^]]*)\]\.T")


def rewrites(expression: Expression, site: Site) -> Iterator[Rewrite]:
    """All names of one kind in the equation replaced by the same members' names of another kind; for weights also uncut."""
    vocabulary = site.assignment.vocabulary
    kinds = dict.fromkeys(vocabulary.kind(node.id) for node in expression.names)
    for kind in kinds:
        nodes = [node for node in expression.names if vocabulary.kind(node.id) == kind]
        for other in ("weight gradient", "gate", "weight", "gate gradient", "bias", "bias gradient", "partner"):
            names = {node.id: vocabulary.of_kind(node.id, other) for node in nodes}
            if kind is None or other == kind or not all(names.values()) or site.target in names.values():
                continue
            text = expression.text
            for node in sorted(nodes, key=lambda node: -node.col_offset):
                text = text[: node.col_offset] + str(names[node.id]) + text[node.end_col_offset :]
            detail = f"a {other} stands where a {kind} belongs"
            yield Rewrite(text, detail, f"{kind} -> {other}")
            if _CUT.search(text):
                yield Rewrite(_CUT.sub(r"\1.T", text), detail, f"{kind} -> {other}, uncut")
                yield Rewrite(_CUT.sub(r"\1", text).replace("np.dot(", "np.multiply("), detail, f"{kind} -> {other}, multiplied")


OPERATOR = Operator(
    id="kind-replaced",
    title="Quantities of a wrong kind throughout",
    about=__doc__ or "",
    says="{quantity} is built from the wrong kind of quantity: {detail}.",
    hint="What carries a gradient back through a matrix product? Look at what multiplies the gates' gradients in {quantity}: {detail}.",
    examples=(
        Example(
            "lstm_cell_backward",
            (
                "da_prev = np.dot(Wf[:, :n_a].T, dft) + np.dot(Wi[:, :n_a].T, dit) + np.dot(Wc[:, :n_a].T, dcct) + np.dot(Wo[:, :n_a].T, "
                "dot)"
            ),
            (
                "da_prev = np.dot(dWf[:, :n_a].T, dft) + np.dot(dWi[:, :n_a].T, dit) + np.dot(dWc[:, :n_a].T, dcct) + np.dot(dWo[:, "
                ":n_a].T, "
                "dot)"
            ),
        ),
        Example("lstm_cell_backward", "dbf = np.sum(dft, axis=1, keepdims=True)", "dbf = np.sum(dWf, axis=1, keepdims=True)"),
    ),
    rewrites=rewrites,
)
