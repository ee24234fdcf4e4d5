"""What the forward pass computed is in the cache, but the backward pass computes it anew, and otherwise.

The derivative of the tanh needs the value that came out of it, and that is the hidden state itself, which the cache holds. Computed once
more, with a term lost, another state or a transposed weight, it is another value: the forward pass is right, and every gradient is wrong.

To check, print what is computed anew beside the value from the cache: they are the same to the last digit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes import OPERATORS
from whygrad.mistakes.operator import NAME, Example, Operator, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit

_WAYS = (
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


def edits(site: Site) -> Iterator[Edit]:
    """The hidden state in the derivative of its tanh, computed by the forward cell's equation with one mistake in it."""
    roles = site.assignment.vocabulary.roles
    if site.role != "cell backward" or "1 - a_next ** 2" not in site.right:
        return
    known = {name for line in site.lines[: site.number] for name in NAME.findall(line.partition(" = ")[0])}
    for function, lines in site.assignment.functions.items():
        forward = next((number for number, line in enumerate(lines) if line.strip().startswith("a_next = np.tanh(")), None)
        if roles.get(function) != "cell forward" or forward is None:  # the LSTM's hidden state is no tanh alone
            continue
        own = Site(site.assignment, function, forward, lines[forward])
        wrong = [edit.lines[0][2].strip() for way in _WAYS for edit in OPERATORS[way].at(own) if len(edit.lines) == 1]
        inside = own.right.removeprefix("np.tanh(").removesuffix(")")
        wrong += [f"a_next = np.tanh({inside.replace('a_prev', 'a_next')})", f"a_next = np.tanh(({inside}) ** 2)"]
        for text in dict.fromkeys(wrong):
            value = NAME.sub(lambda name: name[0] if name[0] in known else _parameter(name[0]), text.partition(" = ")[2])
            yield site.edit(
                f"{site.target} = {site.right.replace('1 - a_next ** 2', f'1 - ({value}) ** 2')}",
                "recomputed-wrongly",
                detail="the hidden state of this step",
            )


def _parameter(name: str) -> str:
    """A parameter that the function has not taken out; what is no parameter stays as it is."""
    return f"parameters['{name}']" if name[0] in "Wb" else name


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
