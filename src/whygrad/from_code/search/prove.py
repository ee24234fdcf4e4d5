"""How sure a finding is. A cure alone is no proof: a right value handed out behind the mistake cures as well. Two facts are asked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

import numpy as np

from whygrad.from_code.observe.arrays import array_of, same
from whygrad.from_code.observe.experiment import HOLDS, STATED, undone
from whygrad.from_code.observe.expression import expression_of
from whygrad.from_code.observe.scope import scope
from whygrad.from_code.slips.in_parts import stands
from whygrad.from_code.text.terms_of import terms_of
from whygrad.sandbox.trees import is_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from whygrad.from_code.naming.name import Name
    from whygrad.from_code.observe.arrays import Array, Observations
    from whygrad.from_code.observe.experiment import Found, Search
    from whygrad.from_code.observe.subject import Record
    from whygrad.sandbox.requests import Value

Proof = Literal["proved", "located", "contract"]
_ENTRY = re.compile(r"\s*(\w+)\[['\"](\w+)['\"]\]\s*")
"""An entry of a dictionary."""
_REPLACED = frozenset(("name-replaced", "gate-swapped"))
"""Mistakes by which one right value stands in the place of another."""
CARRIED = frozenset(("carry-missing", "state-not-carried"))
"""Mistakes by which a call is given its start value again and again."""
_BY_ITSELF = frozenset((
    "activation",  # another one, of what is given to the one that stands here, is just what belongs there
    "elsewhere",  # what is stored here is just what another array lacks
    "written",  # what is held from before this line changes with it, and does not if it is a copy
    "filled",  # what is written here is right, and stands at other rows than in the right array
    "renewed",  # the name has one value at all steps, and with what the step before left, at each of them, these results are right
    "lacking",  # with one other value of a name all lines that read it are right as they are
    "begun",  # with the number beside it at this line, and nothing else changed, all results are right
    "ended",  # the cell is called at other times than there are steps
    "gone",  # what is asked for behind this line stood under this name, and is gone after it
    "branch", "swapped",  # each of them has just what belongs to another of them
))  # fmt: skip
"""The ways of being found whose experiment shows by itself that it is this line."""


def proof(search: Search, found: Found, name: Name, remaining: Observations, records: Sequence[Record]) -> Proof:
    """How sure a finding is: "proved" where all comes right with the right value there, and something else tells too that it is there.

    ``remaining`` and ``records`` are the results and the values of the program in which every other finding is mended.
    """
    if found.how in STATED and not found.substitutes:
        return "contract"
    proved = search.complete and not makes_up_for_more(search, found)
    proved = proved and not may_follow(search, [other for other in search.found if other is not found])
    return "proved" if proved and any(_signs(search, found, name, remaining, records)) else "located"


def reads_right(found: Found) -> bool:
    """Whether everything that the line reads is right."""
    return found.inputs and (found.right is not None or found.how == "raises")


def makes_up_for_more(search: Search, found: Found) -> bool:
    """Whether later lines add to what this one makes, so that the right value put there makes up for what may be wrong in the other terms.

    Not where it is known what a right program has there.
    """
    if found.how != "value" or search.subject.cell != search.subject.function:
        return False
    of_the_same = (later for later in search.last if later.place.target == found.record.place.target)  # not of other entries
    goes_on = any(gives_anew(later, found.record) for later in of_the_same)
    return (goes_on or _is_added(search, found.record)) and not search.quantities.begins_a_sum(found.right, search.tolerance)


def _is_added(search: Search, record: Record) -> bool:
    """Whether a later place of the same function adds what this one makes to something else."""
    name, after = record.place.target, [later.place for later in search.last if later.time > record.time]
    sums = {place.computes for place in after if place.function == record.place.function and name in place.text and place.text != name}
    return any(is_name(term, name) for text in sums for term in terms_of(expression_of(text)))


def gives_anew(later: Record, record: Record) -> bool:
    """Whether a later line of the same function gives the record's name a value."""
    place, other = record.place, later.place
    if other.statement == place.statement or later.time <= record.time or later.phase != record.phase:
        return False
    return other.kind in {"assign", "after"} and later.name == record.name and other.function == place.function


def may_follow(search: Search, others: Sequence[Found]) -> bool:
    """Whether a gate is left out in one of these, as its key shows: then sums over gates lack a term, as no mistake of their own."""
    return any(other.how == "twice" and not other.substitutes and other.right not in search.quantities.results for other in others)


