"""The numbers that stand behind one label: brackets over several lines, several columns, words such as "expected" between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from whygrad.read.post.changes import leads_to_a_count, tells_of_a_change, word_before_the_value
from whygrad.read.post.next_line import QUIET, goes_on, next_line, of_the_next_label
from whygrad.read.post.paired import paired
from whygrad.read.post.said import BEFORE, BEHIND, COMPARING, COURSE, DENYING, NOW, PAST, PRAISE, SAME, role_of, says_nothing
from whygrad.read.post.said_behind import clause_behind, said_behind
from whygrad.read.post.tree import Tree, Value, flat

if TYPE_CHECKING:
    from whygrad.read.post.headings import Side
    from whygrad.read.post.tokens import Token

MOST_NUMBERS = 2_000
DEEPEST = 8
MOST_FILLERS = 8
_YEAR = 1_000
"""So large a whole number in words is no count."""

_FROM = frozenset(("from", "than", "the", "what", "to"))
_MUST = frozenset(("should", "shouldn", "must", "mustn", "ought"))
_NOT = frozenset(("not", "t"))
_SET_AGAINST = frozenset(("instead", "rather"))
"""Behind a number of its own these set it against others, and say not whose it is: "I have 0.31 instead"."""
_OF_A_VERSION = frozenset(("new", "newer", "newest", "latest", "updated"))
"""In front of a number beside one that is "mine": the learner's behind a change, or the course's new key."""
_TO_VALUE = frozenset(("sign", "number", "open"))
_IS = frozenset(("is", "was"))
_ENDING = frozenset(("sign", "newline", "end"))


class Found(NamedTuple):
    """What stands behind a label: its ``values``, the token ``after`` them, and whether something there can't be read (``broken``).

    ``led`` is true where the first number leads to the next ("0.3 -> 0.5"), which of the two counts being said nowhere.
    """

    values: list[Value]
    after: int
    broken: bool
    led: bool


def values_behind(tokens: list[Token], start: int, count: int) -> Found:
    """The values from ``tokens[start]`` on, where ``count`` numbers belong to the label.

    They end at the next label, at a word that says nothing about them, or with the line once there are ``count``. Before that
    a line counts on if it holds nothing but numbers; after that only if it begins with a word like "expected".
    """
    return _Reader(tokens, start, count).read()


class _Reader:
    """One walk along the tokens behind one label."""

    def __init__(self, tokens: list[Token], start: int, count: int) -> None:
        self.tokens, self.start, self.place, self.count = tokens, start, start, count
        self.values: list[Value] = []
        self.named: list[tuple[Side, int]] = []  # the sides named before the first number, and where
        self.broken = False
        self.numbers = 0
        self.stack: list[list[Tree]] = []
        self.pending: Side | None = None
        self.pending_place = start
        self.praise = False
        self.fillers = 0
        self.weakly = False  # pending because of "but" alone
        self.apart = False  # behind "differs", and so the next "from expected" is of no number
        self.compared = False
        self.changed = False  # the last number was printed before a change
        self.led = False
        self.quoted = False  # the number stands in a quotation that has ended

    def read(self) -> Found:
        while self._step(self.tokens[self.place]):
            self.place += 1
            self._said_in_front_of(self.place)
        if self.stack:
            self._unclosed()
        after = self._behind_leftover_role() if self.pending and self.values else self.place
        return Found(paired(self._gathered(), self.named, self.tokens, self.start), after, self.broken, self.led)

    def _step(self, token: Token) -> bool:
        """Take one token; False where the values end before it."""
        kind = token.kind
        if kind in {"number", "open"} and not self.stack and of_the_next_label(self.tokens, self.place):
            return False
        if kind == "number":
            return self._number(token)
        if kind == "newline":
            return bool(self.stack) or self._goes_on()
        if kind == "word":
            known = not self.stack and (self._clause() or self._word(token))
            self.broken |= not known and bool(self.values) and tells_of_a_change(self.tokens, self.start, self.place)
            return known
        if kind == "open" and self.tokens[self.place + 1].kind != "word":
            self.stack.append([])
            return len(self.stack) <= DEEPEST
        if kind == "close":
            self._close()
        elif kind == "right":
            self._said_behind()
        elif token.text == ">":
            self.led |= len(self.values) == 1
        elif kind in {"bad", "dots"}:
            self.broken |= kind == "bad" or bool(self.stack)
        return kind in QUIET or (kind == "check" and not self.numbers)

    def _number(self, token: Token) -> bool:
        if self._counts_days(token):
            return False
        self.numbers += 1
        self.fillers = 0
        self.apart = self.compared = False
        if self.numbers > MOST_NUMBERS:
            self.broken = True
            return False
        if self.stack:
            self.stack[-1].append(token.text)
        else:
            self._add(token.text)
        return True

    def _counts_days(self, token: Token) -> bool:
        """Whether a small whole number stands in words behind all those of the label, which have decimals: "0.31. been at it for 3 days".

        It does not where words say whose it is, nor does a zero: "mine is 0", but for "it must not be 0".
        """
        done = bool(self.values) and not self.stack and all("." in text for value in self.values for text in flat([value.tree]))
        before = [one.text.lower() for one in self.tokens[max(self.start, self.place - len(("not", "be"))) : self.place]]
        denied = before[-1:] == ["be"] and before[0] in _NOT
        small = token.text.isdigit() and int(token.text) < _YEAR
        counts = small and (denied or (not self.pending and token.text != "0"))
        return done and counts and self.fillers > 0 and self.numbers >= self.count

    def _close(self) -> None:
        if not self.stack:
            return
        tree = self.stack.pop()
        if self.stack:
            self.stack[-1].append(tree)
        elif flat(tree):
            self._add(tree)

    def _said_behind(self) -> None:
        """``0.31 (expected)`` says it of the number before; ``0.31 (correct)`` alone says that the learner's number is right."""
        within = all(token.kind != "left" for token in self.tokens[self.pending_place : self.place])
        if self.pending and within and self.values and not self.values[-1].role:
            praised = self.praise and len(self.values) == 1
            if not praised:
                self._said_of_last(self.pending)
            self.pending = None

    def _said_in_front_of(self, place: int) -> None:
        """``0.31 expected, 0.25``: the words in front of the comma ``tokens[place]`` may say whose the last number is."""
        unsaid = bool(self.values) and not self.values[-1].role and not self.praise
        if self.pending and unsaid and said_behind(self.tokens, place) == self.pending:
            self._said_of_last(self.pending)
            self.pending = None

    def _said_of_last(self, role: Side) -> None:
        self.values[-1] = self.values[-1]._replace(role=role)

    def _add(self, tree: Tree) -> None:
        if self.pending == "expected" and not self.values and self._said_to_be_the_same():
            self.values.append(Value(tree, "mine"))
        if self.changed and self.pending in {None, "mine"} and self._has_one_of_mine():
            self._said_of_last("earlier")
            self.pending = "mine"
        self.changed = False
        self.values.append(Value(tree, self.pending))
        self.pending = None

    def _said_to_be_the_same(self) -> bool:
        """Whether "is the same as expected" or the like stands between the label and its only number."""
        words = {token.text.lower() for token in self.tokens[self.start : self.pending_place] if token.kind == "word"}
        return bool(words & SAME) and not words & DENYING

    def _clause(self) -> bool:
        """Take a clause that says what the number in front of it is: "0.31 is what I should get"."""
        if not self.values or self.tokens[self.place - 1].kind not in {"number", "close"}:
            return False
        end, sides = clause_behind(self.tokens, self.place)
        self.broken |= len(sides) > 1
        if len(sides) != 1:
            return False
        self._said_of_last(self.values[-1].role or sides.pop())
        self.place = end
        return True

    def _word(self, token: Token) -> bool:
        word, before = token.text.lower(), self.tokens[self.place - 1].text.lower()
        of_time = word in NOW or word in PAST
        counts = of_time and leads_to_a_count(self.tokens, self.place)
        if word in (BEHIND if not self.values else BEFORE):
            return False
        role = role_of(word, before)
        they_want = word == "they" and role_of(self.tokens[self.place + 1].text.lower()) == "expected"
        known = bool(role) or they_want or says_nothing(word)
        if (word in COURSE and self.pending and not self.weakly) or (self.apart and before in _FROM):
            role = None
        self.apart |= word in BEFORE
        if not counts and self._said_to_be_earlier(token):
            self.pending, self.pending_place = "earlier", self.place
            return True
        role = self._other_side(word, before) or role
        self.compared = (self.compared or word in COMPARING) and bool(self.values)
        if role:
            if not self.numbers and word != "but" and role not in [side for side, _ in self.named[-1:]]:
                self.named.append((role, self.place))
            if not self.pending:
                self.pending_place = self.place
                self.praise = word in PRAISE or self.compared or before in COMPARING
            self.pending, self.weakly = role, word == "but"
        if self.quoted and role == "mine" and self.values and not self.values[-1].role:
            self.broken = True  # of two people, each of whom may be the learner
        self.fillers += 1
        return (known or (of_time and not counts)) and self.fillers <= MOST_FILLERS

    def _other_side(self, word: str, before: str) -> Side | None:
        """The side that a word sets against the one that was named last: "should be 0.3, not 0.5"; None where it does not."""
        last = self.values[-1].role if self.values else None
        if (word in _NOT and before in _MUST and self.pending == "expected") or (word == "not" and before == "," and last == "expected"):
            return "mine"
        return "expected" if word == "but" and last == "mine" else None

    def _said_to_be_earlier(self, token: Token) -> bool:
        """Whether ``token`` says that the next number is the learner's before a change; of those before it is said here."""
        word, before, behind = token.text.lower(), self.tokens[self.place - 1], self.tokens[self.place + 1]
        self.broken |= word in _OF_A_VERSION and behind.kind in _TO_VALUE and [value.role for value in self.values] == ["mine"]
        is_behind_number = before.kind in {"number", "close"}
        if word in NOW and is_behind_number and token.start == before.end + 1 and [value.role for value in self.values] == [None, None]:
            self.values = [self.values[0]._replace(role="earlier"), self.values[1]._replace(role="mine")]
        leading = word_before_the_value(self.tokens, self.start, self.place) if len(self.values) == 1 else ""
        self.led |= (leading, word) == ("from", "to")
        self.changed |= (word in NOW and behind.text not in {",", ";"}) or (word in PAST and is_behind_number)
        self.changed |= (leading, word) == ("was", "is")
        was = word == "was" and behind.kind in {"number", "open"} and before.kind != "word" and not self.pending and self._has_one_of_mine()
        return was or (word in PAST and not self.changed and self.pending != "expected")

    def _has_one_of_mine(self) -> bool:
        """Whether one number is there, and nobody else's."""
        return len(self.values) == 1 and self.values[0].role in {None, "mine"}

    def _goes_on(self) -> bool:
        """Whether the next line that is not blank still belongs to this label."""
        behind = next_line(self.tokens, self.place)
        self.quoted |= behind.quoted
        return goes_on(behind, self.tokens, self.start, self.count, self.numbers, waiting=self.pending is not None)

    def _unclosed(self) -> None:
        """A bracket that never closes: taken if the numbers in it are as many as there should be, and nothing was odd."""
        texts = flat(list(self.stack[0]))
        if len(texts) == self.count and not self.broken and len(self.stack) <= DEEPEST:
            self._add(list[Tree](texts))
        elif texts:
            self.broken = True

    def _behind_leftover_role(self) -> int:
        """A role word behind the last number: "0.31 expected" says it of that number, "Expected Output:" begins something new."""
        behind = self.pending_place + 1
        behind += self.tokens[behind].text == "."
        alone = self.place == behind and self.tokens[behind].kind in {"newline", "end"}
        if not (self.pending and (alone or self._is_expected()) and not self.praise):
            return self.pending_place
        if self.tokens[self.pending_place].text.lower() not in _SET_AGAINST:
            self._said_of_last(self.pending)
        return self.place

    def _is_expected(self) -> bool:
        """Whether "is" and a role word stand behind the last number, and nothing that goes on with it: "0.31 is expected, and"."""
        if self.pending_place < 2:  # noqa: PLR2004 - a number and "is"
            return False
        before, verb, _, behind = self.tokens[self.pending_place - 2 : self.pending_place + 2]
        return before.kind in {"number", "close"} and verb.text in _IS and (behind.kind in _ENDING or behind.text == "and")

    def _gathered(self) -> list[Value]:
        """The values, numbers whose brackets are missing put together, ``count`` to each."""
        if self.count == 1 or not any(isinstance(value.tree, str) for value in self.values):
            return self.values
        gathered: list[Value] = []
        run: list[Tree] = []
        role: Side | None = None
        for value in self.values:
            if not isinstance(value.tree, str) or (run and value.role):
                return self.values
            role = role or value.role
            run.append(value.tree)
            if len(run) == self.count:
                gathered.append(Value(run, role))
                run, role = [], None
        return self.values if run else gathered
