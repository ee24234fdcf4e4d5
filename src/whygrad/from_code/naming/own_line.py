"""Names that follow from the learner's own line: a change of it gives what belongs there, at one visit or in a run of the program."""

from __future__ import annotations

import ast
import re
from collections import Counter
from dataclasses import replace
from functools import cache, partial
from itertools import combinations_with_replacement, islice
from typing import TYPE_CHECKING, Any

import numpy as np

from whygrad.from_code.lines.brackets import bracketed
from whygrad.from_code.lines.line_changes import changes, replaced
from whygrad.from_code.lines.needed import needed
from whygrad.from_code.lines.repair import Repair, repair
from whygrad.from_code.lines.two_slips import sign_and_brackets, two_slips
from whygrad.from_code.naming.axes import is_slice
from whygrad.from_code.naming.wording import Wording, short
from whygrad.from_code.observe.arrays import array_of, arrays_of, same
from whygrad.from_code.observe.dataflow import visits_of
from whygrad.from_code.observe.experiment import HOLDS, undone
from whygrad.from_code.observe.expression import Expression, expression_of
from whygrad.from_code.observe.harmless import ACTIVATIONS
from whygrad.from_code.observe.roles import turn_of
from whygrad.from_code.observe.scope import scope
from whygrad.from_code.places.locate import first_visit
from whygrad.from_code.places.one_helper import calls_of
from whygrad.from_code.places.used_rightly import at_other_visits, once_mended
from whygrad.from_code.stops.raising import within_reach
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from whygrad.from_code.lines.change import Change
    from whygrad.from_code.naming.wording import Name
    from whygrad.from_code.observe.arrays import Array
    from whygrad.from_code.observe.experiment import Found
    from whygrad.from_code.observe.subject import Record
    from whygrad.sandbox.requests import Value

_ROUNDED = 1e-9
"""Relative to the largest entry: rows that differ by less are one row that was worked out several times."""
_SLOPE = re.compile(r"\b1(\.0*)? ?-")
"""What the derivative of an activation has in it."""
_MOST_RUNS = 150
"""Runs in which a line that is visited several times gets another value of what it reads."""
_LACKS = {"transpose-wrong": "not transposed", "sign-flipped": "with the wrong sign"}
"""What a thing that is read lacks where it is put right by that alone."""
COMPUTED = frozenset(("assign", "value", "right", "after", "element", "return"))
SLIPS = " slips: "
"""What stands before those that a line has, where more than one change of it mends it."""
_MOST_FACTORS = 40
"""Right quantities of one shape that are multiplied with each other."""


def by_repair(wording: Wording) -> Name | None:
    """A change of the line that makes the right value of what it read, here, once its earlier visits are mended, or at its first.

    At the first turn of a loop much is zero, so that several changes fit: what fits at the next one says more.
    """
    found, place = wording.found, wording.found.record.place
    if wording.right is None and not isinstance(found.right, (tuple, list)):
        return None
    if place.kind == "loop":
        return None
    fits = cache(partial(_fits_at_each_visit, wording))
    change = _changes_too_much(wording) or _changes_otherwise(wording) or repaired(wording, found, fits)
    if change is None:
        with once_mended(wording.search, found, wording.others, found.record.visit) as mended:
            change = None if mended is None else repaired(wording, mended, fits)
    elif "cell" not in wording.function and not wording.search.subject.calling:
        with once_mended(wording.search, found, wording.others, found.record.visit + 1) as mended:
            change = (None if mended is None else repaired(wording, mended, fits)) or change
    first = first_visit(wording.search, found) if change is None else None
    if first is not None:
        change = repaired(wording, first, fits)
    whole = " ".join(place.text.split())[:60] if found.how == "argument" else short(found)
    if change is None:
        return None
    squashed = change.id == "activation-wrong" and change.form == "activated twice" and wording.function.endswith("backward")
    known = "wrong-activation-derivative" if squashed and _SLOPE.search(place.text) else change.id
    return wording.plain(known, has(whole, change.says), exact=change.exact, form=change.form)


