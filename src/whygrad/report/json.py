"""The JSON document: the whole record with the schema's name in front, as ``schema`` describes it. It holds all three hints."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    import numpy as np

    from whygrad.records import Result

SCHEMA = "whygrad/diagnosis/1"
_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")


def to_json(result: Result) -> str:
    """Return one indented JSON document that ends with a line break. Numbers that are not finite become ``null``.

    Characters that steer a terminal are written as escapes, so the document can be shown as it is.
    """
    document = {"schema": SCHEMA, **{field.name: getattr(result, field.name) for field in fields(result)}}
    text = msgspec.json.format(msgspec.json.encode(document, enc_hook=_plain), indent=2).decode("utf-8")
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n"


def _plain(value: np.generic) -> object:
    """A number that is still NumPy's own, as Python's."""
    return value.item()
