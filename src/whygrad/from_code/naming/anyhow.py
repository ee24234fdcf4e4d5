"""What is said of a line where no mistake that has a name explains it: how its value is off, or what a call is given wrongly."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import numpy as np

from whygrad.from_code.naming.given import is_a_start
from whygrad.from_code.naming.wording import Name, Wording, counted_by, returned_by, short, shortened
from whygrad.from_code.observe.arrays import same
from whygrad.from_code.observe.experiment import callee
from whygrad.from_code.observe.returned_as import returned_as, right_result
from whygrad.from_code.reference.inputs import OUTPUTS
from whygrad.from_code.reference.parts import FUNCTIONS
from whygrad.sandbox.requests import Odd

if TYPE_CHECKING:
    from whygrad.from_code.observe.arrays import Array
    from whygrad.from_code.observe.experiment import Found
    from whygrad.sandbox.requests import Value

_FUNCTIONS_OF_PYTHON = frozenset(("builtin_function_or_method", "method", "function"))


def anyhow(wording: Wording) -> Name:
    """What is seen of the value, or of the call, and no more."""
    value, right, how = wording.value, wording.right, wording.found.how
    if isinstance(wording.found.record.value, Odd) and wording.found.record.value.type in _FUNCTIONS_OF_PYTHON:
        says = f"{short(wording.found)} is a function here and no array: the round brackets that call it are missing where it is made"
        return wording.plain(
            "returned-wrong" if right_result(wording.search, wording.found.record) is not None else None, says, exact=False
        )
    if how == "raises":
        return wording.plain(None, f"{short(wording.found)} cannot be computed here", exact=False)
    if how in {"loop", "argument"}:
        return _loop_runs_otherwise(wording) if how == "loop" else _given_wrongly(wording)
    helper = _helper_called(wording) if _found_at_call(wording.found) else None
    if helper is not None and _at_every_visit(wording):
        says = f"what {helper} makes of this call is wrong, and of its other calls too: it is wrong itself, or given wrongly by all"
        return wording.plain(None, says, exact=False)
    if helper is not None:
        says = f"what {helper} makes of this call is wrong, and of its other calls right: something is given wrongly here, or left out"
        return wording.plain("call-argument-wrong", says, exact=False)
    unlike = value is None or right is None or value.shape != right.shape
    unlike = unlike or any(same(value, result, wording.tolerance) for result in wording.search.quantities.results.values())
    known = "returned-wrong" if unlike and right_result(wording.search, wording.found.record) is not None else None
    return (known and _in_another_place(wording)) or _comes_out_wrong(wording, known)


def _at_every_visit(wording: Wording) -> bool:
    """Whether something has to be put at every visit of a place, and there are several."""
    put, visits = (Counter(one) for one in ((sub.place for sub in wording.found.substitutes), (r.place.id for r in wording.search.last)))
    return all(visits[place] == times > 1 for place, times in put.items())


def _helper_called(wording: Wording) -> str | None:
    """The helper of the learner's own that the line calls, and that is called at other lines too."""
    statement, known = wording.found.record.place.statement, wording.search.subject.text.signatures
    calls = [(callee(place.target), place.statement) for place in wording.search.subject.places if place.kind == "argument"]
    here = [name for name, at in calls if at == statement and name in known and name not in FUNCTIONS]
    return next((name for name in here if any(other == name and at != statement for other, at in calls)), None)


def _first_of_it(value: Array, right: Array) -> bool:
    """Whether an array is the first part of the right one, and not all of it."""
    end = value.shape[-1]
    return end < right.shape[-1] and value.shape[:2] == right.shape[:2] and same(value, right[..., :end])


