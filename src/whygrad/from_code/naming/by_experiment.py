"""What the way in which a mistake was found already tells: a key, a condition, memory under two names, a call's argument."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from whygrad.from_code.naming.arithmetic import added
from whygrad.from_code.naming.given import given_otherwise
from whygrad.from_code.naming.other_names import SIZES, another_value_before, made_for_nothing, misspelt_before, names_exchanged, unread
from whygrad.from_code.naming.overwritten import no_copy, set_anew
from whygrad.from_code.naming.stored import after_the_loop, missing, never_stored, stored_at_another_step, stored_late
from whygrad.from_code.naming.wording import SINCE, Name, Wording, counted_by, short
from whygrad.from_code.observe.arrays import same, shape_of
from whygrad.from_code.observe.experiment import GIVES, adds_to_itself, callee, last_name
from whygrad.from_code.observe.expression import expression_of
from whygrad.from_code.slips.anew import makes_noise
from whygrad.from_code.slips.together import times_added
from whygrad.from_code.words import kind, which_step
from whygrad.mistakes.words import counted, listed
from whygrad.sandbox.requests import Odd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_code.observe.experiment import Found
    from whygrad.from_code.observe.subject import Record
    from whygrad.sandbox.places import Place
    from whygrad.sandbox.requests import Value


_AXES = 3
"""Of an array that holds all steps."""
_BOTH = 2
"""Pieces of a stack of hidden state and input."""
_WHOLE = "Print the dtype of {name}, and one of its entries before and after it is stored there."
_GIVEN_BEFORE = (
    "An assignment with `*=`, `+=` or `[:] =` changes the array itself, wherever it has been put. Print the id() of {name} at each step: "
    "what has the same number is the same array."
)
_GIVEN_TO_IT = (
    "What is done with `*=`, `+=`, `[:] =` or `out=` changes the array itself, under whatever name it is known elsewhere. Print "
    "what {helper} is given just before it is called, and once more just behind."
)
_PIECES = (
    "Each gate has its own rows, the same in every stack. Print the first row of each piece: which gate's gradient is taken from there?"
)
_DRAWN = (
    "This number comes from the generator, and from nothing that the function is given. No formula of the assignment draws any: what "
    "belongs here comes from the arguments, and from what the lines before make of them."
)

_ALONG_ANOTHER_AXIS = re.compile(r"axis [01]\b")
_WHICH_AXIS = (
    "Print the shape of what is indexed here. Which of its axes counts the units or inputs, which the examples, and which the steps?"
)


def by_experiment(wording: Wording) -> Name | None:  # noqa: C901, PLR0911, PLR0912 - one for each way of being found
    """What the way in which it was found already tells."""
    found, place = wording.found, wording.found.record.place
    name = short(found)
    match found.how:
        case "key":
            known, says = "returned-wrong", f"what belongs under the key {found.right} gets {_key(place)}"
        case "twice":
            known, says = "gate-swapped", f"{found.right} stands here twice, so another result is left out"
        case "missing":
            return missing(wording)
        case "branch":
            wrong = f"what {place.target.rpartition('(')[0]} is given" if place.target.endswith(")") else place.target
            known, says = "gate-swapped", f"the condition {place.text} sends a gate the wrong way: {wrong} is wrong in both branches"
        case "early":
            return _returns_early(wording)
        case "unread":
            return unread(wording)
        case "late":
            return stored_late(wording)
        case "begun" | "ended":
            known, says = "loop-wrong", _ended(found)
        case "loop" if place.kind == "loop" and (way := _way_of_the_loop(found)):
            known, says = "loop-wrong", f"the loop over {counted_by(place)} {way}"
        case "order":
            return _gates_in_another_order(wording)
        case "stack":
            twice = wording.right is not None and not same(np.sort(wording.right, axis=None), np.sort(found.record.value, axis=None), 1e-7)
            how = "one of the parts stands there twice" if twice else "its parts stand in another order than those that they meet"
            return wording.plain("gate-swapped", f"{name} is a stack, and {how}", exact=True, form="" if twice else "exchanged")
        case "swapped":
            return names_exchanged(wording)
        case "unfilled":
            return never_stored(wording)
        case "index":
            return stored_at_another_step(wording)
        case "copy":
            return no_copy(wording)
        case "written" | "elsewhere" | "activation":
            return _kept(wording)
        case "unfit":
            return sizes_unfit(wording)
        case "packed":
            return _in_a_tuple(wording)
        case "raises":
            return _not_there(wording)
        case "misspelt":
            return misspelt_before(wording)
        case "filled":
            return _at_other_rows(wording)
        case "lacking":
            return another_value_before(wording)
        case "gone":
            return _gone(wording)
        case "renewed":
            return _not_renewed(wording)
        case "unused":
            way, *names = found.names
            known = f"{way}-dropped"
            if found.made is not None:
                return made_for_nothing(wording, found.made)
            says = f"{last_name(place.function)} does not use {listed(names)}: a {way} is missing from what it returns"
        case "sums":
            return _sums(wording)
        case "value" if found.lost is not None:
            return set_anew(wording, found.lost)
        case "argument" if found.made is not None:
            return _made_before(wording, found.made)
        case "value" if makes_noise(place) and wording.right is not None and not wording.right.any():
            known, says = "accumulated-wrongly", f"{name} is made here of whatever lies in memory, not of zeros, and that stays in it"
        case "value" if re.search(r"\brandom\b|\brandn?\(", place.text):
            plain = wording.plain("draws-random", f"{name} is drawn at random here", exact=False)
            return plain.asking(_DRAWN, f"Look for random numbers in {wording.function}.")
        case "argument" | "value":
            return given_otherwise(wording)
        case "loop":
            return None
    return wording.plain(known, says, exact=found.how in {"twice", "unused"})


def _not_renewed(wording: Wording) -> Name:
    """A carry that no line of the loop gives a new value."""
    place, name = wording.found.record.place, wording.found.record.place.target
    turns = sum(record.place.id == place.id for record in wording.search.last)
    first = next((one for one in wording.search.last if one.place.target == name and one.place.kind in GIVES), None)
    says = f"{name} gets a value before the loop, and no new one in it"
    if turns > 1:
        says = f"{name} gets its first value again at every turn"
    elif first is not None and first.place.id != place.id:
        says = f"{name} gets a new value here, behind the loop, and none in it"
    says = f"{says}: each step starts from the same"
    return wording.plain("carry-missing" if wording.function.endswith("backward") else "state-not-carried", says, exact=False)


def _way_of_the_loop(found: Found) -> str:
    """How a loop goes that has no turns, or that counts the steps from 0 where its lines count from another number; else nothing."""
    bounds, right = cast("list[Value]", found.record.value), cast("list[Value]", found.right)
    steps = list(range(len(right)))
    if not bounds:
        return "is never entered: there is nothing that it goes over"
    off = steps in (bounds, bounds[::-1]) and steps not in (right, right[::-1])
    return "is one off, at each turn, from the steps that its lines mean" if off else ""


def _returns_early(wording: Wording) -> Name:
    """A return within the loop, or above lines that the function needs."""
    steps = f"{wording.found.right} of {len(wording.search.quantities.calls)} steps"
    if wording.found.right is not None and not wording.found.record.place.loops:
        cell = wording.search.subject.cell
        return wording.plain("loop-wrong", f"{cell} was called at {steps} when this line is reached", exact=False)
    if wording.found.right is not None:
        return wording.plain("loop-wrong", f"the return stands within the loop: it ends after {steps}", exact=False)
    says = "the return stands above lines of the function that are never run because of it"
    what = "A function is left at its first return. Print something just below this line: does it appear? What is still to be made there?"
    return wording.plain("returned-wrong", says, exact=False).asking(what)


def _made_before(wording: Wording, made: Record) -> Name:
    """A call that is given what a line has made before, and nothing new at each step."""
    name, own = short(wording.found), made.place.target
    still = made.place.kind == "after" or (bool(made.place.loops) and adds_to_itself(made.place))
    filled = own not in re.findall(r"\w+", name) and wording.read_within(own)
    if own.isidentifier() and not still and (name.isidentifier() or filled or re.search(rf"\b{own}\b(?!\s*\[)", name)):
        name = own  # what the call is given may be made of it at each turn, or be an array that a line before adds it to
    early = re.search(r"\[.*:.*\]", name) is not None
    new = f"nothing is stored in {name} yet when it is read" if early else f"the loop gives {name} no new value"
    within = not early and wording.gets_a_value_within(name, but=made.place if still else None)
    new = f"{name} gets just that in the loop, too" if within else new
    says = f"this call is given at each step what line {made.place.line} made: {new}"
    if still:
        new = new if within or early else f"no other line of the loop gives {name} a value"
        says = f"{name} still holds what line {made.place.line} made of it at the step before: {new}"
    known = "carry-missing" if wording.function.endswith("backward") else "state-not-carried"
    plain = wording.plain(known, says, exact=False, lines=((made.place.source, made.place.line),))
    if within:
        return plain
    if known != "carry-missing":
        return wording.with_the_line_behind(plain, name)
    return wording.without_carry(plain, name, "old" if still else "zero", said=not early)


def sizes_unfit(wording: Wording) -> Name:
    """Sizes or shapes that do not fit."""
    names, visits, place = wording.found.names, wording.found.visits, wording.found.record.place
    if place.kind == "argument":
        says = f"{callee(place.target)} is asked to cut at {visits[0][0]} here, and should cut at {visits[0][1]}"
        return wording.plain("slice-wrong", says, exact=True)
    if place.kind in {"value", "return"}:
        return wording.plain("slice-wrong", _unfit(names, visits), exact=True)
    plain = wording.plain("wrong-size", _unfit(names, visits), exact=True)
    sizes = all(isinstance(value, (int, tuple)) for value, _ in visits)
    where = f"Look at the line of {last_name(wording.found.record.place.function)} that makes {listed(names)}."
    what = "Its shape has other sizes than what is stored in it, or the same in another order. Print both shapes, axis by axis."
    if isinstance(visits[0][0], list):
        what = "Print its length just behind this line. How many entries does the loop below put into it, one for each of what?"
    elif isinstance(visits[0][0], tuple):
        what = "A shape holds several sizes. Print this name: what is in it, and which part of it do the lines below need?"
    elif sizes:
        what = "A size of another axis, or of another array, is taken. Print the shape that it is taken from: which axis is which?"
    if sizes and len(names) > 1 and sorted(map(str, visits)) == sorted(str(visit[::-1]) for visit in visits):
        what = SIZES
    asks = "an array has the units (or inputs) first, then the examples, and that of a sequence then the steps"
    if wording.function.endswith("backward") and len(shape_of(visits[0][1]) or (0, 0, 0)) < _AXES:
        asks = "the gradient of an array has that array's shape"
    return replace(plain, hints=(where, what, f"What the mathematics asks for: {asks}."))


def _in_a_tuple(wording: Wording) -> Name:
    """A value that a comma behind it makes a tuple."""
    name = short(wording.found)
    says = f"{name} is a tuple here, with what belongs there as its only value: the line ends in a comma"
    what = f"Print type({name}) just behind this line, and its shape when it is an array. What does Python make of the last sign?"
    return wording.plain(None, says, exact=True).asking(what)


def _gates_in_another_order(wording: Wording) -> Name:
    """Names of gates that a loop goes over, each with what belongs to another one."""
    found, places = wording.found, wording.search.subject.places
    first, *others = [places[put.place] for put in found.substitutes]
    inside = {place.kind for place in places if place.statement == first.statement}
    this = "this loop" if "loop" in inside and inside.isdisjoint(("assign", "return", "element")) else "this line"
    numbers = [[part for part in turns[0] if isinstance(part, int)] for turns in found.visits[0]]
    lines = tuple(dict.fromkeys((place.source, place.line) for place in others if place.line != first.line))
    also = f"do{'es' * (len(lines) == 1)} line{'s' * (len(lines) > 1)} {listed([str(line) for _, line in lines])}"
    where = f", and so {also}" if lines else ""
    names = ([next((part for part in turn if isinstance(part, str)), "") for turn in turns] for turns in found.visits[0])
    exchanged = [one for one, other in zip(*names, strict=True) if one != other]
    if numbers[0] != numbers[1]:
        here, there = numbers[0][0], numbers[1][0]
        says = f"the names that {this} goes over are numbered from {here}, and what belongs to them from {there}{where}"
    elif len(exchanged) == 2 and not lines:  # noqa: PLR2004 - two that stand for each other
        says = f"{exchanged[0]!r} and {exchanged[1]!r} stand in each other's place here, unlike in the rest of the function"
    else:
        says = f"{this} names the gates in another order than that in which the rest of the function has them{where}"
    what = "Print at each turn the name, and the first row of what is stored under it. Is it the same as where that gate is computed?"
    return wording.plain("gate-swapped", says, exact=True, lines=lines).asking(what)


def _not_there(wording: Wording) -> Name | None:
    """A key, or a step, that a line asks for and that is not there."""
    place, raised = wording.found.record.place, wording.search.subject.traced(wording.others)[2].raised
    if raised is not None and raised.type == "KeyError":
        says = f"{raised.text} is asked for here, and there is nothing under this key"
        what = "Print the keys of the dictionary just before this line, and hold the one that is asked for beside them."
        plain = wording.plain("name-replaced", says, exact=True)
        return replace(plain, hints=(plain.hints[0], what, what))  # of keys the mathematics says nothing
    of_the_cell = place.kind == "argument" and place.target.startswith(f"{wording.search.subject.cell}(")
    own = place.function == wording.function != wording.search.subject.cell
    if raised is None or raised.type != "IndexError" or not of_the_cell or not own:
        return None
    text, steps, turn = " ".join(place.text.split()), len(wording.search.quantities.calls), wording.found.record.phase
    if _ALONG_ANOTHER_AXIS.search(raised.text):
        says = f"{text} does not count the steps along the last axis, where they lie"
        return wording.plain("slice-wrong", says, exact=True).asking(_WHICH_AXIS)
    says = f"{text} asks for a step that is not there, in the call at "
    if not wording.function.endswith("backward"):
        return wording.plain("input-of-wrong-step", f"{says}{which_step(turn, steps)}", exact=True)
    known = "upstream-wrong-step" if place.target.rpartition("(")[2].rstrip(")") in {"0", "da_next"} else "cache-of-wrong-step"
    return wording.plain(known, f"{says}{which_step(steps - 1 - turn, steps)}", exact=True)


def _at_other_rows(wording: Wording) -> Name:
    record, also, name = wording.found.record, wording.found.also, wording.found.names[0]
    if record.place.target == name:
        says = f"{name} is made for whole numbers here, and what is stored there loses everything behind the point"
        return wording.plain(None, says, exact=True).asking(_WHOLE.format(name=name))
    piece = record.place.text.partition("=")[2].strip()
    what = "columns" if re.search(r"\[(:|\.\.\.),", record.place.target.replace(" ", "")) else "rows"
    says = f"{piece} is written into other {what} of {name} than those where it belongs"
    pieces = [one for one in wording.search.last if one.place.kind == "assign" and one.place.target.startswith(f"{name}[")]
    if any(same(one.value, record.value) for one in pieces if one.place.id not in {wrong.place.id for wrong in (record, *also)}):
        says = f"{piece} is written into {what} of {name} where something else belongs"
    lines = tuple(dict.fromkeys((one.place.source, one.place.line) for one in also if one.place.line != record.place.line))
    if lines:
        says = f"{says}; the same holds for what {'lines' if len(lines) > 1 else 'line'} {listed([str(line) for _, line in lines])}"
        says = f"{says} {'write' if len(lines) > 1 else 'writes'}"
    plain = wording.plain("stack-wrong", says, exact=False, lines=lines)
    if len({one.place.id for one in pieces}) <= _BOTH:
        return plain
    return plain.asking(_PIECES)


def _kept(wording: Wording) -> Name:
    """A line that writes into what a cache holds, stores in one array what belongs into another, or keeps another gate's activation."""
    name, target = wording.found.names[0], wording.found.record.place.target
    if wording.found.how == "activation":
        says = f"{wording.found.names[1]} has another activation under the key {name!r} than belongs there"
        return wording.plain("activation-wrong", says, exact=False)
    if wording.found.how == "elsewhere":
        what = f"Print {name} and {target} just behind this line. Which of the two should have changed here, and did it?"
        return wording.plain("name-replaced", f"what belongs into {name} is stored in {target} here", exact=False).asking(what)
    if "[" in name:
        says = f"this line writes into {name.partition('[')[0]}, and the cache of each step holds {name}, which is the same memory"
        return wording.plain("updated-in-place", says, exact=False)
    called = wording.found.names[1] if len(wording.found.names) > 1 else wording.search.subject.cell
    if called == last_name(wording.found.record.place.function):
        says = f"{name} is changed in place here, and so is what {called} was given: a line behind the call needs what that held before"
        return wording.plain("updated-in-place", says, exact=False).asking(_GIVEN_TO_IT.format(helper=called))
    if called.rpartition(".")[2] != wording.search.subject.cell:
        says = f"{target} = ... writes into the array that {name} is, and what {called} was given before is the same array"
        return wording.plain("updated-in-place", says, exact=False).asking(_GIVEN_BEFORE.format(name=name))
    says = f"{target} = ... writes into the array that {name} is, and the cache of the step that was given {name} holds the same array"
    return wording.plain("updated-in-place", says, exact=False)


