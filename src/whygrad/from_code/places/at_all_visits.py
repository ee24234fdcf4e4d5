"""A line of a helper, or of a loop, that is mended at some of its visits: one change of it at all of them may make up for other findings.

What belongs at the line is known where its value is a quantity of its own; at another call of a helper it may be a part of what has no
name, and at another turn of a loop it may not have been asked for. So the changes of the line that give the right value where it is known
are made at every visit, one after another, since what a later one is given may come from an earlier one.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_code.lines.line_changes import changes
from whygrad.from_code.observe.arrays import array_of, same
from whygrad.from_code.observe.dataflow import given_to_helper, reads_of
from whygrad.from_code.observe.experiment import Found, Search, seen_at
from whygrad.from_code.observe.harmless import ACTIVATIONS
from whygrad.from_code.observe.roles import options_for, put
from whygrad.from_code.places.one_helper import line_at
from whygrad.from_code.places.sources import with_these
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.lines.change import Change
    from whygrad.from_code.observe.expression import Expression
    from whygrad.from_code.observe.subject import Record

_MOST_CHANGES = 400
_MOST_FOUND = 6
"""Findings of which each is held against each other one."""
_MOST_TRIED = 4
"""Changes that give the right value, each of which is made at all visits."""


def mend_at_all_visits(search: Search) -> None:
    """Leave out findings that are not needed if another one, mended by a change of its line, is mended at all visits."""
    values = [found for found in search.found if found.how == "value"]
    for found in values if 1 < len(values) <= _MOST_FOUND else ():
        visits = sum(record.place.id == found.record.place.id for record in search.last)
        fits = _fitting_changes(search, found) if found.right is not None and len(found.substitutes) < visits else []
        for other in values if fits else ():
            mended = _in_place_of_both(search, found, other, fits) if other is not found else None
            if mended is not None:
                search.found = [mended if one is found else one for one in search.found if one is not other]
                mend_at_all_visits(search)
                return


def mend_helpers_alike(search: Search) -> None:
    """The same with a helper's line that gives, of what it was given where it is mended, an activation, or is given just that again."""
    for found in [one for one in search.found if one.how == "value" and one.record.place.function != search.subject.function]:
        puts = _given_alike(search, found) if len(search.found) > 1 else ()
        needed = search.found
        for other in [one for one in search.found if one is not found] if len(puts) > len(found.substitutes) else ():
            fewer = [one for one in needed if one is not other]
            rest = tuple(sub for one in fewer if one is not found for sub in one.substitutes)
            needed = fewer if search.results_right(search.subject.run((*rest, *puts))) else needed
        if len(needed) < len(search.found):
            search.found = [replace(found, substitutes=puts) if one is found else one for one in needed]


def _given_alike(search: Search, found: Found) -> tuple[Substitute, ...]:
    """What belongs at each visit of the line, as far as it follows from what belongs at one."""
    visits = [record for record in search.last if record.place.id == found.record.place.id]
    here = next((record for record in visits if record.visit == found.record.visit), None)
    read = None if here is None else next((array for one in reads_of(search, here) if (array := array_of(one.value)) is not None), None)
    right = array_of(found.right)
    if read is None or right is None:
        return ()
    activations = [one for one in (np.tanh, *ACTIVATIONS.values()) if same(one(read), right, search.tolerance)]
    puts: list[Substitute] = []
    for record in visits:
        given = next((array for one in reads_of(search, record) if (array := array_of(one.value)) is not None), None)
        if given is not None and (activations or same(given, read, 0.0)):
            puts.append(Substitute(record.place.id, record.visit, activations[0](given) if activations else right))
    return tuple(puts)


def _fitting_changes(search: Search, found: Found) -> list[int]:
    """The numbers of those changes of the line that give the right value at the record found, all others being mended."""
    record = _seen(search, found.record, found.record.visit, tuple(s for one in search.found if one is not found for s in one.substitutes))
    worth = [] if record is None else [line.changed(change.part, change.value) for line, change in _changes(search, record)]
    return [number for number, value in enumerate(worth) if same(value, found.right, search.tolerance)][:_MOST_TRIED]


def _in_place_of_both(search: Search, found: Found, other: Found, fits: Sequence[int]) -> Found | None:
    """One finding with the first change that, made at each visit, makes all right without the other one."""
    rest = tuple(sub for one in search.found if one not in (found, other) for sub in one.substitutes)
    for number in fits:
        puts = _changed_everywhere(search, found, number, rest)
        if puts and search.results_right(search.subject.run((*rest, *puts))):
            first = _seen(search, found.record, 0, rest) or found.record
            reads = tuple(reads_of(search, first))
            return Found(first, "value", puts[0].value, None, puts, found.cured | other.cured, inputs=True, reads=reads)
    return None


