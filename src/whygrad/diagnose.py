"""The main path: a text or a file goes in, a diagnosis comes out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from whygrad import read
from whygrad.errors import SandboxError, UnreadableError, UsageError
from whygrad.report import markdown, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from whygrad.read.source import Source
    from whygrad.records import Explanation, Mistake, Prediction, Reading, Result, Verdict
    from whygrad.report.own_texts import OwnText


_A_FILES_NAME = re.compile(r"[^\n]{1,250}\.(?:txt|md|log|html?|py|ipynb)", re.IGNORECASE)


def diagnose(*source: str | Path | Mapping[str, object] | Callable[..., object]) -> Diagnosis:
    """Say which mistake printed some numbers, or is in some code.

    Args:
        source: the printed text itself as a ``str``; or a file as a ``pathlib.Path``: with printed text, or with code (a Python file or a
            notebook, which is run in a child process that can do no harm); or ``globals()``, or functions, which are run where they are,
            with those of the assignment that they call.

    Raises:
        UsageError: the file is not there, or what was given is none of these; also for the name of a file as a ``str``, and where the
            program has put something else in the place of a function of NumPy.
        UnreadableError: the text or the file holds nothing that can be read.
        SandboxError: nothing on this machine keeps the code of a file from doing harm.
    """
    _refuse_spoiled()
    match source:
        case (Path() as path,):
            return diagnose_file(path)
        case (str() as content,):
            return _diagnose_given(content)
        case (Mapping() as names,):
            return _diagnose_names(names)
        case ():
            raise UsageError("nothing was given: give a text, a Path, globals() or functions")
        case _:
            other = next((one for one in source if not callable(one)), source[0])
            if not callable(other):
                kind = type(other).__name__
                raise UsageError(
                    f"something of type {kind} was given; give the printed text as a str, a file as a Path, globals() or functions"
                )
            return diagnose_live(source)


def _diagnose_names(names: Mapping[str, object]) -> Diagnosis:
    try:
        return diagnose_live(names)
    except UnreadableError:
        from whygrad.read.pieces import FUNCTIONS  # noqa: PLC0415 - a post needs none of it

        if empty := [name for name in FUNCTIONS if name in names and not callable(names[name])]:
            raise UsageError(f"{empty[0]} is {type(names[empty[0]]).__name__} and no function; run the cell that defines it") from None
        raise


def _diagnose_given(content: str) -> Diagnosis:
    try:
        return diagnose_text(content, "the text")
    except UnreadableError:
        if _A_FILES_NAME.fullmatch(content):
            raise UsageError(f"a str is the printed text itself; for the file give pathlib.Path({content!r})") from None
        raise


def diagnose_file(path: Path, *, unsafe: bool = False) -> Diagnosis:
    """Like ``diagnose`` for a file; with ``unsafe`` its code is run even where nothing but limits keeps it from doing harm."""
    from whygrad.read import code_file  # noqa: PLC0415 - a post needs none of what code needs

    if not code_file.is_source(path):
        notes: list[str] = []
        return diagnose_text(read.read_path(path, notes), str(path), notes, unsafe=unsafe)
    source = code_file.read_source(path)
    if code_file.may_hold_numbers(path):
        return diagnose_post(read.read_path(path, []), str(path), (), partial(_judged, unsafe=unsafe), source)[0]
    return Diagnosis(_judged(source, unsafe=unsafe))


def _judged(source: Source, *, unsafe: bool) -> Result:
    from whygrad.from_code.reference.parts import PARTS  # noqa: PLC0415 - as above
    from whygrad.sandbox.parent import Sandbox  # noqa: PLC0415 - as above

    with Sandbox(source.pieces, PARTS, unsafe=unsafe) as sandbox:
        from whygrad.from_code.examine import examine  # noqa: PLC0415 - loaded while the child starts

        return examine(source, sandbox, sandbox.tier)


def diagnose_live(objects: Mapping[str, object] | Iterable[object]) -> Diagnosis:
    """Like ``diagnose`` for functions that are there already: they are run in this process."""
    from whygrad.from_code.examine import examine  # noqa: PLC0415 - as above
    from whygrad.from_code.reference.parts import PARTS  # noqa: PLC0415 - as above
    from whygrad.read.live import read_live  # noqa: PLC0415 - as above
    from whygrad.sandbox.alarm import InTime  # noqa: PLC0415 - as above
    from whygrad.sandbox.harness import Harness  # noqa: PLC0415 - as above

    source = read_live(objects)
    return Diagnosis(examine(source, InTime(Harness.live(source.live, PARTS, source.pieces, source.around)), "this process"))


def _refuse_spoiled() -> None:
    """See to it that NumPy's functions are NumPy's own: what the others return would be told of a right program.

    Raises:
        UsageError: one is not.
    """
    from whygrad.from_code.words import kind  # noqa: PLC0415 - as above
    from whygrad.sandbox.spoiled import spoiled  # noqa: PLC0415 - as above

    for name, value in spoiled():
        what = "another function here than the library's own" if callable(value) else f"{kind(value)} here and no function any more"
        mend = "give what stands behind it a name of its own" if callable(value) else f"write {name}(...) in that line if a call was meant"
        raise UsageError(
            f"{name} is {what}, since a line says {name} = ...: that changes the module itself, for whygrad too; {mend}, "
            "restart the kernel, and try again"
        )


def diagnose_text(content: str, source: str, notes: Iterable[str] = (), *, unsafe: bool = False) -> Diagnosis:
    """Like ``diagnose``, for a text that came from ``source``, the name for it in messages; ``notes`` say what was a guess in that.

    The functions that stand whole in a text are judged too, as those of a file of code: alone where it has no numbers, else beside what the
    numbers tell. ``unsafe`` as in ``diagnose_file``.
    """
    return diagnose_post(content, source, notes, partial(_judged, unsafe=unsafe))[0]


def diagnose_post(
    content: str, source: str, notes: Iterable[str], judged: Callable[[Source], Result], written: Source | None = None
) -> tuple[Diagnosis, Reading | None]:
    """The same, with the numbers that were read, if there are any.

    The functions that stand in the text are ``judged``, as they are ``written``; where that is not said, they are looked for.
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
        return Diagnosis(replace(result, notes=(*result.notes, *notes))), None
    reading = replace(reading, notes=(*reading.notes, *notes))
    if written is None:
        return Diagnosis(_with_note_of(named, _by_the_numbers(well_formed, source, reading))), reading
    return Diagnosis(_by_both(well_formed, reading, written, named, judged)), reading


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


