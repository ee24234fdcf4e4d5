"""Values as they go in and come out of a run: copied, made plain, and looked at for memory that two of them share."""

from __future__ import annotations

from operator import is_ as _is
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.sandbox.requests import Odd

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from whygrad.sandbox.requests import Path, Value

_DEPTH = 8
"""A nest that is deeper holds no result of the assignment; it may even hold itself."""
_LENGTH = 10_000
"""A list or dictionary that is longer holds no result of the assignment."""
_WORK = 10_000
"""How far NumPy searches whether two interleaved arrays have an element in common."""
_PAIRS = 2_000
"""More pairs than this say nothing new."""


Kept = dict[int, "tuple[Any, Value]"]
"""By ``id``, objects that a run was handed or has shown, each with its plain form. They are held here, so no other object has their id."""
_PLAIN = frozenset((type(None), bool, int, float, complex, str))


def handed(value: Value) -> tuple[Value, Kept]:
    """A copy of what a run is to be handed, and by which ``plain`` knows again what the run has left as it was."""
    memo: dict[int, Any] = {}
    copy = copied(value, memo)
    kept: Kept = {}
    _pair(copy, value, kept)
    return copy, kept


def _pair(copy: Value, value: Value, kept: Kept) -> None:
    if copy is value or id(copy) in kept:
        return
    kept[id(copy)] = copy, value
    if isinstance(value, (tuple, list)):
        for one, other in zip(copy, cast("Sequence[Any]", value), strict=True):
            _pair(one, other, kept)
    elif isinstance(value, dict):
        for key, other in cast("dict[Any, Any]", value).items():
            _pair(copy[key], other, kept)


def copied(value: Any, memo: dict[int, Any] | None = None) -> Value:  # noqa: ANN401 - any object
    """A copy of a value that shares no memory with it; what was one object within it is one object in the copy."""
    memo = {} if memo is None else memo
    if id(value) in memo:
        return memo[id(value)]
    new: Any = value
    if isinstance(value, np.ndarray):
        new = cast("Any", value).copy(order="K")
    elif isinstance(value, tuple):
        new = tuple(copied(item, memo) for item in cast("tuple[Any, ...]", value))
    elif isinstance(value, list):
        new = [copied(item, memo) for item in cast("list[Any]", value)]
    elif isinstance(value, dict):
        new = {key: copied(item, memo) for key, item in cast("dict[Any, Any]", value).items()}
    else:
        return value
    memo[id(cast("Any", value))] = new
    return new


def unshared(value: Any, above: tuple[int, ...] = ()) -> Value:  # noqa: ANN401 - any object
    """A copy of a value in which no two arrays share memory, be they one object in it or not; ``above`` is what it stands in."""
    within = (*above, id(value))
    deeper = len(above) < _DEPTH and id(value) not in above
    if deeper and isinstance(value, (tuple, list)):
        items = [unshared(item, within) for item in cast("Sequence[Any]", value)]
        return items if isinstance(value, list) else tuple(items)
    if deeper and isinstance(value, dict):
        return {key: unshared(item, within) for key, item in cast("dict[Any, Any]", value).items()}
    return copied(cast("Any", value)) if isinstance(value, np.ndarray) else value


