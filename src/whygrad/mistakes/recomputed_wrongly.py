"""What the forward pass computed is in the cache, but the backward pass computes it anew, and otherwise.

The derivative of the tanh needs the value that came out of it, and that is the hidden state itself, which the cache holds. Computed once
more, with a term lost, another state or a transposed weight, it is another value: the forward pass is right, and every gradient is wrong.

To check, print what is computed anew beside the value from the cache: they are the same to the last digit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes import OPERATORS
from whygrad.mistakes.anew import equations_of_the_state, in_its_names, with_derivative
from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site

WAYS = (
    "activation-misplaced",
    "activation-wrong",
    "factor-dropped",
    "names-exchanged",
    "sign-flipped",
    "term-dropped",
    "term-repeated",
    "transpose-wrong",
)
"""The mistakes of a forward cell that are made there."""
_LIKELY = ("term-dropped", "transpose-wrong")
"""Of these, what is found beside a wrong derivative in the same line."""
_DERIVATIVES = {
    "1 - np.tanh({x})": "the derivative of its tanh lacks the square",
    "1 - ({x}) ** 2": "the derivative of its tanh is taken without the tanh",
    "1 - np.tanh(({x}) ** 2)": "the derivative of its tanh has its square inside the tanh",
    "(1 - np.tanh({x})) ** 2": "the derivative of its tanh has its square around the bracket",
    "1 + np.tanh({x}) ** 2": "the derivative of its tanh has a plus for the minus",
    "np.tanh({x}) * (1 - np.tanh({x}))": "the derivative of its tanh is the sigmoid's",
}
"""Ways to get that derivative wrong."""


def edits(site: Site) -> Iterator[Edit]:
    """The hidden state in the derivative of its tanh, computed by the forward cell's equation with one mistake in it."""
    for own in equations_of_the_state(site):
        wrong = [edit for way in WAYS for edit in OPERATORS[way].at(own) if len(edit.lines) == 1]
        inside = own.right.removeprefix("np.tanh(").removesuffix(")")
        slips = {edit.formula: (f"{edit.operator}, {edit.detail}", _said_of(own, edit)) for edit in reversed(wrong)}
        slips[f"np.tanh({inside.replace('a_prev', 'a_next')})"] = "of the state itself", ", where it is computed from itself"
        slips[f"np.tanh(({inside}) ** 2)"] = "of a square", ", where a square is taken under the tanh"
        for formula, (slip, how) in slips.items():
            value = in_its_names(site, formula)
            yield _edit(site, f"1 - ({value}) ** 2", slip, how)
            if slip.startswith(_LIKELY) and value.startswith("np.tanh("):
                before = value.removeprefix("np.tanh(").removesuffix(")")
                for derivative, wrongly in _DERIVATIVES.items():
                    yield _edit(site, derivative.format(x=before), "and a wrong derivative", f"{how}, and {wrongly}")


def _said_of(own: Site, slip: Edit) -> str:
    """In words what is wrong with the equation of the state."""
    says = OPERATORS[slip.operator].says.format(quantity=own.target, detail=slip.detail, meaning="", function=own.function)
    return f", where {says.removesuffix('.')}"


def _edit(site: Site, derivative: str, slip: str, how: str = "") -> Edit:
    detail = f"the hidden state of this step{how}"
    return site.edit(with_derivative(site, derivative), "recomputed-wrongly", detail=detail, slip=slip)


OPERATOR = Operator(
    id="recomputed-wrongly",
    title="A value is computed anew, and otherwise",
    about=__doc__ or "",
    says="a value for {quantity} is computed anew, and not as the forward pass does: {detail}.",
    hint=(
        "The cache holds what the forward pass computed, and what stands there in its place is another value. This spoils {quantity} and "
        "whatever is computed from there; no other number is touched. Print it beside the one from the cache."
    ),
    examples=(
        Example(
            "rnn_cell_backward",
            "dtanh = (1 - a_next ** 2) * da_next",
            "dtanh = (1 - (np.tanh(np.dot(Wax, xt) + np.dot(Waa, a_prev))) ** 2) * da_next",
        ),
    ),
    edits=edits,
)
