"""What a mentor's reply says: the parts of a report, chosen so that it can be read in a minute.

The answer always stands, then comes the hint of the level asked for; the rest is taken in order of its use while there is room. A reply
that would be too short says what to print next.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.report.code_parts import NOT_FILLED_IN
from whygrad.report.part import Part
from whygrad.report.parts import a_failed_test, no_value, only_a_shape, only_in_part, parts
from whygrad.report.phrases import first_few
from whygrad.report.printable import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from whygrad.records import Mistake, Result

SHORTEST, LONGEST = 80, 160
"""Words of a reply."""
_NAMES_SHOWN = 8
_ITEMS_ROOM = 30
_APART = "What tells them apart"
_USE = {
    "Note": 2,
    "Not explained": 2,
    "What would help": 2,
    _APART: 2,
    "The functions": 3,
    "Right as far as these numbers tell": 4,
    "How sure": 5,
    "Test it": 5,
    "Right numbers": 5,
    "Wrong": 3,
    "Read": 7,
}
"""The lower, the earlier it is taken; what is not named here stands in between."""
_BETWEEN = 6
_HOW_FAR = "How far"
"""Where a search was cut says something to those only who know it."""
_UNREAD = " could not be read: "
"""In the sentence of a function that Python does not take."""
_HANGS = " does not come to an end in the time allowed"
"""The same of one that would hang again."""
_LEFT_OUT = {"How it was run"}
"""What tells only those something who have the same machine before them."""
_LOWER_HINT = 4
_WHERE = "see what `whygrad` prints"
_MORE = Part("fact", f"There is more to look at: {_WHERE}.")
_AGAIN = "restart the kernel, run every cell from the top"
_NEXT = {
    "right": (
        (
            f"In what was given nothing has to be mended. If the grader refuses the notebook all the same, {_AGAIN}, so that no value "
            "of an older cell is left, and compare once more."
        ),
        (
            "If another number differs, post what that check prints: the whole block with its shapes and all its digits, and the expected "
            "numbers beside it. Then it can be held against a right program as well."
        ),
    ),
    "an error": (
        (
            "Please post the whole error as text: from the line with Traceback to the last one, with the lines of code that it quotes. The "
            "function that it names last, and the line with the arrow, are where to look first."
        ),
        (
            "The numbers above it were printed before the program stopped, so what they come from need not be looked at again. Print the "
            "type and the shape of each name in the line with the arrow, just before it: one of them is not what the line needs."
        ),
    ),
    "a failed test": (
        (
            "Please post what the test says as text, whole, with the lines above it: which function it calls, with which arrays, and what "
            "it compares. It may look at another function than the one whose numbers stand here, or at what a function returns besides."
        ),
        (
            f"The printed numbers need not be looked at again. If you do not see what the test means, {_AGAIN}, and read the types and "
            "shapes of all that the function returns against the text of the assignment."
        ),
    ),
    "too few digits": (
        (
            "Please print these numbers once more and paste them as text, with all their digits: a number typed from the screen or rounded "
            "fits many mistakes, and only the digits behind the first few tell which of them it was."
        ),
        (
            "Post the whole block of the check, with the lines that look right and with its shapes. If the notebook has a check of the "
            "function for one step as well, its numbers help most."
        ),
    ),
    "a shape": (
        (
            "Please print the shape once more, directly after the line that makes this gradient and after each line that changes it: the "
            "numbers that the check prints stand in the right places, so it is an axis too many, one too few, or two that were exchanged."
        ),
        (
            "A wrong shape often goes unseen, because NumPy repeats what is too small until it fits; the next update of the weights "
            "then does something else than it should. If you are stuck there, write what was printed after which line."
        ),
    ),
    "unread lines": (
        (
            "Please copy the whole output of the check out of the notebook once more and paste it as text, in a block of code: a picture, "
            "or what a program reads in one, has letters where digits should be, and a number that cannot be read says nothing."
        ),
        (
            "What could be read is right, so there may be nothing wrong at all; but the numbers that are missing come from other lines of "
            "the function, and only they can tell of those."
        ),
    ),
    "no value": (
        (
            "Please look for the line that gives it a value: a name that was set to None and never filled in prints so, and so does one "
            "that was filled in under another name. Print it right before the function returns, with its type and its shape."
        ),
        (
            "The printed numbers are right, but they come from other lines of the function, and tell nothing of that one. If you do not "
            "find it, post the whole output of the check once more, as text, after the change."
        ),
    ),
    "unknown": (
        f"Please {_AGAIN}, and print the numbers once more: they may come from an older version of the code, and such numbers fit nothing.",
        (
            "Then print what the smaller functions give. Post the whole block of each check with its shapes and all its digits: the more "
            "numbers there are, the more can be ruled out. An entry of each gradient is better than many of one."
        ),
    ),
}
_AFTERWARDS = (
    (
        f"After the change, {_AGAIN}, and compare again: one mistake can hide another, so other numbers are a step forward even if they "
        "are not yet the expected ones."
    ),
    "If you are stuck there, write what you have tried and what came out, with all its digits; then the next hint can be more direct.",
)


def reply(result: Result, hint: int, drawn: Callable[[Part], str]) -> tuple[str, ...]:
    """The paragraphs of a reply on ``result``, as ``drawn`` draws them: from 80 to 160 words wherever there is so much to say.

    Raises:
        UsageError: ``hint`` is not 1, 2 or 3.
    """
    answer, *others = _shaped(result, hint)
    answer = _shortened(answer, drawn)
    room = LONGEST - _words(drawn(answer))
    taken: dict[int, str] = {}
    alternatives = next((number for number, part in enumerate(others) if _lists(part)), -1)
    counted = _words(drawn(_with_few_items(others[alternatives], 0, drawn))) if alternatives >= 0 else 0
    more: list[Part] = []
    for number, part in sorted(enumerate(others), key=lambda one: _use(one[1], result, hint)):
        if number == alternatives:
            part, counted = _with_few_items(part, room, drawn), 0  # noqa: PLW2901 - the same part, shorter
        text, kept = drawn(part), counted if taken else 0
        apart = part.label == _APART and "- " not in taken.get(alternatives, "")
        if _words(text) <= room - kept and not apart:
            taken[number] = text
            room -= _words(text)
        elif _use(part, result, hint) == 1 and not more and _words(_MORE.text) <= room:
            more, room = [_MORE], room - _words(_MORE.text)
    paragraphs = [drawn(answer), *(taken[number] for number in sorted(taken))]
    paragraphs += map(drawn, more)
    for part in _next(result):
        text = drawn(part)
        if LONGEST - room < SHORTEST and _words(text) <= room:
            paragraphs.append(text)
            room -= _words(text)
    return tuple(paragraphs)


def _words(text: str) -> int:
    return len(text.split())


def _shaped(result: Result, hint: int) -> Iterator[Part]:
    """The parts that a reply may hold, with the table as a sentence."""
    for part in parts(result, hint):
        if part.role == "table":
            yield Part("fact", _verdicts(part.rows), label=part.label)
        elif part.label == _HOW_FAR:
            yield replace(part, items=())
        elif part.role != "offer" and part.label not in _LEFT_OUT:
            yield part


def _verdicts(rows: Sequence[Sequence[str]]) -> str:
    """``right: a and b; wrong: c.``."""
    functions: dict[str, list[str]] = {}
    for function, verdict, *_ in rows:
        functions.setdefault(verdict, []).append(function)
    return "; ".join(f"{verdict}: {first_few(names, _NAMES_SHOWN)}" for verdict, names in functions.items()) + "."


def _shortened(answer: Part, drawn: Callable[[Part], str]) -> Part:
    """The answer with as many of its items as leave room for a hint."""
    shown = len(answer.items)
    while shown > 1 and _words(drawn(replace(answer, items=answer.items[:shown]))) > LONGEST - _ITEMS_ROOM:
        shown -= 1
    more = len(answer.items) - shown
    rest = (f"and {more} more: these first.",) if more else ()
    return replace(answer, items=(*answer.items[:shown], *rest))


def _with_few_items(others: Part, room: int, drawn: Callable[[Part], str]) -> Part:
    """The other explanations, or as many as there is room for, and how many there are."""
    lists = [replace(others, items=(*others.items[:shown], f"and more: {_WHERE}")) for shown in range(len(others.items) - 1, 0, -1)]
    few = (others, *lists, replace(others, text=f"{others.text} {_WHERE}.", items=()))
    return next((part for part in few if _words(drawn(part)) <= room), few[-1])


def _use(part: Part, result: Result, hint: int) -> int:
    of_runs = part.label == "Note" and len(set(result.checks)) < len(result.checks)
    if part.role == "line" or of_runs:  # the answer points to them
        return 0
    if part.role == "hint":
        asked = any(part.text == printable(mistake.hints[hint - 1]) for mistake in result.mistakes)
        return 1 if asked else _LOWER_HINT
    return _USE[_APART] if _lists(part) else _USE.get(part.label, _BETWEEN)


def _lists(part: Part) -> bool:
    """Whether the part lists the other explanations."""
    return part.role == "fact" and bool(part.items) and not part.label


def _next(result: Result) -> Iterator[Part]:
    """What to print next."""
    if result.mistakes:
        yield Part("fact", _experiment(result.mistakes[0]), label="Next")
        yield from (Part("fact", text) for text in _AFTERWARDS)
    else:
        yield from (Part("fact", text) for text in _NEXT[_state(result)])


def _state(result: Result) -> str:
    if result.verdict == "right":
        return "right"
    if result.stopped is not None:
        return "a failed test" if a_failed_test(result) else "an error"
    if only_a_shape(result):
        return "a shape"
    if only_in_part(result):
        return "no value" if no_value(result) else "unread lines"
    return "too few digits" if result.would_tell else "unknown"


def _experiment(mistake: Mistake) -> str:
    if mistake.id == NOT_FILLED_IN:
        return (
            f"fill in `{mistake.function}` line by line from the formulas of the assignment, and print the shape of what each line gives "
            "before you write the next one; then run the cell of its check, and post what that prints."
        )
    if mistake.id == "raises" and _UNREAD in mistake.says:
        return (
            f"mend the line until the cell of `{mistake.function}` runs without an error, by itself: it only defines the function, so "
            "nothing is computed by then. Then run the cell of its check, and post what that prints."
        )
    if mistake.id == "raises" and _HANGS in mistake.says:
        return (
            f"put a print before each line of `{mistake.function}`, run its check, and stop it after some seconds. What was printed last "
            "stands above the line that goes on and on: post the last few lines that came, and the code around them in words."
        )
    if mistake.function is None:
        return (
            "lay the cell that draws the numbers and calls the function beside the course's own, line by line: what it draws, in which "
            "order and shape, what it calls, and with which arguments."
        )
    named = mistake.quantity.isidentifier() and mistake.quantity != mistake.function
    what = f"`{mistake.quantity}` and what it is computed from" if named else "each value on its way"
    return (
        f"run `{mistake.function}` on small arrays, with two examples, two hidden units and three steps, print {what}, with the shapes, "
        "and work out a few entries by hand."
    )
