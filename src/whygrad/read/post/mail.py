"""Undo what mail programs do to a text: quoted-printable, where ``=3D`` is a ``=`` and a ``=`` at the end of a line joins two."""

from __future__ import annotations

import re

_SIGN = "=3D"
_ESCAPED = re.compile(r"(?:=[0-9A-F]{2})+")
_SOFT_BREAK = re.compile(r"=[ \t]{0,40}\n")
_PLAIN_SIGN = re.compile(r"=(?![0-9A-F]{2}|[ \t]{0,40}\n|\?|$)")


def without_quoted_printable(text: str) -> str:
    """``text`` decoded where it is quoted-printable: of the ``=`` in it fewer stand for themselves than for something else."""
    if _SIGN not in text or len(_PLAIN_SIGN.findall(text)) > text.count(_SIGN):
        return text
    return _ESCAPED.sub(_decoded, _SOFT_BREAK.sub("", text))


def _decoded(escaped: re.Match[str]) -> str:
    return bytes.fromhex(escaped[0].replace("=", "")).decode("utf-8", "replace")
