"""Loop forms that share their first calls, as a tree: what the walk through time follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from whygrad.from_numbers.loops.forms import Call, Form, Stored
    from whygrad.from_numbers.numbers.arrays import Floats, Ints
    from whygrad.mistakes import Edits


class Tree:
    """Loop forms that share their first calls, as a tree: node 0 is the root, every other node is one call.

    ``cache`` says for each node which cache the call takes, ``stored`` which of ``storings`` it does (the steps of dx that it completes);
    ``atoms[i]`` and ``weights[i]`` (nodes, atoms) of what its i-th argument is the sum.
    """

    def __init__(self, forms: Iterable[tuple[Form, Edits]]) -> None:
        calls: dict[Call, int] = {}
        number_of: dict[int, int] = {}
        made: list[int] = [0]
        children: list[dict[int, int]] = [{}]
        self.ends: dict[int, list[Edits]] = {}
        forms = list(forms)  # kept until the end: its calls are told apart by where they are
        for form, edits in forms:
            node = 0
            for call in form:
                number = number_of.get(id(call))
                if number is None:  # a call is a deep tuple: the same object need not be compared again
                    number = number_of[id(call)] = calls.setdefault(call, len(calls) + 1)
                below = children[node].get(number)
                if below is None:
                    below = children[node][number] = len(children)
                    made.append(number)
                    children.append({})
                node = below
            self.ends.setdefault(node, []).append(edits)
        self.first = {call: children[0][number] for call, number in calls.items() if number in children[0]}
        """The nodes that loops begin with, by their calls."""
        counts = [len(own) for own in children]
        self._count = np.array(counts)
        self._start = np.cumsum([0, *counts[:-1]])
        self._below = np.fromiter((node for own in children for node in own.values()), int)
        self._ends = np.array([node in self.ends for node in range(len(children))])
        self.cache = np.array([0, *(call.cache for call in calls)])[made]
        known: dict[Stored, int] = {(): 0}
        self.stored = np.array([0, *(known.setdefault(call.stored, len(known)) for call in calls)])[made]
        self.storings: list[Stored] = list(known)
        self.atoms: list[list[tuple[str, int]]] = []
        self.weights: list[Floats] = []
        for argument in range(len(next(iter(calls)).arguments) if calls else 0):
            place: dict[tuple[str, int], int] = {}
            parts = [
                (number, place.setdefault(atom, len(place)), weight)
                for number, call in enumerate(calls, 1)
                for atom, weight in call.arguments[argument]
            ]
            weights = np.zeros((len(calls) + 1, len(place)))
            for number, at, weight in parts:
                weights[number, at] = weight
            self.atoms.append(list(place))
            self.weights.append(weights[made])

    def below(self, nodes: Ints) -> tuple[Ints, Ints]:
        """What can follow these nodes: (place among ``nodes``, node)."""
        count = self._count[nodes]
        place = np.repeat(np.arange(len(nodes)), count)
        within = np.arange(len(place)) - np.repeat(np.cumsum(count) - count, count)
        return place, self._below[self._start[nodes][place] + within]

    def begins(self) -> list[tuple[int, int, set[tuple[str, int]]]]:
        """The nodes that loops begin with: (node, its cache, the atoms that its arguments are sums of)."""
        found: list[tuple[int, int, set[tuple[str, int]]]] = []
        for node in self.below(np.zeros(1, int))[1].tolist():
            own = {
                atom
                for atoms, weights in zip(self.atoms, self.weights, strict=True)
                for atom, weight in zip(atoms, weights[node].tolist(), strict=True)
                if weight
            }
            found.append((node, int(self.cache[node]), own))
        return found

    def ended(self, nodes: Ints) -> list[int]:
        """The places among ``nodes`` at which a loop ends."""
        places: list[int] = np.flatnonzero(self._ends[nodes]).tolist()
        return places
