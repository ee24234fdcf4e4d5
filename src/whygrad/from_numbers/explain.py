"""The main path of the search: from a reading to a result.

Checks of one family (RNN, LSTM) are explained by one program. The cell's own check is explained first, because it sees fewer equations;
what was found there is taken as known in the sequence.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.assignments import ASSIGNMENTS
from whygrad.from_numbers.answer.multiples import of_one_factor
from whygrad.from_numbers.answer.readings import Answer, all_right, chosen, right_in_single
from whygrad.from_numbers.answer.result import result_of
from whygrad.from_numbers.answer.shapes import misshapen, otherwise_shaped, with_lost_axes, without_other_shapes
from whygrad.from_numbers.candidates.certainty import denied, hits_of, rivals, spoils, supported
from whygrad.from_numbers.candidates.families import Family, put_the_same_check_first
from whygrad.from_numbers.candidates.far_fetched import far_fetched
from whygrad.from_numbers.candidates.found import ELSEWHERE, MARGIN, Found, Trail, best, functions_of, settled
from whygrad.from_numbers.candidates.grouped import grouped
from whygrad.from_numbers.candidates.lost_minuses import calls_none_wrong, with_lost_minuses
from whygrad.from_numbers.candidates.twins import hidden_by_zeros, twins
from whygrad.from_numbers.candidates.two_as_one import one_of_two, two_as_one
from whygrad.from_numbers.cell.search import CellSearch
from whygrad.from_numbers.forward.search import ForwardSearch
from whygrad.from_numbers.numbers.printed import Target
from whygrad.from_numbers.sequence.other_places import otherwise_placed
from whygrad.from_numbers.sequence.search import SequenceSearch
from whygrad.from_numbers.tables.building import uncollected
from whygrad.from_numbers.tables.tables import Tables

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from whygrad.assignments.assignment import Assignment
    from whygrad.from_numbers.candidates.as_shown import Shown
    from whygrad.from_numbers.numbers.arrays import Bools
    from whygrad.from_numbers.tables.tables import CheckTables
    from whygrad.mistakes import Edit, Edits
    from whygrad.records import Block, Reading, Result

MOST_JOINT = 6
OWN = 2
"""A search takes so many parts of the time that is left where each of those to come takes one."""
AT_FIRST = 0.3
"""This share of the time is for the brief look at each of several readings."""
BRIEFLY = 0.05
"""This share of the time is spent on each output by itself, where no program prints all of them."""
UNSHOWN = 0.05
"""By how much (in powers of ten) an explanation is less likely for each result that it spoils and that the text does not show."""
AGAINST_WORDS = 3.0
"""And if it spoils what the text says is right."""
MOST_KNOWN = 3
"""So many ways to say what functions in the text do are taken as known, one after another."""
MOST_AS_PRINTED = 3
"""So many explanations of the numbers without the minuses that may be lost are told beside that with them."""
FEW = 3
"""From so many mistakes on it is looked whether all are needed."""


@cache
def tables_of(assignment: str, folder: Path | None) -> Tables:
    """The tables of an assignment, kept for the life of the process, and in ``folder`` for later ones."""
    return Tables(ASSIGNMENTS[assignment], folder)


def explain(reading: Reading, folder: Path | None = None) -> Result:
    """Say which mistakes print the numbers of a reading; tables are kept in ``folder`` if one is given."""
    return explain_beside(reading, None, folder).result


def explain_beside(reading: Reading, shown: Shown | None, folder: Path | None = None) -> Answer:
    """The same of numbers beside functions that are ``shown``: what says of these what they do is told rather than what does not.

    Where a text can be read in several ways, all are searched, first briefly: the one that is explained best is told. One whose numbers are
    right is, and the others need no search.
    """
    tables = tables_of(reading.assignment, folder)
    with uncollected(), np.errstate(all="ignore"):  # wrong programs overflow and divide by zero: that is what they are run for
        reading = with_lost_axes(tables, reading)
        in_single = right_in_single(tables, reading)
        readings = (in_single,) if in_single else (reading, *reading.alternatives)
        share = 1 / len(readings)
        if len(readings) == 1:
            return _answered(tables, readings[0], shown, share)
        right = [_answered(tables, one, shown, AT_FIRST * share, brief=True) for one in readings if all_right(tables, one)]
        if any(one.verdict == "right" for one in right):
            return chosen(right)
        brief = [_answered(tables, one, shown, AT_FIRST * share, brief=True) for one in readings]
        if any(one.full for one in brief):
            return chosen(brief)
        return chosen([_answered(tables, one, shown, (1 - AT_FIRST) * share) for one in readings])


def _answered(tables: Tables, reading: Reading, shown: Shown | None, share: float, *, brief: bool = False) -> Answer:
    families: list[Family] = []
    together = _families(tables.assignment, reading.blocks)
    for blocks in together:
        tables.clock.start(BRIEFLY if blocks[0].earlier else share / len(together))
        family = _explained(tables, blocks, brief=brief)
        if not (brief or family.earlier or reading.speaks_of_signs):
            family, reading = _with_its_minuses(tables, reading, blocks, family)
        if tables.clock.up:
            family.trail.cuts.insert(0, "the time for one text was up: a faster machine goes further")
        if shown and not family.earlier:
            _put_what_is_shown_first(tables, family, shown)
        families += ([] if brief else _of_two_versions(tables, family, blocks)) or [family]
    put_the_same_check_first(tables.assignment, families)
    return Answer(reading, families, result_of(tables, reading, families))


def _with_its_minuses(tables: Tables, reading: Reading, blocks: list[Block], family: Family) -> tuple[Family, Reading]:
    """What explains the numbers with minuses that were lost in copying, and the reading with these; both as they are where none were.

    The likeliest explanations of the numbers as they are printed stay beside it.
    """
    restored = with_lost_minuses(tables, family)
    if restored is None:
        return family, reading
    own, note = restored
    tables.clock.at_least(BRIEFLY)
    again = _explained(tables, own, brief=False)
    if not _is_full(again) or calls_none_wrong(tables, family, again):
        return family, reading
    if _is_full(family):
        others = [family.best, *(one for one in family.also_full if one[2] <= family.best[2] + ELSEWHERE)][:MOST_AS_PRINTED]
        again.found += [(edits, again.best[1], cost) for edits, _, cost in others]
        again.as_printed = tuple(edits for edits, _, _ in others)
    instead = {id(old): new for old, new in zip(blocks, own, strict=True)}
    with_them = tuple(instead.get(id(block), block) for block in reading.blocks)
    return again, replace(reading, blocks=with_them, notes=(*reading.notes, note))


def _is_full(family: Family) -> bool:
    """Whether all numbers are explained, by more than accident."""
    return all(hits.all() for hits in family.best[1]) and not family.weak


def _of_two_versions(tables: Tables, family: Family, blocks: list[Block]) -> list[Family]:
    """The outputs each by itself, where no program prints all of them but one mistake explains each: the code was changed in between.

    Empty where that is not so. The right output of a cell says so only if the mistake is in what that cell does not hand out: else the
    loop may have spoilt it.
    """
    if len(blocks) == 1 or all(hits.all() for hits in family.best[1]):
        return []
    alone: list[Family] = []
    handed_out: set[str] = set()
    for block in blocks:
        tables.clock.start(BRIEFLY)
        alone.append(_explained(tables, [block], brief=True))
        edits, hits, _ = alone[-1].best
        if len(grouped(edits)) > 1 or not hits[0].all() or alone[-1].weak:
            return []
        handed_out |= set() if edits else {name for name, _ in tables.assignment.printed[block.check]}
    if any(edit.quantity in handed_out for one in alone for edit in one.best[0]):
        return []
    return alone


def _families(assignment: Assignment, blocks: tuple[Block, ...]) -> list[list[Block]]:
    """Blocks whose checks share functions, the cell's first; a second output of the same check stands for itself, as do earlier outputs."""
    families: list[list[Block]] = []
    for block in sorted(blocks, key=lambda block: not assignment.vocabulary.roles[block.check].startswith("cell")):
        chain = set(assignment.chain(block.check))
        for family in families:
            if family[0].earlier == block.earlier and all(
                own.check != block.check and chain & set(assignment.chain(own.check)) for own in family
            ):
                family.append(block)
                break
        else:
            families.append([block])
    return families


