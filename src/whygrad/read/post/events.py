"""From tokens to what the text says, in its order: headings, entries (a label with its numbers), shapes, and what was not understood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.read.post.arrows import sides_of_arrows
from whygrad.read.post.columns import Columns, by_exclusion, columns, told_columns
from whygrad.read.post.context import DIGITS, FAR, LONGEST_PREFIX, Context
from whygrad.read.post.crosswise import head_of_labels, rows_below
from whygrad.read.post.diffs import told_signs
from whygrad.read.post.headings import Role, Side, heading, marked_behind, prefix, rest_heading, sets_beside, sides_of_a_diff
from whygrad.read.post.many_numbers import all_said
from whygrad.read.post.named import the_check_named
from whygrad.read.post.placed import numbers_of, place_of
from whygrad.read.post.said import differences, of_another_number
from whygrad.read.post.said_before import other_side, values_before
from whygrad.read.post.script import Entry, Foreign, Gap, Heading, Named, Script, ShapeLine
from whygrad.read.post.sides import in_a_list, sides_of
from whygrad.read.post.two_numbers import both_around, both_said
from whygrad.read.post.values import Found, values_behind
from whygrad.records import Shape

if TYPE_CHECKING:
    from whygrad.read.post.crosswise import Head
    from whygrad.read.post.labels import Label, Labels
    from whygrad.read.post.sides import Sided
    from whygrad.read.post.tokens import Kind, Token
    from whygrad.records import Number

MOST_UNREAD = 20
LONGEST_UNREAD = 120
MOST_BETWEEN = 12
ASSERTIONS = frozenset(("assert", "isclose", "allclose", "assert_allclose", "assert_almost_equal", "assertequal", "assertalmostequal"))
"""Words of a line of code that holds a number beside a label, and prints neither."""


def events_in(text: str, tokens: list[Token], labels: Labels) -> Script:
    """Read ``tokens`` of the plain ``text`` from first to last."""
    reader = _Reader(text, tokens, labels)
    reader.run()
    if sides := sides_of_arrows(reader.led, labels, text):
        reader = _Reader(text, tokens, labels, sides)
        reader.run()
    return reader.script


class _Reader:
    """One walk over the text, a line or an entry at a time."""

    def __init__(self, text: str, tokens: list[Token], labels: Labels, arrows: Columns = ()) -> None:
        self.text, self.tokens, self.labels, self.arrows = text, tokens, labels, arrows
        self.led: list[list[tuple[Number, ...]]] = []  # the numbers that arrows part
        self.context = Context(text, tokens)
        self.script = Script([], [], [], [])
        self.place = 0
        self.segment = 0
        self.columns: Columns = told_columns(text)
        self.legend = self.columns
        self.signs: dict[str, Role] = told_signs(text)
        self.in_code = False
        self.code_indent = 0
        self.unread_to = 0  # the end of the line that was not understood last
        self.before: Side | None = None
        self.apart = False  # below the heading of numbers that are computed of the printed ones

    def run(self) -> None:
        while True:
            token = self.tokens[self.place]
            if token.kind in {"newline", "end"}:
                self._marked_behind(token.start)
                self._line_end(token)
                if token.kind == "end":
                    return
            elif token.kind == "word":
                self._word(token)
            elif token.kind == "label" and not self.in_code and (head := head_of_labels(self.tokens, self.place, self.labels)):
                self._crosswise(head)
                continue
            elif token.kind == "label":
                self._entry(token)
                continue
            elif token.kind == "shape":
                self._prefix(token)
                self.segment = token.end
                if token.entry:
                    self.script.events.append(ShapeLine(token.start, Shape(token.quantity, token.entry)))
            elif token.kind == "other":
                self._foreign(token)
            self.place += 1

    def _line_end(self, token: Token) -> None:
        """What stands between the last entry and the end of its line, or a whole line without one, may be a heading."""
        line, starts_line = self.text[self.segment : token.start], self.text[self.segment - 1 : self.segment] in {"", "\n"}
        self.segment = token.end
        if line.lstrip().startswith("return"):
            self.in_code = False
        self.apart &= bool(line.strip()) or not starts_line
        if starts_line:
            self.script.events.append(Gap(token.start))
        if not line.strip() or len(line) > 4 * LONGEST_UNREAD or self.in_code or (not starts_line and DIGITS.search(line)):
            return
        if starts_line:
            self._named(token.start, line)
        if signs := sides_of_a_diff(line):
            self.signs = {**signs, **self.signs}
        elif starts_line and differences(line) and self._label_follows():
            self.apart, self.columns = True, columns(line) or self.legend
        elif head := columns(line):
            self.columns, self.apart = head, False
        else:
            head = by_exclusion(line) if starts_line and self._label_follows() else ()
            if found := heading(line, opens=self._label_follows()) if starts_line else rest_heading(line):
                self.script.events.append(Heading(token.start, "other" if sets_beside(line) else found.role, found.plainly, passing=False))
            if found or head:
                self.columns, self.apart = head or self.legend, False

    def _named(self, start: int, words: str) -> None:
        if check := the_check_named(words, self.labels.order):
            self.script.events.append(Named(start, check))

    def _marked_behind(self, end: int) -> None:
        """All entries of the line that ends at ``end`` are of the side that is named there, behind an arrow."""
        start = self.text.rfind("\n", max(end - FAR, 0), end) + 1
        side: Side | None = marked_behind(self.text[start:end])
        events = self.script.events
        at = len(events) - 1 if side else -1
        while at >= 0 and isinstance(event := events[at], Entry) and event.start >= start:
            events[at] = event if event.role else event._replace(role=side)
            at -= 1

    def _indent(self, token: Token) -> int:
        return len(line := self.context.around(token, "\n")) - len(line.lstrip())

    def _word(self, token: Token) -> None:
        """Code begins with ``def``; a line that asserts is passed over; a name like a gradient's, alone before a number, is not known."""
        if self.labels.resembles(token.text) and not self.text[self.segment : token.start].strip(" -+#:"):
            self._foreign(token)
        elif token.text == "def":
            self.in_code, self.code_indent = True, self._indent(token)
            self._named(token.start, self.context.around(token, "\n"))
        elif token.text.lower() in ASSERTIONS:
            while self.tokens[self.place + 1].kind not in {"newline", "end"}:
                self.place += 1
            self.segment = self.tokens[self.place + 1].start

    def _label_follows(self) -> bool:
        """Whether the next line begins with a label, behind a number of the line at most.

        Blank lines don't count, nor fences, nor those of one word (the language behind a fence).
        """
        numbered = False
        for at in range(self.place, min(self.place + MOST_BETWEEN, len(self.tokens))):
            kind = self.tokens[at].kind
            if kind == "number" and not numbered:
                numbered = True
            elif kind not in {"newline", "quote", "sign", "right", "cell"} and not (
                kind == "word" and self.tokens[at + 1].kind == "newline"
            ):
                return kind == "label"
        return False

    def _prefix(self, token: Token) -> None:
        before = self.text[self.segment : token.start].rpartition(". ")[2]
        self._named(token.start, before)
        if role := self.signs.get(before.strip()):
            self.script.events.append(Heading(token.start, role, plainly=False, passing=True))
        elif not self.in_code and before.strip() and len(before) <= LONGEST_PREFIX and (found := prefix(before)):
            self.script.events.append(Heading(token.start, found.role, found.plainly, passing=not found.plainly))

    def _entry(self, token: Token) -> None:
        label, count = place_of(token, self.labels, array=self._follows() == "open")
        unreadable = self._follows() == "bad"
        line_start, place = self.segment, self.place
        before = [] if self.in_code else values_before(self.tokens, self.place, self.segment, self.before)
        self.before = before[-1].role if before else None
        if before:
            self._named(token.start, self.text[self.segment : token.start].rpartition(". ")[2])
        else:
            self._prefix(token)
        none = Found([], self.place + 1, broken=False, led=False)  # behind a label of both sides: that is of the next one
        found = none if len(before) > 1 else values_behind(self.tokens, self.place + 1, count)
        silent = not (before or self.in_code or self.columns)
        around = both_around(self.tokens, self.place, line_start) if silent else None
        if silent and (said := around or both_said(self.tokens, self.place + 1) or all_said(self.tokens, self.place + 1)):
            found = Found(said.values, said.after if around else max(said.after, found.after), broken=False, led=False)
        for behind in self.tokens[self.place + 1 : found.after]:
            if behind.kind == "check":
                self._named(token.start, behind.text)
        self.place = found.after
        self.segment = self.tokens[found.after].start
        if self.tokens[found.after].kind == "newline":
            self.segment = self.tokens[found.after].end
            self.place += 1
        in_code = self.in_code
        self.in_code &= not self.context.around(token, "\n").lstrip().startswith("return")
        if in_code and (token.bare or not label or not found.values or self._indent(token) > self.code_indent):
            return
        sides: Sided = []
        values = [*before, *other_side(before, found.values, self.tokens[place : found.after])]
        derived = of_another_number(self.text[max(line_start, token.start - LONGEST_PREFIX) : token.start])
        led = found.led and not self.columns and not any(value.role for value in found.values)
        arrow = led and label is not None and any(behind.text == ">" for behind in self.tokens[place : found.after])
        if arrow:
            self.led.append([numbers_of(self.labels, label, count, value.tree, len(token.entry or ())) for value in found.values])
            led = not self.arrows
        apart = derived or (self.apart and len(values) == 1)
        unclear = found.broken or led or apart or self.context.is_unclear(place, marked="-" in self.signs)
        if label and values and not unclear and (token.entry != () or self.context.looks_printed(token, found.values)):
            last = [event for event in self.script.events[-2:] if isinstance(event, Entry)]
            sides = in_a_list(sides_of(values, self.arrows if arrow else self.columns), self.tokens, place, last)
        taken = self._take(token, label, count, sides)
        self._marked_behind(self.tokens[found.after].start)
        if not taken and (found.values or found.broken or unreadable or self.context.shows_a_value(place)):
            self._unread(token, label)
            self.script.computed.extend(self.script.unread[-1:] if apart else ())

    def _follows(self) -> Kind:
        """The kind of what stands behind a label, in its line or below."""
        at = self.place + 1
        while self.tokens[at].kind in {"sign", "newline", "quote", "cell"}:
            at += 1
        return self.tokens[at].kind

    def _take(self, token: Token, label: Label | None, count: int, sides: Sided) -> bool:
        """Make entries of the values under one label; False where there are none or one can't be placed."""
        read: list[tuple[Side | None, tuple[Number, ...]]] = []
        for side, value in sides:
            numbers = numbers_of(self.labels, label, count, value.tree, len(token.entry or ()))
            if not label or not numbers:
                return False
            read.append((side, numbers))
        if label and read:
            self.in_code = False
            self.script.events.extend(Entry(token.start, label, numbers, side) for side, numbers in read)
        return bool(read)

    def _crosswise(self, head: Head) -> None:
        """A table with the labels in its head: each row below gives one value to each label, or none can be given."""
        self._prefix(head.labels[0])
        rows = rows_below(self.tokens, head)
        if not rows.values:
            self._unread(head.labels[0], place_of(head.labels[0], self.labels)[0])
            self.script.labels_unread.extend(label for token in head.labels[1:] if (label := place_of(token, self.labels)[0]))
            self.place = head.last + 1
            self.segment = self.tokens[head.last].end
            return
        for column, token in enumerate(head.labels):
            label, count = place_of(token, self.labels)
            sides = sides_of([row[column] for row in rows.values], self.columns)
            if not self._take(token, label, count, sides):
                self._unread(token, label)
        self.place, self.segment = rows.after, self.tokens[rows.after].start

    def _foreign(self, token: Token) -> None:
        """``a[4][3] = 0.17``: looks like a printed number, but no check prints it."""
        following = [token.kind for token in self.tokens[self.place + 1 : self.place + 3]]
        if following in (["sign", "number"], ["sign", "open"], ["sign", "bad"]) and not self.in_code:
            if token.kind == "word" and not self.context.number_beside(token):
                return
            self._unread(token)
            self.script.events.append(Foreign(token.start, token.text))

    def _unread(self, token: Token, label: Label | None = None) -> None:
        if label or token.quantity:
            self.script.labels_unread.append(label or (token.quantity, ()))
        end, line = self.context.rest_of_line(token)
        if end != self.unread_to and len(self.script.unread) < MOST_UNREAD:
            self.script.unread.append(line if len(line) <= LONGEST_UNREAD else line[: LONGEST_UNREAD - 3] + "...")
        self.unread_to = end
