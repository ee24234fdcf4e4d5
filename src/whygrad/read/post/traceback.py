"""An error of Python that stands in a text: numbers do not tell why, and that is said where its lines do not either."""

from __future__ import annotations

import re

from whygrad.assignments import ASSIGNMENTS

_HEAD = re.compile(
    r"Traceback \(most recent call last\)|^[ \t>|]{0,8}(?:Cell In|Input In|File)\b[^\n]{0,200}\bline \d{1,6}[ \t]*$", re.MULTILINE
)
"""Of a text that Python does not take only the line is named, and no traceback."""
_NAME = (
    r"(?:\w{1,40}\.){0,4}"
    r"(?:(?:(?<=\.)|\w{1,40})Error|\w{0,40}Exception|KeyboardInterrupt|(?:System|Generator)Exit|Stop(?:Async)?Iteration)\b"
    r"(?!:[ \t]{0,8}[-+]?\d{0,20}(?:\.\d{1,20}(?:e[-+]?\d{1,3})?|e-?\d{1,3})[ \t]*$)"
)
"""The name of an error: "Iteration: 2000", "Error: 3e-09" and "GradientError: 0.5" are how far a program has come, or how far off."""
_START = r"^[ \t>|]{0,8}(?:E[ \t]{1,8})?"
"""Pytest marks an error's line so."""
_RAISED = re.compile(rf"{_START}({_NAME}(?::[ \t][^\n]{{0,80}})?)", re.MULTILINE)
_ALONE = re.compile(rf"{_START}({_NAME}(?::[ \t][^\n]{{0,80}}|(?=[ \t]*$)))", re.MULTILINE)
"""Without a traceback a line that is nothing but an error is one; a sentence may begin with the name of one too."""
_COLOURS = re.compile(r"(?:\x1b\[|[\u241b^]?\[(?=\d{1,3}m))[\d;]*[A-Za-z]")
FUNCTIONS = frozenset(name for assignment in ASSIGNMENTS.values() for name in assignment.vocabulary.roles)
_INLINE = re.compile(
    r"(?<![\w.])([A-Z]\w{2,30}(?:Error|Exception):[ \t][^\n`]{3,80}?)"
    rf"(?=[\s.?!,;:]*(?:[`\n]|$|(?:in|inside|from)[ ](?:my )?(?:{'|'.join(sorted(FUNCTIONS))})\b|(?:when(?:ever)?|why|what)\b))"
)
"""An error within a sentence, as it is quoted in a title: its own text ends where the words go on."""
_SPOKEN = re.compile(
    r"\b(?:stop|end|fail|crash|get|got|giv|gave|throw|threw|rais|produc|return|see|have|has|is|hit)(?:e?s|p?ed|e|t?ing)?\b(?: me)?"
    r" (?:(?:out )?with |in |into )?(?:an?|this|the|that|some) (?:\w+ ){0,2}(?:error|exception)\b(?! (?:of|in|from|around|below|less)\b)"
    r"|\b(?:it|code|function|cell|program|python|\w+ward) crash(?:es|ed)\b|\b[A-Z]\w{2,30}(?:Error|Exception)\b",
    re.IGNORECASE,
)
"""Words about an error of Python's: "it stops with an error", "why do I get a KeyError"; "my error", "an error of 0.1" are no such."""
_NOT_NOW = re.compile(r"(?:\b(?:no|not|never|without|instead of|fixed|solved|had|got rid of)|n['\u2019]t)\b[^\n.]{0,30}$", re.IGNORECASE)
_GONE = re.compile(r"\b(?:gone|solved|fixed|not any ?more|no longer|(?:it|now|this|that|everything) (?:now )?(?:works|runs))\b")
_FAILED = re.compile(
    r"^[ \t>|]{0,8}((?=[^\n]*\b(?:tests?|(?:auto)?grader)\b)[^\n?]{0,80}\b(?:fail(?:ed|s|ures?)?|\w{0,40}Error)\b[^\n?]{0,80}"
    rf"|(?![^\n]*\b(?:{'|'.join(FUNCTIONS)})\b)(?:[^\n?#][^\n?]{{0,39}}:[ ])?wrong (?:number|shape|type|values?)\b[^\n?]{{1,80}}"
    r"|Error:[ ](?=[\"'a-z])(?![^\n]*\de-\d)[^\n?]{3,80})"
    r"(?<!:)[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
"""A test that failed, or what the grader says of an error, and what the course's own tests say: they name no function of the learner's.

So may a line that begins with "Error:", and not with the name of one.
"""
_DENIED = re.compile(
    r"(?:\b(?:0|no|none|not|never|without|any|if|when)|n['\u2019]t)(?: \w+){0,4} (?:fail|errors?\b)"
    r"|\b(?:fail(?:ed|s|ures?)?|errors?)\s?[:=]?\s?(?:0|none|no)\b(?![\d./]|\s(?:of|out|points?)\b)|\b(?:before|earlier|previously|anymore)\b",
    re.IGNORECASE,
)

_SOLVED = r"(?<!not )(?<!n't )(?<!never )(?<!be )(?<!to )\b(?:solved|fixed|resolved|gone|got (?:past|rid of|around))\b"
_SOLVED_BELOW = re.compile(rf"[^\n]*{_SOLVED}(?![^\n]*\b(?:but|now|next|then)\b)[^\n]*\s*\Z", re.IGNORECASE)
_SOLVED_ABOVE = re.compile(
    rf"[^\n]*\n\s*(?:[^\n]*{_SOLVED}(?![^\n]*\?)"
    r"|[^\n]*\bnow\b[^\n.?!]{0,30}\b(?:runs?|works?|prints?|gives?|outputs?)\b(?![^\n]*\b(?:error|raise))[^\n]*\n)",
    re.IGNORECASE,
)
_NEAR = 300
"""So far above an error its words are looked for."""


def note_of(error: str | None) -> str | None:
    """What is said of an error beside numbers; None where there is none, or where it says no more than that they are not the right ones."""
    if error is None or error.startswith("AssertionError"):
        return None
    return f"the text also shows an error, `{error}`: whether it comes of the same is not known; give me the code for that"


def last_error(text: str) -> str | None:
    """The last line of the last traceback, else the last line that is an error's own; None where there is none, or it was solved since.

    Of a traceback that was cut before its last line the error may stand above.
    """
    text = _COLOURS.sub("", text)
    heads = list(_HEAD.finditer(text))
    alone = [None, *_ALONE.finditer(text)]
    found = (_RAISED.search(text, heads[-1].end()) if heads else None) or alone[-1]
    if found is None or _is_solved(text, heads[0].start() if heads else found.start(), found.end()):
        return None
    rest = text[found.end() :].partition("\n")[0] if ":" in found[1] else ""
    whole = found[1].rpartition(" ")[0]
    said = found[1] if not rest[:1].strip() or whole.endswith(":") else whole
    return said.strip() + "…" * bool(rest.strip())


def error_in_a_sentence(text: str) -> str | None:
    """The first error that is quoted within a line of words; None where there is none, or it is said not to come."""
    text = _COLOURS.sub("", text)
    for one in _INLINE.finditer(text):
        before, behind = text[max(0, one.start() - _NEAR) : one.start()], text[one.start(1) : one.end() + _NEAR]
        if not (_is_solved(text, one.start(), one.end()) or _NOT_NOW.search(before) or _GONE.search(behind.partition("\n")[0])):
            return one[1].strip()
    return None


def speaks_of_an_error(text: str) -> bool:
    """Whether the words say that an error stops the program, and not that it is gone, or that there is none."""
    found = ((text[max(0, one.start() - _NEAR) : one.start()], text[one.start() : one.end() + _NEAR]) for one in _SPOKEN.finditer(text))
    return any(not _NOT_NOW.search(before) and not _GONE.search(behind.partition("\n")[0]) for before, behind in found)


def _is_solved(text: str, start: int, end: int) -> bool:
    """Whether the words right above the error, or right below it, say so: "which I solved", "now it runs but prints"."""
    above = text[max(0, start - _NEAR) : start].rstrip()
    return _SOLVED_BELOW.search(above) is not None or _SOLVED_ABOVE.match(text, end) is not None


def begins_with_an_error(line: str) -> bool:
    """Whether ``line`` is an error's own, and so what stopped the program."""
    return re.match(_NAME, line) is not None


def failed_test(text: str) -> str | None:
    """The first line that says that a test failed, or what a check of the course says then; None where there is none."""
    lines = (line[1].strip() for line in _FAILED.finditer(_COLOURS.sub("", text)))
    return next((line for line in lines if not _DENIED.search(line)), None)
