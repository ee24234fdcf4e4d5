"""An LSTM whose hidden state is the output gate times the cell state, without the tanh: right, if the backward pass is its derivative."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_code.reference.compare import difference, single
from whygrad.from_code.reference.inputs import OUTPUTS
from whygrad.from_code.reference.parts import PARTS, cell_of, chain_of, partner

if TYPE_CHECKING:
    from collections.abc import Mapping

    from whygrad.from_code.verdict.trials import Trial, Trials
    from whygrad.sandbox.requests import Value

NOTE = (
    "the LSTM's forward pass is a variant without the tanh of the cell state, and the backward pass is its derivative: that is right too. "
    "The course's expected numbers are with the tanh, so its checks of the LSTM print other numbers here than it expects"
)


def right_without_the_tanh(trials: Trials, forward: str) -> bool:
    """Whether a forward function leaves out the tanh of the cell state, and the learner's own backward pass is the derivative of that.

    That is asked of the backward cell; of the sequence only where there is no such cell.
    """
    if not _leaves_it_out(trials, forward):
        return False
    cell = cell_of(forward)
    judged = cell if {cell, partner(cell)} <= trials.own else cell.replace("_cell", "")
    both = {judged, partner(judged)} <= trials.own
    return both and _leaves_it_out(trials, judged) and is_derivative_without_the_tanh(trials, partner(judged))


def together_without_the_tanh(trials: Trials, backward: str) -> bool:
    """Whether a backward function gives the gradients of the learner's own forward pass, which is right as a variant."""
    return right_without_the_tanh(trials, cell_of(partner(backward))) and is_derivative_without_the_tanh(trials, backward)


def is_derivative_without_the_tanh(trials: Trials, backward: str) -> bool:
    """Whether the learner's functions together give the gradients of the variant."""
    given = [trials.trial(chain_of(backward), trials.members(backward), number) for number in range(2)]
    return all(_gives(trials, chain_of(backward), trial, {key: key for key in trial.case.expected}) for trial in given)


def _leaves_it_out(trials: Trials, forward: str) -> bool:
    """Whether a forward function gives what the reference does with that one change, and not without."""
    if not forward.startswith("lstm"):
        return False
    given = [trials.trial(forward, trials.own & {forward, cell_of(forward)}, number) for number in range(2)]
    names: dict[str, str | int] = {name: at for at, name in enumerate(OUTPUTS[forward][:-1])}
    return all(not trial.reply.random and _gives(trials, forward, trial, names) for trial in given)


def _gives(trials: Trials, name: str, trial: Trial, names: Mapping[str, str | int]) -> bool:
    if trial.problem is None or trial.problem.kind != "numbers":
        return False
    with np.errstate(all="ignore"):
        right: Value = _variant()[name](*trial.case.arguments)
    floats = trials.definitions.single or single(trial.reply.value)
    return all(difference(one, trial.reply.value[key], right[key], single=floats).level != "wrong" for one, key in names.items())


@cache
def _variant() -> dict[str, Any]:
    """The reference's functions and chains, of an LSTM without that tanh."""
    space: dict[str, Any] = {"np": np}
    for text in PARTS.values():
        exec(text.replace(" * (1 - np.tanh(c_next) ** 2)", "").replace("np.tanh(c_next)", "c_next"), space)  # noqa: S102 - our own program
    return space