def _changes_too_much(wording: Wording) -> Repair | None:
    """A line such as ``a += b`` where what stands on the left is right before it; at the next turn if it is zero at this one."""
    if wording.found.record.place.kind != "after" or wording.right is None:
        return None
    if wording.right.any():
        return _right_before(wording, wording.found)
    with once_mended(wording.search, wording.found, wording.others, wording.found.record.visit + 1) as mended:
        return None if mended is None else _right_before(wording, mended)


def _right_before(wording: Wording, found: Found) -> Repair | None:
    name, right = found.record.place.target, array_of(found.right)
    before = next((read.value for read in found.reads if read.place.kind == "before"), None)
    if right is None or not right.any() or not same(before, right, wording.tolerance):
        return None
    if "*" in found.record.place.text.partition("=")[0] or "/" in found.record.place.text.partition("=")[0]:
        return Repair("factor-added", f"a factor too many: {name} is right before this line", exact=True)
    return Repair("term-added", f"a term too many: {name} is right before this line", exact=True)


def _changes_otherwise(wording: Wording) -> Repair | None:
    """A line such as ``a += b`` for ``a *= b``."""
    found, before = wording.found, next((read.value for read in wording.found.reads if read.place.kind == "before"), None)
    side = array_of(undone(found.record.place, found.record.value, before)) if found.record.place.kind == "after" else None
    held, sign = array_of(before), found.record.place.text.partition("=")[0].rstrip()[-1:]
    if side is None or held is None or wording.right is None or not held.any() or (held == 1).all():  # a start tells of no operator
        return None
    with np.errstate(all="ignore"):
        ways = {"+": held + side, "-": held - side, "*": held * side, "/": held / side}
    alike = "+-" if sign in "+-" else sign  # another sign is told as that
    if not any(same(value, wording.right, wording.tolerance) for other, value in ways.items() if other not in alike):
        return None
    return Repair("operator-replaced", f"a {sign}= where another operator belongs", exact=True)


def repaired(wording: Wording, found: Found, fits: Callable[[tuple[str, str, str]], bool] = bool) -> Repair | None:
    """The change of the line with which it gives what belongs there, of those that fit."""
    text, right, value = computed_there(wording, found)
    missing = wording.search.quantities.around(turn_of(wording.search, found.record) if "cell" not in wording.function else None)
    raises = found.how == "raises"
    names = within_reach(wording.search, found.record, text) if raises else right_scope(wording, found.record)
    alone = found.reads[:1] == (found.record,) if found.record.place.kind == "assign" else not found.reads and is_slice(text)
    if alone and value is not None:  # a name, or a part of what has one
        names = {**names, text.strip(): value}
    if right is None:
        return None
    return repair(text, found.reads, names, right, wording.search.tolerance, wrong=value, missing=missing, raises=raises, fits=fits)


def _fits_at_each_visit(wording: Wording, slip: tuple[str, str, str]) -> bool:
    """Whether a change of a line fits wherever it is to be mended in a loop over the steps."""
    visits = at_other_visits(wording.search, wording.found, wording.others)
    return all(repaired(wording, mended, slip.__eq__) is not None for mended in visits)


def right_scope(wording: Wording, record: Record) -> dict[str, Value]:
    """What had a name when a record was made; of what other findings mend, the right values."""
    names, mended = scope(wording.search, record), {(sub.place, sub.visit): sub.value for sub in wording.others if not sub.copy}
    held: dict[str, Record] = {}
    for other in wording.search.last[: record.time] if mended else ():
        if other.place.kind in HOLDS and other.place.function == record.place.function:
            held[other.place.target] = other
    rights = {name: mended.get((made.place.id, made.visit)) for name, made in held.items()}
    return {**names, **{name: value for name, value in rights.items() if value is not None and name in names}}


