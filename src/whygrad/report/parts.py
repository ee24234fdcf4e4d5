"""What a report says, and in which order: the answer first, then why, how sure, and what can be tested.

Text, terminal and Markdown draw these parts; none of them adds or drops a fact. Hint 1 says where, hint 2 also what is wrong,
hint 3 also what the mathematics asks; no part holds the words of a higher level than the one asked for.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.mistakes.words import counted, in_words, listed
from whygrad.read.post.context import NO_VALUE
from whygrad.read.post.traceback import begins_with_an_error
from whygrad.report.code_parts import code_parts, hints_once
from whygrad.report.part import HINTS, Part, check_hint
from whygrad.report.phrases import (
    by_check,
    change_of,
    first_few,
    function_of,
    functions_of,
    place_of,
    places_of,
    quantity_of,
    sentence,
    summary_of,
    what_in,
)
from whygrad.report.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from whygrad.records import Mistake, Prediction, Result

_ALTERNATIVES_SHOWN = 3
_NAMES_SHOWN = 6
_LINES_SHOWN = 3
_CUTS_SHOWN = 4
_PREDICTIONS_SHOWN = 2
_AS_ABOVE = "What is said above of a mistake of this kind holds here too."
_NO_VALUE = re.compile(rf"[^=:|]{{1,40}}[=:|]{NO_VALUE}")


def parts(result: Result, hint: int = 2) -> tuple[Part, ...]:
    """Return what is to be said about ``result`` at hint level 1, 2 or 3; anything else is refused."""
    check_hint(hint)
    if result.functions:
        told = tuple(code_parts(result, hint))
        offer = tuple(part for part in told if part.role == "offer")
        return (*(part for part in told if part.role != "offer"), *_of_numbers_beside(result, hint), *offer)
    tell = {"explained": _explained, "partly": _explained, "right": _right, "unknown": _unknown, "unreadable": _unreadable}[result.verdict]
    return tuple(tell(result, hint))


def _of_numbers_beside(result: Result, hint: int) -> Iterator[Part]:
    """What else the numbers tell that the text shows beside an error: what explains them too, and how sure that is."""
    numbers = replace(result, mistakes=tuple(mistake for mistake in result.mistakes if mistake.confidence is not None))
    if numbers.mistakes:
        yield from _alternatives(numbers, hint)
        yield from _what_is_right(numbers)
        yield Part("fact", _how_sure(numbers), label="How sure of the numbers")
        yield from _what_to_test(numbers)


def _explained(result: Result, hint: int) -> Iterator[Part]:
    several = len(result.mistakes) > 1
    items = tuple(f"{what_in(mistake)}." if hint > 1 else printable(mistake.hints[0]) for mistake in result.mistakes) if several else ()
    yield Part("answer", _first_sentence(result, hint), items=items)
    own_first = sorted(result.mistakes, key=lambda mistake: mistake.function is None)  # a reply has room for few
    for mistake, hints in zip(own_first, hints_once(own_first, hint), strict=True):
        line = f", line {mistake.location.line}" if mistake.location else ""
        label = f"{function_of(mistake)}, {quantity_of(mistake)}{line}" if several else ""
        yield from (Part("hint", text, label) for text in hints or (_AS_ABOVE,) if hint > 1 or not several)
    right = set(result.right)
    if wrong := [label for label in result.unexplained if label not in right]:
        yield Part("fact", f"{by_check(wrong, {}, _NAMES_SHOWN)}.", label="Not explained")
    if spoiled := [label for label in result.unexplained if label in right]:
        was_changed = "was a function changed after one of the checks had printed?"
        yield Part("fact", f"{by_check(spoiled, {}, _NAMES_SHOWN)}; {was_changed}", label="Right, but not with this mistake")
    yield from _alternatives(result, hint)
    if result.would_tell:
        yield _what_would_tell(result)
    yield from _what_is_right(result)
    yield Part("fact", _how_sure(result), label="How sure")
    yield from _what_to_test(result)
    yield from _what_was_read(result)
    if hint < HINTS[-1]:
        added = "what is wrong" if hint == 1 else "what the mathematics asks"
        yield Part("offer", f"--hint {hint + 1} adds {added}.")


def _right(result: Result, _hint: int) -> Iterator[Part]:
    one = result.printed == 1
    program = f"a right program prints {'this' if one else 'these'}"
    key = f" Do not trust the expected number{'' if one else 's'} in the text; the note says why." if result.key_is_wrong else ""
    right = _all_are_right(result)
    yield Part("answer", f"{right[0].upper()}{right[1:]}: {program}.{key}")
    yield from _what_was_read(result)


def _all_are_right(result: Result) -> str:
    read = " that I could read" if result.unread else ""
    numbers = {1: "the one number", 2: "both numbers"}.get(result.printed, f"all {result.printed:,} numbers") + read
    return f"{numbers}{_of_checks(result)} {'is' if result.printed == 1 else 'are'} right"


def _right_but(result: Result) -> tuple[str, str] | None:
    """Where all numbers are right that could be read: what stands against it, and what would help; None where they are not."""
    if result.stopped is not None:
        code = "the code, as a file whose name ends in .py or .ipynb."
        if a_failed_test(result):
            return f"the text also shows `{printable(result.stopped)}`, and does not tell why", code
        lines = f"the lines that the error quotes, or {code}"
        return f"the program stops with `{printable(result.stopped)}`, and this text does not tell why", lines
    if only_in_part(result):
        lost = first_few([printable(label) for label in result.lost], _LINES_SHOWN)
        if no_value(result):
            return f"no number stands behind the printed {lost}", "the code, as a file whose name ends in .py or .ipynb."
        return (
            f"the printed {lost} could not be read",
            "these lines once more, whole, as text that was copied and not typed or read from a picture.",
        )
    return None


def _unknown(result: Result, _hint: int) -> Iterator[Part]:
    if (right_but := _right_but(result)) is not None:
        but, help_ = right_but
        yield Part("answer", f"Unknown: {_all_are_right(result)}, but {but}.")
        yield from _what_is_right(result)
        yield Part("fact", help_, label="What would help")
        yield from _what_was_read(result)
        return
    numbers = "this number" if result.printed == 1 else f"these {result.printed:,} numbers"
    if result.would_tell:
        little = (
            f"Unknown: {numbers}{_of_checks(result)} {'has' if result.printed == 1 else 'have'} too few digits to tell one cause from many."
        )
        yield Part("answer", little)
    elif only_a_shape(result):
        right = f"the number{_of_checks(result)} is" if result.printed == 1 else f"all {result.printed:,} numbers{_of_checks(result)} are"
        shapes = "a shape is" if len(result.unexplained) == 1 else f"{in_words(len(result.unexplained))} shapes are"
        yield Part("answer", f"Unknown: {right} right, but {shapes} not, and no mistake that whygrad knows does just that.")
    else:
        none = "no mistake that whygrad knows" if result.search.complete else "no mistake that was tried"
        cut = "" if result.search.complete else "; the search was cut before its end"
        yield Part("answer", f"Unknown: {none}, alone or with others, explains {numbers}{_of_checks(result)}{cut}.")
    yield from _what_is_right(result)
    if result.right and result.unexplained:
        yield Part("fact", f"{by_check(result.unexplained, {}, _NAMES_SHOWN)}.", label="Wrong")
    tried = f"{counted(result.search.candidates, 'candidate')} tried"
    how_far = "the search went to its end" if result.search.complete else "the search was cut before its end"
    yield Part("fact", f"{tried}, and {how_far}.", label="How far", items=_cuts(result))
    if result.would_tell:
        yield _what_would_tell(result)
    elif only_a_shape(result):
        shapes = first_few(result.unexplained, _LINES_SHOWN)
        yield Part("fact", f"{shapes}, printed after each line that changes it.", label="What would help")
    elif len(set(result.checks)) == 1:
        yield Part("fact", "the numbers of another check of the same notebook, put into the same file.", label="What would help")
    yield from _what_was_read(result)


def _cuts(result: Result) -> tuple[str, ...]:
    """Where the search was cut, of a long list the first few: a learner can do nothing about them."""
    cuts = tuple(printable(cut) for cut in result.search.cuts)
    if len(cuts) <= _CUTS_SHOWN + 1:
        return cuts
    return (*cuts[:_CUTS_SHOWN], f"{len(cuts) - _CUTS_SHOWN} more, which --format json lists")


def a_failed_test(result: Result) -> bool:
    """Whether what stands against right numbers is a test that failed, and no error's own line, which begins with its name."""
    return result.stopped is not None and not begins_with_an_error(result.stopped)


