"""Of several names that one line unpacks: what is told of each by itself, where one change mends no two of them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whygrad.from_code.observe.experiment import last_name
from whygrad.from_code.observe.expression import expression_of
from whygrad.from_code.observe.roles import put_right
from whygrad.from_code.places.sources import with_these
from whygrad.from_code.search.told_of_found import EXCHANGED, findings_of
from whygrad.sandbox.trees import walk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.experiment import Found, Search
    from whygrad.from_code.reference.inputs import Case

_SUMS = frozenset(("sum", "mean", "dot", "matmul", "einsum"))
_SEVERAL = 2


def by_each_name(
    search: Search, case: Case, found: Sequence[Found], findings: tuple[Finding, ...]
) -> tuple[list[Found], tuple[Finding, ...]]:
    """What was found, and what is told of it, with one finding for each name that a line unpacks, if each has its own mistake.

    Names that hold what belongs elsewhere stay together: they are one order. So do those of which less is sure one by one than of an
    earlier line that makes them all, and those of a computation that the line parts.
    """
    now, told = list(found), findings
    for one, finding in zip(found, findings, strict=True):
        if not finding.id or finding.id in EXCHANGED or (finding.sure and _parted_there(search, one)):
            continue
        parts = _parts(search, one, [other for other in now if other is not one])
        apart = sorted((*(other for other in now if other is not one), *parts), key=lambda other: other.record.place.id)
        if len(parts) > 1:
            each = findings_of(search, case, apart)
            of_parts = [said for part, said in zip(apart, each, strict=True) if part in parts]
            if all(said.id and said.id not in EXCHANGED and (said.sure or said.at == finding.at or not finding.sure) for said in of_parts):
                now, told = apart, each
    return now, told


def _parted_there(search: Search, one: Found) -> bool:
    """Whether the line that unpacks names computes what it parts, and not each of them by itself: a slip in that is one, for them all."""
    node = expression_of(search.subject.text.right_side(one.record.place))
    parts = [] if node is None else walk(node)
    row = next((part for part in parts if isinstance(part, ast.List | ast.Tuple)), None)
    each = [] if row is None else row.elts
    return any(map(_computes, parts)) and sum(any(map(_computes, walk(part))) for part in each) < _SEVERAL


def _computes(node: ast.AST) -> bool:
    match node:
        case ast.UnaryOp(_, operand):
            return not isinstance(operand, ast.Constant)
        case ast.Call(function):
            return last_name(ast.unparse(function)) in _SUMS
        case _:
            return isinstance(node, ast.BinOp)


def _parts(search: Search, one: Found, rest: Sequence[Found]) -> list[Found]:
    """The finding, name by name, each with what belongs there while all the others are mended; none where that is not known of one."""
    names = dict.fromkeys(sub.place for sub in one.substitutes)
    if one.how != "value" or len(names) < 2 or any(search.subject.places[name].kind != "target" for name in names):  # noqa: PLR2004
        return []
    parts: list[Found] = []
    for name in names:
        mended = (sub for other in rest for sub in other.substitutes)
        seen = with_these(search, (*mended, *(sub for sub in one.substitutes if sub.place != name)))
        record = seen.get((name, one.record.visit))
        part = None if record is None else put_right(search, record)
        if part is None:
            return []
        parts.append(part)
    return parts
