"""Names that follow from what a line adds up: each part beside its like in the reference's equation."""

from __future__ import annotations

import ast
from copy import deepcopy
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from whygrad.from_code.lines.equations import equations
from whygrad.from_code.lines.repair import REPLACED
from whygrad.from_code.lines.sum_of_products import parts_of, total
from whygrad.from_code.lines.term_by_term import slips, wrong_factors
from whygrad.from_code.lines.variants import right_values
from whygrad.from_code.naming.own_line import (
    COMPUTED,
    SLIPS,
    adds_up,
    by_two,
    computed_there,
    has,
    known_there,
    put_here,
    repaired,
    right_scope,
)
from whygrad.from_code.naming.wording import Wording, short
from whygrad.from_code.observe.arrays import array_of, same
from whygrad.from_code.observe.expression import Expression, expression_of
from whygrad.mistakes.words import in_words, listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from whygrad.from_code.lines.sum_of_products import Factor, Part
    from whygrad.from_code.naming.wording import Name
    from whygrad.from_code.observe.arrays import Array
    from whygrad.sandbox.requests import Value


_PAIR = 2


def by_parts(wording: Wording) -> Name | None:
    """What the line adds up, beside what its equation adds up; not where one name is wrong, of which others know more."""
    if (cut := _of_cut_arrays(wording)) is not None:
        return cut
    name = by_all_parts(wording)
    return None if name is not None and name.slips == 1 and name.id in {*REPLACED, "slice-wrong"} else name


def _of_cut_arrays(wording: Wording) -> Name | None:
    """A line that computes with the first or last rows of several arrays, of which all belong there."""
    node = expression_of(computed_there(wording, wording.found)[0])
    nodes = ast.walk(node) if node is not None else ()
    cut = [one for one in nodes if isinstance(one, ast.Subscript) and isinstance(one.slice, ast.Slice)]
    cut.sort(key=lambda one: one.col_offset)
    if node is None or len(cut) != 2 or wording.right is None:  # noqa: PLR2004 - of one the repair of the line tells
        return None
    whole = Expression(ast.unparse(_Whole().visit(deepcopy(node))), right_scope(wording, wording.found.record))
    if whole.tree is None or not same(whole.value(whole.tree), wording.right, wording.tolerance):
        return None
    says = f"{short(wording.found)} is made of {listed(map(ast.unparse, cut))} alone, and the rest of both is left out"
    return wording.plain("slice-wrong", says, exact=True)


def by_all_parts(wording: Wording) -> Name | None:
    """The same whatever is wrong; of more than two slips two other ones that mend the line, if there are."""
    ways = (slips(parts, rights, called, wording.tolerance) for parts, rights, called in _ways(wording))
    found = min(filter(None, ways), key=len, default=None)
    if found is None or (len(found) > 1 and adds_up(wording)):
        return None
    first, *more = [one.says for one in found]
    each = f"{', '.join((first, *more[:-1]))}, and {more[-1]}" if more else first  # too long for a list without a comma before its last
    count = sum(one.times for one in found)
    if count > _PAIR and (pair := by_two(wording)) is not None:
        return pair
    says = f"{short(wording.found)} has {in_words(count)}{SLIPS}{each}" if count > 1 else has(short(wording.found), first)
    return replace(wording.plain(found[0].id, says, exact=True), slips=count)


def row(wording: Wording) -> int:
    """In which line of its expression all that is wrong stands, 0 for the first; 0 also where that is not known."""
    ways = [some for parts, rights, _ in _ways(wording) if (some := wrong_factors(parts, rights, wording.tolerance))]
    change = repaired(wording, wording.found) if not ways and wording.right is not None else None
    rows = {getattr(factor.node, "lineno", 1) - 1 for factor in min(ways, key=len)} if ways else {change.row} if change else set[int]()
    before, expression, _ = wording.found.record.place.text.partition(computed_there(wording, wording.found)[0].strip())
    return before.count("\n") + rows.pop() if expression and len(rows) == 1 else 0


def _ways(wording: Wording) -> Iterator[tuple[list[Part], list[Part], Callable[[Factor], str]]]:
    """What the line adds up, with each way of writing what belongs there, and what calls a factor of that in words."""
    text, right, value = computed_there(wording, wording.found)
    if "cell" not in wording.function or array_of(value) is None or wording.found.record.place.kind not in COMPUTED:
        return
    line = Expression(text, known_there(wording, wording.found.record, wording.found.reads))
    parts = parts_of(line.tree, line.value, line.named) if line.tree is not None else None
    if parts is None or not same(total(parts), value, wording.tolerance):
        return
    values = right_values(wording.search.quantities, wording.arguments, wording.found.record.phase)
    belongs = partial(_belongs, wording, right=right)
    for way in equations(wording.function, wording.quantity, values, parts, belongs=belongs, tolerance=wording.tolerance):
        yield (parts, *way)


def _belongs(wording: Wording, array: Array, right: Value) -> bool:
    """Whether an array is what belongs at the line: where the right value was put behind it, all results come right with it here."""
    record = wording.found.record
    if right is not None and any(put.place == record.place.id for put in wording.found.substitutes):
        return same(array, right, wording.tolerance)
    return wording.search.complete and wording.search.results_right(wording.search.subject.run((*wording.others, put_here(record, array))))


class _Whole(ast.NodeTransformer):
    """An expression with the whole of each array of which rows are taken."""

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        return node.value if isinstance(node.slice, ast.Slice) else node
