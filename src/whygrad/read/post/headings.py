"""Whose numbers follow: the words by which people tell their own output from the expected one."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

Role = Literal["mine", "expected"]
Side = Role | Literal["other", "earlier"]
"""Whose numbers are: of nobody who is named, or the learner's before a change."""
OPPOSITE: dict[Side | None, Role] = {"expected": "mine", "mine": "expected", "earlier": "mine"}
"""Whose the other one of two numbers is."""


class Heading(NamedTuple):
    """Whose numbers follow; ``plainly`` where an output or values are named ("Expected Output"), not just a side ("expected")."""

    role: Role
    plainly: bool


_COMPARISON = re.compile(
    r"\b(?:instead of|rather than|different from|differs? from|removed from|away from|far from|unlike|vs|versus|"
    r"compared? (?:to|with)|against|than|as|not|"
    r"(?:does|do|did|doesn|don|didn) (?:not|n t|t) (?:give|print|show|return|produce|yield)|"
    r"matche?s?|matching|agrees? with|equal(?:s| to)?|close to|like) "
    r"(?:(?:the|all|all of|my|their|its|what is|what was|with|to|that) ){0,3}"
    r"(?:expected|correct|reference|right)\b(?: \w+)?|[与與和跟不]\w{0,3}(?:[预預]期|期望|正[确確])\w*|"
    r"(?:期待|正解|想定|予想)\w{0,4}と\w*|(?:예상|기대|정답)\w{0,4}[과와](?: \w+){0,2}",
)
_PRAISE = re.compile(
    r"\b(?:all|(?:all|both)(?: of)?(?: \w+)? (?:numbers|values|outputs|results|gradients)|is|are|both|looks?|seems?|was|were|"
    r"everything|entirely|completely) (?:all )?(?:correct|right|good|fine)\b"
    r"(?! (?:outputs?|values?|results?|numbers?|ones?)\b)|\b(?:correct|right) (?:to|up to) the\b|"
    r"\b(?:as|what|how) (?:it|they) should\b(?! (?:be|give|print|show|look|have)\b)|"
    r"\b(?:get|got|getting|do|done|have) (?:it|this|that|them|these|everything)(?: all)? (?:right|correct)\b|"
    r"\b(?:should|must|supposed to|ought to) (?:all )?be (?:an? )?(?:easy|simple|fine|good|right|correct|ok|okay|straightforward)\b"
    r"(?! (?:outputs?|values?|results?|numbers?|ones?)\b)|"
    r"\b(?:(?:rnn|lstm)(?:[ _]cell)?[ _](?:for|back)ward"
    r"|forward|backward|everything|(?:the|both|all)(?: other)? (?:forward|functions?|cells?))"
    r"(?: (?:pass|step|check|functions?|also|already|both|all|now)){0,3}"
    r" (?:gives?|has|have|prints?|returns?|produces?|yields?|gets?|shows?)"
    r"(?: (?:me|exactly|all|the)){0,3} (?:expected|correct|right) (?:outputs?|values?|results?|numbers?|ones?)\b|"
    r"\bexpected (?:outputs?|values?|results?|numbers?)(?: (?:is|are|the|all)){0,2} (?:same|match(?:es|ed)?|identical|reached|ok)$",
)
"""What is said of a function, and of no numbers that follow: "the cell is correct, but the loop:".

Or it is said of one's own: "lstm_forward gives the expected output", "expected output matches".
"""
_EXPECTED = re.compile(
    r"\b(?:expected|expects?|expecting|expectation|should|supposed|reference|target|official|desired|answer key|ground truth|"
    r"(?:given|required|sample) (?:outputs?|values?|results?)|(?:notebook|course) (?:outputs?|values|results)|"
    r"what i need|(?:i|we) (?:a?m|a?re) after|"
    r"(?:must|needs? to|have to|has to) (?:be|equal|get|give|have|match|print|see|show)|want to (?:get|have|see)|goal is|"
    r"(?:can t|cannot|unable to|how (?:do i|can i|to)) (?:get|match|reach|reproduce) (?:to )?(?:these|this|those)|"
    r"(?:friend|classmate|colleague|teammate|partner)(?: ?s)?|s?he (?:gets|got|sees|prints)|"
    r"the (?:notebook|course|assignment|grader|instructions?|tests?|table) (?:says?|gives?|shows?|has|have|wants?)(?! me\b)|"
    r"esperad[oa]s?|correct[oa]s?|erwartete?[nrs]?|richtig(?:e[nrs]?)?|corrigés?|attendue?s?|attes[oaie]|beklenen|ожида\w+|правильн\w+|"
    r"deber[ií]an?|dever[ií]am?|devia|soll(?:en|ten?)?|devrai(?:en)?t|dovrebbe(?:ro)?|должн\w+|powinn\w+|oczekiwan\w+|poprawn\w+|"
    r"verwachte?|očekávan\w+|förvänta\w+|forvente\w+|așteptat\w*|seharusnya|olmal[ıi]\w*|olması|очікуван\w+|повинн\w+|"  # noqa: RUF001 - no Latin i
    r"diharapkan|mong đợi|kỳ vọng|αναμενόμεν\w+|odotet\w+|elvárt|المتوقع\w*|المطلوب\w*|צפוי\w*|הצפוי\w*|مورد انتظار)\b|"
    r"अपेक्षित|期[望待]|[预預]期|正[确確解]|标准|標準|模範|[参參]考|[应應][该該为為]|기대|예상|정답",
)
_RIGHT = re.compile(r"\b(?:correct|right|true|answers?|solutions?|key)\b")
_RIGHT_ONES = re.compile(
    r"\b(?:correct|right|true) (?:outputs?|values?|results?|numbers?|ones?|answers?)\b|\b(?:solutions?|answers?|key)\b"
)
_MINE = re.compile(
    r"\b(?:my|mine|ours|actual|actually|current|incorrect|your|yours|obtained|got|getting|computed|calculated|received|"
    r"i(?: a)?m (?:get|see|hav)\w+|i (?:get|got|have(?! to\b)|see|obtain|receive)\w*|"
    r"mis?|minhas?|meus?|obtenid[oa]s?|obtid[oa]s?|meine?[nrs]?|ich (?:bekomme|erhalte)|mon|mes|obtenus?|mi[oa]|benim|"
    r"obten[gh]o|obtiens|ottengo|bekomme|erhalte|habe|bei mir|chez moi|мо[йяиёїє]|получ\w+|меня|отрим\w+|내|"
    r"m[oó]j[ae]?|otrzymuj[eę]|dostaj[eę]|wychodzi|mijn|krijg|dostávám|vychází|alıyorum|bende|"  # noqa: RUF001 - no Latin i
    r"keluaran saya|của (?:em|tôi|mình)|عندي|لدي|نتيجتي|ناتجي|שלי)\b|"
    r"मेर[ाीे]|我的|自己的|实际|實際|実際|我得到|自分の|私の|僕の|실제|나의",
)
_OUTPUT = re.compile(
    r"(?:the |current |this )?(?:(?:program|code|(?:code )?cell|kernel) (?:says|outputs?|prints|gives)|"
    r"outputs?|results?|out|printed|prints|returns|gives)\b"
)
_NOUN = re.compile(
    r"\b(?:outputs?|values?|results?|numbers?|gradients?|salidas?|sa[ií]das?|resultados?|valores|ausgaben?|ergebnisse?|werte?|sorties?|"
    r"r[eé]sultats?|valeurs?|çıktı|вывод|результаты?|значения|"  # noqa: RUF001 - no Latin i
    r"kết quả|đầu ra|keluaran|hasil|الناتج|النتيجة|النتائج|المخرجات|القيم)\b|आउटपुट|परिणाम|[输輸]出|出力|[结結]果|答案|值|値|결과|출력",
)
_JOINED = re.compile(r"\b(?:my|your|actual|the actual) (?=expected\b)")
_NOT_MINE = re.compile(r"\bmy (?=(?:friend|classmate|colleague|teammate|partner)s?\b|goal\b|notebook(?: \(?v\d?\)?)? (?:says|has|wants)\b)")
_SHOULD_GET = re.compile(r"\b(should|supposed to|ought to) (?:be )?(?:get|have|see|hav|obtain|receiv)\w*")
_AGAINST = re.compile(
    r"(?:but )?(?:instead of|rather than|vs|versus|compared (?:to|with)|as opposed to|against)"
    r"(?: (?:this|these|the following|(?:the )?expected(?: (?:outputs?|values?|results?|ones?))?))?|want(?:ed)?|exp"
)
"""A whole line, or all before a label, that sets what follows against what came before."""
_BESIDE = re.compile(r"(?:vs|versus|compared (?:to|with))(?: (?:this|these|the following))?")
_SOURCE = re.compile(r"(?:from )?(?:the )?(?:notebook|course|coursera|grader|instructors?)(?: s)?")
"""A whole line that names whose numbers follow."""
_VERSUS, _ME = re.compile(r"\b(?:vs|versus)\b"), re.compile(r"\bme\b")
"""Where "vs" stands, such a name and "me" are two sides."""
_THANKS = re.compile(
    r"\b(?:thanks?|thank you|thx|grateful|appreciate)(?: \w+){0,5}? (?:answers?|responses?|repl(?:y|ies)|solutions?|results?)\b|"
    r"\b(?:quick|fast|prompt|kind|helpful) (?:answer|repl(?:y|ies))\b"
)
"""An answer that somebody gave in words is no number."""
_ASKED = re.compile(
    r"\b(?:is|are|was|were|does|do|can|could) (?:this|these|that|those|it|they|my|mine)\b[^.!?\n]{0,80}\?[^\w\n]{0,8}$", re.IGNORECASE
)
"""A question whether the numbers that follow are the expected ones, and so they are the learner's."""
_DENIED = re.compile(r"\b(?:not|n t|nothing|never|why|differ\w*|match\w*|wrong)\b")
_HERE = re.compile(r"(?:(?:and|but|while|so) )?(?:here|this|these|those|below|following)\b")
_CLAUSE = re.compile(r"[.,;!?]| but | while | whereas | and | although | however ")

