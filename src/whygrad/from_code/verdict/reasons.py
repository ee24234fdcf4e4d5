"""Why a function that raises or is missing is not to blame for it: what it needs is not here, was not run, or could not be read."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.from_code.reference.parts import FUNCTIONS
from whygrad.from_code.reference.unread import unread
from whygrad.from_code.text.called_by import functions
from whygrad.from_code.text.unknown_names import unknown_name
from whygrad.records import names_of_file
from whygrad.sandbox.standins import NotHereError, is_known

if TYPE_CHECKING:
    from whygrad.read.source import Source
    from whygrad.records import FunctionVerdict, Location
    from whygrad.sandbox.requests import Raised

COULD_NOT = "could not be read:"
"""How a sentence ends of code that Python does not take, before the reason."""
_OF_THE_NETWORK = {"gaierror", "herror", "URLError", "ConnectionError", "ConnectionRefusedError", "ConnectionResetError"}


def with_reason(source: Source, verdict: FunctionVerdict, raised: Raised | None) -> FunctionVerdict:
    """A function whose cell could not be parsed says so, and one that needs what is not here is not blamed for it.

    ``raised`` is what a function raised whose verdict is that it raises.
    """
    if verdict.verdict == "raises":
        needs, may_not = (_needs(source, verdict.function, raised), _may_not(raised)) if raised else (None, None)
        says = needs or (may_not and f"{may_not}: it {verdict.says}")
        lacks = raised.name if raised and raised.type == "NameError" else None
        helper = next((one for one in source.unparsed if lacks in one.functions), None)
        if helper is not None and not says:
            return replace(verdict, says=f"needs {lacks}, which {COULD_NOT} {helper.reason}", location=helper.location)
        return replace(verdict, verdict="not reached", says=says) if says else verdict
    if verdict.verdict == "missing":
        if any(verdict.function in asked for module, asked in source.imports.items() if _top(module) == "whygrad"):
            return replace(verdict, verdict="not reached", says="is whygrad's own and not your code")
        for unparsed in source.unparsed:
            if verdict.function in unparsed.functions:
                says = f"{COULD_NOT} {unparsed.reason}"
                return replace(verdict, verdict="raises", says=says, location=unparsed.location)
    return verdict


def _needs(source: Source, function: str, raised: Raised) -> str | None:
    """What it needs and is not here."""
    if raised.name is None:
        return None
    if raised.type == NotHereError.__name__:
        if raised.name == function:
            return "is taken out of another file, which is not available here"
        return f"needs {raised.name}, which is not available here"
    return _name_of(source, function, raised.name) if raised.type == "NameError" else _part_of(source, raised.name, raised.of)


def _name_of(source: Source, function: str, name: str) -> str | None:
    """Where a name may come from that is nowhere; one that an argument is meant to have comes from nowhere else."""
    around = functions(source.pieces, function)
    if any(misspelt for _, one in around for _, _, misspelt in unread(one, frozenset({name}))):
        return None
    if name in source.computed:
        where = source.computed[name]
        if any(f"{one}(" in where.text for one in FUNCTIONS):  # a function needs no result of a check
            return None
        lacks = _lacks(source, where)
        why = f"no line gives {lacks} a value, which is read there" if lacks else "that was not run here"
        return f"needs {name}, which {at(where)} computes: {why}"
    module = next((module for module, asked in source.imports.items() if "*" in asked and not is_known(module)), None)
    return f"needs {name}, which may come from {module}: that is not available here" if module else None


def _lacks(source: Source, line: Location) -> str | None:
    """A name that a line of the notebook reads and that is nowhere; None where it may come from somewhere."""
    if any("*" in asked and not is_known(module) for module, asked in source.imports.items()):
        return None
    known = source.computed.keys() | names_of_file(line.source).keys() | {name for piece in source.pieces for name in piece.names}
    return unknown_name(line.text, known)


def _part_of(source: Source, name: str, kind: str | None) -> str | None:
    """Why an object of this kind lacks something that has this name."""
    if source.methods and any(kind in piece.names for piece in source.pieces):
        return f"needs {name} of an object of the class {kind}, and none could be made here"
    if (kind, name) == ("ndarray", "at") and "jax" in map(_top, source.imports):
        return "needs JAX's own arrays, which are not available here"
    return None


def _may_not(raised: Raised) -> str | None:
    """What it does and may not do here."""
    if os.strerror(errno.EPERM) in raised.text:
        return "does something that is not allowed here"
    if raised.type == "EOFError":
        return "waits for something to be typed in, and nobody types here"
    if raised.type in _OF_THE_NETWORK:
        return "needs the network, and has none here"
    return "needs a file, and can open none here" if raised.type in {"PermissionError", "FileNotFoundError"} else None


def at(location: Location) -> str:
    """The cell and the line, for a sentence."""
    return f"line {location.line}" if location.cell is None else f"cell {location.cell}, line {location.line}"


def _top(module: str) -> str:
    return module.partition(".")[0]
