"""Where a backward cell can get its weights from other than its cache: from the notebook, or under another name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from whygrad.from_numbers.tables.tables import CheckTables
    from whygrad.mistakes import Edits


def weights_read(tables: CheckTables) -> list[tuple[Edits, dict[str, Any]]]:
    """The single mistakes in the lines that read the weights, likeliest first, each with the weights that the cell then has."""
    singles, right = tables.singles, tables.right
    lines = tables.assignment.functions[tables.cell]
    reads = [number for number, line in enumerate(lines) if " = parameters[" in line]
    array = singles.rows.array
    rows = np.flatnonzero((array[:, 0, 0] == singles.rows.functions.index(tables.cell)) & np.isin(array[:, 0, 1], reads))
    found: dict[bytes, tuple[Edits, dict[str, Any]]] = {}
    for row in rows[np.argsort(singles.costs[rows], kind="stable")]:
        places = [(number, text) for edit in singles.rows[row] for _, number, text in edit.lines]
        if any(number not in reads for number, _ in places):
            continue
        parts = [text.strip().partition(" = ") for _, text in places]
        weights = {name: right.evaluate(text, 0) for name, _, text in parts}
        weights = {name: value for name, value in weights.items() if not np.array_equal(value, right.calls[0][name])}
        if weights:
            key = b"".join(name.encode() + value.tobytes() for name, value in sorted(weights.items()))
            found.setdefault(key, (singles.rows[row], weights))
    return list(found.values())