def only_a_shape(result: Result) -> bool:
    """Whether all printed numbers are right and a shape is not."""
    return result.verdict == "unknown" and 0 < result.printed == result.reproduced and bool(result.unexplained)


def only_in_part(result: Result) -> bool:
    """Whether all numbers that could be read are right, and others of the same checks could not be read."""
    return result.verdict == "unknown" and 0 < result.printed == result.reproduced and bool(result.lost) and not result.unexplained


def no_value(result: Result) -> bool:
    """Whether nothing was lost but labels behind which None or nothing is printed."""
    return bool(result.unread) and all(_NO_VALUE.match(line) for line in result.unread)


def _what_would_tell(result: Result) -> Part:
    text = f"{first_few([printable(label) for label in result.would_tell], _LINES_SHOWN)}, printed with all digits."
    return Part("fact", text, label="What would tell")


def _unreadable(result: Result, _hint: int) -> Iterator[Part]:
    yield Part("answer", printable(result.problem or "The input could not be read."))
    yield from _what_was_read(result)


def _first_sentence(result: Result, hint: int) -> str:
    count = len(result.mistakes)
    elsewhere = _elsewhere(result)
    little = "" if _telling(result) else "; but zeros have other causes too, and this is only the likeliest"
    if little and elsewhere:
        little, elsewhere = "; but this is only the likeliest", elsewhere.replace(";", ":", 1)
    if count > 1:
        where = places_of(result.mistakes)
    else:
        where = f"it is {place_of(result.mistakes[0])}" if hint == 1 else what_in(result.mistakes[0])
    rest = result.printed - result.reproduced
    left = f"; the other {'number is' if rest == 1 else f'{rest:,} numbers are'} not explained" if rest else ""
    return f"{_who_explains(result)} {_numbers(result)}{_of_runs(result)}: {where}{little}{elsewhere}{left}."


