"""A text that holds printed numbers and whole functions: what each of them tells, in one answer."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from whygrad.assignments import ASSIGNMENTS, SEQUENCE_MODELS
from whygrad.from_code.text.unknown_names import unknown_name
from whygrad.from_code.verdict.saved import agrees
from whygrad.mistakes.words import listed
from whygrad.records import Explanation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from whygrad.from_numbers.answer.readings import Answer
    from whygrad.from_numbers.candidates.as_shown import Shown
    from whygrad.read.source import Source
    from whygrad.records import FunctionVerdict, Mistake, Reading, Result

_TOO = "the numbers in the text were looked at too, and {}"
_NOT_EXPLAINED = "not all are explained by mistakes that whygrad knows"
_ALL_RIGHT = "are right as far as they go"
_IN_PART = ", but {:,} are where this is wrong: {}"
_OR_BEFORE = "; but if another version of {} printed these numbers, a mistake in it explains them too"
_BLANK = "of {} the text holds a version with gaps, which was left out: the numbers come of other functions"
_SILENT = "of {} the text holds another version than the one that printed these numbers: as it stands there {}"
IN_OWN_LAYOUT = (
    "the code was run as if the functions that the text does not show packed the cache, and named the gradients, as those that it shows "
    "take them"
)
_JUDGED = frozenset(("right", "wrong", "raises", "blank"))


def printed_by(code: Result, reading: Reading) -> Result | None:
    """What is answered where the functions in the text are wrong, and print all numbers that it shows; None where that is not so.

    Where those that are wrong print none of them, the numbers are right; and nobody who shows such is told of what is left blank elsewhere.
    """
    if not code.mistakes or not 0 < code.reproduced == code.printed:
        return None
    checks = {block.check for one in (reading, *reading.alternatives) for block in one.blocks}
    if _functions(code.mistakes).isdisjoint(_that_print(reading.assignment, checks)):
        blank = {one.function for one in code.functions if one.verdict == "blank"}
        return None if _functions(code.mistakes) <= blank else with_note(code, _TOO.format(_ALL_RIGHT))
    numbers = {1: "the one number", 2: "both numbers"}.get(code.printed, f"all {code.printed:,} numbers")
    return with_note(code, f"the code prints {numbers} that the text shows")


def cut_out(code: Result, written: Source) -> set[str]:
    """The functions that raise where what they need may have been left out of the text: another method, or a helper of theirs."""
    own, raising = SEQUENCE_MODELS.vocabulary, {one.function for one in code.functions if one.verdict == "raises"}
    there = {*own.roles, *own.words, *(name for piece in written.pieces for name in piece.names)}
    lacking = {name for piece in written.pieces if raising & {*piece.names} and unknown_name(piece.text, there) for name in piece.names}
    return raising & {*written.methods, *lacking}


def together(answer: Answer, code: Result, shown: Shown) -> Result:
    """What is answered where the functions ``shown`` in the text were judged too: from the ``answer`` of the numbers and that of the code.

    The numbers tell of all functions, the code of its own and with the line. These agree where what the numbers say is ``as_shown``: with
    that in the other functions, those in the text print all numbers. A function that is right as it stands in the text explains no wrong
    number, as long as another does. Of versions, and of how many numbers the code prints, only what the experiment has shown is told.
    """
    numbers = answer.result
    prints = _that_print(numbers.assignment, numbers.checks)
    judged = [one for one in code.functions if one.function in shown.functions and one.verdict in _JUDGED]
    blank = [one.function for one in judged if one.verdict == "blank" and one.function not in prints]
    judged = [one for one in judged if one.function not in blank]
    could = code.functions if numbers.verdict == "right" else judged  # also what may have been left out is none of what printed these
    silent = [one.function for one in could if one.function in prints and _prints_nothing(one, code, shown, numbers)]
    blamed = _functions(numbers.mistakes) if answer.as_shown else set[str]()  # by the experiment, though right alone: another cache
    right = {one.function: one.verdict == "right" for one in judged if one.function not in silent}
    right = {name: one for name, one in right.items() if not (one and name in blamed)}
    ran = bool(shown.beside([block for block in answer.reading.blocks if not block.earlier]))
    wrong = _functions(code.mistakes) - {*silent}
    good = {name for name, one in right.items() if one}
    if blank:
        numbers = with_note(numbers, _BLANK.format(listed(blank)))
    if silent:
        partly, one = any(_comes_to_print(name, code, shown, numbers) for name in silent), len(silent) == 1
        it, does, prints_it = ("it", "does", "prints") if one else ("they", "do", "print")
        says = f"{it} {does} not print all of them" if partly else f"{it} {prints_it} nothing"
        numbers = with_note(numbers, _SILENT.format(listed(silent), says) + _why([one for one in could if one.function in silent]))
    if numbers.verdict != "explained" and not wrong.isdisjoint(prints):
        all_right = numbers.verdict == "right" or all(own.all() for family in answer.families for own in family.right)
        return with_note(code, _TOO.format(_ALL_RIGHT if all_right else _in_part(answer, shown, ran=ran)))
    if not right:
        return numbers
    if numbers.verdict != "explained":
        return with_note(numbers, _of_the_code(right))
    numbers, possible = _without(good, numbers)
    numbers = replace(numbers, exonerated=tuple(name for name in numbers.exonerated if right.get(name, True)))
    of_them = not wrong.isdisjoint(prints & right.keys())
    if answer.as_shown:
        numbers = replace(numbers, mistakes=_with_lines(numbers.mistakes, code.mistakes))
    note = _of_the_code(right, code.mistakes, refuted=ran and (not possible or (of_them and not answer.as_shown)))
    if of_them and answer.as_shown and all(one.function for one in numbers.mistakes):  # else it is another check that printed them
        note += f"; {_so_many(*_print(answer, shown))}, and with the others as they are told here all of them"
    if before := sorted(good & answer.or_before):
        note += _OR_BEFORE.format(listed(before))
    return with_note(numbers, note)


def _in_part(answer: Answer, shown: Shown, *, ran: bool) -> str:
    """What is said of numbers that are not all explained, beside a wrong function that prints some of them."""
    count, of = _print(answer, shown)
    counted = f"; {_so_many(count, of)}" if ran and count else ""  # none: of another check, it may be
    told = [one for one in answer.result.mistakes if one.function not in {None, *shown.functions}]
    others = "; ".join(f"in {one.function}, {one.says.rstrip('.')}" for one in told)
    in_part = _IN_PART.format(answer.result.reproduced, others) if others and ran and _of_the_same(answer, shown) else ""
    return f"{_NOT_EXPLAINED}{in_part}{counted}"


def _without(good: AbstractSet[str], numbers: Result) -> tuple[Result, bool]:
    """What the numbers tell by the first explanation that blames none of these functions, and whether there is one."""
    explained = [Explanation(numbers.mistakes, numbers.reproduced, 0), *numbers.alternatives]
    possible = [one for one in explained if good.isdisjoint(_functions(one.mistakes))]
    if not possible or possible[0] is explained[0]:
        return numbers, bool(possible)
    sure = numbers.mistakes[0].confidence  # of how well all of these numbers agree, by whichever explanation
    first = tuple(replace(one, confidence=sure) for one in possible[0].mistakes)
    return replace(numbers, mistakes=first, alternatives=tuple(possible[1:]), predictions=(), errors=()), True


def _of_the_same(answer: Answer, shown: Shown) -> bool:
    """Whether what the numbers tell says of the functions in the text what these do."""
    families, own = [family for family in answer.families if not family.earlier], ASSIGNMENTS[answer.reading.assignment]
    return all(shown.do(own, family.best[0], [target.block for target in family.targets]) for family in families)


def _with_lines(mistakes: Sequence[Mistake], of_code: Sequence[Mistake]) -> tuple[Mistake, ...]:
    """The mistakes that the numbers tell, with the line where the code tells one of the function and the numbers one too."""
    told, lines = (Counter(one.function for one in some) for some in (mistakes, of_code))
    own = {one.function: one for one in of_code if one.location is not None and told[one.function] == lines[one.function] == 1}
    pairs = [(one, own.get(one.function, one)) for one in mistakes]
    return tuple(replace(one, location=other.location, proved=other.proved, proof=other.proof) for one, other in pairs)


def _print(answer: Answer, shown: Shown) -> tuple[int, int]:
    """How many numbers the functions in the text print as they are, in the checks as which the numbers are read, and of how many."""
    last = list({block.check: block for block in answer.reading.blocks if not block.earlier}.values())
    pairs = [pair for block, now in zip(last, shown.beside(last), strict=False) for pair in zip(block.numbers, now.numbers, strict=False)]
    return sum(agrees(number, now.low) for number, now in pairs), sum(len(block.numbers) for block in last)


def _so_many(count: int, of: int) -> str:
    return f"among right functions the code prints {f'{count:,} of the {of:,}' if count else 'none of the'} numbers"


def _that_print(assignment: str | None, checks: Iterable[str]) -> set[str]:
    """The functions from which the numbers of these checks come."""
    own = ASSIGNMENTS.get(assignment or "")
    return {function for check in checks for function in own.chain(check)} if own else set()


def _prints_nothing(verdict: FunctionVerdict, code: Result, shown: Shown, numbers: Result) -> bool:
    """Whether no check with this function comes to a number of those shown: what was left blank, or cut out by a moderator, prints none.

    Nor does one with a blank print all of them where they are right. What raises and is whole is judged as it stands, where they are that.
    """
    broken = {one.id for one in code.mistakes if one.function == verdict.function}
    if verdict.verdict not in {"raises", "blank"}:
        return not code.reproduced and verdict.function.endswith("backward") and "returned-otherwise" in broken
    if numbers.verdict != "explained" and verdict.function in shown.whole:
        return False
    if numbers.verdict == "right" and verdict.verdict == "blank" and code.reproduced < code.printed:
        return True
    return not _comes_to_print(verdict.function, code, shown, numbers)


def _comes_to_print(function: str, code: Result, shown: Shown, numbers: Result) -> bool:
    """Whether one of the numbers' checks with this function comes to one of them."""
    through = {check for check in numbers.checks if function in _that_print(numbers.assignment, [check])}
    return code.reproduced > 0 and (not shown.now or not through.isdisjoint(block.check for block in shown.now))


