"""The gradient at the initial hidden state is not taken from where the loop leaves it.

It is the last thing that the function sets, after the loop, and the name of the upstream gradient begins alike. So it stays at zero,
becomes a slice of the upstream gradient, gets something added, or comes from another step. Nothing else is computed from it: only da0 is
wrong, the rest is right.

To check, print what the cell returned in the last turn of the loop, and ask which state it belongs to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site

_WAYS = {
    "da0": "never assigned, so it stays at zero",
    "np.zeros((n_a, m), dtype)": "set to zero",
    "da[:, :, 0]": "the upstream gradient of step 0",
    "da[:, :, -1]": "the upstream gradient of the last step",
    "da[:, :, 0] + gradients['da_prev']": "the first step's gradient with the upstream gradient added again",
    "da[:, :, t] + gradients['da_prev']": "the first step's gradient with the upstream gradient added again",
    "da[:, :, -1] + gradients['da_prev']": "the first step's gradient with the last upstream gradient added, as t - 1 wraps round",
    "da[:, :, 1] + gradients['da_prev']": "the first step's gradient with an upstream gradient added",
    "np.sum(da, axis=2)": "the sum of the upstream gradients",
    "np.sum(da, axis=2) + gradients['da_prev']": "the first step's gradient with all upstream gradients added",
    "da": "the whole upstream gradient",
    "a0": "a0 itself",
    "gradients['da_prev'] + gradients['da_prev']": "twice what the first step hands back",
    "-gradients['da_prev']": "the negative of what the first step hands back",
    "gradients['da_prev'] / m": "what the first step hands back, divided by the number of examples",
    "gradients['da_prev'] * a0": "what the first step hands back, multiplied by a0",
    "gradients['da_prev'] * (1 - a0 ** 2)": "what the first step hands back, multiplied by the derivative of a tanh at a0",
    "gradients['da_prev'][:, [0]]": "the first example's column alone",
    "gradients['da_prev'].T": "what the first step hands back, transposed",
}


def edits(site: Site) -> Iterator[Edit]:
    """Other values; and other entries of the gradients, of the first or the last visited step, or summed over the steps."""
    if site.role != "backward" or not site.text.startswith("da0 = gradients['da_prev']"):
        return
    for text, detail in _WAYS.items():
        yield site.edit(f"da0 = {text}", "initial-gradient-wrong", detail=detail)
    stored = site.number_of("dx[:, :, t] = gradients")  # a line that is there even where nothing is carried
    for text, detail, slip in (
        ("da0 + gradients['da_prev']", "the sum of what all steps hand back", "summed"),
        ("gradients['da_prev'] if t == T_x - 1 else da0", "what the last step hands back", "last step"),
        ("gradients['da_prev'] if t == 1 else da0", "what step 1 hands back", "step 1"),
    ):
        kept = (stored, f"{site.lines[stored].strip()}\nda0 = {text}")
        yield site.also(site.edit("", "initial-gradient-wrong", detail=detail, slip=slip), kept)
    assign = site.number_of("da_prevt = gradients")
    line = site.lines[assign].strip()
    yield site.also(
        site.edit("", "initial-gradient-wrong", detail="what goes into the first step, not what it hands back", slip="what goes in"),
        (assign, f"da0 = da_prevt\n{line}"),
    )
    yield site.also(
        site.edit("", "initial-gradient-wrong", detail="the gradient at the hidden state that the first step makes", slip="whole"),
        (assign, f"da0 = da[:, :, t] + da_prevt\n{line}"),
    )
    both = "what goes into the first step and what it hands back added up"
    yield site.also(
        site.edit("da0 = da0 + gradients['da_prev']", "initial-gradient-wrong", detail=both, slip="in and out"),
        (assign, f"da0 = da[:, :, t] + da_prevt\n{line}"),
    )
    call = site.lines[assign - 1]
    again = call.partition(" = ")[2].strip().replace("da[:, :, t] + ", "").replace("caches[t]", "caches[0]")
    yield site.edit(
        f"da0 = {again}['da_prev']", "initial-gradient-wrong", detail="what the cell gives when it is called once more after the loop"
    )
    if "dc_prevt" in call:
        yield site.edit("da0 = gradients['dc_prev']", "initial-gradient-wrong", detail="the gradient at the initial cell state")
        both = "the gradients at the initial hidden state and at the initial cell state added up"
        yield site.edit("da0 = gradients['da_prev'] + gradients['dc_prev']", "initial-gradient-wrong", detail=both)


OPERATOR = Operator(
    id="initial-gradient-wrong",
    title="The gradient at the initial state is wrong",
    about=__doc__ or "",
    says="{quantity} is {detail}.",
    hint=(
        "What the first step hands back goes nowhere else, so no other number suffers. The initial state acts on the loss through one "
        "door only, the first step. When does the loop visit that step, and what does the cell return there? Print it after the loop."
    ),
    examples=(
        Example("lstm_backward", "da0 = gradients['da_prev']", "da0 = np.zeros((n_a, m), dtype)"),
        Example("lstm_backward", "da0 = gradients['da_prev']", "da0 = da[:, :, 0]"),
    ),
    edits=edits,
)
