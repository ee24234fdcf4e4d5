"""Several outputs of one check in one text, before and after a change: which mistakes are in which."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from whygrad.from_numbers.answer.telling import mistakes_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.assignments.assignment import Assignment
    from whygrad.from_numbers.candidates.families import Family
    from whygrad.records import Block

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")


class _Output(NamedTuple):
    """One output of a check: the family in which it was explained, and whether its own numbers are all ``right``."""

    family: Family
    right: bool


def said_of_runs(assignment: Assignment, families: Sequence[Family], blocks: Sequence[Block]) -> list[str]:
    """A sentence for each check of which there are several outputs: what was found in each of them. Empty where there is one of each.

    They are told in the order of the text, which is that of its ``blocks``, and not in that in which they were explained.
    """
    outputs: dict[str, list[_Output]] = {}
    of_block = {
        id(target.block): _Output(family, bool(right.all()))
        for family in families
        for target, right in zip(family.targets, family.right, strict=True)
    }
    for block in blocks:
        outputs.setdefault(block.check, []).append(of_block[id(block)])
    return [
        f"the text holds {len(own)} outputs of {check}: {'; '.join(_said(assignment, *pair) for pair in zip(_ORDINALS, own, strict=False))}"
        f"{_which_counts(own)}"
        for check, own in outputs.items()
        if len(own) > 1
    ]


def said_of_versions(assignment: Assignment, families: Sequence[Family]) -> list[str]:
    """A sentence for each pair of checks that share functions and of which outputs had to be explained each by itself."""
    outputs = [(target.block.check, family) for family in families for target in family.targets]
    order = list(dict.fromkeys(check for check, _ in outputs))
    apart = {
        tuple(sorted((one, other), key=order.index))
        for (one, first), (other, second) in combinations(outputs, 2)
        if first is not second and one != other and set(assignment.chain(one)) & set(assignment.chain(other))
    }
    right = {check for check, family in outputs if not family.best[0] and all(hits.all() for hits in family.best[1])}
    return [
        f"no one program prints the numbers of {one} and those of {other}: {_apart(one, other, right)}"
        for one, other in combinations(order, 2)
        if (one, other) in apart
    ]


def _apart(one: str, other: str, right: set[str]) -> str:
    """What is said of two checks whose outputs had to be explained each by itself."""
    fine = next((check for check in (one, other) if check in right), None)
    if fine is None:
        return "each was explained by itself; was a function changed in between?"
    return f"those of {fine} are right, and the mistake is in the others; was a function changed in between, or its cell not run again?"


def _said(assignment: Assignment, ordinal: str, output: _Output) -> str:
    edits, hits, _ = output.family.best
    if output.right:
        return f"the {ordinal} is right"
    if not all(own.all() for own in hits):
        return f"the {ordinal} is not explained"
    places = [f"{one.function or 'the check'} at {one.quantity}" for one in mistakes_of(assignment, edits, None)]
    return f"in the {ordinal} it is {' and '.join(dict.fromkeys(places))}"


def _which_counts(own: Sequence[_Output]) -> str:
    """Where words say which output is the present one: that the rest of the answer is about it."""
    present = [ordinal for ordinal, output in zip(_ORDINALS, own, strict=False) if not output.family.earlier]
    return f"; all else here is about the {present[0]}" if len(present) == 1 else ""
