"""What a text says, in its order: the records of headings, entries, shapes, and of what was not understood."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from whygrad.read.post.headings import Side
    from whygrad.read.post.labels import Label
    from whygrad.records import Number, Shape


class Heading(NamedTuple):
    """From ``start`` on the numbers are ``role``'s, "other" below "vs"; ``passing`` where that may hold for the next entry alone."""

    start: int
    role: Side
    plainly: bool
    passing: bool


class Entry(NamedTuple):
    """The numbers under one label at ``start``; ``role`` where the entry itself says whose they are, "other" for a second column."""

    start: int
    label: Label
    numbers: tuple[Number, ...]
    role: Side | None


class ShapeLine(NamedTuple):
    """A printed shape at ``start``."""

    start: int
    shape: Shape


class Foreign(NamedTuple):
    """A printed number of something that no check prints, called ``name``, at ``start``."""

    start: int
    name: str


class Named(NamedTuple):
    """A line at ``start`` that names one ``check``."""

    start: int
    check: str


class Gap(NamedTuple):
    """An empty line, or one of words, that ends at ``start``."""

    start: int


Event = Heading | Entry | ShapeLine | Foreign | Named | Gap


class Script(NamedTuple):
    """Everything that was taken from a text, in its order: of what is ``unread`` the lines, and the known labels that stand in them.

    ``computed`` are those of the lines that hold differences, ratios and the like, and not the printed numbers.
    """

    events: list[Event]
    unread: list[str]
    labels_unread: list[Label]
    computed: list[str]