def _explained(tables: Tables, blocks: list[Block], *, brief: bool) -> Family:
    targets = [Target(block) for block in blocks]
    right = [target.hit(target.values(tables.of(target.block.check).right.gradients)) for target in targets]
    family = Family(targets, right, [], Trail())
    if all(hits.all() for hits in right):
        otherwise = misshapen(tables, targets, family.trail)
        family.found = [(edits, right, tables.variants.set_cost(edits)) for edits in otherwise] or [((), right, 0.0)]
        return family
    candidates: list[Edits] = [()]
    bases: list[Edits] = [()]
    other_way = not all(hits.all() for hits in right[:-1])  # from the sequence to its cell: nothing is to be found in a right cell
    hopeful = not brief  # where nothing explains the cell, more than two mistakes of the sequence are not looked for
    for place, (target, hits) in enumerate(zip(targets, right, strict=True)):
        check = tables.of(target.block.check)
        to_come = OWN * (len(targets) - place - 1) + other_way
        longer: list[Edits] = []
        otherwise, searched = otherwise_placed(tables, target, family.trail)
        for number, base in enumerate(bases):
            if hits.all() and not base:
                longer.append(base)
                continue
            found = list(otherwise)
            if not settled(found):
                search = _search_of(check, target, base, place, deep=hopeful and not searched, brief=brief)
                later = to_come + len(bases) - number - 1
                with tables.clock.sparing(later / (OWN + later)):
                    found += search.run()
                family.trail.take(search.trail)
            found = best(found)
            candidates += [one.edits for one in found[:40]]
            longer += [one.edits for one in _likely(found)]
            hopeful &= settled(found)
        bases = list(dict.fromkeys(longer))[:MOST_JOINT] or [()]
    family.found = _joined(tables, targets, candidates)
    if other_way and not brief and not all(hits.all() for hits in family.best[1]):
        more = _from_the_sequence(tables, targets, candidates[: MOST_JOINT + 1], family.trail)
        family.found = _joined(tables, targets, candidates + more) if more else family.found
    if all(hits.all() for hits in family.best[1]):
        more = misshapen(tables, targets, family.trail, family.best[0])
        family.found = _joined(tables, targets, [*more, *(edits for edits, _, _ in family.found)]) if more else family.found
    family.found = _without_the_needless(tables, targets, family.found)
    family.found = [one for one in family.found if not far_fetched(tables, family, one)] or [((), right, 0.0)]
    if all(hits.all() for hits in family.best[1]):
        first = family.best[0]
        last = tables.of(targets[-1].block.check)
        family.hidden = hidden_by_zeros(last, first)
        beside = _joined(tables, targets, [first, *family.hidden, *twins(last, first)])
        family.found = [one for one in beside if all(hits.all() for hits in one[1])] + family.found[1:]
    _put_credible_first(tables, family)
    family.found = without_other_shapes(tables, family)
    if of_one_factor(tables, family):
        family.found = [((), right, 0.0)]
    return family


