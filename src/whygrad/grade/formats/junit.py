"""JUnit's XML: a wrong function is a failure, one that is not there is skipped, and a submission that could not be run is an error."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from whygrad.grade.formats.card import Card

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_text(card: Card) -> str:
    """The file's text."""
    outcomes = [test.outcome for test in card.tests]
    counts = {
        "tests": str(len(outcomes) or 1),
        "failures": str(outcomes.count("failed")),
        "errors": str(0 if card.tests else 1),
        "time": f"{card.seconds:.3f}",
    }
    top = ET.Element("testsuites", {"name": "whygrad", **counts})
    skipped = str(outcomes.count("skipped"))
    suite = ET.SubElement(top, "testsuite", {"name": _plain(card.title), **counts, "skipped": skipped})
    for test in card.tests:
        case = ET.SubElement(suite, "testcase", {"classname": _plain(card.title), "name": test.name, "time": "0"})
        if test.outcome == "failed":
            ET.SubElement(case, "failure", {"message": _plain(test.says.split("\n")[0]), "type": test.kind}).text = _plain(test.says)
        elif test.outcome == "skipped":
            ET.SubElement(case, "skipped", {"message": _plain(test.says)})
    if not card.tests:
        case = ET.SubElement(suite, "testcase", {"classname": _plain(card.title), "name": "can be run", "time": counts["time"]})
        ET.SubElement(case, "error", {"message": _plain(card.problem), "type": card.status}).text = _plain(card.says)
    ET.indent(top)
    return ET.tostring(top, encoding="unicode", xml_declaration=True) + "\n"


def _plain(text: str) -> str:
    """``text`` without the characters that XML does not allow."""
    return _NOT_XML.sub("�", text)
