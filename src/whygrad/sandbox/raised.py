"""What an exception out of somebody's code tells: its kind, its text, where it came from, and which name is not there."""

from __future__ import annotations

import re
from itertools import islice
from opcode import opmap
from typing import TYPE_CHECKING

from whygrad.sandbox.requests import Raised

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet
    from types import TracebackType

_TEXT = 500
"""Characters of an exception's text that are kept."""


def raised(error: BaseException, sources: AbstractSet[str]) -> Raised:
    """What was raised, with the last place in ``sources``, the learner's own code, that it came through.

    Of a recursion without an end that is a call that it came through before: the stack runs out anywhere.
    """
    source, line, span = None, None, None
    trace, before, once = error.__traceback__, set[tuple[object, int]](), type(error) is not RecursionError
    while trace is not None:
        place = trace.tb_frame.f_code, trace.tb_lasti
        if trace.tb_frame.f_code.co_filename in sources and (once or source is None or place in before):
            source, line, span = trace.tb_frame.f_code.co_filename, trace.tb_lineno, _span(trace, trace.tb_lasti)
            if (later := _joined(trace, error)) and (there := _span(trace, later)):
                line, span = there[0], there
        before.add(place)
        trace = trace.tb_next
    try:  # what a foreign exception says of itself is foreign code
        text = str(error)[:_TEXT]
        name: object = error.name if isinstance(error, NameError | AttributeError) else None
        within = error.obj if isinstance(error, AttributeError) else None
    except Exception:  # noqa: BLE001 - as above
        text, name, within = "", None, None
    of = None if within is None else type(within).__name__
    return Raised(type(error).__name__, text, source, line, name[:_TEXT] if type(name) is str else None, of, span)


def _joined(trace: TracebackType, error: BaseException) -> int | None:
    """Where a name without a value is read, if the traceback's entry stands at the instruction before.

    Python 3.11 joins the two in code that has run a few times, and then counts what raises in either as raised in the first.
    """
    said = error.args[0] if type(error) is UnboundLocalError and error.args else None
    name = re.search(r"'(\w+)'", said) if type(said) is str else None
    code, at = trace.tb_frame.f_code, trace.tb_lasti
    if name is None or name[1] not in code.co_varnames:
        return None
    reads = opmap["LOAD_FAST"], code.co_varnames.index(name[1])
    stands_at, behind = (tuple(code.co_code[number : number + 2]) for number in (at, at + 2))
    return at + 2 if stands_at != reads == behind else None


def _span(trace: TracebackType, instruction: int) -> tuple[int, int, int, int] | None:
    """The part of the code that an instruction of a traceback's entry stands for."""
    positions = trace.tb_frame.f_code.co_positions()
    line, end_line, column, end = next(islice(positions, instruction // 2, None), (None,) * 4)
    return None if line is None or column is None or end_line is None or end is None else (line, column, end_line, end)
