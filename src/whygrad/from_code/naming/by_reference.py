"""The mistake whose edit of the reference gives what the learner's function gives, told of the learner's own line."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.from_code.lines.lying import TURNS
from whygrad.from_code.lines.repair import REPLACED
from whygrad.from_code.lines.variants import giving_results, right_values
from whygrad.from_code.naming.axes import is_slice
from whygrad.from_code.naming.not_in_the_line import in_own_names, unwritten
from whygrad.from_code.naming.own_line import by_repair
from whygrad.from_code.naming.wording import VOCABULARY, Name, Wording, filled, short
from whygrad.from_code.observe import observed
from whygrad.from_code.observe.arrays import same, shape_of
from whygrad.from_code.observe.experiment import GIVES, adds_to_itself
from whygrad.from_code.observe.expression import expression_of
from whygrad.from_code.observe.turned import Turned
from whygrad.from_code.words import which_step
from whygrad.mistakes import OPERATORS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_code.observe.arrays import Observations
    from whygrad.mistakes import Edit

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
_ALL_STEPS = (
    "What one step hands back belongs to the step before it alone. Print {name} at step 0 at each turn of the loop: does it change before "
    "its turn comes?"
)


def by_results(wording: Wording) -> Name | None:
    """The whole function of the reference, edited, gives these very results."""
    if not wording.search.complete or not wording.remaining:  # a function that raises gives no results
        return None
    asked = {observed.result_of(name) for name in observed.results(wording.search.expected)}
    if wording.function.endswith("backward") and not asked <= set(map(observed.result_of, wording.remaining)):
        return None  # one of them is no array
    if wording.search.results_right(wording.remaining):
        return None  # an edit that changes nothing explains nothing
    around = tuple(dict.fromkeys((wording.quantity, *_results_at(wording.remaining, wording.search.expected, wording.search.tolerance))))
    shared = wording.found.how not in {"value", "argument"}
    edit = giving_results(wording.function, around[:4], wording.arguments, wording.remaining, wording.tolerance, shared=shared)
    if edit is None or (edit.operator == "call-argument-wrong" and not wording.search.subject.calling):  # there is no call of the cell
        return None
    return of_edit(wording, edit)


def of_edit(wording: Wording, edit: Edit) -> Name | None:
    """What an edit of the reference is in the learner's own line."""
    if (special := _only_here(wording, edit)) is not None:
        return special
    rights = right_values(wording.search.quantities, wording.arguments, wording.found.record.phase)
    if unwritten(edit, wording.found, wording.function, rights, wording.tolerance):
        return None
    if edit.operator == "names-exchanged" and (turned := letters_turned(wording)) is not None:
        return turned
    change = by_repair(wording) if edit.operator in _TOO_BROAD else None
    if edit.detail.endswith("share under several names") and wording.found.how != "copy":  # the line adds it to both
        says = f"{short(wording.found)} gets what belongs to other sums too" if change is None else change.says
        return wording.plain(edit.operator, says, exact=True)
    if change is not None and change.id in _WRITTEN:
        return change
    operator = OPERATORS[edit.operator.split(" + ")[0]]
    detail = edit.detail.replace("a copy of ", "") if edit.operator == "output-slot-as-state" else edit.detail
    detail = in_own_names(detail, wording.found, rights, wording.tolerance)
    the_gate = "another gate" if edit.operator == "gate-swapped" else "the gate"
    detail = _ONE_GATE.sub(the_gate, detail) if wording.serves_several_gates() else detail
    words = wording.words(edit.quantity, detail)  # no copy: it is one only since the experiment hands out copies
    says, hints = operator.says, wording.fitting(operator.id, operator.hints, "", "")
    of_another = words["quantity"] == edit.quantity and edit.quantity not in wording.found.record.place.text
    if operator.id in _WITHOUT_A_NAME and (of_another or not _NAMED.match(words["quantity"]) or words["quantity"] == edit.detail):
        words["state"] = "cell" if edit.quantity.startswith("c") else "hidden"
        says, hints = _WITHOUT_A_NAME[operator.id], (hints[0], hints[1].replace("{quantity}", _THE_START), hints[2])
    first, second, third = filled(hints, words)
    return Name(operator.id, edit.quantity, says.format(**words), (first, wording.spoils(second, words["quantity"]), third), exact=True)


