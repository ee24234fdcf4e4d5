"""The one place where the benchmark of code meets ``whygrad``: what is said of a program, in the few facts that are counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from whygrad.from_code.examine import examine
from whygrad.from_code.reference.parts import PARTS
from whygrad.from_code.verdict.isolate import verdicts
from whygrad.read.pieces import Cell, collect
from whygrad.read.source import Origin, Source
from whygrad.sandbox.harness import Harness

if TYPE_CHECKING:
    from whygrad.from_code.reference.inputs import Sizes

NOT_WRONG = {"right", "missing"}


@dataclass(frozen=True)
class Said:
    """One finding: its function, its line in the program from 1, its mistake's id, and what stands behind it.

    ``proof`` is "proved", "located" where a line is only located, or "contract": a sentence (it raises, a blank) that needs no proof.
    """

    function: str | None
    line: int | None
    id: str | None
    proof: str | None


@dataclass(frozen=True)
class Answer:
    """The functions that are called anything but right, and the findings, the first to be mended first."""

    wrong: frozenset[str]
    findings: tuple[Said, ...] = ()


def examined(text: str) -> Answer:
    """What whygrad says of the program, run in this process."""
    source = _source(text)
    result = examine(source, Harness(source.pieces, PARTS), "in place")
    return Answer(
        frozenset(verdict.function for verdict in result.functions if verdict.verdict not in NOT_WRONG),
        tuple(
            Said(mistake.function, mistake.location.line if mistake.location else None, mistake.id, mistake.proof)
            for mistake in result.mistakes
        ),
    )


def judged(text: str, seed: int) -> Answer:
    """The verdicts alone, on inputs of random sizes, all of them different, drawn from ``seed``."""
    source = _source(text)
    found = verdicts(Harness(source.pieces, PARTS), source.pieces, (_sizes(2 * seed, 1), _sizes(2 * seed + 1, 0)), seed)
    return Answer(frozenset(verdict.function for verdict in found if verdict.verdict not in NOT_WRONG))


def _source(text: str) -> Source:
    return collect("style.py", [Cell(text, Origin("style.py", None, tuple(text.splitlines())))])


def _sizes(seed: int, fewer: int) -> Sizes:
    """The sizes n_x, n_a, m, n_y, T_x, T; so many steps fewer backward than forward."""
    n_x, n_a, m, n_y, steps = (int(size) for size in np.random.default_rng(seed).permutation(range(2, 9))[:5])
    steps = max(3, steps)
    return n_x, n_a, m, n_y, steps, steps - fewer
