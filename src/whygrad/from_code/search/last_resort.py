"""Where a function is wrong and no experiment mends it: between which two lines it goes wrong, and the smallest case that shows it."""

from __future__ import annotations

from functools import partial
from itertools import takewhile
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_code.finding import Finding
from whygrad.from_code.naming.stretch import results, smallest_case
from whygrad.from_code.naming.wording import UNNAMED
from whygrad.from_code.observe.arrays import array_of, same, shape_of
from whygrad.from_code.observe.experiment import KINDS, buffer
from whygrad.from_code.observe.subject import Record
from whygrad.records import Stretch

if TYPE_CHECKING:
    from whygrad.from_code.observe.experiment import Search


_MATRIX = 2
_FROM_THERE = "Look at {quantity} in {function}, and at the lines before it that make what goes into it."
"""The first hint where what goes into the line may be wrong already."""


def between(search: Search, *, sure: bool = False) -> Finding | None:
    """The first line whose value is like no right quantity, and the last before it that is; None where the run shows no line.

    ``sure`` asks for one before it that is right, or for a turn of the loop at which the line itself is.
    """
    function = search.subject.function
    observations, records, _ = search.subject.traced()
    made = [record for record in records if record.place.kind in KINDS and shape_of(record.value) and not buffer(record)]
    before, odd = list[Record](), None
    for record in (record for record in made if np.any(record.value)):
        if not _recognised(search, record) and not _adds_up(search, record):
            odd = record
            break
        before.append(record)
    if odd is None:
        return None
    place = odd.place
    sure_of = list(takewhile(lambda record: not _doubtful(search, record), before))
    start = next((record for record in reversed(sure_of) if record.place.line < place.line), None)
    where = "up to here what is right is not known"
    if any(record.place.id == place.id for record in before):
        where = f"line {place.line} is right at the first turn of its loop; at a later one"
    elif start is not None:
        where = f"between line {start.place.line} and line {place.line}: what comes in is right ({_named(start)})"
    elif sure:
        return None
    stretch = Stretch(
        after=None if start is None else start.place.line,
        line=place.line,
        came_in=() if start is None else (_named(start),),
        came_out=results(search.expected, observations),
        smallest=search.once(smallest_case),
    )
    says = f"{where}, what comes out ({_named(odd)}) is not"
    first = UNNAMED[0] if len(sure_of) == len(before) else _FROM_THERE
    quantity, hints = odd.name, tuple(hint.format(quantity=_named(odd), function=function) for hint in (first, *UNNAMED[1:]))
    return Finding(
        function=function, within=place.function, source=place.source, line=place.line, column=place.column,
        text=" ".join(place.text.split())[:200], id=None, quantity=quantity, step=None, says=says,
        hints=(hints[0], hints[1], hints[2]), proof="located", stretch=stretch,
    )  # fmt: skip


def _recognised(search: Search, record: Record) -> bool:
    """Whether a value is a right quantity, a parameter as it was handed in, or the column of a quantity that belongs to one example."""
    given = (value for one in search.quantities.tables[0].parameters for value in one.values())
    if search.quantities.of_examples(record.value, search.tolerance):
        return True
    return any(same(record.value, one, search.tolerance) for one in given)


def _adds_up(search: Search, record: Record) -> bool:
    """Whether a line adds up over several visits what is right at a later one of them: before that it is a part of the sum."""
    return record.place.kind == "after" and any(
        other.place.id == record.place.id and shape_of(other.value) == shape_of(record.value) and _recognised(search, other)
        for other in search.subject.traced()[1][record.time + 1 :]
    )


def _doubtful(search: Search, record: Record) -> bool:
    """Whether a value is made of right quantities, on top of each other, of which it is not known whether they belong together."""
    array, known = array_of(record.value), partial(search.quantities.recognised, tolerance=search.tolerance, stacks=False)
    if array is None or array.ndim < _MATRIX or known(array):
        return False
    return not all(map(known, np.moveaxis(array, 2, 0))) if array.ndim > _MATRIX else True


def _named(record: Record) -> str:
    return record.place.target if record.place.target and not record.place.target.isdigit() else " ".join(record.place.text.split())[:60]
