"""A forward loop that calls no cell, but what the cell calls too: its caches are those of the cell, as right or wrong as these."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.from_code.observe import contract
from whygrad.from_code.observe.arrays import same
from whygrad.from_code.reference.parts import cell_of

if TYPE_CHECKING:
    from whygrad.from_code.verdict.trials import Trial, Trials


def keeps_what_its_cell_gives(trials: Trials, function: str, failed: Trial) -> bool:
    """Whether the caches of a sequence are, step by step, those of the learner's own cell, which are wrong by themselves."""
    cell = cell_of(function)
    wrong = trials.failed(cell) if cell in trials.own and cell != function else None
    if failed.problem is None or failed.problem.kind != "cache" or wrong is None or wrong.problem is None or wrong.problem.kind != "cache":
        return False
    if failed.reply.status != "returned":
        return False
    returned: Any = failed.reply.value
    kept = returned[-1][0] if isinstance(returned[-1], (tuple, list)) and len(returned[-1]) > 1 else None
    x, start, parameters = cast("Any", failed.case.arguments)
    if not isinstance(kept, list) or len(cast("Any", kept)) != x.shape[2]:
        return False
    states = [failed.case.expected[0]] + [failed.case.expected[2]] * function.startswith("lstm")
    before = [
        (start, np.zeros_like(start))[: len(states)],
        *(tuple(state[:, :, t] for state in cast("Any", states)) for t in range(x.shape[2])),
    ]
    for t, own in enumerate(cast("list[Any]", kept)):
        reply = trials.run(cell, (x[:, :, t], *before[t], parameters), frozenset({cell}))
        if reply.status != "returned" or contract.returned(cell, reply.value, ()) or not same(own, reply.value[-1]):
            return False
    return True
