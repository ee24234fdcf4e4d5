"""Of two lines that could be mended, the one that differs from what stands there for the other gates.

Where a gate's gradient, or its activation, is computed in two lines, either of them can make up for what the other lacks. The one that
looks just as those of the other gates is right; told is the line before it, or the one that only copies what it makes.
"""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_code.naming.wording import ANOTHER_BELONGS
from whygrad.from_code.observe.arrays import array_of
from whygrad.from_code.observe.expression import expression_of
from whygrad.from_code.places.blamable import rightly_named
from whygrad.from_code.places.used_rightly import seen_now
from whygrad.from_code.search.told_of_found import finding_of
from whygrad.sandbox.requests import Substitute
from whygrad.sandbox.trees import names_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.experiment import Found, Search
    from whygrad.from_code.observe.subject import Record
    from whygrad.from_code.reference.inputs import Case
    from whygrad.sandbox.places import Place

_FACTOR = "factor-added"
_UNDER_ITS_NAME = "[_] = _"
"""What a line looks like that stores a name under that very key, where nothing is computed."""
SIBLINGS = 2
"""Lines of the other gates that look just as the one found, and are right; what all of them read that one reads too."""


def at_the_odd_lines(
    search: Search, case: Case, found: Sequence[Found], findings: tuple[Finding, ...]
) -> tuple[list[Found], tuple[Finding, ...]]:
    """What was found, and what is told of it, with such a line in the place of each that is like its siblings."""
    now, told = list(found), list(findings)
    if search.subject.cell != search.subject.function or not search.complete or len(found) != len(findings):
        return now, findings
    for number, one in enumerate(found):
        odd = next(_odd(search, case, one, now), None) if told[number].id is not None else None
        if odd is not None:
            moved, finding = odd
            now[number] = moved
            told[number] = _the_same_factor(told[number], finding) if told[number].id == _FACTOR else finding
    return now, tuple(told)


def _the_same_factor(before: Finding, finding: Finding) -> Finding:
    """What is told at the line before, of the factors that the one found has already."""
    before_name, name = (one.text.partition("=")[0].strip() for one in (before, finding))
    says, what = (re.sub(rf"(?<![\w.]){re.escape(before_name)}(?!\w)", name, text) for text in (before.says, before.hints[1]))
    return replace(finding, id=_FACTOR, says=says, hints=(finding.hints[0], what, finding.hints[2]))


def _odd(search: Search, case: Case, one: Found, found: Sequence[Found]) -> Iterator[tuple[Found, Finding]]:
    """The lines before the one found that are like no other, if all is right with the right value there, and it has a name.

    That another value belongs there can be said of any line before one that has a wrong name in it.
    """
    if one.how != "value" or one.record.place.kind != "assign" or len(one.substitutes) != 1 or one.right is None:
        return
    others = [other for other in found if other is not one]
    wrong = {other.record.place.id for other in others}
    places = [place for place in _assigned(search, one.record.place) if place.id not in wrong]
    forms, own = [form_of(place) for place in places], form_of(one.record.place)
    siblings = [_names(place) for place, form in zip(places, forms, strict=True) if form == own and place.id != one.record.place.id]
    if len(siblings) < SIBLINGS or not set[str].intersection(*siblings) <= _names(one.record.place):
        return
    rest = tuple(sub for other in others for sub in other.substitutes)
    records = search.subject.traced(rest)[1]
    for beside in _before(records, one):
        put = (Substitute(beside.record.place.id, beside.record.visit, beside.right),)
        form = form_of(beside.record.place)
        alone = forms.count(form) == 1 and not form.endswith(_UNDER_ITS_NAME) and not rightly_named(search, beside.record)
        if alone and search.results_right(search.subject.run((*rest, *put))):
            moved = replace(beside, substitutes=put, quantity=next(search.quantities.equal(beside.right, search.tolerance), None))
            moved = seen_now(search, moved, records)
            told = finding_of(search, case, moved, [moved, *others])
            if told.sure and not told.says.endswith(ANOTHER_BELONGS):
                yield moved, replace(told, whole=True)


def _before(records: Sequence[Record], one: Found) -> Iterator[Found]:
    """The lines that made what the one found multiplies, each with what would have made that right."""
    value, right, place = array_of(one.record.value), array_of(one.right), one.record.place
    node = expression_of(place.computes)
    if value is None or right is None or value.shape != right.shape or not isinstance(node, ast.BinOp) or not value.all():
        return
    names = names_in(node)
    earlier = [other for other in records if other.time < one.record.time and other.place.kind == "assign"]
    for other in (other for other in earlier if other.place.function == place.function and other.place.target in names):
        made = array_of(other.value)
        belongs = made * (right / value) if made is not None and made.shape == value.shape else None
        if belongs is not None and np.isfinite(belongs).all():
            yield replace(one, record=other, right=belongs, visits=((other.value, belongs),))


def _assigned(search: Search, place: Place) -> list[Place]:
    return [other for other in search.subject.places if other.kind == "assign" and other.function == place.function]


def form_of(place: Place) -> str:
    """What a line computes, whatever the names are; or that it stores a name under that very key."""
    if place.target.isidentifier():
        return form_of_text(place.computes, place.text)
    table, _, key = place.target.partition("[")
    return f"{table}{_UNDER_ITS_NAME}" if key.strip("\"']") == place.computes.strip() else place.text


def _names(place: Place) -> set[str]:
    return set(re.findall(r"[A-Za-z_]\w*", place.computes))


@lru_cache(maxsize=512)
def form_of_text(computes: str, text: str = "") -> str:
    """What an expression computes, whatever its names are; ``text`` where it cannot be read, and nothing of a name alone."""
    node = expression_of(computes)
    if node is None or isinstance(node, ast.Name):
        return "" if node is not None else text
    names = _Nameless().visit(ast.parse(ast.unparse(node), mode="eval").body)
    return ast.dump(names)


class _Nameless(ast.NodeTransformer):
    """An expression in which names that are not called are numbered as they come, so that it shows which of them are the same."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    def _numbered(self, text: str) -> str:
        return str(self._known.setdefault(text, len(self._known)))

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name(self._numbered(node.id), node.ctx)

    def visit_Call(self, node: ast.Call) -> ast.Call:
        return ast.Call(node.func, [self.visit(part) for part in node.args], node.keywords)

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        of_a_table = isinstance(node.value, ast.Name) and isinstance(node.slice, ast.Constant)
        return ast.Name(self._numbered(ast.unparse(node)), node.ctx) if of_a_table else node
