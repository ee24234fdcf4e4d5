"""Forms of loops as arrays, to be kept between runs."""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_numbers.forms import Call

if TYPE_CHECKING:
    from whygrad.from_numbers.forms import Form
    from whygrad.from_numbers.store import Arrays

_JSON = json.JSONDecoder()


def packed(forms: list[Form]) -> Arrays:
    """Forms as arrays: every different call once, as JSON, and for each form the numbers of its calls, filled up with -1."""
    numbers: dict[Call, int] = {}
    number_of: dict[int, int] = {}
    for call in chain.from_iterable(forms):
        if id(call) not in number_of:  # a call is a deep tuple: the same object need not be compared again
            number_of[id(call)] = numbers.setdefault(call, len(numbers))
    array = np.full((len(forms), max(map(len, forms), default=0)), -1, np.int32)
    for row, form in enumerate(forms):
        array[row, : len(form)] = [number_of[id(call)] for call in form]
    return {"calls": np.frombuffer(json.dumps(list(numbers)).encode(), np.uint8), "forms": array}


def unpacked(kept: Arrays) -> list[Form]:
    """The forms that were packed. What calls have in common is there once: there are tens of thousands, of few different parts."""
    text = kept["calls"].tobytes().decode()
    once: dict[Any, Any] = {}
    calls: list[Call] = []
    place = 1
    while place < len(text) - 1:  # call by call: as lists all of them would be large
        (cache, stored, arguments), end = _JSON.raw_decode(text, place)
        calls.append(Call(cache, _tuples(stored, once), _tuples(arguments, once)))
        place = end + len(", ")
    rows: list[list[int]] = kept["forms"].tolist()
    return [tuple([calls[number] for number in row if number >= 0]) for row in rows]


def _tuples(value: Any, once: dict[Any, Any]) -> Any:
    """Lists in lists as tuples in tuples; equal ones are the same."""
    if not isinstance(value, list):
        return value
    made = tuple([_tuples(part, once) for part in value])  # pyright: ignore[reportUnknownVariableType] - parts of a document
    return once.setdefault(made, made)
