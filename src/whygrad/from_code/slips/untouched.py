"""Results that come back as they were made: a line is missing, and is told at the line that computes what should have been stored.

A missing line has no line of its own. In a loop over the steps it is told at the call of the cell whose results it should take, in a cell
at the line that computes what should be stored, or where there is none at the return that misses it. An array is known to be untouched
because it can be made with anything else, and comes back with just that.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.from_code.observe import observed
from whygrad.from_code.observe.arrays import array_of, same, shape_of
from whygrad.from_code.observe.dataflow import reads_of
from whygrad.from_code.observe.experiment import GIVES, HOLDS, KINDS, READS, Found, Search, buffer, chained
from whygrad.from_code.observe.moved import nudge
from whygrad.from_code.observe.only_reads import only_reads
from whygrad.from_code.observe.returned_as import returned_as, right_result
from whygrad.from_code.observe.roles import arguments, of_the_cell, slot_of
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.observe.arrays import Array, Observations
    from whygrad.from_code.observe.subject import Record

_START = frozenset(("assign", "value", "element", "target", "argument"))
"""Kinds of places at which an array is made to be filled."""
_PRODUCT = re.compile(r"\b(?:dot|matmul|einsum|tensordot|inner)\(|[^@\s]\s*@")
"""What is computed is not made to be filled, though it may be zero."""
_MOST = 24
"""Arrays that are made with something else to see whether that comes back."""


def never_stored(search: Search) -> Iterator[Found | None]:
    """Arrays that come back as they were made: with the right values in them from the start, what they hand out is right."""
    if _nothing_comes_in(search):
        return
    noise = _noise(search)
    filled = {observed.result_of(name) for name, value in search.now.observations.items() if not _as_made(name, value, noise)}
    empty = {name for name in search.now.wrong if observed.result_of(name) not in filled}
    for made in _starts(search, empty)[:_MOST] if empty else ():
        marked, beside = _marked(made), _named_beside(search, made)
        response = search.subject.run((*search.substitutes, Substitute(made.place.id, made.visit, marked), *beside))
        handed = {name for name in empty if name in search.now.observations and name in response and np.isin(response[name], marked).all()}
        slots = _moved_at_every_call(search, response)
        returned = any(observed.is_result(name) and not observed.is_cached(name) for name in handed)
        if not handed or _is_given_zeros(search, made) or _is_in_a_return(search, made) or (not returned and _is_stored_into(search, made)):
            continue  # what it should get is wrong, or another name belongs there; or it is filled, and read where it is not yet
        if slots:
            yield _never_assigned(search, made, handed, slots)
        else:
            filled = _filled(search, made, marked, {name: response[name] for name in handed})
            names = tuple(dict.fromkeys(observed.result_of(name) for name in search.expected if name in handed))
            stored = _given_itself(search, made) or _stored_elsewhere(search, names) or makes(search, names)
            stored = None if stored is not None and (only_hands_out(search, stored, made) or _too_early(search, made, names)) else stored
            found = search.attempt(made, "unfilled", [Substitute(made.place.id, made.visit, filled), *beside], filled)
            yield found and replace(found, record=stored or made, made=made, names=names)
            empty -= handed
        if not empty:
            return


def only_hands_out(search: Search, record: Record, made: Record) -> bool:
    """Whether a line of a cell only hands out what was made at a line of its own."""
    name, place = made.place.target, record.place
    reads = place.text.partition("=")[2] if place.kind == "assign" else place.text
    hands_out = place.kind == "return" or (place.target != name and re.search(rf"\b{re.escape(name)}\b", reads) is not None)
    return hands_out and not cell_calls(search) and name.isidentifier()


def _too_early(search: Search, made: Record, names: Sequence[str]) -> bool:
    """Whether a result is made of a name that holds it only when the loop is done, and none of the loop's lines stores it."""
    read = {place.text for place in search.subject.places if place.statement == made.place.statement and place.kind in READS}
    targets = ((other.place.target.partition("[")[0], other.value) for other in search.now.records)
    last = {target: value for target, value in targets if target in read - {made.place.target}}
    right = search.quantities.results.get(names[0]) if len(names) == 1 else None
    return shape_of(right) is not None and any(same(value, right, search.tolerance) for value in last.values())