def _turned_in_its_own_way(wording: Wording, edit: Edit) -> Name | None:
    """A line with other transposes than the reference: it holds the examples in rows, or says the opposite of the edit."""
    rows = any(isinstance(table, Turned) for table in wording.search.quantities.tables)
    opposite = edit.detail.endswith("transposed and should not be") and not _TURNS.search(wording.found.record.place.text)
    if not rows and not opposite:
        return None
    change = by_repair(wording)
    if change is not None and change.id in _WRITTEN:
        return change
    return wording.plain(edit.operator, f"a matrix in {short(wording.found)} should lie the other way, rows for columns", exact=True)


def _counted_in_the_loop(wording: Wording, edit: Edit) -> Name:
    """A line of the loop that computes the step: what the loop itself goes over may be right."""
    name = wording.found.record.place.target
    plain = wording.plain(edit.operator, f"{name} {edit.detail}", exact=True)
    hints = (re.sub(r"\bt\b", name, hint).replace("at the start of each turn", "behind this line at each turn") for hint in plain.hints)
    first, second, third = hints
    return replace(plain, hints=(first, second, third))


def _only_here(wording: Wording, edit: Edit) -> Name | None:  # noqa: C901, PLR0911 - one for each of the ways
    """What the code tells more exactly than an edit of the reference can: a part that is taken, a line that slid out of the loop."""
    match edit.operator:
        case "slice-wrong":
            return _other_part_taken(wording) or _cut_elsewhere(wording, edit)
        case "accumulator-copied":
            return _sum_of_another(wording)
        case "term-dropped" if wording.serves_several_gates() and adds_to_itself(wording.found.record.place):
            # what the sum holds at the first turn is one of its terms, and lacks all others
            return wording.plain(edit.operator, f"{short(wording.found)} lacks a part of the sum once the loop is done", exact=True)
        case "term-dropped" if _takes_itself_away(wording):  # the term is there, and comes to nothing
            change = by_repair(wording)
            return None if change is not None and change.id == "term-dropped" else change
        case "carry-added-up":
            return _added_to_all_steps(wording)
        case "accumulated-wrongly":
            return _divided_behind(wording, edit)
        case "mean-for-sum":
            return _mean_of_some(wording, edit)
        case "carry-wrong":
            return given_twice(wording) or _another_in_the_call(wording)
        case "transpose-wrong":
            return _turned_in_its_own_way(wording, edit)
        case "output-slot-as-state":
            return _kept_in_a_list(wording)
        case "loop-wrong" if wording.found.how == "loop" and wording.found.record.place.kind == "assign":
            return _counted_in_the_loop(wording, edit)
        case _:
            return None


def _takes_itself_away(wording: Wording) -> bool:
    """Whether something is subtracted from itself in the line, as in ``x - x``."""
    tree = expression_of(wording.found.record.place.computes)
    nodes = [] if tree is None else [node for node in ast.walk(tree) if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub)]
    return any(ast.unparse(node.left) == ast.unparse(node.right) for node in nodes)


def _kept_in_a_list(wording: Wording) -> Name | None:
    """What an earlier step handed back, of which the line reads no slot of an array that holds all steps."""
    calls, phase, place = wording.search.quantities.calls, wording.found.record.phase, wording.found.record.place
    names = re.findall(r"\w+", place.text if place.kind == "argument" else wording.search.subject.text.right_side(place))
    read = (one.value for one in wording.search.last if one.place.kind in GIVES and one.place.target in names)
    if any(len(shape_of(value) or ()) > 2 for value in read):  # noqa: PLR2004 - all steps
        return None
    states = enumerate(calls[1:phase])
    step = next((n for n, given in states if any(same(wording.value, state, wording.tolerance) for state in given[1:-1])), None)
    if step is None:
        return None
    says = f"the call at {which_step(phase, len(calls))} is given what {which_step(step, len(calls))} handed back"
    plain = wording.plain("state-not-carried", says, exact=True)
    return plain.asking(
        plain.hints[1].replace("step 0", f"step {phase - 1}").replace("step 1 on", f"step {phase} on").replace("step 1,", f"step {phase},")
    )


def _divided_behind(wording: Wording, edit: Edit) -> Name | None:
    """A line behind the loop that divides a sum: nothing is wrong in what is added up."""
    place, (_, divides, by) = wording.found.record.place, edit.detail.partition("divided by ")
    if place.loops or place.kind not in GIVES | {"after"} or not divides:
        return None
    return wording.plain("mean-for-sum", f"a division by {by} does not belong in {short(wording.found)}", exact=True)


def _mean_of_some(wording: Wording, edit: Edit) -> Name | None:
    """A mean, or a division by a number that is written out, of which the reference's own size of that number says nothing."""
    written = _BY_A_NUMBER.search(wording.found.record.place.text)
    if written is not None:
        says = f"a division by {written[1]} does not belong in {short(wording.found)}"
        return wording.plain(edit.operator, says, exact=True)
    if not edit.detail.endswith("hidden units") or not _MEAN.search(wording.found.record.place.text):
        return None
    return wording.plain(edit.operator, f"a mean stands in {short(wording.found)} where the sum belongs", exact=True)


