"""A name that held what is asked for, and no longer does: a line between gave it another value, or changed it in place.

The line may need the name itself; in a loop that may be at the next turn, which is why some of it is asked of cells alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_code.observe.arrays import same
from whygrad.from_code.observe.dataflow import reads_of
from whygrad.from_code.observe.experiment import HOLDS, READS, Search
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from whygrad.from_code.observe.experiment import Found
    from whygrad.from_code.observe.subject import Record
    from whygrad.sandbox.requests import Value


def gone(search: Search, found: Found) -> Found | None:
    """Where the name alone stands at the place found: what it held before, as it came in or as it was made, belongs there."""
    here = found.how == "value" and found.record.place.function == search.subject.function
    return _changed_by(search, found, found.record.place.text, found.record, found.right) if here else None


def gone_before(search: Search, found: Found) -> Found | None:
    """Where a line reads the name: with what it held before the line is right as it is."""
    reads = [read for read in reads_of(search, found.record) if read.place.kind in READS] if _in_cell(search, found) else []
    for text in dict.fromkeys(read.place.text for read in reads):
        mine, name = [read for read in reads if read.place.text == text], text.removesuffix(".T")
        for held in (*(earlier.value for earlier in _made(search, name, mine[0])[-2::-1]), came_in(search, name)):
            value = held if name == text or held is None else np.transpose(held)
            if held is None or same(value, mine[0].value):
                continue
            tried = search.attempt(found.record, "value", [Substitute(read.place.id, read.visit, value) for read in mine], value)
            if tried is not None and tried.cured >= found.cured:
                return _changed_by(search, tried, name, mine[0], held)
    return None


def _in_cell(search: Search, found: Found) -> bool:
    here = found.record.place.function == search.subject.function == search.subject.cell
    return here and found.how == "value" and not found.record.visit


def _changed_by(search: Search, found: Found, name: str, user: Record, right: Value) -> Found | None:
    """The line that changed what the name held, if with the old value there less comes right: then the line is not wrong itself."""
    made = _made(search, name, user)
    held = [same(value, right) for value in (came_in(search, name), *(record.value for record in made))]
    if True not in held or held[-1]:
        return None
    last = made[max(at for at, right_then in enumerate(held) if right_then)]
    if held[0] and user is found.record:
        return replace(found, record=last, how="gone", names=(name,), inputs=True)
    if not _in_cell(search, found):
        return None
    alone = search.attempt(last, "value", [Substitute(last.place.id, last.visit, right)], right)
    if alone is not None and alone.cured >= found.cured:
        return None
    return replace(found, record=last, how="gone", names=(name,), inputs=True, lost=user)


def _made(search: Search, name: str, user: Record) -> list[Record]:
    """Where the name is given a value before; none where that is so several times, in a loop."""
    here = (r for r in search.now.records[: user.time] if r.place.function == search.subject.function and r.place.target == name)
    made = [record for record in here if record.place.kind in HOLDS]
    return [] if any(record.visit for record in made) else made


def came_in(search: Search, name: str) -> Value:
    """What an argument of this name was given; None where there is none."""
    signature = search.subject.text.signatures.get(search.subject.function, ())
    return dict(zip(signature, search.subject.arguments, strict=False)).get(name)
