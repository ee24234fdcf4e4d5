"""The labels to look for: what an assignment's checks print, how many numbers stand under each label, and which keys there are."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from whygrad.assignments import ASSIGNMENTS
from whygrad.read.post.intervals import Interval, scalar_interval, vector_intervals

if TYPE_CHECKING:
    from collections.abc import Iterable

    from whygrad.records import Number

Index = tuple[int, ...]
Label = tuple[str, Index]
Key = dict[Label, Interval]


class Form(NamedTuple):
    """How the numbers under a label look: ``size`` of them, in brackets where ``vector``."""

    size: int
    vector: bool


class Labels(NamedTuple):
    """What one assignment prints.

    ``forms`` and ``checks`` say for each label (quantity, index) how its numbers look and which checks print it, ``indexes`` which
    entries of a quantity any check prints, ``keys`` gives the interval of every expected number by check, version and label,
    ``names`` finds a quantity by its simplified name.
    """

    assignment: str
    order: tuple[str, ...]
    forms: dict[Label, Form]
    checks: dict[Label, frozenset[str]]
    indexes: dict[str, list[Index]]
    keys: dict[str, dict[str, Key]]
    names: dict[str, str]

    def quantity(self, name: str) -> str | None:
        """The quantity that ``name`` spells, in upper or lower case, its underscores eaten or a letter misread; None if it is none."""
        return self.names.get(simplified(name)) or next((own for short, own in self.names.items() if _alike(short) == _alike(name)), None)

    def spells(self, name: str) -> bool:
        """Whether ``name`` spells a quantity, every letter as it is."""
        return simplified(name) in self.names

    def resembles(self, name: str) -> bool:
        """Whether ``name`` is a gradient's but for the d before it: ``bf`` for ``dbf``."""
        return f"d{simplified(name)}" in self.names

    def lines(self, check: str) -> list[str]:
        """The quantities that ``check`` prints, in the order of its lines; where several numbers are on one, as often."""
        return [quantity for quantity, _ in next(iter(self.keys[check].values()))]

    def alone(self, number: Number) -> bool:
        """Whether it is printed as a number, and not as an array of one or more."""
        form = self.forms.get((number.quantity, number.index))
        return form is not None and not form.vector

    def printing(self, quantity: str) -> frozenset[str]:
        """The checks that print some entry of ``quantity``."""
        return frozenset[str]().union(*(checks for (name, _), checks in self.checks.items() if name == quantity))


def simplified(name: str) -> str:
    """``name`` without what a forum changes: case, underscores, spaces."""
    return name.replace("_", "").replace(" ", "").lower()


_LOOK_ALIKE = str.maketrans("l\u01310", "iio")


def _alike(name: str) -> str:
    return simplified(name).translate(_LOOK_ALIKE)


@cache
def labels_of(name: str) -> Labels:
    """The labels of the assignment of this ``name``, from what its checks print and from its keys."""
    assignment = ASSIGNMENTS[name]
    forms: dict[Label, Form] = {}
    checks: dict[Label, frozenset[str]] = {}
    keys: dict[str, dict[str, Key]] = {}
    for check, printed in assignment.printed.items():
        keys[check] = {}
        for label in printed:
            checks[label] = checks.get(label, frozenset()) | {check}
        for version, texts in assignment.keys.get(check, {}).items():
            key = keys[check][version] = {}
            for quantity, index in printed:
                numbers, vector = texts[quantity].strip("[] ").split(), "[" in texts[quantity]
                forms[quantity, index] = Form(len(numbers), vector)
                intervals = vector_intervals(numbers) if vector else [scalar_interval(numbers[0])]
                key.update(zip(entries((quantity, index), len(numbers)), intervals, strict=True))
    indexes: dict[str, list[Index]] = {}
    for quantity, index in forms:
        indexes.setdefault(quantity, []).append(index)
    names = {simplified(quantity): quantity for quantity in indexes}
    return Labels(assignment.id, tuple(assignment.printed), forms, checks, indexes, keys, names)


def entries(label: Label, count: int) -> Iterable[Label]:
    """The labels of ``count`` numbers under one: ``label`` itself for one, else with the position added."""
    quantity, index = label
    return [label] if count == 1 else [(quantity, (*index, place)) for place in range(count)]


def shown(label: Label) -> str:
    """``dx[1][2]``."""
    return label[0] + "".join(f"[{place}]" for place in label[1])


def agreeing(numbers: Iterable[Number], key: Key) -> tuple[int, int]:
    """How many of ``numbers`` could be the key's, and how many the key has anything to say about."""
    agree = compared = 0
    for number in numbers:
        if interval := expected_of(number, key):
            compared += 1
            agree += number.low <= interval[1] and interval[0] <= number.high
    return agree, compared


def expected_of(number: Number, key: Key) -> Interval | None:
    """What the key has in the place of ``number``."""
    alone = key.get((number.quantity, number.index[:-1])) if number.index[-1:] == (0,) else None
    return key.get((number.quantity, number.index), alone)


def whole_key(numbers: Iterable[Number], keys: dict[str, Key]) -> str | None:
    """The version with which all ``numbers`` agree that it knows (at least one), or None; the one that knows most of them first."""
    numbers = list(numbers)
    best, version = 0, None
    for name, key in keys.items():
        agree, compared = agreeing(numbers, key)
        if agree == compared > best:
            best, version = compared, name
    return version
