"""From a Python file, a notebook or a Markdown file with Python to a `Source`, or to one sentence that says why not."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.errors import UnreadableError
from whygrad.read.beside import beside, taken_for_libraries
from whygrad.read.cells import Cell
from whygrad.read.fenced import read_fenced
from whygrad.read.fitting import elsewhere, required
from whygrad.read.in_prose import functions_in
from whygrad.read.load import decoded, opened
from whygrad.read.notebook import read_notebook
from whygrad.read.parse import MOST_CHARACTERS, TOO_LONG
from whygrad.read.pieces import FUNCTIONS, collect
from whygrad.read.source import Origin
from whygrad.read.variants import variants
from whygrad.records import split_lines

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from whygrad.read.source import Source

MOST_BYTES = 20_000_000
"""A notebook with all of its pictures is below 5 MB."""

_CODE = frozenset({".py", ".ipynb"})
_MARKDOWN = frozenset({".md", ".markdown", ".rmd"})
_DEFINED = re.compile(rf"^(?:(?:> ?)+|In \[\d+\]: )?[^\S\n]*def[^\S\n]+(?:{'|'.join(FUNCTIONS)})\b", re.MULTILINE)
_DEFINES = re.compile(r"@|(?:async[ \t]+)?def\b")

_ENCODING = re.compile(rb"(?:.*\r?\n)?[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
"""How a Python file says its encoding, in its first two lines."""
_NOTEBOOK = re.compile(r'\s*\{\s*"(?:cells|metadata|nbformat|worksheets)"')
"""How a notebook begins."""


def is_source(path: Path) -> bool:
    """Whether the file at ``path`` is code and not a post: by its suffix; Markdown where one of its Python blocks defines a function."""
    suffix = path.suffix.lower()
    if suffix not in _MARKDOWN:
        return suffix in _CODE
    try:
        if not path.is_file():
            return False
        with path.open("rb") as stream:
            text = stream.read(MOST_BYTES).decode(errors="replace")
    except (OSError, ValueError):
        return False
    return any(_DEFINED.search(cell.text) for cell in read_fenced(text, str(path)))


def may_hold_numbers(path: Path) -> bool:
    """Whether the file at ``path``, which is code, is a text in which there may be printed numbers too."""
    return path.suffix.lower() in _MARKDOWN


def read_source(path: Path) -> Source:
    """The code in the file at ``path``. Nothing of it is executed.

    Raises:
        UsageError: the file is not there, is a folder, or may not be opened.
        UnreadableError: it is empty, too large, not text, not a notebook of format 3 or 4, or defines none of the functions.
    """
    with opened(path) as stream:
        source = source_in(stream.read(MOST_BYTES + 1), path, beside(path.parent))
    modules = {*source.imports, *(origin.name.removesuffix(".py") for origin in source.origins.values() if origin.name)}
    return replace(source, libraries=tuple(taken_for_libraries(path.parent, modules)))


def source_in(data: bytes, path: Path, module: Callable[[str], tuple[str, tuple[str, ...]] | None] = lambda _: None) -> Source:
    """The same for a file's content that was read already, of which ``path`` is the name; ``module`` finds what lies beside it.

    Raises:
        UnreadableError: as for ``read_source``.
    """
    shown = str(path)
    if len(data) > MOST_BYTES:
        smaller = "clear its outputs, save it" if path.suffix.lower() == ".ipynb" else "leave nothing but the functions in it"
        raise UnreadableError(f"{shown} is larger than {MOST_BYTES // 1_000_000} MB; {smaller} and try again.")
    cookie = _ENCODING.match(data) if path.suffix.lower() == ".py" and not data.startswith(BOM_UTF8) else None
    text = decoded(data, shown, _encoding(data, cookie[1].decode()) if cookie else "utf-8-sig")
    if not text.strip():
        raise UnreadableError(f"{shown} is empty; save your code into it and try again.")
    outputs: dict[str, str] = {}
    suffix = path.suffix.lower()
    if suffix == ".ipynb":
        cells, outputs = read_notebook(text, shown)
    elif suffix in _MARKDOWN:
        cells = read_fenced(text, shown)
    elif suffix == ".py" and _NOTEBOOK.match(text):
        raise UnreadableError(f"{shown} is no Python but a notebook; give it a name that ends in .ipynb.")
    else:
        cells = [Cell(text, Origin(shown, None, tuple(split_lines(text))))]
    source = collect(shown, cells, outputs, module)
    if suffix in _MARKDOWN and not _has_one(source):
        source = source_in_prose(text, shown) or source
    ask_for_functions(source)
    names = {name for piece in source.pieces if _DEFINES.match(piece.text) for name in piece.names}
    source = replace(source, said=tuple(f"{name} is defined, but I look for {meant}" for name, meant in variants(names)))
    return without_other_exercises(source)


def source_in_prose(text: str, shown: str) -> Source | None:
    """The functions that stand whole in a text that somebody wrote, between fences or without; None where there are none of ours.

    A text that is too long for one of code is not looked at.
    """
    if len(text) > MOST_CHARACTERS:
        return None
    for cells in (read_fenced(text, shown), functions_in(text, shown)):
        if any(_DEFINED.search(cell.text) for cell in cells):
            source = collect(shown, cells, {}, lambda _: None)
            if _has_one(source):
                given = {line for cell in cells for line in cell.origin.lines[cell.first - 1 :][: cell.text.count("\n") + 1]}
                said = () if all(line in text for line in given) else (_EXCHANGED,)
                return without_other_exercises(replace(source, said=said))
    return None


_EXCHANGED = (
    "quotes, signs, blanks or escapes in the code are not Python's, as if a page or an editor had put them there; "
    "it was read as it seems to have been typed"
)
"""What is said of code in a text in which characters have become others."""


def _has_one(source: Source) -> bool:
    """Whether one of the functions is there."""
    return any(name in FUNCTIONS for piece in source.pieces for name in piece.names)


def _encoding(data: bytes, said: str) -> str:
    """The encoding that a Python file says; UTF-8 where there is none of that name, or the file is not in it."""
    try:
        data.decode(said)
    except (LookupError, UnicodeError):
        return "utf-8-sig"
    return said


def without_other_exercises(source: Source) -> Source:
    """The code without functions of the assignment's names that belong to another exercise in the same file."""
    defined = {name for piece in source.pieces for name in piece.names}
    foreign = [piece for piece in source.pieces for name in piece.names if name in FUNCTIONS and elsewhere(name, piece, defined)]
    return replace(source, pieces=tuple(piece for piece in source.pieces if piece not in foreign)) if foreign else source


