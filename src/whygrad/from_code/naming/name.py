"""Say what is wrong at a line: which mistake it is, in the learner's own names.

In this order: what the experiment itself tells (a loop's bounds, a key, memory under two names); an edit of the reference that gives the
very same; another quantity in this place; a sum over the steps that goes wrong; a factor or a term too many or too few. Where nothing of
this fits, how far the value is off.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_code.lines.lying import TURNS
from whygrad.from_code.lines.variants import giving_results, giving_value, right_values
from whygrad.from_code.naming.anyhow import Anyhow
from whygrad.from_code.naming.arithmetic import Arithmetic
from whygrad.from_code.naming.axes import is_slice
from whygrad.from_code.naming.by_experiment import ByExperiment
from whygrad.from_code.naming.by_parts import ByParts
from whygrad.from_code.naming.unwritten import in_own_names, unwritten
from whygrad.from_code.naming.whole_sums import WholeSums
from whygrad.from_code.naming.wording import Name, filled, short
from whygrad.from_code.observe import observed
from whygrad.from_code.observe.experiment import GIVES
from whygrad.from_code.observe.expression import expression_of
from whygrad.from_code.observe.subject import array_of, same
from whygrad.from_code.observe.turned import Turned
from whygrad.mistakes import OPERATORS
from whygrad.sandbox.requests import Substitute

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_code.observe.experiment import Found
    from whygrad.from_code.observe.subject import Observations
    from whygrad.from_code.places.locate import Search
    from whygrad.mistakes import Edit
    from whygrad.sandbox.requests import Value


_TOO_BROAD = frozenset(("factor-dropped", "names-exchanged", "wrong-activation-derivative", "slice-wrong", "accumulated-wrongly"))
"""Edits of the reference that many lines amount to: what the learner's own line has comes first, if it is one of ``_WRITTEN``."""
_WRITTEN = frozenset(("operator-replaced", "sign-flipped", "bracket-moved", "mean-for-sum", "transpose-wrong"))
_TURNS = re.compile(rf"\.T\b|reshape|{'|'.join(sorted(TURNS))}")
"""What a line that turns a matrix has in it."""


_WITHOUT_A_NAME = {
    "carry-starts-wrong": "before the loop begins, {detail} stands where the carried gradient starts.",
    "initial-state-wrong": "the sequence starts with {detail} as its first {state} state.",
}
"""The sentences on what a loop starts from, where it is handed to it, or has no name that the course's lines use."""
_THE_START = "what the first turn is given as carried so far,"
_MEAN = re.compile(r"\bmean\(")
_ONE_GATE = re.compile("the (?:(?:forget|update|output) gate|candidate)")
_BY_A_NUMBER = re.compile(r"/=?\s*(\d+)(?:\.0*)?(?![\w.])")
"""A division by a number that is written out."""
_COUNTED_OFF = (
    "A reshape goes through the entries row by row and lays them out anew: it turns nothing, and complains of no order. Print the shape of "
    "what stands before it, beside that of {name}: which axis is which?"
)
_NAMED = re.compile(r"[\w.]+(\[[\"']\w+[\"']\])?$")
"""A name, or an entry of a dictionary."""


def named(search: Search, found: Found, arguments: tuple[Value, ...], remaining: Observations, others: tuple[Substitute, ...]) -> Name:
    """What is wrong there; ``remaining`` are the results of the program in which ``others`` mend every other finding."""
    namer = _Namer(search, found, arguments, remaining, others)
    return next(namer.names())


def row_of(search: Search, found: Found, arguments: tuple[Value, ...], remaining: Observations, others: tuple[Substitute, ...]) -> int:
    """In which line of an expression over several it is wrong, 0 for the first, which counts where it is not known."""
    place, asked = found.record.place, found.how in {"value", "raises"}
    return _Namer(search, found, arguments, remaining, others).row() if place.end_line > place.line and asked else 0


def explains_all(search: Search, found: Found, arguments: tuple[Value, ...]) -> bool:
    """Whether a change of this line alone makes all results right, so that the other findings only follow from it."""
    return _Namer(search, found, arguments, {}, ()).by_trying() is not None


def two_orders(search: Search, found: Found, arguments: tuple[Value, ...], other: Found) -> Name:
    """That two lines do not fit each other, where a change of either of them makes all results right."""
    return _Namer(search, found, arguments, {}, ()).not_fitting(other)


