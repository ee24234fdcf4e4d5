"""Sizes that are told are those of whygrad's own inputs; sizes that are written into a line are the notebook's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from whygrad.from_code.reference.inputs import COURSE_SIZES, SIZE_NAMES
from whygrad.mistakes.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from whygrad.from_code.reference.inputs import Sizes
    from whygrad.from_code.verdict.trials import Trials
    from whygrad.records import Mistake

_TELLS_SIZES = re.compile(r"\(\d+,|\bsize \d|\d steps|\b(?:is|are|axis|index) \d")
_SIZES = "|".join(map(str, COURSE_SIZES))
_SIZE_WRITTEN = re.compile(rf"(?<![\w.[])(?<!\*\*)(?<!\*\* )(?:{_SIZES})(?![\w.])|\[(?:{_SIZES}):")
"""A number that is one of the notebook's sizes, and does not count the entries of something, nor is an exponent."""
_CUT = re.compile(rf"\[(?:{_SIZES}):|\[:(?:{_SIZES}),")


def of_own_inputs(trials: Trials, mistakes: Iterable[Mistake]) -> tuple[str, ...]:
    """What the learner has to know who looks for the sizes of a sentence in the notebook; nothing where no sentence tells any."""
    told = [trials.failed(mistake.function or "") for mistake in mistakes if _TELLS_SIZES.search(mistake.says)]
    numbers = {int(trials.alone(failed.case.function) is not failed) for failed in told if failed is not None}
    if not numbers:
        return ()
    inputs = " or ".join(_in_words(trials.sizes[number]) for number in sorted(numbers))
    return (f"the sizes told here are those of whygrad's own inputs, with {inputs}",)


def writes_a_size(mistake: Mistake) -> bool:
    """Whether one of the notebook's sizes may be written as a number into the line that is told."""
    return mistake.location is not None and _SIZE_WRITTEN.search(mistake.location.text) is not None


def cuts_at_a_size(mistake: Mistake) -> bool:
    """Whether the line that is told cuts an array at such a number."""
    return mistake.location is not None and _CUT.search(mistake.location.text) is not None


def _in_words(sizes: Sizes) -> str:
    steps, of_upstream = sizes[-2:]
    shorter = f" ({of_upstream} in da, and in an RNN)" if of_upstream < steps else ""
    return f"{listed(f'{name} = {size}' for name, size in zip(SIZE_NAMES, sizes, strict=False))} steps{shorter}"
