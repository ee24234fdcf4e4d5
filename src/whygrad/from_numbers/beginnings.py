"""What the right cell gives first, for each way in which a loop can begin.

A right cell is linear in the gradients that it is called with. So each of what they are sums of is sent through it once, and every
beginning is a sum of these, however many beginnings there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_numbers.forms import ONES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_numbers.looptree import Ints, Tree
    from whygrad.from_numbers.numbers import Floats
    from whygrad.from_numbers.timewalk import TimeWalk


def beginnings(walk: TimeWalk, tree: Tree, nodes: Sequence[int]) -> Iterator[tuple[int, Ints]]:
    """For each of these nodes, at which loops begin: the forward passes that give what is printed of the first call.

    Of each forward pass the contexts hold one cache, in one column: the cache that all these beginnings take.
    """
    parts = [
        [(place, weight) for place, weight in enumerate(weights[node].tolist()) if weight] for node in nodes for weights in tree.weights
    ]
    count = len(tree.weights)
    used = {(at % count, place) for at, own in enumerate(parts) for place, _ in own}
    given: dict[str, Any] = {name: array[:, :, 0, 0] for name, array in walk.contexts.arrays.items()}
    given |= {argument: np.zeros(walk.contexts.da.shape[1:3]) for argument in walk.arguments}
    sent = {(argument, place): _sent(walk, given, argument, tree.atoms[argument][place]) for argument, place in used}
    low, high = walk.first_limits(tree, np.array(nodes, int))
    for number, node in enumerate(nodes):
        value = np.zeros(len(walk.contexts))
        for argument, own in enumerate(parts[number * count : (number + 1) * count]):
            for place, weight in own:
                value += weight * sent[argument, place]
        yield node, np.flatnonzero((value >= low[number]) & (value <= high[number]))


def _sent(walk: TimeWalk, given: dict[str, Any], argument: int, atom: tuple[str, int]) -> Floats:
    """The printed entry of dxt in every forward pass where one argument of the right cell is this, and the others are zero."""
    name, step = atom
    contexts = walk.contexts
    if atom == ONES:
        value = np.ones_like(given[walk.arguments[argument]])
    elif name == "da":
        value = contexts.da[step, :, :, 0]
    else:
        value = given[name]
    walk.tried += len(contexts)
    env = walk.cell.run({**given, walk.arguments[argument]: value}, ())
    return np.asarray(env["dxt"][walk.row])
