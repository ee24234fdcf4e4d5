"""Numbers that have lost their minus in copying: a likelier program prints all of them but for that.

Minus signs are lost in typing, and all of them where a page or a PDF shows them as a character that the copy drops. Beside a mistake
this is likelier than a second one that turns a single sign.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_numbers.candidates.certainty import FEW_DIGITS, digits_of
from whygrad.from_numbers.candidates.grouped import count_of, grouped
from whygrad.from_numbers.numbers.printed import SIDE_BY_SIDE
from whygrad.mistakes.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from whygrad.from_numbers.candidates.families import Family
    from whygrad.from_numbers.numbers.arrays import Bools
    from whygrad.from_numbers.numbers.printed import Target
    from whygrad.from_numbers.tables.singles import Singles
    from whygrad.from_numbers.tables.tables import Tables
    from whygrad.mistakes import Edits
    from whygrad.records import Block, Number

MOST_LINES = 2
"""In more lines than these minuses are lost only together with all others."""
LEAST_BESIDE = 3
"""So many numbers have to be as they are, or as many with another sign if all are."""
MOST_TRIED = 40


def with_lost_minuses(tables: Tables, family: Family) -> tuple[list[Block], str] | None:
    """The blocks with their minuses, and what is said of that; None where nothing speaks for it.

    A single mistake that turns one sign is told as such, for it is not rarer; but not where expected numbers stand beside numbers of
    which none has a minus.
    """
    edits, hits, _ = family.best
    whole = all(own.all() for own in hits)
    every = _without_minuses(family)
    if whole and len(grouped(edits)) <= 1 and not (every and _all_have_an_expected_one(family)):
        return None
    most = count_of(edits) if whole else 2
    lost: list[Bools] | None = None
    for candidate in _candidates(tables, family):
        if (candidate or every or not whole) and count_of(candidate) < most and (its := _lost(tables, family, candidate)):
            most, lost = count_of(candidate), its
    if lost is None:
        return None
    labels = [number.label for target, own in zip(family.targets, lost, strict=True) for number in _of(target, own)]
    blocks = [_restored(target.block, own) for target, own in zip(family.targets, lost, strict=True)]
    return blocks, _said(labels, every=every)


def _all_have_an_expected_one(family: Family) -> bool:
    return all({number.label for number in target.block.numbers} <= _labels(target.block.expected) for target in family.targets)


def _labels(numbers: Iterable[Number]) -> set[str]:
    return {number.label for number in numbers}


def calls_none_wrong(tables: Tables, printed: Family, restored: Family) -> bool:
    """Whether mistakes that explain all as it is printed are called none with the minuses, though the text has others."""
    roles = tables.assignment.vocabulary.roles
    blamed = any(edit.function in roles for edit in restored.best[0])
    return not blamed and all(hits.all() for hits in printed.best[1]) and not _without_minuses(printed)


def _without_minuses(family: Family) -> bool:
    return not _any_minus(number for target in family.targets for number in target.block.numbers)


def _any_minus(numbers: Iterable[Number]) -> bool:
    return any("-" in number.text for number in numbers)


def _said(labels: list[str], *, every: bool) -> str:
    if every and len(labels) > 1:
        return (
            "None of your numbers has a minus, as if all were lost in copying: they were read with those that one program gives them all. "
            "If your program prints none either, something in it turns the signs."
        )
    return (
        f"{listed(labels)} {'was' if len(labels) == 1 else 'were'} read with a minus, as if it was lost in copying: "
        "all numbers are explained more simply so. If your program prints none there, something else turns the sign."
    )


def _candidates(tables: Tables, family: Family) -> Iterator[Edits]:
    """Likely programs: the right one, single mistakes that print all but for signs, and what was found without some of its mistakes."""
    yield ()
    for target in family.targets:
        singles = tables.of(target.block.check).singles
        rows = _rows(singles, target)
        yield from (singles.rows[row] for row in rows[np.argsort(singles.costs[rows], kind="stable")][:MOST_TRIED])
    for edits, _, _ in family.found[:MOST_TRIED]:
        groups = grouped(edits)
        for left_out in range(1, len(groups)):
            for some in combinations(groups, left_out):
                yield tuple(edit for edit in edits if not any(edit in group for group in some))


def _rows(singles: Singles, target: Target) -> NDArray[np.intp]:
    """The rows that print all numbers that they know, but for a minus."""
    named = {entry: at for at, entry in enumerate(singles.entries)}
    entries = {place: (target.names[place], target.block.numbers[place].index) for place in np.flatnonzero(target.finite).tolist()}
    known = [place for place, entry in entries.items() if entry in named]
    numbers = singles.numbers[:, [named[entries[place]] for place in known]]
    low, high = target.low[known] - SIDE_BY_SIDE, target.high[known] + SIDE_BY_SIDE
    with np.errstate(invalid="ignore"):
        near = ((numbers >= low) & (numbers <= high)) | ((low > 0) & (-numbers >= low) & (-numbers <= high)) | np.isnan(numbers)
    return np.flatnonzero(near.all(axis=1) & ~np.isnan(numbers).all(axis=1))


def _lost(tables: Tables, family: Family, edits: Edits) -> list[Bools] | None:
    """Which numbers a program prints with a minus that the text lacks, if it prints all others as they are; None where that is no slip.

    An expected number that has its minus shows that they are copied, unless none of the learner's has one.
    """
    lost: list[Bools] = []
    kept = 0
    gone = _without_minuses(family)
    signed = {number.label for target in family.targets for number in target.block.expected if "-" in number.text}
    for target in family.targets:
        gradients = tables.of(target.block.check).run(edits)
        if gradients is None:
            return None
        values = target.values(gradients)
        hits = target.hit(values)
        bare = [not number.text.startswith("-") and (gone or number.label not in signed) for number in target.block.numbers]
        own = ~hits & target.hit(-values) & (digits_of(target) >= FEW_DIGITS) & bare
        if not (hits | own).all():
            return None
        lost.append(own)
        kept += int((hits & (digits_of(target) >= FEW_DIGITS)).sum())
    numbers = [number for target, own in zip(family.targets, lost, strict=True) for number in _of(target, own)]
    lines = len({(number.quantity, number.index[:2]) for number in numbers})
    if signed & _labels(numbers):
        return lost if lines > MOST_LINES and kept >= LEAST_BESIDE else None
    every = gone and not signed
    return lost if numbers and ((lines <= MOST_LINES and kept >= LEAST_BESIDE) or (every and len(numbers) + kept > LEAST_BESIDE)) else None


def _of(target: Target, chosen: Bools) -> list[Number]:
    return [number for number, one in zip(target.block.numbers, chosen, strict=True) if one]


def _restored(block: Block, lost: Bools) -> Block:
    """The block with its minuses, and with those of the expected numbers where no number of it has one."""
    labels = {number.label for number, one in zip(block.numbers, lost, strict=True) if one}
    theirs = set[str]() if _any_minus((*block.numbers, *block.expected)) else labels
    return replace(
        block,
        numbers=tuple(_turned(number) if number.label in labels else number for number in block.numbers),
        expected=tuple(_turned(number) if number.label in theirs else number for number in block.expected),
    )


def _turned(number: Number) -> Number:
    return replace(number, text=f"-{number.text}", low=-number.high, high=-number.low)
