"""A function that ends with an error since something was made wrongly at a line before the one that raises."""

from __future__ import annotations

import ast
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_code.dataflow import Dataflow
from whygrad.from_code.experiment import buffer
from whygrad.from_code.expression import broadcast
from whygrad.from_code.stopped import Stopped, operands
from whygrad.from_code.subject import array_of, same, shape_of
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from whygrad.from_code.experiment import Found
    from whygrad.from_code.quantities import Quantity
    from whygrad.from_code.subject import Array, Record
    from whygrad.sandbox.requests import Value

_NAMED = frozenset(("assign", "target"))
_MOST = 30
"""Right values that are tried at one line."""


class Brought(Dataflow):
    """Experiments with what a line that raises was given."""

    def _brought(self) -> Iterator[Found | None]:
        """What a line that raises reads, if it cannot be right there: with what fits, put where that was made, all results come right."""
        stopped = Stopped(self.subject, self.substitutes)
        two = operands(stopped.node)
        for node, beside in zip(two, two[::-1], strict=True) if two else ():
            read, other = stopped.read(node), stopped.array(beside)
            value = None if read is None else array_of(read.value)
            if read is None or value is None or other is None or not self._cannot_be_right(read):
                continue
            for maker in self._made_by(read):
                if maker.place.statement != read.place.statement:
                    yield from self._with_what_fits(
                        maker, value, other.shape, partial(_fits, stopped.node, node is two[0] if two else False, other)
                    )

    def _made_by(self, read: Record) -> list[Record]:
        """Where what a line read may have been made: as an argument of the call of its helper, under its name, or by an equal value."""
        array = array_of(read.value)
        given = [record for record in self._given(read) if record.name == read.place.text]
        written = self._written(read)
        equal = self._made_equal(read) if array is not None and array.any() else [written] if written else []
        return [*given, *equal]

    def _cannot_be_right(self, read: Record) -> bool:
        """Whether it is like nothing right, or not what its name says, or the line has done its work with others before."""
        named = [*self.quantities.named(read.place.text, read.phase), *self.quantities.named(read.place.text, 0)]
        if named and not any(same(read.value, quantity.value, self.tolerance) for quantity in named):
            return True
        if read.visit or not self.quantities.recognised(read.value, self.tolerance):
            return True
        array = array_of(read.value)
        return array is None or not array.any() or (array.ndim == 2 and len(np.unique(array, axis=0)) < len(array))  # noqa: PLR2004

    def _with_what_fits(
        self, maker: Record, value: Array, beside: tuple[int, ...], fits: Callable[[tuple[int, ...]], bool]
    ) -> Iterator[Found | None]:
        """The array turned, another one of its name, or any right one that fits what stands ``beside``; of zeros, zeros that do."""
        options: list[tuple[Value, Quantity | None]] = [(value.T, None)] if value.ndim == 2 and fits(value.T.shape) else []  # noqa: PLR2004
        phase = maker.phase if self.subject.cell != self.subject.function else None
        known = [*self.quantities.named(maker.name, maker.phase), *self.quantities.made(value.shape, phase)]
        options += [(quantity.value, quantity) for quantity in known if fits(shape_of(quantity.value) or ())]
        if not value.any():
            options = [(np.zeros(shape), None) for shape in dict.fromkeys((beside, *(shape_of(right) or () for right, _ in options)))]
        tried: list[Value] = []
        for right, quantity in options:
            if len(tried) >= _MOST or any(same(right, one) for one in tried):
                continue
            tried.append(right)
            put = (Substitute(maker.place.id, maker.visit, right),)
            if self.results_right(self.subject.run((*self.substitutes, *put))):
                found = self._try(maker, "value", put, right, quantity)
                found = found and replace(found, reads=tuple(self._reads(maker)), visits=((maker.value, right),))
                zeros = not value.any() and maker.place.kind in _NAMED and not buffer(maker)
                yield replace(found, how="unfit", inputs=True, names=(maker.place.target,)) if found and zeros else found


def _fits(node: ast.AST | None, first: bool, other: Array, shape: tuple[int, ...]) -> bool:  # noqa: FBT001 - which of two sides
    """Whether an array of this shape can stand on one side of a product, or of another operation, beside the other one."""
    product = isinstance(node, ast.Call) or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult))
    if not product:
        return broadcast(other.shape, shape)
    if len(shape) != 2 or other.ndim != 2:  # noqa: PLR2004 - matrices
        return False
    return shape[1] == other.shape[0] if first else shape[0] == other.shape[1]