_WORD = re.compile(r"(?:[^\W\d_]|[\u0900-\u0dff])+")
"""In the scripts of India marks stand within a word that are no letters."""
_SENTENCE_END = re.compile(r"(?<!\bvs)[.!?]\s")

_PLAIN_START = re.compile(
    r"(?:the |my |your )?(?:expected|actual|my|your|obtained|reference|correct) (?:outputs?|values?|results?|numbers?|answers?)"
    r"(?: (?:of|for|from|in|by|are|is|as|per|given|below|here|according|shown|on)\b|$)",
)

_OPENING = re.compile(
    r"\b(?:is|are|be|gets?|got|getting|seeing|has|have|reads?|says?|gives?|shows?|prints?|returns?|this|these|wants?|expects?|expected|expecting|should|supposed|printed|equal|below|follow(?:s|ing)|"
    r"outputs?|values?|results?|numbers?|answers?|here|"
    r"es|son|est|sont|ist|sind|lautet|sono|são|é|siguientes?|seguintes?|seguenti?|suivante?s?|folgende[rns]?|"
    r"see|gave|mine|code|obtengo|obtiens|ottengo|bekomme|moi|mir|меня)$",
)
_SOMEBODY_GETS = re.compile(r"\W{0,4}(?!It|This|That|What|Which|Who)[A-Z][a-z]{1,20} gets\W{0,4}$")
"""A whole line that begins with a name."""
_DIFF_HEAD = re.compile(r"\s*(---|\+\+\+) ?(\w.{0,80})(?<!-)$")
_POINTED = re.compile(r"<[ \t]{1,4}((?:[^\W\d_]{1,20}[ \t]{1,3}){0,3}[^\W\d_]{1,20})[.!]?[ \t]{0,4}$")
_MARKED = re.compile(r"\s{0,8}#{1,6}[^\d]{1,80}$")

