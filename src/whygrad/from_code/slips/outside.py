"""Lines that slid out of the loop over the steps, or into it: a return that ends it early, a line that is run once, after it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from whygrad.from_code.observe import observed
from whygrad.from_code.observe.arrays import array_of, same
from whygrad.from_code.observe.experiment import Found, Search
from whygrad.from_code.observe.returned_as import returned_as, right_result
from whygrad.from_code.slips.untouched import cell_calls
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_code.observe.subject import Record

_OF_A_STEP = re.compile(r"\[(:|\.\.\.)")
"""In what a line stores into: a slice of an array for all steps."""


def left_early(search: Search) -> Iterator[Found]:
    """The loop goes over all steps, but the function returns before the cell was called at each; or above what makes its results."""
    calls, steps = cell_calls(search), len(search.quantities.calls)
    over: list[Any] = [record.value for record in search.now.records if record.place.kind == "loop"]
    loops = [len(turns) for turns in over if not isinstance(turns, tuple)]
    last = [record for record in search.now.records if record.place.kind == "return" and record.place.function == search.subject.function]
    names = frozenset(map(observed.result_of, search.now.wrong))
    lacking = names - set(map(observed.result_of, search.now.observations))
    if last and lacking and all(repr(name) in search.subject.text.below(last[-1].place) for name in lacking):
        yield Found(last[-1], "early", None, None, (), names)
    if search.subject.cell == search.subject.function or not 0 < len(calls) < steps or (loops and max(loops) < steps) or not last:
        return
    yield Found(last[-1], "early", len(calls), None, (), names)


def too_late(search: Search) -> Iterator[Found | None]:
    """Lines after the loop that store what the cell returned: they are run for the last step alone, and told once."""
    calls = cell_calls(search)
    if search.subject.cell == search.subject.function or len(calls) < len(search.quantities.calls) or len(calls) < 2:  # noqa: PLR2004
        return
    before = {record.place.id for record in search.now.records[: calls[-1].time]}
    after = [record for record in search.now.records[calls[-1].time :] if record.place.id not in before and _stores(search, record)]
    late: list[tuple[Record, str, list[Substitute]]] = []
    for record in after:
        name = record.place.target.partition("[")[0].strip()
        handed = [
            Substitute(other.place.id, other.visit, right)
            for other in search.now.records
            if other.place.text.partition("[")[0] == name
            and (right := right_result(search, other)) is not None
            and not same(other.value, right, search.tolerance)
            and returned_as(search, other) != "da0"  # which has its place there
        ]
        if handed:
            late.append((record, name, handed))
    if late:
        first, _, _ = late[0]
        once = {(sub.place, sub.visit): sub for _, _, handed in late for sub in handed}
        found = search.attempt(first, "late", list(once.values()), None)
        names = tuple(dict.fromkeys(name for _, name, _ in late))
        yield found and Found(first, "late", None, None, found.substitutes, found.cured, inputs=True, names=names)


def _stores(search: Search, record: Record) -> bool:
    """Whether a line stores a result of the cell's last call in the slice of a step, or adds it to a sum."""
    place = record.place
    if place.function != search.subject.function or place.kind not in {"assign", "right"} or search.subject.calls_around(place):
        return False
    adds = place.kind == "right" or "+" in place.text.partition("=")[2]
    if not adds and not _OF_A_STEP.search(place.target):
        return False
    value: Any = search.now.calls[-1].value
    returned = cast("dict[str, Any]", value).values() if isinstance(value, dict) else cast("tuple[Any, ...]", value)
    return array_of(record.value) is not None and any(array_of(one) is not None and same(record.value, one) for one in returned)
