"""The main path: a text or a file goes in, a diagnosis comes out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_cache_path

from whygrad import from_numbers, read
from whygrad.report import markdown, text

if TYPE_CHECKING:
    from whygrad.records import Explanation, Mistake, Prediction, Result, Verdict


def diagnose(source: str | Path) -> Diagnosis:
    """Say which mistake printed the numbers in ``source``.

    Args:
        source: the text itself as a ``str``, or a file with the text as a ``pathlib.Path``.

    Raises:
        UsageError: the file is not there.
        UnreadableError: the text or the file holds nothing that can be read.
    """
    if isinstance(source, Path):
        return diagnose_text(read.read_path(source), str(source))
    return diagnose_text(source, "the text")


def diagnose_text(content: str, source: str) -> Diagnosis:
    """Like ``diagnose``, for a text that came from ``source``, the name for it in messages."""
    well_formed = content.encode("utf-8", "replace").decode("utf-8")
    reading = read.read_text(well_formed, source)
    return Diagnosis(from_numbers.explain(reading, user_cache_path("whygrad")))


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was found, as a record, and the ways to show it. ``hint`` is 1 (where), 2 (what is wrong) or 3 (what the mathematics asks)."""

    result: Result

    @property
    def verdict(self) -> Verdict:
        """``explained``, ``right``, ``partly`` or ``unknown``."""
        return self.result.verdict

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """The first explanation: mistakes made together."""
        return self.result.mistakes

    @property
    def alternatives(self) -> tuple[Explanation, ...]:
        """Other explanations that print the same numbers."""
        return self.result.alternatives

    @property
    def predictions(self) -> tuple[Prediction, ...]:
        """What other entries or checks print if the first explanation is right."""
        return self.result.predictions

    @property
    def exonerated(self) -> tuple[str, ...]:
        """Functions in which no shortest explanation has a mistake."""
        return self.result.exonerated

    def __str__(self) -> str:
        """Plain text at hint level 2."""
        return self.to_text()

    def to_text(self, hint: int = 2) -> str:
        """Plain text."""
        return text.to_text(self.result, hint)

    def to_json(self) -> str:
        """The JSON document ``whygrad/diagnosis/1``, with all three hints."""
        from whygrad.report.json import to_json  # noqa: PLC0415 - its library is loaded only where it is used

        return to_json(self.result)

    def to_markdown(self, hint: int = 2) -> str:
        """A reply that can be pasted into a forum."""
        return markdown.to_markdown(self.result, hint)
