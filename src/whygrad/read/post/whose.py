"""Of the outputs of one check in a text: which are the learner's, and which the expected ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.assignments import ASSIGNMENTS
from whygrad.read.post.attempts import present
from whygrad.read.post.groups import cut_off
from whygrad.read.post.intervals import SCALAR_DIGITS
from whygrad.read.post.labels import agreeing, expected_of, whole_key
from whygrad.read.post.when import Time

if TYPE_CHECKING:
    from collections.abc import Mapping

    from whygrad.read.post.groups import Group
    from whygrad.read.post.labels import Key, Labels
    from whygrad.records import Number


def parted(
    members: list[Group], check: str, labels: Labels, said: Mapping[Group, Time], notes: list[str]
) -> tuple[list[Group], list[Group]]:
    """The groups of one check that are the learner's, and those that are expected."""
    keys = labels.keys[check]
    expected = _without_mentions([group for group in members if group.side == "expected"])
    mine = _without_mentions([group for group in members if group.side != "expected"])
    if not expected and len(mine) > 1:
        expected = _unsaid_expected(mine, check, labels, said, notes)
        mine = [group for group in mine if group not in expected]
    elif expected:
        of_key = [group for group in mine if group.side == "other" and said[group] is Time.OPEN and whole_key(group.numbers, keys)]
        if len(of_key) < len(mine):
            mine = [group for group in mine if group not in of_key]
            expected += of_key
        if _turned_round(mine, expected, keys, said):
            mine, expected = expected, mine
            why = "the others are a key's as the course prints it"
            notes.append(f"Numbers of {check} below words about expected ones were read as the printed ones, because {why}.")
    if not mine:
        mine = _misread_headings(expected, keys)
        expected = [group for group in expected if group not in mine]
        if mine:
            why = "the expected ones stand below them" if whole_key(mine[0].numbers, keys) else "no key of the course has them"
            notes.append(
                f"Numbers of {check} below words about expected ones were read as the printed ones, because {why}.",
            )
    mine, expected = _without_repeats(mine), _without_repeats(expected)
    if len(expected) > len(mine):
        expected = _of_the_course(expected, check, labels, notes)
    return mine, expected


def _of_the_course(expected: list[Group], check: str, labels: Labels, notes: list[str]) -> list[Group]:
    """Of several those that are a key's, for a friend's are not what is expected; a wrong key, of which a note speaks, stands last."""
    versions = {group: version for group in expected if (version := whole_key(group.numbers, labels.keys[check]))}
    wrong = {version: note for (of, version), note in ASSIGNMENTS[labels.assignment].wrong_keys.items() if of == check}
    if len(set(versions.values())) > 1:
        notes.extend(wrong[version] for version in dict.fromkeys(versions.values()) if version in wrong)
    return sorted(versions, key=lambda group: versions[group] in wrong)


def _turned_round(mine: list[Group], expected: list[Group], keys: dict[str, Key], said: Mapping[Group, Time]) -> bool:
    """Whether a word below the course's table speaks of that, and not of the learner's own numbers, which follow it.

    Numbers of which no word says whose they are, and which are a key's as the course prints it, are no learner's beside others of no key.
    Others in few digits that are a key's but for one number may be the table, copied wrongly.
    """
    of_key = [group for group in mine if whole_key(group.numbers, keys) and not has_whole_numbers(group)]
    silent = not any(group.told or said[group] is not Time.OPEN for group in mine)
    own = [group for group in expected if has_whole_numbers(group) or all(_off(group, key) > 1 for key in keys.values())]
    own = [group for group in own if not whole_key(group.numbers, keys)]
    labels = {label for group in mine for label in group.entries}
    return bool(mine) and silent and of_key == mine and own == expected and all(labels <= group.entries.keys() for group in own)


def _off(group: Group, key: Key) -> int:
    """How many of the numbers that a key knows are others in it."""
    agree, compared = agreeing(group.numbers, key)
    return compared - agree


