"""A function that ends with an error because of what a name starts with: an array to be filled, or a carry, that cannot be used."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_code.observe.arrays import array_of, same, shape_of
from whygrad.from_code.observe.dataflow import reads_of
from whygrad.from_code.observe.experiment import GIVES
from whygrad.from_code.observe.roles import gets_past, of_the_cell, slot_of
from whygrad.from_code.observe.stopped import Stopped, without_a_value
from whygrad.from_code.observe.subject import Record, name_of
from whygrad.from_code.reference.inputs import OUTPUTS
from whygrad.from_code.stops.no_function import overwritten_name
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_code.observe.experiment import Found, Search
    from whygrad.sandbox.places import Place
    from whygrad.sandbox.requests import Raised


def started(search: Search, raised: Raised) -> Iterator[Found | None]:
    """Zeros of the shape of the result, or of the carry, as which a name is used: where its first line raises, or made another shape.

    They are no answer, so that what is wrong behind this line is found too.
    """
    stopped = Stopped(search.subject, search.substitutes)
    function = stopped.function
    if function is None or function.name != search.subject.function:
        return
    loops = [node for node in ast.walk(function) if isinstance(node, ast.For | ast.While)]
    cell = search.subject.cell == search.subject.function
    known = _shape_by_name(search, without_a_value(raised)) if cell else _shapes_of_results(search, stopped)
    sums = () if cell else [one.target for loop in loops for one in ast.walk(loop) if isinstance(one, ast.AugAssign)]
    known = {one.id: () for one in sums if isinstance(one, ast.Name)} | known  # whatever is added to the number 0 is the sum
    shapes = {name: shape for name, shape in known.items() if _again(function, name)} | _shapes_of_carries(search)
    if not any(stopped.line is inner for loop in loops for inner in ast.walk(loop)):
        yield _cannot_be_made(search, shapes, raised)
    yield from () if cell else _starts_in_another_shape(search, shapes)


def _cannot_be_made(search: Search, shapes: dict[str, tuple[int, ...]], raised: Raised) -> Found | None:
    """Zeros for all names of the line that raises, if it is their first."""
    known = {record.place.target for record in search.last}
    lines = (place.line <= (raised.line or 0) <= place.end_line and place.source == raised.source for place in search.subject.places)
    here = [place for place, it_is in zip(search.subject.places, lines, strict=True) if it_is and place.kind in GIVES]
    if not here or any(place.target not in shapes or place.target in known for place in here):
        return None
    search.subject.lazy |= {place.id for place in here}
    stop = Record(here[0], 0, None, len(search.last), 0, name_of(here[0].target))
    puts = tuple(Substitute(place.id, 0, np.zeros(shape) if (shape := shapes[place.target]) else 0.0) for place in here)
    found = gets_past(search, stop, puts, puts[0].value, sure=True)
    return found and replace(found, inputs=_reads_nothing_wrong(search, stop), names=at_fault(search, raised))


def at_fault(search: Search, raised: Raised) -> tuple[str, ...]:
    """The name because of which the line raises, and so each line that reads it, if there is one."""
    name = without_a_value(raised)
    return (name,) if name else overwritten_name(Stopped(search.subject, search.substitutes))


def _starts_in_another_shape(search: Search, shapes: dict[str, tuple[int, ...]]) -> Iterator[Found | None]:
    """Names that start with zeros which have not the shape of what they are used as."""
    for used in search.last:
        entry = _is_an_entry(used.place)
        shape = shape_of(search.quantities.results.get(used.name)) if entry else shapes.get(used.place.target)
        record = used if entry else _made_as(search, used)
        record = used if record is not used and shapes.get(record.place.target) == shape_of(record.value) else record  # that is right
        array = array_of(record.value)
        first = (entry or record.place.kind in GIVES) and record.place.function == search.subject.function and not record.phase
        if first and shape and array is not None and array.ndim and not array.any() and array.shape not in {shape, shape[::-1]}:
            zeros = np.zeros(shape)
            found = gets_past(search, record, (Substitute(record.place.id, record.visit, zeros),), zeros, how="unfit", sure=True)
            yield found and replace(found, inputs=True, names=(record.place.target,), visits=((record.value, zeros),))


def join_with_a_start(search: Search) -> None:
    """Where a number stands for what a line cannot make, a call of the cell that is given this number says nothing of its own."""
    for start in [one for one in search.found if one.how == "raises" and shape_of(one.right) == ()]:
        given = [one for one in search.found if one.how == "argument" and shape_of(one.record.value) == ()]
        after = [one for one in given if same(one.record.value, start.right)]
        puts = tuple(sub for one in (start, *after) for sub in one.substitutes)
        whole = replace(start, substitutes=puts, cured=start.cured.union(*(one.cured for one in after)))
        search.found = [whole if one is start else one for one in search.found if one not in after]


def _made_as(search: Search, record: Record) -> Record:
    """Where a line only gives a name what another name of the function holds: the line that made that."""
    text = record.place.text.rpartition("=")[2].strip()
    made = [other for other in search.last[: record.time] if other.place.kind in GIVES and other.place.target == text]
    here = bool(made) and made[-1].place.function == record.place.function == search.subject.function
    return _made_as(search, made[-1]) if here and made[-1].place.statement != record.place.statement else record


def _reads_nothing_wrong(search: Search, stop: Record) -> bool:
    """Whether all arrays that the line reads are right, or are made to be filled."""
    arrays = [array for read in reads_of(search, stop) if (array := array_of(read.value)) is not None and array.ndim]
    return all(not array.any() or search.quantities.recognised(array, search.tolerance) for array in arrays)


def _shape_by_name(search: Search, name: str) -> dict[str, tuple[int, ...]]:
    """The shape of what the reference calls by this name in a cell, if it does."""
    shape = next((shape_of(one.value) for one in search.quantities.named(name, 0)), None)
    return {name: shape} if shape else {}


def _shapes_of_results(search: Search, stopped: Stopped) -> dict[str, tuple[int, ...]]:
    """The shapes of the results, by the names that are handed out as these."""
    found = {name: shape_of(search.quantities.results.get(key)) for name, key in handed_out_as(stopped).items()}
    return {name: shape for name, shape in found.items() if shape}


def _shapes_of_carries(search: Search) -> dict[str, tuple[int, ...]]:
    """The shapes of what begins with zeros and goes into the cell, alone or added to the step's own gradient, by name."""
    shapes: dict[str, tuple[int, ...]] = {}
    for place in search.subject.places:
        slot = slot_of(search, place.target) if of_the_cell(search, place) else None
        right = None if slot is None or not search.quantities.calls else array_of(search.quantities.calls[0][slot])
        if right is not None and right.ndim and (not right.any() or search.subject.function.endswith("backward")):
            shape: tuple[int, ...] = right.shape
            nodes = list(ast.walk(ast.parse(place.text.strip(), mode="eval")))
            names = {node.id for node in nodes if isinstance(node, ast.Name)}
            names -= {ast.unparse(node.value) for node in nodes if isinstance(node, ast.Subscript)}  # whose part it is
            shapes |= dict.fromkeys(names - set(search.subject.text.signatures.get(search.subject.function, ())), shape)
    return shapes