def _put_what_is_shown_first(tables: Tables, family: Family, shown: Shown) -> None:
    """Begin with the explanations that say of the functions in the text what these do, if there are any; the others are none then.

    Where there are none it is first found out what these do, by the same search in what they print, and that is taken as known.
    """
    blocks = [target.block for target in family.targets]
    now = shown.beside(blocks)
    if not now or all(hits.all() for hits in family.right):
        return
    full = [one for one in family.found if all(hits.all() for hits in one[1])]
    fitting = _fitting(tables, family, shown, full)
    if not fitting:
        tables.clock.start(BRIEFLY)
        alone = _explained(tables, now, brief=True).found
        known = [edits for edits, hits, _ in alone if edits and all(own.all() for own in hits)]
        for base in [edits for edits in known if functions_of(edits) <= shown.functions][:MOST_KNOWN]:
            tables.clock.start(BRIEFLY)
            longer = [
                one.edits
                for place, target in enumerate(family.targets)
                for one in _search_of(tables.of(target.block.check), target, base, place, deep=False, brief=False).run()
                if one.full
            ]
            longer += [
                (*base, *(edit for edit in edits if edit.function not in shown.functions)) for edits, _, _ in family.found[:MOST_JOINT]
            ]
            fitting += _fitting(tables, family, shown, _joined(tables, family.targets, longer))
    if fitting:
        others = (edits for edits, _, cost in full if cost <= fitting[0][2] + ELSEWHERE and not shown.do(tables.assignment, edits, blocks))
        family.or_before = shown.functions & {edit.function for edits in others for edit in edits}
        family.found, family.as_shown, family.weak = fitting, True, False


