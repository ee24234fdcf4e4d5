"""What can be said before any number is looked at: what is returned, keys, the list of caches, blanks."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast

import numpy as np

from whygrad.from_code.observe import observed
from whygrad.from_code.reference.inputs import ENTRIES, OUTPUTS
from whygrad.from_code.reference.parts import cell_of
from whygrad.mistakes.words import listed
from whygrad.sandbox.requests import Odd

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from whygrad.from_code.observe.arrays import Observations
    from whygrad.sandbox.requests import Reply, Value

_SIMILAR = 0.6

CachesFault: TypeAlias = Literal["no pair", "form", "empty", "one", "number", "itself", "none", "reversed", "others"]
"""What is wrong with the outer form of a sequence's caches: they are no pair, they or one of them have another form than the assignment's,
none, one or another number of them where there should be one a step, a list that holds itself, None in the list, the last step's first, or
what is no cache."""


@dataclass(frozen=True, slots=True)
class WrongCaches:
    """What is wrong with the outer form of a sequence's caches; ``says`` is a clause whose subject is the function."""

    fault: CachesFault
    says: str


def returned(function: str, value: Value, expected: Value) -> str | None:  # noqa: PLR0911 - one question, one answer
    """What is wrong with the kind of thing that came back: its type, how many there are, its keys."""
    if value is None:
        return "returns nothing"
    if isinstance(value, Odd) and value.type == "coroutine":
        return "returns a coroutine and computes nothing: its def line begins with async"
    if function in OUTPUTS:
        return _outputs(OUTPUTS[function], value)
    if not isinstance(value, dict):
        return f"returns {_kind(value)}, expected a dictionary with {listed(expected)}"
    given = cast("Mapping[str, Any]", value)
    missing = [key for key in expected if key not in given]
    if missing:
        return _missing(missing, [key for key in given if key not in expected])
    none = [key for key in expected if given[key] is None]
    if none:
        return f"returns None as {listed(none)}"
    kind = no_arrays(value)
    return f"returns every gradient as something of type {kind}, expected arrays of numbers" if kind else None


def no_arrays(value: Value) -> str:
    """The type of which all that a dictionary holds is, where that is none of numbers, such as another library's; else an empty text."""
    held = list(cast("Mapping[str, Any]", value).values()) if isinstance(value, dict) else []
    kinds = {one.type if isinstance(one, Odd) else "" for one in held}
    return min(kinds) if len(kinds) == 1 else ""


def caches(function: str, value: Value, steps: int) -> WrongCaches | None:  # noqa: PLR0911 - one question, one answer
    """What is wrong with the outer form of a sequence's caches, (list of one cache a step, x)."""
    if "cell" in function:
        return None
    if not isinstance(value, tuple | list):
        return WrongCaches("no pair", f"returns {_kind(value)} as caches, expected the pair (list of one cache a step, x)")
    parts = cast("Sequence[Any]", value)
    if len(parts) != 2:  # noqa: PLR2004 - a pair
        return WrongCaches("form", f"returns caches of {len(parts)} entries, expected the pair (list of one cache a step, x)")
    kept = in_order(parts[0])
    if not isinstance(kept, tuple | list):
        return WrongCaches("form", f"returns {_kind(kept)} as the first entry of caches, expected the list of one cache a step")
    entries = cast("Sequence[Any]", kept)
    if isinstance(kept, tuple) and entries and isinstance(entries[0], np.ndarray) and isinstance(entries[-1], dict):
        return WrongCaches("form", "returns one step's cache as the first entry of caches, expected the list of one cache a step")
    number = len(entries)
    if number == 0:
        return WrongCaches("empty", "returns an empty list of caches: nothing was added to it")
    if number != steps:
        one = number == 1
        return WrongCaches("one" if one else "number", f"returns a list of {number} cache{'' if one else 's'} for {steps} steps")
    if any(isinstance(entry, Odd) and entry.type == "list" for entry in entries):
        return WrongCaches("itself", "returns a list of caches that was added to itself")
    if any(entry is None for entry in entries):
        return WrongCaches("none", "returns None in the list of caches")
    return None


def lost_caches(function: str, reply: Reply, steps: int) -> WrongCaches | None:
    """What is wrong with a list that holds one cache for each step no more than for each call of the cell, or only the first part of each.

    Then no loop is to blame.
    """
    if "cell" in function or function not in OUTPUTS or reply.status != "returned" or returned(function, reply.value, ()) is not None:
        return None
    wrong = caches(function, reply.value[-1], steps)
    if wrong is None and all(map(_cut_short, in_order(reply.value[-1][0]))):
        cell = cell_of(function)
        return WrongCaches("others", f"returns a list of caches that does not hold, step by step, what {cell} hands back as cache")
    lost = wrong is not None and wrong.fault in {"empty", "one", "number"}
    return wrong if lost and reply.calls and len(in_order(reply.value[-1][0])) != len(reply.calls) else None


def _cut_short(cache: Value) -> bool:
    """Whether one step's cache is the first part of one, without the parameters, which are its last entry."""
    entries = cast("Sequence[Any]", cache) if isinstance(cache, tuple | list) else ()
    return bool(entries) and all(isinstance(one, np.ndarray) for one in entries)


