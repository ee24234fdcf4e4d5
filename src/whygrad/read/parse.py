"""From the text of a cell to its statements, saving what can be saved where Python refuses the whole."""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from whygrad.read.bodies import with_bodies
from whygrad.read.magics import other_language, without_magics, without_new_prints, without_old_prints, without_prompts
from whygrad.read.reasons import reason
from whygrad.records import split_lines

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_QUOTES = "A print with quotes inside of its braces needs Python 3.12"
MOST_CHARACTERS = 300_000
"""Of one text of code; its syntax tree takes a hundred times the memory."""
NO_TEXT = "A character (U+0000) stands here that no text of Python may hold; it was left out."
TOO_LONG = "too long to be written by hand"
MOST_ATTEMPTS = 2_000
FARTHEST = 20

_HEAD = re.compile(r"[^\s#)\]}]")
_CLOSES = re.compile(r"[)\]}]")
_CONTINUES = re.compile(r"(?:else|elif|except|finally)\b")
_DEFINES = re.compile(r"@|(?:async[ \t]+)?def\b|class\b")
_CONFLICT = re.compile(r"(?:<{7}|\|{7}|={7}|>{7})(?: |$)")
_DEFINITION = re.compile(r"^[^\S\n]*(?:async[^\S\n]+)?def[^\S\n]+(\w+)", re.MULTILINE)  # also blanks that Python refuses

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why Python refuses a text: the line (from 1), one short sentence, and the functions that are lost with it."""

    line: int
    reason: str
    functions: tuple[str, ...] = ()
    shifted: bool = False


@dataclass(slots=True)
class Parsed:
    """The statements of a cell, whose line numbers count within the cell, and the ``lines`` that they were parsed from."""

    lines: list[str]
    body: list[ast.stmt] = field(default_factory=list[ast.stmt])
    troubles: list[Trouble] = field(default_factory=list[Trouble])


def parse(text: str) -> Parsed:
    """The statements of a cell's text: of the whole where Python takes it, else of each part at its left margin that Python takes."""
    lines = split_lines(text)
    if "\0" in text:
        parsed = parse(text.replace("\0", ""))
        parsed.troubles.append(Trouble(next(at for at, line in enumerate(lines, 1) if "\0" in line), NO_TEXT))
        return parsed
    body = attempt(lines)
    if not isinstance(body, Trouble):
        return _without_cut_off(Parsed(lines, body))
    if other_language(lines):
        return Parsed(lines)
    lines = with_bodies(without_magics(without_prompts(lines)))
    body = attempt(lines)
    if not isinstance(body, Trouble):
        return _without_cut_off(Parsed(lines, body))
    modern, troubles = lines, list[Trouble]()
    for without, why in ((without_old_prints, "A print without brackets is Python 2"), (without_new_prints, _QUOTES)):
        modern, first = without(modern)
        if first is not None:
            troubles.append(Trouble(first, f"{why}; such lines are left out."))
    body = attempt(modern) if troubles else body
    parsed = _saved(modern) if isinstance(body, Trouble) else Parsed(modern, body)
    parsed.troubles += troubles
    return _without_cut_off(parsed)


def attempt(lines: list[str], start: int = 1) -> list[ast.stmt] | Trouble:
    """The statements of the lines, the first of which has the number ``start``; or why there are none."""
    text = "\n".join(lines)
    tree = _kept_tree(text) if start == 1 and len(text) <= _SHORT else _tree(text)
    if isinstance(tree, Trouble):
        return replace(tree, line=tree.line + start - 1)
    if start > 1:
        ast.increment_lineno(tree, start - 1)
    return list(tree.body)


def _tree(text: str) -> ast.Module | Trouble:
    return _tried(lambda: ast.parse(text), text)


_SHORT = 3_000
"""Characters of a cell of which the tree is kept: most notebooks of a class have most of their cells in common."""
_kept_tree = lru_cache(maxsize=150)(_tree)


@lru_cache(maxsize=300)
def refused(text: str) -> Trouble | None:
    """Why Python would not compile a text that it parses: ``break`` outside of a loop, two arguments of one name and the like."""
    tried = _tried(lambda: compile(text, "<definition>", "exec", dont_inherit=True), text)
    return tried if isinstance(tried, Trouble) else None


def _tried(work: Callable[[], T], text: str) -> T | Trouble:
    if len(text) > MOST_CHARACTERS:
        return Trouble(1, f"It is {TOO_LONG}.", _functions(text))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "\\d" in a learner's string is none of our business
            return work()
    except SyntaxError as error:
        line = min(max(error.lineno or 1, 1), text.count("\n") + 1)
        shifted = isinstance(error, IndentationError) and "unexpected" in error.msg
        return Trouble(line, reason(error, text.split("\n")[line - 1]), _functions(text), shifted)
    except (RecursionError, MemoryError):
        return Trouble(1, "It is nested too deeply.", _functions(text))
    except ValueError:
        return Trouble(1, "It holds characters that no Python text may hold.", _functions(text))