def _gone(wording: Wording) -> Name:
    """A line after which names no longer hold what is asked for behind it."""
    lost, names = wording.found.lost, list(dict.fromkeys(wording.found.names))
    name, several = listed(names), len(names) > 1
    does = "is changed in place" if wording.found.record.place.kind == "after" else "gets another value"
    asked = "the cache should keep what came in under this name"
    if lost is not None:
        does = "get their next values" if several else does
        asked = f"line {lost.place.line} asks for what {'they' if several else 'it'} held before"
    plain = wording.plain("updated-in-place", f"{name} {does} here, and {asked}", exact=False)
    if lost is None:
        return plain
    if (term := _added_in(wording.found.record.place, name)) is not None and term == _added_in(lost.place, name):
        says = f"{term} is added to {name} here, and once more in line {lost.place.line}"
        return wording.plain("term-repeated", says, exact=True, lines=((lost.place.source, lost.place.line),))
    return plain.asking(SINCE.format(name=name))


def _sums(wording: Wording) -> Name | None:
    """Sums that hold the same multiples of the steps' gradients; of a line after the loop it says more that it stands there."""
    calls, record = wording.search.quantities.tables[0].reply.calls, wording.found.record
    text = record.place.computes
    adds = record.place.kind == "after" or (record.place.kind == "assign" and "+" in text and record.place.target in text)
    if adds and record.phase == len(calls) and not wording.search.subject.calls_around(record.place):
        return after_the_loop(wording, f"{listed(wording.found.names)} are added to")
    times = times_added(calls, wording.found.names, wording.remaining)
    return None if times is None else wording.plain(*added(times, listed(wording.found.names), many=True), exact=True)


