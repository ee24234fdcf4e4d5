"""A function that ends with an error where something does not fit: a line that stores into a part of an array, a loop that runs too far."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.from_code.observe.arrays import array_of, shape_of
from whygrad.from_code.observe.experiment import GIVES, Search, buffer
from whygrad.from_code.observe.roles import gets_past
from whygrad.from_code.observe.stopped import Stopped
from whygrad.from_code.reference.inputs import OUTPUTS
from whygrad.from_code.stops.unfit import arrays_of_all
from whygrad.sandbox.requests import Substitute
from whygrad.sandbox.trees import names_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_code.observe.arrays import Array
    from whygrad.from_code.observe.experiment import Found
    from whygrad.sandbox.requests import Value

_GATES = 4
_WHOLE = frozenset(("read", "argument", "value", "target", "return", "element"))


def does_not_fit(search: Search) -> Iterator[Found | None]:
    """Something that fits is stored there, and who reads the array as a whole gets the right one: the line alone is to blame."""
    stopped = Stopped(search.subject, search.substitutes)
    node, line, last = stopped.node, stopped.line, search.last[-1] if search.last else None
    if not isinstance(node, ast.Subscript) or not isinstance(node.value, ast.Name) or not isinstance(line, ast.Assign) or last is None:
        return
    stores = [record for record in search.last if record.place.statement == last.place.statement and record.place.kind == "assign"]
    array, name = stopped.array(node.value), node.value.id
    right = None if array is None else _whole(search, name, array)
    parts = _parts(node.slice)
    if array is None or right is None or not stores or not any(target is node for target in line.targets) or len(parts) > array.ndim:
        return
    room = np.zeros_like(array[tuple(_any_index(part, stopped) for part in parts)])
    texts: dict[str, Array] = {name: right, f"{name}.T": right.T}
    puts = [Substitute(stores[-1].place.id, None, room)]
    for place in search.subject.places:
        if place.kind == "index" and place.statement == last.place.statement:
            puts.append(Substitute(place.id, None, 0))
        elif place.kind in _WHOLE and place.function == stores[-1].place.function and place.text in texts:
            puts.append(Substitute(place.id, None, texts[place.text]))
    yield gets_past(search, stores[-1], tuple(puts), None, sure=True)


def runs_past(search: Search) -> Iterator[Found | None]:
    """A loop of a cell that goes on past the end of what an index of its counts: without those turns it goes on."""
    stopped = Stopped(search.subject, search.substitutes)
    size = re.search(r"out of bounds for axis \d+ with size (\d+)", stopped.raised.text)
    if size is None or not isinstance(stopped.node, ast.Subscript) or search.subject.cell != search.subject.function:
        return
    names = names_in(stopped.node.slice)
    loops = [record for record in search.last if record.place.kind == "loop" and record.place.target in names]
    for record in {record.place.id: record for record in loops}.values():
        value: Any = record.value
        every = cast("list[int]", value) if isinstance(value, list) else []
        turns = [turn for turn in every if turn < int(size[1])]
        if 0 < len(turns) < len(every):
            yield gets_past(search, record, (Substitute(record.place.id, None, turns),), turns, how="loop")


def made_too_small(search: Search) -> Iterator[Found | None]:
    """An array, or a list, that a line makes to be filled, where with another size of one axis, or length, all results come right."""
    stopped = Stopped(search.subject, search.substitutes)
    filled = stopped.node if isinstance(stopped.node, ast.Subscript) and isinstance(stopped.node.ctx, ast.Store) else None
    name = filled.value.id if filled is not None and isinstance(filled.value, ast.Name) else ""
    gave = [record for record in search.last if record.place.kind in GIVES and record.place.target == name]
    if len(gave) != 1 or gave[0].visit or gave[0].place.loops:
        return
    made, value = gave[0], gave[0].value
    sizes = dict.fromkeys(size for array in arrays_of_all(search.subject.arguments) for size in array.shape)
    sizes |= dict.fromkeys((*(_GATES * size for size in sizes), *(one + other for one in sizes for other in sizes)))
    options: list[Value] = []
    if isinstance(value, list) and (items := cast("list[Any]", value)):
        options = [items[:1] * size for size in sizes if size != len(items)]
    elif (array := array_of(value)) is not None and (buffer(made) or not array.any()):
        options = [
            np.zeros((*array.shape[:axis], size, *array.shape[axis + 1 :]))
            for axis in range(array.ndim)
            for size in sizes
            if size != array.shape[axis]
        ]
    for right in options:
        put = (Substitute(made.place.id, made.visit, right),)
        if search.results_right(search.subject.run((*search.substitutes, *put))):
            found = search.attempt(made, "unfit", put, right)
            yield found and replace(found, inputs=True, names=(name,), visits=((value, right),))
            return


def _whole(search: Search, name: str, array: Array) -> Array | None:
    """The right array that the reference calls so, if it has the same shape."""
    outputs = OUTPUTS.get(search.subject.function, ())
    result: Value = search.quantities.results.get(str(outputs.index(name)) if name in outputs else name)
    named = [result, *(quantity.value for quantity in search.quantities.named(name, 0))]
    return next((array_of(value) for value in named if shape_of(value) == array.shape), None)


def _any_index(part: ast.expr, stopped: Stopped) -> slice | int:
    if not isinstance(part, ast.Slice):
        return 0
    bounds = (None if bound is None else stopped.worth(bound) for bound in (part.lower, part.upper, part.step))
    return slice(*(bound if isinstance(bound, int) else None for bound in bounds))


def _parts(index: ast.expr) -> list[ast.expr]:
    return index.elts if isinstance(index, ast.Tuple) else [index]
