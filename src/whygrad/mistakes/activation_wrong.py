"""An activation is missing, applied twice, exchanged for another one, or put around a value that needs none.

Sigmoid and tanh stand in lines that look alike, and both give numbers of a believable size. In a forward function the outputs are wrong
already, and all gradients with them, although every backward formula may be right. In a backward function one line is wrong, and what is
computed from it.

To check, look at the range of the value that comes out: a sigmoid gives 0 to 1, a tanh −1 to 1, and without an activation there are no
bounds at all. Compare the outputs of the forward check before the gradients.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator, Rewrite
from whygrad.mistakes.words import named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.expression import Expression
    from whygrad.mistakes.operator import Edit, Site


def rewrites(expression: Expression, site: Site) -> Iterator[Rewrite]:
    """Each activation dropped, doubled, exchanged or differentiated; a tanh put around a plain state."""
    for call in expression.calls("np.tanh", "sigmoid"):
        name, inside = expression.of(call).split("(")[0], expression.of(call.args[0])
        own = name.removeprefix("np.")
        other = "sigmoid" if name == "np.tanh" else "np.tanh"
        yield Rewrite(expression.put(call, f"({inside})"), f"the {own} is missing", "none")
        yield Rewrite(expression.put(call, f"{name}({name}({inside}))"), f"the {own} is applied twice", "twice")
        yield Rewrite(expression.put(call, f"{other}({inside})"), f"a {other.removeprefix('np.')} stands where the {own} belongs", other)
        yield Rewrite(expression.put(call, f"softmax({inside})"), f"a softmax stands where the {own} belongs", "softmax")
        yield Rewrite(expression.put(call, f"np.maximum({inside}, 0)"), f"a relu stands where the {own} belongs", "relu")
        if name == "np.tanh":
            text = f"(2 * sigmoid({inside}) - 1)"
            yield Rewrite(expression.put(call, text), "for the tanh stands a sigmoid whose argument lacks a factor of two", "by a sigmoid")
        if not expression.text[call.end_col_offset :].startswith(" ** "):
            derivative = f"(1 - {name}({inside}) ** 2)" if name == "np.tanh" else f"({name}({inside}) * (1 - {name}({inside})))"
            yield Rewrite(expression.put(call, derivative), f"the derivative of the {own} stands where its value belongs", "derivative")
    if site.role == "cell forward" and site.assignment.vocabulary.kind(site.target) != "gate":
        for function in ("np.tanh", "sigmoid"):
            yield Rewrite(f"{function}({expression.text})", f"a {function.removeprefix('np.')} is taken of the whole")
    inside_calls = {id(node) for call in expression.calls("np.tanh", "sigmoid") for node in ast.walk(call)}
    for node in expression.names:
        if expression.text[node.end_col_offset :].startswith(" ** "):  # what a derivative is taken of: a mistake of its own
            continue
        if id(node) not in inside_calls and site.assignment.vocabulary.kind(node.id) != "weight" and node.id in site.scope:
            for function in ("np.tanh", "sigmoid"):
                yield Rewrite(
                    expression.put(node, f"{function}({node.id})"),
                    f"a {function.removeprefix('np.')} is taken of {named(node.id, site)}, which needs none",
                )


def edits(site: Site) -> Iterator[Edit]:
    """The activations of two gates in each other's equation, where they differ."""
    kind = site.assignment.vocabulary.kind
    if site.role != "cell forward" or kind(site.target) != "gate":
        return
    for number in range(site.number + 1, len(site.lines)):
        target, _, text = site.lines[number].strip().partition(" = ")
        mine, others = site.right.partition("(")[0], text.partition("(")[0]
        if kind(target) == "gate" and mine != others:
            first = site.edit(
                f"{site.target} = {others}{site.right.removeprefix(mine)}",
                "activation-wrong",
                detail=f"each has the other's, {mine.removeprefix('np.')} and {others.removeprefix('np.')}",
                quantity=f"{site.target} and {target}",
                slip=f"those of {site.target} and {target}",
            )
            yield site.also(first, (number, f"{target} = {mine}{text.removeprefix(others)}"))


OPERATOR = Operator(
    id="activation-wrong",
    title="A wrong activation",
    about=__doc__ or "",
    says="the activation is wrong in {quantity}: {detail}.",
    hint=(
        "This spoils {quantity} and whatever is computed from there. Print the smallest and the largest entry of what should be an "
        "activation here: a sigmoid gives 0 to 1, a tanh −1 to 1, and no activation gives no bounds at all."
    ),
    examples=(
        Example("lstm_cell_forward", "ft = sigmoid(np.dot(Wf, concat) + bf)", "ft = np.tanh(np.dot(Wf, concat) + bf)"),
        Example("lstm_cell_forward", "a_next = ot * np.tanh(c_next)", "a_next = ot * (c_next)"),
    ),
    rewrites=rewrites,
    edits=edits,
)
