"""A text that shows an error beside printed numbers: what each of them tells, in one answer."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.mistakes.words import listed
from whygrad.read.post.traceback import note_of

if TYPE_CHECKING:
    from whygrad.read.post.frames import Stopped
    from whygrad.records import Reading, Result

_NOT_DEFINED = re.compile(r"name '(\w+)' is not defined")


def stopped_within(numbers: Reading) -> tuple[str, frozenset[str]] | None:
    """The check that had printed only its first entries, and the entries that come next; None where that is not so.

    If the same cell stopped there, what it reads is what its function has returned, though the call is not quoted.
    """
    if len(numbers.blocks) != 1:
        return None
    check = numbers.blocks[0].check
    order = [name for name, _ in SEQUENCE_MODELS.printed.get(check, ())]
    shown = list(dict.fromkeys(number.quantity for number in numbers.blocks[0].numbers))
    if shown != order[: len(shown)]:
        return None
    return check, frozenset(order[len(shown) - 1 : len(shown) + 1])  # the last one's shape, or the next one


def _of_a_line_outside(quoted: Stopped | None) -> str | None:
    """What is said of a line outside of all functions that reads a name which nothing has; None of any other error."""
    name = _NOT_DEFINED.match(quoted.text) if quoted and len(quoted.frames) == 1 and quoted.frames[0].function is None else None
    line = quoted.frames[0].lines[quoted.frames[0].line].strip() if quoted and name else ""
    if not name or not re.search(rf"\b{name[1]}\b", line):
        return None
    return f"the error is of the line `{line}`, which stands outside of all functions: nothing is called {name[1]} there"


def beside_numbers(numbers: Result, error: Result | None, stopped: str, quoted: Stopped | None = None) -> Result:
    """What the numbers tell, then what the error tells: numbers that are right may stand above the line that stopped.

    ``stopped`` is the error's own line; where it is not known why (``error`` is None), nobody is told that all is right, unless the line
    that is ``quoted`` is in no function.
    """
    notes = tuple(note for note in numbers.notes if note != note_of(stopped))
    if error is None and (outside := _of_a_line_outside(quoted)):
        return replace(numbers, notes=(*notes, outside))
    if error is None:
        lacking = numbers.verdict == "right" and not numbers.key_is_wrong
        return replace(numbers, verdict="unknown", stopped=stopped, notes=notes) if lacking else numbers
    blamed = {mistake.function for mistake in error.mistakes}
    printed = "the one printed number" if numbers.printed == 1 else f"the {numbers.printed} printed numbers"
    right = f"{printed} of {listed(dict.fromkeys(numbers.checks))} {'is' if numbers.printed == 1 else 'are'} right"
    return replace(
        numbers,
        verdict="explained" if numbers.verdict in {"right", "explained"} else "partly",
        mistakes=(*numbers.mistakes, *error.mistakes),
        exonerated=tuple(function for function in numbers.exonerated if function not in blamed),
        notes=(*([right] if numbers.verdict == "right" else []), *notes, *(f"of the error: {note}" for note in error.notes)),
        functions=error.functions,
    )
