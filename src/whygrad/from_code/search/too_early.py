"""A term that is added one line too early, before a factor that is not for it: two lines are wrong, which is one mistake."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.from_code.observe.arrays import array_of, same
from whygrad.from_code.observe.experiment import seen_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.experiment import Found, Search

_WHERE = (
    "What is added before a line that multiplies is multiplied too, what is added behind it is not. Draw the cell, and follow this term "
    "from where it comes in: which factors lie on its path, and which do not?"
)


def one_line_too_early(search: Search, found: list[Found], findings: tuple[Finding, ...]) -> tuple[list[Found], tuple[Finding, ...]]:
    """What was found, and what is told of it, with one in the place of two if what the first line has too many the second lacks."""
    for number in range(len(findings) - 1):
        first, second = found[number : number + 2]
        told, lacks = findings[number : number + 2]
        if (told.id, lacks.id) == ("term-repeated", "term-dropped") and _the_same(search, found, first, second):
            both = replace(first, substitutes=(*first.substitutes, *second.substitutes))
            says = f"{told.says.rstrip('.')}; line {lacks.line} lacks it"
            lines = (*told.lines, (lacks.source, lacks.line))
            one = replace(told, id="bracket-moved", says=says, hints=(told.hints[0], _WHERE, told.hints[2]), lines=lines)
            return [*found[:number], both, *found[number + 2 :]], (*findings[:number], one, *findings[number + 2 :])
    return found, findings


def _the_same(search: Search, found: Sequence[Found], first: Found, second: Found) -> bool:
    """Whether the right value is as much above what the second line makes, with the rest mended, as the first is above its own."""
    others = tuple(sub for other in found if other is not second for sub in other.substitutes)
    made = seen_at(search.subject.traced(others)[1], second.record.place.id, second.record.visit)
    has, belongs = array_of(first.record.value), array_of(first.right)
    lacks, right = None if made is None else array_of(made.value), array_of(second.right)
    if has is None or belongs is None or lacks is None or right is None or len({one.shape for one in (has, belongs, lacks, right)}) > 1:
        return False
    return same(has - belongs, right - lacks, search.tolerance)
