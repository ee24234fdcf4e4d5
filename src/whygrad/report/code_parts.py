"""What a report on code says: the first thing to mend, each mistake with its line, and a small table of the functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whygrad.report.part import HINTS, Part
from whygrad.report.phrases import counted, in_words, joined
from whygrad.report.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whygrad.records import FunctionVerdict, Location, Mistake, Result

_KNOWN = {
    "proved": "put right at this line alone, everything after it comes right",
    "located": "it happens at this line, and could not be proved",
    "contract": "",
}


def code_parts(result: Result, hint: int) -> Iterator[Part]:
    """The parts of a report on code."""
    yield Part("answer", _answer(result, hint))
    for mistake in result.mistakes:
        yield from _mistake(mistake, hint)
    yield Part("fact", "", label="The functions", items=tuple(_row(verdict) for verdict in result.functions))
    yield from (Part("fact", f"{printable(note).rstrip('.')}.", label="Note") for note in result.notes)
    if result.sandbox is not None:
        yield Part("fact", f"{counted(result.search.candidates, 'run')}, in {result.sandbox.tier}.", label="How it was run")
    if result.mistakes and hint < HINTS[-1]:
        added = "what is wrong" if hint == 1 else "what the mathematics asks"
        yield Part("offer", f"--hint {hint + 1} adds {added}.")


def _answer(result: Result, hint: int) -> str:
    right = [verdict.function for verdict in result.functions if verdict.verdict == "right"]
    if result.verdict == "right":
        return f"{joined(right)} {'is' if len(right) == 1 else 'are'} right."
    bad = [verdict for verdict in result.functions if verdict.verdict in {"wrong", "raises", "blank"}]
    if not bad:
        return "Unknown: none of the functions could be judged."
    if not result.mistakes:
        return (
            f"{joined([verdict.function for verdict in bad])} {'is' if len(bad) == 1 else 'are'} not right, but I cannot say at which line."
        )
    first = result.mistakes[0]
    count = len(result.mistakes)
    where = f" ({place(first.location)})" if first.location is not None else ""
    what = f": {_says(first)}" if hint > 1 else ""
    if count == 1:
        return f"One mistake, in {first.function}{where}{what}."
    return f"{in_words(count).capitalize()} mistakes. The first to mend is in {first.function}{where}{what}."


def _says(mistake: Mistake) -> str:
    return printable(mistake.says).rstrip(".")


def place(location: Location) -> str:
    """``cell 4, line 12``, or ``line 12`` where there are no cells."""
    return f"line {location.line}" if location.cell is None else f"cell {location.cell}, line {location.line}"


def _mistake(mistake: Mistake, hint: int) -> Iterator[Part]:
    if mistake.location is not None:
        label = f"{mistake.function}, {place(mistake.location)}"
        yield Part("fact", "", label=label, items=(printable(mistake.location.text),), quoted=True)
    known = _KNOWN[mistake.proof or "contract"]
    texts = mistake.hints[:1] if hint == 1 else mistake.hints[1:hint]
    for text in texts:
        yield Part("hint", printable(text))
    if known and hint > 1:
        yield Part("fact", f"{known}.", label="How sure")


def _row(verdict: FunctionVerdict) -> str:
    return f"{verdict.function}: {verdict.verdict}" + ("" if verdict.verdict == "right" else f", {printable(verdict.says)}")
