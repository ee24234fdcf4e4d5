"""From a place that cures back to the line to blame: as long as an earlier place cures as much, it is the likelier one."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.from_code.observe.arrays import array_of, same, shape_of
from whygrad.from_code.observe.dataflow import (
    composed,
    given_to_helper,
    in_place,
    last_written,
    only_this_line,
    read_right,
    reads_of,
    right_number,
    sources,
)
from whygrad.from_code.observe.experiment import GIVES, READS, STATED, Found, Search, buffer, seen_at
from whygrad.from_code.observe.expression import expression_of
from whygrad.from_code.observe.returned_as import returned_as
from whygrad.from_code.observe.roles import fewest, of_another_shape, options_for, put, right_there, slot_of, told_apart, what_belongs
from whygrad.from_code.observe.subject import Record, name_of
from whygrad.from_code.observe.turned import Turned
from whygrad.from_code.places.blamable import held_by_its_key, may_be_blamed, names_its_output, rightly_named
from whygrad.from_code.places.likelier import (
    alike_for_gates,
    has_a_name,
    is_a_right_term,
    likelier,
    named_where_it_goes,
    only_read,
    serves_another_line,
    spelled_as_its_sibling,
    those_beside,
)
from whygrad.from_code.places.only_scaled import before_it_is_scaled
from whygrad.from_code.reference.parts import ARGUMENTS
from whygrad.from_code.reference.spelled import kind_of
from whygrad.from_code.slips.collected import appended
from whygrad.from_code.slips.held_before import gone, gone_before
from whygrad.from_code.slips.helpers import belies_its_name, given_as_named, into_helper, mostly_wrong, simple, up, wrong_everywhere
from whygrad.from_code.slips.in_parts import stored_in_parts
from whygrad.from_code.slips.part_by_part import lost_parts, taken_in_parts
from whygrad.from_code.slips.sums import made_in_another_shape, overwritten, replaced_as_a_whole, shapes_differ
from whygrad.from_code.slips.swapped import unpacked_in_another_order
from whygrad.sandbox.chains import is_chain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from whygrad.from_code.observe.quantities import Quantity
    from whygrad.sandbox.requests import Value

_COPY = re.compile(r"\w+\.copy\(\)|np\.(array|asarray|copy)\(\w+\)")
_DEPTH = 10
_THROUGH = 4
"""Values in a row that are like no quantity, through which the search goes back."""


def followed_back(search: Search, found: Found) -> Found:
    """Go back along what the line reads as long as an earlier place cures as much; that it goes on tells nothing of an earlier one."""
    if found.how == "raises" and found.inputs and not found.reads:  # with what a name starts with it goes on, wherever it comes from
        return found
    if found.how == "raises" and not found.cured:
        reads = reads_of(search, found.record)
        return replace(found, inputs=only_this_line(search, reads, search.substitutes), reads=tuple(reads))
    return found if found.made is not None or found.lost is not None or found.how in STATED else _further_back(search, found)


def _further_back(search: Search, found: Found) -> Found:  # noqa: PLR0911 - one for each way of being found
    if found.how in {"late", "unfit", "order", "misspelt", "written", "renewed", "filled"} or held_by_its_key(search, found):
        return found
    if found.how in {"loop", "index", "copy", "sums", "unused"}:
        return replace(found, inputs=found.inputs or only_moved(search, found))
    otherwise = gone(search, found) or gone_before(search, found) or overwritten(search, found)
    otherwise = otherwise or made_in_another_shape(search, found) or replaced_as_a_whole(search, found) or lost_parts(search, found)
    if otherwise is not None:
        return otherwise
    for _ in range(_DEPTH):
        if (swapped := unpacked_in_another_order(search, found)) is not None:
            return swapped
        reads = reads_of(search, found.record)
        earlier = None
        if not names_its_output(search, found.record):
            earlier = (
                _passed_on(search, found) or appended(search, found) or stored_in_parts(search, found) or taken_in_parts(search, found)
            )
            earlier = earlier or _behind(search, found.record, found, _THROUGH)
        earlier = earlier or before_it_is_scaled(search, found)
        if earlier is None:
            right = all(read_right(search, read) for read in reads) and _taken_of_what_is_right(search, found)
            if not right and found.how != "raises":
                return _unexplained(search, found, _THROUGH)
            inputs = only_this_line(search, reads, search.substitutes) if found.how == "raises" else in_place(search, reads)
            return up(search, replace(found, inputs=inputs, reads=tuple(reads)))
        found = earlier
        if (lost := overwritten(search, found) or gone_before(search, found)) is not None:
            return lost
    return found


def for_one_gate(search: Search, found: Found) -> Found | None:
    """Of a cell's line that is right for some gates: what is kept under one key for one of the others, if that is wrong by itself.

    Of one that is right for none also what one gate's value is made of, if more comes right with that than with the value.
    """
    place, several = found.record.place, len({sub.visit for sub in found.substitutes}) > 1
    visits = sum(record.place.id == place.id for record in search.now.records)
    if found.how != "value" or not several or search.subject.cell != search.subject.function:
        return None
    some = len(found.substitutes) < visits
    for sub in found.substitutes:
        record = seen_at(search.now.records, sub.place, sub.visit)
        alone = record and search.attempt(
            record, "value", [sub], sub.value, next(search.quantities.equal(sub.value, search.tolerance), None)
        )
        back = alone and followed_back(search, replace(alone, visits=((alone.record.value, sub.value),)))
        entry = back and (back.record.place.kind == "value" or back.record.place.target.startswith("dict("))
        more = alone and back and back.cured > alone.cured
        if back and ((entry and some) or more) and back.record.place.statement != place.statement:
            return back
    return None


def _taken_of_what_is_right(search: Search, found: Found) -> bool:
    """Whether the array of which the cell is given a part is a right quantity."""
    whole = last_written(search, found.record) if found.how == "argument" else None
    return whole is None or search.quantities.recognised(whole.value, search.tolerance)


def only_moved(search: Search, found: Found) -> bool:
    """Whether a loop or an index is wrong by itself: the sizes that it reads are right, and the values that it stores."""
    statement = found.record.place.statement
    beside = [
        record
        for record in search.now.records
        if record.place.statement == statement and record.place.function == found.record.place.function
    ]
    if found.how == "index":
        stored = [record for record in beside if record.place.kind in {"assign", "right"} and record.visit <= found.record.visit]
        return all(search.quantities.recognised(record.value, search.tolerance) for record in stored)
    reads = [record for record in beside if record.place.kind == "read" and isinstance(record.value, int)]
    return found.how == "loop" and all(right_number(search, record) for record in reads)


def _passed_on(search: Search, found: Found) -> Found | None:
    """Where the place only hands on what a name holds, or copies it: the line that gave it to the name, or the first of several."""
    rights = {(sub.place, sub.visit): sub.value for sub in found.substitutes}
    made: dict[int, dict[int, tuple[Record, Value]]] = {}
    for record in search.now.records:
        if record.place.id == found.record.place.id and (record.place.id, record.visit) in rights:
            source = last_written(search, _copied_from(search, record))
            if source is None or shape_of(source.value) != shape_of(record.value) or not _may_be_handed_on(search, source, found):
                return None
            made.setdefault(source.place.id, {})[source.visit] = source, rights[record.place.id, record.visit]
    for place, pairs in list(made.items())[:1]:
        belongs = list(pairs.values())
        if _right_at_most_gates(search, place, belongs):
            return None
        first, right = belongs[0]
        tried = search.attempt(first, "value", put(belongs), right, found.quantity)
        if tried is not None and (len(made) > 1 or tried.cured >= found.cured):
            return replace(tried, visits=tuple((source.value, value) for source, value in belongs))
    return None


def _copied_from(search: Search, record: Record) -> Record:
    """What a line copies and gives a name; the record itself where it does something else."""
    reads = reads_of(search, record) if _COPY.fullmatch(record.place.computes.strip()) else ()
    return reads[0] if len(reads) == 1 else record


def _right_at_most_gates(search: Search, place: int, wrong: Sequence[tuple[Record, Value]]) -> bool:
    """Whether a cell's line that serves several gates makes a right quantity, and is in question at few of its visits alone."""
    visits = sum(record.place.id == place for record in search.now.records)
    known = all(has_a_name(search, record.value) for record, _ in wrong)
    return search.subject.cell == search.subject.function and 2 * len(wrong) < visits and known


