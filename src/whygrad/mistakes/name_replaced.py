"""One name is typed for another.

The shapes agree, so NumPy says nothing: ``a_next`` for ``c_next``, one gate for another, a gradient for a value, this step's state for the
previous step's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator, Rewrite
from whygrad.mistakes.words import called

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.expression import Expression
    from whygrad.mistakes.operator import Site


def rewrites(expression: Expression, site: Site) -> Iterator[Rewrite]:
    """Each name, at one place or wherever it stands in the equation, replaced by every other array in scope."""
    names = [node for node in expression.names if node.id in site.assignment.vocabulary.words]
    for name in dict.fromkeys(node.id for node in names):
        places = [node for node in names if node.id == name]
        for other in site.scope:
            if other != name:
                detail = f"{called(other, site)} ({other}) stands where {called(name, site)} belongs"
                for place in places:
                    yield Rewrite(expression.put(place, other), detail)
                if len(places) > 1:
                    yield Rewrite(expression.put_all(list(places), other), detail, f"{name} -> {other}")


OPERATOR = Operator(
    id="name-replaced",
    title="One name is typed for another",
    about=__doc__ or "",
    says="in {quantity}, {detail}.",
    hint="Read {quantity} name by name and ask of each: which value of the forward pass is this, and of which step? There, {detail}.",
    examples=(
        Example("rnn_cell_backward", "dWaa = np.dot(dtanh, a_prev.T)", "dWaa = np.dot(dtanh, da_prev.T)"),
        Example("lstm_cell_backward", "dot = da_next * np.tanh(c_next) * ot * (1 - ot)", "dot = da_next * np.tanh(a_next) * ot * (1 - ot)"),
    ),
    rewrites=rewrites,
)
