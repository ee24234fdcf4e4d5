"""Names of a loop that get another value before a line of the same turn asks for this turn's: a cache made too late, a carry lost."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.from_code.observe.subject import Record, same
from whygrad.from_code.slips.held_before import HOLDS, HeldBefore
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from whygrad.from_code.observe.experiment import Found


class RenewedBefore(HeldBefore):
    """What is asked for too late, told at the line that gives the name its next value."""

    def _join_renewed_before(self) -> None:
        """Put the findings of one line together whose names held, before another line of the turn, what belongs there."""
        late: dict[int, list[tuple[Found, Record, str]]] = defaultdict(list)
        for found in self.found if self.subject.cell != self.subject.function else ():
            name = found.record.place.computes.strip()
            renewed = self._renewed(found, name) if found.how == "value" and name.isidentifier() else None
            if renewed is not None:
                late[found.record.place.statement].append((found, renewed, name))
            elif found.how in {"value", "argument"} and (lost := self._lost_before(found)) is not None:
                self.found = [lost if one is found else one for one in self.found]
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
            self.found = [joined if one is first else one for one in self.found if one is first or one not in gone]

    def _lost_before(self, found: Found) -> Found | None:
        """The line of the turn that gives one name another value, if the line found is right with what the name held before it."""
        others = tuple(sub for one in self.found if one is not found for sub in one.substitutes)
        records = self.subject.traced((*others, *found.substitutes))[1]
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
            if len(puts) == len(users) > 1 == len(lines) and self.results_right(self.subject.run((*others, *puts))):
                line = next(one for one in records if one.place.id in lines)
                return replace(found, record=line, how="gone", names=(name,), lost=users[0], inputs=True, substitutes=tuple(puts))
        return None

    def _renewed(self, found: Found, name: str) -> Record | None:
        """The line of the turn that gives the name another value than belongs at the finding, at each turn that is mended."""
        records, lines = self.subject.traced()[1], list[Record]()
        rights = {(sub.place, sub.visit): sub.value for sub in found.substitutes}
        for user in (one for one in records if (one.place.id, one.visit) in rights):
            near = [one for one in records[: user.time] if one.place.function == user.place.function and one.place.target == name]
            made = [one for one in near if one.place.kind in HOLDS]
            held = made[-2].value if len(made) > 1 else self._came_in(name)
            in_loop = bool(made) and bool(made[-1].place.loops) and made[-1].visit == user.visit
            if not in_loop or not same(held, rights[user.place.id, user.visit], self.tolerance):
                return None
            lines.append(made[-1])
        return lines[0] if lines and len({line.place.id for line in lines}) == 1 else None


def _reads_for(read: Record, user: Record) -> bool:
    """Whether a line reads something to compute what is put in its place."""
    return read.place.kind == "read" and read.place.statement == user.place.statement
