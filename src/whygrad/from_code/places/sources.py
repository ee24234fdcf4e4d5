"""Several findings that come from one line before them: what it makes is read at each of them, and its right value mends all."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from dataclasses import replace
from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_code.observe.arrays import array_of, arrays_of, same, shape_of
from whygrad.from_code.observe.dataflow import in_place, last_written, read_right, reads_of, taken_apart
from whygrad.from_code.observe.experiment import READS, Found, Search, buffer
from whygrad.from_code.observe.expression import expression_of
from whygrad.from_code.observe.moved import nudge
from whygrad.from_code.observe.roles import options_for, put, put_right, unpacked_rightly
from whygrad.from_code.places.backwards import followed_back
from whygrad.from_code.places.blamable import rightly_named
from whygrad.from_code.reference.spelled import kind_of
from whygrad.from_code.slips.filled import filled_wrongly
from whygrad.from_code.slips.lacking import lacking
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from whygrad.from_code.observe.arrays import Array
    from whygrad.from_code.observe.subject import Record
    from whygrad.sandbox.requests import Value

_DEPTH = 3
"""Lines in a row that are gone back."""
_GATES = 4
"""Gates of an LSTM."""
_FEW = 2
"""Arrays that are looked at for what some of the findings have in common."""
_MOST = 40
"""Quantities that are tried at one line before several."""


def join_by_source(search: Search) -> None:
    """Put findings of values together at the last line that all of them read from, or some of them, if its right value mends all."""
    whole = [found for found in search.found if found.how == "value"]
    others = [found for found in search.found if found not in whole]
    if not whole or (len(whole) == 1 and len(whole[0].substitutes) == 1) or _joined(search, whole, others):
        return
    for some in _reading_the_same(whole):
        if _joined(search, some, [found for found in search.found if found not in some]):
            return


def _joined(search: Search, whole: Sequence[Found], others: Sequence[Found]) -> bool:
    """Whether these findings come from one line, at which they are put together then; ``others`` stay."""
    now = with_only(search, others)
    together = [one for found in whole for one in _each_name(search, found, now)]
    if len(together) < 2:  # noqa: PLR2004 - several
        return False
    records = [now.get((found.record.place.id, found.record.visit)) for found in together]
    makers = [{} if record is None else _makers(search, record, _DEPTH) for record in records]
    common = [maker for place, maker in makers[0].items() if all(place in other for other in makers)]
    for maker in sorted(common, key=lambda record: -record.time):
        if maker.place.id not in {found.record.place.id for found in together} and not unpacked_rightly(search, maker):
            found = _at_source(search, maker, together, others)
            if found is not None:
                search.found = [*others, found]
                return True
    if len(whole) < 2:  # noqa: PLR2004 - one line that unpacks several names
        return False
    one = filled_wrongly(search, whole, others) or lacking(search, whole, others)
    if one is not None:
        search.found = [*others, one]
        return True
    return _join_unpacked(search, together, makers)


def _each_name(search: Search, found: Found, now: Mapping[tuple[int, int], Record]) -> list[Found]:
    """A finding for each of the names that are wrong where several get the parts of one thing."""
    if len(found.substitutes) < 2 or not taken_apart(search, found.record.place):  # noqa: PLR2004 - several
        return [found]
    records = [now.get((sub.place, sub.visit or 0)) for sub in found.substitutes]
    return [
        replace(found, record=record, right=sub.value, substitutes=(sub,), visits=())
        for record, sub in zip(records, found.substitutes, strict=True)
        if record is not None
    ]


def with_only(search: Search, mended: Sequence[Found]) -> dict[tuple[int, int], Record]:
    """Look again with these findings mended and no other: what is recorded then, by place and visit."""
    return with_these(search, (sub for found in mended for sub in found.substitutes))


def with_these(search: Search, puts: Iterable[Substitute]) -> dict[tuple[int, int], Record]:
    """Look again with this put there and nothing else: what is recorded then, by place and visit."""
    search.substitutes = tuple(puts)
    search.round = search.look()
    return {(record.place.id, record.visit): record for record in search.now.records}


def at_its_first_call(search: Search, found: Found) -> Found:
    """Of an argument that is put right at several calls: only the first, if it is right at the others when all else is mended."""
    first = min(found.substitutes, key=lambda put: put.visit or 0, default=None)
    at = found.record.place.id, found.record.visit
    if found.how != "argument" or min(len(found.substitutes), len(search.found)) < 2 or first is None or at != (first.place, first.visit):  # noqa: PLR2004
        return found
    known = search.substitutes, search.round
    with_only(search, [other for other in search.found if other is not found])
    alone = search.attempt(found.record, "argument", [first], found.right)
    given = {(one.place.id, one.visit): one.value for one in search.subject.traced((*search.substitutes, first))[1]}
    rest = [put for put in found.substitutes if put is not first]
    if alone is not None and all(same(given.get((put.place, put.visit or 0)), put.value, search.tolerance) for put in rest):
        found = followed_back(search, replace(alone, cured=alone.cured | found.cured))
    search.substitutes, search.round = known
    return found


def _join_unpacked(search: Search, together: Sequence[Found], makers: Sequence[dict[int, Record]]) -> bool:
    """A finding that reads one of several names unpacked at once, where another one of them is found: it is the line that unpacks."""
    for found, made in zip(together, makers, strict=True):
        rest = [other for other in search.found if other is not found]
        for line in together:
            names = [record for record in made.values() if line is not found and _beside(line, record)]
            whole = _unpacking(search, line, names, rest) if names else None
            if whole is not None:
                search.found = [whole if other is line else other for other in rest]
                return True
    return False


def _unpacking(search: Search, line: Found, names: Sequence[Record], rest: Sequence[Found]) -> Found | None:
    """A line that unpacks several names with more of its names, if all is right with them; ``rest`` are the findings that stay."""
    now = with_only(search, rest)
    records = [now[record.place.id, record.visit] for record in names if (record.place.id, record.visit) in now]
    if any(rightly_named(search, record) for record in records):
        return None
    belongs = [(record, options[0].value) for record in records if (options := options_for(search, record))]
    wrong = [(record, right) for record, right in belongs if not same(record.value, right, search.tolerance)]
    if not wrong or not search.results_right(search.subject.run((*search.substitutes, *put(wrong)))):
        return None
    visits = (*line.visits, *((record.value, right) for record, right in wrong))
    return replace(line, substitutes=(*line.substitutes, *put(wrong)), visits=visits)


def _makers(search: Search, record: Record, depth: int) -> dict[int, Record]:
    """By place, the lines that made what a line reads, and what they read in turn."""
    found: dict[int, Record] = {}
    for read in (reads_of(search, record) or [record]) if depth else ():
        made = last_written(search, read)
        if made is not None and made.time < record.time and not buffer(made):
            found = {**_makers(search, made, depth - 1), **found, made.place.id: made}
    return found


def behind(search: Search, found: Found) -> Iterator[Found]:
    """The lines that made what the line found reads, the last of them first, with nothing known of what belongs there."""
    now = with_only(search, [other for other in search.found if other is not found])
    record = now.get((found.record.place.id, found.record.visit))
    makers = {} if record is None else _makers(search, record, _DEPTH)
    for maker in sorted(makers.values(), key=lambda maker: -maker.time):
        yield replace(found, record=maker, right=None, quantity=None, reads=tuple(reads_of(search, maker)), visits=(), inputs=False)


def plainly_right(search: Search, found: Found) -> bool:
    """Whether what a line reads is right as it is: of a stack, or a list, each part may be right and their order not.

    What is only a name, and wrong, was wrong before.
    """
    reads = [read for read in found.reads if read.place.kind in READS]
    lists = any(isinstance(read.value, (tuple, list)) for read in reads)
    looked_up = re.search(r"\]\(", found.record.place.text) is not None  # a function of a table, which may be another's
    return not (lists or looked_up or found.record.place.text.strip().isidentifier()) and all(
        array_of(read.value) is None or search.quantities.recognised(read.value, search.tolerance, stacks=False) for read in reads
    )


def _at_source(search: Search, maker: Record, together: Sequence[Found], others: Sequence[Found]) -> Found | None:
    """The finding at a line before several: with a quantity that belongs there, or put together from what belongs at each of them."""
    substitutes = tuple(sub for found in together for sub in found.substitutes)
    cured = frozenset[str]().union(*(found.cured for found in together))
    tried = put_right(search, maker, strict=True)
    if tried is None or not search.results_right(search.subject.run((*search.substitutes, *tried.substitutes))):
        whole = Found(maker, "value", None, None, substitutes, cured)
        kept, search.found = search.found, [*others, whole]
        tried = routed(search, whole)
        search.found = kept
        if tried.right is None:
            tried = _any_quantity(search, whole) or _of_the_parts(search, whole, together) or _of_all_gates(search, whole) or tried
    taken_wrongly = _rearranged(maker.value, tried.right) and not all(_rearranged(one.record.value, one.right) for one in together)
    if tried.right is None or (tried.quantity is None and taken_wrongly):
        return None
    reads = tuple(reads_of(search, maker))
    return replace(
        tried, cured=tried.cured | cured, reads=reads, inputs=in_place(search, reads) and all(read_right(search, read) for read in reads)
    )


def _any_quantity(search: Search, whole: Found) -> Found | None:
    """At a line before several findings the one quantity with a name with which all results are right."""
    record, tried = whole.record, [whole.record.value]
    phase = record.phase if search.subject.calling else None
    for quantity in search.quantities.like(shape_of(record.value) or (), phase):
        if not quantity.made or len(tried) > _MOST or any(same(quantity.value, value, search.tolerance) for value in tried):
            continue
        tried.append(quantity.value)
        mended = (Substitute(record.place.id, record.visit, quantity.value),)
        if search.results_right(search.subject.run((*search.substitutes, *mended))):
            visits = ((record.value, quantity.value),)
            return replace(whole, right=quantity.value, quantity=quantity, substitutes=mended, visits=visits)
    return None


def _of_the_parts(search: Search, whole: Found, together: Sequence[Found]) -> Found | None:
    """At a line before several findings that take rows of what it makes, or the activation of rows, with all of them in one."""
    name = whole.record.place.target
    takes = all(re.search(rf"(?<![\w.]){re.escape(name)}\[", found.record.place.text) for found in together)
    rights = [right for found in together if (right := _before_its_activation(found)) is not None and right.ndim]
    if not takes or len(rights) < len(together) or len({right.shape[1:] for right in rights}) > 1:
        return None
    for order in (rights, rights[::-1]):
        value = np.concatenate(order)
        mended = (Substitute(whole.record.place.id, whole.record.visit, value),)
        if search.results_right(search.subject.run((*search.substitutes, *mended))):
            return replace(whole, right=value, substitutes=mended, visits=((whole.record.value, value),))
    return None


def _of_all_gates(search: Search, whole: Found) -> Found | None:
    """At a line before several findings what belongs to all gates, on top of each other in any order."""
    value = array_of(whole.record.value)
    if value is None or value.ndim != 2 or len(value) % _GATES:  # noqa: PLR2004 - rows
        return None
    kinds: dict[str, dict[str, Array]] = defaultdict(dict)
    for quantity in search.quantities.like((len(value) // _GATES, value.shape[1]), whole.record.phase if search.subject.calling else None):
        if quantity.made:
            kinds[kind_of(quantity.name)].setdefault(quantity.name, quantity.value)
    for parts in kinds.values():
        for order in permutations(parts.values()) if len(parts) == _GATES else ():
            right = np.concatenate(order)
            mended = (Substitute(whole.record.place.id, whole.record.visit, right),)
            if search.results_right(search.subject.run((*search.substitutes, *mended))):
                return replace(whole, right=right, substitutes=mended, visits=((whole.record.value, right),))
    return None


def routed(search: Search, found: Found) -> Found:
    """What belongs at a place of which only parts are known: marks put there show which of its entries come to stand where."""
    parts = arrays_of(found.record.value)
    if found.right is not None or found.how != "value" or not parts or not all(part.ndim for part in parts):
        return found
    place, visit, listed = found.record.place.id, found.record.visit, isinstance(found.record.value, (tuple, list))
    others = tuple(sub for other in search.found if other is not found for sub in other.substitutes)
    marks = np.split(nudge((sum(part.size for part in parts),)), np.cumsum([part.size for part in parts])[:-1])
    marked = [mark.reshape(part.shape) for mark, part in zip(marks, parts, strict=True)]
    records = search.subject.traced((*others, Substitute(place, visit, marked if listed else marked[0])))[1]
    rights = [part.copy() for part in parts]
    at = {float(entry): (right, position) for mark, right in zip(marked, rights, strict=True) for position, entry in np.ndenumerate(mark)}
    for sub in found.substitutes:
        seen = next((array_of(r.value) for r in records if (r.place.id, r.visit) == (sub.place, sub.visit)), None)
        belongs = array_of(sub.value)
        if seen is None or belongs is None or seen.shape != belongs.shape or not all(float(entry) in at for entry in seen.ravel()):
            return _added_to(search, found, others)
        for entry, wanted in zip(seen.ravel(), belongs.ravel(), strict=True):
            right, position = at[float(entry)]
            right[position] = wanted
    whole: Value = rights if listed else rights[0]
    mended = (Substitute(place, visit, whole),)
    if not search.results_right(search.subject.run((*others, *mended))):
        return found
    return replace(found, right=whole, substitutes=mended, visits=((found.record.value, whole),))


def _added_to(search: Search, found: Found, others: tuple[Substitute, ...]) -> Found:
    """What belongs at a place to which more is only added until the line that is known: it lacks as much as that one does."""
    if len(found.substitutes) != 1:
        return found
    (sub,) = found.substitutes
    now = {(record.place.id, record.visit): record.value for record in search.subject.traced(others)[1]}
    last, here = array_of(now.get((sub.place, sub.visit or 0))), array_of(now.get((found.record.place.id, found.record.visit)))
    belongs = array_of(sub.value)
    if last is None or here is None or belongs is None or not last.shape == here.shape == belongs.shape:
        return found
    whole = here + (belongs - last)
    mended = (Substitute(found.record.place.id, found.record.visit, whole),)
    if not np.isfinite(whole).all() or not search.results_right(search.subject.run((*others, *mended))):
        return found
    return replace(found, right=whole, substitutes=mended, visits=((here, whole),))


def _before_its_activation(found: Found) -> Array | None:
    """What belongs at a line; where this does no more than take the activation of a part, what belongs into that."""
    node, right = expression_of(found.record.place.computes), array_of(found.right)
    if right is None or not isinstance(node, ast.Call) or len(node.args) != 1 or not isinstance(node.args[0], ast.Subscript):
        return right
    match ast.unparse(node.func).rpartition(".")[2]:
        case "sigmoid":
            return np.log(right / (1 - right))
        case "tanh":
            return np.arctanh(right)
        case _:
            return right


def _beside(found: Found, record: Record) -> bool:
    """Whether a record is one of the names that are unpacked together with the one found."""
    place, other = found.record.place, record.place
    return place.kind == other.kind == "target" and place.statement == other.statement


def _rearranged(value: Value, right: Value) -> bool:
    """Whether two arrays have the same entries at other places: where that is not so of each part, the parts are taken wrongly."""
    mine, theirs = array_of(value), array_of(right)
    return mine is None or theirs is None or same(np.sort(mine, axis=None), np.sort(theirs, axis=None))


def _reading_the_same(whole: Sequence[Found]) -> list[list[Found]]:
    """Of several findings those that read one array, where not all of them do; the most first."""
    readers: dict[str, list[Found]] = defaultdict(list)
    for found in whole:
        for name in {read.place.text for read in found.reads if read.place.kind in READS and shape_of(read.value)}:
            readers[name].append(found)
    some = [found for found in readers.values() if 2 < len(found) < len(whole)]  # noqa: PLR2004 - two lines may be wrong by themselves
    return sorted(some, key=lambda found: -len(found))[:_FEW]
