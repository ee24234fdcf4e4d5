"""The sequence starts from another state than the one that was given.

The hidden state that comes in as an argument is forgotten, or is used for the cell state as well, because both have one shape. The first
step is wrong, and every later one inherits it, weaker and weaker. The outputs of the forward function are wrong already, and all
gradients with them, though the backward functions may be right.

To check, compare the first slice of the outputs with the expected one, and print the states just before the loop.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site


def edits(site: Site) -> Iterator[Edit]:
    """Another start value."""
    if site.role != "forward" or site.target not in {"a_next", "c_next"} or site.indent != " " * 4:
        return
    values = {
        "a0": "a0",
        "np.zeros((n_a, m), dtype)": "zero",
        "np.ones((n_a, m), dtype)": "ones",
        "np.zeros_like(a0)": "zero",
        "a0 * 0 + 1": "ones",
        "-a0": "the negative of a0",
        "np.tanh(a0)": "the tanh of a0",
        "np.random.randn(n_a, m)": "random numbers",
        "np.random.rand(n_a, m)": "random numbers of one sign",
    }
    for text, detail in values.items():
        if detail != values.get(site.right):
            yield site.edit(f"{site.target} = {text}", "initial-state-wrong", detail=detail)


OPERATOR = Operator(
    id="initial-state-wrong",
    title="The sequence starts from a wrong state",
    about=__doc__ or "",
    says="the sequence starts with {detail} in {quantity}.",
    hint=(
        "The first step starts from a wrong state, and every later one inherits it. So the outputs of the forward pass differ already,"
        " and the backward pass can be right all the same. Compare the first slice of the outputs with the "
        "expected one, and print the states just before the loop."
    ),
    examples=(
        Example("lstm_forward", "a_next = a0", "a_next = np.zeros((n_a, m), dtype)"),
        Example("lstm_forward", "c_next = np.zeros((n_a, m), dtype)", "c_next = a0"),
    ),
    edits=edits,
)
