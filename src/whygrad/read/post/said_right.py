"""What a text says is right without printing it: "everything matches except dbo", "dxt, dWax and dba match", "only da_prev is wrong".

So may another check be: "lstm_cell_backward is right".

Only plain statements count, in the present, of the author's own gradients: a sentence with any word of doubt, of another time, of
conditions, of other people or of more than this check is passed over.
"""

from __future__ import annotations

import re
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from whygrad.read.post.named import checks_named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.read.post.labels import Labels

LONGEST, MOST = 1_000, 50
_NAME = r'(?:\b\w{1,20}\s?\[\s?["\'])?\bd[a-z]\w{0,9}(?:["\']\s?\])?(?:\s?\[[\d, ]{1,5}\]){0,3}'
_NAMES = rf"(?<![\w\"']){_NAME}(?:(?:\s?[,&+/]\s?(?:and )?|\s+and\s+){_NAME}){{0,12}}"
_THINGS = r"(?:values?|numbers?|gradients?|grads?|outputs?|results?|entries|lines|ones?|derivatives?|of them)"
_ALL = rf"\b(?:every(?:thing| ?one| {_THINGS})|all(?: (?:of )?(?:the |my )?{_THINGS})?)"
_REST = (
    rf"\b(?:everything else|(?:all )?(?:the |my )?(?:others|rest|(?:other|remaining) {_THINGS})(?: of (?:the |my )?{_THINGS})?"
    rf"|every other {_THINGS})"
)
_ARE = r":?(?:\s+(?:is|are|all|also|both|exactly|perfectly)){0,4}\s+"
_RIGHT = (
    r"(?:match(?:es)?|agrees?|right|correct|fine|ok(?:ay)?|good|perfect|(?:the )?same(?= as(?: the)? expected)|(?:as|like) expected)\b"
    r"(?:(?: (?:to|with|as))?(?: all)?(?: the)? expected(?: \w+)?)?"
    r"(?=\s*(?:[.,;:!)]|$|(?:and|but|except|besides|only|apart|aside|other|save)\b)|[ \t]*\n)"
)
_NOT = r"(?:(?:is|are|does|do)n[\"'\u2019]?t|not)"
_WRONG = rf"(?:wrong|off|different|differs?|incorrect|mismatch\w*|fails?|{_NOT} (?:match|agree|right|correct)\w*)"
_BUT = r"\b(?:but|except|besides|(?:apart|aside) from|other than|only|save)\b"
_ONLY_THESE = rf"\bonly (?:these|the following)(?: {_THINGS})?{_ARE}{_WRONG}"
_SOME = re.compile(rf"({_NAMES})(?:{_ARE}{_RIGHT}|:?\s?[\u2713\u2714\u2705])", re.IGNORECASE)
_BUT_SOME = re.compile(
    rf"{_REST}{_ARE}{_RIGHT}|{_ALL}{_ARE}{_RIGHT}(?=[^.!?]{{0,60}}{_BUT})|{_BUT}(?: for)? {_NAMES},? {_ALL}{_ARE}{_RIGHT}"
    rf"|{_ALL} {_BUT}(?: for)? {_NAMES}{_ARE}{_RIGHT}|\bonly (?:my |the )?{_NAMES}{_ARE}{_WRONG}|{_ONLY_THESE}"
    rf"|{_NAME} (?:is|are) the only (?:wrong )?{_THINGS}(?: (?:that|which)(?: (?:is|are))? {_WRONG})?",
    re.IGNORECASE,
)
_THE_REST = re.compile(rf"[^\w>]*(?:(?:but|and) )?{_REST}{_ARE}{_RIGHT}\W*", re.IGNORECASE)
_CHECK = re.compile(rf"[^\w>]*(?:(?:but|and|my) ){{0,2}}(\w+)(?:\(\))?{_ARE}{_RIGHT}\W*", re.IGNORECASE)
_PLAIN = re.compile(
    rf"{_BUT_SOME.pattern}|{_THE_REST.pattern}|{_SOME.pattern}|{_NAMES}{_ARE}(?:{_WRONG}|{_NOT}(?=[.,;!)]|$))"
    rf"|{_BUT} (?:(?:these|this|those)(?: {_THINGS})?(?: do(?:es)?)?{_ARE}(?:{_WRONG}|{_NOT})|{_NOT} {_REST}|I (?:get|got))"
    r"|\bproblems? with\b"
    rf"|\bI (?:get|got) (?={_NAMES}{_ARE}{_RIGHT})",
    re.IGNORECASE,
)
_DOUBTED = re.compile(
    r"\?|^\s*>|n[\"'\u2019]t\b|[\"'\u2019]s\b|\b(?:not|no|none|neither|nor|never|cannot|cant|unable|hardly|barely|nearly|almost|how|why|what|whether|"
    r"expected \w+ (?:for|of)|want|wish|hope|"
    r"doubt|sure|think|thought|guess|believe|assum\w+|suppos\w+|should|would|could|might|may|must|if|unless|until|till|when\w*|"
    r"once|after|before|without|with|first|then|now|was|were|been|yesterday|try\w*|tried|get\w*|got|ma[dk]e\w*|making|to|you\w*|his|her|"
    r"their|he|she|they|friend\w*|mentor\w*|tutor\w*|wrote|sa(?:id|ys?)|told|reference|given|forward|shapes?|dim\w*|so far|up to|here|"
    r"there|functions?|notebook|weeks?|course|assignment|exercise|cell|loop|sequence|tests?|checks?|pass\w*)\b",
    re.IGNORECASE | re.MULTILINE,
)
_DENIED = re.compile(
    r"\W*(?:no\b|nope|not (?:true|really|all)|still (?:wrong|not)|(?:(?:but|however|though)\W+)?(?:it|they|th[ai][ts]|these|those) "
    r"(?:is|are|was|were|do|does)(?:n[\"'\u2019]?t|\W+not|\W+(?:still )?wrong)\b)",
    re.IGNORECASE,
)
_SPEAKER = re.compile(r"^[ \t>*]*(?:@\w|[^\n:]{1,40} (?:wrote|said|writes|says)\b|([A-Za-z]\w*)[ \t]*:[ \t]+[A-Za-z])", re.MULTILINE)
_BETWEEN = re.compile(r"(?<=[.!?])\s+|(?<=[:;])\s*\n|\n\s*\n")
_OPEN = re.compile(
    rf"{_ONLY_THESE}(?:,? (?:and )?{_REST}{_ARE}{_RIGHT})?\W*$|{_BUT}(?: for)?(?: (?:this|these|the following))?(?: {_THINGS})?\W*$",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Za-z_]\w*")


