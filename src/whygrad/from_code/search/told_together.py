"""What is told once: a slip made for each gate, at its first line; that nothing is carried back; what several lines raise; one place."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.mistakes.words import listed

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from whygrad.from_code.finding import Finding

_STILL_ZERO = re.compile(r"(\w+) is still zero in the call at step (\d+)")
_THERE = "is still zero there"
_SEVERAL = 3
"""Lines from which on one slip is the learner's idea, and no slip of the pen."""


def told_together(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings, those put together that say the same of several names at lines of their own, or that one call lacks both carries."""
    findings = _neither_carried(_raised_once(_of_one_place(findings)))
    alike: dict[Hashable, list[Finding]] = defaultdict(list)
    for one in findings:
        alike[_said(one)].append(one)
    told: dict[int, Finding] = {}
    gone = set[int]()
    for first, *others in alike.values():
        names, lines = {first.quantity, *(one.quantity for one in others)}, {first.line, *(one.line for one in others)}
        if len(others) + 1 >= _SEVERAL and len(names) == len(lines) == len(others) + 1 and not any(one.lines for one in (first, *others)):
            where = listed([f"{one.quantity} (line {one.line})" for one in others])
            says = f"{first.says.rstrip('.')}; the same holds for {where}"
            told[id(first)] = replace(first, says=says, lines=tuple((one.source, one.line) for one in others))
            gone |= {id(one) for one in others}
    return tuple(told.get(id(one), one) for one in findings if id(one) not in gone)


def _of_one_place(findings: Sequence[Finding]) -> list[Finding]:
    """The findings without those of a place that follow from another one of it: at a later turn, say, or since its memory is lent out."""
    return [one for one in findings if not any(_follows_at_its_place(one, other) for other in findings if other is not one)]


def _follows_at_its_place(one: Finding, other: Finding) -> bool:
    if (one.source, one.line) != (other.source, other.line) or other.id is None:
        return False
    if one.id == "view-of-output" and other.id == "state-not-carried":
        return one.column == other.column
    return one.quantity == other.quantity and (one.id is None or (one.id == other.id and not one.raises and bool(other.raises)))


def _raised_once(findings: Sequence[Finding]) -> list[Finding]:
    """The findings, with one for each line that is to blame for what others raise."""
    blamed: dict[tuple[str, int, int], Finding] = {}
    for one in findings:
        if one.id == "raises":
            blamed.setdefault((one.source, one.line, one.column), one)
    return [one for one in findings if one.id != "raises" or one in blamed.values()]


def _neither_carried(findings: Sequence[Finding]) -> list[Finding]:
    """The findings, those put together of which one says that the hidden state's carry is missing and one that the cell state's is zero."""
    told: list[Finding] = []
    for one in findings:
        still = _STILL_ZERO.match(one.says) if one.id == "carry-missing" else None
        first = next((other for other in told if still is not None and _of_one_call(other, one)), None)
        if still is None or first is None:
            told.append(one)
            continue
        head, there, more = first.says.partition(_THERE)
        both = there and still[2] in re.findall(r"at step (\d+)", head)
        says = f"{head}{there}, and so is {still[1]}{more}" if both else f"{first.says}; and {still[0]}"
        told[told.index(first)] = replace(first, says=says)
    return told


def _of_one_call(first: Finding, second: Finding) -> bool:
    """Whether both are told of the same call, or of what is made for it of a carry that is still zero."""
    here = (first.source, first.line) == (second.source, second.line) or _THERE in first.says
    alike = (first.id, first.function, first.proof) == (second.id, second.function, second.proof)
    return here and alike and not _STILL_ZERO.match(first.says)


def _said(one: Finding) -> Hashable:
    """What is said of a name, whatever it is called."""
    if one.id is None or not one.quantity or one.raises:
        return id(one)
    says = re.sub(rf"\b{re.escape(one.quantity)}\b", "", one.says)
    return one.id, one.function, one.within, one.source, one.proof, one.step, says
