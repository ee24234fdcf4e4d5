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
from whygrad.from_code.naming.own_line import COMPUTED, OwnLine, has, put_here
from whygrad.from_code.naming.wording import short
from whygrad.from_code.observe.expression import Expression, expression_of
from whygrad.from_code.observe.subject import array_of, same
from whygrad.mistakes.words import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from whygrad.from_code.lines.sum_of_products import Factor, Part
    from whygrad.from_code.naming.wording import Name
    from whygrad.from_code.observe.subject import Array
    from whygrad.sandbox.requests import Value

_COUNTS = {2: "two", 3: "three"}


class ByParts(OwnLine):
    """Names for several slips in one line."""

    def _by_parts(self) -> Name | None:
        """What the line adds up, beside what its equation adds up; not where one name is wrong, of which others know more."""
        if (cut := self._of_cut_arrays()) is not None:
            return cut
        name = self._by_all_parts()
        return None if name is not None and name.slips == 1 and name.id in {*REPLACED, "slice-wrong"} else name

    def _of_cut_arrays(self) -> Name | None:
        """A line that computes with the first or last rows of several arrays, of which all belong there."""
        node = expression_of(self._line(self.found)[0])
        nodes = ast.walk(node) if node is not None else ()
        cut = [one for one in nodes if isinstance(one, ast.Subscript) and isinstance(one.slice, ast.Slice)]
        cut.sort(key=lambda one: one.col_offset)
        if node is None or len(cut) != 2 or self.right is None:  # noqa: PLR2004 - of one the repair of the line tells
            return None
        whole = Expression(ast.unparse(_Whole().visit(deepcopy(node))), self._scope(self.found.record))
        if whole.tree is None or not same(whole.value(whole.tree), self.right, self._tolerance):
            return None
        says = f"{short(self.found)} is made of {listed(map(ast.unparse, cut))} alone, and the rest of both is left out"
        return self._plain("slice-wrong", says, exact=True)

    def _by_all_parts(self) -> Name | None:
        """The same whatever is wrong."""
        ways = (slips(parts, rights, called, self._tolerance) for parts, rights, called in self._ways())
        found = min(filter(None, ways), key=len, default=None)
        if found is None or (len(found) > 1 and self._adds_up()):
            return None
        first, *more = [one.says for one in found]
        each = f"{', '.join((first, *more[:-1]))}, and {more[-1]}" if more else first  # too long for a list without a comma before its last
        says = f"{short(self.found)} has {_COUNTS[len(found)]} slips: {each}" if more else has(short(self.found), first)
        return replace(self._plain(found[0].id, says, exact=True), slips=len(found))

    def row(self) -> int:
        """In which line of its expression all that is wrong stands, 0 for the first; 0 also where that is not known."""
        ways = [some for parts, rights, _ in self._ways() if (some := wrong_factors(parts, rights, self._tolerance))]
        change = self._repaired(self.found) if not ways and self.right is not None else None
        rows = {getattr(factor.node, "lineno", 1) - 1 for factor in min(ways, key=len)} if ways else {change.row} if change else set[int]()
        before, expression, _ = self.found.record.place.text.partition(self._line(self.found)[0].strip())
        return before.count("\n") + rows.pop() if expression and len(rows) == 1 else 0

    def _ways(self) -> Iterator[tuple[list[Part], list[Part], Callable[[Factor], str]]]:
        """What the line adds up, with each way of writing what belongs there, and what calls a factor of that in words."""
        text, right, value = self._line(self.found)
        if "cell" not in self.function or array_of(value) is None or self.found.record.place.kind not in COMPUTED:
            return
        line = Expression(text, self._known(self.found.record, self.found.reads))
        parts = parts_of(line.tree, line.value, line.named) if line.tree is not None else None
        if parts is None or not same(total(parts), value, self._tolerance):
            return
        values = right_values(self.search.quantities, self.arguments, self.found.record.phase)
        belongs = partial(self._belongs, right=right)
        for way in equations(self.function, self.quantity, values, parts, belongs=belongs, tolerance=self._tolerance):
            yield (parts, *way)

    def _belongs(self, array: Array, right: Value) -> bool:
        """Whether an array is what belongs at the line: where the right value was put behind it, all results come right with it here."""
        record = self.found.record
        if right is not None and any(put.place == record.place.id for put in self.found.substitutes):
            return same(array, right, self._tolerance)
        return self.search.complete and self.search.results_right(self.search.subject.run((*self.others, put_here(record, array))))


class _Whole(ast.NodeTransformer):
    """An expression with the whole of each array of which rows are taken."""

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        return node.value if isinstance(node.slice, ast.Slice) else node
