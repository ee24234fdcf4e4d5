"""What a wrong value is beside the right one: zero, negative, another quantity, a wrong sum, a factor or term too many or too few."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.from_code.naming.algebra import another_activation, lacks_a_term
from whygrad.from_code.naming.axes import a_step_off, cut_wrongly, is_slice, joined_otherwise, one_too_many, slices, turned
from whygrad.from_code.naming.kept_as_it_is import adds_itself, keeps_its_value
from whygrad.from_code.naming.own_line import by_repair
from whygrad.from_code.naming.wording import ANOTHER_BELONGS, SINCE, VOCABULARY, Name, Wording, inner, short, word
from whygrad.from_code.naming.zeros import fills, is_zero, partly_empty, starts_from_something
from whygrad.from_code.observe.arrays import array_of, same
from whygrad.from_code.observe.experiment import GIVES, READS, buffer, undone
from whygrad.from_code.observe.expression import broadcast, expression_of
from whygrad.from_code.observe.scope import scope
from whygrad.from_code.observe.subject import name_of
from whygrad.from_code.places.only_renamed import is_activated
from whygrad.from_code.reference.inputs import ENTRIES
from whygrad.from_code.words import which_step
from whygrad.mistakes.words import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from whygrad.from_code.observe.arrays import Array
    from whygrad.from_code.observe.subject import Record
    from whygrad.sandbox.requests import Value


_ENTRY = re.compile(r"\w+(\[['\"]\w+['\"]\])?")
"""A name, or an entry of a dictionary."""
_BOUND = (
    "A bound against an overflow does no harm where no value comes near it, and some come near this one. Print the smallest and the "
    "largest value before and after: which of them have become the bound itself?"
)
_CUTS = re.compile(r"clip|min|max|where")
"""What a line has that cuts off what lies beyond a bound, NumPy's function or one that is named after it."""
_BOUNDS = re.compile(r", ?(-?\d+\.?\d*), ?(-?\d+\.?\d*) ?[,)]")
"""The two bounds that it is given, where they are written out."""
_TRANSPOSED = re.compile(r"(^|=)\s*([\w.]+\.T|(np\.|numpy\.)transpose\([\w.]+\)|[\w.]+\.transpose\(\))\s*$")
"""A name that is transposed, and nothing else."""


_STATES = frozenset(("a_next", "c_next", "a_prev", "c_prev"))
"""What the reference calls a step's states, and before the first step what the sequence starts from."""
_AXES = (
    "An array of a sequence has the units (or inputs) first, then the examples, then the steps; one that is made of a list has the "
    "list first. Print the shape of each, axis by axis."
)


def at_first_sight(wording: Wording) -> Name | None:
    """What the value itself tells, whatever the line has."""
    value, right = wording.value, wording.right
    if value is None or right is None:
        return None
    if not value.ndim and (wording.found.how == "argument" or fills(wording.found.record.place)):  # a carry that starts as the number 0
        value = np.broadcast_to(value, right.shape)
    if (
        placed := adds_itself(wording)
        or keeps_its_value(wording)
        or _on_its_side(wording, value, right)
        or one_too_many(wording, value, right)
    ) is not None:
        return placed
    if value.shape != right.shape:
        return _shaped(wording, value, right)
    start = starts_from_something(wording, value, right) or _changes_nothing(wording, value, right) or held_in_the_cache(wording)
    if start is not None:
        return start
    first = a_step_off(wording, value, right) or _kept_too(wording, right) or _summed(wording, value) or _last_alone(wording, right)
    return first or partly_empty(wording, value, right) or _zero_or_negative(wording, value, right) or _clipped(wording, value, right)


def _changes_nothing(wording: Wording, value: Array, right: Array) -> Name | None:
    """A line such as ``dc = dc`` that should have added something, or multiplied with it."""
    if not wording.search.subject.text.gives_itself(wording.found.record.place) or is_activated(value, right):
        return None
    with np.errstate(all="ignore"):
        factor = np.isfinite(ratio := right / value).all() and next(wording.quantities(ratio), None) is not None
    known, done = ("factor-dropped", "multiplied with") if factor else ("term-dropped", "added to")
    return wording.plain(known, f"{short(wording.found)} stays as it is here: nothing is {done} it", exact=False)