def _is_stored_into(search: Search, made: Record) -> bool:
    """Whether a line stores something in a part of an array that was made before."""
    name = made.place.target
    return any(record.place.target.startswith(f"{name}[") and np.any(record.value) for record in search.now.records[made.time :])


def _is_given_zeros(search: Search, made: Record) -> bool:
    """Whether a line adds to an array, or stores in a part of it, what it has computed, and that is zero."""
    later = search.now.records[made.time :]
    names = {made.place.target, *(one.place.target for one in later if one.place.statement == made.place.statement)} - {""}
    for record in later:
        place, (name, bracket, _) = record.place, record.place.target.partition("[")
        stores = place.kind == "right" or (bracket and place.kind in GIVES)
        if stores and name in names and shape_of(record.value) and not np.any(record.value) and not buffer(record):
            return True
    return False


def _is_in_a_return(search: Search, made: Record) -> bool:
    """Whether an array is made within what is returned."""
    return any(record.place.kind == "return" and record.place.statement == made.place.statement for record in search.now.records)


def _named_beside(search: Search, made: Record) -> list[Substitute]:
    """In ``a = b = 0`` the other names keep the number that they are given."""
    same_line = [other for other in search.now.records if other.place.statement == made.place.statement and chained(other.place)]
    others = [other for other in same_line if other.place.id > made.place.id and other.visit == made.visit]
    return [Substitute(other.place.id, other.visit, other.value) for other in others if shape_of(other.value) in {None, ()}]


def _nothing_comes_in(search: Search) -> bool:
    """Whether the cell is given zeros at each call: then its results are stored and are zero."""
    first = {
        record.place.id for record in search.now.records if record.place.kind == "argument" and slot_of(search, record.place.target) == 0
    }
    given = [record for record in search.now.records if record.place.id in first and of_the_cell(search, record.place)]
    return bool(given) and not any(array is None or array.any() for array in (array_of(record.value) for record in given))


def _noise(search: Search) -> list[Array]:
    """What empty arrays were handed out with."""
    made = (record for record in search.now.records if re.search(r"empty|full", record.place.text) and buffer(record))
    return [array for record in made if (array := array_of(record.value)) is not None and array.any()]


def _starts(search: Search, empty: set[str]) -> list[Record]:
    """Where arrays are made, before the cell is called a second time; those with the name of a result that is empty first."""
    calls = cell_calls(search)
    names = {observed.result_of(name) for name in empty}
    first = calls[0].time if calls else len(search.now.records)
    second = calls[1].time if len(calls) > 1 else first
    again = {record.place.id for record in search.now.records[second:]}
    found = [record for record in search.now.records[:first] if record.place.kind in _START and _start(record)]
    made = (record for record in search.now.records[first:second] if record.place.kind == "assign" and record.place.id not in again)
    found += [record for record in made if buffer(record)]
    return sorted(found, key=lambda record: record.name not in names)


def cell_calls(search: Search) -> list[Record]:
    """The last arguments of the calls of the cell."""
    return [record for record in search.now.records if record.place.id in search.subject.last_arguments]


def _marked(made: Record) -> Any:  # noqa: ANN401 - an array
    value = array_of(made.value)
    return nudge(() if value is None else value.shape)


def _moved_at_every_call(search: Search, response: Observations) -> set[int]:
    """The arguments of the cell that are moved at each of its calls."""
    moved = [
        at
        for name, value in response.items()
        if (at := observed.argument(name)) is not None and not same(value, search.now.observations.get(name))
    ]
    calls = len(cell_calls(search))
    return {slot for _, slot in moved if sum(other == slot for _, other in moved) == calls > 1}


