"""A loop that hands its cell something else than another: the other is run once, and what is handed over evaluated on its variables.

In the forms of loops the cell returns the same whatever it is given, so nothing else differs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from whygrad.from_numbers.numbers.arrays import is_array, lock
from whygrad.from_numbers.programs.linewise import Environment, expression_code
from whygrad.from_numbers.programs.wanted import parts_of_call

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_ACTS = re.compile(r":=|\bout=|(?<!\bnp)\.\w+\(")
"""What more than evaluates, or may do so."""


class Handing(NamedTuple):
    """One call of the cell: the loop's variables before it, None where another line calls it, and what is known of its arguments."""

    variables: Environment | None
    arguments: Sequence[Any]


class HandedOver:
    """What the ``line`` of a loop that calls its ``cell`` hands over.

    ``known`` tells what is known of an argument that is a gradient, and of the last, which is a cache; ``fixed`` values stay as they are.
    """

    def __init__(
        self, line: str, cell: str, space: Environment, fixed: Iterable[Any], known: tuple[Callable[[Any], Any], Callable[[Any], Any]]
    ) -> None:
        self._head, *self._right = parts_of_call(line)
        self._cell = cell
        self._space = space
        self._known = known
        self._values: dict[Any, Any] = {id(value): value for value in fixed}
        """Values of variables: one object for all equal ones, which stays."""
        self._arguments: dict[tuple[Any, ...], Any] = {}

    def changed(self, line: str) -> dict[int, str] | None:
        """The arguments that this line hands over instead; None where that is not all that it does otherwise."""
        head, *arguments = parts_of_call(line)
        if head != self._head or len(arguments) != len(self._right):
            return None
        new = {place: text.strip() for place, text in enumerate(arguments) if text != self._right[place]}
        return None if any(_ACTS.search(text) or self._cell in text for text in new.values()) else new

    def otherwise(self, handing: Handing, new: dict[int, str]) -> Sequence[Any]:
        """What is known of the arguments of a call with these instead. An edited expression may raise anything."""
        variables, right = handing
        if variables is None:
            return right
        found = list(right)
        for place, text in new.items():
            code = expression_code(text)
            key = (text, *map(id, map(variables.get, code.co_names)))
            if key not in self._arguments:
                value = eval(code, self._space, variables)  # noqa: S307 - an edit of our own program
                self._arguments[key] = self._known[place == len(found) - 1](value)
            found[place] = self._arguments[key]
        return found

    def variables(self, env: Environment) -> Environment:
        """The variables as they are now, whatever is written into them later."""
        return {name: self._now(value) for name, value in env.items()}

    def _now(self, value: Any) -> Any:
        if id(value) in self._values:
            return value
        key: Any = id(value)
        if is_array(value):
            value = lock(value.copy())
            key = (value.dtype.str, value.shape, hash(value.tobytes()))
        elif isinstance(value, list | tuple):
            parts = list(map(self._now, cast("Sequence[Any]", value)))
            key = (type(cast("Any", value)), *map(id, parts))
            value = key[0](parts)
        elif isinstance(value, dict):
            entries = {name: self._now(part) for name, part in cast("dict[str, Any]", value).items()}
            key = (type(cast("Any", value)), *entries, *map(id, entries.values()))
            value = key[0](entries)
        found = self._values.setdefault(key, value)
        return self._values.setdefault(id(found), found)
