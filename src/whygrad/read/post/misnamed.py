"""A label of another check among the labels of one: ``da_prev[2][3]`` where only ``da0[2][3]`` is missing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.read.post.groups import Group
from whygrad.read.post.labels import shown

if TYPE_CHECKING:
    from whygrad.read.post.labels import Label, Labels

FEWEST = 3
"""So many labels beside it say which check it is."""
ALIKE = 2
"""So many letters at their beginning have the two names in common."""


def with_right_names(groups: list[Group], text: str, labels: Labels, notes: list[str]) -> list[Group]:
    """The groups, two of them joined where they are one run of one check but for one label, which is the check's own then."""
    kept: list[Group] = []
    for group in groups:
        before = next((other for other in reversed(kept) if other.side == group.side), None)
        if before and _goes_on(text[before.last_start : group.start]) and (found := _misnamed(before, group, labels)):
            check, label, own = found
            kept[kept.index(before)] = _joined(before, group, label, own, labels)
            notes.append(f"{shown(label)} stands among numbers of {check} and was read as {shown(own)}.")
        else:
            kept.append(group)
    return kept


def _goes_on(between: str) -> bool:
    """Whether no line of words alone stands there."""
    return all(not line.strip() or any(map(str.isdigit, line)) for line in between.split("\n"))


def _misnamed(first: Group, second: Group, labels: Labels) -> tuple[str, Label, Label] | None:
    """The check of both, its one label that is another's and stands in the place of a missing one, and what that should be called."""
    together = [*first.entries, *second.entries]
    if len(set(together)) < max(len(together), FEWEST + 1) or first.checks & second.checks:
        return None
    for check in labels.order:
        if check in first.checks | second.checks:
            own = [label for label, checks in labels.checks.items() if check in checks]
            odd = [label for label in together if label[0] not in {quantity for quantity, _ in own}]
            missing = [label for label in own if label not in together]
            named = [label for label in missing if odd and label[1] == odd[0][1] and label[0][:ALIKE] == odd[0][0][:ALIKE]]
            numbers = {**first.entries, **second.entries}
            lines = labels.lines(check)
            order = [lines.index((named[0] if label in odd else label)[0]) for label in together] if named else []
            if len(odd) == len(named) == 1 and order == sorted(order) and len(numbers[odd[0]]) == labels.forms[named[0]].size:
                return check, odd[0], named[0]
    return None


def _joined(first: Group, second: Group, label: Label, own: Label, labels: Labels) -> Group:
    """All of both in one group, the odd label under its right name."""
    group = Group(first.start, first.side, first.checks | second.checks, plainly=first.plainly)
    for its, numbers in (*first.entries.items(), *second.entries.items()):
        renamed = tuple(replace(number, quantity=own[0]) for number in numbers) if its == label else numbers
        group.entries[own if its == label else its] = renamed
        group.checks &= labels.printing(own[0] if its == label else its[0])
    for its, shape in (*first.shapes.items(), *second.shapes.items()):
        group.shapes[own if its == label else its] = replace(shape, quantity=own[0]) if its == label else shape
    group.last_start = second.last_start
    return group
