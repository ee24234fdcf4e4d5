"""What makes a function right that is not right among the reference's functions: each excuse is tried on its own.

An excuse is what to say of the function, and a note.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.from_code.observe.arrays import array_of
from whygrad.from_code.reference.compare import difference, single
from whygrad.from_code.reference.inputs import OUTPUTS
from whygrad.from_code.reference.parts import cell_of, chain_of, partner
from whygrad.from_code.verdict.as_its_cell import keeps_what_its_cell_gives
from whygrad.from_code.verdict.audit import changed
from whygrad.from_code.verdict.by_order import taken_by_order
from whygrad.from_code.verdict.own_forward import is_derivative_of_own_forward
from whygrad.from_code.verdict.without_the_tanh import NOTE, is_derivative_without_the_tanh, right_without_the_tanh
from whygrad.mistakes.words import listed

if TYPE_CHECKING:
    from whygrad.from_code.verdict.trials import Trial, Trials
    from whygrad.sandbox.requests import Reply, Value

Excuse = tuple[str, str]
_ON_ARGUMENTS = "what {} leaves in its arguments"
_ON_THE_ORDER = "the order in which {} returns its gradients"
_ON_THE_CALL = "how {} is called, or on what it returns"


def right(function: str) -> str:
    """The sentence for a function that is right."""
    return "returns the right gradients" if function not in OUTPUTS else f"returns the right {listed(OUTPUTS[function])}"


def excuse(trials: Trials, function: str, failed: Trial) -> Excuse | None:
    """The first excuse there is for the run that failed."""
    if failed.problem is None or failed.problem.kind == "undefined":
        return None
    found = _right_with_notebook(trials, function) or _calls_its_sequence(trials, function)
    if found:
        return found
    if function in OUTPUTS:
        found = _as_its_cell(trials, function, failed) or _caches_of_another_layout(trials, function, failed)
        variant = found is None and right_without_the_tanh(trials, function)
        return ("returns what is right without the tanh of the cell state", NOTE) if variant else found
    fits = _fits_its_forward(trials, function) or _derivative_of_own_forward(trials, function)
    if fits or failed.problem.kind not in {"raises", "contract"} or not _as_the_reference_does(trials, function):
        return fits
    note = f"{function} does with your own cells what the assignment's does with them, but it cannot take those of the reference"
    return right(function), note


def excuse_here(trials: Trials, function: str) -> Excuse | None:
    """An excuse that holds in the learner's own notebook only, so that nothing else can be judged together with the function."""
    return _right_at_course_sizes(trials, function)


def _as_its_cell(trials: Trials, function: str, failed: Trial) -> Excuse | None:
    """The caches are those of the learner's own cell, of which it is told what is wrong with them."""
    cell = trials.failed(cell_of(function)) if cell_of(function) in trials.own - {function} else None
    kinds = {trial.problem and trial.problem.kind for trial in (failed, cell) if trial is not None}
    if cell is None or kinds != {"cache"} or not keeps_what_its_cell_gives(trials, function, failed):
        return None
    if excuse(trials, cell_of(function), cell) is not None:  # a layout of its own
        return None
    says = f"returns the right {listed(OUTPUTS[function][:-1])}, and in its caches what {cell_of(function)} hands back"
    return says, f"the caches of {function} hold what your own {cell_of(function)} hands back: when that is mended, they are right too"


def _calls_its_sequence(trials: Trials, function: str) -> Excuse | None:
    """A cell that is the learner's own sequence with one step, which may take or give more than the assignment's."""
    sequence = trials.called_by(function)
    if sequence is None:
        return None
    members, chained = trials.members(function), partner(function) in trials.own
    if chained and any(trials.trial(chain_of(function), members, number).problem for number in (0, 1)):
        return None
    alone = [trials.trial(function, members, number).problem for number in (0, 1)] if function in OUTPUTS or not chained else []
    if any(problem is not None and not (chained and problem.kind == "cache") for problem in alone):  # its partner can read the cache
        return None
    return right(function), f"{function} calls your own {sequence}, and is right together with it"


def _fits_its_forward(trials: Trials, function: str) -> Excuse | None:
    """With the caches of the learner's own forward function, and the learner's own cells, the gradients are right."""
    forward, cell = partner(function), cell_of(function)
    if not trials.members(function) - {function} or any(trials.chain(function, number).problem for number in (0, 1)):
        return None
    pair = frozenset({function, cell})
    if len(pair & trials.own) > 1 and not any(trials.trial(function, pair, number).problem for number in (0, 1)):
        alone = trials.alone(cell)
        changes = alone.problem is None and changed(alone.case, alone.reply)
        relies = _ON_ARGUMENTS if changes else _ON_THE_ORDER if taken_by_order(trials, function) else _ON_THE_CALL
        return right(function), _only_with(function, relies)
    why = "they are laid out in another way, or begin from another state"
    return right(function), f"{function} is right together with your own {forward}, but not with every cache of the reference: {why}"


def _only_with(function: str, why: str) -> str:
    """The note on a function that is right with the learner's own cell alone."""
    cell = cell_of(function)
    return f"{function} is right together with your own {cell}, but not with another one: it relies on {why.format(cell)}"