def _on_its_side(wording: Wording, value: Array, right: Array) -> Name | None:
    """The right matrix, transposed: its shape shows it, or the line does nothing else."""
    name, shown = short(wording.found), value.shape != right.shape
    bare = value.ndim == 2 and _TRANSPOSED.search(wording.found.record.place.text) is not None  # noqa: PLR2004 - a matrix
    if not (bare or (shown and value.ndim)) or value.T.shape != right.shape or not same(value.T, right, wording.search.tolerance):
        return None
    told = shown and not wording.search.subject.raises  # what is said of an error tells them
    shapes = f": it has shape {value.shape}, and what belongs here has shape {right.shape}" if told else ""
    reads = wording.found.record.place.kind in READS and not bare and next(wording.quantities(value), None) is not None
    return wording.plain("transpose-wrong", f"{name} is {'not ' * reads}transposed{shapes}", exact=bare)


def _kept_too(wording: Wording, right: Array) -> Name | None:
    """A line such as ``a += b``, or ``a = a + b``, that makes a carry, where ``b`` alone belongs."""
    place, carries = wording.found.record.place, VOCABULARY.carries
    carried = {wording.quantity, inner(wording.quantity)} & {*carries, *carries.values()}
    if "cell" in wording.function or not (carried or (place.loops and wording.given_to_a_call(place.target))):
        return None
    own = "" if place.kind == "after" else place.target
    before = next((read.value for read in wording.found.reads if read.place.kind == "before" or read.place.text == own), None)
    added_there = (
        undone(place, wording.found.record.value, before) if place.kind == "after" else _without(before, wording.found.record.value)
    )
    if added_there is None or not same(added_there, right, wording.search.tolerance):
        return None
    says = f"each step keeps the old value of {place.target} where the new one should replace it"
    return wording.plain("carry-added-up", says, exact=True)


def _last_alone(wording: Wording, right: Array) -> Name | None:
    """Of what a line gives at its visits one after another, the last, or their mean, stands where their sum belongs."""
    place, tolerance = wording.found.record.place, wording.search.tolerance
    given = [array for record in wording.search.last if record.place.id == place.id and (array := array_of(record.value)) is not None]
    several = sum(bool(array.any()) for array in given) > 1
    if not several or any(array.shape != right.shape for array in given) or not same(sum(given), right, tolerance):
        return None
    around = [one for one in wording.search.last if one.place.statement == place.statement and one.place.kind == "assign"]
    made = [(one.place.target, one.value) for one in around if one.place.id != place.id]  # of the parts that stand within it
    if mean := next((name for name, value in made if same(value, right / len(given), tolerance)), None):
        return wording.plain("mean-for-sum", f"{mean} is the mean of {len(given)} parts, and their sum belongs there", exact=True)
    if made and not any(same(value, given[-1], tolerance) for _, value in made):
        return None
    return wording.plain("overwritten-not-summed", f"{short(wording.found)} holds the last of {len(given)} parts alone", exact=True)


