"""A function with some of its lines replaced, made of the steps of all others: of a pair of mistakes everything else is known."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from whygrad.from_numbers.linewise import Linewise, depth_of, statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from whygrad.assignments.assignment import Assignment
    from whygrad.from_numbers.linewise import Step
    from whygrad.mistakes import Edit

NewLines = tuple[tuple[int, str], ...]
"""The numbers of lines with their new texts, in order."""


class Replaced:
    """A function made of ``lines``, empty ones left out, of which single statements at the top or in a loop can be replaced."""

    def __init__(self, lines: Sequence[str]) -> None:
        kept = [(number, line) for number, line in enumerate(lines) if line]
        self._lines = lines
        self._whole = Linewise([line for _, line in kept])
        self._places: dict[int, tuple[int, int]] = {}
        """By the number of a line the place of its step, and that within the loop, -1 for the loop's or the statement's own."""
        top, inside = -1, -1
        depths: list[int] = []
        for number, line in kept[1:-1]:
            depth = depth_of(line)
            depths = [above for above in depths if above < depth]
            if not depths:
                top, inside = top + 1, -1
            elif len(depths) == 1:
                inside += 1
            depths.append(depth)
            if len(depths) == 1 or (len(depths) == 2 and self._whole.steps[top].target):  # noqa: PLR2004 - in a loop
                self._places[number] = top, inside

    def takes(self, number: int, text: str) -> bool:
        """Whether a line can be replaced by this text: a statement by a statement."""
        return (
            number in self._places
            and bool(text)
            and "\n" not in text
            and not text.endswith(":")
            and not self._lines[number].endswith(":")
            and depth_of(text) == depth_of(self._lines[number])
        )

    def by(self, new: Iterable[tuple[int, str]]) -> Linewise:
        """The function with such lines. SyntaxError where a text is no statement."""
        steps = list(self._whole.steps)
        bodies: dict[int, list[Step]] = {}
        for number, text in new:
            top, inside = self._places[number]
            if inside < 0:
                steps[top] = statement(text)
            else:
                bodies.setdefault(top, list(steps[top].body))[inside] = statement(text)
        for top, body in bodies.items():
            steps[top] = steps[top]._replace(body=tuple(body))
        return self._whole.with_steps(tuple(steps))


def simply_edited(assignment: Assignment, edits: Sequence[Edit]) -> dict[str, Linewise] | None:
    """The edited functions, where none is a cell, whose lines may change places, and each line is one statement for another; else None.

    SyntaxError where a text is no statement.
    """
    roles = assignment.vocabulary.roles
    new: dict[str, dict[int, str]] = {}
    for edit in edits:
        for function, number, text in edit.lines:
            own = new.setdefault(function, {})
            if number in own or roles.get(function, "").startswith("cell"):
                return None
            if not _replaceable(assignment.functions[function]).takes(number, text):
                return None
            own[number] = text
    return {function: _replaceable(assignment.functions[function]).by(own.items()) for function, own in new.items()}


@lru_cache(maxsize=64)
def _replaceable(lines: tuple[str, ...]) -> Replaced:
    return Replaced(lines)
