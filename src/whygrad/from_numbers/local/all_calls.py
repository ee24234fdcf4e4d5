"""What an expression gives in every call of a cell at once: the calls are side by side, as programs are elsewhere."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_numbers.numbers.arrays import is_array
from whygrad.from_numbers.side_by_side.stack import MATRIX, Stack, entry_of, evaluated, stacked_space

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_numbers.numbers.arrays import Floats
    from whygrad.from_numbers.programs.edited import Record
    from whygrad.from_numbers.programs.linewise import Environment

_METHOD = re.compile(r"(?<!\bnp)\.(?!T\b|shape\b)[a-z]|\blen\(")
"""What would take the calls for rows: methods of arrays know nothing of the axis in front."""


class AllCalls:
    """The variables of a run's calls: matrices below each other, and what is the same in all of them as it is."""

    def __init__(self, record: Record) -> None:
        self.record = record

    def entries(self, text: str, indexes: Sequence[tuple[int, ...]], shape: tuple[int, ...] | None) -> Floats | None:
        """These entries of the expression's matrix in every call, shaped (calls, entries).

        None where they cannot be computed for all calls at once, or are no matrices of this ``shape``, if there is one.
        """
        value = None if _METHOD.search(text) else evaluated(text, self._space, self._values)
        matrices: Any = np.asarray(value)
        if not isinstance(value, Stack) or matrices.ndim != MATRIX or (shape is not None and matrices.shape[1:] != shape):
            return None
        if matrices.shape[-1] > 1 and any(len(index) == 1 for index in indexes):
            return None
        found = [entry_of(value, index) for index in indexes]
        return np.stack(found, axis=1) if all(map(is_array, found)) else None

    @cached_property
    def _space(self) -> Environment:
        return stacked_space(self.record.space)

    @cached_property
    def _values(self) -> Environment:
        first, *others = self.record.calls
        found: Environment = {}
        for name, value in first.items():
            rest = [call.get(name) for call in others]
            if all(other is value for other in rest):
                found[name] = value
            elif is_array(value) and value.ndim == MATRIX - 1 and all(is_array(other) and other.shape == value.shape for other in rest):
                found[name] = np.array([value, *rest]).view(Stack)
            elif isinstance(value, int) and all(other == value for other in rest):
                found[name] = value
        return found
