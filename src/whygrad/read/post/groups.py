"""Entries that were printed together: one run of one check, or one table of expected numbers."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from whygrad.read.post.labels import whole_key
from whygrad.read.post.script import Entry, Event, Foreign, Gap, Heading, Named, ShapeLine

if TYPE_CHECKING:
    from whygrad.read.post.headings import Side
    from whygrad.read.post.labels import Label, Labels
    from whygrad.records import Number, Shape


NEAR = 60
"""So many characters may stand between a line that names a check and its numbers: a heading, no sentences."""


class Group:
    """Entries with different labels that one of ``checks`` can have printed.

    ``side`` is "other" where the place in the text leaves it open: a second column, or what follows the expected numbers.
    ``plainly`` is true where words say it that name an output, ``below`` is the check that is named last before it, and
    ``named`` the one that is named right before it.
    """

    def __init__(self, start: int, side: Side, checks: frozenset[str], *, plainly: bool) -> None:
        """An empty group that begins at ``start``."""
        self.start, self.plainly = start, plainly
        self.side: Side = side
        self.checks = checks
        self.entries: dict[Label, tuple[Number, ...]] = {}
        self.shapes: dict[Label, Shape] = {}
        self.last_start = start
        self.named: str | None = None
        self.below: str | None = None
        self.apart: set[Label] = set()
        """The labels before which an empty line stands, or one of words."""
        self.told = self.beside = False
        """Whether words say whose the numbers are, and whether they only set them beside those above."""
        self.before_heading = 0
        """How many of the entries stood there when a heading came last."""

    @property
    def numbers(self) -> tuple[Number, ...]:
        """All numbers, in the order of the text."""
        return tuple(number for numbers in self.entries.values() for number in numbers)

    def take(self, other: Group) -> None:
        """Take all of ``other`` in, which is of the same run."""
        self.entries |= other.entries
        self.shapes |= other.shapes
        self.checks &= other.checks
        self.last_start = max(self.last_start, other.last_start)

    def contradicts(self, shape: Shape) -> bool:
        """Whether an array of that shape would have printed another number of entries under its label."""
        for numbers in self.entries.values():
            first = numbers[0]
            if first.quantity == shape.quantity and len(numbers) > 1 and len(first.index) == len(shape.shape):
                return len(numbers) != shape.shape[-1]
        return False


def grouped(events: list[Event], labels: Labels) -> list[Group]:
    """The groups in the order of the text: a heading, a repeated label, or one that no check of the group prints, starts a new one."""
    groups = [group for column in _columns(_unzipped(events)) for group in _of_a_column(column, labels) if group.entries]
    groups.sort(key=lambda group: group.start)
    for side in {group.side for group in groups}:
        for before, behind in pairwise([group for group in groups if group.side == side]):
            _without_mention(before, behind)
    return groups


def _columns(events: list[Event]) -> list[list[Event]]:
    """The events, and those again with the second expected numbers of a label alone, with the third: each is a column of a table."""
    place: dict[int, int] = {}
    seen: Counter[tuple[int, Side | None]] = Counter()
    for event in events:
        if isinstance(event, Entry):
            place[id(event)] = seen[event.start, event.role]
            seen[event.start, event.role] += event.role == "expected"
    return [[event for event in events if place.get(id(event), at) == at] for at in range(1 + max(place.values(), default=0))]


def _of_a_column(events: list[Event], labels: Labels) -> list[Group]:
    grouping = _Grouping(labels)
    for event in events:
        if isinstance(event, Heading):
            grouping.heading(event)
        elif isinstance(event, ShapeLine):
            grouping.shape(event)
        elif isinstance(event, Foreign):
            grouping.foreign()
        elif isinstance(event, Named):
            grouping.name(event)
        elif isinstance(event, Gap):
            grouping.gap = event.start
        else:
            grouping.entry(event)
    return grouping.groups


class _Grouping:
    """The open groups, one a side, and the side that speaks."""

    def __init__(self, labels: Labels) -> None:
        self.labels = labels
        self.groups: list[Group] = []
        self.open: dict[Side, Group] = {}
        self.side: Side = "mine"
        self.said: Heading | None = None
        self.fresh = False
        self.last: Entry | None = None
        self.named: Named | None = None
        self.below_name: set[Side] = set()
        self.gap = -1

    def name(self, event: Named) -> None:
        self.named = event
        self.below_name = set()

    def heading(self, event: Heading) -> None:
        if event.role == "other" and (above := self.open.get("mine")) and above.told:
            event = event._replace(role="expected")
        self.side, self.said, self.fresh = event.role, event, True
        if group := self.open.get(event.role):
            group.before_heading = len(group.entries)

    def foreign(self) -> None:
        """A heading that a number of some other function follows was that one's; whose the next are is open again."""
        if self.fresh and self.side == "expected":
            self.side, self.said, self.fresh = "other", None, False

    def entry(self, event: Entry) -> None:
        checks = self.labels.printing(event.label[0])
        event = self.last = self._continued(event, checks)
        if event.role:
            self._with_its_run(event.role, event.label, checks)
            self._into(event.role, event, checks, said=event.role != "other")
            return
        group = self.open.get(self.side)
        if (
            group
            and not self.fresh
            and next(reversed(group.entries), None) == event.label
            and _says_again(event.numbers, group.entries[event.label])
        ):
            group.entries[event.label] = event.numbers
            return
        if self.said and self.said.passing and not self.fresh and self._back_to_mine(event, checks):
            self.side, self.said = "mine", None
        group = self.open.get(self.side)
        if self.fresh and group and event.label == next(reversed(group.entries), None):
            self._last_was_mine(group, checks)
        group = self._with_its_run(self.side, event.label, checks)
        if not self.fresh and group and not self._goes_on(group, event.label, checks):
            if self.side != "expected":
                repeated = any(event.label in other.entries for other in self.groups if other.side == self.side)
                self.said = None if repeated else self.said
            elif not self._is_mine_already(group, event.label):
                self.side, self.said = "other", None
        self._into(self.side, event, checks, said=self.said is not None)
        self.fresh = False

    def _is_mine_already(self, expected: Group, label: Label) -> bool:
        """Whether below expected numbers those of another check follow that stand below words about the learner's too."""
        mine = self.open.get("mine")
        return mine is not None and mine.told and label in mine.entries and label not in expected.entries

    def _with_its_run(self, side: Side, label: Label, checks: frozenset[str]) -> Group | None:
        """The group that ``label`` goes on.

        Where that is not the open one, what leads up to ``label`` in the order of a check's lines goes with it: the numbers before that
        were mentions, or, where lines part the two, of another check.
        """
        group = self.open.get(side)
        if group is None or _fits(group, label, checks):
            return group
        labels = list(group.entries)
        start = self._start_of_run([quantity for quantity, _ in labels], label[0], checks)
        if label not in labels:
            start = next((at for at in range(max(start, 1), len(labels)) if labels[at] in group.apart), len(labels))
        if label in labels[start:] or start in {0, len(labels)}:
            return group
        run = Group(group.last_start, side, checks, plainly=group.plainly)
        for its in labels[start:]:
            run.entries[its] = group.entries.pop(its)
        run.shapes = {its: group.shapes.pop(its) for its in run.entries if its in group.shapes}
        group.checks, run.checks = self._printing_all(group), self._printing_all(run)
        headed = self.side == side and self.said is not None and not self.said.passing
        if side == "expected" and headed and start != group.before_heading and self._of_a_key(group):
            run.side, run.plainly = "other", False
            self.side, self.said = "other", None
        self.groups.append(run)
        self.open[run.side] = run
        return run

    def _start_of_run(self, before: list[str], quantity: str, checks: frozenset[str]) -> int:
        """Where the last of the quantities ``before`` begin that stand above ``quantity`` in the lines of one of ``checks``, in order."""
        starts: list[int] = []
        for check in checks:
            printed = self.labels.lines(check)
            places = [printed.index(name) if name in printed else len(printed) for name in [*before, quantity]]
            start = len(before)
            while start and places[start - 1] < places[start]:
                start -= 1
            starts.append(start)
        return min(starts)

    def _printing_all(self, group: Group) -> frozenset[str]:
        """The checks that print every label of ``group``."""
        return frozenset(self.labels.order).intersection(*(self.labels.printing(quantity) for quantity, _ in group.entries))

    def _of_a_key(self, group: Group) -> bool:
        """Whether a group's numbers are those of a key: a table of expected numbers, and no mention of some."""
        return any(whole_key(group.numbers, self.labels.keys[check]) for check in group.checks)

    def _continued(self, event: Entry, checks: frozenset[str]) -> Entry:
        """After "dx should be 0.5, da0 0.25": an entry without a word, which the learner's have already, is expected as well."""
        mine, expected, before = self.open.get("mine"), self.open.get("expected"), self.last
        alone = before is not None and before.role == "expected" and not (mine and mine.last_start == before.start)
        if event.role or self.fresh or not alone or not mine or not expected or event.label not in mine.entries:
            return event
        return event._replace(role="expected") if _fits(expected, event.label, checks) else event

    def _back_to_mine(self, event: Entry, checks: frozenset[str]) -> bool:
        """After "expected dWf = ..." on one line: is this one mine again? Yes if it is still missing there."""
        mine, spoken = self.open.get("mine"), self.open.get(self.side)
        return (mine is not None and _fits(mine, event.label, checks)) or (spoken is not None and not _fits(spoken, event.label, checks))

    def _last_was_mine(self, group: Group, checks: frozenset[str]) -> None:
        """A heading before every single expected entry: what came last before this heading was the learner's entry of the same label."""
        mine = self.open.get("mine")
        label = next(reversed(group.entries))
        if group.side == "expected" and mine and _fits(mine, label, checks):
            mine.entries[label] = group.entries.pop(label)
            mine.checks &= checks

    def _into(self, side: Side, event: Entry, checks: frozenset[str], *, said: bool) -> None:
        group = self.open.get(side)
        if group is None or not self._goes_on(group, event.label, checks):
            group = Group(event.start, side, checks, plainly=bool(said and self.said and self.said.plainly))
            group.told, group.beside = said, said and side == "other"
            group.below, group.named = self.named.check if self.named else None, self._name_for(side, event.start)
            self.groups.append(group)
            self.open[side] = group
        if group.last_start < self.gap:
            group.apart.add(event.label)
        group.entries[event.label] = event.numbers
        group.last_start = event.start
        group.checks &= checks

    def _goes_on(self, group: Group, label: Label, checks: frozenset[str]) -> bool:
        """Whether ``label`` can be of the group's run, and no other check was named since the group's last entry."""
        named = self.named
        if named and named.start > group.last_start and named.check in checks:
            another = named.check not in group.checks or group.below in group.checks - {named.check}
        else:
            another = False
        return _fits(group, label, checks) and not another and not (self._headed(group) and self._goes_back(group, label, checks))

    def _headed(self, group: Group) -> bool:
        """Whether a line that is a heading stands behind the group's last entry."""
        return self.said is not None and not self.said.passing and self.said.start > group.last_start

    def _goes_back(self, group: Group, label: Label, checks: frozenset[str]) -> bool:
        """Whether ``label`` stands above the group's last one in the lines of a check."""
        last = next(reversed(group.entries))[0]
        return self._start_of_run([last], label[0], group.checks & checks) == 1

    def _name_for(self, side: Side, start: int) -> str | None:
        """The check that is named right before ``start``, if no other group of ``side`` began below it."""
        named = self.named
        if not named or start - named.start > NEAR or side in self.below_name:
            return None
        self.below_name.add(side)
        return named.check

    def shape(self, event: ShapeLine) -> None:
        """The shape is that of the last entry above it of the same array."""
        group = self.open.get(self.side)
        labels = [label for label in group.entries if label[0] == event.shape.quantity] if group else []
        if group and labels:
            group.shapes.setdefault(labels[-1], event.shape)


