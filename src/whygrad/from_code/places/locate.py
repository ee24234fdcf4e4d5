"""Find the lines by experiment: put the right value at a place, run on, and see which observations come right.

One mistake a round. Candidates are loop bounds, the arguments of the cell's calls, values that are no right quantity at all, then right
quantities in the wrong place; each with the few quantities that the place can stand for. From the place that cures, the search goes back
along the values that the line reads, as long as an earlier place cures as much. Copies of a value find memory that two names share.

Each kind of experiment is a file of its own, here, in ``slips`` or in ``stops``: functions of a ``Search``. This file puts them in order.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import compress
from typing import TYPE_CHECKING, Any, cast

from whygrad.from_code.observe import observed
from whygrad.from_code.observe.arrays import same, shape_of
from whygrad.from_code.observe.dataflow import reads_of
from whygrad.from_code.observe.experiment import KINDS, STATED, Found, Search, at_its_maker, chained, seen_at
from whygrad.from_code.observe.harmless import ACTIVATIONS
from whygrad.from_code.observe.roles import each_others, put_right
from whygrad.from_code.places.at_all_visits import mend_at_all_visits, mend_helpers_alike
from whygrad.from_code.places.backwards import followed_back, for_one_gate
from whygrad.from_code.places.candidates import (
    cannot_be_stored,
    certainly_wrong,
    comes_to_nothing,
    indices,
    misplaced,
    misplaced_by_name,
    returned_wrongly,
    written_twice,
    wrong_keys,
)
from whygrad.from_code.places.given_to_another import given_to_another
from whygrad.from_code.places.in_the_loops_head import in_the_loops_head
from whygrad.from_code.places.of_another_key import of_another_key
from whygrad.from_code.places.of_another_weight import of_another_weight
from whygrad.from_code.places.of_the_unpacking import of_the_unpacking
from whygrad.from_code.places.one_helper import join_by_one_change, join_calls_of_one, join_in_helper
from whygrad.from_code.places.only_renamed import where_it_is_renamed
from whygrad.from_code.places.read_elsewhere import join_read_elsewhere
from whygrad.from_code.places.sources import at_its_first_call, join_by_source, routed, with_only
from whygrad.from_code.places.used_rightly import looked_at_again
from whygrad.from_code.slips.added_elsewhere import join_added_elsewhere
from whygrad.from_code.slips.aliases import aliases, join_added_in_place, second_names
from whygrad.from_code.slips.anew import carries_begun, made_anew, never_emptied
from whygrad.from_code.slips.carries import emptied, join_carries, join_misspelt, join_unread, kept, misspelt
from whygrad.from_code.slips.filled import by_its_pieces, pieces_misplaced
from whygrad.from_code.slips.helper_cuts import by_a_size_handed_on, cut_by_a_helper, size_handed_on
from whygrad.from_code.slips.helpers import arguments_crossed, does_its_work, gives
from whygrad.from_code.slips.in_parts import join_stored_elsewhere
from whygrad.from_code.slips.kept_functions import at_its_entry
from whygrad.from_code.slips.left_out import join_made_for_nothing, made_for_nothing, not_used
from whygrad.from_code.slips.loops import begun_wrongly, ended, loops, never_entered, of_another_step, of_other_steps, one_off
from whygrad.from_code.slips.orders import gates_in_another_order
from whygrad.from_code.slips.other_way_round import handed_out_the_other_way_round, unpacked_the_other_way_round
from whygrad.from_code.slips.outside import left_early, too_late
from whygrad.from_code.slips.recursion import handed_to_itself
from whygrad.from_code.slips.renewed import never_renewed
from whygrad.from_code.slips.renewed_before import join_renewed_before
from whygrad.from_code.slips.swapped import (
    arguments_exchanged,
    carries_exchanged,
    join_swapped,
    taken_in_another_order,
    under_other_keys,
    unpacked_later,
)
from whygrad.from_code.slips.taken_in import nothing_taken_in
from whygrad.from_code.slips.thrown_away import added_to_another, computed_for_nothing, given_to_an_argument, result_thrown_away
from whygrad.from_code.slips.together import added_wrongly
from whygrad.from_code.slips.unreached import leaves_out, never_reached, whole_families
from whygrad.from_code.slips.untouched import cell_calls, left_out, makes, never_stored, only_hands_out
from whygrad.from_code.stops.no_value import join_with_what_is_added, join_without_a_value
from whygrad.from_code.stops.raising import raising
from whygrad.from_code.stops.started import join_with_a_start
from whygrad.from_code.stops.unfit import packed, unfit
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.observe.subject import Record
    from whygrad.sandbox.requests import Value

_ROUNDS = 16
"""Mistakes that are looked for in one function."""
_MOST_RUNS = 600


def find_all(search: Search) -> list[Found]:
    """All mistakes, in the order in which they stand in the code; ``complete`` tells whether all results come right with them."""
    for _ in range(_ROUNDS):
        search.round = search.look()
        if not search.round.wrong:
            break
        found = _next(search)
        search.last = search.now.records
        if found is None:
            break
        _keep(search, found)
        search.substitutes = tuple(sub for one in search.found for sub in one.substitutes)
        if found.how in STATED and not found.substitutes:  # what is said of these results is all that can be said of them
            search.leave_out(found.cured)
    search.complete = search.round is not None and not search.look().wrong
    if search.complete:
        search.found = [routed(search, found) for found in search.found]
        _gather(search)
        join_in_helper(search)
        mend_helpers_alike(search)
        mend_at_all_visits(search)
        join_by_one_change(search)
        join_calls_of_one(search)
        join_carries(search)
        join_misspelt(search)
        join_renewed_before(search)
        join_swapped(search)
        join_added_in_place(search)
        join_read_elsewhere(search)
        join_stored_elsewhere(search)
        join_added_elsewhere(search)
        _drop(search)
        join_made_for_nothing(search)
        join_by_source(search)
        search.found = of_another_weight(search)
        join_without_a_value(search)
        join_with_what_is_added(search)
        join_with_a_start(search)
        search.found = [by_a_size_handed_on(search, at_its_first_call(search, found)) for found in search.found]
        search.found = [by_its_pieces(search, _kept_as_it_is(search, looked_at_again(search, found))) for found in search.found]
        search.found = [where_it_is_renamed(search, computed_for_nothing(search, found) or found) for found in search.found]
        search.found = [
            at_its_entry(search, misspelt(search, given_to_an_argument(search, added_to_another(search, found)))) for found in search.found
        ]
        join_unread(search)
        search.found = in_the_loops_head(search, search.found)
        search.found = [of_the_unpacking(search, of_another_key(search, found)) for found in search.found]
        one = given_to_another(search, search.found)
        search.found = search.found if one is None else [one]
    _place_the_missing(search)
    search.found.sort(key=lambda found: found.record.place.id)
    return search.found


def parts_within(search: Search, found: Found, others: tuple[Substitute, ...]) -> Iterator[Found]:
    """The parts of the line found of which the right value cures as much, the innermost first; ``others`` mend the other findings."""
    if found.how != "value":
        return
    search.substitutes = others
    search.round = search.look()
    record = seen_at(search.now.records, found.record.place.id, found.record.visit)
    parts = [] if record is None else [r for r in reads_of(search, record) if r is not record and r.place.kind != "before"]
    for part in parts:
        if part.place.kind == "read" or shape_of(part.value) is None or search.quantities.is_a_share(part.value, search.tolerance):
            continue
        inner = put_right(search, part)
        if inner is not None and inner.cured >= found.cured:
            yield replace(inner, reads=tuple(reads_of(search, part)))


def first_visit(search: Search, found: Found) -> Found | None:
    """The same place at its first visit at which it is wrong, if it is known what belongs there."""
    quantity = found.quantity
    for record in search.last if quantity is not None else ():
        if record.place.id != found.record.place.id or record.visit >= found.record.visit:
            continue
        belongs = None if quantity is None else quantity.at(record.visit - found.record.visit)
        if belongs is None or shape_of(belongs.value) != shape_of(found.right):
            return None
        if not same(record.value, belongs.value, search.tolerance):
            return replace(found, record=record, right=belongs.value, reads=tuple(reads_of(search, record)))
    return None


def _place_the_missing(search: Search) -> None:
    """Where lines are missing, the line that computes what they need is known only when that is right."""
    if search.round is None or not (search.absent or any(found.how in {"unfilled", "twice"} for found in search.found)):
        return
    with_only(search, search.found)
    for number, found in enumerate(search.found):
        if found.how == "twice" and not found.substitutes:
            again = (one for name in sorted(found.cured) for one in written_twice(search, name) if one and not one.substitutes)
            search.found[number] = next((one for one in again if one.cured == found.cured), found)
        thrown_away = result_thrown_away(search, found) if found.how == "unfilled" else None
        if thrown_away is not None:
            search.found[number] = replace(found, record=thrown_away)
        elif found.how == "unfilled" and not cell_calls(search) and not search.subject.text.gives_itself(found.record.place):
            maker = makes(search, found.names)
            only_made = maker is None or (found.made is not None and only_hands_out(search, maker, found.made))
            stays = only_made or (maker is not None and maker.place.kind == "return" and at_its_maker(found))
            search.found[number] = replace(found, record=found.record if stays else maker)
        elif (
            found.how == "unfilled" and found.made is not None and found.record.place.statement in search.subject.calling
            and not whole_families(search, found.names)
        ):  # fmt: skip
            search.found[number] = replace(found, record=leaves_out(search, found.record, found.made) or found.record)
    made = (
        (never_reached(search, search.absent) or left_out(search, search.absent) or makes(search, search.absent)) if search.absent else None
    )
    if made is not None:
        search.found.append(Found(made, "missing", None, None, (), frozenset(search.absent), names=tuple(search.absent)))


def _keep(search: Search, found: Found) -> None:
    """Two findings at one place are one, and so are several names that are unpacked at once."""
    place = found.record.place
    for number, other in enumerate(search.found):
        kinds = {other.record.place.kind, place.kind}
        unpacked = kinds == {"target"} and place.text == place.target
        together = (unpacked or (kinds == {"assign"} and chained(place))) and other.record.place.statement == place.statement
        beside = other.record.place.statement == place.statement and place.statement not in search.subject.calling
        apart = _apart_again(search, other, found)
        if apart is not None and apart[0] is found:  # what was followed to it may be right with it; else it is found again
            search.found[number] = found
            return
        if apart is not None:
            search.found[number] = apart[0]
            search.found.append(apart[1])
            return
        where = {put.place for put in other.substitutes}
        made_there = other.how == "unfilled" and found.how == "value" and where == {place.id} == {put.place for put in found.substitutes}
        if made_there:  # what is stored nowhere at one turn is set anew at each
            search.found[number] = replace(found, substitutes=(*other.substitutes, *found.substitutes), cured=other.cured | found.cured)
            return
        stopped = other.how == "raises" and found.how == "value" and other.record.place.id == place.id
        stopped = stopped and search.subject.cell == search.subject.function
        if stopped and {(put.place, put.visit) for put in other.substitutes} == {(put.place, put.visit) for put in found.substitutes}:
            right, cured = found.right, other.cured | found.cured  # it raises, and what a change of it would give is not what belongs there
            search.found[number] = replace(other, right=right, quantity=found.quantity, substitutes=found.substitutes, cured=cured)
            return
        if (beside and other.how == "unfilled") or (other.how == found.how and (other.record.place.id == place.id or together)):
            either = [other, found]
            if search.subject.cell == search.subject.function:  # what a helper is called with later may follow from what it gave before
                either.sort(key=lambda one: one.record.visit)
            known = next((one for one in either if shape_of(one.right) == shape_of(one.record.value)), other)
            again = {(put.place, put.visit) for put in found.substitutes}
            stay = [(put.place, put.visit) not in again for put in other.substitutes]
            before = tuple(compress(other.substitutes, stay))
            known = found if (other.record.place.id, other.record.visit) in again else known
            search.found[number] = replace(
                known if before else found,  # what was put there first was not the last word
                substitutes=(*before, *found.substitutes),
                cured=other.cured | found.cured,
                visits=(*(compress(other.visits, stay) if len(other.visits) == len(stay) else other.visits), *found.visits),
                names=tuple(dict.fromkeys((*other.names, *found.names))),
            )
            return
    search.found.append(found)


def _apart_again(search: Search, other: Found, found: Found) -> tuple[Found, Found] | None:
    """Two findings at one line, of which one is known to be wrong there and the other was only followed back to it."""
    known, followed = (other, found) if found.right is None else (found, other)
    place = known.record.place.id
    if known.how != "value" or followed.how != "value" or followed.right is not None or known.right is None:
        return None
    sub = followed.substitutes[0]
    record = seen_at(search.now.records, sub.place, sub.visit)
    if followed.record.place.id != place or record is None or sub.place == place or any(s.place != place for s in known.substitutes):
        return None
    return known, replace(followed, record=record, right=sub.value, reads=tuple(reads_of(search, record)), inputs=False)


def _next(search: Search) -> Found | None:
    """The next mistake: the first candidate that cures something and spoils nothing, followed back to where it comes from."""
    for candidates in (
        begun_wrongly, one_off, gates_in_another_order, unpacked_the_other_way_round,
        handed_out_the_other_way_round,
        packed, size_handed_on, cut_by_a_helper,
        unfit, taken_in_another_order, of_another_step, raising, cannot_be_stored, never_entered,
        never_renewed, pieces_misplaced,
        ended, left_early, wrong_keys, too_late,
        not_used, made_for_nothing,
        made_anew, nothing_taken_in, comes_to_nothing, never_stored, never_emptied,
        handed_to_itself,
        under_other_keys, loops, of_other_steps, indices, second_names,
        arguments_exchanged, arguments_crossed, carries_exchanged, carries_begun,
        certainly_wrong, aliases, misplaced_by_name, returned_wrongly, added_wrongly, misplaced,
    ):  # fmt: skip
        for found in candidates(search) if search.now.wrong else ():
            if found is not None:
                return kept(search, emptied(search, unpacked_later(search, followed_back(search, for_one_gate(search, found) or found))))
            if search.subject.runs > _MOST_RUNS:
                return None
    return None


def _kept_as_it_is(search: Search, found: Found) -> Found:
    """Of a name that some line gives what it holds already: that line, where something should have been added."""
    for record in search.last if found.how == "value" else ():
        same_name = record.place.function == found.record.place.function and record.place.target == found.record.place.target
        if same_name and search.subject.text.gives_itself(record.place):
            return replace(found, record=record, reads=())
    return found


def _gather(search: Search) -> None:
    """Put findings together whose values all come out of one helper that is wrong at most of its visits: it is the helper's line."""
    records = search.subject.traced()[1]
    put = {sub.place for found in search.found for sub in found.substitutes}
    by_visit = {(record.place.id, record.visit): record for record in records if record.place.id in put}
    inside: dict[int, list[tuple[Found, Record, Value]]] = {}
    for found in search.found:
        for sub in found.substitutes if found.how == "value" else ():
            record = by_visit.get((sub.place, sub.visit or 0))
            made = None if record is None else _handed_out(record, records)
            if made is not None:
                inside.setdefault(made.place.id, []).append((found, made, sub.value))
    for place, parts in inside.items():
        together = list(dict.fromkeys(found for found, _, _ in parts))
        visits = [record for record in records if record.place.id == place]
        whole = all(len(found.substitutes) == sum(other is found for other, _, _ in parts) for found in together)
        most = len(parts) > 1 and 2 * len(parts) > len(visits)
        made = parts[0][1]
        works = does_its_work(search, made) or gives(search, made.place.function, ACTIVATIONS["sigmoid"])  # whatever it is called
        if not most or not whole or works or each_others(search, [(made, right) for _, made, right in parts]):
            continue
        others = [found for found in search.found if found not in together]
        mended = tuple(Substitute(place, made.visit, right) for _, made, right in parts)
        if search.results_right(search.subject.run((*(sub for found in others for sub in found.substitutes), *mended))):
            first, made, right = parts[0]
            search.substitutes = tuple(sub for found in others for sub in found.substitutes)
            search.round = search.look()
            cured = frozenset[str]().union(*(found.cured for found in together))
            found = Found(made, "value", right, first.quantity, mended, cured, visits=tuple((m.value, value) for _, m, value in parts))
            search.found = others
            _keep(search, followed_back(search, found))


