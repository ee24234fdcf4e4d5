"""From a place that cures back to the line to blame: as long as an earlier place cures as much, it is the likelier one."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.from_code.observe.experiment import STATED, Found, buffer, seen_at
from whygrad.from_code.observe.expression import expression_of
from whygrad.from_code.observe.roles import put
from whygrad.from_code.observe.subject import Record, array_of, same, shape_of
from whygrad.from_code.observe.turned import Turned
from whygrad.from_code.places.blamable import Blamable
from whygrad.from_code.places.likelier import Likelier
from whygrad.from_code.reference.parts import ARGUMENTS
from whygrad.from_code.slips.collected import Collected
from whygrad.from_code.slips.held_before import HeldBefore
from whygrad.from_code.slips.in_parts import InParts
from whygrad.from_code.slips.part_by_part import PartByPart
from whygrad.from_code.slips.sums import Sums, shapes_differ
from whygrad.from_code.slips.swapped import Swapped
from whygrad.sandbox.chains import is_chain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from whygrad.from_code.observe.quantities import Quantity
    from whygrad.sandbox.requests import Value

_COPY = re.compile(r"\w+\.copy\(\)|np\.(array|asarray|copy)\(\w+\)")
_DEPTH = 10
_THROUGH = 4
"""Values in a row that are like no quantity, through which the search goes back."""


class Backwards(Blamable, Swapped, HeldBefore, Sums, Likelier, InParts, PartByPart, Collected):
    """The way back along what lines read."""

    def _back(self, found: Found) -> Found:
        """Go back along what the line reads as long as an earlier place cures as much; that it goes on tells nothing of an earlier one."""
        if found.how == "raises" and found.inputs and not found.reads:  # with what a name starts with it goes on, wherever it comes from
            return found
        if found.how == "raises" and not found.cured:
            reads = self._reads(found.record)
            return replace(found, inputs=self._only_this_line(reads, self.substitutes), reads=tuple(reads))
        return found if found.made is not None or found.lost is not None or found.how in STATED else self._further_back(found)

    def _further_back(self, found: Found) -> Found:  # noqa: PLR0911 - one for each way of being found
        if found.how in {"late", "unfit", "order", "misspelt", "written", "renewed", "filled"} or self.held_by_its_key(found):
            return found
        if found.how in {"loop", "index", "copy", "sums", "unused"}:
            return replace(found, inputs=found.inputs or self._only_moved(found))
        otherwise = self._gone(found) or self._gone_before(found) or self._overwritten(found)
        otherwise = otherwise or self._made_in_another_shape(found) or self._replaced_as_a_whole(found) or self._lost_parts(found)
        if otherwise is not None:
            return otherwise
        for _ in range(_DEPTH):
            if (swapped := self._unpacked_in_another_order(found)) is not None:
                return swapped
            reads = self._reads(found.record)
            earlier = None
            if not self._names_its_output(found.record):
                earlier = self._passed_on(found) or self._appended(found) or self._stored_in_parts(found) or self._taken_in_parts(found)
                earlier = earlier or self._behind(found.record, found, _THROUGH)
            if earlier is None:
                right = all(self._read_right(read) for read in reads) and self._taken_of_what_is_right(found)
                if not right and found.how != "raises":
                    return self._unexplained(found, _THROUGH)
                inputs = self._only_this_line(reads, self.substitutes) if found.how == "raises" else self._in_place(reads)
                return self._up(replace(found, inputs=inputs, reads=tuple(reads)))
            found = earlier
            if (lost := self._overwritten(found) or self._gone_before(found)) is not None:
                return lost
        return found

    def _for_one_gate(self, found: Found) -> Found | None:
        """Of a cell's line that is right for some gates: what is kept under one key for one of the others, if that is wrong by itself."""
        place, several = found.record.place, len({sub.visit for sub in found.substitutes}) > 1
        visits = sum(record.place.id == place.id for record in self._now.records)
        if found.how != "value" or not several or len(found.substitutes) >= visits or self.subject.cell != self.subject.function:
            return None
        for sub in found.substitutes:
            record = seen_at(self._now.records, sub.place, sub.visit)
            alone = record and self._try(record, "value", [sub], sub.value, next(self.quantities.equal(sub.value, self.tolerance), None))
            back = alone and self._back(replace(alone, visits=((alone.record.value, sub.value),)))
            entry = back and (back.record.place.kind == "value" or back.record.place.target.startswith("dict("))
            if back and entry and back.record.place.statement != place.statement:
                return back
        return None

    def _taken_of_what_is_right(self, found: Found) -> bool:
        """Whether the array of which the cell is given a part is a right quantity."""
        whole = self._written(found.record) if found.how == "argument" else None
        return whole is None or self.quantities.recognised(whole.value, self.tolerance)

    def _only_moved(self, found: Found) -> bool:
        """Whether a loop or an index is wrong by itself: the sizes that it reads are right, and the values that it stores."""
        statement = found.record.place.statement
        beside = [
            record
            for record in self._now.records
            if record.place.statement == statement and record.place.function == found.record.place.function
        ]
        if found.how == "index":
            stored = [record for record in beside if record.place.kind in {"assign", "right"} and record.visit <= found.record.visit]
            return all(self.quantities.recognised(record.value, self.tolerance) for record in stored)
        reads = [record for record in beside if record.place.kind == "read" and isinstance(record.value, int)]
        return found.how == "loop" and all(self._right_number(record) for record in reads)

    def _passed_on(self, found: Found) -> Found | None:
        """Where the place only hands on what a name holds, or copies it: the line that gave it to the name, or the first of several."""
        rights = {(sub.place, sub.visit): sub.value for sub in found.substitutes}
        made: dict[int, dict[int, tuple[Record, Value]]] = {}
        for record in self._now.records:
            if record.place.id == found.record.place.id and (record.place.id, record.visit) in rights:
                source = self._written(self._copied_from(record))
                if source is None or shape_of(source.value) != shape_of(record.value) or not self._may_be_handed_on(source, found):
                    return None
                made.setdefault(source.place.id, {})[source.visit] = source, rights[record.place.id, record.visit]
        for place, pairs in list(made.items())[:1]:
            belongs = list(pairs.values())
            if self._right_at_most_gates(place, belongs):
                return None
            first, right = belongs[0]
            tried = self._try(first, "value", put(belongs), right, found.quantity)
            if tried is not None and (len(made) > 1 or tried.cured >= found.cured):
                return replace(tried, visits=tuple((source.value, value) for source, value in belongs))
        return None

    def _copied_from(self, record: Record) -> Record:
        """What a line copies and gives a name; the record itself where it does something else."""
        reads = self._reads(record) if _COPY.fullmatch(record.place.computes.strip()) else ()
        return reads[0] if len(reads) == 1 else record

    def _right_at_most_gates(self, place: int, wrong: Sequence[tuple[Record, Value]]) -> bool:
        """Whether a cell's line that serves several gates makes a right quantity, and is in question at few of its visits alone."""
        visits = sum(record.place.id == place for record in self._now.records)
        known = all(self._has_a_name(record.value) for record, _ in wrong)
        return self.subject.cell == self.subject.function and 2 * len(wrong) < visits and known

    def _may_be_handed_on(self, source: Record, found: Found) -> bool:
        """Whether the line that gave a name its value can be what is wrong where that value is handed on."""
        start = buffer(source) and found.how == "argument" and not self._rightly_zero(source)
        loop = self.subject.cell != self.subject.function
        of_one_step = loop and self.returned_as(found.record) is not None and shapes_differ(found)  # no right name for what all steps give
        named = self._rightly_named(source) and not of_one_step
        blamed = (start or self._may_be_blamed(source)) and not named
        cleared = self._named_where_it_goes(source, found) or self._taken_rightly(source, found)
        return blamed and not cleared and not self._lies_as_all_do(source, found.right)

    def _taken_rightly(self, source: Record, found: Found) -> bool:
        """Whether a line takes from the cell what belongs into the argument in question, or, where a result is, into any argument."""
        if self._is_all_that_is_given(source, found):
            return False
        slots = (self._slot(found.record.place.target),) if found.how == "argument" else (0, 1)
        one_step = shapes_differ(found) and self.returned_as(found.record) is None
        return any(self._given_back(source, slot) for slot in slots) or (one_step and self._is_a_result(source))

    def _is_all_that_is_given(self, source: Record, found: Found) -> bool:
        """Whether a call is given just what a line of the loop took from the cell, where the first was given its upstream gradient."""
        place, backward = found.record.place, self.subject.function.endswith("backward")
        given = found.how == "argument" and backward and self._slot(place.target) == 0 and place.text == source.place.target
        return given and bool(source.phase and found.record.phase)

    def _is_a_result(self, source: Record) -> bool:
        """Whether a line takes something from the cell as it was returned."""
        if not 0 < source.phase <= len(self._now.calls):
            return False
        value: Any = self._now.calls[source.phase - 1].value
        returned = list(cast("dict[str, Any]", value).values() if isinstance(value, dict) else cast("Iterable[Any]", value))
        return any(array_of(one) is not None and same(source.value, one) for one in returned)

    def _given_back(self, source: Record, slot: int | None) -> bool:
        """Whether a line takes from the cell the very state or carry that belongs into this argument of its next call."""
        if slot is None or not 0 < source.phase <= len(self._now.calls):
            return False
        value: Any = self._now.calls[source.phase - 1].value
        names, last = ("da_prev", "dc_prev"), len(ARGUMENTS[self.subject.cell]) - 1
        if isinstance(value, dict):
            returned = cast("dict[str, Any]", value).get(names[slot]) if slot < min(last, len(names)) else None
        else:
            returned = value[slot - 1] if 0 < slot < last else None
        first = (
            record
            for record in self._now.records
            if record.phase == source.phase and record.place.kind in {"assign", "target"} and same(record.value, returned)
        )
        return returned is not None and any(record is source for record in islice(first, 1))

    def _only_upstream(self, record: Record) -> bool:
        """Whether a line takes a step's own upstream gradient, as it should, for another line to add to."""
        if not self.subject.function.endswith("backward") or self.subject.cell == self.subject.function or record.place.kind != "assign":
            return False
        line = expression_of(record.place.computes.strip().removesuffix(".copy()"))
        turns = sum(other.place.id == record.place.id for other in self._now.records)
        if line is None or not is_chain(line) or turns < len(self.quantities.calls):  # zero may be added to it; a carry may start from it
            return False
        upstream, step = array_of(self.subject.arguments[0]), len(self.quantities.calls) - 1 - record.phase
        return upstream is not None and 0 <= step < upstream.shape[-1] and same(record.value, upstream[..., step])

    def _rightly_zero(self, start: Record) -> bool:
        """Whether a carry starts at zero as it should: nothing comes back to the last step, but something to each before it."""
        return self.subject.function.endswith("backward") and not start.phase and not np.any(start.value)

    def _behind(self, record: Record, found: Found, depth: int) -> Found | None:
        """An earlier place that cures as much, looked for through values that no quantity is like (a stack in an order of its own)."""
        for source in self._sources(record, self._reads(record)):
            earlier = self._earlier(source, found)
            right = self._is_a_right_term(source, found) or self.quantities.recognised(source.value, self.tolerance, stacks=False)
            if earlier is None and depth and not right:
                earlier = self._behind(source, found, depth - 1)
            if earlier is not None:
                return earlier
        return None

    def _earlier(self, record: Record, found: Found) -> Found | None:  # noqa: PLR0911 - one for each reason
        cleared = self._rightly_named(record) or self._named_where_it_goes(record, found) or self._is_a_right_term(record, found)
        if cleared or not self._may_be_blamed(record) or self._taken_rightly(record, found):
            return None
        adds = found.record.place.id in self._composed and found.record.place.kind == "assign"
        if (adds or found.record.place.kind == "after") and self._only_upstream(record):
            return None
        options = self._options(record)
        unlike = self._of_another_shape(record) if shapes_differ(found) else []
        options = self._of_the_same_shape(record, found, [*unlike, *options])
        if not options:
            return None
        right = self._right_there(record, options)
        elsewhere = record.place.function != found.record.place.function
        if elsewhere and self._handed_in(record):
            handed = next((given for given in self._given(record) if given.name == record.place.text), None)
            return None if handed is None else self._earlier(handed, found)
        once = sum(other.place.id == record.place.id for other in self._now.records) == 1
        if (
            elsewhere
            and once
            and not unlike
            and self._simple(record.place.function)
            and not self._given_as_named(record.place.function)
            and not self._belies_its_name(record.place.function)
            and self.quantities.recognised(record.value, self.tolerance)
        ):
            return None
        for option in self._distinct(options, record):
            belongs = self._belongs(record, option, strict=right)
            if elsewhere and not self._mostly_wrong(record, belongs):
                return None
            tried = self._fewest(record, option, belongs)
            if tried is None or not tried.cured >= found.cured or self._only_read(record, tried):
                continue
            if tried.cured > found.cured or (not right and self._likelier(record, found, tried)):
                return tried
        return self._made_in_helper(record, found) if elsewhere and shapes_differ(found) else None

    def _made_in_helper(self, read: Record, found: Found) -> Found | None:
        """The line of a helper that gave the name that it hands out what has another shape than belongs there."""
        made = self._written(read) if read.place.kind in {"value", "element", "return"} and read.place.text.isidentifier() else None
        return None if made is None or made.place.function != read.place.function else self._earlier(made, found)

    def _lies_as_all_do(self, record: Record, right: Value) -> bool:
        """Whether a value is what belongs there, turned as the program has its quantities: it is to be turned where it is handed out."""
        array = array_of(record.value)
        turned = array is not None and array.ndim == 2 and same(array.T, right, self.tolerance)  # noqa: PLR2004 - a matrix
        return turned and any(isinstance(one.table, Turned) and one.made for one in self.quantities.equal(array, self.tolerance))

    def _of_the_same_shape(self, record: Record, found: Found, options: list[Quantity]) -> list[Quantity]:
        """What belongs at an earlier line; where rows or columns are taken of what it made, and that is right, nothing of another shape."""
        options = [option for option in options if not self._lies_as_all_do(record, option.value)]
        if not _takes_a_part(found.record, record) or not self.quantities.recognised(record.value, self.tolerance):
            return options
        return [option for option in options if shape_of(option.value) == shape_of(record.value)]

    def _handed_in(self, record: Record) -> bool:
        """Whether a place in a helper does no more than read what the helper was called with: whoever called it is to blame."""
        place = record.place
        given = self.subject.text.signatures.get(place.function, ()) if place.function != self.subject.function else ()
        return (
            place.kind in {"read", "argument"}
            and place.text in given
            and not any(other.target == place.text and other.function == place.function for other in self.subject.places)
        )

    def _unexplained(self, found: Found, depth: int) -> Found:
        """The line behind, whose inputs are right and whose value is like no quantity; what belongs there is not known."""
        reads = self._reads(found.record)
        wrong = [source for source in self._sources(found.record, reads) if not self.quantities.of_examples(source.value, self.tolerance)]
        wrong = [source for source in wrong if self._may_be_blamed(source) and not self._is_a_right_term(source, found)]
        wrong = [source for source in wrong if not self._serves_another_line(source, found.record)]
        if not wrong:
            return self._up(replace(found, reads=tuple(reads)))
        how = "value" if found.how == "argument" else found.how
        behind = replace(found, record=wrong[0], how=how, right=None, quantity=None, visits=())
        reads = self._reads(wrong[0])
        if all(self._read_right(read) for read in reads):
            behind = self._into_helper(replace(behind, reads=tuple(reads), inputs=self._in_place(reads)))
            return self._up(behind) if self._wrong_everywhere(behind.record, found) else self._up(found)
        further = self._unexplained(behind, depth - 1) if depth else behind
        return further if further is not behind and further.inputs else self._up(found)


def _takes_a_part(later: Record, earlier: Record) -> bool:
    """Whether a line takes rows or columns of what an earlier one made."""
    return re.search(rf"(?<![\w.]){re.escape(earlier.place.target)}\[[^\]]*:", later.place.text) is not None
