"""Values as JSON and raw bytes, without pickle: what is read can only ever become plain data.

A node is JSON: null, true, false, a number and a text stand for themselves; everything else is a list that begins with a letter.
Bytes of arrays are kept apart, one after another in the order of the nodes::

    ["t", node, ...]  tuple        ["d", key, node, key, node, ...]  dictionary     ["c", real, imaginary]  complex number
    ["l", node, ...]  list         ["a", dtype, size, ...]           array          ["s", dtype]            NumPy's own scalar
    ["o", type]       an ``Odd``   ["r", number]                     what was made as number so many of t, l, d and a: the same object

What both sides have already comes first in that count, so it is only referred to.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.sandbox.frames import LARGEST, WireError
from whygrad.sandbox.requests import Odd, Value
from whygrad.sandbox.values import class_of

if TYPE_CHECKING:
    from collections.abc import Sequence

Node = Any
Made = tuple[Value, int, int]
"""A tuple, list, dictionary or array that was made of a node, how many parts it has, and how deep it is."""
DEEPEST = 40
"""Levels that a value can be nested."""
MOST_ITEMS = 500_000
"""Nodes that all values of one message can have together."""
_LONGEST = 100_000
_LARGEST_INTEGER = 1 << 1000
_NESTS = frozenset(("t", "l", "d"))
_REFERRED_TO = _NESTS | {"a"}
_ARRAYS = (np.ndarray, np.generic)
_MOST_AXES = 32
"""NumPy 1's largest number of axes."""
_DTYPE = re.compile(r"[<>|][biufc](?:1|2|4|8|12|16|24|32)")
_LONGEST_CODE = 4
_CONTROLS = {code: "\N{REPLACEMENT CHARACTER}" for code in [*range(32), *range(127, 160)] if chr(code) not in "\t\n"}


class Writer:
    """Turns values into nodes and gathers the bytes of their arrays.

    What is no ``Value`` becomes an ``Odd``. An array of a subclass (``np.matrix``) goes as an ordinary one.
    """

    def __init__(self, known: Sequence[Made] = ()) -> None:
        """``known`` is what the reader has too."""
        self._buffers: list[bytes] = []
        self._size = 0
        self._items = 0
        self._made = _numbered(known)

    @property
    def made(self) -> list[Value]:
        """What can be referred to, in the order of its numbers."""
        return [value for _, value in self._made.values()]

    @property
    def bytes(self) -> bytes:
        """The bytes of all arrays so far."""
        return b"".join(self._buffers)

    def node(self, value: Value, depth: int = 0) -> Node:  # noqa: PLR0911 - one line a kind
        """The node of ``value``.

        Raises:
            WireError: All values together are too many or too large.
        """
        self._items += 1
        if self._items > MOST_ITEMS:
            raise WireError(f"has more than {MOST_ITEMS} parts")
        made = self._made.get(id(value))
        if made is not None:
            return ["r", made[0]]
        kind = class_of(value)
        if value is None or kind is bool or kind is float:
            return value
        if kind is int:
            return value if abs(value) < _LARGEST_INTEGER else ["o", "int of more than 300 digits"]
        if kind is str:
            return cast("str", value)[:_LONGEST]
        if kind is complex:
            return ["c", value.real, value.imag]
        if kind is Odd:
            return ["o", str(value.type)[:200]]
        node = self._array(value) if issubclass(kind, _ARRAYS) else self._nest(value, kind, depth)
        if node[0] in _REFERRED_TO:
            self._made[id(value)] = len(self._made), value  # held, so that no other object gets its id
        return node

    def _nest(self, value: Value, kind: type, depth: int) -> Node:
        if depth < DEEPEST:
            if issubclass(kind, tuple | list):  # a named tuple is a tuple
                parts = cast("list[Value]", value)
                return ["t" if issubclass(kind, tuple) else "l", *[self.node(part, depth + 1) for part in parts]]
            if issubclass(kind, dict) and all(type(key) is str for key in value):
                node: Node = ["d"]
                for key, part in cast("dict[str, Value]", value).items():
                    node += [key, self.node(part, depth + 1)]
                return node
        return ["o", kind.__name__[:200]]

    def _array(self, value: np.ndarray[Any, Any]) -> Node:
        plain = value if type(value) is np.ndarray else np.array(value, subok=False)
        code = plain.dtype.str
        if not _is_known(code):
            return ["o", f"array of {plain.dtype.name}"[:200]]
        self._size += plain.nbytes
        if self._size > LARGEST:
            raise WireError(f"has more than {LARGEST >> 20} MB")
        self._buffers.append(plain.tobytes())
        if plain is not value and isinstance(value, np.generic):
            return ["s", code]
        return ["a", code, *plain.shape]


_MOST_NUMBERED = 64
_known: dict[int, tuple[Sequence[Made], dict[int, tuple[int, Value]]]] = {}
"""By ``id``, what readers have too, which is held here, and its numbers: what came with a request is the same for many replies."""


def _numbered(known: Sequence[Made]) -> dict[int, tuple[int, Value]]:
    """By ``id`` the number of each thing that is known, and itself."""
    if not known:
        return {}
    found = _known.get(id(known))
    if found is None:
        if len(_known) >= _MOST_NUMBERED:
            _known.clear()
        found = _known[id(known)] = known, {id(value): (number, value) for number, (value, _, _) in enumerate(known)}
    return found[1].copy()


