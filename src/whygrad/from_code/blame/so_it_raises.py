"""Of a function that ends with an error: the finding's sentence goes on to the line that raises, and says there what did not fit."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from whygrad.from_code.blame.complaint import complaint
from whygrad.from_code.blame.raised_elsewhere import cause, left_as_none
from whygrad.from_code.finding import Finding
from whygrad.from_code.naming.broken import hints_of_error
from whygrad.from_code.observe.quantities import quantities
from whygrad.from_code.observe.stopped import Stopped
from whygrad.from_code.observe.subject import Subject
from whygrad.from_code.reference.parts import cell_of
from whygrad.mistakes import OPERATORS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_code.line_to_blame import Cause
    from whygrad.from_code.naming.broken import Breach
    from whygrad.from_code.naming.name import Name
    from whygrad.from_code.observe.experiment import Found, Search
    from whygrad.from_code.reference.inputs import Case
    from whygrad.sandbox.places import Place
    from whygrad.sandbox.requests import Piece, Runner, Substitute, Value

_OF_ONE_SHAPE = frozenset(
    (
        "transpose-wrong", "name-replaced", "gate-swapped", "operator-replaced", "product-for-matrix-product", "slice-wrong", "stack-wrong",
        "call-argument-wrong",
    )
)  # fmt: skip
"""Mistakes of which the hint supposes that the shapes agree."""
_OF_SHAPES = frozenset(("ValueError", "IndexError", "AxisError"))
_SHAPES = (
    "Write down the shape of each name in this line, and of what the line is to give. Which of them does not fit there, and what does the "
    "formula have in its place?"
)
_OF_KINDS = (
    "Print the type and the shape of each of these names just behind this line. Which of them does the rest of the function go through "
    "step by step, and which does it ask for its sizes?"
)
_ONE_BY_ONE = "What is to be put together has to come as one value, the first. What comes as the first here, and what as the second?"
_USED_LATER = (
    "The error comes only where this is used. Print its shape there, beside the shapes of what it meets: along which axis do they differ, "
    "and which of the two is as the formula has it?"
)


def where_it_raises(search: Search, found: Found, others: tuple[Substitute, ...]) -> tuple[int, int, str] | None:
    """Of a finding at a line that raises: the line, the column and the text of just what raises; None where that is not within it."""
    if found.how != "raises":
        return None
    stopped, place = Stopped(search.subject, others), found.record.place
    raised = stopped.raised
    if stopped.node is None or raised.line is None or raised.source != place.source or not place.line <= raised.line <= place.end_line:
        return None
    line = stopped.line_of(stopped.node)
    return line, stopped.column_of(stopped.node), place.text if line == place.line else stopped.text_of(line)


def raises_because(search: Search, name: Name, others: tuple[Substitute, ...]) -> Cause | None:
    """Of a finding that says no more than what is raised, or which key is not there: the line to blame, if it is another one."""
    if name.id not in {"raises", "name-replaced"}:
        return None
    stopped = Stopped(search.subject, others, search.quantities.calls)
    return left_as_none(stopped) if name.id == "name-replaced" else blamed(stopped)


Where = Literal["", "here", "elsewhere"]


def _is_left_blank(stopped: Stopped, place: Place) -> bool:
    """Whether a line leaves a name blank for which another one raises."""
    cause = left_as_none(stopped)
    return cause is not None and cause.line[:2] == (place.source, place.line)


def so_it_raises(search: Search, found: Found, name: Name, others: tuple[Substitute, ...]) -> tuple[Name, Where]:
    """The name with what the error says, and where it is raised; ``others`` mend every other finding. As it is where nothing raises."""
    if not search.subject.raises:
        return name, ""
    stopped, place = Stopped(search.subject, others, search.quantities.calls), found.record.place
    raised = stopped.raised
    if raised.line is None:
        return name, ""
    told = complaint(stopped)
    here = raised.source == place.source and place.line <= raised.line <= place.end_line
    if name.id is None and found.how == "raises" and (here or _is_left_blank(stopped, place)):
        says = f"{search.subject.function} raises {stopped.says(told)}"
        hints = hints_of_error(search.subject.function, replace(raised, type=stopped.error), says)
        return replace(name, id="raises", says=says, hints=hints, lines=told.lines if told else ()), "here"
    at = "it" if here else f"line {raised.line}"
    says = f"{name.says.rstrip('.')}, and so {at} raises {stopped.error}"
    lines = name.lines if here else (*name.lines, (raised.source or "", raised.line))
    said = raised.type == "KeyError" or (found.how == "unfit" and told is not None and told.says.startswith(f"{found.names[0]} is "))
    if told and not said:
        says, lines = f"{says} because {told.says}", (*lines, *told.lines)
    where, what, asks = name.hints
    if found.how == "swapped" and name.id == "name-replaced":
        what = _OF_KINDS
    elif name.id == "stack-wrong" and raised.type == "TypeError":
        what = _ONE_BY_ONE
    elif name.id in _OF_ONE_SHAPE and raised.type in _OF_SHAPES and what.startswith(OPERATORS[name.id].hints[1].partition("{")[0]):
        what = _SHAPES if here else _USED_LATER
    return replace(name, says=says, lines=lines, hints=(where, what, asks)), "here" if here or found.how == "raises" else "elsewhere"


def stopped_at(runner: Runner, pieces: Sequence[Piece], function: str, case: Case, own: tuple[Value, ...] | None = None) -> Stopped:
    """Where a function that raises on these arguments stopped; ``own`` are those with caches that the learner's own cell reads too."""
    if own is not None:
        return Stopped(Subject(runner, pieces, function, own, frozenset({function, cell_of(function)}), own_cell=True))
    subject = Subject(runner, pieces, function, case.arguments, frozenset({function}))
    return Stopped(subject, (), quantities(function, case).calls)


def with_complaint(breach: Breach, stopped: Stopped) -> Breach:
    """The breach of a function that raises, with what did not fit in place of the error's own text."""
    told = complaint(stopped)
    before = cause(stopped, told.says if told else "")
    if before is not None:
        return replace(breach, elsewhere=before.says, line=before.line, hint=before.hint)
    return breach if told is None else replace(breach, elsewhere=f"raises {stopped.error} because {told.says}", lines=told.lines)


def blamed(stopped: Stopped) -> Cause | None:
    """The line to blame for what raised, if it is known to be another one."""
    told = complaint(stopped)
    return cause(stopped, told.says if told else "")


def error_told(stopped: Stopped, before: Cause | None) -> Finding:
    """The finding at what raised, with what did not fit there, or at the line that is to be blamed before it."""
    function, raised, told = stopped.subject.function, stopped.raised, complaint(stopped)
    source = raised.source or ""
    says = f"{function} raises {stopped.says(told)}"
    where, what, asks = hints_of_error(function, raised, says)
    at, lines = (source, raised.line or 0, 1), told.lines if told else ()
    if stopped.node is not None:
        at = source, stopped.line_of(stopped.node), stopped.column_of(stopped.node)
    if before is not None:
        at, says, what, lines = before.line, f"{function} {before.says}", before.hint or what, ((source, raised.line or 0), *lines)
    return Finding(
        function=function, within=function if stopped.function is None else stopped.function.name, source=at[0], line=at[1], column=at[2],
        text=stopped.text_of(at[1], at[0])[:200], id="raises", quantity=function, step=None, says=says, hints=(where, what, asks),
        proof="contract", whole=None, lines=lines, raises="here",
    )  # fmt: skip
