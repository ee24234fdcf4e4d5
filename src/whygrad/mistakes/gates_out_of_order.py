"""The gradients at the gates' pre-activations are right, and then stand under each other's names.

Whoever stacks the gates to spare three products must cut the stack in the order in which it was made, and text books have several
orders. The same happens where a helper returns all of them, or where two lines were copied. Each number is right, but is another gate's:
weights, biases and what is handed back to the hidden state and the input are wrong. The gradient at the previous cell state is right.

To check, print one entry of each gate's gradient where it is computed, and once more where it is used.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator
from whygrad.mistakes.orders import other_orders
from whygrad.mistakes.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site


def edits(site: Site) -> Iterator[Edit]:
    """Behind the last of these lines, two of the gradients in each other's place, or all of them in another order."""
    vocabulary = site.assignment.vocabulary
    made = [name for line in site.lines if vocabulary.kind(name := line.strip().partition(" = ")[0]) == "gate gradient"]
    if site.role != "cell backward" or not made or site.target != made[-1]:
        return
    for order in [*({one: other, other: one} for one, other in combinations(made, 2)), *other_orders(made)]:
        owners = [vocabulary.word(str(vocabulary.of_kind(name, "gate"))) for name in order.values()]
        yield site.edit(
            f"{site.text}\n{', '.join(order)} = {', '.join(order.values())}",
            "gates-out-of-order",
            detail=listed([f"what belongs to {owner}" for owner in owners]),
            quantity=" and ".join(order),
            slip=f"order {' '.join(order.values())}",
        )


OPERATOR = Operator(
    id="gates-out-of-order",
    title="The gates' gradients have changed places",
    about=__doc__ or "",
    says="under the names {quantity} stand, in this order, {detail}.",
    hint=(
        "The formulas of the gates are right, and their results go to each other's weights and biases. If the gates were stacked: is the "
        "stack cut in the order in which it was made, and does the forward pass use that order too? Print one entry of {quantity} where it "
        "is computed, and once more where it is used."
    ),
    examples=(
        Example(
            "lstm_cell_backward",
            "dft = dc * c_prev * ft * (1 - ft)",
            "dft = dc * c_prev * ft * (1 - ft)\n    dot, dcct = dcct, dot",
            seen="dft, dit, dot, dcct = np.vsplit(dgates, 4)",
        ),
    ),
    edits=edits,
)
