"""Facts about a run that numbers alone do not tell: what a cache holds, who shares memory with whom, what was changed, drawn or read.

A fact is ``harmful`` where it makes the result wrong; the others go into a verdict's notes and never into its text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np

from whygrad.from_code.observe import contract
from whygrad.from_code.reference.compare import difference, half, single
from whygrad.from_code.reference.inputs import ENTRIES, OUTPUTS, names_in_notebook
from whygrad.from_code.reference.parts import ARGUMENTS
from whygrad.mistakes.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from whygrad.from_code.reference.inputs import Case
    from whygrad.sandbox.requests import Path, Reply, Value


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact about a function; ``says`` is a clause whose subject is the function, ``names`` are those that it reads or changes."""

    kind: Literal["changes", "keeps", "draws", "reads", "single", "more", "matrix", "lists"]
    says: str
    harmful: bool
    names: tuple[str, ...] = ()


MATRIX = "with which * is the matrix product, and a row has two axes still"
"""What a ``np.matrix`` does otherwise than an array."""


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
    if contract.returned(case.function, value, case.expected):
        return []
    given, right = value[last], case.expected[last]
    if contract.caches(case.function, given, case.arguments[0].shape[-1]):
        return []
    if "cell" in case.function:
        rows: list[tuple[int | None, Path, Any, Any]] = [(None, (last,), given, right)]
    else:
        rows = [(t, (last, 0, t), own, course) for t, (own, course) in enumerate(zip(contract.in_order(given[0]), right[0], strict=True))]
    known = list(_quantities(case))
    found: list[WrongEntry] = []
    if "cell" not in case.function and not _same(given[1], right[1]):
        whole = zip(OUTPUTS[case.function][:-1], case.expected[:-1], strict=True)
        holds = next((words for words, quantity in (*whole, *known) if _same(given[1], quantity)), None)
        found.append(WrongEntry("x", None, (last, 1), holds))
    if not all(contract.course_layout(case.function, own, course) for _, _, own, course in rows):
        return found
    for step, path, own, course in rows:
        for at, (name, entry, wanted) in enumerate(zip(names, own, course, strict=True)):
            if not _same(entry, wanted):
                holds = next((words for words, quantity in known if _same(entry, quantity)), _of_another_shape(entry, wanted))
                found.append(WrongEntry(name, step, (*path, at), holds))
    return found


def _of_another_shape(entry: Any, wanted: Any) -> str | None:  # noqa: ANN401 - anything
    """What is said of an entry that has the right numbers once, and not for each example: NumPy repeats them where they are read."""
    if not isinstance(entry, np.ndarray) or not isinstance(wanted, np.ndarray):
        return None
    own, right = np.shape(cast("Any", entry)), np.shape(cast("Any", wanted))
    fits = own != right and len(own) == len(right) and all(one in {1, size} for one, size in zip(own, right, strict=True))
    return f"the right numbers in shape {own}, not {right}" if fits and _same(np.broadcast_to(cast("Any", entry), right), wanted) else None


def reversed_caches(case: Case, value: Value) -> bool:
    """Whether the caches of a sequence are right, and the last step's stands first."""
    given, right = contract.in_order(value[-1][0]), case.expected[-1][0]
    layout = all(contract.course_layout(case.function, own, course) for own, course in zip(given, right[::-1], strict=True))
    return layout and all(
        _same(a, b) for own, course in zip(given, right[::-1], strict=True) for a, b in zip(own[:-1], course[:-1], strict=True)
    )


def misnamed(case: Case, cache: Value) -> dict[str, str]:
    """The keys of a forward cell's cache that are the course's name of one quantity and hold another one: what they hold, in words."""
    right = dict(zip(ENTRIES[case.function.partition("_")[0]], case.expected[-1], strict=True))
    found: dict[str, str] = {}
    for key, entry in cast("dict[str, Any]", cache).items() if isinstance(cache, dict) else ():
        if isinstance(entry, np.ndarray) and isinstance(right.get(key), np.ndarray) and not _same(entry, right[key]):
            holds = next((words for words, quantity in right.items() if words != "parameters" and _same(entry, quantity)), None)
            found |= {key: holds} if holds else {}
    return found