def handed_out_as(stopped: Stopped) -> dict[str, str]:
    """The names that the function that raised hands out as results, with the key, or the place, of each."""
    outputs = OUTPUTS.get(stopped.subject.function, ())
    names: dict[str, str] = {}
    for node in ast.walk(stopped.function):
        match node:
            case ast.Dict(keys, values):
                pairs = zip(keys, values, strict=True)
                names |= {v.id: str(k.value) for k, v in pairs if isinstance(k, ast.Constant) and isinstance(v, ast.Name)}
            case ast.Call(ast.Name("dict")):
                names |= {one.value.id: one.arg for one in node.keywords if one.arg and isinstance(one.value, ast.Name)}
            case ast.Return(ast.Tuple(values)):
                names |= {v.id: str(number) for number, v in enumerate(values[: len(outputs) - 1]) if isinstance(v, ast.Name)}
            case _:
                pass
    return names


def _is_an_entry(place: Place) -> bool:
    """Whether something gets a key of a dictionary, in braces or by itself."""
    whole = place.kind == "assign" and place.target.endswith("]") and ":" not in place.target and "..." not in place.target
    return whole or (place.kind == "value" and not place.target.isdigit())


def _again(function: ast.FunctionDef, name: str) -> bool:
    """Whether another line stores into a name, adds to it, or gives it a new value: then what it has at first is only its start."""
    stores = 0
    for node in ast.walk(function):
        match node:
            case ast.AugAssign(ast.Name(other)) | ast.Subscript(ast.Name(other), _, ast.Store()) if other == name:
                return True
            case ast.Name(other, ast.Store()) if other == name:
                stores += 1
            case _:
                pass
    return stores > 1
