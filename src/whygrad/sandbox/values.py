"""Values as they go in and come out of a run: copied, made plain, and looked at for memory that two of them share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from operator import attrgetter
from operator import is_ as _is
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.sandbox.requests import Odd, Path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from whygrad.sandbox.requests import Value

DEPTH = 8
"""A nest that is deeper holds no result of the assignment; it may even hold itself."""
_LENGTH = 10_000
"""A list or dictionary that is longer holds no result of the assignment."""
_WORK = 10_000
"""How far NumPy searches whether two interleaved arrays have an element in common."""
_PAIRS = 2_000
"""More pairs than this say nothing new."""


class_of: Callable[[Any], type[Any]] = type
"""The type of any object: what ``type`` itself gives is of a kind that the type checker does not know, and a ``cast`` costs a call."""


@dataclass(slots=True)
class Kept:
    """By ``id``, objects that a run was handed or has shown, each with its plain form. They are held here, so no other object has their id.

    ``wholes`` are the nests that it was handed.
    """

    forms: dict[int, tuple[Any, Value]] = field(default_factory=dict[int, "tuple[Any, Value]"])
    wholes: dict[int, _Whole] = field(default_factory=dict[int, "_Whole"])


@dataclass(slots=True, eq=False)
class _Whole:
    """A nest that was handed out, and what it held: whether it is still so is told by a few comparisons of all at once."""

    nest: Any
    keys: list[Any] | None
    items: list[Any]
    arrays: list[Any]
    parts: list[_Whole]
    looks: list[Any]
    contents: list[bytes]

    def unchanged(self, known: set[int] | None = None) -> bool:
        """Whether each part is what it was, and each array the same to the last bit; of those ``known``, by ``id``, it is so."""
        nest, known = self.nest, set[int]() if known is None else known
        if id(nest) in known:
            return True
        known.add(id(nest))
        same_parts = len(nest) == len(self.items) and all(map(_is, nest if self.keys is None else nest.values(), self.items))
        return (
            same_parts
            and (self.keys is None or list(nest) == self.keys)
            and list(map(_LOOK, self.arrays)) == self.looks
            and list(map(_BYTES, self.arrays)) == self.contents
            and all(part.unchanged(known) for part in self.parts)
        )


_LOOK, _BYTES = attrgetter("shape", "dtype"), np.ndarray.tobytes
_MOST_CONTENTS = 1_000
"""Nests of which more than the objects is kept: requests come with the same ones again and again, and nobody writes to them."""
_contents: dict[int, tuple[Value, list[Any], list[bytes]]] = {}
"""By ``id``, nests that were handed out, which are held here, and the shapes and bytes of their arrays."""
_PLAIN = frozenset((type(None), bool, int, float, complex, str))
_NUMBERS, _NESTS, _ARRAYS = (bool, int, float, complex, str), (tuple, list, dict), (np.ndarray, np.generic)


def handed(value: Value) -> tuple[Value, Kept]:
    """A copy of what a run is to be handed, and by which ``plain`` knows again what the run has left as it was."""
    kept = Kept()
    if not issubclass(type(value), _NESTS):
        return copied(value), kept
    return _handed(value, {}, kept).nest, kept


def _handed(value: Any, memo: dict[int, Any], kept: Kept) -> _Whole:  # noqa: ANN401 - a nest
    """A nest copied, and all within it noted; ``memo`` has the copies so far by the ``id`` of what was copied."""
    kind = class_of(value)
    is_dict = issubclass(kind, dict)
    items: list[Any] = []
    arrays: list[Any] = []
    parts: list[_Whole] = []
    for item in value.values() if is_dict else value:
        inner = class_of(item)
        copy = memo.get(id(item), item)
        if issubclass(inner, np.ndarray):
            if copy is item:
                copy = memo[id(item)] = item.copy(order="K")
                kept.forms[id(copy)] = copy, item
            arrays.append(copy)
        elif issubclass(inner, _NESTS):
            whole = _handed(item, memo, kept) if copy is item else kept.wholes[id(copy)]
            parts.append(whole)
            copy = whole.nest
        items.append(copy)
    nest: Any = dict(zip(value, items, strict=True)) if is_dict else tuple(items) if issubclass(kind, tuple) else list(items)
    memo[id(value)] = nest
    kept.forms[id(nest)] = nest, value
    _, looks, contents = _contents.get(id(value)) or _noted(value, arrays)
    whole = kept.wholes[id(nest)] = _Whole(nest, list(nest) if is_dict else None, items, arrays, parts, looks, contents)
    return whole


def _noted(value: Value, arrays: list[Any]) -> tuple[Value, list[Any], list[bytes]]:
    if len(_contents) >= _MOST_CONTENTS:
        _contents.clear()
    noted = _contents[id(value)] = value, list(map(_LOOK, arrays)), list(map(_BYTES, arrays))
    return noted


def copied(value: Any, memo: dict[int, Any] | None = None) -> Value:  # noqa: ANN401 - any object
    """A copy of a value that shares no memory with it; what was one object within it is one object in the copy."""
    memo = {} if memo is None else memo
    known = memo.get(id(value))
    if known is not None:
        return known
    kind = class_of(value)
    new: Any
    if issubclass(kind, np.ndarray):
        new = value.copy(order="K")
    elif issubclass(kind, tuple):
        new = tuple([copied(item, memo) for item in value])
    elif issubclass(kind, list):
        new = [copied(item, memo) for item in value]
    elif issubclass(kind, dict):
        new = {key: copied(item, memo) for key, item in value.items()}
    else:
        return value
    memo[id(value)] = new
    return new


def holds_matrix(value: Any, depth: int = 0, seen: set[int] | None = None) -> bool:  # noqa: ANN401 - any object
    """Whether a ``np.matrix`` is in a value: an array with which ``*`` is the matrix product, and of which each part has two axes.

    A nest that is met again is not entered twice: a list that was added to itself would be gone through in every order.
    """
    if isinstance(value, np.matrix):
        return True
    seen = set() if seen is None else seen
    if not isinstance(value, _NESTS) or depth >= DEPTH or id(cast("Any", value)) in seen or len(cast("Sequence[Any]", value)) > _LENGTH:
        return False
    seen.add(id(cast("Any", value)))
    items = cast("dict[Any, Any]", value).values() if isinstance(value, dict) else cast("Sequence[Any]", value)
    return any(holds_matrix(item, depth + 1, seen) for item in items)


def plain(value: Any, memo: dict[int, Any] | None = None, depth: int = 0, kept: Kept | None = None) -> Value:  # noqa: ANN401 - any object
    """The value as plain data, every array copied; what cannot be plain is an ``Odd``.

    A NumPy number becomes an array without axes, so that its dtype is kept; the keys of dictionaries become texts. Of what is ``kept`` and
    still what it was, no second copy is made; what is within another value is kept from now on.
    """
    kind = class_of(value)
    if kind in _PLAIN:
        return value
    memo = {} if memo is None else memo
    known = memo.get(id(value))
    if known is not None:
        return known
    before: Any = None
    if kept is not None:
        whole = kept.wholes.get(id(value))
        before = kept.forms.get(id(value), (None, None))[1]
        if whole is not None and whole.unchanged():
            return before
    new: Any
    keep = True
    if issubclass(kind, _ARRAYS):
        new = _plain_array(value, before)
        keep = depth > 0  # one that stands by itself may be nobody else's, and then its owner can do more with it
    elif issubclass(kind, _NUMBERS):
        new, keep = value, False
    elif issubclass(kind, Mapping) and not issubclass(kind, dict) and depth < DEPTH:
        new, keep = _plain_mapping(value, memo, depth, kept), False
    elif not issubclass(kind, _NESTS) or depth >= DEPTH or len(value) > _LENGTH:
        new = Odd(kind.__name__)
    else:
        memo[id(value)] = Odd(kind.__name__)  # what holds itself is met again before it is done
        new = _plain_nest(value, before, memo, depth, kept)
    memo[id(value)] = new
    if keep and kept is not None and new is not before:
        kept.forms[id(value)] = value, new
    return new


def _plain_nest(value: Any, before: Any, memo: dict[int, Any], depth: int, kept: Kept | None) -> Value:  # noqa: ANN401 - any nest
    """The nest from ``before`` where this one holds the same objects; else one with the plain form of all that it holds."""
    kind = cast("type[Any]", type(value))
    if issubclass(kind, dict):
        named = {str(key): plain(item, memo, depth + 1, kept) for key, item in value.items()}
        same = before.__class__ is dict and list(named) == list(before) and all(map(_is, named.values(), before.values()))
        return before if same else named
    parts = [plain(item, memo, depth + 1, kept) for item in value]
    if before.__class__ is kind and len(before) == len(parts) and all(map(_is, parts, before)):
        return before
    return tuple(parts) if issubclass(kind, tuple) else parts


def _plain_mapping(value: Any, memo: dict[int, Any], depth: int, kept: Kept | None) -> Value:  # noqa: ANN401 - any mapping
    """What is called like a dictionary, as one; its own methods may do anything."""
    memo[id(value)] = Odd(type(value).__name__)
    try:
        found = {str(key): value[key] for key in islice(value, _LENGTH)}
    except Exception:  # noqa: BLE001 - somebody's code
        return Odd(type(value).__name__)
    memo[id(found)] = found  # what was computed for this alone is held, so that nothing else gets its number
    return {key: plain(item, memo, depth + 1, kept) for key, item in found.items()}


def plain_array(value: np.ndarray[Any, Any], kept: Kept) -> Value:
    """The same for an array, or a NumPy number, that stands by itself."""
    known = kept.forms.get(id(value))
    return _plain_array(value, None if known is None else known[1])


def _plain_array(value: np.ndarray[Any, Any], before: Any) -> Value:  # noqa: ANN401 - an array or something else
    """The array from ``before`` where this one is the same to the last bit; else a copy; of a masked array what is masked."""
    if value.__class__ is not np.ndarray:
        value = np.asarray(value)
    if (
        before.__class__ is np.ndarray
        and value.dtype == before.dtype
        and value.shape == before.shape
        and value.tobytes() == before.tobytes()
    ):
        return before
    return value.copy(order="K") if value.dtype.kind in "biufc" else Odd(f"array of {value.dtype}")


def leaves(value: object, path: Path = (), seen: set[int] | None = None) -> Iterator[tuple[Path, np.ndarray[Any, Any]]]:
    """Every array within a value and where it stands in its plain form; a dictionary or list that is met again is not entered twice."""
    seen = set() if seen is None else seen
    if isinstance(value, np.ndarray):
        yield path, cast("Any", value)
        return
    if not isinstance(value, (tuple, list, dict)) or id(cast("Any", value)) in seen or len(path) > DEPTH:
        return
    seen.add(id(cast("Any", value)))
    items: Any = (
        ((str(key), item) for key, item in cast("Any", value).items()) if isinstance(value, dict) else enumerate(cast("Any", value))
    )
    for key, item in items:
        yield from leaves(item, (*path, key), seen)


def shared(value: object) -> tuple[tuple[Path, Path], ...]:
    """The pairs of places in a value whose arrays share memory."""
    found = _together(list(leaves(value)))
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


_Leaf = tuple[Path, np.ndarray[Any, Any]]


def _together(found: list[_Leaf]) -> list[_Leaf]:
    """Those that may share memory with another one: each view belongs to the array that owns its memory, and two of these share none."""
    owners = [_owner(array) for _, array in found]
    if not all(isinstance(owner, np.ndarray) for owner in owners):  # memory out of anywhere
        return found
    counts = Counter(map(id, owners))
    return [leaf for leaf, owner in zip(found, owners, strict=True) if counts[id(owner)] > 1]


def _owner(array: Any) -> Any:  # noqa: ANN401 - an array, or whatever lends memory
    while issubclass(type(array), np.ndarray) and array.base is not None:
        array = array.base
    return array


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
