"""Say what is wrong at a line: which mistake it is, in the learner's own names.

In this order: what the experiment itself tells (a loop's bounds, a key, memory under two names); an edit of the reference that gives the
very same; another quantity in this place; a sum over the steps that goes wrong; a factor or a term too many or too few. Where nothing of
this fits, how far the value is off.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_code.lines.variants import giving_value, right_values
from whygrad.from_code.naming.algebra import another_activation, by_algebra, differentiated_otherwise
from whygrad.from_code.naming.anyhow import anyhow
from whygrad.from_code.naming.arithmetic import at_first_sight, equal, held_in_the_cache, told_of_a_cut
from whygrad.from_code.naming.by_experiment import by_experiment
from whygrad.from_code.naming.by_parts import by_all_parts, by_parts, row
from whygrad.from_code.naming.by_reference import by_results, given_twice, letters_turned, of_edit
from whygrad.from_code.naming.given import given_forward
from whygrad.from_code.naming.other_names import under_anothers_key
from whygrad.from_code.naming.own_line import by_need, by_repair, by_running, by_sign_and_brackets, by_trying, by_two
from whygrad.from_code.naming.predictions import divided_otherwise
from whygrad.from_code.naming.wording import Name, Wording, short
from whygrad.from_code.observe.arrays import array_of, same
from whygrad.from_code.observe.turned import Turned
from whygrad.from_code.places.used_rightly import at_other_visits
from whygrad.from_code.reference.parts import partner
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from whygrad.from_code.observe.arrays import Observations
    from whygrad.from_code.observe.experiment import Found, Search
    from whygrad.sandbox.requests import Value


def named(search: Search, found: Found, arguments: tuple[Value, ...], remaining: Observations, others: tuple[Substitute, ...]) -> Name:
    """What is wrong there; ``remaining`` are the results of the program in which ``others`` mend every other finding."""
    return next(all_names(Wording(search, found, arguments, remaining, others)))


def row_of(search: Search, found: Found, arguments: tuple[Value, ...], remaining: Observations, others: tuple[Substitute, ...]) -> int:
    """In which line of an expression over several it is wrong, 0 for the first, which counts where it is not known."""
    place, asked = found.record.place, found.how in {"value", "raises"}
    return row(Wording(search, found, arguments, remaining, others)) if place.end_line > place.line and asked else 0


def explains_all(search: Search, found: Found, arguments: tuple[Value, ...]) -> bool:
    """Whether a change of this line alone makes all results right, so that the other findings only follow from it."""
    return by_trying(Wording(search, found, arguments, {}, ())) is not None


def two_orders(search: Search, found: Found, arguments: tuple[Value, ...], other: Found) -> Name:
    """That two lines do not fit each other, where a change of either of them makes all results right."""
    return not_fitting(Wording(search, found, arguments, {}, ()), other)


def all_names(wording: Wording) -> Iterator[Name]:
    """Names, the best first; the last always fits."""
    first = (by_experiment, under_anothers_key, _computed_again, at_first_sight)
    last = (_stands_twice, by_all_parts, by_two, told_of_a_cut)
    for look in (*first, *_looks(wording), *last):
        name = look(wording)
        if name is not None:
            yield name
    yield anyhow(wording)


def _looks(wording: Wording) -> tuple[Callable[[Wording], Name | None], ...]:
    """What is tried of a value: in a cell the reference's edits come first, in a sequence what the whole reference gives, edited."""
    if wording.found.how == "raises":  # there is no value that could be looked at
        return (by_repair,)
    in_both = (by_algebra, by_need)
    if "cell" in wording.function:
        own = (_by_own_repair, by_sign_and_brackets, divided_otherwise, by_running, by_parts)
        return (_another_slope, _by_edit, _by_stack, *own, *in_both, by_trying, equal, by_results)
    own = (_by_own_repair, by_running, by_trying)
    return (by_results, given_forward, given_twice, *own, equal, *map(_at_each_visit, in_both))


def _at_each_visit(look: Callable[[Wording], Name | None]) -> Callable[[Wording], Name | None]:
    """What is told of the numbers at one visit of a line, if the numbers at its others tell the same."""

    def looked(wording: Wording) -> Name | None:
        name, search, others = look(wording), wording.search, wording.others
        if name is None:
            return None
        visits = at_other_visits(search, wording.found, others)
        known = (look(Wording(search, mended, wording.arguments, wording.remaining, others)) for mended in visits)
        return name if all(one is not None and one.id == name.id for one in known) else None

    return looked


