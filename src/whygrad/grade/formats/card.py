"""A submission's report card: what every course system wants to know, before it is put into its words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from whygrad.grade.pages import slug, title
from whygrad.report.code_parts import place, sentences
from whygrad.report.json import from_json
from whygrad.report.parts import parts
from whygrad.report.phrases import counted
from whygrad.report.printable import printable

if TYPE_CHECKING:
    from whygrad.grade.records import Line, Status
    from whygrad.records import FunctionVerdict, Result

_Outcome = Literal["passed", "failed", "skipped"]
_OUTCOMES: dict[str, _Outcome] = {"right": "passed", "missing": "skipped", "not reached": "skipped"}
NUMBERS = "the printed numbers"


@dataclass(frozen=True, slots=True)
class Test:
    """One function, or the printed numbers: whether it is right, and if not what is said about it at the chosen level of hints."""

    name: str
    outcome: _Outcome
    says: str
    kind: str
    """The verdict, for machines: "right", "wrong", "raises", "blank", "missing", "not reached", "unknown"."""


@dataclass(frozen=True, slots=True)
class Card:
    """One submission. ``problem`` says why it could not be run, and then there are no tests; else it is empty."""

    name: str
    title: str
    status: Status
    seconds: float
    tests: tuple[Test, ...]
    problem: str

    @property
    def passed(self) -> int:
        """How many tests passed."""
        return sum(test.outcome == "passed" for test in self.tests)

    @property
    def score(self) -> float:
        """The part of the tests that passed, from 0 to 1."""
        return self.passed / len(self.tests) if self.tests else 0.0

    @property
    def says(self) -> str:
        """One sentence about the whole."""
        if self.status == "could not be run":
            return f"This submission could not be run, so nothing in it was judged. {self.problem}"
        if self.tests[0].name == NUMBERS:
            return self.tests[0].says
        return f"{self.passed} of {counted(len(self.tests), 'function')} {'is' if self.passed == 1 else 'are'} right."


def card(line: Line, hint: int) -> Card:
    """The report card of a line, with what a level of hints may say."""
    result = from_json(bytes(line.diagnosis))
    head = slug(line.path), title(line.path), line.status, line.seconds
    if line.status == "could not be run":
        return Card(*head, (), printable(result.problem or ""))
    if not result.functions:
        says = " ".join(part.text for part in parts(result, hint) if part.role in {"answer", "hint"})
        test = Test(NUMBERS, "passed" if result.verdict == "right" else "failed", says, result.verdict)
        return Card(*head, (test,), "")
    return Card(*head, tuple(_test(verdict, result, hint) for verdict in result.functions), "")


def _test(verdict: FunctionVerdict, result: Result, hint: int) -> Test:
    says = [
        (f"{place(mistake.location)}: " if mistake.location else "") + " ".join(sentences(mistake, hint))
        for mistake in result.mistakes
        if mistake.function == verdict.function
    ]
    if not says and hint > 1:
        says = [f"{verdict.function} {printable(verdict.says).rstrip('.')}."]
    return Test(
        verdict.function,
        _OUTCOMES.get(verdict.verdict, "failed"),
        "\n".join(says) or f"{verdict.function}: {verdict.verdict}.",
        verdict.verdict,
    )
