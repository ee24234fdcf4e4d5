"""Coursera's ``feedback.json`` of a custom grader. It has no place for "could not be run" but the feedback, which says so first."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from whygrad.grade.formats.card import Card


def to_text(card: Card) -> str:
    """The file's text."""
    says = [card.says, *(test.says for test in card.tests if test.outcome != "passed" and test.says != card.says)]
    return json.dumps({"fractionalScore": round(card.score, 4), "feedback": "\n\n".join(says)}, indent=2) + "\n"
