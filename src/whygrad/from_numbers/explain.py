"""The main path of the search: from a reading to a result.

Checks of one family (RNN, LSTM) are explained by one program. The cell's own check is explained first, because it sees fewer equations;
what was found there is taken as known in the sequence.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np

from whygrad.assignments import ASSIGNMENTS
from whygrad.from_numbers.cellcheck import CellSearch
from whygrad.from_numbers.edited import Program, edited_lines
from whygrad.from_numbers.found import MARGIN, Found, Trail, best, settled
from whygrad.from_numbers.numbers import Target
from whygrad.from_numbers.picture import pictures
from whygrad.from_numbers.sequence import SequenceSearch
from whygrad.from_numbers.tables import Tables
from whygrad.from_numbers.telling import confidence_of, grouped, mistakes_of, predictions_of
from whygrad.records import Explanation, Result, Search

if TYPE_CHECKING:
    from pathlib import Path

    from whygrad.assignments.assignment import Assignment
    from whygrad.from_numbers.numbers import Bools
    from whygrad.mistakes import Edit
    from whygrad.records import Block, Reading

Edits = tuple["Edit", ...]
SURE = -2.0
"""An explanation of some of the numbers only is worth telling if it agrees by accident less than once in a hundred such searches."""
MOST_ALTERNATIVES = 8
MOST_JOINT = 6


@cache
def tables_of(assignment: str, folder: Path | None) -> Tables:
    """The tables of an assignment, kept for the life of the process, and in ``folder`` for later ones."""
    return Tables(ASSIGNMENTS[assignment], folder)


@dataclass
class Family:
    """Blocks that one program printed, and the programs that explain them: (edits, which numbers of each block agree, cost), best first."""

    targets: list[Target]
    right: list[Bools]
    found: list[tuple[Edits, list[Bools], float]]
    trail: Trail

    @property
    def best(self) -> tuple[Edits, list[Bools], float]:
        """The first explanation."""
        return self.found[0]


def explain(reading: Reading, folder: Path | None = None) -> Result:
    """Say which mistakes print the numbers of a reading; tables are kept in ``folder`` if one is given."""
    tables = tables_of(reading.assignment, folder)
    with np.errstate(all="ignore"):  # wrong programs overflow and divide by zero: that is what they are run for
        families = [_explained(tables, blocks) for blocks in _families(tables.assignment, reading.blocks)]
        return _result(tables, reading, families)


def _families(assignment: Assignment, blocks: tuple[Block, ...]) -> list[list[Block]]:
    """Blocks whose checks share functions, the cell's first; a second output of the same check stands for itself."""
    families: list[list[Block]] = []
    for block in sorted(blocks, key=lambda block: assignment.vocabulary.roles[block.check] == "backward"):
        chain = set(assignment.chain(block.check))
        for family in families:
            if all(own.check != block.check and chain & set(assignment.chain(own.check)) for own in family):
                family.append(block)
                break
        else:
            families.append([block])
    return families


def _explained(tables: Tables, blocks: list[Block]) -> Family:
    targets = [Target(block) for block in blocks]
    right = [target.hit(target.values(tables.of(target.block.check).right.gradients)) for target in targets]
    family = Family(targets, right, [], Trail())
    if all(hits.all() for hits in right):
        family.found.append(((), right, 0.0))
        return family
    candidates: list[Edits] = [()]
    bases: list[Edits] = [()]
    for target, hits in zip(targets, right, strict=True):
        check = tables.of(target.block.check)
        longer: list[Edits] = []
        otherwise, searched = _otherwise_checked(tables, target, family.trail)
        for base in bases:
            if hits.all() and not base:
                longer.append(base)
                continue
            found = list(otherwise)
            if not settled(found):
                search = SequenceSearch(check, target, base, deep=not searched) if check.sequence else CellSearch(check, target, base)
                found += search.run()
                family.trail.take(search.trail)
            candidates += [one.edits for one in found[:40]]
            longer += [one.edits for one in _likely(found)]
        bases = list(dict.fromkeys(longer))[:MOST_JOINT] or [()]
    family.found = _joined(tables, targets, candidates)
    return family