def _written(content: str, source: str) -> Source | None:
    from whygrad.read.code_file import source_in_prose  # noqa: PLC0415 - a text without a definition needs none of it

    return source_in_prose(content, source)


def _by_both(content: str, reading: Reading, written: Source, named: Sequence[str], judged: Callable[[Source], Result]) -> Result:
    """What the numbers of a text and the functions in it tell."""
    from whygrad.numbers_and_code import printed_by, together  # noqa: PLC0415 - most texts hold one of both

    held = {name for piece in written.pieces for name in piece.names} & set(named)
    try:
        code = judged(replace(written, beside=tuple(block for block in reading.blocks if not block.earlier))) if held else None
    except SandboxError:
        code = None
    left = [name for name in named if code is None or name not in held]
    if code is not None and (both := printed_by(code)):
        return _with_note_of(left, both)
    numbers = _by_the_numbers(content, written.path, reading)
    return _with_note_of(left, numbers if code is None else together(numbers, code, held))


def _with_note_of(left: Sequence[str], result: Result) -> Result:
    """The result, with what is said of functions whose code stands in the text and was not looked at."""
    if not left:
        return result
    from whygrad.mistakes.words import listed  # noqa: PLC0415 - as above

    says = f"the text also holds code of {listed(left)}, which was not looked at; give the whole code as a file to know the line"
    return replace(result, notes=(*result.notes, says))


def _by_the_numbers(content: str, source: str, reading: Reading) -> Result:
    """What the numbers of a text tell, and an error beside them."""
    from whygrad.read.post.traceback import failed_test, last_error  # noqa: PLC0415 - code needs none of what a post needs

    result = diagnose_reading(reading).result
    stopped = last_error(content) or failed_test(content)
    if stopped is not None:
        error = _of_an_error(content, source, reading)
        from whygrad.from_traceback.beside import beside_numbers  # noqa: PLC0415 - as above
        from whygrad.read.post.frames import stopped_in  # noqa: PLC0415 - as above

        result = beside_numbers(result, error, stopped, stopped_in(content))
    return result


