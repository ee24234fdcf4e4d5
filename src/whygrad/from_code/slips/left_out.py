"""What a learner's own helper is given, or makes, and uses nowhere: with it as a term or a factor of what is returned all comes right."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_code.observe.experiment import Found, callee, last_name
from whygrad.from_code.observe.roles import Roles, put
from whygrad.from_code.observe.subject import array_of
from whygrad.sandbox.signatures import parameter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_code.observe.subject import Array, Record


class LeftOut(Roles):
    """Experiments with names that are not used."""

    def _not_used(self) -> Iterator[Found | None]:
        """A helper's result, at all its visits, with what the helper does not use."""
        returned = [record for record in self._now.records if record.place.kind == "return" and array_of(record.value) is not None]
        for place in {record.place.id: record.place for record in returned if record.place.function != self.subject.function}.values():
            names = self._unused(place.function)
            visits = [record for record in returned if record.place.id == place.id]
            for way in ("term", "factor") if names else ():
                belongs = [(record, _joined(way, record, self._held_in(record, names))) for record in visits]
                if any(right is None for _, right in belongs):
                    continue
                found = self._try(visits[0], "unused", put(belongs), belongs[0][1])
                both = tuple((record.value, right) for record, right in belongs)
                yield found and replace(found, inputs=True, names=(way, *names), visits=both)

    def _unused(self, function: str) -> list[str]:
        """The names that a function is given or makes, and that stand nowhere else in it."""
        places = [place for place in self.subject.places if place.function == function]
        made = [place.target for place in places if place.kind in {"assign", "target"} and place.target.isidentifier()]
        texts = [place.computes for place in places if place.text != place.target]
        read = set(re.findall(r"\w+", " ".join(texts)))
        return [name for name in dict.fromkeys((*self.subject.text.signatures.get(function, ()), *made)) if name not in read]

    def _held_in(self, returned: Record, names: list[str]) -> list[Any]:
        """What these names hold when a helper returns: what it made of them, or was called with."""
        held: dict[str, Any] = {}
        function = returned.place.function
        for record in self._now.records[: returned.time]:
            if record.place.function == function and record.place.target in names and record.place.kind in {"assign", "target"}:
                held[record.place.target] = array_of(record.value)
            elif record.place.kind == "argument" and callee(record.place.target) == last_name(function):
                held[parameter(self.subject.text.signatures.get(function, ()), record.place.target)] = array_of(record.value)
        return [held.get(name) for name in names]


def _joined(way: str, returned: Record, held: list[Any]) -> Array | None:
    """A result with more terms, or factors; two matrices that fit are one term, their product. None where the shapes do not fit."""
    value = array_of(returned.value)
    if value is None or any(one is None for one in held):
        return None
    if way == "term" and len(held) == 2 and held[0].ndim == held[1].ndim == 2 and held[0].shape[1] == held[1].shape[0]:  # noqa: PLR2004
        held = [held[0] @ held[1]]
    with np.errstate(all="ignore"):
        try:
            for one in held:
                value = value + one if way == "term" else value * one
        except ValueError:
            return None
    return value
