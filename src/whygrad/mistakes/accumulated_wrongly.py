"""A step's gradient goes into the running sum with a wrong weight or sign, or is left out at some step.

Another exercise averages, an update rule subtracts, a first or last step seems to need a rule of its own: habits from elsewhere find
their way into the line that collects a parameter's gradient. Inputs, states and carries do not pass through this sum, so dx and da0 stay
right and only the parameter's own number is off, often by a simple ratio.

To check, let the loop run over one step, then over two. After one step the sum must be what the cell returned, and the second step must
add what the cell returned then.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site


def edits(site: Site) -> Iterator[Edit]:
    """Other weights, and products of the sum."""
    if site.role == "backward" and site.right.startswith(f"{site.target} + gradients"):
        own = f"gradients['{site.target}']"
        for right, detail in (
            (f"{site.target} - {own}", "is subtracted"),
            (f"{site.target} + {own} / m", "is divided by the number of examples"),
            (f"{site.target} + {own} / T_x", "is divided by the number of steps"),
            (f"({site.target} + {own}) / m", "is added, and the whole sum is then divided by the number of examples"),
            (f"({site.target} + {own}) / 2", "is added, and the whole sum is then halved"),
            (f"{site.target} * {own}", "is multiplied with the sum, not added"),
            (f"{site.target} + {own} + {own}", "is added twice"),
            (f"{own} + {own}", "is doubled and overwrites the sum"),
            (f"{site.target} + {own} * (t > 0)", "is left out at step 0"),
            (f"{site.target} + {own} * (t < T_x - 1)", "is left out at the last step"),
            (f"{site.target} + {own} * (t in (0, T_x - 1))", "is added at the first and the last step only"),
            (f"{site.target} + {own} * (1 + (t == T_x - 1))", "is added twice at the last step"),
            (f"{site.target} + {own} * (1 + (t == 0))", "is added twice at step 0"),
            (f"{site.target} * (t < T_x - 1) + {own} if t == T_x - 1 else {site.target}", "is used at the last step only"),
        ):
            yield site.edit(f"{site.target} = {right}", "accumulated-wrongly", detail=detail, slip=detail)
        vocabulary = site.assignment.vocabulary
        if site.target.startswith("db"):
            yield from _of_a_bias(site, vocabulary.of_kind(site.target, "weight gradient"))
        if site.target in vocabulary.member:
            family, _, kind = vocabulary.member[site.target]
            alike = [parts[kind] for parts in vocabulary.siblings[family].values() if kind in parts]
            text = " + ".join([site.target, *(f"gradients['{name}']" for name in alike)])
            detail = "is added to one array that all of its kind share under several names"
            yield site.edit(f"{site.target} = {text}", "accumulated-wrongly", detail=detail, slip=detail)
            some = [name for name in alike if name != site.target]
            for others in (few for size in range(1, len(some)) for few in combinations(some, size)):
                detail = f"is added to one array that {' and '.join(sorted((site.target, *others)))} share under several names"
                text = " + ".join([site.target, own, *(f"gradients['{name}']" for name in others)])
                yield site.edit(f"{site.target} = {text}", "accumulated-wrongly", detail=detail, slip=detail)


def _of_a_bias(site: Site, weight: str | None) -> Iterator[Edit]:
    """A bias's gradient that is reduced once more in the loop, or taken from its weight's or from what comes in."""
    own = f"gradients['{site.target}']"
    ways = {
        f"np.sum({own})": "is summed over the hidden units",
        f"np.mean({own})": "is averaged over the hidden units",
        "np.sum(da[:, :, t], axis=1, keepdims=True)": "is the sum of the gradient that comes in at the hidden state",
        "np.sum(da[:, :, t] + da_prevt, axis=1, keepdims=True)": "is the sum of what comes in and of the da_prev that the cell returns",
    }
    if weight:
        ways[f"np.sum(gradients['{weight}'], axis=1, keepdims=True)"] = "is the sum of the weight's gradient"
    for added, detail in ways.items():
        yield site.edit(f"{site.target} = {site.target} + {added}", "accumulated-wrongly", detail=detail, slip=detail)
    detail = "is the sum of the whole gradient at the hidden state"
    whole = f"{site.target} = {site.target} + np.sum(handed_in, axis=1, keepdims=True)"
    carry = site.number_of("da_prevt = gradients")
    kept = (carry, "da_prevt, handed_in = gradients['da_prev'], da[:, :, t] + da_prevt")  # as it stood before the call
    yield site.also(site.edit(whole, "accumulated-wrongly", detail=detail, slip=detail), kept)


OPERATOR = Operator(
    id="accumulated-wrongly",
    title="A parameter's gradient is accumulated wrongly",
    about=__doc__ or "",
    says="the sum over the steps is built wrongly for {quantity}: the step's gradient {detail}.",
    hint=(
        "Only what is added to {quantity} is wrong, so the gradients of inputs and states are not touched. Let the loop run over "
        "one step, then over two, and print {quantity} each time: what has been added must be exactly what the cell returned."
    ),
    examples=(Example("lstm_backward", "dWf = dWf + gradients['dWf']", "dWf = dWf - gradients['dWf']"),),
    edits=edits,
)
