"""One array is typed for another: `a_next` for `c_next`, a gradient for a value, this step's state for the previous one's.

The names are short and alike and many arrays share one shape, so NumPy says nothing and the numbers have a believable size. What is
computed from this line is wrong, everything else is right; in a forward function that is nearly all.

To check, read the line name by name and ask of each: what does it hold, and of which step?
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator, Rewrite
from whygrad.mistakes.stack_wrong import IN_A_STACK
from whygrad.mistakes.words import called, named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.expression import Expression
    from whygrad.mistakes.operator import Site

_TANH = re.compile(r"np\.tanh\((\w+)\)")


def rewrites(expression: Expression, site: Site) -> Iterator[Rewrite]:
    """Each name, at one place or wherever it stands in the equation, replaced by every other array in scope; a tanh by one as well.

    Of another state in the stack of hidden state and input, which stands in all gates, ``stack-wrong`` speaks.
    """
    names = [node for node in expression.names if node.id in site.assignment.vocabulary.words]
    for name in dict.fromkeys(node.id for node in names):
        places = [node for node in names if node.id == name]
        for other in site.scope:
            if other != name and not (name == "a_prev" and other in IN_A_STACK and "(a_prev, xt)" in expression.text):
                detail = f"{named(other, site)} in place of {called(name, site)}"
                everywhere = f"{name} -> {other}"
                state = site.assignment.vocabulary.kind(name) in {None, "state"}
                for place in places:
                    yield Rewrite(expression.put(place, other), detail, everywhere if state and len(places) == 1 else "")
                if len(places) > 1:
                    yield Rewrite(expression.put_all(list(places), other), detail, everywhere)
    yield from _by_a_tanh(expression, site)
    for call in expression.calls("np.tanh"):
        inside = expression.of(call.args[0])
        for other in site.scope if inside.isidentifier() else ():
            detail = f"{named(other, site)} in place of {called(expression.of(call), site)}"
            yield Rewrite(expression.put(call, other), detail, f"tanh of {inside} -> {other}")


def _by_a_tanh(expression: Expression, site: Site) -> Iterator[Rewrite]:
    """Each gate or source of a backward equation, replaced by the tanh that the function takes elsewhere."""
    taken = {state: None for line in site.lines for state in _TANH.findall(line) if state in site.scope}
    for node in expression.names if site.role == "cell backward" else ():
        if site.assignment.vocabulary.kind(node.id) in {"gate", "source"} or node.id == "c_prev":
            for state in taken:
                detail = f"the tanh of {named(state, site)} in place of {called(node.id, site)}"
                yield Rewrite(expression.put(node, f"np.tanh({state})"), detail, f"{node.id} -> tanh of {state}")


OPERATOR = Operator(
    id="name-replaced",
    title="One name is typed for another",
    about=__doc__ or "",
    says="a wrong name stands in {quantity}: {detail}.",
    hint=(
        "A wrong name need not raise an error. This spoils {quantity} and whatever is computed from there; no other "
        "number is touched. Read the line name by name and ask of each: what does it hold, and of which step?"
    ),
    examples=(
        Example("rnn_cell_backward", "dWaa = np.dot(dtanh, a_prev.T)", "dWaa = np.dot(dtanh, da_prev.T)"),
        Example("lstm_cell_backward", "dot = da_next * np.tanh(c_next) * ot * (1 - ot)", "dot = da_next * np.tanh(a_next) * ot * (1 - ot)"),
    ),
    rewrites=rewrites,
)
