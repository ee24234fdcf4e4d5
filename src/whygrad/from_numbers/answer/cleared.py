"""Which functions can be called right: no explanation blames them, and none of their own mistakes would print the same."""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_numbers.answer.through_the_cache import of_the_cache_alone, storable
from whygrad.from_numbers.candidates.grouped import count_of
from whygrad.from_numbers.numbers.arrays import entry, is_array
from whygrad.from_numbers.numbers.printed import ROUNDING
from whygrad.from_numbers.programs.edited import Program, edited_lines
from whygrad.from_numbers.programs.linewise import names_in
from whygrad.from_numbers.programs.wanted import places_of
from whygrad.mistakes import Edit, Edits, Site

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.assignments.assignment import Assignment
    from whygrad.from_numbers.candidates.families import Family
    from whygrad.from_numbers.numbers.printed import Target
    from whygrad.from_numbers.programs.edited import Record
    from whygrad.from_numbers.tables.tables import CheckTables, Tables

OF_A_CELL = {"state-stored-wrong"}
"""What the forward cell stores wrongly the backward cell can take out wrongly."""
OF_A_FIELD = {"name-replaced", "wrong-activation-derivative", "recomputed-wrongly"}
"""What the backward cell takes for a value of the cache the forward cell can have stored, if no other line reads that."""
OF_A_LOOP = {"cache-of-wrong-step"}
"""What the backward loop takes from the wrong place the forward loop can have put there."""
OF_NAMES = {"accumulator-copied", "left-at-zero", "accumulates-itself"}
"""What goes wrong where one gradient is taken for another, or none."""
OF_A_CARRY = {"carry-added-up"}
"""What the loop adds to a carry the cell can have added to what it hands back."""
OF_A_STATE = {"updated-in-place"}
"""What the cell does to the memory of a state the loop can do to it."""
HANDED_ON = {"da_prev", "dc_prev"}
"""What the loop carries from one call of the cell to the next."""
_DRAW = re.compile(r"np\.random\.\w+\(.*?\)|stale\(.*?\)")


def cleared(tables: Tables, families: list[Family], verdict: str) -> tuple[str, ...]:
    """The functions in which no shortest explanation has a mistake, nor could have the same one."""
    assignment = tables.assignment
    innocent: set[str] = set()
    guilty: set[str] = set()
    for family in families:
        checks = [target.block.check for target in family.targets]
        edits, _, _ = family.best
        if verdict in {"explained", "right"}:
            explanations = [edits, *(other for other, _, _ in family.also_full)]
            most = max(min(map(count_of, explanations)), count_of(edits))
            of_a_check = any(edit.function not in assignment.vocabulary.roles for edit in edits)
            for one in explanations:
                # what the check does as one mistake takes two in the functions
                if of_a_check or count_of(one) <= most or one in family.as_printed:
                    guilty |= {edit.function for edit in one}
                    guilty.update(_accomplices(assignment, checks, one))
                    if of_a_check and not _draws_otherwise(assignment, one):
                        guilty.update(name for check in checks for name in assignment.chain(check))
                    if storable(assignment, family.targets, one):
                        guilty.update(_in_roles(assignment, checks, {"cell forward"}))
            for target in family.targets:
                check, roles = target.block.check, assignment.vocabulary.roles
                if roles[check].endswith("forward"):
                    continue  # what it keeps for the backward pass is hardly printed
                seen = not unseen(assignment, target)
                innocent |= {name for name in assignment.chain(check) if seen or _tested(tables.of(check), target, name)}
                if edits and seen and check not in guilty and _of_what_is_carried(assignment, checks, check, edits):
                    guilty.add(check)
            guilty.update(name for name in innocent - guilty if edits and _hidden(tables, family, name))
        else:
            guilty |= {edit.function for edit in edits} if verdict == "partly" else set()
            backward = (check.endswith("backward") for check in map(assignment.vocabulary.roles.__getitem__, checks))
            innocent |= {check for check, hits, its in zip(checks, family.right, backward, strict=True) if hits.all() and its}
    return tuple(name for name in assignment.vocabulary.roles if name in innocent - guilty)


def _draws_otherwise(assignment: Assignment, edits: Edits) -> bool:
    """Whether a check with these edits has arrays that the original does not draw: then no function can print the same.

    What is merely handed over in another place, or made of ones, a function can take so by itself.
    """
    for function, lines in (edited_lines(assignment, edits) or {}).items():
        own, original = (_DRAW.findall("\n".join(some)) for some in (lines, assignment.functions[function]))
        if original[: len(own)] != own:
            return True
    return False


