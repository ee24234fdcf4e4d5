"""Of the lines of a chain that could each take in a missing factor: the one that, with it, is what stands there for the other gates.

The line found and the one that reads it, or one that it reads, can make up for each other. How the other gates' lines are written shows in
which of them the writer has that factor. A line that only copies what the others go on computing with is such a line too.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.from_code.naming.wording import ANOTHER_BELONGS
from whygrad.from_code.observe.arrays import array_of, same
from whygrad.from_code.observe.expression import expression_of
from whygrad.from_code.observe.scope import scope
from whygrad.from_code.places.used_rightly import seen_now
from whygrad.from_code.search.told_of_found import finding_of
from whygrad.from_code.search.unlike_its_siblings import SIBLINGS, form_of, form_of_text
from whygrad.sandbox.requests import Substitute
from whygrad.sandbox.trees import names_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.arrays import Array
    from whygrad.from_code.observe.experiment import Found, Search
    from whygrad.from_code.observe.subject import Record
    from whygrad.from_code.reference.inputs import Case

_KIND = SEQUENCE_MODELS.vocabulary.kind
_LACKS_ONE = frozenset(("factor-dropped", "activation-derivative-missing"))


def with_their_siblings_factor(
    search: Search, case: Case, found: Sequence[Found], findings: tuple[Finding, ...]
) -> tuple[list[Found], tuple[Finding, ...]]:
    """What was found, and what is told of it, with that line in the place of each of which a factor is missing."""
    now, told = list(found), list(findings)
    if search.subject.cell != search.subject.function or not search.complete or len(found) != len(findings):
        return now, findings
    for number, one in enumerate(found):
        if told[number].id in _LACKS_ONE and one.how == "value" and one.record.place.kind == "assign" and len(one.substitutes) == 1:
            others = [other for other in now if other is not one]
            now[number], told[number] = next(_like_siblings(search, case, one, others), (one, told[number]))
    return now, tuple(told)


def _like_siblings(search: Search, case: Case, one: Found, others: Sequence[Found]) -> Iterator[tuple[Found, Finding]]:
    """The lines beside the one found that are like their siblings with the factor, if all is right with it there, and it has a name."""
    rest = tuple(sub for other in others for sub in other.substitutes)
    records = search.subject.traced(rest)[1]
    value, right = array_of(one.record.value), array_of(one.right)
    if value is None or right is None or value.shape != right.shape or not value.all():
        return
    lines = [line for line in records if line.place.kind == "assign" and line.place.function == one.record.place.function]
    factors = _factors(search, one.record, right / value)
    if not _fits(one.record, lines, factors):
        for beside in _beside(one, lines):
            made = array_of(beside.value)
            belongs = made * (right / value) if made is not None and made.shape == value.shape else None
            copies = beside.place.computes.strip() == one.record.place.target
            like = _copied_too_soon(one.record, lines) if copies else _fits(beside, lines, factors)
            if belongs is None or not np.isfinite(belongs).all() or not like:
                continue
            put = (Substitute(beside.place.id, beside.visit, belongs),)
            if search.results_right(search.subject.run((*rest, *put))):
                quantity = next(search.quantities.equal(belongs, search.tolerance), None)
                moved = replace(one, record=beside, right=belongs, visits=((made, belongs),), substitutes=put, quantity=quantity)
                moved = seen_now(search, moved, records)
                told = finding_of(search, case, moved, [moved, *others])
                if told.sure and not told.says.endswith(ANOTHER_BELONGS):
                    yield moved, replace(told, whole=True)


def _beside(one: Found, lines: Sequence[Record]) -> Iterator[Record]:
    """The lines that read what the one found makes, and those that make what it reads."""
    own, reads = one.record, _names(one.record)
    yield from (line for line in lines if line.time > own.time and own.place.target in _names(line))
    yield from (line for line in lines if line.time < own.time and line.place.target in reads)


def _names(line: Record) -> set[str]:
    node = expression_of(line.place.computes)
    return set() if node is None else names_in(node)


def _factors(search: Search, line: Record, ratio: Array) -> list[str]:
    """How the factor that is missing may be written."""
    names = [(name, array) for name, value in scope(search, line).items() if name.isidentifier() and (array := array_of(value)) is not None]
    forms = [(name, text, value) for name, x in names if x.shape == ratio.shape for text, value in _written(name, x)]
    return list(dict.fromkeys(text for _, text, value in forms if same(value, ratio, search.tolerance)))


def _written(name: str, value: Array) -> tuple[tuple[str, Array], ...]:
    one_less = f"(1 - {name})"
    return (
        (name, value),
        (one_less, 1 - value),
        (f"{name} * {one_less}", value * (1 - value)),
        (f"(1 - {name} ** 2)", 1 - value**2),
    )


def _fits(line: Record, lines: Sequence[Record], factors: Sequence[str]) -> bool:
    """Whether a line with one of these factors looks like lines of other gates."""
    others = [form_of(other.place) for other in lines if other.place.id != line.place.id]
    node = expression_of(line.place.computes)
    parts = [] if node is None else list(_multiplied(node))
    texts = (" * ".join([*parts[:at], factor, *parts[at:]]) for factor in factors for at in range(len(parts) + 1))
    return any(others.count(form_of_text(text)) >= SIBLINGS for text in texts)


def _multiplied(node: ast.expr) -> Iterator[str]:
    """The factors of a product as they are written, from left to right; of anything else itself."""
    match node:
        case ast.BinOp(left, ast.Mult(), right):
            yield from (*_multiplied(left), *_multiplied(right))
        case ast.BinOp() | ast.UnaryOp():
            yield f"({ast.unparse(node)})"
        case _:
            yield ast.unparse(node)


def _copied_too_soon(one: Record, lines: Sequence[Record]) -> bool:
    """Whether what a line makes, which another one only copies, is what others go on computing with for their gates.

    The lines that make that are called like it: the course's own name, which no sibling has, may be meant for what has passed through the
    activation.
    """
    form, kind = form_of(one.place), _KIND(one.place.target)
    alike = (line for line in lines if line.place.id != one.place.id and form_of(line.place) == form)
    siblings = {line.place.target for line in alike if _KIND(line.place.target) == kind}
    computed = {name for line in lines for name in siblings & _names(line) if not line.place.computes.strip().isidentifier()}
    return len(computed) >= SIBLINGS