def no_caches(kept: Value, parameters: Value) -> str | None:
    """What a list of caches holds, where that is nothing that a state could be taken from; None where it is."""
    entries = cast("Sequence[Any]", kept) if isinstance(kept, tuple | list) else ()
    weights = cast("Mapping[str, Any]", parameters).keys()
    alone = [isinstance(one, np.ndarray | int | float | str) or (isinstance(one, dict) and one.keys() == weights) for one in entries]
    if not entries or not all(alone):
        return None
    return f"its list of caches holds {'the parameters' if isinstance(entries[0], dict) else _kind(entries[0])} for each step, and no cache"


def in_order(kept: Value) -> Value:
    """The caches of a sequence, where a dictionary by the number of the step, which is read as the list is, stands for it."""
    by_step = cast("dict[str, Any]", kept) if isinstance(kept, dict) else {}
    steps = [str(t) for t in range(len(by_step))]
    return [by_step[step] for step in steps] if by_step and by_step.keys() == set(steps) else cast("Any", kept)


def course_layout(function: str, cache: Value, expected: Value) -> bool:
    """Whether one step's cache is laid out as the course's: as many entries, each of the right shape, or of one that stretches to it."""
    entries = ENTRIES[function.partition("_")[0]]
    if not isinstance(cache, tuple | list):
        return False
    parts = cast("Sequence[Any]", cache)
    if len(parts) != len(entries) or not isinstance(parts[-1], dict):
        return False
    return all(_stretches(_shape(part), right.shape) for part, right in zip(parts[:-1], expected[:-1], strict=True))


def other_form(function: str, value: Value, expected: Value) -> bool:
    """Whether a forward cell hands back a cache that is neither laid out as the course's nor has one entry of that twice."""
    kept, right = cast("Any", value)[-1] if isinstance(value, tuple) and value else None, expected[-1]
    return "cell" in function and kept is not None and not course_layout(function, kept, right) and not one_twice(kept, right)


def turned(kept: Observations, right: Observations) -> bool:
    """Whether all that is cached has the shape of something in the course's caches, turned round: a layout of its own."""
    course = {one.shape for name, one in right.items() if observed.is_cached(name) and one.ndim > 1}
    shapes = {kept[name].shape if name in kept else () for name, one in right.items() if observed.is_cached(name) and one.ndim > 1}
    return bool(shapes) and shapes <= {shape[::-1] for shape in course} - course


def _stretches(shape: tuple[int, ...] | None, to: tuple[int, ...]) -> bool:
    """Whether it is a number's shape, or the other one with sizes that are 1: what a sum without its large terms has."""
    return shape == () or (shape is not None and len(shape) == len(to) and all(one in {1, n} for one, n in zip(shape, to, strict=True)))


def one_twice(cache: Value, expected: Value) -> bool:
    """Whether one step's cache is the course's but for entries that stand there twice, in the place of others that are nowhere."""
    if not isinstance(cache, tuple | list) or len(cast("Sequence[Any]", cache)) != len(expected):
        return False
    parts = cast("Sequence[Any]", cache)
    there = [_equal(part, right) for part, right in zip(parts[:-1], expected[:-1], strict=True)]
    lost = [right for right, same in zip(expected[:-1], there, strict=True) if not same]
    twice = [part for part, same in zip(parts[:-1], there, strict=True) if not same]
    return (
        bool(lost)
        and not any(_equal(part, right) for part in parts[:-1] for right in lost)
        and all(any(_equal(part, right) for right, same in zip(expected[:-1], there, strict=True) if same) for part in twice)
    )


def _equal(part: Value, right: Value) -> bool:
    return (
        isinstance(part, np.ndarray) and _shape(part) == right.shape and bool(np.allclose(cast("Any", part), right, rtol=1e-4, atol=1e-6))
    )


def _shape(part: Value) -> tuple[int, ...] | None:
    """The shape of an array or a number; None for anything else."""
    if isinstance(part, np.ndarray):
        return cast("Any", part).shape
    return () if isinstance(part, int | float) else None


def _outputs(names: tuple[str, ...], value: Value) -> str | None:
    expected = f"{len(names)} values: ({', '.join(names)})"
    if not isinstance(value, tuple | list):
        return f"returns {_kind(value)}, expected {expected}"
    parts = cast("Sequence[Any]", value)
    if len(parts) != len(names):
        return f"returns {len(parts)} value{'' if len(parts) == 1 else 's'}, expected {expected}"
    none = [name for name, part in zip(names, parts, strict=True) if part is None]
    return f"returns None as {listed(none)}" if none else None


def _missing(missing: list[str], others: list[str]) -> str:
    says: list[str] = []
    for key in missing:
        like = difflib.get_close_matches(key.lower(), {other.lower(): other for other in others}, 1, _SIMILAR)
        like = next((other for other in others if like and other.lower() == like[0]), None)
        says.append(f'"{key}" (there is "{like}")' if like else f'"{key}"')
    return f"returns a dictionary without the key{'' if len(missing) == 1 else 's'} {listed(says)}"


def _kind(value: Value) -> str:
    if value is None:
        return "None"
    if isinstance(value, np.ndarray):
        return "one array"
    name = getattr(value, "type", type(value).__name__)
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
