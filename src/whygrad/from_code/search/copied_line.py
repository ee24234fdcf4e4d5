"""A line of a cell that adds to a sum what another line adds to it already: it stands in the place of another term, of this sum or another.

So one sum has a term twice and another one lacks a term, which is one mistake; or of one line all names seem to be wrong.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import permutations
from typing import TYPE_CHECKING, NamedTuple

from whygrad.from_code.observe.arrays import array_of, same
from whygrad.from_code.observe.experiment import HOLDS, adds_to_itself
from whygrad.from_code.slips.added_elsewhere import out_of_turn
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.arrays import Array
    from whygrad.from_code.observe.experiment import Found, Search
    from whygrad.from_code.observe.subject import Record
    from whygrad.sandbox.places import Place

_LOOKS_COPIED = (
    "This line looks like one that was copied. Each sum has one term for each gate, once: write down, line by line, which sum is added to, "
    "which weight stands there and which gradient. Which pair comes twice, and which never?"
)


_TWO = 2


class _Line(NamedTuple):
    """A line that is run once, and how much more the name holds behind it than before."""

    record: Record
    added: Array


def lines_copied(search: Search, found: list[Found], findings: tuple[Finding, ...]) -> tuple[list[Found], tuple[Finding, ...]]:
    """What was found, and what is told of it, with one such line in the place of what it was taken for."""
    if search.subject.cell != search.subject.function or not search.complete or len(found) != len(findings):
        return found, findings
    told = list(findings)
    for number, one in enumerate(found):
        alike = _identical(search, one.record.place, findings[number].line) if findings[number].id == "term-repeated" else None
        if alike is not None:
            told[number] = _at(findings[number], *alike)
        pairs = _twins(search, one.record.place)
        lacking = [n for n, other in enumerate(findings) if other.id == "term-dropped" and n != number and pairs]
        rest = tuple(sub for other in found if other is not one for sub in other.substitutes)
        if pairs and search.results_right(search.subject.run((*rest, _without(pairs[0][0])))):
            for other in lacking[:1]:
                name = found[other].record.place.target
                line, twin = min(pairs, key=lambda pair: _turns(search, pair[0].record.place, name))
                what = f"a part of the sum is missing from {name}"
                told[number] = _told(replace(findings[number], id="accumulator-copied", proof="proved"), line, twin, what)
                both = replace(one, substitutes=(*found[other].substitutes, _without(line)), cured=one.cured | found[other].cured)
                kept = [n for n in range(len(found)) if n != other]
                return [both if n == number else found[n] for n in kept], tuple(told[n] for n in kept)
            continue
        here = next((pair for pair in pairs if pair[0].record.place.id == one.record.place.id), None)
        if here is not None and findings[number].id not in {None, "term-repeated"}:
            told[number] = _told(replace(findings[number], id="term-repeated"), *here, "another part of the sum is missing")
    return found, tuple(told)


def _identical(search: Search, place: Place, told: int) -> tuple[Place, Place] | None:
    """Of lines that add to the name which a line adds to two that are written alike, the later one first, if that line is neither."""
    texts: dict[str, dict[int, Place]] = {}
    for one in (record.place for record in search.subject.traced(())[1]):
        if one.kind in HOLDS and (one.target, one.function) == (place.target, place.function):
            texts.setdefault(" ".join(one.text.split()), {})[one.line] = one
    alike = [list(lines.values()) for lines in texts.values() if len(lines) == _TWO]
    return None if len(alike) != 1 or told in {one.line for one in alike[0]} else (alike[0][1], alike[0][0])


def _at(finding: Finding, place: Place, other: Place) -> Finding:
    """What is told of a line, told of another one, beside the one that is written like it."""
    at = replace(finding, source=place.source, line=place.line, column=place.column, text=" ".join(place.text.split())[:200], ideas=())
    return replace(at, lines=((other.source, other.line),))


def _told(finding: Finding, line: _Line, twin: _Line, missing: str) -> Finding:
    """What is told of a line that adds what another one adds."""
    place, other, (look, _, asks) = line.record.place, twin.record.place, finding.hints
    says = f"the same is added to {place.target} twice, here and at line {other.line}, and {missing}"
    return replace(_at(finding, place, other), says=says, hints=(look, _LOOKS_COPIED, asks))


def _twins(search: Search, place: Place) -> list[tuple[_Line, _Line]]:
    """Two lines that add the same to the name that a line gives a value, either way round."""
    if place.kind not in HOLDS or place.function != search.subject.function:
        return []
    lines, held = list[_Line](), None
    for record in search.subject.traced(())[1]:
        array = array_of(record.value)
        if record.place.kind in HOLDS and (record.place.target, record.place.function) == (place.target, place.function):
            added = array if held is None or array is None or held.shape != array.shape else array - held
            held = array
            lines += [_Line(record, added)] if added is not None and added.any() and (not lines or _adds(record.place)) else []
    visits = Counter(line.record.place.id for line in lines)
    once = [line for line in lines if visits[line.record.place.id] == 1]
    return [(one, other) for one, other in permutations(once, 2) if same(one.added, other.added, search.tolerance)]


def _adds(place: Place) -> bool:
    """Whether a line adds to a name what it holds more behind it: twice as much may be a product too."""
    return adds_to_itself(place) and place.text.partition("=")[0].rstrip()[-1:] not in "*/@"


def _without(line: _Line) -> Substitute:
    """What the name holds behind a line that adds nothing."""
    value = array_of(line.record.value)
    return Substitute(line.record.place.id, line.record.visit, None if value is None else value - line.added)


def _turns(search: Search, line: Place, name: str) -> tuple[bool, int, int]:
    """How far out of their order the lines of two sums stand if this one is the other sum's; of two as good ones the later.

    They stand in it one sum after the other, or in turn.
    """
    places = [one.place for one in search.subject.traced(())[1] if one.place.kind in HOLDS and one.place.target in {line.target, name}]
    order = list(dict.fromkeys(place.target for place in places))
    names = [name if place.id == line.id else place.target for place in places]
    return names != order * (len(names) // len(order)), out_of_turn(names, order), -line.line
