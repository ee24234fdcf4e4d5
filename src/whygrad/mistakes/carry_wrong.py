"""The earlier step receives the wrong quantity: another gradient, a value of the forward pass, a multiple of it, or nothing.

The entries that the cell returns for the two states differ by one letter, and states, upstream gradient and carries share one shape. The
last step is right, because the loop reaches it before anything is handed on. Earlier ones are wrong, with da0 and the sums over the
steps.

To check, print the carry after each turn of the loop, beside the entries that the cell returned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site


def edits(site: Site) -> Iterator[Edit]:
    """Another entry, the upstream gradient, a half or doubled carry, an entry of the cache; none at some steps, or at all but da0.

    Each of them in da0 too, as where that is taken from the carry. What is done to both carries alike is one mistake.
    """
    carries = site.assignment.vocabulary.carries
    if site.role != "backward" or site.target not in carries or site.indent != " " * 8:
        return
    right = {f"gradients['{key}']": f"what the cell returned as {key}" for key in carries.values() if key != carries[site.target]}
    right |= {
        "da[:, :, t]": "the upstream gradient of the step",
        "gradients['da_prev'] + da[:, :, t]": "da_prev with the upstream gradient of the step added",
        "a0": "a0",
        "np.ones_like(a0)": "an array of ones",
    }
    right |= {
        f"{site.right} / m": "a gradient divided by the number of examples",
        f"-{site.right}": "a gradient with its sign turned round",
        f"2 * {site.right}": "a doubled gradient",
        f"{site.right} / 2": "half of its gradient",
        f"{site.right} / T_x": "a gradient divided by the number of steps",
        f"np.sum({site.right}, axis=1, keepdims=True)": "the sum over the examples, one column for all",
        f"np.mean({site.right}, axis=1, keepdims=True)": "the mean over the examples, one column for all",
        f"{site.right} * (t > 1)": "nothing at step 0, and at the others what the cell returned",
        f"{site.right} * (t < T_x - 1)": "nothing from the last step, and from the others what the cell returned",
        f"{site.right} * (t == T_x - 1)": "what the cell returned at the last step, and nothing from the others",
        f"{site.right} * (t % 2)": "nothing from every second step",
        f"{site.right} * (1 - t % 2)": "nothing from every second step, the last among them",
    }
    places = 4 if any("dc_prevt" in line for line in site.lines) else 3  # the states; one of the RNN's is its input
    right |= {f"caches[t][{place}]": "a value of the forward pass, taken from the cache" for place in range(places)}
    right |= {f"{site.right} if t == T_x - 1 else {site.target}": "what the last step gave, at every step"}
    if site.target == "da_prevt":
        detail = "da_prev with the upstream gradient of its step added, which the call then adds again"
        right["gradients['da_prev'] + da[:, :, t - 1]"] = detail
        right["da[:, :, t] + da_prevt"] = "what went into the call, and not what came out of it"
    if site.target == "dc_prevt":
        right["gradients['dc_prev'] + da[:, :, t - 1]"] = "its own gradient with the earlier step's upstream gradient added"
        detail = "da_prev under a second name, and with it the upstream gradient that is then added to da_prev in place"
        right["gradients['da_prev'] + da[:, :, t - 1]"] = detail
    start = site.number_of("da0 = gradients")
    for text, detail in right.items():
        slip = text.replace(site.right, "<right>").replace(site.target, "<carry>")
        wrong = site.edit(f"{site.target} = {text}", "carry-wrong", detail=detail, slip=slip)
        yield wrong
        if site.target == "da_prevt":  # many return what stands in the carry
            yield site.also(wrong, (start, f"da0 = {site.target}"))
    if site.target == "da_prevt":
        summed = site.edit(
            f"{site.target} = {site.target} + {site.right}",
            "carry-wrong",
            detail="nothing, and what all steps hand back is summed up for da0",
            slip="summed up for da0",
        )
        call = site.number_of("gradients = ")
        without = site.lines[call].strip().replace(f" + {site.target}", "")
        yield site.also(summed, (call, without), (start, f"da0 = {site.target}"))
    late = f"{site.target}, late_{site.target} = late_{site.target} if t < T_x - 1 else {site.target}, {site.right}"
    yield site.edit(late, "carry-wrong", detail="what the cell returned one step before", quantity=site.target, slip="one step late")


OPERATOR = Operator(
    id="carry-wrong",
    title="The carry is the wrong quantity",
    about=__doc__ or "",
    says="the earlier step receives something else through {quantity}: {detail}.",
    hint=(
        "The last step does not suffer, because the loop reaches it before anything is handed on; an earlier one receives what is "
        "not meant for it, or lacks what is. Print {quantity} after each turn of the loop, beside the entries that the cell returned, and "
        "ask which of them says how the loss depends on the state before."
    ),
    examples=(Example("lstm_backward", "dc_prevt = gradients['dc_prev']", "dc_prevt = gradients['da_prev']"),),
    edits=edits,
)