def shared(entry: WrongEntry, case: Case, reply: Reply) -> str | None:
    """With which output of a sequence a wrong entry of a cache shares memory, and whether its content changed after it was cached.

    That is seen from the watched calls of the cell: what the cell put into the cache then is not what stands there at the end.
    """
    if entry.step is None:
        return None
    path = tuple(entry.path)
    others = [other for pair in reply.shared if path in pair for other in pair if len(other) == 1]
    if not others:
        return None
    says = f"it shares memory with {OUTPUTS[case.function][cast('int', others[0][0])]}"
    try:
        then = reply.calls[entry.step].value[-1][entry.path[-1]]
        now = contract.in_order(reply.value[entry.path[0]][entry.path[1]])[entry.path[2]][entry.path[3]]
    except (IndexError, KeyError, TypeError):
        return says
    return says if unchanged(then, now) else f"{says}, whose content changed after it was cached"


def changed(case: Case, reply: Reply) -> list[str]:
    """The arguments that a run of a function alone has changed."""
    names = ARGUMENTS[case.function]
    return [name for name, before, after in zip(names, case.arguments, reply.after, strict=False) if not unchanged(before, after)]


def facts(case: Case, reply: Reply, again: Reply | None, *, right: bool) -> list[Fact]:
    """The facts of a run of a function alone; ``again`` is a later run with the same arguments, ``right`` whether the result is."""
    found: list[Fact] = []
    names = changed(case, reply)
    if names:
        found.append(Fact("changes", f"changes {listed(names)} in place", harmful=False, names=tuple(names)))
    if again is not None and (again.status != reply.status or not unchanged(reply.value, again.value)):
        found.append(Fact("keeps", "gives another answer when it is called a second time with the same arguments", harmful=not right))
    if reply.random:
        found.append(Fact("draws", "draws random numbers", harmful=not right))
    wrong = not right and reply.raised is None  # what is raised is seldom because of a table or a number that is not the check's
    read = sorted(name for name in reply.globals if wrong or name in names_in_notebook())
    if read:
        found.append(Fact("reads", f"reads {listed(read)} from the notebook, not from its arguments", harmful=not right, names=tuple(read)))
    if single(reply.value):
        kind = "float16, which has three digits" if half(reply.value) else "float32, which has seven digits"
        found.append(Fact("single", f"returns {kind}", harmful=False))
    value = reply.value
    if reply.matrix:
        found.append(Fact("matrix", f"returns np.matrix, {MATRIX}", harmful=False))
    if right and (lists := [name for name, result in _results(case, value) if isinstance(result, (list, tuple))]):
        kind = "a list, which has" if len(lists) == 1 else "lists, which have"
        found.append(Fact("lists", f"returns {listed(lists)} as {kind} no .shape: a check that prints it raises", harmful=False))
    if right and isinstance(value, dict):
        extra = [key for key in cast("dict[str, Any]", value) if key not in case.expected]
        if extra:
            found.append(Fact("more", f"returns {listed(extra)} as well", harmful=False, names=tuple(extra)))
    return found


def _results(case: Case, value: Value) -> Iterable[tuple[str, Value]]:
    """What a function returned, by key, or of a tuple by the assignment's name, without the caches."""
    if isinstance(value, dict):
        return cast("dict[str, Any]", value).items()
    return zip(OUTPUTS[case.function][:-1], cast("Sequence[Any]", value), strict=False)


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
    # a number stands for an array filled with it
    if value is not None and not isinstance(value, (dict, list, tuple)) and np.ndim(value) == 0:
        try:
            value = np.broadcast_to(np.asarray(value), np.shape(expected))
        except (ValueError, TypeError):
            return False
    return difference("", value, expected, single=single(value)).level != "wrong"


def _same_bits(one: Any, other: Any) -> bool:  # noqa: ANN401 - one of them is an array
    """Whether two arrays are the same, which is told at once; NumPy's comparison takes ten times as long."""
    alike = type(one) is type(other) and one.dtype == other.dtype and one.shape == other.shape
    return alike and one.tobytes() == other.tobytes()


def unchanged(before: Value, after: Value) -> bool:
    """Whether two values are equal to the last bit, NaN being equal to itself."""
    if before is after:
        return True
    if isinstance(before, np.ndarray) or isinstance(after, np.ndarray):
        try:
            return _same_bits(before, after) or np.array_equal(cast("Any", before), cast("Any", after), equal_nan=True)
        except (TypeError, ValueError):
            return True
    if isinstance(before, dict) and isinstance(after, dict):
        mine, theirs = cast("dict[str, Any]", before), cast("dict[str, Any]", after)
        return mine.keys() == theirs.keys() and all(unchanged(mine[key], theirs[key]) for key in mine)
    if isinstance(before, tuple | list) and isinstance(after, tuple | list):
        one, other = cast("Sequence[Any]", before), cast("Sequence[Any]", after)
        return len(one) == len(other) and all(unchanged(a, b) for a, b in zip(one, other, strict=True))
    return bool(before == after) or before != before  # noqa: PLR0124 - NaN