LONGEST_HEADING = 4
LONGEST_PLAIN_HEADING = 12
LONGEST_OPENING = 8
LONGEST_CHARACTERS = 6


def side_of(word: str) -> Role | None:
    """Whose a number is by one word beside it, in one of the languages of headings; Chinese words are not parted."""

    def said(pattern: re.Pattern[str]) -> bool:
        return bool(pattern.fullmatch(word) if word.isascii() else pattern.search(word))

    if said(_EXPECTED):
        return "expected"
    return "mine" if said(_MINE) else None


def heading(line: str, *, opens: bool = False) -> Heading | None:
    """The heading that ``line`` is, or None: a short line, or one that ends with a colon or begins with ``#``, and speaks of one side.

    "My output does not match the expected output:" speaks of mine, "I expected it to be easy" is no heading. Where a line ``opens``, with
    a label at the start of the next one, the colon may be missing: "and this is the expected output".
    """
    found = _heading(line, opens=opens)
    last = _SENTENCE_END.split(line.strip())[-1]
    return _heading(last, opens=True) if opens and not found and last != line.strip() else found


def _heading(line: str, *, opens: bool) -> Heading | None:
    if _ASKED.search(line):
        return Heading("mine", plainly=True) if opens else None
    words = words_of(line)
    length = len(words.split())
    if opens and (_AGAINST.fullmatch(words) or _SOURCE.fullmatch(words) or _SOMEBODY_GETS.match(line)):
        return Heading("expected", plainly=True)
    ends_with_colon = line.rstrip(' ="|').endswith(":") or bool(_MARKED.match(line))
    ends_with_colon |= opens and length <= LONGEST_OPENING and bool(_OPENING.search(words)) and not _DENIED.search(words)
    ends_with_colon |= opens and length <= LONGEST_PLAIN_HEADING and bool(_HERE.match(words)) and not _DENIED.search(words)
    plain_start = bool(_PLAIN_START.match(words)) and length <= LONGEST_PLAIN_HEADING
    if not words or not (ends_with_colon or plain_start or length <= LONGEST_HEADING):
        return None
    found = _of(words) or (_of(_CLAUSE.split(" ".join(line.lower().split()).replace('"', ""))[-1]) if ends_with_colon else None)
    long = length > 1 or (len(words) > LONGEST_CHARACTERS and not words.isascii())
    if (
        found
        and not ends_with_colon
        and not found.plainly
        and long
        and not words.startswith(("expected", "mine", "actual", "reference", "target"))
    ):
        return None
    return found