def _fits(group: Group, label: Label, checks: frozenset[str]) -> bool:
    return label not in group.entries and bool(group.checks & checks)


def _without_mention(group: Group, behind: Group) -> None:
    """Take the last number out of ``group`` if lines part it from the others and it stands in another check's run ``behind`` them too."""
    label = next(reversed(group.entries))
    if label not in group.apart or group.checks & behind.checks:
        return
    its, again = ([number.text for number in one.entries.get(label, ())] for one in (group, behind))
    if its == again and len(group.entries) > 1 and any(map(float, its)):
        del group.entries[label]


def _says_again(numbers: tuple[Number, ...], before: tuple[Number, ...]) -> bool:
    """Whether the same numbers stand there once more, in as many digits at least: first the whole array was printed, then its entry."""
    return len(numbers) == len(before) and all(
        old.low <= new.high and new.low <= old.high and new.high - new.low <= old.high - old.low
        for old, new in zip(before, numbers, strict=True)
    )


def cut_off(fewer: Number, digits: Number) -> bool:
    """Whether one text is the beginning of the other: people also shorten numbers without rounding them."""
    return digits.text.startswith(fewer.text) and "." in fewer.text


def _unzipped(events: list[Event]) -> list[Event]:
    """Where every label stands twice in a row, the second of each pair is the other column."""
    entries = [event for event in events if isinstance(event, Entry)]
    labels = [entry.label for entry in entries]
    if len(labels) < 4 or len(labels) % 2 or any(entry.role for entry in entries):  # noqa: PLR2004 - two pairs
        return events
    told = any(isinstance(event, Heading) and event.role == "expected" for event in events)
    if told or labels[::2] != labels[1::2] or any(one == next_one for one, next_one in pairwise(labels[::2])):
        return events
    second = {id(entry) for entry in entries[1::2]}
    return [event._replace(role="other") if isinstance(event, Entry) and id(event) in second else event for event in events]
