"""Numbers of a forward pass that stand in the text: nobody looks at them, so no forward function is called right above them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.assignments.assignment import Assignment

_ENTRY = re.compile(r"\W*([a-z]\w*)\s?\[\d+\]")


def forward_functions(assignment: Assignment) -> list[str]:
    """The functions of an assignment that compute forwards."""
    return [function for function, role in assignment.vocabulary.roles.items() if role.endswith("forward")]


def said_of_a_forward_pass(assignment: Assignment, unread: Sequence[str]) -> list[str]:
    """Where an entry of what a forward function returns is among the lines that were left out: one sentence, else none."""
    last = (assignment.functions[function][-1] for function in forward_functions(assignment))
    returned = {name for line in last for name in re.findall(r"\w+", line)[1:]}
    names = (found[1] for line in unread if (found := _ENTRY.match(line)))
    name = next((name for name in names if name in returned), None)
    return [] if name is None else [f"numbers of a forward pass ({name}) are not looked at, so no forward function is called right"]
