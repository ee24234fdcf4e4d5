"""One list under several names: what lines add to each of them is all in one, and does not fit together."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from whygrad.from_code.line_to_blame import Cause
from whygrad.mistakes.words import listed
from whygrad.sandbox.trees import names_in

if TYPE_CHECKING:
    from whygrad.from_code.observe.stopped import Stopped

_APART = ("inhomogeneous", "must have the same shape")
"""What NumPy says of arrays that do not fit together."""
_HINT = "Print the length of this list behind the loop, beside the number of steps. How many lists does this line make?"


def one_list(stopped: Stopped) -> Cause | None:
    """The line that gives several names one list, where its entries have different shapes and lines add to more than one of the names."""
    apart = any(text in stopped.raised.text for text in _APART)
    if not apart or stopped.node is None or stopped.function is None:
        return None
    read = names_in(stopped.node)
    nodes = list(ast.walk(stopped.function))
    adds = {one.value.id for one in nodes if isinstance(one, ast.Attribute) and one.attr == "append" and isinstance(one.value, ast.Name)}
    for line in nodes:
        if not isinstance(line, ast.Assign) or not isinstance(line.value, ast.List):
            continue
        names = [one.id for one in line.targets if isinstance(one, ast.Name)]
        if len(adds.intersection(names)) > 1 and not read.isdisjoint(names):
            where = stopped.at(line)
            says = f"makes one list here that {listed(names)} stand for: what is added to one is added to each, and so"
            return Cause(where, f"{says} {stopped.so}", _HINT)
    return None
