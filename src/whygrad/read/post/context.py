"""What stands around a label: whether it makes the numbers behind it another's, or no printed ones."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING

from whygrad.read.post.crosswise import listed_before
from whygrad.read.post.intervals import few_digits
from whygrad.read.post.tree import flat

if TYPE_CHECKING:
    from whygrad.read.post.tokens import Token
    from whygrad.read.post.tree import Value

FAR = 600
LONGEST_PREFIX = 60
MOST_BETWEEN = 12
LEAST_MARKED = 3
"""So many lines that begin with a minus have it for a mark."""

DIGITS = re.compile(r"\d\.\d{4}")
_BELOW = re.compile(r"[^\n\w]{0,20}\n{1,3}[-+*|>#:=\[\s]{0,20}\d{0,4}\.\d{4}")
NO_VALUE = r"\s?(?:None\b|\[\s?(?:None)?\s?\]|\?)"
"""What stands behind a sign where nothing was computed."""
_EMPTY = re.compile(rf"[\s\"\])}}]{{0,4}}(?P<sign>[=:|]){NO_VALUE}")
_GARBLED = re.compile(r'[\[\](){}"\dIlJi|! ]{2,12}[=:]\s?\[?\s?[-+]?\.?\d')
"""An index as a program reads it in a picture, and a number given to it."""
_FOR = re.compile(r"\d\.\d{1,20}\]?[ ]for[ ][^\w\n]{0,3}$")
_LAST = re.compile(r"[^\n=:]{0,40}[=:]\s?\[?[-+]?\d*\.\d{4,20}\]?[ \t]*(?:\n|$)")
_FINE = re.compile(
    r"[ ](?:(?:is|are|was|looks|seems)[ ])?(?:all[ ]|also[ ])?(?:fine|ok|okay|right|correct|good|matches)[ ]?(?:[,.;!)\n]|and\b|but\b|$)",
    re.IGNORECASE,
)
"""What is said of a label's own number, and it ends there: the numbers of its line are others'."""
_CODE = re.compile(r"\bnp\.\w+\(|\bfor \w+ in |\brange\(|\bdef |\+=")
_MARK = re.compile(r"[ \t]{0,40}[-+]")
_MINUS = re.compile(r"(?:^|[\s\d\]()=:,])-$")
_QUIET = frozenset(("newline", "sign", "cell", "left", "right"))


class Context:
    """A text and its tokens, to be asked about one label after another."""

    def __init__(self, text: str, tokens: list[Token]) -> None:
        self.text, self.tokens = text, tokens
        signs = [text[token.start - 1] for token in tokens if token.kind == "label" and _MARK.fullmatch(self._before(token))]
        self.has_marks = len(signs) >= LEAST_MARKED or "+" in signs

    def is_unclear(self, place: int, *, marked: bool) -> bool:
        """Whether the numbers behind the label ``tokens[place]`` may be others than its own.

        An integer stands right behind it, as that of a list does; or they may be of the label in the line above, or of several labels in
        this one; or the label is subtracted. Where the text has a legend, lines are ``marked`` by a minus.
        """
        token, behind = self.tokens[place], self.tokens[place + 1]
        of_a_list = behind.kind == "number" and behind.text.isdigit() and float(behind.text) > 0
        mark = (marked or self.has_marks) and _MARK.fullmatch(self._before(token)) is not None
        return of_a_list or self._is_below_another(place) or self._is_last_of_several(place) or (self.is_minus_before(token) and not mark)

    def is_minus_before(self, token: Token) -> bool:
        """Whether a minus stands right before the label: ``-dWf[3][1] = 0.3``, ``0.5-dWf[3][1]``; a list or a diff has it for a mark."""
        return _MINUS.search(self._before(token)) is not None

    def _is_below_another(self, place: int) -> bool:
        """Whether a label stands alone in its line and another one in the line above: then the numbers below may be that one's."""
        before, behind = place - 1, place + 1
        while before > 0 and place - before <= MOST_BETWEEN and self.tokens[before].kind in _QUIET:
            before -= 1
        while self.tokens[behind].kind in _QUIET - {"newline"}:
            behind += 1
        above, token = self.tokens[before], self.tokens[place]
        first = not re.search(r"\w", self._before(above))
        alone = first and (above.kind == "label" or (above.kind == "shape" and not above.entry))
        return alone and self.tokens[behind].kind == "newline" and "\n" in self.text[above.end : token.start]

    def _is_last_of_several(self, place: int) -> bool:
        """Whether a list of labels ends here, and not one quantity's that is called twice: "dWf, dWi: 0.3"."""
        before = listed_before(self.tokens, place)
        return before is not None and before.quantity != self.tokens[place].quantity

    def looks_printed(self, token: Token, values: list[Value]) -> bool:
        """Whether numbers behind a mere name look like a program's output and not like ``da0 = 0`` in a program or "dx 3" in a sentence.

        ``dWf = 0.5 * ...`` is a formula: outside of a table a lone number has three digits at least. A zero beside an expected number is
        the learner's, where the label begins its line.
        """
        told = any(value.role == "expected" for value in values) and not re.search(r"\w", self._before(token))
        texts = [text for value in values if not (told and value.tree == "0") for text in flat(value.tree)]
        if any(float(text) for text in texts):
            in_table = not token.bare or self.text[token.end : token.end + LONGEST_PREFIX].lstrip(" ").startswith(("|", "\t"))
            rounded = not in_table and all(isinstance(value.tree, str) and few_digits(value.tree) for value in values)
            return not rounded and all(set(text) & set(".en") for text in texts)
        return all("." in text for text in texts) and not _CODE.search(self.around(token, "\n\n"))

    def number_beside(self, token: Token) -> bool:
        """Whether a number of many digits stands in the line of a label to which nothing was given, or begins the next line."""
        if _FINE.match(self.text, token.end):
            return False
        return bool(DIGITS.search(self.around(token, "\n")) or _BELOW.match(self.text, token.end))

    def shows_a_value(self, place: int) -> bool:
        """Whether something is printed for a label to which nothing was given."""
        token = self.tokens[place]
        if self.is_named_again(place):
            return False
        number = self.ends_with_a_number(token) if token.bare else self.number_beside(token)
        garbled = not token.bare and _GARBLED.match(self.text, token.end) is not None
        return number or garbled or self.holds_nothing(token) or _FOR.search(self._before(token)) is not None

    def is_named_again(self, place: int) -> bool:
        """Whether the next label in the line is of the same quantity: then what is shown there is that one's."""
        token, *behind = self.tokens[place : place + MOST_BETWEEN]
        line = takewhile(lambda other: other.kind not in {"newline", "end"}, behind)
        return next((other.quantity for other in line if other.kind == "label"), None) == token.quantity

    def holds_nothing(self, token: Token) -> bool:
        """Whether ``None``, an empty bracket or a question mark is printed as its value; behind a mere name ``= None`` is a program's."""
        empty = _EMPTY.match(self.text, token.end)
        return empty is not None and not (token.bare and empty["sign"] == "=")

    def ends_with_a_number(self, token: Token) -> bool:
        """Whether a mere name begins a line at whose end, behind a sign, a number stands: "dWf, the one in row 3: 0.5123"."""
        return not re.search(r"\w", self._before(token)) and _LAST.match(self.text, token.end) is not None

    def rest_of_line(self, token: Token) -> tuple[int, str]:
        """Where the line of a label ends, and what stands there from it on, with its minus."""
        end = self.text.find("\n", token.end)
        start = token.start - self.is_minus_before(token)
        return end, " ".join(self.text[start : end if end >= 0 else None][:FAR].replace("\u00d7", "*").split())

    def around(self, token: Token, border: str) -> str:
        """The text between the borders before and behind a token, of what is not far from it."""
        return self._before(token, border) + self.text[token.start : token.end + FAR].partition(border)[0]

    def _before(self, token: Token, border: str = "\n") -> str:
        return self.text[max(token.start - FAR, 0) : token.start].rpartition(border)[2]
