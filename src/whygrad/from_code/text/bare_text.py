"""A piece of code without what no judgement depends on: its comments, its blank lines, and where it stands.

Two pieces of one form get one verdict, and what is found in the one is found at the same line of the other, counted without what was left
out. Nothing else is left out: judgements read the text too, so another spacing is another form. Comments within an expression, and those
that the judge reads (the template's marks around what is to be filled in, names of a precision), belong to the form. So does the syntax
tree: whatever is taken for a comment or a blank line, programs of which the trees differ have different forms.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

from whygrad.from_code.text.tame import tame
from whygrad.records import split_lines
from whygrad.sandbox.trees import parsed, walk

_STRING_OR_COMMENT = re.compile(r"""("{3}|'{3})(?:\\.|[^\\])*?\1|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|(#.*)""")
_READ = re.compile("code|float|f4", re.IGNORECASE)
"""What may be read in a comment."""
_OF_LINES = re.compile(r"\bline\b")
"""What may be taken for a line that one of our sentences names, where it quotes the code: it may stand before a number there."""
_TEXTS = 300
"""Pieces whose form is kept."""


@dataclass(frozen=True, slots=True)
class Form:
    """``whole`` stands for all of the form, ``tree`` for the syntax tree alone.

    ``outside`` stands for what others see of a piece that only defines functions, ``defines`` for which. ``lines`` are the numbers of the
    lines that the form has, from 1 within the piece. ``tame``: it can do nothing but compute. ``speaks_of_lines``: a quotation from it may
    read as our own "line 12".
    """

    whole: bytes
    tree: bytes
    outside: bytes
    defines: frozenset[str]
    lines: tuple[int, ...]
    tame: bool
    speaks_of_lines: bool


@lru_cache(maxsize=_TEXTS)
def form_of(text: str) -> Form | None:
    """The form of a piece; None where it cannot be parsed."""
    try:
        tree = parsed(text)
        dumped = ast.dump(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    lines = split_lines(text)
    kept = _kept(lines, _together(tree))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and not _computes(node)]
    only = len(functions) == len(tree.body)
    whole = "\n".join(line for _, line in kept)
    outside = repr([(node.name, ast.dump(node.args)) for node in functions]) if only else ""
    return Form(
        _digest(f"{whole}\n{dumped}"),
        _digest(dumped),
        _digest(outside),
        frozenset(node.name for node in functions) if only else frozenset(),
        tuple(number for number, _ in kept),
        tame(tree),
        _OF_LINES.search(whole) is not None,
    )


def _kept(lines: list[str], together: set[int]) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for number, line in enumerate(lines, 1):
        text = line if number in together else _without_comment(line)
        if text or number in together:
            found.append((number, text))
    return found


def _without_comment(line: str) -> str:
    if "#" in line:
        comment = next((match for match in _STRING_OR_COMMENT.finditer(line) if match[2]), None)
        if comment and not _READ.search(comment[2]):
            line = line[: comment.start()]
    return line.rstrip()


def _together(tree: ast.Module) -> set[int]:
    """The numbers of the lines over which one expression goes, and of those with an f-string, which may hold a "#" anywhere."""
    found: set[int] = set()
    for node in walk(tree):
        if (
            isinstance(node, ast.expr)
            and node.end_lineno is not None
            and (node.end_lineno > node.lineno or isinstance(node, ast.JoinedStr))
        ):
            found.update(range(node.lineno, node.end_lineno + 1))
    return found


def _computes(node: ast.FunctionDef) -> bool:
    """Whether its definition does more than to bind a name."""
    return bool(node.decorator_list) or not all(
        default is None or isinstance(default, ast.Constant) for default in (*node.args.defaults, *node.args.kw_defaults)
    )


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