def _otherwise_checked(tables: Tables, target: Target, trail: Trail) -> tuple[list[Found], bool]:
    """What is found where the check was changed so that it prints numbers at places which it does not have, and whether such are."""
    check = target.block.check
    if not tables.of(check).sequence or np.isfinite(target.values(tables.of(check).right.gradients)).all():
        return [], False
    searched = False
    found: list[Found] = []
    name = f"{check}_check"
    for edit in tables.variants.of_function(name):
        record = Program(tables.assignment, (edit,)).record(check)
        lines = edited_lines(tables.assignment, (edit,))
        if record is not None and lines is not None and set(lines) == {name} and np.isfinite(target.values(record.gradients)).all():
            searched = True
            changed = tables.changed(check, lines[name], sha256(edit.slip.encode()).hexdigest()[:8])
            search = SequenceSearch(changed.of(check), target)
            found += [
                Found((edit, *one.edits), one.hits, tables.variants.set_cost((edit, *one.edits)))
                for one in search.run()
                if all(other.function != name for other in one.edits)
            ]
            trail.take(search.trail)
    return best(found), searched


def _likely(found: list[Found]) -> list[Found]:
    """The full explanations that are not much less likely than the first; the best partial one where none is full."""
    full = [one for one in found if one.full]
    return [one for one in full if one.cost <= full[0].cost + MARGIN] if full else found[:1]


def _joined(tables: Tables, targets: list[Target], candidates: list[Edits]) -> list[tuple[Edits, list[Bools], float]]:
    """Each candidate run on every check of the family; most numbers first, then fewest shapes printed otherwise, then the likeliest."""
    found: list[tuple[Edits, list[Bools], float]] = []
    misshapen: dict[Edits, int] = {}
    seen: set[frozenset[Edit]] = set()
    for edits in candidates:
        if frozenset(edits) in seen:
            continue
        seen.add(frozenset(edits))
        program = Program(tables.assignment, edits)
        hits: list[Bools] = []
        misshapen[edits] = 0
        for target in targets:
            gradients = program.run(target.block.check)
            hits.append(np.zeros(len(target), bool) if gradients is None else target.hit(target.values(gradients)))
            if gradients is not None:
                misshapen[edits] += sum(np.shape(gradients.get(shape.quantity, 0.0)) != shape.shape for shape in target.block.shapes)
        found.append((edits, hits, tables.variants.set_cost(edits)))
    return sorted(found, key=lambda one: (-sum(int(hits.sum()) for hits in one[1]), misshapen[one[0]], one[2]))


def _result(tables: Tables, reading: Reading, families: list[Family]) -> Result:
    assignment = tables.assignment
    checks = tuple(block.check for block in reading.blocks)
    printed = sum(len(block.numbers) for block in reading.blocks)
    reproduced = sum(int(hits.sum()) for family in families for hits in family.best[1])
    edits = tuple(edit for family in families for edit in family.best[0])
    wrong_key = [key for block in reading.blocks if (key := (block.check, reading.version or "")) in assignment.wrong_keys]
    notes = [*reading.notes, *(assignment.wrong_keys[key] for key in wrong_key)]
    several = len(set(checks)) > 1
    numbers = [
        (bool(hit), bool(fine), f"{number.label} of {target.block.check}" if several else number.label)
        for family in families
        for target, hits, right in zip(family.targets, family.best[1], family.right, strict=True)
        for hit, fine, number in zip(hits, right, target.block.numbers, strict=True)
    ]
    whole = reproduced == printed
    only_the_check = all(edit.function not in assignment.vocabulary.roles for edit in edits) and all(map(_agrees, reading.blocks))
    confidence = confidence_of(
        [target for family in families for target in family.targets],
        [hits for family in families for hits in family.best[1]],
        [hits for family in families for hits in family.right],
        edits,
        sum(family.trail.tried for family in families),
        len(tables.of(checks[0]).singles.rows),
    )
    if whole and (not edits or only_the_check):
        verdict, mistakes = "right", ()
    elif whole or (edits and confidence.log10_chance < SURE):
        verdict, mistakes = ("explained" if whole else "partly"), mistakes_of(assignment, edits, confidence)
    else:
        verdict, mistakes = "unknown", ()
    if verdict == "right" and edits and wrong_key:
        notes.append("the printed numbers are the expected ones; a right program prints them in a notebook that was run that way")
    some = verdict in {"partly", "unknown"}
    alternatives = _alternatives(tables, families) if verdict == "explained" else ()
    predictions = ()
    if verdict in {"explained", "partly"}:
        known = {
            (block.check, number.quantity + "".join(f"[{at}]" for at in index))
            for block in reading.blocks
            for number in block.numbers
            for index in (number.index, number.index[:-1])
        }
        second = next((other for family in families for other, _, _ in _other_full(family)), None)
        predictions = predictions_of(assignment, checks, known, edits, second)
    return Result(
        verdict=verdict,
        assignment=assignment.id,
        checks=checks,
        version=reading.version,
        printed=printed,
        reproduced=reproduced if verdict != "unknown" else sum(fine for _, fine, _ in numbers),
        mistakes=mistakes,
        alternatives=alternatives,
        predictions=predictions,
        search=Search(
            sum(family.trail.tried for family in families),
            not any(family.trail.cuts for family in families),
            tuple(cut for family in families for cut in family.trail.cuts),
        ),
        exonerated=_exonerated(assignment, families, verdict),
        unexplained=tuple(label for hit, fine, label in numbers if not (hit if verdict == "partly" else fine)) if some else (),
        right=tuple(label for _, fine, label in numbers if fine) if some else (),
        unread=reading.unread,
        key_is_wrong=bool(wrong_key),
        notes=tuple(notes),
        errors=pictures(tables, families) if verdict != "right" else (),
    )