def known_there(wording: Wording, record: Record, reads: Iterable[Record]) -> dict[str, Value]:
    """What had a name when a record was made, and what the line itself read."""
    return {**right_scope(wording, record), **{read.place.text: read.value for read in reads}}


def computed_there(wording: Wording, found: Found) -> tuple[str, Any, Any]:
    """The text of what is computed, what belongs there, and what came out instead; None where that is not known."""
    place, text = found.record.place, found.record.place.text
    right, value = _arrays(found.right), _arrays(found.record.value)
    if place.kind in {"assign", "right", "after"}:
        text = _right_side(text)
        right, value = (_added(found, right), _added(found, value)) if place.kind == "after" else (right, value)
    elif place.kind == "target" and text == place.target:
        text, right, value = wording.search.subject.text.right_side(place), wording.search.together(found), None
    elif place.kind == "return":
        text = text.removeprefix("return")
    return text, right, value


def _added(found: Found, whole: Any) -> Any:  # noqa: ANN401 - arrays, or None where it is unknown
    """What the right side of += and the like is, if this is what comes out, given what stood on the left."""
    before = next((read.value for read in found.reads if read.place.kind == "before"), None)
    return _without_copies(undone(found.record.place, whole, before))


def by_need(wording: Wording) -> Name | None:
    """What a part of the line would have to be is this part with up to three more factors."""
    text, right, _ = computed_there(wording, wording.found)
    if array_of(right) is None:
        return None
    line = Expression(text, known_there(wording, wording.found.record, wording.found.reads))
    for node, value, belongs in needed(line, right):
        with np.errstate(all="ignore"):
            ratio, activated = belongs / value, (np.tanh(value), ACTIVATIONS["sigmoid"](value))
        power = isinstance(node, ast.Call) and ast.unparse(node.func).endswith("exp")  # what it lacks is a term of its exponent
        if (
            not power
            and np.isfinite(ratio).all()
            and ratio.any()
            and not same(ratio, np.ones(ratio.shape), wording.tolerance)
            and _is_product(wording, ratio)
        ):
            says = f"{short(wording.found)} has {line.named(node)} without the factors that belong to it"
            return wording.plain("factor-dropped", says, exact=True)
        if any(same(form, belongs, wording.tolerance) for form in activated):
            return wording.plain("activation-wrong", f"{short(wording.found)} has {line.named(node)} without its activation", exact=True)
        near = [array for array in line.values.values() if array.shape == belongs.shape]
        if any(same(value + term, belongs, wording.tolerance) for array in near for term in _functions(array)):
            says = f"{short(wording.found)} has {line.named(node)} without a term that belongs to it"
            return wording.plain("term-dropped", says, exact=True)
    for value in bracketed(line) if line.tree is not None else ():
        array = array_of(value)
        with np.errstate(all="ignore"):
            ratio = None if array is None or array.shape != right.shape else right / array
        if ratio is not None and ratio.any() and next(wording.quantities(ratio), None) is not None:
            says = f"{short(wording.found)} has its brackets in another place, and lacks a factor"
            return wording.plain("bracket-moved", says, exact=True)
    return None


def adds_up(wording: Wording) -> bool:
    """Whether the line has its right value only at a later one of its visits, when more than what it reads there has been added up."""
    place = wording.found.record.place
    puts = {sub.visit for sub in wording.found.substitutes if sub.place == place.id}
    return bool(puts) and len(puts) < sum(record.place.id == place.id for record in wording.search.last)


def by_two(wording: Wording) -> Name | None:
    """Two changes of the line that together give what belongs there."""
    return _by_pair(wording, two_slips)


def by_sign_and_brackets(wording: Wording) -> Name | None:
    """Another operator, with brackets beside it, that gives what belongs there."""
    return _by_pair(wording, sign_and_brackets)


