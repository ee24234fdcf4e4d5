"""Runs the statements of a notebook's cells as the notebook does, and tells what its own calls of the functions find there.

A statement that raises ends its cell. What runs long is given up: nothing depends on it.
"""

from __future__ import annotations

import contextlib
import time
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from whygrad.sandbox.names_read import names_read
from whygrad.sandbox.surroundings import Bounded
from whygrad.sandbox.values import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from whygrad.sandbox.requests import Value

CELLS = "the notebook's cells"
"""The name by which the cells are called. The arguments are the cells, each of them statements (source, line, text, bound names)."""
MOST_CALLS = 300
_SECONDS = 3.0


class TimeIsUpError(BaseException):
    """The cells have run long enough."""


class Cells:
    """The cells of one run, in the namespace in which the functions are defined already."""

    def __init__(self, space: dict[str, Any]) -> None:
        """Nothing is run yet."""
        self._space = space
        self._statement = 0
        self._until = time.monotonic() + _SECONDS
        self.found: list[tuple[int, Value]] = []
        """Of each call that was noted: the number of the statement that made it, and what the notebook holds under the names it reads."""

    def run(self, *cells: Value) -> Value:
        """What each cell printed, and ``found``."""
        for name in {name for cell in cells for *_, names in cell for name in names}:
            if not isinstance(self._space.get(name), (ModuleType, FunctionType, type)):  # whose settings may be changed
                self._space.pop(name, None)  # it is not there before its cell is run
        printed: list[str] = []
        for cell in cells:
            output, first = Bounded(), self._statement
            with contextlib.suppress(Exception), contextlib.redirect_stdout(output):
                for number, (source, line, text, _) in enumerate(cell):
                    self._statement = first + number
                    self._in_time()
                    exec(compile("\n" * (line - 1) + text, source, "exec"), self._space)  # noqa: S102 - what this room is for
            self._statement = first + len(cell)
            printed.append(output.getvalue())
        return printed, self.found

    def note(self, name: str, function: Callable[..., Any]) -> None:
        """One of the functions is called."""
        self._in_time()
        self.found.append((self._statement, {read: plain(self._space[read]) for read in sorted(names_read({name: function}, self._space))}))

    def _in_time(self) -> None:
        if time.monotonic() > self._until:
            raise TimeIsUpError
