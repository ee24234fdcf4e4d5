"""What the right cell gives first, for each way in which a loop can begin.

A right cell is linear in the gradients that it is called with. So each of what they are sums of is sent through it once, and every
beginning is a sum of these, however many beginnings there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_numbers.loops.forms import ONES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_numbers.loops.tree import Tree
    from whygrad.from_numbers.numbers.arrays import Floats, Ints
    from whygrad.from_numbers.walks.time_walk import TimeWalk


Sent = dict[str, "Floats"]
"""The printed entry of dxt in every forward pass, by which argument of the right cell is what; the others are zero."""


def sent(walk: TimeWalk, tree: Tree, nodes: Sequence[int]) -> Sent:
    """All that is needed for loops that begin with these nodes.

    Of each forward pass the contexts hold one cache, in one column: the cache that all these beginnings take.
    """
    given: dict[str, Any] = {name: array[:, :, 0, 0] for name, array in walk.contexts.arrays.items()}
    given |= {argument: np.zeros(walk.contexts.da.shape[1:3]) for argument in walk.arguments}
    parts = {one: None for node in nodes for one, _ in _parts(tree, node)}
    return {_name(tree, *one): _sent(walk, given, one[0], tree.atoms[one[0]][one[1]]) for one in parts}


def agreeing(walk: TimeWalk, tree: Tree, nodes: Sequence[int], numbers: Sent) -> Iterator[tuple[int, Ints]]:
    """For each of these nodes, at which loops begin: the forward passes that give what is printed of the first call."""
    low, high = walk.first_limits(tree, np.array(nodes, int))
    for place, node in enumerate(nodes):
        value = np.zeros(len(next(iter(numbers.values()))))
        for one, weight in _parts(tree, node):
            value += weight * numbers[_name(tree, *one)]
        yield node, np.flatnonzero((value >= low[place]) & (value <= high[place]))


def _parts(tree: Tree, node: int) -> list[tuple[tuple[int, int], float]]:
    """What the arguments are sums of where a loop begins with this node: (argument, place of the atom), weight."""
    return [
        ((argument, place), weight)
        for argument, weights in enumerate(tree.weights)
        for place, weight in enumerate(weights[node].tolist())
        if weight
    ]


def _name(tree: Tree, argument: int, place: int) -> str:
    name, step = tree.atoms[argument][place]
    return f"{argument} {name} {step}"


def _sent(walk: TimeWalk, given: dict[str, Any], argument: int, atom: tuple[str, int]) -> Floats:
    name, step = atom
    contexts = walk.contexts
    if atom == ONES:
        value = np.ones_like(given[walk.arguments[argument]])
    elif name == "da":
        value = contexts.da[step, :, :, 0]
    else:
        value = given[name]
    walk.tried += len(contexts)
    env = walk.cell.run({**given, walk.arguments[argument]: value}, {})
    return np.asarray(env["dxt"][walk.row])
