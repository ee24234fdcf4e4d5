"""What a forward loop keeps in the place of what its own cell keeps there, where both write their caches out: told by a run.

A loop that calls no cell writes each cache out a second time, in a layout that only the learner's two cells show. The learner's forward and
backward function are run one behind the other, with what the cell keeps put where the loop keeps something else: all gradients come right.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.from_code.observe import contract
from whygrad.from_code.observe.arrays import same
from whygrad.from_code.reference.inputs import answer
from whygrad.from_code.reference.parts import ARGUMENTS, PARTS, cell_of, chain_of, partner
from whygrad.from_code.verdict.as_its_cell import given_at_each_step
from whygrad.from_code.verdict.problems import problem_of
from whygrad.sandbox.requests import Request, Substitute
from whygrad.sandbox.standins import unused
from whygrad.sandbox.tracer import places

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.from_code.verdict.trials import Trials
    from whygrad.sandbox.requests import Seen, Value


def unlike_its_cells(trials: Trials, function: str) -> dict[str, str]:
    """The entries of a forward loop's caches that hold something else than its cell's, by index or key, and what stands there instead."""
    backward, cell = partner(function), cell_of(function)
    if cell == function or not {cell, function, backward} <= trials.own or not trials.own_layout(function):
        return {}
    trial = next((one for number in (0, 1) if (one := trials.chain(backward, number)).problem), None)
    if trial is None or trial.problem is None or trial.problem.kind not in {"raises", "numbers"}:
        return {}
    given = trial.case.arguments[: len(ARGUMENTS[function])]
    kept = _entries([value[-1] for value in _cells(trials, function, given)])
    request = Request(chain_of(function), trial.case.arguments, trials.members(backward), trace=True)
    for group in _written_out(trials, function, request):
        others = {key: seen for key, seen in group.items() if len(seen) == len(kept.get(key, ())) and not _alike(seen, kept[key])}
        if not others or len(others) == len(group) or group.keys() != kept.keys():
            continue
        pairs = (pair for key, seen in others.items() for pair in zip(seen, kept[key], strict=True))
        put = tuple(Substitute(one.place, one.visit, right) for one, right in pairs)
        reply = trials.runner.run(replace(request, substitutes=put))
        if problem_of(backward, trial.case, reply, trials.definitions) is None:
            known = places(trials.definitions.pieces, unused(PARTS, request.own))
            return {key: " ".join(known[seen[0].place].text.split()) for key, seen in others.items()}
    return {}


def _cells(trials: Trials, function: str, given: Sequence[Value]) -> list[Any]:
    """What the learner's own cell returns at each step, if it always returns what a cell does; else nothing."""
    right = answer(function, tuple(given))
    returned = given_at_each_step(trials, function, given, right)
    return [] if any(contract.returned(cell_of(function), value, ()) for value in returned) else returned


def _entries(caches: Sequence[Value]) -> dict[str, list[Value]]:
    """By index or key, the entries of the caches that are written as tuples, lists or dictionaries of one form, each over all steps."""
    found: dict[str, list[Value]] = defaultdict(list)
    for cache in caches:
        rows = list(cast("Any", cache)) if isinstance(cache, tuple | list) else []
        for key, entry in cast("Any", cache).items() if isinstance(cache, dict) else enumerate(rows):
            found[str(key)].append(entry)
    return found


def _written_out(trials: Trials, function: str, request: Request) -> Iterator[dict[str, list[Seen]]]:
    """What the loop writes out side by side, over all steps, by index or key."""
    known = places(trials.definitions.pieces, unused(PARTS, request.own))
    beside: dict[tuple[int, int], dict[str, list[Seen]]] = defaultdict(lambda: defaultdict(list))
    for seen in trials.runner.run(request).seen:
        place = known[seen.place]
        if place.function == function and place.kind == "value":
            beside[place.statement, place.parent][place.target.strip("'\"")].append(seen)
    yield from beside.values()


def _alike(seen: Sequence[Seen], kept: Sequence[Value]) -> bool:
    """Whether an entry is the cell's at each step; of what is no array that is not asked."""
    pairs = ((one.value, right) for one, right in zip(seen, kept, strict=True))
    return all(same(one, right) for one, right in pairs if isinstance(one, np.ndarray) and isinstance(right, np.ndarray))
