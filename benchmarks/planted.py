"""Mistakes planted on purpose: how many are found, and is nothing found where nothing is?

    python benchmarks/planted.py [--most N] [--jobs J] [singles] [pairs] [triples] [spoiled]

*singles*: every operator at every site of the four checks. *pairs*: the operator drawn first, then the edit. *triples*: drawn as often as
people make them. *spoiled*: one digit of one number changed, or all numbers random; none of these may be explained. An edit that changes
no printed number, or that makes the check raise, is counted apart. Found means that the answer reproduces every printed number: it is
then the planted mistake, or one that cannot be told from it by these numbers. What is not found is listed on standard error.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import sys
import time
import warnings
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from startup import machine

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.assignments.assignment import compiled
from whygrad.diagnose import diagnose
from whygrad.from_numbers.programs.edited import edited_lines
from whygrad.from_numbers.programs.variants import Variants

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from whygrad.mistakes import Edit

SEED = 20180131
DRAWN = 2000
VARIANTS = Variants(SEQUENCE_MODELS)
ROUNDING = 1e-12
"""Numbers that differ by less of their size differ by the order of summation only."""
NUMBER = re.compile(r"-?\d+\.\d+")


@dataclass(frozen=True)
class Case:
    """An output to be diagnosed: the text, and the edits that made it (none where it was spoiled afterwards)."""

    check: str
    text: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True)
class Outcome:
    """What whygrad said of a case, and how long it took."""

    case: Case
    full: bool
    functions: bool
    seconds: float


@cache
def edits_of(check: str) -> tuple[Edit, ...]:
    """Every edit of every operator at every line that the check runs, the check's own lines included, each once."""
    return tuple(edit for function in (*SEQUENCE_MODELS.chain(check), f"{check}_check") for edit in VARIANTS.of_function(function))


def gradients(check: str, edits: tuple[Edit, ...]) -> dict[str, Any]:
    """What the check computes with these edits made. May raise anything."""
    changed = edited_lines(SEQUENCE_MODELS, edits)
    if changed is None:
        raise ValueError("two edits of one line")
    return SEQUENCE_MODELS.run_check(check, {function: compiled(lines) for function, lines in changed.items()})


def entries(check: str, edits: tuple[Edit, ...]) -> dict[str, Any] | None:
    """The printed entries by label; None where the check raises."""
    try:
        with warnings.catch_warnings(action="ignore"):
            made = gradients(check, edits)
            return {
                quantity + "".join(f"[{i}]" for i in index): np.asarray(made[quantity][index])
                for quantity, index in SEQUENCE_MODELS.printed[check]
            }
    except Exception:  # noqa: BLE001 - a planted mistake may raise anything
        return None


def text_of(printed: dict[str, Any]) -> str:
    """The entries as the course prints them."""
    lines = []
    for label, value in printed.items():
        quantity, bracket, index = label.partition("[")
        lines.append(
            f'gradients["{quantity}"]{bracket}{index} = {np.array2string(value, precision=8) if value.ndim else repr(float(value))}\n'
        )
    return "".join(lines)


