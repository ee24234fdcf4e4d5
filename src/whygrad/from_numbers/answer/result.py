"""From what was found to the result: what may be said, of which functions, and what would tell more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.from_numbers.answer.alternatives import others_of
from whygrad.from_numbers.answer.behind_the_call import said_of_the_loop
from whygrad.from_numbers.answer.cleared import cleared, unseen
from whygrad.from_numbers.answer.course_keys import as_expected, expected_otherwise, said_of_a_wrong_key, version_expected
from whygrad.from_numbers.answer.forward_numbers import forward_functions, said_of_a_forward_pass
from whygrad.from_numbers.answer.miscopied import said_of_a_miscopied_number, said_of_a_mistake_of_copying
from whygrad.from_numbers.answer.multiples import said_of_multiples
from whygrad.from_numbers.answer.not_finite import said_of_nan_beside_others, said_of_strange_numbers
from whygrad.from_numbers.answer.picture import pictures
from whygrad.from_numbers.answer.runs import said_of_runs, said_of_versions
from whygrad.from_numbers.answer.shapes import said_of_long_rows, unexplained_shapes
from whygrad.from_numbers.answer.telling import all_mistakes_of, predictions_of
from whygrad.from_numbers.candidates.certainty import (
    confidence_of,
    confirmed_by,
    count_with_digits,
    credible,
    digits_of,
    rivals,
    says_something,
)
from whygrad.records import Result, Search

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.assignments.assignment import Assignment
    from whygrad.from_numbers.answer.shapes import Unexplained
    from whygrad.from_numbers.candidates.families import Family
    from whygrad.from_numbers.numbers.arrays import Bools
    from whygrad.from_numbers.numbers.printed import Target
    from whygrad.from_numbers.tables.tables import Tables
    from whygrad.mistakes import Edit
    from whygrad.records import Block, Confidence, Reading, Verdict

Edits = tuple["Edit", ...]
SURE = -2.0
"""An explanation of some of the numbers only is worth telling if it agrees by accident less than once in a hundred such searches."""
FEW_DIGITS = 4
"""A number with fewer is right only as far as it is printed."""


def result_of(tables: Tables, reading: Reading, families: list[Family]) -> Result:
    """The result of a reading whose blocks were explained so; of outputs before a change only a note speaks."""
    assignment = tables.assignment
    runs = said_of_runs(assignment, families)
    families = [family for family in families if not family.earlier]
    runs += said_of_versions(assignment, families)
    blocks = [block for block in reading.blocks if not block.earlier]
    checks = tuple(block.check for block in blocks)
    printed = sum(len(block.numbers) for block in blocks)
    reproduced = sum(int(hits.sum()) for family in families for hits in family.best[1])
    edits = tuple(edit for family in families for edit in family.best[0])
    keys = [(block.check, version_expected(assignment, block) or reading.version or "") for block in blocks]
    wrong_key = [key for key in keys if key in assignment.wrong_keys]
    notes = [*reading.notes, *(assignment.wrong_keys[key] for key in wrong_key)]
    several = len(set(checks)) > 1
    numbers = [
        (bool(hit), bool(fine), f"{number.label} of {target.block.check}" if several else number.label)
        for family in families
        for target, hits, right in zip(family.targets, family.best[1], family.right, strict=True)
        for hit, fine, number in zip(hits, right, target.block.numbers, strict=True)
    ]
    only_the_check = all(edit.function not in assignment.vocabulary.roles for edit in edits) and all(
        as_expected(assignment, block) for block in blocks
    )
    targets = [target for family in families for target in family.targets]
    right = [own for family in families for own in family.right]
    confidence = confidence_of(
        tables,
        targets,
        [hits for family in families for hits in family.best[1]],
        right,
        sum(count_with_digits(assignment, family.targets, family.best[0]) for family in families),
        sum(family.trail.tried for family in families),
        rivals(tables, targets, right),
    )
    explained = [hit for hit, fine, _ in numbers if not fine]
    whole = reproduced == printed
    right_as_it_is = whole and (not edits or only_the_check)
    verdict = "right" if right_as_it_is else verdict_of(edits, confidence, targets, right, explained, whole=whole)
    shapes = [one for family in families for one in unexplained_shapes(tables, family)]
    only_shapes = verdict == "right" and bool(shapes)
    in_part = verdict == "right" and not only_shapes and bool(reading.lost)
    verdict = "unknown" if only_shapes or in_part else verdict
    otherwise = expected_otherwise(assignment, blocks) if verdict == "right" and not edits and not wrong_key else ""
    mistakes = (
        all_mistakes_of(assignment, [family.best[0] for family in families], confidence) if verdict in {"explained", "partly"} else ()
    )
    notes += [note for note in said_of_a_wrong_key(assignment, blocks, right=verdict == "right") if edits and note not in notes]
    notes += [*filter(None, [otherwise]), *map(str, shapes), *said_of_a_forward_pass(assignment, reading.unread)]
    notes += [f"in lines that could not be read, so nothing is known of it: {', '.join(reading.lost)}"] if reading.lost else []
    if verdict == "right" or in_part:
        notes += _said_of_right_ones(assignment, targets, [label for _, _, label in numbers], reading.lost)
    if verdict == "explained":
        notes += [
            *(note for family in families for note in said_of_the_loop(assignment, family)),
            *said_of_a_mistake_of_copying(tables, families),
        ]
    if verdict == "partly":
        notes += [note for family in families if (note := _said_of_the_cell(assignment, family))]
    some = verdict in {"partly", "unknown"}
    wrong = (
        [label for hit, fine, label in numbers if not (hit if verdict == "partly" else fine)]
        if some and not (only_shapes or in_part)
        else []
    )
    if some:
        notes += _said_of_wrong_ones(tables, families, targets)
    elif confidence.log10_chance < 0:  # else the answer's first sentence says it
        notes += said_of_nan_beside_others(targets)
    others = others_of(tables, families) if verdict == "explained" else []
    predictions = ()
    if verdict in {"explained", "partly"} or len(checks) < len(reading.blocks):
        notes += runs
    if verdict in {"explained", "partly"} and len(checks) == len(set(checks)):
        predictions = predictions_of(assignment, checks, _labels(blocks), edits, others[0][0] if others else None)
    return Result(
        verdict=verdict,
        assignment=assignment.id,
        checks=checks,
        version=reading.version,
        printed=printed,
        reproduced=reproduced if verdict != "unknown" or only_shapes or in_part else sum(fine for _, fine, _ in numbers),
        mistakes=mistakes,
        alternatives=tuple(explanation for _, explanation in others),
        predictions=predictions,
        would_tell=() if only_shapes or in_part else _would_tell(tables, families, verdict),
        search=Search(
            sum(family.trail.tried for family in families),
            not any(family.trail.cuts for family in families),
            tuple(cut for family in families for cut in family.trail.cuts),
        ),
        exonerated=_right_ones(tables, families, verdict, reading, shapes) if says_something(targets) and not in_part else (),
        unexplained=(*wrong, *(one.label if several else f"{one.quantity}.shape" for one in shapes)),
        right=tuple(label for _, fine, label in numbers if fine) if some else (),
        unread=reading.unread,
        lost=reading.lost,
        key_is_wrong=bool(wrong_key or otherwise),
        notes=tuple(notes),
        errors=pictures(tables, families) if verdict != "right" and not in_part else (),
    )


def _labels(blocks: Sequence[Block]) -> set[tuple[str, str]]:
    """What is printed, of which check: each entry, and the row in which it stands."""
    return {
        (block.check, number.quantity + "".join(f"[{at}]" for at in index))
        for block in blocks
        for number in block.numbers
        for index in (number.index, number.index[:-1])
    }


def _right_ones(tables: Tables, families: list[Family], verdict: Verdict, reading: Reading, shapes: list[Unexplained]) -> tuple[str, ...]:
    """The functions that can be called right, but for those of which the text says something that was not looked at, or a wrong shape."""
    unseen_ones = forward_functions(tables.assignment) if said_of_a_forward_pass(tables.assignment, reading.unread) else []
    misshapen = [one.check for one in shapes]
    return tuple(name for name in cleared(tables, families, verdict) if name not in (*unseen_ones, *misshapen))


def _said_of_wrong_ones(tables: Tables, families: Sequence[Family], targets: Sequence[Target]) -> list[str]:
    """What can be seen of numbers that no mistake explains."""
    every = said_of_a_miscopied_number, said_of_long_rows, said_of_multiples
    return [*said_of_strange_numbers(targets), *(note for said_of in every for note in said_of(tables, families))]


def _said_of_right_ones(assignment: Assignment, targets: list[Target], labels: list[str], lost: Sequence[str]) -> list[str]:
    """Which of the right numbers have few digits, and which of the checks' numbers were not printed, those that are ``lost`` aside."""
    digits = [float(one) for target in targets for one in digits_of(target)]
    few = [label for label, own in zip(labels, digits, strict=True) if own < FEW_DIGITS]
    unread = {label.partition("[")[0] for label in lost}
    missing = dict.fromkeys(name for target in targets for name in unseen(assignment, target) if name not in unread)
    forward = any(assignment.vocabulary.roles[target.block.check].endswith("forward") for target in targets)
    cache = "of what a step keeps for the backward pass hardly anything is printed here: the checks of the backward functions tell of it"
    return [
        *([cache] if forward else []),
        *([_little(few, labels)] if few else []),
        *([f"not printed, so nothing is known of it: {', '.join(missing)}"] if missing else []),
    ]


