"""Whether a place may be blamed for what goes wrong behind it: not for what it is asked for, and does."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from whygrad.from_code.observe.arrays import array_of, same, shape_of
from whygrad.from_code.observe.dataflow import composed
from whygrad.from_code.observe.experiment import GIVES, Search, buffer
from whygrad.from_code.observe.expression import expression_of
from whygrad.from_code.observe.returned_as import returned_as
from whygrad.from_code.reference.inputs import OUTPUTS
from whygrad.from_code.reference.parts import ARGUMENTS
from whygrad.from_code.slips.helpers import gives_what_is_asked_for

if TYPE_CHECKING:
    from whygrad.from_code.observe.experiment import Found
    from whygrad.from_code.observe.subject import Record
    from whygrad.sandbox.places import Place

_GRADIENT = re.compile(r"d_?(\w+)")
_ALL_STEPS = 3
"""Axes of an array of all steps."""


def rightly_named(search: Search, made: Record) -> bool:
    """Whether a value has the reference's name for it: then whoever reads it meant another."""
    named = [quantity.value for quantity in search.quantities.named(made.name, made.phase)]
    named += [known[made.name] for known in search.quantities.tables[0].parameters if made.name in known][:1]
    if made.place.kind == "argument":
        named += [one for name, one in zip(ARGUMENTS[search.subject.function], search.subject.arguments, strict=False) if name == made.name]
    array = array_of(made.value)
    if array is None or not array.any():
        return False
    arrives = (one.value for one in search.quantities.named("through_a", 0))
    return any(same(array, value, search.tolerance) for value in named) or (
        any(same(array, value, search.tolerance) for value in arrives) and _is_of_the_tanh(search, made)
    )


def _is_of_the_tanh(search: Search, made: Record) -> bool:
    """Whether a name says that it is the gradient of an LSTM's tanh of the cell state: ``d`` and what that is called in the program."""
    name = _GRADIENT.fullmatch(made.name)
    held = [one for one in search.now.records[: made.time] if one.place.target == name[1] and one.place.kind in GIVES] if name else []
    tanh = [one.value for one in search.quantities.named("tanh_c", 0)]
    return bool(name) and (any(same(held[-1].value, value, search.tolerance) for value in tanh) if held else name[1].startswith("tanh_c"))


def names_its_output(search: Search, returned: Record) -> bool:
    """Whether the name of another output, which holds all its steps, stands in a return: there it was put in the wrong place."""
    stands = (
        returned_as(search, returned) is not None and returned.place.text.isidentifier() and search.subject.cell != search.subject.function
    )
    outputs = zip(OUTPUTS.get(search.subject.function, ()) if stands else (), search.quantities.results.values(), strict=False)
    return any(name[0] == returned.place.text[0] and same(returned.value, right, search.tolerance) for name, right in outputs)


def may_be_blamed(search: Search, record: Record) -> bool:
    """An array that is made to be filled is not, nor is a copy of an argument under its own name, which is what it should be.

    Nor is, in a cell, an array of ones, or a helper that gives of what it is handed the part that it is asked for. An entry of a
    cache that is unpacked is if the course's name says so.
    """
    place = record.place
    if (
        buffer(record)
        or _copies_its_argument(search, record)
        or makes_ones(search, record)
        or (place.kind == "return" and gives_what_is_asked_for(search, place))
    ):
        return False
    handed = place.text == place.target if place.kind == "target" else place.kind == "element" and place.id not in search.once(composed)
    if not handed or not search.quantities.recognised(record.value, search.tolerance):
        return True
    if any(other.kind in {"part", "value", "argument"} for other in search.subject.places if other.statement == record.place.statement):
        return True
    if "][" in (whole := search.subject.text.right_side(place)) or _is_listed(search, whole.strip(), place):
        return True  # not a cache as it was handed in, but a part of what was put together before
    named = list(search.quantities.named(record.name, record.phase))
    return bool(named) and not any(same(record.value, quantity.value, search.tolerance) for quantity in named)


def held_by_its_key(search: Search, found: Found) -> bool:
    """Whether a name stands under the key that is another name's, which holds what belongs there: that other one was meant."""
    place = found.record.place
    key = place.target.strip("'\"")
    if found.how != "value" or place.kind != "value" or place.text == key or not place.text.isidentifier():
        return False
    if shape_of(found.record.value) != shape_of(found.right):
        return False
    held = [r for r in search.now.records[: found.record.time] if r.place.target == key and r.place.kind in {"assign", "after", "target"}]
    return bool(held) and held[-1].place.function == place.function and same(held[-1].value, found.right, search.tolerance)


def makes_ones(search: Search, record: Record) -> bool:
    """Whether a line of a cell makes an array of ones and does nothing else to it: something is subtracted from it, say."""
    node = expression_of(record.place.computes) if record.place.kind == "assign" else None
    alone = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"ones", "ones_like"}
    return alone and search.subject.cell == search.subject.function


def _copies_its_argument(search: Search, record: Record) -> bool:
    """Whether a name gets what it has held since the function was called, or all steps of that, for the loop to write into it.

    So may an object's, or a helper's argument of that name.
    """
    target, given = record.place.target, search.subject.text.signatures.get(search.subject.function, ())
    filled = any(place.target.startswith(f"{target}[") for place in search.subject.places if place.function == record.place.function)
    return record.place.kind in {"assign", "argument"} and any(
        (name in {target, record.name} or (filled and len(shape_of(value) or ()) == _ALL_STEPS)) and same(record.value, value, 0.0)
        for name, value in zip(given, search.subject.arguments, strict=False)
    )


def _is_listed(search: Search, name: str, place: Place) -> bool:
    """Whether a name stands for a list that the function of a place puts together."""
    made = (one for one in search.subject.places if one.kind == "assign" and one.target == name and one.function == place.function)
    return any(isinstance(expression_of(one.computes), (ast.List, ast.ListComp)) for one in made)
