"""What an edit of the reference tells of a line that has nothing of the kind: its value only happens to be the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from whygrad.from_code.naming.axes import STACKS
from whygrad.from_code.observe.subject import array_of, same

if TYPE_CHECKING:
    from collections.abc import Mapping

    from whygrad.from_code.observe.experiment import Found
    from whygrad.mistakes import Edit
    from whygrad.sandbox.requests import Value

_SQUARE = re.compile(r"\*\*|square|power|(?<![\w.])([\w.]+) ?\* ?\1(?![\w.])")
_DIVIDED = re.compile(r"/|mean|average|divide|avg")
_ONE_TIMES = re.compile(r"(?<![\w.*])1(\.0*)? ?\* ?\w")
_ONE = re.compile(r"(?<![\w.])1(\.0*)?(?![\w.])")
_IN_PLACE = re.compile(r"(?:the tanh of )?(\w+)\b.* in place of ")


def unwritten(edit: Edit, found: Found, function: str, rights: Mapping[str, Value], tolerance: float) -> bool:
    """Whether the line found has nothing of what the edit tells; ``rights`` are the right values of the names of the reference."""
    place = found.record.place
    match edit.operator:
        case "operator-replaced":  # a 1 * x that nobody wrote
            return bool(_ONE_TIMES.search(edit.formula)) and not _ONE_TIMES.search(place.text)
        case "bracket-moved":  # around a 1 that is not there
            return bool(_ONE.search(edit.formula)) and not _ONE.search(place.text) and place.kind != "after"
        case "mean-for-sum":
            return not _DIVIDED.search(place.text) and place.kind != "after"
        case "name-replaced":
            return not _read(edit, found, rights, tolerance)
        case "stack-wrong":  # made, or taken apart, at another line
            return "rnn" in function and not STACKS.search(place.text)
        case _:
            return edit.detail.endswith("a square too many") and place.kind != "after" and not _SQUARE.search(place.text)


def _read(edit: Edit, found: Found, rights: Mapping[str, Value], tolerance: float) -> bool:
    """Whether the line reads what is said to stand there in place of something else."""
    named = _IN_PLACE.match(edit.detail)
    array = array_of(rights.get(named[1])) if named is not None else None
    if named is None or array is None or not found.reads:
        return True
    arrays = [array_of(read.value) for read in found.reads]
    return any(one is not None and (same(one, array, tolerance) or same(one.T, array, tolerance)) for one in arrays)
