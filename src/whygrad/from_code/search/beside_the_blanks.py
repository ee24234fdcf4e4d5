"""What is wrong in a function that is not all filled in, among the outputs or gradients that it gives already.

Those that are still None are asked of no run: the search goes on as if the assignment did not want them. Where the function
raises for a blank, what its name should hold is put there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.from_code.search.looked_for import looked_for
from whygrad.mistakes.words import listed

if TYPE_CHECKING:
    from whygrad.from_code.finding import Finding
    from whygrad.from_code.verdict.isolate import Examination
    from whygrad.from_code.verdict.trials import Trial

_FEW = 2
"""So many lines that are still to be written."""


def beside_the_blanks(examination: Examination, function: str, failed: Trial) -> list[Finding]:
    """What has a name among the findings; where nothing has, which results are wrong is noted."""
    problem = failed.problem
    if problem is not None and problem.raised is not None:
        return _above_the_error(examination, function, failed)
    if problem is None or not problem.filled:
        return []
    case = replace(failed.case, unasked=frozenset(problem.blank))
    named = [one for one in looked_for(examination, function, replace(failed, case=case)) if one.id is not None]
    if not named:
        are = f"{listed(problem.filled)} {'is' if len(problem.filled) == 1 else 'are'}"
        examination.faults.append(f"of what {function} gives already, {are} not right")
    return named


def _above_the_error(examination: Examination, function: str, failed: Trial) -> list[Finding]:
    """What is proved where a blank makes a function raise, with what belongs there in its place; nothing, if that does not explain all.

    Where more than a few lines are blank little is written that could be wrong, and the runs of a whole class are worth more.
    """
    blanks = {(place.source, place.line) for place in examination.trials.definitions.functions[function].blanks()}
    if len(blanks) > _FEW:
        return []
    before = len(examination.faults)
    beside = [one for one in looked_for(examination, function, failed) if one.at not in blanks]
    if all(one.whole and one.proof == "proved" and one.id is not None and not one.raises for one in beside):
        return beside
    del examination.faults[before:]
    examination.helpers.forget(function)
    return []
