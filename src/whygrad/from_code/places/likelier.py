"""Of two places that cure as much, the earlier or the later: which is the likelier to be wrong."""

from __future__ import annotations

import ast
import re
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_code.observe.arrays import Array, array_of, same, shape_of
from whygrad.from_code.observe.dataflow import given_twice, read_right, reads_of
from whygrad.from_code.observe.experiment import GIVES, Found, Search, undone
from whygrad.from_code.observe.expression import expression_of
from whygrad.from_code.observe.over_time import OverTime
from whygrad.from_code.reference.spelled import kind_of
from whygrad.from_code.slips.helpers import OF_A_SLOPE
from whygrad.sandbox.chains import is_chain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_code.observe.quantities import Quantity
    from whygrad.from_code.observe.subject import Record
    from whygrad.sandbox.places import Place
    from whygrad.sandbox.requests import Value


_NAME = re.compile(r"[A-Za-z_]\w*")
_GATES, _SEVERAL = 4, 3
"""Gates of an LSTM, and how many are served alike."""


def has_a_name(search: Search, value: Value) -> bool:
    """Whether a value is a quantity that people give a name, not just a part of an expression."""
    return any(quantity.made for quantity in search.quantities.equal(value, search.tolerance))


def named_where_it_goes(search: Search, source: Record, found: Found) -> bool:
    """Whether a line does no more than hand a right quantity on, and gives it the reference's name for another, which belongs there.

    Any name will do where it was unpacked beside others of its kind. What a line hands on as its sibling does (``dc = dc_p`` beside
    ``da = da_p``) went wrong before.
    """
    place, right = found.record.place, array_of(found.right)
    handed = place.computes.strip() if place.kind in GIVES else ""
    if (
        not place.target.isidentifier()
        or handed != source.place.target
        or source.name == found.record.name
        or not (has_a_name(search, source.value) or is_a_right_term(search, source, found))
        or any(_siblings(place, other) for other in search.subject.places)
    ):
        return False
    named = search.quantities.named(found.record.name, found.record.phase)
    return _unpacked_alike(search, source) or any(same(quantity.value, right, search.tolerance) for quantity in named)


def _siblings(place: Place, other: Place) -> bool:
    """Whether two lines give names what other names hold, and both names differ in the same letters."""
    if other.kind != "assign" or other.function != place.function or not other.target.isidentifier() or other.target == place.target:
        return False
    return bool(_letters(place.target, other.target)) and _letters(place.target, other.target) == _letters(place.computes, other.computes)


def spelled_as_its_sibling(search: Search, record: Record, value: Value, reader: Place) -> bool:
    """Whether the names tell that the line that makes a value and a record's hold what they say, and the reader took one for the other.

    They differ in the same letters left and right: ``df`` of ``ft``, ``di`` of ``it``; or one is ``dtanh`` of ``tanh``. Or they are
    read crossed: ``dit`` is made of ``df`` and ``dft`` of ``di``.
    """
    place = record.place
    made = (
        one.place for one in search.now.records if one.place.kind == place.kind == "assign" and same(one.value, value, search.tolerance)
    )
    for other in (one for one in made if one.function == place.function):
        mine, theirs = (set(_NAME.findall(one.computes)) for one in (place, other))
        differ = [*(mine - theirs), *(theirs - mine)]
        pair = len(mine) == len(theirs) and len(differ) == 2  # noqa: PLR2004 - a name each
        named = pair and (_apart(*differ) == _apart(place.target, other.target) or f"d{differ[0]}" == place.target)
        if named or (pair and f"d{differ[1]}" == other.target) or _read_crossed(search, reader, place, other):
            return True
    return False


def _read_crossed(search: Search, reader: Place, place: Place, other: Place) -> bool:
    """Whether of two lines each reads what is called like the other."""
    known = {place.target, other.target, reader.target}
    if len(known) < 3 or place.target not in _NAME.findall(reader.computes):  # noqa: PLR2004 - each its own
        return False
    places = (one for one in search.subject.places if one.kind == "assign" and one.function == place.function)
    lines = (one for one in places if one.target not in known)
    twins = (one for one in lines if other.target in _NAME.findall(one.computes))
    return any(_apart(one.target, reader.target) == _apart(place.target, other.target) for one in twins)