def same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two runs print the same numbers, but for rounding."""
    return all(
        one[label].shape == other[label].shape
        and np.allclose(one[label], other[label], rtol=ROUNDING, atol=1e-9 * ROUNDING, equal_nan=True)
        for label in one
    )


@cache
def right(check: str) -> dict[str, Any]:
    """What right functions print."""
    printed = entries(check, ())
    if printed is None:
        raise AssertionError(check)
    return printed


def planted(check: str, mistakes: Sequence[tuple[Edit, ...]]) -> Case | str:
    """The case that these mistakes make together; ``raises`` or ``no change`` where there is nothing to diagnose.

    Mistakes of which one hides another are no change either: they would be fewer.
    """
    edits = tuple(edit for mistake in mistakes for edit in mistake)
    printed = entries(check, edits)
    if printed is None:
        return "raises"
    fewer = [entries(check, tuple(edit for other in mistakes if other is not mistake for edit in other)) for mistake in mistakes]
    if any(known is not None and same(printed, known) for known in fewer):
        return "no change"
    return Case(check, text_of(printed), edits)


def singles(_: random.Random) -> Iterator[Case | str]:
    """Every edit alone."""
    for check in SEQUENCE_MODELS.printed:
        for edit in edits_of(check):
            yield planted(check, [(edit,)])


def together(draw: Callable[[str], list[tuple[Edit, ...]]], dice: random.Random) -> Iterator[Case | str]:
    """Without end: mistakes of one check that can be made together."""
    while True:
        check = dice.choice(list(SEQUENCE_MODELS.printed))
        mistakes = draw(check)
        if edited_lines(SEQUENCE_MODELS, (edit for mistake in mistakes for edit in mistake)):
            yield planted(check, mistakes)


def pairs(dice: random.Random) -> Iterator[Case | str]:
    """Two edits, the operator drawn first: else the few operators with the most edits would be nearly all."""

    @cache
    def by_operator(check: str) -> dict[str, list[Edit]]:
        return grouped(edits_of(check), lambda edit: edit.operator)

    def draw(check: str) -> list[tuple[Edit, ...]]:
        known = by_operator(check)
        return [(dice.choice(known[dice.choice(list(known))]),) for _ in range(2)]

    return together(draw, dice)


def triples(dice: random.Random) -> Iterator[Case | str]:
    """Three slips, drawn as often as people make them; half of them in one equation, half in all sibling equations alike."""

    @cache
    def slips(check: str) -> tuple[list[list[Edit]], list[float]]:
        found = list(grouped(edits_of(check), lambda edit: f"{edit.function} {edit.slip}").values())
        return found, [10 ** -min(map(VARIANTS.cost, edits)) for edits in found]

    def draw(check: str) -> list[tuple[Edit, ...]]:
        return [tuple(edits) if dice.random() < 1 / 2 else (dice.choice(edits),) for edits in dice.choices(*slips(check), k=3)]

    return together(draw, dice)


def grouped(edits: Iterable[Edit], key: Callable[[Edit], str]) -> dict[str, list[Edit]]:
    """The edits by ``key``, in order."""
    found: dict[str, list[Edit]] = defaultdict(list)
    for edit in edits:
        found[key(edit)].append(edit)
    return found


def spoiled(dice: random.Random) -> Iterator[Case | str]:
    """Without end, by turns: the output of one mistake with one digit changed, and random numbers of the right size."""
    while True:
        check = dice.choice(list(SEQUENCE_MODELS.printed))
        case = planted(check, [(dice.choice(edits_of(check)),)])
        if isinstance(case, Case) and (text := with_a_digit_changed(case.text, dice)):
            yield Case(check, text, ())
        noise = {
            label: value * np.array([dice.gauss() for _ in range(value.size)]).reshape(value.shape) for label, value in right(check).items()
        }
        yield Case(check, text_of(noise), ())


def with_a_digit_changed(text: str, dice: random.Random) -> str | None:
    """The text with one digit of one number changed; None where that changes the number by less than ``ROUNDING`` of its size."""
    numbers = [found for found in NUMBER.finditer(text) if text[found.start() - 1] in " ["]
    if not numbers:
        return None
    number = dice.choice(numbers)
    place = dice.choice([at for at in range(*number.span()) if text[at].isdigit()])
    digit = dice.choice([other for other in "0123456789" if other != text[place]])
    changed = f"{text[:place]}{digit}{text[place + 1 :]}"
    old, new = float(number[0]), float(changed[slice(*number.span())])
    return changed if abs(new - old) >= ROUNDING * abs(old) and old else None


def outcome(case: Case) -> Outcome:
    """Diagnose one case."""
    start = time.perf_counter()
    result = diagnose(case.text).result
    seconds = time.perf_counter() - start
    functions = {None if edit.function.endswith("_check") else edit.function for edit in case.edits}
    answers = [result.mistakes, *(other.mistakes for other in result.alternatives)]
    named = any({mistake.function for mistake in mistakes} == functions for mistakes in answers)
    return Outcome(case, result.verdict in {"explained", "right"} and result.reproduced == result.printed, named, seconds)


def main() -> None:
    """Plant, diagnose and print the table."""
    kinds = {"singles": singles, "pairs": pairs, "triples": triples, "spoiled": spoiled}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kinds", nargs="*", choices=[[], *kinds], metavar="singles, pairs, triples, spoiled")
    parser.add_argument("--most", type=int, help="diagnose at most so many of each kind, the singles drawn at random")
    parser.add_argument("--jobs", type=int, default=1, help="processes side by side (times are longer then)")
    options = parser.parse_args()
    print(f"{machine()}; {options.jobs} at a time\n")
    print("| kind | diagnosed | explained | functions named | median, s | slowest, s | raise | no change |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    with ProcessPoolExecutor(options.jobs) as pool:
        for kind in options.kinds or kinds:
            dice = random.Random(SEED)  # noqa: S311 - a benchmark, repeatable
            made = kinds[kind](dice)
            apart = {"raises": 0, "no change": 0}
            cases: list[Case] = []
            wanted = None if kind == "singles" else options.most or DRAWN
            for case in made:
                if isinstance(case, str):
                    apart[case] += 1
                else:
                    cases.append(case)
                if len(cases) == wanted:
                    break
            if options.most and len(cases) > options.most:
                cases = dice.sample(cases, options.most)
            outcomes = list(pool.map(outcome, cases, chunksize=8))
            full, named = sum(one.full for one in outcomes), sum(one.functions for one in outcomes)
            seconds = [one.seconds for one in outcomes]
            print(
                f"| {kind} | {len(cases)} | {full} ({100 * full / len(cases):.1f} %) | {'' if kind == 'spoiled' else named} "
                f"| {statistics.median(seconds):.3f} | {max(seconds):.2f} | {apart['raises']} | {apart['no change']} |",
                flush=True,
            )
            for one in outcomes:
                if one.full is (kind == "spoiled"):
                    edits = "; ".join(f"{edit.operator} {edit.lines}" for edit in one.case.edits)
                    print(f"{kind}, {one.case.check}: {edits or one.case.text}", file=sys.stderr)


if __name__ == "__main__":
    main()