def _handed_out(record: Record, records: Sequence[Record]) -> Record | None:
    """What a helper returned that a record holds: of several that handed it on, the innermost."""
    innermost: Record | None = None
    for other in reversed(records[: record.time + 1]):
        helper = other.place.function != record.place.function
        if helper and other.place.kind == "return" and same(other.value, record.value, 0.0):
            innermost = other
        elif not helper and other is not record and other.place.kind in KINDS and _apart(other, record, innermost):
            break
    return innermost


def _drop(search: Search) -> None:
    """Leave out each finding without which all results are right as well."""
    for found in list(search.found):
        rest = tuple(sub for other in search.found if other is not found for sub in other.substitutes)
        if _handed_out_with_sums(search, found) or put_over(search, found):
            continue
        if len(search.found) > 1 and found.how not in STATED and search.results_right(search.subject.run(rest)):
            search.found.remove(found)


def put_over(search: Search, found: Found) -> list[Found]:
    """Of a line that raises, or starts a carry with another shape: the findings that fill it in later, or pass it by."""
    places, others = {sub.place for sub in found.substitutes}, [other for other in search.found if other is not found]
    if found.how == "unfit" and found.cured:
        return [one for one in others if one.how == "argument" and set(found.names) & set(re.findall(r"\w+", one.record.place.text))]
    filled = [one for one in others if one.how == "unfilled" and found.how == "raises"]
    return [one for one in filled if places <= {sub.place for sub in one.substitutes}]


def _handed_out_with_sums(search: Search, found: Found) -> bool:
    """Whether a result that a finding mends lies beside sums in a dictionary that was put there as a whole: it stays right there."""
    sums = [other for other in search.found if other is not found and other.how == "sums"]
    beside = {key for other in sums for sub in other.substitutes for key in cast("dict[str, Any]", sub.value) if key not in other.names}
    return not beside.isdisjoint(map(observed.result_of, found.cured))


def _apart(earlier: Record, record: Record, innermost: Record | None) -> bool:
    """Whether an earlier line, or the same one at an earlier visit, ends the search for where a value comes from."""
    return earlier.place.statement != record.place.statement or earlier.place.id == record.place.id or innermost is not None