def _unsaid_expected(mine: list[Group], check: str, labels: Labels, said: Mapping[Group, Time], notes: list[str]) -> list[Group]:
    """No heading says which numbers are expected: those of a key, else a second column or what follows another expected table.

    A run of which words say when it was is the learner's, whatever its numbers are, and so is the one beside those that are all from before
    a change; of two runs without such words, one of them right and the other not, the question is about the other, whoever printed the
    right one.
    """
    keys = labels.keys[check]
    others = [group for group in mine if group.side == "other"]
    digits = max(map(_most_digits, mine))
    unsaid = others + [
        group
        for group in mine
        if group not in others
        and (said[group] is Time.OPEN or (not others and _most_digits(group) < digits and whole_key(group.numbers, keys)))
    ]
    now = [group for group in mine if said[group] is not Time.EARLIER]
    if now == unsaid and len(now) == 1:
        return []
    table = any(one.beside and not has_whole_numbers(one) for one in others)  # whole numbers beside it are the learner's
    of_key = [
        group
        for group in unsaid
        if whole_key(group.numbers, keys) and (group in others or not table or _most_digits(group) < SCALAR_DIGITS)
    ]
    if of_key and len(of_key) < len(mine):
        rest = max(len(group.entries) for group in mine if group not in of_key)
        if any(has_whole_numbers(group) and len(group.entries) > 2 * rest for group in of_key):
            notes.append(f"The longest output of {check} is right and was taken for the expected one; all here is about the other numbers.")
        return of_key
    if of_key and (tables := _tables_of(of_key, keys)):
        return tables
    second = others if len(others) < len(mine) and others else of_key[1:]
    if second:
        notes.append(f"No word says which numbers of {check} are the expected ones; those that stand second were taken for them.")
        return second
    if present(mine, said):
        return []
    notes.append(
        f"There are {len(mine)} groups of numbers of {check} and no word which are the expected ones; all were read as printed ones.",
    )
    return []


def _tables_of(of_key: list[Group], keys: dict[str, Key]) -> list[Group]:
    """Where all numbers are keys': those that words call nobody's own beside some that they do, else those that the course prints so.

    What a program prints today has more digits, or other ones; empty where that tells none or all.
    """
    silent = [group for group in of_key if not group.told or group.beside]
    short = [group for group in of_key if not has_whole_numbers(group)]
    verbatim = [group for group in of_key if any(_is_printed_so(group, key) for key in keys.values())]
    some = [groups for groups in (silent, short, verbatim) if 0 < len(groups) < len(of_key)]
    return some[0] if some else []


def _is_printed_so(group: Group, key: Key) -> bool:
    """Whether every number of a group is as the course prints it, in as many digits."""
    return all(expected_of(number, key) == (number.low, number.high) for number in group.numbers)


def has_whole_numbers(group: Group) -> bool:
    """Whether a number has more digits than any in a table of the course."""
    return _most_digits(group) == SCALAR_DIGITS


def _most_digits(group: Group) -> int:
    """The most digits that a number has: the course's keys are of an older NumPy, which gives fewer than the learner's does."""
    return min(max(sum(map(str.isdigit, number.text)) for number in group.numbers), SCALAR_DIGITS)


def _misread_headings(expected: list[Group], keys: dict[str, Key]) -> list[Group]:
    """Everything stands under words like "expected": the groups of which that can't be meant, as their numbers are no key's.

    Where all are a key's it is the first of several, if only the words above the others name an output; a key in more digits is one too.
    """
    of_no_key = [group for group in expected if not whole_key(group.numbers, keys)]
    if not of_no_key:
        return expected[:1] if len(expected) > 1 and not expected[0].plainly and expected[1].plainly else []
    doubtful = [group for group in of_no_key if not group.plainly]
    return of_no_key if len(of_no_key) < len(expected) else doubtful


def _without_mentions(groups: list[Group]) -> list[Group]:
    """Without what a longer group holds too: "my dWf[3][1] is -0.19", and then the whole list."""
    return [
        group
        for group in groups
        if not any(
            other.side == group.side and len(other.entries) > len(group.entries) and contains(other.numbers, group.numbers)
            for other in groups
        )
    ]


def _without_repeats(groups: list[Group]) -> list[Group]:
    """Without groups that say nothing new: every number of theirs stands in another group too."""
    kept: list[Group] = []
    for group in sorted(groups, key=lambda one: -len(one.numbers)):
        if not any(contains(other.numbers, group.numbers) for other in kept):
            kept.append(group)
    return sorted(kept, key=lambda one: one.start)


def contains(numbers: tuple[Number, ...], fewer: tuple[Number, ...]) -> bool:
    """Whether each of the ``fewer`` is among the numbers, if with other digits."""
    known = {(number.quantity, number.index): number for number in numbers}
    for number in fewer:
        other = known.get((number.quantity, number.index))
        if other is None or not (
            cut_off(number, other) or number.text == other.text or (number.low <= other.high and other.low <= number.high)
        ):
            return False
    return True