def _why(silent: Sequence[FunctionVerdict]) -> str:
    """Where those of the functions that raise do so; what Python says there may hold the sizes of whygrad's own inputs."""
    raising = [(one.function, one.says.partition(":")[0]) for one in silent if one.verdict == "raises"]
    return f", for {listed([f'{name} {says}' for name, says in raising])}" if raising else ""


def _functions(mistakes: Iterable[Mistake]) -> set[str]:
    return {one.function for one in mistakes if one.function is not None}


def _of_the_code(right: Mapping[str, bool], mistakes: Iterable[Mistake] = (), *, refuted: bool = False) -> str:
    """What is said of the code beside what the numbers tell."""
    good, bad = [name for name, one in right.items() if one], [name for name, one in right.items() if not one]
    lines = [f"line {one.location.line}" for one in mistakes if one.function in bad and one.location is not None]
    says = [f"{listed(good)} {'is' if len(good) == 1 else 'are'} right"] if good else []
    says += [f"{listed(bad)} {'is' if len(bad) == 1 else 'are'} wrong{f' (look at {listed(lines)})' if lines else ''}"] if bad else []
    other = "; so another version of it seems to have printed these numbers" if refuted else ""
    return f"the code in the text was run too: {', and '.join(says)}{other}"


def with_note(result: Result, note: str) -> Result:
    """The result, with one more note."""
    return replace(result, notes=(*result.notes, note))
