"""What several names share: one array under two names, a copy that is none, a value that another line sets anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.from_code.lines.variants import giving_results
from whygrad.from_code.naming.one_array import one_array
from whygrad.from_code.naming.wording import VOCABULARY, Name, Wording, short
from whygrad.from_code.observe import observed
from whygrad.from_code.observe.arrays import same
from whygrad.from_code.observe.experiment import chained
from whygrad.from_code.slips.aliases import arrays_within
from whygrad.mistakes.words import listed

if TYPE_CHECKING:
    from whygrad.from_code.observe.subject import Record
    from whygrad.sandbox.places import Place


def set_anew(wording: Wording, lost: Record) -> Name:
    """A line that sets a name anew where it should have added to it."""
    names = tuple(dict.fromkeys(wording.found.names))
    there, here = ((place.source, place.line) for place in (lost.place, wording.found.record.place))
    before = "the turn before gave it" if there == here else f"line {lost.place.line} gave it before"
    says = f"{short(wording.found)} is set anew here: what {before} is lost"
    lines = () if there == here else (there,)
    if len(names) > 1:
        says, lines = f"{listed(names)} are set anew here: what they were given before is lost", ()
    plain = wording.plain(_lost(wording), says, exact=True, lines=lines)
    kept = listed(names) if len(names) > 1 else short(wording.found)
    if plain.id == "carry-missing":
        return wording.without_carry(plain, kept, "anew")
    if plain.id == "output-stored-wrong":
        return plain.asking(_ONE_STEP.format(name=kept))
    if plain.id != "overwritten-not-summed" or wording.search.subject.cell != wording.function:
        return plain
    what = (
        f"Several parts belong into {kept}, and an = keeps only what comes last. The rest of the cell is not touched. Print it each "
        "time it gets a value: a growing sum, or a new start?"
    )
    return plain.asking(what)


def _lost(wording: Wording) -> str:
    """Which mistake it is to lose what a name held: a carry, a term of a state, all steps of an output, or a sum."""
    backward = wording.function.endswith("backward")
    carries = {*VOCABULARY.carries, *VOCABULARY.carries.values()} if backward else {"a_next", "c_next"}
    if any(quantity.name in carries for quantity in wording.quantities(wording.right)):
        if "cell" in wording.function:
            return "overwritten-not-summed" if backward else "term-dropped"
        return "carry-missing" if backward else "state-not-carried"
    sums = backward and "dx" not in map(observed.result_of, wording.found.cured)
    if wording.right is not None and wording.right.ndim == 3 and not sums:  # noqa: PLR2004 - all steps
        return "input-gradient-stored-wrong" if backward else "output-stored-wrong"
    return "overwritten-not-summed"


def no_copy(wording: Wording) -> Name:
    """A value of which a copy would have been right."""
    name, place, backward = short(wording.found), wording.found.record.place, wording.function.endswith("backward")
    other, names = _right_side(place), wording.found.names or (_names(place) if backward else ())
    if names:
        return one_array(wording, f"{listed(names)} are one array", f"the line that makes {listed(names)}", names)
    if arrays_within(wording.found.record.value) and ("(" in other or "*" in other):
        return one_array(wording, "the entries of what is made here are one array", "this line", two="two of the entries")
    if arrays_within(wording.found.record.value):
        return one_array(wording, f"{name} is no copy, it is {other} under another name", f"the line that makes {name}", (name, other))
    if backward and other.isidentifier() and sum(record.place.id == place.id for record in wording.search.last) > 1:
        says = f"{name} is the same array each time, {other}"
        return one_array(wording, says, f"the line that makes {other}", two="what two turns made")
    alone = f"{name} is no copy, it is memory of {name.partition('[')[0]}"
    both = alone if name == other else f"{listed(chained(place) or [name, other])} are one memory"
    named = name.isidentifier() and other.isidentifier()
    says, kept = f"{both}: what is written to one later changes the other", named and name == other
    says = f"{name} is kept here without a copy, and a line writes into that array later" if kept else says
    plain = wording.plain(_shared(wording), says, exact=False)
    if not named and not (plain.id == "view-of-output" and _is_an_input(wording)):
        kept_as = sorted({cured.partition(" in the cache")[0] for cured in wording.found.cured if " in the cache" in cured})
        what = plain.hints[1].replace(f"so {name} in", f"so {listed(kept_as or [name])} in")
        return plain.asking(what)
    what = (_KEPT if kept else _SECOND_NAME if named else _INPUT).format(name=name, other=other)
    return plain.asking(what)


def _is_an_input(wording: Wording) -> bool:
    """Whether the value is the input of a step, and no state."""
    return "forward" in wording.function and any(same(wording.value, call[0], 0.0) for call in wording.search.quantities.calls)


def _shared(wording: Wording) -> str:
    """Which mistake it is that two names share memory."""
    edit = giving_results(wording.function, (), wording.arguments, wording.remaining, wording.tolerance, shared=True)
    whole = wording.value is not None and wording.value.ndim == 3 and "[" not in _right_side(wording.found.record.place)  # noqa: PLR2004 - all steps
    return edit.operator if edit is not None else "one-buffer-two-names" if whole else "view-of-output"


_ONE_STEP = (
    "From this line on {name} is what the line gives, and the array that had the name is out of reach. Print {name} and its shape at the "
    "start of each turn: where is what the turns before have stored?"
)
_SECOND_NAME = (
    "{name} = {other} makes no copy, it gives one array a second name. A line after it that works in place, such as {name} *= ..., "
    "{name} += ... or {name}[...] = ..., changes the array under both names, and in whatever holds it. Print {other} before and after "
    "these lines."
)
_KEPT = (
    "What is kept here is the array itself, and not what it holds now. A line that works in place, such as {name}[:] = ... or "
    "{name} += ..., changes it wherever it was kept. After the loop, print {name} in what was kept at two steps: is it the same?"
)
_INPUT = (
    "A slice is no copy but a window on the array's memory, so {name} in the cache changes with the array, after its step was done. What "
    "does not use this input stays right, often all outputs too. After the forward pass, print the input in each cache: is it the one that "
    "the step was given?"
)


def _names(place: Place) -> list[str]:
    """The names of ``b = a``, or of ``c = b = a``; of ``b = a = value`` those on the left."""
    names = [part.strip() for part in place.text.split("=")]
    both = place.kind == "assign" and len(names) > 1 and all(map(str.isidentifier, names))
    return names if both else chained(place)


def _right_side(place: Place) -> str:
    """What stands right of the equals sign, or the whole text."""
    return place.text.partition("=")[2].strip() or place.text
