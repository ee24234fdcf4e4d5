"""As which result a place hands something out: by its key, by its place in a tuple, by the name of an argument of what is returned."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, cast

from whygrad.from_code.observe.experiment import GIVES, Search, last_name
from whygrad.from_code.observe.expression import expression_of

if TYPE_CHECKING:
    from whygrad.from_code.observe.subject import Record
    from whygrad.sandbox.places import Place
    from whygrad.sandbox.requests import Value


def right_result(search: Search, record: Record) -> Value | None:
    """The right result that a record is returned as; None where it is none."""
    name = returned_as(search, record)
    return _cache_entry(search, record) if name is None else search.quantities.results[name]


def returned_as(search: Search, record: Record) -> str | None:
    """The result as which a record is returned: its key, or its place in the tuple; None where it is none."""
    place, name = record.place, None
    if place.kind == "value" and place.target.isdigit():
        parent = search.subject.places[place.parent] if place.parent >= 0 else None
        mine = parent is not None and parent.kind == "return" and parent.function in search.once(_handing_out)
        name = place.target if mine and search.subject.function.endswith("forward") else None
    elif place.kind == "argument" and (place.target.startswith("dict(") or _stands_in_a_return(search, place)):
        name = place.target.rpartition("(")[2][:-1]
    elif place.kind == "element":
        name = record.name if record.phase == len(search.quantities.calls) else None
    elif place.kind == "value" or (place.kind in GIVES and "[" in place.target and _is_the_last_word(search, record)):
        name = None if ":" in place.target or "..." in place.target else record.name
    return name if name in search.quantities.results else None


def _is_the_last_word(search: Search, record: Record) -> bool:
    """Whether a record is made behind all steps; where nothing calls the cell, behind loops and last under its name."""
    if record.phase == len(search.quantities.calls) or search.now.calls or record.place.loops:
        return record.phase == len(search.quantities.calls)
    return not any(later.place.target == record.place.target for later in search.now.records[record.time + 1 :])


def _stands_in_a_return(search: Search, place: Place) -> bool:
    """Whether a place is a part of what the function returns, as of ``return Gradients(dx=dx)``."""
    return any(
        p.kind == "return" and p.function == search.subject.function for p in search.subject.places if p.statement == place.statement
    )


def _handing_out(search: Search) -> set[str]:
    """The function itself, and those of which it returns what they return."""
    known, more = set[str](), {search.subject.function}
    while more:
        known |= more
        returned = (
            expression_of(p.text.removeprefix("return")) for p in search.subject.places if p.kind == "return" and p.function in more
        )
        called = {ast.unparse(node.func).rpartition(".")[2] for node in returned if isinstance(node, ast.Call)}
        more = {place.function for place in search.subject.places if last_name(place.function) in called} - known
    return known


def _cache_entry(search: Search, record: Record) -> Value | None:
    """The right entry of the cache that a cell makes, where a tuple of its length is written out; the parameters are left out."""
    if not search.subject.function.endswith("cell_forward") or record.place.kind != "value" or not record.place.target.isdigit():
        return None
    cache = cast("tuple[Value, ...]", search.quantities.tables[0].reply.value[-1])
    beside = sum(
        place.kind == "value" and place.parent == record.place.parent and place.statement == record.place.statement
        for place in search.subject.places
    )
    number = int(record.place.target)
    return cache[number] if beside == len(cache) and number < len(cache) - 1 else None
