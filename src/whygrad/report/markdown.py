"""A reply in Markdown, for a mentor to paste into a forum: the parts that ``reply`` chooses, with names and formulas as code.

Nothing that comes from a learner's post can open a link, a heading, an image or HTML in it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from whygrad.report.reply import reply
from whygrad.report.spans import names_in, spans

if TYPE_CHECKING:
    from whygrad.records import Result
    from whygrad.report.part import Part

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~$&]|:(?=//))")
_BLOCK_START = re.compile(r"^(\d*)([-+=#>.)])")


def to_markdown(result: Result, hint: int = 2) -> str:
    """Return the report on ``result`` as Markdown that ends with a line break. ``hint`` is 1, 2 or 3."""
    names = names_in(result)
    return "\n\n".join(reply(result, hint, lambda part: _paragraph(part, names))) + "\n"


def _paragraph(part: Part, names: re.Pattern[str]) -> str:
    text = _marked(part.text, names)
    if part.role == "answer":
        text = f"**{text}**"
    head = f"**{part.label}:** {text}".rstrip() if part.label else text
    items = [f"- {code(item) if part.quoted else _marked(item, names)}" for item in part.items]
    items += [f"- {code(row[0])}: {_marked(', '.join(row[1:]), names)}" for row in part.rows]
    return "\n".join([head, "", *items]) if items else head


def _marked(text: str, names: re.Pattern[str]) -> str:
    pieces = (code(piece) if is_code else _escaped(piece) for piece, is_code in spans(text, names))
    return _BLOCK_START.sub(r"\1\\\2", "".join(pieces))


def code(text: str) -> str:
    """``text`` as a code span, whatever back quotes it holds."""
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    inside = f" {text} " if text.startswith("`") or text.endswith("`") else text
    return f"{fence}{inside}{fence}"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)