def _changed_everywhere(search: Search, found: Found, number: int, rest: tuple[Substitute, ...]) -> tuple[Substitute, ...]:
    """What the line gives at each visit with one of its changes, the ``rest`` being mended; nothing where it gives none."""
    puts: tuple[Substitute, ...] = ()
    while (record := _seen(search, found.record, len(puts), (*rest, *puts))) is not None:
        change = next(islice(_changes(search, record), number, None), None)
        value = None if change is None else array_of(change[0].changed(change[1].part, change[1].value))
        if value is None:
            return ()
        puts = (*puts, Substitute(record.place.id, record.visit, value))
    return puts


def hides_another(search: Search) -> Found | None:
    """A helper's line that is put right at its visits, mended at all of them, if then something is wrong behind it.

    What is put there may differ from call to call, and make up for the line that calls; a change of the line's own text cannot.
    """
    for found in search.found if search.complete and search.subject.cell == search.subject.function else ():
        place, puts = found.record.place, {(sub.place, sub.visit or 0): sub.value for sub in found.substitutes}
        visits = sum(record.place.id == place.id for record in search.last)
        inside = found.how == "value" and place.function != search.subject.function and {put for put, _ in puts} == {place.id}
        if not inside or found.right is None or visits == 1:
            continue
        rest = tuple(sub for one in search.found if one is not found for sub in one.substitutes)
        fits = _fitting_somewhere(search, found, rest)
        tried = [(visit, mended) for number, visit in fits if (mended := _changed_everywhere(search, found, number, rest))]
        if tried and not any(search.results_right(search.subject.run((*rest, *mended))) for _, mended in tried):
            visit, mended = tried[0]
            return _at_visit(search, replace(found, substitutes=mended, inputs=True), visit, rest)
    return None


def _fitting_somewhere(search: Search, found: Found, rest: tuple[Substitute, ...]) -> list[tuple[int, int]]:
    """The changes of the line that give what is put there at most of its visits, by number, each with the first visit at which it does.

    None where something is put at all visits and one kind of change gives that: the numbers may differ with what is known at a visit.
    """
    at = with_these(search, (*rest, *found.substitutes))
    fits: dict[int, list[int]] = {}
    kinds: dict[tuple[str, str], set[int]] = {}
    for sub in sorted(found.substitutes, key=lambda sub: sub.visit or 0):
        record, visit = at.get((sub.place, sub.visit or 0)), sub.visit or 0
        for number, (line, change) in enumerate(_changes(search, record) if record is not None else ()):
            if same(line.changed(change.part, change.value), sub.value, search.tolerance):
                fits.setdefault(number, []).append(visit)
                kinds.setdefault((change.id, change.says), set()).add(visit)
    everywhere = sum(record.place.id == found.record.place.id for record in search.last)
    most = max(map(len, fits.values()), default=0)
    if any(len(visits) == everywhere for visits in kinds.values()):
        return []
    return [(number, visits[0]) for number, visits in sorted(fits.items()) if len(visits) == most][:_MOST_TRIED]


def _at_visit(search: Search, found: Found, visit: int, rest: tuple[Substitute, ...]) -> Found:
    """A finding of a line that is mended at all its visits, told of this visit."""
    record = None if visit == found.record.visit else _seen(search, found.record, visit, rest)
    if record is None:
        return found
    right = next(sub.value for sub in found.substitutes if sub.visit == visit)
    return replace(found, record=record, right=right, quantity=None, reads=tuple(reads_of(search, record)))


def handed_wrongly(search: Search, found: Found) -> Found | None:
    """In the place of a helper's line that is put right at one visit: what that call hands over, if with something else all is right."""
    search.substitutes = tuple(sub for one in search.found if one is not found for sub in one.substitutes)
    search.round = search.look()
    record = seen_at(search.now.records, found.record.place.id, found.record.visit)
    for given in given_to_helper(search, record) if record is not None and len(found.substitutes) == 1 else ():
        for option in options_for(search, given):
            tried = search.attempt(given, "value", put([(given, option.value)]), option.value, option)
            if tried is not None and tried.cured >= found.cured:
                return replace(tried, reads=tuple(reads_of(search, given)), inputs=True)
    return None


def _seen(search: Search, where: Record, visit: int, puts: tuple[Substitute, ...]) -> Record | None:
    """What the line gives at a visit when this is put there; looks again."""
    return with_these(search, puts).get((where.place.id, visit))


def _changes(search: Search, record: Record) -> Iterator[tuple[Expression, Change]]:
    """The small changes of a line."""
    line = line_at(search, record)
    for change in islice(changes(line, ()), _MOST_CHANGES) if line.tree is not None else ():
        yield line, change
