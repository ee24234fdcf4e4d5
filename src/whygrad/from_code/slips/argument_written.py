"""A line that writes into an argument of which a cache holds a slice: with what it overwrites left there, all comes right."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from whygrad.from_code.observe.arrays import array_of
from whygrad.from_code.observe.expression import expression_of
from whygrad.from_code.observe.subject import by_place
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_code.observe.experiment import Found, Search
    from whygrad.from_code.observe.subject import Record

_WHOLE = re.compile(r"\[(:|\.\.\.)(,:)*\]")
"""All entries of an array."""
_WRITES = frozenset(("assign", "after"))


def argument_written(search: Search, found: Found) -> Found:
    """From a slice of an argument, of which a copy cures, to the line that writes into it, if one is seen to."""
    window = found.record.place
    text = _bare(window.computes)
    given = dict(zip(search.subject.text.signatures.get(window.function, ()), search.subject.arguments, strict=False))
    name = text.partition("[")[0]
    if window.function != search.subject.function or array_of(given.get(name)) is None or "[" not in text:
        return found
    for visits in _lines_of(search, window.function, window.id):
        puts = list(_left_there(search, visits, found.record, name, given[name]))
        tried = search.attempt(visits[0], "written", puts, puts[0].value) if puts else None
        if tried is not None and tried.cured >= found.cured:
            return replace(tried, names=(text,))
    return found


def _lines_of(search: Search, function: str, but: int) -> Iterator[list[Record]]:
    """The visits of each line of a function that gives something a value."""
    here = (one for one in search.now.records if one.place.function == function and one.place.id != but)
    yield from by_place(one for one in here if one.place.kind in _WRITES).values()


def _left_there(search: Search, visits: list[Record], window: Record, name: str, argument: Any) -> Iterator[Substitute]:  # noqa: ANN401
    """What stood where a line writes into the argument, or into the whole of the slice under a name of its own; else nothing."""
    place, held = visits[0].place, {record.visit: record.value for record in search.now.records if record.place.id == window.place.id}
    written, _, entries = _bare(place.target).partition("[")
    in_place = place.kind == "after" and not entries
    of_the_slice = window.place.kind == "assign" and written == window.place.target and (in_place or _WHOLE.fullmatch(f"[{entries}"))
    for record in visits:
        if written == name and in_place:
            yield Substitute(place.id, record.visit, argument)
        elif written == name and entries and (index := _index_of(search, record)) is not None:
            yield Substitute(place.id, record.visit, argument[index])
        elif of_the_slice and record.visit in held:
            yield Substitute(place.id, record.visit, held[record.visit])


def _index_of(search: Search, write: Record) -> tuple[Any, ...] | None:
    """Where a line writes at one visit: numbers, and whole axes; None where it is a part of an axis."""
    tree = expression_of(write.place.target)
    cut = tree.slice if isinstance(tree, ast.Subscript) and isinstance(tree.value, ast.Name) else None
    numbers = iter(
        other.value
        for other in search.now.records
        if other.place.kind == "index" and (other.place.statement, other.visit) == (write.place.statement, write.visit)
    )
    index: list[Any] = []
    for axis in cut.elts if isinstance(cut, ast.Tuple) else [cut]:
        match axis:
            case ast.Slice(None, None, None):
                index.append(slice(None))
            case ast.Constant(value) if value is ...:
                index.append(...)
            case None | ast.Slice():
                return None
            case _:
                index.append(next(numbers, None))
    return tuple(index) if all(isinstance(one, int | slice) or one is ... for one in index) else None


def _bare(text: str) -> str:
    return "".join(text.split())
