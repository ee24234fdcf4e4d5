"""From groups to blocks: which check each group is of, and which key its expected numbers are."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from whygrad.read.post.attempts import present, times
from whygrad.read.post.labels import agreeing, simplified, whole_key
from whygrad.read.post.misnamed import with_right_names
from whygrad.read.post.named import checks_named
from whygrad.read.post.ownprints import said_of_a_loop
from whygrad.read.post.said_right import said_right
from whygrad.read.post.whose import contains, parted
from whygrad.records import Block

if TYPE_CHECKING:
    from collections.abc import Mapping

    from whygrad.read.post.groups import Group
    from whygrad.read.post.labels import Label, Labels
    from whygrad.read.post.when import Time
    from whygrad.records import Shape

MOST_RUNS = 3
"""From so many outputs of a few lines on they are one print's, in a loop."""
FEW_DIGITS = 0.1
"""Half a key's numbers agree with a number of one digit."""
NAMED = "the words around them name it"
NONE_INSTEAD: Mapping[str, str] = MappingProxyType({})


class Sorted(NamedTuple):
    """The blocks in the order of the text, and how they came about.

    ``notes`` are sentences about what was a guess, ``only_expected`` the checks with nothing but expected numbers; ``guessed`` says
    for each check that was a guess which others print the same labels.
    """

    blocks: list[Block]
    notes: list[str]
    only_expected: list[str]
    guessed: dict[str, list[str]]


def sorted_blocks(groups: list[Group], text: str, labels: Labels, instead: Mapping[str, str] = NONE_INSTEAD) -> Sorted:
    """Give every group its check and its side, and put what belongs together into one block.

    ``instead`` names other checks for those that are a guess.
    """
    result = Sorted([], [], [], {})
    groups = with_right_names(_without_prints_in_a_loop(groups, labels, result.notes), text, labels, result.notes)
    checks = _checks_of(groups, text, labels, instead, result)
    found: list[tuple[int, Block]] = []
    said = times(dict(zip(groups, checks, strict=True)), text)
    for check in dict.fromkeys(checks):
        members = _in_one([group for group, its in zip(groups, checks, strict=True) if its == check], said)
        mine, expected = parted(members, check, labels, said, result.notes)
        if not mine:
            result.only_expected.append(check)
        last = present(mine, said)
        for place, group in enumerate(mine):
            beside = expected[min(place, len(expected) - 1)].numbers if expected else ()
            earlier = last is not None and group is not last
            there = {number.quantity for number in group.numbers}
            rest = said_right(text, check, there, labels) if len(mine) == 1 and len(set(checks)) == 1 else ()
            block = Block(check, group.numbers, beside, _believable(group, result.notes), earlier, rest)
            found.append((group.start, block))
    result.blocks.extend(block for _, block in sorted(found, key=lambda pair: pair[0]))
    return result


def _in_one(groups: list[Group], said: Mapping[Group, Time]) -> list[Group]:
    """The groups of one check, those of one side and time joined that are parts of one run: they have no label in common."""
    kept: list[Group] = []
    for group in groups:
        before = next((other for other in reversed(kept) if other.side == group.side), None)
        if before and said[before] == said[group] and not set(before.entries) & set(group.entries):
            before.take(group)
        else:
            kept.append(group)
    return kept


def _believable(group: Group, notes: list[str]) -> tuple[Shape, ...]:
    """The printed shapes that can be of the numbers beside them; of the others nobody knows which of the two is a slip of the pen."""
    shapes = {shape.quantity: shape for shape in reversed(group.shapes.values())}
    odd = [shape for shape in reversed(shapes.values()) if group.contradicts(shape)]
    notes.extend(f"The printed shape {shape.shape} of {shape.quantity} does not go with its numbers and was left out." for shape in odd)
    return tuple(shape for shape in reversed(shapes.values()) if shape not in odd)


def _without_prints_in_a_loop(groups: list[Group], labels: Labels, notes: list[str]) -> list[Group]:
    """Without the same few labels over and over, beside the numbers of a check: a learner's own print, once a step of the loop."""
    alike: dict[frozenset[Label], list[Group]] = {}
    for group in groups:
        if group.side != "expected":
            alike.setdefault(frozenset(group.entries), []).append(group)
    left_out: list[Group] = []
    for same, members in alike.items():
        whole = min(sum(check in checks for checks in labels.checks.values()) for check in labels.order if check in members[0].checks)
        of_a_key = any(whole_key(group.numbers, labels.keys[check]) for group in members for check in group.checks)
        named = any(group.named for group in members)
        if MOST_RUNS <= len(members) < len(groups) and 2 * len(same) < whole and not of_a_key and not named:
            left_out += members
            notes.append(said_of_a_loop((quantity for quantity, _ in same), len(members)))
    return [group for group in groups if group not in left_out]


