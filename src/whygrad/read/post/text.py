"""From pasted text to a `Reading`: clean, cut into tokens, take what is said, group it, and name the checks."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from whygrad.assignments import ASSIGNMENTS
from whygrad.errors import UnreadableError
from whygrad.read.as_typed import names_begun
from whygrad.read.post.assertions import said_of_the_others, under_their_labels
from whygrad.read.post.beside import without_values_beside
from whygrad.read.post.blocks import sorted_blocks, version_of
from whygrad.read.post.cellwise import with_rows_in_one_line
from whygrad.read.post.coursetable import told_apart
from whygrad.read.post.diffs import with_both_sides
from whygrad.read.post.events import events_in
from whygrad.read.post.exact import exact
from whygrad.read.post.forwardlines import forward_names, tells
from whygrad.read.post.frames import stopped_in
from whygrad.read.post.heads_above import with_heads_at_their_runs
from whygrad.read.post.indexcell import with_index_at_label
from whygrad.read.post.inorder import said_of_the_order, with_labels_in_order
from whygrad.read.post.labellast import with_labels_before
from whygrad.read.post.labels import labels_of, shown
from whygrad.read.post.letters import said_of_letters
from whygrad.read.post.mentioned import grouped_without_mentions
from whygrad.read.post.noindex import said_of_entries
from whygrad.read.post.ownprints import without_own_prints
from whygrad.read.post.persons import without_persons
from whygrad.read.post.plain import plain
from whygrad.read.post.script import Entry, Foreign, Script, ShapeLine
from whygrad.read.post.shapecell import with_shapes_below
from whygrad.read.post.shortened import shortened
from whygrad.read.post.single import NOTE, NOTE_SEEN, NOTE_SOME, in_single, may_be_single, some_in_single, widened
from whygrad.read.post.speakers import of_the_learner
from whygrad.read.post.tokens import tokenize
from whygrad.read.post.traceback import FUNCTIONS, error_in_a_sentence, last_error, note_of
from whygrad.read.post.turns import without_names
from whygrad.read.post.upright import upright
from whygrad.read.post.valuefirst import with_labels_first
from whygrad.records import Reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.read.post.blocks import Sorted
    from whygrad.read.post.labels import Labels
    from whygrad.read.post.ownprints import Printed
    from whygrad.records import Block

LONGEST_TEXT = 1_000_000
MOST_TOKENS = 250_000
MOST_GROUPS = 200
MOST_BLOCKS = 12
MOST_SHOWN = 5
_SQUEEZED = {name.replace("_", ""): name for name in FUNCTIONS}
"""The functions by their names as a page shows them that takes each ``_`` for a mark of its own."""
_NAME = re.compile(r"\w+")
_PLACES = re.compile(r"\d+(?=\s?[\],])")
_GRADIENT = re.compile(r"\w+\s?\[\s?\"?(d[A-Za-z]\w{0,12})\"?\s?\]")
"""An entry of a dictionary that is called as a gradient is."""
_SIGNS = re.compile(
    r"\b(?:signs?(?! (?:in|up|out|off)\b)|minus(?:es)?(?! signs?))\b(?!.{0,40}\b(?:lost|cop(?:y|ied|ying)|pasted?|PDF)\b)", re.IGNORECASE
)
"""Words about signs, but not that they were lost in copying."""


def read_text(text: str, source: str) -> Reading:
    """Everything in ``text`` that the checks of a known assignment print, with the interval of every number.

    ``source`` names the text in messages: a file name or "standard input".

    Raises:
        UnreadableError: the text is too long, holds no number of a known check, or holds expected numbers only.
    """
    if len(text) > LONGEST_TEXT:
        raise UnreadableError(f"{source} is too long; cut out the part with the printed numbers.")
    as_pasted = forward_names(plain(with_both_sides(text)))
    script, labels, cleaned = _understood(as_pasted, source)
    stopped = _stopped(text, labels)
    own = _of_checks(script, cleaned, labels, stopped, source)
    events = with_heads_at_their_runs(of_the_learner(own.events, cleaned), cleaned, labels)
    events, beside_output = without_values_beside(events, cleaned, labels)
    groups, mentioned = grouped_without_mentions(events, cleaned, labels)
    told_apart(groups, cleaned, labels, stopped)
    if not groups and defined_in(text):
        raise UnreadableError(
            f"{source} holds no printed numbers, and of its code no function is whole (a part, the margins or characters are lost); "
            "give me the code as a file whose name ends in .py or .ipynb."
        )
    if elsewhere := _of_another_exercise(script):
        shown = ", ".join(elsewhere[:MOST_SHOWN])
        raise UnreadableError(
            f"{source} holds gradients of another exercise ({shown}), which I don't know; I know {', '.join(labels.order)}."
        )
    if not groups:
        raise UnreadableError(_nothing(source, text, script, labels))
    if len(groups) > MOST_GROUPS:
        raise UnreadableError(_too_many(source, len(groups)))
    groups, of_persons = without_persons(groups, cleaned, labels, source)
    result = sorted_blocks(groups, cleaned, labels)
    if not result.blocks:
        unread = f" (the first line that can't: {script.unread[0]})" if script.unread else ""
        missing = f"as far as it can be read{unread}; add those that your own functions printed, as label = number."
        raise UnreadableError(" ".join((f"{source} holds only expected numbers, {missing}", *own.notes)))
    if len(result.blocks) > MOST_BLOCKS:
        raise UnreadableError(_too_many(source, len(result.blocks)))
    single = NOTE if in_single(text) else ""
    beside = (
        *own.notes,
        *beside_output,
        *mentioned,
        *of_persons,
        said_of_the_order(as_pasted, labels),
        said_of_entries(cleaned, labels),
        said_of_the_others(cleaned),
        said_of_letters(text),
        note_of(last_error(text)),
    )
    reading = _reading(result, labels, script, single=single, beside=beside)
    others = [sorted_blocks(groups, cleaned, labels, {guess: other}) for guess, many in result.guessed.items() for other in many]
    alternatives = tuple(_reading(other, labels, script, single=single, beside=beside) for other in others if other.blocks)
    if not single and may_be_single(result.blocks):
        alternatives += (_reading(result, labels, script, single=NOTE_SEEN, beside=beside),)
    elif not single and (mixed := some_in_single(reading.blocks, labels)):
        alternatives += (replace(reading, blocks=mixed, notes=(*reading.notes, NOTE_SOME)),)
    signs = _SIGNS.search(text) is not None
    return replace(reading, alternatives=tuple(replace(one, speaks_of_signs=signs) for one in alternatives), speaks_of_signs=signs)


def _understood(cleaned: str, source: str) -> tuple[Script, Labels, str]:
    """The text as that of the first assignment of whose checks it has a number, else as that of the first."""
    first: tuple[Script, Labels, str] | None = None
    for name in ASSIGNMENTS:
        labels = labels_of(name)
        own = _with_labels_in_front(under_their_labels(cleaned, labels), labels)
        read = _script(own, labels, source), labels, own
        if tells(read[0].events, own):
            return read
        first = first or read
    if first is None:
        raise UnreadableError(f"{source} cannot be read, for no assignment is known.")
    return first


def _stopped(text: str, labels: Labels) -> str | None:
    """The function of a check in which an error came; None where none did."""
    stopped = stopped_in(text) if last_error(text) else None
    return next((frame.function for frame in stopped.frames if frame.function in labels.order), None) if stopped else None


def _of_checks(script: Script, cleaned: str, labels: Labels, stopped: str | None, source: str) -> Printed:
    """What was read, without what the learner's functions print by themselves."""
    own = without_own_prints(script.events, cleaned, labels, stopped)
    if own.nothing_else:
        raise UnreadableError(f"{source} holds nothing that a check prints; give me that too. {own.notes[0]}")
    return own


