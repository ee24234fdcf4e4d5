"""An array is made in a wrong shape, or a size is taken from a wrong axis or a wrong array.

Sizes are unpacked once at the top and used by every line below: `n_a` and `m` that have changed places, the steps of `x` where `da` has
fewer, an array that is made for inputs and gets hidden units. Mostly Python raises an error far below, where two shapes meet, and not at
the line that is wrong. Where nothing raises, an array has room for more than is ever stored in it, and the rest stays at zero: the numbers
are right, the shape is not.

To check, print the shape of every array that is made before the loop beside the shape of what is stored in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site


def edits(site: Site) -> Iterator[Edit]:
    """An array of all steps with room for one step more, of a forward function only where its own check shows its outputs."""
    shown = site.role == "backward" or (site.role == "forward" and site.function in site.assignment.printed)
    if shown and site.right.endswith(", m, T_x), dtype)"):
        detail = "one step more than there is"
        yield site.edit(site.text.replace("T_x", "T_x + 1"), "wrong-size", detail=detail)


OPERATOR = Operator(
    id="wrong-size",
    title="A wrong shape or size",
    about=__doc__ or "",
    where="Look at the line of {function} that makes {quantity}.",
    says="a wrong size goes into the shape of {quantity}: {detail}.",
    hint=(
        "The shape of {quantity} is wrong, and this touches no number that is stored there, nor any other. Print it beside the shape of "
        "what is stored there at one step, and beside the number of steps: which sizes do they share, and which axis is which?"
    ),
    asks="What the mathematics asks for: an array of a sequence has one place for each step, no more and no less.",
    examples=(
        Example("lstm_backward", "dx = np.zeros((n_x, m, T_x), dtype)", "dx = np.zeros((n_x, m, T_x + 1), dtype)"),
        Example("rnn_forward", "a = np.zeros((n_a, m, T_x), dtype)", "a = np.zeros((n_a, m, T_x + 1), dtype)"),
    ),
    edits=edits,
)
