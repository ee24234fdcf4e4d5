"""Two edits within one equation: the likely ones rewritten once more."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from whygrad.mistakes import OPERATORS, Edit, Site
from whygrad.mistakes.expression import Expression
from whygrad.mistakes.operator import BETWEEN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.assignments.assignment import Assignment

FIRST = (
    "bracket-moved",
    "factor-dropped",
    "term-dropped",
    "wrong-activation-derivative",
    "activation-derivative-missing",
    "printed-formula",
    "activation-wrong",
    "gate-swapped",
    "operator-replaced",
    "sign-flipped",
)
SECOND = (
    "factor-dropped",
    "wrong-activation-derivative",
    "activation-derivative-missing",
    "term-dropped",
    "name-replaced",
    "operator-replaced",
    "term-repeated",
    "bracket-moved",
)
NO_NAMES_AFTER = ("gate-swapped", "bracket-moved", "activation-wrong", "operator-replaced", "sign-flipped")
"""After these, which are rarer, no name is replaced: that would be as many again as all others together."""
LONG = 60
"""Above so many characters an equation has too many places for a bracket."""


def compounds(assignment: Assignment, function: str, number: int, edits: Sequence[Edit]) -> Iterator[Edit]:
    """The edits of one line, each followed by every rewrite of the likelier kinds; none twice.

    The second slip is the one that it is alone, where that is known: siblings that have only this one made the same mistake.
    """
    site = Site(assignment, function, number, assignment.functions[function][number])
    alone: dict[tuple[str, str], set[str]] = defaultdict(set)
    for edit in edits:
        alone[edit.operator, edit.detail].add(edit.slip)
    seen = {edit.lines[0][2].replace(" ", "") for edit in edits}
    for edit in edits:
        if edit.operator not in FIRST:
            continue
        expression = Expression(edit.formula)
        for name in SECOND:
            operator = OPERATORS[name]
            if operator.rewrites is None or (name == "bracket-moved" and len(expression.text) > LONG):
                continue
            if name == "name-replaced" and edit.operator in NO_NAMES_AFTER:
                continue
            for rewrite in operator.rewrites(expression, site):
                text = f"    {site.target} = {rewrite.text}"
                key = text.replace(" ", "")
                if key not in seen:
                    seen.add(key)
                    same = alone[name, rewrite.detail]
                    slip = (
                        min(same)
                        if len(same) == 1
                        else f"{name}: {rewrite.slip or assignment.vocabulary.normal(site.target, text.strip())}"
                    )
                    yield Edit(
                        f"{edit.operator} + {name}",
                        function,
                        site.target,
                        ((function, number, text),),
                        f"{edit.slip}{BETWEEN}{slip}",
                        f"{edit.detail}{BETWEEN}{rewrite.detail}",
                    )


def with_slip(assignment: Assignment, edit: Edit, one: Edit) -> Iterator[Edit]:
    """An edited equation with the slip of another edit of its function as well."""
    rewrites = OPERATORS[one.operator].rewrites if one.operator in OPERATORS else None
    (function, number, _), *more = edit.lines
    if rewrites and function == one.function and edit.formula and not more and BETWEEN not in edit.slip:
        site = Site(assignment, function, number, assignment.functions[function][number])
        for rewrite in rewrites(Expression(edit.formula), site):
            if rewrite.detail == one.detail:
                yield Edit(
                    f"{one.operator} + {edit.operator}",
                    function,
                    edit.quantity,
                    ((function, number, f"    {site.target} = {rewrite.text}"),),
                    f"{one.slip}{BETWEEN}{edit.slip}",
                    f"{one.detail}{BETWEEN}{edit.detail}",
                )
