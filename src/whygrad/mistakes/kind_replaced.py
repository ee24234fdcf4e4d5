"""Throughout a line one kind of quantity stands for another: the gradient of a weight for the weight, a gate for the gradient at it.

The names differ by one letter and the shapes agree, since a gradient has the shape of what it belongs to. So NumPy is content, and the
numbers have a believable size. The mistake is made in all terms of a line alike, often in two lines. What is computed from them is wrong:
with `dW` for `W`, all weights' and biases' gradients of the cell are right, while dxt, da_prev and, in a sequence, everything at earlier
steps are not.

To check, read the line aloud with what each name means.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from whygrad.mistakes.expression import bracketed
from whygrad.mistakes.gategradients import before_activation
from whygrad.mistakes.operator import Example, Operator, Rewrite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.expression import Expression
    from whygrad.mistakes.operator import Site

_WORDS = {
    "weight": "the weight",
    "weight gradient": "a weight's gradient",
    "gate": "the gate",
    "gate gradient": "the gradient at a gate's pre-activation",
    "bias": "the bias",
    "bias gradient": "a bias's gradient",
    "partner": "what the gate is multiplied with",
    "source": "what the weight is multiplied with",
    "source gradient": "the gradient at what the weight is multiplied with",
    "state": "the state",
}
_CUT = re.compile(r"(\w+)\[([^]]*)\]\.T")


_BEFORE_THE_TANH = "(np.dot(Waa, a_prev) + np.dot(Wax, xt) + parameters['ba'])"


def rewrites(expression: Expression, site: Site) -> Iterator[Rewrite]:
    """All names of one kind in the equation replaced by the same members' names of another kind; for weights also uncut."""
    for node in expression.names:
        if node.id == "dtanh":
            detail = "what goes into the tanh in place of the gradient there"
            yield Rewrite(expression.put(node, _BEFORE_THE_TANH), detail, "gradient -> what goes into the tanh")
    vocabulary = site.assignment.vocabulary
    kinds = dict.fromkeys(vocabulary.kind(node.id) for node in expression.names)
    for kind in kinds:
        nodes = [node for node in expression.names if vocabulary.kind(node.id) == kind]
        for other in ("weight gradient", "gate", "weight", "gate gradient", "bias", "bias gradient", "partner"):
            names = {node.id: vocabulary.of_kind(node.id, other) for node in nodes}
            if kind is None or other == kind or not set(names.values()) <= set(site.scope):
                continue
            text = expression.text
            for node in sorted(nodes, key=lambda node: -node.col_offset):
                text = text[: node.col_offset] + str(names[node.id]) + text[node.end_col_offset :]
            if (kind, other) == ("gate", "gate gradient"):
                gradients = [(node, bracketed(before_activation(str(names[node.id]), site))) for node in nodes]
                detail = f"the gradient at a gate in place of {_WORDS[kind]}"
                yield Rewrite(expression.put_each(gradients), detail, f"{kind} -> its gradient")
            detail = f"{_WORDS[other]} in place of {_WORDS[kind]}"
            yield Rewrite(text, detail, f"{kind} -> {other}")
            if _CUT.search(text):
                yield Rewrite(_CUT.sub(r"\1.T", text), f"{detail}, not cut", f"{kind} -> {other}, uncut")
                yield Rewrite(
                    _CUT.sub(r"\1", text).replace("np.dot(", "np.multiply("),
                    f"{detail}, multiplied entry by entry",
                    f"{kind} -> {other}, multiplied",
                )


OPERATOR = Operator(
    id="kind-replaced",
    title="Quantities of a wrong kind throughout",
    about=__doc__ or "",
    says="the wrong kind of quantity stands in {quantity}: {detail}.",
    hint=(
        "NumPy does not know what an array means, and need not complain. This spoils {quantity} and whatever is computed from there; no "
        "other number is touched. Read the line aloud with what each name means, and ask of each why it stands there."
    ),
    examples=(
        Example("rnn_cell_backward", "dxt = np.dot(Wax.T, dtanh)", "dxt = np.dot(dWax.T, dtanh)"),
        Example("lstm_cell_backward", "dc_prev = dc * ft", "dc_prev = dc * (dc * c_prev)"),
        Example("lstm_cell_backward", "dbf = np.sum(dft, axis=1, keepdims=True)", "dbf = np.sum(dWf, axis=1, keepdims=True)"),
    ),
    rewrites=rewrites,
)