def _shaped(wording: Wording, value: Any, right: Any) -> Name | None:  # noqa: ANN401, PLR0911 - one for each of the shapes
    text = wording.found.record.place.computes
    if buffer(wording.found.record):
        what = "what belongs into it" if value.ndim == 3 else "what is added to it"  # noqa: PLR2004 - all steps
        says = f"{short(wording.found)} is made with the shape {value.shape}; {what} has the shape {right.shape}"
        wide = value.ndim == right.ndim and value.shape[0] == right.shape[0] and right.shape[-1] == 1
        plain = wording.plain("accumulator-too-wide" if wide else "accumulated-wrongly", says, exact=False)
        sizes = "Print this shape beside that of what is stored in it, axis by axis. From which array is each of the sizes taken?"
        return by_repair(wording) or (plain if wide else plain.asking(sizes))
    if wording.loops() and wording.found.record.place.kind != "value":
        return wording.plain("left-at-zero", f"nothing is added to {short(wording.found)} here", exact=False) if not np.any(value) else None
    if wording.quantity == "da0" and (is_slice(text) or text.strip().isidentifier()):
        says = f"{text.strip()} stands here, of shape {value.shape}; da0 has shape {right.shape}"
        return _of_another_shape(wording, "initial-gradient-wrong", says)
    if turned(wording, value, right):
        shapes = f"shape {value.shape}, and what belongs here has shape {right.shape}"
        return wording.plain("transpose-wrong", f"{short(wording.found)} has its axes in another order: {shapes}", exact=True).asking(_AXES)
    if is_slice(text) and not np.any(right):
        says = f"{text.strip()} is a part of another array; what belongs here is an array of its own, of shape {right.shape}"
        return wording.plain("view-of-output", says, exact=False)
    if is_slice(text):
        return wording.plain(
            cut_wrongly(text),
            f"{text.strip()} has shape {value.shape}; what belongs here has shape {right.shape}",
            exact=_other_part(wording, text, right),
        )
    if broadcast(right.shape, value.shape) and (dropped := lacks_a_term(wording, value, right)) is not None:
        return dropped
    if wording.search.subject.text.gives_itself(wording.found.record.place):
        return wording.plain("term-dropped", f"{text.strip()} stays as it is here: nothing is added to it", exact=False)
    joined = joined_otherwise(wording, value, right, text)
    if joined is None and _ENTRY.fullmatch(text.strip()):
        says = f"{text.strip()} stands here, of shape {value.shape}; what belongs here has shape {right.shape}"
        return _of_another_shape(wording, "name-replaced", says)
    return joined


def _of_another_shape(wording: Wording, known: str, says: str) -> Name:
    """Another quantity, and its shape shows it: the hint speaks of that."""
    plain = wording.plain(known, says, exact=False)
    what = "No error comes of it where the array only gets a name. Print its shape beside that of what its gradient belongs to."
    if wording.function.endswith("forward"):
        what = "No error comes of it where the array is only handed on. Print its shape: is it the one that the assignment asks for?"
    return plain.asking(what)


def told_of_a_cut(wording: Wording) -> Name | None:
    """A part of something is taken in the line, and what comes out has another shape than it should."""
    value, right, place = wording.value, wording.right, wording.found.record.place
    text = place.computes
    if value is None or right is None or value.shape == right.shape or not (slices(text) or _sums(text)):
        return None
    says = f"{short(wording.found)} has shape {value.shape}; what belongs here has shape {right.shape}"
    return wording.plain(cut_wrongly(text) if slices(text) else "sum-wrong", says, exact=False)


def _other_part(wording: Wording, text: str, right: Array) -> bool:
    """Whether the right value is another part of the array of which the line takes one: rows or columns side by side."""
    whole = array_of(scope(wording.search, wording.found.record).get(text.partition("[")[0].strip()))
    if whole is None or not whole.ndim == right.ndim == 2:  # noqa: PLR2004 - matrices
        return False
    for array, part in ((whole, right), (whole.T, right.T)):
        starts = range(len(array) - len(part) + 1) if array.shape[1] == part.shape[1] else ()
        if any(same(array[start : start + len(part)], part, wording.search.tolerance) for start in starts):
            return True
    return False


def _zero_or_negative(wording: Wording, value: Array, right: Array) -> Name | None:
    if not value.any():
        return is_zero(wording)
    if same(-value, right, wording.search.tolerance):
        return wording.plain("sign-flipped", f"{short(wording.found)} has the wrong sign", exact=False)
    return None


