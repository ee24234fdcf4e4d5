"""What an assignment's checks print for right functions: the text of ``whygrad expected``, in the course's own style."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from whygrad.assignments import ASSIGNMENTS
from whygrad.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.assignments.assignment import Assignment


def expected_text(assignment: Assignment, check: str | None = None) -> str:
    """The lines that the checks of ``assignment`` print when every function is right, each check under a line with its name.

    The numbers come from running the reference program, not from the course's key, so they are right where a key is wrong.

    Args:
        assignment: The assignment whose reference is run.
        check: One check only, such as ``"lstm_backward"``; all of them where it is None.

    Returns:
        The text, ending with a newline.

    Raises:
        UsageError: The assignment has no check of that name.
    """
    if check is not None and check not in assignment.printed:
        known = [name for own in ASSIGNMENTS.values() for name in own.printed]
        near = get_close_matches(check, known, n=1)
        near = get_close_matches(check, known, n=1)
        raise UsageError(f"there is no check {check!r}; {'the nearest: ' if near else 'the checks are '}{', '.join(near or known)}")
    checks = assignment.printed if check is None else [check]
    return "\n".join("".join(f"{line}\n" for line in _lines(assignment, name)) for name in checks)


def _lines(assignment: Assignment, check: str) -> Iterator[str]:
    printed = assignment.run_check(check)
    yield f"# {check}"
    for quantity, index in assignment.printed[check]:
        array = printed[quantity]
        name = quantity if assignment.vocabulary.roles[check].endswith("forward") else f'gradients["{quantity}"]'
        yield f"{name}{''.join(f'[{i}]' for i in index)} = {array[index]}"
        if not quantity.startswith("cache"):
            yield f"{name}.shape = {array.shape}"
