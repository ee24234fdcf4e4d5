"""What should be several arrays is one: which lines change it, and so what is changed under all of its names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from whygrad.from_code.naming.wording import VOCABULARY, Name, Wording
from whygrad.from_code.observe.experiment import GIVES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.sandbox.places import Place

_ADDS = re.compile(r"[^=]*\+=")
_OPERATOR = re.compile(r"[-+*/@%&|^<>]+=")
_SUMS = "each parameter has a sum over the steps of its own"


def one_array(wording: Wording, is_one: str, line: str, names: Sequence[str] = (), two: str = "") -> Name:
    """That it ``is_one``; ``line`` makes it, and ``two`` of its names, or of its entries, may be looked at."""
    changes = list(_changed_in_place(wording, names))
    adds = bool(changes) and all(_ADDS.match(place.text) for place in changes)
    does, every = "added to" if adds else "changed in", "both" if len(names) == 2 else "all"  # noqa: PLR2004 - two names
    says = f"{is_one}: what is {does} one is {does} {every}"
    looped = any(place.loops for place in changes)
    in_place = _written(changes[0]) if changes else "a line that works in place"
    when = "after the loop" if looped else "at the end"
    equal = f"are they equal, {'though different gradients were added' if adds else 'and should they be'}?"
    sums = adds and looped and not {*names} & {*VOCABULARY.carries, *VOCABULARY.carries.values()}
    what = (
        f"An assignment makes no array, it gives one a name, and {in_place} changes the array itself. "
        f"Print {two or ' and '.join(names[:2])} {when}: {equal}"
    )
    asks = _SUMS if sums else wording.words(wording.quantity, says)["mathematics"]
    hints = f"Look at {line} in {wording.function}.", what, f"What the mathematics asks for: {asks}."
    return Name("one-buffer-two-names", wording.quantity, says, hints, exact=False)


def _changed_in_place(wording: Wording, names: Sequence[str]) -> Iterator[Place]:
    """The lines of this function that change what an array of these names holds, or of any name."""
    for place in wording.search.subject.places:
        name, bracket, _ = place.target.partition("[")
        given = name in names and place.kind in GIVES and (bracket or "out=" in place.text)
        handed = place.kind == "argument" and place.target.endswith("(out)") and place.text in names
        added = place.kind == "after" and (not names or name in names)
        if place.function == wording.found.record.place.function and (given or handed or added):
            yield place


def _written(place: Place) -> str:
    """How a line looks that changes an array."""
    if place.kind == "argument" or "out=" in place.text:
        return f"out={place.target if place.kind != 'argument' else place.text}"
    operator = _OPERATOR.search(place.text) if place.kind == "after" else None
    return f"{place.target} {operator[0] if operator else '='} ..."
