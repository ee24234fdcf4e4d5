"""Which parts of a forward function's lines only wrong gradients come from, and no output: what it keeps there may be wrong.

Another value is put there, and both are run, the forward function by itself and the backward function on what it keeps.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_code.observe import observed
from whygrad.from_code.observe.arrays import EXACT, array_of, same
from whygrad.from_code.observe.edited import edited
from whygrad.from_code.search.reaches import parts_around
from whygrad.from_code.text.kept_edits import parts_exchanged
from whygrad.sandbox.trees import walk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from whygrad.from_code.observe.edited import Mending
    from whygrad.from_code.text.small_edits import Edit
    from whygrad.sandbox.requests import Piece, Reply


class OnlyKept:
    """What was asked of one forward function and the backward function that reads its cache; each part is tried once."""

    def __init__(self, alone: Mending, joined: Mending) -> None:
        self._alone, self._joined = alone, joined
        self._outputs = self._arrays(alone, alone.answer(alone.pieces))
        self._gradients = self._arrays(joined, joined.answer(joined.pieces))
        self._shown: dict[int, bool | None] = {}

    def may_mend(self, piece: Piece, line: ast.stmt, edit: Edit) -> bool:
        """Whether an edit can mend a gradient and leave all that is right; where no number can stand no factor is missing."""
        value: ast.expr | None = getattr(line, "value", None)
        inside = value is not None and any(node is edit.node for node in walk(value))
        for part in parts_around(value, edit.node if inside else value) if value is not None else ():
            shown = self._shows(piece, part)
            if shown is not None:
                return shown
        exchanged = parts_exchanged(edit.node, edit.text)
        return value is not None and edit.id != "factor-dropped" and all(self._shows(piece, part) is not False for part in exchanged)

    def _shows(self, piece: Piece, part: ast.expr) -> bool | None:
        """Whether with another value here no output is another, and of the gradients some that are wrong; None where nothing is known."""
        if id(part) not in self._shown:
            self._shown[id(part)] = self._tried(piece, part)
        return self._shown[id(part)]

    def _tried(self, piece: Piece, part: ast.expr) -> bool | None:
        program = edited(self._alone.pieces, piece, part, f"(({ast.unparse(part)}) * 1.5 + 0.5)").pieces
        reply = self._alone.answer(program)
        if reply.status != "returned":
            return None
        if _others(self._outputs, self._arrays(self._alone, reply)):
            return False
        reply = self._joined.answer(program)
        if reply.status != "returned":
            return None
        changed = _others(self._gradients, self._arrays(self._joined, reply))
        right = self._joined.right
        return bool(changed) and not any(name in right and same(self._gradients[name], right[name], EXACT) for name in changed)

    def _arrays(self, mending: Mending, reply: Reply) -> dict[str, NDArray[np.generic]]:
        results = observed.in_result(mending.function, reply.value).items() if reply.status == "returned" else ()
        arrays = {name: array for name, value in results if (array := array_of(value)) is not None}
        return {name: array for name, array in arrays.items() if not (observed.is_cached(name) or name.endswith(observed.shape("")))}


def _others(before: Mapping[str, NDArray[np.generic]], after: Mapping[str, NDArray[np.generic]]) -> list[str]:
    """The names of what is something else than before, or no longer there."""
    return [name for name, array in before.items() if name not in after or not np.array_equal(array, after[name])]
