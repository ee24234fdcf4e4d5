"""What a word beside a number says: whose the number is, or nothing, so that reading goes on behind it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from whygrad.read.post.headings import both_sides, side_of, words_of

if TYPE_CHECKING:
    from whygrad.read.post.headings import Role

_EXPECTED_WORDS = (
    "expected", "expect", "expects", "exp", "should", "supposed", "correct", "reference", "target", "desired", "official", "must",
    "required", "truth", "key", "right", "instead", "rather", "not", "real", "true", "theirs", "them", "want", "wants", "wanted", "needs",
    "ought", "lieu", "vez", "statt", "anstatt", "invece", "zamiast", "ipv", "moet", "hoort", "borde", "seharusnya",
    "olmal\u0131",
)  # fmt: skip
_MINE_WORDS = (
    "mine", "my", "act", "ours", "got", "get", "getting", "actual", "your", "yours", "obtain", "obtained", "computed", "found", "input",
    "have", "received", "but", "current", "mir", "mam",
)  # fmt: skip
_ROLE_WORDS: dict[str, Role] = {**dict.fromkeys(_EXPECTED_WORDS, "expected"), **dict.fromkeys(_MINE_WORDS, "mine")}

PRAISE = frozenset(("correct", "right", "true", "not", "key", "truth"))
"""Words that, behind a number, rather say that it is right or not than that it is the expected one."""

COURSE = frozenset(("notebook", "course", "coursera", "assignment", "grader", "instructor", "solution", "solutions"))
"""Who says what is expected, where no other word does: "0.3, but the notebook has 0.5"."""

COMPARING = frozenset(("agree", "agrees", "as", "equal", "equals", "like", "match", "matches"))
"""Behind these "expected" is said of no number of its own."""

SAME = frozenset(("same", "identical", "equal", "equals", "matches", "agrees"))
"""Behind these "expected" is said of the learner's number too, where none of ``DENYING`` stands beside."""

DENYING = frozenset(("not", "t", "isn", "doesn", "never", "no", "nothing", "nearly", "almost", "should"))

NOW = frozenset((
    "now", "today", "new", "after", "afterwards", "jetzt", "nachher", "heute", "ahora", "después", "hoy", "maintenant", "après", "agora",
    "depois", "adesso", "dopo", "oggi", "nu", "teraz", "теперь", "сейчас", "после", "现在",
))  # fmt: skip
"""Behind a number and before another one: the first is what was printed before a change."""

PAST = frozenset((
    "before", "previously", "earlier", "formerly", "yesterday", "old", "vorher", "gestern", "antes", "ayer", "avant", "prima", "ieri",
    "ontem", "раньше",
))  # fmt: skip
"""Behind a number it says so of that one, between a comma and a number, or before all numbers, of the next."""

_SHOULD = frozenset(("should", "to", "would", "be"))
_TO_GET = frozenset(("get", "have", "obtain", "getting", "seeing", "having"))
"""Words of the learner's side, but not in "I should get"."""

_NEED = frozenset(("need", "needs", "has", "have", "supposed"))

BEFORE = frozenset(("off", "different", "differ", "differs", "incorrect", "mismatch", "mismatched"))
"""Fillers that stand only before the first number of a label ("dWf is off: 0.3")."""

BEHIND = frozenset(("and", "agree", "agrees", "match", "matches"))
"""Fillers that stand only behind it."""

_FILLERS = frozenset((
    "a", "about", "according", "again", "agree", "agrees", "also", "always", "am", "an", "and", "answer", "answers", "appears",
    "approximately", "are", "around", "as", "at", "back", "be", "been", "being", "by", "came", "code", "comes", "compute", "computes",
    "course", "d", "did", "differ", "different", "differs", "does", "doesn", "don", "equal", "equals", "evaluates", "exact", "exactly",
    "fail", "failed", "false", "find", "for", "from", "function", "gave", "gets", "give", "given", "gives", "giving", "ground", "has",
    "here", "however", "i", "identical", "in", "incorrect", "is", "isn", "it", "its", "itself", "just", "keep", "keeps", "like", "ll",
    "m", "match", "matches", "me", "mismatch", "mismatched", "notebook", "no", "now", "np", "of", "off", "ok", "one", "only", "or",
    "out", "output", "outputs", "pass", "passed", "print", "printed", "prints", "produced", "produces", "re", "result", "results",
    "returned", "returning", "returns", "roughly", "s", "same", "says", "see", "seems", "showing", "shows", "so", "something", "still",
    "t", "than", "that", "the", "their", "then", "there", "this", "though", "to", "turned", "turns", "value", "values", "ve", "versus",
    "vs", "was", "wasn", "we", "well", "were", "when", "where", "whereas", "which", "while", "whilst", "with", "would", "wrong", "yes",
    "yields", "you",
))  # fmt: skip
"""Words that may stand between a label and its number."""