def _apart(one: str, other: str) -> tuple[str, str]:
    """What is left of two names without what both begin and end with."""
    while one and other and one[0] == other[0]:
        one, other = one[1:], other[1:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    return one, other


def _letters(one: str, other: str) -> set[tuple[str, str]]:
    """The letters in which two names of one length differ; none of anything else than names."""
    one, other = one.strip(), other.strip()
    names = one.isidentifier() and other.isidentifier() and len(one) == len(other)
    return {pair for pair in zip(one, other, strict=True) if pair[0] != pair[1]} if names else set()


def _unpacked_alike(search: Search, source: Record) -> bool:
    """Whether a name is unpacked together with others, and all of them get one kind of quantity, each gate its own.

    Where two get the same, one of them went wrong before.
    """
    place = source.place
    beside = [one for one in search.now.records if one.place.statement == place.statement and one.visit == source.visit]
    values = [one.value for one in beside if one.place.kind == "target"]
    if place.kind != "target" or len(values) < 2 or any(same(*pair, search.tolerance) for pair in combinations(values, 2)):  # noqa: PLR2004
        return False
    return bool(frozenset[str].intersection(*(_kinds(search, value) for value in values)))


def those_beside(search: Search, entry: Record) -> list[Value]:
    """An entry and all that are written out beside it."""
    place = entry.place
    beside = (one for one in search.now.records if (one.place.kind, one.place.parent) == (place.kind, place.parent))
    return [one.value for one in beside if place.parent >= 0]


def alike_for_gates(search: Search, values: Sequence[Value], found: Found) -> frozenset[str]:
    """What each of several values is to its gate, if that is the same; nothing where two gates get one value, or none the right one.

    Where none of the gates gets what belongs at the line found, other than by what is put there, all may be wrong alike.
    """
    if len(values) < _SEVERAL or any(same(*pair, search.tolerance) for pair in combinations(values, 2)):
        return frozenset()
    belongs = _kinds(search, found.right)
    made, mended = (
        {quantity.name for one in some for quantity in search.quantities.equal(one.value, search.tolerance)}
        for some in (search.now.records, search.substitutes)
    )
    wrong = belongs and sum(kind_of(name) in belongs for name in made - mended) <= _GATES - len(values)
    return frozenset() if wrong else frozenset[str].intersection(*(_kinds(search, value) for value in values))


def _kinds(search: Search, value: Value) -> frozenset[str]:
    """What a value may be, whatever the gate."""
    return frozenset(kind_of(quantity.name) for quantity in search.quantities.equal(value, search.tolerance) if quantity.made)


def serves_another_line(search: Search, source: Record, record: Record) -> bool:
    """Whether another line of the function reads what a line made, and makes what has a name of it: then that is right itself."""
    name, function = source.place.target, source.place.function
    after = [other for other in search.now.records[source.time + 1 :] if other.place.function == function]
    anew = next((number for number, one in enumerate(after) if one.place.kind in GIVES and one.place.target == name), None)
    reads = (one.place for one in after[:anew] if one.place.kind in {"read", "argument"} and one.place.text == name)
    read = {place.statement for place in reads} - {record.place.statement}
    made = (array_of(one.value) for one in after if one.place.statement in read and one.place.kind == "assign")
    return any(value is not None and value.any() and has_a_name(search, value) for value in made)


def _lacks_a_factor(search: Search, found: Found) -> bool:
    """Whether what a line makes lacks just a quantity that has a name: then it is missing there, and not in what it was made of."""
    factor = _lacking_factor(found.record.value, found.right)
    return factor is not None and has_a_name(search, factor)


def _lacking_factor(made: Value, belongs: Value) -> Array | None:
    """By what one array would have to be multiplied to be another; None where that cannot be told."""
    value, right = array_of(made), array_of(belongs)
    return None if value is None or right is None or value.shape != right.shape or not value.all() else right / value


def _given_to_the_function(search: Search, value: Value) -> bool:
    return any(same(value, argument, search.tolerance) for argument in search.subject.arguments if array_of(argument) is not None)


def _lacks_a_term(search: Search, record: Record, reads: Sequence[Record], tried: Found) -> bool:
    """Whether a sum, which is all that a later line reads, lacks a term to be what has a name, and no line made that term before."""
    value, right = array_of(record.value), array_of(tried.right)
    line = expression_of(record.place.computes) if record.place.kind == "assign" else None
    adds = isinstance(line, ast.BinOp) and isinstance(line.op, ast.Add | ast.Sub)
    if not adds or any(read.place.text != record.place.target for read in reads):
        return False
    if value is None or right is None or value.shape != right.shape or not has_a_name(search, right):
        return False
    here = [other for other in search.now.records if other.place.kind in GIVES and other is not record]
    return not any(same(other.value, right - value, search.tolerance) for other in here)


def is_a_right_term(search: Search, record: Record, found: Found) -> bool:
    """Whether a line made what one of two paths gives to the sum that a later line is to make."""
    return found.quantity is not None and is_a_term_of_one(search, record, (found.quantity,))


def is_a_term_of_one(search: Search, record: Record, sums: Sequence[Quantity]) -> bool:
    """Whether a line made what one of two paths gives to one of these quantities."""
    return search.quantities.is_a_term({quantity.name for quantity in sums}, record.value, search.tolerance)


def _is_the_other_term(search: Search, record: Record, found: Found, tried: Found) -> bool:
    """Whether a later line adds to a right term what an earlier one made, and all that is missing in the sum is missing in that."""
    line = expression_of(found.record.place.computes)
    name, quantity = record.place.target, found.quantity
    adds = isinstance(line, ast.BinOp) and isinstance(line.op, ast.Add) and name in {ast.unparse(line.left), ast.unparse(line.right)}
    return adds and quantity is not None and search.quantities.is_a_term({quantity.name}, tried.right, search.tolerance)


def only_read(search: Search, record: Record, tried: Found) -> bool:
    """Whether a place reads a right quantity and does no more, where something of another shape would be needed, or it turned."""
    place, value, right = record.place, array_of(record.value), array_of(tried.right)
    reads = place.kind in {"element", "value", "argument"} and is_chain(ast.parse(f"({place.text})", mode="eval").body)
    turned = value is not None and right is not None and value.ndim == right.ndim == 2 and same(value.T, right, search.tolerance)  # noqa: PLR2004 - matrices
    return reads and (turned or shape_of(record.value) != shape_of(tried.right)) and has_a_name(search, record.value)


def _of_no_other_use(search: Search, kept: Record, found: Found) -> bool:
    """Whether what a dictionary or list keeps is used by the line found alone: it was put there for that line."""
    moves = search.subject.response(kept, search.substitutes, search.now.observations)
    mended = (*search.substitutes, *found.substitutes)
    return bool(moves) and not search.subject.response(kept, mended, search.subject.run(mended))


def _beside(search: Search, record: Record, kind: str) -> list[Record]:
    """The last record of a kind in the same statement, before or at a record."""
    before = search.now.records[: record.time + 1]
    found = [other for other in before if other.place.statement == record.place.statement and other.place.kind == kind]
    return found[-1:]


def _another(search: Search, given: Record, tried: Found) -> bool:
    """Whether a helper does its work right and is handed another quantity; not if a slip within the helper makes that of it."""
    value, right = array_of(given.value), array_of(tried.right)
    if value is None or right is None or not search.quantities.recognised(value, search.tolerance, stacks=False):
        return False
    if value.shape != right.shape:
        return True
    slips = (value**2, 1 - value, -value, np.tanh(value), value * (1 - value), 1 - value**2)
    return not any(same(slip, right, search.tolerance) for slip in slips)


def _right_at_some_visits(search: Search, found: Found) -> bool:
    """Whether a place needs no other value at some of its visits."""
    visits = sum(record.place.id == found.record.place.id for record in search.now.records)
    return sum(sub.place == found.record.place.id for sub in found.substitutes) < visits


def _of_all_steps(search: Search, found: Found, tried: Found) -> bool:
    """Whether the earlier line puts all steps of a quantity side by side, and no line before the one found does so rightly."""
    before = search.now.records[: found.record.time]
    whole = tried.quantity is not None and isinstance(tried.quantity.table, OverTime)
    return whole and not any(same(other.value, tried.right, search.tolerance) for other in before)


def likelier(search: Search, record: Record, found: Found, tried: Found) -> bool:  # noqa: PLR0911 - one for each rule
    """Whether an earlier place that cures just as much is to blame rather than the line found.

    It is where the line found is right at some of its visits and the earlier place at none, and where that has the name of a derivative
    and should hold one. It is not where the line makes something that is no quantity out of right ones, unless the earlier value stands
    under two names.
    """
    known = search.quantities.recognised
    here = record.place.function == found.record.place.function
    sooner = here and _right_at_some_visits(search, found) and not _right_at_some_visits(search, tried)
    if sooner or _of_all_steps(search, found, tried) or _is_the_other_term(search, record, found, tried):
        return True
    reads = reads_of(search, found.record)
    kept = record.place.kind == "value" and record.place.function == found.record.place.function
    if kept and has_a_name(search, tried.right) and _of_no_other_use(search, record, found):
        return True
    odd = [found.record, *(read for read in _beside(search, found.record, "right") if found.record.place.kind == "after")]
    line_is_odd = not all(known(made.value, search.tolerance) for made in odd) and all(read_right(search, read) for read in reads)
    if record.place.kind == "argument" and record.place.function != found.record.place.function and _another(search, record, tried):
        return True
    if record.place.kind == "argument":
        return not known(record.value, search.tolerance, stacks=False) or given_twice(search, record)
    if not line_is_odd or not known(record.value, search.tolerance, stacks=False) or _lacks_a_term(search, record, reads, tried):
        return True
    if found.record.place.kind == "after" and found.record.name == record.name:
        before = undone(found.record.place, found.right, odd[-1].value)
        both = known(odd[-1].value, search.tolerance) and before is not None and known(before, search.tolerance)
        given = any(_given_to_the_function(search, one) for one in (before, _lacking_factor(record.value, before)))
        return both and (given or has_a_name(search, before) or not has_a_name(search, record.value))
    if found.record.name == record.name and _lacks_a_factor(search, found):
        return False
    named = list(search.quantities.named(record.name, record.phase))
    if named:
        return not any(same(record.value, quantity.value, search.tolerance) for quantity in named)
    kinds = {kind_of(quantity.name) for quantity in search.quantities.equal(record.value, search.tolerance)}
    anothers = tried.quantity is not None and kind_of(tried.quantity.name) in kinds  # another gate's
    if anothers or _should_be_a_slope(search, record, tried):
        return True
    apart = record.place.kind != "value" or tried.quantity is None or kind_of(tried.quantity.name) in kinds
    return apart and any(_stands_beside(other, record) for other in search.now.records)


def _should_be_a_slope(search: Search, record: Record, tried: Found) -> bool:
    """Whether what belongs at an earlier line is a derivative, and the name there says so, or the line turns its sign round.

    No derivative of an activation is negative.
    """
    if tried.quantity is None or not tried.quantity.name.startswith("slope"):
        return False
    value = array_of(record.value) if record.place.kind in GIVES else None
    turned = value is not None and same(-value, tried.right, search.tolerance)
    return turned or OF_A_SLOPE.search(record.place.target) is not None


def _stands_beside(other: Record, record: Record) -> bool:
    """Whether the value stands under another name too, given by another line, or written out twice in one.

    A name that the cache gave before is none: what a line computes anew may well be the same.
    """
    place, beside = record.place, other.place
    if beside.kind not in GIVES or beside.function != place.function or other.name == record.name:
        return False
    twice = beside.statement != place.statement or (beside.text == place.text != place.target and beside.target != place.target)
    if not twice or not same(other.value, record.value):
        return False
    line = expression_of(place.computes) if other.time < record.time and beside.kind == "target" else None
    return line is None or is_chain(line)
