"""Find the lines by experiment: put the right value at a place, run on, and see which observations come right.

One mistake a round. Candidates are loop bounds, the arguments of the cell's calls, values that are no right quantity at all, then right
quantities in the wrong place; each with the few quantities that the place can stand for. From the place that cures, the search goes back
along the values that the line reads, as long as an earlier place cures as much. Copies of a value find memory that two names share.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from whygrad.from_code.observe import observed
from whygrad.from_code.observe.experiment import KINDS, STATED, Found, at_its_maker, chained, seen_at
from whygrad.from_code.observe.harmless import ACTIVATIONS
from whygrad.from_code.observe.subject import Record, same, shape_of
from whygrad.from_code.places.at_all_visits import AtAllVisits
from whygrad.from_code.places.at_entries import AtEntries
from whygrad.from_code.places.candidates import Candidates
from whygrad.from_code.places.given_to_another import given_to_another
from whygrad.from_code.places.in_the_loops_head import in_the_loops_head
from whygrad.from_code.places.masked import Masked
from whygrad.from_code.places.of_another_key import of_another_key
from whygrad.from_code.places.of_another_weight import of_another_weight
from whygrad.from_code.places.of_the_unpacking import of_the_unpacking
from whygrad.from_code.places.read_elsewhere import ReadElsewhere
from whygrad.from_code.places.two_lines import TwoLines
from whygrad.from_code.slips.added_elsewhere import AddedElsewhere
from whygrad.from_code.slips.aliases import Aliases
from whygrad.from_code.slips.anew import Anew
from whygrad.from_code.slips.kept_functions import KeptFunctions
from whygrad.from_code.slips.left_out import LeftOut
from whygrad.from_code.slips.outside import Outside
from whygrad.from_code.slips.recursion import Recursion
from whygrad.from_code.slips.renewed import Renewed
from whygrad.from_code.slips.renewed_before import RenewedBefore
from whygrad.from_code.slips.taken_in import TakenIn
from whygrad.from_code.slips.thrown_away import ThrownAway
from whygrad.from_code.slips.together import Together
from whygrad.from_code.slips.unreached import Unreached
from whygrad.from_code.stops.no_value import NoValue
from whygrad.from_code.stops.raising import Raising
from whygrad.from_code.stops.unfit import Unfit
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.sandbox.requests import Value

_ROUNDS = 16
"""Mistakes that are looked for in one function."""
_MOST_RUNS = 600


class Search(
    AtAllVisits,
    AtEntries,
    Masked,
    TwoLines,
    ReadElsewhere,
    Candidates,
    Raising,
    Outside,
    Together,
    Anew,
    KeptFunctions,
    LeftOut,
    ThrownAway,
    Aliases,
    AddedElsewhere,
    Unfit,
    NoValue,
    Unreached,
    Recursion,
    Renewed,
    RenewedBefore,
    TakenIn,
):
    """The search in one function: every kind of experiment, and what is made of what they find.

    Each kind is a class of its own that knows ``Roles`` or ``Dataflow``, and those few others that it builds on.
    """

    def run(self) -> list[Found]:
        """All mistakes, in the order in which they stand in the code; ``complete`` tells whether all results come right with them."""
        for _ in range(_ROUNDS):
            self._round = self._look()
            if not self._round.wrong:
                break
            found = self._next()
            self.last = self._now.records
            if found is None:
                break
            self._keep(found)
            self.substitutes = tuple(sub for one in self.found for sub in one.substitutes)
            if found.how in STATED and not found.substitutes:  # what is said of these results is all that can be said of them
                self._leave_out(found.cured)
        self.complete = self._round is not None and not self._look().wrong
        if self.complete:
            self.found = [self._routed(found) for found in self.found]
            self._gather()
            self._join_in_helper()
            self._mend_helpers_alike()
            self._mend_at_all_visits()
            self._join_by_one_change()
            self._join_calls_of_one()
            self._join_carries()
            self._join_misspelt()
            self._join_renewed_before()
            self._join_swapped()
            self._join_added_in_place()
            self._join_read_elsewhere()
            self._join_stored_elsewhere()
            self._join_added_elsewhere()
            self._drop()
            self._join_made_for_nothing()
            self._join_by_source()
            self.found = of_another_weight(self)
            self._join_without_a_value()
            self._join_with_what_is_added()
            self._join_with_a_start()
            self.found = [self._by_a_size_handed_on(self._at_its_first_call(found)) for found in self.found]
            self.found = [self._by_its_pieces(self._kept_as_it_is(self._looked_at_again(found))) for found in self.found]
            self.found = [self._computed_for_nothing(found) or found for found in self.found]
            self.found = [
                self._at_its_entry(self._misspelt(self._given_to_an_argument(self._added_to_another(found)))) for found in self.found
            ]
            self._join_unread()
            self.found = in_the_loops_head(self, self.found)
            self.found = [of_the_unpacking(self, of_another_key(self, found)) for found in self.found]
            one = given_to_another(self, self.found)
            self.found = self.found if one is None else [one]
        self._place_the_missing()
        self.found.sort(key=lambda found: found.record.place.id)
        return self.found

    def within(self, found: Found, others: tuple[Substitute, ...]) -> Iterator[Found]:
        """The parts of the line found of which the right value cures as much, the innermost first; ``others`` mend the other findings."""
        if found.how != "value":
            return
        self.substitutes = others
        self._round = self._look()
        record = seen_at(self._now.records, found.record.place.id, found.record.visit)
        parts = [] if record is None else [r for r in self._reads(record) if r is not record and r.place.kind != "before"]
        for part in parts:
            if part.place.kind == "read" or shape_of(part.value) is None:
                continue
            inner = self._tested(part)
            if inner is not None and inner.cured >= found.cured:
                yield replace(inner, reads=tuple(self._reads(part)))

    def first_visit(self, found: Found) -> Found | None:
        """The same place at its first visit at which it is wrong, if it is known what belongs there."""
        quantity = found.quantity
        for record in self.last if quantity is not None else ():
            if record.place.id != found.record.place.id or record.visit >= found.record.visit:
                continue
            belongs = None if quantity is None else quantity.at(record.visit - found.record.visit)
            if belongs is None or shape_of(belongs.value) != shape_of(found.right):
                return None
            if not same(record.value, belongs.value, self.tolerance):
                return replace(found, record=record, right=belongs.value, reads=tuple(self._reads(record)))
        return None

    def _place_the_missing(self) -> None:
        """Where lines are missing, the line that computes what they need is known only when that is right."""
        if self._round is None or not (self.absent or any(found.how in {"unfilled", "twice"} for found in self.found)):
            return
        self._with_only(self.found)
        for number, found in enumerate(self.found):
            if found.how == "twice" and not found.substitutes:
                again = (one for name in sorted(found.cured) for one in self._written_twice(name) if one and not one.substitutes)
                self.found[number] = next((one for one in again if one.cured == found.cured), found)
            thrown_away = self._thrown_away(found) if found.how == "unfilled" else None
            if thrown_away is not None:
                self.found[number] = replace(found, record=thrown_away)
            elif found.how == "unfilled" and not self._calls() and not self.subject.text.gives_itself(found.record.place):
                maker = self._makes(found.names)
                only_made = maker is None or (found.made is not None and self._hands_out(maker, found.made))
                stays = only_made or (maker is not None and maker.place.kind == "return" and at_its_maker(found))
                self.found[number] = replace(found, record=found.record if stays else maker)
            elif (
                found.how == "unfilled" and found.made is not None and found.record.place.statement in self.subject.calling
                and not self._whole_families(found.names)
            ):  # fmt: skip
                self.found[number] = replace(found, record=self._leaves_out(found.record, found.made) or found.record)
        made = (self._never_reached(self.absent) or self._left_out(self.absent) or self._makes(self.absent)) if self.absent else None
        if made is not None:
            self.found.append(Found(made, "missing", None, None, (), frozenset(self.absent), names=tuple(self.absent)))

    def _keep(self, found: Found) -> None:
        """Two findings at one place are one, and so are several names that are unpacked at once."""
        place = found.record.place
        for number, other in enumerate(self.found):
            kinds = {other.record.place.kind, place.kind}
            unpacked = kinds == {"target"} and place.text == place.target
            together = (unpacked or (kinds == {"assign"} and chained(place))) and other.record.place.statement == place.statement
            beside = other.record.place.statement == place.statement and place.statement not in self.subject.calling
            apart = self._apart_again(other, found)
            if apart is not None and apart[0] is found:  # what was followed to it may be right with it; else it is found again
                self.found[number] = found
                return
            if apart is not None:
                self.found[number] = apart[0]
                self.found.append(apart[1])
                return
            where = {put.place for put in other.substitutes}
            made_there = (
                other.how == "unfilled" and found.how == "value" and where == {place.id} == {put.place for put in found.substitutes}
            )
            if made_there:  # what is stored nowhere at one turn is set anew at each
                self.found[number] = replace(found, substitutes=(*other.substitutes, *found.substitutes), cured=other.cured | found.cured)
                return
            if (beside and other.how == "unfilled") or (other.how == found.how and (other.record.place.id == place.id or together)):
                either = [other, found]
                if self.subject.cell == self.subject.function:  # what a helper is called with later may follow from what it gave before
                    either.sort(key=lambda one: one.record.visit)
                known = next((one for one in either if shape_of(one.right) == shape_of(one.record.value)), other)
                again = {(put.place, put.visit) for put in found.substitutes}
                before = tuple(put for put in other.substitutes if (put.place, put.visit) not in again)
                self.found[number] = replace(
                    known if before else found,  # what was put there first was not the last word
                    substitutes=(*before, *found.substitutes),
                    cured=other.cured | found.cured,
                    visits=(*other.visits, *found.visits),
                    names=(*other.names, *found.names),
                )
                return
        self.found.append(found)

    def _apart_again(self, other: Found, found: Found) -> tuple[Found, Found] | None:
        """Two findings at one line, of which one is known to be wrong there and the other was only followed back to it."""
        known, followed = (other, found) if found.right is None else (found, other)
        place = known.record.place.id
        if known.how != "value" or followed.how != "value" or followed.right is not None or known.right is None:
            return None
        sub = followed.substitutes[0]
        record = seen_at(self._now.records, sub.place, sub.visit)
        if followed.record.place.id != place or record is None or sub.place == place or any(s.place != place for s in known.substitutes):
            return None
        return known, replace(followed, record=record, right=sub.value, reads=tuple(self._reads(record)), inputs=False)

    def _next(self) -> Found | None:
        """The next mistake: the first candidate that cures something and spoils nothing, followed back to where it comes from."""
        for candidates in (
            self._begun_wrongly, self._gates_in_another_order, self._unpacked_the_other_way_round,
            self._handed_out_the_other_way_round,
            self._packed, self._size_handed_on, self._cut_by_a_helper,
            self._unfit, self._taken_in_another_order, self._of_another_step, self._raising, self._cannot_be_stored, self._never_entered,
            self._never_renewed, self._pieces_misplaced,
            self._ended, self._left_early, self._keys, self._too_late,
            self._not_used, self._made_for_nothing,
            self._made_anew, self._nothing_taken_in, self._comes_to_nothing, self._never_stored, self._never_emptied,
            self._handed_to_itself,
            self._under_other_keys, self._loops, self._of_other_steps, self._indices, self._second_names,
            self._arguments_exchanged, self._arguments_crossed, self._carries_exchanged, self._carries_begun,
            self._certainly_wrong, self._aliases, self._misplaced_by_name, self._returned, self._added_wrongly, self._misplaced,
        ):  # fmt: skip
            for found in candidates() if self._now.wrong else ():
                if found is not None:
                    return self._kept(self._emptied(self._unpacked_later(self._back(self._for_one_gate(found) or found))))
                if self.subject.runs > _MOST_RUNS:
                    return None
        return None

    def _kept_as_it_is(self, found: Found) -> Found:
        """Of a name that some line gives what it holds already: that line, where something should have been added."""
        for record in self.last if found.how == "value" else ():
            same_name = record.place.function == found.record.place.function and record.place.target == found.record.place.target
            if same_name and self.subject.text.gives_itself(record.place):
                return replace(found, record=record, reads=())
        return found

    def _gather(self) -> None:
        """Put findings together whose values all come out of one helper that is wrong at most of its visits: it is the helper's line."""
        records = self.subject.traced()[1]
        by_visit = {(record.place.id, record.visit): record for record in records}
        inside: dict[int, list[tuple[Found, Record, Value]]] = {}
        for found in self.found:
            for sub in found.substitutes if found.how == "value" else ():
                record = by_visit.get((sub.place, sub.visit or 0))
                made = None if record is None else self._handed_out(record, records)
                if made is not None:
                    inside.setdefault(made.place.id, []).append((found, made, sub.value))
        for place, parts in inside.items():
            together = list(dict.fromkeys(found for found, _, _ in parts))
            visits = [record for record in records if record.place.id == place]
            whole = all(len(found.substitutes) == sum(other is found for other, _, _ in parts) for found in together)
            most = len(parts) > 1 and 2 * len(parts) > len(visits)
            made = parts[0][1]
            works = self._does_its_work(made) or self._gives(made.place.function, ACTIVATIONS["sigmoid"])  # whatever it is called
            if not most or not whole or works or self._each_others([(made, right) for _, made, right in parts]):
                continue
            others = [found for found in self.found if found not in together]
            mended = tuple(Substitute(place, made.visit, right) for _, made, right in parts)
            if self.results_right(self.subject.run((*(sub for found in others for sub in found.substitutes), *mended))):
                first, made, right = parts[0]
                self.substitutes = tuple(sub for found in others for sub in found.substitutes)
                self._round = self._look()
                cured = frozenset[str]().union(*(found.cured for found in together))
                found = Found(made, "value", right, first.quantity, mended, cured, visits=tuple((m.value, value) for _, m, value in parts))
                self.found = others
                self._keep(self._back(found))

    def _handed_out(self, record: Record, records: Sequence[Record]) -> Record | None:
        """What a helper returned that a record holds: of several that handed it on, the innermost."""
        innermost: Record | None = None
        for other in reversed(records[: record.time + 1]):
            helper = other.place.function != record.place.function
            if helper and other.place.kind == "return" and same(other.value, record.value, 0.0):
                innermost = other
            elif not helper and other is not record and other.place.kind in KINDS and _apart(other, record, innermost):
                break
        return innermost

    def _drop(self) -> None:
        """Leave out each finding without which all results are right as well."""
        for found in list(self.found):
            rest = tuple(sub for other in self.found if other is not found for sub in other.substitutes)
            if self._handed_out_with_sums(found) or self.put_over(found):
                continue
            if len(self.found) > 1 and found.how not in STATED and self.results_right(self.subject.run(rest)):
                self.found.remove(found)

    def put_over(self, found: Found) -> list[Found]:
        """Of a line that raises, or starts a carry with another shape: the findings that fill it in later, or pass it by."""
        places, others = {sub.place for sub in found.substitutes}, [other for other in self.found if other is not found]
        if found.how == "unfit" and found.cured:
            return [one for one in others if one.how == "argument" and set(found.names) & set(re.findall(r"\w+", one.record.place.text))]
        filled = [one for one in others if one.how == "unfilled" and found.how == "raises"]
        return [one for one in filled if places <= {sub.place for sub in one.substitutes}]

    def _handed_out_with_sums(self, found: Found) -> bool:
        """Whether a result that a finding mends lies beside sums in a dictionary that was put there as a whole: it stays right there."""
        sums = [other for other in self.found if other is not found and other.how == "sums"]
        beside = {key for other in sums for sub in other.substitutes for key in cast("dict[str, Any]", sub.value) if key not in other.names}
        return not beside.isdisjoint(map(observed.result_of, found.cured))


def _apart(earlier: Record, record: Record, innermost: Record | None) -> bool:
    """Whether an earlier line, or the same one at an earlier visit, ends the search for where a value comes from."""
    return earlier.place.statement != record.place.statement or earlier.place.id == record.place.id or innermost is not None
