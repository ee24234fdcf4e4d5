"""What the notebook's own cells find: what they print now, and what a function that reads the notebook's names gets there.

A function that takes its weights from the notebook is right as long as the notebook holds the weights that are handed in. Whether it does
is seen where the notebook itself calls the function: its cells are run in the child process, from the top.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.from_code.reference.compare import difference
from whygrad.from_code.reference.inputs import ENTRIES, OUTPUTS, answer, modest
from whygrad.from_code.reference.parts import ARGUMENTS
from whygrad.sandbox.cells import CELLS
from whygrad.sandbox.requests import Odd, Request

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from whygrad.records import Piece
    from whygrad.sandbox.requests import Called, Reply, Runner, Value


@dataclass(frozen=True, slots=True)
class OwnCall:
    """A call that the notebook makes: by which statement (its number), and what the notebook holds under the names it reads."""

    called: Called
    statement: int
    found: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Stale:
    """The notebook's names that hold something else than the arguments, where ``call`` calls; ``set_at`` last bound the first one."""

    names: tuple[str, ...]
    call: Piece
    set_at: Piece | None


class OwnCells:
    """The notebook's cells, run when that is first asked for."""

    def __init__(self, runner: Runner, cells: Sequence[Sequence[Piece]], own: frozenset[str]) -> None:
        """``own`` are the functions that are the learner's."""
        self._runner, self._cells, self._own = runner, cells, own
        self._replies: dict[int, Reply] = {}

    def printed(self, seed: int = 0) -> dict[str, str]:
        """What each cell prints, by the cell's name, where chance begins at ``seed``; empty where they could not be run."""
        value = self._run(seed).value if self._cells else None
        if not isinstance(value, tuple):
            return {}
        texts = cast("Any", value)[0]
        return {cell[0].source: text for cell, text in zip(self._cells, texts, strict=False) if isinstance(text, str)}

    def calls(self, function: str) -> list[OwnCall]:
        """The notebook's calls of one function; none where they cannot be told."""
        if not self._cells:
            return []
        reply = self._run()
        match reply.value:
            case (_, [*found]) if len(cast("Any", found)) == len(reply.calls):
                pairs = zip(reply.calls, cast("Any", found), strict=True)
            case _:
                return []
        return [
            OwnCall(called, entry[0], cast("dict[str, Value]", entry[1]))
            for called, entry in pairs
            if called.name == function and isinstance(entry, tuple) and isinstance(entry[0], int)
        ]

    def stale(self, function: str, names: Sequence[str]) -> Stale | None:
        """Where the function gives a wrong answer because these names hold something else than its arguments, at one of its own calls."""
        statements = [piece for cell in self._cells for piece in cell]
        for call in self.calls(function):
            other = tuple(name for name in names if _differs(name, call))
            if other and call.statement < len(statements) and _is_wrong(function, call.called):
                before = statements[: call.statement + 1]
                set_at = next((piece for piece in reversed(before) if other[0] in piece.names), None)
                return Stale(other, statements[call.statement], set_at)
        return None

    def _run(self, seed: int = 0) -> Reply:
        if seed not in self._replies:
            cells = tuple(tuple((piece.source, piece.line, piece.text, piece.names) for piece in cell) for cell in self._cells)
            self._replies[seed] = self._runner.run(Request(CELLS, cells, self._own, self._own, seed=seed))
        return self._replies[seed]


def _differs(name: str, call: OwnCall) -> bool:
    held = _held(call.called).get(name.removesuffix("_tmp"))
    if held is None:
        return False
    if name in call.found:
        return not _equal(call.found[name], held)
    return call.called.raised is not None and call.called.raised.type == "NameError" and call.called.raised.name == name


def _held(called: Called) -> dict[str, Value]:
    """What the arguments hold, by the course's names, as far as they are laid out as the course's."""
    names = ARGUMENTS[called.name]
    held: dict[str, Any] = dict(zip(names, called.arguments, strict=False))
    cache: Any = held.get("cache")
    caches = held.get("caches")
    if isinstance(caches, tuple) and len(cast("Any", caches)) == 2:  # noqa: PLR2004 - the list of caches and x
        kept, held["x"] = cast("Any", caches)
        cache = cast("Any", kept)[0] if isinstance(kept, list) and kept else None
    entries = ENTRIES[called.name.partition("_")[0]]
    if isinstance(cache, tuple | list) and len(cast("Any", cache)) == len(entries):
        held.update(zip(entries, cast("Any", cache), strict=True))
    weights = held.get("parameters")
    if isinstance(weights, dict):
        held.update(cast("dict[str, Any]", weights))
    return held


def _equal(one: Value, other: Value) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        mine, theirs = cast("dict[str, Any]", one), cast("dict[str, Any]", other)
        return all(name in mine and _equal(mine[name], theirs[name]) for name in theirs)
    try:
        return np.array_equal(cast("Any", one), other)
    except (TypeError, ValueError):
        return False


def _is_wrong(function: str, called: Called) -> bool:
    """Whether the answer is not the reference's to the same arguments; not where the reference has none."""
    try:
        whole = {"x", "da"}  # the sequences: of these the reference takes one step at a time
        for name, given in zip(ARGUMENTS[function], called.arguments, strict=True):
            parts = given if name == "caches" else (given,)
            if not all(modest(part, 3 if name in whole or (name == "caches" and at) else 2) for at, part in enumerate(parts)):
                return False
        right = answer(function, called.arguments)
        value: Any = called.value
        if called.raised is not None or isinstance(value, Odd):
            return True
        keys: list[Any] = list(range(len(OUTPUTS[function]) - 1)) if function in OUTPUTS else list(right)
        return any(difference(str(key), value[key], right[key], single=False).level == "wrong" for key in keys)
    except Exception:  # noqa: BLE001 - somebody's arguments may be anything
        return False
