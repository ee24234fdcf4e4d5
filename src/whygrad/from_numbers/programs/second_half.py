"""Run a check only from the call of its backward function on: a mistake in what comes then leaves the forward pass as it is."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.assignments.assignment import stream_of_thread
from whygrad.from_numbers.numbers.arrays import is_array, lock
from whygrad.from_numbers.programs.edited import Program
from whygrad.from_numbers.programs.last import Last

if TYPE_CHECKING:
    from collections.abc import Callable

    from whygrad.assignments.assignment import Assignment
    from whygrad.from_numbers.programs.edited import Record
    from whygrad.mistakes import Edits

MOST_CALLS = 200
"""Of so many calls of the right cell it is kept what they return."""


class SecondHalf:
    """The backward functions of one check, under edits, with what the right forward pass hands to them."""

    def __init__(self, assignment: Assignment, check: str, right: Record) -> None:
        self.assignment = assignment
        self.check = check
        roles = assignment.vocabulary.roles
        self._own = {name for name in assignment.chain(check) if "backward" in roles[name]}
        self._arguments = [locked(argument) for argument in right.arguments]
        self._cell = next(name for name in self._own if roles[name] == "cell backward")
        self._sequence = self._cell != check
        self._right_cell: Callable[..., dict[str, Any]] = right.space[self._cell]
        self._computed: Last[dict[str, Any]] = Last(MOST_CALLS)
        """What the right cell returns, by what it is called with."""

    def run(self, edits: Edits) -> dict[str, Any] | None:
        """The gradients under these edits, wherever they are; None where the program raises."""
        program = Program(self.assignment, edits)
        if program.broken or not self._takes(edits):
            return program.run(self.check)
        space = program.space(stream_of_thread())
        if self._sequence and self._cell not in program.edited:
            space[self._cell] = self._called
        try:
            with np.errstate(all="ignore"):
                gradients: Any = space[self.check](*self._given())
        except ValueError:  # it may have written into what it was given, which is locked
            return program.run(self.check)
        except Exception:  # noqa: BLE001 - an edited program may raise anything, and then prints nothing
            gradients = None
        finally:
            space.clear()  # its functions hold on to it, and it to them
        return cast("dict[str, Any]", gradients) if isinstance(gradients, dict) else None

    def record(self, edits: Edits, *, copied: bool = False) -> Record | None:
        """The same with what each call of the cell computes; ``copied`` as for `Program.record`."""
        program = Program(self.assignment, edits)
        if not program.broken and self._takes(edits):
            with suppress(ValueError):  # as above
                return program.record(self.check, copied=copied, given=self._given())
        return program.record(self.check, copied=copied)

    def _given(self) -> list[Any]:
        """What the backward function is called with; a loop may write into the list of caches."""
        *upstream, handed = self._arguments
        return [*upstream, (list(handed[0]), *handed[1:]) if self._sequence else handed]

    def _called(self, *arguments: Any) -> dict[str, Any]:
        """The right cell: most edited loops call it with the same arguments."""
        *gradients, cache = arguments
        if not any(cache is own for own in self._arguments[1][0]) or not all(map(is_array, gradients)):
            return self._right_cell(*arguments)
        key = (id(cache), *[(array.dtype.char, array.shape, array.tobytes()) for array in gradients])
        return {**self._computed.get(key, lambda: locked(self._right_cell(*arguments)))}

    def _takes(self, edits: Edits) -> bool:
        """Whether these edits leave the forward pass as it is, and draw nothing: the stream of random numbers is at its beginning here."""
        return all(name in self._own and "random" not in text for edit in edits for name, _, text in edit.lines)


def locked(value: Any) -> Any:
    """The same without leave to write into its arrays, which may share memory."""
    if is_array(value):
        return lock(value.view())
    if isinstance(value, dict):
        return {name: locked(own) for name, own in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return list(map(locked, cast("list[Any]", value)))
    return tuple(map(locked, cast("tuple[Any, ...]", value))) if isinstance(value, tuple) else value
