"""Names that hold what others should: misspelt, exchanged, taken in another order, or read where something else should stand by then."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from whygrad.from_code.naming.wording import VOCABULARY, Name, Wording, short
from whygrad.from_code.observe.experiment import callee, last_name
from whygrad.from_code.observe.subject import name_of
from whygrad.from_code.places.blamable import held_by_its_key
from whygrad.from_code.reference.parts import ARGUMENTS
from whygrad.from_code.text.small_edits import in_another_order
from whygrad.mistakes import OPERATORS
from whygrad.mistakes.words import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from whygrad.from_code.observe.subject import Record
    from whygrad.sandbox.places import Place
    from whygrad.sandbox.requests import Substitute

SIZES = "The names stand in another order than the sizes. Print the shape beside each name: which axis is which?"
_FOR_NOTHING = "What {name} holds is computed, and nothing comes of it. What is it in the formula, and what stands beside it there?"


def unread(wording: Wording) -> Name:
    """What is carried gets a name that nobody reads, or not the call, which reads another one."""
    found, backward = wording.found, wording.function.endswith("backward")
    way = "what comes back from the cell" if backward else "what the cell gives for the next step"
    names = [name for one in (found, *wording.search.found) if one.how == "unread" for name in one.names]
    (meant,) = get_close_matches(found.record.place.target, names, 1, 0.0)
    reader = "the call of the cell reads" if wording.given_to_a_call(meant) else "the loop reads"
    own = found.record.place.target
    says = f"{way} is called {own} here, and no line reads that: {reader} {meant}"
    if not wording.search.subject.text.loses(found.record.place):
        says = f"{way} is called {own} here: {reader} {meant}, which no line of the loop gives a value"
    plain = wording.plain("carry-missing" if backward else "state-not-carried", says, exact=True)
    where = f"Look at the names in the loop of {wording.function}, letter by letter."
    what = "A new name is a new variable, and Python does not complain. Print what the call of the cell is given, at each turn."
    return replace(plain.asking(what, where), instead=(own, meant))


def misspelt_before(wording: Wording) -> Name:
    """What a line makes gets another name than that by which other lines read it, which has no value."""
    own, read = wording.found.names
    says = f"what is made here is called {own}, and is read as {read} elsewhere"
    what = f"Follow {own} down the function: which line needs what is made here, and by which name does it ask for it?"
    if own in wording.search.subject.text.unread:
        says = f"what is made here is called {own}, and no line reads that: what is read is {read}"
        what = f"Compare {own} with the names that the lines below read, letter by letter: a name that gets a value is a new variable."
    return wording.plain("name-replaced", says, exact=True).asking(what)


def another_value_before(wording: Wording) -> Name:
    """Several lines that read a name which should hold something else by then: the line that makes it is missing."""
    (name,) = wording.found.names
    places = {put.place: _place_of(wording, put) for put in wording.found.substitutes}
    lines = tuple(sorted({(place.source, place.line) for place in places.values() if place.line != wording.found.record.place.line}))
    also = f", and in line{'s' * (len(lines) > 1)} {listed([str(line) for _, line in lines])}," if lines else ""
    says = f"{name} is read here{also} as it came in: it should hold something else by then"
    plain = wording.plain("term-dropped", says, exact=True, lines=lines)
    where = f"Look at what {name} stands for in {last_name(wording.found.record.place.function)}, before this line."
    all_of_them = listed([str(line) for line in sorted({place.line for place in places.values()})])
    right = f"Lines {all_of_them} are right" if lines else "This line is right"
    need, them = ("they need", "them") if lines else ("it needs", "it")
    what = f"{right} with another value of {name}, so {need} no change. What has to become of {name} for {them}?"
    return plain.asking(what, where)


def made_for_nothing(wording: Wording, made: Record) -> Name:
    """A line that lacks what an earlier one made."""
    (way, lacks), name = wording.found.names, short(wording.found)
    says = f"a {way} is missing from {name}: {lacks}, which line {made.place.line} makes and no line reads"
    plain = wording.plain(f"{way}-dropped", says, exact=True, lines=((made.place.source, made.place.line),))
    where = f"Look at {name} in {last_name(wording.found.record.place.function)}, and at line {made.place.line}."
    return plain.asking(_FOR_NOTHING.format(name=lacks), where)


def under_anothers_key(wording: Wording) -> Name | None:
    """A name that stands under the key that is another one's."""
    if not held_by_its_key(wording.search, wording.found):
        return None
    place = wording.found.record.place
    key = place.target.strip("'\"")
    return wording.plain("name-replaced", f"{place.text} stands under the key {key}, and not what is called so", exact=True)


