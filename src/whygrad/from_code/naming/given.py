"""What a call of the cell is given instead: another step's cache or gradient, one part of its gradient, the start value once more."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.from_code.naming.wording import Wording, filled, short, shortened
from whygrad.from_code.observe.arrays import array_of, same
from whygrad.from_code.observe.experiment import GIVES, READS
from whygrad.from_code.reference.parts import ARGUMENTS
from whygrad.from_code.words import which_step
from whygrad.mistakes import OPERATORS

if TYPE_CHECKING:
    from whygrad.from_code.naming.wording import Name
    from whygrad.from_code.observe.arrays import Array
    from whygrad.sandbox.places import Place
    from whygrad.sandbox.requests import Value


_OF_AN_RNN = 3
"""Arguments of the cell that has no cell state."""
_WITHOUT_A_CALL = (
    "Look at {name} in {function}, and at where its value comes from at the last step.",
    (
        "What a later step hands back is zero at the last step, which has no later one: zero goes in, so zero comes out, at every step and "
        "in every sum. Print {name} at each turn. Where do the gradients of this sequence come from in the first place?"
    ),
)
"""The first two hints on a gradient from above that is never taken in, where the loop calls no cell."""
_STAYS_ZERO = (
    "Two gradients meet in what the call is given: this step's own, and what the step after handed back. Print {name} at each turn: which "
    "line of the loop should put each of the two into it?"
)
"""The second hint where neither is taken in."""
_AT_EARLIER_STEPS = (
    "The last step, which the loop visits first, does not suffer: it is given its own. Two gradients meet in what any other is given, "
    "this step's own, and what the step after handed back. Print {name} at the second turn, beside both of them: which of them is in it?"
)
"""The second hint where the last step's is taken in, and no other."""
_STORED_OVER = (
    "The last step, which the loop visits first, does not suffer: nothing has been stored yet. Print {name} of the first step before the "
    "loop, and again when its turn comes. Two gradients belong there together: which of them is left?"
)
"""The second hint where what comes back is stored over the gradient from above."""


def given_otherwise(wording: Wording) -> Name | None:  # noqa: PLR0911 - one for each of the ways
    """What a call of the cell is given instead: the cache of another step, or only one of the two parts of its gradient."""
    if "cell" in wording.function:
        return None
    calls, record = wording.search.quantities.calls, wording.found.record
    if not wording.function.endswith("backward"):
        return _started_anew(wording)
    turn = record.phase if wording.search.subject.calling else record.visit
    steps, step = len(calls), len(calls) - 1 - turn
    value: Any = record.value
    if isinstance(value, (tuple, list, dict)):
        given, caches = cast("Value", value), wording.search.subject.own_caches or wording.arguments[-1][0]
        other = next((n for n, cache in enumerate(caches) if n != step and same(given, cache, wording.tolerance)), None)
        gets = f"the call at {which_step(step, steps)} gets the cache of"
        return None if other is None else wording.plain("cache-of-wrong-step", f"{gets} {which_step(other, steps)}", exact=True)
    if wording.value is None or wording.right is None or turn >= steps or not same(wording.right, calls[turn][0], wording.tolerance):
        return None
    upstream: Any = wording.arguments[0]
    part = upstream[:, :, step]
    value = wording.value if wording.value.ndim else np.broadcast_to(wording.value, part.shape)  # a carry that starts as the number 0
    if value.shape == part.shape == wording.right.shape:
        if same(value, part, wording.tolerance):
            return _not_carried(wording, step, part)
        if same(value, part - (wording.right - part), wording.tolerance):
            says = f"{_is_given(wording, step)} its own step's gradient less what comes back from the step after"
            return _of_all_that_is_given(wording, "sign-flipped", says)
        carried = wording.right - part
        ways = ((n, back) for back in (carried, np.zeros_like(carried)) for n in range(upstream.shape[2]) if n != step)
        other = next((n for n, back in ways if _comes_in(wording, upstream[:, :, n], back)), None)
        if other is not None:
            return _of_all_that_is_given(
                wording, "upstream-wrong-step", f"{_is_given(wording, step)} the upstream gradient of {which_step(other, steps)}"
            )
        used = not value.any() and any(same(read.value, part, wording.tolerance) for read in wording.found.reads)
        if not used and same(value, wording.right - part, wording.tolerance):
            return _not_taken_in(wording, step)
        own = f"{_is_given(wording, step)} its upstream gradient"
        whole = f"{_is_given(wording, step)} the hidden state's gradient"
        return _scaled(wording, value, wording.right, part, own) or _scaled(wording, value, wording.right, wording.right, whole)
    return None


def _is_given(wording: Wording, step: int) -> str:
    """How a sentence begins on what a call of the cell is given, or a name holds in a loop that calls none."""
    at = f"at {which_step(step, len(wording.search.quantities.calls))}"
    return f"the call {at} is given" if wording.search.subject.calling else f"{short(wording.found)} holds, {at},"


