"""A name that takes one gradient of the step by another's key, and is added where its own belongs: told at the line that takes it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.from_code.observe.experiment import GIVES
from whygrad.from_code.observe.roles import put
from whygrad.from_code.observe.subject import name_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from whygrad.from_code.observe.experiment import Found, Search
    from whygrad.from_code.observe.subject import Record
    from whygrad.sandbox.requests import Value


def of_another_key(search: Search, found: Found) -> Found:
    """From a sum that adds another one's gradient to the line that gave that to a name, if nothing else takes the sum's own."""
    name, steps = found.record.name, search.quantities.tables[0].reply.calls
    source = _taken(search, found) if found.how == "value" and steps and search.subject.function.endswith("backward") else None
    keys = [_key(place.text) for place in search.subject.places if place.kind in GIVES]
    if source is None or name in keys or keys.count(_key(source.place.text)) < 2:  # noqa: PLR2004 - another name takes it too
        return found
    visits = [record for record in search.last if record.place.id == source.place.id]
    gradients: list[Mapping[str, Value]] = [step.value for step in steps]
    rights = [gradient[name] for gradient in gradients if name in gradient]
    if len(visits) != len(rights):
        return found
    belongs = list(zip(visits, rights, strict=True))
    puts = tuple(put(belongs))
    others = tuple(sub for other in search.found if other is not found for sub in other.substitutes)
    if not search.results_right(search.subject.run((*others, *puts))):
        return found
    seen = tuple((record.value, right) for record, right in belongs)
    quantity = next(search.quantities.equal(rights[0], search.tolerance), None)
    return replace(found, record=visits[0], right=rights[0], quantity=quantity, substitutes=puts, visits=seen, reads=(), inputs=True)


def _taken(search: Search, found: Found) -> Record | None:
    """The line that gave its value, under a key, to a name that the line found reads."""
    read = re.findall(r"\w+", found.record.place.text.partition("=")[2])
    before = (record for record in reversed(search.last[: found.record.time]) if record.place.kind in GIVES)
    return next((record for record in before if record.place.target in read and _key(record.place.text) is not None), None)


def _key(text: str) -> str | None:
    """The text in the brackets with which an entry is taken."""
    return name_of(text.rpartition("=")[2]) if text.rstrip().endswith(("']", '"]')) else None
