"""What turns the scores of the classes into probabilities is another function, is taken over the wrong axis, or is not all that is taken.

A sigmoid or a tanh stands there because the gates have one, the exponentials are not divided, or not by the sum over the classes of one
example, or something more is computed before or behind the softmax. The prediction is wrong and nothing else is: no state is computed
from it, and the course's loss is not either.

To check, sum the prediction over the classes: for each example that is one. If it is, print the scores beside what the softmax is given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator, Rewrite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.expression import Expression
    from whygrad.mistakes.operator import Site

_WAYS = {
    "sigmoid({0})": "a sigmoid stands there",
    "np.tanh({0})": "a tanh stands there",
    "np.maximum({0}, 0)": "a relu stands there",
    "({0})": "the scores are left as they are",
    "softmax(softmax({0}))": "a softmax is taken of a softmax",
    "softmax(np.tanh({0}))": "a tanh is taken of the scores first",
    "softmax(sigmoid({0}))": "a sigmoid is taken of the scores first",
    "np.log(softmax({0}))": "the logarithm of the probabilities is handed out",
    "(1 - softmax({0}))": "one minus the probabilities is handed out",
    "softmax(-({0}))": "the scores have their sign turned round",
    "np.exp({0})": "the exponentials are not divided",
    "np.exp({0}) / np.sum(np.exp({0}))": "the exponentials are divided by their sum over classes and examples",
    "np.exp({0}) / np.sum(np.exp({0}), axis=1, keepdims=True)": "the exponentials are divided by their sum over the examples",
    "np.exp({0}) / np.max(np.exp({0}), axis=0)": "the exponentials are divided by the largest of them",
    "({0}) / np.sum({0}, axis=0)": "the scores themselves are divided by their sum",
}


def rewrites(expression: Expression, site: Site) -> Iterator[Rewrite]:
    """Other functions of the scores."""
    if site.role == "cell forward":
        for call in expression.calls("softmax"):
            scores = expression.of(call.args[0])
            for text, detail in _WAYS.items():
                yield Rewrite(expression.put(call, text.format(scores)), detail)


OPERATOR = Operator(
    id="prediction-wrong",
    title="The prediction is no softmax of its scores",
    about=__doc__ or "",
    says="what turns scores into probabilities is wrong in {quantity}: {detail}.",
    hint=(
        "States and gradients are not computed from {quantity}, and not touched. Whatever the scores are, probabilities lie "
        "between 0 and 1. Print the smallest and the largest entry, and the sum over the classes for one example. If these are as they "
        "must be, has the class with the largest score the largest entry, too?"
    ),
    examples=(
        Example(
            "rnn_cell_forward",
            "yt_pred = softmax(np.dot(Wya, a_next) + by)",
            "yt_pred = sigmoid(np.dot(Wya, a_next) + by)",
        ),
        Example(
            "lstm_cell_forward",
            "yt_pred = softmax(np.dot(Wy, a_next) + by)",
            "yt_pred = np.exp(np.dot(Wy, a_next) + by)",
        ),
    ),
    rewrites=rewrites,
)
