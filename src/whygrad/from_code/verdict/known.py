"""What was found out about one program, kept for the next: most submissions of a class share most of their functions.

What a run gives depends on the functions that are the learner's in it, on everything else that the program executes, and on how its other
functions are called; so does what the search finds in a function. Where all of that has the same form (``form``), the answer is the
same but for its lines, and those are moved. That holds between programs that can do nothing but compute (``tame``). In any other one
function could forge the answers to the next one, and so those of somebody else's, or read its own text: its answers serve a program that is
the same to the last character alone.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass, fields, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Protocol, TypeVar, cast

from whygrad.from_code.finding import Finding  # noqa: TC001 - as in its room
from whygrad.from_code.reference.parts import PARTS
from whygrad.from_code.text.bare_text import Form, form_of
from whygrad.sandbox.standins import unused

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

    from whygrad.from_code.verdict.trials import Trial
    from whygrad.read.source import Source
    from whygrad.records import Errors, Piece

_T = TypeVar("_T")
_K = TypeVar("_K")
_NEW, _TAKEN = 800, 800
"""Runs that are kept: so many that nobody has taken yet, those of thirty programs that share nothing, and so many that served."""
_FOUND = 3_000
"""What was found is kept for so many functions: it is small, and costs more than all runs together."""
_FIELDS = frozenset(
    (
        "function", "within", "source", "line", "column", "text", "id", "quantity", "step", "says", "hints", "proof", "whole",
        "lines", "raises", "shared", "reads_right", "ideas",
    )
)  # fmt: skip
"""The fields of a finding that hold no lines, and those that are moved."""
_NAMED = re.compile(r"(?<=\bline )\d+\b")
"""A line that a sentence names."""


class Counting(Protocol):
    """Something that counts ``runs``; those that an answer has cost are counted for whoever takes it, too."""

    runs: int


@dataclass(frozen=True, slots=True)
class _Answer:
    value: object
    runs: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A finding, the number of the piece that it is in, and its line there; the same of the other lines that it names, in their order."""

    piece: int
    line: int
    finding: Finding
    named: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Learnt:
    """What the search found in a function, as one process tells another: ``key`` stands for all that it depends on."""

    key: bytes
    runs: int
    found: tuple[Placed, ...]


class Known:
    """The answers of one process. ``taken`` counts how often one was used.

    Runs that served once are kept apart: most new ones are of one program's own mistake, and would push out what all have in common. The
    longest unused is forgotten first.
    """

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._new: OrderedDict[Hashable, _Answer] = OrderedDict()
        self._served: OrderedDict[Hashable, _Answer] = OrderedDict()
        self._found: OrderedDict[Hashable, Learnt] = OrderedDict()
        self._to_tell: list[Learnt] = []
        self.taken = 0

    def program(self, source: Source, counting: Counting, *, single: bool) -> Program | None:
        """What is known of one program; None where a part of it has no form. ``single`` is ``Definitions.single``."""
        forms, cells = forms_of(source)
        if source.live or None in forms or None in cells:
            return None
        whole = () if only_computes(source) else (blake2b(repr((source.pieces, source.cells)).encode()).digest(),)
        return Program(self, source.pieces, cast("list[Form]", forms), counting, whole, single=single)

    def take(self, key: Hashable) -> _Answer | None:
        """The answer, if it is known."""
        found = self._served.pop(key, None) or self._new.pop(key, None)
        if found is not None:
            _put(self._served, key, found, _TAKEN)
            self.taken += 1
        return found

    def keep(self, key: Hashable, answer: _Answer) -> None:
        """Keep an answer."""
        _put(self._new, key, answer, _NEW)

    def found(self, key: bytes) -> Learnt | None:
        """What the search found, if it is known."""
        learnt = self._found.get(key)
        if learnt is not None:
            self._found.move_to_end(key)
            self.taken += 1
        return learnt

    def find(self, learnt: Learnt) -> None:
        """Keep what the search found here."""
        self.learn((learnt,))
        self._to_tell.append(learnt)

    def learn(self, more: Iterable[Learnt]) -> None:
        """Keep what was found elsewhere."""
        for learnt in more:
            _put(self._found, learnt.key, learnt, _FOUND)

    def to_tell(self) -> list[Learnt]:
        """What was found here since this was asked for."""
        told, self._to_tell = self._to_tell, []
        return told