def _of_all_that_is_given(wording: Wording, known: str, says: str) -> Name:
    """A mistake in an argument of the call; the hints speak of all of it, not of the carry alone."""
    plain, place = wording.plain(known, says, exact=True), wording.found.record.place
    if place.kind != "argument":
        return plain
    first, second, _ = filled(OPERATORS[known].hints, {**wording.words(wording.quantity, says), "quantity": shortened(place.text)})
    return plain.asking(second, first)


def _taken_in_late(wording: Wording, step: int) -> Name | None:
    """A loop that takes in each step's gradient only below the call, so that the next one is given it."""
    place, upstream = wording.found.record.place, cast("Array", wording.arguments[0])
    given = [record.value for record in wording.search.subject.traced()[1] if record.place.id == place.id]
    if step == upstream.shape[2] - 1 and len(given) > 1 and same(given[1], upstream[:, :, step], wording.tolerance):
        return _of_all_that_is_given(
            wording, "upstream-wrong-step", f"{_is_given(wording, step - 1)} the upstream gradient of {which_step(step, upstream.shape[2])}"
        )
    return None


def _not_taken_in(wording: Wording, step: int) -> Name:
    """A loop that goes on with what comes back alone, which is zero from the start."""
    if (late := _taken_in_late(wording, step)) is not None:
        return late
    given = wording.found.record.place.text
    if wording.search.subject.calling and given.isidentifier() and not wording.gets_a_value_within(given):
        neither = "neither its own step's gradient nor, at an earlier step, what comes back is put into it"
        plain = wording.plain("upstream-missing", f"{_is_given(wording, step)} {given}, which stays zero: {neither}", exact=True)
        return plain.asking(_STAYS_ZERO.format(name=given))
    comes = "would come" if step == len(wording.search.quantities.calls) - 1 else "comes"
    says = f"{_is_given(wording, step)} only what {comes} back from a step after, without its own step's gradient"
    plain = wording.plain("upstream-missing", says, exact=True)
    if (stored := _stored_over(wording)) is not None:
        says = f"{says}: line {stored.line} stores that in the place of what stood there"
        hints = plain.hints[0], _STORED_OVER.format(name=short(wording.found)), plain.hints[2]
        return replace(plain, says=says, hints=hints, lines=(*plain.lines, (stored.source, stored.line)))
    if step < len(wording.search.quantities.calls) - 1:
        return plain.asking(_AT_EARLIER_STEPS.format(name=short(wording.found)))
    if wording.search.subject.calling:
        return plain
    where, what = (hint.format(name=short(wording.found), function=wording.function) for hint in _WITHOUT_A_CALL)
    return plain.asking(what, where)


def _stored_over(wording: Wording) -> Place | None:
    """The line that stored what a call is given into the very array of which the call takes a part."""
    record = wording.found.record
    base, part, _ = record.place.text.partition("[")
    before = (one for one in reversed(wording.search.last[: record.time]) if part and one.place.target.startswith(f"{base}["))
    stored = next((one for one in before if one.place.kind == "assign" and one.place.function == record.place.function), None)
    return stored.place if stored is not None and same(stored.value, record.value, wording.tolerance) else None


def _scaled(wording: Wording, value: Array, right: Array, part: Array, says: str) -> Name | None:
    """A gradient of which one part, or the whole, is divided by a size, or has the wrong sign."""
    upstream: Any = wording.arguments[0]
    sizes: dict[int, str] = dict(zip(upstream.shape, ("hidden units", "examples", "steps"), strict=False))
    if upstream.ndim > 2:  # noqa: PLR2004 - all steps
        sizes[upstream[0].size] = "examples times that of steps"
    ways = {-1: "with the wrong sign", **{size: f"divided by the number of {what}" for size, what in sizes.items()}}
    for divisor, how in ways.items():
        if value.shape == right.shape and same(value, right - part + part / divisor, wording.tolerance):
            return wording.plain("upstream-scaled", f"{says} {how}", exact=True)
    return None


def _comes_in(wording: Wording, upstream: Array, carried: Array) -> bool:
    """Whether the value found is this upstream gradient with what is carried."""
    return wording.value is not None and same(wording.value, upstream + carried, wording.tolerance)


