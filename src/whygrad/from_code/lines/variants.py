"""Which known mistake, made in the reference program, gives just what the learner's program gives?

The operators of ``whygrad.mistakes`` are asked for their edits of the reference line that computes the same quantity, the mistakes that
people make most often first. In a cell the edited line alone is evaluated; in a loop over the steps, where order and memory matter, the
edited function is run.
"""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import count
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.from_code.observe import observed
from whygrad.from_code.observe.arrays import array_of, same
from whygrad.from_code.observe.experiment import GIVES
from whygrad.from_code.reference.inputs import reference
from whygrad.from_code.reference.parts import ARGUMENTS, cell_of
from whygrad.mistakes import OPERATORS, Site
from whygrad.sandbox.values import copied

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import CodeType

    from whygrad.from_code.observe.arrays import Observations
    from whygrad.from_code.observe.quantities import Quantities
    from whygrad.mistakes import Edit
    from whygrad.sandbox.requests import Value

_MOST = 600
"""Edits of one equation that are evaluated."""
_MOST_RUN = 230
"""Edited functions that are run."""
_GIVEN = 8
"""Arguments of functions for which it is kept what their edits give."""
_GENERAL = frozenset(("name-replaced", "operator-replaced"))
"""Operators that can make what others call by a better name; they are asked last."""
_SHARED = frozenset(("one-buffer-two-names", "view-of-output"))
"""Operators that make one memory of two."""
_OF_TWO = frozenset(("slip-not-shared",))
"""Operators of two functions: where there is code, each is looked at by itself."""
_SITES: dict[str, str] = {
    **{f"z{gate}": name for gate, name in (("f", "ft"), ("i", "it"), ("c", "cct"), ("o", "ot"))},
    **{f"slope_{gate}": name for gate, name in (("f", "dft"), ("i", "dit"), ("c", "dcct"), ("o", "dot"))},
    **{f"stack_{gate}": "da_prev" for gate in "fico"},
    "kept": "c_next", "new": "c_next", "tanh_c": "a_next", "through_a": "dc", "through_h": "dc", "slope_tanh": "dc", "do": "dot",
    "df": "dft", "di": "dit", "dcc": "dcct", "dconcat": "da_prev", "z": "a_next", "zx": "a_next", "za": "a_next", "dz": "dtanh",
    "slope": "dtanh", "square": "dtanh",
}  # fmt: skip
"""The reference's equation in which an intermediate of another way of writing stands."""


def site_name(function: str, quantity: str) -> str:
    """The name that the reference program computes where a learner has a quantity of this name."""
    if quantity == "tanh_c" and function.endswith("backward"):
        return "dc"
    return _SITES.get(quantity, quantity)


def giving_value(function: str, quantity: str, values: dict[str, Value], wrong: Value, tolerance: float) -> Edit | None:
    """The edit of a cell's equation that gives this very value; ``values`` are the right values of the names that it may use.

    An edit that changes nothing, as a bound that no entry reaches, explains nothing.
    """
    if same(values.get(quantity), wrong, tolerance):
        return None
    space = {"np": np, **{name: getattr(reference(), name) for name in ("sigmoid", "softmax")}, **values}
    for edit in _edits(function, quantity, lines=True):
        text = edit.lines[0][2].strip()
        name, equals, right = text.partition(" = ")
        if equals and name == quantity and "\n" not in text and len(edit.lines) == 1:  # of other lines nothing is known here
            try:
                with np.errstate(all="ignore"):
                    value = eval(_compiled(right, "eval"), dict(space))  # noqa: S307 - an edit of our own program
            except Exception:  # noqa: BLE001, S112 - an edit may make anything of it
                continue
            if array_of(value) is not None and same(value, wrong, tolerance):
                return edit
    return None


def giving_results(
    function: str, quantities: tuple[str, ...], arguments: tuple[Value, ...], wrong: Observations, tolerance: float, *, shared: bool = False
) -> Edit | None:
    """The edit of a function that gives these very results; those of the named quantities first, then all if there are few.

    ``shared`` tells whether two names may be one memory: without it these edits are left out.
    """
    results_of = _runs(function, _Given(arguments))
    right = results_of(None)
    if right is None or all(name in right and same(right[name], value, tolerance) for name, value in wrong.items()):
        return None  # what is wrong is not among the results, or is not there
    tried: set[tuple[tuple[str, int, str], ...]] = set()
    for quantity in (*quantities, None):
        if quantity is None and "cell" in function:
            break
        for edit in _edits(function, quantity):
            if edit.lines in tried or (edit.operator in _SHARED and not shared):
                continue
            tried.add(edit.lines)
            if len(tried) > _MOST_RUN:
                return None
            results = results_of(edit)
            if results is not None and all(name in results and same(results[name], value, tolerance) for name, value in wrong.items()):
                return edit
    return None


