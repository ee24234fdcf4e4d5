"""Run the assignment's program with some of its lines edited, and watch what its cell computes on the way."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.assignments.assignment import compiled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import CodeType

    from whygrad.assignments.assignment import Assignment, Lines
    from whygrad.mistakes import Edit

Environment = dict[str, Any]
NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w*")


def edited_lines(assignment: Assignment, edits: Iterable[Edit]) -> dict[str, Lines] | None:
    """The functions that the edits change, with their new lines; None where two edits want the same line otherwise."""
    wanted: dict[tuple[str, int], str] = {}
    for edit in edits:
        for function, number, text in edit.lines:
            if wanted.setdefault((function, number), text) != text:
                return None
    functions: dict[str, list[str]] = {}
    for (function, number), text in wanted.items():
        functions.setdefault(function, list(assignment.functions[function]))[number] = text
    roles = assignment.vocabulary.roles
    return {
        function: in_order(tuple(lines)) if roles.get(function) == "cell backward" else tuple(line for line in lines if line)
        for function, lines in functions.items()
    }


def in_order(lines: Lines) -> Lines:
    """The lines of a function without branches, moved so that each name is computed before it is used: a learner's order may differ."""
    head, body, last = lines[0], [line for line in lines[1:-1] if line], lines[-1]
    makes = [set(NAME.findall(line.partition(" = ")[0])) for line in body]
    made_somewhere = {name for own in makes for name in own}
    needs = [set(NAME.findall(line.partition(" = ")[2])) & made_somewhere - own for line, own in zip(body, makes, strict=True)]
    known: set[str] = set()
    order: list[str] = []
    rest = list(range(len(body)))
    while rest:
        ready = next((at for at in rest if needs[at] <= known), rest[0])
        rest.remove(ready)
        order.append(body[ready])
        known |= makes[ready]
    return (head, *order, last)


@lru_cache(maxsize=4096)
def code_of(lines: Lines) -> CodeType:
    """`compiled`, remembered."""
    return compiled(lines)


@lru_cache(maxsize=65536)
def expression_code(text: str) -> CodeType:
    """The code of one expression."""
    return compile(text, "<equation>", "eval")


class Program:
    """The assignment's program with some edits, ready to run its checks.

    ``broken`` is True where two edits collide or the edited text does not compile; such a program prints nothing.
    """

    def __init__(self, assignment: Assignment, edits: Iterable[Edit] = ()) -> None:
        self.assignment = assignment
        self.edits = tuple(edits)
        lines = edited_lines(assignment, self.edits)
        self.lines = lines or {}
        self.broken = lines is None
        try:
            self.code = {function: code_of(body) for function, body in self.lines.items()}
        except (SyntaxError, ValueError):
            self.broken = True
            self.code = {}

    def run(self, check: str) -> dict[str, Any] | None:
        """The gradients of one check; None where the program raises."""
        if self.broken:
            return None
        try:
            gradients = self.assignment.run_check(check, self.code)
        except Exception:  # noqa: BLE001 - an edited program may raise anything, and then prints nothing
            return None
        return gradients if isinstance(gradients, dict) else None  # pyright: ignore[reportUnnecessaryIsInstance]

    def record(self, check: str) -> Record | None:
        """Run a check and keep what each call of the backward cell computed; None where the program raises."""
        if self.broken:
            return None
        cell = next(name for name in self.assignment.chain(check) if self.assignment.vocabulary.roles[name] == "cell backward")
        lines = self.lines.get(cell, self.assignment.functions[cell])
        calls: list[Environment] = []
        space = self.assignment.namespace(self.code)
        traced = dict(space)
        exec(code_of((*lines[:-1], "    return locals()")), traced)  # noqa: S102 - our own program, or an edit of it

        def watched(*arguments: Any) -> Any:
            calls.append(traced[cell](*arguments))
            return calls[-1]["gradients"]

        space[cell] = watched
        arguments: list[Any] = []
        checked = space[check]

        def called(*given: Any) -> Any:
            arguments[:] = given
            return checked(*given)

        space[check] = called if check != cell else watched
        run: Callable[[], dict[str, Any]] = space[f"{check}_check"]
        try:
            with np.errstate(all="ignore"):
                gradients = run()
        except Exception:  # noqa: BLE001 - an edited program may raise anything, and then prints nothing
            return None
        return Record(gradients, calls, traced, arguments)


class Record:
    """One run of a check.

    ``gradients`` is what the check prints from, ``calls`` holds the local variables of every call of the backward cell in the order of the
    calls, ``arguments`` what the sequence function was called with, ``space`` the program's global names.
    """

    def __init__(self, gradients: dict[str, Any], calls: list[Environment], space: Environment, arguments: list[Any]) -> None:
        self.arguments = arguments
        self.gradients = gradients
        self.calls = calls
        self.space = space

    def evaluate(self, text: str, call: int, **replaced: Any) -> Any:
        """An expression in the variables of one call, some of them replaced; None where it raises."""
        try:
            return eval(expression_code(text), self.space, {**self.calls[call], **replaced})  # noqa: S307 - an edit of our own program
        except Exception:  # noqa: BLE001 - an edited expression may raise anything, and then has no value
            return None
