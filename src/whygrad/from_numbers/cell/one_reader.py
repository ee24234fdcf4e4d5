"""What only one equation reads, because the others that use it are written without it, is that equation's: there the mistake is told.

A search finds a slip in what equations share, and explains most of these again by spellings that do without it. The program is the same
with the slip in the one that is left, and that is the line to look at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.from_numbers.programs.linewise import NAME, names_in
from whygrad.mistakes import Edit

if TYPE_CHECKING:
    from whygrad.assignments.assignment import Assignment
    from whygrad.mistakes import Edits


def at_its_one_reader(assignment: Assignment, edits: Edits) -> Edits:
    """The same program, with each edit of a shared quantity that one equation is left to read written out in that one."""
    for edit in edits:
        others = [other for other in edits if other is not edit and other.function == edit.function and len(other.lines) == 1]
        if not edit.formula or len(edit.lines) > 1 or not others or assignment.vocabulary.kind(edit.quantity) == "gate gradient":
            continue
        edited = {number: text for other in others for _, number, text in other.lines}
        lines = assignment.functions[edit.function]
        before = [number for number, line in enumerate(lines) if edit.quantity in _read_by(line)]
        left = [number for number in before if edit.quantity in _read_by(edited.get(number, lines[number]))]
        if len(left) == 1 and len(before) > 1 and left[0] not in edited:
            whole = inlined(edit, lines[left[0]], left[0])
            return at_its_one_reader(assignment, tuple(whole if one is edit else one for one in edits))
    return edits


def inlined(edit: Edit, line: str, number: int) -> Edit:
    """An edit of a shared quantity made in one of the equations that use it: there its sum is written out."""
    head, _, text = line.strip().partition(" = ")
    whole = NAME.sub(lambda found: f"({edit.formula})" if found[0] == edit.quantity else found[0], text)
    return Edit(edit.operator, edit.function, head, ((edit.function, number, f"    {head} = {whole}"),), edit.slip, edit.detail)


def _read_by(line: str) -> set[str]:
    return set(names_in(line.partition(" = ")[2]))
