"""Each step's gradient at the input has a place of its own in dx, and it is put elsewhere or changed on the way.

An index off by one, a fixed index, or a sum over the steps as for the parameters: the shapes agree, or NumPy stretches them. Only dx is
wrong. The states, the carries and the parameters' gradients do not read it, so they are right, and single numbers of dx may be right at a
wrong place.

To check, print t, the slice that is written and the first entry of what is stored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site

_WAYS = {
    "dx[:, :, 0] = gradients['dxt']": "gets every step's gradient in the slice of step 0",
    "dx[:, :, -1] = gradients['dxt']": "gets every step's gradient in its last slice",
    "dx[:, :, t - 1] = gradients['dxt']": "gets each step's gradient one step too early",
    "dx[:, :, (t + 1) % T_x] = gradients['dxt']": "gets each step's gradient one step too late",
    "dx[:, :, min(t + 1, T_x - 1)] = gradients['dxt']": "gets each step's gradient but the last one's one step too late",
    "dx[:, :, T_x - 1 - t] = gradients['dxt']": "gets the steps' gradients in reversed order",
    "dx[:, :, -t] = gradients['dxt']": "gets the steps' gradients counted from the wrong end",
    "dx[:, :, t:] = dx[:, :, t:] + gradients['dxt'][:, :, None]": "gets each step's gradient added to all later slices too",
    "dx[:, :, :t + 1] = dx[:, :, :t + 1] + gradients['dxt'][:, :, None]": "gets each step's gradient added to all earlier slices too",
    "dx[:, :, t] = dx[:, :, t - 1] + gradients['dxt']": "gets each step's gradient on top of what stands in the slice before",
    "dx = dx + gradients['dxt'][:, :, None]": "holds the sum over all steps in every slice",
    "dx[:, :, t] = dx[:, :, min(t + 1, T_x - 1)] + gradients['dxt']": "holds the later steps' gradients in each slice too",
    "dx.reshape(T_x, n_x, m)[t] = gradients['dxt']": "is the list of the steps' gradients with its numbers poured into another shape",
    "dx.reshape(T_x, n_x, m)[T_x - 1 - t] = gradients['dxt']": (
        "is the list of the steps' gradients, the last first, with its numbers poured into another shape"
    ),
    "dx[:, :, t] = -gradients['dxt']": "gets each step's gradient with its sign turned round",
    "dx[:, :, t] = gradients['dxt'] / m": "gets each step's gradient divided by the number of examples",
    "dx[:, :, t] = gradients['dxt'] + gradients['dxt']": "gets each step's gradient doubled",
    "dx[:, :, t] = gradients['da_prev'][:n_x]": "gets the first rows of da_prev",
    "dx[:, :, t] = x[:, :, t]": "gets the input itself",
    "dx[:, :, t] = x[:, :, t] + gradients['dxt']": "starts as a copy of the input, to which each step's gradient is added",
    "dx[:, :, :] = gradients['dxt'][:, :, None]": "gets each step's gradient in all slices, and keeps the last one computed",
    "dx = gradients['dxt']": "is one step's gradient alone, without a time axis",
    "dx = dx": "gets nothing and stays at zero",
    "dx[:, :, t] = gradients['dxt'] * (t > 0)": "gets nothing at step 0",
    "dx[:, :, t] = gradients['dxt'] * (t < T_x - 1)": "gets nothing at the last step",
}


def edits(site: Site) -> Iterator[Edit]:
    """Other slices, other values, and more slices than steps."""
    if site.role == "backward" and site.text == "dx = np.zeros((n_x, m, T_x), dtype)":
        detail = "has a slice for each step of x, though gradients came in for fewer"
        yield site.edit("dx = np.zeros((n_x, m, x.shape[2]), dtype)", "input-gradient-stored-wrong", detail=detail)
        detail = "is an array of whole numbers, so what is stored there loses all that stands behind the point"
        yield site.edit("dx = np.zeros((n_x, m, T_x), int)", "input-gradient-stored-wrong", detail=detail)
        stored = site.number_of("dx[:, :, t] = gradients")
        detail = "starts as an array of ones, to which each step's gradient is added"
        ones = site.edit("dx = np.ones((n_x, m, T_x), dtype)", "input-gradient-stored-wrong", detail=detail)
        yield site.also(ones, (stored, "dx[:, :, t] = dx[:, :, t] + gradients['dxt']"))
    if site.role == "backward" and site.text == "dx[:, :, t] = gradients['dxt']":
        for text, detail in _WAYS.items():
            yield site.edit(text, "input-gradient-stored-wrong", detail=detail, quantity="dx")
        if site.number_of("dWax = ") >= 0:
            text = "dx[:, :, t] = np.dot(parameters['Wax'].T, da[:, :, t])"
            detail = "is made in the loop, of the upstream gradient alone and without the activation's derivative"
            yield site.edit(text, "input-gradient-stored-wrong", detail=detail, quantity="dx")


OPERATOR = Operator(
    id="input-gradient-stored-wrong",
    title="The gradient at the input is stored wrongly",
    about=__doc__ or "",
    says="{quantity} {detail}.",
    hint=(
        "Nothing reads {quantity} again, so the gradients of states and parameters are not touched. Each slice must hold its own "
        "step's gradient and nothing else. In the loop print the number of the step and the first entry of its gradient, after the "
        "loop the first entry of each slice: which of them stands where it belongs?"
    ),
    examples=(
        Example("lstm_backward", "dx[:, :, t] = gradients['dxt']", "dx[:, :, t - 1] = gradients['dxt']"),
        Example("rnn_backward", "dx[:, :, t] = gradients['dxt']", "dx[:, :, 0] = gradients['dxt']"),
    ),
    edits=edits,
)
