"""How sure an explanation is: the digits that it had to meet, against the number of explanations that were there to meet them.

A number with d significant digits agrees by accident once in about 10^d; zeros and NaN tell nothing. There are as many explanations by k
mistakes as single ones to the power of k.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from whygrad.from_numbers.candidates.grouped import count_of, grouped
from whygrad.from_numbers.numbers.printed import ROUNDING
from whygrad.from_numbers.programs.edited import Program
from whygrad.records import Confidence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from whygrad.assignments.assignment import Assignment
    from whygrad.from_numbers.numbers.arrays import Bools, Floats
    from whygrad.from_numbers.numbers.printed import Target
    from whygrad.from_numbers.tables.tables import CheckTables, Tables
    from whygrad.mistakes import Edits

MOST_MISTAKES = 6
"""More mistakes than anybody was seen to make at once are another, single cause that is not known here."""
FEW_DIGITS = 4
"""Right numbers with fewer digits in all may be right by accident."""
PRINTED = 1e-8
"""What differs by less is printed alike, as far as somebody looks who says that it is right."""
COINCIDENCE = -1.0
"""What agrees by accident more often than once in ten such searches is not told as a cause."""


def digits_of(target: Target) -> Floats:
    """How many significant digits each number has; none for zeros and NaN."""
    size = np.maximum(abs(target.low), abs(target.high))
    width = target.high - target.low
    found = np.zeros(len(target))
    tells = target.finite & (size > width) & (width > 0)
    found[tells] = np.log10(size[tells] / width[tells])
    return found


def says_something(targets: Sequence[Target]) -> bool:
    """Whether any number has a digit: from zeros and NaN alone no function can be called right."""
    return any(digits_of(target).any() for target in targets)


def confirmed_by(digits: float, variants: int) -> int:
    """How many mistakes so many digits can confirm, where there are ``variants`` single ones."""
    return max(0, int((digits + COINCIDENCE) / math.log10(max(2, variants))))


def rivals(tables: Tables, targets: Sequence[Target], right: Sequence[Bools]) -> int:
    """How many single mistakes there are, in one check at most, to agree by accident: those that spoil a right number do not."""
    return max(_rivals(tables.of(target.block.check), target, fine) for target, fine in zip(targets, right, strict=True))


def _rivals(check: CheckTables, target: Target, right: Bools) -> int:
    singles = check.singles
    known, near = singles.near(target, np.flatnonzero(right).tolist())
    if not known:
        return len(singles.rows)
    if check.sequence:  # not each row has all numbers
        entries = [(target.names[place], target.block.numbers[place].index) for place in known]
        near |= np.isnan(singles.numbers[:, [singles.entries.index(one) for one in entries]])
    wrong = {target.names[place] for place in np.flatnonzero(~right)}
    return int(near.all(axis=1).sum()) + sum(singles.narrow.get(name, 0) for name in wrong)


def _rivals_beside(check: CheckTables, target: Target, given: Bools) -> int:
    """How many single mistakes there are that touch none of a block's numbers but some of those ``given``."""
    singles = check.singles
    entries = [(name, number.index) for name, number in zip(target.names, target.block.numbers, strict=True)]
    right = target.values(check.right.gradients)
    known = [place for place in np.flatnonzero(~given).tolist() if entries[place] in singles.entries]
    numbers = singles.numbers[:, [singles.entries.index(entries[place]) for place in known]]
    same = np.isclose(numbers, right[known], ROUNDING, ROUNDING) | np.isnan(numbers)
    names = {target.names[place] for place in np.flatnonzero(given)}
    return int(same.all(axis=1).sum()) + sum(singles.narrow.get(name, 0) for name in names)


def hits_of(assignment: Assignment, edits: Edits, targets: Sequence[Target]) -> list[Bools]:
    """Which numbers of each block the program with these edits prints."""
    program = Program(assignment, edits)
    runs = [(target, program.run(target.block.check)) for target in targets]
    return [np.zeros(len(target), bool) if got is None else target.hit(target.values(got)) for target, got in runs]


