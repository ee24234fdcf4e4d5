"""Whether a part of a line has to do with all results that are wrong: else no edit within it makes them right.

Another value is put there. A result that stays what it was does not come from it. What a method hands back is not all that comes of what it
is given: it may keep something in its object.
"""

from __future__ import annotations

import ast
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_code.observe import observed
from whygrad.from_code.observe.arrays import EXACT, array_of, same
from whygrad.from_code.text.called_by import functions
from whygrad.from_code.text.memory_edits import writes_into
from whygrad.sandbox.trees import walk

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from whygrad.from_code.observe.edited import Mending
    from whygrad.sandbox.requests import Piece, Reply

_COMPUTED = (ast.BinOp, ast.Call, ast.Name, ast.Subscript, ast.Attribute, ast.UnaryOp)
"""What may be an array."""


class Reach:
    """What was asked of one run's results; each part is tried once."""

    def __init__(self, mending: Mending) -> None:
        self._mending = mending
        self._shown: dict[int, bool | None] = {}

    def may_mend(self, piece: Piece, line: ast.stmt, node: ast.AST) -> bool:
        """Whether an edit of this node of a line can make all right; so can one of what the line stores to, as far as is known."""
        value = line.value if isinstance(line, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Return) else None
        for part in self._tells_all(parts_around(value, node), node) if value is not None else ():
            shows = self._shows(piece, part)
            if shows is not None:
                return shows
        return True

    def _tells_all(self, parts: list[ast.expr], node: ast.AST) -> list[ast.expr]:
        """Those of the parts around a node in which no method that keeps something is given it."""

        def keeps(part: ast.AST) -> bool:
            match part:
                case ast.Call(ast.Name(name) | ast.Attribute(_, name)) if name in self._keeping:
                    return any(inner is node for inner in walk(part))
                case _:
                    return False

        return [part for part in parts if not any(map(keeps, walk(part)))]

    @cached_property
    def _keeping(self) -> frozenset[str]:
        """The names of the functions that give what they were handed, or an object, something to hold."""
        around = [one for _, one in functions(self._mending.pieces, self._mending.function)]
        stores = (one for one in around if any(isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) for node in walk(one)))
        return frozenset(one.name for one in stores)

    def _shows(self, piece: Piece, part: ast.expr) -> bool | None:
        """Whether all that is wrong is something else where this part is; None where that is not known."""
        if id(part) not in self._shown:
            self._shown[id(part)] = self._tried(piece, part) if self._wrong else None
        return self._shown[id(part)]

    def _tried(self, piece: Piece, part: ast.expr) -> bool | None:
        after = with_another_value(self._mending, piece, part)
        if after is None:
            return None
        return all(name not in after or not np.array_equal(array, after[name]) for name, array in self._wrong.items())

    @cached_property
    def _wrong(self) -> dict[str, NDArray[np.generic]]:
        """The results that are wrong numbers, in the right shape; none where an error is raised.

        Of what is in a cache only where nothing else is wrong: where it is of another form, nothing is known of it.
        """
        mending = self._mending
        reply, right = mending.answer(mending.pieces), mending.right
        found = arrays_of(mending, reply) if reply.status == "returned" else {}
        known = {name: array for name, array in found.items() if name in right and array.shape == right[name].shape}
        wrong = {name: array for name, array in known.items() if not same(array, right[name], EXACT) and np.isfinite(array).all()}
        return {name: array for name, array in wrong.items() if not observed.is_cached(name)} or wrong


def parts_around(value: ast.expr, node: ast.AST) -> list[ast.expr]:
    """The parts of a value around a node, itself one or not, the outermost first; none where the value is not all that comes of it."""
    if any(isinstance(part, ast.Call) and writes_into(part) for part in walk(value)):
        return []
    holding = [part for part in walk(value) if isinstance(part, _COMPUTED) and any(inner is node for inner in walk(part))]
    return sorted(holding, key=lambda part: -sum(1 for _ in walk(part)))


def with_another_value(mending: Mending, piece: Piece, part: ast.expr) -> dict[str, NDArray[np.generic]] | None:
    """The results with another value in a part's place, those that are arrays; None where the function does not come to its end so."""
    reply = mending.ran(piece, part, f"(({ast.unparse(part)}) * 1.5 + 0.5)")
    return arrays_of(mending, reply) if reply.status == "returned" else None


def arrays_of(mending: Mending, reply: Reply) -> dict[str, NDArray[np.generic]]:
    """The results of a run that are arrays, by their names."""
    results = observed.in_result(mending.function, reply.value).items()
    arrays = {name: array for name, value in results if (array := array_of(value)) is not None}
    return {name: array for name, array in arrays.items() if not name.endswith(observed.shape(""))}
