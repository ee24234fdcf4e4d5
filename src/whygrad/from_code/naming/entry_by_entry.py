"""Arrays that loops fill entry by entry: what is wrong in one is told at the line that fills it, or at the number that it is made of.

The search sees an array as a whole only where it is handed on. The line that fills it stands before, and is the one to mend.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.from_code.observe.arrays import array_of, shape_of
from whygrad.mistakes.words import listed
from whygrad.sandbox.trees import names_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.arrays import Array
    from whygrad.from_code.observe.experiment import Found, Search
    from whygrad.sandbox.places import Place


_ENTRY = re.compile(r"\w+(\[(?:(?!\.\.\.)[^:\[\]\"'])+\])+")
"""An entry of an array that is written to."""


def at_entries(search: Search, found: Sequence[Found], findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings, those of arrays that are filled entry by entry at the line that does it; several at the number that all are made of."""
    if not findings:
        return ()
    filled = {number: place for number, one in enumerate(found) if (place := _filled(search, one)) is not None}
    maker = _read_by_all(search, [filled.get(number, one.record.place) for number, one in enumerate(found)])
    if maker is not None and not _is_right(search, maker) and not any(finding.proof == "contract" for finding in findings):
        says = f"{findings[0].says.rstrip('.')}; {_array(maker)} is filled here entry by entry, and all that comes out wrong is made of it"
        return (replace(_at(findings[0], maker), says=says),)
    if not filled:
        return findings
    source = _made_of(search, list(filled.values())) if len(filled) > 1 else None
    if source is None:
        return tuple(_at(finding, filled[number]) if number in filled else finding for number, finding in enumerate(findings))
    first, names = min(filled), listed(_array(place) for place in filled.values())
    says = f"{findings[first].says.rstrip('.')}; {names} are made of {source.target}, entry by entry"
    one = replace(_at(findings[first], source), says=says)
    return tuple(one if number == first else finding for number, finding in enumerate(findings) if number == first or number not in filled)


def _filled(search: Search, one: Found) -> Place | None:
    """The one line that fills the array that a line hands on; None where several do, or none."""
    place = one.record.place
    name = place.text.strip()
    if one.how not in {"value", "argument"} or not name.isidentifier():
        return None
    value = one.record.value
    if search.quantities.recognised(value, search.tolerance) and not _is_turned(search, array_of(value)):
        return None  # it is filled rightly, and handed on where another belongs
    return _filling(search, place.function).get(name)


def _is_turned(search: Search, array: Array | None) -> bool:
    """Whether a matrix is a quantity only with its rows and columns exchanged."""
    if array is None or array.ndim != 2:  # noqa: PLR2004 - a matrix
        return False
    as_it_is, turned = (next(search.quantities.equal(one, search.tolerance), None) for one in (array, array.T))
    return as_it_is is None and turned is not None


def _filling(search: Search, function: str) -> dict[str, Place]:
    """By array, the line of a function that fills it entry by entry, where it is the only one."""
    found: dict[str, list[Place]] = defaultdict(list)
    for place in search.subject.places:
        if place.function == function and place.kind in {"assign", "after"} and _ENTRY.fullmatch(place.target):
            found[_array(place)].append(place)
    return {name: places[0] for name, places in found.items() if len({place.statement for place in places}) == 1}


def _read_by_all(search: Search, lines: Sequence[Place]) -> Place | None:
    """The line that fills the only such array that several lines read."""
    filling = _filling(search, lines[0].function) if len(lines) > 1 else {}
    shared = set(filling).intersection(*(_names(place) - {_array(place)} for place in lines))
    return filling[shared.pop()] if len(shared) == 1 else None


def _is_right(search: Search, maker: Place) -> bool:
    """Whether the array that a line fills is made, or read, as a right quantity."""
    name = _array(maker)
    seen = (
        record
        for record in search.last
        if record.place.id == maker.id or (record.place.kind == "read" and record.place.text.partition("[")[0] == name)
    )
    return any(search.quantities.recognised(record.value, search.tolerance) for record in seen)


def _array(place: Place) -> str:
    return place.target.partition("[")[0]


def _names(place: Place) -> set[str]:
    try:
        tree = ast.parse(place.text.strip())
    except SyntaxError:
        return set()
    return names_in(tree)


def _made_of(search: Search, lines: Sequence[Place]) -> Place | None:
    """The line that makes the only number which all these lines read, and no other line that fills an array."""
    numbers = {
        record.place.target: record.place
        for record in search.last
        if record.place.kind == "assign" and record.place.function == lines[0].function and shape_of(record.value) == ()
    }
    others = [
        place
        for place in search.subject.places
        if place.kind in {"assign", "after"} and _ENTRY.fullmatch(place.target) and place not in lines
    ]
    shared = set(numbers).intersection(*map(_names, lines)).difference(*map(_names, others))
    return numbers[shared.pop()] if len(shared) == 1 else None


def _at(finding: Finding, place: Place) -> Finding:
    """The finding at another line, which no experiment has shown to be the one."""
    text = " ".join(place.text.split())[:200]
    return replace(finding, line=place.line, column=place.column, text=text, proof="located")
