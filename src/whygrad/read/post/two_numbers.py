"""Two numbers of one label in a sentence, with words at both: "0.38, yet I get 0.41", "0.41 by my code, 0.38 by the key"."""

from __future__ import annotations

from itertools import pairwise, takewhile
from typing import TYPE_CHECKING, NamedTuple

from whygrad.read.post.headings import OPPOSITE
from whygrad.read.post.next_line import of_the_next_label
from whygrad.read.post.said import COMPARING, COURSE, NOW, PAST, role_of, says_nothing
from whygrad.read.post.tree import Value, flat

if TYPE_CHECKING:
    from whygrad.read.post.headings import Role
    from whygrad.read.post.tokens import Token
    from whygrad.read.post.tree import Tree

_PARTING = frozenset((
    "and", "but", "yet", "while", "whereas", "however", "although", "though", "vs", "versus", "where", "when",
    ",", ";", ".", "/", "?", "!", "(", ")", "[", "]",
))  # fmt: skip
"""What ends the words of one number and begins those of the next."""
_SENTENCE_ENDS = frozenset((".", ";", "?", "!"))
_STOPS = _SENTENCE_ENDS - {";"}
_ENDS = frozenset(("newline", "end", "label", "shape", "other", "bad", "dots"))
_INSTEAD = {"instead": "of", "rather": "than"}
_OF_WANTING = frozenset((
    "expected", "expect", "expects", "should", "shouldn", "supposed", "ought", "want", "wants", "wanted", "must", "need", "needs", "needed",
))  # fmt: skip
_OWN = frozenset(("i", "my", "mine", "me", "myself", "we", "our", "ours", "student"))
_FRIENDS = frozenset(("friend", "friends", "classmate", "classmates", "ta", "teacher", "professor"))
_OTHERS = frozenset((
    "they", "them", "their", "theirs", "everybody", "everyone", "table", "book", "textbook", "instructions",
    "sheet", "video", "answer", *_FRIENDS, *COURSE,
))  # fmt: skip
_RIGHT = frozenset(("right", "correct", "true", "fine", "good", "ok"))
_WRONG = frozenset(("wrong", "incorrect", "false", "bad"))
_NOT = frozenset(("not", "t", "never", "isn", "wasn", "cannot"))
_OF_OUTPUT = frozenset((
    "comes", "came", "come", "prints", "print", "printed", "returns", "return", "returned", "gives", "gave", "output", "outputs", "result",
    "got", "get", "gets", "getting", "obtained", "computed", "found", "produces", "code", "function", "run", "here", "have",
))  # fmt: skip
"""Of the learner's side, where no word says that it is of somebody else's."""
_SETTING = frozenset(("not", "instead", "rather", "but", "t"))
"""These set one number against the other, and name no side."""
_NOT_OF_BOTH = NOW | PAST | {"off", "differ", "differs"}
_AGAINST = frozenset(("but", "yet", "while", "whereas", "instead", "rather", "should"))
"""Between two numbers, one of which has words: the other one is of the other side."""
_WORDS = frozenset((
    "cell", "curso", "else", "es", "im", "implementation", "loop", "machine", "number", "on", "own", "page", "pdf", "post", "sale", "say",
    "sure", "think", "valoir", "version", "what", *_PARTING, *_OF_WANTING, *_OWN, *_OTHERS, *_RIGHT, *_WRONG, *_NOT, *_OF_OUTPUT,
    *_SETTING,
))  # fmt: skip
"""Known beside those that say nothing at all; behind any other word may stand a number of another kind."""
FEWEST_DECIMALS = 3


class _Found(NamedTuple):
    """A number or bracket with its ``tree``, from the token ``first`` up to the one before ``behind``."""

    tree: Tree
    first: int
    behind: int


class _Said(NamedTuple):
    """Whose a number is by words beside it; ``surely`` where these are no praise or blame."""

    role: Role
    surely: bool


class Both(NamedTuple):
    """Two values of one label, each with its side, and the token ``after`` what is said of them."""

    values: list[Value]
    after: int


def both_around(tokens: list[Token], place: int, start: int) -> Both | None:
    """The two numbers of a sentence that holds no other label than ``tokens[place]``: "0.41 comes out for dWi[1][2], though 0.38 is right".

    One of them at least stands in front of "for" and the label. Where words are at one only, the other one is of the other side.
    """
    first = place - 1
    if tokens[first].text.lower() != "for":
        return None
    while first and tokens[first - 1].start >= start and tokens[first - 1].text != ":" and not _ends(tokens, first - 1, 2):
        first -= 1
    front = tokens[first : place - 1]
    last = place + 1
    if len(numbers_of_line([*front, tokens[-1]], 0)[0]) < 2:  # noqa: PLR2004 - the other one stands behind
        while tokens[last].text not in _STOPS and tokens[last].kind not in _ENDS:
            last += 1
    gap = tokens[place].end - tokens[place - 2].end
    rest = [token._replace(start=token.start - gap, end=token.end - gap) for token in tokens[place + 1 : last]]
    both = both_said([tokens[place], *front, *rest, tokens[-1]], 1, against=True) if tokens[last].kind != "label" or not rest else None
    return both and both._replace(after=max(place + both.after - len(front), place + 1))


