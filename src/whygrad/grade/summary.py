"""What the class has in common, from the lines of its results: counts and groups, no sentences."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from whygrad.mistakes.words import listed
from whygrad.read.code_file import NONE_OF_THEM
from whygrad.report.code_parts import NOT_FILLED_IN, slips_of
from whygrad.shadowing import has_a_librarys_name

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from whygrad.grade.records import Line, Numbers, Status

_EMPTY = hashlib.sha256().hexdigest()


@dataclass(frozen=True, slots=True)
class Made:
    """One mistake of a submission, in the few facts by which mistakes are the same; of a helper's line for all functions that it spoils."""

    id: str
    function: str | None
    quantity: str
    step: int | None


@dataclass(frozen=True, slots=True)
class _Line:
    source: str
    line: int


@dataclass(frozen=True, slots=True)
class _Told:
    """A mistake of one function, with what tells whether it is another function's too."""

    id: str
    function: str | None
    quantity: str
    step: int | None
    says: str
    location: _Line | None


@dataclass(frozen=True, slots=True)
class Judged:
    """One function's verdict."""

    function: str
    verdict: str


@dataclass(frozen=True, slots=True)
class _Search:
    complete: bool


@dataclass(frozen=True, slots=True)
class _Diagnosis:
    mistakes: tuple[_Told, ...]
    functions: tuple[Judged, ...]
    problem: str | None
    search: _Search
    unexplained: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """One submission in a few facts: what is kept of each while all are looked at together.

    ``complete`` is False where there may be more mistakes than were found; ``numbers`` are those of a text.
    """

    path: str
    status: Status
    sha256: str
    code: str | None
    mistakes: tuple[Made, ...]
    functions: tuple[Judged, ...]
    problem: str | None
    complete: bool
    numbers: Numbers | None = None

    @property
    def in_part(self) -> bool:
        """Whether it is a text that is right as far as it goes: not all that its checks print is there."""
        return self.status == "right" and self.numbers is not None and self.numbers.share < 1

    @property
    def folder(self) -> str:
        """The folder that it is in."""
        return self.path.rpartition("/")[0]

    @property
    def kinds(self) -> tuple[tuple[str, str | None], ...]:
        """Its mistakes as (id, function), each once."""
        return tuple(dict.fromkeys((made.id, made.function) for made in self.mistakes))


@dataclass(slots=True)
class Summary:
    """The class. Lists of submissions are in the order of their paths."""

    briefs: list[Brief]
    statuses: Counter[Status] = field(default_factory=Counter["Status"])
    by_mistake: dict[tuple[str, str | None], list[Brief]] = field(default_factory=dict[tuple[str, "str | None"], "list[Brief]"])
    """By (id, function), the most frequent first; what is not filled in yet is none, here and below."""
    by_function: dict[str, Counter[str]] = field(default_factory=dict[str, "Counter[str]"])
    same_code: list[list[Brief]] = field(default_factory=list["list[Brief]"])
    """Groups that handed in the same program, or the same file."""
    same_mistakes: list[list[Brief]] = field(default_factory=list["list[Brief]"])
    """Groups that made the same two mistakes or more, at the same places."""
    not_run: dict[str, list[Brief]] = field(default_factory=dict[str, "list[Brief]"])
    """By the sentence that says why."""
    in_part: list[Brief] = field(default_factory=list["Brief"])
    """Texts that are right as far as they go."""
    beside: list[Brief] = field(default_factory=list["Brief"])
    """Python files that define none of the functions, in the folder of a file that was judged; they are in none of the others."""
    libraries: list[Brief] = field(default_factory=list["Brief"])
    """Such files, whether counted or not, that programs in their folder get in place of a library."""


def brief(line: Line) -> Brief:
    """The few facts of a line."""
    read = msgspec.json.decode(line.diagnosis, type=_Diagnosis)
    head = line.path, line.status, line.sha256, line.code
    complete = read.search.complete and not read.unexplained
    slips = sorted(slips_of(read.mistakes), key=lambda slip: read.mistakes.index(slip[0]))  # blanks where they were
    return Brief(*head, tuple(map(_made, slips)), read.functions, read.problem, complete, line.numbers)


def _made(slip: Sequence[_Told]) -> Made:
    """One slip, in all the functions that it is told of."""
    first, functions = slip[0], dict.fromkeys(one.function for one in slip if one.function)
    return Made(first.id, listed(functions) or None, first.quantity, first.step)


def summary(lines: Iterable[Line], named: Container[str] = ()) -> Summary:
    """Look at all submissions together. ``named`` are the folders in which each file is somebody's."""
    every = sorted(map(brief, lines), key=lambda one: one.path)
    judged_in = {one.folder for one in every if one.status != "could not be run"}
    without = [one for one in every if _has_nothing(one) and one.folder in judged_in]
    beside = [one for one in without if one.folder not in named]
    apart = {one.path for one in beside}
    briefs = [one for one in every if one.path not in apart]
    mistakes: defaultdict[tuple[str, str | None], list[Brief]] = defaultdict(list)
    functions: defaultdict[str, Counter[str]] = defaultdict(Counter)
    codes: defaultdict[str, list[Brief]] = defaultdict(list)
    sets: defaultdict[tuple[Made, ...], list[Brief]] = defaultdict(list)
    not_run: defaultdict[str, list[Brief]] = defaultdict(list)
    for one in briefs:
        if one.status == "could not be run":
            not_run[one.problem or ""].append(one)
            continue
        codes[one.code or one.sha256].append(one)
        for kind in one.kinds:
            if kind[0] != NOT_FILLED_IN:
                mistakes[kind].append(one)
        for judged in one.functions:
            functions[judged.function][judged.verdict] += 1
        made = tuple(sorted((mistake for mistake in one.mistakes if mistake.id != NOT_FILLED_IN), key=repr))
        if len(made) > 1:
            sets[made].append(one)
    return Summary(
        briefs,
        Counter(one.status for one in briefs),
        dict(sorted(mistakes.items(), key=lambda item: (-len(item[1]), str(item[0])))),
        dict(functions),
        _groups(codes.values()),
        _groups(sets.values()),
        dict(sorted(not_run.items(), key=lambda item: (-len(item[1]), item[0]))),
        [one for one in briefs if one.in_part],
        beside,
        [one for one in without if has_a_librarys_name(one.path)],
    )


def _has_nothing(one: Brief) -> bool:
    """Whether it is a Python file with none of the functions."""
    return one.path.endswith(".py") and (one.sha256 == _EMPTY or NONE_OF_THEM in (one.problem or ""))


def _groups(found: Iterable[list[Brief]]) -> list[list[Brief]]:
    """Those of more than one, the largest first."""
    return sorted((group for group in found if len(group) > 1), key=lambda group: (-len(group), group[0].path))