def not_fitting(wording: Wording, other: Found) -> Name:
    """Two stacks that meet in a product have their parts in two orders."""
    names = f"{short(other)} and {short(wording.found)}"
    return wording.plain("stack-wrong", f"{names} have their parts in two orders, and do not fit each other", exact=True)


def _computed_again(wording: Wording) -> Name | None:
    """A line of a backward cell that computes a quantity of the cache once more, and does it wrong: as the forward cell's equation is."""
    place = wording.found.record.place
    anew = wording.found.how == "value" and place.target not in re.findall(r"\w+", place.computes)
    if wording.value is None or not anew or held_in_the_cache(wording) is None:
        return None
    quantities = wording.search.quantities
    stack = {quantity.name: quantity.value for quantity in quantities.named("concat", 0)}
    values = {**right_values(quantities, wording.arguments, wording.found.record.phase), **stack}
    edit = giving_value(partner(wording.function), wording.quantity, values, wording.value, wording.tolerance)
    return (of_edit(wording, edit) if edit is not None else None) or _by_own_repair(wording)


def _by_own_repair(wording: Wording) -> Name | None:
    """The change that mends the line; where it is another function in a helper that should be an activation, which one that is."""
    name = by_repair(wording)
    if name is not None and name.form == "exchanged" and (turned := letters_turned(wording)) is not None:
        return turned
    return (another_activation(wording) or name) if name is not None and name.form == "an activation" else name


def _another_slope(wording: Wording) -> Name | None:
    """A function of the learner's, or a part of a table, that gives one activation's derivative where another one's belongs."""
    place, value, right = wording.found.record.place, wording.value, wording.right
    known = wording.found.quantity is not None and wording.found.quantity.name.startswith("slope_")
    in_a_helper = place.function != wording.function and place.kind == "return"
    if not known or not (in_a_helper or place.kind in {"value", "element"}) or value is None or right is None:
        return None
    return differentiated_otherwise(wording, value, right)


# -- by an edit of the reference -----------------------------------------------------------------------------------


def _by_edit(wording: Wording) -> Name | None:
    """The equation of the reference, edited, gives this very value."""
    quantity = wording.found.quantity
    if "cell" not in wording.function or quantity is None or wording.value is None or quantity.name != wording.quantity:
        return None
    place = wording.found.record.place
    if place.kind in {"value", "argument"} and place.text.isidentifier() and (other := equal(wording)) is not None:
        return other  # the name stands in the wrong place; nothing is wrong in what it is called
    values = right_values(wording.search.quantities, wording.arguments, wording.found.record.phase)
    value = wording.value.T if isinstance(quantity.table, Turned) else wording.value
    edit = giving_value(wording.function, wording.quantity, values, value, wording.tolerance)
    return None if edit is None else of_edit(wording, edit)


def _by_stack(wording: Wording) -> Name | None:
    """The line reads the stack of hidden state and input with its rows in another order."""
    rights = [array for quantity in wording.search.quantities.named("concat", 0) if (array := array_of(quantity.value)) is not None]
    for read in wording.found.reads if rights else ():
        array = array_of(read.value)
        if array is None or array.shape != rights[0].shape or same(array, rights[0], wording.tolerance):
            continue
        if same(array[np.lexsort(array.T)], rights[0][np.lexsort(rights[0].T)], wording.tolerance):
            says = f"the rows of {read.place.text} stand in another order than the columns of the weights that meet them"
            repaired = by_repair(wording) or by_trying(wording)  # with the stack in the other order
            return wording.plain("stack-wrong", says, exact=repaired is not None and repaired.exact)
    return None


def _stands_twice(wording: Wording) -> Name | None:
    """A line that adds to a name, right below one that is the same: without it the results come right."""
    place, subject = wording.found.record.place, wording.search.subject
    above = max((one.statement for one in subject.places if one.function == place.function and one.statement < place.statement), default=0)
    same_text = ((one.statement, one.kind, one.text) == (above, place.kind, place.text) for one in subject.places)
    if not any(same_text) or wording.found.how != "value":
        return None
    puts: list[Substitute] = []
    for visit in range(len({put.visit for put in wording.found.substitutes})):
        records = subject.traced((*wording.others, *puts))[1]
        gave = (one.value for one in records if one.place.statement == above and one.place.kind == place.kind and one.visit == visit)
        puts += [Substitute(place.id, visit, value) for value in gave]
    if not wording.search.results_right(subject.run((*wording.others, *puts))):
        return None
    plain = wording.plain("accumulated-wrongly", f"this line stands twice: {short(wording.found)} gets its share two times", exact=True)
    return plain.asking("Read this line and the one above it: what does each of them add?")
