"""A submission's report card: what every course system wants to know, before it is put into its words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from whygrad.grade.pages import slug, title
from whygrad.mistakes.words import counted, listed
from whygrad.report.code_parts import place, sentences
from whygrad.report.json import from_json
from whygrad.report.parts import parts
from whygrad.report.printable import printable

if TYPE_CHECKING:
    from whygrad.grade.records import Line, Status
    from whygrad.records import FunctionVerdict, Result

_Outcome = Literal["passed", "failed", "skipped"]
NUMBERS, IN_PART, NOT_JUDGED, MISSING = "the printed numbers", "in part", "not reached", "missing"
_OUTCOMES: dict[str, _Outcome] = {"right": "passed", MISSING: "skipped", NOT_JUDGED: "skipped"}


@dataclass(frozen=True, slots=True)
class Test:
    """One function, or the printed numbers: whether it is right, and if not what is said about it at the chosen level of hints."""

    name: str
    outcome: _Outcome
    says: str
    kind: str
    """The verdict, for machines: "right", "wrong", "raises", "blank", "missing", "not reached", "unknown", "in part"."""
    share: float = 1.0
    """The part of the numbers that is there."""

    @property
    def points(self) -> float:
        """From 0 to 1, whole where it can be; right numbers count for their part of what a check prints."""
        if self.outcome != "passed" and self.kind != IN_PART:
            return 0
        return round(self.share, 4) if self.share < 1 else 1


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
        return sum(test.points for test in self.tests) / len(self.tests) if self.tests else 0.0

    @property
    def says(self) -> str:
        """One sentence about the whole."""
        if self.status == "could not be run":
            return f"This submission could not be run, so nothing in it was judged. {self.problem}"
        if self.tests[0].name == NUMBERS:
            return self.tests[0].says
        says = f"{self.passed} of {counted(len(self.tests), 'function')} {'is' if 1 in {self.passed, len(self.tests)} else 'are'} right."
        if missing := sum(test.kind == MISSING for test in self.tests):
            says = f"{says[:-1]}, {missing} {'is' if missing == 1 else 'are'} not there."
        unjudged = [test.name for test in self.tests if test.kind == NOT_JUDGED]
        return f"{says} {listed(unjudged)} could not be judged, which does not say that anything is wrong there." if unjudged else says


def card(line: Line, hint: int) -> Card:
    """The report card of a line, with what a level of hints may say."""
    result = from_json(bytes(line.diagnosis))
    head = slug(line.path), title(line.path), line.status, line.seconds
    if line.status == "could not be run":
        return Card(*head, (), printable(result.problem or ""))
    if not result.functions:
        return Card(*head, (_of_numbers(line, result, hint),), "")
    return Card(*head, tuple(_test(verdict, result, hint) for verdict in result.functions), "")


def _of_numbers(line: Line, result: Result, hint: int) -> Test:
    says = " ".join(part.text for part in parts(result, hint) if part.role in {"answer", "hint"})
    if line.status != "right":
        return Test(NUMBERS, "failed", says, result.verdict)
    found = line.numbers
    if found is None or found.share == 1:
        return Test(NUMBERS, "passed", says, "right")
    checks = f"{' and '.join(found.checks)} {'prints' if len(found.checks) == 1 else 'print'}"
    says += f" That is {found.there} of the {counted(found.asked, 'gradient')} that {checks}; of the others nothing is known."
    return Test(NUMBERS, "skipped", says, IN_PART, found.share)


def _test(verdict: FunctionVerdict, result: Result, hint: int) -> Test:
    says = [
        (f"{place(mistake.location)}: " if mistake.location else "") + " ".join(sentences(mistake, hint))
        for mistake in result.mistakes
        if mistake.function == verdict.function
    ]
    if verdict.verdict == NOT_JUDGED:
        why = f": it {printable(verdict.says).rstrip('.')}" if hint > 1 else ""
        says = [f"{verdict.function} could not be judged{why}."]
    elif not says and hint > 1:
        says = [f"{verdict.function} {printable(verdict.says).rstrip('.')}."]
    return Test(
        verdict.function,
        _OUTCOMES.get(verdict.verdict, "failed"),
        "\n".join(says) or f"{verdict.function}: {verdict.verdict}.",
        verdict.verdict,
    )
