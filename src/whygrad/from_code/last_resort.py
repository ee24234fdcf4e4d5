"""Where a function is wrong and no experiment mends it: between which two lines it goes wrong, and the smallest case that shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_code.experiment import KINDS, buffer
from whygrad.from_code.finding import Finding
from whygrad.from_code.inputs import case
from whygrad.from_code.quantities import Quantities
from whygrad.from_code.subject import Subject, same, shape_of
from whygrad.from_code.wording import UNNAMED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_code.locate import Search
    from whygrad.from_code.subject import Observations, Record
    from whygrad.sandbox.requests import Piece, Runner, Value

_SMALL = ((1, 1, 1, 1, 1, 1), (1, 1, 1, 1, 2, 2), (2, 2, 1, 2, 2, 2))
"""Sizes n_x, n_a, m, n_y, T_x and T, the smallest first."""
_CLOSE = 1e-6
"""Relative to the largest entry: two numbers are taken for the same."""


def between(search: Search, runner: Runner, pieces: Sequence[Piece]) -> Finding | None:
    """The first line whose value is like no right quantity, and the last before it that is; None where the run shows no line."""
    function = search.subject.function
    observations, records, _ = search.subject.traced()
    made = [record for record in records if record.place.kind in KINDS and shape_of(record.value) and not buffer(record)]
    known = [bool(np.any(record.value)) and search.quantities.recognised(record.value, search.tolerance) for record in made]
    odd = next((n for n, (record, right) in enumerate(zip(made, known, strict=True)) if not right and np.any(record.value)), None)
    if odd is None:
        return None
    place = made[odd].place
    start = next((record for record, right in zip(made[odd::-1], known[odd::-1], strict=True) if right and record is not made[odd]), None)
    where = "up to here what is right is not known"
    if start is not None:
        where = f"between line {start.place.line} and line {place.line}: what comes in is right ({_named(start)})"
    says = (
        f"{where}, what comes out ({_named(made[odd])}) is not{_differs(search.expected, observations)}{_small(runner, pieces, function)}"
    )
    quantity, hints = made[odd].name, tuple(hint.format(quantity=_named(made[odd]), function=function) for hint in UNNAMED)
    return Finding(
        function=function, within=place.function, source=place.source, line=place.line, column=place.column,
        text=" ".join(place.text.split())[:200], id=None, quantity=quantity, step=None, says=says,
        hints=(hints[0], hints[1], hints[2]), proof="located", facts=(),
    )  # fmt: skip


def _named(record: Record) -> str:
    return record.place.target if record.place.target and not record.place.target.isdigit() else " ".join(record.place.text.split())[:60]


def _differs(expected: Observations, observations: Observations) -> str:
    """How far off the first wrong result is."""
    for name, right in expected.items():
        value = observations.get(name)
        if name.startswith("call ") or value is None or value.shape != right.shape or not right.ndim or same(value, right):
            continue
        with np.errstate(all="ignore"):
            off = np.abs(value - right)
        off = np.where(np.isfinite(off), off, np.inf)
        wrong = int(np.sum(off > _CLOSE * np.max(np.abs(right))))
        worst = [int(place) for place in np.unravel_index(int(np.argmax(off)), off.shape)]
        return f": of {name} {wrong} of {right.size} entries differ, the worst at {worst}"
    return ""


def _small(runner: Runner, pieces: Sequence[Piece], function: str) -> str:
    """The smallest sizes at which the function is wrong already."""
    for sizes in _SMALL:
        arguments: tuple[Value, ...] = case(function, sizes, 1).arguments
        right = Quantities(function, arguments).observations
        found = Subject(runner, pieces, function, arguments, frozenset({function})).run()
        if any(name not in found or not same(found[name], value, _CLOSE) for name, value in right.items() if not name.startswith("call ")):
            steps = "" if "cell" in function else f", {sizes[-1]} time step{'s' * (sizes[-1] > 1)}"
            return f"; it is wrong already with n_x = {sizes[0]}, n_a = {sizes[1]}, m = {sizes[2]}{steps}"
    return ""
