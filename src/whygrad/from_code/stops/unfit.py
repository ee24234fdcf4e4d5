"""A function that ends with an error since shapes do not fit: sizes, and arrays to be filled, that were wrong before that line."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import permutations
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.from_code.observe.arrays import array_of, shape_of
from whygrad.from_code.observe.experiment import GIVES, Found, Search, buffer
from whygrad.from_code.observe.roles import gets_past, gives_results, named_so, put
from whygrad.from_code.reference.parts import ARGUMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.observe.arrays import Array
    from whygrad.from_code.observe.subject import Record
    from whygrad.sandbox.requests import Substitute, Value

_SIZES = {"xt": ("n_x", "m"), "a_prev": ("n_a", "m"), "x": ("n_x", "m"), "a0": ("n_a", "m"), "da_next": ("n_a", "m"), "da": ("n_a", "m")}
"""What the course calls the sizes of what a function is called with."""
_MOST = 4
"""Sizes that are taken from one shape."""


def unfit(search: Search) -> Iterator[Found | None]:
    """Of each line the names whose size, or where nothing is returned shape, is not that of the assignment's name, all at once."""
    given = gives_results(search)
    if not given or _of_another_shape_than_asked(search):
        yield from _sizes_in_another_order(search)
    lines: dict[int, list[tuple[Record, Value]]] = defaultdict(list)
    for record in search.now.records:
        place = record.place
        if place.function == search.subject.function and _has_the_name(record) and (not given or isinstance(record.value, int)):
            right = next((quantity.value for quantity in search.quantities.named(record.name, record.phase)), None)
            if right is not None and _differs(record, right):
                lines[place.statement].append((record, right if isinstance(right, int) else np.zeros_like(right)))
    for belongs in lines.values():
        record, right = belongs[0]
        tried = gets_past(search, record, tuple(put(belongs)), right, how="unfit", sure=True)
        visits = tuple((record.value, right) for record, right in belongs)
        names = tuple(record.name for record, _ in belongs)
        yield tried and Found(record, "unfit", right, None, tried.substitutes, tried.cured, inputs=True, names=names, visits=visits)


def _of_another_shape_than_asked(search: Search) -> bool:
    """Whether a result has other sizes than it should have; another number of axes comes of no size."""
    before = search.now.observations
    shapes = ((before[name].shape, np.shape(cast("Any", search.expected[name]))) for name in search.now.wrong if name in before)
    return any(given != right and len(given) == len(right) for given, right in shapes)


def packed(search: Search) -> Iterator[Found | None]:
    """A line that ends in a comma: what it makes is put into a tuple, and NumPy takes that for an array with one more axis."""
    lines: dict[int, list[tuple[Record, Value]]] = defaultdict(list)
    for record in search.now.records:
        value: Any = record.value
        items = cast("tuple[Any, ...]", value) if isinstance(value, tuple) else ()
        if record.place.kind == "assign" and len(items) == 1 and shape_of(items[0]):
            lines[record.place.id].append((record, items[0]))
    for belongs in lines.values():
        (first, right), axes = belongs[0], len(shape_of(belongs[0][1]) or ())  # a sum gains an axis at each turn
        yield search.attempt(first, "packed", put([(record, _without_first(value, axes)) for record, value in belongs]), right)


def _sizes_in_another_order(search: Search) -> Iterator[Found | None]:
    """The sizes that one line takes from a shape, whatever their names: in another order, or of another array, all comes right."""
    lines: dict[int, list[Record]] = defaultdict(list)
    for record in search.now.records:
        place = record.place
        alone = place.kind == "assign" and place.target.isidentifier() and not place.loops
        if (alone or place.kind == "target") and isinstance(record.value, int) and not record.visit:
            lines[place.statement].append(record)
    for records in lines.values():
        values = [record.value for record in records]
        if all(named_so(search, record) or _called_so(search, record) is True for record in records):
            continue
        known = any(_called_so(search, record) is False for record in records)
        shapes = dict.fromkeys(array.shape for array in arrays_of_all(search.subject.arguments))
        others = [shape for shape in shapes if len(shape) == len(records)]
        if len(records) == 1:
            others = [(size,) for size in dict.fromkeys(size for shape in shapes for size in shape)]
        for order in (*permutations(values), *others) if len(records) <= _MOST else ():
            belongs = [(record, right) for record, right in zip(records, order, strict=True) if record.value != right]
            tried = gets_past(search, belongs[0][0], tuple(put(belongs)), belongs[0][1], how="unfit", sure=known) if belongs else None
            if tried is not None and _comes_right(search, (*search.substitutes, *tried.substitutes), known=known):
                names = tuple(record.place.target for record, _ in belongs)
                visits = tuple((record.value, right) for record, right in belongs)
                yield replace(tried, inputs=True, names=names, visits=visits)


def _comes_right(search: Search, substitutes: tuple[Substitute, ...], *, known: bool) -> bool:
    """Whether all results are right; where it is ``known`` that a size is wrong, whether the function comes to its end."""
    observations, _, reply = search.subject.traced(substitutes)
    return search.results_right(observations) or (known and reply.raised is None)


def _called_so(search: Search, record: Record) -> bool | None:
    """Whether a size is the one that the course calls so, as what the function is called with has it; None where nothing is."""
    given = dict(zip(ARGUMENTS[search.subject.function], search.subject.arguments, strict=False))
    sizes = {size for name, names in _SIZES.items() for size in zip(names, shape_of(given.get(name)) or (), strict=False)}
    return (record.name, record.value) in sizes if any(name == record.name for name, _ in sizes) else None


def _without_first(value: Value, axes: int) -> Value:
    """An array without the first of its axes, if those hold one entry each and so many others are left."""
    array = array_of(value)
    return array.reshape(array.shape[-axes:]) if array is not None and 0 < axes < array.ndim and set(array.shape[:-axes]) == {1} else value


def arrays_of_all(arguments: Sequence[Value]) -> Iterator[Array]:
    """The arrays in arguments, and in a pair such as the caches and x."""
    for argument in arguments:
        items = cast("Sequence[Any]", argument) if isinstance(argument, tuple) else (argument,)
        yield from (cast("Array", item) for item in items if isinstance(item, np.ndarray))


def _has_the_name(record: Record) -> bool:
    """Whether a name, or an entry of a dictionary, gets its value as a whole."""
    kind, target = record.place.kind, record.place.target
    entry = kind == "value" and not target.isdigit()
    return entry or (kind in GIVES and (target == record.name or (target.endswith("]") and ":" not in target)))


def _differs(record: Record, right: Value) -> bool:
    """Whether a size is another number, or several, or an array that was made to be filled has another shape."""
    if isinstance(right, int) and isinstance(record.value, (int, tuple)):
        return cast("Any", record).value != right
    return buffer(record) and shape_of(record.value) != shape_of(right)
