"""Programs completed with local mistakes: each gradient that is still wrong by an option of its own, all put together."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_numbers.candidates.found import functions_of
from whygrad.from_numbers.candidates.mistyped import by_a_slip
from whygrad.from_numbers.local.mistakes import Locals
from whygrad.from_numbers.tables.singles import wide_edit
from whygrad.mistakes import OPERATORS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from whygrad.from_numbers.candidates.found import Trail
    from whygrad.from_numbers.numbers.arrays import Bools
    from whygrad.from_numbers.numbers.printed import Target
    from whygrad.from_numbers.programs.variants import Variants
    from whygrad.from_numbers.tables.tables import CheckTables
    from whygrad.mistakes import Edits

MOST_OPTIONS = 12
"""How many options are kept for one gradient when they are put together, cheapest first."""
BEAM = 60
RUN = 500
"""To run a program is as much work as so many states of a walk."""
MOST_WHOLES = 4
"""So many ways to put them together are run."""


def together(variants: Variants, base: Edits, options: Iterable[list[Edits]], trail: Trail) -> list[Edits]:
    """One option for each gradient, put together in the ways that cost least: the same slip in siblings is paid once. Cheapest first.

    ``trail`` is told where a list was cut.
    """
    lists = [trail.likeliest(_few(variants, choices), MOST_OPTIONS, "mistakes that explain one gradient") for choices in options]
    shared: dict[tuple[str, str], int] = {}
    for choices in lists:
        for key in {(edit.function, edit.slip) for choice in choices for edit in choice}:
            shared[key] = shared.get(key, 0) + 1
    beam: list[Edits] = [base]
    for choices in sorted(lists, key=len):
        longer = dict.fromkeys(tuple(dict.fromkeys((*edits, *choice))) for edits, choice in product(beam, choices))
        # what is shared by several gradients is worth keeping even where it is dear now
        ordered = sorted(
            longer, key=lambda edits: variants.set_cost(edits) - 0.01 * sum(shared.get((edit.function, edit.slip), 0) for edit in edits)
        )
        beam = list(trail.likeliest(ordered, BEAM, "ways to put explanations of single gradients together"))
    return sorted(beam, key=variants.set_cost)


def _few(variants: Variants, choices: list[Edits]) -> list[Edits]:
    by_slip: dict[tuple[tuple[str, str, str], ...], Edits] = {}
    for choice in choices:
        by_slip.setdefault(tuple((edit.function, edit.quantity, edit.slip) for edit in choice), choice)
    return sorted(by_slip.values(), key=variants.set_cost)


def _of_each_function(wholes: Sequence[Edits], trail: Trail) -> list[Edits]:
    """The likeliest, and the likeliest that blames other functions than these."""
    chosen = list(trail.likeliest(wholes, MOST_WHOLES, "ways to put explanations of gradients together"))
    blamed = {functions_of(edits) for edits in chosen}
    return chosen + [edits for edits in wholes if functions_of(edits) not in blamed][:1]


def _far_reaching(tables: CheckTables, base: Edits, options: Iterable[list[Edits]]) -> list[Edits]:
    """The likeliest options that reach further than the gradient that they explain, each alone: they may be what else is wrong, too."""
    wide = [one for choices in options for one in choices if any(wide_edit(tables.variants, tables.check, edit) for edit in one)]
    return [(*base, *one) for one in sorted(wide, key=tables.variants.set_cost)[:MOST_WHOLES]]


def _with_a_mistyped_one(tables: CheckTables, whole: Edits, target: Target, hits: Bools) -> Edits:
    """The program, with one of its slips in one more sibling where that prints the only number that is left but for a slip of the pen."""
    missed = np.flatnonzero(~hits).tolist()
    if len(missed) != 1:
        return whole
    lines = {function: range(len(tables.assignment.functions[function])) for function in functions_of(whole)}
    siblings = [
        (*whole, other)
        for function, operator, slip in dict.fromkeys((edit.function, edit.operator, edit.slip) for edit in whole if len(edit.lines) == 1)
        for number in (lines[function] if operator in OPERATORS else ())
        for other in tables.variants.of_operator(function, number, operator)
        if other.slip == slip and other.quantity == target.names[missed[0]]
    ]
    return next((more for more in siblings if by_a_slip(tables, target, more, missed[0])), whole)


def _options(local: Locals, target: Target, names: Iterable[str]) -> dict[str, list[Edits]]:
    """What can be wrong with each of these gradients; where nothing by itself is, also what siblings have beside a slip of its own."""
    options = {name: local.options(name, target) for name in names}
    for name in [name for name, choices in options.items() if all(len(choice) > 1 for choice in choices)]:
        options[name] = [*options[name], *local.beside_siblings(name, target, options.values())]
    return options


def completed(tables: CheckTables, edits: Edits, target: Target, trail: Trail, known: Bools | None = None) -> list[tuple[Edits, Bools]]:
    """The program with these edits, and with local mistakes for what is still wrong, best first.

    Each is (edits, which numbers agree). ``trail`` counts the candidates and the work, and is told where a list was cut. ``known`` are
    numbers that a simpler program gives already: edits that reach none beyond them explain nothing and are left alone.
    """
    variants = tables.variants
    record = tables.record(edits)
    trail.left -= RUN
    if record is None:
        return []
    hits = target.hit(target.values(record.gradients))
    if hits.all() or (known is not None and not (hits & ~known).any()):
        trail.tried += 1
        return [(edits, hits)]
    local = Locals(tables, edits, record)
    options = _options(local, target, dict.fromkeys(name for name, hit in zip(target.names, hits, strict=True) if not hit))
    found = [choices for choices in options.values() if choices]
    trail.tried += local.tried
    trail.left -= local.work
    if not found:
        return [(edits, hits)]
    results: list[tuple[Edits, Bools]] = []
    wholes = [*_of_each_function(together(variants, edits, found, trail), trail), *_far_reaching(tables, edits, found)]
    for whole in dict.fromkeys(wholes):
        gradients = tables.run(whole)
        if gradients is not None:
            results.append((whole, target.hit(target.values(gradients))))
    if len(found) < len(options):
        results = [(_with_a_mistyped_one(tables, whole, target, got), got) for whole, got in results]
    if len(found) < len(options) and results:
        best, got = max(results, key=lambda result: result[1].sum())
        if got.sum() > hits.sum():
            results += completed(tables, best, target, trail)
    return sorted(results, key=lambda result: (-int(result[1].sum()), variants.set_cost(result[0])))