class _Edits:
    """Edits that are made when they are first asked for, and kept: every search begins with the likeliest."""

    def __init__(self, made: Iterator[Edit]) -> None:
        self._made = made
        self._kept: list[Edit] = []

    def __iter__(self) -> Iterator[Edit]:
        for number in count():
            if number == len(self._kept):
                more = next(self._made, None)
                if more is None:
                    return
                self._kept.append(more)
            yield self._kept[number]


@cache
def _edits(function: str, quantity: str | None, *, lines: bool = False) -> _Edits:
    """The edits of a function at a quantity (None: at all), the mistakes made most often first."""
    return _Edits(_made(function, quantity, lines=lines))


def _made(function: str, quantity: str | None, *, lines: bool) -> Iterator[Edit]:
    habits = SEQUENCE_MODELS.habits
    ranked = sorted(
        (name for name in OPERATORS if name not in _OF_TWO),
        key=lambda name: (name in _GENERAL, -(habits.get((name, quantity or "")) or habits.get((name, "")) or 1)),
    )
    chosen = [site for site in sites(function) if not lines or site.target == quantity]
    number = 0
    for operator in (OPERATORS[name] for name in ranked):
        for site in chosen:
            of_others = quantity is not None and quantity != site.target  # what rewrites an equation is of that equation's quantity
            for edit in (operator.edits(site) if operator.edits else ()) if of_others else operator.at(site):
                if quantity is None or quantity in {edit.quantity, site.target}:
                    number += 1
                    if number > _MOST:
                        return
                    yield edit


@cache
def sites(function: str) -> tuple[Site, ...]:
    """The lines of a function of the reference program; each is taken apart once."""
    return tuple(Site(SEQUENCE_MODELS, function, number, line) for number, line in enumerate(SEQUENCE_MODELS.functions[function]))


class _Given:
    """Arguments of a function, equal to themselves alone."""

    def __init__(self, arguments: tuple[Value, ...]) -> None:
        self.arguments = arguments

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Given) and other.arguments is self.arguments

    def __hash__(self) -> int:
        return id(self.arguments)


@lru_cache(maxsize=_GIVEN)
def _runs(function: str, given: _Given) -> Callable[[Edit | None], Observations | None]:
    """What edits of the function make of its arguments, each run once: many findings ask for the same."""
    known: dict[tuple[tuple[str, int, str], ...], Observations | None] = {}

    def results(edit: Edit | None) -> Observations | None:
        lines = () if edit is None else edit.lines
        if lines not in known:
            known[lines] = _results(function, lines, given.arguments)
        return known[lines]

    return results


def _results(function: str, edited: tuple[tuple[str, int, str], ...], arguments: tuple[Value, ...]) -> Observations | None:
    """What the function gives with these lines edited."""
    lines: list[str] = list(SEQUENCE_MODELS.functions[function])
    for name, number, text in edited:
        if name != function:
            return None
        lines[number] = text
    space: dict[str, Any] = {"np": np}
    try:
        for name in ("sigmoid", "softmax", cell_of(function)):
            space[name] = getattr(reference(), name)
        exec(_compiled("\n".join(line for line in lines if line), "exec"), space)  # noqa: S102 - an edit of our own program
        with np.errstate(all="ignore"):
            value = space[function](*copied(arguments))
        found = {name: array_of(item) for name, item in observed.in_result(function, value).items()}
    except Exception:  # noqa: BLE001 - an edit may make anything of it
        return None
    return {name: item for name, item in found.items() if item is not None}


@lru_cache(maxsize=3_000)
def _compiled(text: str, mode: str) -> CodeType:
    """The code of an edit: every search tries the likeliest ones."""
    return compile(text, "<edit>", mode, dont_inherit=True)


def right_values(quantities: Quantities, arguments: tuple[Value, ...], phase: int) -> dict[str, Value]:
    """The right values of the names in the reference, after so many calls of the cell."""
    values = dict(zip(ARGUMENTS[quantities.function], arguments, strict=True))
    for record in quantities.tables[0].records:
        if record.place.function == quantities.function and record.place.kind in GIVES and record.phase <= phase:
            values[record.name] = record.value
    for value in [cast("Any", entry) for entry in values.values() if isinstance(entry, dict)]:
        values.update({name: item for name, item in value.items() if name not in values and "d" not in name[:1]})
    return values
