"""Names of a loop that get another value before a line of the same turn asks for this turn's: a cache made too late, a carry lost."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.from_code.observe.arrays import same
from whygrad.from_code.observe.experiment import HOLDS, Search
from whygrad.from_code.observe.subject import Record
from whygrad.from_code.slips.held_before import came_in
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from whygrad.from_code.observe.experiment import Found


def join_renewed_before(search: Search) -> None:
    """Put the findings of one line together whose names held, before another line of the turn, what belongs there."""
    late: dict[int, list[tuple[Found, Record, str]]] = defaultdict(list)
    for found in search.found if search.subject.cell != search.subject.function else ():
        name = found.record.place.computes.strip()
        renewed = _renewed(search, found, name) if found.how == "value" and name.isidentifier() else None
        if renewed is not None:
            late[found.record.place.statement].append((found, renewed, name))
        elif found.how in {"value", "argument"} and (lost := _lost_before(search, found)) is not None:
            search.found = [lost if one is found else one for one in search.found]
    for told in late.values():
        first, renewed, _ = min(told, key=lambda one: one[1].time)
        joined = replace(
            first,
            record=renewed,
            how="gone",
            names=tuple(name for *_, name in told),
            lost=first.record,
            inputs=True,
            substitutes=tuple(sub for found, *_ in told for sub in found.substitutes),
            cured=frozenset[str]().union(*(found.cured for found, *_ in told)),
        )
        gone = [found for found, *_ in told]
        search.found = [joined if one is first else one for one in search.found if one is first or one not in gone]


def _lost_before(search: Search, found: Found) -> Found | None:
    """The line of the turn that gives one name another value, if the line found is right with what the name held before it."""
    others = tuple(sub for one in search.found if one is not found for sub in one.substitutes)
    records = search.subject.traced((*others, *found.substitutes))[1]
    turns = {(sub.place, sub.visit) for sub in found.substitutes}
    users = [one for one in records if (one.place.id, one.visit) in turns]
    for name in {one.place.text: one for one in found.reads if one.place.kind == "read" and one.place.text.isidentifier()}:
        puts, lines = list[Substitute](), set[int]()
        for user in users:
            read = next((one for one in records[user.time :: -1] if _reads_for(one, user) and one.place.text == name), None)
            near = [one for one in records[: user.time] if one.place.function == user.place.function and one.place.target == name]
            made = [one for one in near if one.place.kind in HOLDS]
            if read is None or len(made) < 2 or not made[-1].place.loops or made[-1].visit != user.visit:  # noqa: PLR2004 - before it
                break
            puts.append(Substitute(read.place.id, read.visit, made[-2].value))
            lines.add(made[-1].place.id)
        if len(puts) == len(users) > 1 == len(lines) and search.results_right(search.subject.run((*others, *puts))):
            line = next(one for one in records if one.place.id in lines)
            return replace(found, record=line, how="gone", names=(name,), lost=users[0], inputs=True, substitutes=tuple(puts))
    return None


def _renewed(search: Search, found: Found, name: str) -> Record | None:
    """The line of the turn that gives the name another value than belongs at the finding, at each turn that is mended."""
    records, lines = search.subject.traced()[1], list[Record]()
    rights = {(sub.place, sub.visit): sub.value for sub in found.substitutes}
    for user in (one for one in records if (one.place.id, one.visit) in rights):
        near = [one for one in records[: user.time] if one.place.function == user.place.function and one.place.target == name]
        made = [one for one in near if one.place.kind in HOLDS]
        held = made[-2].value if len(made) > 1 else came_in(search, name)
        in_loop = bool(made) and bool(made[-1].place.loops) and made[-1].visit == user.visit
        if not in_loop or not same(held, rights[user.place.id, user.visit], search.tolerance):
            return None
        lines.append(made[-1])
    return lines[0] if lines and len({line.place.id for line in lines}) == 1 else None


def _reads_for(read: Record, user: Record) -> bool:
    """Whether a line reads something to compute what is put in its place."""
    return read.place.kind == "read" and read.place.statement == user.place.statement
