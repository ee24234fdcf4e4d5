"""JSON as check50 prints it: a check passed, failed, or (null) was not reached. Where nothing could be run there is an error instead."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from whygrad import __version__
from whygrad.grade.formats.card import NUMBERS

if TYPE_CHECKING:
    from whygrad.grade.formats.card import Card, Test

_PASSED = {"passed": True, "failed": False, "skipped": None}


def to_text(card: Card) -> str:
    """The file's text."""
    document: dict[str, Any] = {"slug": card.name, "version": __version__}
    if card.tests:
        document["results"] = [_result(test) for test in card.tests]
    else:
        shown = {"show_traceback": False, "message": card.says}
        document["error"] = {"type": card.status, "value": card.says, "traceback": [], "actions": shown, "data": {}}
    return json.dumps(document, indent=2) + "\n"


def _result(test: Test) -> dict[str, Any]:
    cause = None if test.outcome == "passed" else {"rationale": test.says, "help": None}
    return {
        "name": test.name,
        "description": f"{test.name} {'are' if test.name == NUMBERS else 'is'} right",
        "passed": _PASSED[test.outcome],
        "log": [],
        "cause": cause,
        "data": {"verdict": test.kind},
        "dependency": None,
    }