def both_said(tokens: list[Token], start: int, *, against: bool = False) -> Both | None:
    """The two numbers of the line behind the label before ``tokens[start]``; each of the side that the words nearest to it name.

    Where words are at one of them only, the other one is of the other side if a word sets the two ``against`` each other. None where there
    are not just two numbers before the next label, they stand in columns, nobody knows what a word beside them says, or words of time do.
    """
    numbers, end = numbers_of_line(tokens, start)
    if len(numbers) != 2 or min(map(decimals_of, numbers)) < FEWEST_DECIMALS or in_columns(tokens, *numbers):  # noqa: PLR2004 - two
        return None
    first, second = numbers
    between, behind = tokens[first.behind : second.first], clause(tokens[second.behind : end])
    in_front, after = list(filter(None, pieces(tokens[start : first.first]))), pieces(behind)
    front, told = in_front[0] if in_front else [], list(filter(None, after))
    enclosed = bool(behind) and behind[0].kind in {"left", "open"} and len(told) == 1
    last = told[0] if after[0] or enclosed else []
    parting = {token.text.lower() for token in between if token.kind == "word"}
    listed = of_the_next_label(tokens, first.first) or of_the_next_label(tokens, second.first)
    unknown = listed or any(token.text == ">" for token in between) or not all(map(known, {*front, *parting, *last}))
    if unknown or len(in_front) > 1:
        return None  # sides of both may be named before them, as in "mine/expected: 0.4 / 0.3"
    of_first, of_second = _parted(between, alone=not said(front) and bool(said(last)))
    against |= not _AGAINST.isdisjoint(parting)
    roles = _roles(_of_one(said(front), said(of_first)), _of_one(said(of_second), said(last)), against=against)
    if not roles:
        return None
    return Both([Value(number.tree, role) for number, role in zip(numbers, roles, strict=True)], second.behind + len(behind))


def in_columns(tokens: list[Token], *numbers: _Found) -> bool:
    """Whether the numbers stand in cells, or set apart by more than a blank or a sign."""
    cells = any(token.kind == "cell" for token in tokens[numbers[0].first - 1 : numbers[-1].behind + 1])
    edges = [*(number.behind for number in numbers), *(number.first for number in numbers[1:])]
    return cells or any(tokens[at].start - tokens[at - 1].end > 1 for at in edges if tokens[at].kind != "newline")


def known(word: str) -> bool:
    """Whether it is known what ``word`` says beside one of two numbers."""
    return word in _WORDS or (word not in _NOT_OF_BOTH and (bool(role_of(word)) or says_nothing(word)))


def numbers_of_line(tokens: list[Token], start: int) -> tuple[list[_Found], int]:
    """The numbers and brackets of the line, up to the next label, and where that ends; behind two of them no whole number is a third."""
    found: list[_Found] = []
    at = start
    while not _ends(tokens, at, len(found)):
        begins = at
        if tokens[at].kind == "open" and tokens[at + 1].kind != "word":
            inside: list[Tree] = []
            while tokens[at].kind in {"open", "number"} or tokens[at].text == ",":
                if tokens[at].kind == "number":
                    inside.append(tokens[at].text)
                at += 1
            while tokens[at].kind == "close":
                at += 1
            found.append(_Found(inside, begins, at))
            at += at == begins
            continue
        at += 1
        if tokens[begins].kind == "number":
            while tokens[at].kind == "number":
                at += 1
            texts: list[Tree] = [token.text for token in tokens[begins:at]]
            found.append(_Found(texts if texts[1:] else texts[0], begins, at))
    return found, at


def _ends(tokens: list[Token], at: int, found: int) -> bool:
    """Whether the sentence behind a label ends at ``tokens[at]``, of whose numbers so many were found; a line may break within it."""
    token, before, behind = tokens[at], tokens[at - 1], tokens[at + 1 : at + 2]
    if token.kind == "newline" and found:
        wrapped = before.kind == "word" and behind[0].kind in {"word", "number"}
        return not (wrapped or before.text == ",") or behind[0].text[:1].isupper()
    return token.kind in _ENDS or (found == len(("mine", "expected")) and (token.text in _SENTENCE_ENDS or token.text.isdigit()))