def _clipped(wording: Wording, value: Array, right: Array) -> Name | None:
    """The right array, of which the line cuts off what lies beyond a bound."""
    if not _CUTS.search(wording.found.record.place.text) or not value.size:
        return None
    low, high = value.min(), value.max()
    beyond = ((low, right[right < low]), (high, right[right > high]))
    bounds = [f"{bound:.6g}" for bound, cut in beyond if not same(cut, np.full_like(cut, bound))]
    if not bounds or not same(value, np.clip(right, low, high), wording.search.tolerance):
        return None
    written = _BOUNDS.search(wording.found.record.place.text)
    if written is not None and {float(bound) for bound in bounds} <= set(map(float, written.groups())):
        bounds = list(written.groups())  # one of them may not have been met
    says = f"{short(wording.found)} is cut off at {' and '.join(bounds)}"
    if wording.function.endswith("backward"):
        return wording.plain("gradient-clipped", says, exact=True)
    name = wording.plain("activation-wrong", says, exact=True)
    return name.asking(_BOUND)


def equal(wording: Wording) -> Name | None:
    """Another quantity stands here."""
    if (another := another_activation(wording)) is not None:
        return another
    if wording.value is None or wording.right is None or wording.value.shape != wording.right.shape:
        return None
    if (held := _held_before(wording)) is not None:
        return held
    for quantity in wording.quantities(wording.value):
        what = quantity.name
        if not what.isidentifier() and what not in VOCABULARY.words:
            continue  # no name that says anything
        started = wording.value.ndim == 2 and what in _STATES and not quantity.record.phase and "cell" not in wording.function  # noqa: PLR2004
        if started and what == "a_prev" and not wording.found.record.place.loops and wording.function.endswith("forward"):
            return wording.plain("name-replaced", f"{short(wording.found)} gets a0 ({VOCABULARY.word('a0')})", exact=False)
        if started or (what == wording.quantity and "cell" in wording.function):
            continue
        siblings = VOCABULARY.kind(what) is not None and VOCABULARY.kind(what) == VOCABULARY.kind(wording.quantity)
        known = "gate-swapped" if siblings and what != wording.quantity else "name-replaced"
        name = short(wording.found)
        stands = wording.found.record.place.kind == "value" and wording.found.record.place.target.isdigit()  # and gets nothing
        another = stands or what == name_of(name) or what not in VOCABULARY.words
        name = f"what {name} gets" if another and wording.found.record.place.kind == "target" else name
        says = f"{_at_its_place(wording)}{name} {ANOTHER_BELONGS}" if another else f"{name} gets {word(quantity)}"
        if not another and wording.found.record.place.kind == "argument" and name == wording.found.record.place.text:
            says = f"{name} {'holds' if name.isidentifier() else 'is'} {word(quantity)}, and another value belongs here"
        if what == wording.quantity and "cell" not in wording.function:
            says = f"{name} gets what belongs to another step"
        return wording.plain(known, says, exact=False)
    return None


def _at_its_place(wording: Wording) -> str:
    """At which place of what is written out something stands that stands there more than once."""
    place = wording.found.record.place
    beside = [one for one in wording.search.subject.places if (one.statement, one.kind, one.text) == (place.statement, "value", place.text)]
    several = place.kind == "value" and place.target.isdigit() and len({one.target for one in beside}) > 1
    return f"at place {int(place.target) + 1} of what is written out here, " if several else ""


def held_in_the_cache(wording: Wording) -> Name | None:
    """A name that gets another value in a backward cell, where what the cache holds under it was right."""
    entries = ENTRIES[wording.function.partition("_")[0]] if wording.function.endswith("cell_backward") else ()
    return _held_before(wording) if wording.quantity in entries else None


def _held_before(wording: Wording) -> Name | None:
    """A name that gets another value, and what a line above gave it belongs there."""
    place, seen = wording.found.record.place, wording.search.last[: wording.found.record.time]
    above = (one for one in seen if one.place.target == place.target and one.place.kind in GIVES and one.place.id != place.id)
    given = [one for one in above if one.place.function == place.function and same(one.value, wording.right, wording.search.tolerance)]
    if place.kind != "assign" or not given:
        return None
    line = given[-1].place
    says = f"{place.target} gets another value here, and what line {line.line} gave it is asked for below"
    return wording.plain("updated-in-place", says, exact=True, lines=((line.source, line.line),)).asking(SINCE.format(name=place.target))


