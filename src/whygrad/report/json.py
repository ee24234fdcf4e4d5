"""The JSON document: the whole record with the schema's name in front, as ``schema`` describes it. It holds all three hints."""

from __future__ import annotations

import math
import re
from dataclasses import fields
from typing import TYPE_CHECKING, Any, cast

import msgspec

from whygrad.records import Result

if TYPE_CHECKING:
    import numpy as np

SCHEMA = "whygrad/diagnosis/1"
_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")


def to_json(result: Result) -> str:
    """Return one indented JSON document that ends with a line break. Numbers that are not finite become ``null``.

    Characters that steer a terminal are written as escapes, so the document can be shown as it is.
    """
    return _document(result, 2) + "\n"


def to_json_line(result: Result) -> str:
    """The same document without a line break, for a file that holds many."""
    return _document(result, -1)


def from_json(document: str | bytes) -> Result:
    """The record that a document was written from; where a number was not finite it holds NaN.

    Raises:
        msgspec.MsgspecError: It is no such document.
    """
    read: dict[str, Any] = msgspec.json.decode(document, type=dict[str, Any])
    try:
        _with_nan(read)
        read = {field.name: read[field.name] for field in fields(Result)}
    except (KeyError, TypeError, AttributeError) as error:
        raise msgspec.ValidationError(f"It is no such document: {error}") from error
    return msgspec.convert(read, Result)


def _with_nan(read: dict[str, Any]) -> None:
    """Put NaN where a number was not finite."""
    for mistake in [*read["mistakes"], *(mistake for other in read["alternatives"] for mistake in other["mistakes"])]:
        if mistake["confidence"] is not None:
            mistake["confidence"] = {"log10_chance": math.nan} | {k: v for k, v in mistake["confidence"].items() if v is not None}
        for row in mistake["stretch"]["came_out"] if mistake.get("stretch") else ():
            row["value"] = math.nan if row["value"] is None else row["value"]
    for other in read["alternatives"]:
        other["log10_odds"] = math.nan if other["log10_odds"] is None else other["log10_odds"]


def _document(result: Result, indent: int) -> str:
    document = {"schema": SCHEMA, **{field.name: getattr(result, field.name) for field in fields(result)}}
    try:
        encoded = msgspec.json.encode(document, enc_hook=_plain)
    except UnicodeEncodeError:  # a file's name that is not in UTF-8
        encoded = msgspec.json.encode(_whole(msgspec.to_builtins(document, enc_hook=_plain)))
    text = msgspec.json.format(encoded, indent=indent).decode("utf-8")
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _whole(value: Any) -> Any:  # noqa: ANN401 - whatever a document holds
    """The same with lone surrogates, which no UTF-8 can hold, written as escapes."""
    match value:
        case str():
            return value.encode(errors="backslashreplace").decode()
        case list() | tuple():
            return [_whole(one) for one in cast("list[Any]", value)]
        case dict():
            return {_whole(key): _whole(one) for key, one in cast("dict[Any, Any]", value).items()}
        case _:
            return value


def _plain(value: np.generic) -> object:
    """A number that is still NumPy's own, as Python's."""
    return value.item()
