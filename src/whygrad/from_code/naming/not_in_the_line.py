"""What an edit of the reference tells of a line that has nothing of the kind: its value only happens to be the same."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.from_code.naming.axes import STACKS
from whygrad.from_code.observe.arrays import array_of, same, shape_of
from whygrad.from_code.observe.expression import expression_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from whygrad.from_code.observe.experiment import Found
    from whygrad.mistakes import Edit
    from whygrad.sandbox.requests import Value

_SQUARE = re.compile(r"\*\*|square|power|(?<![\w.])([\w.]+) ?\* ?\1(?![\w.])")
_DIVIDED = re.compile(r"/|mean|average|divide|avg")
_ONE_TIMES = re.compile(r"(?<![\w.*])1(\.0*)? ?\* ?\w")
_ONE = re.compile(r"(?<![\w.])1(\.0*)?(?![\w.])")
_TWO = re.compile(r"(?<!\*\*)(?<!\*\* )\b2(\.0*)?\b")
_NAMED, _CHAIN = re.compile(r"(?<!tanh of )\b(\w+) \(([^()]+)\)"), re.compile(r"[\w.]+(\[[\"']\w+[\"']\])?")
"""A name with its meaning, and what a learner's name for it may be."""
_IN_PLACE = re.compile(r"(?:the tanh of )?(\w+)\b.* in place of ")


def unwritten(edit: Edit, found: Found, function: str, rights: Mapping[str, Value], tolerance: float) -> bool:  # noqa: PLR0911 - one for each operator
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
        case "names-exchanged" if place.function == function and place.kind in {"assign", "after"}:  # in two lines of one sum
            named = [name for name, _ in _NAMED.findall(edit.detail) if array_of(rights.get(name)) is not None]
            return not all(name in _names(place.text) or _reads(found, rights[name], tolerance) for name in named)
        case "factor-added" if "the number two" in edit.detail:  # what is added twice
            return not _TWO.search(place.text)
        case "factor-added" if (factor := _NAMED.match(edit.detail)) is not None:  # what belongs there, where it stands but once
            right = SEQUENCE_MODELS.functions[edit.lines[0][0]][edit.lines[0][1]]
            return _names(place.text).count(factor[1]) == 1 and factor[1] in _names(right)
        case "stack-wrong":  # made, or taken apart, at another line
            return "rnn" in function and not STACKS.search(place.text)
        case _:
            return edit.detail.endswith("a square too many") and place.kind != "after" and not _SQUARE.search(place.text)


def _names(text: str) -> list[str]:
    return re.findall(r"\w+", text.partition("=")[2])


def in_own_names(detail: str, found: Found, rights: Mapping[str, Value], tolerance: float) -> str:
    """What an edit tells, with the learner's names for the reference's, or the meanings alone where no name is known."""
    written = set(re.findall(r"\w+", " ".join((found.record.place.text, *(read.place.text for read in found.reads)))))

    def own(named: re.Match[str]) -> str:
        name, meaning = named.groups()
        if name in written or name not in rights:
            return named[0]
        same_value = (read.place.text.removesuffix(".T") for read in found.reads if _is(read.value, rights[name], tolerance))
        other = next((text for text in same_value if _CHAIN.fullmatch(text)), None)
        return meaning if other is None else f"{other} ({meaning})"

    return _NAMED.sub(own, detail)


def _read(edit: Edit, found: Found, rights: Mapping[str, Value], tolerance: float) -> bool:
    """Whether the line reads what is said to stand there in place of something else."""
    named = _IN_PLACE.match(edit.detail)
    if named is None or array_of(rights.get(named[1])) is None or not found.reads:
        return True
    return _reads(found, rights[named[1]], tolerance)


def _reads(found: Found, right: Value, tolerance: float) -> bool:
    """Whether a line reads an array, or rows or columns of it."""
    read = (one for one in found.reads if not isinstance(expression_of(one.place.text), ast.BinOp))  # no more is read there than its parts
    return any(_is(one.value, part, tolerance) for one in read for part in _parts(right, one.value))


def _parts(right: Value, read: Value) -> Iterator[Value]:
    """An array, and its first and last rows or columns, as many as of another one that is no longer."""
    whole, shape = array_of(right), shape_of(read)
    yield right
    if whole is not None and shape is not None and len(shape) == whole.ndim == 2:  # noqa: PLR2004 - matrices
        for rows, columns in (shape, shape[::-1]):
            yield whole[:rows, :columns]
            yield whole[-rows:, -columns:]


def _is(value: Value, right: Value, tolerance: float) -> bool:
    """Whether two values are one array, or one transposed."""
    one, other = array_of(value), array_of(right)
    return one is not None and other is not None and (same(one, other, tolerance) or same(one.T, other, tolerance))
