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
from whygrad.from_code.observe.dataflow import Dataflow
from whygrad.from_code.observe.experiment import KINDS, READS, Found, buffer, chained
from whygrad.from_code.observe.moved import nudge
from whygrad.from_code.observe.only_reads import only_reads
from whygrad.from_code.observe.subject import Record, array_of, same, shape_of
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.observe.subject import Array, Observations

_START = frozenset(("assign", "value", "element", "target", "argument"))
"""Kinds of places at which an array is made to be filled."""
_PRODUCT = re.compile(r"\b(?:dot|matmul|einsum|tensordot|inner)\(|[^@\s]\s*@")
"""What is computed is not made to be filled, though it may be zero."""
_MOST = 24
"""Arrays that are made with something else to see whether that comes back."""


class Untouched(Dataflow):
    """What is made and never filled, and what is never returned."""

    def _never_stored(self) -> Iterator[Found | None]:
        """Arrays that come back as they were made: with the right values in them from the start, what they hand out is right."""
        if self._nothing_comes_in():
            return
        noise = self._noise()
        filled = {observed.result_of(name) for name, value in self._now.observations.items() if not _as_made(name, value, noise)}
        empty = {name for name in self._now.wrong if observed.result_of(name) not in filled}
        for made in self._starts(empty)[:_MOST] if empty else ():
            marked, beside = self._marked(made), self._named_beside(made)
            response = self.subject.run((*self.substitutes, Substitute(made.place.id, made.visit, marked), *beside))
            handed = {
                name for name in empty if name in self._now.observations and name in response and np.isin(response[name], marked).all()
            }
            slots = self._moved_at_every_call(response)
            returned = any(observed.is_result(name) and not observed.is_cached(name) for name in handed)
            if not handed or self._is_given_zeros(made) or self._is_in_a_return(made) or (not returned and self._is_stored_into(made)):
                continue  # what it should get is wrong, or another name belongs there; or it is filled, and read where it is not yet
            if slots:
                yield self._never_assigned(made, handed, slots)
            else:
                filled = self._filled(made, marked, {name: response[name] for name in handed})
                names = tuple(dict.fromkeys(observed.result_of(name) for name in self.expected if name in handed))
                stored = self._given_itself(made) or self._stored_elsewhere(names) or self._makes(names)
                stored = None if stored is not None and (self._hands_out(stored, made) or self._too_early(made, names)) else stored
                found = self._try(made, "unfilled", [Substitute(made.place.id, made.visit, filled), *beside], filled)
                yield found and replace(found, record=stored or made, made=made, names=names)
                empty -= handed
            if not empty:
                return

    def _hands_out(self, record: Record, made: Record) -> bool:
        """Whether a line of a cell only hands out what was made at a line of its own."""
        name, place = made.place.target, record.place
        reads = place.text.partition("=")[2] if place.kind == "assign" else place.text
        hands_out = place.kind == "return" or (place.target != name and re.search(rf"\b{re.escape(name)}\b", reads) is not None)
        return hands_out and not self._calls() and name.isidentifier()

    def _too_early(self, made: Record, names: Sequence[str]) -> bool:
        """Whether a result is made of a name that holds it only when the loop is done, and none of the loop's lines stores it."""
        read = {place.text for place in self.subject.places if place.statement == made.place.statement and place.kind in READS}
        targets = ((other.place.target.partition("[")[0], other.value) for other in self._now.records)
        last = {target: value for target, value in targets if target in read - {made.place.target}}
        right = self.quantities.results.get(names[0]) if len(names) == 1 else None
        return shape_of(right) is not None and any(same(value, right, self.tolerance) for value in last.values())

    def _is_stored_into(self, made: Record) -> bool:
        """Whether a line stores something in a part of an array that was made before."""
        name = made.place.target
        return any(record.place.target.startswith(f"{name}[") and np.any(record.value) for record in self._now.records[made.time :])

    def _is_given_zeros(self, made: Record) -> bool:
        """Whether a line adds to an array, or stores in a part of it, what it has computed, and that is zero."""
        later = self._now.records[made.time :]
        names = {made.place.target, *(one.place.target for one in later if one.place.statement == made.place.statement)} - {""}
        for record in later:
            place, (name, bracket, _) = record.place, record.place.target.partition("[")
            stores = place.kind == "right" or (bracket and place.kind in {"assign", "target"})
            if stores and name in names and shape_of(record.value) and not np.any(record.value) and not buffer(record):
                return True
        return False

    def _is_in_a_return(self, made: Record) -> bool:
        """Whether an array is made within what is returned."""
        return any(record.place.kind == "return" and record.place.statement == made.place.statement for record in self._now.records)

    def _named_beside(self, made: Record) -> list[Substitute]:
        """In ``a = b = 0`` the other names keep the number that they are given."""
        same_line = [other for other in self._now.records if other.place.statement == made.place.statement and chained(other.place)]
        others = [other for other in same_line if other.place.id > made.place.id and other.visit == made.visit]
        return [Substitute(other.place.id, other.visit, other.value) for other in others if shape_of(other.value) in {None, ()}]

    def _nothing_comes_in(self) -> bool:
        """Whether the cell is given zeros at each call: then its results are stored and are zero."""
        first = {
            record.place.id for record in self._now.records if record.place.kind == "argument" and self._slot(record.place.target) == 0
        }
        given = [record for record in self._now.records if record.place.id in first and self._of_the_cell(record.place)]
        return bool(given) and not any(array is None or array.any() for array in (array_of(record.value) for record in given))

    def _noise(self) -> list[Array]:
        """What empty arrays were handed out with."""
        made = (record for record in self._now.records if re.search(r"empty|full", record.place.text) and buffer(record))
        return [array for record in made if (array := array_of(record.value)) is not None and array.any()]

    def _starts(self, empty: set[str]) -> list[Record]:
        """Where arrays are made, before the cell is called a second time; those with the name of a result that is empty first."""
        calls = self._calls()
        names = {observed.result_of(name) for name in empty}
        first = calls[0].time if calls else len(self._now.records)
        second = calls[1].time if len(calls) > 1 else first
        again = {record.place.id for record in self._now.records[second:]}
        found = [record for record in self._now.records[:first] if record.place.kind in _START and _start(record)]
        made = (record for record in self._now.records[first:second] if record.place.kind == "assign" and record.place.id not in again)
        found += [record for record in made if buffer(record)]
        return sorted(found, key=lambda record: record.name not in names)

    def _calls(self) -> list[Record]:
        return [record for record in self._now.records if record.place.id in self.subject.last_arguments]

    def _marked(self, made: Record) -> Any:  # noqa: ANN401 - an array
        value = array_of(made.value)
        return nudge(() if value is None else value.shape)

    def _moved_at_every_call(self, response: Observations) -> set[int]:
        """The arguments of the cell that are moved at each of its calls."""
        moved = [
            at
            for name, value in response.items()
            if (at := observed.argument(name)) is not None and not same(value, self._now.observations.get(name))
        ]
        calls = len(self._calls())
        return {slot for _, slot in moved if sum(other == slot for _, other in moved) == calls > 1}

    def _never_assigned(self, made: Record, handed: set[str], slots: set[int]) -> Found | None:
        """A carry that keeps its start value: the call that uses it at each step, together with the result that it is handed out as.

        Of a backward function's that is the hidden state's alone, the cell's first argument.
        """
        carried = {shape_of(self.quantities.calls[0][slot]) for slot in slots}
        results = [
            Substitute(record.place.id, record.visit, right)
            for record in (self._now.records if 0 in slots else ())
            if (right := self.result(record)) is not None
            and self.returned_as(record) in handed
            and shape_of(right) in carried
            and not np.any(record.value)
        ]
        for record in self._now.records:
            if self._of_the_cell(record.place) and self._slot(record.place.target) in slots:
                given = [sub for sub in self._arguments(record.place.id) if sub.visit == record.visit]
                if given:  # the first call that should have got what comes back
                    mended = (*self._arguments(record.place.id), *results)
                    found = self._try(record, "argument", mended, given[0].value)
                    return found and replace(found, made=made, reads=tuple(self._reads(record)))
        return None

    def _filled(self, made: Record, marked: Any, handed: Observations) -> Any:  # noqa: ANN401 - arrays
        """The array with the right results where they are handed out."""
        value = array_of(made.value)
        if value is None or not value.ndim:
            return next(self.expected[name] for name in handed)
        filled = value.copy()
        for name, seen in handed.items():
            right = self.expected[name]
            if right.shape == seen.shape:
                at = {float(entry): place for place, entry in np.ndenumerate(marked)}
                for entry, belongs in zip(seen.ravel(), right.ravel(), strict=True):
                    filled[at[float(entry)]] = belongs
        return filled

    def _given_itself(self, made: Record) -> Record | None:
        """The line that gives what was made to the very name that holds it."""
        handed_on = made.place.text.rpartition("=")[2].strip().partition("[")[0]
        names = {*chained(made.place), made.place.target, handed_on}
        return next(
            (record for record in self._now.records if self.subject.text.gives_itself(record.place) and record.place.target in names), None
        )

    def _stored_elsewhere(self, names: Sequence[str]) -> Record | None:
        """The line that stores what changes nothing, or each step's share of one of these results in another array."""
        calls = self.quantities.tables[0].reply.calls
        visits = Counter(record.place.id for record in self._now.records)
        for record in self._now.records if calls else ():
            stores = record.place.kind in {"assign", "after"} and record.phase and not buffer(record)
            if stores and record.name in names and visits[record.place.id] >= len(calls):
                return record
        for name in names:
            whole = (record for record in self._now.records if record.place.kind == "assign" and self.subject.text.loses(record.place))
            if (record := next((one for one in whole if same(one.value, self.expected.get(name), self.tolerance)), None)) is not None:
                return record
            shares = [self._share(call.value, name, step) for step, call in enumerate(calls)]
            stores = [record for record in self._now.records if record.phase and record.place.kind in {"assign", "target", "right"}]
            for record in stores:
                lost = record.place.kind == "assign" and self.subject.text.loses(record.place)
                into = record.place.kind == "right" or "[" in record.place.target or lost
                at_place = [other for other in stores if other.place.id == record.place.id] if into and record.name != name else []
                if at_place and all(any(same(other.value, share, self.tolerance) for other in at_place) for share in shares):
                    return record
        return None

    def _share(self, value: Any, name: str, step: int) -> Any:  # noqa: ANN401 - arrays
        """What the cell's call at one step gives for a result; in a forward function the learner's own, which may differ already."""
        if isinstance(value, dict):
            return cast("Any", value).get("dxt" if name == "dx" else name)
        first = self.expected.get(observed.at_step(name, 0))
        right, own = self.quantities.tables[0].reply.calls[0].value, self._now.calls[step].value if step < len(self._now.calls) else None
        slot = next((slot for slot, part in enumerate(right) if same(part, first, self.tolerance)), None)
        return cast("Any", own)[slot] if slot is not None and isinstance(own, tuple) else self.expected.get(observed.at_step(name, step))

    def _makes(self, names: Sequence[str]) -> Record | None:
        """The line to tell a missing one at: the first call of the cell, or in a cell the last line that makes it, else the return."""
        calls = self._calls()
        returned = [record for record in self._now.records if record.place.kind == "return"]
        if calls and returned and _beside(names, _entries(returned[-1].value)):
            return returned[-1]
        if calls:
            beside = (record for record in self._now.records if record.place.statement == calls[0].place.statement)
            return next((record for record in beside if record.place.kind in {"assign", "target"}), calls[0])
        made = [record for record in self._now.records[::-1] if record.place.kind in KINDS and not only_reads(record.place)]
        made.sort(key=lambda record: record.place.function != self.subject.function)
        rights = [right for name in names if (right := array_of(self.quantities.results.get(name))) is not None]
        parts = [part for right in rights for part in self._parts(right)]
        for record in made:
            if any(same(record.value, value, self.tolerance) for value in parts):
                return record
        given = _entries(returned[-1].value) if returned else set[str]()
        return next((record for record in returned if given and _entries(record.value) == given), None)

    def _left_out(self, names: Sequence[str]) -> Record | None:
        """The dictionary, or the return, without what the function has given a name by then; None where it is nowhere."""
        here = [record for record in self._now.records if record.place.function == self.subject.function]
        returned = next((record for record in reversed(here) if record.place.kind == "return"), None)
        kept = [record.value for record in here if record.place.kind in {"assign", "target", "after"}]
        rights = [self.quantities.results[name] for name in names if name in self.quantities.results]
        if returned is None or len(rights) < len(names) or not all(any(same(v, right, self.tolerance) for v in kept) for right in rights):
            return None
        keys = _entries(returned.value)
        dictionaries = (r for r in reversed(here) if r.place.kind == "assign" and _entries(r.value) == keys)
        return next((r for r in dictionaries if all(key in r.place.text for key in keys)), returned) if keys else None

    def _parts(self, right: Array) -> list[Array]:
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