def _little(few: list[str], labels: list[str]) -> str:
    """That little is known where few digits were printed: of all numbers, or of some."""
    if len(few) == len(labels):
        return "right to the few digits that are printed; more would tell more"
    return f"printed with so few digits that they tell little: {', '.join(few)}"


def _said_of_the_cell(assignment: Assignment, family: Family) -> str:
    """Where the cell's own numbers stay unexplained and a loop is blamed: a loop can print what a wrong cell does. Else empty."""
    roles = assignment.vocabulary.roles
    loop = next((edit.function for edit in family.best[0] if roles.get(edit.function) == "backward"), None)
    left = (
        f"{number.label} of {target.block.check}"
        for target, hits, right in zip(family.targets, family.best[1], family.right, strict=True)
        if roles[target.block.check] == "cell backward"
        for number, hit, fine in zip(target.block.numbers, hits, right, strict=True)
        if not (hit or fine)
    )
    number = None if loop is None else next(left, None)
    if number is None:
        return ""
    return (
        f"{number} is printed by the cell alone and stays unexplained: so something is wrong in the cell that is not known here, "
        f"and what is said of {loop} may only follow from it."
    )


def verdict_of(
    edits: Edits, confidence: Confidence, targets: list[Target], right: list[Bools], explained: list[bool], *, whole: bool
) -> Verdict:
    """The verdict where some are wrong, each ``explained`` or not. Where most are not, what spoils them is not known and may spoil all."""
    if whole and credible(confidence, edits, targets, right):
        return "explained"
    most = 2 * sum(explained) >= len(explained)
    return "partly" if not whole and edits and most and confidence.log10_chance < SURE else "unknown"


