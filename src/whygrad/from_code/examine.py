"""The main path from code: a verdict for each function, then what is wrong in those that are not right."""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.from_code.reference.inputs import COURSE_SIZES, SIZES
from whygrad.from_code.reference.parts import FUNCTIONS
from whygrad.from_code.verdict.claimed import printed_so
from whygrad.from_code.verdict.isolate import Examination
from whygrad.from_code.verdict.names_no_longer_there import gone
from whygrad.from_code.verdict.names_nothing_makes import from_a_file, unmade
from whygrad.from_code.verdict.only_shown import without_what_only_shows
from whygrad.from_code.verdict.own_calls import OwnCells
from whygrad.from_code.verdict.own_inputs import cuts_at_a_size, of_own_inputs, writes_a_size
from whygrad.from_code.verdict.reasons import COULD_NOT, at, with_reason
from whygrad.from_code.verdict.saved import older_outputs
from whygrad.mistakes.words import listed
from whygrad.read.needed import asked
from whygrad.read.source import decorator_lines
from whygrad.records import FunctionVerdict, Location, Mistake, Result, Sandbox, Search
from whygrad.shadowing import said_of

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Hashable, Iterable, Sequence

    from whygrad.from_code.reference.inputs import Sizes
    from whygrad.from_code.verdict.known import Known
    from whygrad.read.source import Source
    from whygrad.records import Errors
    from whygrad.sandbox.requests import Host, Piece, Reply, Request

NOT_DONE = {"missing", "not reached"}
_TIME_IS_UP = "the time for all runs of the code was up before all was tried: more may be wrong, or another line than is told"


def examine(source: Source, host: Host, tier: str, known: Known | None = None, sizes: tuple[Sizes, Sizes] = SIZES) -> Result:
    """Say of each of the eight functions whether it is right, and of those that are not where and why.

    What earlier programs have told is taken from ``known``, and what this one tells is put there. ``sizes`` are those of the two cases that
    every function must get right.
    """
    with np.errstate(all="ignore"):  # wrong programs overflow and divide by zero, and so does what is made of their numbers
        result = _examined(source, host, tier, known, sizes)
        return _without_written_sizes(source, host, tier, result) or result


def _without_written_sizes(source: Source, host: Host, tier: str, result: Result) -> Result | None:
    """What is told at the notebook's sizes, where a line is wrong only for a size that is written into it, beside another mistake.

    None where all lines are wrong there too. With no other mistake the function is right, and a note says so. Two cuts may be told as one.
    """
    if not any(map(writes_a_size if len(result.mistakes) > 1 else cuts_at_a_size, result.mistakes)):
        return None
    here = _examined(source, host, tier, None, (COURSE_SIZES, COURSE_SIZES))
    places = {(one.function, one.location) for one in here.mistakes}
    gone = [one for one in result.mistakes if (one.function, one.location) not in places]
    if here.verdict != "explained" or _TIME_IS_UP in here.notes or not gone or not all(map(writes_a_size, gone)):
        return None
    fits = dict.fromkeys(
        f"{one.function} was judged at the notebook's sizes: some size in it does not come from its arguments" for one in gone
    )
    others = [note for one in result.functions if one.verdict == "right" for note in one.notes]
    search = replace(here.search, candidates=result.search.candidates + here.search.candidates)
    return replace(here, search=search, notes=tuple(dict.fromkeys([*others, *here.notes, *fits])))