def spoils(targets: Sequence[Target], hits: Sequence[Bools], right: Sequence[Bools]) -> bool:
    """Whether an explanation of some of the numbers prints others wrongly that are right: what is still unknown will not mend these.

    Beside an output that is explained as a whole another may be of before a change, or of a loop that computes the cell by itself.
    """
    if any(own.all() and not fine.all() for own, fine in zip(hits, right, strict=True)):
        return False
    lost = sum(float(digits_of(target)[fine & ~own].sum()) for target, own, fine in zip(targets, hits, right, strict=True))
    return lost >= FEW_DIGITS


def denied(tables: Tables, targets: Sequence[Target], edits: Edits) -> bool:
    """Whether the program with these edits prints a gradient otherwise than a right one of which the text says that it is right."""
    printed = tables.assignment.printed
    for target in targets:
        its = target.block.check
        for check in [its, *printed.keys() & set(target.block.said_right)]:
            said = [label for label in printed[check] if check != its or label[0] in target.block.said_right]
            own = (tables.of(check).run(edits) or {}) if said else {}
            if not all(_prints_alike(own, tables.of(check).right.gradients, *label) for label in said):
                return True
    return False


def _prints_alike(own: Mapping[str, Any], right: Mapping[str, Any], name: str, index: tuple[int, ...]) -> bool:
    one, other = np.asarray(own.get(name)), np.asarray(right[name])
    return one.shape == other.shape and bool(np.allclose(one[index], other[index], PRINTED, PRINTED, equal_nan=True))


class _Own(NamedTuple):
    """What one mistake gives that the others, ``fewer``, do not: its digits, where they stand, and whether the others give all else."""

    digits: float
    mistakes: int
    fewer: Edits
    given: list[Bools]
    alone: bool


def supported(tables: Tables, targets: Sequence[Target], edits: Edits, variants: int) -> Edits:
    """Without the mistakes that are there for the sake of too few digits: some mistake or other gives these by accident.

    Each has to have digits enough of its own, and all together as many as there are mistakes. Where the others give all other numbers,
    its rivals are those alone that touch none of these. Zeros have few causes, and no digit: a mistake that gives nothing else is kept
    beside others, but none that gives NaN alone, which has many. What leaves other numbers unexplained is none if it rests on one number
    alone, unless it is one mistake and touches nothing else there: one value has many causes, and the others speak against this one.
    """
    assignment = tables.assignment
    digits = [digits_of(target) for target in targets]
    right = hits_of(assignment, (), targets)
    while edits:
        hits = hits_of(assignment, edits, targets)
        whole = sum(float(some[hit & ~fine].sum()) for some, hit, fine in zip(digits, hits, right, strict=True))
        owns: list[_Own] = []
        for group in grouped(edits):
            fewer = tuple(edit for edit in edits if edit not in group)
            less = hits_of(assignment, fewer, targets)
            given = [hit & ~other for hit, other in zip(hits, less, strict=True)]
            own = sum(float(some[mine].sum()) for some, mine in zip(digits, given, strict=True))
            finite = (bool((mine & target.finite).any()) for mine, target in zip(given, targets, strict=True))
            if any(mine.any() for mine in given) and not any(finite):
                own = COINCIDENCE
            if own and _by_one_value(assignment, targets, edits, fewer):
                own = COINCIDENCE
            if own:
                alone = bool(fewer) and all((mine | other).all() for mine, other in zip(given, less, strict=True))
                owns.append(_Own(own, count_of(tuple(group)), fewer, given, alone))
        owns.sort(key=lambda one: one.digits)
        poor = _poorest(tables, targets, owns, variants)
        if not owns or (poor is None and confirmed_by(whole, variants) >= len(owns)):
            break
        edits = _without_idle_ones(assignment, targets, (poor or owns[0]).fewer)
    return edits


def _poorest(tables: Tables, targets: Sequence[Target], owns: list[_Own], variants: int) -> _Own | None:
    """Of mistakes, those of fewest digits first, the first that has too few; None where all have enough."""
    for one in owns:
        if one.digits > 0 and confirmed_by(one.digits, variants) >= one.mistakes:
            return None
        blocks = [(target, given) for target, given in zip(targets, one.given, strict=True) if given.any()] if one.alone else []
        beside = max((_rivals_beside(tables.of(target.block.check), target, given) for target, given in blocks), default=variants)
        if one.digits <= 0 or confirmed_by(one.digits, beside) < one.mistakes:
            return one
    return None