class Program:
    """What is known of one program."""

    def __init__(
        self,
        known: Known,
        pieces: Sequence[Piece],
        forms: Sequence[Form],
        counting: Counting,
        whole: tuple[bytes, ...],
        *,
        single: bool,
    ) -> None:
        """Made by ``Known.program``; every answer depends on all of ``whole`` too."""
        self._known, self._counting, self._whole, self._single = known, counting, whole, single
        self._all = list(zip(pieces, forms, strict=True))

    def trial(self, name: str, own: frozenset[str], number: int, ask: Callable[[], Trial]) -> Trial:
        """A run of ``own`` as ``Trials.trial`` makes it, known or made by ``ask``."""
        return self._remembered(("trial", name, number, own, self._single, self._slice(own)), ask, _lasting, _itself)

    def errors(self, backward: str, own: frozenset[str], ask: Callable[[], Errors | None]) -> Errors | None:
        """How far off the gradients are of ``own`` together, known or measured by ``ask``."""
        return self._remembered(("errors", backward, own, self._single, self._slice(own)), ask, _itself, _itself)

    def findings(
        self, function: str, number: int, ask: Callable[[], tuple[Finding, ...]], beside: frozenset[str] = frozenset()
    ) -> tuple[Finding, ...]:
        """What the search finds in one function that is wrong on the case of this ``number``, known or found by ``ask``.

        The search also looks at whether the functions ``beside`` it stay right.
        """
        own = frozenset({function})
        others = tuple((name, self._slice(frozenset({name}))) for name in sorted(beside))
        key = blake2b(repr((function, number, self._slice(own), *others)).encode(), digest_size=16).digest()
        known = self._known.found(key)
        if known is not None:
            self._counting.runs += known.runs
            return tuple(self._at(own, placed) for placed in known.found)
        before = self._counting.runs
        found = ask()
        kept = tuple(placed for one in found if (placed := self._placed(own, one)) is not None)
        if len(kept) == len(found):
            self._known.find(Learnt(key, self._counting.runs - before, kept))
        return found

    def _remembered(self, key: Hashable, ask: Callable[[], _T], keep: Callable[[_T], _K | None], give: Callable[[_K], _T]) -> _T:
        """The answer to ``ask``, made of what is kept of it by ``give``; ``keep`` says what that is, None where nothing may be."""
        known = self._known.take(key)
        if known is not None:
            self._counting.runs += known.runs
            return give(cast("_K", known.value))
        before = self._counting.runs
        found = ask()
        kept = keep(found)
        if kept is not None:
            self._known.keep(key, _Answer(kept, self._counting.runs - before))
        return found

    def _slice(self, own: frozenset[str]) -> tuple[bytes, ...]:
        """All that a run depends on in which these functions are the learner's."""
        others = unused(PARTS, own)
        return self._whole + tuple(form.outside if _is_others(form, others) else form.whole for _, form in self._all)

    def _parts(self, own: frozenset[str]) -> Iterator[tuple[Piece, Form]]:
        others = unused(PARTS, own)
        return (pair for pair in self._all if not _is_others(pair[1], others))

    def _placed(self, own: frozenset[str], one: Finding) -> Placed | None:
        """A finding by the number of its piece and the line of its form; None where it tells of lines that are not known to be moved."""
        parts = list(self._parts(own))
        if _tells_of_more(one) or (one.lines and any(form.speaks_of_lines for _, form in parts)):
            return None
        place, *named = (_place(parts, *line) for line in ((one.source, one.line), *one.lines))
        found = tuple(other for other in named if other is not None)
        return None if place is None or len(found) < len(named) else Placed(*place, one, found)

    def _at(self, own: frozenset[str], placed: Placed) -> Finding:
        parts = list(self._parts(own))
        (source, line), *lines = (_line(parts, *place) for place in ((placed.piece, placed.line), *placed.named))
        found = replace(placed.finding, source=source, line=line, lines=tuple(lines))
        now = {str(old): str(new) for (_, old), (_, new) in zip(placed.finding.lines, lines, strict=True)}
        if not now:
            return found
        says, *hints = (_NAMED.sub(lambda number: now[number[0]], text) for text in (found.says, *found.hints))
        return replace(found, says=says, hints=(hints[0], hints[1], hints[2]))


def _put(answers: OrderedDict[Hashable, _T], key: Hashable, answer: _T, most: int) -> None:
    answers[key] = answer
    if len(answers) > most:
        answers.popitem(last=False)


def only_computes(source: Source) -> bool:
    """Whether all of a program can do nothing but compute, so that it leaves nothing behind in its process."""
    return all(form is not None and form.tame for forms in forms_of(source) for form in forms)


def forms_of(source: Source) -> tuple[list[Form | None], list[Form | None]]:
    """The forms of a program's pieces, and of those of its cells; None for what cannot be parsed."""
    return [form_of(piece.text) for piece in source.pieces], [form_of(piece.text) for cell in source.cells for piece in cell]


def _itself(answer: _T) -> _T:
    return answer


def _lasting(trial: Trial) -> Trial | None:
    """A run whose answer depends on nothing but the program."""
    return trial if trial.reply.status == "returned" and not trial.reply.random else None


def _is_others(form: Form, others: frozenset[str]) -> bool:
    """Whether a piece does nothing but define some of the ``others``."""
    return bool(form.defines) and form.defines <= others


def _place(parts: Sequence[tuple[Piece, Form]], source: str, line: int) -> tuple[int, int] | None:
    """The number of the piece in which a line stands, and its number within the form; None where it is in none."""
    for number, (piece, form) in enumerate(parts):
        within = line - piece.line + 1
        if piece.source == source and within in form.lines:
            return number, form.lines.index(within)
    return None


def _line(parts: Sequence[tuple[Piece, Form]], number: int, line: int) -> tuple[str, int]:
    """The source and the number of a line that ``_place`` found."""
    piece, form = parts[number]
    return piece.source, piece.line + form.lines[line] - 1


def _tells_of_more(one: Finding) -> bool:
    """Whether a finding tells of lines that are not among its ``lines``, or may: in a field that is not known here."""
    if any(getattr(one, field.name) not in {None, ()} for field in fields(one) if field.name not in _FIELDS):
        return True
    numbers = [str(line) for _, line in one.lines]
    told = {number for text in (one.says, *one.hints) for number in _NAMED.findall(text)}
    return len(set(numbers)) < len(numbers) or not told.issubset(numbers)
