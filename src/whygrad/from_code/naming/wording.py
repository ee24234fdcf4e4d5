"""The words for a mistake: the learner's own names, the assignment's quantities, the hints."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.from_code.lines.variants import site_name
from whygrad.from_code.naming.forward_hints import OF_A_FORWARD_PASS, OF_ANOTHER_CALL
from whygrad.from_code.naming.what_is_cut import what_is_cut
from whygrad.from_code.observe.arrays import array_of, shape_of
from whygrad.from_code.observe.experiment import GIVES, callee
from whygrad.from_code.observe.only_reads import sets_attribute
from whygrad.from_code.observe.returned_as import right_result
from whygrad.from_code.observe.subject import name_of
from whygrad.from_code.reference.inputs import COURSE_SIZES, ENTRIES, OUTPUTS, case
from whygrad.mistakes import OPERATORS
from whygrad.mistakes.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from whygrad.from_code.lines.change import Form
    from whygrad.from_code.observe.arrays import Observations
    from whygrad.from_code.observe.experiment import Found, Search
    from whygrad.from_code.observe.quantities import Quantity
    from whygrad.sandbox.places import Place
    from whygrad.sandbox.requests import Substitute, Value

VOCABULARY = SEQUENCE_MODELS.vocabulary
ANOTHER_BELONGS = "stands where another value belongs"
"""What is said of a right quantity in the place of another, where its name says nothing more."""
SINCE = (
    "From this line on the name stands for something else, and every line behind it gets that. Print {name} before and after this line: "
    "which of the lines behind it mean the one, and which the other?"
)
_GIVEN = GIVES | {"after", "index", "loop"}
_OF_ALL_STEPS = re.compile(r"\[(:|\.\.\.)")
"""In what a line stores into: a slice of an array for all steps."""
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_PLACE = re.compile(r"\d+|[\w.]+\(\d+\)")
_COMPUTED_KEY = re.compile(r"\[(?![\d:.\"']+)[^\[\]:]*\]$|\[f?[\"'][^\[\]]*[\"'] *\+[^\[\]]*\]$")
"""A key that is no number, slice or text: a name, or a text with a name added."""


@dataclass(frozen=True, slots=True)
class Name:
    """A mistake's ``id`` (None where none fits), the quantity in the assignment's name, a sentence, the hints.

    ``exact`` tells whether the value or the results follow exactly from it: a second fact beside the cure. ``lines`` are those that the
    sentences name, each with its source, beside which they do not stand. ``slips`` is how many there are in the line, ``form`` what the
    sentence is about that asks for words of its own. ``instead`` is a name that the line gives a value, and the one that belongs there.
    """

    id: str | None
    quantity: str
    says: str
    hints: tuple[str, str, str]
    exact: bool
    lines: tuple[tuple[str, int], ...] = ()
    slips: int = 1
    form: Form = ""
    instead: tuple[str, ...] = ()

    def asking(self, what: str, where: str | None = None) -> Name:
        """The same with another second hint, and with another first one if it is given."""
        return replace(self, hints=(where or self.hints[0], what, self.hints[2]))


STANDS_BEHIND = "; line {}, which gives {} a new value, stands behind the loop"
"""How a sentence ends on a name that gets its new value too late: the line, and the name."""


class Wording:
    """What is needed to speak of one finding."""

    def __init__(
        self, search: Search, found: Found, arguments: tuple[Value, ...], remaining: Observations, others: tuple[Substitute, ...]
    ) -> None:
        self.search, self.found, self.arguments, self.remaining, self.others = search, found, arguments, remaining, others
        self.function = search.subject.function
        self.value, self.right = array_of(found.record.value), array_of(found.right)
        own = found.names[0] if found.how in {"unfilled", "sums"} else found.record.name
        name = own if found.quantity is None else found.quantity.name
        self.quantity = site_name(self.function, carry(self.function, found, name))

    @property
    def told(self) -> str:
        """The quantity's name; where that is just a place among parts or arguments, the name that its line gives a value."""
        return (_PLACE.fullmatch(self.quantity) and self._made_by_the_line()) or self.quantity

    @property
    def called(self) -> str:
        """What is called with an argument, as it stands in the line."""
        place = self.found.record.place
        return self.search.subject.called.get(place.id) or callee(place.target)

    def plain(self, known: str | None, says: str, *, exact: bool, lines: tuple[tuple[str, int], ...] = (), form: Form = "") -> Name:
        """A name in this sentence, with the mistake's own hints."""
        words = self.words(self.quantity, says)
        hints = OPERATORS[known].hints if known else (_WHERE, _WHAT if self.found.inputs else _FIRST, _ASKS)
        first, second, third = filled(self.fitting(known, hints, says, form), words)
        if known == "sum-wrong":
            second = _hint_of_a_sum(form, second, forward=self.function.endswith("forward"))
        if known == "gate-swapped" and form == "exchanged":
            second = _EXCHANGED.format(**words)
        if self._is_of_the_contract():
            third = f"What the assignment asks for: {returned_by(self.function)}."
        return Name(known, self.told, says, (first, self.spoils(second, words["quantity"]), third), exact, lines, form=form)

    def spoils(self, hint: str, name: str) -> str:
        """A hint that says what is spoiled: a name that the line gives a value, or else whatever the line gives."""
        place = self.found.record.place
        beside = [one for one in self.search.subject.places if one.statement == place.statement]
        given = {one.target.strip("\"'") for one in beside if one.kind in _GIVEN or (one.kind == "value" and not one.target.isdigit())}
        by_place = self.found.how in {"value", "argument"} or place.target.isdigit()
        if not by_place or given.issuperset(re.split(", | and ", name)):
            return hint
        return hint.replace(f"This spoils {name} and", "This spoils what this line gives and")

    def fitting(self, known: str | None, hints: tuple[str, str, str], says: str, form: Form) -> tuple[str, str, str]:
        """The hints with one of their own for what is cut, and for what has its rows and columns exchanged; of an error others speak."""
        value, right = self.value, self.right
        if self.search.subject.raises:
            return hints
        own = OF_A_FORWARD_PASS.get(known or "") if self.function.endswith("forward") else None
        own = OF_ANOTHER_CALL if known == "call-argument-wrong" and not self.search.subject.calling else own
        own = _OF_A_NUMBER if known == "term-dropped" and form == "a number" else own
        own = _TWICE if known == "activation-wrong" and form == "activated twice" else own
        if own is not None:
            return hints[0], own, hints[2]
        if known == "activation-wrong" and self.quantity == "yt_pred":
            return hints[0], OPERATORS["prediction-wrong"].hints[1], hints[2]
        if known == "slice-wrong" and not self._cuts_weights(says):
            return hints[0], what_is_cut(self.search, self.found, says).hint(), hints[2]
        if known == "transpose-wrong" and value is not None and right is not None and value.shape != right.shape:
            return hints[0], _ON_ITS_SIDE, hints[2]
        return hints

    def _cuts_weights(self, says: str) -> bool:
        """Whether the weights of a gate are cut for the gradient at the state before or at the input, as the assignment does."""
        of_parts = self.quantity in {"da_prev", "dxt"} and self.function == "lstm_cell_backward"
        return of_parts and what_is_cut(self.search, self.found, says).kind == "weight"

    def without_carry(self, plain: Name, name: str, way: Literal["zero", "anew", "number", "old", "unread"], *, said: bool = False) -> Name:
        """The hint for a call to which nothing comes back: that the loop lacks a line, or the call an addend, if it is not ``said``."""
        lacks = {
            "zero": f"The loop gives {name} no new value, or zero again.",
            "anew": f"What comes back from the cell is gone from {name} once this line has run.",
            "old": f"What comes back from the cell is not put into {name}.",
            "number": f"The call makes no use of {name}.",
            "unread": f"What is given here makes no use of {name}.",
        }
        look = {
            "zero": f"Print {name} at the start of each turn: still zero at the second?",
            "anew": f"Print {name} right before this line and right after it: in which of the two is what the step after handed back?",
            "old": f"Print {name} at the start of each turn, beside what the cell handed back at the turn before.",
            "number": "Print what the cell handed back at the turn before: is that zero too?",
            "unread": "Print what the call is given at each turn, beside the slice of that step alone: are they the same?",
        }
        told = plain if way == "anew" else self.with_the_line_behind(plain, name)
        says = "" if told is not plain or said else f"{lacks[way]} "
        return told.asking(f"{says}{_SPARED} {look[way]}")

    def with_the_line_behind(self, plain: Name, name: str) -> Name:
        """The same with the line that gives a name its new value only when the loop is over, if there is one."""
        behind = self.given_behind(name)
        if behind is None:
            return plain
        says = f"{plain.says}{STANDS_BEHIND.format(behind.line, name)}"
        return replace(plain, says=says, lines=(*plain.lines, (behind.source, behind.line)))

    def gets_a_value_within(self, name: str, *, but: Place | None = None) -> bool:
        """Whether a line of the loop, ``but`` for one, gives a name a value, be it one that it had before."""
        here, gives = self.found.record.place, GIVES | {"after"}
        lines = (place for place in self.search.subject.places if place.function == here.function and place.loops and place.kind in gives)
        others = (place for place in lines if place.target == name and (but is None or place.statement != but.statement))
        return any(not self.search.subject.text.gives_itself(place) for place in others)

    def read_within(self, name: str) -> bool:
        """Whether a line of a loop reads a name."""
        here = self.found.record.place.function
        reads = (one for one in self.search.subject.places if one.function == here and one.loops and one.kind in {"read", "right"})
        return any(one.text == name or (one.kind == "right" and name in re.findall(r"\w+", one.text)) for one in reads)

    def given_to_a_call(self, name: str) -> bool:
        """Whether a call of the cell is given what a name holds, alone or as a part of it."""
        given = (one.text for one in self.search.subject.places if one.kind == "argument" and one.statement in self.search.subject.calling)
        return any(name in re.findall(r"\w+", text) for text in given)

    def given_behind(self, name: str) -> Place | None:
        """The line that gives a name a new value only when the last of all visits of the place found is over."""
        here, seen = self.found.record.place, self.search.last
        last = max((record.time for record in seen if record.place.id == here.id), default=0)
        later = (record.place for record in seen if record.time > last and record.place.target == name and record.place.kind in GIVES)
        return next((place for place in later if place.function == here.function and not place.loops), None)

    def words(self, quantity: str, detail: str) -> dict[str, str]:
        """What the sentences and hints of a mistake are filled with."""
        word = VOCABULARY.word(quantity) if self._is_meant(quantity) else quantity
        if quantity == self.quantity and quantity in _OF_A_STEP and len(shape_of(self.found.right) or ()) == 2:  # noqa: PLR2004 - of one step
            word = _OF_A_STEP[quantity]
        name = self._made_of_parts() or short(self.found)
        asked = VOCABULARY.mathematics.get((self.function, quantity)) or VOCABULARY.mathematics.get((self.function, inner(quantity)))
        meaning = word if word != quantity else "what this line computes"
        if self.found.how in {"swapped", "sums", "unfilled"} and len(set(self.found.names)) > 1:
            meaning = "what each of them holds"
        elif self._is_no_equation():
            asked = None
        elif self.serves_several_gates():
            turn = "for each gate in turn" if self.function.startswith("lstm") else "at each of its calls"
            meaning, asked = f"what this line computes {turn}", asked if self._of_every_gate(quantity) else None
        elif _COMPUTED_KEY.search(name) or self._is_of_a_loop(name):
            meaning = "what this line stores, one after the other"
        return {
            "function": self.function,
            "quantity": name if quantity in {self.quantity, self.found.record.name} else quantity,
            "meaning": meaning,
            "detail": detail,
            "mathematics": asked or in_general(self.function),
        }

    def _is_of_a_loop(self, name: str) -> bool:
        """Whether a loop gives the name one array after the other."""
        here = self.found.record.place
        loops = [place for place in self.search.subject.places if place.kind == "loop" and place.function == here.function]
        return array_of(self.found.record.value) is not None and any(name in re.findall(r"\w+", place.target) for place in loops)

    def _made_of_parts(self) -> str | None:
        """What a line makes of a tuple or list of which one part is wrong: it is spoiled, and not the part."""
        place = self.found.record.place
        if self.found.how != "value" or place.kind != "value" or not place.target.isdigit():
            return None
        return self._made_by_the_line()

    def _made_by_the_line(self) -> str | None:
        statement = self.found.record.place.statement
        line = (one for one in self.search.subject.places if one.statement == statement and one.kind in {"assign", "after"})
        return next((one.target for one in line if one.target), None)

    def _is_no_equation(self) -> bool:
        """Whether the line is a helper's, which makes a part of the quantity, or stores what a step gave into the array for all steps."""
        place = self.found.record.place
        stores = self.function in {"rnn_forward", "lstm_forward"} and _OF_ALL_STEPS.search(place.target) is not None
        return stores or (place.kind == "return" and place.function != self.function)

    def serves_several_gates(self) -> bool:
        """Whether the line found is wrong for more than one gate, in a cell: it is then of no gate alone."""
        visits = {sub.visit for sub in self.found.substitutes if sub.place == self.found.record.place.id}
        return self.search.subject.cell == self.function and len(visits) > 1

    def _is_of_the_contract(self) -> bool:
        """Whether something right is handed out at another place, or under another key, than it should be."""
        record = self.found.record
        kept = record.place.kind == "value" and record.place.target.isdigit() and right_result(self.search, record) is not None
        return self.found.how in {"key", "missing"} or (kept and self.function.endswith("forward"))

    def _is_meant(self, quantity: str) -> bool:
        """Whether the assignment's name is the quantity's: no learner's name that looks like it, nor that of the equation it is in."""
        known = self.found.quantity
        if known is not None and quantity == self.quantity:
            return site_name(self.function, known.name) == known.name and self._made_of_parts() is None
        if known is not None or quantity not in {self.found.record.name, self.quantity} or self.found.how not in {"value", "stack"}:
            return True
        shape = shape_of(self.found.record.value if self.found.right is None else self.found.right)
        values = [one.value for one in self.search.quantities.named(quantity, self.found.record.phase)]
        return quantity in self.search.quantities.results or any(shape_of(value) == shape for value in values)

    def _of_every_gate(self, quantity: str) -> bool:
        """Whether the mathematics asks for the same of a quantity and of its siblings."""
        kind = VOCABULARY.kind(quantity)
        all_of_it = {
            says
            for (function, name), says in VOCABULARY.mathematics.items()
            if function == self.function and kind is not None and VOCABULARY.kind(name) == kind
        }
        return len(all_of_it) == 1

    @property
    def tolerance(self) -> float:
        """Within which a value is one that belongs to another."""
        return max(1e-7, self.search.tolerance)

    def loops(self) -> bool:
        """Whether a sum over the steps is concerned."""
        return self.search.subject.function.endswith("backward") and "cell" not in self.function and self.quantity.startswith(("dW", "db"))

    def quantities(self, value: Any) -> Iterator[Quantity]:  # noqa: ANN401
        """The quantities that a value equals, those with names first."""
        equal = list(self.search.quantities.equal(value, self.tolerance))
        yield from sorted(equal, key=lambda quantity: (not quantity.made, quantity.name not in VOCABULARY.words))


