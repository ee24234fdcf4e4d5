"""Several findings that come out of one helper: what it returns is wrong at most of its visits, though all that it reads is right."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from itertools import chain, islice
from typing import TYPE_CHECKING

from whygrad.from_code.lines.line_changes import changes
from whygrad.from_code.observe.arrays import array_of, same
from whygrad.from_code.observe.dataflow import in_place, read_right, reads_of
from whygrad.from_code.observe.experiment import Found, Search, last_name
from whygrad.from_code.observe.expression import Expression, expression_of
from whygrad.from_code.observe.roles import put, put_right
from whygrad.from_code.observe.scope import scope
from whygrad.from_code.observe.subject import Record, by_place
from whygrad.from_code.places.sources import with_only
from whygrad.from_code.reference.spelled import kind_of
from whygrad.from_code.slips.helper_cuts import sizes_given
from whygrad.from_code.slips.helpers import LAMBDA, does_its_work, of_what_came_out

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.sandbox.places import Place
    from whygrad.sandbox.requests import Substitute, Value

_MOST = 400
"""Changes of a helper's line."""


def join_in_helper(search: Search) -> None:
    """In a cell: put findings of values together at a helper's return, if the right values there make all results right."""
    together = [found for found in search.found if found.how == "value"]
    if len(together) < 2 or search.subject.cell != search.subject.function:  # noqa: PLR2004 - several
        return
    others = [found for found in search.found if found not in together]
    with_only(search, others)
    places = {found.record.place.id for found in together}
    for record in search.now.records:
        place = record.place
        if place.kind != "return" or record.visit or place.function == search.subject.function or place.id in places:
            continue
        visits = [other for other in search.now.records if other.place.id == place.id]
        tried = put_right(search, record, strict=True) if len(visits) > 1 else None
        if tried is None or not _is_its_own_fault(search, visits, len(tried.substitutes)):
            continue
        if search.results_right(search.subject.run((*search.substitutes, *tried.substitutes))) and not _another_gates(search, tried.visits):
            cured = frozenset[str]().union(*(found.cured for found in together))
            reads = tuple(reads_of(search, tried.record))
            search.found = [*others, replace(tried, cured=cured, reads=reads, inputs=in_place(search, reads))]
            return


def join_by_one_change(search: Search) -> None:
    """In a cell: put findings behind one helper together at a line of it, if one small change there makes up for them all.

    Such a finding is at a line that calls the helper, of which there are several, or at a later one that no small change of its own
    makes right.
    """
    if search.subject.cell != search.subject.function:
        return
    with_only(search, ())
    in_helpers = (record for record in search.now.records if record.place.function != search.subject.function)
    kept = (record for record in in_helpers if record.place.kind in {"assign", "return"} or _is_returned(search, record.place))
    lost: dict[Found, bool] = {}
    for visits in by_place(kept).values():
        calls = calls_of(visits[0].place.function)
        calling = [one for one in search.found if one.how == "value" and calls.search(one.record.place.text)]
        behind = [one for one in search.found if one not in calling and len(visits) > 1 and _is_later(search, one, visits[-1])]
        for one in behind:
            lost[one] = lost[one] if one in lost else _is_lost(search, one)
        later = [one for one in behind if lost[one]]
        together = [*calling, *later]
        others = [one for one in search.found if one not in together]
        works = does_its_work(search, visits[0])
        if (len(calling) < 2 and not later) or (works and not of_what_came_out(search, visits[0])):  # noqa: PLR2004 - several
            continue
        with_only(search, others)
        before = search.right_results(search.subject.run(search.substitutes))
        only, parts = ("activation-wrong", ()) if works else ("", _other_parts(search, visits))
        for values in chain(_with_one_change(search, visits, only), parts):
            belongs = list(zip(visits, values, strict=True))
            changed = (*search.substitutes, *put(belongs))
            cured = search.right_results(search.subject.run(changed)) - before
            needed = still_needed(search, together, changed) if cured else together
            gone = [one for one in together if one not in needed]
            if len(gone) > 1 or any(one in later for one in gone):
                at, reads = visits[0], tuple(reads_of(search, visits[0]))
                told = tuple((visit.value, right) for visit, right in belongs)
                found = Found(at, "value", values[0], None, tuple(put(belongs)), cured, inputs=True, reads=reads, visits=told)
                search.found = [*others, *needed, found]
                return


