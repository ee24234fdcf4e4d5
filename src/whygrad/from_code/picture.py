"""The error of each gradient at each time step: the functions that are wrong, run together on inputs of the course's size.

The right functions are the reference's, so that only what is wrong shows; where the learner's own caches do not fit those, they are the
learner's too. A function that ends with an error has no numbers to compare, and no picture.
"""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.assignments.apart import Run, apart
from whygrad.from_code.reference.compare import NEARLY, SINGLE, single
from whygrad.from_code.reference.inputs import COURSE_SIZES, case
from whygrad.from_code.reference.parts import FUNCTIONS, PARTS, cell_of, chain_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from whygrad.from_code.reference.inputs import Case
    from whygrad.from_code.verdict.trials import Trials
    from whygrad.records import Errors, FunctionVerdict
    from whygrad.sandbox.requests import Value

_COURSE = 2
"""The number of the course's sizes among those of the trials."""
_BACKWARD = {"rnn": ("rnn_backward", "rnn_cell_backward"), "lstm": ("lstm_backward", "lstm_cell_backward")}


def pictures(trials: Trials, verdicts: Sequence[FunctionVerdict]) -> tuple[Errors, ...]:
    """For each family in which a function gives wrong numbers, the errors of its gradients; of the whole sequence where that shows any."""
    wrong = {verdict.function for verdict in verdicts if verdict.verdict == "wrong"}
    fitting = {verdict.function for verdict in verdicts if verdict.verdict in {"right", "not reached"}}
    return tuple(found for family in _BACKWARD if (found := _picture(trials, family, wrong, fitting)) is not None)


def _picture(trials: Trials, family: str, wrong: set[str], fitting: set[str]) -> Errors | None:
    for backward in _BACKWARD[family]:
        members = {name for name in FUNCTIONS if name.startswith(family) and (backward == _BACKWARD[family][0] or "cell" in name)}
        for others in (set[str](), fitting) if members & wrong else ():
            errors = _errors(trials, backward, frozenset(members & (wrong | others)))
            if errors is not None and _any(errors):
                return errors
    return None


def _errors(trials: Trials, backward: str, own: frozenset[str]) -> Errors | None:
    planted = trials.planted(own, _COURSE)
    make = partial(_made, trials, backward, own, planted)
    return make() if trials.known is None or planted else trials.known.errors(backward, own, make)


def _made(trials: Trials, backward: str, own: frozenset[str], planted: tuple[tuple[str, Value], ...]) -> Errors | None:
    what = case(chain_of(backward), COURSE_SIZES, trials.seed)
    cell = cell_of(backward)
    reply = trials.run(what.function, what.arguments, own, planted, frozenset({cell}))
    mine = Run(_gradients(reply.value), [_gradients(call.value) for call in reply.calls])
    if reply.status != "returned" or not mine.gradients:
        return None
    carries = SEQUENCE_MODELS.vocabulary.carries.values()
    tolerance = SINGLE if trials.definitions.single or single(mine.gradients) else NEARLY
    return apart(backward, "code", mine, _right(what, cell), tuple(carries), tolerance)


def _gradients(value: Value) -> Mapping[str, Any]:
    """What was returned by name; nothing where it has no names."""
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}


@cache
def _right(what: Case, cell: str) -> Run:
    """The reference's run of the same case."""
    space: dict[str, Any] = {"np": np}
    for text in PARTS.values():
        exec(text, space)  # noqa: S102 - our own program
    calls: list[dict[str, Any]] = []
    run = space[cell]

    def kept(*arguments: object) -> dict[str, Any]:
        calls.append(run(*arguments))
        return calls[-1]

    space[cell] = kept
    return Run(space[what.function](*what.arguments), calls)


def _any(errors: Errors) -> bool:
    return any(one is not None and one.error != 0 for row in errors.rows for one in (*row.steps, row.whole))
