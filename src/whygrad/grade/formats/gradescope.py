"""Gradescope's ``results.json``: a test for each function, worth a point. Texts are marked as plain, so nothing in them is markup."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from whygrad.grade.formats.card import MISSING, NOT_JUDGED

if TYPE_CHECKING:
    from whygrad.grade.formats.card import Card, Test


def to_text(card: Card) -> str:
    """The file's text. Where nothing could be run the score is 0, there are no tests, and ``output`` says why.

    A test whose function is not there or could not be judged has neither a score nor a status: it has not failed. So the score is
    that of the whole.
    """
    document: dict[str, Any] = {
        "score": round(sum(test.points for test in card.tests), 4),
        "output": card.says,
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "execution_time": round(card.seconds),
        "tests": [_test(number, test) for number, test in enumerate(card.tests, 1)],
        "extra_data": {"status": card.status},
    }
    return json.dumps(document, indent=2) + "\n"


def _test(number: int, test: Test) -> dict[str, Any]:
    status = "passed" if test.outcome == "passed" else "failed"
    judged = {} if test.kind in {MISSING, NOT_JUDGED} else {"score": test.points, "max_score": 1, "status": status}
    return {
        "name": test.name,
        "name_format": "text",
        "number": str(number),
        **judged,
        "output": test.says,
        "output_format": "text",
        "visibility": "visible",
    }
