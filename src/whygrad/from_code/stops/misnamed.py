"""A function that ends with an error since a name has no value: a line before makes what belongs to it, and gives that another name."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from whygrad.from_code.observe.arrays import array_of, same, shape_of
from whygrad.from_code.observe.experiment import GIVES, Search, buffer
from whygrad.from_code.observe.pieces import parts_of
from whygrad.from_code.observe.roles import of_the_cell, slot_of
from whygrad.from_code.observe.stopped import has_no_value_yet, without_a_value
from whygrad.from_code.observe.subject import name_of
from whygrad.from_code.reference.inputs import OUTPUTS
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_code.observe.experiment import Found
    from whygrad.from_code.observe.subject import Record
    from whygrad.sandbox.places import Place
    from whygrad.sandbox.requests import Raised, Value

_ALIKE = 0.6
"""Names that are so much alike may be one name misspelt."""


def misspelt_before(search: Search, raised: Raised) -> Iterator[Found | None]:
    """A name that lines read and none gives a value: the line whose value it should hold, where another name got it.

    Nothing but that name is changed: what the other one held before it holds again. If it is no misspelling of a name that nobody
    reads, all has to be right then. A name that holds what it says is no other one's: then the line that reads has the name wrong.
    """
    name = without_a_value(raised)
    if not name.isidentifier():
        return
    visits = Counter(record.place.id for record in search.last)
    given = [record for record in search.last if record.place.kind in GIVES and visits[record.place.id] == 1]
    given = [one for one in given if one.place.function == search.subject.function and one.place.target.isidentifier()]
    alike = {one.place.id: SequenceMatcher(None, one.place.target, name).ratio() for one in given}
    for made in sorted(given, key=lambda one: (-alike[one.place.id], -one.time)):
        own = made.place.target
        if own == name or _rightly_called(search, made):
            continue
        misspelt = own in search.subject.text.unread and alike[made.place.id] > _ALIKE
        if misspelt and _rather_read_wrongly(search, own, name):
            return
        if not misspelt and has_no_value_yet(raised) and not _is_called(search, made, name):  # the line that reads has it wrong
            continue
        before = search.subject.lazy
        found = _under_the_name(search, made, name, raised)
        if found is not None and (misspelt or search.results_right(search.subject.run((*search.substitutes, *found.substitutes)))):
            yield replace(found, names=(own, name), inputs=True)
            return
        search.subject.lazy = before


def _rightly_called(search: Search, made: Record) -> bool:
    """Whether a line's own name is the one that its value has where it is taken from, or in the reference."""
    own = made.place.target
    named = any(same(made.value, quantity.value, search.tolerance) for quantity in search.quantities.named(own, made.phase))
    return named or name_of(made.place.text.partition("=")[2]) == own


def _is_called(search: Search, made: Record, name: str) -> bool:
    """Whether the reference has what a line makes under this name, or the first call of the cell is given that by it."""
    belongs = [quantity.value for quantity in search.quantities.named(name, made.phase)]
    slots = [slot_of(search, place.target) for place in search.subject.places if of_the_cell(search, place) and place.text == name]
    belongs += [call[slot] for call in search.quantities.calls[:1] for slot in slots if slot is not None]
    return any(same(made.value, value, search.tolerance) for value in belongs)


def _rather_read_wrongly(search: Search, own: str, name: str) -> bool:
    """Whether several lines give the one name a value and one line reads the other: it is that line which has the name wrong."""
    gives = {place.statement for place in search.subject.places if place.kind in GIVES and place.target == own}
    reads = {place.statement for place in search.subject.places if place.text == name}
    return len(gives) > 1 and len(reads) == 1


def _under_the_name(search: Search, made: Record, name: str, raised: Raised) -> Found | None:
    """What a line makes, put wherever the name is read; its own name holds what it held before."""
    value = _in_the_end(search, made.value, name) if buffer(made) else made.value
    reads = _reading(search, name, value, made)
    held = _held_before(search, made)
    if held is None and search.subject.text.reads_later(made.place):
        return None
    puts = [Substitute(place.id, None, read) for place, read in reads]
    if has_no_value_yet(raised):  # the first time alone: then another line gives the name a value
        reads = [(place, read) for place, read in reads if place.line <= (raised.line or 0) <= place.end_line]
        puts = [Substitute(place.id, 0, read) for place, read in reads]
    if not reads or value is None:
        return None
    search.subject.lazy |= {place.id for place, _ in reads}
    kept = [] if held is None else [Substitute(made.place.id, made.visit, held)]
    found = search.attempt(made, "misspelt", (*puts, *kept), made.value)
    return None if found is None or (held is None and _read_next(search, made, found)) else found


def _reading(search: Search, name: str, value: Value, made: Record) -> list[tuple[Place, Value]]:
    """The places that read a name that holds this, or a part of it, and what each of them reads then."""
    array = array_of(value)
    texts: dict[str, Value] = {name: value, f"return {name}": value}
    if array is not None and array.ndim:
        numbers = {record.place.target: record.value for record in search.last if isinstance(record.value, int)}
        cut = ", ".join(place.text for place in search.subject.places if place.text.startswith(f"{name}["))
        texts |= {**parts_of(cut, {name: array}, numbers), f"{name}.T": array.T}
    here = (place for place in search.subject.places if place.function == made.place.function and place.text in texts)
    return [(place, texts[place.text]) for place in here if place.text != place.target]


def _read_next(search: Search, made: Record, found: Found) -> bool:
    """Whether the line's own name is read before another line gives it a value: then it is no other name's."""
    own = made.place.target
    for record in search.subject.traced((*search.substitutes, *found.substitutes))[1][made.time + 1 :]:
        if record.place.statement != made.place.statement and record.place.function == made.place.function:
            if record.place.target == own and record.place.kind in GIVES:
                return False
            if record.place.text.partition(".")[0].removeprefix("return").strip() == own:
                return True
    return False


def _held_before(search: Search, made: Record) -> Value | None:
    """What the line's own name held until then."""
    own, function = made.place.target, made.place.function
    for one in reversed(search.last[: made.time]):
        if one.place.function == function and own in {one.place.target, one.place.text} and one.place.statement != made.place.statement:
            return one.value
    return dict(zip(search.subject.text.signatures.get(function, ()), search.subject.arguments, strict=False)).get(own)


def _in_the_end(search: Search, made: Value, name: str) -> Value:
    """What an array that is made to be filled holds in the end, if it is the result of this name."""
    outputs = OUTPUTS.get(search.subject.function, ())
    right: Value = search.quantities.results.get(str(outputs.index(name)) if name in outputs else name)
    return right if shape_of(right) == shape_of(made) else made
