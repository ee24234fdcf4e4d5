"""Runs the reference program again and again: made ready once, and given everything as it is.

``Harness`` would copy all that goes in and comes out, and execute the program anew for each run: of somebody's code anything is possible.
The reference changes nothing that it is given and leaves nothing behind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_code.reference.inputs import reference
from whygrad.from_code.reference.parts import PARTS
from whygrad.sandbox.recorder import Recorder
from whygrad.sandbox.requests import Called, Odd, Reply
from whygrad.sandbox.standins import HELPERS, unused
from whygrad.sandbox.tracer import traced
from whygrad.sandbox.values import Kept

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from whygrad.sandbox.requests import Piece, Request


class Ready:
    """A ``Runner`` of a way to write the reference, traced; what it computes at places is put in their place, but not told."""

    def __init__(self, pieces: Sequence[Piece], own: frozenset[str]) -> None:
        """``own`` are the functions of the assignment that the ``pieces`` define."""
        program = traced(pieces, unused(PARTS, own))
        self._hook = program.hook
        self._space: dict[str, Any] = {**vars(reference()), **HELPERS, "np": np}
        for number in range(len(pieces)):
            exec(program.code(number), self._space)  # noqa: S102  # pyright: ignore[reportArgumentType] - our own program
        self._functions = {name: self._space[name] for name in own}

    def run(self, request: Request) -> Reply:
        """The run that a request without ``wanted`` places asks for."""
        calls: list[Called] = []
        watched = {name: _noted(name, self._functions[name], calls) for name in request.watched}
        self._space.update({**self._functions, **watched, self._hook: Recorder(request.substitutes, frozenset(), frozenset(), Kept())})
        with np.errstate(all="ignore"):
            try:
                value = self._functions[request.call](*request.arguments)
            except Exception:  # noqa: BLE001 - a value was put where it does not belong
                return Reply("raised", calls=tuple(calls))
        return Reply("returned", value, calls=tuple(calls))


def _noted(name: str, function: Callable[..., Any], calls: list[Called]) -> Callable[..., Any]:
    def called(*arguments: object) -> object:
        value = function(*arguments)
        calls.append(Called(name, arguments, Odd("not noted")))
        return value

    return called
