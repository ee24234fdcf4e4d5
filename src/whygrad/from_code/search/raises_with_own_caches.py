"""A backward function that reads caches of the learner's own layout, and ends with an error with these: which line is to blame, and why."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.errors import WhygradError
from whygrad.from_code.blame.another_name import by_another_name
from whygrad.from_code.blame.so_it_raises import stopped_at, with_complaint
from whygrad.from_code.observe.edited import Mending
from whygrad.from_code.search.cells_named import with_cells

if TYPE_CHECKING:
    from whygrad.from_code.finding import Finding
    from whygrad.from_code.naming.broken import Breach
    from whygrad.from_code.verdict.isolate import Examination


def raises_with_own_caches(examination: Examination, function: str, breach: Breach) -> tuple[Breach, tuple[Finding, ...]]:
    """What is broken, in the learner's own names, and the one line of which an edit mends all, if there is one."""
    try:
        return _raises(examination, function, breach)
    except WhygradError:
        raise
    except Exception as error:  # noqa: BLE001 - somebody's code can be anything
        fault = f"what {function} raises was not looked into, because of a fault of whygrad ({type(error).__name__}); please report it"
        examination.faults.append(fault)
        return breach, ()


def _raises(examination: Examination, function: str, breach: Breach) -> tuple[Breach, tuple[Finding, ...]]:
    trials, raised = examination.trials, examination.raised.get(function)
    given = trials.with_own_caches(function)
    if given is None or raised is None or breach.id != "raises":
        return breach, ()
    case, own = given
    host, pieces = examination.host, trials.definitions.pieces
    stopped = stopped_at(trials.runner, pieces, function, case, own)
    if (stopped.raised.type, stopped.raised.line) != (raised.type, raised.line):
        return breach, ()
    breach = with_complaint(breach, stopped)
    if breach.line is not None and breach.elsewhere is not None:
        lines = [(raised.source or "", raised.line or 0)]
        breach = replace(breach, elsewhere=with_cells(breach.elsewhere, breach.line[0], lines, examination.line))
    found = () if host is None else by_another_name(Mending(host, pieces, function, case, examination.live, own), stopped)
    return breach, examination.helpers.once(function, found)