def _examined(source: Source, host: Host, tier: str, known: Known | None, sizes: tuple[Sizes, Sizes]) -> Result:
    counting = _Counting(host)
    examination = _examination(source, counting, known, sizes)
    functions = _verdicts(source, examination)
    instead = without_what_only_shows(source, examination.raised.values()) or _as_it_ran(source, functions, host, sizes)
    if instead is not None:
        other, note = instead
        with host.holding(other.pieces) as held:
            result = _examined(other, held, tier, known, sizes)
        return replace(result, notes=(*result.notes, note))
    wrong = [verdict for verdict in functions if verdict.verdict not in NOT_DONE and verdict.verdict != "right"]
    mistakes: list[Mistake] = []
    untold: set[str] = set()
    if wrong:
        from whygrad.from_code.search.what_is_wrong import what_is_wrong  # noqa: PLC0415 - where all is right none of it is needed

        mistakes, taken = what_is_wrong(examination, wrong)
        told = {mistake.function for mistake in mistakes} | examination.helpers.through | taken
        untold = {verdict.function for verdict in wrong} - told
        verdict = ("partly" if untold else "explained") if mistakes else "unknown"
    else:
        said = {verdict.verdict for verdict in functions}
        verdict = "right" if "right" in said and "not reached" not in said else "unknown"
    hidden = dict.fromkeys(examination.hidden)
    faults = [*examination.faults, *([_TIME_IS_UP] if counting.ended else ())]
    cuts = [*faults, *(f"what else may be wrong in {name} shows when what is told of it is mended" for name in hidden)]
    cuts += [f"{verdict.function} could not be judged" for verdict in functions if verdict.verdict == "not reached"]
    place, sizes_told = _placed(source), of_own_inputs(examination.trials, mistakes)
    printed, reproduced = printed_so(counting, examination.trials.own, source.beside) if source.beside else (0, 0)
    drawn = source.beside.drawn if source.beside else {}
    checks = [f"the numbers of {check} are those of a check that {detail}" for check, detail in drawn.items()]
    return Result(
        verdict=verdict,
        assignment=SEQUENCE_MODELS.id,
        checks=tuple(verdict.function for verdict in functions if verdict.verdict != "missing"),
        printed=printed,
        reproduced=reproduced,
        mistakes=tuple(replace(mistake, location=place(mistake.location)) for mistake in mistakes),
        search=Search(counting.runs, not cuts, tuple(cuts)),
        exonerated=tuple(verdict.function for verdict in functions if verdict.verdict == "right"),
        unexplained=tuple(name for name in FUNCTIONS if name in untold),
        notes=tuple(dict.fromkeys([*_notes(source, functions), *_older(source, examination), *faults, *sizes_told, *checks])),
        functions=tuple(replace(verdict, location=place(verdict.location)) for verdict in functions),
        sandbox=Sandbox(tier),
        errors=_pictures(examination, functions) if wrong else (),
    )


def _examination(source: Source, counting: _Counting, known: Known | None, sizes: tuple[Sizes, Sizes]) -> Examination:
    examination = Examination(counting, source.pieces, sizes)
    examination.host = counting
    examination.where = lambda piece: at(source.location(piece.source, piece.line, 1))
    examination.line = lambda where, line: at(source.location(where, line, 1))
    examination.live = bool(source.live)
    trials = examination.trials
    trials.definitions.computed = frozenset(source.computed)
    trials.own |= source.live.keys() & set(FUNCTIONS)  # of live functions the text may not be to be had
    trials.cells = OwnCells(counting, source.cells, trials.own)
    if known is not None:
        trials.known = known.program(source, counting, single=trials.definitions.single)
    return examination


def _verdicts(source: Source, examination: Examination) -> tuple[FunctionVerdict, ...]:
    return tuple(with_reason(source, verdict, examination.raised.get(verdict.function)) for verdict in examination.verdicts())


def _as_it_ran(source: Source, now: Sequence[FunctionVerdict], host: Host, sizes: tuple[Sizes, Sizes]) -> tuple[Source, str] | None:
    """The code as all that uses the functions found it, and what is said of the names that get another value behind that.

    None where these change nothing, or more functions are right with them.
    """
    if not source.late or all(verdict.verdict in {"right", "missing"} for verdict in now):
        return None
    again = {name for piece in source.late for name in piece.names}
    pieces = tuple(piece for piece in source.pieces if piece not in source.late)
    ran = replace(source, pieces=pieces, late=(), duplicates=tuple(one for one in source.duplicates if one.name not in again))
    with host.holding(ran.pieces) as held:
        before = _verdicts(ran, _examination(ran, _Counting(held), None, sizes))
    if sum(verdict.verdict == "right" for verdict in now) > sum(verdict.verdict == "right" for verdict in before):
        return None
    pairs = zip(now, before, strict=True)
    changed = [one.function for one, other in pairs if one.verdict != "right" and (one.verdict, one.says) != (other.verdict, other.says)]
    read = {name for piece in ran.pieces for name in asked(piece.text)}
    names = dict.fromkeys(name for piece in source.late for name in piece.names if name in read)
    places = [at(source.location(piece.source, piece.line + decorator_lines(piece))) for piece in source.late]
    get, were = "gets" if len(names) == 1 else "get", "was" if len(changed) == 1 else "were"
    judged = f"{listed(changed)} {were} judged with what was there before, and would not be right with the later value"
    says = f"{listed(names)} {get} another value at {listed(places)}, behind all that uses the functions: {judged}"
    return (ran, says) if changed else None


