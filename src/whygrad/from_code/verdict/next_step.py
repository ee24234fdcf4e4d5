"""A forward cell that changes in place what it is given again at the next step: its first answer is right, and the later ones are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.from_code.reference.inputs import OUTPUTS
from whygrad.mistakes.words import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_code.verdict.trials import Trial, Trials


def spoils_the_next_step(trials: Trials, function: str, changed: Sequence[str]) -> str | None:
    """What comes of these arguments being changed, by way of the learner's own sequence if that is right: a sequence may hand in copies."""
    alone, sequence = trials.alone(function), function.replace("_cell", "")
    if function not in OUTPUTS or sequence == function or not changed or not _gives_right_outputs(alone):
        return None
    if any(entry.name != "parameters" for entry in alone.wrong_entries):  # what the cache holds tells more of it
        return None
    own = frozenset({sequence}) if sequence in trials.own and _gives_right_outputs(trials.alone(sequence)) else frozenset[str]()
    if trials.called_by(function) is not None:
        return None
    problem = trials.trial(sequence, own | {function}, 0).problem
    if problem is None or problem.kind != "numbers":
        return None
    why = f"it changes {listed(changed)} in place"
    return f"{problem.says} when it runs step after step in {sequence}, though its first answer is right: {why}"


def _gives_right_outputs(trial: Trial) -> bool:
    """Whether all is right but for the form of caches, which may be the learner's own."""
    return trial.problem is None or trial.problem.kind == "cache"
