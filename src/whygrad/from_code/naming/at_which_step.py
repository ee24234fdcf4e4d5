"""The time step at which a line is wrong: the loop's own, which the calls of the cell count, and not how often the line has been run.

A line in one branch of the loop is not run at every step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from whygrad.from_code.observe.experiment import Found, Search


def step_of(search: Search, found: Found) -> int | None:
    """The step in whose turn the place was seen; None in a cell, before and after the loop, and where nothing counts the turns."""
    record, steps = found.record, len(search.quantities.calls)
    if record.place.function != search.subject.function or not steps:
        return None
    if search.subject.calling:
        turn = record.phase if found.how == "argument" or _before_the_call(search, found) else record.phase - 1
    else:
        visits = sum(other.place.id == record.place.id for other in search.last)
        turn = record.visit if visits == steps else -1
    if not 0 <= turn < steps:
        return None
    return steps - 1 - turn if search.subject.function.endswith("backward") else turn


def _before_the_call(search: Search, found: Found) -> bool:
    """Whether the line stands above the call of the cell in the same loop: it is then of the turn of the call to come."""
    here, subject = found.record.place, search.subject
    calls = [place for place in subject.places if place.id in subject.last_arguments and place.function == here.function]
    return bool(here.loops) and any(
        place.loops[:1] == here.loops[:1] and (here.source, here.line) < (place.source, place.line) for place in calls
    )
