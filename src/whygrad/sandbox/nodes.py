"""Values as JSON and raw bytes, without pickle: what is read can only ever become plain data.

A node is JSON: null, true, false, a number and a text stand for themselves; everything else is a list that begins with a letter.
Bytes of arrays are kept apart, one after another in the order of the nodes::

    ["t", node, ...]  tuple        ["d", key, node, key, node, ...]  dictionary     ["c", real, imaginary]  complex number
    ["l", node, ...]  list         ["a", dtype, size, ...]           array          ["s", dtype]            NumPy's own scalar
                                   ["o", type]                       an ``Odd``
"""

from __future__ import annotations

import math
import re
from typing import Any, cast

import numpy as np

from whygrad.sandbox.frames import LARGEST, WireError
from whygrad.sandbox.requests import Odd, Value

Node = Any
DEEPEST = 40
"""Levels that a value can be nested."""
MOST_ITEMS = 500_000
"""Nodes that all values of one message can have together."""
_LONGEST = 100_000
_LARGEST_INTEGER = 1 << 1000
_DTYPE = re.compile(r"[<>|][biufc](?:1|2|4|8|12|16|24|32)")
_CONTROLS = {code: "\N{REPLACEMENT CHARACTER}" for code in [*range(32), *range(127, 160)] if chr(code) not in "\t\n"}


class Writer:
    """Turns values into nodes and gathers the bytes of their arrays.

    What is no ``Value`` becomes an ``Odd``. An array of a subclass (``np.matrix``) goes as an ordinary one.
    """

    def __init__(self) -> None:
        self._buffers: list[bytes] = []
        self._size = 0
        self._items = 0

    @property
    def bytes(self) -> bytes:
        """The bytes of all arrays so far."""
        return b"".join(self._buffers)

    def node(self, value: Value, depth: int = 0) -> Node:
        """The node of ``value``.

        Raises:
            WireError: All values together are too many or too large.
        """
        self._items += 1
        if self._items > MOST_ITEMS:
            raise WireError(f"has more than {MOST_ITEMS} parts")
        if value is None or value is True or value is False:
            return value
        kind = type(value)
        if kind is int:
            return value if abs(value) < _LARGEST_INTEGER else ["o", "int of more than 300 digits"]
        if kind is float:
            return value
        if kind is str:
            return cast("str", value)[:_LONGEST]
        if kind is complex:
            return ["c", value.real, value.imag]
        if isinstance(value, np.ndarray | np.generic):
            return self._array(cast("np.ndarray[Any, Any]", value))
        return self._nest(value, kind, depth)

    def _nest(self, value: Value, kind: type, depth: int) -> Node:
        if kind is Odd:
            return ["o", str(value.type)[:200]]
        if depth < DEEPEST:
            if issubclass(kind, tuple | list):  # a named tuple is a tuple
                parts = cast("list[Value]", value)
                return ["t" if issubclass(kind, tuple) else "l", *(self.node(part, depth + 1) for part in parts)]
            if issubclass(kind, dict) and all(type(key) is str for key in value):
                node: Node = ["d"]
                for key, part in cast("dict[str, Value]", value).items():
                    node += [key, self.node(part, depth + 1)]
                return node
        return ["o", kind.__name__[:200]]

    def _array(self, value: np.ndarray[Any, Any]) -> Node:
        plain = np.array(value, order="C", subok=False)
        code = plain.dtype.str
        if not _DTYPE.fullmatch(code):
            return ["o", f"array of {plain.dtype.name}"[:200]]
        self._size += plain.nbytes
        if self._size > LARGEST:
            raise WireError(f"has more than {LARGEST >> 20} MB")
        self._buffers.append(plain.tobytes())
        return ["s", code] if isinstance(value, np.generic) else ["a", code, *plain.shape]


class Reader:
    """Turns nodes back into values; trusts nothing. Arrays are new and can be written to."""

    def __init__(self, content: bytes) -> None:
        self._bytes = content
        self._at = 0
        self._items = 0

    def value(self, node: Node, depth: int = 0) -> Value:
        """The value of ``node``.

        Raises:
            WireError: It is not the node of a value.
        """
        self._items += 1
        if self._items > MOST_ITEMS:
            raise WireError(f"has more than {MOST_ITEMS} parts")
        if node is None or isinstance(node, bool | float):
            return node
        if isinstance(node, int):
            if abs(node) >= _LARGEST_INTEGER:
                raise WireError("holds an integer of more than 300 digits")
            return node
        if isinstance(node, str):
            return text(node)
        match node:
            case ["t", *parts] if depth < DEEPEST:
                return tuple(self.value(part, depth + 1) for part in parts)
            case ["l", *parts] if depth < DEEPEST:
                return [self.value(part, depth + 1) for part in parts]
            case ["d", *parts] if depth < DEEPEST and len(parts) % 2 == 0:
                return {text(key): self.value(part, depth + 1) for key, part in zip(parts[::2], parts[1::2], strict=True)}
            case ["c", float(real), float(imaginary)]:
                return complex(real, imaginary)
            case ["o", str(name)]:
                return Odd(text(name))
            case ["s", str(code)]:
                return self._array(code, [])[()]
            case ["a", str(code), *shape] if len(shape) <= 32:  # noqa: PLR2004 - NumPy 1's largest number of axes
                return self._array(code, cast("list[Node]", shape))
            case _:
                raise WireError("holds something that is no value")

    def end(self) -> None:
        """Check that every byte was used.

        Raises:
            WireError: Some are left.
        """
        if self._at != len(self._bytes):
            raise WireError("has bytes that belong to no array")

    def _array(self, code: str, shape: list[Node]) -> np.ndarray[Any, Any]:
        sizes = [size for size in shape if type(size) is int and 0 <= size <= LARGEST]
        if len(sizes) < len(shape) or not _DTYPE.fullmatch(code):
            raise WireError("holds an array of no known shape or type")
        try:
            dtype = np.dtype(code)
        except TypeError as error:
            raise WireError("holds an array of no known type") from error
        count = math.prod(sizes)
        start, self._at = self._at, self._at + count * dtype.itemsize
        if self._at > len(self._bytes):
            raise WireError("has fewer bytes than its arrays need")
        array = np.frombuffer(self._bytes, dtype, count, start) if count else np.empty(0, dtype)
        if dtype.kind == "b":  # a byte that is neither 0 nor 1 is no truth value
            array = array.view(np.uint8) != 0
        try:
            return array.reshape(sizes).copy()
        except ValueError as error:  # an empty array with impossible other sizes
            raise WireError("holds an array of an impossible shape") from error


def text(node: Node) -> str:
    """A text that can be printed: without control characters and half characters.

    Raises:
        WireError: ``node`` is none, or too long.
    """
    if type(node) is not str or len(node) > _LONGEST:
        raise WireError("holds no text where one belongs, or too long a one")
    return node.translate(_CONTROLS).encode("utf-8", "replace").decode("utf-8")
