"""Which other values a line could have meant: those that had a name where it stands when it was run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

import numpy as np

from whygrad.from_code.observe.arrays import shape_of
from whygrad.from_code.observe.experiment import HOLDS, callee, last_name
from whygrad.from_code.observe.subject import name_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from whygrad.from_code.observe.experiment import Search
    from whygrad.from_code.observe.subject import Record
    from whygrad.sandbox.requests import Value

_ENTRY = re.compile(r"(.*)\[['\"](\w+)['\"]\]((?:\.T)?)")
"""An entry of a dictionary, perhaps transposed."""
_CHAIN = re.compile(r"[\w.]+(\[['\"]?\w+['\"]?\])?(\.T)?")
"""What is read and not computed."""
_WRITES = HOLDS | {"index"}


def scope(search: Search, record: Record, run: Sequence[Record] | None = None) -> dict[str, Value]:
    """The arrays that had a name in the record's function when it was made, by the texts under which they were assigned or read.

    ``run`` is the run of which the record is one, by default the last. NumPy's functions are there by names of the program's own.
    """
    seen = search.last if run is None else run
    found: dict[str, Value] = {}
    for other in seen[: record.time]:
        near = other.place.function == record.place.function
        if shape_of(other.value) and (near or _of_the_same_object(other, record)):
            another_turn = "[:" in other.place.target and (other.place.function, other.visit) != (record.place.function, record.visit)
            if other.place.kind in HOLDS and not another_turn:
                found[other.place.target] = other.value
            elif near and (other.place.kind == "read" or (other.place.kind == "argument" and _CHAIN.fullmatch(other.place.text))):
                found[other.place.text] = other.value
    found |= _entries(record, seen)
    found |= _filled(record, seen, found)
    for name, value in _parameters(search, record, seen):
        found.setdefault(name, value)
    entries = next(iter(search.quantities.tables[0].parameters), None) or {}
    computed = any("[" in text and "'" not in text and '"' not in text for text in found)  # keys that are computed say no names
    if computed or entries.keys().isdisjoint(map(name_of, found)):
        found |= {f'parameters["{name}"]': value for name, value in entries.items() if f'parameters["{name}"]' not in found}
    for text in list(found):
        entry = _ENTRY.fullmatch(text)
        if entry is not None and entry[2] in entries:
            found |= {f'{entry[1]}["{other}"]{entry[3]}': np.transpose(value) if entry[3] else value for other, value in entries.items()}
    return {**search.subject.text.of_numpy, **found}


def _entries(record: Record, seen: Sequence[Record]) -> dict[str, Value]:
    """What mappings hold of which the line reads an entry: what a call of the cell gave, say."""
    found: dict[str, Value] = {}
    for other in seen[: record.time]:
        held = other.value
        if other.place.function != record.place.function or not isinstance(held, dict):
            continue
        name = other.place.target if other.place.kind == "assign" else other.place.text
        if f"{name}[" in record.place.text:
            entries = cast("dict[object, Value]", held)
            found |= {f"{name}[{key!r}]": value for key, value in entries.items() if isinstance(key, str) and shape_of(value)}
    return found


def _filled(record: Record, seen: Sequence[Record], names: Iterable[str]) -> dict[str, Value]:
    """What arrays hold that were filled part by part, as far as a later line reads them whole before anything else is written there."""
    found: dict[str, Value] = {}
    mine = [other for other in seen if other.place.function == record.place.function]
    written = [(other.time, name_of(other.place.target)) for other in mine if "[:" in other.place.target]
    for name in {name for time, name in written if time < record.time}.intersection(names):
        for other in mine:
            if other.time > record.time and name_of(other.place.target) == name and other.place.kind in _WRITES:
                break
            if other.time > record.time and other.place.kind in {"read", "argument", "value"} and other.place.text == name:
                found[name] = other.value
                break
    return found


def _of_the_same_object(other: Record, record: Record) -> bool:
    """Whether another method of the class set an attribute of the object."""
    cls = record.place.function.rpartition(".")[0]
    return bool(cls) and other.place.function.rpartition(".")[0] == cls and other.place.target.startswith("self.")


def _parameters(search: Search, record: Record, seen: Sequence[Record]) -> Iterator[tuple[str, Value]]:
    """The arrays that the function was called with, read or not."""
    function = record.place.function
    if function == search.subject.function:
        given = zip(search.subject.text.signatures.get(function, ()), search.subject.arguments, strict=False)
        yield from ((name, value) for name, value in given if shape_of(value))
        return
    called: int | None = None
    for other in reversed(seen[: record.time]):
        if other.place.kind == "argument" and callee(other.place.target) == last_name(function):
            if called not in {None, other.place.statement}:
                return
            called = other.place.statement
            if other.name and shape_of(other.value):
                yield other.name, other.value
