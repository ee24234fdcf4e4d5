"""Of several names that one line unpacks: what is told of each by itself, where one change mends no two of them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whygrad.from_code.observe.experiment import seen_at
from whygrad.from_code.observe.expression import expression_of
from whygrad.from_code.observe.roles import put_right
from whygrad.from_code.search.told_of_found import EXCHANGED, findings_of
from whygrad.sandbox.trees import walk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.experiment import Found, Search
    from whygrad.from_code.reference.inputs import Case


def by_each_name(
    search: Search, case: Case, found: Sequence[Found], findings: tuple[Finding, ...]
) -> tuple[list[Found], tuple[Finding, ...]]:
    """What was found, and what is told of it, with one finding for each name that a line unpacks, if each has its own mistake.

    Names that hold what belongs elsewhere stay together: they are one order. So do those of which less is sure one by one than of an
    earlier line that makes them all, and those that lack the same in a computation that is parted in this line.
    """
    now, told = list(found), findings
    for one, finding in zip(found, findings, strict=True):
        parts = _parts(search, one, [other for other in now if other is not one]) if finding.id and finding.id not in EXCHANGED else []
        apart = sorted((*(other for other in now if other is not one), *parts), key=lambda other: other.record.place.id)
        if len(parts) > 1:
            each = findings_of(search, case, apart)
            of_parts = [said for part, said in zip(apart, each, strict=True) if part in parts]
            if _made_there(search, one) and {(said.id, said.at) for said in of_parts} == {(finding.id, finding.at)}:
                continue
            if all(said.id and said.id not in EXCHANGED and (said.sure or said.at == finding.at or not finding.sure) for said in of_parts):
                now, told = apart, each
    return now, told


def _made_there(search: Search, one: Found) -> bool:
    """Whether the line that unpacks names computes what they get: what is wrong in all of them may be wrong once, before it is parted."""
    node = expression_of(search.subject.text.right_side(one.record.place))
    return node is not None and any(isinstance(part, ast.BinOp) for part in walk(node))


def _parts(search: Search, one: Found, rest: Sequence[Found]) -> list[Found]:
    """The finding, name by name, each with what belongs there while all the others are mended; none where that is not known of one."""
    names = dict.fromkeys(sub.place for sub in one.substitutes)
    if one.how != "value" or len(names) < 2 or any(search.subject.places[name].kind != "target" for name in names):  # noqa: PLR2004
        return []
    parts: list[Found] = []
    for name in names:
        mended = (sub for other in rest for sub in other.substitutes)
        search.substitutes = (*mended, *(sub for sub in one.substitutes if sub.place != name))
        search.round = search.look()
        record = seen_at(search.now.records, name, one.record.visit)
        part = None if record is None else put_right(search, record)
        if part is None:
            return []
        parts.append(part)
    return parts
