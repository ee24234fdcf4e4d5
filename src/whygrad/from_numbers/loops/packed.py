"""Forms of loops as arrays, to be kept between runs."""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.from_numbers.loops.forms import Call

if TYPE_CHECKING:
    from whygrad.from_numbers.loops.forms import Form
    from whygrad.from_numbers.numbers.arrays import Arrays

Parts = tuple[Any, ...]


def packed(forms: list[Form]) -> Arrays:
    """Forms as arrays: every different tuple and every different call once, as JSON, and for each form the numbers of its calls.

    In a tuple one that is a part of it stands as a list with its number. The rows of numbers are filled up with -1.
    """
    tuples = _Numbered()
    calls: dict[tuple[int, int, int], int] = {}
    number_of: dict[int, int] = {}
    for call in chain.from_iterable(forms):
        if id(call) not in number_of:  # a call is a deep tuple: the same object need not be compared again
            key = call.cache, tuples.number(call.stored), tuples.number(call.arguments)
            number_of[id(call)] = calls.setdefault(key, len(calls))
    array = np.full((len(forms), max(map(len, forms), default=0)), -1, np.int32)
    for row, form in enumerate(forms):
        array[row, : len(form)] = [number_of[id(call)] for call in form]
    text = json.dumps({"tuples": tuples.parts, "calls": list(calls)})
    return {"calls": np.frombuffer(text.encode(), np.uint8), "forms": array}


def unpacked(kept: Arrays) -> list[Form]:
    """The forms that were packed; what they have in common is there once."""
    text = json.loads(kept["calls"].tobytes())
    tuples: list[Any] = []
    for parts in text["tuples"]:
        tuples.append(tuple([tuples[part[0]] if isinstance(part, list) else part for part in parts]))  # pyright: ignore[reportUnknownArgumentType] - a document
    calls = [Call(cache, tuples[stored], tuples[arguments]) for cache, stored, arguments in text["calls"]]
    rows: list[list[int]] = kept["forms"].tolist()
    return [tuple([calls[number] for number in row if number >= 0]) for row in rows]


class _Numbered:
    """Different tuples, each with its number; ``parts`` are what each consists of, those of its parts before it."""

    def __init__(self) -> None:
        self.parts: list[list[Any]] = []
        self._numbers: dict[Parts, int] = {}

    def number(self, value: Parts) -> int:
        """The number of a tuple, a new one if it was not there."""
        if value not in self._numbers:
            self.parts.append([[self.number(cast("Parts", part))] if isinstance(part, tuple) else part for part in value])
            self._numbers[value] = len(self._numbers)
        return self._numbers[value]
