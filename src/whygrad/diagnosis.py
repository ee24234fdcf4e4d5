"""What ``diagnose`` hands back: the record of what was found, which shows itself as text, in a notebook, as a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from whygrad.report import markdown, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from whygrad.records import Explanation, Mistake, Prediction, Result, Verdict
    from whygrad.report.own_texts import OwnText


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was found, and the ways to show it.

    ``hint`` is 1 (where), 2 (what is wrong) or 3 (what the mathematics asks): the level at which ``print`` and a notebook show it.
    """

    result: Result
    hint: int = 2

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

    def in_words(self, texts: Mapping[str, OwnText]) -> Diagnosis:
        """The same in a mentor's own words, where there are any for a mistake's id."""
        from whygrad.report.own_texts import with_texts  # noqa: PLC0415 - seldom asked for

        return Diagnosis(with_texts(self.result, texts), self.hint)

    def __str__(self) -> str:
        """Plain text at the level ``hint``."""
        return self.to_text(self.hint)

    def _repr_html_(self) -> str:
        """How a notebook shows it."""
        from whygrad.report.html.page import to_fragment  # noqa: PLC0415 - its library is loaded only where it is used

        return to_fragment(self.result, self.hint)

    def _repr_markdown_(self) -> str:
        """How a notebook shows it that knows no HTML."""
        return self.to_markdown(self.hint)

    def _repr_pretty_(self, printer: Any, _: bool) -> None:  # noqa: ANN401, FBT001 - IPython's own, called by position
        """How a terminal of IPython shows it."""
        printer.text(str(self))

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

    def to_github(self, hint: int = 2) -> str:
        """Annotations of GitHub's workflows, one line a mistake."""
        from whygrad.report.github import to_github  # noqa: PLC0415 - seldom asked for

        return to_github(self.result, hint)

    def to_html(self, hint: int = 2, title: str = "", *, above: bool = True) -> str:
        """A whole page without script that needs nothing else; without ``above`` it holds no hint of a higher level."""
        from whygrad.report.html.page import to_html  # noqa: PLC0415 - its library is loaded only where it is used

        return to_html(self.result, hint, title, above=above)
