"""A check's whole print without its labels, known by its brackets: under its labels, if the text names the function and no gradient.

Lines of code that print them in the check's order name none in words.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from whygrad.assignments import ASSIGNMENTS
from whygrad.read.post.labels import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.read.post.labels import Label, Labels

_NUMBER = r"[-+]?(?:\d{0,4}\.\d{4,20}(?:e[-+]?\d{1,3})?|0\.0{0,3}(?!\d))"
_ARRAY = rf"\[\s{{0,4}}{_NUMBER}(?:[\s,]{{1,12}}{_NUMBER}){{0,20}}\s{{0,12}}\]"
_ITEM = rf"(?:{_NUMBER}|{_ARRAY}|\(\d{{1,4}}, ?(?:\d{{1,4}})?\))"
_RUN = re.compile(rf"(?<![\w.+\-\[\](]){_ITEM}(?:,?\s{{1,12}}{_ITEM})*(?!\w)", re.IGNORECASE)
_VALUE = re.compile(rf"{_NUMBER}|{_ARRAY}", re.IGNORECASE)
_ONE = re.compile(_NUMBER, re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z_]\w*")
_PRINT = re.compile(r"""^[ \t]*print ?\((?:\w{1,20}\[ ?["'])?(\w{1,12})(?:["'] ?\])?((?:\[\d{1,2}\])+)\)[ \t]*$""", re.MULTILINE)
_SAID = "Numbers without labels were read in the order in which the check of the function that the text names prints them."
LONGEST = 20_000
"""In a longer text none are looked for."""
FEWEST = 8
"""Fewer in a row may be anything."""


def with_labels_in_order(text: str, labels: Labels) -> str:
    """``text`` with labels in front of each such run of numbers, if one of the named checks prints as many, in such brackets."""
    runs = [run for run in _RUN.finditer(text if len(text) <= LONGEST else "") if len(_ONE.findall(run[0])) >= FEWEST]
    order = [(name, tuple(map(int, re.findall(r"\d+", index)))) for name, index in _PRINT.findall(text)] if runs else []
    if not runs or any(labels.spells(word) for word in _WORD.findall(_PRINT.sub("", text) if order else text)):
        return text
    printed = ASSIGNMENTS[labels.assignment].printed
    named = [check for check in labels.order if re.search(rf"\b{check}\b", text) and (not order or order == list(printed[check]))]
    parts: list[str] = []
    end = 0
    for run in runs:
        found = [lines for check in named if (lines := list(_labelled(run[0], printed[check], labels)))]
        if len(found) == 1:
            parts += [_PRINT.sub("", text[end : run.start()]), "\n", "\n".join(found[0])]
            end = run.end()
    return "".join([*parts, text[end:]])


def said_of_the_order(text: str, labels: Labels) -> str | None:
    """What is said where numbers of a text got their labels so."""
    return _SAID if with_labels_in_order(text, labels) != text else None


def _labelled(run: str, printed: tuple[Label, ...], labels: Labels) -> Iterator[str]:
    """A line for each label; none where the numbers are not those of these labels, each in brackets or without as it is printed."""
    values = _VALUE.findall(run)
    forms = [(labels.forms[label].size, labels.forms[label].vector) for label in printed]
    if [(len(_ONE.findall(value)), "[" in value) for value in values] == forms and any(vector for _, vector in forms):
        yield from (f"{shown(label)} = {value}" for label, value in zip(printed, values, strict=True))
