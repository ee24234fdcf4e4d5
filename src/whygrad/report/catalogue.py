"""The page that explains one kind of mistake. Learners read it, so it shows what is wrong only: no right line, no third hint."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING

from whygrad.report.text import wrapped

if TYPE_CHECKING:
    from whygrad.mistakes import Example, Operator

_BLANK = re.compile(r"\{(\w+)\}")
_TOKEN = re.compile(r"[\w.]+|\s+|.")
_CONTEXT = 2


def page(operator: Operator) -> str:
    """Return title, explanation, two hints and the wrong pieces of the examples as plain text that ends with a line break."""
    where, what = (_BLANK.sub(r"<\1>", hint) for hint in operator.hints[:2])
    head = (f"{operator.id}: {operator.title}", operator.about, f"Hint 1: {where}", f"Hint 2: {what}")
    paragraphs = [wrapped(" ".join(paragraph.replace("``", "`").split())) for paragraph in head]
    pieces = [(example.function, wrong_piece(example)) for example in operator.examples]
    shown = dict.fromkeys(
        f"  in {function}\n" + "\n".join(f"    {line}" for line in piece.splitlines()) for function, piece in pieces if piece
    )
    if shown:
        paragraphs += ["It looks like this:", *shown]
    return "\n\n".join(paragraphs) + "\n"


def wrong_piece(example: Example) -> str:
    """The wrong line of a forward function; of a backward one only the piece that differs, for the rest is what a learner has to find.

    Empty where even that piece would show the whole right formula.
    """
    if example.seen or "forward" in example.function:
        return example.seen or example.after
    before, after = _TOKEN.findall(example.before), _TOKEN.findall(example.after)
    start = _alike(before, after)
    end = len(after) - _alike(before[start:][::-1], after[start:][::-1])
    first, last = max(start - _CONTEXT, 0), min(end + _CONTEXT, len(after))
    target, equals, _ = example.after.partition(" = ")
    behind = len(_TOKEN.findall(target + equals))
    head = f"{target} = … " if equals and first > behind else "".join(after[:first])
    piece = f"{head}{''.join(after[first:last]).strip()}{' …' if last < len(after) else ''}"
    formula = example.before.partition(" = ")[2]
    return "" if formula and formula in piece else piece


def _alike(one: list[str], other: list[str]) -> int:
    """How many items two lists share at their start."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