def _of_an_error(content: str, source: str, numbers: Reading | None = None) -> Result | None:
    """What is wrong in the lines that an error's traceback quotes; None where there is none, or that is not known.

    ``numbers`` are those that the text shows too.
    """
    from whygrad.read.post.frames import stopped_in  # noqa: PLC0415 - a text with numbers needs none of it

    stopped = stopped_in(content)
    if stopped is None:
        return None
    from whygrad.from_traceback import explain_error  # noqa: PLC0415 - as above
    from whygrad.from_traceback.beside import stopped_within  # noqa: PLC0415 - as above

    try:
        return explain_error(stopped, source, stopped_within(numbers) if numbers else None)
    except SandboxError:
        return None


def diagnose_reading(reading: Reading) -> Diagnosis:
    """Like ``diagnose``, for what was read already."""
    from platformdirs import user_cache_path  # noqa: PLC0415 - code needs none of what a post needs

    from whygrad.from_numbers import explain  # noqa: PLC0415 - as above
    from whygrad.onethread import one_thread  # noqa: PLC0415 - as above

    with one_thread():
        return Diagnosis(explain(reading, user_cache_path("whygrad")))


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was found, as a record, and the ways to show it.

    ``hint`` is 1 (where), 2 (what is wrong) or 3 (what the mathematics asks): the level at which ``print`` and a notebook show it.
    """

    result: Result
    hint: int = 2

    @property
    def verdict(self) -> Verdict:
        """``explained``, ``right``, ``partly`` or ``unknown``."""
        return self.result.verdict

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """The first explanation: mistakes made together."""
        return self.result.mistakes

    @property
    def alternatives(self) -> tuple[Explanation, ...]:
        """Other explanations that print the same numbers."""
        return self.result.alternatives

    @property
    def predictions(self) -> tuple[Prediction, ...]:
        """What other entries or checks print if the first explanation is right."""
        return self.result.predictions

    @property
    def exonerated(self) -> tuple[str, ...]:
        """Functions in which no shortest explanation has a mistake."""
        return self.result.exonerated

    def in_words(self, texts: Mapping[str, OwnText]) -> Diagnosis:
        """The same in a mentor's own words, where there are any for a mistake's id."""
        from whygrad.report.own_texts import with_texts  # noqa: PLC0415 - seldom asked for

        return Diagnosis(with_texts(self.result, texts), self.hint)

    def __str__(self) -> str:
        """Plain text at the level ``hint``."""
        return self.to_text(self.hint)

    def _repr_html_(self) -> str:
        """How a notebook shows it."""
        from whygrad.report.html.page import to_fragment  # noqa: PLC0415 - its library is loaded only where it is used

        return to_fragment(self.result, self.hint)

    def _repr_markdown_(self) -> str:
        """How a notebook shows it that knows no HTML."""
        return self.to_markdown(self.hint)

    def _repr_pretty_(self, printer: Any, _: bool) -> None:  # noqa: ANN401, FBT001 - IPython's own, called by position
        """How a terminal of IPython shows it."""
        printer.text(str(self))

    def to_text(self, hint: int = 2) -> str:
        """Plain text."""
        return text.to_text(self.result, hint)

    def to_json(self) -> str:
        """The JSON document ``whygrad/diagnosis/1``, with all three hints."""
        from whygrad.report.json import to_json  # noqa: PLC0415 - its library is loaded only where it is used

        return to_json(self.result)

    def to_markdown(self, hint: int = 2) -> str:
        """A reply that can be pasted into a forum."""
        return markdown.to_markdown(self.result, hint)

    def to_github(self, hint: int = 2) -> str:
        """Annotations of GitHub's workflows, one line a mistake."""
        from whygrad.report.github import to_github  # noqa: PLC0415 - seldom asked for

        return to_github(self.result, hint)

    def to_html(self, hint: int = 2, title: str = "", *, above: bool = True) -> str:
        """A whole page without script that needs nothing else; without ``above`` it holds no hint of a higher level."""
        from whygrad.report.html.page import to_html  # noqa: PLC0415 - its library is loaded only where it is used

        return to_html(self.result, hint, title, above=above)
