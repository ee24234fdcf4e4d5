"""What a notebook's cell may hold besides Python: magics, shell lines, questions. They become ``pass``, and every line keeps its number.

This is asked only of cells that are not Python as they stand, so a string that looks like a magic is safe in all others.
"""

from __future__ import annotations

import ast
import re
from textwrap import dedent

from whygrad.records import split_lines
from whygrad.shadowing import has_a_librarys_name

_CELL_MAGIC = re.compile(r"%%(\S*)[ \t]*(.*)")
_OTHER_LANGUAGES = re.compile(
    r"!|bash|sh|script|cmd|sx|system|html|svg|latex|markdown|javascript|js|perl|ruby|cython|r|julia|sql|bigquery|python2|pypy|skip",
    re.IGNORECASE,
)
"""What hands a cell to another language, or leaves it out."""
_FILES = frozenset({"writefile", "file"})
_APPENDING = re.compile(r"(?:^|(?<=\s))(?:-a|--append)(?=\s|$)")
_DEFINES_NOTHING = _FILES | {"timeit"}
_LINE = re.compile(
    r"[ \t]*(?:%[A-Za-z_]|!|\?|(?:pip|conda)[ \t]+install\b"  # %matplotlib inline, !ls, ?dot, pip install h5py
    r"|[\w.%]+[ \t]*\?{1,2}[ \t]*$"  # np.dot?
    r"|[A-Za-z_][\w, .]*=[ \t]*(?:!|%[A-Za-z_]))"  # files = !ls
)
_PROMPTS = (re.compile(r"^ *(?:>>>|\.\.\.)(?: |$)"), re.compile(r"^(?:In \[\d+\]: ?| *\.{3,}: ?)"))
"""Of Python, and of IPython."""
_MOST_QUOTES = 9
"""So often a text is quoted in an answer to an answer."""
_PRINT = re.compile(r"[ \t]*print(?:[ \t]*$|[ \t]+[^\s(=]|[ \t]*[\"']|[ \t]*\([^()]*\)[ \t]*[%,])")

_NEW_PRINT = re.compile(r"[ \t]*print\([^#]*\b[fF][\"'].*\{[^{}]*[\"'][^{}]*\}.*\)[ \t]*$")


def other_language(lines: list[str]) -> bool:
    """Whether the cell is not Python at all: its first line hands it to another language, or writes it to a file that is no Python file."""
    found = _CELL_MAGIC.match(_first(lines))
    if not found:
        return False
    name, rest = found.groups()
    return _OTHER_LANGUAGES.fullmatch(name) is not None or (name in _FILES and not _file(rest).endswith(".py"))


def defines_nothing_here(text: str) -> bool:
    """Whether what a cell defines is not there behind it: its first line writes it to a file, or measures how long it takes."""
    found = _CELL_MAGIC.match(_first(split_lines(text))) if "%%" in text else None
    return found is not None and found[1] in _DEFINES_NOTHING


def module_written(text: str) -> str | None:
    """The name of the module that a cell writes to a file, or adds to it, if it does; none where a library has the name."""
    found = _CELL_MAGIC.match(_first(split_lines(text))) if "%%" in text else None
    file = _file(found[2]) if found is not None and found[1] in _FILES else ""
    name = file.removesuffix(".py")
    return name if name != file and name.isidentifier() and not has_a_librarys_name(file) else None


def _file(rest: str) -> str:
    """The file that a magic writes to, of what stands behind its name: ``-a`` before or behind the file makes it add to it."""
    return _APPENDING.sub("", rest).strip().strip("\"'")


def exported_cell(node: ast.stmt) -> str | None:
    """The Python in ``get_ipython().run_cell_magic('time', '', '...')``, as an export writes a cell with a magic; else None."""
    match node:
        case ast.Expr(
            ast.Call(
                ast.Attribute(attr="run_cell_magic"),
                [ast.Constant(value=str(name)), ast.Constant(value=str(rest)), ast.Constant(value=str(text))],
            )
        ) if not other_language([f"%%{name} {rest}"]):
            return text
        case _:
            return None


def without_prompts(lines: list[str]) -> list[str]:
    """The lines without what IPython takes away too: a margin that all have, and prompts, where the first or the second has them.

    The ``>`` of a mail or a forum that quotes the code is a part of the margin, where all lines have it.
    """
    lines = split_lines(dedent("\n".join(lines)))
    for _ in range(_MOST_QUOTES):
        if all(line.startswith(">") for line in lines if line):
            lines = split_lines(dedent("\n".join(line[1:] for line in lines)))
    begins = _first(lines), _first(lines[1:])  # of a mail's reader, for whom the first is quoted, the second alone has one
    prompts = next((kind for kind in _PROMPTS if any(map(kind.match, begins))), None)
    return lines if prompts is None else [prompts.sub("", line) for line in lines]


def without_magics(lines: list[str]) -> list[str]:
    """The lines with magics, shell lines and questions replaced by ``pass``."""
    kept: list[str] = []
    continued = False
    for line in lines:
        magic = not continued and (_LINE.match(line) or line.startswith("%%"))
        kept.append("" if continued else _pass(line) if magic else line)
        continued = (continued or bool(magic)) and line.endswith("\\")
    return kept


def without_old_prints(lines: list[str]) -> tuple[list[str], int | None]:
    """The lines with print statements of Python 2 replaced by ``pass``, and the number of the first of these, from 1."""
    old = [bool(_PRINT.match(line)) for line in lines]
    kept = [_pass(line) if is_old else line for line, is_old in zip(lines, old, strict=True)]
    return kept, old.index(True) + 1 if any(old) else None


def without_new_prints(lines: list[str]) -> tuple[list[str], int | None]:
    """The same for prints of texts that hold their own quotes inside of braces, which Python takes from 3.12 on."""
    new = [bool(_NEW_PRINT.match(line)) and not _parses(line.strip()) for line in lines]
    kept = [_pass(line) if is_new else line for line, is_new in zip(lines, new, strict=True)]
    return kept, new.index(True) + 1 if any(new) else None


def _parses(line: str) -> bool:
    try:
        ast.parse(line)
    except (SyntaxError, ValueError):
        return False
    return True


def _pass(line: str) -> str:
    return line[: len(line) - len(line.lstrip())] + "pass"


def _first(lines: list[str]) -> str:
    """The first line that says something."""
    return next((line for line in lines if line.strip() and not line.lstrip().startswith("#")), "")
