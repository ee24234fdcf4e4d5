"""A name that held what is asked for, and no longer does: a line between gave it another value, or changed it in place."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_code.observe.dataflow import Dataflow
from whygrad.from_code.observe.experiment import READS
from whygrad.from_code.observe.subject import same
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from whygrad.from_code.observe.experiment import Found
    from whygrad.from_code.observe.subject import Record
    from whygrad.sandbox.requests import Value


HOLDS = frozenset(("assign", "target", "after"))
"""Kinds of places behind which a name holds something else."""


class HeldBefore(Dataflow):
    """The line after which a name holds something else, which that line needs itself; in a loop it may be the next turn: of cells alone."""

    def _gone(self, found: Found) -> Found | None:
        """Where the name alone stands at the place found: what it held before, as it came in or as it was made, belongs there."""
        here = found.how == "value" and found.record.place.function == self.subject.function
        return self._changed_by(found, found.record.place.text, found.record, found.right) if here else None

    def _gone_before(self, found: Found) -> Found | None:
        """Where a line reads the name: with what it held before the line is right as it is."""
        reads = [read for read in self._reads(found.record) if read.place.kind in READS] if self._in_cell(found) else []
        for text in dict.fromkeys(read.place.text for read in reads):
            mine, name = [read for read in reads if read.place.text == text], text.removesuffix(".T")
            for held in (*(earlier.value for earlier in self._made(name, mine[0])[-2::-1]), self._came_in(name)):
                value = held if name == text or held is None else np.transpose(held)
                if held is None or same(value, mine[0].value):
                    continue
                tried = self._try(found.record, "value", [Substitute(read.place.id, read.visit, value) for read in mine], value)
                if tried is not None and tried.cured >= found.cured:
                    return self._changed_by(tried, name, mine[0], held)
        return None

    def _in_cell(self, found: Found) -> bool:
        here = found.record.place.function == self.subject.function == self.subject.cell
        return here and found.how == "value" and not found.record.visit

    def _changed_by(self, found: Found, name: str, user: Record, right: Value) -> Found | None:
        """The line that changed what the name held, if with the old value there less comes right: then the line is not wrong itself."""
        made = self._made(name, user)
        held = [same(value, right) for value in (self._came_in(name), *(record.value for record in made))]
        if True not in held or held[-1]:
            return None
        last = made[max(at for at, right_then in enumerate(held) if right_then)]
        if held[0] and user is found.record:
            return replace(found, record=last, how="gone", names=(name,), inputs=True)
        if not self._in_cell(found):
            return None
        alone = self._try(last, "value", [Substitute(last.place.id, last.visit, right)], right)
        if alone is not None and alone.cured >= found.cured:
            return None
        return replace(found, record=last, how="gone", names=(name,), inputs=True, lost=user)

    def _made(self, name: str, user: Record) -> list[Record]:
        """Where the name is given a value before; none where that is so several times, in a loop."""
        here = (r for r in self._now.records[: user.time] if r.place.function == self.subject.function and r.place.target == name)
        made = [record for record in here if record.place.kind in HOLDS]
        return [] if any(record.visit for record in made) else made

    def _came_in(self, name: str) -> Value:
        """What an argument of this name was given; None where there is none."""
        signature = self.subject.text.signatures.get(self.subject.function, ())
        return dict(zip(signature, self.subject.arguments, strict=False)).get(name)