def _summed(wording: Wording, value: Any) -> Name | None:  # noqa: ANN401
    """Which multiples of the step gradients a wrong sum adds up: after the last turn, if it is one of the same by then."""
    carried = {*VOCABULARY.carries, *VOCABULARY.carries.values()}
    if "cell" in wording.function or not wording.function.endswith("backward") or (wording.quantity in carried and not value.any()):
        return None
    turns = _at_each_turn(wording)
    if wording.found.record.place.kind == "right" and wording.found.record.place.loops:
        return _added_at_each(wording, turns)
    end = turns[-1] if turns and turns[-1].visit != wording.found.record.visit else None
    in_the_end = array_of(end.value) if end is not None else None
    last = _summed_at(wording, end, in_the_end) if end is not None and in_the_end is not None and in_the_end.shape == value.shape else None
    return last or _summed_at(wording, wording.found.record, value)


def _at_each_turn(wording: Wording) -> list[Record]:
    """The same line at each turn of the loop, and there at the same of its visits; none where turns have not as many."""
    found, groups = wording.found.record, defaultdict[int, "list[Record]"](list)
    for record in wording.search.subject.traced(wording.others)[1]:
        if record.place.id == found.place.id:
            groups[record.phase if wording.search.subject.calling else record.visit].append(record)
    now = next(([one.visit for one in group] for group in groups.values() if found.visit in {one.visit for one in group}), None)
    if now is None or any(len(group) != len(now) for group in groups.values()):
        return []
    return [group[now.index(found.visit)] for group in groups.values()]


def _added_at_each(wording: Wording, turns: Sequence[Record]) -> Name | None:
    """A line such as ``a += b`` that adds each step's gradient so many times: what it is given there is no sum."""
    parts = [cast("Mapping[str, Any]", call.value).get(wording.quantity) for call in wording.search.quantities.tables[0].reply.calls]
    if len(turns) != len(parts):
        return None
    factors = [_multiple(one.value, part, wording.tolerance) for one, part in zip(turns, parts, strict=True)]
    if not any(factors) or any(times is None or not times.is_integer() for times in factors):
        return None
    uneven = len({*factors} - {0, 1}) > 1
    return (by_repair(wording) if uneven else None) or _so_often(wording, np.array(factors, float))


def _summed_at(wording: Wording, record: Record, value: Any) -> Name | None:  # noqa: ANN401 - as above
    calls = wording.search.quantities.tables[0].reply.calls
    until = record.phase if wording.search.subject.calling else len(calls)  # it may have the cell written out
    each = [cast("Mapping[str, Any]", call.value).get(wording.quantity) for call in calls[:until]]
    parts = [part for gradient in each if (part := array_of(gradient)) is not None and part.shape == value.shape]
    if not parts or len(parts) != len(each):
        return None
    matrix = np.stack([part.ravel() for part in parts], axis=1).astype(float)
    times: Array = np.rint(cast("Array", np.linalg.lstsq(matrix, value.ravel().astype(float), rcond=None)[0]))
    alone = np.array([same(part, value, wording.tolerance) for part in parts], float)
    whole: Array = np.sum(parts, axis=0)
    each_so_often = np.rint(cast("float", np.vdot(whole, value) / np.vdot(whole, whole))) if whole.any() else 0.0
    even = same(each_so_often * whole, value, wording.tolerance)
    # a bias that has fewer entries than there are steps is made of these in many ways
    times = alone if alone.sum() == 1 else np.full(len(parts), each_so_often) if even else times
    if not same(matrix @ times, value.ravel(), 1e-6) or np.all(times == 1):
        return _made_of_all(wording, parts, value)
    return _so_often(wording, times)


