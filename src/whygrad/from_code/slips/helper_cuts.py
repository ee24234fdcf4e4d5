"""Helpers that cut a matrix into its parts: cut elsewhere than it should be, or asked to by a call that hands a wrong size to it."""

from __future__ import annotations

import ast
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from whygrad.from_code.observe.arrays import array_of, shape_of
from whygrad.from_code.observe.experiment import Found, Search, callee, last_name
from whygrad.from_code.observe.expression import expression_of
from whygrad.from_code.observe.roles import gets_past, named_so
from whygrad.from_code.reference.parts import FUNCTIONS
from whygrad.from_code.stops.unfit import arrays_of_all
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.observe.arrays import Array
    from whygrad.from_code.observe.subject import Record

_MOST = 10
"""Calls of one helper that are gone through, each of which may come to pass only when those before it are right."""


@dataclass(frozen=True)
class _Cut:
    """A part that a helper takes of the matrix that it is handed as ``whole``: what comes before an index, or what comes after it."""

    place: int
    whole: str
    before: bool


def size_handed_on(search: Search) -> Iterator[Found | None]:
    """A size with which a call asks a helper for the wrong rows or columns: with another size of the assignment more comes right."""
    sizes = sizes_given(search)
    for record in search.now.records:
        place, value = record.place, record.value
        helper = place.kind == "argument" and callee(place.target) in search.once(_cutting)
        if not helper or record.visit or type(value) is not int or value not in sizes or named_so(search, record):
            continue
        for size in sorted(sizes - {value}):
            tried = search.attempt(record, "unfit", [Substitute(place.id, None, size)], size)
            if tried is not None and _explains_shapes(search, tried):
                yield replace(tried, inputs=True, names=(" ".join(place.text.split()),), visits=((value, size),))


def by_a_size_handed_on(search: Search, found: Found) -> Found:
    """From a helper's line, or its call, to the size that is handed to it, where with another of the assignment's all comes right."""
    place, others = found.record.place, [sub for other in search.found if other is not found for sub in other.substitutes]
    if found.how != "value" or found.record.phase:
        return found
    within, sizes = place.function != search.subject.function, sizes_given(search)
    for record in search.last:
        called = callee(record.place.target) if record.place.kind == "argument" and not record.visit else ""
        asks = called == last_name(place.function) if within else record.place.statement == place.statement
        asks = asks and called in search.subject.text.signatures
        for size in sorted(sizes - {record.value}) if asks and type(record.value) is int and record.value in sizes else ():
            put = Substitute(record.place.id, None, size)
            if search.results_right(search.subject.run((*others, put))):
                told = replace(found, record=record, how="unfit", right=size, quantity=None, substitutes=(put,), inputs=True, reads=())
                return replace(told, visits=((record.value, size),), names=(" ".join(record.place.text.split()),))
    return found


def _explains_shapes(search: Search, found: Found) -> bool:
    """Whether results come right that had another shape before, or nothing was returned before."""
    before = search.now.observations
    return any(shape_of(before.get(name)) != shape_of(search.expected[name]) for name in found.cured)


def cut_by_a_helper(search: Search) -> Iterator[Found | None]:
    """A helper that cuts at another place than the assignment does: with what belongs there at each of its calls more comes right."""
    mended = {sub.place for sub in search.substitutes}
    for cuts in search.once(_cutting).values():
        first = next((record for record in search.now.records if record.place.id == cuts[0].place), None)
        whole = None if first is None else _handed_whole(first, cuts[0], search.now.records)
        if first is None or first.place.id in mended or whole is None or whole.ndim != 2:  # noqa: PLR2004 - a matrix
            continue
        tried = list(_cut_elsewhere(search, first, cuts, whole))
        yield max(tried, key=lambda found: (len(found.cured), _gets_to(search, found)), default=None)


def _cut_elsewhere(search: Search, first: Record, cuts: Sequence[_Cut], whole: Array) -> Iterator[Found]:
    """What comes of it if a helper cuts along each axis at each of the sizes."""
    for axis, at in [(axis, at) for axis in (1, 0) for at in sorted(sizes_given(search)) if at < whole.shape[axis]]:
        right = _part(whole, cuts[0], axis, at)
        if right.shape == shape_of(first.value):
            continue
        tried = gets_past(search, first, _cut_so(search, cuts, axis, at), right, how="unfit")
        if tried is not None and (_explains_shapes(search, tried) or not tried.cured):
            yield replace(tried, inputs=True, names=(first.place.text.removeprefix("return").strip(),), visits=((first.value, right),))


def _gets_to(search: Search, found: Found) -> int:
    """How far the function comes with a finding mended."""
    return len(search.subject.traced((*search.substitutes, *found.substitutes))[1])


def _cut_so(search: Search, cuts: Sequence[_Cut], axis: int, at: int) -> tuple[Substitute, ...]:
    """What a helper gives at all its calls if it cuts so: when one is right the next one may come to pass."""
    puts: tuple[Substitute, ...] = ()
    for _ in range(_MOST):
        records, found = search.subject.traced((*search.substitutes, *puts))[1], list[Substitute]()
        for record in records:
            cut = next((cut for cut in cuts if cut.place == record.place.id), None)
            whole = None if cut is None else _handed_whole(record, cut, records)
            if cut is not None and whole is not None and whole.ndim == 2:  # noqa: PLR2004 - a matrix
                found.append(Substitute(cut.place, record.visit, _part(whole, cut, axis, at)))
        if len(found) == len(puts):
            break
        puts = tuple(found)
    return puts


def _handed_whole(record: Record, cut: _Cut, records: Sequence[Record]) -> Array | None:
    """The matrix that a helper was handed at this call."""
    name = last_name(record.place.function)
    for other in reversed(records[: record.time]):
        if other.place.kind == "argument" and other.name == cut.whole and callee(other.place.target) == name:
            return array_of(other.value)
    return None


def sizes_given(search: Search) -> set[int]:
    """The sizes of what the function is handed."""
    return {size for array in arrays_of_all(search.subject.arguments) for size in array.shape}


def _cutting(search: Search) -> dict[str, list[_Cut]]:
    """By the names of the learner's helpers, the parts that they take of what they are handed, if they do nothing else."""
    found: dict[str, list[_Cut]] = defaultdict(list)
    for place in search.subject.places:
        given = search.subject.text.signatures.get(place.function, ())
        if place.kind in {"value", "return"} and given and place.function not in FUNCTIONS:
            cut = _cut(place.id, place.text.removeprefix("return"), given)
            if cut is not None:
                found[last_name(place.function)].append(cut)
    return found


def _cut(place: int, text: str, given: Sequence[str]) -> _Cut | None:
    """The part of a parameter that is written there, if one of its axes is cut at one index."""
    node = expression_of(text)
    if not isinstance(node, ast.Subscript) or not isinstance(node.value, ast.Name) or node.value.id not in given:
        return None
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    ends = [(part.lower, part.upper) for part in parts if isinstance(part, ast.Slice) and (part.lower is None) != (part.upper is None)]
    return _Cut(place, node.value.id, ends[0][0] is None) if len(ends) == 1 else None


def _part(whole: Array, cut: _Cut, axis: int, at: int) -> Array:
    bounds = slice(None, at) if cut.before else slice(at, None)
    return whole[bounds] if axis == 0 else whole[:, bounds]
