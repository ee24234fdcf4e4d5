"""Slips put into the text of a style, and the line at which something stands in a text."""

from __future__ import annotations

from styles import TEXTS


def slipped(style: str, *slips: tuple[str, str]) -> str:
    """The style's program with each of these texts, which it has, written otherwise where it stands first."""
    text = TEXTS[style]
    for before, after in slips:
        assert before in text
        text = text.replace(before, after, 1)
    return text


def line_of(text: str, part: str) -> int:
    """The line, from 1, at which a part of a text begins."""
    return text[: text.index(part)].count("\n") + 1