def _so_often(wording: Wording, times: Array) -> Name:
    """A sum that holds these multiples of the steps' gradients, the last step's first; where they are fewer, after as many turns."""
    if np.all(times == -1):
        return wording.plain("sign-flipped", f"each step's gradient is subtracted from {short(wording.found)}, not added", exact=True)
    change = by_repair(wording) if np.any(times < 0) else None
    if change is not None and change.id == "sign-flipped":
        return change
    steps = len(wording.search.quantities.calls)
    known, says = added(times, short(wording.found), steps=steps)
    if 1 < len(times) < steps and " each " not in says:
        says = f"{says}, after {len(times)} turns of the loop"
    return wording.plain(known, says, exact=True)


def _made_of_all(wording: Wording, parts: Sequence[Array], value: Array) -> Name | None:
    """What one number is made of, entry by entry, where the steps' gradients should be added up."""
    zero = np.zeros_like(value)  # with which the sum starts
    ways = (
        f"{what} of the steps' gradients{start}"
        for start, more in (("", ()), (" and zero", (zero,)))
        for what, makes in _OF_ALL.items()
        if same(makes([*parts, *more]), value, wording.tolerance)
    )
    made = next(ways, None) if len(parts) > 1 else None
    if made is None:
        return None
    return wording.plain("accumulated-wrongly", f"{short(wording.found)} holds the {made}, not their sum", exact=True)


_OF_ALL: dict[str, Callable[[Sequence[Array]], Array]] = {
    "largest": partial(np.max, axis=0),
    "smallest": partial(np.min, axis=0),
    "product": partial(np.prod, axis=0),
    "median": partial(np.median, axis=0),
}
"""What can be made of several arrays, entry by entry."""


def _multiple(value: Value, part: Value, tolerance: float) -> float | None:
    """How many times a value is another; a whole number where it is near one."""
    given, one = array_of(value), array_of(part)
    if given is None or one is None or given.shape != one.shape or not one.any():
        return None
    times = float(np.vdot(one, given) / np.vdot(one, one))
    times = float(np.rint(times)) if same(times, np.rint(times), tolerance) else times
    return times if same(times * one, given, tolerance) else None


def _without(term: Value, value: Value) -> Array | None:
    """What is left of a sum of two arrays."""
    one, whole = array_of(term), array_of(value)
    return whole - one if one is not None and whole is not None and one.shape == whole.shape else None


def _sums(text: str) -> bool:
    """Whether something is summed in an expression."""
    tree = expression_of(text)
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)] if tree is not None else []
    return any(isinstance(call, ast.Attribute) and call.attr == "sum" for call in calls)


def added(times: Any, name: str, steps: int | None = None, *, many: bool = False) -> tuple[str, str]:  # noqa: ANN401 - an array
    """The mistake by which a sum holds these multiples of the steps' gradients, the last of ``steps`` first, and the sentence on it."""
    last = (steps or len(times)) - 1
    if last and len(times) > last and len({*times}) == 1 and times[0] > 1:
        return "accumulated-wrongly", f"{name} hold{'' if many else 's'} each step's gradient {int(times[0])} times"
    parts = listed([_how_often(int(n), which_step(last - k, last + 1)) for k, n in enumerate(times) if n] or ["none"])
    one = np.count_nonzero(times) == 1 and times.max() == 1
    known = "overwritten-not-summed" if one else "accumulated-wrongly" if np.any(times) else "left-at-zero"
    without = [f"that of {which_step(last - k, last + 1)}" for k, n in enumerate(times) if not n]
    if set(times) == {0, 1} and len(without) < np.count_nonzero(times):
        return known, f"of the steps' gradients, {name} lack{'' if many else 's'} {listed(without)}"
    return known, f"of the steps' gradients, {name} hold{'' if many else 's'} {parts}{' alone' * bool(one)}"


def _how_often(times: int, step: str) -> str:
    return f"that of {step}" + (
        "" if times == 1 else f", {times} times" if times > 1 else f", subtracted{f' {-times} times' * (times < -1)}"
    )