def _caches_of_another_layout(trials: Trials, function: str, failed: Trial) -> Excuse | None:
    """The outputs are right, if need be with the learner's own cell, and the caches fit the learner's own backward function."""
    backward, note = partner(function), f"{function} lays out its caches in a way of its own"
    if failed.problem is not None and failed.problem.kind != "cache":
        wrong = _wrong_with_its_cell(trials, function)
        if wrong is None:
            return None
        if all(keeps_what_its_cell_gives(trials, function, trial) for trial in wrong):
            return right(function), _only_with(function, _ON_THE_CALL)
    fits = backward in trials.own and not any(trials.chain(function, number).problem for number in (0, 1))
    kept = "cell" not in function and backward in trials.own and not _lost_by_itself(trials, function, failed)
    if fits or (kept and not trials.misnamed(function)):
        return right(function), note
    if "cell" not in function and failed.wrong_entries:  # with the reference's cell, whose caches it only has to keep
        return None
    if _as_the_reference_does(trials, function):
        return right(function), note
    unread = backward not in trials.own or (trials.alone(backward).problem is not None and not trials.misnamed(function))
    return (right(function), note) if unread and trials.own_layout(function) else None


def _wrong_with_its_cell(trials: Trials, function: str) -> list[Trial] | None:
    """The runs with the learner's own cell whose caches are not the course's; None where there is no such cell, or more is wrong."""
    with_cell = trials.own & {function, cell_of(function)}
    if len(with_cell) == 1:
        return None
    wrong = [trial for number in (0, 1) if (trial := trials.trial(function, with_cell, number)).problem is not None]
    return None if any(trial.problem and trial.problem.kind != "cache" for trial in wrong) else wrong


def _lost_by_itself(trials: Trials, function: str, failed: Trial) -> bool:
    """Whether what a sequence function keeps leads astray; not if it is only of another form, which its own backward function can read."""
    backward = partner(function)
    if failed.problem is None or failed.problem.kind != "cache":
        return True
    together = [trials.trial(chain_of(backward), frozenset({function, backward}), number).problem for number in (0, 1)]
    if not any(together):
        return False
    stops = trials.alone(backward).problem
    read = stops is None or stops.kind != "raises"  # one that stops at the course's caches may look for something else than x there
    if any(read or entry.name != "x" for entry in failed.wrong_entries) or stops is None:
        return True
    return any(problem is not None and problem.kind != "numbers" for problem in together)


def _as_the_reference_does(trials: Trials, function: str) -> bool:
    """Whether a sequence's gradients with the learner's own cells, right or wrong, are the same with the reference in the function's place.

    The reference reads the first cache, so it may be that only the learner's own function can stand at the other end.
    """
    cells = trials.own & {cell_of(function), cell_of(partner(function))}
    if "cell" in function or not cells:
        return False
    around = (cells, cells | (trials.own & {partner(function)}), cells & {cell_of(function)})
    return any(all(_same_gradients(trials, function, others, number) for number in (0, 1)) for others in around)


def _same_gradients(trials: Trials, function: str, others: frozenset[str], number: int) -> bool:
    """Whether the chain gives the same with the learner's function as with the reference's; nothing is told by zeros."""
    own, reference = (trials.trial(chain_of(function), members, number) for members in (others | {function}, others))
    if any(trial.problem is not None and trial.problem.kind != "numbers" for trial in (own, reference)):
        return False
    got, wanted = own.reply.value, reference.reply.value
    floats = trials.definitions.single or single(wanted)
    for key in reference.case.expected:
        right = array_of(wanted[key])  # what the learner's cell gives is handed on as it is
        if right is None:
            return False
        if any(one.level == "wrong" or one.empty for one in (difference(key, value[key], right, single=floats) for value in (got, wanted))):
            return False
    return True


def _right_with_notebook(trials: Trials, function: str) -> Excuse | None:
    """What it reads from the notebook is assigned there, by another check perhaps, and with ours in its place the results are right.

    A name that no cell assigns is no excuse: the function raises.
    """
    read = trials.reads(function)
    if not read:
        return None
    says = f"{function} reads {listed(read)} from the notebook, not from its arguments: right only as long as both are the same"
    return right(function), says


def _derivative_of_own_forward(trials: Trials, function: str) -> Excuse | None:
    """The forward function computes something else than the assignment's, and this is its derivative."""
    forward = partner(function)
    if forward not in trials.own:
        return None
    other = trials.trial(forward, trials.own & {forward, cell_of(forward)}, 1).problem
    if other is None or other.kind != "numbers":
        return None
    says = f"returns the right derivative of your own {forward}, which computes something else than the assignment's"
    if right_without_the_tanh(trials, forward) and is_derivative_without_the_tanh(trials, function):
        return says, NOTE
    own = trials.members(function)
    for number in (1, 0):  # also where the upstream gradient has fewer steps than the input, as in the assignment's own check
        together = trials.trial(chain_of(function), own, number)
        if together.problem is None or together.problem.kind != "numbers":
            return None

        def run(name: str, arguments: tuple[Value, ...], number: int = number) -> Reply:
            return trials.run(name, arguments, own, trials.planted(own, number))

        if not is_derivative_of_own_forward(run, function, together.case, together.reply.value):
            return None
    note = f"{function} is held against the derivative of your own {forward}: when that one is mended, {function} has to follow"
    return says, note


def _right_at_course_sizes(trials: Trials, function: str) -> Excuse | None:
    """It is right at the notebook's sizes: they are written into it as numbers."""
    if trials.alone(function, 2).problem is not None:
        return None
    return right(function), f"{function} is right at the notebook's sizes only: some size in it does not come from its arguments"
