"""Slips planted into right programs of every style: is the function named, the line, the mistake, and is it proved?

    python benchmarks/planted_code.py [--most N] [--jobs J] [--style S] [KIND ...]

*singles*: one slip at one line. *pairs*, *triples*: drawn as often as people make them. *operators*: every operator of
``whygrad.mistakes`` at every site of the reference program. *raising*, *raising_pairs*: single slips, and pairs, that make a function
raise, which the others leave out; where a sentence about the error stands in place of a mistake's name, that counts as not named. *right*:
the styles as they are, 200 random seeds each, random sizes, the verdicts alone; whatever is not right is a false alarm. A slip that changes
no function's results is left out. A line that is gone from a loop may be found there or at the cell call that misses it; where
none is called, at the line that computed what it stored, at the loop, at the return that misses it, or where what it stored into is made
or read; a line that only hands on a name because something is left out may be found where that name is made. *proved* is the share of the
findings that are no contract sentences, of the first as of the others. What is missed is listed on standard error.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from typing import TYPE_CHECKING

from code_answer import Answer, examined, judged
from operators import planted as planted_operators
from operators import program
from runs import Runs, raising, run, same, time_limit, wrong
from slips import Slip, slips
from startup import machine
from styles import TEXTS

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = 20180131
OF_OPERATORS = "reference"
"""What the program is called that they are planted into, beside the styles."""
DRAWN = 1000
RIGHT = 200
LONGEST = 60.0
"""Seconds for one diagnosis."""
NAMED = {
    "activation": "activation-wrong kind-replaced name-replaced wrong-activation-derivative activation-derivative-missing factor-added",
    "copy": "view-of-output one-buffer-two-names output-slot-as-state carry-wrong",
    "da0": "initial-gradient-wrong returned-wrong left-at-zero",
    "deleted": "carry-missing state-not-carried left-at-zero input-gradient-stored-wrong accumulated-wrongly overwritten-not-summed "
    "call-argument-wrong term-dropped upstream-missing returned-wrong state-stored-wrong loop-wrong carry-wrong",
    "derivative": "wrong-activation-derivative activation-wrong kind-replaced activation-derivative-missing factor-dropped",
    "factor": "factor-dropped activation-derivative-missing bracket-moved wrong-activation-derivative",
    "gate": "gate-swapped name-replaced accumulator-copied accumulates-itself accumulated-wrongly returned-wrong state-stored-wrong "
    "call-argument-wrong kind-replaced sum-wrong factor-added",
    "loop": "loop-wrong cache-of-wrong-step input-of-wrong-step",
    "mean": "mean-for-sum",
    "name": "",
    "operator": "operator-replaced product-for-matrix-product bracket-moved",
    "overwritten": "overwritten-not-summed term-dropped left-at-zero carry-missing upstream-missing",
    "sign": "sign-flipped operator-replaced",
    "slice": "slice-wrong transpose-wrong",
    "step": "cache-of-wrong-step upstream-wrong-step input-of-wrong-step input-gradient-stored-wrong state-stored-wrong "
    "output-slot-as-state initial-state-wrong state-not-carried loop-wrong call-argument-wrong carry-wrong returned-wrong "
    "initial-gradient-wrong",
    "sum": "sum-wrong",
    "term": "term-dropped overwritten-not-summed carry-missing upstream-missing bracket-moved left-at-zero factor-dropped",
    "transpose": "transpose-wrong",
    "upstream": "upstream-missing carry-missing term-dropped call-argument-wrong",
    "view": "view-of-output output-slot-as-state carry-starts-wrong initial-state-wrong",
}
"""Which mistakes a slip of a kind may be called; for another name anything goes."""
OFTEN = Counter(
    deleted=80, view=25, name=20, upstream=18, step=9, overwritten=7, term=7, gate=6, derivative=6, factor=6, da0=4, activation=4
)
"""How many of the notebooks that were read carry a slip of this kind; the others count 2."""


@dataclass(frozen=True)
class Case:
    """A program with slips, the functions that they make wrong, and the seed for its diagnosis."""

    style: str
    text: str
    slips: tuple[Slip, ...]
    wrong: frozenset[str]
    seed: int = 0


@dataclass(frozen=True)
class Outcome:
    """What was said of a case, whether it is so, and how long it took."""

    case: Case
    answer: Answer
    seconds: float

    @property
    def function(self) -> bool:
        """Just the wrong functions are called wrong."""
        return self.answer.wrong == self.case.wrong

    @property
    def found(self) -> int:
        """How many of the slips are found at a line that may be said of them."""
        lines = {finding.line for finding in self.answer.findings}
        return sum(bool(lines & slip.found_at) for slip in self.case.slips)

    @property
    def line(self) -> bool:
        """The first finding is at a slip's line."""
        return bool(self.answer.findings) and any(self.answer.findings[0].line in slip.found_at for slip in self.case.slips)

    @property
    def named(self) -> bool:
        """The first finding has the name of a slip at its line."""
        first = self.answer.findings[0] if self.answer.findings else None
        return first is not None and any(first.line in slip.found_at and _is_called(slip, first.id) for slip in self.case.slips)

    @property
    def proofs(self) -> list[bool]:
        """Of each finding that is no contract sentence, whether it is proved."""
        return [finding.proof == "proved" for finding in self.answer.findings if finding.proof != "contract"]