_SPARED = "The last step, which the loop visits first, does not suffer, because nothing is to be handed to it; every earlier one does."
_WHERE = "Look at {quantity} in {function}: {meaning}."
_WHAT = (
    "Each value that this line uses is right by itself, what comes of it is not. Print it and its shape, and write the line anew from the "
    "formula: is a factor missing, or a line before this one?"
)
_FIRST = (
    "Here the value is not what it has to be, and what goes into it may be wrong already. Print this line's values and those of the lines "
    "before it, and find the first that is not what its formula says."
)
_AXES = (
    "A sum runs over one axis and leaves the others: each column is an example of its own, each row a unit. Print the shape of what comes "
    "out, beside the shape of what it meets next: over what has to be summed?"
)
_SHARES = (
    "A sum is made of all that it is given, each with its own sign and size. Print what goes into it and what comes out, and add up one "
    "entry by hand."
)
_ONE_NUMBER = (
    "Of all entries one number is made here, which NumPy then adds to, or multiplies with, each entry of the rest. Print it and its shape: "
    "has each entry a value of its own, as it should have?"
)
_EXCHANGED = (
    "All the right names stand in this line, and some of them in each other's place. This spoils {quantity} and whatever is computed from "
    "there; no other number is touched. Ask of each place in the line: which name belongs here?"
)
_OF_A_NUMBER = (
    "Here a plain number of the formula is missing, and no path through the network. This spoils {quantity} and whatever is computed "
    "from there; no other number is touched. Hold this part of the line beside your own notes: which number stands there?"
)
_TWICE = (
    "This spoils {quantity} and whatever is computed from there. Print the smallest and the largest entry of what goes into the activation "
    "here: do they tell that it has been through one already?"
)
_ON_ITS_SIDE = (
    "The shape shows it, and no error need come of it: what is stored or handed on may have any shape. This spoils {quantity} and whatever "
    "is computed from there; no other number is touched. Print the shape after each operation of this line: after which one does it lie "
    "on its side?"
)
_ASKS = "What the mathematics asks for: {mathematics}."

