"""PrairieLearn's ``results.json`` of an external grader. What could not be run is not gradable: it costs the learner no attempt."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from whygrad.grade.formats.card import Card


def to_text(card: Card) -> str:
    """The file's text."""
    document: dict[str, Any] = {"gradable": bool(card.tests), "message": card.says}
    if card.tests:
        document["score"] = round(card.score, 4)
        document["tests"] = [{"name": test.name, "points": test.points, "max_points": 1, "message": test.says} for test in card.tests]
    else:
        document["format_errors"] = [card.says]
    return json.dumps(document, indent=2) + "\n"
