"""A search in one function of an examination: what it is tried on, what is known of it already, and a fault of it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from whygrad.errors import WhygradError
from whygrad.from_code.observe.edited import Mending
from whygrad.from_code.reference.inputs import OUTPUTS
from whygrad.from_code.search.told_together import told_together

if TYPE_CHECKING:
    from collections.abc import Callable

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.reference.inputs import Case
    from whygrad.from_code.verdict.isolate import Examination
    from whygrad.from_code.verdict.trials import Trial


def mending_of(examination: Examination, function: str, case: Case) -> Mending | None:
    """What edits of a function are tried on; None where nothing edited can be run."""
    host, pieces = examination.host, examination.trials.definitions.pieces
    return None if host is None else Mending(host, pieces, function, case, examination.live)


def as_searched(examination: Examination, function: str) -> Mending | None:
    """The same on the case on which a wrong function is looked into: with the learner's own caches where it can read no others."""
    trials = examination.trials
    if function not in OUTPUTS and (function in examination.unlocated or trials.own_layout(function)):
        own = trials.wrong_with_own_caches(function)
        mending = None if own is None else mending_of(examination, function, own[0])
        return None if own is None or mending is None else mending._replace(own=own[1])
    failed = trials.failed(function)
    return None if failed is None else mending_of(examination, function, failed.case)


def case_of(examination: Examination, function: str, failed: Trial) -> int:
    """The number of the case on which a function is wrong."""
    return int(failed.reply is not examination.trials.alone(function).reply)


def kept(
    examination: Examination, function: str, number: int, search: Callable[[], tuple[Finding, ...]], beside: frozenset[str] = frozenset()
) -> tuple[Finding, ...]:
    """What a search of this number finds, as ``faults_told``, if it is not known already."""
    known = examination.trials.known
    return faults_told(examination, function, search if known is None else partial(known.findings, function, number, search, beside))


def faults_told(examination: Examination, function: str, search: Callable[[], tuple[Finding, ...]]) -> tuple[Finding, ...]:
    """A fault of the search does not take the verdicts with it, it is told with them."""
    try:
        found = told_together(search())
    except WhygradError:
        raise
    except Exception as error:  # noqa: BLE001 - somebody's code can be anything
        fault = (
            f"the line in {function} was not found, because of a fault of whygrad ({type(error).__name__}); please report it with the file"
        )
        examination.faults.append(fault)
        return ()
    told = examination.helpers.once(function, found)
    if any(finding.id is not None and finding.whole is False for finding in told):
        examination.faults.append(f"more is wrong in {function} than was found: with the right values at these lines it is still wrong")
    return told