def _added_in(place: Place, name: str) -> str | None:
    """What a line, or a call's argument, adds to a name."""
    line = expression_of(f"{name} + ({place.text.partition('+=')[2]})" if place.kind == "after" else place.computes)
    if not isinstance(line, ast.BinOp) or not isinstance(line.op, ast.Add):
        return None
    sides = [ast.unparse(side) for side in (line.left, line.right)]
    return sides[1 - sides.index(name)] if name in sides else None


def _unfit(names: Sequence[str], visits: Sequence[tuple[Value, Value]]) -> str:
    """What sizes or shapes names have, and what they should have."""
    value, right = visits[0]
    if isinstance(value, list):
        return f"{listed(names)} holds {counted(len(cast('list[Any]', value)), 'entry')} here, and should hold {len(right)}"
    if isinstance(value, tuple):
        return f"{listed(names)} is {kind(value)} here, and should be one number"
    if isinstance(value, Odd):
        return f"{listed(names)} is {kind(value)} here, and should be {kind(right)}"
    values, rights = ([shape_of(visit[side]) or visit[side] for visit in visits] for side in (0, 1))
    shapes = isinstance(values[0], tuple)
    if len(values) > 1 and len({*map(str, values)}) == len({*map(str, rights)}) == 1:
        what = ("shape ", "have") if shapes else ("", "be")
        return f"{listed(names)} {'have' if shapes else 'are'} {what[0]}{values[0]} here, and should {what[1]} {rights[0]}"
    does = ("has shape" if shapes else "is") if len(names) == 1 else ("have shapes" if shapes else "are")
    return f"{listed(names)} {does} {listed(map(str, values))} here, and should {'have' if shapes else 'be'} {listed(map(str, rights))}"


def _key(place: Place) -> str:
    """The key that is written there, or what may be wrong with it."""
    if place.kind == "value" and re.fullmatch(r"'\w+'|\"\w+\"", place.target):
        return f"the key {place.target[1:-1]}"
    return "another key here, or another dictionary"


def _ended(found: Found) -> str:
    """What a condition, or a line that counts, does to the loop."""
    place = found.record.place
    if found.how == "begun":
        return f"{place.target} is {found.record.value} when the loop begins, which is not the step that comes first"
    if place.kind != "while":
        return f"{place.target} does not become the next step here: the loop leaves steps out"
    return f"the loop does not make one turn for each step: {place.text} {'fails too early' if found.right else 'holds too long'}"