def sets_beside(line: str) -> bool:
    """Whether a whole line stands between two outputs that may be in either order: "vs"."""
    return bool(_BESIDE.fullmatch(words_of(line)))


def sides_of_a_diff(line: str) -> dict[str, Role]:
    """Whose the lines are that begin with ``-`` and ``+`` below the head line ``--- expected`` or ``+++ mine``; empty if it is none."""
    head = _DIFF_HEAD.match(line)
    found = _of(words_of(head[2])) if head else None
    if not head or not found:
        return {}
    other = OPPOSITE[found.role]
    return {"-": found.role, "+": other} if head[1] == "---" else {"-": other, "+": found.role}


def rest_heading(rest: str) -> Heading | None:
    """The heading that begins behind the last number of a line; there it must name an output or end with a colon."""
    found = heading(rest)
    return found if found and (found.plainly or rest.rstrip().endswith(":")) else None


def marked_behind(line: str) -> Role | None:
    """Whose the numbers of ``line`` are, where a few words at its end point back at them with an arrow: ``... 0.5} <- mine``."""
    pointed = _POINTED.search(line)
    found = _of(words_of(pointed[1])) if pointed else None
    return found.role if found else None


def prefix(text: str) -> Heading | None:
    """The heading in the words that stand on the same line before a label, like ``Expected output: dx[1][2] = ...``."""
    if _ASKED.search(text):
        return Heading("mine", plainly=True)
    words = words_of(text)
    return Heading("expected", plainly=False) if _AGAINST.fullmatch(words) else _of(words)


def both_sides(words: str) -> tuple[Role, ...]:
    """The two sides in the order in which ``words`` (see `words_of`) name them; empty where they name one, or say that they differ."""
    words = _NOT_MINE.sub("", words)
    if _COMPARISON.search(words.replace("vs ", "and ").replace("versus ", "and ")):
        return ()
    expected, mine = _EXPECTED.search(words), _MINE.search(words) or re.match(r"(?:the )?outputs?\b(?=.* expected\b)", words)
    if _VERSUS.search(words):
        expected, mine = expected or _SOURCE.search(words) or _RIGHT.search(words), mine or _ME.search(words)
    if not expected or not mine or re.search(r"\b(?:n t|not|wrong|why|differ\w*|match\w*)\b", words):
        return ()
    return ("mine", "expected") if mine.start() <= expected.start() else ("expected", "mine")


def speaks_of_expected(text: str) -> bool:
    """Whether any word names expected or right numbers, other than to say that one's own differ from them."""
    words = _COMPARISON.sub(" ", _THANKS.sub(" ", words_of(text)))
    return bool(_EXPECTED.search(words) or _RIGHT_ONES.search(words))


def speaks_of_mine(text: str) -> bool:
    """Whether any word names the learner's own numbers."""
    return bool(_MINE.search(words_of(text)))


def _of(words: str) -> Heading | None:
    words = _PRAISE.sub(" ", _JOINED.sub("", _NOT_MINE.sub("", _COMPARISON.sub(" ", _THANKS.sub(" ", words)).strip()))).strip()
    expected, mine = _EXPECTED.search(words), _MINE.search(words)
    plainly = bool(_NOUN.search(words))
    if expected:
        return None if mine else Heading("expected", plainly)
    if mine:
        return Heading("mine", plainly)
    if _RIGHT.search(words):
        return Heading("expected", plainly)
    return Heading("mine", plainly=True) if _OUTPUT.match(words) and len(words.split()) <= LONGEST_HEADING else None


def words_of(line: str) -> str:
    """``line`` in lower case, its words parted by one space, without any other character; "should be getting" speaks of one side only."""
    return _SHOULD_GET.sub(r"\1", " ".join(_WORD.findall(line.lower())))