def _pictures(examination: Examination, verdicts: tuple[FunctionVerdict, ...]) -> tuple[Errors, ...]:
    from whygrad.from_code.picture import pictures  # noqa: PLC0415 - where all is right there is none

    return pictures(examination.trials, verdicts)


class _Counting:
    """A host that counts its runs, and knows whether their time was up.

    What an edited program answered is kept: several searches come to the same edit.
    """

    def __init__(self, host: Host) -> None:
        self._host = host
        self._edited: tuple[Piece, ...] | None = None
        self._answers: dict[Hashable, tuple[Request, Reply]] = {}
        self.runs = 0
        self.ended = False

    def run(self, request: Request) -> Reply:
        self.runs += 1
        if self._edited is None or request.substitutes or request.notebook:
            return self._asked(request)
        alike = replace(request, arguments=())
        key = self._edited, id(request.arguments), alike  # the arguments are held, so no others have their id
        if key not in self._answers:
            self._answers[key] = request, self._asked(request)
        return self._answers[key][1]

    def _asked(self, request: Request) -> Reply:
        reply = self._host.run(request)
        self.ended |= reply.last
        return reply

    @contextmanager
    def holding(self, pieces: Sequence[Piece]) -> Generator[Host]:
        with self._host.holding(pieces) as other:
            before = self._host, self._edited
            self._host, self._edited = other, tuple(pieces)
            try:
                yield self
            finally:
                self._host, self._edited = before


def _placed(source: Source) -> Callable[[Location | None], Location | None]:
    """From a place as the pieces count it to one as the user sees it."""

    def place(location: Location | None) -> Location | None:
        if location is None or location.file or location.source not in source.origins:
            return location
        return source.location(location.source, location.line, location.column)

    return place


def _older(source: Source, examination: Examination) -> list[str]:
    """The printed numbers in the notebook are evidence only if its code still prints them."""
    trials = examination.trials
    return [
        f"your printed numbers of {check} come from an older version of the code: the code was diagnosed as it is now"
        for check in older_outputs(source.outputs, trials.cells.printed, trials.own)
    ]


def _unread(source: Source, functions: Iterable[FunctionVerdict]) -> list[str]:
    """What is said of code that Python does not take.

    Of one of the functions, or of what has another text in the file, only where that text stands above and was judged.
    """
    where: dict[str, list[str]] = defaultdict(list)
    told = {verdict.location for verdict in functions}
    for unparsed in source.unparsed:
        above = [name for name in unparsed.functions if (taken := source.definition(name)) and _order(taken) < _order(unparsed.location)]
        stand = "was judged as it stands" if len(above) == 1 else "were judged as they stand"
        says = f"{unparsed.reason.removesuffix('.')}; {listed(above)} {stand} above" if above else unparsed.reason
        if above or not (unparsed.location in told or any(name in FUNCTIONS or source.definition(name) for name in unparsed.functions)):
            where[says].append(at(unparsed.location))
    return [f"{'; '.join(places)} {COULD_NOT} {says}" for says, places in where.items()]


def _order(place: Location) -> tuple[int, int]:
    return place.cell or 0, place.line


def _notes(source: Source, functions: Iterable[FunctionVerdict]) -> list[str]:
    """Facts that do no harm, of the reading and of the functions."""
    notes = [note for verdict in functions for note in verdict.notes]
    for twice in source.duplicates:
        which = "the last one that takes this assignment's arguments" if twice.later else "the last one"
        notes.append(f"{twice.name} is defined {len(twice.earlier) + len(twice.later) + 1} times; {which}, at {at(twice.kept)}, was taken")
    notes += _unread(source, functions)
    notes += [says for says in (unmade(source), from_a_file(source), gone(source)) if says is not None]
    if source.libraries:
        notes.append(said_of(list(source.libraries), "the file's folder"))
    if source.methods:
        notes.append("the methods of your class were judged as functions, each by itself")
    notes += source.said
    notes += [f"{name} has no text that could be looked into, so only its results were judged" for name in source.without_source]
    return notes
