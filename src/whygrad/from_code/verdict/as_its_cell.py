"""A forward loop whose caches are those of its cell, as right or wrong as these; it may call no cell, but what the cell calls too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.from_code.observe import contract
from whygrad.from_code.observe.arrays import same
from whygrad.from_code.reference.parts import cell_of
from whygrad.sandbox.requests import Odd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_code.verdict.trials import Trial, Trials
    from whygrad.sandbox.requests import Value


def keeps_what_its_cell_gives(trials: Trials, function: str, trial: Trial) -> bool:
    """Whether the caches of a sequence are, step by step, those of its cell: what that gave in this run, or would give at each step."""
    if trial.reply.status != "returned":
        return False
    returned: Any = trial.reply.value
    kept = returned[-1][0] if isinstance(returned[-1], (tuple, list)) and len(returned[-1]) > 1 else None
    if not isinstance(kept, list) or any(isinstance(one, Odd) for one in cast("list[Any]", kept)):
        return False
    given = [call.value for call in trial.reply.calls] or given_at_each_step(trials, function, trial.case.arguments, trial.case.expected)
    return len(cast("Any", kept)) == len(given) and all(
        not contract.returned(cell_of(function), value, ()) and same(own, value[-1])
        for own, value in zip(cast("list[Any]", kept), given, strict=True)
    )


def given_at_each_step(trials: Trials, function: str, arguments: Sequence[Value], right: Sequence[Value]) -> list[Value]:
    """What the learner's own cell returns for each step, given the states that are ``right``."""
    x, start, parameters = cast("Any", arguments)
    states = [right[0]] + [right[2]] * function.startswith("lstm")
    before = [
        (start, np.zeros_like(start))[: len(states)],
        *(tuple(state[:, :, t] for state in cast("Any", states)) for t in range(x.shape[2] - 1)),
    ]
    cell = cell_of(function)
    return [trials.run(cell, (x[:, :, t], *held, parameters), frozenset({cell})).value for t, held in enumerate(before)]