class Reader:
    """Turns nodes back into values; trusts nothing. Arrays are new, but for what is ``known`` already."""

    def __init__(self, content: bytes, known: Sequence[Made] = ()) -> None:
        self._bytes = bytearray(content)  # what arrays are made on can be written to
        self._at = 0
        self._items = 0
        self.made = list(known)
        """What can be referred to, in the order of its numbers."""
        self._deepest = 0

    def value(self, node: Node) -> Value:
        """The value of ``node``.

        Raises:
            WireError: It is not the node of a value.
        """
        return self._value(node, 0)

    def _value(self, node: Node, depth: int) -> Value:
        kind = class_of(node)
        if kind is list and node:
            return self._made_of(node, depth)
        self._count(1, depth)
        if node is None or kind is bool or kind is float or (kind is int and abs(node) < _LARGEST_INTEGER):
            return node
        if kind is str:
            return text(node)
        raise WireError("holds something that is no value")

    def _made_of(self, node: list[Node], depth: int) -> Value:
        kind = node[0]
        if kind == "r" and len(node) == 2 and type(node[1]) is int and 0 <= node[1] < len(self.made):  # noqa: PLR2004 - by far the most
            value, items, deep = self.made[node[1]]
            self._count(1 + items, depth + deep)  # small things that refer to one another can be huge together
            return value
        self._count(1, depth)
        if kind == "a" and 1 < len(node) <= _MOST_AXES + 2 and type(node[1]) is str:
            array = self._array(node[1], node[2:])
            self.made.append((array, 0, 0))
            return array
        if type(kind) is str and kind in _NESTS:
            return self._nest(node, depth)
        match node:
            case ["c", float(real), float(imaginary)]:
                return complex(real, imaginary)
            case ["o", str(name)]:
                return Odd(text(name))
            case ["s", str(code)]:
                return self._array(code, [])[()]
            case _:
                raise WireError("holds something that is no value")

    def _nest(self, node: list[Node], depth: int) -> Value:
        before, outside, self._deepest = self._items, self._deepest, depth
        kind = node[0]
        value: Value
        if kind == "d" and len(node) % 2:
            value = {text(key): self._value(part, depth + 1) for key, part in zip(node[1::2], node[2::2], strict=True)}
        elif kind == "t":
            value = tuple([self._value(part, depth + 1) for part in node[1:]])
        elif kind == "l":
            value = [self._value(part, depth + 1) for part in node[1:]]
        else:
            raise WireError("holds something that is no value")
        self.made.append((value, self._items - before, self._deepest - depth))
        self._deepest = max(outside, self._deepest)
        return value

    def _count(self, items: int, depth: int) -> None:
        self._items += items
        if depth > self._deepest:  # noqa: PLR1730 - a call of max would take as long as all the rest
            self._deepest = depth
        if self._items > MOST_ITEMS or depth > DEEPEST:
            raise WireError(f"has more than {MOST_ITEMS} parts or {DEEPEST} levels")

    def end(self) -> None:
        """Check that every byte was used.

        Raises:
            WireError: Some are left.
        """
        if self._at != len(self._bytes):
            raise WireError("has bytes that belong to no array")

    def _array(self, code: str, shape: list[Node]) -> np.ndarray[Any, Any]:
        count = 1
        for size in shape:
            if class_of(size) is not int or not 0 <= size <= LARGEST:
                raise WireError("holds an array of no known shape or type")
            count *= size
        if len(code) > _LONGEST_CODE:  # a long one must not be kept among the known ones
            raise WireError("holds an array of no known shape or type")
        dtype = _dtype(code)
        start, self._at = self._at, self._at + count * dtype.itemsize
        if self._at > len(self._bytes):
            raise WireError("has fewer bytes than its arrays need")
        try:
            array = np.ndarray(shape, dtype, self._bytes, start) if count else np.empty(shape, dtype)
        except ValueError as error:  # an empty array with impossible other sizes, or too many
            raise WireError("holds an array of an impossible shape") from error
        if dtype.kind == "b":  # a byte that is neither 0 nor 1 is no truth value
            return np.asarray(array.view(np.uint8) != 0)  # without axes it would be no array
        return array if array.flags.aligned else array.copy()


@lru_cache(maxsize=100)
def _is_known(code: str) -> bool:
    return _DTYPE.fullmatch(code) is not None


@lru_cache(maxsize=100)
def _dtype(code: str) -> np.dtype[Any]:
    if not _is_known(code):
        raise WireError("holds an array of no known shape or type")
    try:
        return np.dtype(code)
    except TypeError as error:
        raise WireError("holds an array of no known type") from error


def text(node: Node) -> str:
    """A text that can be printed: without control characters and half characters.

    Raises:
        WireError: ``node`` is none, or too long.
    """
    if type(node) is not str or len(node) > _LONGEST:
        raise WireError("holds no text where one belongs, or too long a one")
    if node.isascii() and node.isprintable():
        return node
    return node.translate(_CONTROLS).encode("utf-8", "replace").decode("utf-8")
