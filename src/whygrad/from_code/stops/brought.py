"""A function that ends with an error since something was made wrongly at a line before the one that raises."""

from __future__ import annotations

import ast
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_code.lines.cuts import other_stacks
from whygrad.from_code.observe.arrays import array_of, same, shape_of
from whygrad.from_code.observe.dataflow import given_to_helper, last_written, made_equal, reads_of
from whygrad.from_code.observe.experiment import GIVES, Search, buffer
from whygrad.from_code.observe.expression import Expression, broadcast
from whygrad.from_code.observe.stopped import Stopped, operands
from whygrad.from_code.observe.subject import name_of
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from whygrad.from_code.observe.arrays import Array
    from whygrad.from_code.observe.experiment import Found
    from whygrad.from_code.observe.quantities import Quantity
    from whygrad.from_code.observe.subject import Record
    from whygrad.sandbox.requests import Value

_MOST = 30
"""Right values that are tried at one line."""


def brought(search: Search) -> Iterator[Found | None]:
    """What a line that raises reads, if it cannot be right there: with what fits, put where that was made, all results come right."""
    stopped = Stopped(search.subject, search.substitutes)
    two = operands(stopped.node)
    for node, beside in zip(two, two[::-1], strict=True) if two else ():
        name = node.value if isinstance(node, ast.Attribute) and node.attr == "T" else node
        read, other = stopped.read(node) or _last_given(search, name), stopped.array(beside)
        value = None if read is None else array_of(read.value)
        if read is None or value is None or other is None:
            continue
        wrong = _cannot_be_right(search, read)
        for maker in _made_by(search, read):
            handed = _follows_its_argument(search, maker, read)
            if handed is not None:
                right = search.quantities.made(other.shape, handed.phase if search.subject.cell != search.subject.function else None)
                yield from _tried(search, handed, array_of(handed.value), [(one.value, one) for one in right])
            elif maker.place.statement != read.place.statement:
                first = node is two[0] if two else False
                fits = partial(_fits, stopped.node, first, other)
                stacks = ((one.T if name is not node else one, one) for one in _stacked_otherwise(search, maker))
                options = [(one, None) for read_as, one in stacks if fits(read_as.shape)]
                yield from _tried(search, maker, value, [*options, *(_what_fits(search, maker, value, other.shape, fits) if wrong else ())])


def _follows_its_argument(search: Search, maker: Record, read: Record) -> Record | None:
    """What the line hands to a helper that gives back something of just that shape: then it is the line that hands over another."""
    handed = [one for one in given_to_helper(search, maker) if shape_of(one.value)] if maker.place.function != read.place.function else []
    return handed[0] if len(handed) == 1 and shape_of(handed[0].value) == shape_of(maker.value) else None


def _last_given(search: Search, node: ast.expr) -> Record | None:
    """What a line gave a name last: where a method of it is called, it is not read alone."""
    name = node.id if isinstance(node, ast.Name) else ""
    return next((record for record in reversed(search.last) if record.place.kind in GIVES and record.place.target == name), None)


def _made_by(search: Search, read: Record) -> list[Record]:
    """Where what a line read may have been made: as an argument of the call of its helper, under its name, or by an equal value."""
    array = array_of(read.value)
    given = [record for record in given_to_helper(search, read) if record.name == read.place.text]
    written = last_written(search, read)
    equal = made_equal(search, read) if array is not None and array.any() else [written] if written else []
    made = last_written(search, equal[-1]) if equal and equal[-1].place.text.isidentifier() else None  # by what a helper hands back
    return [*given, *equal, *([made] if made else [])]


def _cannot_be_right(search: Search, read: Record) -> bool:
    """Whether it is like nothing right, or not what its name says, or the line has done its work with others before."""
    name = name_of(read.place.text)
    named = [*search.quantities.named(name, read.phase), *search.quantities.named(name, 0)]
    if named:
        return not any(same(read.value, quantity.value, search.tolerance) for quantity in named)
    if read.visit or not search.quantities.recognised(read.value, search.tolerance):
        return True
    array = array_of(read.value)
    return array is None or not array.any() or (array.ndim == 2 and len(np.unique(array, axis=0)) < len(array))  # noqa: PLR2004


def _stacked_otherwise(search: Search, maker: Record) -> Iterator[Array]:
    """What a line makes if its parts are put together along another axis, each part as it is."""
    line = Expression(maker.place.text.partition("=")[2], {read.place.text: read.value for read in reads_of(search, maker)})
    for node in line.nodes() if line.tree is not None else ():
        yield from (array for value, _ in other_stacks(node, line) if (array := array_of(value)) is not None)


def _what_fits(
    search: Search, maker: Record, value: Array, beside: tuple[int, ...], fits: Callable[[tuple[int, ...]], bool]
) -> list[tuple[Value, Quantity | None]]:
    """The array turned, another one of its name, or any right one that fits what stands ``beside``; of zeros, zeros that do first."""
    options: list[tuple[Value, Quantity | None]] = [(value.T, None)] if value.ndim == 2 and fits(value.T.shape) else []  # noqa: PLR2004
    phase = maker.phase if search.subject.cell != search.subject.function else None
    shapes = dict.fromkeys((value.shape, beside))
    known = [*search.quantities.named(maker.name, maker.phase), *(one for shape in shapes for one in search.quantities.made(shape, phase))]
    options += [(quantity.value, quantity) for quantity in known if fits(shape_of(quantity.value) or ())]
    if not value.any():
        of_options = (shape_of(right) or () for right, _ in options)
        zeros: list[tuple[Value, Quantity | None]] = [(np.zeros(shape), None) for shape in dict.fromkeys((beside, *of_options))]
        options = zeros if maker.place.kind in GIVES and not maker.place.loops else [*zeros, *options]
    return options


def _tried(search: Search, maker: Record, value: Array | None, options: Sequence[tuple[Value, Quantity | None]]) -> Iterator[Found | None]:
    """Each of these at the line that made the array, there or at its later turns too, if all results come right with it."""
    tried: list[Value] = []
    for right, quantity in options:
        if len(tried) >= _MOST or any(same(right, one) for one in tried):
            continue
        tried.append(right)
        then = (None if quantity is None else quantity.at(shift) for shift in range(1, quantity.visits if quantity else 1))
        later = (Substitute(maker.place.id, maker.visit + 1 + n, one.value) for n, one in enumerate(then) if one is not None)
        once = (Substitute(maker.place.id, maker.visit, right),)
        puts = (once, (*once, *later)) if maker.place.loops else (once,)
        put = next((one for one in puts if search.results_right(search.subject.run((*search.substitutes, *one)))), None)
        if put is not None:
            found = search.attempt(maker, "value", put, right, quantity)
            found = found and replace(found, reads=tuple(reads_of(search, maker)), visits=((maker.value, right),))
            zeros = value is not None and not value.any() and maker.place.kind in GIVES and not buffer(maker)
            yield replace(found, how="unfit", inputs=True, names=(maker.place.target,)) if found and zeros else found


def _fits(node: ast.AST | None, first: bool, other: Array, shape: tuple[int, ...]) -> bool:  # noqa: FBT001 - which of two sides
    """Whether an array of this shape can stand on one side of a product, or of another operation, beside the other one."""
    product = isinstance(node, ast.Call) or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult))
    if not product:
        return broadcast(other.shape, shape)
    if len(shape) != 2 or other.ndim != 2:  # noqa: PLR2004 - matrices
        return False
    return shape[1] == other.shape[0] if first else shape[0] == other.shape[1]
