"""Which function hands out at every step what its next step changes, so that all are right alone and wrong together: told by copies.

The learner's functions run together, as the notebook does, with a copy in the place of what one of them hands out. If all gradients come
right, what was handed out is changed afterwards; of a cell it is seen, too, that its own next call does that.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from whygrad.from_code.observe.experiment import GIVES
from whygrad.from_code.reference.inputs import OUTPUTS, case
from whygrad.from_code.reference.parts import PARTS, cell_of, chain_of, partner
from whygrad.from_code.verdict.audit import unchanged
from whygrad.from_code.verdict.problems import problem_of
from whygrad.sandbox.requests import Odd, Request, Substitute
from whygrad.sandbox.standins import unused
from whygrad.sandbox.tracer import places

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_code.verdict.trials import Trial, Trials
    from whygrad.sandbox.places import Place
    from whygrad.sandbox.requests import Value

_KINDS = frozenset(("assign", "target", "value", "argument", "element", "return"))
_MOST = 80
"""Places at which a copy is tried."""
_LONG = 40
"""Characters of a name or part of a line that is quoted in a sentence."""
_CODE = frozenset(("function", "method"))
_OF_CODE = "what is kept here is a function, which looks up its names when it is called: by then they hold something else"
_CALL_IT = (
    "Call what is kept for the first step right then, and again after the last one: are both answers the same? Print the names that it "
    "reads, such as that of the step, at both times, too."
)


@dataclass(frozen=True, slots=True)
class HandedOut:
    """The function to blame, a sentence, the source, the line and the column of what it tells, and the hint if it has one of its own."""

    function: str
    says: str
    line: tuple[str, int, int]
    hint: str = ""


def handed_out_again(trials: Trials, backward: str) -> HandedOut | None:
    """What a sequence's chain is wrong for, though each function in it is right; None where no copy of it makes all right."""
    trial = next((one for number in (0, 1) if (one := trials.chain(backward, number)).problem), None)
    if "cell" in backward or trial is None or trial.problem is None or trial.problem.kind != "numbers":
        return None
    together = _Together(trials, backward, trial)
    forward = partner(backward)
    for function in (cell_of(forward), cell_of(backward), forward):
        if function in together.own and (function == forward or _changes_what_it_gave(trials, function)):
            found = together.told(function)
            if found is not None:
                return found
    return None


def _changes_what_it_gave(trials: Trials, cell: str) -> bool:
    """Whether a cell's second call, with other arguments, changes what the first has handed back."""
    own_layout = cell not in OUTPUTS and trials.own_layout(cell)
    given = trials.with_own_caches(cell, 0) if own_layout else (None, trials.alone(cell).case.arguments)
    if given is None:
        return False
    arguments, others = given[1], case(cell, trials.sizes[0], trials.seed + 1).arguments
    others = (*others[:-1], deepcopy(arguments[-1])) if own_layout else others
    reply = trials.run("a_cell_held", (cell, arguments, others), frozenset({cell}))
    match reply.value:
        case (before, now):
            return not unchanged(before, now)
        case _:
            return False


class _Together:
    """The learner's functions of a sequence, run together with copies put in."""

    def __init__(self, trials: Trials, backward: str, trial: Trial) -> None:
        self.own = trials.members(backward)
        self._trials, self._backward, self._case = trials, backward, trial.case
        self._number = int(trial is not trials.chain(backward, 0))
        self._places = places(trials.definitions.pieces, unused(PARTS, self.own))

    def told(self, function: str) -> HandedOut | None:
        """The first place of a function at which a copy makes all right, and what is there."""
        mine = [place for place in self._places if place.function == function and place.kind in _KINDS]
        late = self._right_with([place for place in mine if place.kind == "return"])
        if late is not ("cell" in function):  # what changes a sequence's caches after it has ended is another function
            return None
        mine.sort(key=lambda place: (place.statement, place.kind == "return", -place.id))  # what stands in another one says more
        place = next((place for place in mine[:_MOST] if self._right_with([place])), None)
        if place is None:
            return None
        line, value = (place.source, place.line, place.column), self._value(place)
        if isinstance(value, Odd) and value.type in _CODE:
            return HandedOut(function, _OF_CODE, line, _CALL_IT)
        return HandedOut(function, _says(function, place), line)

    def _right_with(self, copied: Sequence[Place]) -> bool:
        reply = self._trials.runner.run(self._request(copied))
        return problem_of(self._backward, self._case, reply, self._trials.definitions) is None

    def _request(self, copied: Sequence[Place], wanted: frozenset[int] = frozenset()) -> Request:
        copies = tuple(Substitute(place.id, None, copy=True) for place in copied)
        planted = self._trials.planted(self.own, self._number)
        call, given = chain_of(self._backward), self._case.arguments
        return Request(call, given, self.own, trace=True, substitutes=copies, seed=self._number, notebook=planted, wanted=wanted)

    def _value(self, place: Place) -> Value:
        """What is at a place when it is first met."""
        seen = self._trials.runner.run(self._request((), frozenset({place.id}))).seen
        return seen[0].value if seen else None


def _says(function: str, place: Place) -> str:
    later = "call" if "cell" in function else "step"
    name = " ".join((place.target if place.kind in GIVES else place.text.removeprefix("return")).split())
    what = name if len(name) <= _LONG else "this line"
    kept = "the caches of those before" if later == "step" else f"the {'cache' if function in OUTPUTS else 'gradients'} of this step"
    return f"what {what} holds does not last: the next {later} changes it, and with it {kept}"
