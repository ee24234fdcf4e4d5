"""Facts about a run that numbers alone do not tell: what a cache holds, who shares memory with whom, what was changed, drawn or read.

A fact is ``harmful`` where it makes the result wrong; the others go into a verdict's notes and never into its text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.from_code import contract
from whygrad.from_code.compare import difference, single
from whygrad.from_code.inputs import ENTRIES, OUTPUTS
from whygrad.from_code.parts import ARGUMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.inputs import Case
    from whygrad.sandbox.requests import Path, Reply, Value


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact about a function; ``says`` is a clause whose subject is the function."""

    says: str
    harmful: bool


@dataclass(frozen=True, slots=True)
class WrongEntry:
    """An entry of a cache that does not hold what the course's holds: where it stands in the value, and what it holds if that is known."""

    name: str
    step: int | None
    path: Path
    holds: str | None

    @property
    def says(self) -> str:
        """``c_prev in the cache of step 0 holds c of step 0``."""
        where = f"{self.name} in the cache" + ("" if self.step is None else f" of step {self.step}")
        return f"{where} holds {self.holds}" if self.holds else f"{where} is wrong"


def wrong_entries(case: Case, value: Value) -> list[WrongEntry]:
    """Hold every entry of a forward function's caches against the reference; none where they are laid out in another way."""
    names, last = ENTRIES[case.function.partition("_")[0]], len(OUTPUTS[case.function]) - 1
    given, right = value[last], case.expected[last]
    if contract.caches(case.function, given, case.arguments[0].shape[-1]):
        return []
    if "cell" in case.function:
        rows: list[tuple[int | None, Path, Any, Any]] = [(None, (last,), given, right)]
    else:
        rows = [(t, (last, 0, t), own, course) for t, (own, course) in enumerate(zip(given[0], right[0], strict=True))]
    if not all(contract.course_layout(case.function, own, course) for _, _, own, course in rows):
        return []
    known = list(_quantities(case))
    found: list[WrongEntry] = []
    for step, path, own, course in rows:
        for at, (name, entry, wanted) in enumerate(zip(names, own, course, strict=True)):
            if not _same(entry, wanted):
                holds = next((words for words, quantity in known if _same(entry, quantity)), None)
                found.append(WrongEntry(name, step, (*path, at), holds))
    return found


def shared(entry: WrongEntry, case: Case, reply: Reply) -> str | None:
    """With which output a wrong entry of a cache shares memory: its content then changed after it was cached."""
    path = ("value", *entry.path)
    for one, other in reply.shared:
        for mine, theirs in ((one, other), (other, one)):
            if tuple(mine) == path and theirs[0] == "value" and len(theirs) == 2:  # noqa: PLR2004 - ("value", number of the output)
                return OUTPUTS[case.function][cast("int", theirs[1])]
    return None


def facts(case: Case, reply: Reply, again: Reply | None, *, right: bool) -> list[Fact]:
    """The facts of a run of a function alone; ``again`` is a later run with the same arguments, ``right`` whether the result is."""
    found: list[Fact] = []
    names = ARGUMENTS[case.function]
    changed = [name for name, before, after in zip(names, case.arguments, reply.after, strict=False) if not _unchanged(before, after)]
    if changed:
        found.append(Fact(f"changes {_listed(changed)} in place", harmful=False))
    if again is not None and (again.status != reply.status or not _unchanged(reply.value, again.value)):
        found.append(Fact("gives another answer when it is called a second time with the same arguments", harmful=not right))
    if reply.random:
        found.append(Fact("draws random numbers", harmful=not right))
    if reply.globals:
        read = sorted(reply.globals)
        found.append(Fact(f"reads {_listed(read)} from the notebook, not from its arguments", harmful=not right))
    if single(reply.value):
        found.append(Fact("returns float32, which has seven digits", harmful=False))
    if isinstance(reply.value, dict) and isinstance(case.expected, dict):
        extra = [str(key) for key in reply.value if key not in case.expected]
        if extra:
            found.append(Fact(f"returns {_listed(extra)} as well", harmful=False))
    return found


def _quantities(case: Case) -> Iterator[tuple[str, Value]]:
    """What an entry of a cache may hold instead, with its words; zero last."""
    family = case.function.partition("_")[0]
    for name, argument in zip(ARGUMENTS[case.function], case.arguments, strict=True):
        if isinstance(argument, np.ndarray):
            yield name, argument
    if "cell" in case.function:
        yield from zip(ENTRIES[family], case.expected[-1], strict=True)
    else:
        outputs = {"a_next": "a", "c_next": "c", "xt": "x"}
        for t, kept in enumerate(case.expected[-1][0]):
            for name, entry in zip(ENTRIES[family], kept, strict=True):
                if name not in {"a_prev", "c_prev", "parameters"}:
                    yield f"{outputs.get(name, name)} of step {t}", entry
    yield "zeros", np.zeros_like(case.expected[0] if "cell" in case.function else case.arguments[1])


def _same(value: Value, expected: Value) -> bool:
    if isinstance(expected, dict):
        right = cast("dict[str, Any]", expected)
        return isinstance(value, dict) and all(key in value and _same(value[key], entry) for key, entry in right.items())
    if np.ndim(value) == 0 and value is not None and not isinstance(value, dict):  # a number stands for an array filled with it
        try:
            value = np.broadcast_to(np.asarray(value), np.shape(expected))
        except (ValueError, TypeError):
            return False
    return difference("", value, expected, single=single(value)).level != "wrong"


def _unchanged(before: Value, after: Value) -> bool:
    """Whether two values are equal to the last bit, NaN being equal to itself."""
    if isinstance(before, np.ndarray) or isinstance(after, np.ndarray):
        try:
            return np.array_equal(before, after, equal_nan=True)
        except (TypeError, ValueError):
            return True
    if isinstance(before, dict) and isinstance(after, dict):
        mine, theirs = cast("dict[str, Any]", before), cast("dict[str, Any]", after)
        return mine.keys() == theirs.keys() and all(_unchanged(mine[key], theirs[key]) for key in mine)
    if isinstance(before, tuple | list) and isinstance(after, tuple | list):
        one, other = cast("Sequence[Any]", before), cast("Sequence[Any]", after)
        return len(one) == len(other) and all(_unchanged(a, b) for a, b in zip(one, other, strict=True))
    return bool(before == after) or before != before  # noqa: PLR0124 - NaN


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
