"""From edits to sentences: the mistakes of an explanation, and what else it would print."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_numbers.candidates.grouped import grouped
from whygrad.from_numbers.numbers.arrays import entry
from whygrad.from_numbers.numbers.printed import ROUNDING
from whygrad.from_numbers.programs.edited import Program
from whygrad.mistakes import OPERATORS, Edits
from whygrad.mistakes.words import listed
from whygrad.records import Mistake, Prediction

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.assignments.assignment import Assignment
    from whygrad.mistakes import Edit
    from whygrad.mistakes.operator import Part
    from whygrad.records import Confidence

MOST_PREDICTIONS = 3
SAME_ENDING = 3
"""So many words that end all details of a slip are said once."""


def mistakes_of(assignment: Assignment, edits: Edits, confidence: Confidence | None) -> tuple[Mistake, ...]:
    """The mistakes in words, those in earlier functions of the notebook first."""
    order = _order_of(assignment)
    groups = sorted(grouped(edits), key=lambda group: order.get(group[0].function, -1))
    made: dict[tuple[str, str], list[tuple[Edit, Part]]] = {}
    for edit in (edit for group in groups for edit in group):
        for part in edit.parts:
            made.setdefault((edit.function, part.alike), []).append((edit, part))
    return tuple(_mistake(assignment, places, confidence) for places in made.values())


def all_mistakes_of(assignment: Assignment, programs: Sequence[Edits], confidence: Confidence | None) -> tuple[Mistake, ...]:
    """The mistakes of several programs, each explained by itself: what one alone has in two places is no mistake of another in one.

    What is said of the notebook's own checks is said once, though each is a function.
    """
    order = _order_of(assignment)
    every: dict[object, Mistake] = {}
    for mistake in (mistake for edits in programs for mistake in mistakes_of(assignment, edits, confidence)):
        every.setdefault(mistake if mistake.function else mistake.says, mistake)
    return tuple(sorted(every.values(), key=lambda mistake: order.get(mistake.function or "", -1)))


def _order_of(assignment: Assignment) -> dict[str, int]:
    return {function: place for place, function in enumerate(assignment.vocabulary.roles)}


def sentences(mistakes: Sequence[Mistake]) -> tuple[tuple[str | None, str], ...]:
    """What is said of mistakes, and where: explanations for which this is the same read the same."""
    return tuple((mistake.function, mistake.says) for mistake in mistakes)


def _mistake(assignment: Assignment, places: list[tuple[Edit, Part]], confidence: Confidence | None) -> Mistake:
    """One mistake, in all equations where it was made, as they follow each other in the program."""
    places = sorted(places, key=lambda place: place[0].lines[0][:2])
    first, part = places[0]
    vocabulary = assignment.vocabulary
    names = list(dict.fromkeys(name for edit, _ in places for name in edit.quantity.split(" and ")))
    quantity = listed(names)
    meanings = list(dict.fromkeys(vocabulary.word(name) for name in names))
    role = vocabulary.roles.get(first.function)
    mathematics = list(dict.fromkeys(text for name in names if (text := _asked(assignment, first.function, name))))
    operator = OPERATORS[part.operator]
    words = {
        "function": first.function.removesuffix("_check") if role else f"the check of {first.function.removesuffix('_check')}",
        "quantity": quantity,
        "meaning": listed(meanings) if meanings != [quantity] else "the place where the sequence is put together",
        "detail": _with_one_ending(list(dict.fromkeys(own.detail for _, own in places))),
        "mathematics": "; ".join(mathematics) or "see the definition of the forward pass",
    }
    where, what, asked = (hint.format(**words) for hint in operator.hints)
    function = first.function if role else None
    return Mistake(operator.id, function, quantity, first.step, operator.says.format(**words), (where, what, asked), confidence)


def _asked(assignment: Assignment, function: str, name: str) -> str:
    mathematics = assignment.vocabulary.mathematics
    inner = {
        "da_next": "da_prevt",
        "dc_next": "dc_prevt",
        "cache": "dx",
        "t": "da_prevt",
        "c_prev": "c_next",
        "a_prev": "a_next",
    }
    return mathematics.get((function, name)) or mathematics.get((function, inner.get(name, "")), "")


def _with_one_ending(details: Sequence[str]) -> str:
    """``hidden and cell state in the first cache``: three words or more that end all of them are said once."""
    words = [detail.split() for detail in details]
    least = min(map(len, words), default=0)
    same = next((count for count in range(least) if len({one[-count - 1] for one in words}) > 1), 0)
    if len(words) == 1 or same < SAME_ENDING:
        return listed(details)
    return f"{listed([' '.join(one[:-same]) for one in words])} {' '.join(words[0][-same:])}"


def predictions_of(
    assignment: Assignment, checks: Sequence[str], printed: set[tuple[str, str]], first: Edits, others: Sequence[Edits]
) -> tuple[Prediction, ...]:
    """Numbers that were not printed: first one that tells the next explanation apart, then numbers that a right program would not print.

    These are what all ``others`` print as well: who has another's mistakes would read that it is none of them.
    Of these and of the others first what the cell hands to a carry that is blamed: if that is not so, the cell is to blame. Of a loop that
    adds up a cell's arrays of a wrong shape nothing is foretold: written with ``+=`` it stops there. Nor is what is handed out of a blamed
    carry, or of what belongs into it: a right program may do either.
    """
    family = {function for check in checks for function in assignment.chain(check)}
    programs = [Program(assignment, edits) for edits in (first, (), *others)]
    carries = assignment.vocabulary.carries
    carried = {carries[edit.quantity] for edit in first if edit.quantity in carries}
    either = {(edit.function, name) for edit in first if edit.quantity in carries for name in _of_a_carry(assignment, edit)}
    found: list[tuple[int, Prediction]] = []
    for check in (check for check in assignment.printed if set(assignment.chain(check)) & family):
        runs = [program.run(check) for program in programs]
        if check not in {edit.function for edit in first} and _grows(runs[0], runs[1]):
            continue
        for name, index in assignment.printed[check]:
            label = name + "".join(f"[{at}]" for at in index)
            if (check, label) in printed or (check, name) in either or runs[0] is None or runs[1] is None:
                continue
            mine, right, *theirs = (_shown(run, name, index) for run in runs)
            if mine is None:
                continue
            if theirs and not _same(theirs[0], mine):
                found.append((0 if name in carried else 1, Prediction(check, label, mine, theirs[0] or "an error")))
            elif not all(_same(its, mine) for its in theirs):
                continue
            elif not _same(right, mine):
                found.append((2, Prediction(check, label, mine)))
            else:
                found.append((3 if name in carried else 4, Prediction(check, label, mine)))
    found.sort(key=lambda one: one[0])
    probes = [one for rank, one in found if rank <= 1][:1]
    tests = [one for rank, one in found if rank > 1]
    return tuple((probes + tests)[:MOST_PREDICTIONS])


def _of_a_carry(assignment: Assignment, edit: Edit) -> Iterator[str]:
    """What takes the value of the carry that is blamed, or the one that it takes."""
    lines = [line.strip().partition(" = ") for line in assignment.functions[edit.function]]
    taken = {name: value for name, _, value in lines}.get(edit.quantity)
    return (name for name, _, value in lines if value in {edit.quantity, taken} and name != edit.quantity)


def _grows(gradients: dict[str, Any] | None, right: dict[str, Any] | None) -> bool:
    """Whether an array has another shape than a right program's."""
    return any(np.shape((gradients or right or {}).get(name, value)) != np.shape(value) for name, value in (right or {}).items())


def _same(one: str | None, other: str) -> bool:
    """Whether two shown values are the same, but for rounding."""
    if one is None or one.startswith("[") or other.startswith("["):
        return one == other
    return math.isclose(float(one), float(other), rel_tol=ROUNDING)


def _shown(gradients: dict[str, Any] | None, name: str, index: tuple[int, ...]) -> str | None:
    """An entry as the notebook prints it."""
    if gradients is None or name not in gradients:
        return None
    array = np.asarray(gradients[name])
    if array.ndim == len(index):
        value = entry(gradients, name, index)
        return repr(value) if math.isfinite(value) else None
    try:
        part = array[index]
    except IndexError:
        return None
    return np.array2string(part, precision=8, max_line_width=200)