class _Namer(ByExperiment, ByParts, Arithmetic, Anyhow, WholeSums):
    def names(self) -> Iterator[Name]:
        """Names, the best first; the last always fits."""
        cell = "cell" in self.function
        first = (self._by_own_repair, self._divided_otherwise)
        own = (*first, self._by_running, self._by_parts, self._by_algebra, self._by_need, self.by_trying)
        looks = (
            (self._another_slope, self._by_edit, self._by_stack, *own, self._equal, self._by_results)
            if cell
            else (
                self._by_results,
                self._given_forward,
                self._given_twice,
                self._by_own_repair,
                self._by_running,
                self.by_trying,
                self._equal,
                self._by_algebra,
                self._by_need,
            )
        )
        if self.found.how == "raises":  # there is no value that could be looked at
            looks = (self._by_repair,)
        last = (self._stands_twice, self._cut_wrongly, self._by_its_function, self._by_all_parts, self._by_two)
        for look in (self._by_experiment, self._under_anothers_key, self._at_first_sight, *looks, *last):
            name = look()
            if name is not None:
                yield name
        yield self.anyhow()

    def not_fitting(self, other: Found) -> Name:
        """Two stacks that meet in a product have their parts in two orders."""
        names = f"{short(other)} and {short(self.found)}"
        return self._plain("stack-wrong", f"{names} have their parts in two orders, and do not fit each other", exact=True)

    def _by_own_repair(self) -> Name | None:
        """The change that mends the line; where it is another function in a helper that should be an activation, which one that is."""
        name = self._by_repair()
        if name is not None and name.says.endswith("each other's place") and (turned := self._letters_turned()) is not None:
            return turned
        another = name is not None and name.says.endswith(" where an activation belongs")
        return (self._another_activation() or name) if another else name

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

    def _by_results(self) -> Name | None:
        """The whole function of the reference, edited, gives these very results."""
        if not self.search.complete or not self.remaining:  # a function that raises gives no results
            return None
        asked = {observed.result_of(name) for name in observed.results(self.search.expected)}
        if self.function.endswith("backward") and not asked <= set(map(observed.result_of, self.remaining)):
            return None  # one of them is no array
        if self.search.results_right(self.remaining):
            return None  # an edit that changes nothing explains nothing
        around = tuple(dict.fromkeys((self.quantity, *_results_at(self.remaining, self.search.expected, self.search.tolerance))))
        shared = self.found.how not in {"value", "argument"}
        edit = giving_results(self.function, around[:4], self.arguments, self.remaining, self._tolerance, shared=shared)
        if edit is None or (edit.operator == "call-argument-wrong" and not self.search.subject.calling):  # there is no call of the cell
            return None
        return self._of_edit(edit)

    def _of_edit(self, edit: Edit) -> Name | None:
        if (special := self._only_here(edit)) is not None:
            return special
        rights = right_values(self.search.quantities, self.arguments, self.found.record.phase)
        if unwritten(edit, self.found, self.function, rights, self._tolerance):
            return None
        if edit.operator == "names-exchanged" and (turned := self._letters_turned()) is not None:
            return turned
        change = self._by_repair() if edit.operator in _TOO_BROAD else None
        if edit.detail.endswith("share under several names") and self.found.how != "copy":  # the line adds it to both
            says = f"{short(self.found)} gets what belongs to other sums too" if change is None else change.says
            return self._plain(edit.operator, says, exact=True)
        if change is not None and change.id in _WRITTEN:
            return change
        operator = OPERATORS[edit.operator.split(" + ")[0]]
        detail = edit.detail.replace("a copy of ", "") if edit.operator == "output-slot-as-state" else edit.detail
        detail = in_own_names(detail, self.found, rights, self._tolerance)
        detail = _ONE_GATE.sub("the gate", detail) if self._serves_several_gates() else detail
        words = self._words(edit.quantity, detail)  # no copy: it is one only since the experiment hands out copies
        says, hints = operator.says, self._fitting(operator.id, operator.hints, "")
        of_another = words["quantity"] == edit.quantity and edit.quantity not in self.found.record.place.text
        if operator.id in _WITHOUT_A_NAME and (of_another or not _NAMED.match(words["quantity"]) or words["quantity"] == edit.detail):
            words["state"] = "cell" if edit.quantity.startswith("c") else "hidden"
            says, hints = _WITHOUT_A_NAME[operator.id], (hints[0], hints[1].replace("{quantity}", _THE_START), hints[2])
        first, second, third = filled(hints, words)
        return Name(operator.id, edit.quantity, says.format(**words), (first, self._spoils(second, words["quantity"]), third), exact=True)

    def _turned_in_its_own_way(self, edit: Edit) -> Name | None:
        """A line with other transposes than the reference: it holds the examples in rows, or says the opposite of the edit."""
        rows = any(isinstance(table, Turned) for table in self.search.quantities.tables)
        opposite = edit.detail.endswith("transposed and should not be") and not _TURNS.search(self.found.record.place.text)
        if not rows and not opposite:
            return None
        change = self._by_repair()
        if change is not None and change.id in _WRITTEN:
            return change
        return self._plain(edit.operator, f"a matrix in {short(self.found)} should lie the other way, rows for columns", exact=True)

    def _only_here(self, edit: Edit) -> Name | None:  # noqa: PLR0911 - one for each of the ways
        """What the code tells more exactly than an edit of the reference can: a part that is taken, a line that slid out of the loop."""
        match edit.operator:
            case "slice-wrong":
                return self._other_part_taken()
            case "accumulator-copied":
                return self._sum_of_another()
            case "carry-added-up":
                return self._added_to_all_steps()
            case "accumulated-wrongly":
                return self._divided_behind(edit)
            case "mean-for-sum":
                return self._mean_of_some(edit)
            case "carry-wrong":
                return self._given_twice() or self._gives_no_part()
            case "transpose-wrong":
                return self._turned_in_its_own_way(edit)
            case _:
                return None

    def _divided_behind(self, edit: Edit) -> Name | None:
        """A line behind the loop that divides a sum: nothing is wrong in what is added up."""
        place, (_, divides, by) = self.found.record.place, edit.detail.partition("divided by ")
        if place.loops or place.kind not in GIVES | {"after"} or not divides:
            return None
        return self._plain("mean-for-sum", f"a division by {by} does not belong in {short(self.found)}", exact=True)

    def _mean_of_some(self, edit: Edit) -> Name | None:
        """A mean, or a division by a number that is written out, of which the reference's own size of that number says nothing."""
        written = _BY_A_NUMBER.search(self.found.record.place.text)
        if written is not None:
            says = f"a division by {written[1]} does not belong in {short(self.found)}"
            return self._plain(edit.operator, says, exact=True)
        if not edit.detail.endswith("hidden units") or not _MEAN.search(self.found.record.place.text):
            return None
        return self._plain(edit.operator, f"a mean stands in {short(self.found)} where the sum belongs", exact=True)

    def _gives_no_part(self) -> Name | None:
        """A carry that gets its new value behind the loop."""
        name = self.found.record.place.target
        if self._given_behind(name) is None:
            return None
        plain = self._plain("carry-missing", f"the loop gives {name} no part of what the cell hands back", exact=True)
        return self._without_carry(plain, name, "old")

    def _letters_turned(self) -> Name | None:
        """A product by letters whose result has its letters in the other order."""
        value, right, text = self.value, self.right, self.found.record.place.text
        if "einsum(" not in text or value is None or right is None:
            return None
        if same(value.T, right, self._tolerance):
            return self._plain("transpose-wrong", f"{short(self.found)} comes out with rows and columns exchanged", exact=True)
        if "reshape(" not in text or value.shape != right.shape or not same(value.reshape(right.T.shape).T, right, self._tolerance):
            return None
        says = f"{short(self.found)} has rows and columns exchanged, and is given its shape only then"
        return self._plain("transpose-wrong", says, exact=True).asking(_COUNTED_OFF.format(name=short(self.found)))

    def _other_part_taken(self) -> Name | None:
        """A line that takes a part of what it reads and does nothing else: nothing of the weights is cut there."""
        place = self.found.record.place
        text = place.computes.strip()
        if not is_slice(text):
            return None
        node = expression_of(text)
        whole = ast.unparse(node.value) if isinstance(node, ast.Subscript) else text[: text.rindex("[")]
        return self._plain("slice-wrong", f"{text} is not the part of {whole} that belongs here", exact=True)

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


def _results_at(remaining: Observations, expected: Observations, tolerance: float) -> Iterator[str]:
    """The names of the results that are still wrong."""
    for name, value in expected.items():
        if observed.is_result(name) and not (name in remaining and same(remaining[name], value, tolerance)):
            yield observed.result_of(name)
