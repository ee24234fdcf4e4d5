"""From what was found to the result: what may be said, of which functions, and what would tell more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.from_numbers.answer.alternatives import others_of, said_of_words
from whygrad.from_numbers.answer.behind_the_call import said_of_the_loop
from whygrad.from_numbers.answer.cleared import cleared, unseen
from whygrad.from_numbers.answer.course_keys import expected_otherwise, said_of_a_wrong_key, version_expected
from whygrad.from_numbers.answer.forward_numbers import forward_functions, said_of_a_forward_pass
from whygrad.from_numbers.answer.miscopied import said_of_a_miscopied_number, said_of_a_mistake_of_copying
from whygrad.from_numbers.answer.multiples import said_of_multiples
from whygrad.from_numbers.answer.not_finite import said_of_strange_numbers
from whygrad.from_numbers.answer.picture import pictures
from whygrad.from_numbers.answer.runs import said_of_runs, said_of_versions
from whygrad.from_numbers.answer.shapes import said_of_long_rows
from whygrad.from_numbers.answer.telling import all_mistakes_of, predictions_of
from whygrad.from_numbers.answer.verdict import Judged
from whygrad.from_numbers.candidates.certainty import confirmed_by, digits_of, rivals, says_something
from whygrad.records import Result, Search

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from whygrad.assignments.assignment import Assignment
    from whygrad.from_numbers.candidates.families import Family
    from whygrad.from_numbers.numbers.printed import Target
    from whygrad.from_numbers.tables.tables import Tables
    from whygrad.mistakes import Edits
    from whygrad.records import Block, Prediction, Reading

FEW_DIGITS = 4
"""A number with fewer is right only as far as it is printed."""
ALL_DIGITS = 12
"""A number with so many is printed with all of them, as the course's expected ones are."""
_ONE_NUMBER = "one number alone does not show whether anything else is wrong; the other lines of this check would"


def result_of(tables: Tables, reading: Reading, families: list[Family]) -> Result:
    """The result of a reading whose blocks were explained so; of outputs before a change only a note speaks."""
    judged = Judged(tables, reading, [family for family in families if not family.earlier])
    keys = [(block.check, version_expected(judged.assignment, block) or reading.version or "") for block in judged.blocks]
    wrong_keys = [judged.assignment.wrong_keys[key] for key in keys if key in judged.assignment.wrong_keys]
    expected = judged.verdict == "right" and not judged.edits and not wrong_keys
    otherwise = expected_otherwise(judged.assignment, judged.blocks) if expected else ""
    found = judged.verdict in {"explained", "partly"}
    others = others_of(tables, judged.families) if judged.verdict == "explained" else []
    notes = _notes(judged, reading, wrong_keys, otherwise)
    if found or len(judged.checks) < len(reading.blocks):
        notes += [*said_of_runs(judged.assignment, families, reading.blocks), *said_of_versions(judged.assignment, judged.families)]
    return Result(
        verdict=judged.verdict,
        assignment=judged.assignment.id,
        checks=judged.checks,
        version=reading.version,
        printed=judged.printed,
        reproduced=sum(judged.fine) if judged.verdict == "unknown" and not judged.right_so_far else judged.reproduced,
        mistakes=all_mistakes_of(judged.assignment, [family.best[0] for family in judged.families], judged.confidence) if found else (),
        alternatives=tuple(explanation for _, explanation in others),
        predictions=_predictions(judged, [edits for edits, _ in others]) if found else (),
        would_tell=() if judged.right_so_far else _would_tell(tables, judged.families, judged.verdict),
        search=Search(
            sum(family.trail.tried for family in judged.families),
            not any(family.trail.cuts for family in judged.families),
            tuple(cut for family in judged.families for cut in family.trail.cuts),
        ),
        exonerated=_right_ones(judged, reading) if says_something(judged.targets) and not judged.in_part else (),
        unexplained=(*judged.wrong, *(one.label if judged.several else f"{one.quantity}.shape" for one in judged.shapes)),
        right=tuple(judged.labelled(judged.fine)) if judged.verdict in {"partly", "unknown"} else (),
        unread=reading.unread,
        lost=reading.lost,
        key_is_wrong=bool(wrong_keys or otherwise),
        notes=tuple(notes),
        errors=pictures(tables, judged.families) if judged.verdict != "right" and not judged.in_part else (),
    )