def _functions(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_DEFINITION.findall(text)))


def _saved(lines: list[str]) -> Parsed:
    """What each part at the left margin gives by itself.

    A part that is a definition or a text may go on over lines at the left margin, so it is also tried together with what follows.
    A line that is shifted to the right after a definition says that the definition was cut in two; half of it is not taken. Neither is
    one within which git has left both sides of a conflict. A bracket at the left margin that nothing opens is a part of its own.
    """
    parsed = Parsed(lines)
    heads = [at for at, line in enumerate(lines) if _HEAD.match(line) and not _CONTINUES.match(line)]
    ends = [*heads[1:], len(lines)]
    number, attempts, before, silent = 0, 0, 0, False
    while number < len(heads) and attempts < MOST_ATTEMPTS:
        start, last = heads[number], number
        found = first = attempt(lines[start : ends[last]], start + 1)
        attempts += 1
        if isinstance(first, Trouble) and "unmatched" in first.reason and first.line > start + 1 and _CLOSES.match(lines[first.line - 1]):
            heads.insert(number + 1, first.line - 1)
            ends.insert(number, first.line - 1)
            continue
        while isinstance(found, Trouble) and last + 1 < min(number + FARTHEST, len(heads)) and _may_go_on(lines[start], found):
            last, attempts = last + 1, attempts + 1
            found = attempt(lines[start : ends[last]], start + 1)
        if isinstance(first, Trouble) and isinstance(found, Trouble):
            lost, mark = first.functions, _mark(lines, start, ends[number])
            if (first.shifted or _cuts(lines, start)) and not _DEFINES.match(lines[start]):
                lost += tuple(node.name for node in parsed.body[before:] if isinstance(node, Definition))
                del parsed.body[before:]
            if lost or not silent:
                told = first if mark is None else Trouble(mark + 1, "These are the marks of a conflict that git left.")
                parsed.troubles.append(Trouble(told.line, told.reason, lost))
            number, before, silent = number + 1, len(parsed.body), True
        elif not isinstance(found, Trouble):
            before = len(parsed.body)
            parsed.body += found
            number, silent = last + 1, False
    if number < len(heads):
        lost = _functions("\n".join(lines[heads[number] :]))
        why = "too much of it is not Python" if parsed.troubles else f"it is {TOO_LONG}"
        parsed.troubles.append(Trouble(heads[number] + 1, f"The rest is left out: {why}.", lost))
    return parsed


def _cuts(lines: list[str], at: int) -> bool:
    """Whether a bracket or a mark of git stands within what is above it: that goes on below it, or it is one of a conflict's two sides."""
    if not (_CONFLICT.match(lines[at]) or _CLOSES.match(lines[at])):
        return False
    below = next((line for line in lines[at + 1 :] if line.strip() and not _CONFLICT.match(line)), "")
    marks = [line[0] for line in lines[:at] if _CONFLICT.match(line)]
    return below[:1].isspace() or (lines[at][0] in "|=>" and "<" in marks and marks[-1] != ">")


def _mark(lines: list[str], start: int, end: int) -> int | None:
    """The mark of a conflict with which the part begins, or the one that ends it."""
    return next((at for at in (start, end) if at < len(lines) and _CONFLICT.match(lines[at])), None)


def _may_go_on(head: str, trouble: Trouble) -> bool:
    """Whether a part may need what follows at the left margin: a decorator its function, a function its body, a text its end."""
    return _DEFINES.match(head) is not None or "unterminated triple-quoted" in trouble.reason


def _without_cut_off(parsed: Parsed) -> Parsed:
    """A ``return`` at the left margin ends the function above it too early: Python refuses the cell, and half a function is not taken.

    One below a function that has its own ``return`` at its end is only left over.
    """
    kept: list[ast.stmt] = []
    for node in parsed.body:
        if isinstance(node, ast.Return):
            cut = next((at for at in reversed(range(len(kept))) if isinstance(kept[at], Definition)), None)
            half = kept[cut] if cut is not None else node
            lost = (half.name,) if isinstance(half, Definition) and not isinstance(half.body[-1], ast.Return) else ()
            if lost:
                kept.remove(half)
            parsed.troubles.append(Trouble(node.lineno, "Python says: 'return' outside function.", lost))
        else:
            kept.append(node)
    parsed.body = kept
    return parsed