def _is_called(slip: Slip, id_: str | None) -> bool:
    if slip.names or id_ == "raises":
        return id_ in slip.names
    known = NAMED["slice"] if slip.bound else ""
    return id_ is not None and (slip.kind == "name" or id_ in f"{NAMED[slip.kind]} {known}".split())


def planted(style: str, chosen: tuple[Slip, ...], *, stops: bool = False) -> Case | str:
    """The case that these slips make together; ``raises`` or ``no change`` where there is nothing to diagnose.

    With ``stops`` a function has to raise, which it may not otherwise; that program is diagnosed if it loads and ends.

    Slips of which one hides another, or that stand in one line, are no change either: they would be fewer.
    """
    if len({slip.line for slip in chosen}) < len(chosen):
        return "no change"
    text = program() if style == OF_OPERATORS else TEXTS[style]
    runs = run(_made(text, chosen))
    if runs is None or bool(raising(runs)) != stops:
        return "raises"
    fewer = [run(_made(text, tuple(other for other in chosen if other is not slip))) for slip in chosen]
    if any(known is not None and _agree(runs, known) for known in fewer):
        return "no change"
    return Case(style, _made(text, chosen), chosen, wrong(runs) | raising(runs))


def _made(text: str, chosen: tuple[Slip, ...]) -> str:
    for slip in chosen:
        text = slip.made(text)
    return text


def _agree(one: Runs, other: Runs) -> bool:
    """Whether both give the same results; what raises agrees with nothing."""
    for name, mine in one.items():
        theirs = other[name]
        if mine is None or theirs is None or not same(mine, theirs):
            return False
    return True


def singles(styles: list[str], dice: random.Random, *, stops: bool = False) -> Iterator[Case | str]:
    """Every slip alone, in a random order."""
    all_of_them = [(style, slip) for style in styles for slip in slips(TEXTS[style])]
    dice.shuffle(all_of_them)
    for style, slip in all_of_them:
        yield planted(style, (slip,), stops=stops)


def together(styles: list[str], dice: random.Random, number: int, *, stops: bool = False) -> Iterator[Case | str]:
    """Without end: so many slips of one style, the kinds drawn as often as people make them."""

    @cache
    def by_kind(style: str) -> dict[str, list[Slip]]:
        found: dict[str, list[Slip]] = {}
        for slip in slips(TEXTS[style]):
            found.setdefault(slip.kind, []).append(slip)
        return found

    while True:
        style = dice.choice(styles)
        kinds = by_kind(style)
        drawn = dice.choices(list(kinds), [OFTEN[kind] or 2 for kind in kinds], k=number)
        yield planted(style, tuple(dice.choice(kinds[kind]) for kind in drawn), stops=stops)


def operators(_: list[str], dice: random.Random) -> Iterator[Case | str]:
    """Every operator at every site, one of each operator after another, so that a part of them has all operators."""
    by_operator: dict[str, list[Slip]] = {}
    for slip in planted_operators():
        by_operator.setdefault(slip.kind, []).append(slip)
    for sites in by_operator.values():
        dice.shuffle(sites)
    for turn in zip_longest(*by_operator.values()):
        yield from (planted(OF_OPERATORS, (slip,)) for slip in turn if slip is not None)


def right(styles: list[str], _: random.Random) -> Iterator[Case | str]:
    """The styles as they are, one seed after another."""
    for style in styles:
        for seed in range(RIGHT):
            yield Case(style, TEXTS[style], (), frozenset(), seed)