def _fitting(
    tables: Tables, family: Family, shown: Shown, found: list[tuple[Edits, list[Bools], float]]
) -> list[tuple[Edits, list[Bools], float]]:
    """Those of some explanations of all numbers that are no accident, and say of the functions in the text what these do."""
    blocks = [target.block for target in family.targets]
    told = [one for one in found if all(hits.all() for hits in one[1]) and shown.do(tables.assignment, one[0], blocks)]
    if not told:
        return []
    variants = rivals(tables, family.targets, family.right)
    return [one for one in told if supported(tables, family.targets, one[0], variants) == one[0]]


def _search_of(
    check: CheckTables, target: Target, base: Edits, place: int, *, deep: bool, brief: bool
) -> ForwardSearch | SequenceSearch | CellSearch:
    """The search for the mistakes of one block, the ``place``-th of its program, with what is known from the others."""
    if check.computes_forward:
        return ForwardSearch(check, target, base)
    if check.sequence:
        return SequenceSearch(check, target, base, deep=deep, beside_cell=place > 0)
    return CellSearch(check, target, base, brief=brief)


def _without_the_needless(
    tables: Tables, targets: list[Target], found: list[tuple[Edits, list[Bools], float]]
) -> list[tuple[Edits, list[Bools], float]]:
    """With the first explanation, where it has many mistakes, also without each of them, without each two, and with several made one.

    One may explain nothing beside the others, two may undo each other, and two or three may be one. Where not all is explained each of
    them, of two already, has to explain something.
    """
    edits, hits, _ = found[0]
    groups, full = grouped(edits), all(own.all() for own in hits)
    if len(groups) < (FEW if full else FEW - 1):
        return found
    left_out = [*combinations(groups, 1), *(combinations(groups, 2) if len(groups) > FEW else ())]
    fewer = [tuple(edit for edit in edits if all(edit not in group for group in some)) for some in left_out]
    check = tables.of(targets[-1].block.check)
    made_one = [*two_as_one(check, edits), *one_of_two(check, edits)] if full else []
    again = _joined(tables, targets, [edits, *fewer, *made_one])
    if again[0][0] == edits:
        return found
    return [*_without_the_needless(tables, targets, again[:1]), *found[1:]]