_LONG = 60
"""Letters of code that a sentence quotes."""
_OF_A_STEP = {"a": "the hidden state of a step", "c": "the cell state of a step"}
"""What a slice of an array of states is."""
UNNAMED = (
    "Look at {quantity} in {function}: what goes into it is right, what comes out is not.",
    "Print the values and shapes before and after, and write the lines between anew from the formula.",
    "Work one small case by hand, and compare it line by line.",
)
"""The hints where only the stretch of code is known."""


_CHAIN_RULE = (
    "the gradient at a quantity is a sum, with one term for each equation of the forward pass that reads it: the gradient at what the "
    "equation gives, times the derivative of the equation"
)
_IN_GENERAL = {
    "rnn_cell_forward": "the state is tanh of one sum, with a term for the input, one for the state before and the bias; the softmax of "
    "another such sum is the prediction",
    "lstm_cell_forward": "each gate is the sigmoid of its own sum W [a_prev; x] + b, and the candidate the tanh of one; the prediction is "
    "the softmax of Wy a_next + by",
    "rnn_cell_backward": _CHAIN_RULE,
    "lstm_cell_backward": _CHAIN_RULE,
    "forward": "step t takes x⟨t⟩ and the state of step t − 1; what it gives is slice t of each output",
    "backward": "step t gets da⟨t⟩ plus what step t + 1 handed back; each parameter's gradient is a sum over the steps",
}