def _may_be_handed_on(search: Search, source: Record, found: Found) -> bool:
    """Whether the line that gave a name its value can be what is wrong where that value is handed on."""
    start = buffer(source) and found.how == "argument" and not _rightly_zero(search, source)
    loop = search.subject.cell != search.subject.function
    of_one_step = loop and returned_as(search, found.record) is not None and shapes_differ(found)  # no right name for what all steps give
    named = rightly_named(search, source) and not of_one_step
    blamed = (start or may_be_blamed(search, source)) and not named
    cleared = named_where_it_goes(search, source, found) or _taken_rightly(search, source, found)
    return blamed and not cleared and not _lies_as_all_do(search, source, found.right)


def _taken_rightly(search: Search, source: Record, found: Found) -> bool:
    """Whether a line takes from the cell what belongs into the argument in question, or, where a result is, into any argument.

    For a line of the loop a name that begins with the key under which the cell returned what it gets holds what it should.
    """
    if _is_all_that_is_given(search, source, found):
        return False
    slots = (slot_of(search, found.record.place.target),) if found.how == "argument" else (0, 1)
    one_step = shapes_differ(found) and returned_as(search, found.record) is None
    key = name_of(source.place.text) if found.record.place.loops and source.place.text.endswith(('"]', "']")) else ""
    as_called = bool(key) and source.place.target.startswith(key) and source.place.target != key
    result = (one_step or as_called) and _is_a_result(search, source)
    return any(_given_back(search, source, slot) for slot in slots) or result


