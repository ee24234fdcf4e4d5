"""Several lines that raise since one name has no value: one mistake, where one line would give it to all of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.from_code.observe.experiment import Search, undone
from whygrad.from_code.reference.inputs import ENTRIES, SIZE_NAMES, names_in_notebook

if TYPE_CHECKING:
    from whygrad.from_code.observe.experiment import Found


def join_without_a_value(search: Search) -> None:
    """Put lines together that raise since one name has no value, at the first of them; and those that lack what a cache holds.

    So are names of the notebook that one line reads, sizes apart. A line that should give the name its value stays by itself, but for
    the one that takes a cache apart and has no name for it: those that lack it only follow.
    """
    first: dict[tuple[str, ...], Found] = {}
    for found in [one for one in search.found if one.how == "raises" and one.names and one.record.place.target not in one.names]:
        key = _lacks(search, found)
        before = first.setdefault(key, (_takes_apart(search) if key == ("cache",) else None) or found)
        if before is not found:
            names = tuple(dict.fromkeys((*before.names, *found.names)))
            whole = replace(before, substitutes=(*before.substitutes, *found.substitutes), cured=before.cured | found.cured, names=names)
            first[key] = whole
            search.found = [whole if one is before else one for one in search.found if one is not found]


def join_with_what_is_added(search: Search) -> None:
    """Leave out a line that adds to a name, where all is right with the rest of the sum at the line before it that raises."""
    for found in [one for one in search.found if one.how == "raises" and len(one.substitutes) == 1]:
        for other in [one for one in search.found if one.how == "value" and len(one.substitutes) == 1]:
            place, (put,) = other.record.place, found.substitutes
            if place.kind != "after" or (place.target, place.function) != (found.record.place.target, found.record.place.function):
                continue
            rest = tuple(sub for one in search.found if one not in (found, other) for sub in one.substitutes)
            seen = search.subject.traced((*rest, put))[1]
            added = next((one for one in seen if one.place.kind == "right" and one.place.statement == place.statement), None)
            before = None if added is None else undone(place, other.right, added.value)
            mended = (replace(put, value=before),)
            if before is None or not search.results_right(search.subject.run((*rest, *mended))):
                continue
            quantity = next(search.quantities.equal(before, search.tolerance), None)
            whole = replace(found, right=before, quantity=quantity, substitutes=mended, cured=found.cured | other.cured)
            search.found = [whole if one is found else one for one in search.found if one is not other]
            return


def _lacks(search: Search, found: Found) -> tuple[str, ...]:
    """What two findings have in common that one line would mend."""
    family, _, kind = search.subject.function.partition("_")
    if kind == "cell_backward" and set(ENTRIES[family]).issuperset(found.names):
        return ("cache",)
    outside = names_in_notebook().issuperset(found.names) and not set(SIZE_NAMES).issuperset(found.names)
    return (str(found.record.place.statement),) if outside else found.names


def _takes_apart(search: Search) -> Found | None:
    """The finding at a line that raises since it has fewer names than a cache has entries."""
    entries = ENTRIES[search.subject.function.partition("_")[0]]
    for found in search.found:
        place = found.record.place
        beside = [other for other in search.subject.places if other.kind == "target" and other.statement == place.statement]
        if found.how == "raises" and place.kind == "target" and place.target in entries and len(beside) < len(entries):
            return found
    return None
