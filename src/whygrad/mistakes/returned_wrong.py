"""A wrong name in the returned dictionary.

Each quantity is computed rightly, and then another one is handed out under its key.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from whygrad.mistakes.operator import Example, Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.mistakes.operator import Edit, Site


def edits(site: Site) -> Iterator[Edit]:
    """Each entry replaced by the name of each other entry; for the states also what came in."""
    if not site.text.startswith("gradients = {"):
        return
    keys = re.findall(r"'(\w+)': ", site.text)
    more = [name for name in ("da_next", "dc_next") if name in site.lines[0]]
    for key in keys:
        for other in [*keys, *more]:
            if other != key:
                text = re.sub(rf"'{key}': \w+", f"'{key}': {other}", site.text)
                yield site.edit(text, "returned-wrong", detail=other, quantity=key, slip=f"{key}: {other}")


OPERATOR = Operator(
    id="returned-wrong",
    title="A wrong name is returned",
    about=__doc__ or "",
    says="the entry {quantity} of the result holds {detail}.",
    hint="Compare the keys and the values of the dictionary that {function} returns: under {quantity} stands {detail}.",
    examples=(
        Example(
            "lstm_cell_backward",
            (
                "gradients = {'dxt': dxt, 'da_prev': da_prev, 'dc_prev': dc_prev, 'dWf': dWf, 'dbf': dbf, 'dWi': dWi, 'dbi': dbi, 'dWc': "
                "dWc,"
                " 'dbc': dbc, 'dWo': dWo, 'dbo': dbo}"
            ),
            (
                "gradients = {'dxt': dxt, 'da_prev': da_prev, 'dc_prev': dc_prev, 'dWf': dWf, 'dbf': dbf, 'dWi': dWi, 'dbi': dbi, 'dWc': "
                "dWc,"
                " 'dbc': dbc, 'dWo': dWo, 'dbo': dbc}"
            ),
        ),
    ),
    edits=edits,
)
