"""Where a function is wrong and no experiment mends it: between which two lines it goes wrong, and the smallest case that shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_code.experiment import KINDS, buffer
from whygrad.from_code.finding import Finding
from whygrad.from_code.stretch import results, smallest
from whygrad.from_code.subject import shape_of
from whygrad.from_code.wording import UNNAMED
from whygrad.records import Stretch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_code.locate import Search
    from whygrad.from_code.subject import Record
    from whygrad.sandbox.requests import Piece, Runner


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
    stretch = Stretch(
        after=None if start is None else start.place.line,
        line=place.line,
        came_in=() if start is None else (_named(start),),
        came_out=results(search.expected, observations),
        smallest=smallest(runner, pieces, function),
    )
    says = f"{where}, what comes out ({_named(made[odd])}) is not"
    quantity, hints = made[odd].name, tuple(hint.format(quantity=_named(made[odd]), function=function) for hint in UNNAMED)
    return Finding(
        function=function, within=place.function, source=place.source, line=place.line, column=place.column,
        text=" ".join(place.text.split())[:200], id=None, quantity=quantity, step=None, says=says,
        hints=(hints[0], hints[1], hints[2]), proof="located", facts=(), stretch=stretch,
    )  # fmt: skip


def _named(record: Record) -> str:
    return record.place.target if record.place.target and not record.place.target.isdigit() else " ".join(record.place.text.split())[:60]