def join_calls_of_one(search: Search) -> None:
    """A helper's line that is wrong by itself, and several lines that call it: what they get follows from it."""
    for found in list(search.found):
        place = found.record.place
        if found.how != "value" or found.right is not None or place.function == search.subject.function:
            continue
        calls = calls_of(place.function)
        rest = [one for one in search.found if one is not found and one.how == "value" and calls.search(one.record.place.text)]
        if len(rest) > 1:
            cured, puts = found.cured.union(*(one.cured for one in rest)), (sub for one in rest for sub in one.substitutes)
            mended = replace(found, substitutes=(*found.substitutes, *puts), cured=cured)
            search.found = [mended if one is found else one for one in search.found if one not in rest]


def _is_returned(search: Search, place: Place) -> bool:
    """Whether it is written out in what a helper returns, alone or among others."""
    while place.kind == "value" and place.parent >= 0:
        place = search.subject.places[place.parent]
    return place.kind == "return"


def _is_lost(search: Search, found: Found) -> bool:
    """Whether no small change of the line found makes it right."""
    right = found.right
    return right is not None and not any(same(value, right, search.tolerance) for (value,) in _with_one_change(search, [found.record]))


def _is_later(search: Search, found: Found, last: Record) -> bool:
    """Whether a finding is one of a value behind the last visit of a helper's line."""
    place = found.record.place
    return found.how == "value" and place.function == search.subject.function and found.record.time > last.time


def still_needed(search: Search, found: Sequence[Found], changed: Sequence[Substitute]) -> list[Found]:
    """Of the findings those without which the results are not right, whatever is ``changed``."""
    needed = list(found)
    for one in found:
        rest = [sub for other in needed if other is not one for sub in other.substitutes]
        if search.results_right(search.subject.run((*changed, *rest))):
            needed.remove(one)
    return needed


def line_at(search: Search, record: Record) -> Expression:
    """A line with the values that it read, and those of the other names that it could have read."""
    reads = {read.place.text: read.value for read in reads_of(search, record)}
    return Expression(record.place.computes.removeprefix("return"), {**scope(search, record, search.now.records), **reads})


def _with_one_change(search: Search, visits: Sequence[Record], known: str = "") -> Iterator[Sequence[Value]]:
    """What a line gives at its visits with the same small change of it at each of them; of all changes, or of those ``known`` so."""
    lines = [line_at(search, visit) for visit in visits]
    tried: list[Value] = []
    for each in islice(zip(*(changes(line, ()) for line in lines), strict=False), _MOST) if all(line.tree for line in lines) else ():
        values = [array_of(line.changed(change.part, change.value)) for line, change in zip(lines, each, strict=True)]
        alike = len({(change.id, change.says) for change in each}) == 1 and known in {"", each[0].id}
        fit = all(value is not None and value.shape == getattr(v.value, "shape", None) for value, v in zip(values, visits, strict=True))
        if alike and fit and not any(same(values[0], other) for other in (*tried, visits[0].value)):
            tried.append(values[0])
            yield values


def _other_parts(search: Search, visits: Sequence[Record]) -> Iterator[Sequence[Value]]:
    """Of a line that gives the first or the last rows of something: those of something else that has a name there, or the others."""
    node = expression_of(visits[0].place.text.removeprefix("return"))
    if not isinstance(node, ast.Subscript) or not isinstance(node.slice, ast.Slice):
        return
    within = [scope(search, visit, search.now.records) for visit in visits]
    for name in within[0]:
        wholes = [array for names in within if (array := array_of(names.get(name))) is not None and array.ndim == 2]  # noqa: PLR2004 - matrices
        for size in sorted(sizes_given(search)) if name.isidentifier() and len(wholes) == len(visits) else ():
            yield [whole[:size] for whole in wholes]
            yield [whole[size:] for whole in wholes]


def _is_its_own_fault(search: Search, visits: list[Record], wrong: int) -> bool:
    """Whether a helper is wrong at most of its visits, with right values at each of them, and does not do what its name says."""
    right = all(read_right(search, read) for record in visits for read in reads_of(search, record))
    return 2 * wrong > len(visits) and right and not does_its_work(search, visits[0])


def _another_gates(search: Search, visits: tuple[tuple[object, object], ...]) -> bool:
    """Whether a helper gives at some visit what belongs to another gate: then it does its work, and was asked for another one."""
    for value, right in visits:
        kinds = [
            {kind_of(quantity.name) for quantity in search.quantities.equal(array, search.tolerance) if quantity.made}
            for one in (value, right)
            if (array := array_of(one)) is not None
        ]
        if len(kinds) == 2 and kinds[0] & kinds[1]:  # noqa: PLR2004 - both are arrays
            return True
    return False


def calls_of(function: str) -> re.Pattern[str]:
    """What a call of a helper looks like; one without a name may be called by any."""
    name = last_name(function)
    return re.compile(r"\(" if name == LAMBDA else rf"\b{re.escape(name)}\(")
