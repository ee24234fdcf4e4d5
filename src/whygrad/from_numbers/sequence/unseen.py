"""One more mistake that leaves dx as it is: it shows in other gradients alone, so that no walk through time tells it from the rest."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

from whygrad.from_numbers.candidates.found import ran
from whygrad.from_numbers.local.completed import RUN
from whygrad.from_numbers.loops.tree import Tree
from whygrad.from_numbers.sequence.later import run_alone
from whygrad.from_numbers.sequence.unwalked import without_form
from whygrad.from_numbers.walks.hypotheses import RIGHT_CELL
from whygrad.from_numbers.walks.trajectories import Trajectories

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_numbers.loops.forms import Form
    from whygrad.from_numbers.numbers.arrays import Bools
    from whygrad.mistakes import Edits

MOST_PROGRAMS = 12
"""So many programs that print the right dx are given one more mistake, likeliest first."""
MOST_BEFORE = 5
"""So many of them, where something is wrong in the forward pass already, are given another mistake there."""
MOST_RUN = 1600
"""So many of those with one more are run, likeliest first."""
WHAT = "programs that print the right dx, with one more mistake that leaves it"


def with_one_unseen(walks: Trajectories, programs: Sequence[Edits]) -> list[Edits]:
    """These programs, each with one more mistake, where that makes more of the printed numbers right."""
    tables, target, trail = walks.tables, walks.target, walks.trail
    longer: list[tuple[float, Edits, Bools]] = []
    for number, program in enumerate(trail.likeliest(programs, MOST_PROGRAMS, WHAT)):
        own = ran(tables, target, program)
        if own is not None and not trail.spent:
            more = _longer(walks, program, before=number < MOST_BEFORE)
            longer += [(tables.variants.set_cost(edits), edits, own.hits) for edits in more]
    longer.sort(key=itemgetter(0))
    found: list[Edits] = []
    for _, edits, known in trail.likeliest(longer, MOST_RUN, WHAT):
        if trail.spent:
            trail.cut(WHAT)
            break
        trail.left -= RUN
        trail.tried += 1
        tried = ran(tables, target, edits)
        if tried is not None and (tried.hits > known).any() and not (tried.hits < known).any():
            found.append(edits)
    return found


def _longer(walks: Trajectories, program: Edits, *, before: bool) -> list[Edits]:
    """The program with each one more mistake under which dx is the same; only if ``before`` also two in the forward pass.

    And with a loop for its own that prints the same dx by itself, and has no linear form.
    """
    loop = tuple(edit for edit in program if edit.function == walks.tables.check)
    form = walks.tables.forms.of(loop)
    if form is None:
        return []
    tree = Tree([(form, loop)])
    rest = Trajectories(walks.hypotheses, tuple(edit for edit in program if edit not in loop), walks.trail)
    found = [(*program, *edits) for _, edits in rest.idle(walks.hypotheses.cells.alone)]
    found += [(*rest.base, *other) for other in without_form(walks.tables, loop)] if loop else []
    found += rest.with_cells(rest.own_context, rest.cells, tree, WHAT)
    found += rest.loops_alone(Tree(_longer_loops(walks, loop)), WHAT)
    if all(edit.function in {walks.tables.check, walks.tables.cell} for edit in program):
        found += rest.with_forward(RIGHT_CELL, tree, WHAT)
    elif before:
        found += run_alone(Trajectories(walks.hypotheses, program, walks.trail))
    return found


def _longer_loops(walks: Trajectories, loop: Edits) -> Iterator[tuple[Form, Edits]]:
    """The loop with each one more mistake, where that hands something else to its cell, or stores it elsewhere."""
    forms = walks.tables.forms
    own = forms.of(loop)
    for _, more in walks.tables.loops:
        form = forms.of((*loop, *more))
        if form is not None and form != own and walks.hypotheses.stores_enough(form):
            yield form, (*loop, *more)
