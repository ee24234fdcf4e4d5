"""The page that explains one kind of mistake. Learners read it, so it shows what is wrong only: no right line, no third hint."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from whygrad.report.text import wrapped

if TYPE_CHECKING:
    from whygrad.mistakes import Example, Operator
    from whygrad.report.of_code import Kind

_BLANK = re.compile(r"\{(\w+)\}")
_TOKEN = re.compile(r"[\w.]+|\s+|.")
_DOTS = re.compile(r"[^\S\n]*…[^\S\n]*")
_CONTEXT, _BETWEEN = 2, 8
_MOST, _ENDS = 12, 4
"""Of a piece with more tokens than the one only so many at both ends are shown as the other says."""


def page(operator: Operator) -> str:
    """Return title, explanation, two hints and the wrong pieces of the examples as plain text that ends with a line break."""
    where, what = (_BLANK.sub(r"<\1>", hint) for hint in operator.hints[:2])
    head = (f"{operator.id}: {operator.title}", operator.about, f"Hint 1: {where}", f"Hint 2: {what}")
    paragraphs = _paragraphs(*head)
    pieces = [(example.function, wrong_piece(example)) for example in operator.examples]
    shown = dict.fromkeys(
        f"  in {function}\n" + "\n".join(f"    {line}" for line in piece.splitlines()) for function, piece in pieces if piece
    )
    if shown:
        paragraphs += ["It looks like this:", *shown]
    return "\n\n".join(paragraphs) + "\n"


def page_of_code(id_: str, kind: Kind) -> str:
    """The same for a kind that only code can have: its line is in the answer, and there is nothing to show here."""
    return "\n\n".join(_paragraphs(f"{id_}: {kind.title}", kind.about)) + "\n"


def _paragraphs(*texts: str) -> list[str]:
    return [wrapped(" ".join(text.replace("``", "`").split())) for text in texts]


def wrong_piece(example: Example) -> str:
    """What differs from the right line, with a little around it: the rest is what a learner has to find.

    Empty where even that would show the whole right formula.
    """
    right = example.before.splitlines()
    wrong = "\n".join(line for line in map(str.strip, (example.seen or example.after).splitlines()) if line not in right)
    before, after = _TOKEN.findall(example.before), _TOKEN.findall(wrong)
    target, equals, _ = wrong.partition(" = ")
    head = len(_TOKEN.findall(target + equals)) if "\n" not in target else 0
    blocks = _differing(before, after)
    first = min((start for start, _ in blocks), default=0)
    shown = set(range(head if 0 < head <= first else first))
    for start, end in blocks:
        shown |= set(range(start - _CONTEXT, end + _CONTEXT)) - set(_middle(after, start, end))
    piece = "".join(token if at in shown else "…" if at - 1 in shown or at == 0 else "" for at, token in enumerate(after))
    piece = "\n".join(map(str.strip, _DOTS.sub(" … ", piece).splitlines()))
    formula = example.before.partition(" = ")[2]
    return "" if formula and formula in piece else piece


def _differing(before: list[str], after: list[str]) -> list[tuple[int, int]]:
    """Where in ``after`` the pieces begin and end that ``before`` has not; what is short between two of them is part of one."""
    blocks: list[tuple[int, int]] = []
    for kind, _, _, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            joined = bool(blocks) and start - blocks[-1][1] <= _BETWEEN
            blocks[-1:] = [(blocks[-1][0], end)] if joined else [*blocks[-1:], (start, end)]
    return blocks


def _middle(tokens: list[str], start: int, end: int) -> range:
    """Of many tokens the places of those that are left out between the first and the last few, of lines between the first and the last."""
    ends = [at for at in range(start, end) if tokens[at] == "\n"]
    if len(ends) > 1:
        return range(ends[0] + 1, ends[-1])
    places = [at for at in range(start, end) if not tokens[at].isspace()]
    return range(places[_ENDS], places[-_ENDS]) if len(places) > _MOST else range(0)