def _hint_of_a_sum(form: Form, second: str, *, forward: bool) -> str:
    """The second hint on what is summed wrongly, or not at all."""
    if form == "itself":
        return _ONE_NUMBER
    return _SHARES if form == "sum" else _AXES if forward else second


def in_general(function: str) -> str:
    """What the mathematics asks for of a function as a whole."""
    return _IN_GENERAL.get(function) or _IN_GENERAL[function.rpartition("_")[2]]


def asked(function: str) -> str:
    """The third hint where it is of a function as a whole."""
    return _ASKS.format(mathematics=in_general(function))


def returned_by(function: str) -> str:
    """What a function of the assignment returns."""
    if function not in OUTPUTS:
        return f"a dictionary with the keys {listed(case(function, COURSE_SIZES, 0).expected)}"
    outputs, entries = listed(OUTPUTS[function]), listed(ENTRIES[function.partition("_")[0]])
    kept = f"the cache holds {entries}, in this order"
    kept = kept if "cell" in function else "caches is a pair: the list of one cache a step, and x"
    return f"{outputs} are returned, in this order; {kept}"


def filled(hints: tuple[str, str, str], words: Mapping[str, str]) -> tuple[str, str, str]:
    """The three hints with their words put in."""
    first, second, third = (hint.format(**words) for hint in hints)
    return first, second, third