def _in_another_place(wording: Wording) -> Name | None:
    """What a forward function returns at the place of something else, or of which only the first steps are there."""
    value, right = wording.value, wording.right
    if value is not None and right is not None and value.ndim == right.ndim == 3 and _first_of_it(value, right):  # noqa: PLR2004 - all steps
        says = f"{short(wording.found)} holds the first {value.shape[-1]} steps alone, of {right.shape[-1]} that x has"
        return wording.plain("loop-wrong", says, exact=True)
    at = returned_as(wording.search, wording.found.record) if wording.function in OUTPUTS else None
    if at is None or not at.isdigit():
        return None
    name, belongs, here = short(wording.found), OUTPUTS[wording.function][int(at)], wording.found.record.place
    loops = (one for one in wording.search.subject.places if one.kind == "loop" and one.function == here.function and one.target == name)
    loop = next((one for one in loops if one.line <= here.line), None)
    if loop is not None:
        says = f"the loop in line {loop.line} gives {name} another value, and that is returned here"
        return wording.plain("name-replaced", says, exact=False, lines=((loop.source, loop.line),))
    if name == belongs:  # what it holds was put there before
        return _comes_out_wrong(wording, None)
    says = f"{name} is returned here, where {belongs} belongs"
    plain = wording.plain("returned-wrong", says, exact=False)
    what = "Read the line that returns name by name, beside what the assignment lists under Returns: is the order the same?"
    return replace(plain, hints=(plain.hints[0], what, f"What the assignment asks for: {returned_by(wording.function)}."))


def _loop_runs_otherwise(wording: Wording) -> Name:
    """A loop with other turns than it should have."""
    place, right = wording.found.record.place, cast("list[Value]", wording.found.right)
    if place.kind == "assign":
        turn = f"{wording.found.record.value} at turn {wording.found.record.visit + 1} of the loop"
        says = f"{place.target} is {turn}, and that is not the step whose turn it is"
        return wording.plain("loop-wrong", says, exact=False)
    bounds = cast("list[Value]", wording.found.record.value)
    way = "does not go over all the steps, each once"
    if not wording.search.subject.calling and bounds[: len(right)] == right:
        way = f"goes on to {bounds[-1]}, past the end of what it counts"
    elif bounds == right[::-1]:
        way = "runs from the first step to the last" if wording.function.endswith("backward") else "runs from the last step to the first"
    return wording.plain("loop-wrong", f"the loop over {counted_by(place)} {way}", exact=False)


def _given_wrongly(wording: Wording) -> Name:
    """An argument of the cell that is not what it should be, in a way that has no name."""
    value, right = wording.value, wording.right
    if value is not None and right is not None and value.shape != right.shape:
        return _comes_out_wrong(wording, "call-argument-wrong")
    if is_a_start(wording):
        given = " ".join(wording.found.record.place.text.split())[:60]
        return wording.plain("initial-state-wrong", f"{given} is not the state that the sequence starts from", exact=False)
    if wording.function.endswith("forward"):
        return _comes_out_wrong(wording, None)
    if not wording.search.subject.calling:
        says = "what is taken apart here is not the cache of the step whose turn it is"
        return wording.plain("cache-of-wrong-step", says, exact=False)
    says = f"{shortened(wording.found.record.place.text)} is not what this call of {wording.called} should be given"
    return wording.plain("call-argument-wrong", says, exact=False)


def _comes_out_wrong(wording: Wording, known: str | None) -> Name:
    value, right, name = wording.value, wording.right, short(wording.found)
    if known != "returned-wrong" and value is not None and right is not None and value.shape != right.shape:
        return wording.plain(known, f"{name} has shape {value.shape}; what belongs here has shape {right.shape}", exact=False)
    though = ", though all that goes in is right" if wording.found.inputs else ""
    if known is None and value is not None and right is not None and same(np.sort(value, axis=None), np.sort(right, axis=None), 1e-7):
        return wording.plain(None, f"{name} has the right numbers at other places than those where they belong{though}", exact=False)
    if known is None and name.isidentifier() and wording.found.inputs and wording.found.how == "value" and wording.found.right is None:
        return wording.plain(None, f"{name} is made of what is right here, and what is made of {name} is wrong", exact=False)
    come = "come" if len(set(wording.found.names)) > 1 else "comes"
    return wording.plain(known, f"{name} {come} out wrong here{though}", exact=False)


def _found_at_call(found: Found) -> bool:
    """Whether a finding was followed to a line that calls what is right elsewhere: what belongs there is then not known."""
    return found.how == "value" and found.right is None and found.quantity is None