def said_right(text: str, check: str, there: set[str], labels: Labels) -> tuple[str, ...]:
    """The gradients of ``check`` of which the text has no number and says that they are right; ``there`` are those of which it has one.

    Behind them other checks of which it says so as a whole. What stands behind the name of another check, or below another speaker, is not
    said of this one.
    """
    found: set[str] = set()
    absent = [name for name in dict.fromkeys(labels.lines(check)) if name not in there]
    for above, sentence, below in islice(_sentences_of(text, check, labels), MOST):
        if _DOUBTED.search(_PLAIN.sub(" ", sentence)) or _DENIED.match(below):
            continue
        for match in _SOME.finditer(sentence):
            found |= set(_quantities(match[1], labels))
        others = _quantities(f"{sentence} {below}" if _OPEN.search(sentence) else sentence, labels)
        of_the_rest = _THE_REST.fullmatch(sentence) is not None
        seen = _quantities(text[: text.find(sentence)] if of_the_rest else above, labels)
        if (others and _BUT_SOME.search(sentence)) or (seen and of_the_rest):
            found |= set(absent).difference(others, seen)
    checks = (name for name in _checks(text, labels) if name in labels.order and name != check)
    return (*(name for name in absent if name in found), *dict.fromkeys(checks))


def _checks(text: str, labels: Labels) -> Iterator[str]:
    """What is said to be right as a whole, in sentences that no doubt, colon or condition leads to."""
    last = ""
    for sentence, below in pairwise([*_BETWEEN.split(_of_the_author(text, labels)), ""]):
        match = _CHECK.fullmatch(sentence)
        if match and not (_DOUBTED.search(f"{last}\n{sentence}") or last.rstrip().endswith((":", ",")) or _DENIED.match(below)):
            yield match[1]
        last = sentence[-LONGEST:]


def _sentences_of(text: str, check: str, labels: Labels) -> Iterator[tuple[str, str, str]]:
    """The sentences that may say so of this check, from where it is named on, with those above and below."""
    last, above = check, ""
    for sentence, below in pairwise([*_BETWEEN.split(_of_the_author(text, labels)), ""]):
        named = checks_named(sentence, labels.order)
        if last == check and all(name == check for _, name in named) and len(sentence) <= LONGEST and _PLAIN.search(sentence):
            yield above, sentence, below[:LONGEST]
        last, above = named[-1][1] if named else last, sentence[:LONGEST]


def _of_the_author(text: str, labels: Labels) -> str:
    """What stands above the first other speaker."""
    return text[: next((found.start() for found in _SPEAKER.finditer(text) if not found[1] or not _of_a_check(found[1], labels)), None)]


def _of_a_check(word: str, labels: Labels) -> bool:
    return labels.spells(word) or word in labels.order


def _quantities(text: str, labels: Labels) -> list[str]:
    return [quantity for name in _WORD.findall(text) if labels.spells(name) and (quantity := labels.quantity(name))]
