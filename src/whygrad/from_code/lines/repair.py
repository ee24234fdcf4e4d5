"""Which small change of the learner's own line gives the right value? The change undone is the mistake, whatever the style.

The line is worked out with the values that it read in the run; each change is one of those that slips of the pen undo: another name,
another operator, a bracket, a transposition, an activation, something left out, something too many.
"""

from __future__ import annotations

import ast
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from whygrad.from_code.lines.line_changes import changes
from whygrad.from_code.observe.arrays import same
from whygrad.from_code.observe.expression import Expression

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from whygrad.from_code.lines.change import Change, Form
    from whygrad.from_code.observe.subject import Record

_MOST = 6_000
"""Changes that are tried."""
REPLACED = frozenset(("name-replaced", "gate-swapped"))
"""Mistakes that, of a whole line, say no more than that another value belongs there."""
_OF_OPERATORS = frozenset(("sign-flipped", "operator-replaced"))
_OF_SHAPES = frozenset(("transpose-wrong", "slice-wrong", "stack-wrong", "sum-wrong"))
_OF_OPERANDS = frozenset(("bracket-moved", "name-replaced", "gate-swapped", "product-for-matrix-product", "operator-replaced"))


class Repair(NamedTuple):
    """A change that gives the right value: the ``id`` of the mistake that it undoes, and what the line has instead, in words.

    ``exact`` tells whether it explains the wrong value too: the line as it stands gives it, and something of the line is left. ``row`` is
    in which line of an expression over several it stands, 0 for the first, which counts where it is in more than one.
    """

    id: str
    says: str
    exact: bool
    row: int = 0
    form: Form = ""


def repair(
    text: str,
    reads: Iterable[Record],
    scope: Mapping[str, Any],
    right: Any,  # noqa: ANN401 - an array, or one for each of several names
    tolerance: float,
    *,
    wrong: Any = None,  # noqa: ANN401 - an array; None where it is not known
    missing: Sequence[Any] = (),
    raises: bool = False,
    fits: Callable[[tuple[str, str, str]], bool] = bool,
) -> Repair | None:
    """The first change of an expression that gives ``right`` in place of ``wrong``, and ``fits`` elsewhere.

    ``reads`` are what it read, ``scope`` the values of other names that could stand there, by their texts, ``missing`` right quantities
    that a part may lack. A line that ``raises`` gives nothing, and the change that makes it run explains that.
    """
    line = Expression(text, {**scope, **{record.place.text: record.value for record in reads}})
    if line.tree is None:
        return None
    tolerance = max(1e-8, tolerance)
    if same(line.value(line.tree), right, tolerance):
        return None  # nothing in the line is to be mended; if it raises or is wrong, what it calls is not what its name says
    as_it_stands = raises or (wrong is not None and same(line.value(line.tree), wrong, tolerance))
    for number, change in enumerate(shapes_first(changes(line, missing)) if raises else changes(line, missing)):
        if number >= _MOST:
            break
        if same(line.changed(change.part, change.value), right, tolerance) and fits(change.slip):
            says_all = raises or not (change.part is line.tree and change.id in REPLACED)
            return Repair(change.id, change.says, as_it_stands and says_all, _row(change), change.form)
    return None


def _row(change: Change) -> int:
    """The line of the part that is changed; of an operator the line of what stands behind it."""
    part = change.part.right if isinstance(change.part, ast.BinOp) and change.id in _OF_OPERATORS else change.part
    first = getattr(part, "lineno", 1)
    return first - 1 if getattr(part, "end_lineno", first) == first else 0


def shapes_first(found: Iterable[Change]) -> list[Change]:
    """Of the changes those that can make a line run that raises, in the order in which they are likely to."""
    able = [change for change in islice(found, _MOST) if change.id in _OF_SHAPES | _OF_OPERANDS]
    return sorted(able, key=lambda change: change.id not in _OF_SHAPES)