def _never_assigned(search: Search, made: Record, handed: set[str], slots: set[int]) -> Found | None:
    """A carry that keeps its start value: the call that uses it at each step, together with the result that it is handed out as.

    Of a backward function's that is the hidden state's alone, the cell's first argument.
    """
    carried = {shape_of(search.quantities.calls[0][slot]) for slot in slots}
    results = [
        Substitute(record.place.id, record.visit, right)
        for record in (search.now.records if 0 in slots else ())
        if (right := right_result(search, record)) is not None
        and returned_as(search, record) in handed
        and shape_of(right) in carried
        and not np.any(record.value)
    ]
    for record in search.now.records:
        if of_the_cell(search, record.place) and slot_of(search, record.place.target) in slots:
            given = [sub for sub in arguments(search, record.place.id) if sub.visit == record.visit]
            if given:  # the first call that should have got what comes back
                mended = (*arguments(search, record.place.id), *results)
                found = search.attempt(record, "argument", mended, given[0].value)
                return found and replace(found, made=made, reads=tuple(reads_of(search, record)))
    return None


def _filled(search: Search, made: Record, marked: Any, handed: Observations) -> Any:  # noqa: ANN401 - arrays
    """The array with the right results where they are handed out."""
    value = array_of(made.value)
    if value is None or not value.ndim:
        return next(search.expected[name] for name in handed)
    filled = value.copy()
    for name, seen in handed.items():
        right = search.expected[name]
        if right.shape == seen.shape:
            at = {float(entry): place for place, entry in np.ndenumerate(marked)}
            for entry, belongs in zip(seen.ravel(), right.ravel(), strict=True):
                filled[at[float(entry)]] = belongs
    return filled


def _given_itself(search: Search, made: Record) -> Record | None:
    """The line that gives what was made to the very name that holds it."""
    handed_on = made.place.text.rpartition("=")[2].strip().partition("[")[0]
    names = {*chained(made.place), made.place.target, handed_on}
    return next(
        (record for record in search.now.records if search.subject.text.gives_itself(record.place) and record.place.target in names), None
    )


def _stored_elsewhere(search: Search, names: Sequence[str]) -> Record | None:
    """The line that stores what changes nothing, or each step's share of one of these results in another array."""
    calls = search.quantities.tables[0].reply.calls
    visits = Counter(record.place.id for record in search.now.records)
    for record in search.now.records if calls else ():
        stores = record.place.kind in {"assign", "after"} and record.phase and not buffer(record)
        if stores and record.name in names and visits[record.place.id] >= len(calls):
            return record
    for name in names:
        whole = (record for record in search.now.records if record.place.kind == "assign" and search.subject.text.loses(record.place))
        if (record := next((one for one in whole if same(one.value, search.expected.get(name), search.tolerance)), None)) is not None:
            return record
        shares = [_share(search, call.value, name, step) for step, call in enumerate(calls)]
        stores = [record for record in search.now.records if record.phase and record.place.kind in {"assign", "target", "right"}]
        for record in stores:
            lost = record.place.kind == "assign" and search.subject.text.loses(record.place)
            into = record.place.kind == "right" or "[" in record.place.target or lost
            at_place = [other for other in stores if other.place.id == record.place.id] if into and record.name != name else []
            if at_place and all(any(same(other.value, share, search.tolerance) for other in at_place) for share in shares):
                return record
    return None


def _share(search: Search, value: Any, name: str, step: int) -> Any:  # noqa: ANN401 - arrays
    """What the cell's call at one step gives for a result; in a forward function the learner's own, which may differ already."""
    if isinstance(value, dict):
        return cast("Any", value).get("dxt" if name == "dx" else name)
    first = search.expected.get(observed.at_step(name, 0))
    right, own = search.quantities.tables[0].reply.calls[0].value, search.now.calls[step].value if step < len(search.now.calls) else None
    slot = next((slot for slot, part in enumerate(right) if same(part, first, search.tolerance)), None)
    return cast("Any", own)[slot] if slot is not None and isinstance(own, tuple) else search.expected.get(observed.at_step(name, step))


