"""One slip made for each gate, line after line: told once, at the first of these lines."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.mistakes.words import listed

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from whygrad.from_code.finding import Finding

_SEVERAL = 3
"""Lines from which on one slip is the learner's idea, and no slip of the pen."""


def told_together(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings, those put together that say the same of several names at lines of their own."""
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


def _said(one: Finding) -> Hashable:
    """What is said of a name, whatever it is called."""
    if one.id is None or not one.quantity or one.raises:
        return id(one)
    says = re.sub(rf"\b{re.escape(one.quantity)}\b", "", one.says)
    return one.id, one.function, one.within, one.source, one.proof, one.step, says
