"""A line that raises because of another one, which has to be mended.

It is the call that hands text or another kind of thing to a helper, the line that leaves a name at None, or takes what hands back nothing,
that makes an array of whole numbers, or one list of several names, or that gives a name away, the loop in which nothing calls the cell,
that makes no array to store into, that goes over no keys, or over letters, or that has no end, the call of which nobody takes a gradient,
the line that adds to a list what is no array, or where a dictionary should have got the key that is asked for.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, cast

from whygrad.from_code.blame.handed_to_helper import handed_to_helper
from whygrad.from_code.blame.hands_back_none import hands_back_none
from whygrad.from_code.blame.lost_call import cell_not_called
from whygrad.from_code.blame.made_otherwise import given_later_in_the_loop, holds_whole_numbers
from whygrad.from_code.blame.missing_keys import key_missed
from whygrad.from_code.blame.never_made import named_twice, never_made
from whygrad.from_code.blame.of_another_kind import goes_over_no_keys, handed_another
from whygrad.from_code.blame.one_list import one_list
from whygrad.from_code.blame.over_letters import over_letters
from whygrad.from_code.blame.taken_from_a_call import never_taken
from whygrad.from_code.line_to_blame import Cause, at
from whygrad.from_code.naming.broken import ENDLESS
from whygrad.from_code.observe.arrays import array_of
from whygrad.from_code.observe.experiment import GIVES, buffer, chained, last_name
from whygrad.from_code.observe.stopped import operands
from whygrad.from_code.text.endless import without_end
from whygrad.from_code.words import kind
from whygrad.sandbox.trees import holds, is_name, names_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.from_code.observe.stopped import Stopped
    from whygrad.from_code.observe.subject import Record

_NOT_FILLED_IN = "None stands for what is still to be written. What should this name hold, by its formula, when a line reads it?"
_NOT_TAKEN = "Go through the keys of what this call hands back, one by one: which line below takes what stands under each of them?"


def cause(stopped: Stopped, complaint: str) -> Cause | None:
    """The line to blame in place of the one that raises, if it is known; ``complaint`` says what did not fit there."""
    return (
        _text_handed_on(stopped)
        or over_letters(stopped)
        or hands_back_none(stopped)
        or holds_whole_numbers(stopped)
        or given_later_in_the_loop(stopped)
        or one_list(stopped)
        or _given_away(stopped, complaint)
        or _another_name_for(stopped, complaint)
        or cell_not_called(stopped)
        or named_twice(stopped)
        or never_made(stopped)
        or left_as_none(stopped)
        or _never_taken(stopped)
        or goes_over_no_keys(stopped)
        or handed_another(stopped)
        or handed_to_helper(stopped)
        or _added_to_a_list(stopped, complaint)
        or key_missed(stopped)
        or _never_ends(stopped)
    )


def _text_handed_on(stopped: Stopped) -> Cause | None:
    """A helper computes with what it is called with, and that is text."""
    function, raised = stopped.subject.function, stopped.raised
    if raised.type in {"NameError", "UnboundLocalError"}:
        return None
    here = stopped.function is not None and stopped.function.name == function
    if here and stopped.records and last_name(stopped.records[-1].place.function) == function:  # it raises by itself, and in no lambda
        return None
    texts = [value for node in operands(stopped.node) or () if isinstance(value := stopped.worth(node), str)]
    if not texts and "str" in raised.text:  # a lambda outside of all functions is not watched
        texts = [record.value for record in stopped.records[-1:] if isinstance(record.value, str)]
    for record in reversed(stopped.records) if texts else ():
        place = record.place
        outside = not (place.source == raised.source and place.line <= (raised.line or 0) <= place.end_line)
        handed = record.value if outside and place.kind == "argument" and last_name(place.function) == function else None
        if isinstance(handed, str) and handed in texts:
            helper, given = place.target.rpartition("(")[0], " ".join(place.text.split())
            if _asks_for_text(stopped, record.name):
                return None
            text = "" if given.strip("'\"") == handed else f", which is the text {handed!r} here,"
            return Cause(at(place), f"hands {given}{text} to {helper}, which computes with numbers: it raises {stopped.error}")
    return None


def _asks_for_text(stopped: Stopped, name: str) -> bool:
    """Whether the helper that raised compares an argument with text, or takes it for a key: then it is text that belongs there."""
    for node in ast.walk(stopped.function) if stopped.function is not None else ():
        match node:
            case ast.Compare(left, _, others):
                both = [left, *others]
                texts = [one for one in both for part in ast.walk(one) if isinstance(part, ast.Constant) and isinstance(part.value, str)]
                if texts and any(is_name(one, name) for one in both):
                    return True
            case ast.Call(ast.Name("getattr"), [_, ast.Name(other)]) if other == name:
                return True
            case ast.Subscript(_, index) if name in names_in(index):
                return True
            case _:
                pass
    return False


def left_as_none(stopped: Stopped) -> Cause | None:
    """The only line that gives a name of those that do not fit its value, which is None, as a template leaves it to be filled in.

    So the only one within a loop, once that has made a turn.
    """
    read = names_in(stopped.node) if stopped.node is not None else set[str]()
    here = stopped.raised.source, stopped.raised.line
    again = any(record.visit for record in stopped.records if (record.place.source, record.place.line) == here)
    for name in sorted(read) if "NoneType" in stopped.raised.text else ():
        nodes = list(ast.walk(stopped.function))
        stores = [one for one in nodes if isinstance(one, ast.Name) and one.id == name and isinstance(one.ctx, ast.Store)]
        loops = [one for one in nodes if again and isinstance(one, ast.For | ast.While) and holds(one, stopped.line)]
        turn = [one for one in stores if any(holds(loop, one) for loop in loops)]
        given = turn or [one for one in stores if one.lineno < getattr(stopped.node, "lineno", 0) and stopped.held.get(name) is None]
        for left in nodes:
            none = _left_at_none(left) if isinstance(left, ast.Assign | ast.AnnAssign) else ()
            if given and given == [one for one in none if is_name(one, name)]:
                says = f"leaves {name} at None here, and so {stopped.so} because no number stands there yet"
                return Cause(stopped.at(left), says, _NOT_FILLED_IN)
    return None


def _left_at_none(line: ast.Assign | ast.AnnAssign) -> Iterator[ast.expr]:
    """What a line gives None, alone or with others: ``a = b = None``, ``a, b = None, None``."""
    for target in line.targets if isinstance(line, ast.Assign) else [line.target]:
        match target, line.value:
            case ast.Tuple(names), ast.Tuple(values) if len(names) == len(values):
                pairs = zip(names, values, strict=True)
            case _:
                pairs = ((target, line.value),)
        yield from (one for one, value in pairs if isinstance(value, ast.Constant) and value.value is None)


def _never_taken(stopped: Stopped) -> Cause | None:
    """A name without a value, called like a gradient that the cell hands back and of all of them nobody takes."""
    missed = never_taken(stopped)
    if missed is None:
        return None
    so = f"{stopped.so} because no line gives {missed.name} a value"
    return Cause(at(missed.call), f"takes nothing under {missed.key!r} out of what this call hands back, and so {so}", _NOT_TAKEN)


def _never_ends(stopped: Stopped) -> Cause | None:
    """A loop that cannot end, and has made a turn for each step by then."""
    subject = stopped.subject
    done = subject.cell != subject.function and stopped.right_arguments is None
    found = without_end(stopped.function) if done and isinstance(stopped.function, ast.FunctionDef) else None
    if found is None or not found[0].lineno < getattr(stopped.node, "lineno", 0) <= (found[0].end_lineno or 0):
        return None
    says = f"does not leave this loop ({found[1]}) when all steps are done, and so {stopped.so}"
    return Cause(stopped.at(found[0]), says, ENDLESS)


def _added_to_a_list(stopped: Stopped, complaint: str) -> Cause | None:
    """The only line that adds to a list within a function, where what it adds is no array, and the list is taken for one of arrays."""
    if stopped.function is None or stopped.raised.type not in {"TypeError", "ValueError"} or stopped.node is None:
        return None
    names = names_in(stopped.node)
    adds = [
        node
        for node in ast.walk(stopped.function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "append" and len(node.args) == 1
    ]
    for add in adds:
        base = add.func.value if isinstance(add.func, ast.Attribute) else None
        name = base.id if isinstance(base, ast.Name) and base.id in names else ""
        last = _newest(stopped, name)
        alone = sum(ast.unparse(other.func) == ast.unparse(add.func) for other in adds) == 1
        tuples = [node for node in ast.walk(stopped.function) if isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Load)]
        handed_out = any(is_name(one, name) for node in tuples for one in node.elts)  # as it is, like caches
        complains = "inhomogeneous" in stopped.raised.text or complaint
        if alone and not handed_out and isinstance(last, (dict, list, tuple, str)) and complains:
            added = stopped.text(add.args[0])
            says = f"adds {added}, which is {kind(last)}, to {name}, and so {stopped.so}"
            where = stopped.at(add)
            return Cause(where, f"{says} because {complaint}" if complaint else says)
    return None


def _newest(stopped: Stopped, name: str) -> Any:  # noqa: ANN401 - whatever was added
    """What was seen last of a list's end, or of its beginning where the whole list was seen."""
    for record in reversed(stopped.records):
        text, value = "".join(record.place.text.split()), record.value
        if text == f"{name}[-1]":
            return value
        items = cast("list[Any]", value) if isinstance(value, list) else []
        if text == name and items:
            return items[0]
    return None


