"""A state is stored at the wrong place, or handed on in a wrong order.

The stored states are what later code reads.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site


def edits(site: Site) -> Iterator[Edit]:
    """Two names of the cache exchanged where it is written or read; one name written for another."""
    if site.role not in {"cell forward", "cell backward"} or not (site.text.endswith(" = cache") or site.text.startswith("cache = (")):
        return
    names = re.findall(r"\w+", site.text.replace("cache", ""))[:-1]
    word = site.assignment.vocabulary.word
    for place, name in enumerate(names):
        for other in names[place + 1 :]:
            swapped = re.sub(r"\w+", lambda found, name=name, other=other: {name: other, other: name}.get(found[0], found[0]), site.text)
            yield site.edit(
                swapped, "state-stored-wrong", detail=f"exchanged with {word(other)}", quantity=name, slip=f"{name} <-> {other}"
            )
        if site.text.startswith("cache = "):
            for other in names:
                if other != name:
                    parts = list(names)
                    parts[place] = other
                    yield site.edit(
                        f"cache = ({', '.join(parts)}, parameters)",
                        "state-stored-wrong",
                        detail=word(other),
                        quantity=name,
                        slip=f"{name} = {other}",
                    )


OPERATOR = Operator(
    id="state-stored-wrong",
    title="A wrong value goes into the cache",
    about=__doc__ or "",
    says="in the cache, {quantity} is {detail}.",
    hint="Compare the order of the names in the cache with the order in which they are read. Here {quantity} is {detail}.",
    examples=(
        Example(
            "lstm_cell_backward",
            ("a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache"),
            ("a_next, c_next, c_prev, a_prev, ft, it, cct, ot, xt, parameters = cache"),
        ),
    ),
    edits=edits,
)