def _who_explains(result: Result) -> str:
    """``Two mistakes together explain``; a check that does something else is none of the functions' mistakes, and is not counted."""
    own = sum(mistake.function is not None for mistake in result.mistakes)
    beside = " and the notebook's own check" if 0 < own < len(result.mistakes) else ""
    count = own if beside else len(result.mistakes)
    if count == 1 and not beside:
        return "One mistake explains"
    together = "" if _of_runs(result) else " together"
    return f"{in_words(count).capitalize()} mistake{'' if count == 1 else 's'}{beside}{together} explain"


def _of_runs(result: Result) -> str:
    """Where a check stands more than once in a text, the mistakes are those of several programs."""
    return "" if len(set(result.checks)) == len(result.checks) else " of several runs (the note says which is in which)"


def _telling(result: Result) -> bool:
    """Whether the numbers hold more than zeros, or nothing is said about that."""
    known = [mistake.confidence for mistake in result.mistakes if mistake.confidence is not None]
    return not known or any(not confidence.telling or confidence.log10_chance < 0 for confidence in known)


def _numbers(result: Result) -> str:
    if result.reproduced < result.printed:
        return f"{result.reproduced:,} of {counted(result.printed, 'number')}"
    return {1: "the one number", 2: "both numbers"}.get(result.printed, f"all {result.printed:,} numbers")


def _elsewhere(result: Result) -> str:
    """The alternatives that blame other functions; they belong into the first sentence."""
    blamed = functions_of(result.mistakes)
    others = dict.fromkeys(functions_of(alternative.mistakes) for alternative in result.alternatives)
    sets = [f"{listed(functions)}{_beside(functions, blamed)}" for functions in others if set(functions) != set(blamed)]
    if not sets:
        return ""
    named = listed(sets, "or") if len(sets) <= _ALTERNATIVES_SHOWN else f"{', '.join(sets[:_ALTERNATIVES_SHOWN])} or elsewhere"
    return f"; the same numbers can also come from {named}"


def _beside(functions: Sequence[str], blamed: Sequence[str]) -> str:
    """What keeps an explanation's functions apart from those of the first one, if some are in both, and from those of the next."""
    if set(functions) < set(blamed):
        return " alone"
    return " together" if len(functions) > 1 else ""