def _given_away(stopped: Stopped, complaint: str) -> Cause | None:
    """A part of an array is asked for or stored, of which a line has given the name to another array, with fewer axes."""
    node = stopped.node
    name = node.value.id if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) else ""
    gave = list(_gave(stopped, name)) if name else []
    now = array_of(gave[-1].value) if gave else None
    made = next((array for one in gave[:-1] if buffer(one) and (array := array_of(one.value)) is not None), None)
    if now is None or made is None or now.ndim >= made.ndim or buffer(gave[-1]):
        return None
    says = f"gives the name {name} to an array of shape {now.shape} here, and so {stopped.so}"
    return Cause(at(gave[-1].place), f"{says} because {complaint}" if complaint else says)


def _another_name_for(stopped: Stopped, complaint: str) -> Cause | None:
    """A line that only gives a name what another one holds, an array, where all that read a part of it ask for a key."""
    node = stopped.node
    name = node.value.id if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) else ""
    parts = [one for one in ast.walk(stopped.function) if isinstance(one, ast.Subscript)] if name and stopped.function else []
    asks = [one for one in parts if isinstance(one.value, ast.Name) and one.value.id == name]
    gave = list(_gave(stopped, name)) if len(asks) > 1 else []
    array = array_of(gave[-1].value) if len(gave) == 1 else None
    keys = all(isinstance(one.slice, ast.Constant | ast.JoinedStr) and not isinstance(getattr(one.slice, "value", ""), int) for one in asks)
    other = gave[-1].place.text.partition("=")[2].strip() if gave else ""
    if array is None or not array.ndim or not keys or not other.isidentifier():
        return None
    says = f"gives the name {name} to {other}, an array of shape {array.shape}, and so {stopped.so}"
    return Cause(at(gave[-1].place), f"{says} because {complaint}" if complaint else says)


def _gave(stopped: Stopped, name: str) -> Iterator[Record]:
    """What a name of the function was given, in the order of the run."""
    for record in stopped.records:
        place = record.place
        named = place.kind in GIVES and last_name(place.function) == stopped.subject.function
        if named and name in (chained(place) or [place.target]):
            yield record