def outcome(case: Case) -> Outcome:
    """Diagnose one case. No answer in time, or an exception of whygrad's own, stands where the wrong functions are named."""
    start = time.perf_counter()
    try:
        with time_limit(LONGEST):
            answer = examined(case.text) if case.slips else judged(case.text, case.seed)
    except TimeoutError:
        answer = Answer(frozenset({"no answer in time"}))
    except Exception as error:  # noqa: BLE001 - one failure of whygrad must not hide the other figures
        answer = Answer(frozenset({f"{type(error).__name__}: {error}"}))
    return Outcome(case, answer, time.perf_counter() - start)


def row(kind: str, outcomes: list[Outcome], apart: Counter[str]) -> str:
    """One line of the table."""
    seconds = [one.seconds for one in outcomes] or [0.0]
    if kind == "right":
        alarms = sum(bool(one.answer.wrong or one.answer.findings) for one in outcomes)
        shares = [f"{alarms} false alarms", "", "", "", ""]
    else:
        facts = (
            [one.function for one in outcomes],
            [one.line for one in outcomes],
            [one.named for one in outcomes],
            [proof for one in outcomes for proof in one.proofs],
            [one.found == len(one.case.slips) for one in outcomes],
        )
        shares = [f"{sum(fact)} ({100 * sum(fact) / max(1, len(fact)):.1f} %)" for fact in facts]
    times = f"{statistics.median(seconds):.3f} | {max(seconds):.2f}"
    return f"| {kind} | {len(outcomes)} | {' | '.join(shares)} | {times} | {apart['raises']} | {apart['no change']} |"


def main() -> None:
    """Plant, diagnose and print the table."""
    kinds = {
        "singles": singles,
        "pairs": lambda styles, dice: together(styles, dice, 2),
        "triples": lambda styles, dice: together(styles, dice, 3),
        "operators": operators,
        "raising": lambda styles, dice: singles(styles, dice, stops=True),
        "raising_pairs": lambda styles, dice: together(styles, dice, 2, stops=True),
        "right": right,
    }
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kinds", nargs="*", choices=[[], *kinds], metavar="KIND", help=f"{', '.join(kinds)} (default: all)")
    parser.add_argument("--most", type=int, default=DRAWN, help=f"diagnose at most so many of each kind (default {DRAWN})")
    parser.add_argument("--jobs", type=int, default=1, help="processes side by side (times are longer then)")
    parser.add_argument("--style", action="append", choices=sorted(TEXTS), help="only this style; may be given more than once")
    options = parser.parse_args()
    print(f"{machine()}; {options.jobs} at a time; styles: {', '.join(options.style or TEXTS)}\n")
    print("| kind | diagnosed | functions | first line | named | proved | all found | median, s | slowest, s | raise | no change |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    with ProcessPoolExecutor(options.jobs) as pool:
        for kind in options.kinds or kinds:
            apart: Counter[str] = Counter()
            cases: list[Case] = []
            most = len(options.style or TEXTS) * RIGHT if kind == "right" else options.most
            for case in kinds[kind](options.style or list(TEXTS), random.Random(SEED)):  # noqa: S311 - a benchmark, repeatable
                if isinstance(case, str):
                    apart[case] += 1
                else:
                    cases.append(case)
                if len(cases) == most:
                    break
            outcomes = list(pool.map(outcome, cases, chunksize=4))
            print(row(kind, outcomes, apart), flush=True)
            for one in outcomes:
                _list_a_miss(kind, one)


def _list_a_miss(kind: str, one: Outcome) -> None:
    """On standard error: what was planted, and what was said."""
    hit = not (one.answer.wrong or one.answer.findings)
    if kind != "right":
        hit = one.function and one.line and one.named and all(one.proofs) and one.found == len(one.case.slips)
    if not hit:
        planted_ = "; ".join(f"line {slip.line} {slip.kind}: {slip.before.strip()} -> {slip.after.strip()}" for slip in one.case.slips)
        said = "; ".join(f"{f.function} line {f.line} {f.id}{'' if f.proof == 'located' else f' {f.proof}'}" for f in one.answer.findings)
        wrong_ = f"wrong {sorted(one.case.wrong)}, said {sorted(one.answer.wrong)}"
        print(f"{kind}, {one.case.style}, seed {one.case.seed}: {planted_ or 'right'} | {wrong_} | {said or 'no finding'}", file=sys.stderr)


if __name__ == "__main__":
    main()
