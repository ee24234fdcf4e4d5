"""How the quantities of one time step follow from each other: a small graph with places to draw it, and where each name stands in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Point = tuple[int, int]
Link = tuple[str, str]
"""From one node to another, as the values flow; gradients flow the other way."""


@dataclass(frozen=True)
class Flow:
    """One step of a recurrent network.

    ``nodes``: by name its label and where its middle is. ``links`` are drawn as straight lines, by way of the corners that are given.
    ``where`` says on which links a name of the program stands, by the role of its function: in a loop ``a_next`` is what is handed on.
    """

    title: str
    size: Point
    nodes: Mapping[str, tuple[str, Point]]
    links: Mapping[Link, tuple[Point, ...]]
    where: Mapping[str, Mapping[str, tuple[Link, ...]]]

    def after(self, links: Iterable[Link], *, backwards: bool) -> frozenset[Link]:
        """The links that are reached from these, in the direction in which the values or the gradients flow."""
        reached: set[Link] = set()
        waiting = list(links)
        while waiting:
            tail, head = waiting.pop()
            at = tail if backwards else head
            new = {link for link in self.links if link[1 if backwards else 0] == at} - reached
            reached |= new
            waiting += new
        return frozenset(reached)