def _notes(judged: Judged, reading: Reading, wrong_keys: Sequence[str], otherwise: str) -> list[str]:
    """What is said beside the answer, but of the text's runs; ``otherwise`` of expected numbers that no check has."""
    assignment, verdict, families = judged.assignment, judged.verdict, judged.families
    notes = [*reading.notes, *wrong_keys]
    if judged.edits:
        notes += [note for note in said_of_a_wrong_key(assignment, judged.blocks, right=verdict == "right") if note not in notes]
    notes += [*filter(None, [otherwise]), *map(str, judged.shapes), *said_of_a_forward_pass(assignment, reading.unread)]
    if reading.lost:
        notes.append(f"in lines that could not be read, so nothing is known of it: {', '.join(reading.lost)}")
    if verdict == "right" or judged.in_part:
        notes += _said_of_right_ones(assignment, judged.targets, judged.labels)
    if verdict == "right" or judged.in_part or (verdict == "explained" and judged.of_the_check):
        notes += _said_of_unseen_ones(assignment, judged.targets, reading.lost)
    if verdict == "explained":
        notes += [
            *(note for family in families for note in (*said_of_the_loop(assignment, family), *said_of_words(judged.tables, family))),
            *said_of_a_mistake_of_copying(judged.tables, families),
        ]
        notes += [_ONE_NUMBER] if judged.printed == 1 else []
    if verdict == "partly":
        typed = [family for family in families if said_of_a_miscopied_number(judged.tables, [family])]
        notes += [note for family in families if family not in typed and (note := _said_of_the_cell(assignment, family))]
    if verdict in {"partly", "unknown"}:
        notes += _said_of_wrong_ones(judged.tables, families, judged.targets)
    return notes


def _predictions(judged: Judged, others: Sequence[Edits]) -> tuple[Prediction, ...]:
    """What else is printed if the explanation is right, where each check was run once; ``others`` are listed beside it."""
    if len(judged.checks) > len(set(judged.checks)):
        return ()
    return predictions_of(judged.assignment, judged.checks, _labels(judged.assignment.printed, judged.blocks), judged.edits, others)


def _labels(printed: Mapping[str, Sequence[tuple[str, tuple[int, ...]]]], blocks: Sequence[Block]) -> set[tuple[str, str]]:
    """What is printed, of which check, or said to be right: each entry, and the row in which it stands."""
    shown = [
        (block.check, number.quantity, index) for block in blocks for number in block.numbers for index in (number.index, number.index[:-1])
    ]
    said = [(block.check, name, index) for block in blocks for name, index in printed[block.check] if name in block.said_right]
    return {(check, name + "".join(f"[{at}]" for at in index)) for check, name, index in (*shown, *said)}


def _right_ones(judged: Judged, reading: Reading) -> tuple[str, ...]:
    """The functions that can be called right, but for those of which the text says something that was not looked at, or a wrong shape."""
    unseen_ones = forward_functions(judged.assignment) if said_of_a_forward_pass(judged.assignment, reading.unread) else []
    misshapen = [one.check for one in judged.shapes]
    right = cleared(judged.tables, judged.families, judged.verdict)
    return tuple(name for name in right if name not in (*unseen_ones, *misshapen))


def _said_of_wrong_ones(tables: Tables, families: Sequence[Family], targets: Sequence[Target]) -> list[str]:
    """What can be seen of numbers that no mistake explains."""
    every = said_of_a_miscopied_number, said_of_long_rows, said_of_multiples
    return [*said_of_strange_numbers(targets), *(note for said_of in every for note in said_of(tables, families))]


def _said_of_right_ones(assignment: Assignment, targets: list[Target], labels: list[str]) -> list[str]:
    """What right numbers don't tell: of a forward pass what it caches, and what has few digits."""
    digits = [float(one) for target in targets for one in digits_of(target)]
    few = [label for label, own in zip(labels, digits, strict=True) if own < FEW_DIGITS]
    forward = any(assignment.vocabulary.roles[target.block.check].endswith("forward") for target in targets)
    cache = "of what a step keeps for the backward pass hardly anything is printed here: the checks of the backward functions tell of it"
    return [*([cache] if forward else []), *([_little(few, labels)] if few else [])]


def _said_of_unseen_ones(assignment: Assignment, targets: list[Target], lost: Sequence[str]) -> list[str]:
    """Which of the checks' numbers were not printed, those that are ``lost`` aside."""
    unread = {label.partition("[")[0] for label in lost}
    missing = dict.fromkeys(name for target in targets for name in unseen(assignment, target) if name not in unread)
    return [f"not printed, so nothing is known of it: {', '.join(missing)}"] if missing else []


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
    """Those of ``labels`` under which a wrong number is not explained and has few digits: of others, as of nan, more tell nothing."""
    wrong = {
        (target.block.check, number.quantity)
        for target, right, hits in zip(family.targets, family.right, family.best[1], strict=True)
        for number, fine, hit, digits, finite in zip(target.block.numbers, right, hits, digits_of(target), target.finite, strict=True)
        if finite and not fine and digits < ALL_DIGITS and not (hit and family.best[0])
    }
    return [_labelled(*label) for label in labels if label[:2] in wrong]


def _labelled(check: str, name: str, index: tuple[int, ...]) -> str:
    return f"{name}{''.join(f'[{at}]' for at in index)} of {check}"
