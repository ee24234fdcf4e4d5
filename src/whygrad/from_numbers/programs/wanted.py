"""Which lines of a program some edits change, and to what text."""

from __future__ import annotations

import re
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from whygrad.assignments.assignment import Assignment
    from whygrad.mistakes import Edit

_CALL = re.compile(r"(\s*[\w, ]+ = \w+\()(.*)\)")


def places_of(edits: Iterable[Edit]) -> set[tuple[str, int]]:
    """The lines that some edits change, by function and number: edits that share none can be made together."""
    return {line[:2] for edit in edits for line in edit.lines}


def wanted_lines(
    assignment: Assignment, edits: Iterable[Edit], besides: Mapping[tuple[str, int], str] = MappingProxyType({})
) -> dict[str, dict[int, str]] | None:
    """By function and number the lines with their new texts; None where two edits want the same line otherwise.

    Edits of different arguments of one call go together. ``besides`` are further lines with their new texts.
    """
    wanted: dict[str, dict[int, str]] = {}
    for (function, number), text in besides.items():
        wanted.setdefault(function, {})[number] = text
    for edit in edits:
        for function, number, text in edit.lines:
            own = wanted.setdefault(function, {})
            before = own.setdefault(number, text)
            if before != text:
                both = _call_with_both(assignment.functions[function][number], before, text)
                if both is None:
                    return None
                own[number] = both
    return wanted


@lru_cache(maxsize=16384)
def _call_with_both(right: str, one: str, other: str) -> str | None:
    """The right call with the arguments that two edits change; None where it is no call, or both change the same argument otherwise."""
    parts = [parts_of_call(line) for line in (right, one, other)]
    if not len(parts[0]) == len(parts[1]) == len(parts[2]):
        return None
    both: list[str] = []
    for asked, first, second in zip(*parts, strict=True):
        if asked not in {first, second} and first != second:
            return None
        both.append(second if first == asked else first)
    return both[0] + ",".join(both[1:]) + ")" if len(both) > 1 else None


@lru_cache(maxsize=16384)
def parts_of_call(line: str) -> tuple[str, ...]:
    """The text up to the bracket that opens, and the arguments; only the line as it is where that is no call of one of our functions."""
    call = _CALL.fullmatch(line)
    if call is None:
        return (line,)
    parts, depth = [call[1], ""], 0
    for letter in call[2]:
        depth += (letter in "([{") - (letter in ")]}")
        if letter == "," and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return tuple(parts)
