"""Say what is wrong at a line: which mistake it is, in the learner's own names.

In this order: what the experiment itself tells (a loop's bounds, a key, memory under two names); an edit of the reference that gives the
very same; another quantity in this place; a sum over the steps that goes wrong; a factor or a term too many or too few. Where nothing of
this fits, how far the value is off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_code.lines.variants import giving_value, right_values
from whygrad.from_code.naming.anyhow import Anyhow
from whygrad.from_code.naming.arithmetic import Arithmetic
from whygrad.from_code.naming.by_experiment import ByExperiment
from whygrad.from_code.naming.by_parts import ByParts
from whygrad.from_code.naming.wording import Name, short
from whygrad.from_code.observe.subject import array_of, same
from whygrad.from_code.observe.turned import Turned
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from whygrad.from_code.observe.experiment import Found, Search
    from whygrad.from_code.observe.subject import Observations
    from whygrad.sandbox.requests import Value


def named(search: Search, found: Found, arguments: tuple[Value, ...], remaining: Observations, others: tuple[Substitute, ...]) -> Name:
    """What is wrong there; ``remaining`` are the results of the program in which ``others`` mend every other finding."""
    namer = Namer(search, found, arguments, remaining, others)
    return next(namer.names())


def row_of(search: Search, found: Found, arguments: tuple[Value, ...], remaining: Observations, others: tuple[Substitute, ...]) -> int:
    """In which line of an expression over several it is wrong, 0 for the first, which counts where it is not known."""
    place, asked = found.record.place, found.how in {"value", "raises"}
    return Namer(search, found, arguments, remaining, others).row() if place.end_line > place.line and asked else 0


def explains_all(search: Search, found: Found, arguments: tuple[Value, ...]) -> bool:
    """Whether a change of this line alone makes all results right, so that the other findings only follow from it."""
    return Namer(search, found, arguments, {}, ()).by_trying() is not None


def two_orders(search: Search, found: Found, arguments: tuple[Value, ...], other: Found) -> Name:
    """That two lines do not fit each other, where a change of either of them makes all results right."""
    return Namer(search, found, arguments, {}, ()).not_fitting(other)


class Namer(ByExperiment, ByParts, Arithmetic, Anyhow):
    """All names that a place can get."""

    def names(self) -> Iterator[Name]:
        """Names, the best first; the last always fits."""
        first = (self._by_experiment, self._under_anothers_key, self._at_first_sight)
        last = (self._stands_twice, self._cut_wrongly, self._by_its_function, self._by_all_parts, self._by_two)
        for look in (*first, *self._looks(), *last):
            name = look()
            if name is not None:
                yield name
        yield self.anyhow()

    def _looks(self) -> tuple[Callable[[], Name | None], ...]:
        """What is tried of a value: in a cell the reference's edits come first, in a sequence what the whole reference gives, edited."""
        if self.found.how == "raises":  # there is no value that could be looked at
            return (self._by_repair,)
        in_both = (self._by_algebra, self._by_need)
        if "cell" in self.function:
            own = (self._by_own_repair, self._divided_otherwise, self._by_running, self._by_parts)
            return (self._another_slope, self._by_edit, self._by_stack, *own, *in_both, self.by_trying, self._equal, self._by_results)
        own = (self._by_own_repair, self._by_running, self.by_trying)
        return (self._by_results, self._given_forward, self._given_twice, *own, self._equal, *in_both)

    def not_fitting(self, other: Found) -> Name:
        """Two stacks that meet in a product have their parts in two orders."""
        names = f"{short(other)} and {short(self.found)}"
        return self._plain("stack-wrong", f"{names} have their parts in two orders, and do not fit each other", exact=True)

    def _by_own_repair(self) -> Name | None:
        """The change that mends the line; where it is another function in a helper that should be an activation, which one that is."""
        name = self._by_repair()
        if name is not None and name.form == "exchanged" and (turned := self._letters_turned()) is not None:
            return turned
        return (self._another_activation() or name) if name is not None and name.form == "an activation" else name

    def _another_slope(self) -> Name | None:
        """A function of the learner's, or a part of a table, that gives one activation's derivative where another one's belongs."""
        place, value, right = self.found.record.place, self.value, self.right
        known = self.found.quantity is not None and self.found.quantity.name.startswith("slope_")
        in_a_helper = place.function != self.function and place.kind == "return"
        if not known or not (in_a_helper or place.kind in {"value", "element"}) or value is None or right is None:
            return None
        return self._differentiated_otherwise(value, right)

    # -- by an edit of the reference -----------------------------------------------------------------------------------

    def _by_edit(self) -> Name | None:
        """The equation of the reference, edited, gives this very value."""
        quantity = self.found.quantity
        if "cell" not in self.function or quantity is None or self.value is None or quantity.name != self.quantity:
            return None
        place = self.found.record.place
        if place.kind in {"value", "argument"} and place.text.isidentifier() and (other := self._equal()) is not None:
            return other  # the name stands in the wrong place; nothing is wrong in what it is called
        values = right_values(self.search.quantities, self.arguments, self.found.record.phase)
        value = self.value.T if isinstance(quantity.table, Turned) else self.value
        edit = giving_value(self.function, self.quantity, values, value, self._tolerance)
        return None if edit is None else self._of_edit(edit)

    def _by_stack(self) -> Name | None:
        """The line reads the stack of hidden state and input with its rows in another order."""
        rights = [array for quantity in self.search.quantities.named("concat", 0) if (array := array_of(quantity.value)) is not None]
        for read in self.found.reads if rights else ():
            array = array_of(read.value)
            if array is None or array.shape != rights[0].shape or same(array, rights[0], self._tolerance):
                continue
            if same(array[np.lexsort(array.T)], rights[0][np.lexsort(rights[0].T)], self._tolerance):
                says = f"the rows of {read.place.text} stand in another order than the columns of the weights that meet them"
                repaired = self._by_repair() or self.by_trying()  # with the stack in the other order
                return self._plain("stack-wrong", says, exact=repaired is not None and repaired.exact)
        return None

    def _stands_twice(self) -> Name | None:
        """A line that adds to a name, right below one that is the same: without it the results come right."""
        place, subject = self.found.record.place, self.search.subject
        above = max(
            (one.statement for one in subject.places if one.function == place.function and one.statement < place.statement), default=0
        )
        same_text = ((one.statement, one.kind, one.text) == (above, place.kind, place.text) for one in subject.places)
        if not any(same_text) or self.found.how != "value":
            return None
        puts: list[Substitute] = []
        for visit in range(len({put.visit for put in self.found.substitutes})):
            records = subject.traced((*self.others, *puts))[1]
            gave = (one.value for one in records if one.place.statement == above and one.place.kind == place.kind and one.visit == visit)
            puts += [Substitute(place.id, visit, value) for value in gave]
        if not self.search.results_right(subject.run((*self.others, *puts))):
            return None
        plain = self._plain("accumulated-wrongly", f"this line stands twice: {short(self.found)} gets its share two times", exact=True)
        return plain.asking("Read this line and the one above it: what does each of them add?")