def _of_what_is_carried(assignment: Assignment, checks: Sequence[str], check: str, edits: Edits) -> bool:
    """Whether the cell's mistakes leave all that it returns at the last step as it is, to which nothing is handed.

    Then they are in what is done to the carries, which the loop can have spoilt before the call. The cell's own check would tell.
    """
    own = [edit for edit in edits if assignment.vocabulary.roles.get(edit.function) == "cell backward"]
    if not own or own[0].function in checks:
        return False
    spoilt, rest = (Program(assignment, some).record(check) for some in (edits, tuple(edit for edit in edits if edit not in own)))
    if spoilt is None or rest is None or not (spoilt.calls and rest.calls):
        return False
    one, other = (record.calls[0]["gradients"] for record in (spoilt, rest))
    return one.keys() == other.keys() and all(np.array_equal(value, other[name]) for name, value in one.items())


def _hidden(tables: Tables, family: Family, function: str) -> bool:
    """Whether the first explanation keeps something in a function from showing that shows in a right run: then it may as well be wrong.

    So does a zero with what it is multiplied by. And where two values of the cache become one, a cell may take or store either.
    """
    edits, _, _ = family.best
    checks = [target.block.check for target in family.targets if function in tables.assignment.chain(target.block.check)]
    if tables.assignment.vocabulary.roles[function].startswith("cell") and any(
        _equal_in_the_cache(tables.of(check).record(edits)) - _equal_in_the_cache(tables.of(check).right) for check in checks
    ):
        return True
    taken = places_of(edits)
    lines = [(number, line) for number, line in enumerate(tables.assignment.functions[function]) if (function, number) not in taken]
    sites = [
        site
        for number, line in lines
        if (site := Site(tables.assignment, function, number, line)).target in tables.assignment.vocabulary.words
    ]
    probes = [site.edit(f"{site.text.partition(' = ')[0]} = 1.5 * ({site.right})", "") for site in sites]
    return any(not _shows(tables, family, edits, probe) and _shows(tables, family, (), probe) for probe in probes)


def _shows(tables: Tables, family: Family, edits: Edits, more: Edit) -> bool:
    """Whether one more edit changes a printed number of a program."""
    for target in family.targets:
        one, other = (tables.of(target.block.check).run(some) for some in (edits, (*edits, more)))
        if one is None or other is None or not np.array_equal(target.values(one), target.values(other), equal_nan=True):
            return True
    return False


def _equal_in_the_cache(record: Record | None) -> set[tuple[int, int]]:
    """The places of the cache that hold equal arrays in every call of the backward cell."""
    caches = [call["cache"] for call in record.calls] if record else []
    pairs = combinations(range(min(map(len, caches), default=0)), 2)
    return {(at, to) for at, to in pairs if all(is_array(own[at]) and np.array_equal(own[at], own[to]) for own in caches)}


def unseen(assignment: Assignment, target: Target) -> list[str]:
    """The gradients of a check of which nothing was printed."""
    printed = set(target.names)
    return [name for name, _ in assignment.printed[target.block.check] if name not in printed]


def _tested(check: CheckTables, target: Target, function: str) -> bool:
    """Whether a function comes before the backward ones, and no single mistake of it shows in nothing but what was not printed."""
    if check.assignment.vocabulary.roles[function].endswith("backward"):
        return False
    singles, printed = check.singles, set(target.names)
    shown = np.array([name in printed for name, _ in singles.entries])
    right = np.array([entry(check.right.gradients, name, index) for name, index in singles.entries])
    same = np.isclose(singles.numbers[singles.rows.within([function])], right, ROUNDING, ROUNDING)
    return not (same[:, shown].all(axis=1) & ~same[:, ~shown].all(axis=1)).any()


