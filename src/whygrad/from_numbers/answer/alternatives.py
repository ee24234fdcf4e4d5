"""What else explains the numbers: other mistakes in the place of the first explanation's, not much less likely."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_numbers.answer.telling import all_mistakes_of, mistakes_of, sentences
from whygrad.from_numbers.candidates.certainty import denied
from whygrad.from_numbers.candidates.found import ELSEWHERE, MARGIN, functions_of
from whygrad.from_numbers.numbers.printed import ROUNDING
from whygrad.mistakes.words import listed
from whygrad.records import Explanation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_numbers.candidates.families import Family
    from whygrad.from_numbers.numbers.arrays import Bools
    from whygrad.from_numbers.numbers.printed import Target
    from whygrad.from_numbers.tables.tables import Tables
    from whygrad.mistakes import Edits

MOST_ALTERNATIVES = 8


def others_of(tables: Tables, families: Sequence[Family]) -> list[tuple[Edits, Explanation]]:
    """Other explanations of a family's numbers: that of the text as it is and those in other functions first, none that says it again.

    Each with its whole program, in which the other families' mistakes are as in the first explanation.
    """
    found: list[tuple[Edits, Explanation]] = []
    printed = sum(len(target) for family in families for target in family.targets)
    for place, family in enumerate(families):
        edits, _, _ = family.best
        before, behind = ([one.best[0] for one in some] for some in (families[:place], families[place + 1 :]))
        beside = sum(one.best[2] for one in families if one is not family)
        seen, told = {sentences(mistakes_of(tables.assignment, edits, None))}, [edits]
        for other, _, cost in sorted(_other_full(family), key=lambda one: _rank(family, one[0])):
            says = sentences(mistakes_of(tables.assignment, other, None))
            more = says in seen or (set(other) > set(edits) and other not in family.as_printed)
            if not more and not any(_in_more_places(other, one) and _alike(tables, family.targets, other, one) for one in told):
                seen.add(says)
                told.append(other)
                programs = [*before, other, *behind]
                explanation = Explanation(all_mistakes_of(tables.assignment, programs, None), printed, round(-cost - beside, 2))
                found.append((tuple(edit for program in programs for edit in program), explanation))
    return found[:MOST_ALTERNATIVES]


def _rank(family: Family, other: Edits) -> tuple[bool, bool]:
    return other not in family.as_printed, functions_of(other) == functions_of(family.best[0])


def _other_full(family: Family) -> list[tuple[Edits, list[Bools], float]]:
    """The full explanations beside the first, not much less likely."""
    _, first_hits, cost = family.best
    if not all(hits.all() for hits in first_hits):
        return []
    mine = functions_of(family.best[0])
    return [
        one
        for one in family.also_full
        if one[2] <= cost + (MARGIN if functions_of(one[0]) == mine else ELSEWHERE) or one[0] in {*family.as_printed, *family.hidden}
    ]


def said_of_words(tables: Tables, family: Family) -> list[str]:
    """That the text was heard where it says of results that they are right, and this or a likelier explanation spoils them."""
    edits, _, cost = family.best
    names = listed(list(dict.fromkeys(name for target in family.targets for name in target.block.said_right)))
    if not names:
        return []
    heard = f"The text was read as saying of {names} that nothing is wrong there"
    if denied(tables, family.targets, edits):
        return [
            f"{heard}, but the first explanation makes something wrong there: look at it once more. If it is right, this is not the cause."
        ]
    likelier = any(its < cost and denied(tables, family.targets, other) for other, _, its in _other_full(family))
    return [f"{heard}, so what leaves that right comes first."] if likelier else []


def _in_more_places(edits: Edits, others: Edits) -> bool:
    """Whether these are the very slips of ``others`` in more places."""
    (slips, places), (their, fewer) = (
        ({(edit.function, part[:2]) for edit in some for part in edit.parts}, sum(len(edit.quantity.split(" and ")) for edit in some))
        for some in (edits, others)
    )
    return slips == their and places > fewer


def _alike(tables: Tables, targets: Sequence[Target], edits: Edits, others: Edits) -> bool:
    """Whether two programs return the same: a slip in an equation, and once more in what reads it, where that is written out."""
    for target in targets:
        one, other = (tables.of(target.block.check).run(some) or {} for some in (edits, others))
        pairs = [(np.asarray(value), np.asarray(other.get(name, ()))) for name, value in one.items()]
        if not all(mine.shape == its.shape and np.allclose(mine, its, ROUNDING, ROUNDING, equal_nan=True) for mine, its in pairs):
            return False
    return True
