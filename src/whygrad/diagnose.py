"""The main path: a text or a file goes in, a diagnosis comes out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from whygrad import read
from whygrad.diagnosis import Diagnosis
from whygrad.errors import UnreadableError, UsageError
from whygrad.post import told_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from whygrad.read.source import Source
    from whygrad.records import Result


_A_FILES_NAME = re.compile(r"[^\n]{1,250}\.(?:txt|md|log|html?|py|ipynb)", re.IGNORECASE)


def diagnose(*source: str | Path | Mapping[str, object] | ModuleType | Callable[..., object]) -> Diagnosis:
    """Say which mistake printed some numbers, or is in some code.

    Args:
        source: the printed text itself as a ``str``; or a file as a ``pathlib.Path``: with printed text, or with code (a Python file or a
            notebook, which is run in a child process that can do no harm); or ``globals()``, a module, or functions, which are run where
            they are, with those of the assignment that they call.

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
        case (ModuleType() as module,):
            return _diagnose_names(vars(module))
        case ():
            raise UsageError("nothing was given: give a text, a Path, globals(), a module or functions")
        case _:
            other = next((one for one in source if not callable(one)), source[0])
            if not callable(other):
                if len(source) > 1:
                    raise UsageError(
                        f"{len(source)} things were given, and not all are functions; give one: all that was printed in one str, a file as "
                        "a Path, globals() or a module, or else functions alone"
                    )
                kind = type(other).__name__
                raise UsageError(
                    f"something of type {kind} was given; "
                    "give the printed text as a str, a file as a Path, globals(), a module or functions"
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
        return Diagnosis(told_by(read.read_path(path, []), str(path), (), partial(_judged, unsafe=unsafe), source)[0])
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
    return Diagnosis(told_by(content, source, notes, partial(_judged, unsafe=unsafe))[0])
