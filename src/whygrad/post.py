"""A text that somebody posted: what its numbers, the functions that stand in it and its error tell together."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from whygrad import read
from whygrad.errors import SandboxError, UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from whygrad.from_numbers.answer.readings import Answer
    from whygrad.from_numbers.candidates.as_shown import Shown
    from whygrad.read.source import Source
    from whygrad.records import Reading, Result

T = TypeVar("T")


def told_by(
    content: str, source: str, notes: Iterable[str], judged: Callable[[Source], Result], written: Source | None = None
) -> tuple[Result, Reading | None]:
    """What a text tells, and the numbers that were read in it, if there are any; ``source`` and ``notes`` as for ``diagnose_text``.

    The functions that stand in the text are ``judged``, as they are ``written``; where that is not said, they are looked for.

    Raises:
        UnreadableError: nothing in it can be read.
        SandboxError: it holds code alone, and nothing on this machine keeps that from doing harm.
    """
    well_formed = content.encode("utf-8", "replace").decode("utf-8")
    named = read.defined_in(well_formed)
    written = written or (_written(well_formed, source) if named else None)
    try:
        reading = read.read_text(well_formed, source)
    except UnreadableError:
        result = _by_code_or_error(well_formed, source, written, judged)
        if result is None:
            raise
        result = _not_all_judged(result, named)
        return replace(result, notes=(*result.notes, *notes)), None
    reading = replace(reading, notes=(*reading.notes, *notes))
    if written is None:
        return _with_note_of(named, _by_the_numbers(well_formed, source, reading)), reading
    return _by_both(well_formed, reading, written, named, judged), reading


def _by_code_or_error(content: str, source: str, written: Source | None, judged: Callable[[Source], Result]) -> Result | None:
    """What is wrong in the functions of a text without numbers, or in the lines that its error quotes; None where neither is there."""
    if written is None:
        return _of_an_error(content, source)
    try:
        code = judged(written)
    except SandboxError:
        if result := _of_an_error(content, source):
            return result
        raise
    return code if code.mistakes else _of_an_error(content, source) or code


_NOT_WHOLE = "stands in the text in part or without its margins, and was not looked at"


def _not_all_judged(result: Result, named: Sequence[str]) -> Result:
    """The result, in which no function is called missing that is ``named`` by a head in the text; with one of these not all is right."""
    functions = tuple(
        replace(one, verdict="not reached", says=_NOT_WHOLE) if one.verdict == "missing" and one.function in named else one
        for one in result.functions
    )
    unknown = functions != result.functions and result.verdict == "right"
    return replace(result, functions=functions, verdict="unknown" if unknown else result.verdict)


def _written(content: str, source: str) -> Source | None:
    from whygrad.read.code_file import source_in_prose  # noqa: PLC0415 - a text without a definition needs none of it

    return source_in_prose(content, source)


def _by_both(content: str, reading: Reading, written: Source, named: Sequence[str], judged: Callable[[Source], Result]) -> Result:
    """What the numbers of a text and the functions in it tell."""
    from whygrad import numbers_and_code as both_told  # noqa: PLC0415 - most texts hold one of both
    from whygrad.read.source import Beside  # noqa: PLC0415 - as above

    held = {name for piece in written.pieces for name in piece.names} & set(named)
    readings = tuple(tuple(block for block in one.blocks if not block.earlier) for one in (reading, *reading.alternatives))
    beside = Beside(readings)
    try:
        code = judged(replace(written, beside=beside)) if held else None
    except SandboxError:
        code = None
    left = [name for name in named if code is None or name not in held]
    if code is not None and (both := both_told.printed_by(code, reading)):
        return _with_note_of(left, both)
    if code is None:
        return _with_note_of(left, _by_the_numbers(content, written.path, reading))
    from whygrad.from_code.reference.unshown import in_the_assignments_layout  # noqa: PLC0415 - seldom needed
    from whygrad.from_numbers.candidates.as_shown import Shown  # noqa: PLC0415 - as above
    from whygrad.raises_as_written import raising_as_written  # noqa: PLC0415 - as above
    from whygrad.read.post.traceback import error_in_a_sentence, last_error, speaks_of_an_error  # noqa: PLC0415 - as above

    stops = bool(last_error(content) or error_in_a_sentence(content)) or speaks_of_an_error(content)
    whole = frozenset(raising_as_written(code, written, tells_an_error=stops))
    shown = Shown(frozenset(held - both_told.cut_out(code, written)), beside.now, whole)
    search = partial(_by_the_numbers_beside, content, written.path, reading)
    if code.reproduced < code.printed and (laid_out := in_the_assignments_layout(written)) is not written:
        beside = Beside(readings)
        other = judged(replace(laid_out, beside=beside))
        if both := both_told.printed_by(other, reading):
            return _with_note_of(left, both_told.with_note(both, both_told.IN_OWN_LAYOUT))
        return _with_note_of(left, _of_either(code, other, shown, replace(shown, now=beside.now), search))
    return _with_note_of(left, both_told.together(search(shown), code, shown))


def _of_either(code: Result, other: Result, shown: Shown, laid_out: Shown, search: Callable[[Shown], Answer]) -> Result:
    """What numbers and functions tell that are read as they stand or, the ``other`` way, as beside functions of their own layout.

    If it is not seen that one of the two printed the numbers, nothing is said of what did.
    """
    from whygrad.numbers_and_code import IN_OWN_LAYOUT, together, with_note  # noqa: PLC0415 - most texts hold one of both

    answer = search(laid_out)
    if answer.as_shown or code.reproduced < other.reproduced:
        return with_note(together(answer, other, laid_out), IN_OWN_LAYOUT)
    stands = all(one.verdict != "raises" for one in code.functions)
    shown = replace(shown, now=())
    return together(search(shown), code, shown) if stands else with_note(together(search(shown), other, shown), IN_OWN_LAYOUT)


def _with_note_of(left: Sequence[str], result: Result) -> Result:
    """The result, with what is said of functions whose code stands in the text and was not looked at."""
    if not left:
        return result
    from whygrad.mistakes.words import listed  # noqa: PLC0415 - seldom needed

    says = f"the text also holds code of {listed(left)}, which was not looked at; give the whole code as a file to know the line"
    return replace(result, notes=(*result.notes, says))


def _by_the_numbers(content: str, source: str, reading: Reading) -> Result:
    """What the numbers of a text tell, and an error beside them."""
    from whygrad.from_numbers import explain  # noqa: PLC0415 - code needs none of what a post needs

    return _with_an_error(_with_the_tables(partial(explain, reading)), content, source, reading)


def _by_the_numbers_beside(content: str, source: str, reading: Reading, shown: Shown) -> Answer:
    """The same where functions are ``shown`` too."""
    from whygrad.from_numbers import explain_beside  # noqa: PLC0415 - as above

    answer = _with_the_tables(partial(explain_beside, reading, shown))
    return replace(answer, result=_with_an_error(answer.result, content, source, reading))


def _with_the_tables(search: Callable[[Path], T]) -> T:
    """What a search finds that keeps its tables where this user's are."""
    from platformdirs import user_cache_path  # noqa: PLC0415 - code needs none of what a post needs

    from whygrad.onethread import one_thread  # noqa: PLC0415 - seldom needed

    with one_thread():
        return search(user_cache_path("whygrad"))