def _without_idle_ones(assignment: Assignment, targets: Sequence[Target], edits: Edits) -> Edits:
    """Without the mistakes that give no number, now that one has gone without which they do not."""
    hits = hits_of(assignment, edits, targets)
    for group in grouped(edits):
        fewer = tuple(edit for edit in edits if edit not in group)
        less = hits_of(assignment, fewer, targets)
        if not any((hit & ~other).any() for hit, other in zip(hits, less, strict=True)):
            return _without_idle_ones(assignment, targets, fewer)
    return edits


def _by_one_value(assignment: Assignment, targets: Sequence[Target], edits: Edits, fewer: Edits) -> bool:
    """Whether what ``edits`` are more than ``fewer`` gives one number alone, but is several mistakes or makes others there wrong."""
    with_it, without = hits_of(assignment, edits, targets), hits_of(assignment, fewer, targets)
    given = [(place, hit & ~other) for place, (hit, other) in enumerate(zip(with_it, without, strict=True)) if (hit & ~other).any()]
    if len(given) != 1 or given[0][1].sum() > 1 or all(hit.all() for hit in with_it):
        return False
    place = given[0][0]
    target = targets[place]
    one, other = (Program(assignment, some).run(target.block.check) for some in (edits, fewer))
    if one is None or other is None:
        return False
    changed = ~np.isclose(target.values(one), target.values(other), ROUNDING, ROUNDING, equal_nan=True)
    return count_of(edits) > count_of(fewer) + 1 or bool((changed & ~with_it[place]).any())


def count_with_digits(assignment: Assignment, targets: Sequence[Target], edits: Edits) -> int:
    """How many mistakes these edits are, without those beside others that give zeros or NaN alone: few do, and neither has digits."""
    without = [(target.finite & (target.low <= 0) & (target.high >= 0)) | target.printed_nan for target in targets]
    groups = grouped(edits)
    count = count_of(edits)
    if len(groups) == 1 or not any(own.any() for own in without):
        return count
    hits = hits_of(assignment, edits, targets)
    for group in groups:
        less = hits_of(assignment, tuple(edit for edit in edits if edit not in group), targets)
        lost = [hit & ~other for hit, other in zip(hits, less, strict=True)]
        if any(own.any() for own in lost) and not any((own & ~none).any() for own, none in zip(lost, without, strict=True)):
            count -= count_of(tuple(group))
    return max(1, count)


def confidence_of(  # noqa: PLR0917 - what is compared, in the order of the sentence
    tables: Tables, targets: Sequence[Target], hits: Sequence[Bools], right: Sequence[Bools], mistakes: int, tried: int, variants: int
) -> Confidence:
    """How sure: the digits of the numbers that a right program would not print, against the number of explanations of so many mistakes.

    A zero where a right program has no number does not tell: it says no more than the shape.
    """
    known = [digits_of(target) for target in targets]
    there = [np.isfinite(target.values(tables.of(target.block.check).right.gradients)) for target in targets]
    own = [hit & ~fine & (has | (some > 0)) for hit, fine, has, some in zip(hits, right, there, known, strict=True)]
    digits = sum(float(some[which].sum()) for some, which in zip(known, own, strict=True))
    chance = min(0.0, mistakes * math.log10(max(2, variants)) - digits)
    numbers, telling = (sum(int(some.sum()) for some in many) for many in (hits, own))
    return Confidence(numbers, telling, int(digits), tried, round(chance, 1))


def credible(confidence: Confidence, edits: Edits, targets: Sequence[Target], right: Sequence[Bools]) -> bool:
    """Whether an explanation of all numbers may be told as the cause.

    NaN and infinities have many causes and show none. Where all other wrong numbers are zero no explanation is sure, and the likeliest
    single mistake is worth telling, of several quantities that are zero one for each.
    """
    count = count_of(edits)
    if count > MOST_MISTAKES:
        return False
    if confidence.log10_chance <= COINCIDENCE:
        return True
    wrong = [(target, ~fine & target.finite) for target, fine in zip(targets, right, strict=True)]
    if any(digits_of(target)[some].any() for target, some in wrong):
        return False
    zeros = all((target.low[some] <= 0).all() and (target.high[some] >= 0).all() for target, some in wrong)
    names = {(target.block.check, target.names[place]) for target, some in wrong for place in np.flatnonzero(some)}
    if not names and not all(fine.all() for fine in right):
        return False
    return count == 1 or (zeros and count <= len(names))
