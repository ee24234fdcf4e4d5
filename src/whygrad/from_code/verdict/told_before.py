"""What is wrong in a helper is found through each of the assignment's functions that go through it, and told once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_code.finding import Finding


class ToldOnce:
    """The findings in helpers, as they were told of the first function; a loop of several steps shows them less clearly than one step."""

    def __init__(self) -> None:
        """Nothing is told yet."""
        self._told: dict[str, list[Finding]] = {}
        self.through: set[str] = set()
        """Functions of which nothing has to be told, since all of it is told of others."""

    def forget(self, function: str) -> None:
        """Nothing of what was found of a function is told."""
        for told in self._told.values():
            told[:] = [one for one in told if one.function != function]
        self.through.discard(function)

    def lines(self, function: str) -> frozenset[tuple[str, int]]:
        """Source and line of what was proved of helpers through other functions than this one."""
        return frozenset((one.source, one.line) for one in self.proved(function))

    def proved(self, function: str) -> list[Finding]:
        """What was proved of helpers through other functions than this one."""
        return [one for findings in self._told.values() for one in findings if one.function != function and one.proof == "proved"]

    def once(self, function: str, found: Sequence[Finding]) -> tuple[Finding, ...]:
        """The findings, those in a helper as they were told before; those that may only follow from what was told there are left out."""
        kept: list[Finding] = []
        for finding in found:
            before = [one for one in self._told.get(finding.within, ()) if one.function != function]
            here = next((one for one in before if one.line == finding.line and one.source == finding.source), None)
            if here is not None:
                told = replace(here, function=function, proof=finding.proof, raises=finding.raises, whole=finding.whole)
                if here.raises or finding.raises:  # at which line it raises is told of each function
                    told = replace(told, says=finding.says, lines=finding.lines)
                sure = finding.proof != "located" or here.proof == "located"  # else it tells nothing new
                kept += [told] if sure and told not in kept else []
            elif finding.sure or not (before or self._may_follow(function, finding)):
                kept.append(finding)
        for finding in kept:
            if finding.within != function:
                self._told.setdefault(finding.within, []).append(finding)
        if found and not kept:
            self.through.add(function)
        return tuple(kept)

    def _may_follow(self, function: str, finding: Finding) -> bool:
        """Whether a finding stands in a helper, and in another helper of its family's one is proved: it may go through that one too."""
        family = function.partition("_")[0]
        others = [one for told in self._told.values() for one in told if one.function != function and one.function.startswith(family)]
        return finding.within != function and any(one.proof == "proved" for one in others)
