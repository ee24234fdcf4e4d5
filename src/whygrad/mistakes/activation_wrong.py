"""An activation is applied twice, not at all, or the wrong one.

The gates go through a sigmoid, the candidate and the hidden state through a tanh.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator, Rewrite
from whygrad.mistakes.words import called

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.expression import Expression
    from whygrad.mistakes.operator import Site


def rewrites(expression: Expression, site: Site) -> Iterator[Rewrite]:
    """Each activation dropped, doubled or exchanged; a tanh put around a plain state."""
    for call in expression.calls("np.tanh", "sigmoid"):
        name, inside = expression.of(call).split("(")[0], expression.of(call.args[0])
        other = "sigmoid" if name == "np.tanh" else "np.tanh"
        yield Rewrite(expression.put(call, f"({inside})"), "there is none", "none")
        yield Rewrite(expression.put(call, f"{name}({name}({inside}))"), "it is applied twice", "twice")
        yield Rewrite(expression.put(call, f"{other}({inside})"), f"a {other.removeprefix('np.')} stands there", other)
        yield Rewrite(expression.put(call, f"softmax({inside})"), "a softmax stands there", "softmax")
        yield Rewrite(expression.put(call, f"np.maximum({inside}, 0)"), "a relu stands there", "relu")
    inside_calls = {id(node) for call in expression.calls("np.tanh", "sigmoid") for node in ast.walk(call)}
    for node in expression.names:
        if id(node) not in inside_calls and site.assignment.vocabulary.kind(node.id) != "weight" and node.id in site.scope:
            for function in ("np.tanh", "sigmoid"):
                yield Rewrite(
                    expression.put(node, f"{function}({node.id})"), f"a {function.removeprefix('np.')} is taken of {called(node.id, site)}"
                )


OPERATOR = Operator(
    id="activation-wrong",
    title="A wrong activation",
    about=__doc__ or "",
    says="in {quantity}, the activation is wrong: {detail}.",
    hint="Which function squashes {quantity}, and how often? Here {detail}. Later quantities inherit it.",
    examples=(
        Example("lstm_cell_forward", "ft = sigmoid(np.dot(Wf, concat) + bf)", "ft = np.tanh(np.dot(Wf, concat) + bf)"),
        Example("lstm_cell_forward", "a_next = ot * np.tanh(c_next)", "a_next = ot * c_next"),
    ),
    rewrites=rewrites,
)