def _is_all_that_is_given(search: Search, source: Record, found: Found) -> bool:
    """Whether a call is given just what a line of the loop took from the cell, where the first was given its upstream gradient."""
    place, backward = found.record.place, search.subject.function.endswith("backward")
    given = found.how == "argument" and backward and slot_of(search, place.target) == 0 and place.text == source.place.target
    return given and bool(source.phase and found.record.phase)


def _is_a_result(search: Search, source: Record) -> bool:
    """Whether a line takes something from the cell as it was returned."""
    if not 0 < source.phase <= len(search.now.calls):
        return False
    value: Any = search.now.calls[source.phase - 1].value
    returned = list(cast("dict[str, Any]", value).values() if isinstance(value, dict) else cast("Iterable[Any]", value))
    return any(array_of(one) is not None and same(source.value, one) for one in returned)


def _given_back(search: Search, source: Record, slot: int | None) -> bool:
    """Whether a line takes from the cell the very state or carry that belongs into this argument of its next call."""
    if slot is None or not 0 < source.phase <= len(search.now.calls):
        return False
    value: Any = search.now.calls[source.phase - 1].value
    names, last = ("da_prev", "dc_prev"), len(ARGUMENTS[search.subject.cell]) - 1
    if isinstance(value, dict):
        returned = cast("dict[str, Any]", value).get(names[slot]) if slot < min(last, len(names)) else None
    else:
        returned = value[slot - 1] if 0 < slot < last else None
    first = (
        record
        for record in search.now.records
        if record.phase == source.phase and record.place.kind in GIVES and same(record.value, returned)
    )
    return returned is not None and any(record is source for record in islice(first, 1))


