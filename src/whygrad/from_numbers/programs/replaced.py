"""A function with some of its lines replaced, made of the steps of all others: of a pair of mistakes everything else is known."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from whygrad.from_numbers.programs.linewise import Linewise, depth_of, loop_step, statement

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from whygrad.from_numbers.programs.linewise import Step


class Replaced:
    """A function made of ``lines``, empty ones left out, of which statements at the top or in a loop can be replaced, and loops' heads."""

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
        """Whether a line can be replaced by this text: a statement by any number of statements, the head of a loop by one."""
        if number not in self._places:
            return False
        old = self._lines[number]
        top, inside = self._places[number]
        if old.endswith(":"):
            return inside < 0 and bool(self._whole.steps[top].target) and depth_of(text) == depth_of(old) and loop_step(text) is not None
        return not text or all(depth_of(line) == depth_of(old) and not line.endswith(":") for line in text.split("\n"))

    def by(self, new: Mapping[int, str]) -> Linewise:
        """The function with such lines. SyntaxError where a text is no statement."""
        steps: dict[int, tuple[Step, ...]] = {}
        bodies: dict[int, dict[int, tuple[Step, ...]]] = {}
        for number, text in new.items():
            top, inside = self._places[number]
            if inside < 0:
                steps[top] = _made_of(text, self._whole.steps[top])
            else:
                bodies.setdefault(top, {})[inside] = _made_of(text, self._whole.steps[top].body[inside])
        for top, inner in bodies.items():
            step = steps.get(top, self._whole.steps)[0 if top in steps else top]
            steps[top] = (step._replace(body=_with(step.body, inner)),)
        return self._whole.with_steps(_with(self._whole.steps, steps))


def _with(steps: tuple[Step, ...], new: Mapping[int, tuple[Step, ...]]) -> tuple[Step, ...]:
    """Steps, some of them replaced by others."""
    whole = list(steps)
    for place in sorted(new, reverse=True):
        whole[place : place + 1] = new[place]
    return tuple(whole)


def _made_of(text: str, old: Step) -> tuple[Step, ...]:
    """The steps of a text that stands for a statement, or for the head of a loop."""
    loop = loop_step(text) if old.target else None
    return (loop._replace(body=old.body),) if loop else _statements(text)


@lru_cache(maxsize=16384)
def _statements(text: str) -> tuple[Step, ...]:
    return tuple(map(statement, text.split("\n"))) if text else ()


def replaced(lines: tuple[str, ...], new: Mapping[int, str]) -> Linewise | None:
    """The function with these lines where it can be made of the others' steps. SyntaxError where a text is no statement."""
    function = _replaceable(lines)
    return function.by(new) if all(function.takes(number, text) for number, text in new.items()) else None


@lru_cache(maxsize=64)
def _replaceable(lines: tuple[str, ...]) -> Replaced:
    return Replaced(lines)
