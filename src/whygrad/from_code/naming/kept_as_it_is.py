"""A carry that a line of the loop should renew, and that keeps the value that it has; a sum that is added to itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from whygrad.from_code.naming.wording import Wording, short
from whygrad.from_code.observe.arrays import array_of, same

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_code.naming.wording import Name
    from whygrad.from_code.observe.arrays import Array
    from whygrad.sandbox.requests import Value


_READS_ITSELF = (
    "This line reads {name} and nothing else, so what a step adds never comes in. Print at each turn what stands right of the sign, beside "
    "what the cell has just returned: which of that belongs here?"
)
"""The second hint where a sum is added to itself."""


def keeps_its_value(wording: Wording) -> Name | None:
    """A line that gives a name its own value at each turn, where what the cell handed back at that turn belongs."""
    place, puts = wording.found.record.place, wording.found.substitutes
    if "cell" in wording.function or len(puts) < 2 or not wording.search.subject.text.gives_itself(place):  # noqa: PLR2004 - of a sum one is
        return None
    given = [array for call in wording.search.quantities.tables[0].reply.calls for array in arrays_in(call.value)]
    if not all(any(same(put.value, array, wording.tolerance) for array in given) for put in puts):
        return None
    name, value = short(wording.found), array_of(wording.found.record.value)
    says = f"{name} stays as it is here: it gets no part of what the cell hands back"
    if wording.function.endswith("forward"):
        return wording.plain("state-not-carried", says, exact=False)
    zero = value is not None and not value.any()
    return wording.without_carry(wording.plain("carry-missing", says, exact=False), name, "zero" if zero else "old")


def adds_itself(wording: Wording) -> Name | None:
    """A line of the loop such as ``dba += dba``, or ``dba = dba + dba``; or one that adds another sum, ``dbo += dbc``."""
    place = wording.found.record.place
    name = re.escape(place.target)
    line = re.fullmatch(rf"{name}\s*(?:\+=|=\s*{name}\s*\+)\s*({name}|\w+)", place.text.strip())
    if "cell" in wording.function or line is None:
        return None
    if line[1] != place.target:
        says = f"what is added to {place.target} here is {line[1]}, another sum over the steps, and not a step's gradient"
        return wording.plain("accumulator-copied", says, exact=True) if _is_a_sum(wording, line[1]) else None
    plain = wording.plain("left-at-zero", f"{place.target} is added to itself here, and nothing else to it", exact=True)
    return plain.asking(_READS_ITSELF.format(name=place.target))


def _is_a_sum(wording: Wording, name: str) -> bool:
    """Whether a name holds the sum of a parameter's gradients in the end."""
    given = [
        one.value for one in wording.search.last if one.place.loops and one.place.kind in {"assign", "after"} and one.place.target == name
    ]
    results = wording.search.quantities.results
    sums = [whole for result, whole in results.items() if result.startswith(("dW", "db"))]
    return any(same(value, whole, wording.tolerance) for value in given[-1:] for whole in sums)


def arrays_in(value: Value) -> Iterator[Array]:
    """The arrays of what a cell hands back, in a dictionary or side by side."""
    parts = cast("Any", value.values() if isinstance(value, dict) else value if isinstance(value, (tuple, list)) else [value])
    yield from (array for part in parts if (array := array_of(part)) is not None)
