"""Arrays that are filled in parts, of which a line stores one in another array."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.from_code.observe.arrays import array_of, same

if TYPE_CHECKING:
    from whygrad.from_code.observe.arrays import Array
    from whygrad.from_code.observe.experiment import Search


def join_stored_elsewhere(search: Search) -> None:
    """A line that stores in one array what another one lacks: both are wrong because of it."""
    for found in [one for one in search.found if one.how == "value" and "[" in one.record.place.target]:
        for lacking in [one for one in search.found if one is not found and one.how == "value"]:
            whole, right, part = array_of(lacking.record.value), array_of(lacking.right), array_of(found.record.value)
            if whole is None or right is None or part is None or whole.shape != right.shape or not part.any():
                continue
            at = stands(part, right)
            if at is not None and not whole[at].any():
                cured, both = found.cured | lacking.cured, (*found.substitutes, *lacking.substitutes)
                name = lacking.record.name or lacking.record.place.text
                search.found[search.found.index(found)] = replace(found, how="elsewhere", substitutes=both, cured=cured, names=(name,))
                search.found.remove(lacking)
                return


def stands(part: Array, whole: Array) -> tuple[slice, slice] | None:
    """The rows and columns of a matrix in which a part of it stands; None where it does not."""
    if part.ndim != 2 or part.shape == whole.shape or not part.size:  # noqa: PLR2004 - a matrix
        return None
    rows, columns = part.shape
    for row in range(whole.shape[0] - rows + 1):
        for column in range(whole.shape[1] - columns + 1):
            if same(part, whole[row : row + rows, column : column + columns]):
                return slice(row, row + rows), slice(column, column + columns)
    return None
