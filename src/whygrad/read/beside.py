"""Modules that lie beside somebody's file: ``from my_utils import *`` where there is a ``my_utils.py`` in the same folder.

They are read like a cell that stands where they are imported; nothing is imported from the disk. The course's own helper modules are not
read, for which there are stand-ins, nor is a ``numpy.py``, which stands there by mistake, nor a ``time.py``, which Python does not take.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whygrad.errors import UnreadableError
from whygrad.read.load import decoded
from whygrad.records import split_lines
from whygrad.shadowing import LIBRARIES, has_a_librarys_name, is_found_first

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

MOST_BYTES = 1_000_000
MOST_MODULES = 20
_COURSE = frozenset({"rnn_utils", "rnn_utils_v2", "public_tests", "test_utils", "testCases"})


def beside(folder: Path) -> Callable[[str], tuple[str, tuple[str, ...]] | None]:
    """Looks for modules in ``folder``, ordinary files of Python, of ordinary size: from a name to the file's name and lines, or None."""

    def look(module: str) -> tuple[str, tuple[str, ...]] | None:
        path = folder / f"{module}.py"
        try:
            if (
                not module.isidentifier()
                or module in _COURSE | LIBRARIES
                or is_found_first(module)
                or path.is_symlink()
                or not path.is_file()
            ):
                return None
            with path.open("rb") as stream:
                data = stream.read(MOST_BYTES + 1)
            shown = f"./{path}" if str(path) == path.name else str(path)  # so that it is no file that the user named
            return (shown, tuple(split_lines(decoded(data, shown)))) if len(data) <= MOST_BYTES else None
        except (OSError, ValueError, UnreadableError):
            return None

    return look


def imported(node: ast.stmt) -> list[tuple[str, str | None]]:
    """The modules that an import takes from where the file lies, each with what binds its names: a statement, or None for its own."""
    match node:
        case ast.ImportFrom(module=str(module), names=names, level=level) if level <= 1 and "." not in module:
            others = [f"{alias.asname} = {alias.name}" for alias in names if alias.asname not in {None, alias.name}]
            return [(module, "; ".join(others) or None)]
        case ast.Import(names=names):
            return [(alias.name, f"{alias.asname or alias.name} = {_NAMES.format(alias.name)}") for alias in names]
        case _:
            return []


def taken_for_libraries(folder: Path, modules: Iterable[str]) -> list[str]:
    """Of the modules that somebody's file imports those that Python takes from a file beside it, though a library has the name."""
    files = [f"{module}.py" for module in sorted(modules) if "." not in module]
    return [file for file in files if has_a_librarys_name(file) and (folder / file).is_file()]


_GLOBALS = "type({0!r}, (), {{'__init__': lambda self: setattr(self, '__dict__', globals()%s)%s}})()"
_NAMES = _GLOBALS % (".copy()", f", '__getattr__': {_GLOBALS % ('', '')}.__getattribute__")
"""A module whose functions stand among the notebook's: what its names stood for when it was imported, and what came later."""
