"""A sum over several lines without brackets: the line ends before its last terms, which are computed and thrown away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.from_code.observe.arrays import array_of, same

if TYPE_CHECKING:
    from whygrad.from_code.observe.experiment import Found, Search
    from whygrad.from_code.observe.subject import Record

_MOST = 4
"""Lines that a sum is written over."""


def cut_off(search: Search, found: Found) -> Record | None:
    """The line behind the one found that begins with a sign, if all right comes of adding it and those like it behind."""
    total, right = array_of(found.record.value), array_of(found.right)
    if found.how != "value" or found.record.place.kind != "assign" or total is None or right is None:
        return None
    first: Record | None = None
    for number in range(1, _MOST):
        behind = (
            record
            for record in search.last
            if record.place.statement == found.record.place.statement + number
            and (record.place.kind, record.place.parent, record.visit) == ("part", -1, found.record.visit)
            and record.place.text.startswith(("+", "-"))
        )
        line = next(behind, None)
        value = None if line is None else array_of(line.value)
        if line is None or value is None or value.shape != total.shape:
            return None
        first, total = first or line, total + value
        if same(total, right, search.tolerance):
            return first
    return None