def _not_carried(wording: Wording, step: int, part: Array) -> Name:
    """A call that is given only its own step's gradient: the carry that the line reads is zero, or it reads none."""
    text, reads = re.sub(r"\[[^\[\]]*\]", "", wording.found.record.place.text), wording.found.reads
    zero = [read.place.text for read in reads if read.place.kind in READS and _is_zero(read.value, part)]
    zero = [name for name in zero if not name.isidentifier() or re.search(rf"\b{name}\b", text)]  # no step that is counted
    added = wording.found.record.place.text.partition("=")[2].strip()
    own = any(read.place.kind == "before" and same(read.value, part, wording.tolerance) for read in wording.found.reads)
    zero += [added] * (own and added.isidentifier())
    says = f"{_is_given(wording, step)} only its own step's gradient: "
    says += f"{zero[-1]} is still zero there" if zero else "what comes back from the step after is not added"
    plain = wording.plain("carry-missing", says, exact=True)
    name = zero[-1] if zero else "what the later step hands back"
    words = {**wording.words(wording.quantity, says), "quantity": name}
    plain = replace(plain, hints=filled(OPERATORS["carry-missing"].hints, words))
    return wording.without_carry(plain, name, "zero" if zero else "unread")


def _started_anew(wording: Wording) -> Name | None:
    """A forward pass whose cell is given its start value again at a later call."""
    starts = [right for right in wording.search.quantities.calls[0][1:-1] if array_of(right) is not None]
    if wording.value is None or wording.found.how != "argument" or not wording.found.record.phase:
        return None
    if not any(same(wording.value, start, wording.tolerance) for start in starts):
        return None
    step, name, text = wording.found.record.phase, short(wording.found), " ".join(wording.found.record.place.text.split())[:60]
    known = any(record.place.target == name and record.place.kind in GIVES for record in wording.search.last)
    kept = f"the loop gives {name} no new value" if known else f"{name} stands there, and not what the cell handed back"
    kept = f"{name} gets it again in the loop" if wording.gets_a_value_within(name) else kept
    anew = f"{text} makes it anew at every step" if "(" in text else kept
    if wording.found.names and wording.found.names[-1] in wording.search.subject.text.unread:
        anew = f"it reads {wording.found.names[0]}, and no line reads {wording.found.names[-1]}"
    at = which_step(step, len(wording.search.quantities.calls))
    says = f"the call at {at} is given the start value once more: {anew}"
    if not wording.value.any() and re.search(r"\[.*(:|\.\.\.).*\]", name):
        says = f"the call at {at} is given zeros: nothing is stored in {name} yet when it is read here"
    plain = wording.with_the_line_behind(wording.plain("state-not-carried", says, exact=True), name)
    inside = wording.found.record.place.target.rpartition("(")[2].rstrip(")")
    as_what = ARGUMENTS[wording.search.subject.cell][int(inside)] if inside.isdigit() else inside
    return replace(plain, hints=(plain.hints[0].replace(f"as {name} at", f"as {as_what} at"), *plain.hints[1:]))


def is_a_start(wording: Wording) -> bool:
    """Whether the argument in question is a state, at the first call of a forward pass."""
    calls = wording.search.quantities.calls
    first = wording.function.endswith("forward") and not wording.found.record.phase and bool(calls)
    return first and any(same(wording.right, state, wording.tolerance) for state in calls[0][1:-1])


def given_forward(wording: Wording) -> Name | None:
    """A forward pass whose cell is given another step's input, or a wrong start value at its first call."""
    calls, phase = wording.search.quantities.calls, wording.found.record.phase
    started = wording.found.how == "value" and not phase and wording.found.record.place.kind in GIVES
    if (
        not (started or wording.found.how == "argument")
        or not wording.function.endswith("forward")
        or wording.value is None
        or phase >= len(calls)
    ):
        return None
    if not any(same(wording.right, state, wording.tolerance) for state in calls[phase][:-1]):
        return None
    if same(wording.right, calls[phase][0], wording.tolerance):
        x: Any = wording.arguments[0]
        other = next((n for n in range(x.shape[2]) if n != phase and same(wording.value, x[:, :, n], wording.tolerance)), None)
        gets = f"the call at {which_step(phase, len(calls))} is given the input of"
        return None if other is None else wording.plain("input-of-wrong-step", f"{gets} {which_step(other, len(calls))}", exact=True)
    if phase:
        return None
    start = _start(wording, wording.value)
    if start is None:
        return None
    where, cell = short(wording.found), len(calls[0]) > _OF_AN_RNN and same(wording.right, calls[0][2], wording.tolerance)
    if where == "a0" or "(" in where:
        where = f"its first {'cell' if cell else 'hidden'} state"
    return wording.plain("initial-state-wrong", f"the sequence {start} in {where}", exact=True)


def _start(wording: Wording, value: Array) -> str | None:
    """How a sequence starts, in words, with a wrong value of which that is known."""
    if same(value, wording.arguments[1], wording.tolerance):
        return "starts with a0"
    if value.size and not np.ptp(value):
        return f"starts from {value.flat[0]:g} everywhere" if value.any() else "starts from zero"
    return None if wording.right is None or wording.right.any() else "does not start from zero"


def _is_zero(value: Value, like: Array) -> bool:
    """Whether a value is an array of zeros of this shape, turned or not, or the number zero."""
    array = array_of(value)
    return array is not None and array.shape in {like.shape, like.T.shape, ()} and not array.any()
