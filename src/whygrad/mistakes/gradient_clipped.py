"""Gradients are cut off at a bound within the functions that compute them.

Clipping belongs outside of the backward functions, where a training loop keeps one step of the optimiser small. Within them a gradient is
no longer a gradient: what is cut off in a step is lost to every earlier one and to all that is computed from it, and a finished sum is no
sum. Entries within the bound stay as they are, so many numbers look right.

To check, print the largest entry before and after: exactly the bound is never a coincidence.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator, Rewrite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.expression import Expression
    from whygrad.mistakes.operator import Edit, Site

_BOUNDS = (0.1, 0.25, 0.5, 1, 2, 3, 5, 10)
"""Anybody chooses freely, but chooses one of these."""


def rewrites(expression: Expression, site: Site) -> Iterator[Rewrite]:
    """What a cell's equation computes, between minus the bound and the bound.

    Only as the program writes it: in another spelling a bound that few entries reach would take another line's mistake out of this one.
    """
    for bound in _BOUNDS if site.role == "cell backward" and expression.text == site.right else ():
        yield Rewrite(f"np.clip({expression.text}, -{bound}, {bound})", f"at {bound}", f"at {bound}")


def edits(site: Site) -> Iterator[Edit]:
    """What a loop hands on; all that it has summed up."""
    if site.role == "backward" and site.target in site.assignment.vocabulary.carries and site.indent == " " * 8:
        for bound in _BOUNDS:
            text = f"{site.target} = np.clip({site.right}, -{bound}, {bound})"
            yield site.edit(text, "gradient-clipped", detail=f"at {bound}", slip=f"at {bound}")
    if site.role == "backward" and site.text.startswith("gradients = {"):
        sums = [name for name in re.findall(r"'(\w+)': ", site.text) if site.assignment.vocabulary.at_parameter(name)]
        for bound in _BOUNDS:
            text = re.sub(rf"'({'|'.join(sums)})': (\w+)", rf"'\1': np.clip(\2, -{bound}, {bound})", site.text)
            yield site.edit(text, "gradient-clipped", detail=f"at {bound}", slip=f"at {bound}", quantity=" and ".join(sums))


OPERATOR = Operator(
    id="gradient-clipped",
    title="A gradient is cut off",
    about=__doc__ or "",
    says="a gradient is cut off {detail} in {quantity}.",
    hint=(
        "Whatever is computed from {quantity} inherits the cut; where all entries were small enough nothing shows. Print the largest and "
        "the smallest entry of {quantity}. If gradients are to be kept small, that is done outside of the "
        "backward functions, by whoever asked for them."
    ),
    examples=(
        Example("lstm_backward", "da_prevt = gradients['da_prev']", "da_prevt = np.clip(gradients['da_prev'], -1, 1)"),
        Example("lstm_cell_backward", "dc_prev = dc * ft", "dc_prev = np.clip(dc * ft, -1, 1)"),
    ),
    rewrites=rewrites,
    edits=edits,
)