def _by_pair(wording: Wording, pair_of: Callable[[str, Mapping[str, Any], Any, float], tuple[Change, Change] | None]) -> Name | None:
    text, right, value = computed_there(wording, wording.found)
    if array_of(right) is None or array_of(value) is None or wording.found.record.place.kind not in COMPUTED or adds_up(wording):
        return None
    if _by_a_wrong_helper(wording, text):
        return None
    pair = pair_of(text, known_there(wording, wording.found.record, wording.found.reads), right, wording.search.tolerance)
    if pair is None:
        return None
    first, second = pair
    both = f"two{SLIPS}{first.says}, and {second.says}" if first.says != second.says else f"the same slip twice: {first.says}"
    form = "exchanged" if "exchanged" in {first.form, second.form} else second.form
    two = wording.plain(first.id, f"{short(wording.found)} has {both}", exact=True, form=form)
    return replace(two, slips=2)


def _by_a_wrong_helper(wording: Wording, text: str) -> bool:
    """Whether the line calls a helper of which a mistake is told by itself, and which is not mended at all of its calls."""
    mended = Counter(sub.place for sub in wording.others if sub.visit is not None)
    visits = Counter(record.place.id for record in wording.search.last)
    wrong = {wording.search.subject.places[place].function for place, times in mended.items() if times < visits[place]}
    return any(calls_of(function).search(text) for function in wrong - {wording.found.record.place.function})


def _is_product(wording: Wording, ratio: Any) -> bool:  # noqa: ANN401 - an array
    """Whether an array is a right quantity, or the product of two or three of them."""
    arrays = (array_of(quantity.value) for quantity in wording.search.quantities.like(ratio.shape, None))
    factors = list(islice((array for array in arrays if array is not None and array.all()), _MOST_FACTORS))
    for number in (0, 1, 2):
        for chosen in combinations_with_replacement(factors, number):
            with np.errstate(all="ignore"):
                rest = ratio / np.prod(chosen, axis=0)
            if next(wording.quantities(rest), None) is not None:
                return True
    return False


def by_running(wording: Wording) -> Name | None:
    """A line that is visited several times: with another value that had a name there all results come right."""
    place = wording.found.record.place
    visits = [record for record in wording.search.last if record.place.id == place.id]
    if len(visits) < 2 or not wording.search.complete or place.kind not in {"assign", "right", "after"}:  # noqa: PLR2004 - several
        return None
    for number, (read, text, substitutes) in enumerate(_exchanges(wording, visits)):
        if number >= _MOST_RUNS:
            return None
        if wording.search.results_right(wording.search.subject.run((*wording.others, *substitutes))):
            known, says = text, f"{read.place.text} {_LACKS[text]}" if text in _LACKS else ""
            if not says:
                known, says = replaced(read.place.text, text), f"{read.place.text} where another value belongs"
            return wording.plain(known, has(short(wording.found), says), exact=True)
    return None


def by_trying(wording: Wording) -> Name | None:
    """A line of which it is not known what belongs there: with a change of it, the same at each visit, all results come right."""
    record, unknown = (
        wording.found.record,
        wording.right is None or (wording.value is not None and wording.value.shape != wording.right.shape),
    )
    if not unknown or not wording.search.complete or record.place.kind not in {"assign", "value", "return", "element", "argument"}:
        return None
    text, _, _ = computed_there(wording, wording.found)
    visits = visits_of(wording.search, wording.found)
    lines = [Expression(text, known_there(wording, at, reads)) for at, reads in visits]
    tried: list[Array] = []
    for each in zip(*(changes(line, ()) for line in lines), strict=False) if all(line.tree is not None for line in lines) else ():
        values = [array_of(line.changed(change.part, change.value)) for line, change in zip(lines, each, strict=True)]
        first, alike = values[0], len({(change.id, change.says) for change in each}) == 1
        able = [value for value in values if value is not None and value.ndim and np.isfinite(value).all()]
        if first is None or not alike or len(able) < len(values) or any(same(first, other) for other in tried):
            continue
        puts = [put_here(at, value) for (at, _), value in zip(visits, able, strict=True)]
        if wording.search.results_right(wording.search.subject.run((*wording.others, *puts))):
            return wording.plain(each[0].id, has(short(wording.found), each[0].says), exact=True, form=each[0].form)
        tried.append(first)
        if len(tried) >= _MOST_RUNS:
            return None
    return None


