"""What is told where an edit of one line may be what mends a function: the line, if all comes right, or with what else is wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from whygrad.from_code.observe.edited import ran, right_of
from whygrad.from_code.observe.quantities import quantities
from whygrad.from_code.search.what_else import what_else

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.reference.inputs import Case
    from whygrad.sandbox.requests import Host, Piece

_MOST, _MOST_SEARCHED = 40, 6
"""Edited programs that are run for one function, and in which the search goes on."""
_FACTS = (
    "with this part of the line written otherwise, and nothing else changed, all results come right",
    "no other edit of its kind does the same",
)
_BESIDE = "with this part of the line written otherwise, and the other mistakes mended, all results come right", _FACTS[1]


class Option(NamedTuple):
    """A finding at a line, its facts still to come, and the program with that line edited."""

    finding: Finding
    program: tuple[Piece, ...]


def mended(
    host: Host, function: str, case: Case, found: tuple[Finding, ...], options: Sequence[Option], *, traced: bool
) -> tuple[Finding, ...]:
    """The one option that mends the function, alone or beside fewer findings than there are; these where there is none, or more."""
    right = quantities(function, case).observations
    sure: list[tuple[Finding, ...]] = []
    for finding, program in options[:_MOST]:
        number, of = right_of(function, ran(host, program, function, case, traced=traced), right)
        if number == of:
            sure.append((replace(finding, facts=_FACTS),))
    if sure or len(found) == 1:
        return sure[0] if len(sure) == 1 else found
    for finding, program in options[:_MOST_SEARCHED]:
        told = what_else(host, program, function, case)
        if told and (not found or len(told) < len(found)) and all(map(_is_sure, told)):
            sure.append(tuple(sorted((*told, replace(finding, facts=_BESIDE)), key=lambda one: one.line)))
    return sure[0] if len(sure) == 1 else found


def _is_sure(finding: Finding) -> bool:
    return finding.proof == "proved" and finding.id is not None
