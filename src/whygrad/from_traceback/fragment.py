"""The statements of somebody's function that a traceback quotes, up to the one that was being run."""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass
from textwrap import dedent
from typing import TYPE_CHECKING

from whygrad.read.parse import Trouble, attempt

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from whygrad.read.post.frames import Frame

_OWN = frozenset(dir(builtins)) | {"np"}
_NEAR = 6
"""So many lines above and below the one that was being run are looked at; IPython quotes two."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """Statements of one block in their order, the last of which was being run.

    ``lines`` are theirs without what all have in common at the left, ``line`` is the number of the first in somebody's cell.
    """

    line: int
    lines: tuple[str, ...]
    nodes: tuple[ast.stmt, ...]

    @property
    def stopped(self) -> ast.stmt:
        """The statement that was being run."""
        return self.nodes[-1]

    @property
    def own_line(self) -> int:
        """At which of the lines, from 0, it begins."""
        return self.stopped.lineno - self.nodes[0].lineno

    def given(self) -> frozenset[str]:
        """What the statements give a value to, as it is written: ``dx[:, :, t]`` too."""
        return frozenset(name for node in self.nodes for name in targets(node))

    def read(self) -> tuple[str, ...]:
        """The names that are read before these statements give them a value, in order."""
        given, found = set[str](), dict[str, None]()
        for node in self.nodes:
            found.update(dict.fromkeys(name for name in read_in(node) if name not in given))
            given |= targets(node)
        return tuple(found)


def fragments(frame: Frame) -> Iterator[Fragment]:
    """What can be taken of the quoted lines: the statement that was being run, then with as many before it as there are.

    Of lines that have all lost what stood at their left the statements are read too.
    """
    for lines in (frame.lines, {number: text.strip() for number, text in frame.lines.items()}):
        near = [number for number in sorted(lines) if 0 <= frame.line - number <= _NEAR]
        below = [number for number in sorted(lines) if 0 <= number - frame.line <= _NEAR]  # where the statement goes on there
        for last in below:
            for first in near:
                found = _taken([lines.get(number, "") for number in range(first, last + 1)], first, frame.line)
                if found is None:
                    continue
                yield _last_alone(found)
                if found.own_line:
                    yield found
                return


def targets(node: ast.stmt) -> set[str]:
    """What a statement gives a value to, each as it is written."""
    return set(in_order(node))


def in_order(node: ast.stmt) -> list[str]:
    """The same in the order in which it stands there."""
    match node:
        case ast.Assign(targets=several):
            return [ast.unparse(one) for target in several for one in _parts(target)]
        case ast.AugAssign(target=target) | ast.AnnAssign(target=target):
            return [ast.unparse(target)]
        case _:
            return []


def read_in(node: ast.AST) -> tuple[str, ...]:
    """The names that a statement reads, but for Python's own and NumPy's; those of functions that it calls too."""
    changed = {id(part.target) for part in ast.walk(node) if isinstance(part, ast.AugAssign)}
    names = (part for part in ast.walk(node) if isinstance(part, ast.Name) and part.id not in _OWN)
    return tuple(dict.fromkeys(name.id for name in names if isinstance(name.ctx, ast.Load) or id(name) in changed))


def entries_or_names(node: ast.AST) -> list[str]:
    """What a statement reads: the entries that it asks for by their keys, and the other names."""
    entries = [part for part in ast.walk(node) if isinstance(part, ast.Subscript) and is_entry(part)]
    within = {id(entry.value) for entry in entries}
    names = [part.id for part in ast.walk(node) if isinstance(part, ast.Name) and id(part) not in within]
    return list(dict.fromkeys([*map(ast.unparse, entries), *(name for name in read_in(node) if name in names)]))


def is_entry(part: ast.Subscript) -> bool:
    """Whether it asks a name for what stands under a key that is written there."""
    key = part.slice
    return (
        isinstance(part.value, ast.Name) and isinstance(part.ctx, ast.Load) and isinstance(key, ast.Constant) and isinstance(key.value, str)
    )


def _parts(target: ast.expr) -> Iterable[ast.expr]:
    return target.elts if isinstance(target, ast.Tuple | ast.List) else (target,)


def _taken(lines: list[str], first: int, stopped: int) -> Fragment | None:
    """The statements in the lines up to the one at ``stopped``; None where Python does not take them, or that one is within a block."""
    own = dedent("\n".join(lines)).split("\n")
    body = attempt(own)
    if isinstance(body, Trouble) or not own[0].strip():
        return None
    at = stopped - first + 1
    nodes = tuple(node for node in body if node.lineno <= at)
    if not nodes or nodes[0].lineno > 1 or (nodes[-1].end_lineno or 0) < at or hasattr(nodes[-1], "body"):
        return None
    return Fragment(first, tuple(own[: nodes[-1].end_lineno]), nodes)


def _last_alone(fragment: Fragment) -> Fragment:
    start = fragment.own_line
    nodes = tuple(node for node in fragment.nodes if node.lineno == fragment.stopped.lineno)
    return Fragment(fragment.line + start, fragment.lines[start:], nodes)
