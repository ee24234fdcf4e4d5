"""Where a mistake may be, the surest places first: keys, loop bounds, indices, arguments of the cell, values that are no right quantity."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, cast

import numpy as np

from whygrad.from_code.observe import observed
from whygrad.from_code.observe.arrays import array_of, same, shape_of
from whygrad.from_code.observe.dataflow import composed, reads_of
from whygrad.from_code.observe.experiment import GIVES, KINDS, Found, Search, buffer
from whygrad.from_code.observe.returned_as import returned_as, right_result
from whygrad.from_code.observe.roles import arguments, gives_results, of_the_cell, options_for, put_right, right_argument, unpacked_wrongly
from whygrad.from_code.observe.subject import Record, by_place
from whygrad.from_code.places.blamable import makes_ones, rightly_named
from whygrad.from_code.places.likelier import is_a_term_of_one
from whygrad.from_code.slips.loops import number_of_steps
from whygrad.from_code.stops.misfits import does_not_fit
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.sandbox.requests import Value

_NAMED = frozenset(("read", "argument"))
_ATTEMPTS = 40
"""Visits of a place at which its value is found to be like no quantity, but nothing follows from it."""


def indices(search: Search) -> Iterator[Found | None]:
    """A slice that is written to the wrong step."""
    steps = number_of_steps(search)
    backward = search.subject.function.endswith("backward")
    groups: dict[int, list[Record]] = defaultdict(list)
    for record in search.now.records:
        unlike = not gives_results(search) and not np.isscalar(record.value)  # it is no step
        if record.place.kind == "index" and (isinstance(record.value, int) or unlike):
            groups[record.place.id].append(record)
    for records in groups.values() if steps else ():
        times, over = divmod(len(records), steps)
        if not gives_results(search) and len(records) < steps:  # it raises at one of them
            times, over = 1, 0
        if not times or over:
            continue
        right = [step for step in (range(steps)[::-1] if backward else range(steps)) for _ in range(times)]
        for ahead in (0, 1) if _has_one_step_more(search, records[0]) else (0,):  # its first slice is what the sequence starts from
            belongs = [step + ahead for step in right]
            wrong = [
                record for record, step in zip(records, belongs, strict=False) if not isinstance(record.value, int) or record.value != step
            ]
            if wrong:
                places = [Substitute(records[0].place.id, visit, step) for visit, step in enumerate(belongs)]
                yield search.attempt(wrong[0], "index", places, belongs)
    yield from _stored_a_turn_late(search) if steps else ()


def _has_one_step_more(search: Search, index: Record) -> bool:
    """Whether the array that is written to there was made for one step more than the sequence has."""
    name = index.place.target.partition("[")[0]
    made = (record for record in search.now.records[: index.time] if record.place.target == name and buffer(record))
    return any(number_of_steps(search) + 1 in (shape_of(record.value) or ()) for record in made)


def cannot_be_stored(search: Search) -> Iterator[Found | None]:
    """Where nothing is returned: what is stored at a step that is not there, or does not fit where it is stored."""
    if not gives_results(search):
        yield from indices(search)
        yield from does_not_fit(search)


def _stored_a_turn_late(search: Search) -> Iterator[Found | None]:
    """A line of the loop that stores at each step what the turn before made, since it stands before the line that makes it."""
    steps, backward = number_of_steps(search), search.subject.function.endswith("backward")
    order = range(steps)[::-1] if backward else range(steps)
    assigned = (record for record in search.now.records if record.place.kind == "assign")
    stored = by_place(record for record in assigned if re.search(r"\[(:|\.\.\.)", record.place.target))
    for name in dict.fromkeys(observed.result_of(name) for name in search.now.wrong if observed.step_of(name) is not None):
        rights = [search.expected.get(observed.at_step(name, step)) for step in order]
        for records in stored.values():
            late = len(records) == steps > 1 and all(
                same(record.value, before, search.tolerance) for record, before in zip(records[1:], rights, strict=False)
            )
            if late and not same(records[0].value, rights[0], search.tolerance):
                places = [Substitute(record.place.id, record.visit, right) for record, right in zip(records, rights, strict=True)]
                yield search.attempt(records[0], "index", places, rights[0])


def certainly_wrong(search: Search) -> Iterator[Found | None]:
    """Arguments of the cell that are known to be wrong, and values that are no right quantity, in the order of the run."""
    tried: set[int] = set()
    attempts: dict[int, int] = defaultdict(int)
    for record in search.now.records:
        place = record.place
        if place.id in tried:
            continue
        if of_the_cell(search, place):
            right = right_argument(search, record)
            if right is not None and not _stands_for(record.value, right, search.tolerance):
                tried.add(place.id)
                yield _wrong_argument(search, record, right)
        elif (place.kind in KINDS or place.kind == "right") and attempts[place.id] < _ATTEMPTS and _suspicious(search, record):
            attempts[place.id] += 1
            if (options := options_for(search, record)) and not is_a_term_of_one(search, record, options):
                tried.add(place.id)
                yield put_right(search, record)


def comes_to_nothing(search: Search) -> Iterator[Found | None]:
    """Lines that compute zero from what is not zero: two parts cancel each other, or one is zero at each entry; no sum begins there."""
    filled = {record.place.target for record in search.now.records if record.place.kind == "after"}
    for record in search.now.records:
        place, value = record.place, array_of(record.value)
        computed = place.kind == "after" or (place.kind in {"assign", "value", "return"} and place.id in search.once(composed))
        if computed and value is not None and value.ndim and not value.any() and not (buffer(record) and place.target in filled):
            named = [read for read in reads_of(search, record) if read.place.kind in _NAMED and read.place.id not in search.once(composed)]
            parts = [array for read in named if (array := array_of(read.value)) is not None]
            if parts and all(part.any() for part in parts):
                yield put_right(search, record)


def _wrong_argument(search: Search, record: Record, right: Value) -> Found | None:
    """The right arguments at all calls, or only at this one where the later ones are wrong because of it."""
    found = search.attempt(record, "argument", arguments(search, record.place.id), right)
    alone = None if found is None else search.attempt(record, "argument", [Substitute(record.place.id, record.visit, right)], right)
    return alone if alone is not None and found is not None and alone.cured >= found.cured else found


def _suspicious(search: Search, record: Record) -> bool:
    array = array_of(record.value)
    if array is None:
        return False
    if record.place.kind == "target" and unpacked_wrongly(search, record):
        return True
    if not array.ndim:
        if record.phase and record.name in search.quantities.results:
            return True
        return "[:" in record.place.target or "[..." in record.place.target or _misnamed(search, record)
    if record.place.kind == "right" and record.place.loops and search.quantities.is_a_share(array, search.tolerance):
        return False
    made_to_be_used = buffer(record) or makes_ones(search, record) or rightly_named(search, record)
    return not made_to_be_used and not search.quantities.recognised(array, search.tolerance)


def _misnamed(search: Search, record: Record) -> bool:
    """A number (a size, mostly) that the reference calls by the same name and that differs."""
    right = {
        float(np.real(cast("float", q.value)))
        for q in search.quantities.named(record.name, record.phase)
        if isinstance(q.value, (int, float))
    }
    return isinstance(record.value, (int, float)) and bool(right) and float(record.value) not in right


def misplaced_by_name(search: Search) -> Iterator[Found | None]:
    """Right quantities under the reference's name of another one."""
    tried: set[int] = set()
    for record in search.now.records:
        shape = shape_of(record.value)
        if record.place.kind not in KINDS or shape is None or record.place.id in tried:
            continue
        named = [q for q in search.quantities.named(record.name, record.phase) if shape_of(q.value) == shape]
        if named and not any(same(record.value, q.value, search.tolerance) for q in named):
            tried.add(record.place.id)
            yield put_right(search, record)


