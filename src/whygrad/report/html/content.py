"""What stands on the page, in its order: the answer, each mistake with its line and its hints, the functions, and what else is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from whygrad.assignments import ASSIGNMENTS
from whygrad.report.code_parts import closing, how_sure, place, said_of, slips_of, where_of
from whygrad.report.part import HINTS
from whygrad.report.parts import parts
from whygrad.report.phrases import what_in
from whygrad.report.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.records import Location, Mistake, Result
    from whygrad.report.part import Part

_HINT_TITLES = ("where to look", "what is wrong", "what the mathematics asks")
_MARKS = {
    "right": "✓",
    "wrong": "✗",
    "raises": "✗",
    "blank": "○",
    "missing": "○",
    "not reached": "?",
    "perhaps wrong": "?",
    "not told": "?",
}
_HEADS = {
    "explained": ("✗", "Mistake found"),
    "partly": ("✗", "Explained in part"),
    "right": ("✓", "Right"),
    "unknown": ("?", "Unknown"),
    "unreadable": ("!", "Not read"),
}


@dataclass(frozen=True, slots=True)
class Hint:
    """One hint: ``open`` is True for the level that was asked for, the others lie folded."""

    title: str
    texts: tuple[str, ...]
    open: bool


@dataclass(frozen=True, slots=True)
class Quote:
    """Lines of the learner's, each with its number and whether it is the one."""

    where: str
    lines: tuple[tuple[int, str, bool], ...]


@dataclass(frozen=True, slots=True)
class Slip:
    """One mistake as it is shown; ``title`` is empty where it is the only one."""

    title: str
    quote: Quote | None
    hints: tuple[Hint, ...]
    sure: str


@dataclass(frozen=True, slots=True)
class Row:
    """One function: a mark, the verdict in a word, and what is known of it."""

    function: str
    mark: str
    verdict: str
    says: str


@dataclass(frozen=True, slots=True)
class Content:
    """The whole page."""

    verdict: str
    mark: str
    head: str
    answer: str
    slips: tuple[Slip, ...]
    rows: tuple[Row, ...]
    facts: tuple[Part, ...]


def content(result: Result, hint: int, *, above: bool = True) -> Content:
    """What is to be shown of ``result``; ``hint`` is the level of the answer's sentence and of the hint that is open.

    Without ``above`` the hints of higher levels are left out.
    """
    shown = parts(result, hint)
    mark, head = ("✓", "The functions are right") if result.of_a_check else _HEADS[result.verdict]
    if result.verdict == "unknown" and result.functions and result.unexplained:
        mark, head = "✗", "Not right"
    facts = closing(result) if result.functions else (part for part in shown if part.role == "fact")
    return Content(
        result.verdict,
        mark,
        head,
        shown[0].text,
        tuple(_slips(result, hint, len(HINTS) if above else hint)),
        tuple(_rows(result, hint)),
        tuple(facts),
    )


def _slips(result: Result, hint: int, most: int) -> Iterator[Slip]:
    slips = slips_of(result.mistakes)
    for slip in slips:
        mistake, location = slip[0], slip[0].location
        where = where_of(slip, "" if location is None else f", {place(location)}")
        sure = how_sure(slip, result) if hint > 1 and mistake.proof in {"proved", "located"} else ""
        told = len(slips) == 1 and hint > 1
        yield Slip(where if len(slips) > 1 else "", _quote(where, location), tuple(_hints(mistake, hint, most, told=told)), sure)


def _quote(where: str, location: Location | None) -> Quote | None:
    if location is None or not location.text:
        return None
    lines = location.excerpt or (location.text,)
    first = location.excerpt_line or location.line
    return Quote(where, tuple((number, _as_it_stands(line), number == location.line) for number, line in enumerate(lines, first)))


def _as_it_stands(line: str) -> str:
    """The line with its indentation, and with nothing in it that is not shown."""
    text = line.lstrip(" ")
    return " " * (len(line) - len(text)) + printable(text)


def _hints(mistake: Mistake, asked: int, most: int, *, told: bool) -> Iterator[Hint]:
    """The hints up to level ``most``; ``told`` where the answer's sentence has said what is wrong."""
    says = f"{said_of(mistake)}." if mistake.location else f"{what_in(mistake)}."
    begun = f"{says[0].upper()}{says[1:]}" if says.startswith(("in ", "it ", "the ")) else says
    levels = ((mistake.hints[0],), (mistake.hints[1],) if told else (begun, mistake.hints[1]), (mistake.hints[2],))
    shown: set[str] = set()
    for level, title, texts in zip(HINTS, _HINT_TITLES, levels, strict=True):
        new = tuple(text for given in texts if (text := printable(given)) not in shown)
        shown |= set(new)
        if new and level <= most:
            yield Hint(f"Hint {level}: {title}", new, level == asked)


def _rows(result: Result, hint: int) -> Iterator[Row]:
    if result.functions:
        for verdict in result.functions:
            says = printable(verdict.says) if hint > 1 and verdict.verdict not in {"right", "missing"} else ""
            yield Row(verdict.function, _MARKS[verdict.verdict], verdict.verdict, says)
    elif result.assignment in ASSIGNMENTS and result.verdict != "unreadable":
        for function, (verdict, says) in _known_from_numbers(result).items():
            yield Row(function, _MARKS[verdict], verdict, says)


def _known_from_numbers(result: Result) -> dict[str, tuple[str, str]]:
    """What the numbers tell of each of the assignment's functions."""
    assignment = ASSIGNMENTS[result.assignment or ""]
    run = {function for check in result.checks for function in assignment.chain(check)}
    explanations: list[Sequence[Mistake]] = [result.mistakes, *(other.mistakes for other in result.alternatives)]
    blamed = [{mistake.function for mistake in mistakes} for mistakes in explanations]
    known: dict[str, tuple[str, str]] = {}
    for function in assignment.vocabulary.roles:
        if all(function in functions for functions in blamed):
            known[function] = "wrong", ""
        elif any(function in functions for functions in blamed):
            known[function] = "perhaps wrong", "another explanation blames another function"
        elif function in result.exonerated:
            known[function] = "right", "as far as these numbers tell"
        else:
            known[function] = "not told", "" if function in run else "no number of it was given"
    return known