def version_of(blocks: list[Block], labels: Labels) -> str | None:
    """The key that the expected numbers of the first block that has any agree with."""
    for block in blocks:
        if block.expected:
            version = whole_key(block.expected, labels.keys[block.check])
            if version:
                return version
    return None


def _checks_of(groups: list[Group], text: str, labels: Labels, instead: Mapping[str, str], told: Sorted) -> list[str]:
    """The check of each group: by its labels, else by its numbers, else by a name right before it, else by its neighbour's.

    Else by words of the text, else the first.

    The name and the last two are guesses, which are ``told``.
    """
    sure = [_by_labels(group) or _by_mention(group, groups) or _by_numbers(group, labels) for group in groups]
    decided = [check or _by_name(group) for group, check in zip(groups, sure, strict=True)]
    for alike, step in ((True, 1), (True, -1), (False, 1), (False, -1)):
        for place in range(len(groups))[::-step]:
            neighbour = place + step
            if decided[place] is None and 0 <= neighbour < len(groups) and decided[neighbour] in groups[place].checks:
                pair = groups[place], groups[neighbour]
                parted = step == 1 and _by_name(pair[1])
                same = set(pair[0].entries) == set(pair[1].entries)
                if not parted and (same if alike else pair[0].side != pair[1].side):
                    decided[place] = decided[neighbour]
    result: list[str] = []
    for place, (group, check) in enumerate(zip(groups, decided, strict=True)):
        known = sure[place] or (check is not None and check in _beside(groups, sure, place))
        if check is None or (not known and check == _by_name(group)):
            candidates = [name for name in labels.order if name in group.checks]
            name = _by_name(group)
            first, why = (name, NAMED) if name else _by_words(group, candidates, text, labels)
            told.guessed[first] = [name for name in candidates if name != first]
            check = other if (other := instead.get(first)) in candidates else first  # noqa: PLW2901 - decided here at the last
            why = why if check == first else "that explains them best"
            note = f"The labels fit {' and '.join(candidates)}; they were read as {check}, because {why}."
            if note not in told.notes:
                told.notes.append(note)
        result.append(check)
    return result


def _beside(groups: list[Group], sure: list[str | None], place: int) -> list[str | None]:
    """What is known of the groups right before and behind one that have its labels: the expected numbers of a key, say."""
    near = [other for other in (place - 1, place + 1) if 0 <= other < len(groups)]
    return [sure[other] for other in near if set(groups[other].entries) == set(groups[place].entries)]


def _by_labels(group: Group) -> str | None:
    return next(iter(group.checks)) if len(group.checks) == 1 else None


def _by_mention(group: Group, groups: list[Group]) -> str | None:
    """The check of another group that holds the same numbers and more: people repeat a number or two in a sentence."""
    return next((_by_labels(other) for other in groups if len(other.checks) == 1 and contains(other.numbers, group.numbers)), None)


def _by_numbers(group: Group, labels: Labels) -> str | None:
    """The one check of which more numbers agree with a key than of any other."""
    telling = [number for number in group.numbers if number.high - number.low < FEW_DIGITS * max(abs(number.low), abs(number.high))]
    scores = {check: max((agreeing(telling, key)[0] for key in labels.keys[check].values()), default=0) for check in group.checks}
    best = max(scores.values())
    winners = [check for check, score in scores.items() if score == best]
    return winners[0] if best > 0 and len(winners) == 1 else None


def _by_name(group: Group) -> str | None:
    """The check that is named right before the group."""
    return group.named if group.named in group.checks else None


def _by_words(group: Group, candidates: list[str], text: str, labels: Labels) -> tuple[str, str]:
    """The check that is named last before the group, or first after it; else the only one of which the text names what it alone prints.

    Else the one with most of its name's words in the text, else the first. And why it is that one.
    """
    named = checks_named(text, candidates)
    before = [name for start, name in named if start < group.start]
    if named:
        return before[-1] if before else named[0][1], NAMED
    names = [labels.names.get(simplified(name)) for name in dict.fromkeys(re.findall(r"\w+", text))]
    owners = {quantity: frozenset(candidates) & labels.printing(quantity) for quantity in names if quantity}
    alone = {name: quantity for quantity, checks in reversed(owners.items()) if len(checks) == 1 for name in checks}
    if len(alone) == 1:
        ((check, quantity),) = alone.items()
        return check, f"of these it alone prints {quantity}, which the text names"
    words = set(re.findall(r"[a-z]+", text.lower()))
    scores = {name: sum(part in words for part in set(name.split("_"))) for name in candidates}
    best = max(scores.values())
    winners = [name for name in candidates if scores[name] == best]
    if not best or len(winners) > 1:
        return candidates[0], "nothing speaks for another one"
    spoken = [part for part in winners[0].split("_") if part in words]
    return winners[0], f"the text speaks of {' and '.join(spoken)}"