_FOREIGN_FILLERS = frozenset((
    "aber", "ai", "ale", "alors", "ama", "au", "bei", "buluyorum", "byc", "da", "daje", "dar", "das", "de", "der", "deu", "di", "die",
    "donne", "e", "el", "em", "en", "essere", "est", "et", "eu", "heraus", "herauskommen", "hier", "hodnota", "ich", "il", "ist", "j", "je",
    "jest", "kommt", "sale", "salir", "l", "la", "laut", "le", "les", "ma",
    "maar", "mas", "men", "nach", "o", "os", "para", "per", "pero", "que", "raus", "rauskommen", "sein", "selon", "ser", "sind", "stehen",
    "tapi", "und", "vale", "valeur", "valor", "vara", "vaut", "viene", "volgens", "wäre", "wert", "wyjsc", "wynosi", "y", "yo", "zijn",
))  # fmt: skip


_DERIVED = re.compile(
    r"\b(?:diff|differences?|(?:abs|absolute|rel|relative|max|maximum|mean) (?:abs|absolute|rel|relative)? ?(?:error|err)|ratio|norm)"
    r"(?: (?:of|in|for|between))?[^\w\n]{0,3}$"
    r"|\u00d7\s?$|\b(?:sum|mean|average|std|median|max|min|abs|norm)(?:\(| (?:abs |of (?:all )?(?:the )?))\s{0,2}$",
    re.IGNORECASE,
)


_COMPUTED = r"(?:diff(?:erence)?s?|ratios?|quotients?)"
_DIFFERENCES = re.compile(
    r"[^\w\n]{0,6}(?:\w{3,24}\W{1,4})?(?:the )?(?:abs(?:olute)? |rel(?:ative)? |max(?:imum)? )?"
    rf"(?:(?:{_COMPUTED}|errors?)\b[^\n\d]{{0,40}}:\W{{0,4}}"
    rf"|{_COMPUTED}\b[ :=(\[]{{0,4}}(?:of )?(?P<of>(?!.*[ ]{{3}})[^\n\d?|\t,]{{6,40}}))$",
    re.IGNORECASE,
)
_FORMULA = re.compile(r"\W{0,6}(?:\w{3,24}\W{1,4})?\w[\w ]{1,20}(?: [-\u2212] |\s?[/\u00f7]\s?)\w[\w ]{1,20}\W{0,4}")


def of_another_number(before: str) -> bool:
    """Whether the words right before a label make what stands behind it another number: "difference dWf: 0.3", "np.mean(dWf) = 0.3"."""
    return bool(_DERIVED.search(before))


def differences(line: str) -> bool:
    """Whether ``line`` is the heading of differences or ratios: "difference to expected:", "ratio (mine / expected)", "mine - expected"."""
    cells = [cell.strip() for cell in line.split("|") if cell.strip()]
    if len(cells) > 1:
        label, computed = cells[0], cells[1]
        alone = len(cells) == len(("label", "ratio")) and not side_of(label)
        return alone and (re.match(rf"{_COMPUTED}\b", computed, re.IGNORECASE) is not None or differences(computed))
    if found := _DIFFERENCES.match(line):
        return found["of"] is None or bool(both_sides(words_of(found["of"])))
    return _FORMULA.fullmatch(line) is not None and bool(both_sides(words_of(line)))


def role_of(word: str, before: str = "") -> Role | None:
    """Whose the number is that ``word`` stands beside, behind the word ``before``; None where neither says it."""
    if word in _TO_GET and before in _SHOULD:
        return None
    if (word == "to" and before in _NEED) or (word in COURSE and before != "my"):
        return "expected"
    return _ROLE_WORDS.get(word) or side_of(word)


def says_nothing(word: str) -> bool:
    """Whether reading goes on behind a word that has no role. Of words in other scripts only those that have one are known."""
    return word in _FILLERS or word in _FOREIGN_FILLERS or word in _TO_GET or not word.isascii()
