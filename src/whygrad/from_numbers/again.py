"""Compute one call of the backward cell again with some equations edited: only what depends on them is evaluated anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_numbers.linewise import NAME, Environment, expression_code
from whygrad.from_numbers.numbers import fits

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType

    from whygrad.from_numbers.edited import Record


class Again:
    """The equations of a cell, and a record of its right run to start from."""

    def __init__(self, lines: Sequence[str], words: frozenset[str], record: Record) -> None:
        self.record = record
        self.equations: list[tuple[int, str, CodeType, frozenset[str]]] = []
        for number, line in enumerate(lines):
            target, _, text = line.strip().partition(" = ")
            if target in words and not text.startswith(("parameters[", "stale(")):
                self.equations.append((number, target, expression_code(text), frozenset(NAME.findall(text))))

    def call(self, number: int, edited: dict[int, str], arguments: Environment | None = None) -> Environment | None:
        """The local variables of call ``number`` with other arguments and some lines' equations edited; None where one raises."""
        env = dict(self.record.calls[number])
        space = self.record.space
        dirty: set[str] = set(arguments or ())
        if arguments:
            env.update(arguments)
            for _, target, code, names in self.equations:
                if names & dirty:
                    env[target] = eval(code, space, env)  # noqa: S307 - our own program
                    dirty.add(target)
            dirty = set()
        try:
            for line, target, code, names in self.equations:
                if line in edited:
                    env[target] = eval(expression_code(edited[line]), space, env)  # noqa: S307 - an edit of our own program
                    dirty.add(target)
                elif names & dirty:
                    env[target] = eval(code, space, env)  # noqa: S307 - our own program
                    dirty.add(target)
        except Exception:  # noqa: BLE001 - an edited equation may raise anything, and then has no value
            return None
        return env

    def sequence(self, edited: dict[int, str], carries: Sequence[tuple[str, str]]) -> list[Environment] | None:
        """All calls of the right loop, each handed what the one before returned: the local variables of each.

        ``carries`` are pairs (argument of the cell, output handed to it). None where a call raises or gives a carry that does not fit.
        """
        calls: list[Environment] = []
        with np.errstate(all="ignore"):
            for number, right in enumerate(self.record.calls):
                arguments: dict[str, Any] = {}
                for argument, output in carries:
                    if number:
                        carried, before = calls[-1][output], self.record.calls[number - 1][output]
                        if not fits(carried, before):
                            return None
                        arguments[argument] = right[argument] - before + carried
                env = self.call(number, edited, arguments)
                if env is None:
                    return None
                calls.append(env)
        return calls