def _accomplices(assignment: Assignment, checks: list[str], edits: Edits) -> Iterator[str]:
    """The functions in which the same could have gone wrong, as far as these checks tell."""
    vocabulary = assignment.vocabulary
    of_the_loop = all(vocabulary.roles[check] == "backward" for check in checks)
    for edit in edits:
        role = vocabulary.roles.get(edit.function, "")
        shared = {"cell forward", "cell backward"} if edit.operator in OF_A_CELL else set[str]()
        if not OF_A_FIELD.isdisjoint(edit.operator.split(" + ")) and role == "cell backward" and _reads_alone(assignment, edit):
            shared.add("cell forward")
        if role == "cell backward" and _takes_otherwise(assignment, edit.function, edits):
            shared.add("cell forward")
        shared |= {"forward", "backward"} if edit.operator in OF_A_LOOP else set()
        if handed_out(assignment, checks, edit):
            shared.add("backward")  # the loop, which adds it up or hands it on, could have spoilt it: the cell's own numbers do not say
        spoilt = edit.operator in OF_A_CARRY or _is_not_shown(assignment, edit)
        if role == "backward" and spoilt and of_the_loop:
            shared.add("cell backward")  # which could hand it out wrongly
        if of_the_loop and (edit.operator in OF_NAMES or scaled(assignment, edits, edit)):
            shared.add("cell backward")  # which could hand gradients out under each other's names, or so much larger
        if role == "cell forward" and (edit.quantity == "a_next" or edit.operator in OF_A_STATE):
            shared.add("forward")  # which could change the state after the call
        if role == "cell forward" and all(vocabulary.roles[check] == "cell backward" for check in checks):
            shared.add("cell backward")  # which could compute the same again instead of taking it out of the cache
        if role == "cell forward" and edit.operator not in OF_A_LOOP and of_the_cache_alone(assignment, checks[-1], edit):
            shared.add("cell backward")  # which could do it to what it takes out of the cache
        yield from _in_roles(assignment, checks, shared)


def _in_roles(assignment: Assignment, checks: Sequence[str], roles: set[str]) -> Iterator[str]:
    """The functions in these roles that the checks run."""
    return (name for check in checks for name in assignment.chain(check) if assignment.vocabulary.roles[name] in roles)


def handed_out(assignment: Assignment, checks: Sequence[str], edit: Edit) -> bool:
    """Whether an edit is of a gradient that a backward cell hands to its loop, where the cell's own numbers were not printed."""
    vocabulary = assignment.vocabulary
    handed = vocabulary.at_parameter(edit.quantity) or edit.quantity in HANDED_ON
    return vocabulary.roles.get(edit.function) == "cell backward" and handed and edit.function not in checks


def scaled(assignment: Assignment, edits: Edits, edit: Edit) -> bool:
    """Whether a mistake of a loop does no more to a parameter's gradient than multiply it."""
    if assignment.vocabulary.roles.get(edit.function) != "backward" or not assignment.vocabulary.at_parameter(edit.quantity):
        return False
    rest = tuple(other for other in edits if other != edit)
    one, other = ((Program(assignment, some).run(edit.function) or {}).get(edit.quantity) for some in (edits, rest))
    if not is_array(one) or not is_array(other) or one.shape != other.shape:
        return False
    return np.allclose(one, one.flat[0] / other.flat[0] * other, ROUNDING, ROUNDING)


def _is_not_shown(assignment: Assignment, edit: Edit) -> bool:
    """Whether a mistake of a loop is in a carry that it takes from the cell for nothing else."""
    carried = assignment.vocabulary.carries.get(edit.quantity)
    return carried is not None and sum(f"gradients['{carried}']" in line for line in assignment.functions[edit.function]) == 1


def _takes_otherwise(assignment: Assignment, function: str, edits: Edits) -> bool:
    """Whether in every line of a backward cell that reads some value of the cache these edits put one and the same other thing for it."""
    lines = assignment.functions[function]
    first = next(number for number, line in enumerate(lines) if line.strip().endswith(" = cache"))
    new = {number: text for edit in edits for name, number, text in edit.lines if name == function}
    for name in names_in(lines[first].partition(", parameters")[0]):
        readers = [number for number, line in enumerate(lines) if number != first and name in names_in(line)]
        if readers and new.keys() >= set(readers):
            others = {_put_for(name, lines[number], new[number]) for number in readers}
            if len(others) == 1 and None not in others:
                return True
    return False


def _put_for(name: str, old: str, new: str) -> str | None:
    """What stands in a line throughout where ``name`` stood; None if more has changed."""
    before, *others = (re.escape(part) for part in re.split(rf"(?<![\w.]){name}(?!\w)", "".join(old.split(" "))))
    pattern = before + "(.+)" + r"\1".join(others)
    found = re.fullmatch(pattern, "".join(new.split(" ")))
    return found and found[1]


def _reads_alone(assignment: Assignment, edit: Edit) -> bool:
    """Whether an edited line of a backward cell has lost a value of the cache that no other line reads."""
    lines = assignment.functions[edit.function]
    first = next(number for number, line in enumerate(lines) if line.strip().endswith(" = cache"))
    new = {number: text for _, number, text in edit.lines}
    lost = {name for number in new for name in names_in(lines[number])} - {name for text in new.values() for name in names_in(text)}
    others = {name for number, line in enumerate(lines) if number not in {*new, first} for name in names_in(line)}
    return not lost.isdisjoint(set(names_in(lines[first])) - others)
