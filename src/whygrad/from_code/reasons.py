"""Why a function that raises or is missing is not to blame for it: what it needs is not here, was not run, or could not be read."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.sandbox.standins import is_known

if TYPE_CHECKING:
    from whygrad.read.source import Source
    from whygrad.records import FunctionVerdict, Location

_UNDEFINED = re.compile(r"NameError.*: name '(\w+)' is not defined")
_ABSENT = re.compile(r"raises NameError.*: (\S+) is not available here$")
_FILES = re.compile(r"raises (?:PermissionError|FileNotFoundError)\b")
_ATTRIBUTE = re.compile(r"AttributeError.*: '(\w+)' object has no attribute '(\w+)'")
_JAX_ARRAY = re.compile(r"'numpy\.ndarray' object has no attribute 'at'")


def with_reason(source: Source, verdict: FunctionVerdict) -> FunctionVerdict:
    """A function whose cell could not be parsed says so, and one that needs what is not here is not blamed for it."""
    if verdict.verdict == "raises":
        says = _needs(source, verdict.says) or _may_not(verdict.says)
        return replace(verdict, verdict="not reached", says=says) if says else verdict
    if verdict.verdict == "missing":
        if any(verdict.function in asked for module, asked in source.imports.items() if _top(module) == "whygrad"):
            return replace(verdict, verdict="not reached", says="is whygrad's own and not your code")
        for unparsed in source.unparsed:
            if verdict.function in unparsed.functions:
                says = f"could not be read: {unparsed.reason}"
                return replace(verdict, verdict="raises", says=says, location=unparsed.location)
    return verdict


def _needs(source: Source, says: str) -> str | None:
    """What it needs and is not here."""
    name, library = _UNDEFINED.search(says), _ABSENT.search(says)
    if name and name[1] in source.computed:
        return f"needs {name[1]}, which {at(source.computed[name[1]])} computes: that was not run here"
    module = next((module for module, asked in source.imports.items() if "*" in asked and not is_known(module)), None)
    if name and module:
        return f"needs {name[1]}, which may come from {module}: that is not available here"
    if library:
        return f"needs {library[1]}, which is not available here"
    attribute = _ATTRIBUTE.search(says)
    if attribute and source.methods and any(attribute[1] in piece.names for piece in source.pieces):
        return f"needs {attribute[2]} of an object of the class {attribute[1]}, and none could be made here"
    if _JAX_ARRAY.search(says) and "jax" in map(_top, source.imports):
        return "needs JAX's own arrays, which are not available here"
    return None


def _may_not(says: str) -> str | None:
    """What it does and may not do here."""
    if "Operation not permitted" in says:
        return f"does something that is not allowed here: it {says}"
    return f"needs a file, and can open none here: it {says}" if _FILES.match(says) else None


def at(location: Location) -> str:
    """The cell and the line, for a sentence."""
    return f"line {location.line}" if location.cell is None else f"cell {location.cell}, line {location.line}"


def _top(module: str) -> str:
    return module.partition(".")[0]
