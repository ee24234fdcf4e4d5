"""What was found out about one program, kept for the next: most submissions of a class share most of their functions.

What a run gives depends on the functions that are the learner's in it, on everything else that the program executes, and on how its other
functions are called; so does what the search finds in a function. Where all of that has the same form (``form``), the answer is the
same but for its lines, and those are moved. That holds between programs that can do nothing but compute (``tame``). In any other one
function could forge the answers to the next one, and so those of somebody else's: its answers serve the same whole program alone.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Protocol, TypeAlias, TypeVar, cast

from whygrad.from_code.form import Form, form_of
from whygrad.from_code.parts import PARTS
from whygrad.sandbox.standins import unused

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.inputs import Case
    from whygrad.from_code.trials import Trial
    from whygrad.read.source import Source
    from whygrad.records import Errors, Piece

_T = TypeVar("_T")
_K = TypeVar("_K")
_Placed: TypeAlias = "tuple[int, int, Finding]"
"""A finding, the number of the piece that it is in, and its line there."""
_NEW, _TAKEN = 400, 800
"""Answers that are kept: so many that nobody has taken yet, the runs of a dozen programs that share nothing, and so many that served."""
_FIELDS = frozenset(
    (
        "function", "within", "source", "line", "column", "text", "id", "quantity", "step", "says", "hints", "proof", "facts", "whole",
    )
)  # fmt: skip
"""The fields of a finding that hold no lines, and those that are moved."""


class Counting(Protocol):
    """Something that counts ``runs``; those that an answer has cost are counted for whoever takes it, too."""

    runs: int


@dataclass(frozen=True, slots=True)
class _Answer:
    value: object
    runs: int


class Known:
    """The answers of one process. ``taken`` counts how often one was used.

    Those that served once are kept apart: most new ones are of one program's own mistake, and would push out what all have in common. Of
    either kind the longest unused is forgotten first.
    """

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._new: OrderedDict[Hashable, _Answer] = OrderedDict()
        self._served: OrderedDict[Hashable, _Answer] = OrderedDict()
        self.taken = 0

    def program(self, source: Source, counting: Counting, *, single: bool) -> Program | None:
        """What is known of one program; None where a part of it has no form. ``single`` is ``Definitions.single``."""
        forms, cells = forms_of(source)
        if source.live or None in forms or None in cells:
            return None
        known, also = cast("list[Form]", forms), cast("list[Form]", cells)
        tame = only_computes(source)
        whole = () if tame else (*(form.whole for form in known), b"cells", *(form.whole for form in also))
        return Program(self, source.pieces, known, counting, whole, single=single)

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

    def findings(self, function: str, case: Case, ask: Callable[[], tuple[Finding, ...]]) -> tuple[Finding, ...]:
        """What the search finds in one function, known or found by ``ask``."""
        own = frozenset({function})

        def placed(found: tuple[Finding, ...]) -> tuple[_Placed, ...] | None:
            places = [self._where(own, one) for one in found]
            if any(place is None for place in places) or any(map(_tells_of_lines, found)):
                return None
            return tuple((*place, one) for place, one in zip(places, found, strict=True) if place)

        def moved(kept: tuple[_Placed, ...]) -> tuple[Finding, ...]:
            return tuple(self._at(own, *one) for one in kept)

        return self._remembered(("findings", function, case, self._slice(own)), ask, placed, moved)

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

    def _where(self, own: frozenset[str], one: Finding) -> tuple[int, int] | None:
        """Which of the pieces a finding is in, and at which line of its form."""
        for number, (piece, form) in enumerate(self._parts(own)):
            line = one.line - piece.line + 1
            if piece.source == one.source and line in form.lines:
                return number, form.lines.index(line)
        return None

    def _at(self, own: frozenset[str], number: int, line: int, one: Finding) -> Finding:
        piece, form = list(self._parts(own))[number]
        return replace(one, source=piece.source, line=piece.line + form.lines[line] - 1)


def _put(answers: OrderedDict[Hashable, _Answer], key: Hashable, answer: _Answer, most: int) -> None:
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
    return bool(form.defines) and form.defines <= others


def _tells_of_lines(one: Finding) -> bool:
    """Whether a finding tells of other lines than its own, or may: in a field that is not known here."""
    return any(getattr(one, field.name) not in {None, ()} for field in fields(one) if field.name not in _FIELDS)
