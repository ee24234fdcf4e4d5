"""Tells the names and formulas in a sentence from its words, so that they can be drawn as code."""

from __future__ import annotations

import ast
import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from whygrad.assignments import SEQUENCE_MODELS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.records import Mistake, Result

_ENTRY = r"[A-Za-z]\w*(?:\[[^\[\]`]*\])+"
_LIST = re.compile(r", (?![^\[]*\])| and ")
"""What parts the names where a mistake is at several quantities, but not within an index."""
_NO_WORD = re.compile(r"\b(?!np\b)(?:[b-df-hj-np-tv-xz]{2,}|[a-z]\w*[A-Z\d]\w*)\b")
"""What no word of a sentence is: without a vowel, or with a capital or a digit behind the first letter."""
_EXPRESSIONS = ast.BinOp | ast.Call | ast.UnaryOp | ast.Subscript | ast.Dict | ast.List | ast.DictComp | ast.ListComp
_SHORTEST = 4
"""Characters of an expression that is shown as code."""
_UNDERSCORED = r"[A-Za-z]\w*_\w+"
_GATE = (
    r"(?<=\bat )it|(?<=\bspoils )it|(?<=\bin )it(?=:| \(| before)|(?<=\bfrom )it(?=:|, so| inherits)"
    r"|(?<=\b[fo]t, )it(?=,| and )|(?<=\b[fo]t and )it(?!\w| is\b)|it(?= and (?:[fo]t|cct)\b|, (?:[fo]t|cct)\b)"
)
"""Where the gate called ``it`` is meant and not the word, as the mistakes' sentences have it: elsewhere nothing tells the two apart."""
_NAMED = r"it(?= \(the update gate)|(?<=\bname )it(?= where)|(?<=\bfactor too many: )it|(?<=\bWy or )by"
"""Where a name that is a word too stands as no word can, whatever the mistake is at."""


def names_in(result: Result) -> re.Pattern[str]:
    """What is shown as code: ``backticked`` pieces, entries, names with an underscore, the quantities of this result, what it quotes."""
    found = result.mistakes + tuple(mistake for alternative in result.alternatives for mistake in alternative.mistakes)
    quantities = {name for mistake in found for name in _LIST.split(mistake.quantity) if len(name) > 1}
    quantities |= SEQUENCE_MODELS.vocabulary.words.keys() - {"it"}
    quantities |= {name for one in found if one.location for name in _NO_WORD.findall(" ".join(one.location.excerpt))}
    named = (_GATE if name == "it" else re.escape(name) for name in sorted(quantities, key=len, reverse=True) if len(name) > 1)
    names = "|".join([*filter(None, map(_quoted, found)), _ENTRY, _UNDERSCORED, _NAMED, *named])
    return re.compile(rf"`([^`]+)`|(?<!\w)(?<!\w\.)((?:{names})(?:\.T)?)(?!\w)")


def _quoted(mistake: Mistake) -> str:
    """A pattern for the expression of the learner's line that a mistake's sentence quotes, if it does."""
    around = " ".join(" ".join(mistake.location.excerpt).split()) if mistake.location else ""
    start, _, size = SequenceMatcher(None, around, mistake.says, autojunk=False).find_longest_match()
    quoted = around[start : start + size].strip(" =:,")
    try:
        tree = ast.parse(quoted, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    return re.escape(quoted) if size >= _SHORTEST and isinstance(tree, _EXPRESSIONS) else ""


def spans(text: str, names: re.Pattern[str]) -> Iterator[tuple[str, bool]]:
    """The pieces of ``text`` in order, and whether each is code."""
    end = 0
    for found in names.finditer(text):
        yield text[end : found.start()], False
        yield found[1] or found[2], True
        end = found.end()
    yield text[end:], False
