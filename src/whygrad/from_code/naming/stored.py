"""What stays as it was made, is stored at another place or step, or is not among what is returned: the sentences about it."""

from __future__ import annotations

import re
from dataclasses import replace

from whygrad.from_code.naming.kept_as_it_is import arrays_in
from whygrad.from_code.naming.wording import Name, Wording
from whygrad.from_code.observe import observed
from whygrad.from_code.observe.arrays import same
from whygrad.from_code.slips.unreached import is_empty
from whygrad.mistakes.words import listed

_HERE = "made here"
_RUN_ONCE = (
    "What stands after the loop is run once, with what the last turn left. Compare the blanks at the start of this line with those of the "
    "lines within the loop: where does it belong?"
)
STORED_NOWHERE = "nothing of what this line computes is stored there"
"""What is said at a call of an array that no line takes from it."""
_OF_A_GATE = (
    "Both entries of one gate are not there. Print the keys just before the return, and follow where those of the other gates are made: is "
    "this gate gone through as they are?"
)


def missing(wording: Wording) -> Name:
    """Results that are under no key; where both of just one gate are, it may be left out of what the function goes over."""
    plain = wording.plain("returned-wrong", _not_returned(wording), exact=False)
    kinds = [{name[2:] for name in wording.found.names if name.startswith(kind)} for kind in ("dW", "db")]
    if len(kinds[0] & kinds[1]) != 1 or wording.search.subject.cell != wording.function:
        return plain
    return plain.asking(_OF_A_GATE)


def _not_returned(wording: Wording) -> str:
    """Results that are not among what is returned."""
    names = f"the key{'s' * (len(wording.found.names) > 1)} {listed(wording.found.names)}"
    place = wording.found.record.place
    if place.kind == "loop":
        return f"the loop over {place.target} is never entered, so nothing is stored under {names}"
    if is_empty(wording.found.record.value):
        return f"nothing gets into {place.target} here: what belongs under {names} is left out"
    return_ = place.kind == "return"
    if isinstance(wording.found.record.value, dict) and not return_ and place.statement not in wording.search.subject.calling:
        return f"this dictionary has nothing under {names}"
    return f"nothing is returned under {names}" if return_ else f"what belongs under {names} is not stored anywhere after this line"


def stored_at_another_step(wording: Wording) -> Name:
    """A slice that holds what another step gives."""
    place = wording.found.record.place
    says = f"{place.target} is written at another step than the one that was computed"
    if place.kind == "assign":
        value = place.text.partition("=")[2].strip()
        says = f"{place.target} gets what the turn before gave: {value} gets its new value below this line"
    if wording.function.endswith("backward"):
        read_again = {observed.result_of(name) for name in observed.results(wording.found.cured)} - {"dx"}
        carried = read_again and not wording.search.subject.raises  # of a function that raises nothing is right
        return wording.plain("carry-wrong" if carried else "input-gradient-stored-wrong", says, exact=False)
    hints = (
        f"Look at the line of {wording.function} that writes {place.target}.",
        "The cell works, the results stand at the wrong steps. Print at each turn an entry of what is stored and what the cell gave.",
        "What the mathematics asks for: slice t of an output is what step t gives.",
    )
    return Name("state-stored-wrong", wording.quantity, says, hints, exact=False)


def stored_late(wording: Wording) -> Name:
    """A line behind the loop that stores what the cell returned: once, or at each turn of a loop of its own that mixes up the steps."""
    place, names = wording.found.record.place, wording.found.names
    last = list(arrays_in(wording.search.quantities.tables[0].reply.calls[-1].value))
    visits = [record.value for record in wording.search.last if record.place.id == place.id]
    of_the_last = all(any(same(value, array, wording.tolerance) for array in last) for value in visits)
    each_turn = len(visits) > 1 and all(same(value, visits[0], wording.tolerance) for value in visits)
    get = "get" if len(names) > 1 else "gets"
    if of_the_last and not each_turn:
        return after_the_loop(wording, f"{listed(names)} {get} a value")
    of_a_step = {observed.result_of(name) for name in observed.results(wording.found.cured)} == {"dx"}
    says = f"{place.target} gets what the cell returned at other steps than those that belong there"
    if of_the_last:
        says = f"at each turn of this loop {listed(names)} {get} what the last call of the cell returned"
    return wording.plain("input-gradient-stored-wrong" if of_a_step else "accumulated-wrongly", says, exact=True)


def after_the_loop(wording: Wording, what: str) -> Name:
    """A line that is run for the last turn alone."""
    plain = wording.plain("loop-wrong", f"{what} once, after the loop, and not at each step", exact=True)
    return plain.asking(_RUN_ONCE)


def never_stored(wording: Wording) -> Name:
    """What is made, and where, and the line at which what belongs into it is at hand, or goes elsewhere."""
    found, made, place = wording.found, wording.found.made, wording.found.record.place
    here = made is not None and (made.place.source, made.place.line) == (place.source, place.line)
    where = "made" if made is None else _HERE if here else f"made at line {made.place.line}"
    known, says = _stays(wording, listed(dict.fromkeys(found.names)), where, many=len(dict.fromkeys(found.names)) > 1)
    named = [one.place for one in (None if here else made, found.lost) if one is not None]
    lines = tuple((one.source, one.line) for one in named)
    plain = wording.plain(known, says, exact=known == "term-dropped", lines=lines)
    if known == "accumulator-copied":
        return replace(plain, instead=(place.target, found.names[0]))
    if known == "output-stored-wrong":
        what = f"Print {place.target} and {listed(found.names)} just behind this line. Which should have changed here, and did it?"
        return plain.asking(what)
    what = f"A loop over keys stores only under those that it goes over. Print {place.target} at each turn: which one never comes?"
    return plain if place.kind != "loop" else plain.asking(what)


def _stays(wording: Wording, names: str, where: str, *, many: bool) -> tuple[str, str]:
    found, place, calling = wording.found, wording.found.record.place, wording.search.subject.calling
    stay = f"{names} {'stay as they are' if many else 'stays as it is'} {where}"
    if place.kind in {"part", "argument"} and place.statement not in calling:
        lost = "what this line computes is stored nowhere"
        return ("left-at-zero", f"{stay}: {lost}") if found.made is not None else ("term-dropped", f"{names} stays as it is: {lost}")
    if place.kind == "return" and place.statement not in calling:
        return "left-at-zero", f"{names} {'are' if many else 'is'} returned here just as {where}: nothing is stored in between"
    if wording.search.subject.text.gives_itself(place):
        return "left-at-zero", f"{stay}: this line {'changes nothing' if place.kind == 'assign' else 'only gives it what it holds'}"
    if place.statement in calling or place.kind == "loop" or not calling:
        stored = STORED_NOWHERE
        if place.kind == "loop":
            stored = f"the loop over {place.target} stores nothing there"
        elif where == _HERE and not calling:
            stored = "no line stores anything there"
        return "left-at-zero", f"{stay}: {stored}"
    if found.record.name in found.names:
        return "left-at-zero", f"{stay}: {'no line stores anything there' if where == _HERE else 'this line changes nothing'}"
    known = "accumulator-copied" if wording.function.endswith("backward") else "output-stored-wrong"
    adds = place.kind == "after" or re.search(rf"\b{re.escape(place.target)}\b", place.text.partition("=")[2])
    into = "added to" if adds else "stored in"
    says = f"what belongs into {names} is {into} {place.target} here: {stay}"
    if found.lost is not None:
        says = f"{place.target} is added to twice, here and at line {found.lost.place.line}: {stay}"
    return "input-gradient-stored-wrong" if "dx" in found.names else known, says
