"""Run a function line by line, so that a line is compiled once, in however many edited functions it stands.

Functions here have loops over a name, and one ``return``, which is their last line; any other block is compiled as a whole.
"""

from __future__ import annotations

import re
from functools import lru_cache
from textwrap import dedent
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType

Environment = dict[str, Any]
NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w*")
ENTRY = re.compile(r"'(\w+)': ([^,}]+)")
"""One entry of the dictionary that a cell returns."""
_LOOP = re.compile(r"for (\w+) in (.+):")


class Step(NamedTuple):
    """A statement; or, where ``target`` is a name, a loop over the values of ``code`` with the steps of its ``body``."""

    code: CodeType
    target: str = ""
    body: tuple[Step, ...] = ()


class Linewise:
    """A function made of ``lines``, to be called in a space of global names. SyntaxError where a line is none."""

    def __init__(self, lines: Sequence[str]) -> None:
        if any("\n" in line for line in lines):
            lines = "\n".join(lines).split("\n")
        self.arguments = _arguments(lines[0])
        self.steps = _steps(lines[1:-1])
        self.result = _result(lines[-1])

    def with_steps(self, steps: tuple[Step, ...]) -> Linewise:
        """The function with other steps."""
        other = Linewise.__new__(Linewise)
        other.arguments, other.steps, other.result = self.arguments, steps, self.result
        return other

    def variables(self, space: Environment, arguments: Sequence[Any]) -> Environment:
        """The local variables at the end."""
        return self.begun(self.steps, space, arguments)

    def call(self, space: Environment, arguments: Sequence[Any]) -> Any:
        """What it returns."""
        return self.ended((), space, self.variables(space, arguments))

    def begun(self, steps: Sequence[Step], space: Environment, arguments: Sequence[Any]) -> Environment:
        """The local variables after its first steps, which these are."""
        env: Environment = dict(zip(self.arguments, arguments, strict=True))
        _run(steps, space, env)
        return env

    def ended(self, steps: Sequence[Step], space: Environment, env: Environment) -> Any:
        """What it returns after its last steps, which these are, from these local variables on."""
        _run(steps, space, env)
        return eval(self.result, space, env)  # noqa: S307 - an edit of our own program


@lru_cache(maxsize=2048)
def linewise(lines: Sequence[str]) -> Linewise:
    """The function made of a tuple of lines; the same edited function stands in many programs."""
    return Linewise(lines)


@lru_cache(maxsize=16384)
def names_in(text: str) -> tuple[str, ...]:
    """The names in a text, as often as they stand there."""
    return tuple(NAME.findall(text))


@lru_cache(maxsize=16384)
def expression_code(text: str) -> CodeType:
    """The code of one expression."""
    return compile(text, "<equation>", "eval")


def forget_compiled() -> None:
    """Drop what was compiled: a table is made of thousands of programs, and a search needs few of them again."""
    for kept in (linewise, expression_code, _result, statement, _block, loop_step):
        kept.cache_clear()


def _steps(lines: Sequence[str]) -> tuple[Step, ...]:
    """A step for each line with all the lines that stand deeper below it."""
    steps: list[Step] = []
    start, count = 0, len(lines)
    while start < count:
        first = lines[start]
        depth = depth_of(first)
        end = start + 1
        while end < count and depth_of(lines[end]) > depth:
            end += 1
        alone = end == start + 1 and not first.endswith(":")
        steps.append(statement(first) if alone else _block(tuple(lines[start:end])))
        start = end
    return tuple(steps)


@lru_cache(maxsize=16384)
def statement(text: str) -> Step:
    """The step of one statement. SyntaxError where it is none."""
    return Step(compile(dedent(text), "<statement>", "exec"))


@lru_cache(maxsize=16384)
def _block(lines: tuple[str, ...]) -> Step:
    """Many an edited function has the same loop: its lines are the key as they are, whose hashes are known."""
    loop = loop_step(lines[0])
    return loop._replace(body=_steps(lines[1:])) if loop else statement("\n".join(lines))


@lru_cache(maxsize=1024)
def loop_step(head: str) -> Step | None:
    """The step of a loop that has nothing in it yet; None where this is not the head of one. SyntaxError where its values are none."""
    loop = _LOOP.fullmatch(head.strip())
    return Step(expression_code(loop[2]), loop[1]) if loop else None


@lru_cache(maxsize=16384)
def _result(line: str) -> CodeType:
    return expression_code(line.strip().removeprefix("return "))


@lru_cache(maxsize=1024)
def _arguments(head: str) -> list[str]:
    return NAME.findall(head.partition("(")[2])


@lru_cache(maxsize=16384)
def depth_of(line: str) -> int:
    """How far a line stands in."""
    return len(line) - len(line.lstrip())


def _run(steps: Sequence[Step], space: Environment, env: Environment) -> None:
    for code, target, body in steps:
        if target:
            for value in eval(code, space, env):  # noqa: S307 - an edit of our own program
                env[target] = value
                _run(body, space, env)
        else:
            exec(code, space, env)  # noqa: S102 - an edit of our own program