def _signs(search: Search, found: Found, name: Name, remaining: Observations, records: Sequence[Record]) -> Iterator[bool]:
    """What else may tell that it is this line and none before it, and whether it does."""
    yield name.exact or found.how in _BY_ITSELF or reads_right(found)
    yield found.made is not None  # what one step left, or what it was made as, is still there later
    yield found.how == "copy" and (_shared(search, found, remaining) or _changed(records, found.record))
    yield found.how == "argument" and name.id in CARRIED and _never_anew(records, found.record)
    yield name.id in _REPLACED and _another_name_holds_it(search, found)
    yield search.subject.text.gives_itself(found.record.place)


def _another_name_holds_it(search: Search, found: Found) -> bool:
    """Whether a place holds one right quantity where another belongs that has a name there: then nothing before it is wrong.

    So it is with zeros of another shape, an array that is made to be filled. An entry beside the one that is read has a name too.
    """
    if found.how != "value":
        return False
    record, names = found.record, scope(search, found.record)
    value, right = _added(names, found) if record.place.kind == "after" else (array_of(record.value), array_of(found.right))
    if value is None or right is None or (not value.any() and value.shape == right.shape):
        return False
    known = not value.any() or any(quantity.made for quantity in search.quantities.equal(value, search.tolerance))
    return known and any(same(other, right, search.tolerance) for other in (*names.values(), *_parts_beside(names, record)))


def _added(names: Mapping[str, Value], found: Found) -> tuple[Array | None, Array | None]:
    """Of a line such as ``a += b["c"]`` the entry, and what would have to be added."""
    before = next((read.value for read in found.reads if read.place.kind == "before"), None)
    entry = found.record.place.text.partition("=")[2].strip().replace('"', "'")
    return array_of(names.get(entry)), undone(found.record.place, found.right, before)


def _parts_beside(names: Mapping[str, Value], record: Record) -> list[Value]:
    """Where a line takes a part of one entry of a dictionary, the same part of each."""
    text = record.place.text.rpartition("=")[2] if record.place.kind == "assign" else record.place.text
    entry, part = _ENTRY.match(text), array_of(record.value)
    if entry is None or part is None or text[entry.end() :][:1] != "[":
        return []
    whole = array_of(names.get(f"{entry[1]}[{entry[2]!r}]"))
    at = stands(part, whole) if whole is not None and whole.ndim == 2 else None  # noqa: PLR2004 - rows and columns
    if whole is None or at is None:
        return []
    entries = [array_of(value) for name, value in names.items() if name.startswith(f"{entry[1]}[")]
    return [value[at] for value in entries if value is not None and value.shape == whole.shape]


def _never_anew(records: Sequence[Record], argument: Record) -> bool:
    """Whether an argument holds the same numbers at every call."""
    values = [record.value for record in records if record.place.id == argument.place.id]
    return len(values) > 1 and all(same(value, values[0], 0.0) for value in values)


def _shared(search: Search, found: Found, remaining: Observations) -> bool:
    """Whether two results hold the very same numbers without the copy, and do not with it."""
    copied = search.subject.run(tuple(sub for other in search.found for sub in other.substitutes))
    for name in found.cured & copied.keys():
        mine = remaining.get(name)
        if mine is None or not mine.any():
            continue
        for other, theirs in remaining.items():
            alike = other != name and theirs.shape == mine.shape and np.array_equal(theirs, mine)
            if alike and other in copied and not same(copied[other], copied[name], search.tolerance):
                return True
    return False


def _changed(records: Sequence[Record], made: Record) -> bool:
    """Whether what a name holds is read with other numbers later, though nothing was assigned to the name in between."""
    right_side = made.place.text.partition("=")[2].strip() or made.place.text.strip()
    names = {made.place.target.strip(), right_side}
    held: dict[str, Record] = {}
    for record in records:
        place = record.place
        if place.id == made.place.id:
            held[place.target] = record
        elif place.kind in HOLDS and place.target in names:
            held.pop(place.target, None)
        elif place.function == made.place.function and place.kind in {"read", "argument"} and place.text in names:
            before = held.setdefault(place.text, record)
            if before is not record and not same(record.value, before.value, 0.0):
                return True
    return False
