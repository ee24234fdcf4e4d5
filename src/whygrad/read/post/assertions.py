"""Messages of failed assertions (numpy.testing, pytest, unittest): their two numbers stand apart from the label, and are put below it."""

from __future__ import annotations

import re
from itertools import islice, takewhile
from typing import TYPE_CHECKING

from whygrad.read.post.intervals import vector_intervals
from whygrad.read.post.tokens import tokenize

if TYPE_CHECKING:
    from whygrad.read.post.labels import Labels
    from whygrad.read.post.tokens import Token

FARTHEST = 3_000
MOST_PAIRS = 200
_VALUE = r"(?:[-+]?(?:\d|\.\d)[\w.+-]{0,40}|[-+]?(?:nan|inf)\b|\[[^\[\]]{1,400}\])"
_PAIR = re.compile(
    rf"^[E \t]{{0,20}}(?:x|ACTUAL|Obtained)\s?:\s{{0,8}}(?P<above>{_VALUE})[ \t)]{{0,8}}\n"
    rf"[E \t]{{0,20}}(?:y|DESIRED|Expected)\s?:\s{{0,8}}(?P<below>{_VALUE})[^\n]{{0,200}}"
    rf"|^(?:[^\n]{{0,20}}AssertionError:|E\s|[^\n]{{0,200}}\bassert\s)[^\n\d\[]{{0,60}}?(?P<left>{_VALUE})[ \t)]{{0,8}}"
    rf"(?:!=|==)[ \t]{{0,8}}(?:(?:pytest\.)?approx\()?(?P<right>{_VALUE})[^\n]{{0,200}}",
    re.MULTILINE | re.IGNORECASE,
)
_MESSAGE = re.compile(
    rf"\bassert[ \t](?P<test>[^\n]{{4,300}})(?:\n(?!\s{{0,8}}assert)[^\n]{{0,200}}){{0,12}}?\n[^\n]{{0,20}}AssertionError:[ \t]{{0,4}}"
    rf"(?P<value>{_VALUE})[ \t]{{0,8}}$",
    re.MULTILINE,
)
"""An assertion whose message is a lone number, which its author printed with it."""
_COMPARED = re.compile(
    rf"[\])](?:,[ ]?\d{{1,2}}\))?[ \t]{{0,4}}(?:(?P<sign>[-+])|==?|,(?![ ]?\d{{1,2}}\)))[ \t]{{0,4}}(?:np\.array\(|\()?(?P<other>{_VALUE})"
)
_PRINTED = re.compile(rf"[ \t]{{0,8}}[=:|]?\s{{0,8}}(?P<value>{_VALUE})")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|nan|inf", re.IGNORECASE)
_FAILED = re.compile(r"^[^\n]{0,4}-+> ?\d[^\n]{0,300}", re.MULTILINE)
"""The line that a traceback points at, among others around it."""


def under_their_labels(text: str, labels: Labels) -> str:
    """``text`` with each pair of numbers that an assertion shows below the label that the assertion was about, where there is one.

    Which of the two is the learner's is left open: people write the arguments of an assertion in either order.
    """
    if "ssert" not in text and "DESIRED" not in text:
        return text
    text = _MESSAGE.sub(lambda failed: _told(failed, labels), text)
    parts: list[str] = []
    end, last = 0, ("", "", "")
    for match in islice(_PAIR.finditer(text), MOST_PAIRS):
        one, other = match["above"] or match["left"], match["below"] or match["right"]
        said = (
            _last_label(match[0], labels)
            or _named(match[0], labels)
            or _asserted(text[max(end, match.start() - FARTHEST) : match.start()], (one, other), labels)
        )
        again = said in {"", last[0]} and (one, other) == last[1:]
        if not said and not again:
            continue
        parts.append(text[end : match.start()] + ("" if again else f"\n{said}\n{one}\n{other}\n"))
        end = match.end()
        last = (said or last[0], one, other)
    return "".join([*parts, text[end:]])


def said_of_the_others(text: str) -> str | None:
    """What is said of the pairs that are left in the ``text`` where the others stand under their labels; None where none is."""
    left = _PAIR.search(text) if "ssert" in text or "DESIRED" in text else None
    return left and f"The numbers of a failed assertion ({(left['above'] or left['left'])}, ...) fit no label above it; they were left out."


def _told(failed: re.Match[str], labels: Labels) -> str:
    """The number in the message of an assertion below its label, and below that the one with which the assertion compared it."""
    label = _last_label(failed["test"], labels)
    if not label:
        return failed[0]
    compared = _COMPARED.search(failed["test"])
    other = ""
    if compared and not (compared["sign"] and "[" in compared["other"]):
        value = compared["other"]
        negative = (value[0] == "-") != (compared["sign"] == "+")
        other = f" (expected {'-' if negative and '[' not in value else ''}{value.lstrip('+-')})"
    return f"\n{label} = {failed['value']}{other}\n"


def _named(line: str, labels: Labels) -> str:
    """The one label without an index in a line such as pytest's summary, ``FAILED test_x.py::test_cell[da_prev] - assert 0.1 == 0.2``."""
    found = {token.quantity: token.text for token in tokenize(line, labels) if token.kind == "label"}
    quantity = next(iter(found), "")
    return quantity if len(found) == 1 and len(labels.indexes.get(quantity, [])) == 1 else ""


def _asserted(before: str, pair: tuple[str, str], labels: Labels) -> str:
    """The label that an assertion was about: on the line that the traceback points at, else the last one that the pair can belong to."""
    pointed = [label for line in _FAILED.finditer(before) if (label := _last_label(line[0], labels, first=True))]
    fitting = (label.text for label in reversed(_indexed(before, labels)) if _fits(pair, label, before, labels))
    return pointed[-1] if pointed else next(fitting, "")


def _fits(pair: tuple[str, str], label: Token, text: str, labels: Labels) -> bool:
    """Whether the label's entry has so many numbers, and the pair is about the one printed at it, where one is."""
    form = labels.forms.get((label.quantity, label.entry or ()))
    if form and any(len(_NUMBER.findall(value)) != form.size for value in pair):
        return False
    printed = _PRINTED.match(text, label.end)
    return not printed or any(_may_be_the_same(printed["value"], value) for value in pair)


def _may_be_the_same(one: str, other: str) -> bool:
    """Whether the same numbers can have been printed in these two ways."""
    ours, theirs = (vector_intervals(_NUMBER.findall(text)) for text in (one, other))
    return len(ours) == len(theirs) and all(str(a) == str(b) or (a[0] <= b[1] and b[0] <= a[1]) for a, b in zip(ours, theirs, strict=True))


def _last_label(text: str, labels: Labels, *, first: bool = False) -> str:
    found = _indexed(text, labels)
    return found[0 if first else -1].text if found else ""


def _indexed(text: str, labels: Labels) -> list[Token]:
    """The labels with an index, in their order."""
    tokens = takewhile(lambda token: token.kind != "end", tokenize(text, labels))
    return [token for token in tokens if token.kind == "label" and token.entry]