def _exchanges(wording: Wording, visits: list[Record]) -> Iterator[tuple[Record, str, list[Substitute]]]:
    """For each thing that the line reads, a mistake or another name in its place, and with what it is put right at all visits."""
    names = [right_scope(wording, visit) for visit in visits]
    for read in reversed(wording.found.reads):  # the whole of what is computed comes last
        if read.place.kind not in {"read", "argument", "part"} or array_of(read.value) is None:
            continue
        records = [record for record in wording.search.last if record.place.id == read.place.id]
        if len(records) != len(visits):
            continue
        yield read, visits[0].place.target, _carried_on(wording, visits[0].place.target, records)
        if np.ndim(read.value) == 2:  # noqa: PLR2004 - a matrix
            yield read, "transpose-wrong", [put_here(record, np.transpose(record.value)) for record in records]
        if read.place.kind == "part":
            yield read, "sign-flipped", [put_here(record, np.multiply(record.value, -1)) for record in records]
            continue
        for text in names[-1]:
            if text != read.place.text and all(text in known for known in names):
                yield read, text, [put_here(record, known[text]) for record, known in zip(records, names, strict=True)]


def _carried_on(wording: Wording, target: str, reads: Sequence[Record]) -> list[Substitute]:
    """At each visit what the line's own target holds by then, if that is what it reads instead."""
    found: list[Substitute] = []
    for read in reads:
        held: Record | None = None
        for record in wording.search.subject.traced((*wording.others, *found))[1]:
            if (record.place.id, record.visit) == (read.place.id, read.visit):
                break
            if record.place.target == target and record.place.kind in {"assign", "after"}:
                held = record
        if held is not None:
            found.append(put_here(read, held.value))
    return found


def _functions(array: Any) -> Iterator[Any]:  # noqa: ANN401
    """What an activation is made of."""
    with np.errstate(all="ignore"):
        yield from (np.exp(array), np.exp(-array), np.tanh(array), np.tanh(array / 2), array**2, -(array**2))


def _right_side(text: str) -> str:
    """What a statement computes and assigns; a call that puts it into an array, ``np.add(a, b, out=a)``, without saying where to."""
    call = expression_of(text)
    if not isinstance(call, ast.Call):
        return text.partition("=")[2]
    return ast.unparse(ast.Call(call.func, call.args, [keyword for keyword in call.keywords if keyword.arg != "out"]))


def put_here(record: Record, value: Value) -> Substitute:
    """What puts a value at a record's place and visit."""
    return Substitute(record.place.id, record.visit, value)


def _arrays(value: Value) -> Any:  # noqa: ANN401 - an array, or a list of them
    """An array, or the arrays of a list; None where it is neither."""
    return arrays_of(value) or None if isinstance(value, (tuple, list)) else array_of(value)


def _without_copies(array: Array | None) -> Array | None:
    """One row for all of a matrix whose rows are the same, as when each of them was divided by one row."""
    if array is None or array.ndim != 2 or len(array) < 2 or not array.any():  # noqa: PLR2004 - a matrix of several rows
        return array
    return array[:1] if np.ptp(array, axis=0).max() <= _ROUNDED * np.abs(array).max() else array


def has(name: str, says: str) -> str:
    """The sentence on what a name has; of a part that is itself what is said, that it stands, or is cut, there."""
    if says.startswith(f"{name} cut in "):
        return f"{name} is{says[len(name) :]}"
    if says in {f"{name} transposed", f"{name} not transposed"}:
        return f"{name} has its rows and columns exchanged"
    itself = says.replace('"', "'").startswith(tuple(f"{name} {how}".replace('"', "'") for how in ("where", "without")))
    return f"{name} stands{says[len(name) :]}" if itself else f"{name} has {says}"
