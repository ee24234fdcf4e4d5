"""What a learner's function prints by itself, in its loop or before an error stops it: no output of a check, which prints at the end.

A check prints each of its labels once. So the same few labels over and over, one print a step, are not the check's, and neither are
a few numbers right above the traceback of an error that came while the function ran: the check had not printed anything then.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from whygrad.read.post.labels import shown, whole_key
from whygrad.read.post.script import Entry, Foreign, Gap, Heading, ShapeLine
from whygrad.read.post.when import Time, time_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from whygrad.read.post.labels import Label, Labels
    from whygrad.read.post.script import Event

FEWEST_STEPS, MOST_LABELS = 3, 3
MOST_RUNS = 40
"""A text with more is no post, and each takes a look at all that stands behind it."""
_OF_A_STEP = re.compile(r"\W*(?:[A-Za-z]{1,9}\W{0,3}){0,2}\d{0,4}\W*")
"""``step 3:`` or ``t = 3``, or nothing: the line does not part what stands above it from what stands below."""
_STOPS = re.compile(r"[^A-Za-z]*(?:\w{1,40}(?:Error|Exception|Iteration)\s*)?")
_TRACEBACK = "Traceback (most recent call last)"


class Printed(NamedTuple):
    """The ``events`` without the learner's own prints, a sentence for each kind of them that was left out, and whether that was all."""

    events: list[Event]
    notes: tuple[str, ...]
    nothing_else: bool


class _Steps(NamedTuple):
    """``times`` the same ``labels``, in the ``entries`` from the first to the last."""

    entries: list[Entry]
    labels: tuple[Label, ...]
    times: int


def without_own_prints(events: list[Event], text: str, labels: Labels, stopped: str | None) -> Printed:
    """The events that are of a check; ``stopped`` is the function in which an error came, None where none did."""
    notes: list[str] = []
    runs = [run for run in _runs(events, text) if _is_short(run, labels)]
    in_runs = {id(entry) for run in runs for entry in run.entries}
    rest = [event for event in events if isinstance(event, Entry) and id(event) not in in_runs]
    left_out: list[Entry] = []
    if 0 < len(runs) <= MOST_RUNS and (_whole(rest, labels) or (len(runs) == 1 and not rest)):
        for run in runs:
            last = _of_the_check(run, events, labels)
            left_out += run.entries[: len(run.entries) - last]
            notes.append(said_of_a_loop((quantity for quantity, _ in run.labels), run.times - bool(last)))
    if above := _above_the_error(events, text, labels, stopped):
        left_out += above
        names = ", ".join(dict.fromkeys(shown(entry.label) for entry in above))
        notes.append(f"{names} right above the error was left out: {stopped} had not come to its end, so its check had printed nothing.")
    without = {id(entry) for entry in left_out}
    kept = [event for event in events if id(event) not in without]
    return Printed(kept, tuple(notes), bool(left_out) and not any(isinstance(event, Entry) for event in kept))


def said_of_a_loop(quantities: Iterable[str], times: int) -> str:
    """The note about what a loop printed."""
    names = sorted(quantities)
    stand, were = ("stands", "was") if len(names) == 1 else ("stand", "were")
    return f"{', '.join(names)} {stand} {times} times and {were} left out: a loop prints so, a check once and with all its numbers."


def _runs(events: list[Event], text: str) -> Iterator[_Steps]:
    """Where nothing but the same few labels is printed, at least three times."""
    for stretch in _stretches(events, text):
        at = 0
        while at < len(stretch):
            run = next((found for size in range(1, MOST_LABELS + 1) if (found := _repeated(stretch, at, size))), None)
            if run:
                yield run
            at += len(run.entries) if run else 1


def _stretches(events: list[Event], text: str) -> Iterator[list[Entry]]:
    """The entries between words: those that no word says are expected, another's or of an attempt."""
    stretch: list[Entry] = []
    expected = False
    for event in events:
        line = text[text.rfind("\n", 0, event.start) + 1 : event.start]
        if isinstance(event, Heading):
            expected = event.role == "expected"
        if isinstance(event, Entry) and not event.role and not expected and not _of_an_attempt(line):
            stretch.append(event)
        elif not isinstance(event, Gap | ShapeLine | Foreign) or (
            isinstance(event, Gap) and (not _OF_A_STEP.fullmatch(line) or _of_an_attempt(line))
        ):
            yield stretch
            stretch = []
    yield stretch


def _of_an_attempt(words: str) -> bool:
    return time_of(words.lower().replace("iteration", "step")) is not Time.OPEN


def _repeated(entries: list[Entry], start: int, size: int) -> _Steps | None:
    """The ``size`` labels from ``start`` on, as often as they follow each other; None if that is not often."""
    labels = tuple(entry.label for entry in entries[start : start + size])
    end = start + size
    while tuple(entry.label for entry in entries[end : end + size]) == labels:
        end += size
    count = (end - start) // size
    enough = count >= FEWEST_STEPS and len(set(labels)) == size
    return _Steps(entries[start:end], labels, count) if enough else None


def _lines(check: str, labels: Labels) -> list[str]:
    return list(dict.fromkeys(labels.lines(check)))


def _is_short(run: _Steps, labels: Labels) -> bool:
    """Whether its labels are less than half of those of each check that prints one of them."""
    checks = frozenset[str]().union(*(labels.printing(quantity) for quantity, _ in run.labels))
    return all(2 * len(run.labels) < len(_lines(check, labels)) for check in checks)


def _whole(entries: list[Entry], labels: Labels) -> bool:
    """Whether at least half of what some check prints is among the entries."""
    quantities = {entry.label[0] for entry in entries}
    return any(2 * len(quantities & set(lines)) >= len(lines) for lines in (_lines(check, labels) for check in labels.order))


def _of_the_check(run: _Steps, events: list[Event], labels: Labels) -> int:
    """How many of the last entries the check has printed: those of one step, where its other lines follow and go on from there; else 0."""
    start = run.entries[-1].start
    behind = [event.label[0] for event in events if isinstance(event, Entry) and event.start > start]
    names = [quantity for quantity, _ in run.labels]
    for lines in (_lines(check, labels) for check in labels.order):
        places = [lines.index(name) if name in lines else -1 for name in behind[: len(lines)]]
        end = next((at for at, (one, other) in enumerate(pairwise(places), 1) if other <= one), len(places))
        leading = [*names, *behind[:1]]
        follows = any(lines[at : at + len(leading)] == leading for at in range(len(lines)))
        if places and follows and set(names).isdisjoint(behind[:end]):
            return len(names)
    return 0


def _above_the_error(events: list[Event], text: str, labels: Labels, stopped: str | None) -> list[Entry]:
    """The few entries of a check that stand right above the traceback of its function, without a word between, and are no key's."""
    end = text.rfind(_TRACEBACK)
    if stopped is None or end < 0:
        return []
    stretches = [stretch for stretch in _stretches([event for event in events if event.start < end], text) if stretch]
    if not stretches:
        return []
    last = stretches[-1]
    behind = text[last[-1].start : end].partition("\n")[2]
    few = 2 * len(last) < len(_lines(stopped, labels)) and all(stopped in labels.printing(entry.label[0]) for entry in last)
    numbers = [number for entry in last for number in entry.numbers]
    of_a_key = any(whole_key(numbers, keys) for keys in labels.keys.values())
    return last if few and not of_a_key and _STOPS.fullmatch(behind) else []