def decimals_of(number: _Found) -> int:
    """How many decimals each has at least; ``0.0`` is printed so."""
    texts = flat(number.tree) if not isinstance(number.tree, str) else [number.tree]
    return min((FEWEST_DECIMALS if text == "0.0" else len(text.partition(".")[2]) for text in texts), default=0)


def clause(tokens: list[Token]) -> list[Token]:
    """What is said behind the second number: up to the end of its sentence, or of its brackets."""
    for at, token in enumerate(tokens):
        if token.text in _SENTENCE_ENDS:
            return tokens[:at]
        if token.kind == "right":
            return tokens[: at + 1]
    return tokens


def pieces(tokens: list[Token]) -> list[list[str]]:
    """The words between signs and conjunctions; the first piece is empty where one of these leads."""
    pieces: list[list[str]] = [[]]
    for token in tokens:
        word = token.text.strip(" ").lower()
        if word in _PARTING:
            pieces.append([])
        elif token.kind == "word":
            if word in _INSTEAD:
                pieces.append([])
            pieces[-1].append(word)
    return pieces


def _parted(between: list[Token], *, alone: bool) -> tuple[list[str], list[str]]:
    """The words between two numbers, parted into those of the first and of the second one.

    Where nothing parts them they are of the second one, but for a first number that has words behind it only, as then (``alone``) the
    second has too.
    """
    parts = pieces(between)
    if len(parts) == 1:
        above = len(list(takewhile(lambda token: token.kind != "newline", between)))
        if said(parts[0][:above]) and said(parts[0][above:]):
            return parts[0][:above], parts[0][above:]
        return (parts[0], []) if alone else ([], parts[0])
    worded = [piece for piece in parts if piece]
    enclosed = between[0].text in "([" and any(token.text in ")]" for token in between)
    roles = [found.role for piece in worded if (found := said(piece))]
    if parts[0] or enclosed or len(set(roles)) > 1:
        return worded[0] if worded else [], [word for piece in worded[1:] for word in piece]
    return [], [word for piece in worded for word in piece]


def said(words: list[str]) -> _Said | None:
    """Whose a number is by the ``words`` beside it."""
    if not _OF_WANTING.isdisjoint(words):
        return _of_wanting(words)
    pairs = list(pairwise(["", *words]))
    own = _own(words)
    others = any(word in _FRIENDS or (word in _OTHERS and before != "my") for before, word in pairs)
    if own or others:
        of_both = others and bool(own - {"me"})  # "the notebook gives me 0.3"
        return None if of_both else _Said("expected" if others else "mine", surely=True)
    if not _INSTEAD.items().isdisjoint(pairs):
        return _Said("expected", surely=True)
    if not _WRONG.isdisjoint(words) or not (_NOT.isdisjoint(words) or _RIGHT.isdisjoint(words)):
        return _Said("mine", surely=False)
    roles: set[Role] = {role for before, word in pairs if word not in _SETTING | _OF_OUTPUT and (role := role_of(word, before))}
    if len(roles) == 1:
        return _Said(roles.pop(), surely=_RIGHT.isdisjoint(words))
    return None if roles or _OF_OUTPUT.isdisjoint(words) else _Said("mine", surely=True)


def _of_wanting(words: list[str]) -> _Said | None:
    """What is expected, or ought to be; None where it is denied: "is not the expected 0.3", "should not be 0.3"."""
    asked = "shouldn" in words and not {"it", "this", "that"}.isdisjoint(words)
    compared = not COMPARING.isdisjoint(takewhile(lambda word: word not in _OF_WANTING, words))
    denied = not _NOT.isdisjoint(words) and not asked and not compared
    return None if denied else _Said("expected", surely=not compared)


def _own(words: list[str]) -> set[str]:
    """The words of the first person, but not that in "my friend"."""
    return {word for word, behind in pairwise([*words, ""]) if word in _OWN and not (word == "my" and behind in _FRIENDS)}


def _of_one(front: _Said | None, behind: _Said | None) -> _Said | None:
    """What the words in front of a number and those behind it say together: the surer ones, and of two such those behind it."""
    if front and behind:
        return front if front.surely and not behind.surely else behind
    return front or behind


def _roles(first: _Said | None, second: _Said | None, *, against: bool) -> tuple[Role, Role] | None:
    """The sides of both; None where both are of one, or one is surely of none unless words set them ``against`` each other."""
    if first and second:
        return (first.role, second.role) if first.role != second.role else None
    one = first or second
    if not one or not one.surely or not against:
        return None
    return (one.role, OPPOSITE[one.role]) if first else (OPPOSITE[one.role], one.role)