def _agrees(block: Block) -> bool:
    """Whether the learner's numbers are the expected ones of the post."""
    expected = {(number.quantity, number.index): number for number in block.expected}
    pairs = [(number, expected.get((number.quantity, number.index))) for number in block.numbers]
    return bool(block.expected) and all(
        other is not None and number.low <= other.high + 1e-8 and other.low <= number.high + 1e-8 for number, other in pairs
    )


def _other_full(family: Family) -> list[tuple[Edits, list[Bools], float]]:
    """The full explanations beside the first, not much less likely."""
    _, first_hits, cost = family.best
    if not all(hits.all() for hits in first_hits):
        return []
    return [one for one in family.found[1:] if all(hits.all() for hits in one[1]) and one[2] <= cost + MARGIN]


def _alternatives(tables: Tables, families: list[Family]) -> tuple[Explanation, ...]:
    """Other explanations of the same numbers: those in other functions first, none that reads the same."""
    found: list[Explanation] = []
    for family in families:
        edits, _, _ = family.best
        seen = {_sentences(tables.assignment, edits)}
        functions = {frozenset(edit.function for edit in edits)}
        others = _other_full(family)
        elsewhere = [one for one in others if frozenset(edit.function for edit in one[0]) not in functions]
        for other, hits, cost in [*elsewhere, *(one for one in others if one not in elsewhere)]:
            key = _sentences(tables.assignment, other)
            if key not in seen and not set(other) > set(edits):
                seen.add(key)
                found.append(Explanation(mistakes_of(tables.assignment, other, None), sum(int(hit.sum()) for hit in hits), round(-cost, 2)))
    return tuple(found[:MOST_ALTERNATIVES])


def _sentences(assignment: Assignment, edits: Edits) -> tuple[tuple[str | None, str], ...]:
    return tuple((mistake.function, mistake.says) for mistake in mistakes_of(assignment, edits, None))


def _exonerated(assignment: Assignment, families: list[Family], verdict: str) -> tuple[str, ...]:
    """The functions in which no shortest explanation has a mistake."""
    innocent: set[str] = set()
    guilty: set[str] = set()
    for family in families:
        chain = [function for target in family.targets for function in assignment.chain(target.block.check)]
        edits, _, _ = family.best
        if verdict in {"explained", "right"}:
            explanations = [edits, *(other for other, _, _ in _other_full(family))]
            least = min(len(grouped(one)) for one in explanations)
            guilty |= {edit.function for one in explanations if len(grouped(one)) <= max(least, len(grouped(edits))) for edit in one}
            innocent |= set(chain)
        else:
            guilty |= {edit.function for edit in edits} if verdict == "partly" else set()
            innocent |= {target.block.check for target, hits in zip(family.targets, family.right, strict=True) if hits.all()}
    return tuple(name for name in assignment.vocabulary.roles if name in innocent - guilty)
