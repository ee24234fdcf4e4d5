"""Which of a notebook's computed values its functions cannot do without: a list of gate names that a loop fills, a dtype, a logger.

They are executed with the definitions. What is drawn at random, or comes out of the assignment's functions, is the notebook's test data:
that a function reads it is the learner's mistake, and its value is not made.
"""

from __future__ import annotations

import ast
import re
import symtable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.read.statements import ANY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from whygrad.records import Piece


@dataclass(frozen=True, slots=True)
class Assignment:
    """A statement that binds or fills names by work: it stood before the ``at``-th of the pieces that were taken."""

    at: int
    piece: Piece


def needed(definitions: Iterable[Piece], assignments: Sequence[Assignment], is_there: Callable[[str], bool]) -> list[Assignment]:
    """Those of the assignments that the definitions need, directly or not, in their order; of other names ``is_there`` tells.

    A name that nothing else gives may come from where the names are computed.
    """
    fills: dict[str, list[Assignment]] = {}
    for assignment in assignments:
        for name in assignment.piece.names:
            fills.setdefault(name, []).append(assignment)
    done: dict[int, bool] = {}

    def there(name: str) -> bool:
        return all(map(taken, makers)) if (makers := made_by(name)) else is_there(name)

    def made_by(name: str) -> list[Assignment]:
        return fills.get(name) or ([] if is_there(name) else fills.get(ANY, []))

    def taken(assignment: Assignment) -> bool:
        key = id(assignment)
        if key not in done:
            done[key] = False  # what needs itself is not to be had
            text, own = assignment.piece.text, assignment.piece.names
            done[key] = _is_no_test_data(text) and all(there(name) for name in asked(text) if name not in own)
        return done[key]

    wanted = {name for definition in definitions for name in asked(definition.text)}
    todo, seen = [name for name in wanted if made_by(name) and there(name)], set[Assignment]()
    while todo:
        for one in set(made_by(todo.pop())) - seen:
            seen.add(one)
            todo += [more for more in (*asked(one.piece.text), *one.piece.names) if made_by(more) and there(more)]
    return [assignment for assignment in assignments if assignment in seen]


_FOR = re.compile(r"\bfor\b")
_GENERATORS = frozenset({"default_rng", "RandomState"})


def _is_no_test_data(text: str) -> bool:
    names = {getattr(node, "id", None) or getattr(node, "attr", "") for node in ast.walk(ast.parse(text))}
    if names & _GENERATORS:
        names -= {*_GENERATORS, "random"}  # nothing is drawn yet
    return names.isdisjoint(SEQUENCE_MODELS.vocabulary.roles) and not any("rand" in name for name in names)


@lru_cache(maxsize=300)
def asked(text: str) -> tuple[str, ...]:
    """The names that a statement, or a function in it, looks for among the notebook's."""
    todo, found = [symtable.symtable(text, "piece", "exec")], list[str]()
    given = _given_within(text)
    while todo:
        table = todo.pop()
        outermost = table.get_type() == "module"
        names = (symbol.get_name() for symbol in table.get_symbols() if symbol.is_referenced() and (outermost or symbol.is_global()))
        found += (name for name in names if not outermost or name not in given)
        todo += table.get_children()
    return tuple(found)


def _given_within(text: str) -> set[str]:
    """The names that comprehensions alone give and use: from Python 3.12 on these are the symbols of what stands around them, too."""
    if not _FOR.search(text):
        return set()
    nodes = list(ast.walk(ast.parse(text)))
    within: dict[int, str] = {}
    for node in nodes:
        if isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            names = [one for one in ast.walk(node) if isinstance(one, ast.Name)]
            given = {one.id for generator in node.generators for one in ast.walk(generator.target) if isinstance(one, ast.Name)}
            within |= {id(one): one.id for one in names if one.id in given}
    if not within:
        return set()
    return set(within.values()) - {one.id for one in nodes if isinstance(one, ast.Name) and id(one) not in within}
