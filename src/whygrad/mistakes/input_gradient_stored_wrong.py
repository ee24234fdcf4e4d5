"""The gradient at the input is stored at the wrong step, or the wrong quantity is stored.

Each step's dxt has its place in dx.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site

_WAYS = {
    "dx[:, :, 0] = gradients['dxt']": "is stored at step 0 only",
    "dx[:, :, -1] = gradients['dxt']": "is stored at the last step only",
    "dx[:, :, t - 1] = gradients['dxt']": "is stored one step too early",
    "dx[:, :, (t + 1) % T_x] = gradients['dxt']": "is stored one step too late",
    "dx[:, :, T_x - 1 - t] = gradients['dxt']": "is stored in reversed order",
    "dx[:, :, -t] = gradients['dxt']": "is stored counted from the wrong end",
    "dx[:, :, t:] = dx[:, :, t:] + gradients['dxt'][:, :, None]": "is added to all later steps",
    "dx[:, :, :t + 1] = dx[:, :, :t + 1] + gradients['dxt'][:, :, None]": "is added to all earlier steps",
    "dx = dx + gradients['dxt'][:, :, None]": "is the sum over all steps",
    "dx[:, :, t] = dx[:, :, min(t + 1, T_x - 1)] + gradients['dxt']": "adds up the later steps",
    "dx[:, :, t] = -gradients['dxt']": "has its sign turned round",
    "dx[:, :, t] = gradients['dxt'] / m": "is divided by the number of examples",
    "dx[:, :, t] = gradients['dxt'] + gradients['dxt']": "is doubled",
    "dx[:, :, t] = gradients['da_prev'][:n_x]": "holds rows of da_prev",
    "dx[:, :, t] = x[:, :, t]": "holds the input itself",
    "dx = gradients['dxt']": "is the last visited step's gradient alone, without time",
    "dx = dx": "is never stored and stays at zero",
    "dx[:, :, t] = gradients['dxt'] * (t > 0)": "is not stored at step 0",
    "dx[:, :, t] = gradients['dxt'] * (t < T_x - 1)": "is not stored at the last step",
}


def edits(site: Site) -> Iterator[Edit]:
    """Other slices and other values."""
    if site.role == "backward" and site.text == "dx[:, :, t] = gradients['dxt']":
        for text, detail in _WAYS.items():
            yield site.edit(text, "input-gradient-stored-wrong", detail=detail, quantity="dx")


OPERATOR = Operator(
    id="input-gradient-stored-wrong",
    title="The gradient at the input is stored wrongly",
    about=__doc__ or "",
    says="dx {detail}.",
    hint="Which slice of dx belongs to the step, and what is stored there? dx {detail}. The parameters' gradients are right.",
    examples=(Example("lstm_backward", "dx[:, :, t] = gradients['dxt']", "dx[:, :, t - 1] = gradients['dxt']"),),
    edits=edits,
)
