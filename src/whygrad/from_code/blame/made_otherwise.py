"""A name that holds something of the wrong kind since a later line of the loop gave it that."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whygrad.from_code.line_to_blame import Cause, at
from whygrad.from_code.words import kind
from whygrad.sandbox.trees import holds, names_in

if TYPE_CHECKING:
    from whygrad.from_code.observe.stopped import Stopped

_LATER = "At the next turn the lines above find this. Should this line be run at each turn, or once, when all turns are done?"


def given_later_in_the_loop(stopped: Stopped) -> Cause | None:
    """A line of the loop, below the one that raises, that gives the name of a list another kind of thing: at the first turn it fitted."""
    if stopped.node is None or stopped.line is None or stopped.raised.type not in {"AttributeError", "TypeError", "ValueError"}:
        return None
    loops = [one for one in ast.walk(stopped.function) if isinstance(one, ast.For | ast.While)] if stopped.function is not None else []
    for name in sorted(names_in(stopped.node)):
        gave = stopped.gave(name)
        if len(gave) < 2 or len({record.place.id for record in gave[:-1]}) > 1 or gave[-1].visit:  # noqa: PLR2004 - before, and in the loop
            continue
        before, last = gave[0], gave[-1]
        line = stopped.statement_at(last.place)
        around = any(loop not in {line, stopped.line} and holds(loop, line) and holds(loop, stopped.line) for loop in loops)
        sorts = [kind(record.value).partition(" of ")[0] for record in (before, last)]
        grows = isinstance(before.value, (list, dict))  # a number to which an array is added was a start
        if (
            grows
            and line is not None
            and around
            and line.lineno > stopped.line.lineno
            and before.place.line < last.place.line
            and len({*sorts}) > 1
        ):
            so = f"{stopped.so} at the next turn"
            return Cause(at(last.place), f"gives the name {name} to {kind(last.value)} here, within the loop, and so {so}", _LATER)
    return None