def _another_in_the_call(wording: Wording) -> Name | None:
    """An argument of the call with a name in it where another one belongs: what the carry holds is not to blame."""
    change = by_repair(wording) if wording.found.how == "argument" else None
    return wording.plain("name-replaced", change.says, exact=True) if change is not None and change.id in REPLACED else None


def letters_turned(wording: Wording) -> Name | None:
    """A product by letters whose result has its letters in the other order."""
    value, right, text = wording.value, wording.right, wording.found.record.place.text
    if "einsum(" not in text or value is None or right is None:
        return None
    if same(value.T, right, wording.tolerance):
        return wording.plain("transpose-wrong", f"{short(wording.found)} comes out with rows and columns exchanged", exact=True)
    if "reshape(" not in text or value.shape != right.shape or not same(value.reshape(right.T.shape).T, right, wording.tolerance):
        return None
    says = f"{short(wording.found)} has rows and columns exchanged, and is given its shape only then"
    return wording.plain("transpose-wrong", says, exact=True).asking(_COUNTED_OFF.format(name=short(wording.found)))


def _other_part_taken(wording: Wording) -> Name | None:
    """A line that takes a part of what it reads and does nothing else: nothing of the weights is cut there."""
    place = wording.found.record.place
    text = place.computes.strip()
    if not is_slice(text):
        return None
    node = expression_of(text)
    whole = ast.unparse(node.value) if isinstance(node, ast.Subscript) else text[: text.rindex("[")]
    return wording.plain("slice-wrong", f"{text} is not the part of {whole} that belongs here", exact=True)


def _cut_elsewhere(wording: Wording, edit: Edit) -> Name | None:
    """One cut in the line that is at another column: at which is told in the line's words, not by a size that happens to be as large."""
    change = by_repair(wording) if edit.detail.startswith("the cut is ") else None
    return change if change is not None and change.id == "slice-wrong" else None


def given_twice(wording: Wording) -> Name | None:
    """An argument of a call that is what another argument of it is, or a name that one reads."""
    place, beside = wording.found.record.place, given_beside(wording)
    twice = place.text in beside or (place.text.isidentifier() and any(place.text in re.findall(r"\w+", text) for text in beside))
    if wording.found.how != "argument" or not twice:
        return None
    says = f"{place.text} is given to this call of {wording.called} twice, here where something else belongs"
    return wording.plain("call-argument-wrong", says, exact=True)


def given_beside(wording: Wording) -> list[str]:
    """The other arguments of the call, where the place is one of them."""
    place, places = wording.found.record.place, wording.search.subject.places
    return [one.text for one in places if (one.kind, one.parent) == (place.kind, place.parent) and one.target != place.target]


def _sum_of_another(wording: Wording) -> Name | None:
    """A line that has the whole sum of another parameter: nothing is wrong in what it was added up of."""
    own, results = wording.quantity, wording.search.quantities.results
    if not wording.loops() or own not in results or wording.value is None:
        return None
    other = next((name for name, whole in results.items() if name != own and same(wording.value, whole, wording.tolerance)), None)
    if other is None:
        return None
    known = "gate-swapped" if VOCABULARY.kind(other) == VOCABULARY.kind(own) is not None else "name-replaced"
    return wording.plain(known, f"{own} gets the sum over the steps that belongs to {other}", exact=True)


def _added_to_all_steps(wording: Wording) -> Name | None:
    """A call that is given a step of what a line of the loop changes as a whole, at each turn."""
    place, subject = wording.found.record.place, wording.search.subject
    base = place.text.partition("[")[0]
    changes = (one for one in subject.places if (one.kind, one.target, one.function) == ("after", base, place.function) and one.loops)
    line = next(changes, None) if wording.found.how == "argument" and base != place.text else None
    if line is None:
        return None
    says = f"line {line.line} adds what comes back from a step to all steps of {base} at once, and this call is given one of them"
    return wording.plain("carry-added-up", says, exact=True, lines=((line.source, line.line),)).asking(_ALL_STEPS.format(name=base))


def _results_at(remaining: Observations, expected: Observations, tolerance: float) -> Iterator[str]:
    """The names of the results that are still wrong."""
    for name, value in expected.items():
        if observed.is_result(name) and not (name in remaining and same(remaining[name], value, tolerance)):
            yield observed.result_of(name)