NONE_OF_THEM = "defines none of the functions that I know"
"""What is said of a file that has nothing to do with the assignment."""


def ask_for_functions(source: Source) -> None:
    """See to it that at least one of the assignment's functions is there, if only in a part that Python cannot parse.

    Raises:
        UnreadableError: there is none; the sentence says which are looked for, or where they may be.
    """
    defined = {name for piece in source.pieces for name in piece.names}
    _ask_for_this_course(source, defined)
    imported = {name for names in source.imports.values() for name in names}
    lost = {name for trouble in source.unparsed for name in trouble.functions}
    if not (defined - imported | lost).isdisjoint(FUNCTIONS):
        if defined.isdisjoint(FUNCTIONS) and all(TOO_LONG in trouble.reason for trouble in source.unparsed if trouble.functions):
            raise UnreadableError(f"{source.path} is {TOO_LONG}; give me the file in which the functions were written.")
        return
    for module, names in source.imports.items():
        if set(names).intersection(FUNCTIONS):
            raise UnreadableError(f"{source.path} imports the functions from {module}; give me the file in which they are written.")
    for name, meant in variants(defined):
        raise UnreadableError(f"{source.path} defines {name}, but I look for {meant}; give the function that name and try again.")
    for piece in source.pieces:
        inside = re.search(rf"^[ \t]+def[ \t]+({'|'.join(FUNCTIONS)})\b", piece.text, re.MULTILINE)
        around = re.match(r"(class|def) ", piece.text)
        if inside and around:
            kind = "class" if around[1] == "class" else "function"
            raise UnreadableError(
                f"{source.path} defines {inside[1]} inside of the {kind} {piece.names[0]}; I judge functions, so move it out of the {kind} "
                "and try again."
            )
    if source.unparsed and not any(_DEFINES.match(piece.text) for piece in source.pieces):
        first = source.unparsed[0]
        cell = "" if first.location.cell is None else f"cell {first.location.cell}, "
        where = f"{cell}line {first.location.line}"
        raise UnreadableError(f"{source.path} {NONE_OF_THEM} as far as Python can read it; see {where}: {first.reason}")
    names = ", ".join(FUNCTIONS)
    raise UnreadableError(f"{source.path} {NONE_OF_THEM}; I look for {names}.")


def _ask_for_this_course(source: Source, defined: set[str]) -> None:
    """See to it that the functions are not another course's of the same names: no cell, and every forward pass takes other arguments.

    Raises:
        UnreadableError: they are; the sentence says what the first one takes.
    """
    if any("cell" in name for name in defined.intersection(FUNCTIONS)):
        return
    found = [(name, required(piece.text)) for piece in source.pieces for name in piece.names if name in _ASKED]
    others = [(name, given) for name, given in found if given is not None and len(given) > _ASKED[name]]
    if others and len(others) == len(found):
        name, given = others[0]
        raise UnreadableError(
            f"{source.path} defines {name}({', '.join(given)}), which belongs to another course; I know the one in which it takes "
            f"{_ASKED[name]} arguments."
        )


_ASKED = {name: len(SEQUENCE_MODELS.arguments(name)) for name, role in SEQUENCE_MODELS.vocabulary.roles.items() if role == "forward"}
"""How many arguments the forward passes of a sequence take."""
