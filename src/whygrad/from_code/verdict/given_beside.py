"""A sequence that gives the learner's own cell more than this takes: the course's cell, which stands in for it, lets that pass."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whygrad.from_code.reference.parts import ARGUMENTS, cell_of
from whygrad.mistakes.words import counted, listed

if TYPE_CHECKING:
    from whygrad.from_code.verdict.trials import Trials
    from whygrad.records import Location


def given_beside(trials: Trials, function: str) -> tuple[Location, str] | None:
    """The call of the cell with which the function raises, and what it gives beside what the cell takes; None where it gives no more."""
    definitions, cell = trials.definitions, cell_of(function)
    written, called = definitions.functions.get(function), definitions.functions.get(cell)
    if cell == function or written is None or called is None or not definitions.is_plain(cell):
        return None
    takes, of_the_cell = called.parameters, called.node.args
    if len(takes) < len(ARGUMENTS[cell]) or of_the_cell.vararg or of_the_cell.kwarg:
        return None
    known = {*takes, *(one.arg for one in of_the_cell.kwonlyargs)}
    for call in written.nodes:
        if not isinstance(call, ast.Call) or ast.unparse(call.func) != cell or any(isinstance(one, ast.Starred) for one in call.args):
            continue
        beside = [*call.args[len(takes) :], *(one for one in call.keywords if one.arg is not None and one.arg not in known)]
        raised = trials.trial(function, frozenset({function, cell}), 0).reply.raised if beside else None
        if raised is not None and raised.type == "TypeError" and f"{cell}() " in raised.text:
            number = counted(len(takes), "argument")
            says = f"{cell} takes {number} ({', '.join(takes)}), and is given {listed(map(ast.unparse, beside))} here beside them"
            return written.at(call.lineno, call.col_offset), says
    return None
