"""What is wrong in a function that is not all filled in, among the gradients that it gives already.

Those that are still None are expected of no run: the search goes on as if the assignment did not want them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from whygrad.from_code.search.looked_for import looked_for
from whygrad.mistakes.words import listed

if TYPE_CHECKING:
    from whygrad.from_code.finding import Finding
    from whygrad.from_code.verdict.isolate import Examination
    from whygrad.from_code.verdict.trials import Trial
    from whygrad.sandbox.requests import Value


def beside_the_blanks(examination: Examination, function: str, failed: Trial) -> list[Finding]:
    """What has a name among the findings; where nothing has, which gradients are wrong is noted."""
    problem, given = failed.problem, cast("dict[str, Value]", failed.reply.value)
    if problem is None or not problem.filled or not failed.case.gradients:
        return []
    case = failed.case.asking({name for name, array in given.items() if array is not None})
    named = [one for one in looked_for(examination, function, replace(failed, case=case)) if one.id is not None]
    if not named:
        are = f"{listed(problem.filled)} {'is' if len(problem.filled) == 1 else 'are'}"
        examination.faults.append(f"of what {function} gives already, {are} not right")
    return named
