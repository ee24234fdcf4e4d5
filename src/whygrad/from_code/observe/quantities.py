"""The right values: the reference program under the same tracer, on the same inputs, in two ways of writing.

A quantity is a value at a place of the reference at one of its visits. Which quantity a place of the learner's program plays is told by how
the results respond to it: moved by the same small amount, the right quantity moves the same results by the same amounts, whatever its name.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations, islice
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.from_code.observe import observed
from whygrad.from_code.observe.alike import Layout, Response
from whygrad.from_code.observe.arrays import EXACT, Array, Observations, array_of, same, shape_of
from whygrad.from_code.observe.subject import Record, Subject
from whygrad.from_code.reference.parts import PARTS, cell_of
from whygrad.from_code.reference.ready import Ready
from whygrad.from_code.reference.spelled import SPELLED
from whygrad.sandbox.harness import Harness
from whygrad.sandbox.requests import Piece

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from whygrad.from_code.reference.inputs import Case
    from whygrad.sandbox.requests import Value

_TERMS = (("zx", "za", "ba"), ("stack_f", "stack_i", "stack_c", "stack_o"))
"""The terms of sums of more than two."""
_ANEW = frozenset(("zx", "za", "z", "ba", "zf", "zi", "zc", "zo"))
"""What people compute anew for an activation's derivative: the whole and an RNN's terms, but no sum that lacks one."""
_MADE = frozenset(("assign", "target", "after", "value", "argument", "return", "element"))
"""Kinds of places that give a value a name or a way out; the others are parts of expressions."""


@dataclass(slots=True, eq=False)
class Quantity:
    """A right value: where in which table, and what it is called."""

    table: Table
    record: Record

    @property
    def value(self) -> Value:
        """The value itself."""
        return self.record.value

    @property
    def name(self) -> str:
        """Its name in the reference, or the text of the expression."""
        return self.record.name if self.record.place.kind in _MADE and self.record.name else self.record.place.text

    @property
    def made(self) -> bool:
        """Whether it is assigned, returned or handed on, not just a part of an expression."""
        return self.record.place.kind in {"assign", "target", "after"} or (self.record.place.kind == "value" and not self.name.isdigit())

    def at(self, shift: int) -> Quantity | None:
        """The same quantity so many visits later."""
        found = self.table.by_visit.get((self.record.place.id, self.record.visit + shift))
        return None if found is None else Quantity(self.table, found)

    @property
    def visits(self) -> int:
        """How often its place is visited."""
        return self.table.visits[self.record.place.id]


class Table:
    """One way of writing the reference, traced."""

    def __init__(self, text: str, function: str, arguments: tuple[Value, ...]) -> None:
        pieces = [Piece("reference", 1, text)]
        own = frozenset({function, cell_of(function)})
        self.subject = Subject(Harness(pieces, PARTS), pieces, function, arguments, own)
        self.observations, self.records, self.reply = self.subject.traced()
        self.subject.runner = Ready(pieces, own)
        self.by_visit = {(record.place.id, record.visit): record for record in self.records}
        self.visits: dict[int, int] = defaultdict(int)
        for record in self.records:
            self.visits[record.place.id] += 1

    @cached_property
    def parameters(self) -> Sequence[dict[str, Value]]:
        """The parameters as the arguments or caches hold them."""
        named = [record.value for record in self.records if record.name == "parameters"]
        return [cast("dict[str, Value]", value) for value in (*named, *self.subject.arguments) if isinstance(value, dict)]

    def response(self, record: Record) -> Observations:
        """How the results, and the calls of the cell, respond to a quantity."""
        return self.subject.response(record, (), self.observations)


class Derived(Table):
    """Values of a table as some programs hold them instead, by ``visits`` to their places; nothing is run."""

    def __init__(self, table: Table, records: list[Record], visits: dict[int, int]) -> None:
        self.subject, self.observations, self.reply = table.subject, table.observations, table.reply
        self.records = records
        self.by_visit = {(record.place.id, record.visit): record for record in records}
        self.visits = defaultdict(int, visits)


def matrices(table: Table) -> list[tuple[Record, Array]]:
    """The values of a table that are matrices and more than indices, with these."""
    known = ((record, array_of(record.value)) for record in table.records if record.place.kind not in {"index", "loop", "before"})
    return [(record, array) for record, array in known if array is not None and array.ndim == 2]  # noqa: PLR2004 - a matrix


class Quantities:
    """All right values of one function on one case."""

    def __init__(self, function: str, arguments: tuple[Value, ...]) -> None:
        text = "\n\n".join(PARTS[name] for name in dict.fromkeys((cell_of(function), function)))
        self.function = function
        self.tables = [Table(text, function, arguments)]
        if function in SPELLED:
            self.tables.append(Table(SPELLED[function], function, arguments))
        self.layout = Layout(self.observations)
        self._responses: dict[tuple[Record, bool], Response] = {}

    @cached_property
    def with_its_cell(self) -> Quantities:
        """For a sequence function: these, and what else is computed in a cell that gives each intermediate a name."""
        text = "\n\n".join((SPELLED[cell_of(self.function)], PARTS[self.function]))
        table = Table(text, self.function, self.tables[0].subject.arguments)
        known = {_key(record) for record in self.tables[0].records}
        table.records = [record for record in table.records if _key(record) not in known]
        return self.beside([table])

    def beside(self, more: Sequence[Table]) -> Quantities:
        """These, and the values of more tables; what is known of responses is shared."""
        both = object.__new__(Quantities)
        both.function, both.layout, both._responses = self.function, self.layout, self._responses
        both.tables = [*self.tables, *more]
        return both

    @property
    def observations(self) -> Observations:
        """What a right program gives."""
        return self.tables[0].observations

    @property
    def results(self) -> dict[str, Value]:
        """What a right program returns, by key, or by place ("0", "1", ...) where it returns a tuple; without the caches."""
        value = self.tables[0].reply.value
        if self.function.endswith("backward"):
            return value
        return {str(number): item for number, item in enumerate(value[:-1])}

    def response(self, quantity: Quantity, *, calls: bool) -> Response:
        """How the results, and with ``calls`` the calls of the cell, respond to a quantity."""
        key = quantity.record, calls
        if key not in self._responses:
            moved = quantity.table.response(quantity.record)
            kept = moved if calls else {name: change for name, change in moved.items() if observed.is_result(name)}
            self._responses[key] = Response(kept, self.layout)
        return self._responses[key]

    @cached_property
    def calls(self) -> list[tuple[Value, ...]]:
        """The right arguments of each call of the cell."""
        return [call.arguments for call in self.tables[0].reply.calls]

    @cached_property
    def _by_shape(self) -> dict[tuple[int, ...], list[Quantity]]:
        found: dict[tuple[int, ...], list[Quantity]] = defaultdict(list)
        for table in self.tables:
            for record in table.records:
                array = array_of(record.value)
                if array is not None and record.place.kind not in {"index", "loop", "before"}:
                    found[array.shape].append(Quantity(table, record))
        return found

    @cached_property
    def _by_size(self) -> dict[tuple[int, ...], tuple[Array, list[Quantity]]]:
        found: dict[tuple[int, ...], tuple[Array, list[Quantity]]] = {}
        for shape, quantities in self._by_shape.items():
            sizes = np.array([_size(quantity.value) for quantity in quantities])
            order = np.argsort(sizes)
            found[shape] = sizes[order], [quantities[place] for place in order]
        return found

    def equal(self, value: Value, tolerance: float = EXACT) -> Iterator[Quantity]:
        """The quantities that a value equals, as it is."""
        array = array_of(value)
        if array is None or array.shape not in self._by_size:
            return
        size = _size(array)
        sizes, quantities = self._by_size[array.shape]
        width = 10 * tolerance * max(size, 1e-300)
        for place in range(int(np.searchsorted(sizes, size - width)), int(np.searchsorted(sizes, size + width, side="right"))):
            if same(array, quantities[place].value, tolerance):
                yield quantities[place]

    def recognised(self, value: Value, tolerance: float = EXACT, *, stacks: bool = True) -> bool:
        """Whether a value is a right quantity, its negative or its transpose, zero, or several (``stacks``) on top of each other."""
        if isinstance(value, (list, tuple)):
            return all(self.recognised(item, tolerance, stacks=stacks) for item in cast("Any", value))
        array = array_of(value)
        if array is None or not array.ndim or (array.size and not array.any()):
            return True
        if any(any(True for _ in self.equal(form, tolerance)) for form in (array, -array, array.T)) or self._part_of_a_sum(
            array, tolerance
        ):
            return True
        if array.ndim == 3 and stacks:  # noqa: PLR2004 - steps side by side, or gates one behind the other
            return any(all(self.recognised(layer, tolerance) for layer in np.moveaxis(array, axis, 0)) for axis in (2, 0))
        return stacks and array.ndim == 2 and (self._stack(array, tolerance) or self._stack(array.T, tolerance))  # noqa: PLR2004

    def of_examples(self, value: Value, tolerance: float = EXACT) -> bool:
        """Whether a value is recognised, or the column of a right quantity that belongs to one example, or several of these in a list."""
        if isinstance(value, (list, tuple)):
            return all(self.of_examples(item, tolerance) for item in cast("Any", value))
        array = array_of(value)
        columns = self.columns(array.size) if array is not None and array.ndim == 1 else ()
        return self.recognised(value, tolerance) or any(same(array, column, tolerance) for column in columns)

    @cached_property
    def _sums(self) -> dict[tuple[int, ...], list[Array]]:
        """Sums of some of the terms of each sum that people write down one term after another."""
        found: dict[tuple[int, ...], list[Array]] = defaultdict(list)
        for names in _TERMS:
            terms = [array for name in names for one in islice(self.named(name, 0), 1) if (array := array_of(one.value)) is not None]
            for number in range(2, len(terms)):
                for some in combinations(terms, number):
                    whole = sum(some[1:], some[0])
                    found[whole.shape].append(whole)
        return found

    def _part_of_a_sum(self, array: Array, tolerance: float) -> bool:
        if any(same(array, whole, tolerance) for whole in self._sums.get(array.shape, ())):
            return True
        return self._anew is not None and any(quantity.name in _ANEW for quantity in self._anew.equal(array, tolerance))

    def begins_a_sum(self, value: Value, tolerance: float = EXACT) -> bool:
        """Whether a value is recognised, or the sum of some gates' terms at the state or the input, or comes of one gradient alone."""
        states = next((shape[0] for one in self.named("da_prev", 0) if (shape := shape_of(one.value))), 0)
        stacks = (whole for sums in self._sums.values() for whole in sums if len(whole) > states)
        parts = (part for whole in stacks for part in (whole[:states], whole[states:]))
        known = self.recognised(value, tolerance) or any(same(value, part, tolerance) for part in parts)
        return known or any(True for one in self._alone for _ in one.equal(value, tolerance))

    @cached_property
    def _anew(self) -> Quantities | None:
        """What the forward pass computes of a cell's step."""
        if self.function not in {"rnn_cell_backward", "lstm_cell_backward"}:
            return None
        *states, xt, parameters = self.tables[0].subject.arguments[-1]
        before = states[1:2] if self.function.startswith("rnn") else states[2:4]
        return Quantities(self.function.replace("backward", "forward"), (xt, *before, parameters))

    def is_a_term(self, names: Collection[str], value: Value, tolerance: float = EXACT) -> bool:
        """Whether a value is what comes into one of some quantities through one of the two gradients that an LSTM's cell is given."""
        return any(quantity.name in names for one in self._alone for quantity in one.equal(value, tolerance))

    @cached_property
    def _alone(self) -> list[Quantities]:
        """The quantities of an LSTM's cell if nothing came in through the one gradient, or through the other."""
        if self.function != "lstm_cell_backward":
            return []
        da_next, dc_next, *rest = self.tables[0].subject.arguments
        alone = (da_next, np.zeros_like(dc_next), *rest), (np.zeros_like(da_next), dc_next, *rest)
        return [Quantities(self.function, arguments) for arguments in alone]

    def is_a_share(self, value: Value, tolerance: float = EXACT) -> bool:
        """Whether a value is what one example of the batch gives to a sum over all of them."""
        return any(True for one in self._of_one_example for _ in one.equal(value, tolerance))

    @cached_property
    def _of_one_example(self) -> list[Quantities]:
        """The quantities of a backward cell that is given one example alone, for each of them."""
        if "cell_backward" not in self.function:
            return []
        *given, cache = self.tables[0].subject.arguments
        examples = range(given[0].shape[1])
        alone = (([array[:, one : one + 1] for array in given], [_example(array, one) for array in cache]) for one in examples)
        return [Quantities(self.function, (*arrays, tuple(kept))) for arrays, kept in alone]

    def _stack(self, array: Array, tolerance: float) -> bool:
        """Whether an array is right quantities on top of each other, in any order."""
        rows, columns = array.shape
        heights = {shape[0] for shape in self._by_shape if len(shape) == 2 and shape[1] == columns and shape[0] < rows}  # noqa: PLR2004
        heights |= {shape[1] for shape in self._by_shape if len(shape) == 2 and shape[0] == columns and shape[1] < rows}  # noqa: PLR2004
        done = {0}
        for row in range(rows):
            for height in heights if row in done else ():
                block = array[row : row + height]
                if (
                    len(block) == height
                    and block.any()
                    and any(any(True for _ in self.equal(form, tolerance)) for form in (block, block.T))
                ):
                    done.add(row + height)
        return rows in done

    def named(self, name: str, phase: int) -> Iterator[Quantity]:
        """The quantities that the reference gives this name, after so many calls of the cell."""
        return iter(self._by_name.get((name, phase), ()))

    @cached_property
    def _by_name(self) -> dict[tuple[str, int], list[Quantity]]:
        found: dict[tuple[str, int], list[Quantity]] = defaultdict(list)
        for table in self.tables:
            for record in table.records:
                if record.place.function == self.function and record.place.kind in _MADE:
                    found[record.name, record.phase].append(Quantity(table, record))
        return found

    def like(self, shape: tuple[int, ...], phase: int | None) -> Iterator[Quantity]:
        """The quantities of a shape, after so many calls of the cell (None: at any time)."""
        for quantity in self._by_shape.get(shape, ()):
            if phase is None or quantity.record.phase == phase:
                yield quantity

    def columns(self, size: int) -> Iterator[Array]:
        """The columns of so many entries of the quantities that are matrices: what belongs to one example."""
        for shape, quantities in self._by_shape.items():
            if shape[:1] == (size,) and len(shape) == 2:  # noqa: PLR2004 - a matrix
                yield from (column for quantity in quantities for column in quantity.value.T)

    def around(self, phase: int | None) -> list[Value]:
        """The values of all quantities that are arrays, after so many calls of the cell (None: at any time)."""
        return [quantity.value for shape in self._by_shape if shape for quantity in self.like(shape, phase)]

    def made(self, shape: tuple[int, ...], phase: int | None) -> Iterator[Quantity]:
        """The quantities of any other shape that have a name in the reference."""
        for other in self._by_shape:
            if other != shape and other:
                yield from (quantity for quantity in self.like(other, phase) if quantity.made)


def _example(value: Value, one: int) -> Value:
    """An array's column of one example; the weights as they are."""
    array = array_of(value)
    return value if array is None else array[:, one : one + 1]


def _size(value: Value) -> float:
    return float(np.linalg.norm(np.ravel(np.asarray(value))))


def _key(record: Record) -> tuple[object, ...]:
    """By what a value is known again."""
    array = array_of(record.value)
    return (id(record),) if array is None else (array.shape, array.tobytes())


@lru_cache(maxsize=16)
def quantities(function: str, case: Case) -> Quantities:
    """The right values of a function on a case; kept, since several programs are looked into on the same case."""
    return Quantities(function, case.arguments)
