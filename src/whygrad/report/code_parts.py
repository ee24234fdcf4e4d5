"""What a report on code says: the first thing to mend, each mistake with its line, and a small table of the functions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol, TypeVar

from whygrad.mistakes.words import counted, in_words, listed
from whygrad.report.part import Part
from whygrad.report.phrases import function_of, functions_of, sentence
from whygrad.report.printable import printable
from whygrad.report.stretch import stretch_parts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.records import FunctionVerdict, Location, Mistake, Result

_AT_MORE_LINES = re.compile(
    r"; the same (?:holds for|mistake stands in) [^;]*\blines? \d|\(line \d+\) (?:lacks?|has|have) [^;]* too\b|; line \d+ lacks it\b"
)
_IN_ONE_LINE = re.compile(r" has (\w+) slips: ")
_SEVERAL = {in_words(count): count for count in range(2, 10)}
"""How many slips of one line are told as one mistake."""
_WRONG_DERIVATIVE = "wrong-activation-derivative"
_DERIVATIVE = re.compile(r"(?: slips: |, and |, )((?:(?!, ).)+?) where another derivative belongs")
"""What stands, of several slips of one line, in the place of a derivative."""
_WORD = re.compile(r"[^\s.,:;?]+")


class Line(Protocol):
    """Where something stands."""

    @property
    def source(self) -> str: ...  # noqa: D102
    @property
    def line(self) -> int: ...  # noqa: D102


class Slip(Protocol):
    """What of a mistake tells whether another one is the same slip."""

    @property
    def id(self) -> str: ...  # noqa: D102
    @property
    def function(self) -> str | None: ...  # noqa: D102
    @property
    def says(self) -> str: ...  # noqa: D102
    @property
    def location(self) -> Line | None: ...  # noqa: D102


Told = TypeVar("Told", bound=Slip)
NO_LINE = "The line could not be found."
NOT_FILLED_IN = "not-filled-in"


def code_parts(result: Result, hint: int) -> Iterator[Part]:
    """The parts of a report on code."""
    yield Part("answer", _answer(result, hint))
    slips = slips_of(result.mistakes)
    for slip, hints in zip(slips, hints_once([slip[0] for slip in slips], hint), strict=True):
        yield from _slip(slip, hints, result, hint, told=slip is slips[0])
    told = {mistake.function for mistake in result.mistakes} or set(result.unexplained[:1])
    rows = tuple(_row(verdict, hint, told=verdict.function in told) for verdict in result.functions)
    yield Part("table", "", label="The functions", rows=rows)
    yield from closing(result)
    if _next_level_adds(result, hint):
        added = "what is wrong" if hint == 1 else "what the mathematics asks"
        yield Part("offer", f"--hint {hint + 1} adds {added}.")


def closing(result: Result) -> Iterator[Part]:
    """What is known beside the mistakes and the verdicts."""
    yield from (Part("fact", sentence(note), label="Note") for note in result.notes)
    if result.sandbox is not None:
        yield Part("fact", f"{counted(result.search.candidates, 'run')} in {_where(result.sandbox.tier)}.", label="How it was run")


def hints_once(mistakes: Sequence[Mistake], hint: int) -> Iterator[tuple[str, ...]]:
    """The hints of each mistake; one that an earlier mistake has told is left out, be it that each speaks of a name of its own."""
    told: list[tuple[Mistake, str]] = []
    for mistake in mistakes:
        hints = _more(mistake, hint)
        yield tuple(text for text in hints if hint == 1 or not any(_same_but_for_names(*one, mistake, text) for one in told))
        told += [(mistake, text) for text in hints]


def _same_but_for_names(earlier: Mistake, one: str, later: Mistake, other: str) -> bool:
    """Whether two hints say the same, each with what its mistake's own sentence calls by name."""
    mine, theirs = _WORD.findall(one), _WORD.findall(other)
    changed = {(word, meant) for word, meant in zip(mine, theirs, strict=False) if word != meant}
    if len(mine) != len(theirs) or len(changed) > 1:
        return False
    return all(word in _WORD.findall(earlier.says) and meant in _WORD.findall(later.says) for word, meant in changed)


def where_of(slip: Sequence[Mistake], line: str = "") -> str:
    """The functions and the line; of a helper's line the helper, and for which functions."""
    functions, within = listed(functions_of(slip)), slip[0].within
    return f"{functions}{line}" if within is None else f"{printable(within)}{line}, for {functions}"


