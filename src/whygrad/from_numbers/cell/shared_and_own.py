"""Mistakes in what the gates share, each gate having one of its own as well: then no printed number shows the former by itself.

A gate's equation is linear in what it shares with others, and its printed numbers are linear in it. So every edit of the one meets every
edit of the other in a product of two matrices.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from whygrad.from_numbers.numbers.arrays import is_array
from whygrad.from_numbers.programs.last import Last
from whygrad.from_numbers.side_by_side.stack import Stack, entry_of, evaluated, stacked_space

if TYPE_CHECKING:
    from whygrad.from_numbers.cell.gates import Gates
    from whygrad.from_numbers.numbers.arrays import Floats
    from whygrad.mistakes import Edit

MOST_LINEAR = 8
"""For so many pairs of a gate and what it shares with others their edits' factors are kept: all there are."""
SLACK = 1e-12
"""By how much, of its size, an edited equation may miss being linear: what rounding does."""


class Values(NamedTuple):
    """Edits of one equation, and the arrays that they give, flattened and below each other."""

    edits: list[Edit]
    rows: Floats


Linear = tuple[Values, "Floats"]
"""What the edits of a shared equation give, and by what a gate's equation and its edits multiply that; of no printed number."""


def shared_and_own(gates: Gates) -> list[Edit]:
    """The edits of shared equations under which one more edit in each of some gates gives all numbers of that gate; of most numbers first.

    ``gates`` are those of the right program.
    Left out are those that need no further edit in any gate: they are found without this.
    """
    counts: dict[Edit, int] = {}
    further: set[Edit] = set()
    factors = gates.tables.beside("factors of shared equations", lambda: Last["Linear | None"](MOST_LINEAR))
    for names, gate in gates.parts:
        head = gate or names[0]
        wanted = [(name, index, place) for name in names for index, place in gates.wanted[name]]
        if all(gates.right(name) for name in names) or not all(gates.target.finite[place] for *_, place in wanted):
            continue
        for root in gates.shared_by(head):
            known = factors.get((head, root), lambda head=head, root=root: _linear(gates, head, root))
            if known is None:
                continue
            shared, own = known
            gates.tried += len(shared.edits) + len(own)
            agree = np.ones((len(shared.edits), len(own)), bool)
            for name, index, place in wanted:
                weights = _weights(gates, name, head, index)
                numbers = shared.rows @ (own * weights).T if weights is not None else np.full(agree.shape, np.nan)
                agree &= (numbers >= gates.target.low[place] - SLACK) & (numbers <= gates.target.high[place] + SLACK)
            for at in np.flatnonzero(agree.any(axis=1)).tolist():
                edit = shared.edits[at]
                counts[edit] = counts.get(edit, 0) + len(wanted)
                if not agree[at, 0]:  # the first of a gate's equations is the right one
                    further.add(edit)
    return sorted(further, key=lambda edit: (-counts[edit], gates.variants.cost(edit)))


def _linear(gates: Gates, head: str, root: str) -> Linear | None:
    own = _factors(gates, head, root)
    return None if own is None else (_given(gates, root), own)


def _given(gates: Gates, name: str) -> Values:
    """What the edits of an equation give, where it has the right shape; of edits that give the same the likeliest."""
    right = gates.record.calls[0][name]
    number, _ = gates.lines[name]
    found: dict[bytes, tuple[Edit, Any]] = {}
    for edit in sorted(gates.variants.of_line(gates.tables.cell, number), key=gates.variants.cost):
        value = gates.record.evaluate(edit.formula, 0) if len(edit.lines) == 1 else None
        if is_array(value) and value.shape == right.shape and np.isfinite(value).all():
            found.setdefault(value.round(10).tobytes(), (edit, value))
    return Values([edit for edit, _ in found.values()], np.array([value.ravel() for _, value in found.values()]).reshape(-1, right.size))


def _factors(gates: Gates, head: str, root: str) -> Floats | None:
    """By what the right equation of a gate and each edit of it multiply what they share, entry by entry; the right one first.

    None where the right one does not.
    """
    number, text = gates.lines[head]
    right = gates.record.calls[0][root]
    probe = np.linspace(-2.0, 3.0, right.size).reshape(right.shape)
    found: list[Any] = []
    formulas = [edit.formula for edit in gates.variants.of_line(gates.tables.cell, number) if len(edit.lines) == 1]
    for formula in [text, *dict.fromkeys(formulas)]:
        factor = gates.record.evaluate(formula, 0, **{root: np.ones(right.shape)})
        value = gates.record.evaluate(formula, 0, **{root: probe})
        if all(is_array(one) and one.shape == right.shape for one in (factor, value)) and np.allclose(factor * probe, value, SLACK, SLACK):
            found.append(factor.ravel())
        elif formula == text:
            return None
    return np.array(found)


def _weights(gates: Gates, name: str, head: str, index: tuple[int, ...]) -> Floats | None:
    """How one printed number is added up from the entries of a gate's gradient; None where it is not."""
    values = gates.record.calls[0]
    shape = values[head].shape
    each = np.eye(shape[0] * shape[1]).reshape(-1, *shape).view(Stack)
    text = gates.lines[name][1]
    value = each if name == head else evaluated(text, stacked_space(gates.record.space), {**values, head: each})
    entries: Any = None if value is None else entry_of(value, index)
    return entries if np.shape(entries) == (len(each),) else None
