"""Arrays that one line fills or hands out part by part, at several turns: told is the line behind it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.from_code.observe.arrays import array_of
from whygrad.from_code.slips.in_parts import stands
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from whygrad.from_code.observe.experiment import Found, Search


def taken_in_parts(search: Search, found: Found) -> Found | None:
    """The line that makes the array of which the line found takes a part at each turn, if with the right parts as much comes right."""
    base, _, index = found.record.place.text.partition("=")[2].strip().partition("[")
    if found.how != "value" or len(found.substitutes) < 2 or ":" not in index or not base.isidentifier():  # noqa: PLR2004 - several
        return None
    rights = {(sub.place, sub.visit): array_of(sub.value) for sub in found.substitutes}
    made = next((r for r in reversed(search.now.records[: found.record.time]) if r.place.target == base and r.place.kind == "assign"), None)
    whole = None if made is None else array_of(made.value)
    if made is None or whole is None:
        return None
    right = whole.copy()
    for record in search.now.records:
        belongs, value = rights.get((record.place.id, record.visit)), array_of(record.value)
        at = None if belongs is None or value is None or belongs.shape != value.shape else stands(value, whole)
        if belongs is not None and at is None:
            return None
        if at is not None and belongs is not None:
            right[at] = belongs
    tried = search.attempt(made, "value", [Substitute(made.place.id, made.visit, right)], right)
    return replace(tried, visits=((made.value, right),)) if tried is not None and tried.cured >= found.cured else None
