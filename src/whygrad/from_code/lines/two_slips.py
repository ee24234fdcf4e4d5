"""Two slips in one line: each pair of small changes that together make the right value of what the line read.

Pairs are millions. So one change is made, what each other part would then have to be is worked out from the outside in, and a second
change is looked up among those of that part. What stands around the first change can also be joined by another operator or other brackets,
or be summed over another axis.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_code.lines.brackets import beside, bracketed
from whygrad.from_code.lines.line_changes import changes, other_operation, other_signs
from whygrad.from_code.lines.needed import needed
from whygrad.from_code.lines.other_calls import other_calls, sums_for
from whygrad.from_code.observe.arrays import array_of, same
from whygrad.from_code.observe.expression import Expression, broadcast, expression_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from whygrad.from_code.lines.change import Change

    _ByPart = Mapping[str, list[tuple[int, Change]]]
    """The changes of each part, with their places in the order in which they are tried."""

_MOST = 600
"""First changes."""
_BRACKETED = 30
"""Of these, after so many other brackets are tried."""
_MOST_BRACKETED = 4_000
_TOO_MANY = frozenset(("factor-added", "term-added", "term-repeated"))
_OF_ONE_PART = _TOO_MANY | {"operator-replaced", "sign-flipped", "product-for-matrix-product"}


def two_slips(text: str, values: Mapping[str, Any], right: Any, tolerance: float) -> tuple[Change, Change] | None:  # noqa: ANN401
    """The first two changes of an expression that together give ``right``, if it does not give that as it stands.

    ``values`` are the arrays that it could read, by their texts.
    """
    line = Expression(text, values)
    if line.tree is None or _gives(line.value(line.tree), right, tolerance):
        return None
    if (pair := _summed_otherwise(line, right, tolerance)) is not None:
        return pair
    singles = _singles(line)
    by_part: dict[str, list[tuple[int, Change]]] = defaultdict(list)
    for at, change in enumerate(singles):
        by_part[ast.dump(change.part)].append((at, change))
    for first in singles:
        second = _around(line, first, right, tolerance) or _beside(line, first, by_part, right, tolerance)
        if second is not None:
            return first, second
    return _with_brackets(line, singles, right, tolerance)


def sign_and_brackets(text: str, values: Mapping[str, Any], right: Any, tolerance: float) -> tuple[Change, Change] | None:  # noqa: ANN401
    """Another operator, and brackets that begin behind it or end before it."""
    line = Expression(text, values)
    if line.tree is None or _gives(line.value(line.tree), right, tolerance):
        return None
    for first, parts in other_signs(line):
        for changed in beside(*parts):
            tree = expression_of(changed)
            if tree is not None and _gives(line.worth(tree), right, tolerance):
                return first, _moved(first)
    return None


def _singles(line: Expression) -> list[Change]:
    """The changes of parts that keep the part's shape, each value once."""
    found: list[Change] = []
    seen: set[tuple[int, bytes]] = set()
    for change in changes(line, ()):
        value, before = array_of(change.value), array_of(line.value(change.part))
        if change.part is line.tree or value is None or before is None:
            continue
        if value.shape not in {before.shape, ()} or not np.isfinite(value).all():
            continue
        key = id(change.part), np.asarray(value).tobytes()
        if key not in seen:
            seen.add(key)
            found.append(change)
        if len(found) >= _MOST:
            break
    return found


def _changed(line: Expression, change: Change) -> Expression:
    """The line with a change made: the part is a name that holds what it would be worth."""
    name = "v0"
    while name in line.values:
        name = f"v{int(name[1:]) + 1}"
    return line.with_value(change.part, name, change.value)


def _beside(line: Expression, first: Change, by_part: _ByPart, right: Any, tolerance: float) -> Change | None:  # noqa: ANN401
    """A change of another part: of several the one that would be told of the line if it were its only one."""
    able = {
        at: second
        for node, _, belongs in needed(_changed(line, first), right)
        for at, second in by_part.get(ast.dump(node), ())
        if second.part is not first.part and _gives(second.value, belongs, tolerance)
    }
    return able[min(able)] if able else None


def _around(line: Expression, first: Change, right: Any, tolerance: float) -> Change | None:  # noqa: ANN401
    """Another operator between what was changed and what stands beside it, or beside what it is in; another call of what it is in."""
    made = _changed(line, first)
    before = {id(node) for node in line.nodes()}
    for node in made.nodes():
        if isinstance(node, (ast.BinOp, ast.Call)) and id(node) not in before:
            for second in other_operation(node, made) if isinstance(node, ast.BinOp) else other_calls(node, made, ()):
                if _gives(made.changed(second.part, second.value), right, tolerance):
                    return second
    return None


def _summed_otherwise(line: Expression, right: Any, tolerance: float) -> tuple[Change, Change] | None:  # noqa: ANN401
    """A sum in the place of a mean or the like, and over another axis than that."""
    for node in line.nodes():
        for first, total in sums_for(node, line) if isinstance(node, ast.Call) else ():
            for second in other_calls(total, line, ()):
                if _gives(line.changed(node, second.value), right, tolerance):
                    return first, second
    return None


def _with_brackets(line: Expression, singles: list[Change], right: Any, tolerance: float) -> tuple[Change, Change] | None:  # noqa: ANN401
    tried = 0
    of_one_part = sorted((change for change in singles if change.id in _OF_ONE_PART), key=lambda change: change.id not in _TOO_MANY)
    for first in of_one_part[:_BRACKETED]:
        made = _changed(line, first)
        for value in bracketed(made):
            tried += 1
            if _gives(value, right, tolerance):
                return first, _moved(first)
        if tried > _MOST_BRACKETED:
            return None
    return None


def _moved(first: Change) -> Change:
    """What is said of brackets, beside a first change."""
    return first._replace(id="bracket-moved", says="its brackets in another place", form="")


def _gives(value: Any, right: Any, tolerance: float) -> bool:  # noqa: ANN401
    array = array_of(value)
    if array is None:
        return False
    if array.shape != right.shape and broadcast(right.shape, array.shape):
        array = np.broadcast_to(array, right.shape)
    return same(array, right, max(1e-8, tolerance))
