"""A name that functions call, or take for NumPy, and that a line outside of them gives to something else: told once, at that line."""

from __future__ import annotations

import ast
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.from_code.blame.so_it_raises import error_told, stopped_at
from whygrad.from_code.line_to_blame import Cause
from whygrad.from_code.stops.no_function import given_away
from whygrad.mistakes.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from whygrad.from_code.finding import Finding
    from whygrad.from_code.observe.stopped import Stopped
    from whygrad.from_code.verdict.isolate import Examination
    from whygrad.records import FunctionVerdict

_HINT = (
    "A name holds what it was given last, whichever line or cell that is in, and every function that reads it from outside gets that. "
    "Print it behind this line. What do you mean by it here, and what in the functions?"
)


def taken_outside(examination: Examination, verdicts: Iterable[FunctionVerdict]) -> dict[str, tuple[Finding, ...]]:
    """For each function that raises because of that what is told of it: at the first that does so all, at the others nothing."""
    stops = [stopped for verdict in verdicts if verdict.verdict == "raises" and (stopped := _stopped(examination, verdict)) is not None]
    away = [given_away(stopped) for stopped in stops]
    modules = {_library(stopped): one for stopped, one in zip(stops, away, strict=True) if one is not None and "the module" in one.says}
    taken: dict[tuple[str, int], list[tuple[str, Stopped]]] = defaultdict(list)
    for stopped, one in zip(stops, away, strict=True):
        because = one or modules.get(_library(stopped))
        if because is not None:
            taken[because.lines[0]].append((because.says, stopped))
    told: dict[str, tuple[Finding, ...]] = {}
    for (source, line), several in taken.items():
        (says, first), *others = several
        also = [stopped.subject.function for _, stopped in others]
        so = f"; {listed(also)} {'raises' if len(also) == 1 else 'raise'} for the same reason" if also else ""
        cause = Cause((source, line, 1), f"raises {first.error} because {says}{so}", _HINT)
        told |= dict.fromkeys(also, ()) | {first.subject.function: (replace(error_told(first, cause), lines=()),)}
    return told


def _stopped(examination: Examination, verdict: FunctionVerdict) -> Stopped | None:
    """Where a function stopped that raises an error which may come of this."""
    trials, failed = examination.trials, examination.trials.failed(verdict.function)
    raised = None if failed is None else failed.reply.raised
    if failed is None or raised is None or raised.type not in {"AttributeError", "TypeError"}:
        return None
    return stopped_at(trials.runner, trials.definitions.pieces, verdict.function, failed.case)


def _library(stopped: Stopped) -> str | None:
    """In which name the part of the line that raised looks for something: ``np`` of ``np.tanh`` and of ``np.tanh(x)``."""
    part = stopped.node.func if isinstance(stopped.node, ast.Call) else stopped.node
    return part.value.id if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) else None