def _from_the_sequence(tables: Tables, targets: list[Target], of_cell: list[Edits], trail: Trail) -> list[Edits]:
    """The other way round: what explains the sequence by itself, and with it what is left of its cell's numbers.

    The cell sees a forward pass only once and a loop not at all, so it may have been explained by something likelier than the truth. So
    may the sequence: what was found for the cell takes the place of one or more of its mistakes.
    """
    *cells, last = targets
    check = tables.of(last.block.check)
    if not cells or not check.sequence:
        return []
    search = SequenceSearch(check, last, deep=False)
    found = [one.edits for one in _likely(search.run()) if one.full][:MOST_JOINT]
    trail.take(search.trail)
    longer: list[Edits] = []
    for edits in found:
        groups = grouped(edits)
        parts = [sum(map(tuple, some), ()) for count in range(1, len(groups) + 1) for some in combinations(groups, count)]
        longer += [(*base, *part) for base in of_cell for part in parts]
        for target in cells:
            if all(edit.function != target.block.check for edit in edits):
                cell = CellSearch(tables.of(target.block.check), target, edits)
                longer += [one.edits for one in cell.run()[:MOST_JOINT]]
                trail.take(cell.trail)
    return found + longer


def _put_credible_first(tables: Tables, family: Family) -> None:
    """Begin with the likeliest of the full explanations that is no accident; where none is, with what of the first is no accident."""
    variants = rivals(tables, family.targets, family.right)
    first = family.best
    for one in family.found[:MOST_JOINT]:
        told = supported(tables, family.targets, one[0], variants)
        if told == one[0] and (one is first or all(own.all() for own in one[1])):
            family.found.sort(key=lambda other: other is not one)
            return
    told = supported(tables, family.targets, first[0], variants)
    family.weak = all(own.all() for own in first[1])
    family.found.insert(0, (told, hits_of(tables.assignment, told, family.targets), tables.variants.set_cost(told)))


def _likely(found: list[Found]) -> list[Found]:
    """The full explanations that are not much less likely than the first; the best partial one where none is full."""
    full = [one for one in found if one.full]
    return [one for one in full if one.cost <= full[0].cost + MARGIN] if full else found[:1]


def _spoiled_unshown(target: Target, right: Mapping[str, Any], gradients: Mapping[str, Any]) -> int:
    """How many results that the text does not show a program spoils."""
    hidden = right.keys() - set(target.names)
    return sum(not np.array_equal(np.asarray(gradients.get(name)), right[name], equal_nan=True) for name in hidden)


def _joined(tables: Tables, targets: list[Target], candidates: list[Edits]) -> list[tuple[Edits, list[Bools], float]]:
    """Each candidate run on every check of the family; most numbers first, then fewest shapes printed otherwise, then the likeliest.

    Behind all others those that stand against numbers which are right. Somebody who shows one wrong number of many may have no other: what
    spoils results that are not shown is a little less likely, and less likely still what spoils those that the text says are right.
    """
    right = [target.hit(target.values(tables.of(target.block.check).right.gradients)) for target in targets]
    found: list[tuple[Edits, list[Bools], float]] = []
    order: dict[Edits, tuple[int, float]] = {}
    seen: set[frozenset[Edit]] = set()
    for edits in candidates:
        if frozenset(edits) in seen:
            continue
        seen.add(frozenset(edits))
        hits: list[Bools] = []
        shapes, unshown, cost = 0, 0, tables.variants.set_cost(edits)
        for target in targets:
            check = tables.of(target.block.check)
            gradients = check.run(edits)
            hits.append(np.zeros(len(target), bool) if gradients is None else target.hit(target.values(gradients)))
            if gradients is not None:
                shapes += len(otherwise_shaped(target.block, gradients))
                unshown += _spoiled_unshown(target, check.right.gradients, gradients)
        found.append((edits, hits, cost))
        order[edits] = shapes, cost + UNSHOWN * unshown + AGAINST_WORDS * denied(tables, targets, edits)
    return sorted(found, key=lambda one: (spoils(targets, one[1], right), -sum(int(hits.sum()) for hits in one[1]), *order[one[0]]))