def misplaced(search: Search) -> Iterator[Found | None]:
    """Right quantities where another one belongs."""
    made = [record for record in search.now.records if record.place.kind in KINDS and array_of(record.value) is not None]
    counts: dict[int, int] = defaultdict(int)
    for record in made:
        counts[record.place.id] += 1
    for strict in (False, True):
        first, last = (6, 12) if strict else (2, 2)
        for record in made:
            chosen = record.visit < first or record.visit >= counts[record.place.id] - last
            if chosen and shape_of(record.value) and not buffer(record):
                yield put_right(search, record, strict=strict)


def returned_wrongly(search: Search) -> Iterator[Found | None]:
    """What is returned under a name, or at a place of the tuple, known to be wrong."""
    for record in sorted(search.now.records, key=lambda record: shape_of(record.value) is None):  # what a list is made into says more
        right = right_result(search, record)
        if right is not None and not same(record.value, right, search.tolerance):
            yield search.attempt(record, "value", [Substitute(record.place.id, record.visit, right)], right)


def wrong_keys(search: Search) -> Iterator[Found | None]:
    """A result under a wrong key, under a key that is written twice in place of two, or under none at all."""
    if not search.subject.function.endswith("backward") or not search.now.observations:
        return
    seen = {observed.result_of(name) for name in search.now.observations}
    seen |= {
        name
        for record in search.now.records
        if (name := returned_as(search, record)) is not None and not same(record.value, search.quantities.results[name], search.tolerance)
    }
    missing = [name for name in search.quantities.results if name not in seen and name in map(observed.result_of, search.expected)]
    for name in missing:
        twice = [*written_twice(search, name), *_named_twice(search, name)]
        yield from (found for found in twice if found is None or found.substitutes)
        keyed = [
            record
            for record in search.now.records
            if _keyed(record) and not _has_key(record, name) and same(record.value, search.quantities.results[name], search.tolerance)
        ]
        another = (
            bool(keyed)
            and keyed[-1].name == name
            and not any(observed.result_of(right) in search.quantities.results for right in search.now.right)
        )
        returns = (record for record in search.now.records if record.place.kind == "return")
        returned = [record for record in returns if record.place.function == search.subject.function] if another else []
        if returned:
            yield Found(returned[-1], "key", name, None, (), frozenset(search.quantities.results))
        if keyed and not (twice and keyed[-1].place.kind == "element"):  # whose keys come from what it goes over
            yield Found(keyed[-1], "key", name, None, (), frozenset({name, keyed[-1].name}))
        yield from twice
    if 0 < len(missing) < len(search.quantities.results):
        search.leave_out(missing)
        search.absent += missing