def _reading(result: Sorted, labels: Labels, script: Script, *, single: str, beside: tuple[str | None, ...]) -> Reading:
    notes = [*result.notes, *(f"Of {check} only expected numbers were found; they were left out." for check in result.only_expected)]
    notes += [note for note in (single, *beside) if note]
    blocks = tuple(widened(block) if single else shortened(exact(block, labels), labels) for block in result.blocks)
    version, lost = version_of(result.blocks, labels), tuple(dict.fromkeys(_lost(script, blocks, labels)))
    return Reading(labels.assignment, blocks, version, tuple(script.unread), tuple(notes), lost=lost)


def _lost(script: Script, blocks: tuple[Block, ...], labels: Labels) -> Iterator[str]:
    """The labels in lines that were not understood, of which a check's run, or every one that prints them, has no number."""
    for quantity, index in dict.fromkeys(script.labels_unread):
        runs = [block.numbers for block in blocks if not block.earlier and block.check in labels.printing(quantity)]
        its = [[one for one in numbers if one.quantity == quantity and one.index[: len(index)] == index] for numbers in runs]
        if not its or not all(its):
            yield shown((quantity, index))
    yield from _misspelt(script, blocks, labels)


def _misspelt(script: Script, blocks: tuple[Block, ...], labels: Labels) -> Iterator[str]:
    """The labels that a run lacks of which there are no more than names with their index that no check prints: ``db[4]`` for ``dba[4]``."""
    foreign = [tuple(map(int, _PLACES.findall(event.name))) for event in script.events if isinstance(event, Foreign)]
    for block in blocks:
        there = {number.quantity for number in block.numbers}
        lacking = [label for label, checks in labels.checks.items() if block.check in checks and label[0] not in there]
        for label in lacking if not block.earlier else ():
            if 0 < [index for _, index in lacking].count(label[1]) <= foreign.count(label[1]):
                yield shown(label)