def slips_of(mistakes: Sequence[Told]) -> list[tuple[Told, ...]]:
    """The mistakes, but what is wrong at one line and spoils several functions, as a helper's is, is one slip. Blanks come last."""
    slips: list[tuple[Told, ...]] = []
    for mistake in mistakes:
        one = next((number for number, slip in enumerate(slips) if _is_the_same(slip, mistake)), None)
        if one is None:
            slips.append((mistake,))
        else:
            slips[one] = (*slips[one], mistake)
    return sorted(slips, key=_is_blank)


def _is_the_same(slip: Sequence[Slip], mistake: Slip) -> bool:
    """Whether a mistake is a slip through another function: it is told in the same words, or raises at the same line with other sizes."""
    at, before = mistake.location, slip[0].location
    if at is None or before is None or (at.source, at.line) != (before.source, before.line):
        return False
    raises = "raises" in {mistake.id, slip[0].id} and mistake.function not in {one.function for one in slip}
    return mistake.says == slip[0].says or raises


def _is_blank(slip: Sequence[Slip]) -> bool:
    """What is not written cannot be wrong: it is told, but not counted."""
    return slip[0].id == NOT_FILLED_IN


def _next_level_adds(result: Result, hint: int) -> bool:
    if hint == 1:
        return result.verdict != "right"
    return any(_more(mistake, hint) != _more(mistake, hint + 1) for mistake in result.mistakes)


def place(location: Location) -> str:
    """``cell 4, line 12``, or ``line 12`` where there are no cells; of a module that lies beside the file, ``my_utils.py, line 12``."""
    if location.cell is not None:
        return f"cell {location.cell}, line {location.line}"
    beside = bool(location.file) and location.file != location.source
    return f"{printable(location.source)}, line {location.line}" if beside else f"line {location.line}"


def sentences(mistake: Mistake, hint: int) -> tuple[str, ...]:
    """What a hint level says of a mistake, each thing once: where, or else what it is and more about it."""
    if hint == 1:
        return (printable(mistake.hints[0]),)
    return f"{printable(mistake.says).rstrip('.')}.", *_more(mistake, hint)


def _more(mistake: Mistake, hint: int) -> tuple[str, ...]:
    """The hints of this level, each once."""
    return tuple(dict.fromkeys(printable(text) for text in (mistake.hints[:1] if hint == 1 else mistake.hints[1:hint])))


def _answer(result: Result, hint: int) -> str:
    if result.verdict == "right":
        return _all_right(result)
    slips = slips_of(result.mistakes)
    made, blanks = [slip for slip in slips if not _is_blank(slip)], [slip[0] for slip in slips if _is_blank(slip)]
    if not blanks:
        return _made(made, result, hint) if made else _no_line(result, hint)
    named = [f"{function_of(mistake)}{_in_brackets(mistake.location)}" for mistake in blanks]
    unwritten = f"{listed(named)} {_be(named)} not filled in yet"
    if made or result.unexplained:
        return f"{_made(made, result, hint) if made else _no_line(result, hint)} {unwritten}."
    return f"{unwritten}{'; no other function is wrong' if result.exonerated else ''}."


def _made(slips: Sequence[tuple[Mistake, ...]], result: Result, hint: int) -> str:
    """How many mistakes there are, and the first to mend."""
    first, count = slips[0][0], _how_many([slip[0] for slip in slips])
    where = where_of(slips[0], _in_brackets(first.location)) + (f": {said_of(first)}" if hint > 1 else "")
    least = "" if result.search.complete else "at least "
    many = f"{least}{in_words(count)} mistake{'s' * (count > 1)}"
    many = many[0].upper() + many[1:]
    start = f"{many}, in {where}." if len(slips) == 1 else f"{many}. The first to mend is in {where}."
    if not result.unexplained:
        return start
    return f"{start} {listed(result.unexplained)} {_be(result.unexplained)} wrong too, but the line could not be found."


def _how_many(mistakes: Sequence[Mistake]) -> int:
    """How many slips there are at least: lines where something comes out wrong, and no more is known, may do so because of one.

    A wrong derivative that one line has beside another slip, and other lines have alone, is one.
    """
    follow = {mistake.function for mistake in mistakes if _only_comes_out_wrong(mistake)}
    known = [mistake for mistake in mistakes if not _only_comes_out_wrong(mistake)]
    several = [found for mistake in known if (found := _IN_ONE_LINE.search(mistake.says))]
    alone = [one for one in known if one.id == _WRONG_DERIVATIVE and one.location and not _IN_ONE_LINE.search(one.says)]
    again = [
        slope
        for mistake in known
        if _IN_ONE_LINE.search(mistake.says)
        for slope in _DERIVATIVE.findall(mistake.says)
        if any(one.function == mistake.function and one.location and slope in one.location.text for one in alone)
    ]
    return len(follow) + len(known) + sum(_SEVERAL.get(found[1], 1) - 1 for found in several) - len(again)


