"""What is told once: one slip made for each gate, line after line, at the first of these lines; and that nothing is carried back."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.mistakes.words import listed

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from whygrad.from_code.finding import Finding

_STILL_ZERO = re.compile(r"(\w+) is still zero in the call at step \d+")
_SEVERAL = 3
"""Lines from which on one slip is the learner's idea, and no slip of the pen."""


def told_together(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings, those put together that say the same of several names at lines of their own, or that one call lacks both carries."""
    findings = _neither_carried(findings)
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


def _neither_carried(findings: Sequence[Finding]) -> list[Finding]:
    """The findings, those of one call put together that is given nothing of what comes back from the step after."""
    told: list[Finding] = []
    for one in findings:
        still = _STILL_ZERO.match(one.says) if one.id == "carry-missing" else None
        at = next((n for n, other in enumerate(told) if other.id == one.id and (other.source, other.line) == (one.source, one.line)), None)
        if still is None or at is None or one.proof != told[at].proof or _STILL_ZERO.match(told[at].says):
            told.append(one)
        else:
            both = told[at].says.endswith("is still zero there") and told[at].step == one.step
            told[at] = replace(told[at], says=f"{told[at].says}{f', and so is {still[1]}' if both else f'; and {still[0]}'}")
    return told


def _said(one: Finding) -> Hashable:
    """What is said of a name, whatever it is called."""
    if one.id is None or not one.quantity or one.raises:
        return id(one)
    says = re.sub(rf"\b{re.escape(one.quantity)}\b", "", one.says)
    return one.id, one.function, one.within, one.source, one.proof, one.step, says