def _only_upstream(search: Search, record: Record) -> bool:
    """Whether a line takes a step's own upstream gradient, as it should, for another line to add to."""
    if not search.subject.function.endswith("backward") or search.subject.cell == search.subject.function or record.place.kind != "assign":
        return False
    line = expression_of(record.place.computes.strip().removesuffix(".copy()"))
    turns = sum(other.place.id == record.place.id for other in search.now.records)
    if line is None or not is_chain(line) or turns < len(search.quantities.calls):  # zero may be added to it; a carry may start from it
        return False
    upstream, step = array_of(search.subject.arguments[0]), len(search.quantities.calls) - 1 - record.phase
    return upstream is not None and 0 <= step < upstream.shape[-1] and same(record.value, upstream[..., step])


def _rightly_zero(search: Search, start: Record) -> bool:
    """Whether a carry starts at zero as it should: nothing comes back to the last step, but something to each before it."""
    return search.subject.function.endswith("backward") and not start.phase and not np.any(start.value)


def _behind(search: Search, record: Record, found: Found, depth: int) -> Found | None:
    """An earlier place that cures as much, looked for through values that no quantity is like (a stack in an order of its own)."""
    for source in sources(search, record, reads_of(search, record)):
        earlier = _earlier(search, source, found)
        right = is_a_right_term(search, source, found) or search.quantities.recognised(source.value, search.tolerance, stacks=False)
        if earlier is None and depth and not right:
            earlier = _behind(search, source, found, depth - 1)
        if earlier is not None:
            return earlier
    return None


def _earlier(search: Search, record: Record, found: Found) -> Found | None:  # noqa: PLR0911 - one for each reason
    cleared = rightly_named(search, record) or named_where_it_goes(search, record, found) or is_a_right_term(search, record, found)
    if cleared or not may_be_blamed(search, record) or _taken_rightly(search, record, found):
        return None
    adds = found.record.place.id in search.once(composed) and found.record.place.kind == "assign"
    if (adds or found.record.place.kind == "after") and _only_upstream(search, record):
        return None
    options = options_for(search, record)
    unlike = of_another_shape(search, record) if shapes_differ(found) else []
    options = _of_the_same_shape(search, record, found, [*unlike, *options])
    if not options:
        return None
    right = right_there(search, record, options)
    elsewhere = record.place.function != found.record.place.function
    if elsewhere and _handed_in(search, record):
        handed = next((given for given in given_to_helper(search, record) if given.name == record.place.text), None)
        return None if handed is None else _earlier(search, handed, found)
    once = sum(other.place.id == record.place.id for other in search.now.records) == 1
    if (
        elsewhere
        and once
        and not (unlike or _is_given_nothing(found.record))
        and simple(search, record.place.function)
        and not given_as_named(search, record.place.function)
        and not belies_its_name(search, record.place.function)
        and search.quantities.recognised(record.value, search.tolerance)
    ):
        return None
    for option in told_apart(search, options, record):
        belongs = what_belongs(search, record, option, strict=right)
        if elsewhere and not mostly_wrong(search, record, belongs):
            return None
        tried = fewest(search, record, option, belongs)
        if tried is None or not tried.cured >= found.cured or only_read(search, record, tried) or (elsewhere and _serves(search, tried)):
            continue
        if tried.cured > found.cured or (not right and likelier(search, record, found, tried)):
            return tried
    return _made_in_helper(search, record, found) if elsewhere and shapes_differ(found) else None


def _serves(search: Search, tried: Found) -> bool:
    """Whether the line of a cell's helper needs another value at few of its visits."""
    return search.subject.cell == search.subject.function and not mostly_wrong(search, tried.record, tried.visits)


def _as_at_all_visits(search: Search, record: Record, found: Found) -> list[Value]:
    """What a line of a cell reads of each gate where it reads the value of an earlier place of one."""
    if search.subject.cell != search.subject.function:
        return []
    after = (one for one in reads_of(search, found.record) if one.place.kind in READS and one.time > record.time)
    read = next((one for one in after if same(one.value, record.value, 0.0)), None)
    return [one.value for one in search.now.records if read is not None and one.place.id == read.place.id]