def _arguments_exchanged(wording: Wording, names: Sequence[str]) -> Name:
    """Arguments of the cell, or of a helper, in each other's place."""
    called, cell = callee(wording.found.record.place.target), wording.search.subject.cell
    if called != cell:
        plain = wording.plain("call-argument-wrong", f"{listed(names)} stand in each other's place in this call of {called}", exact=False)
        what = f"Lay this line beside the one that begins with def {called}: which argument goes to which name there?"
        return plain.asking(what)
    slots = [name.rpartition("(")[2].rstrip(")") for name in names]
    given = [ARGUMENTS[cell][int(slot)] if slot.isdigit() else slot for slot in slots]
    here = wording.called
    if here != cell and not wording.found.visits:
        statement = wording.found.record.place.statement
        given = [one.text for one in wording.search.subject.places if one.statement == statement and one.target in names]
    what = f"what comes back for {listed(given)} stands" if wording.found.visits else f"{listed(given)} stand"  # beside the step's own
    return wording.plain("call-argument-wrong", f"{what} in each other's place in this call of {here}", exact=False)


def names_exchanged(wording: Wording) -> Name:
    """Names that are given each other's values, or arguments in each other's place."""
    names, place = wording.found.names, wording.found.record.place
    entry = place.kind == "value" or place.target.startswith("dict(")
    if place.kind == "argument" and not entry:
        return _arguments_exchanged(wording, names)
    if place.kind == "target" and place.statement in wording.search.subject.calling:
        return _taken_in_another_order(wording, names)
    elsewhere = {one.line: one for put in wording.found.substitutes if (one := _place_of(wording, put)).line != place.line}
    lines = () if list(elsewhere) == [place.line + 1] else tuple((one.source, line) for line, one in elsewhere.items())
    if entry:
        says = f"{listed(name_of(name) if name.startswith('dict(') else name for name in names)} stand in each other's place here"
    elif elsewhere:
        at = f"line{'s' * (len(lines) > 1)} {listed(map(str, elsewhere))}" if lines else "the line after"
        says = f"{listed(names)} are given each other's values, here and in {at}"
    elif place.kind == "target":
        says = in_another_order(names)
    else:
        says = f"{listed(names)} are given each other's values here"
    if wording.found.visits and all(isinstance(value, int) for value, _ in wording.found.visits):
        return wording.plain("name-replaced", says, exact=False).asking(SIZES)
    own, others = VOCABULARY.kind(wording.quantity), {VOCABULARY.kind(quantity.name) for quantity in wording.quantities(wording.value)}
    if own == "gate gradient" and own in others and place.kind == "target" and not elsewhere:
        return wording.plain("gates-out-of-order", says, exact=False)
    gates = others <= {own} and own not in {None, "source gradient"}
    plain = wording.plain("gate-swapped" if gates else "name-replaced", says, exact=False, lines=lines, form="exchanged" if entry else "")
    if not gates or entry:
        return plain
    what = OPERATORS["name-replaced"].hint.format(**wording.words(wording.quantity, says))  # both names are there: none was left as it was
    return plain.asking(what)


def _place_of(wording: Wording, substitute: Substitute) -> Place:
    return wording.search.subject.places[substitute.place]


def _taken_in_another_order(wording: Wording, names: Sequence[str]) -> Name:
    """Names that stand in another order than that in which the cell hands back what they should hold."""
    cell = wording.search.subject.cell
    says = f"{listed(names)} stand here in another order than that in which {cell} returns them"
    where = f"Look at the line of {wording.function} that calls {cell}."
    what = "A function hands back its values in the order of its return line, whatever the names are that take them. Compare both."
    return wording.plain("name-replaced", says, exact=False).asking(what, where)