def _with_labels_in_front(cleaned: str, labels: Labels) -> str:
    in_rows = upright(with_index_at_label(with_rows_in_one_line(with_labels_in_order(cleaned, labels), labels), labels), labels)
    return with_shapes_below(with_labels_before(with_labels_first(in_rows, labels), labels), labels)


def _script(cleaned: str, labels: Labels, source: str) -> Script:
    said = without_names(cleaned)
    tokens = list(islice(tokenize(said, labels), MOST_TOKENS))
    if tokens[-1].kind != "end":
        raise UnreadableError(f"{source} is too long; cut out the part with the printed numbers.")
    return events_in(said, tokens, labels)


def _of_another_exercise(script: Script) -> list[str]:
    """The names of gradients that no check prints, where they stand among at most as many that one does."""
    own = {event.label[0] for event in script.events if isinstance(event, Entry)}.union(name for name, _ in script.labels_unread)
    found = [named[1] for event in script.events if isinstance(event, Foreign) and (named := _GRADIENT.match(event.name))]
    foreign = list(dict.fromkeys(found))
    return foreign if len(foreign) >= len(own) else []


def _too_many(source: str, runs: int) -> str:
    return f"{source} holds the numbers of {runs} runs; cut it down to one run of each check."


def defined_in(text: str) -> list[str]:
    """The functions of a known assignment of which the text shows the definition, whole or not."""
    return [_SQUEEZED[name] for name in names_begun(text) if name in _SQUEEZED]


def _nothing(source: str, text: str, script: Script, labels: Labels) -> str:
    forward = _of_a_forward_pass(script, labels)
    if forward:
        return (
            f"{source} holds numbers of a forward pass ({forward}), but not those that a check prints there; give me whole lines of a "
            "check (whygrad expected lstm_forward shows such), or the code as a file whose name ends in .py or .ipynb."
        )
    looked_for = f'lines such as gradients["{next(iter(labels.forms))[0]}"][1][2] = 0.5'
    other = _of_another_entry(script, labels)
    if other:
        return f"{source} holds only entries that no check prints (the first: {script.unread[0]}); I know what the checks print, {other}."
    if script.computed:
        return (
            f"{source} holds differences or ratios (the first: {script.computed[0]}), and not the numbers that they were computed of; "
            f"give me those that your own functions printed, {looked_for}."
        )
    if script.unread:
        return f"{source} holds no numbers that I can place (the first that I can't: {script.unread[0]}); I look for {looked_for}."
    return f"{source} {_without_numbers(text, script, looked_for)}."


def _without_numbers(text: str, script: Script, looked_for: str) -> str:
    """What is said of a text without any number: an error may stand there, or shapes."""
    code = "as a file whose name ends in .py or .ipynb"
    if error := last_error(text) or error_in_a_sentence(text):
        return f"shows an error, `{error}`, and no printed numbers; give me the code for that, {code}"
    if shapes := [event.shape for event in script.events if isinstance(event, ShapeLine)]:
        first = f"{shapes[0].quantity} {shapes[0].shape}"
        return f"holds printed shapes (the first: {first}), and no numbers beside them; I look for {looked_for}, or for the code {code}"
    return f"holds no numbers of a check that I know; I look for {looked_for}"


def _of_another_entry(script: Script, labels: Labels) -> str:
    """Which entries of it the checks print, where what could not be placed first is another entry of a known quantity; else empty."""
    known = any(index for _, index in script.labels_unread)
    named = _GRADIENT.search(script.unread[0]) if script.unread and not known else None
    quantity = labels.quantity(named[1]) if named else None
    printed = [shown((quantity, index)) for index in labels.indexes[quantity]] if quantity else []
    return f"of {quantity} {' and '.join(printed)}" if printed else ""


def _of_a_forward_pass(script: Script, labels: Labels) -> str | None:
    """The first entry of what a forward function returns; the cells call theirs otherwise than the sequences."""
    program = ASSIGNMENTS[labels.assignment]
    last = [program.functions[function][-1] for function, role in program.vocabulary.roles.items() if "forward" in role]
    returned = {name for line in last for name in _NAME.findall(line)}
    names = (event.name for event in script.events if isinstance(event, Foreign))
    return next((name for name in names if name.partition("[")[0].strip() in returned), None)