def short(found: Found) -> str:
    """How a sentence calls the value: by the learner's own name for it."""
    place = found.record.place
    if found.how in {"unfilled", "swapped", "sums"} and (place.kind != "argument" or sets_attribute(place)):
        return listed(dict.fromkeys(found.names))
    if place.kind in {"assign", "target", "after", "right", "index", "loop"} and place.target:
        return place.target
    entry = name_of(place.target) if place.target.startswith("dict(") else place.target if place.kind == "value" else ""
    if not entry.isdigit() and len(entry.strip("\"'")) > 1:  # a letter says nothing
        return entry[1:-1] if _QUOTED.fullmatch(entry) else entry
    kinds = {"read", "argument"}
    reads = [read for read in found.reads if read.place.kind in kinds and re.search(r"[:(]", read.place.text) is None]
    nothing = not np.any(array_of(found.record.value))  # of a name that holds something: zeros_like(name)
    carried = [read.place.text for read in reads if not (nothing and np.any(array_of(read.value)))]
    if found.how == "argument" and len(set(carried)) == 1 and place.text not in carried:
        return carried[-1]
    return shortened(place.text)


def shortened(text: str) -> str:
    """A piece of code on one line; of a long one how it begins, up to the end of a word, with dots for the rest."""
    whole = " ".join(text.split())
    return whole if len(whole) <= _LONG else f"{whole[: whole.rfind(' ', 0, _LONG) if ' ' in whole[:_LONG] else _LONG]} …"