def _with_an_error(result: Result, content: str, source: str, reading: Reading) -> Result:
    """What the numbers tell, and an error beside them."""
    from whygrad.read.post.traceback import failed_test, last_error  # noqa: PLC0415 - code needs none of what a post needs

    stopped = last_error(content) or failed_test(content)
    if stopped is None:
        return result
    error = _of_an_error(content, source, reading)
    from whygrad.from_traceback.beside import beside_numbers  # noqa: PLC0415 - seldom needed
    from whygrad.read.post.frames import stopped_in  # noqa: PLC0415 - seldom needed

    return beside_numbers(result, error, stopped, stopped_in(content))


def _of_an_error(content: str, source: str, numbers: Reading | None = None) -> Result | None:
    """What is wrong in the lines that an error's traceback quotes; None where there is none, or that is not known.

    ``numbers`` are those that the text shows too.
    """
    from whygrad.read.post.frames import stopped_in  # noqa: PLC0415 - a text with numbers needs none of it

    stopped = stopped_in(content)
    if stopped is None:
        return None
    from whygrad.from_traceback import explain_error  # noqa: PLC0415 - seldom needed
    from whygrad.from_traceback.beside import stopped_within  # noqa: PLC0415 - seldom needed

    try:
        return explain_error(stopped, source, stopped_within(numbers) if numbers else None)
    except SandboxError:
        return None