def plain(value: object, memo: dict[int, Any] | None = None, depth: int = 0, kept: Kept | None = None) -> Value:
    """The value as plain data, every array copied; what cannot be plain is an ``Odd``.

    A NumPy number becomes an array without axes, so that its dtype is kept; the keys of dictionaries become texts. Of what is ``kept`` and
    still what it was, no second copy is made; what is within another value is kept from now on.
    """
    if type(value) in _PLAIN:
        return value
    memo = {} if memo is None else memo
    if id(value) in memo:
        return memo[id(value)]
    new: Any
    keep = True
    memo[id(value)] = Odd(type(value).__name__)  # what holds itself is met again before it is done
    before: Any = kept.get(id(value), (None, None))[1] if kept else None
    if isinstance(value, (np.ndarray, np.generic)):
        new = _plain_array(cast("Any", value), before)
        keep = depth > 0  # one that stands by itself may be nobody else's, and then its owner can do more with it
    elif isinstance(value, (bool, int, float, complex, str)):
        new, keep = value, False
    elif depth >= _DEPTH or (isinstance(value, (tuple, list, dict)) and len(cast("Any", value)) > _LENGTH):
        new = Odd(type(cast("Any", value)).__name__)
    elif isinstance(value, (tuple, list)):
        parts = [plain(item, memo, depth + 1, kept) for item in cast("Sequence[object]", value)]
        same = type(before) is type(cast("Any", value)) and len(before) == len(parts) and all(map(_is, parts, before))
        new = before if same else tuple(parts) if isinstance(value, tuple) else parts
    elif isinstance(value, dict):
        new = {str(key): plain(item, memo, depth + 1, kept) for key, item in cast("Mapping[object, object]", value).items()}
        old: dict[Any, Any] | None = cast("Any", before) if type(before) is dict else None
        if old is not None and list(new) == list(old) and all(map(_is, new.values(), old.values())):
            new = old
    else:
        new = Odd(type(cast("Any", value)).__name__)
    memo[id(cast("Any", value))] = new
    if keep and kept is not None and new is not before:
        kept[id(cast("Any", value))] = value, new
    return new


def _plain_array(value: np.ndarray[Any, Any], before: Any) -> Value:  # noqa: ANN401 - an array or something else
    """The array from ``before`` where this one is the same to the last bit; else a copy; of a masked array what is masked."""
    value = np.asarray(value)
    if (
        type(before) is np.ndarray
        and value.dtype == before.dtype
        and value.shape == before.shape
        and value.tobytes() == cast("Any", before).tobytes()
    ):
        return cast("Any", before)
    array = np.array(value)
    return array if array.dtype.kind in "biufc" else Odd(f"array of {array.dtype}")


def leaves(value: object, path: Path = (), seen: set[int] | None = None) -> Iterator[tuple[Path, np.ndarray[Any, Any]]]:
    """Every array within a value and where it stands; a dictionary or list that is met again is not entered twice."""
    seen = set() if seen is None else seen
    if isinstance(value, np.ndarray):
        yield path, cast("Any", value)
        return
    if not isinstance(value, (tuple, list, dict)) or id(cast("Any", value)) in seen or len(path) > _DEPTH:
        return
    seen.add(id(cast("Any", value)))
    items: Any = cast("Any", value).items() if isinstance(value, dict) else enumerate(cast("Any", value))
    for key, item in items:
        yield from leaves(item, (*path, key if isinstance(key, int) else str(key)), seen)


def shared(value: object, arguments: Sequence[object]) -> tuple[tuple[Path, Path], ...]:
    """The pairs of places, in the value or in the arguments, whose arrays share memory."""
    seen: set[int] = set()
    found = [*leaves(value, ("value",), seen), *leaves(tuple(arguments), ("arguments",), seen)]
    spans = sorted(
        ((*_span(array), index) for index, (_, array) in enumerate(found) if array.size),
        key=lambda span: span[0],
    )
    pairs: list[tuple[int, int]] = []
    for position, (_, end, index) in enumerate(spans):
        for start, _, other in spans[position + 1 :]:
            if start >= end or len(pairs) >= _PAIRS:
                break
            if _share(found[index][1], found[other][1]):
                pairs.append((min(index, other), max(index, other)))
    return tuple((found[one][0], found[other][0]) for one, other in sorted(pairs))


def _span(array: np.ndarray[Any, Any]) -> tuple[int, int]:
    """Where an array's memory begins and ends."""
    start = end = array.__array_interface__["data"][0]
    for size, stride in zip(array.shape, array.strides, strict=True):
        start, end = start + min(0, (size - 1) * stride), end + max(0, (size - 1) * stride)
    return start, end + array.itemsize


def _share(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> bool:
    try:
        return np.shares_memory(one, other, max_work=cast("Any", _WORK))
    except np.exceptions.TooHardError:
        return False