def counted_by(loop: Place) -> str:
    """What a loop gives a value at each turn; ``t, it`` would read as a word of the sentence."""
    return listed(re.findall(r"[\w.]+", loop.target))


def word(quantity: Quantity) -> str:
    """A quantity by its name and what that means; one step of an array of states, which may have no such name, by its meaning."""
    if "[:" in quantity.record.place.target and quantity.name in _OF_A_STEP:
        return _OF_A_STEP[quantity.name]
    part = "a slice of " if "[:" in quantity.record.place.target else ""
    return f"{part}{quantity.name} ({VOCABULARY.word(quantity.name)})"


def carry(function: str, found: Found, name: str) -> str:
    """What belongs at an argument of the cell's call is said of the carry."""
    if found.how == "argument" and function.endswith("backward"):
        inside = found.record.place.target.rpartition("(")[2].rstrip(")")
        return {"0": "da_prevt", "da_next": "da_prevt", "1": "dc_prevt", "dc_next": "dc_prevt"}.get(inside, name)
    return name


def inner(quantity: str) -> str:
    """Under which name the mathematics of an argument or cached state is kept."""
    return {
        "da_next": "da_prevt",
        "dc_next": "dc_prevt",
        "da_prev": "da_prevt",
        "dc_prev": "dc_prevt",
        "c_prev": "c_next",
        "a_prev": "a_next",
    }.get(quantity, "")
