"""Which edited loops and which edited forward passes have a place in the tables of a check."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_numbers.programs.edited import edited_lines
from whygrad.from_numbers.programs.wanted import places_of
from whygrad.from_numbers.side_by_side.forward_runs import ForwardRuns
from whygrad.from_numbers.side_by_side.right_loop import RightLoop
from whygrad.mistakes import Edits, stands_alone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from whygrad.from_numbers.loops.forms import Form
    from whygrad.from_numbers.programs.passes import Run
    from whygrad.from_numbers.tables.tables import CheckTables

DOUBLED = 80
"""Of so many forward mistakes every pair is run."""
AT_ONCE = 500
"""So many forward passes are run together."""


def single_loops(tables: CheckTables) -> list[tuple[Form, Edits]]:
    """The wrong forms that one mistake of the loop gives."""
    right = tables.forms.of(())
    edits = [*((edit,) for edit in tables.variants.of_function(tables.check)), *tables.variants.groups(tables.check)]
    return _likeliest_of_each(tables, edits, [right] if right else [])


def double_loops(tables: CheckTables, singles: list[tuple[Form, Edits]]) -> list[tuple[Form, Edits]]:
    """The further forms that two mistakes of the loop give."""
    pairs = ((*one, *other) for one, other in _apart(tables, [edits for _, edits in singles]))
    return _likeliest_of_each(tables, pairs, [form for form, _ in singles])


def _likeliest_of_each(tables: CheckTables, candidates: Iterable[Edits], known: Sequence[Form]) -> list[tuple[Form, Edits]]:
    """The forms that these edits give, but for those that are known already, each with the likeliest edits.

    Also with the likeliest of those that assign a carry otherwise, which may be what is returned: of that the form is silent.
    """
    others = frozenset(known)
    texts = [line.partition(" = ")[2] for line in tables.assignment.functions[tables.check]]
    carried = {(tables.check, number) for number, text in enumerate(texts) if "gradients[" in text and texts.count(text) > 1}
    found: dict[tuple[Form, bool], Edits] = {}
    for edits in candidates:
        form = tables.forms.of(edits)
        if form is not None and form not in others:
            key = form, not carried.isdisjoint(places_of(edits))
            before = found.setdefault(key, edits)
            if tables.variants.set_cost(edits) < tables.variants.set_cost(before):
                found[key] = edits
    return [(form, edits) for (form, _), edits in found.items()]


def single_passes(tables: CheckTables) -> Iterator[Edits]:
    """The single mistakes before the backward functions, likeliest first."""
    singles = tables.singles
    before = [name for name in singles.rows.functions if name not in {tables.check, tables.cell}]
    rows = np.flatnonzero(singles.rows.within(before))
    ordered = (singles.rows[row] for row in rows[np.argsort(singles.costs[rows], kind="stable")])
    return (edits for edits in ordered if not stands_alone(edits))


def runs_alone(tables: CheckTables) -> Iterator[Run]:
    """The same mistakes, with their runs, where the table of single mistakes is not there: it takes far longer than these."""
    functions = [name for name in (*tables.chain, f"{tables.check}_check") if name not in {tables.check, tables.cell}]
    variants = tables.variants
    every = [edits for name in functions for edits in (*((edit,) for edit in variants.of_function(name)), *variants.groups(name))]
    every = sorted((edits for edits in every if not stands_alone(edits)), key=variants.set_cost)
    forward_runs = ForwardRuns(tables.assignment, tables.check, tables.right)
    loop = RightLoop(tables.again, tables.forms.fields, ())
    for start in range(0, len(every), AT_ONCE):
        some = every[start : start + AT_ONCE]
        records = forward_runs.records(some)
        for place, edits in enumerate(some):
            record = records.pop(place) if place in records else tables.forward(edits)
            if record is not None and (loop.takes(record) or forward_runs.after(record) is not None):
                yield edits, record


def double_passes(tables: CheckTables) -> list[Edits]:
    """Two mistakes before the backward functions, likeliest first: in the loop, in the check, or likely ones of the cell."""
    rows = tables.passes.rows
    known = [rows[row] for row in range(1, len(rows))]
    roles = tables.assignment.vocabulary.roles
    chosen = [edits for edits in known if roles.get(edits[0].function) != "cell forward"]
    chosen += [edits for edits in known if roles.get(edits[0].function) == "cell forward"][: max(0, DOUBLED - len(chosen))]
    chosen += _with_more_lines(tables, chosen)
    return sorted(((*one, *other) for one, other in _apart(tables, chosen)), key=tables.variants.set_cost)


def _with_more_lines(tables: CheckTables, some: Sequence[Edits]) -> list[Edits]:
    """The mistakes that hold one of these and change further lines: alone that may not show, beside another it can."""
    lines = [frozenset(line for edit in edits for line in edit.lines) for edits in some]
    return [edits for edits in single_passes(tables) if _holds_more(edits, lines) and edits not in some]


def _holds_more(edits: Edits, known: Sequence[frozenset[tuple[str, int, str]]]) -> bool:
    own = frozenset(line for edit in edits for line in edit.lines)
    return len(own) > 1 and any(lines < own for lines in known)


def _apart(tables: CheckTables, many: Sequence[Edits]) -> Iterator[tuple[Edits, Edits]]:
    """Every two of these that can be made together."""
    lines = [places_of(edits) for edits in many]
    for (one, its), (other, others) in combinations(zip(many, lines, strict=True), 2):
        if its.isdisjoint(others) or (not set(one) & set(other) and edited_lines(tables.assignment, (*one, *other)) is not None):
            yield one, other