def _only_comes_out_wrong(mistake: Mistake) -> bool:
    return (mistake.id, mistake.proof) == ("unnamed", "located")


def _all_right(result: Result) -> str:
    right = [verdict.function for verdict in result.functions if verdict.verdict == "right"]
    if len(right) == 1 == len(result.functions):
        return f"{right[0]} is right."
    if len(right) == len(result.functions):
        return f"All {in_words(len(right))} functions are right."
    missing = [verdict.function for verdict in result.functions if verdict.verdict != "right"]
    absent = f"{missing[0]} is" if len(missing) == 1 else "the others are"
    return f"{listed(right)} {_be(right)} right; {absent} not there."


def _no_line(result: Result, hint: int) -> str:
    """The first function to mend, where nothing is known but that it is wrong."""
    bad = [verdict for verdict in result.functions if verdict.function in result.unexplained]
    waiting = [verdict for verdict in result.functions if verdict.verdict == "not reached"]
    if not bad and waiting:
        right = f"Right: {listed(result.exonerated)}. " if result.exonerated else ""
        rest = listed([verdict.function for verdict in waiting])
        why = "it" if len(waiting) == 1 else waiting[0].function
        return f"{right}Not judged: {rest}, because {why} {printable(waiting[0].says).rstrip('.')}."
    if not bad:
        return "Unknown: none of the functions could be judged."
    first = bad[0]
    where = f"{first.function}{_in_brackets(first.location)}"
    what = f": {printable(first.says).rstrip('.')}" if hint > 1 else ""
    if len(bad) == 1:
        return f"{where} is not right{what}. {NO_LINE}"
    return f"{in_words(len(bad)).capitalize()} functions are not right. The first to mend is {where}{what}. {NO_LINE}"


def _slip(slip: tuple[Mistake, ...], hints: Sequence[str], result: Result, hint: int, *, told: bool) -> Iterator[Part]:
    mistake = slip[0]
    says = "" if told or hint == 1 else f"{said_of(mistake)}."
    location = mistake.location
    if location is not None and location.text:
        yield Part("line", says, where_of(slip, f", {place(location)}"), (printable(location.text),), quoted=True)
    elif says:
        yield Part("line", says, where_of(slip))
    yield from (Part("hint", text) for text in hints)
    if hint > 1 and mistake.stretch is not None:
        yield from stretch_parts(mistake.stretch)
    if hint > 1 and mistake.proof in {"proved", "located"}:
        yield Part("fact", how_sure(slip, result), label="How sure")


def how_sure(slip: tuple[Mistake, ...], result: Result) -> str:
    """How it is known that this is the place."""
    if any(mistake.proof == "located" for mistake in slip):
        return "it happens at this line or next to it; no experiment proved it."
    functions = functions_of([mistake for mistake in slip if mistake.proof != "contract"])
    several = sum(function_of(mistake) in functions for mistake in result.mistakes) > len(slip)
    others = " and in the place of the other mistakes" if several else ""
    others = f" and at the other lines{others}" if any(_AT_MORE_LINES.search(mistake.says) for mistake in slip) else others
    loops = [name for name in functions if name.replace("_", "_cell_", 1) in functions]
    sure = [name for name in functions if name not in loops]
    # right values within its calls would also hide what a loop hands on wrongly
    of_loops = f"; of {listed(loops)} the next run tells" if loops else ""
    return f"with the right value put in here{others}, {listed(sure)} {_be(sure)} right{of_loops}."


def _row(verdict: FunctionVerdict, hint: int, *, told: bool) -> tuple[str, ...]:
    """Function, verdict, and what is known if it stands nowhere above."""
    obvious = verdict.verdict == "right" or (verdict.verdict == "missing" and verdict.location is None)
    if hint == 1 or obvious or told:
        return verdict.function, verdict.verdict
    return verdict.function, verdict.verdict, printable(verdict.says)


def said_of(mistake: Mistake) -> str:
    """What is wrong, after words that name the function."""
    says, own = printable(mistake.says).rstrip("."), f"{mistake.function} "
    return f"it {says.removeprefix(own)}" if says.startswith(own) else says


def _in_brackets(location: Location | None) -> str:
    return "" if location is None else f" ({place(location)})"


def _where(tier: str) -> str:
    """What the tier is called in a sentence."""
    if tier == "this process":
        return tier
    return f"a child process with {tier}" if tier.endswith(" only") else f"a child process, closed in by {listed(tier.split(' + '))}"


def _be(functions: Sequence[str]) -> str:
    return "is" if len(functions) == 1 else "are"