def _is_given_nothing(record: Record) -> bool:
    """Whether a place is a call that hands nothing over: what comes of it is made by what is called, whoever calls."""
    node = expression_of(record.place.computes)
    return isinstance(node, ast.Call) and not (node.args or node.keywords)


def _made_in_helper(search: Search, read: Record, found: Found) -> Found | None:
    """The line of a helper that gave the name that it hands out what has another shape than belongs there."""
    made = last_written(search, read) if read.place.kind in {"value", "element", "return"} and read.place.text.isidentifier() else None
    return None if made is None or made.place.function != read.place.function else _earlier(search, made, found)


def _lies_as_all_do(search: Search, record: Record, right: Value) -> bool:
    """Whether a value is what belongs there, turned as the program has its quantities: it is to be turned where it is handed out."""
    array = array_of(record.value)
    turned = array is not None and array.ndim == 2 and same(array.T, right, search.tolerance)  # noqa: PLR2004 - a matrix
    return turned and any(isinstance(one.table, Turned) and one.made for one in search.quantities.equal(array, search.tolerance))


def _of_the_same_shape(search: Search, record: Record, found: Found, options: list[Quantity]) -> list[Quantity]:
    """What belongs at an earlier line; where rows or columns are taken of what it made, and that is right, nothing of another shape.

    What serves several gates alike is right for its own, or another one's; so is what is called as what it is made of, if that is right.
    """
    beside, visits = those_beside(search, record), _as_at_all_visits(search, record, found)
    alike = alike_for_gates(search, beside, found) or alike_for_gates(search, visits, found)
    options = [option for option in options if not alike or kind_of(option.name) in alike]
    options = [option for option in options if not _lies_as_all_do(search, record, option.value)]
    spelled = any(spelled_as_its_sibling(search, record, option.value, found.record.place) for option in options)
    if spelled and _reads_as_named(search, record):
        return []
    if not _takes_a_part(found.record, record) or not search.quantities.recognised(record.value, search.tolerance):
        return options
    return [option for option in options if shape_of(option.value) == shape_of(record.value)]


def _reads_as_named(search: Search, record: Record) -> bool:
    """Whether all that a line reads has the reference's name for it."""
    return all(rightly_named(search, read) for read in sources(search, record, reads_of(search, record)))


def _handed_in(search: Search, record: Record) -> bool:
    """Whether a place in a helper does no more than read what the helper was called with: whoever called it is to blame."""
    place = record.place
    given = search.subject.text.signatures.get(place.function, ()) if place.function != search.subject.function else ()
    return (
        place.kind in {"read", "argument"}
        and place.text in given
        and not any(other.target == place.text and other.function == place.function for other in search.subject.places)
    )


def _unexplained(search: Search, found: Found, depth: int) -> Found:
    """The line behind, whose inputs are right and whose value is like no quantity; what belongs there is not known."""
    reads = reads_of(search, found.record)
    wrong = [source for source in sources(search, found.record, reads) if not search.quantities.of_examples(source.value, search.tolerance)]
    wrong = [source for source in wrong if may_be_blamed(search, source) and not is_a_right_term(search, source, found)]
    wrong = [source for source in wrong if not serves_another_line(search, source, found.record)]
    if not wrong:
        return up(search, replace(found, reads=tuple(reads)))
    how = "value" if found.how == "argument" else found.how
    behind = replace(found, record=wrong[0], how=how, right=None, quantity=None, visits=())
    reads = reads_of(search, wrong[0])
    if all(read_right(search, read) for read in reads):
        behind = into_helper(search, replace(behind, reads=tuple(reads), inputs=in_place(search, reads)))
        return up(search, behind) if wrong_everywhere(search, behind.record, found) else up(search, found)
    further = _unexplained(search, behind, depth - 1) if depth else behind
    return further if further is not behind and further.inputs else up(search, found)


def _takes_a_part(later: Record, earlier: Record) -> bool:
    """Whether a line takes rows or columns of what an earlier one made."""
    return re.search(rf"(?<![\w.]){re.escape(earlier.place.target)}\[[^\]]*:", later.place.text) is not None
