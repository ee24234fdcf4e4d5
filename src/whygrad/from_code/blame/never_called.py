"""A name that holds a function, since a line gives it the function itself and not what a call of it gives: that line is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.from_code.line_to_blame import Cause, at
from whygrad.from_code.observe.experiment import GIVES, chained
from whygrad.sandbox.requests import Odd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_code.observe.experiment import Found
    from whygrad.from_code.observe.subject import Record

_FUNCTIONS = frozenset(("builtin_function_or_method", "method", "function", "type", "ufunc", "_ArrayFunctionDispatcher"))
_HINT = "Print the type of this name just behind this line. What makes Python run a function, and not just take it as it is?"


def never_called(found: Found, records: Sequence[Record]) -> Cause | None:
    """The line that gives the name its function, if it is another one than that at which it is found."""
    record = found.record
    if not isinstance(record.value, Odd) or record.value.type not in _FUNCTIONS or not record.place.text.isidentifier():
        return None
    name = record.place.text
    gave = [one for one in records if one.place.kind in GIVES and name in (chained(one.place) or [one.place.target])]
    last = next((one for one in reversed(gave) if one.time < record.time and one.place.function == record.place.function), None)
    if last is None or not isinstance(last.value, Odd) or last.place.line == record.place.line:
        return None
    says = f"gives {name} a function here, and not what that gives when it is called: the round brackets behind it are missing"
    return Cause(at(last.place), says, _HINT)