def written_twice(search: Search, name: str) -> Iterator[Found | None]:
    """Of keys that are written side by side, one that stands there twice where the key of this result belongs."""
    beside: dict[tuple[int, int], list[tuple[str, Record]]] = defaultdict(list)
    for record in search.now.records:
        text = isinstance(record.value, str)  # a gate's letter, in one of several tuples perhaps
        key = record.value if text else record.place.target.strip("'\"")
        if record.place.kind == "value" and not key.isdigit():
            beside[record.place.statement, -1 if text else record.place.parent].append((key, record))
    for group in beside.values():
        keys = [key for key, _ in group]
        for key, record in group:
            twin = name[-len(key) :]
            places = {other.place.id for same_key, other in group if same_key == key}
            if len(places) > 1 and twin not in keys and len(twin) == len(key) and _one_letter(key, twin):
                if isinstance(record.value, str):
                    yield search.attempt(record, "twice", [Substitute(record.place.id, None, twin)], key)
                elif record is _meant(search, twin, [other for same_key, other in group if same_key == key and not other.visit]):
                    yield Found(record, "twice", key, None, (), frozenset({name, name[: -len(key)] + key}))


def _named_twice(search: Search, name: str) -> Iterator[Found]:
    """A call, tuple or list of names in which one stands twice where that of this result belongs."""
    for place in search.subject.places:
        for names in _names_side_by_side(place.text) if place.kind in {"assign", "return", "loop"} else ():
            for key, times in Counter(names).items():
                if times > 1 and name not in names and len(key) == len(name) and _one_letter(key, name):
                    yield Found(Record(place, 0, None, 0, 0, key), "twice", key, None, (), frozenset({name, key}))


def _meant(search: Search, twin: str, alike: Sequence[Record]) -> Record | None:
    """Of the places with one key, that whose value belongs under the twin; the last where the values do not tell."""
    own = re.compile(rf"(d|dW|db|dz|z)?{re.escape(twin)}c?t?")
    for record in alike:
        if any(own.fullmatch(quantity.name) for quantity in search.quantities.equal(record.value, search.tolerance)):
            return record
    return alike[-1] if alike else None


@lru_cache(maxsize=2_000)
def _names_side_by_side(text: str) -> list[list[str]]:
    """The texts that are written out in each call, tuple and list of a line."""
    try:
        tree = ast.parse(text.strip())
    except (SyntaxError, ValueError):
        return []
    shown = [node.args if isinstance(node, ast.Call) else getattr(node, "elts", []) for node in ast.walk(tree)]
    return [[part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)] for parts in shown]


def _one_letter(key: str, twin: str) -> bool:
    """Whether two keys of one length differ in one letter, as those of two gates do."""
    return sum(one != other for one, other in zip(key, twin, strict=True)) == 1


def _keyed(record: Record) -> bool:
    """Whether a value is put under a key, which a slice is not."""
    place = record.place
    shown = place.kind == "value" and not place.target.isdigit()
    stored = place.kind in GIVES and "[" in place.target and not re.search(r"\[[^\]\"']*(:|\.\.\.)", place.target)
    return shown or stored or place.target.startswith("dict(") or place.kind == "element"


def _has_key(record: Record, name: str) -> bool:
    """Whether a value stands in braces under this very key: where that is missing in the end, it was lost later."""
    return record.place.kind == "value" and record.place.target.strip("'\"") == name


def _stands_for(value: Value, right: Value, tolerance: float) -> bool:
    """Whether a value is the right one, or a number that is each of its entries."""
    number, array = array_of(value), array_of(right)
    if number is not None and array is not None and not number.ndim:
        return same(np.broadcast_to(number, array.shape), array, tolerance)
    return same(value, right, tolerance)
