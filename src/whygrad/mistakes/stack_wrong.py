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
    ("(c_prev, xt)", "the cell state of the step before stands where the hidden state belongs", "c_prev"),
    ("(c_next, xt)", "the cell state of this step stands where the hidden state belongs", "c_next"),
    ("(np.zeros_like(a_prev), xt)", "the hidden state is missing", "no hidden state"),
    ("(a_prev, np.zeros_like(xt))", "the input is missing", "no input"),
)
IN_A_STACK = ("a_next", "c_prev", "c_next")
"""The states among these parts: no other operator puts them there."""


_WEIGHTS = ("np.concatenate((Wax, Waa), axis=1).T", "np.concatenate((Waa, Wax), axis=1).T")
_STATES = ("np.concatenate((xt, a_prev), axis=0)", "np.concatenate((a_prev, xt), axis=0)")
_SPLIT = {
    "da_prev": ("np.dot({weights}, dtanh)[:{at}]", "np.dot(Waa.T, dtanh)"),
    "dxt": ("np.dot({weights}, dtanh)[{at}:]", "np.dot(Wax.T, dtanh)"),
    "dWaa": ("np.dot(dtanh, {states}.T)[:, :{at}]", "np.dot(dtanh, a_prev.T)"),
    "dWax": ("np.dot(dtanh, {states}.T)[:, {at}:]", "np.dot(dtanh, xt.T)"),
}
"""How the two parts are taken out of a stack, where a program has one that ours has not, and what the right part is."""


def _of_a_stack(expression: Expression, site: Site) -> Iterator[Rewrite]:
    """The parts of a stack that was put together the other way round, or taken apart at the wrong place."""
    template, right = _SPLIT.get(site.target, ("", ""))
    if site.role == "cell backward" and expression.text == right:
        kind = "weights" if "{weights}" in template else "states"
        for order, at, how in (
            (0, "len(a_prev)", "its parts are the other way round"),
            (1, "len(xt)", "it is taken apart at the wrong place"),
            (0, "len(xt)", "its second part is taken for the first"),
        ):
            text = template.format(weights=_WEIGHTS[order], states=_STATES[order], at=at)
            yield Rewrite(text, how, f"a stack of {kind}: {how}")
        how = "the input's part is taken from the hidden state's end"
        other_end = template.replace(":{at}", "{at}:") if ":{at}" in template else template.replace("{at}:", ":{at}")
        yield Rewrite(other_end.format(weights=_WEIGHTS[1], states=_STATES[1], at="len(xt)"), how, f"a stack of {kind}: {how}")
    if site.role == "cell forward" and "np.dot(Waa, a_prev) + np.dot(Wax, xt)" in expression.text:
        for weights, states in (("Waa, Wax", _STATES[0]), ("Wax, Waa", _STATES[1])):
            text = f"np.dot(np.concatenate(({weights}), axis=1), {states})"
            how = "its parts are the other way round"
            yield Rewrite(expression.text.replace("np.dot(Waa, a_prev) + np.dot(Wax, xt)", text), how, f"{how}: {weights}")


def rewrites(expression: Expression, site: Site) -> Iterator[Rewrite]:
    """The stack turned round, or with a wrong part, in one gate or for all; also that of a program which has one where ours has none."""
    yield from _of_a_stack(expression, site)
    for new, how, slip in _WAYS:
        if "(a_prev, xt)" in expression.text:
            yield Rewrite(expression.text.replace("(a_prev, xt)", new), how, slip)
        elif site.role == "cell forward" and ", concat)" in expression.text and "_next" not in new:
            yield Rewrite(expression.text.replace("concat)", f"np.concatenate({new}, axis=0))"), how, slip)


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