def _alternatives(result: Result, hint: int) -> Iterator[Part]:
    told = summary_of(result.mistakes, hint)
    others = {text: other.mistakes for other in result.alternatives if (text := summary_of(other.mistakes, hint)) != told}
    lines = tuple((change_of(result.mistakes, mistakes) if hint > 1 else "") or text for text, mistakes in others.items())
    if not lines:
        return
    more = len(lines) - _ALTERNATIVES_SHOWN
    shown = (*lines[:_ALTERNATIVES_SHOWN], f"and {more:,} more") if more > 1 else lines
    head = "Another explanation prints" if len(lines) == 1 else f"{in_words(len(lines)).capitalize()} other explanations print"
    yield Part("fact", f"{head} the same numbers:", items=shown)
    probe = next((prediction for prediction in result.predictions if prediction.alternative is not None), None)
    if probe is not None:
        first, other = printable(probe.value), printable(probe.alternative or "")
        yield Part(
            "fact",
            f"the {probe.check} check prints {_entry(probe)} {first} by the first explanation, {other} by the next.",
            label="What tells them apart",
        )


def _what_to_test(result: Result) -> Iterator[Part]:
    plain = [prediction for prediction in result.predictions if prediction.alternative is None or not result.alternatives]
    if plain:
        shown = plain[:_PREDICTIONS_SHOWN]
        tests = [
            f"the {check} check prints {listed([f'{_entry(one)} {printable(one.value)}' for one in shown if one.check == check])}"
            for check in dict.fromkeys(prediction.check for prediction in shown)
        ]
        yield Part("fact", f"if so, {listed(tests)}.", label="Test it")


def _entry(prediction: Prediction) -> str:
    return f"{printable(prediction.label)} ="


def _what_is_right(result: Result) -> Iterator[Part]:
    if result.exonerated:
        yield Part("fact", f"{listed(result.exonerated)}.", label="Right as far as these numbers tell")
    spoiled = result.unexplained if result.verdict == "partly" else ()
    if right := [label for label in result.right if label not in spoiled]:
        whole = Counter(label.partition(" of ")[2] for label in right if result.verdict == "unknown")  # else some are explained, not right
        del whole[""]
        for label in result.unexplained:
            whole.pop(label.partition(" of ")[2], None)
        yield Part("fact", f"{by_check(right, whole, _NAMES_SHOWN)}.", label="Right numbers")


def _how_sure(result: Result) -> str:
    matched = f"{result.reproduced:,} of {counted(result.printed, 'number')} to the last printed digit"
    tried = f"{counted(result.search.candidates, 'candidate')} tried"
    cut = "" if result.search.complete else " (the search was cut before its end)"
    return f"{matched}, {tried}{cut}, {_coincidence(result.mistakes)}."


_HARDLY = -2.0
"""What agrees by accident more than once in a hundred such searches is told with a doubt."""


def _coincidence(mistakes: Sequence[Mistake]) -> str:
    """The weakest of the mistakes decides how sure the whole answer is."""
    chances = [mistake.confidence.log10_chance for mistake in mistakes if mistake.confidence is not None]
    known = [chance for chance in chances if not math.isnan(chance)]
    if not known:
        return "chance of a coincidence not known"
    worst = max(known)
    if not any(mistake.confidence.telling for mistake in mistakes if mistake.confidence is not None):
        return "and only the shape of what is printed tells it from a right program"
    if worst > _HARDLY:
        return "but so few digits can agree by coincidence"
    if worst == -math.inf:
        return "no chance of a coincidence"
    return f"chance of a coincidence below 1 in 10^{math.floor(-worst)}"


def _what_was_read(result: Result) -> Iterator[Part]:
    yield from (Part("fact", sentence(note), label="Note") for note in result.notes)
    if result.unread:
        shown = tuple(printable(line) for line in result.unread[:_LINES_SHOWN])
        more = len(result.unread) - len(shown)
        after = f", here the first {len(shown)}" if more else ""
        yield Part("fact", f"{counted(len(result.unread), 'line')}, left out{after}:", label="Not read", items=shown, quoted=True)
    if result.printed:
        version = f" (version: {printable(result.version)})" if result.version else ""
        yield Part("fact", f"{counted(result.printed, 'number')}{_of_checks(result)}{version}.", label="Read")


def _of_checks(result: Result) -> str:
    return f" of {listed(tuple(dict.fromkeys(result.checks)))}" if result.checks else ""