def _would_tell(tables: Tables, families: list[Family], verdict: str) -> tuple[str, ...]:
    """Where the printed numbers are too few or have too few digits: lines of the same checks that were not printed, or these again."""
    found: list[str] = []
    for family in families if verdict in {"unknown", "partly"} else ():
        known = [(target.block.check, number) for target in family.targets for number in target.block.numbers]
        digits = sum(float(digits_of(target)[~fine].sum()) for target, fine in zip(family.targets, family.right, strict=True))
        full = all(hits.all() for hits in family.best[1])
        variants = rivals(tables, family.targets, family.right)
        if not any((target.finite & ~fine).any() for target, fine in zip(family.targets, family.right, strict=True)):
            continue  # nan stays nan with all its digits
        if not family.weak and not (full and family.best[0]) and confirmed_by(digits, variants):
            continue
        labels = [(check, name, index) for check in {check for check, _ in known} for name, index in tables.assignment.printed[check]]
        missing = [
            (check, name, index)
            for check, name, index in labels
            if not any(own == check and number.quantity == name and number.index[: len(index)] == index for own, number in known)
        ]
        found += [_labelled(*label) for label in missing] or _wrong_ones(family, labels)
    return tuple(found)


def _wrong_ones(family: Family, labels: list[tuple[str, str, tuple[int, ...]]]) -> list[str]:
    """Those of ``labels`` under which a wrong number was printed: more digits of a right one tell nothing."""
    wrong = {
        (target.block.check, number.quantity)
        for target, right in zip(family.targets, family.right, strict=True)
        for number, fine in zip(target.block.numbers, right, strict=True)
        if not fine
    }
    return [_labelled(*label) for label in labels if label[:2] in wrong]


def _labelled(check: str, name: str, index: tuple[int, ...]) -> str:
    return f"{name}{''.join(f'[{at}]' for at in index)} of {check}"