def makes(search: Search, names: Sequence[str]) -> Record | None:
    """The line to tell a missing one at: the first call of the cell, or in a cell the last line that makes it, else the return."""
    calls = cell_calls(search)
    returned = [record for record in search.now.records if record.place.kind == "return"]
    if calls and returned and _beside(names, _entries(returned[-1].value)):
        return returned[-1]
    if calls:
        beside = (record for record in search.now.records if record.place.statement == calls[0].place.statement)
        return next((record for record in beside if record.place.kind in GIVES), calls[0])
    made = [record for record in search.now.records[::-1] if record.place.kind in KINDS and not only_reads(record.place)]
    made.sort(key=lambda record: record.place.function != search.subject.function)
    rights = [right for name in names if (right := array_of(search.quantities.results.get(name))) is not None]
    parts = [part for right in rights for part in _parts(right)]
    for record in made:
        if any(same(record.value, value, search.tolerance) for value in parts):
            return record
    given = _entries(returned[-1].value) if returned else set[str]()
    return next((record for record in returned if given and _entries(record.value) == given), None)


def left_out(search: Search, names: Sequence[str]) -> Record | None:
    """The dictionary, or the return, without what the function has given a name by then; None where it is nowhere."""
    here = [record for record in search.now.records if record.place.function == search.subject.function]
    returned = next((record for record in reversed(here) if record.place.kind == "return"), None)
    kept = [record.value for record in here if record.place.kind in HOLDS]
    rights = [search.quantities.results[name] for name in names if name in search.quantities.results]
    if returned is None or len(rights) < len(names) or not all(any(same(v, right, search.tolerance) for v in kept) for right in rights):
        return None
    keys = _entries(returned.value)
    dictionaries = (r for r in reversed(here) if r.place.kind == "assign" and _entries(r.value) == keys)
    return next((r for r in dictionaries if all(key in r.place.text for key in keys)), returned) if keys else None


def _parts(right: Array) -> list[Array]:
    """A result, and its parts for the hidden state and the input."""
    if right.ndim != 2 or right.shape[1] <= right.shape[0]:  # noqa: PLR2004 - a weight's gradient
        return [right]
    return [right, right[:, : right.shape[0]], right[:, right.shape[0] :]]


def _as_made(name: str, value: Array, noise: Sequence[Array]) -> bool:
    """Whether an observation is what was there before anything was stored: nothing, zeros, or part of the noise."""
    return "shape" in name or not value.any() or any(_made_of(value, array) for array in noise)


def _made_of(value: Array, noise: Array) -> bool:
    """Whether all entries are among those of the noise, which may be NaN."""
    first = value.item(0) if value.size else np.nan
    if first == first and not (noise == first).any():  # noqa: PLR0124 - no NaN: one that is not among them tells it at once
        return False
    return bool((np.isin(value, noise) | (np.isnan(value) & np.isnan(noise).any())).all())


def _start(record: Record) -> bool:
    array, text = array_of(record.value), record.place.text
    computed = _PRODUCT.search(text) is not None or (record.place.kind in {"value", "argument", "element"} and text.isidentifier())
    computed |= "[:" in record.place.target  # a part of an array that was made before
    return array is not None and (buffer(record) or (not array.any() and not computed))


def _entries(value: Any) -> set[str]:  # noqa: ANN401
    """The keys of a dictionary, none of anything else."""
    return set(cast("dict[str, Any]", value)) if isinstance(value, dict) else set()


def _beside(names: Sequence[str], entries: set[str]) -> bool:
    """Whether other sums over the steps are returned: the loop adds up whatever it was given a place for."""
    sums = ("dW", "db")
    return all(name.startswith(sums) for name in names) and any(entry.startswith(sums) for entry in entries) and entries.isdisjoint(names)
