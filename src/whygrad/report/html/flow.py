"""The picture of one time step: where the wrong quantity stands, and what is computed from it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from whygrad.assignments import ASSIGNMENTS
from whygrad.mistakes.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.assignments import Assignment
    from whygrad.assignments.flow import Flow, Link, Point
    from whygrad.records import Result

_LETTER, _PILL, _DISC = 6.6, 11, 10
_HEAD = 7
_Spot = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """One quantity or operation."""

    label: str
    x: int
    y: int
    width: float
    is_operation: bool


@dataclass(frozen=True, slots=True)
class Path:
    """One link: ``kind`` is plain, wrong or after (computed from what is wrong); ``head`` are the corners of its arrow head."""

    points: str
    head: str
    kind: str


@dataclass(frozen=True, slots=True)
class Tag:
    """The name of a wrong quantity, where it stands."""

    text: str
    x: float
    y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Picture:
    """One step, drawn; ``says`` tells in words what is dashed."""

    title: str
    says: str
    about: str
    width: int
    height: int
    paths: tuple[Path, ...]
    boxes: tuple[Box, ...]
    tags: tuple[Tag, ...]


def flows(result: Result) -> tuple[Picture, ...]:
    """A picture for each kind of step and each direction in which a mistake of the first explanation has a place."""
    assignment = ASSIGNMENTS.get(result.assignment or "")
    if assignment is None:
        return ()
    roles = assignment.vocabulary.roles
    places: dict[tuple[str, bool], dict[str, tuple[Link, ...]]] = {}
    handed: set[str] = set()
    of: dict[tuple[str, bool], Flow] = {}
    for mistake in result.mistakes:
        flow = assignment.flows.get(mistake.function or "")
        if flow is not None:
            role = roles[mistake.function or ""]
            key = flow.title, "backward" in role
            found = {name: flow.where[role].get(name, ()) for name in re.split(r", | and ", mistake.quantity)}
            places.setdefault(key, {}).update({name: links for name, links in found.items() if links})
            of[key] = flow
            handed |= {name for name in found if role == "forward" and assignment.vocabulary.kind(name) == "state"}
    words = {name: _in_words(assignment, name, handed=name in handed) for found in places.values() for name in found}
    return tuple(_picture(of[key], found, words, backwards=key[1]) for key, found in places.items() if found)


def _in_words(assignment: Assignment, name: str, *, handed: bool) -> str:
    """The name with what it means; in a loop over time the state is what one step hands to the next."""
    word = assignment.vocabulary.word(name)
    if handed:
        return f"`{name}` (as the loop hands it to the next step)"
    return f"`{name}`" if word == name else f"`{name}` ({word})"


def _picture(flow: Flow, places: dict[str, tuple[Link, ...]], words: dict[str, str], *, backwards: bool) -> Picture:
    wrong = list(dict.fromkeys(link for links in places.values() for link in links))
    after = flow.after(wrong, backwards=backwards) - set(wrong)
    boxes = {name: _box(label, at) for name, (label, at) in flow.nodes.items()}
    order = sorted(flow.links, key=lambda link: (link in wrong, link in after))
    kinds = {link: "wrong" if link in wrong else "after" if link in after else "plain" for link in order}
    paths = [_path(flow, boxes, link, kinds[link], backwards=backwards) for link in order]
    what = "gradients" if backwards else "values"
    rest = f" Thin and dashed: what is computed from {'it' if len(places) == 1 else 'them'} in the same step." if after else ""
    return Picture(
        f"{flow.title[0].upper()}{flow.title[1:]}, {'backward' if backwards else 'forward'}",
        f"Thick and dashed, where the mistake is: {listed([words[name] for name in places])}.{rest}",
        f"Arrows show which way the {what} flow.",
        *flow.size,
        tuple(paths),
        tuple(boxes.values()),
        tuple(_tags(flow, places)),
    )


def _box(label: str, at: Point) -> Box:
    is_operation = len(label) == 1
    return Box(label, *at, 2.0 * _DISC if is_operation else _LETTER * len(label) + 10, is_operation)


def _path(flow: Flow, boxes: dict[str, Box], link: Link, kind: str, *, backwards: bool) -> Path:
    tail, head = reversed(link) if backwards else link
    corners = flow.links[link]
    spots: list[_Spot] = [flow.nodes[tail][1], *(reversed(corners) if backwards else corners), flow.nodes[head][1]]
    spots[-1] = _border(boxes[head], spots[-2])
    spots[0] = _border(boxes[tail], spots[1])
    (x, y), (x0, y0) = spots[-1], spots[-2]
    length = math.hypot(x - x0, y - y0) or 1.0
    dx, dy = (x - x0) / length, (y - y0) / length
    base = x - _HEAD * dx, y - _HEAD * dy
    wings = [(base[0] - 4 * dy, base[1] + 4 * dx), (base[0] + 4 * dy, base[1] - 4 * dx)]
    return Path(_points([*spots[:-1], base]), _points([(x, y), *wings]), kind)


def _border(box: Box, towards: _Spot) -> _Spot:
    """Where the line from the middle of the box to another place leaves the box."""
    dx, dy = towards[0] - box.x, towards[1] - box.y
    if box.is_operation:
        reach = _DISC / (math.hypot(dx, dy) or 1.0)
    else:
        reach = min(box.width / 2 / abs(dx) if dx else math.inf, _PILL / abs(dy) if dy else math.inf)
    return box.x + dx * reach, box.y + dy * reach


def _tags(flow: Flow, places: dict[str, tuple[Link, ...]]) -> Iterator[Tag]:
    """The names beside the first link on which each stands, those of one link together."""
    at: dict[Link, list[str]] = {}
    for name, links in places.items():
        at.setdefault(links[0], []).append(name)
    for link, together in at.items():
        spots = [flow.nodes[link[0]][1], *flow.links[link], flow.nodes[link[1]][1]]
        (x0, y0), (x1, y1) = spots[-2:]
        x, y = (x0 + x1) / 2, (y0 + y1) / 2
        text = f"✗ {', '.join(together)}"
        if y0 == y1:
            half = _LETTER * len(text) / 2
            yield Tag(text, min(max(x, half), flow.size[0] - half), y - 16, "middle")
        else:
            yield Tag(text, x + 8, y + 4, "start") if x1 <= x0 else Tag(text, x - 8, y + 4, "end")


def _points(spots: Sequence[_Spot]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
