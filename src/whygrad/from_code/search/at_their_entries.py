"""Of a line that only goes through a table or list: told is the entry of that table, if another value there makes all right."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.from_code.naming.wording import ANOTHER_BELONGS
from whygrad.from_code.places.at_entries import entries_behind
from whygrad.from_code.places.one_helper import still_needed
from whygrad.from_code.places.sources import with_only
from whygrad.from_code.places.used_rightly import seen_now
from whygrad.from_code.search.told_of_found import EXCHANGED, finding_of, findings_of
from whygrad.from_code.slips.swapped import called_as_they_hold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.experiment import Found, Search
    from whygrad.from_code.reference.inputs import Case

_OF_THE_LINE = frozenset(("sign-flipped", "operator-replaced", "sum-wrong", "mean-for-sum", "accumulated-wrongly", "bracket-moved"))
"""Mistakes that stand in the line that goes through the table, and could be made up for in an entry."""


def at_their_entries(
    search: Search, case: Case, found: Sequence[Found], findings: tuple[Finding, ...]
) -> tuple[list[Found], tuple[Finding, ...]]:
    """What was found, and what is told of it, with one entry in the place of all lines that go through it, or of each.

    An entry may spoil other lines too, which are then told no more.
    """
    now, told = list(found), findings
    if search.subject.cell != search.subject.function or not search.complete or len(found) != len(findings):
        return now, told
    for gone in ([now] if len(now) > 1 else []) + [[one] for one in now]:
        if any(one.how not in {"value", "swapped"} or one.record.place.function != gone[0].record.place.function for one in gone):
            continue
        if any(one not in now for one in gone):
            continue
        ids = {finding.id for one, finding in zip(found, findings, strict=True) if one in gone}
        if ids & _OF_THE_LINE:
            continue
        rest = [one for one in now if one not in gone]
        entry = _entry(search, case, gone, rest, stacks=None not in ids)
        entries = [entry] if entry is not None else [] if len(gone) > 1 or ids & EXCHANGED else _of_each_visit(search, case, gone[0], rest)
        if entries:
            rest = still_needed(search, rest, [sub for one in entries for sub in one.substitutes])
            now = sorted((*rest, *entries), key=lambda one: one.record.place.id)
            told = findings_of(search, case, now)
            if len(gone) > 1:
                break
    return now, told


def _entry(search: Search, case: Case, gone: Sequence[Found], rest: Sequence[Found], *, stacks: bool) -> Found | None:
    """The entry of which what is told is proved, if all such stand in one line; a mistake with a name before another value.

    Without ``stacks`` the order of what is written out is left alone: where nothing is known of the line, others ask which stack is odd.
    """
    entries = list(_told(search, case, gone, rest))
    if not stacks:
        entries = [one for one in entries if one[0].how == "value" or one[0].record.place.kind == "target"]
    if len({finding.line for _, finding in entries}) != 1:
        return None
    return min(entries, key=lambda one: one[1].says.endswith(ANOTHER_BELONGS))[0]


def _of_each_visit(search: Search, case: Case, one: Found, rest: Sequence[Found]) -> list[Found]:
    """Of a line that is right at some of its visits, the entry that it goes over behind each of the others.

    None where that is not known of one of them.
    """
    seen = with_only(search, rest)
    visits = sum(place == one.record.place.id for place, _ in seen)
    records = [record for sub in one.substitutes if (record := seen.get((sub.place, sub.visit or 0))) is not None]
    if one.how != "value" or not 1 < len(records) == len(one.substitutes) < visits:
        return []
    parts = [
        replace(one, record=record, right=sub.value, substitutes=(sub,), visits=((record.value, sub.value),))
        for sub, record in zip(one.substitutes, records, strict=True)
    ]
    behind = [_entry(search, case, [part], [*rest, *(other for other in parts if other is not part)], stacks=False) for part in parts]
    entries = [entry for entry in behind if entry is not None]
    return entries if len(entries) == len(parts) else []


def _told(search: Search, case: Case, gone: Sequence[Found], rest: Sequence[Found]) -> Iterator[tuple[Found, Finding]]:
    records = search.subject.traced(tuple(sub for one in rest for sub in one.substitutes))[1]
    for entry in (one for one in list(entries_behind(search, gone, rest)) if not called_as_they_hold(search, one)):
        moved = seen_now(search, entry, records)
        finding = finding_of(search, case, moved, [moved, *rest])
        if finding.sure and (entry.quantity or not finding.says.endswith(ANOTHER_BELONGS)):
            yield moved, replace(finding, whole=True)
